/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "tui/screen/play_args.h"
#include "tui/screen/screens.h"

/* clang-format off */
enum {
	PLAY_UP = 1, PLAY_DOWN, PLAY_LEFT, PLAY_RIGHT, PLAY_MOVE, PLAY_TYPE,
	PLAY_PASS, PLAY_BACK, PLAY_HINT, PLAY_ALWAYS, PLAY_HURRY, PLAY_PANE,
	PLAY_OVERLAY,
	PLAY_MORE, PLAY_LESS, PLAY_SIMS, PLAY_AGENT, PLAY_HINT_AGENT,
	PLAY_AGAIN, PLAY_NEW, PLAY_SWAP, PLAY_RESIGN, PLAY_OPEN,
};
/* clang-format on */

const struct key_binding play_keys[] = {
	{"Left", "left", "cursor to the left", false, .command = PLAY_LEFT},
	{"Right", "right", "cursor to the right", false, .command = PLAY_RIGHT},
	{"Up", "up", "cursor up", false, .command = PLAY_UP},
	{"Down", "down", "cursor down", false, .command = PLAY_DOWN},
	{"Enter, Space", "move",
	 "play at the cursor (in chess the piece, then where it goes); after "
	 "the game, open it in the stepper",
	 true, .command = PLAY_MOVE},
	{"m", "type-move",
	 "type a move: Q16, e2e4, Nf3, d3; where a column is a digit or a "
	 "letter without a meaning here, that alone starts it",
	 true, .command = PLAY_TYPE},
	{"p", "pass", "pass, in games that have it", false,
	 .command = PLAY_PASS},
	{"u, z, Backspace", "take-back", "take back to your previous turn",
	 true, .command = PLAY_BACK},
	{"H", "hint", "ask the agent what it would play here", true,
	 .command = PLAY_HINT},
	{"v", "judge", "have the agent judge each of your positions, or not",
	 false, .command = PLAY_ALWAYS},
	{"x", "move-now", "have the agent move with what it has", false,
	 .command = PLAY_HURRY},
	{"t", "thoughts", "show or hide the thoughts", true,
	 .command = PLAY_PANE},
	{"o", "overlay", "on the board: nothing, the network's policy, visits",
	 false, .command = PLAY_OVERLAY},
	BOARD_VIEW_KEYS("who owns each cell (Go, Othello): as the agent sees "
			"it, else by the rules' count"),
	{"+, =", "more-simulations", "twice as many simulations for the agent",
	 false, .command = PLAY_MORE},
	{"-", "fewer-simulations",
	 "half as many; the last step is its raw policy", false,
	 .command = PLAY_LESS},
	{"N", "simulations", "type a number of simulations", false,
	 .command = PLAY_SIMS},
	{"A", "agent", "play on against another agent", false,
	 .command = PLAY_AGENT},
	{"E", "expert", "who is asked for hints", false,
	 .command = PLAY_HINT_AGENT},
	{"r", "again", "a new game with the same players", false,
	 .command = PLAY_AGAIN},
	{"n", "new-game", "choose game, opponent and side", true,
	 .command = PLAY_NEW},
	{"s", "swap-sides", "take the other side from here", false,
	 .command = PLAY_SWAP},
	{"R", "resign", "give the game up", false, .command = PLAY_RESIGN},
	{"i", "inspect", "save the game and open it in the stepper", true,
	 .command = PLAY_OPEN},
	{0},
};

/* The side of the agent that commands are about; -1 if people play. */
static int agent_side(const struct play *p)
{
	if (!seat_is_human(&p->seats[1]))
		return 1;
	return seat_is_human(&p->seats[0]) ? -1 : 0;
}

/* Save the game as it stands; false if there is no row of it. */
static bool save(struct play *p)
{
	struct err e = ERR_INIT;

	if (!p->app->lab || p->app->readonly || !p->round.plies)
		return false;
	if (!round_save(&p->round, lab_store(p->app->lab),
			seat_name(&p->seats[0]), seat_name(&p->seats[1]),
			"human", &e))
		return true;
	app_fail(p->app, &e);
	return false;
}

