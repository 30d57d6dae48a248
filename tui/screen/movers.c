/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/search/solver.h"
#include "core/session/line.h"
#include "core/session/opinion.h"
#include "core/session/opinions.h"
#include "core/session/quote.h"
#include "core/session/review.h"
#include "core/session/seat.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/board.h"
#include "tui/widget/table.h"

/*
 * All who could move at a ply of a stored game, in one table: who moved, the
 * agents that played, the newest network of each run of the game, whoever is
 * named, and the solver where it is quick.
 */
enum { MOVERS = 16, OF_RUNS = 6 };

struct movers {
	struct app *app; /* borrowed */
	struct review review;
	struct opinions *opinions; /* owned */
	struct table table;
	char spec[MOVERS][SEAT_SPEC_SIZE];
	int count;  /* of agents that are asked everywhere */
	bool solve; /* and the solver after them, at this ply */
};

enum { WHO, MOVE, CHANCE, VALUE, EXACT, RANK, AGREES };
static const struct table_column columns[] = {
	[WHO] = {.head = "who", .width = 28, .least = 12, .grow = true},
	[MOVE] = {.head = "move", .width = 7},
	[CHANCE] = {.head = "prob", .width = 6, .right = true},
	[VALUE] = {.head = "value", .width = 7, .right = true},
	[EXACT] = {.head = "exact", .width = 5, .rank = 1},
	[RANK] = {.head = "rank", .width = 5, .right = true, .rank = 2},
	[AGREES] = {.head = "agrees", .width = 6, .rank = 1},
};

static int asked(const struct movers *s)
{
	return s->count + s->solve;
}

static bool has_played(const struct movers *s)
{
	return s->review.line.ply < s->review.plies;
}

static game_move played(const struct movers *s)
{
	return has_played(s) ? s->review.line.moves[s->review.line.ply]
			     : GAME_NO_MOVE;
}

static void add(struct movers *s, const char *spec)
{
	if (!*spec || s->count + 1 >= MOVERS)
		return;
	for (int i = 0; i < s->count; i++)
		if (!strcmp(s->spec[i], spec))
			return;
	snprintf(s->spec[s->count++], SEAT_SPEC_SIZE, "%s", spec);
}

/* Who played, if it can be asked, and the newest of each run. */
static enum err_code add_usual(struct movers *s, struct err *e)
{
	const char *side[2] = {s->review.row.first, s->review.row.second};
	struct agent_picker p;
	char network[AGENT_COMMAND_SIZE], spec[SEAT_SPEC_SIZE];
	enum err_code rc;

	for (int i = 0; i < 2; i++)
		if (side[i] && agent_network(side[i], network))
			add(s, side[i]);
	agent_picker_init(&p);
	rc = agent_picker_open(&p, lab_store(s->app->lab), &s->review.game, e);
	for (int i = 0, runs = 0; !rc && i < p.count && runs < OF_RUNS; i++) {
		const char *end = strrchr(p.rows[i].source, '/');

		if (!end || strcmp(end, "/latest") != 0)
			continue;
		snprintf(spec, sizeof(spec), "policy:%.240s", p.rows[i].source);
		add(s, spec);
		runs++;
	}
	agent_picker_release(&p);
	return rc;
}

/* Ask everybody about the ply where the line stands. */
static void ask(struct movers *s)
{
	const struct line *l = &s->review.line;
	const struct game *g = &s->review.game;
	struct opinion_place at = {line_state(l), l->moves, l->ply};
	struct opinion_agent agents[MOVERS];
	struct opinion_question q = {
		.game = g,
		.agents = agents,
		.places = &at,
		.place_count = 1,
	};

	s->solve = g->rules->to_act(g, at.state) >= 0 && solver_knows(g) &&
		   solver_is_quick(g, at.state);
	if (s->solve)
		snprintf(s->spec[s->count], SEAT_SPEC_SIZE, "solver");
	for (int i = 0; i < asked(s); i++)
		agents[i] = (struct opinion_agent){.spec = s->spec[i]};
	q.agent_count = g->rules->to_act(g, at.state) >= 0 ? asked(s) : 0;
	opinions_ask(s->opinions, &q);
	table_rows(&s->table, q.agent_count + has_played(s));
}

static enum err_code movers_open(void *self, struct app *app, const char *arg,
				 struct err *e)
{
	const struct seat_host host = panes_host(app);
	struct movers *s = self;
	char word[SEAT_SPEC_SIZE];
	const char *rest = arg;
	int64_t id;
	int ply = 0;
	enum err_code rc;

