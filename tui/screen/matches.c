/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/lab/lab.h"
#include "store/match.h"
#include "tui/app.h"
#include "tui/screen/screens.h"
#include "tui/screen/words.h"
#include "tui/widget/table.h"

/* All matches of the lab, newest first. */
struct matches {
	struct app *app;
	struct store *store;
	struct table table;
	struct store_bag bag;
	struct store_match *rows; /* in the bag [table.row_count] */
	int64_t data_version;
};

enum { MATCHES_OPEN = 1, MATCHES_GAMES, MATCHES_NEW };

static const struct key_binding matches_keys[] = {
	{ "Enter", MATCHES_OPEN, "open", "its score", true },
	{ "v", MATCHES_GAMES, "games", "its games", true },
	{ "m", MATCHES_NEW, "new", "start a match", true },
	TABLE_KEYS,
	{ 0 },
};

enum { COL_FIRST, COL_SECOND, COL_SCORE, COL_ELO, COL_INTERVAL, COL_GAME,
       COL_CREATED };

static const struct table_column columns[] = {
	[COL_FIRST] = { "first", 22, 12, false, true, 0, false },
	[COL_SECOND] = { "second", 22, 10, false, true, 0, false },
	[COL_SCORE] = { "+ = -", 11, 0, true, false, 0, false },
	[COL_ELO] = { "Elo", 6, 0, true, false, 1, false },
	[COL_INTERVAL] = { "95%", 10, 0, false, false, 2, false },
	[COL_GAME] = { "game", 10, 0, false, false, 4, false },
	[COL_CREATED] = { "played", 16, 0, false, false, 3, false },
};

static enum err_code read_rows(struct matches *s, struct err *e)
{
	int64_t id = s->table.row_count ? s->rows[s->table.selected].id : 0;
	size_t count;

	s->data_version = store_data_version(s->store);
	store_bag_release(&s->bag);
	if (store_match_list(s->store, &s->bag, 0, &s->rows, &count) !=
	    STORE_OK) {
		table_rows(&s->table, 0);
		return err_set(e, ERR_IO, "%s", store_message(s->store));
	}
	table_rows(&s->table, (int)count);
	for (size_t i = 0; i < count; i++) {
		if (s->rows[i].id == id)
			table_select(&s->table, (int)i);
	}
	return ERR_OK;
}

static enum err_code matches_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	struct matches *s = self;

	(void)arg;
	s->app = app;
	s->store = lab_store(app->lab);
	table_init(&s->table, columns, ARRAY_LEN(columns));
	s->table.empty = "No matches yet: m starts one, or `plyscope match`.";
	return read_rows(s, e);
}

static void matches_close(void *self)
{
	struct matches *s = self;

	table_release(&s->table);
	store_bag_release(&s->bag);
}

static void matches_cell(const void *self, int row, int column,
			 struct buf *out, enum style *st)
{
	const struct matches *s = self;
	const struct store_match *m = &s->rows[row];

	switch (column) {
	case COL_FIRST:
		buf_puts(out, m->first);
		*st = STYLE_BOLD;
		break;
	case COL_SECOND:
		buf_puts(out, m->second);
		break;
	case COL_SCORE:
		buf_printf(out, "%lld %lld %lld", (long long)m->wins,
			   (long long)m->draws, (long long)m->losses);
		*st = STYLE_VALUE;
		break;
	case COL_ELO:
		elo_text(m->elo, (double)NAN, (double)NAN, out);
		*st = STYLE_VALUE;
		break;
	case COL_INTERVAL:
		interval_text(m->elo, m->elo_low, m->elo_high, out);
		*st = STYLE_DIM;
		break;
	case COL_GAME:
		game_text(m->game, out);
		break;
	case COL_CREATED:
		date_text(m->created_ms, out);
		*st = STYLE_DIM;
		break;
	default:
		break;
	}
}

static void matches_draw(const void *self, struct canvas *c)
{
	const struct matches *s = self;

	table_draw(&s->table, c, matches_cell, s);
}

static void matches_status(const void *self, struct buf *out)
{
	const struct matches *s = self;

	buf_printf(out, "%d", s->table.row_count);
}

static enum screen_action matches_command(void *self, int command)
{
	struct matches *s = self;
	char arg[48];

	if (table_command(&s->table, command))
		return SCREEN_REDRAW;
	if (command == MATCHES_NEW) {
		app_push(s->app, "match", "");
		return SCREEN_REDRAW;
	}
	if (!s->table.row_count)
		return SCREEN_STAY;
	snprintf(arg, sizeof(arg), "%s%lld",
		 command == MATCHES_GAMES ? "match=" : "",
		 (long long)s->rows[s->table.selected].id);
	app_push(s->app, command == MATCHES_GAMES ? "games" : "score", arg);
	return SCREEN_REDRAW;
}

static enum screen_action matches_mouse(void *self, const struct mouse_event *m)
{
	struct matches *s = self;

	switch (table_mouse(&s->table, m)) {
	case TABLE_OPENED:
		return matches_command(s, MATCHES_OPEN);
	case TABLE_MOVED:
	case TABLE_SORTED:
		return SCREEN_REDRAW;
	case TABLE_NO_CLICK:
		break;
	}
	return SCREEN_STAY;
}

static enum screen_action matches_resume(void *self)
{
	struct matches *s = self;
	struct err e = ERR_INIT;

	if (read_rows(s, &e))
		app_fail(s->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action matches_tick(void *self)
{
	struct matches *s = self;

	if (store_data_version(s->store) == s->data_version)
		return SCREEN_STAY;
	return matches_resume(s);
}

const struct screen screen_matches = {
	.name = "matches",
	.title = "Matches",
	.help = "Who met whom in this lab, and how it ended.",
	.self_size = sizeof(struct matches),
	.keys = matches_keys,
	.open = matches_open,
	.draw = matches_draw,
	.command = matches_command,
	.mouse = matches_mouse,
	.tick = matches_tick,
	.resume = matches_resume,
	.status = matches_status,
	.close = matches_close,
};