static void forget_hint(struct play *p)
{
	seat_cancel(&p->hint);
	p->hint_shown = false;
	p->hint_wanted = false;
}

/* Whom to ask for hints: who was named, else the opponent, else the strongest
 * that needs no network. */
static bool need_hint_seat(struct play *p)
{
	int side = agent_side(p);
	struct err e = ERR_INIT;

	if (!seat_is_human(&p->hint))
		return true;
	if (!seat_take(&p->hint, p->app, &p->round.game,
		       side >= 0 ? p->seats[side].spec
				 : "mcts:rollout,sims=2000",
		       &e))
		return true;
	app_fail(p->app, &e);
	return false;
}

static void ask_hint(struct play *p)
{
	if (!play_person_to_move(p) || !need_hint_seat(p))
		return;
	p->hint_shown = true;
	seat_ask(&p->hint, &p->round, (uint64_t)p->number);
}

/* Something on the board changed: whoever is to act goes to work. */
static void go_on(struct play *p)
{
	int player = round_to_act(&p->round);

	p->typed[0] = '\0';
	entry_forget(&p->entry);
	if (player == GAME_OVER) {
		save(p);
	} else if (player >= 0 && !seat_is_human(&p->seats[player])) {
		p->last_agent = player;
		seat_ask(&p->seats[player], &p->round, (uint64_t)p->number);
	} else if (p->always_hint) {
		ask_hint(p);
	}
}

static void stop_thinking(struct play *p)
{
	seat_cancel(&p->seats[0]);
	seat_cancel(&p->seats[1]);
	forget_hint(p);
}

static void make_move(struct play *p, game_move m, struct thought *th,
		      const char *name)
{
	/* What was thought about the position a person faced belongs to the
	 * game too, but it was a hint: it is not kept as a search. */
	forget_hint(p);
	round_play(&p->round, m, th, name);
	go_on(p);
}

enum screen_action play_person_move(struct play *p, game_move m,
				    const char *why)
{
	if (!play_person_to_move(p))
		return SCREEN_STAY;
	if (m == GAME_NO_MOVE)
		app_say(p->app, "%s", why);
	else
		make_move(p, m, NULL, NULL);
	return SCREEN_REDRAW;
}

enum screen_action play_entered(struct play *p, enum entry_result result,
				game_move m, const char *why)
{
	if (result == ENTRY_MOVE)
		return play_person_move(p, m, why);
	if (result == ENTRY_NOTHING && *why)
		app_say(p->app, "%s", why);
	return SCREEN_REDRAW;
}

static enum screen_action pass(struct play *p)
{
	if (!play_person_to_move(p))
		return SCREEN_STAY;
	return play_person_move(
		p, entry_pass(&p->round.game, round_now(&p->round)),
		"you cannot pass here");
}

static enum err_code play_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct play *p = self;
	struct play_args args;
	struct game g;
	enum err_code rc;
	int agent;

	p->app = app;
	p->seen = mem_zalloc(1, sizeof(*p->seen));
	p->empty = true;
	p->last_agent = -1;
	if (!*arg) {
		app_replace(app, "newgame", "");
		return ERR_OK;
	}
	rc = play_args_parse(&args, arg, e);
	if (!rc && args.agent_count == 0)
		snprintf(args.agents[args.agent_count++], SEAT_SPEC_SIZE,
			 "tactical");
	if (!rc && args.agent_count != 1)
		rc = err_set(e, ERR_USAGE,
			     "play is against one agent; 'watch' shows two");
	if (!rc)
		rc = play_args_game(&args, app->lab, &g, e);
	if (rc || play_args_live(app, &g, "human", args.speed_ms))
		return rc;
	round_init(&p->round, &g, round_new_seed(1));
	rc = play_args_moves(&args, &p->round, e);
	agent = g.player_count > 1 ? 1 - args.side : 1;
	if (!rc)
		rc = seat_take(&p->seats[agent], app, &p->round.game,
			       args.agents[0], e);
	if (rc)
		return rc;
	p->empty = false;
	p->pane = true;
	p->overlay = OVERLAY_POLICY;
	p->number = 1;
	entry_init(&p->entry, &p->round.game);
	p->view.flip = board_turns(&g) && args.side == 1;
	go_on(p);
	return ERR_OK;
}

