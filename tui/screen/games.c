/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/run.h"
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
 * around the selected one, so a lab with a hundred thousand games opens like
 * one with ten.
 */
enum { WINDOW = 384, MARGIN = 128, POLL_TICKS = 10 };

struct games {
	struct app *app; /* borrowed */
	struct table table;
	struct row_view view;
	struct game_filter filter;
	struct store_bag bag;    /* of the rows */
	struct store_game *rows; /* in the bag */
	int64_t first;           /* number of rows[0] in the list */
	size_t count;            /* rows in the window */
	int64_t version;         /* of the lab file when last read */
	int ticks;
};

static struct store *store_of(const struct games *s)
{
	return lab_store(s->app->lab);
}

/* The filter with its run's name looked up. */
static enum err_code store_filter(struct games *s, const struct game_filter *f,
				  struct store_game_filter *out, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run run = {0};
	enum store_status st = STORE_OK;

	if (*f->run)
		st = store_run_find(store_of(s), &bag, f->run, &run);
	game_filter_store(f, run.id, out);
	store_bag_release(&bag);
	return st == STORE_OK ? ERR_OK : lab_error(store_of(s), st, e);
}

/* Read the rows around the selected one, if they are not at hand. */
static enum err_code read_window(struct games *s, bool anew, struct err *e)
{
	int64_t at = s->table.selected, end = s->first + (int64_t)s->count;
	struct store_game_filter f;
	enum store_status st;
	enum err_code rc;
	bool low, high;

	low = at - MARGIN >= s->first || s->first == 0;
	high = at + MARGIN < end || end >= s->table.row_count;
	if (!anew && low && high)
		return ERR_OK;
	rc = store_filter(s, &s->filter, &f, e);
	if (rc != ERR_OK)
		return rc;
	store_bag_release(&s->bag);
	s->rows = NULL;
	s->count = 0;
	s->first = at > WINDOW / 2 ? at - WINDOW / 2 : 0;
	f.offset = s->first;
	f.limit = WINDOW;
	st = store_game_list(store_of(s), &s->bag, &f, &s->rows, &s->count);
	return st == STORE_OK ? ERR_OK : lab_error(store_of(s), st, e);
}

static enum err_code read_all(struct games *s, const struct game_filter *filter,
			      struct err *e)
{
	struct store_game_filter f;
	enum store_status st;
	enum err_code rc = store_filter(s, filter, &f, e);
	int64_t total;

	if (rc != ERR_OK)
		return rc;
	st = store_game_count(store_of(s), &f, &total);
	if (st != STORE_OK)
		return lab_error(store_of(s), st, e);
	s->filter = *filter;
	s->version = store_data_version(store_of(s));
	table_rows(&s->table, total > INT32_MAX ? INT32_MAX : (int)total);
	return read_window(s, true, e);
}

/* Where a game stands now that others came before it: near where it was. */
static void find_again(struct games *s, int64_t id)
{
	for (size_t i = 0; i < s->count; i++) {
		if (s->rows[i].id == id) {
			table_select(&s->table, (int)(s->first + (int64_t)i));
			return;
		}
	}
}

static const struct store_game *row_at(const struct games *s, int row)
{
	int64_t at = row - s->first;

	return at >= 0 && at < (int64_t)s->count ? &s->rows[at] : NULL;
}

static enum screen_action read_again(struct games *s)
{
	const struct store_game *row = row_at(s, s->table.selected);
	int64_t id = row ? row->id : 0;
	struct err e = ERR_INIT;

	if (read_all(s, &s->filter, &e) != ERR_OK)
		app_fail(s->app, &e);
	/* On the newest row, the newest stays selected. */
	else if (id && s->table.selected > 0)
		find_again(s, id);
	return SCREEN_REDRAW;
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
	s->table.empty = "No game matches. f changes the filter, F drops it.";
	if (!app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "there is no lab file open: games are kept in "
			       "one");
	rc = game_filter_parse(arg, &filter, e);
	return rc == ERR_OK ? read_all(s, &filter, e) : rc;
}

static void games_close(void *self)
{
	struct games *s = self;

	store_bag_release(&s->bag);
}

static void games_cell(const void *self, int row, int col, int width,
		       struct buf *out, enum style *st)
{
	const struct games *s = self;
	const struct store_game *g = row_at(s, row);

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
	game_filter_text(&s->filter, &text);
	col = canvas_printf(c, 0, 1, STYLE_VALUE, "%d", s->table.row_count);
	col = canvas_printf(c, 0, col, STYLE_LABEL, " games  filter: ");
	canvas_text(c, 0, col, text.len ? STYLE_BOLD : STYLE_DIM,
		    text.len ? text.data : "none");
	buf_release(&text);
	table_draw(&s->table, &list, true, games_cell, s);
}

static bool take_filter(struct games *s, const struct game_filter *filter)
{
	int selected = s->table.selected;
	struct err e = ERR_INIT;

	table_select(&s->table, 0);
	if (read_all(s, filter, &e) == ERR_OK)
		return true;
	table_select(&s->table, selected);
	app_fail(s->app, &e);
	return false;
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
	const struct store_game *g = row_at(s, s->table.selected);
	char arg[32];

	(void)k;
	if (!g)
		return SCREEN_STAY;
	snprintf(arg, sizeof(arg), "%lld", (long long)g->id);
	app_push(s->app, "game", arg);
	return SCREEN_REDRAW;
}

static enum screen_action move(void *self, const struct key_press *k)
{
	struct games *s = self;
	struct err e = ERR_INIT;

	keys_inner(k, &s->table);
	if (read_window(s, false, &e) != ERR_OK)
		app_fail(s->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action ask_filter(void *self, const struct key_press *k)
{
	struct games *s = self;
	struct buf text;

	(void)k;
	buf_init(&text);
	game_filter_text(&s->filter, &text);
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
	const struct store_game *g = row_at(s, s->table.selected);
	struct game_filter filter = {.by_step = false};

	(void)k;
	if (!g || !g->run)
		return SCREEN_STAY;
	snprintf(filter.run, sizeof(filter.run), "%s", g->run);
	return set_filter(s, &filter);
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
	{"f, \\", "filter",
	 "show only games with run= agent= "
	 "result= step= purpose= game= match= traces= order=",
	 true, .run = ask_filter},
	{"F", "all", "show every game", true, .run = show_all},
	{"s", "same-run", "only games of the selected game's run", false,
	 .run = same_run},
	{"r", "read-again", "read the lab file again", false, .run = again},
	{0},
};

static enum screen_action games_mouse(void *self, const struct mouse_event *m)
{
	struct games *s = self;
	struct err e = ERR_INIT;

	switch (table_mouse(&s->table, m)) {
	case TABLE_OPENED:
		return open_game(s, &(struct key_press){0});
	case TABLE_MOVED:
		if (read_window(s, false, &e) != ERR_OK)
			app_fail(s->app, &e);
		return SCREEN_REDRAW;
	default:
		return SCREEN_STAY;
	}
}

/* Games that a job adds appear by themselves. */
static enum screen_action games_tick(void *self)
{
	struct games *s = self;

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
	.self_size = sizeof(struct games),
	.keys = keys,
	.open = games_open,
	.draw = games_draw,
	.mouse = games_mouse,
	.tick = games_tick,
	.resume = games_resume,
	.close = games_close,
};
