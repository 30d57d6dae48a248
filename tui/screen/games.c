/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/game_pages.h"
#include "store/game.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"
#include "tui/widget/table.h"

/*
 * The browser of stored games.  It never holds more than a window of rows
 * around the selected one, so a lab with two million games opens like one with
 * ten.
 */
enum { WINDOW = 384, FEW = 20000, POLL_TICKS = 10 };

#define NO_GAME "No game matches. f changes the filter, F drops it."

struct games {
	struct app *app; /* borrowed */
	struct table table;
	struct row_view view;
	struct game_pages pages;
	int64_t version; /* of the lab file when last read */
	int ticks;
};

static struct store *store_of(const struct games *s)
{
	return lab_store(s->app->lab);
}

static void wake(void *ctx)
{
	struct app *app = ctx;

	if (app->stack)
		app_wake(app);
}

/* A number is what a game is called by: however narrow the table, its column
 * holds the longest of those around. */
static void hold_numbers(struct games *s)
{
	const int64_t rows[] = {0, s->pages.at - 100, s->pages.at,
				s->pages.at + 100};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct store_game *g =
			rows[i] < 0 ? NULL : game_pages_row(&s->pages, rows[i]);

		if (g)
			row_view_hold(&s->view, "id", g);
	}
}

/* The table shows what the pages have. */
static void follow(struct games *s)
{
	int64_t total = s->pages.total, at = s->pages.at;

	hold_numbers(s);
	table_rows(&s->table, total > INT32_MAX ? INT32_MAX : (int)total);
	table_select(&s->table, at > INT32_MAX ? INT32_MAX : (int)at);
	s->table.empty =
		game_pages_busy(&s->pages) ? "Looking for games ..." : NO_GAME;
}

static enum screen_action after(struct games *s, enum err_code rc,
				const struct err *e)
{
	follow(s);
	if (rc)
		app_fail(s->app, e);
	return SCREEN_REDRAW;
}

static const struct store_game *selected(const struct games *s)
{
	return game_pages_row(&s->pages, s->table.selected);
}

static enum screen_action read_again(struct games *s)
{
	struct err e = ERR_INIT;

	if (game_pages_busy(&s->pages))
		return SCREEN_STAY;
	s->version = store_data_version(store_of(s));
	return after(s, game_pages_refresh(&s->pages, &e), &e);
}

static enum err_code games_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct games *s = self;
	struct game_filter filter;
	enum err_code rc;

	s->app = app;
	row_view_init(&s->view, &row_game, NULL, row_game.cells);
	table_init(&s->table, s->view.columns, s->view.count);
	if (!app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "there is no lab file open: games are kept in "
			       "one");
	rc = game_filter_parse(arg, &filter, e);
	if (rc)
		return rc;
	game_pages_init(&s->pages, store_of(s), WINDOW, FEW, wake, app);
	s->version = store_data_version(store_of(s));
	rc = game_pages_filter(&s->pages, &filter, e);
	follow(s);
	return rc;
}

static void games_close(void *self)
{
	struct games *s = self;

	game_pages_release(&s->pages);
}

static void games_cell(const void *self, int row, int col, int width,
		       struct buf *out, enum style *st)
{
	const struct games *s = self;
	const struct store_game *g = game_pages_row(&s->pages, row);

	if (g)
		row_cell(&s->view, col, g, width, out, st);
	else if (col == 0)
		buf_puts(out, "...");
}

static void games_draw(const void *self, struct canvas *c)
{
	const struct games *s = self;
	struct canvas list = canvas_pane(c, 1, 0, c->height - 1, c->width);
	struct buf text;
	int col;

	buf_init(&text);
	game_filter_text(&s->pages.filter, &text);
	col = canvas_printf(c, 0, 1, STYLE_VALUE, "%d%s", s->table.row_count,
			    s->pages.counted ? "" : "+");
	col = canvas_printf(c, 0, col, STYLE_LABEL, " games  filter: ");
	canvas_text(c, 0, col, text.len ? STYLE_BOLD : STYLE_DIM,
		    text.len ? text.data : "none");
	buf_release(&text);
	table_draw(&s->table, &list, true, games_cell, s);
}

static bool take_filter(struct games *s, const struct game_filter *filter)
{
	struct err e = ERR_INIT;
	enum err_code rc = game_pages_filter(&s->pages, filter, &e);

	s->version = store_data_version(store_of(s));
	after(s, rc, &e);
	return !rc;
}

static bool filter_done(void *self, const char *text)
{
	struct games *s = self;
	struct game_filter filter;
	struct err e = ERR_INIT;

	if (!text)
		return true;
	if (game_filter_parse(text, &filter, &e) != ERR_OK) {
		app_fail(s->app, &e);
		return false;
	}
	return take_filter(s, &filter);
}

