/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/leaderboard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/rate_lab.h"
#include "core/session/quote.h"
#include "core/session/series.h"
#include "store/store.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

enum { POLL_TICKS = 10 };

void leaderboard_push(struct app *app, const char *game, const char *agent)
{
	struct buf arg;

	buf_init(&arg);
	quote_put(&arg, game);
	if (*agent) {
		buf_putc(&arg, ' ');
		quote_put(&arg, agent);
	}
	app_push(app, "leaderboard", arg.data);
	buf_release(&arg);
}

/* ---- what is shown ---- */

static void find_opponents(struct leaderboard *b)
{
	table_rows(&b->met,
		   standings_opponents(&b->all, leaderboard_selected(b),
				       b->opponents));
}

/* The cursor may have come to another agent than `was`. */
static void follow_cursor(struct leaderboard *b, int was)
{
	if (leaderboard_selected(b) == was)
		return;
	b->untouched = false;
	table_select(&b->met, 0);
	find_opponents(b);
}

/* The rows that pass the filter; `row` of the standings stays selected. */
static void arrange(struct leaderboard *b, int row)
{
	int n = 0, selected = 0;

	for (int i = 0; i < b->all.count; i++) {
		if (!strcasestr(b->all.rows[i].spec, b->filter))
			continue;
		if (i == row)
			selected = n;
		b->shown[n++] = i;
	}
	table_rows(&b->table, n);
	table_select(&b->table, selected);
	find_opponents(b);
	if (!n)
		b->pane = BOARD_RATINGS;
}

static void find_scale(struct leaderboard *b)
{
	size_t count = (size_t)b->all.count + 1;
	double *value = mem_zalloc(3 * count, sizeof(*value));
	double *low = value + count, *high = low + count;

	for (int i = 0; i < b->all.count; i++) {
		value[i] = b->all.rows[i].elo;
		leaderboard_interval(b, i, &low[i], &high[i]);
	}
	b->scale = whisker_scale(value, low, high, b->all.count);
	free(value);
}

/* Read a game anew; `agent` (may be "") is selected if it is there. */
static enum err_code read_game(struct leaderboard *b, const char *game,
			       const char *agent, struct err *e)
{
	char *name = mem_strdup(agent); /* may live in what is read anew */
	enum err_code rc;

	b->data_version = store_data_version(b->store);
	rc = standings_read(&b->all, b->store, game, &b->ranking.fit, e);
	b->shown = mem_realloc(b->shown,
			       ((size_t)b->all.count + 1) * sizeof(*b->shown));
	b->opponents = mem_realloc(b->opponents, ((size_t)b->all.meeting_count +
						  1) * sizeof(*b->opponents));
	leaderboard_columns(b);
	find_scale(b);
	arrange(b, standings_find(&b->all, name));
	free(name);
	return rc;
}

static void wake(void *ctx)
{
	struct app *app = ctx;

	if (app->stack)
		app_wake(app);
}

static void begin_fit(struct leaderboard *b, bool keep)
{
	struct err e = ERR_INIT;

	if (ranking_begin(&b->ranking, &b->all, lab_path(b->app->lab), keep,
			  wake, b->app, &e))
		app_fail(b->app, &e);
}

static void fit_what_is_new(struct leaderboard *b)
{
	if (ranking_is_behind(&b->ranking, &b->all))
		begin_fit(b, false);
}

static enum err_code read_again(struct leaderboard *b, struct err *e)
{
	int at = leaderboard_selected(b);
	const char *game = b->all.game >= 0 ? b->all.games[b->all.game] : "";

	return read_game(b, game,
			 at < 0 || b->untouched ? "" : b->all.rows[at].spec, e);
}

/* `arg` may be a game, and an agent after it. */
static enum err_code board_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct leaderboard *b = self;
	char game[128] = "", agent[512] = "";
	enum err_code rc;

	b->app = app;
	b->all.game = -1;
	b->x = SERIES_GAMES;
	leaderboard_prepare(b);
	if (!app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "there is no lab file open: ratings are kept "
			       "in one");
	b->store = lab_store(app->lab);
	b->readonly = store_readonly(b->store) || app->readonly;
	if (quote_next(&arg, game, sizeof(game)))
		quote_next(&arg, agent, sizeof(agent));
	b->untouched = !*agent;
	rc = read_game(b, game, agent, e);
	if (!rc)
		fit_what_is_new(b);
	return rc;
}

static void board_close(void *self)
{
	struct leaderboard *b = self;

	standings_release(&b->all);
	ranking_release(&b->ranking);
	free(b->shown);
	free(b->opponents);
}

static void board_status(const void *self, struct buf *out)
{
	const struct leaderboard *b = self;

	if (*b->filter)
		buf_printf(out, "%d of %d with \"%s\"", b->table.row_count,
			   b->all.count, b->filter);
}

/* ---- commands ---- */

static enum screen_action turn_game(struct leaderboard *b, int by)
{
	struct standings *s = &b->all;
	struct err e = ERR_INIT;

