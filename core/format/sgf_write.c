/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/sgf.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/format.h"
#include "core/format/note_tree.h"
#include "core/format/record.h"
#include "core/game/game.h"

/*
 * SGF FF[4].  Where there are variations the rest of the line and each of them
 * become trees; they are written from a stack, not by recursion.
 */
struct sgf_fork {
	int ply;  /* of the variations ... */
	int note; /* ... the next one; -1: all are written */
};

struct sgf_out {
	const struct record *r;
	struct buf *out;
	struct note_tree tree;
	struct sgf_fork *stack; /* owned */
	int depth, cap;
	int first_side;
	size_t line_from; /* where the line of text begins */
};

static void put_value(struct buf *out, const char *text, size_t len)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ']' || text[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, text[i]);
	}
	buf_putc(out, ']');
}

static void put_text(struct buf *out, const char *name, const char *text)
{
	if (!text)
		return;
	buf_puts(out, name);
	put_value(out, text, strlen(text));
}

static void begin_node(struct sgf_out *s)
{
	if (s->out->len - s->line_from > 70) {
		buf_putc(s->out, '\n');
		s->line_from = s->out->len;
	}
	buf_putc(s->out, ';');
}

/* "D4" and "pass" as a point of SGF. */
static void put_move(struct sgf_out *s, int side, const char *word, size_t len)
{
	const char *col =
		len > 1 && isdigit((unsigned char)word[1])
			? strchr(SGF_COLUMNS, toupper((unsigned char)word[0]))
			: NULL;
	int row = col ? s->r->game.rows - atoi(word + 1) : -1;

	begin_node(s);
	buf_putc(s->out, side ? 'W' : 'B');
	if (col && row >= 0 && row < 26)
		buf_printf(s->out, "[%c%c]", 'a' + (int)(col - SGF_COLUMNS),
			   'a' + row);
	else
		buf_puts(s->out, "[]");
}

/* "LB[aa:1][bb:2]", whose values are escaped as they stand; false: it is none.
 */
static bool put_list(struct sgf_out *s, const char *mark, size_t n)
{
	char name[8];
	const char *c = mark + n;

	if (n >= sizeof(name))
		return false;
	memcpy(name, mark, n);
	name[n] = '\0';
	if (!sgf_is_list(name))
		return false;
	while (*c == '[') {
		while (*++c && *c != ']')
			c += *c == '\\' && c[1];
		if (!*c++)
			return false;
	}
	if (*c)
		return false;
	buf_puts(s->out, mark);
	return true;
}

static void put_mark(struct sgf_out *s, const char *mark)
{
	const char *open = strchr(mark, '['), *close = strrchr(mark, ']');

	if (!open || !close || close < open || open == mark)
		return;
	if (put_list(s, mark, (size_t)(open - mark)))
		return;
	for (const char *c = mark; c < open; c++)
		if (!isupper((unsigned char)*c))
			return;
	buf_add(s->out, mark, (size_t)(open - mark));
	put_value(s->out, open + 1, (size_t)(close - open - 1));
}

/* What a search thought: for Sabaki, Black's chances in hundredths (SBKV); for
 * all, by how many points Black leads (V), where somebody says; and as Lizzie
 * has it (LZ), Black's chances, visits, and the moves. */
static void put_thought(struct buf *out, const struct record_note *n)
{
	const char *top = strstr(n->thought.data, "top=");
	long long visits = 0;
	struct buf lines;
	int order = 0;

	if (!isnan(n->value))
		buf_printf(out, "SBKV[%.2f]", 50 * (1 + n->value));
	if (!isnan(n->lead))
		buf_printf(out, "V[%.1f]", n->lead);
	buf_init(&lines);
	for (top = top ? top + 4 : ""; *top; order++) {
		size_t len = strcspn(top, ","), name = strcspn(top, ":,");
		long long v = top[name] == ':' ? atoll(top + name + 1) : 0;

		buf_printf(&lines, "%smove %.*s visits %lld order %d pv %.*s",
			   order ? " info " : "", (int)name, top, v, order,
			   (int)name, top);
		visits += v;
		top += len + (top[len] == ',');
	}
	if (order) {
		buf_puts(out, "LZ");
		buf_printf(out, "[plyscope %.1f %lld\n%s]",
			   isnan(n->value) ? 50.0 : 50 * (1 + n->value), visits,
			   lines.data);
	}
	buf_release(&lines);
}

