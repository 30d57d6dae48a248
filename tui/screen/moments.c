/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/moments.h"
#include "core/session/moments_seek.h"
#include "core/session/review.h"
#include "core/session/seat.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"
#include "tui/widget/table.h"

/*
 * Where the games of a filter turned: moves that swung the value, and searches
 * that overturned the network, by what is stored or by an agent that is asked
 * about every position.
 */
struct turns {
	struct app *app; /* borrowed */
	struct game_filter filter;
	char agent[SEAT_SPEC_SIZE];
	struct moments_seek *seek; /* owned */
	struct moments_view view;
	struct table table;
};

enum { GAME, PLY, BY, MOVE, BEST, BEFORE, AFTER, GAIN, WHY };
static const struct table_column columns[] = {
	[GAME] = {.head = "game", .width = 9, .right = true},
	[PLY] = {.head = "ply", .width = 4, .right = true},
	[BY] = {.head = "by", .width = 6, .rank = 2},
	[MOVE] = {.head = "move", .width = 7},
	[BEST] = {.head = "best", .width = 7},
	[BEFORE] = {.head = "before", .width = 6, .right = true, .rank = 1},
	[AFTER] = {.head = "after", .width = 6, .right = true, .rank = 1},
	[GAIN] = {.head = "gain", .width = 6, .right = true},
	[WHY] = {.head = "why", .width = 18, .least = 8, .grow = true},
};

enum { GAMES_AT_MOST = 1000 }; /* that an agent is asked about */

static enum err_code start(struct turns *s, struct err *e)
{
	const struct seat_host host = panes_host(s->app);
	struct moments_asked asked = {
		.filter = s->filter,
		.agent = *s->agent ? s->agent : NULL,
		.limit = *s->agent ? GAMES_AT_MOST : 0,
	};
	struct moments_seek *seek;
	enum err_code rc = moments_seek_start(&seek, lab_path(s->app->lab),
					      &asked, host.wake, host.ctx, e);

	if (rc)
		return rc;
	moments_seek_close(s->seek);
	s->seek = seek;
	s->view = (struct moments_view){.count = 0};
	table_rows(&s->table, 0);
	return ERR_OK;
}

static enum err_code turns_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct turns *s = self;
	enum err_code rc;

	s->app = app;
	table_init(&s->table, columns, ARRAY_LEN(columns));
	if (!app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "there is no lab file open: games are kept in "
			       "one");
	rc = game_filter_parse(arg, &s->filter, e);
	return rc ? rc : start(s, e);
}

static void turns_close(void *self)
{
	moments_seek_close(((struct turns *)self)->seek);
}

static void put(struct buf *out, double v)
{
	if (!isnan(v))
		buf_printf(out, "%+.2f", v);
}

static void cell(const void *self, int row, int column, int width,
		 struct buf *out, enum style *st)
{
	const struct turns *s = self;
	const struct moments_row *m = &s->view.rows[row];
	bool bad = m->at.cost >= REVIEW_SWING;

	(void)width;
	if (column == GAME)
		buf_printf(out, "%lld", (long long)m->game_id);
	else if (column == PLY)
		buf_printf(out, "%d", m->at.ply);
	else if (column == BY)
		buf_puts(out, m->player == 0   ? "first"
			      : m->player == 1 ? "second"
					       : "");
	else if (column == MOVE)
		buf_puts(out, m->move);
	else if (column == BEST)
		buf_puts(out, m->best);
	else if (column == BEFORE)
		put(out, m->at.before);
	else if (column == AFTER)
		put(out, m->at.after);
	else if (column == GAIN)
		put(out, -m->at.cost);
	else
		buf_printf(out, "%s%s%s",
			   m->at.overturned ? "* overturned " : "",
			   bad           ? "! blunder "
			   : m->at.swing ? "! swing "
					 : "",
			   m->at.event ? m->at.event : "");
	if (bad && (column == GAIN || column == WHY))
		*st = STYLE_BAD;
}

static void draw_sum(const struct turns *s, struct canvas *c)
{
	const struct moments_sum *m = &s->view.sum;
	int col;

	if (!s->view.ended) {
		canvas_printf(c, 1, 1, STYLE_GOOD,
			      "looked at %lld of %lld games (x: stop)",
			      (long long)s->view.done,
			      (long long)s->view.total);
		return;
	}
	col = canvas_printf(c, 1, 1, STYLE_VALUE, "%lld", (long long)m->games);
	col = canvas_printf(c, 1, col, STYLE_LABEL,
			    " games, %lld positions searched, ",
			    (long long)m->positions);
	col = canvas_printf(c, 1, col, STYLE_VALUE, "%.1f%%",
			    m->positions ? 100.0 * (double)m->overturned /
						   (double)m->positions
					 : 0.0);
	canvas_printf(c, 1, col, STYLE_LABEL,
		      " overturned; %lld swings, %lld blunders",
		      (long long)m->swings, (long long)m->blunders);
}

