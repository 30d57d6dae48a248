/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/watch.h"

#include <stdio.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/play_args.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "core/session/thinker.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"
#include "tui/widget/thinking.h"

static const int speeds_ms[] = {0,    50,   100,  200,  300,  500,
				1000, 2000, 3000, 5000, 10000};

static bool save(struct watch *w)
{
	struct err e = ERR_INIT;

	if (!w->app->lab || w->app->readonly || !w->sitting.round.plies)
		return false;
	if (sitting_save(&w->sitting, lab_store(w->app->lab), "watch", &e)) {
		app_fail(w->app, &e);
		return false;
	}
	w->last_row = w->sitting.round.row;
	return true;
}

/* Whoever is to act goes to work, even while paused: its thoughts are what a
 * pause is for. */
static void begin_game(struct watch *w, int number)
{
	panes_clear(&w->panes);
	w->shown = 0;
	w->scored = false;
	sitting_begin(&w->sitting, number);
	w->ready_at = clock_seconds() + w->speed_ms / 1000.0;
}

/* Sides change with every game, so that the score is fair. */
static void next_game(struct watch *w, int number)
{
	sitting_swap(&w->sitting);
	panes_swap(&w->panes);
	w->first_agent = 1 - w->first_agent;
	begin_game(w, number);
}

static void end_game(struct watch *w)
{
	double result = round_result(&w->sitting.round);

	w->scored = true;
	if (result > 0)
		w->wins[watch_agent(w, 0)]++;
	else if (result < 0)
		w->wins[watch_agent(w, 1)]++;
	else
		w->draws++;
	save(w);
	if (w->games && w->sitting.number >= w->games)
		w->paused = true;
	/* A result stands for a while. */
	w->ready_at = clock_seconds() + w->speed_ms * 4 / 1000.0;
}

static void play_held(struct watch *w)
{
	bool follow = w->shown == w->sitting.round.plies;

	sitting_answer(&w->sitting);
	if (*w->sitting.round.forfeit)
		app_say(w->app, "%s", w->sitting.round.forfeit);
	if (follow)
		w->shown = w->sitting.round.plies;
	w->ready_at = clock_seconds() + w->speed_ms / 1000.0;
	if (round_over(&w->sitting.round))
		end_game(w);
}

static enum err_code watch_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct watch *w = self;
	struct play_args args;
	struct seat_host host = panes_host(app);
	struct game g;
	enum err_code rc;

	w->app = app;
	board_view_init(&w->view, &w->sitting.round.game, app);
	w->empty = true;
	w->tab = -1;
	if (!*arg) {
		app_replace(app, "newwatch", "");
		return ERR_OK;
	}
	rc = play_args_parse(&args, arg, e);
	if (!rc)
		rc = play_args_game(&args, app->lab, &g, e);
	if (!rc && args.agent_count &&
	    panes_live(app, &g, args.agents[0], args.speed_ms))
		return ERR_OK;
	if (!rc && args.agent_count != 2)
		rc = err_set(e, ERR_USAGE,
			     "watch takes two agents, as in: watch random "
			     "tactical game=connect4");
	if (rc)
		return rc;
	sitting_init(&w->sitting, &g, &host);
	for (int i = 0; i < 2 && !rc; i++) {
		rc = sitting_seat(&w->sitting, i, args.agents[i], e);
		if (!rc && seat_is_human(&w->sitting.seats[i]))
			rc = err_set(
				e, ERR_USAGE,
				"watch shows two agents; 'play' is for people");
	}
	if (rc)
		return rc;
	w->empty = false;
	w->speed_ms = args.speed_ms >= 0 ? args.speed_ms : 500;
	w->games = args.games;
	w->marks = true;
	panes_follow(&w->panes, &w->sitting);
	begin_game(w, 1);
	rc = play_args_moves(&args, &w->sitting.round, e);
	if (*args.moves) {
		sitting_stop(&w->sitting);
		w->shown = w->sitting.round.plies;
		sitting_go_on(&w->sitting);
	}
	return rc;
}