/* What is said at a ply of a line, in the node that was just begun; a second
 * comment has a node of its own. */
static void put_notes(struct sgf_out *s, int line, int ply, bool in_node)
{
	bool said = false;

	for (int i = s->tree.first[line + 1]; i >= 0; i = s->tree.next[i]) {
		const struct record_note *n = &s->r->notes[i];

		if (n->kind == RECORD_VARIATION || n->kind == RECORD_SETUP ||
		    n->ply != ply)
			continue;
		if (!in_node || (said && n->kind == RECORD_COMMENT)) {
			begin_node(s);
			in_node = true;
			said = false;
		}
		if (n->kind == RECORD_COMMENT) {
			put_text(s->out, "C", n->text.data);
			if (n->thought.len)
				put_thought(s->out, n);
			said = true;
		} else {
			put_mark(s, n->text.data);
		}
	}
}

/* The first variation at a ply, from note `from` of its line on; -1. */
static int variation_at(const struct sgf_out *s, int ply, int from)
{
	for (int i = from; i >= 0; i = s->tree.next[i])
		if (s->r->notes[i].kind == RECORD_VARIATION &&
		    s->r->notes[i].ply == ply)
			return i;
	return -1;
}

static void open_tree(struct sgf_out *s)
{
	buf_puts(s->out, "\n(");
	s->line_from = s->out->len;
}

static void push_fork(struct sgf_out *s, int ply, int note)
{
	if (s->depth == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 16;
		s->stack = mem_realloc(s->stack,
				       (size_t)s->cap * sizeof(*s->stack));
	}
	s->stack[s->depth++] = (struct sgf_fork){ply, note};
	open_tree(s);
}

/* The set-up with which a line goes on at its end; -1. */
static int setup_at(const struct sgf_out *s, int line)
{
	for (int i = s->tree.first[line + 1]; i >= 0; i = s->tree.next[i])
		if (s->r->notes[i].kind == RECORD_SETUP)
			return i;
	return -1;
}

static void put_points(struct sgf_out *s, const char *name, int what,
		       const uint8_t *before, const uint8_t *after)
{
	const struct game *g = &s->r->game;
	bool any = false;

	for (int i = 0; i < g->rows * g->cols; i++) {
		if (after[i] != what || before[i] == what)
			continue;
		if (!any)
			buf_puts(s->out, name);
		any = true;
		buf_printf(s->out, "[%c%c]", 'a' + i % g->cols,
			   'a' + i / g->cols);
	}
}

static void take_cells(const struct game *g, const void *state, uint8_t *out)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			*out++ = (uint8_t)g->rules->cell(g, state, row, col);
}

/* The stones that change, and who is to play; a null move and playing on need
 * no word. */
static void put_setup(struct sgf_out *s, int note)
{
	const struct record_note *n = &s->r->notes[note];
	const struct game *g = &s->r->game;
	size_t cells = (size_t)(g->rows * g->cols);
	uint8_t *before = mem_zalloc(2 * cells, 1), *after = before + cells;
	void *state = mem_zalloc(1, g->state_size);
	struct record_setup setup;

	if (record_setup_parse(n->text.data, &setup) &&
	    setup.reason == RECORD_SET &&
	    record_state_at(s->r, n->parent, n->ply, state)) {
		take_cells(g, state, before);
		if (record_state_at(s->r, note, n->ply, state)) {
			take_cells(g, state, after);
			begin_node(s);
			put_points(s, "AE", 0, before, after);
			put_points(s, "AB", 1, before, after);
			put_points(s, "AW", 2, before, after);
			buf_printf(s->out, "PL[%c]",
				   g->rules->to_act(g, state) == 1 ? 'W' : 'B');
		}
	}
	free(before);
	free(state);
}

