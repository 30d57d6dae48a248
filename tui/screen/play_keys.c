/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "core/session/sitting.h"
#include "core/session/thinker.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/play.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"

enum screen_action play_open_stored(struct play *p)
{
	char where[48];

	if (!p->sitting.round.plies) {
		app_say(p->app, "there is no move yet");
		return SCREEN_REDRAW;
	}
	if (!play_save(p)) {
		if (!p->app->message[0])
			app_say(p->app, "no lab file is open for writing, so "
					"the game was not saved");
		return SCREEN_REDRAW;
	}
	snprintf(where, sizeof(where), "%lld %d",
		 (long long)p->sitting.round.row, p->sitting.round.plies);
	app_push(p->app, "game", where);
	return SCREEN_REDRAW;
}

/* Back to the last position where a person was to move, and further with every
 * call. */
static enum screen_action take_back(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	/* The piece in the hand goes back first. */
	if (entry_leave(&p->entry))
		return SCREEN_REDRAW;
	if (!sitting_take_back(&p->sitting))
		app_say(p->app, "there is no move to take back");
	panes_take_back(&p->panes, &p->sitting, p->app->ascii);
	p->hint_wanted = false;
	play_changed(p);
	return SCREEN_REDRAW;
}

static enum screen_action again(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	play_save(p);
	panes_clear(&p->panes);
	sitting_begin(&p->sitting, p->sitting.number + 1);
	entry_init(&p->entry, &p->sitting.round.game);
	play_changed(p);
	return SCREEN_REDRAW;
}

static enum screen_action swap_sides(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	if (!sitting_swap(&p->sitting))
		return SCREEN_STAY;
	panes_swap(&p->panes);
	play_changed(p);
	return SCREEN_REDRAW;
}

static enum screen_action resign(struct play *p)
{
	if (sitting_resign(&p->sitting))
		play_changed(p);
	else
		app_say(p->app, "the game is over");
	return SCREEN_REDRAW;
}

static bool replace_agent(struct play *p, const char *spec)
{
	struct err e = ERR_INIT;

	if (sitting_replace(&p->sitting, spec, &e)) {
		app_fail(p->app, &e);
		return false;
	}
	app_say(p->app, "now playing: %s",
		seat_name(&p->sitting.seats[sitting_opponent(&p->sitting)]));
	play_changed(p);
	return true;
}

static enum screen_action set_simulations(struct play *p, int simulations)
{
	int side = sitting_opponent(&p->sitting);
	char spec[SEAT_SPEC_SIZE];

	if (side < 0 || !seat_spec_simulations(p->sitting.seats[side].spec,
					       simulations, spec))
		app_say(p->app, "this opponent has no number of simulations "
				"to change");
	else
		replace_agent(p, spec);
	return SCREEN_REDRAW;
}

static int simulations_now(const struct play *p)
{
	int side = sitting_opponent(&p->sitting);

	return side < 0 ? -1 : seat_simulations(p->sitting.seats[side].spec);
}

static enum screen_action more_simulations(void *self,
					   const struct key_press *k)
{
	(void)k;
	return set_simulations(
		self, seat_scale_simulations(simulations_now(self), true));
}

static enum screen_action fewer_simulations(void *self,
					    const struct key_press *k)
{
	(void)k;
	return set_simulations(
		self, seat_scale_simulations(simulations_now(self), false));
}

static bool simulations_typed(void *self, const char *text)
{
	struct play *p = self;
	char *end;
	long n;

	if (!text || !*text)
		return true;
	n = strtol(text, &end, 10);
	if (*end || n < 0 || n > 1000000) {
		app_say(p->app, "'%s' is not a number from 0 to 1000000", text);
		return false;
	}
	/* An opponent that has none is not helped by another number. */
	set_simulations(p, (int)n);
	return true;
}

static bool agent_typed(void *self, const char *text)
{
	return !text || !*text || replace_agent(self, text);
}

static bool hint_agent_typed(void *self, const char *text)
{
	struct play *p = self;
	struct err e = ERR_INIT;
	bool person;

	if (!text || !*text)
		return true;
	if (sitting_hint_from(&p->sitting, text, &person, &e)) {
		app_fail(p->app, &e);
	} else if (person) {
		app_say(p->app, "a person cannot be asked for hints");
	} else {
		panes_follow(&p->panes, &p->sitting);
		p->hint_wanted = false;
		app_say(p->app, "hints come from %s",
			seat_name(&p->sitting.seats[SITTING_HINT]));
		return true;
	}
	return false;
}

static bool resign_answered(void *self, const char *text)
{
	if (text && (*text == 'y' || *text == 'Y'))
		resign(self);
	return true;
}

/* ---- questions in the bottom line ---- */

static enum screen_action ask_move(void *self, const struct key_press *k)
{
	(void)k;
	play_ask_move(self, "");
	return SCREEN_REDRAW;
}

static enum screen_action ask_simulations(void *self, const struct key_press *k)
{
	struct play *p = self;
	char number[16];
	int now = simulations_now(p);

	(void)k;
	snprintf(number, sizeof(number), "%d",
		 sitting_opponent(&p->sitting) < 0 ? 0 : now);
	app_ask(p->app, "Simulations (0: raw policy):", number,
		simulations_typed, p);
	return SCREEN_REDRAW;
}

static enum screen_action ask_agent(void *self, const struct key_press *k)
{
	struct play *p = self;
	int side = sitting_opponent(&p->sitting);

