/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/live.h"

#include <stdio.h>

#include "core/agent/agent.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/play_args.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"

enum { TICKS_A_FRAME = 4 };

const struct seat *live_seat(const struct live *v)
{
	return &v->sitting.seats[0];
}

static bool save(struct live *v)
{
	bool person = seat_is_human(live_seat(v));
	struct err e = ERR_INIT;

	if (!v->app->lab || v->app->readonly || !v->sitting.round.plies)
		return false;
	if (sitting_save(&v->sitting, lab_store(v->app->lab),
			 person ? "human" : "watch", &e)) {
		app_fail(v->app, &e);
		return false;
	}
	return true;
}

static void begin_game(struct live *v, int number)
{
	v->paused = true;
	v->steps = 0;
	v->heading = v->wish = 's';
	sitting_begin(&v->sitting, number);
}

static void end_game(struct live *v)
{
	const struct game *g = &v->sitting.round.game;
	int points = g->rules->points
			     ? g->rules->points(g, round_now(&v->sitting.round))
			     : 0;

	if (!v->finished || points > v->best)
		v->best = points;
	v->finished++;
	v->sum += points;
	v->paused = true;
	v->steps = 0;
	if ((seat_is_human(live_seat(v)) || v->keep) && save(v))
		app_say(v->app, "kept as game %lld",
			(long long)v->sitting.round.row);
}

static game_move move_to(const struct live *v, char where)
{
	const struct game *g = &v->sitting.round.game;
	const char text[2] = {where, '\0'};

	return g->rules->move_parse(g, round_now(&v->sitting.round), text);
}

/* Where the person wants to go, else on as before, else nowhere. */
static game_move steered(struct live *v)
{
	game_move m = move_to(v, v->wish);

	if (m != GAME_NO_MOVE)
		v->heading = v->wish;
	else
		m = move_to(v, v->heading);
	return m != GAME_NO_MOVE ? m : move_to(v, 's');
}

/* True: there was something to move. */
static bool one_tick(struct live *v)
{
	if (round_over(&v->sitting.round))
		return false;
	if (seat_is_human(live_seat(v))) {
		sitting_play(&v->sitting, steered(v));
	} else if (!v->sitting.held) {
		return false;
	} else if (*v->sitting.held_thought.forfeit) {
		app_say(v->app, "%s", v->sitting.held_thought.forfeit);
		sitting_drop_answer(&v->sitting);
		v->paused = true;
	} else {
		sitting_answer(&v->sitting);
	}
	if (round_over(&v->sitting.round))
		end_game(v);
	return true;
}

/* The first one-player family of the table. */
static const char *usual_game(void)
{
	for (int i = 0; game_table[i]; i++) {
		struct game g;

		if (!game_init(&g, game_table[i]->family, NULL) &&
		    g.player_count == 1)
			return game_table[i]->family;
	}
	return "";
}

static enum err_code live_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct live *v = self;
	struct seat_host host = panes_host(app);
	struct play_args args;
	struct game g;
	enum err_code rc = play_args_parse(&args, arg, e);

	v->app = app;
	v->empty = true;
	if (!rc && args.agent_count > 1)
		rc = err_set(e, ERR_USAGE,
			     "a one-player game takes one player, as in: live "
			     "greedy game=%s",
			     usual_game());
	if (!rc && !*args.game &&
	    (!args.agent_count || !agent_needs_network(args.agents[0])))
		snprintf(args.game, sizeof(args.game), "%s", usual_game());
	if (!rc)
		rc = play_args_game(&args, app->lab, &g, e);
	if (!rc && g.player_count != 1)
		rc = err_set(e, ERR_USAGE,
			     "%s is not a one-player game: 'play' is for two",
			     game_title(&g));
	if (rc)
		return rc;
	sitting_init(&v->sitting, &g, &host);
	rc = sitting_seat(&v->sitting, 0,
			  args.agent_count ? args.agents[0] : "human", e);
	if (rc)
		return rc;
	v->empty = false;
	v->rate = LIVE_RATE;
	if (args.speed_ms > 0)
		v->rate = args.speed_ms >= 1000 ? 1 : 1000 / args.speed_ms;
	if (v->rate > LIVE_RATE_MAX)
		v->rate = LIVE_RATE_MAX;
	begin_game(v, 1);
	return play_args_moves(&args, &v->sitting.round, e);
}

static void live_close(void *self)
{
	struct live *v = self;

	sitting_release(&v->sitting);
}

static enum screen_action steer(void *self, const struct key_press *k)
{
	struct live *v = self;

	if (seat_is_human(live_seat(v)))
		v->wish = (char)k->arg;
	else
		app_say(v->app, "%s plays: a, then human, to take over",
			seat_name(live_seat(v)));
	return SCREEN_REDRAW;
}

static enum screen_action pause_or_go_on(void *self, const struct key_press *k)
{
	struct live *v = self;

	(void)k;
	if (round_over(&v->sitting.round)) {
		begin_game(v, v->sitting.number + 1);
		v->paused = false;
	} else {
		v->paused = !v->paused;
	}
	v->steps = 0;
	v->due = clock_seconds() + 1.0 / v->rate;
	return SCREEN_REDRAW;
}

static enum screen_action step(void *self, const struct key_press *k)
{
	struct live *v = self;