static void play_close(void *self)
{
	struct play *p = self;

	if (!p->empty) {
		stop_thinking(p);
		save(p);
	}
	seat_release(&p->seats[0]);
	seat_release(&p->seats[1]);
	seat_release(&p->hint);
	round_release(&p->round);
	free(p->seen);
}

static void move_cursor(struct play *p, int rows, int cols)
{
	entry_step(&p->entry, &p->round.game, p->view.flip, rows, cols);
}

static enum screen_action open_stored(struct play *p)
{
	char where[48];

	if (!p->round.plies) {
		app_say(p->app, "there is no move yet");
		return SCREEN_REDRAW;
	}
	if (!save(p)) {
		if (!p->app->message[0])
			app_say(p->app, "no lab file is open for writing, so "
					"the game was not saved");
		return SCREEN_REDRAW;
	}
	snprintf(where, sizeof(where), "%lld %d", (long long)p->round.row,
		 p->round.plies);
	app_push(p->app, "game", where);
	return SCREEN_REDRAW;
}

/* Back to the last position where a person was to move, and further with every
 * call. */
static enum screen_action take_back(struct play *p)
{
	stop_thinking(p);
	if (!round_undo(&p->round))
		app_say(p->app, "there is no move to take back");
	else
		while (!play_person_to_move(p) && round_undo(&p->round))
			;
	go_on(p);
	return SCREEN_REDRAW;
}

static enum screen_action again(struct play *p)
{
	stop_thinking(p);
	save(p);
	p->number++;
	p->last_agent = -1;
	thinking_clear(&p->seats[0].pane);
	thinking_clear(&p->seats[1].pane);
	round_restart(&p->round, round_new_seed(p->number));
	entry_init(&p->entry, &p->round.game);
	go_on(p);
	return SCREEN_REDRAW;
}

static enum screen_action swap_sides(struct play *p)
{
	if (p->round.game.player_count < 2)
		return SCREEN_STAY;
	stop_thinking(p);
	seat_swap(&p->seats[0], &p->seats[1]);
	if (p->last_agent >= 0)
		p->last_agent = 1 - p->last_agent;
	go_on(p);
	return SCREEN_REDRAW;
}

static enum screen_action resign(struct play *p)
{
	int player = round_to_act(&p->round);

	if (player < 0) {
		app_say(p->app, "the game is over");
		return SCREEN_REDRAW;
	}
	/* While the agent thinks it is still the person who gives up. */
	if (!seat_is_human(&p->seats[player]))
		player = 1 - player;
	stop_thinking(p);
	round_resign(&p->round, player);
	go_on(p);
	return SCREEN_REDRAW;
}

/* An agent that cannot go on has lost. */
static void give_up(struct play *p, int player, struct thought *th)
{
	stop_thinking(p);
	round_forfeit(&p->round, player, th->forfeit);
	app_say(p->app, "%s", th->forfeit);
	thought_release(th);
	go_on(p);
}

static bool replace_agent(struct play *p, const char *spec)
{
	struct err e = ERR_INIT;
	int side = agent_side(p);

	/* Between two people an agent takes the second side. */
	if (side < 0)
		side = 1;
	if (seat_take(&p->seats[side], p->app, &p->round.game, spec, &e)) {
		app_fail(p->app, &e);
		return false;
	}
	/* Hints come from the new opponent, unless somebody was named. */
	forget_hint(p);
	seat_release(&p->hint);
	app_say(p->app, "now playing: %s", seat_name(&p->seats[side]));
	go_on(p);
	return true;
}

static enum screen_action set_simulations(struct play *p, int simulations)
{
	int side = agent_side(p);
	char spec[SEAT_SPEC_SIZE];