	s->app = app;
	table_init(&s->table, columns, ARRAY_LEN(columns));
	quote_next(&rest, word, sizeof(word));
	id = strtoll(word, NULL, 10);
	if (id < 1)
		return err_set(e, ERR_USAGE,
			       "say which game and ply: `movers 17 5`, and who "
			       "else is asked: `movers 17 5 tactical`");
	if (!app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "game %lld cannot be opened without a lab file",
			       (long long)id);
	rc = review_load(&s->review, lab_store(app->lab), id, e);
	if (!rc)
		rc = opinions_open(&s->opinions, &host, app->opinions, e);
	if (rc)
		return rc;
	while (quote_next(&rest, word, sizeof(word)) && *word) {
		if (isdigit((unsigned char)*word))
			ply = atoi(word);
		else
			add(s, word);
	}
	rc = add_usual(s, e);
	line_go(&s->review.line, ply);
	if (!rc)
		ask(s);
	return rc;
}

static void movers_close(void *self)
{
	struct movers *s = self;

	opinions_close(s->opinions);
	review_release(&s->review);
}

/* ---- how it looks ---- */

/* NULL: it was not said yet, or could not be. */
static const struct opinion *said(const struct movers *s, int i)
{
	const struct opinion *o = opinions_at(s->opinions, i, 0);

	return o && !o->wrong ? o : NULL;
}

static const char *exact_word(const struct movers *s, game_move m)
{
	const struct opinion *o = s->solve ? said(s, s->count) : NULL;
	const struct agent_move *it =
		m == GAME_NO_MOVE ? NULL : opinion_find(o, m);

	return !it || isnan(it->q) ? ""
	       : it->q > 0         ? "win"
	       : it->q < 0         ? "loss"
				   : "draw";
}

static void move_text(const struct movers *s, game_move m, struct buf *out)
{
	char text[GAME_TEXT_SIZE];

	if (m == GAME_NO_MOVE)
		return;
	s->review.game.rules->move_text(&s->review.game,
					line_state(&s->review.line), m, text);
	buf_puts(out, text);
}

static void agent_cell(const struct movers *s, int i, int column,
		       struct buf *out, enum style *st)
{
	const struct opinion *all = opinions_at(s->opinions, i, 0);
	const struct opinion *o = said(s, i);
	game_move top = o ? opinion_top(o) : GAME_NO_MOVE;
	const struct agent_move *it =
		top == GAME_NO_MOVE ? NULL : opinion_find(o, top);

	if (column == WHO) {
		/* Why not is said to whoever presses Enter there. */
		buf_printf(out, "%s%s", s->spec[i],
			   all && all->wrong ? " (cannot be asked)" : "");
		*st = all && all->wrong ? STYLE_BAD : STYLE_NORMAL;
	} else if (column == MOVE) {
		if (!all)
			buf_puts(out, "...");
		move_text(s, top, out);
	} else if (column == CHANCE && it) {
		buf_printf(out, "%.1f%%", 100 * (double)it->policy);
	} else if (column == VALUE && o && !isnan(opinion_value(o))) {
		buf_printf(out, "%+.3f", opinion_value(o));
	} else if (column == EXACT) {
		buf_puts(out, exact_word(s, top));
	} else if (column == RANK && o && has_played(s)) {
		buf_printf(out, "%d", opinion_rank(o, played(s)) + 1);
	} else if (column == AGREES && o && has_played(s)) {
		*st = top == played(s) ? STYLE_GOOD : STYLE_DIM;
		buf_puts(out, top == played(s) ? "yes" : "no");
	}
}

static void cell(const void *self, int row, int column, int width,
		 struct buf *out, enum style *st)
{
	const struct movers *s = self;

	(void)width;
	if (row >= has_played(s)) {
		agent_cell(s, row - has_played(s), column, out, st);
		return;
	}
	*st = STYLE_BOLD;
	if (column == WHO)
		buf_puts(out, "played");
	else if (column == MOVE)
		move_text(s, played(s), out);
	else if (column == EXACT)
		buf_puts(out, exact_word(s, played(s)));
}

static void draw_head(const struct movers *s, struct canvas *c)
{
	int agree = 0, known = 0, col;

	for (int i = 0; i < asked(s) && has_played(s); i++) {
		const struct opinion *o = said(s, i);

		known += o != NULL;
		agree += o && opinion_top(o) == played(s);
	}
	col = canvas_printf(c, 0, 1, STYLE_VALUE, "ply %d/%d",
			    s->review.line.ply, s->review.plies);
	if (has_played(s))
		col = canvas_printf(c, 0, col + 2, STYLE_LABEL,
				    "%d of %d would have played it", agree,
				    known);
	if (opinions_running(s->opinions))
		canvas_printf(c, 0, col + 2, STYLE_GOOD, "asking, %d of %d",
			      opinions_done(s->opinions),
			      opinions_total(s->opinions));
}

