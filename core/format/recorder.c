/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/recorder.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

enum { REST_MOST = 1 << 20 };

void recorder_init(struct recorder *p, struct record *r, struct err *e)
{
	memset(p, 0, sizeof(*p));
	p->r = r;
	p->e = e;
}

void recorder_release(struct recorder *p)
{
	for (int i = 0; i < p->cap; i++) {
		free(p->levels[i].state);
		free(p->levels[i].before);
	}
	free(p->levels);
	free(p->last);
}

void recorder_fail(struct recorder *p, long line, long column, const char *fmt,
		   ...)
{
	char text[400];
	va_list ap;

	if (p->bad)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(p->e, ERR_FORMAT, "%s", text);
	p->bad = true;
	p->r->at_line = line;
	p->r->at_column = column;
}

static struct recorder_level *level_at(struct recorder *p, int depth)
{
	if (depth == p->cap) {
		int cap = p->cap ? 2 * p->cap : 8;

		p->levels = mem_realloc(p->levels,
					(size_t)cap * sizeof(*p->levels));
		memset(p->levels + p->cap, 0,
		       (size_t)(cap - p->cap) * sizeof(*p->levels));
		p->cap = cap;
	}
	if (!p->levels[depth].state) {
		p->levels[depth].state = mem_alloc(p->r->game.state_size);
		p->levels[depth].before = mem_alloc(p->r->game.state_size);
	}
	return &p->levels[depth];
}

static struct recorder_level *top(const struct recorder *p)
{
	return &p->levels[p->depth];
}

void recorder_begin(struct recorder *p)
{
	const struct game *g = &p->r->game;
	struct recorder_level *l;

	assert(!p->begun && !p->bad);
	p->most = (int)(RECORDER_STACK_BYTES / (2 * g->state_size + 64));
	if (p->most < 32)
		p->most = 32;
	l = level_at(p, 0);
	memset(l->state, 0, g->state_size);
	g->rules->start(g, l->state, 0);
	l->line = l->rest = -1;
	l->ply = 0;
	l->moved = l->fresh = false;
	l->main = true;
	p->begun = true;
}

/* Is there room for more of this game? */
static bool room(struct recorder *p, long line, long column)
{
	if (p->r->bytes > RECORD_MOST_BYTES)
		recorder_fail(p, line, column,
			      "more than %d megabytes of comments and "
			      "variations in one game",
			      RECORD_MOST_BYTES >> 20);
	return !p->bad;
}

static void add_rest(struct recorder *p, const char *text, size_t len)
{
	struct buf *rest = &p->r->notes[top(p)->rest].text;

	if (rest->len + len + 2 > REST_MOST)
		return;
	if (rest->len && rest->data[rest->len - 1] != '(' && *text != ')')
		buf_putc(rest, ' ');
	buf_add(rest, text, len);
	p->r->bytes += len + 1;
}

/* The line cannot be played any further; what follows becomes a comment, which
 * takes the place of a variation that has nothing else. */
static void begin_rest(struct recorder *p, const char *why, long line)
{
	struct recorder_level *l = top(p);
	struct record_note *n = l->line >= 0 ? &p->r->notes[l->line] : NULL;

	if (l->main) {
		size_t len = strlen(why);

		record_doubt(p->r, line,
			     "what was played from ply %d on is kept as a "
			     "comment: %.*s",
			     l->ply + 1, (int)(len ? len - 1 : 0), why);
	}
	if (n && !n->text.len && l->line == p->r->note_count - 1) {
		n->kind = RECORD_COMMENT;
		buf_puts(&n->text, why);
		l->rest = l->line;
		return;
	}
	l->rest = record_note(p->r, RECORD_COMMENT, l->line, l->ply, why);
}

static void add_move(struct recorder *p, game_move m)
{
	struct recorder_level *l = top(p);
	const struct game *g = &p->r->game;
	struct buf *out =
		l->line < 0 ? &p->r->moves : &p->r->notes[l->line].text;
	char text[GAME_TEXT_SIZE];

	g->rules->move_text(g, l->state, m, text);
	if (out->len && !g->rules->compact_text)
		buf_putc(out, ' ');
	buf_puts(out, text);
	p->r->bytes += strlen(text) + 1;
	memcpy(l->before, l->state, g->state_size);
	g->rules->apply(g, l->state, m);
	l->moved = true;
	l->ply++;
	if (l->line < 0)
		p->r->plies++;
}