	if (s->game_count < 2) {
		app_say(b->app, "Agents have met in one game only.");
		return SCREEN_REDRAW;
	}
	b->untouched = true;
	if (*b->ranking.anchor)
		ranking_set_anchor(&b->ranking, "");
	if (read_game(b,
		      s->games[(s->game + by + s->game_count) % s->game_count],
		      "", &e))
		app_fail(b->app, &e);
	fit_what_is_new(b);
	return SCREEN_REDRAW;
}

static enum screen_action game_by(void *self, const struct key_press *k)
{
	return turn_game(self, k->arg);
}

static enum screen_action keep_ratings(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	if (b->readonly)
		app_say(b->app, "The lab is open for reading only; the ratings "
				"shown are of its matches now.");
	else if (b->all.game < 0 || !b->all.matches)
		app_say(b->app, "Ratings come from matches of two agents: m "
				"starts one.");
	else if (b->ranking.refit)
		app_say(b->app, "A fit is under way.");
	else
		begin_fit(b, true);
	return SCREEN_REDRAW;
}

/* The selected agent, or the random one again. */
static enum screen_action set_anchor(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;
	int at = leaderboard_selected(b);
	const char *spec = at < 0 ? "" : b->all.rows[at].spec;

	(void)k;
	if (at < 0 || b->all.rows[at].games == 0) {
		app_say(b->app, "Only who has met others can have Elo 0.");
		return SCREEN_REDRAW;
	}
	if (b->ranking.refit && b->ranking.keeps) {
		app_say(b->app, "A fit is under way.");
		return SCREEN_REDRAW;
	}
	ranking_set_anchor(&b->ranking,
			   strcmp(spec, b->ranking.anchor) ? spec : "");
	fit_what_is_new(b);
	return SCREEN_REDRAW;
}

static enum screen_action other_interval(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	b->to_mean = !b->to_mean;
	find_scale(b);
	return SCREEN_REDRAW;
}

static bool filtered(void *self, const char *text)
{
	struct leaderboard *b = self;
	int at = leaderboard_selected(b);

	if (!text)
		return true;
	snprintf(b->filter, sizeof(b->filter), "%s", text);
	b->pane = BOARD_RATINGS;
	arrange(b, at);
	return true;
}

static enum screen_action filter(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	app_ask(b->app, "Show agents with", b->filter, filtered, b);
	return SCREEN_REDRAW;
}

static enum screen_action move(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;
	int at = leaderboard_selected(b);

	if (b->pane == BOARD_OPPONENTS)
		return keys_inner(k, &b->met);
	keys_inner(k, &b->table);
	follow_cursor(b, at);
	return SCREEN_REDRAW;
}

static enum screen_action other_pane(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	b->pane = b->pane == BOARD_RATINGS && b->table.row_count
			  ? BOARD_OPPONENTS
			  : BOARD_RATINGS;
	return SCREEN_REDRAW;
}

static enum screen_action other_x(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	b->x = (b->x + 1) % SERIES_X_COUNT;
	return SCREEN_REDRAW;
}

static enum screen_action every_run(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	b->every_run = !b->every_run;
	return SCREEN_REDRAW;
}

/* ---- about the agent under the cursor ---- */

static const struct standing *selected(const struct leaderboard *b)
{
	int at = leaderboard_selected(b);

	return at < 0 ? NULL : &b->all.rows[at];
}

static enum screen_action open_selected(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;
	const struct standing *r = selected(b);
	char arg[160];

	(void)k;
	if (!r)
		return SCREEN_REDRAW;
	if (b->pane == BOARD_OPPONENTS && b->met.row_count) {
		snprintf(arg, sizeof(arg), "%lld",
			 (long long)b->opponents[b->met.selected].match_id);
		app_push(b->app, "score", arg);
	} else if (r->run) {
		snprintf(arg, sizeof(arg), "%s/%lld", r->run,
			 (long long)r->step);
		app_push(b->app, "checkpoint", arg);
	} else {
		b->pane = BOARD_OPPONENTS;
	}
	return SCREEN_REDRAW;
}

/* The agent as a word of another screen's argument.  A filter looks for a part
 * and has no sign for a quote: what stands before one is enough. */
static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;
	const struct standing *r = selected(b);
	char arg[160];
	int len;

	(void)k;
	if (!r)
		return SCREEN_REDRAW;
	len = (int)strcspn(r->spec, "\"");
	snprintf(arg, sizeof(arg), "agent=\"%.*s\"", len > 120 ? 120 : len,
		 r->spec);
	app_push(b->app, "games", arg);
	return SCREEN_REDRAW;
}