static void movers_draw(const void *self, struct canvas *c)
{
	const struct movers *s = self;
	int board = c->width >= 110 ? c->width * 2 / 5 : 0;
	int rows = s->table.row_count + 2, body = c->height - 2;
	struct canvas pane;
	struct board b =
		BOARD_INIT(&s->review.game, line_state(&s->review.line));

	draw_head(s, c);
	if (s->review.line.ply > 0)
		board_last(
			&b,
			line_state_at(&s->review.line, s->review.line.ply - 1),
			line_last(&s->review.line));
	/* Beside the table, or below it. */
	if (board) {
		pane = canvas_pane(c, 2, c->width - board, body, board);
		board_draw(&b, &pane);
	} else if (body - rows >= 6) {
		pane = canvas_pane(c, 2 + rows, 0, body - rows, c->width);
		board_draw(&b, &pane);
		body = rows;
	}
	pane = canvas_pane(c, 2, 0, body, c->width - board - (board > 0));
	table_draw(&s->table, &pane, true, cell, s);
}

static void movers_status(const void *self, struct buf *out)
{
	const struct movers *s = self;

	buf_printf(out, "game %lld, %s", (long long)s->review.row.id,
		   game_short_name(&s->review.game));
}

/* ---- keys ---- */

static enum screen_action ply_by(void *self, const struct key_press *k)
{
	struct movers *s = self;

	if (!line_go(&s->review.line, s->review.line.ply + k->arg))
		return SCREEN_STAY;
	ask(s);
	return SCREEN_REDRAW;
}

/* The agent's own search of the position, or what is stored there. */
static enum screen_action open_search(void *self, const struct key_press *k)
{
	struct movers *s = self;
	int i = s->table.selected - has_played(s);
	char arg[SEAT_SPEC_SIZE + 64];

	(void)k;
	if (!s->table.row_count)
		return SCREEN_STAY;
	snprintf(arg, sizeof(arg), "%lld %d%s%s", (long long)s->review.row.id,
		 s->review.line.ply,
		 i < 0 ? "" : " agent=", i < 0 ? "" : s->spec[i]);
	app_push(s->app, "search", arg);
	return SCREEN_REDRAW;
}

static bool typed_agent(void *self, const char *text)
{
	struct movers *s = self;
	struct err e = ERR_INIT;
	struct agent *a;

	if (!text || !*text)
		return true;
	if (agent_open(&a, text, &s->review.game, panes_host(s->app).networks,
		       &e)) {
		app_fail(s->app, &e);
		return false;
	}
	agent_close(a);
	add(s, text);
	ask(s);
	return true;
}

static enum screen_action ask_agent(void *self, const struct key_press *k)
{
	struct movers *s = self;

	(void)k;
	app_ask(s->app, "agent", "", typed_agent, s);
	return SCREEN_REDRAW;
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	(void)k;
	opinions_cancel(((struct movers *)self)->opinions);
	return SCREEN_REDRAW;
}

static const struct key_binding keys[] = {
	{KEYS_OF(struct movers, table, table_keys)},
	{"n, Right", "next-ply", "the game's next ply", true, .run = ply_by,
	 .arg = 1},
	{"b, Left", "previous-ply", "the ply before", true, .run = ply_by,
	 .arg = -1},
	{"Enter", "search", "the search of the selected agent there", true,
	 .run = open_search},
	{"a", "agent", "type another agent to be asked", true,
	 .run = ask_agent},
	{"x", "stop", "ask no further", false, .run = stop},
	{0},
};

static enum screen_action movers_mouse(void *self, const struct mouse_event *m)
{
	struct movers *s = self;

	if (table_mouse(&s->table, m) == TABLE_OPENED)
		return open_search(s, &(struct key_press){0});
	return SCREEN_REDRAW;
}

static enum screen_action movers_tick(void *self)
{
	struct movers *s = self;

	return opinions_collect(s->opinions) ? SCREEN_REDRAW : SCREEN_STAY;
}

static bool movers_busy(const void *self)
{
	return opinions_running(((const struct movers *)self)->opinions);
}

const struct screen screen_movers = {
	.name = "movers",
	.title = "Who could move",
	.help = "All who could move at a ply of a stored game: agents, the "
		"move that was played, the solver.",
	.self_size = sizeof(struct movers),
	.keys = keys,
	.open = movers_open,
	.draw = movers_draw,
	.mouse = movers_mouse,
	.tick = movers_tick,
	.busy = movers_busy,
	.status = movers_status,
	.close = movers_close,
};