/* Text of the position here, with the other side to move. */
static bool other_side(const struct recorder *p, char out[GAME_START_SIZE])
{
	const struct game *g = &p->r->game;
	void *s = mem_alloc(g->state_size);
	char *side;
	bool fine;

	g->rules->position_text(g, top(p)->state, out);
	side = strchr(out, ' ');
	if (side) {
		side++;
		*side = *side == 'w' ? 'b' : 'w';
	}
	/* What follows may be about the side that was to move. */
	fine = side && !g->rules->position_parse(g, s, out, NULL);
	if (side && !fine) {
		side[1] = '\0';
		fine = !g->rules->position_parse(g, s, out, NULL);
	}
	if (fine)
		g->rules->position_text(g, s, out);
	free(s);
	return fine;
}

bool recorder_is_rest(const struct recorder *p)
{
	return !p->bad && top(p)->rest >= 0;
}

bool recorder_setup(struct recorder *p, enum record_reason reason,
		    const char *position, bool anyone, long line, long column)
{
	const struct game *g = &p->r->game;
	struct recorder_level *l;
	struct buf text;

	if (p->bad || !room(p, line, column) || top(p)->rest >= 0)
		return !p->bad;
	l = top(p);
	if (!g->rules->position_parse ||
	    g->rules->position_parse(g, l->state, position, NULL))
		return false;
	buf_init(&text);
	buf_printf(&text, "%s %s:", record_reasons[reason], position);
	l->line = record_note(p->r, RECORD_SETUP, l->line, l->ply, text.data);
	buf_release(&text);
	l->moved = false;
	l->fresh = anyone;
	p->went_on = p->went_on || l->main;
	return true;
}

/* Who moves from a position that was set up without a word about it. */
static bool turn_fresh(struct recorder *p)
{
	struct recorder_level *l = top(p);
	const struct game *g = &p->r->game;
	char text[GAME_START_SIZE];
	struct record_setup was;
	struct buf *out;

	if (!l->fresh || l->line < 0 || !other_side(p, text) ||
	    !record_setup_parse(p->r->notes[l->line].text.data, &was))
		return false;
	out = &p->r->notes[l->line].text;
	buf_clear(out);
	buf_printf(out, "%s %s:", record_reasons[was.reason], text);
	l->fresh = false;
	return !g->rules->position_parse(g, l->state, text, NULL);
}

void recorder_null(struct recorder *p, const char *what, long line, long column)
{
	char text[GAME_START_SIZE];

	if (p->bad)
		return;
	if (top(p)->rest >= 0) {
		add_rest(p, what, strlen(what));
		return;
	}
	if (turn_fresh(p))
		return;
	if (p->r->game.rules->position_text && other_side(p, text) &&
	    recorder_setup(p, RECORD_NULL, text, false, line, column))
		return;
	recorder_stop(p, what, line, column);
}

bool recorder_go_on(struct recorder *p, bool anyone, long line, long column)
{
	const struct game *g = &p->r->game;
	char text[GAME_START_SIZE];

	if (p->bad || top(p)->rest >= 0 || !g->rules->position_text ||
	    g->rules->to_act(g, top(p)->state) != GAME_OVER)
		return false;
	g->rules->position_text(g, top(p)->state, text);
	return recorder_setup(p, RECORD_ON, text, anyone, line, column);
}

bool recorder_may_pass(const struct recorder *p)
{
	const struct game *g = &p->r->game;
	const struct recorder_level *l = top(p);
	bool may = false;
	game_move m;
	void *s;

	if (p->bad || !l->ply || l->rest >= 0 ||
	    g->rules->to_act(g, l->state) == GAME_OVER)
		return false;
	m = g->rules->move_parse(g, l->state, "pass");
	if (m == GAME_NO_MOVE)
		return false;
	s = mem_alloc(g->state_size);
	memcpy(s, l->state, g->state_size);
	g->rules->apply(g, s, m);
	may = g->rules->to_act(g, s) != GAME_OVER;
	free(s);
	return may;
}

bool recorder_is_fresh(const struct recorder *p)
{
	return !p->bad && top(p)->fresh;
}

bool recorder_in_game(const struct recorder *p)
{
	return top(p)->line < 0;
}

void recorder_move(struct recorder *p, const char *text, long line, long column)
{
	const struct game *g = &p->r->game;
	struct recorder_level *l;
	char why[128];
	game_move m;

	if (p->bad)
		return;
	if (!room(p, line, column))
		return;
	l = top(p);
	if (l->rest >= 0) {
		add_rest(p, text, strlen(text));
		return;
	}
	if (g->rules->to_act(g, l->state) == GAME_OVER &&
	    !recorder_go_on(p, false, line, column)) {
		snprintf(why, sizeof(why), "played on after %s:",
			 g->rules->ended ? g->rules->ended(g, l->state)
					 : "the end by the rules");
		begin_rest(p, why, line);
		add_rest(p, text, strlen(text));
		return;
	}
	m = g->rules->move_parse(g, l->state, text);
	if (m != GAME_NO_MOVE) {
		l->fresh = false;
		add_move(p, m);
	} else if (l->line >= 0) {
		begin_rest(p, "cannot be played here:", line);
		add_rest(p, text, strlen(text));
	} else {
		recorder_fail(p, line, column,
			      "ply %d, '%.40s': no legal move of %.60s here",
			      l->ply + 1, text, game_short_name(g));
	}
}

