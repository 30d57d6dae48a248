/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/run.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/screen/words.h"

/* The checkpoints of one run. */
struct checkpoints {
	struct list list;
	struct store_run run;          /* in the list's bag, as are the rows */
	struct store_checkpoint *rows; /* [list.table.row_count], by step */
	char name[80];
};

enum {
	CHECKPOINTS_OPEN = 1,
	CHECKPOINTS_GAMES,
	CHECKPOINTS_PLAY,
	CHECKPOINTS_MATCH,
	CHECKPOINTS_IMITATE,
	CHECKPOINTS_RUN,
	CHECKPOINTS_RATINGS
};

static const struct key_binding checkpoints_keys[] = {
	{"Enter", "open", "the checkpoint's page", true,
	 .command = CHECKPOINTS_OPEN},
	{"v", "games", "games that it played in matches", true,
	 .command = CHECKPOINTS_GAMES},
	{"p", "play", "play against it", true, .command = CHECKPOINTS_PLAY},
	{"m", "match", "start a match", true, .command = CHECKPOINTS_MATCH},
	{"i", "imitate", "start an imitation learner of it", false,
	 .command = CHECKPOINTS_IMITATE},
	{"r", "run", "the curves of its run", false,
	 .command = CHECKPOINTS_RUN},
	{"e", "ratings", "their Elo among all agents of the game", true,
	 .command = CHECKPOINTS_RATINGS},
	TABLE_KEYS,
	{0},
};

enum {
	COL_STEP,
	COL_GAMES,
	COL_SAMPLES,
	COL_ELO,
	COL_INTERVAL,
	COL_NETWORK,
	COL_SHA,
	COL_SIZE,
	COL_CREATED
};

static const struct table_column columns[] = {
	[COL_STEP] = {"step", 9, 0, true, false, 0, false},
	[COL_GAMES] = {"games", 9, 0, true, false, 1, false},
	[COL_SAMPLES] = {"samples", 10, 0, true, false, 4, false},
	[COL_ELO] = {"Elo", 6, 0, true, false, 0, false},
	[COL_INTERVAL] = {"95%", 10, 0, false, false, 2, false},
	[COL_NETWORK] = {"network", 14, 0, false, false, 6, false},
	[COL_SHA] = {"sha256", 10, 0, false, true, 2, false},
	[COL_SIZE] = {"size", 7, 0, true, false, 5, false},
	[COL_CREATED] = {"created", 16, 0, false, false, 3, false},
};

static enum err_code checkpoints_read(void *self, size_t *count, struct err *e)
{
	struct checkpoints *s = self;
	struct store *st = s->list.store;
	struct store_bag *bag = &s->list.bag;

	if (!*s->name)
		return err_set(e, ERR_USAGE,
			       "name a run, as in `checkpoints c4`");
	if (store_run_find(st, bag, s->name, &s->run) != STORE_OK ||
	    store_checkpoint_list(st, bag, s->run.id, &s->rows, count) !=
		    STORE_OK)
		return err_set(e, ERR_NOTFOUND, "%s", store_message(st));
	return ERR_OK;
}

static int64_t checkpoints_id(const void *self, int row)
{
	const struct checkpoints *s = self;

	return s->rows[row].step;
}

static void checkpoints_cell(const void *self, int row, int column,
			     struct buf *out, enum style *st)
{
	const struct checkpoints *s = self;
	const struct store_checkpoint *c = &s->rows[row];

	switch (column) {
	case COL_STEP:
		buf_printf(out, "%lld", (long long)c->step);
		*st = STYLE_BOLD;
		break;
	case COL_GAMES:
		buf_printf(out, "%lld", (long long)c->games);
		*st = STYLE_VALUE;
		break;
	case COL_SAMPLES:
		buf_printf(out, "%lld", (long long)c->samples);
		*st = STYLE_VALUE;
		break;
	case COL_ELO:
		elo_text(c->elo, (double)NAN, (double)NAN, out);
		*st = STYLE_VALUE;
		break;
	case COL_INTERVAL:
		interval_text(c->elo, c->elo_low, c->elo_high, out);
		*st = STYLE_DIM;
		break;
	case COL_NETWORK:
		network_text(c->network, out);
		break;
	case COL_SHA:
		buf_printf(out, "%.10s", c->sha256);
		*st = STYLE_DIM;
		break;
	case COL_SIZE:
		bytes_text(c->floats * 4, out);
		break;
	case COL_CREATED:
		date_text(c->created_ms, out);
		*st = STYLE_DIM;
		break;
	default:
		break;
	}
}

static void checkpoints_status(const void *self, struct buf *out)
{
	const struct checkpoints *s = self;

	buf_printf(out, "%s: %d", s->name, s->list.table.row_count);
}

/* Screens that take the checkpoint under the cursor: what stands before its
 * run, between run and step, and after. */
static const struct {
	int command;
	const char *screen, *before, *between, *after;
} targets[] = {
	{CHECKPOINTS_OPEN, "checkpoint", "", "/", ""},
	{CHECKPOINTS_GAMES, "games", "agent=", "/", ""},
	{CHECKPOINTS_PLAY, "play", "mcts:", "/", ",sims=100"},
	{CHECKPOINTS_MATCH, "match", "policy:", "/", ""},
	{CHECKPOINTS_IMITATE, "imitate", "policy:", "/", ""},
};

static enum screen_action checkpoints_command(void *self, int command)
{
	struct checkpoints *s = self;
	char arg[160];

	if (table_command(&s->list.table, command))
		return SCREEN_REDRAW;
	if (command == CHECKPOINTS_RUN)
		app_push(s->list.app, "run", s->name);
	if (command == CHECKPOINTS_RATINGS)
		leaderboard_push(s->list.app, s->run.game, "");
	for (size_t i = 0; i < ARRAY_LEN(targets) && s->list.table.row_count;
	     i++) {
		if (targets[i].command != command)
			continue;
		snprintf(arg, sizeof(arg), "%s%s%s%lld%s", targets[i].before,
			 s->name, targets[i].between,
			 (long long)s->rows[s->list.table.selected].step,
			 targets[i].after);
		app_push(s->list.app, targets[i].screen, arg);
	}
	return SCREEN_REDRAW;
}

static const struct list_kind checkpoints_kind = {
	.columns = columns,
	.column_count = ARRAY_LEN(columns),
	.empty = "This run has no checkpoint yet.",
	.open = CHECKPOINTS_OPEN,
	.last_selected = true, /* the newest is what one looks for first */
	.read = checkpoints_read,
	.id = checkpoints_id,
	.cell = checkpoints_cell,
	.command = checkpoints_command,
};

static enum err_code checkpoints_open(void *self, struct app *app,
				      const char *arg, struct err *e)
{
	struct checkpoints *s = self;

	snprintf(s->name, sizeof(s->name), "%s", arg);
	return list_open(&s->list, app, &checkpoints_kind, e);
}

const struct screen screen_checkpoints = {
	.name = "checkpoints",
	.title = "Checkpoints",
	.help = "The networks that a run has kept on its way.",
	.self_size = sizeof(struct checkpoints),
	.keys = checkpoints_keys,
	.open = checkpoints_open,
	.draw = list_draw,
	.command = checkpoints_command,
	.mouse = list_mouse,
	.tick = list_tick,
	.resume = list_resume,
	.status = checkpoints_status,
	.close = list_close,
};
