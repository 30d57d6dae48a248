/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/row/kinds.h"
#include "tui/screen.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/widget/table.h"

/* The checkpoints of one run. */
struct checkpoints {
	struct list list;
	struct store_run run;          /* in the list's bag, as are the rows */
	struct store_checkpoint *rows; /* [list.table.row_count], by step */
	char name[80];
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

static const void *checkpoints_row(const void *self, int row)
{
	const struct checkpoints *s = self;

	return &s->rows[row];
}

static void checkpoints_status(const void *self, struct buf *out)
{
	const struct checkpoints *s = self;

	buf_printf(out, "%s: %d", s->name, s->list.table.row_count);
}

/* Open a screen that takes the checkpoint under the cursor: what stands before
 * its run and after its step. */
static enum screen_action push(struct checkpoints *s, const char *screen,
			       const char *before, const char *after)
{
	char arg[160];

	if (!s->list.table.row_count)
		return SCREEN_REDRAW;
	snprintf(arg, sizeof(arg), "%s%s/%lld%s", before, s->name,
		 (long long)s->rows[s->list.table.selected].step, after);
	app_push(s->list.app, screen, arg);
	return SCREEN_REDRAW;
}

static enum screen_action open_page(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "checkpoint", "", "");
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "games", "agent=", "");
}

static enum screen_action play(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "play", "mcts:", ",sims=100");
}

static enum screen_action match(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "match", "policy:", "");
}

static enum screen_action imitate(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "imitate", "policy:", "");
}

static enum screen_action open_run(void *self, const struct key_press *k)
{
	struct checkpoints *s = self;

	(void)k;
	app_push(s->list.app, "run", s->name);
	return SCREEN_REDRAW;
}

static enum screen_action open_ratings(void *self, const struct key_press *k)
{
	struct checkpoints *s = self;

	(void)k;
	leaderboard_push(s->list.app, s->run.game, "");
	return SCREEN_REDRAW;
}

static const struct key_binding checkpoints_keys[] = {
	{"Enter", "open", "the checkpoint's page", true, .run = open_page},
	{"v", "games", "games that it played in matches", true,
	 .run = open_games},
	{"p", "play", "play against it", true, .run = play},
	{"m", "match", "start a match", true, .run = match},
	{"i", "imitate", "start an imitation learner of it", false,
	 .run = imitate},
	{"r", "run", "the curves of its run", false, .run = open_run},
	{"e", "ratings", "their Elo among all agents of the game", true,
	 .run = open_ratings},
	LIST_FIND_KEY,
	{KEYS_OF(struct checkpoints, list.table, table_keys)},
	{0},
};

static const struct list_kind checkpoints_kind = {
	.rows = &row_checkpoint,
	.empty = "This run has no checkpoint yet.",
	.open = open_page,
	.last_selected = true, /* the newest is what one looks for first */
	.read = checkpoints_read,
	.id = checkpoints_id,
	.row = checkpoints_row,
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
	.takes = "run",
	.self_size = sizeof(struct checkpoints),
	.keys = checkpoints_keys,
	.open = checkpoints_open,
	.draw = list_draw,
	.mouse = list_mouse,
	.tick = list_tick,
	.resume = list_resume,
	.status = checkpoints_status,
	.close = list_close,
};