void recorder_comment(struct recorder *p, const char *text, size_t len)
{
	struct buf clean;

	if (p->bad)
		return;
	buf_init(&clean);
	text_add_utf8(&clean, text, len);
	if (top(p)->rest >= 0)
		add_rest(p, clean.data, clean.len);
	else if (clean.len)
		record_note(p->r, RECORD_COMMENT, top(p)->line, top(p)->ply,
			    clean.data);
	buf_release(&clean);
}

void recorder_nag(struct recorder *p, const char *text)
{
	if (!p->bad && top(p)->rest < 0)
		record_note(p->r, RECORD_NAG, top(p)->line, top(p)->ply, text);
}

void recorder_push(struct recorder *p, bool back, long line, long column)
{
	size_t size = p->r->game.state_size;
	struct recorder_level *from, *to;

	if (p->bad || !room(p, line, column))
		return;
	if (p->depth + 1 >= p->most) {
		recorder_fail(p, line, column,
			      "variations nested more than %d deep", p->most);
		return;
	}
	if (top(p)->rest >= 0)
		add_rest(p, "(", 1);
	else if (back && !top(p)->moved) {
		recorder_fail(p, line, column, "a variation before any move");
		return;
	}
	(void)level_at(p, p->depth + 1);
	from = top(p);
	to = &p->levels[++p->depth];
	back = back && from->rest < 0;
	memcpy(to->state, back ? from->before : from->state, size);
	if (!back && from->moved)
		memcpy(to->before, from->before, size);
	to->moved = !back && from->moved;
	to->ply = from->ply - back;
	to->line = from->line;
	to->rest = from->rest;
	to->main = from->main;
	to->fresh = from->fresh;
	p->r->bytes += 16;
}

void recorder_vary(struct recorder *p)
{
	struct recorder_level *l;

	if (p->bad)
		return;
	l = top(p);
	if (l->rest >= 0)
		return;
	l->line = record_note(p->r, RECORD_VARIATION, l->line, l->ply, "");
	l->moved = l->main = l->fresh = false;
}

void recorder_pop(struct recorder *p)
{
	struct recorder_level *l;

	if (p->bad)
		return;
	assert(p->depth > 0);
	l = top(p);
	/* SGF wraps the rest of the game itself too. */
	if (l->line < 0 && l->main && l->ply == p->r->plies) {
		void *last = p->last;

		p->last = l->state;
		l->state = last ? last : mem_alloc(p->r->game.state_size);
	}
	p->depth--;
	if (top(p)->rest >= 0)
		add_rest(p, ")", 1);
}

void recorder_stop(struct recorder *p, const char *what, long line, long column)
{
	(void)column;
	if (p->bad)
		return;
	if (top(p)->rest < 0)
		begin_rest(p, "cannot be played here:", line);
	add_rest(p, what, strlen(what));
}

void recorder_join(struct recorder *p)
{
	struct record *r = p->r;
	int v = r->note_count - 1, line;
	struct record_note gone;

	if (p->bad || top(p)->rest >= 0)
		return;
	/* The line's own notes came since; other lines came before it. */
	while (v >= 0 && r->notes[v].kind != RECORD_VARIATION &&
	       r->notes[v].kind != RECORD_SETUP)
		v--;
	line = top(p)->line;
	if (v < 0 || r->notes[v].kind != RECORD_VARIATION ||
	    r->notes[v].text.len || r->notes[v].parent != line)
		return;
	for (int i = v + 1; i < r->note_count; i++)
		if (r->notes[i].parent != v)
			return;
	gone = r->notes[v];
	for (int i = v + 1; i < r->note_count; i++) {
		r->notes[i - 1] = r->notes[i];
		r->notes[i - 1].parent = line;
		r->notes[i - 1].ply = top(p)->ply;
	}
	r->notes[--r->note_count] = gone;
}

const void *recorder_state(const struct recorder *p)
{
	return top(p)->state;
}

int recorder_to_act(const struct recorder *p)
{
	return p->r->game.rules->to_act(&p->r->game, top(p)->state);
}

void recorder_end(struct recorder *p)
{
	if (p->bad)
		return;
	/* Who went on did not let the rules decide. */
	record_finish(p->r, p->went_on ? NULL
			    : p->levels[0].ply == p->r->plies
				    ? p->levels[0].state
				    : p->last);
}