static enum screen_action play(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;
	const struct standing *r = selected(b);
	struct buf arg;

	(void)k;
	if (!r)
		return SCREEN_REDRAW;
	buf_init(&arg);
	quote_put(&arg, r->spec);
	app_push(b->app, "play", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static enum screen_action match(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;
	const struct standing *r = selected(b);

	(void)k;
	app_push(b->app, "match", r ? r->spec : "");
	return SCREEN_REDRAW;
}

static enum screen_action open_checkpoints(void *self,
					   const struct key_press *k)
{
	struct leaderboard *b = self;
	const struct standing *r = selected(b);

	(void)k;
	if (r && r->run)
		app_push(b->app, "checkpoints", r->run);
	else if (r)
		app_say(b->app, "It belongs to no run.");
	return SCREEN_REDRAW;
}

static enum screen_action open_matches(void *self, const struct key_press *k)
{
	struct leaderboard *b = self;

	(void)k;
	app_push(b->app, "matches", "");
	return SCREEN_REDRAW;
}

static const struct key_binding board_keys[] = {
	{"Enter", "open",
	 "its checkpoint, else whom it met; there: the newest match", true,
	 .run = open_selected},
	{"Tab", "opponents",
	 "whom the selected agent met, or back to the ratings", true,
	 .run = other_pane},
	{"Left, [", "previous-game", "ratings of the game before", false,
	 .run = game_by, .arg = -1},
	{"Right, ]", "next-game", "ratings of the next game", true,
	 .run = game_by, .arg = 1},
	{"r", "refit",
	 "fit the ratings and keep them in the lab, for all its screens", true,
	 .run = keep_ratings},
	{"a", "anchor",
	 "the selected agent's Elo is 0 here; again: that of random", true,
	 .run = set_anchor},
	{"i", "interval", "intervals to the agent at 0, or to the mean of all",
	 true, .run = other_interval},
	{"x", "x-axis", "x: games, time or steps", true, .run = other_x},
	{"o", "overlay",
	 "curves of every run, or of the selected agent's alone", true,
	 .run = every_run},
	{"/", "filter", "show only agents with this text", false,
	 .run = filter},
	{"v", "games", "its stored games", false, .run = open_games},
	{"p", "play", "play against it", true, .run = play},
	{"m", "match", "start a match with it", true, .run = match},
	{"c", "checkpoints", "checkpoints of its run", false,
	 .run = open_checkpoints},
	{"M", "matches", "all matches", false, .run = open_matches},
	{KEYS_OF(struct leaderboard, table, table_keys), .run = move},
	{0},
};

static enum screen_action board_mouse(void *self, const struct mouse_event *m)
{
	struct leaderboard *b = self;
	int at = leaderboard_selected(b);
	enum leaderboard_pane before = b->pane;
	struct key_press none = {0};

	switch (table_mouse(&b->table, m)) {
	case TABLE_OPENED:
		b->pane = BOARD_RATINGS;
		return before == b->pane ? open_selected(b, &none)
					 : SCREEN_REDRAW;
	case TABLE_MOVED:
		b->pane = BOARD_RATINGS;
		follow_cursor(b, at);
		return SCREEN_REDRAW;
	default:
		break;
	}
	switch (table_mouse(&b->met, m)) {
	case TABLE_OPENED:
		b->pane = BOARD_OPPONENTS;
		return before == b->pane ? open_selected(b, &none)
					 : SCREEN_REDRAW;
	case TABLE_MOVED:
		b->pane = BOARD_OPPONENTS;
		return SCREEN_REDRAW;
	default:
		return SCREEN_STAY;
	}
}

static enum screen_action board_resume(void *self)
{
	struct leaderboard *b = self;
	struct err e = ERR_INIT;

	if (read_again(b, &e))
		app_fail(b->app, &e);
	fit_what_is_new(b);
	return SCREEN_REDRAW;
}

static enum screen_action take_fit(struct leaderboard *b)
{
	struct err e = ERR_INIT;

	if (ranking_take(&b->ranking, &e)) {
		app_fail(b->app, &e);
		return SCREEN_REDRAW;
	}
	if (b->ranking.keeps)
		app_say(b->app, "Kept: %zu ratings.", b->ranking.fit.count);
	return board_resume(b);
}

static bool board_busy(const void *self)
{
	const struct leaderboard *b = self;

	return b->ranking.refit != NULL;
}

/* Matches that a job plays appear by themselves. */
static enum screen_action board_tick(void *self)
{
	struct leaderboard *b = self;

	if (ranking_ended(&b->ranking))
		return take_fit(b);
	if (++b->ticks % POLL_TICKS != 0 ||
	    store_data_version(b->store) == b->data_version)
		return SCREEN_STAY;
	return board_resume(b);
}

const struct screen screen_leaderboard = {
	.name = "leaderboard",
	.title = "Ratings",
	.help = "How strong every agent is, from all matches of a game, the "
		"chance (LOS) that it is above the next, and what a checkpoint "
		"gained on the one before it in its run.",
	.takes = "game agent",
	.self_size = sizeof(struct leaderboard),
	.keys = board_keys,
	.open = board_open,
	.draw = leaderboard_draw,
	.chart = leaderboard_chart,
	.mouse = board_mouse,
	.tick = board_tick,
	.busy = board_busy,
	.resume = board_resume,
	.status = board_status,
	.close = board_close,
};