	if (side < 0 ||
	    !seat_spec_simulations(p->seats[side].spec, simulations, spec))
		app_say(p->app, "this opponent has no number of simulations "
				"to change");
	else
		replace_agent(p, spec);
	return SCREEN_REDRAW;
}

static enum screen_action scale_simulations(struct play *p, bool more)
{
	int side = agent_side(p);
	int now = side < 0 ? -1 : seat_simulations(p->seats[side].spec);

	if (more)
		now = now == 0 ? 1 : now > 500000 ? 1000000 : now * 2;
	else if (now > 0)
		now /= 2;
	return set_simulations(p, now);
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
	struct seat named = {0};
	struct err e = ERR_INIT;

	if (!text || !*text)
		return true;
	if (seat_take(&named, p->app, &p->round.game, text, &e)) {
		app_fail(p->app, &e);
	} else if (seat_is_human(&named)) {
		app_say(p->app, "a person cannot be asked for hints");
	} else {
		forget_hint(p);
		seat_swap(&p->hint, &named);
		seat_release(&named);
		app_say(p->app, "hints come from %s", seat_name(&p->hint));
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

/* Commands that ask in the bottom line first. */
static enum screen_action ask(struct play *p, int command)
{
	int side = agent_side(p);
	char number[16];

	switch (command) {
	case PLAY_TYPE:
		play_ask_move(p, "");
		break;
	case PLAY_SIMS:
		snprintf(number, sizeof(number), "%d",
			 side < 0 ? 0 : seat_simulations(p->seats[side].spec));
		app_ask(p->app, "Simulations (0: raw policy):", number,
			simulations_typed, p);
		break;
	case PLAY_AGENT:
		app_ask(p->app,
			"Play against:", side < 0 ? "" : p->seats[side].spec,
			agent_typed, p);
		break;
	case PLAY_HINT_AGENT:
		app_ask(p->app, "Hints from:",
			seat_is_human(&p->hint) ? "" : p->hint.spec,
			hint_agent_typed, p);
		break;
	case PLAY_RESIGN:
		app_ask(p->app, "Give the game up? (y, n)", "", resign_answered,
			p);
		break;
	}
	return SCREEN_REDRAW;
}

static enum screen_action at_cursor(struct play *p)
{
	char why[ENTRY_WHY] = "";
	game_move m = GAME_NO_MOVE;
	enum entry_result result;

	if (round_over(&p->round))
		return open_stored(p);
	if (!play_person_to_move(p))
		return SCREEN_STAY;
	result = entry_put(&p->entry, &p->round.game, round_now(&p->round), &m,
			   why);
	return play_entered(p, result, m, why);
}

static void hurry(struct play *p)
{
	for (int i = 0; i < 2; i++)
		if (seat_is_thinking(&p->seats[i]))
			thinker_hurry(p->seats[i].thinker);
	if (seat_is_thinking(&p->hint))
		thinker_hurry(p->hint.thinker);
}

static enum screen_action play_command(void *self, int command)
{
	struct play *p = self;

	if (p->empty)
		return SCREEN_STAY;
	switch (command) {
	case PLAY_LEFT:
		move_cursor(p, 0, -1);
		break;
	case PLAY_RIGHT:
		move_cursor(p, 0, 1);
		break;
	case PLAY_UP:
		move_cursor(p, -1, 0);
		break;
	case PLAY_DOWN:
		move_cursor(p, 1, 0);
		break;
	case PLAY_MOVE:
		return at_cursor(p);
	case PLAY_PASS:
		return pass(p);
	case PLAY_BACK:
		/* The piece in the hand goes back first. */
		if (entry_leave(&p->entry))
			break;
		return take_back(p);
	case PLAY_HINT:
		p->hint_wanted = play_person_to_move(p);
		ask_hint(p);
		break;
	case PLAY_ALWAYS:
		p->always_hint = !p->always_hint;
		app_say(p->app, p->always_hint
					? "the agent judges each position"
					: "the agent judges its own positions");
		go_on(p);
		break;
	case PLAY_HURRY:
		hurry(p);
		break;
	case PLAY_PANE:
		p->pane = !p->pane;
		break;
	case PLAY_OVERLAY:
		p->overlay = (p->overlay + 1) % OVERLAY_COUNT;
		break;
	case PLAY_MORE:
	case PLAY_LESS:
		return scale_simulations(p, command == PLAY_MORE);
	case PLAY_AGAIN:
		return again(p);
	case PLAY_NEW:
		app_push(p->app, "newgame", "");
		break;
	case PLAY_SWAP:
		return swap_sides(p);
	case PLAY_OPEN:
		return open_stored(p);
	default:
		if (board_view_command(&p->view, command, &p->round.game,
				       p->app))
			break;
		return ask(p, command);
	}
	return SCREEN_REDRAW;
}

static bool play_editing(const void *self)
{
	const struct play *p = self;

	return p->typed[0] != '\0' || entry_asks(&p->entry);
}

static enum screen_action play_mouse(void *self, const struct mouse_event *m)
{
	struct play *p = self;
	struct play_figures figures;
	struct board b;
	int cell;

	if (p->empty || m->button != 1 || !p->seen->width ||
	    !play_person_to_move(p) || entry_asks(&p->entry))
		return SCREEN_STAY;
	b = play_board(p, &figures);
	board_hit(&b, p->seen->height, p->seen->width, p->seen->ascii,
		  m->row - p->seen->row, m->col - p->seen->col, &cell);
	if (cell < 0)
		return SCREEN_STAY;
	p->entry.row = cell / p->round.game.cols;
	p->entry.col = cell % p->round.game.cols;
	return at_cursor(p);
}

static void show_hint(struct play *p, const struct thought *th)
{
	const struct game *g = &p->round.game;
	int cell = g->rules->move_cell(g, round_now(&p->round), th->move);
	char text[GAME_TEXT_SIZE];

	if (!p->hint_wanted)
		return;
	p->hint_wanted = false;
	g->rules->move_text(g, round_now(&p->round), th->move, text);
	app_say(p->app, "%s would play %s", seat_name(&p->hint), text);
	if (cell >= 0) {
		p->entry.row = cell / g->cols;
		p->entry.col = cell % g->cols;
	}
}

static enum screen_action play_tick(void *self)
{
	struct play *p = self;
	enum screen_action action = SCREEN_STAY;
	struct thought th;

	if (p->empty)
		return action;
	for (int i = 0; i < 2; i++) {
		enum seat_news news = seat_collect(&p->seats[i], &p->round,
						   p->app->ascii, &th);

		if (news != SEAT_NOTHING)
			action = SCREEN_REDRAW;
		if (news == SEAT_ANSWER && *th.forfeit)
			give_up(p, i, &th);
		else if (news == SEAT_ANSWER)
			make_move(p, th.move, &th, seat_name(&p->seats[i]));
	}
	switch (seat_collect(&p->hint, &p->round, p->app->ascii, &th)) {
	case SEAT_NOTHING:
		break;
	case SEAT_ANSWER:
		if (*th.forfeit)
			app_say(p->app, "%s", th.forfeit);
		else
			show_hint(p, &th);
		thought_release(&th);
		action = SCREEN_REDRAW;
		break;
	case SEAT_SNAPSHOT:
		action = SCREEN_REDRAW;
		break;
	}
	return action;
}

static bool play_busy(const void *self)
{
	const struct play *p = self;

	return seat_is_thinking(&p->seats[0]) ||
	       seat_is_thinking(&p->seats[1]) || seat_is_thinking(&p->hint);
}

const struct screen screen_play = {
	.name = "play",
	.title = "Play",
	.help = "A game against an agent, or between two people.",
	.self_size = sizeof(struct play),
	.keys = play_keys,
	.open = play_open,
	.draw = play_draw,
	.command = play_command,
	.text = play_text,
	.editing = play_editing,
	.mouse = play_mouse,
	.tick = play_tick,
	.busy = play_busy,
	.status = play_status,
	.close = play_close,
};