/* Who makes the first move of a line, if all before were in turn. */
static int side_of(const struct sgf_out *s, int line)
{
	struct record_setup setup;
	const char *side;

	for (; line >= 0; line = s->r->notes[line].parent)
		if (s->r->notes[line].kind == RECORD_SETUP &&
		    record_setup_parse(s->r->notes[line].text.data, &setup)) {
			side = strchr(setup.position, ' ');
			return ((side && side[1] == 'w') +
				s->r->notes[line].ply) %
			       2;
		}
	return s->first_side;
}

/* A line to its end, leaving its variations on the stack. */
static void put_line(struct sgf_out *s, int line, const char *at, int ply)
{
	struct record_setup setup;
	int first = ply, side = side_of(s, line), v, on;
	const char *word;
	size_t n;

again:
	while ((n = note_word(&at, &word))) {
		v = variation_at(s, ply, s->tree.first[line + 1]);
		/* A tree has a node of its own before it forks. */
		if (v >= 0 && line >= 0 && ply == first)
			begin_node(s);
		if (v >= 0)
			push_fork(s, ply, v);
		put_move(s, (side + ply) % 2, word, n);
		put_notes(s, line, ++ply, true);
	}
	/* Nothing was played here: an empty node holds the place of a move. */
	v = variation_at(s, ply, s->tree.first[line + 1]);
	on = setup_at(s, line);
	if (v >= 0) {
		if (on >= 0 && line >= 0 && ply == first)
			begin_node(s);
		push_fork(s, ply, v);
		if (on < 0)
			begin_node(s);
	}
	if (on < 0 || !record_setup_parse(s->r->notes[on].text.data, &setup))
		return;
	put_setup(s, on);
	put_notes(s, on, ply, setup.reason == RECORD_SET);
	line = on;
	first = setup.reason == RECORD_SET || ply != first ? -1 : first;
	side = side_of(s, line);
	at = setup.moves;
	goto again;
}

static void put_variation(struct sgf_out *s, int note)
{
	const struct record_note *v = &s->r->notes[note];
	int on = setup_at(s, note);
	struct record_setup setup;
	bool bare = !v->text.len;

	/* What it begins with may have a node of its own. */
	if (bare && on >= 0 && on == s->tree.first[note + 1] &&
	    record_setup_parse(s->r->notes[on].text.data, &setup) &&
	    (setup.reason == RECORD_SET || setup.moves[0]))
		bare = false;
	if (bare)
		begin_node(s);
	/* A tree needs a node of its own before what is said there. */
	put_notes(s, note, v->ply, bare);
	put_line(s, note, v->text.data, v->ply);
}

/* Close what is open and write what is left on the stack. */
static void put_variations(struct sgf_out *s)
{
	while (s->depth > 0) {
		struct sgf_fork *f = &s->stack[s->depth - 1];
		int note = f->note;

		buf_putc(s->out, ')');
		if (note < 0) {
			s->depth--;
			continue;
		}
		f->note = variation_at(s, f->ply, s->tree.next[note]);
		open_tree(s);
		put_variation(s, note);
	}
}

/* --- the root ------------------------------------------------------------ */

static void put_stones(const struct game *g, const void *state, int cell,
		       const char *name, struct buf *out)
{
	bool any = false;

	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			if (g->rules->cell(g, state, row, col) != cell)
				continue;
			if (!any)
				buf_puts(out, name);
			any = true;
			buf_printf(out, "[%c%c]", 'a' + col, 'a' + row);
		}
}