static void watch_close(void *self)
{
	struct watch *w = self;

	sitting_release(&w->sitting);
}

/* The panes show what was thought about the position on the board. */
static void look_at(struct watch *w, int ply)
{
	const struct round *r = &w->sitting.round;

	if (ply < 0 || ply > r->plies)
		return;
	w->shown = ply;
	/* The last thought of each side before the move shown next. */
	for (int i = 0; i < 2; i++)
		for (int at = ply < r->plies ? ply : r->plies - 1; at >= 0;
		     at--) {
			const void *s = round_state(r, at);

			if (r->game.rules->to_act(&r->game, s) != i ||
			    !r->thoughts[at].moves)
				continue;
			thinking_set(&w->panes.of[i], &r->game, s,
				     &r->thoughts[at], at, false,
				     w->app->ascii);
			break;
		}
	/* At the present, an answer that waits is the newest thought. */
	if (ply == r->plies && w->sitting.held)
		thinking_set(&w->panes.of[w->sitting.held_player], &r->game,
			     round_now(r), &w->sitting.held_thought, r->plies,
			     false, w->app->ascii);
}

static enum screen_action step(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	w->paused = true;
	if (w->shown < w->sitting.round.plies)
		look_at(w, w->shown + 1);
	else
		w->steps++;
	return SCREEN_REDRAW;
}

static enum screen_action set_speed(struct watch *w, int ms)
{
	w->speed_ms = ms;
	w->ready_at = clock_seconds() + ms / 1000.0;
	return SCREEN_REDRAW;
}

static enum screen_action faster(void *self, const struct key_press *k)
{
	struct watch *w = self;
	int i = (int)ARRAY_LEN(speeds_ms) - 1;

	(void)k;
	while (i > 0 && speeds_ms[i] >= w->speed_ms)
		i--;
	return set_speed(w, speeds_ms[i]);
}

static enum screen_action slower(void *self, const struct key_press *k)
{
	struct watch *w = self;
	int i = 0;

	(void)k;
	while (i < (int)ARRAY_LEN(speeds_ms) - 1 && speeds_ms[i] <= w->speed_ms)
		i++;
	return set_speed(w, speeds_ms[i]);
}

static enum screen_action open_stored(void *self, const struct key_press *k)
{
	struct watch *w = self;
	bool saved = save(w);
	int64_t row = saved ? w->sitting.round.row : w->last_row;
	char where[48];

	(void)k;
	w->paused = true;
	if (!row) {
		if (!w->app->message[0])
			app_say(w->app, w->sitting.round.plies
						? "no lab file is open for "
						  "writing"
						: "there is no move yet");
		return SCREEN_REDRAW;
	}
	snprintf(where, sizeof(where), "%lld %d", (long long)row,
		 saved ? w->shown : 0);
	app_push(w->app, "game", where);
	return SCREEN_REDRAW;
}

static enum screen_action pause_or_go_on(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	w->paused = !w->paused;
	w->steps = 0;
	if (!w->paused) {
		look_at(w, w->sitting.round.plies);
		/* Going on after the last of N games begins another N. */
		if (w->games && w->scored && w->sitting.number >= w->games)
			w->games += w->sitting.number;
	}
	return SCREEN_REDRAW;
}

static enum screen_action look_back_at(struct watch *w, int ply)
{
	w->paused = true;
	w->steps = 0;
	look_at(w, ply);
	return SCREEN_REDRAW;
}

static enum screen_action look_back(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	return look_back_at(w, w->shown - 1);
}

static enum screen_action look_first(void *self, const struct key_press *k)
{
	(void)k;
	return look_back_at(self, 0);
}

static enum screen_action look_last(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	look_at(w, w->sitting.round.plies);
	return SCREEN_REDRAW;
}

static enum screen_action hurry(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	sitting_hurry(&w->sitting);
	return SCREEN_REDRAW;
}