static enum screen_action set_filter(struct games *s,
				     const struct game_filter *filter)
{
	take_filter(s, filter);
	return SCREEN_REDRAW;
}

static enum screen_action open_game(void *self, const struct key_press *k)
{
	struct games *s = self;
	const struct store_game *g = selected(s);
	char arg[32];

	(void)k;
	if (!g)
		return SCREEN_STAY;
	snprintf(arg, sizeof(arg), "%lld", (long long)g->id);
	app_push(s->app, "game", arg);
	return SCREEN_REDRAW;
}

static enum screen_action seek(struct games *s)
{
	struct err e = ERR_INIT;

	return after(s, game_pages_seek(&s->pages, s->table.selected, &e), &e);
}

static enum screen_action move(void *self, const struct key_press *k)
{
	struct games *s = self;
	struct err e = ERR_INIT;

	if (!strcmp(k->inner->name, "last"))
		return after(s, game_pages_last(&s->pages, &e), &e);
	keys_inner(k, &s->table);
	return seek(s);
}

static enum screen_action ask_filter(void *self, const struct key_press *k)
{
	struct games *s = self;
	struct buf text;

	(void)k;
	buf_init(&text);
	game_filter_text(&s->pages.filter, &text);
	if (text.len)
		buf_putc(&text, ' ');
	app_ask(s->app, "filter", text.data, filter_done, s);
	buf_release(&text);
	return SCREEN_REDRAW;
}

static enum screen_action show_all(void *self, const struct key_press *k)
{
	struct game_filter filter = {.by_step = false};

	(void)k;
	return set_filter(self, &filter);
}

static enum screen_action same_run(void *self, const struct key_press *k)
{
	struct games *s = self;
	const struct store_game *g = selected(s);
	struct game_filter filter = {.by_step = false};

	(void)k;
	if (!g || !g->run)
		return SCREEN_STAY;
	snprintf(filter.run, sizeof(filter.run), "%s", g->run);
	return set_filter(s, &filter);
}

/* Where the games of the filter turned. */
static enum screen_action open_moments(void *self, const struct key_press *k)
{
	struct games *s = self;
	struct buf text;

	(void)k;
	buf_init(&text);
	game_filter_text(&s->pages.filter, &text);
	app_push(s->app, "moments", text.len ? text.data : "");
	buf_release(&text);
	return SCREEN_REDRAW;
}

static enum screen_action again(void *self, const struct key_press *k)
{
	(void)k;
	return read_again(self);
}

static const struct key_binding keys[] = {
	{KEYS_OF(struct games, table, table_keys), .run = move},
	{"Enter, Right", "open", "step through the game", true,
	 .run = open_game},
	{"f, /, \\", "filter",
	 "show only games with run= agent= "
	 "result= step= purpose= game= match= traces= order=",
	 true, .run = ask_filter},
	{"F", "all", "show every game", true, .run = show_all},
	{"s", "same-run", "only games of the selected game's run", false,
	 .run = same_run},
	{"o", "moments",
	 "where these games turned: swings, blunders, overturned moves", false,
	 .run = open_moments},
	{"r", "read-again", "read the lab file again", false, .run = again},
	{0},
};

static enum screen_action games_mouse(void *self, const struct mouse_event *m)
{
	struct games *s = self;

	switch (table_mouse(&s->table, m)) {
	case TABLE_OPENED:
		return open_game(s, &(struct key_press){0});
	case TABLE_MOVED:
		return seek(s);
	default:
		return SCREEN_STAY;
	}
}

static bool games_busy(const void *self)
{
	const struct games *s = self;

	return game_pages_busy(&s->pages);
}

/* Games that a job adds appear by themselves. */
static enum screen_action games_tick(void *self)
{
	struct games *s = self;
	struct err e = ERR_INIT;
	bool changed;
	enum err_code rc = game_pages_take(&s->pages, &changed, &e);

	if (changed)
		return after(s, rc, &e);
	if (++s->ticks % POLL_TICKS != 0 ||
	    store_data_version(store_of(s)) == s->version)
		return SCREEN_STAY;
	return read_again(s);
}

static enum screen_action games_resume(void *self)
{
	return read_again(self);
}

const struct screen screen_games = {
	.name = "games",
	.title = "Games",
	.help = "The stored games, newest first: filter them, open one.",
	.takes = "run= agent= result= step= purpose= game= match= traces= "
		 "order=",
	.self_size = sizeof(struct games),
	.keys = keys,
	.open = games_open,
	.draw = games_draw,
	.mouse = games_mouse,
	.tick = games_tick,
	.busy = games_busy,
	.resume = games_resume,
	.close = games_close,
};
