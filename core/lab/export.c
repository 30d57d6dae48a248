/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/export.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/import.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/search/trace.h"
#include "store/store.h"

enum { TOP_MOVES = 3, PV_MOST = 12 };

struct export
{
	struct store *s;
	const struct store_game *g;
	struct record *r;
	game_move *moves; /* owned; [plies] */
	struct store_bag bag;
	struct err *e;
};

static void set_name(struct record *r, char **field, const char *agent)
{
	size_t n = strlen(IMPORT_PLAYER);

	if (agent && !strncmp(agent, IMPORT_PLAYER, n))
		agent += n;
	if (agent)
		record_text(r, field, agent, strlen(agent));
}

static void set_text(struct record *r, char **field, const char *text)
{
	if (text)
		record_text(r, field, text, strlen(text));
}

static void set_date(struct record *r, const struct store_game *g)
{
	char text[CLOCK_DATE_SIZE];

	/* A game from elsewhere was not played when it was imported. */
	if (g->date || g->origin || !clock_date(g->created_ms, text))
		set_text(r, &r->date, g->date);
	else
		set_text(r, &r->date, text);
}

/* The flat object of strings that an import wrote. */
static void set_tags(struct export *x)
{
	struct store_tag_text *tags;
	size_t count;

	if (!x->g->tags ||
	    store_game_tags(x->s, &x->bag, x->g->id, &tags, &count))
		return;
	for (size_t i = 0; i < count; i++)
		record_tag(x->r, tags[i].name, tags[i].value);
}

/* --- annotations --------------------------------------------------------- */

static enum err_code add_annotations(struct export *x)
{
	struct store_annotation *rows;
	enum store_status st;
	int64_t *ids;
	size_t count;

	st = store_annotation_list(x->s, &x->bag, x->g->id, &rows, &count);
	if (st)
		return lab_error(x->s, st, x->e);
	/* A note's number is its place in the list; parents come first. */
	ids = mem_zalloc(count + 1, sizeof(*ids));
	for (size_t i = 0; i < count; i++) {
		const struct store_annotation *a = &rows[i];
		const char *text = a->text ? a->text : "";
		enum record_kind kind =
			a->kind == STORE_COMMENT ? RECORD_COMMENT
			: a->kind == STORE_NAG   ? RECORD_NAG
						 : RECORD_VARIATION;
		size_t low = 0, high = i;

		if (kind == RECORD_VARIATION &&
		    !strncmp(text, IMPORT_SETUP, strlen(IMPORT_SETUP))) {
			kind = RECORD_SETUP;
			text += strlen(IMPORT_SETUP);
		}

		/* Rows come by id, so the parent can be searched for. */
		while (a->parent && low < high) {
			size_t mid = (low + high) / 2;

			if (ids[mid] < a->parent)
				low = mid + 1;
			else
				high = mid;
		}
		ids[i] = a->id;
		(void)record_note(x->r, kind,
				  a->parent && low < i && ids[low] == a->parent
					  ? (int)low
					  : -1,
				  a->ply, text);
	}
	free(ids);
	return ERR_OK;
}

/* --- what agents thought ------------------------------------------------- */

static enum err_code comment_text(struct export *x,
				  const struct store_search *search,
				  struct buf *out)
{
	bool valued = isfinite(search->win) && isfinite(search->loss);
	struct store_root_move *top;
	enum store_status st;
	size_t count;

	buf_printf(out, "%s:", search->agent ? search->agent : "search");
	if (valued)
		buf_printf(out,
			   " value %+.2f, win %.0f%% draw %.0f%% "
			   "loss %.0f%%",
			   search->win - search->loss, 100 * search->win,
			   isfinite(search->draw) ? 100 * search->draw : 0,
			   100 * search->loss);
	st = store_search_top(x->s, &x->bag, search->id, TOP_MOVES, &top,
			      &count);
	if (st)
		return lab_error(x->s, st, x->e);
	for (size_t i = 0; i < count; i++) {
		if (!top[i].move)
			continue;
		buf_printf(out, "%s %s",
			   i        ? ","
			   : valued ? ";"
				    : "",
			   top[i].move);
		if (top[i].visits)
			buf_printf(out, " %lld", (long long)top[i].visits);
		else
			buf_printf(out, " %.0f%%", 100 * top[i].prior);
	}
	return ERR_OK;
}

/* The same for programs: see struct record_note. */
static enum err_code thought_text(struct export *x,
				  const struct store_search *search,
				  const void *state, struct record_note *n)
{
	bool valued = isfinite(search->win) && isfinite(search->loss);
	bool second = x->r->game.rules->to_act(&x->r->game, state) == 1;
	struct buf *out = &n->thought;
	struct store_root_move *top;
	enum store_status st;
	size_t count;

	buf_puts(out, "agent=\"");
	for (const char *c = search->agent ? search->agent : "search"; *c; c++)
		buf_putc(out, *c == '"' ? '\'' : *c == ']' ? ')' : *c);
	buf_putc(out, '"');
	if (valued) {
		buf_printf(out, " win=%.3f draw=%.3f loss=%.3f", search->win,
			   isfinite(search->draw) ? search->draw : 0,
			   search->loss);
		n->value = search->win - search->loss;
		if (second)
			n->value = -n->value;
	}
	n->lead = keep_lead(search);
	st = store_search_top(x->s, &x->bag, search->id, TOP_MOVES, &top,
			      &count);
	if (st)
		return lab_error(x->s, st, x->e);
	for (size_t i = 0, some = 0; i < count; i++)
		if (top[i].move)
			buf_printf(out, "%s%s:%lld",
				   some++ ? "," : " top=", top[i].move,
				   (long long)top[i].visits);
	return ERR_OK;
}