static enum screen_action restart(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	begin_game(w, w->scored ? w->sitting.number + 1 : w->sitting.number);
	return SCREEN_REDRAW;
}

static enum screen_action swap(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	next_game(w, w->scored ? w->sitting.number + 1 : w->sitting.number);
	return SCREEN_REDRAW;
}

static enum screen_action other_thoughts(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	w->tab = w->tab == 1 ? -1 : w->tab + 1;
	return SCREEN_REDRAW;
}

static enum screen_action marks(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	w->marks = !w->marks;
	return SCREEN_REDRAW;
}

static enum screen_action choose(void *self, const struct key_press *k)
{
	struct watch *w = self;

	(void)k;
	app_push(w->app, "newwatch", "");
	return SCREEN_REDRAW;
}

static const struct key_binding watch_keys[] = {
	{"Space", "pause", "pause or go on", true, .run = pause_or_go_on},
	{"Right, n", "step",
	 "one move on; at the end of the game, the next game", true,
	 .run = step},
	{"Left", "back", "look one move back", true, .run = look_back},
	{"Home", "first", "look at the start of the game", false,
	 .run = look_first},
	{"End", "last", "back to the present", false, .run = look_last},
	{"+, =", "faster", "less time per move", true, .run = faster},
	{"-", "slower", "more time per move", true, .run = slower},
	{"x", "move-now", "have the agent move with what it has", false,
	 .run = hurry},
	{"r", "restart", "this game from its start", false, .run = restart},
	{"s", "swap", "a new game with sides swapped", true, .run = swap},
	{"Tab", "other-thoughts",
	 "whose thoughts show: who moves, the first, the second", false,
	 .run = other_thoughts},
	{"o", "overlay", "figures on the board or not", false, .run = marks},
	BOARD_VIEW_KEYS(struct watch, view,
			"who owns each cell (Go, Othello): as the agent sees "
			"it, else by the rules' count"),
	{"c", "choose", "choose other agents or another game", false,
	 .run = choose},
	{"Enter, i", "inspect", "save the game and open it in the stepper",
	 true, .run = open_stored},
	{0},
};

static const struct key_binding *watch_popup(const void *self)
{
	const struct watch *w = self;

	return w->empty ? keys_none : NULL;
}

/* Whether the next move, or the next game, may begin now. */
static bool due(const struct watch *w)
{
	if (w->paused)
		return w->steps > 0;
	return clock_seconds() >= w->ready_at;
}

/* Looking back, the panes stay with the position shown. */
static void show(void *self, int seat, const struct thought *th, int ply,
		 bool running)
{
	struct watch *w = self;

	if (w->shown == w->sitting.round.plies)
		panes_set(&w->panes, &w->sitting, seat, th, ply, running,
			  w->app->ascii);
}

static enum screen_action watch_tick(void *self)
{
	struct watch *w = self;
	bool news;

	if (w->empty)
		return SCREEN_STAY;
	news = sitting_collect(&w->sitting, show, w);
	if (w->sitting.held && due(w)) {
		if (w->steps)
			w->steps--;
		play_held(w);
		news = true;
	} else if (round_over(&w->sitting.round) && due(w)) {
		if (w->steps)
			w->steps--;
		next_game(w, w->sitting.number + 1);
		news = true;
	}
	return news ? SCREEN_REDRAW : SCREEN_STAY;
}

static bool watch_busy(const void *self)
{
	const struct watch *w = self;

	if (w->empty)
		return false;
	return sitting_is_thinking(&w->sitting) || w->steps > 0 ||
	       (!w->paused && w->speed_ms == 0);
}

const struct screen screen_watch = {
	.name = "watch",
	.title = "Watch",
	.help = "Two agents play one game after another, thinking aloud.",
	.takes = "agent game= speed= games= moves=",
	.self_size = sizeof(struct watch),
	.keys = watch_keys,
	.open = watch_open,
	.draw = watch_draw,
	.popup = watch_popup,
	.tick = watch_tick,
	.busy = watch_busy,
	.status = watch_status,
	.close = watch_close,
};
