/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "store/match.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/row/kinds.h"
#include "tui/screen.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/widget/table.h"

/* All matches of the lab, newest first. */
struct matches {
	struct list list;
	struct store_match *rows; /* in the list's bag [list.table.row_count] */
};

static enum err_code matches_read(void *self, size_t *count, struct err *e)
{
	struct matches *s = self;

	if (store_match_list(s->list.store, &s->list.bag, 0, &s->rows, count) !=
	    STORE_OK)
		return err_set(e, ERR_IO, "%s", store_message(s->list.store));
	return ERR_OK;
}

static int64_t matches_id(const void *self, int row)
{
	const struct matches *s = self;

	return s->rows[row].id;
}

static const void *matches_row(const void *self, int row)
{
	const struct matches *s = self;

	return &s->rows[row];
}

static void matches_status(const void *self, struct buf *out)
{
	const struct matches *s = self;

	buf_printf(out, "%d", s->list.table.row_count);
}

static enum screen_action open_by_id(struct matches *s, const char *screen,
				     const char *before)
{
	char arg[48];

	if (!s->list.table.row_count)
		return SCREEN_STAY;
	snprintf(arg, sizeof(arg), "%s%lld", before,
		 (long long)s->rows[s->list.table.selected].id);
	app_push(s->list.app, screen, arg);
	return SCREEN_REDRAW;
}

static enum screen_action open_score(void *self, const struct key_press *k)
{
	(void)k;
	return open_by_id(self, "score", "");
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	(void)k;
	return open_by_id(self, "games", "match=");
}

static enum screen_action new_match(void *self, const struct key_press *k)
{
	struct matches *s = self;

	(void)k;
	app_push(s->list.app, "match", "");
	return SCREEN_REDRAW;
}

/* Those of the selected match's game, with its first agent selected. */
static enum screen_action open_ratings(void *self, const struct key_press *k)
{
	const struct matches *s = self;
	const struct store_match *m = &s->rows[s->list.table.selected];

	(void)k;
	if (s->list.table.row_count && m->second)
		leaderboard_push(s->list.app, m->game, m->first);
	else
		app_push(s->list.app, "leaderboard", "");
	return SCREEN_REDRAW;
}

static const struct key_binding matches_keys[] = {
	{"Enter", "open", "its score", true, .run = open_score},
	{"v", "games", "its games", true, .run = open_games},
	{"m", "new", "start a match", true, .run = new_match},
	{"e", "ratings", "the Elo of every agent", true, .run = open_ratings},
	LIST_FIND_KEY,
	{KEYS_OF(struct matches, list.table, table_keys)},
	{0},
};

static const struct list_kind matches_kind = {
	.rows = &row_match,
	.empty = "No matches yet: m starts one, or `plyscope match`.",
	.open = open_score,
	.read = matches_read,
	.id = matches_id,
	.row = matches_row,
};

static enum err_code matches_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	struct matches *s = self;

	(void)arg;
	return list_open(&s->list, app, &matches_kind, e);
}

const struct screen screen_matches = {
	.name = "matches",
	.title = "Matches",
	.help = "Who met whom in this lab, and how it ended.",
	.self_size = sizeof(struct matches),
	.keys = matches_keys,
	.open = matches_open,
	.draw = list_draw,
	.mouse = list_mouse,
	.tick = list_tick,
	.resume = list_resume,
	.status = matches_status,
	.close = list_close,
};