static void turns_draw(const void *self, struct canvas *c)
{
	const struct turns *s = self;
	struct canvas list = canvas_pane(c, 2, 0, c->height - 2, c->width);
	struct buf text;
	int col;

	buf_init(&text);
	game_filter_text(&s->filter, &text);
	col = canvas_text(c, 0, 1, STYLE_LABEL, "filter: ");
	col = canvas_text(c, 0, col, text.len ? STYLE_BOLD : STYLE_DIM,
			  text.len ? text.data : "none");
	col = canvas_text(c, 0, col + 2, STYLE_LABEL, "by: ");
	canvas_field(c, 0, col, c->width - col, STYLE_NORMAL,
		     *s->agent ? s->agent : "the searches that are stored");
	buf_release(&text);
	draw_sum(s, c);
	table_draw(&s->table, &list, true, cell, s);
}

static enum screen_action open_game(void *self, const struct key_press *k)
{
	struct turns *s = self;
	const struct moments_row *m;
	char arg[64];

	(void)k;
	if (!s->table.row_count)
		return SCREEN_STAY;
	m = &s->view.rows[s->table.selected];
	snprintf(arg, sizeof(arg), "%lld %d", (long long)m->game_id,
		 m->at.ply + 1);
	app_push(s->app, "game", arg);
	return SCREEN_REDRAW;
}

static bool filter_done(void *self, const char *text)
{
	struct turns *s = self;
	struct game_filter filter;
	struct err e = ERR_INIT;

	if (!text)
		return true;
	if (game_filter_parse(text, &filter, &e)) {
		app_fail(s->app, &e);
		return false;
	}
	s->filter = filter;
	if (start(s, &e))
		app_fail(s->app, &e);
	return true;
}

static enum screen_action ask_filter(void *self, const struct key_press *k)
{
	struct turns *s = self;
	struct buf text;

	(void)k;
	buf_init(&text);
	game_filter_text(&s->filter, &text);
	app_ask(s->app, "filter", text.data, filter_done, s);
	buf_release(&text);
	return SCREEN_REDRAW;
}

static bool agent_done(void *self, const char *text)
{
	struct turns *s = self;
	struct err e = ERR_INIT;

	if (!text)
		return true;
	snprintf(s->agent, sizeof(s->agent), "%s", text);
	if (start(s, &e))
		app_fail(s->app, &e);
	return true;
}

static enum screen_action ask_agent(void *self, const struct key_press *k)
{
	struct turns *s = self;

	(void)k;
	app_ask(s->app, "agent, nothing: what is stored", s->agent, agent_done,
		s);
	return SCREEN_REDRAW;
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	(void)k;
	moments_seek_cancel(((struct turns *)self)->seek);
	return SCREEN_REDRAW;
}

static const struct key_binding keys[] = {
	{KEYS_OF(struct turns, table, table_keys)},
	{"Enter, Right", "open", "the game at this move", true,
	 .run = open_game},
	{"f, \\", "filter", "choose other games", true, .run = ask_filter},
	{"a", "agent", "have an agent look at every position", true,
	 .run = ask_agent},
	{"x", "stop", "look no further", false, .run = stop},
	{0},
};

static enum screen_action turns_mouse(void *self, const struct mouse_event *m)
{
	struct turns *s = self;

	if (table_mouse(&s->table, m) == TABLE_OPENED)
		return open_game(s, &(struct key_press){0});
	return SCREEN_REDRAW;
}

static enum screen_action turns_tick(void *self)
{
	struct turns *s = self;

	if (!s->seek || !moments_seek_collect(s->seek, &s->view))
		return SCREEN_STAY;
	table_rows(&s->table, s->view.count);
	if (s->view.ended && s->view.wrong.code)
		app_fail(s->app, &s->view.wrong);
	return SCREEN_REDRAW;
}

static bool turns_busy(const void *self)
{
	const struct turns *s = self;

	return s->seek && !s->view.ended;
}

const struct screen screen_moments = {
	.name = "moments",
	.title = "Moments",
	.help = "Where games turned: swings, blunders, and where the search "
		"overturned the network.",
	.self_size = sizeof(struct turns),
	.keys = keys,
	.open = turns_open,
	.draw = turns_draw,
	.mouse = turns_mouse,
	.tick = turns_tick,
	.busy = turns_busy,
	.close = turns_close,
};