	(void)k;
	app_ask(p->app,
		"Play against:", side < 0 ? "" : p->sitting.seats[side].spec,
		agent_typed, p);
	return SCREEN_REDRAW;
}

static enum screen_action ask_expert(void *self, const struct key_press *k)
{
	struct play *p = self;
	const struct seat *hint = &p->sitting.seats[SITTING_HINT];

	(void)k;
	app_ask(p->app, "Hints from:", seat_is_human(hint) ? "" : hint->spec,
		hint_agent_typed, p);
	return SCREEN_REDRAW;
}

static enum screen_action ask_resign(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	app_ask(p->app, "Give the game up? (y, n)", "", resign_answered, p);
	return SCREEN_REDRAW;
}

/* ---- on the board ---- */

static enum screen_action across_by(void *self, const struct key_press *k)
{
	struct play *p = self;

	entry_step(&p->entry, &p->sitting.round.game, p->view.flip, 0, k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action down_by(void *self, const struct key_press *k)
{
	struct play *p = self;

	entry_step(&p->entry, &p->sitting.round.game, p->view.flip, k->arg, 0);
	return SCREEN_REDRAW;
}

enum screen_action play_at_cursor(struct play *p)
{
	char why[ENTRY_WHY] = "";
	game_move m = GAME_NO_MOVE;
	enum entry_result result;

	if (round_over(&p->sitting.round))
		return play_open_stored(p);
	if (!sitting_person_to_move(&p->sitting))
		return SCREEN_STAY;
	result = entry_put(&p->entry, &p->sitting.round.game,
			   round_now(&p->sitting.round), &m, why);
	return play_entered(p, result, m, why);
}

static enum screen_action put(void *self, const struct key_press *k)
{
	(void)k;
	return play_at_cursor(self);
}

static enum screen_action pass(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	if (!sitting_person_to_move(&p->sitting))
		return SCREEN_STAY;
	return play_person_move(p,
				entry_pass(&p->sitting.round.game,
					   round_now(&p->sitting.round)),
				"you cannot pass here");
}

static enum screen_action hint(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	p->hint_wanted = sitting_person_to_move(&p->sitting);
	play_ask_hint(p);
	return SCREEN_REDRAW;
}

static enum screen_action judge(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	p->always_hint = !p->always_hint;
	app_say(p->app, p->always_hint ? "the agent judges each position"
				       : "the agent judges its own positions");
	play_changed(p);
	return SCREEN_REDRAW;
}

static enum screen_action hurry(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	sitting_hurry(&p->sitting);
	return SCREEN_REDRAW;
}

static enum screen_action show_pane(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	p->pane = !p->pane;
	return SCREEN_REDRAW;
}

static enum screen_action overlay(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	p->overlay = (p->overlay + 1) % OVERLAY_COUNT;
	return SCREEN_REDRAW;
}

static enum screen_action new_game(void *self, const struct key_press *k)
{
	struct play *p = self;

	(void)k;
	app_push(p->app, "newgame", "");
	return SCREEN_REDRAW;
}

static enum screen_action open_stored(void *self, const struct key_press *k)
{
	(void)k;
	return play_open_stored(self);
}

const struct key_binding play_keys[] = {
	{"Left", "left", "cursor to the left", false, .run = across_by,
	 .arg = -1},
	{"Right", "right", "cursor to the right", false, .run = across_by,
	 .arg = 1},
	{"Up", "up", "cursor up", false, .run = down_by, .arg = -1},
	{"Down", "down", "cursor down", false, .run = down_by, .arg = 1},
	{"Enter, Space", "move",
	 "play at the cursor (in chess the piece, then where it goes; Esc puts "
	 "it down); after the game, open it in the stepper",
	 true, .run = put},
	{"m", "type-move",
	 "type a move: Q16, e2e4, Nf3, d3; its first letter or digit starts it "
	 "too, and whatever else that means here is left to `:`",
	 true, .run = ask_move},
	{"p", "pass", "pass, in games that have it", false, .run = pass},
	{"u, z, Backspace", "take-back", "take back to your previous turn",
	 true, .run = take_back},
	{"H, F2", "hint", "ask the agent what it would play here", true,
	 .run = hint},
	{"v", "judge", "have the agent judge each of your positions, or not",
	 false, .run = judge},
	{"x", "move-now", "have the agent move with what it has", false,
	 .run = hurry},
	{"t", "thoughts", "show or hide the thoughts", true, .run = show_pane},
	{"o", "overlay", "on the board: nothing, the network's policy, visits",
	 false, .run = overlay},
	BOARD_VIEW_KEYS(struct play, view,
			"who owns each cell (Go, Othello): as the agent sees "
			"it, else by the rules' count"),
	{"+, =", "more-simulations", "twice as many simulations for the agent",
	 false, .run = more_simulations},
	{"-", "fewer-simulations",
	 "half as many; the last step is its raw policy", false,
	 .run = fewer_simulations},
	{"N", "simulations", "type a number of simulations", false,
	 .run = ask_simulations},
	{"A", "agent", "play on against another agent", false,
	 .run = ask_agent},
	{"E", "expert", "who is asked for hints", false, .run = ask_expert},
	{"r", "again", "a new game with the same players", false, .run = again},
	{"n", "new-game", "choose game, opponent and side", true,
	 .run = new_game},
	{"s", "swap-sides", "take the other side from here", false,
	 .run = swap_sides},
	{"R", "resign", "give the game up", false, .run = ask_resign},
	{"i", "inspect", "save the game and open it in the stepper", true,
	 .run = open_stored},
	{0},
};