/* The line that the search expects: a variation, if it is another one than the
 * game's. */
static void add_line(struct export *x, const struct trace *t, int ply,
		     const void *state)
{
	const struct game *g = &x->r->game;
	uint32_t path[PV_MOST];
	game_move moves[PV_MOST];
	struct trace_view v;
	struct buf text;
	int n;

	trace_view_init(&v, t);
	trace_view_seek(&v, t->sim_count);
	n = trace_view_pv(&v, 0, path, PV_MOST);
	trace_view_release(&v);
	for (int i = 0; i < n; i++)
		moves[i] = t->nodes[path[i]].move;
	if (n < 1 || ply >= x->r->plies || moves[0] == x->moves[ply])
		return;
	buf_init(&text);
	game_line_text(g, state, moves, n, &text);
	(void)record_note(x->r, RECORD_VARIATION, -1, ply, text.data);
	buf_release(&text);
}

/* Would each move of the tree's best line be legal here?  A tree is data. */
static bool line_fits(const struct game *g, const struct trace *t,
		      const void *state)
{
	void *s = mem_alloc(g->state_size);
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	uint32_t path[PV_MOST];
	struct trace_view v;
	bool fits = true;
	int n;

	memcpy(s, state, g->state_size);
	trace_view_init(&v, t);
	trace_view_seek(&v, t->sim_count);
	n = trace_view_pv(&v, 0, path, PV_MOST);
	trace_view_release(&v);
	for (int i = 0; i < n && fits; i++) {
		game_move m = t->nodes[path[i]].move;
		int count = g->rules->to_act(g, s) == GAME_OVER
				    ? 0
				    : g->rules->legal(g, s, legal);

		fits = false;
		for (int k = 0; k < count; k++)
			fits = fits || legal[k] == m;
		if (fits)
			g->rules->apply(g, s, m);
	}
	free(legal);
	free(s);
	return fits;
}

static enum err_code add_search(struct export *x,
				const struct store_search *search,
				const void *state)
{
	int at = search->ply < x->r->plies ? search->ply + 1 : x->r->plies;
	struct trace *t = NULL;
	enum err_code rc;
	struct buf text;
	const void *data;
	size_t len;

	buf_init(&text);
	rc = comment_text(x, search, &text);
	if (!rc) {
		int n = record_note(x->r, RECORD_COMMENT, -1, at, text.data);

		rc = thought_text(x, search, state, &x->r->notes[n]);
	}
	buf_release(&text);
	if (rc || !search->trace_len)
		return rc;
	if (store_search_trace(x->s, &x->bag, search->id, &data, &len) ||
	    trace_decode(data, len, &t, NULL))
		return ERR_OK;
	if (line_fits(&x->r->game, t, state))
		add_line(x, t, search->ply, state);
	trace_free(t);
	return ERR_OK;
}

static enum err_code add_searches(struct export *x)
{
	const struct game *g = &x->r->game;
	struct store_search *rows;
	enum store_status st;
	enum err_code rc = ERR_OK;
	void *state;
	size_t count;
	int ply = 0;

	st = store_search_list(x->s, &x->bag, x->g->id, &rows, &count);
	if (st)
		return lab_error(x->s, st, x->e);
	state = game_state_new(g, 0);
	for (size_t i = 0; i < count && !rc; i++) {
		if (rows[i].ply < ply || rows[i].ply > x->r->plies)
			continue;
		/* By ply: the last one at a ply is the newest. */
		if (i + 1 < count && rows[i + 1].ply == rows[i].ply)
			continue;
		for (; ply < rows[i].ply; ply++)
			g->rules->apply(g, state, x->moves[ply]);
		rc = add_search(x, &rows[i], state);
	}
	free(state);
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

static enum err_code set_moves(struct export *x)
{
	const struct game *g = &x->r->game;
	void *state = game_state_new(g, 0);
	enum err_code rc;
	int n = 0;

	x->moves = mem_alloc(((size_t)g->max_plies + 1) * sizeof(*x->moves));
	rc = game_play_text(g, state, x->g->moves ? x->g->moves : "", x->moves,
			    &n, x->e);
	if (!rc && isnan(x->r->score) && g->rules->lead &&
	    g->rules->to_act(g, state) == GAME_OVER)
		x->r->score = (double)game_final_lead(g, state);
	free(state);
	x->r->plies = n;
	if (x->g->moves)
		buf_puts(&x->r->moves, x->g->moves);
	return rc;
}

enum err_code export_record(struct store *s, const struct store_game *g,
			    struct record *out, struct err *e)
{
	struct export x = {.s = s, .g = g, .r = out, .e = e};
	enum err_code rc;

	record_clear(out);
	rc = game_init(&out->game, g->game, e);
	out->has_game = !rc;
	if (!rc) {
		set_name(out, &out->first, g->first);
		set_name(out, &out->second, g->second);
		set_text(out, &out->event, g->event);
		set_text(out, &out->ended, g->ended);
		set_date(out, g);
		set_tags(&x);
		out->result = g->result;
		out->score = g->score;
		rc = set_moves(&x);
	}
	if (!rc)
		rc = add_annotations(&x);
	if (!rc)
		rc = add_searches(&x);
	rc = err_of_stored(e, rc);
	if (rc && e)
		err_prefix(e, "game %lld", (long long)g->id);
	free(x.moves);
	store_bag_release(&x.bag);
	return rc;
}