	(void)k;
	v->paused = true;
	if (!one_tick(v) && !round_over(&v->sitting.round))
		v->steps++;
	return SCREEN_REDRAW;
}

static enum screen_action change_rate(void *self, const struct key_press *k)
{
	struct live *v = self;

	v->rate += k->arg;
	if (v->rate < 1)
		v->rate = 1;
	if (v->rate > LIVE_RATE_MAX)
		v->rate = LIVE_RATE_MAX;
	v->due = clock_seconds() + 1.0 / v->rate;
	return SCREEN_REDRAW;
}

static enum screen_action restart(void *self, const struct key_press *k)
{
	struct live *v = self;

	(void)k;
	begin_game(v, v->sitting.number + 1);
	return SCREEN_REDRAW;
}

static enum screen_action keep(void *self, const struct key_press *k)
{
	struct live *v = self;

	(void)k;
	v->keep = !v->keep;
	app_say(v->app, v->keep ? "an agent's finished games are stored"
				: "an agent's games are not stored");
	return SCREEN_REDRAW;
}

/* What `a` was answered; the game goes on with whoever it is. */
static bool chosen(void *self, const char *text)
{
	struct live *v = self;
	struct err e = ERR_INIT;

	if (!text || !*text)
		return true;
	if (sitting_seat(&v->sitting, 0, text, &e)) {
		app_fail(v->app, &e);
		return false;
	}
	v->paused = true;
	v->steps = 0;
	if (v->sitting.round.plies && !round_over(&v->sitting.round))
		begin_game(v, v->sitting.number);
	sitting_go_on(&v->sitting);
	return true;
}

static enum screen_action choose_agent(void *self, const struct key_press *k)
{
	struct live *v = self;

	(void)k;
	app_ask(v->app, "Who plays?", seat_name(live_seat(v)), chosen, v);
	return SCREEN_REDRAW;
}

static enum screen_action open_stored(void *self, const struct key_press *k)
{
	struct live *v = self;
	char where[48];

	(void)k;
	v->paused = true;
	if (!save(v)) {
		if (!v->app->message[0])
			app_say(v->app, v->sitting.round.plies
						? "no lab file is open for "
						  "writing"
						: "there is no move yet");
		return SCREEN_REDRAW;
	}
	snprintf(where, sizeof(where), "%lld %d",
		 (long long)v->sitting.round.row, v->sitting.round.plies);
	app_push(v->app, "game", where);
	return SCREEN_REDRAW;
}

static const struct key_binding live_keys[] = {
	{"Space", "pause", "start, pause, go on", true, .run = pause_or_go_on},
	{"Up, k", "up", "turn up as soon as that is possible", true,
	 .run = steer, .arg = 'u'},
	{"Left, h", "left", "turn left", true, .run = steer, .arg = 'l'},
	{"Down, j", "down", "turn down", true, .run = steer, .arg = 'd'},
	{"Right, l", "right", "turn right", true, .run = steer, .arg = 'r'},
	{"s", "stay", "stay where he is", false, .run = steer, .arg = 's'},
	{".", "step", "pause, and one tick on", true, .run = step},
	{"+, =", "faster", "more ticks a second", true, .run = change_rate,
	 .arg = 1},
	{"-", "slower", "fewer ticks a second", true, .run = change_rate,
	 .arg = -1},
	{"r", "restart", "a new game", true, .run = restart},
	{"a", "agent",
	 "choose who plays: human, greedy, kind, mcts:RUN/STEP,sims=N", true,
	 .run = choose_agent},
	{"w", "keep", "store the games of an agent too, or not", false,
	 .run = keep},
	{"Enter, i", "inspect", "save the game and open it in the stepper",
	 false, .run = open_stored},
	{0},
};

static const struct key_binding *live_popup(const void *self)
{
	const struct live *v = self;

	return v->empty ? keys_none : NULL;
}

static bool due(const struct live *v)
{
	return v->paused ? v->steps > 0 : clock_seconds() >= v->due;
}

static enum screen_action live_tick(void *self)
{
	struct live *v = self;
	bool news = false;

	if (v->empty)
		return SCREEN_STAY;
	for (int i = 0; i < TICKS_A_FRAME; i++) {
		sitting_collect(&v->sitting, NULL, NULL);
		if (!due(v) || !one_tick(v))
			break;
		news = true;
		if (v->steps)
			v->steps--;
		v->due += 1.0 / v->rate;
	}
	/* After a halt of the whole program nobody wants to catch up. */
	if (v->due < clock_seconds() - 1)
		v->due = clock_seconds();
	return news ? SCREEN_REDRAW : SCREEN_STAY;
}

/* Play that goes by the clock is never done; what was asked for one by one is
 * waited for. */
static bool live_busy(const void *self)
{
	const struct live *v = self;

	return !v->empty && v->paused &&
	       (sitting_is_thinking(&v->sitting) || v->steps > 0);
}

const struct screen screen_live = {
	.name = "live",
	.title = "Live",
	.help = "A one-player game by the clock: steer, or watch an agent.",
	.takes = "agent game= speed=",
	.self_size = sizeof(struct live),
	.keys = live_keys,
	.open = live_open,
	.draw = live_draw,
	.popup = live_popup,
	.tick = live_tick,
	.busy = live_busy,
	.status = live_status,
	.close = live_close,
};