static void put_result(const struct record *r, struct buf *out)
{
	const char *how = r->ended ? r->ended : "";
	char side = r->result > 0 ? 'B' : 'W';

	if (isnan(r->result))
		return;
	if (r->result == 0)
		buf_puts(out, "RE[0]");
	else if (strstr(how, "resign"))
		buf_printf(out, "RE[%c+R]", side);
	else if (!strcmp(how, "time"))
		buf_printf(out, "RE[%c+T]", side);
	else if (strstr(how, "forfeit"))
		buf_printf(out, "RE[%c+F]", side);
	else if (isfinite(r->score) && r->score != 0 &&
		 (r->score > 0) == (r->result > 0))
		buf_printf(out, "RE[%c+%g]", side, fabs(r->score));
	else
		buf_printf(out, "RE[%c+]", side);
}

/* What the file said of a result that is none. */
static void put_other_result(const struct record *r, struct buf *out)
{
	const char *said = record_find_tag(r, "RE");

	if (isnan(r->result) && said && *said)
		put_text(out, "RE", said);
}

/* The value of a parameter, as a number of points. */
static double param(const struct game *g, const char *name)
{
	const struct game_param *p = g->rules->params;

	for (int i = 0; p[i].name; i++)
		if (!strcmp(p[i].name, name))
			return (double)g->param[i] /
			       (p[i].scale ? p[i].scale : 1);
	return (double)NAN;
}

/* SGF knows days alone: "2023-11-14 22:13" loses its time. */
static void put_date(struct buf *out, const char *date)
{
	int y, m, d, hour, min, used = 0;

	if (!date)
		return;
	buf_puts(out, "DT");
	if (sscanf(date, "%4d-%2d-%2d %2d:%2d%n", &y, &m, &d, &hour, &min,
		   &used) == 5 &&
	    !date[used])
		put_value(out, date, strcspn(date, " "));
	else
		put_value(out, date, strlen(date));
}

static void put_root(struct sgf_out *s)
{
	const struct record *r = s->r;
	const struct game *g = &r->game;
	void *state = game_state_new(g, 0);

	s->first_side = g->rules->to_act(g, state) == 1;
	buf_printf(s->out, "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[%d]", g->rows);
	/* Nobody said it, where the tag is empty. */
	if (!record_find_tag(r, "KM"))
		buf_printf(s->out, "KM[%g]", param(g, "komi"));
	buf_putc(s->out, '\n');
	put_text(s->out, "PB", r->first);
	put_text(s->out, "PW", r->second);
	put_text(s->out, "EV", r->event);
	put_date(s->out, r->date);
	for (int i = 0; i < r->tag_count; i++)
		if (sgf_is_info(r->tags[i].name))
			put_text(s->out, r->tags[i].name, r->tags[i].value);
	put_result(r, s->out);
	put_other_result(r, s->out);
	if (g->start[0]) {
		put_stones(g, state, 1, "AB", s->out);
		put_stones(g, state, 2, "AW", s->out);
		buf_printf(s->out, "PL[%c]", s->first_side ? 'W' : 'B');
	}
	put_notes(s, -1, 0, true);
	buf_putc(s->out, '\n');
	s->line_from = s->out->len;
	free(state);
}

enum err_code sgf_write(const struct record *r, struct buf *out, struct err *e)
{
	struct sgf_out s = {.r = r, .out = out};

	if (strcmp(r->game.rules->family, format_sgf.family) != 0)
		return err_set(e, ERR_USAGE, "SGF is for Go; %s goes out as %s",
			       game_short_name(&r->game),
			       format_usual(&r->game)->name);
	note_tree_init(&s.tree, r);
	put_root(&s);
	put_line(&s, -1, r->moves.data, 0);
	put_variations(&s);
	buf_puts(out, ")\n");
	note_tree_release(&s.tree);
	free(s.stack);
	return ERR_OK;
}

const struct format format_sgf = {
	.name = "sgf",
	.extension = "sgf",
	.title = "Smart Game Format FF[4] (Go)",
	.family = "go",
	.begins = sgf_begins,
	.read = sgf_read,
	.write = sgf_write,
};
