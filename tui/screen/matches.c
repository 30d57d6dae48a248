/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/match.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/row/words.h"

/* All matches of the lab, newest first. */
struct matches {
	struct list list;
	struct store_match *rows; /* in the list's bag [list.table.row_count] */
};

enum {
	COL_FIRST,
	COL_SECOND,
	COL_SCORE,
	COL_ELO,
	COL_INTERVAL,
	COL_GAME,
	COL_CREATED
};

static const struct table_column columns[] = {
	[COL_FIRST] = {"first", 22, 12, false, true, 0, false},
	[COL_SECOND] = {"second", 22, 10, false, true, 0, false},
	[COL_SCORE] = {"+ = -", 11, 0, true, false, 0, false},
	[COL_ELO] = {"Elo", 6, 0, true, false, 1, false},
	[COL_INTERVAL] = {"95%", 10, 0, false, false, 2, false},
	[COL_GAME] = {"game", 10, 0, false, false, TABLE_SPARE, false},
	[COL_CREATED] = {"played", 16, 0, false, false, TABLE_SPARE + 1, false},
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

static void matches_cell(const void *self, int row, int column, struct buf *out,
			 enum style *st)
{
	const struct matches *s = self;
	const struct store_match *m = &s->rows[row];

	switch (column) {
	case COL_FIRST:
		agent_fit(m->first, table_width(&s->list.table, column), out);
		*st = STYLE_BOLD;
		break;
	case COL_SECOND:
		agent_fit(m->second ? m->second : "",
			  table_width(&s->list.table, column), out);
		break;
	case COL_SCORE:
		if (!m->second) {
			buf_printf(out, "%.1f", m->points);
			*st = STYLE_VALUE;
			break;
		}
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
	{KEYS_OF(struct matches, list.table, table_keys)},
	{0},
};

static const struct list_kind matches_kind = {
	.columns = columns,
	.column_count = ARRAY_LEN(columns),
	.empty = "No matches yet: m starts one, or `plyscope match`.",
	.open = open_score,
	.read = matches_read,
	.id = matches_id,
	.cell = matches_cell,
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
