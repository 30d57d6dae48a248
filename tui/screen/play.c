/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "tui/keys.h"
#include "tui/screen/play_args.h"
#include "tui/screen/screens.h"

/* The side of the agent that commands are about; -1 if people play. */
int play_agent_side(const struct play *p)
{
	if (!seat_is_human(&p->seats[1]))
		return 1;
	return seat_is_human(&p->seats[0]) ? -1 : 0;
}

/* Save the game as it stands; false if there is no row of it. */
bool play_save(struct play *p)
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

void play_forget_hint(struct play *p)
{
	seat_cancel(&p->hint);
	p->hint_shown = false;
	p->hint_wanted = false;
}

/* Whom to ask for hints: who was named, else the opponent, else the strongest
 * that needs no network. */
static bool need_hint_seat(struct play *p)
{
	int side = play_agent_side(p);
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

void play_ask_hint(struct play *p)
{
	if (!play_person_to_move(p) || !need_hint_seat(p))
		return;
	p->hint_shown = true;
	seat_ask(&p->hint, &p->round, (uint64_t)p->number);
}

/* Something on the board changed: whoever is to act goes to work. */
void play_go_on(struct play *p)
{
	int player = round_to_act(&p->round);

	p->typed[0] = '\0';
	entry_forget(&p->entry);
	if (player == GAME_OVER) {
		play_save(p);
	} else if (player >= 0 && !seat_is_human(&p->seats[player])) {
		p->last_agent = player;
		seat_ask(&p->seats[player], &p->round, (uint64_t)p->number);
	} else if (p->always_hint) {
		play_ask_hint(p);
	}
}

void play_stop_thinking(struct play *p)
{
	seat_cancel(&p->seats[0]);
	seat_cancel(&p->seats[1]);
	play_forget_hint(p);
}

static void make_move(struct play *p, game_move m, struct thought *th,
		      const char *name)
{
	/* What was thought about the position a person faced belongs to the
	 * game too, but it was a hint: it is not kept as a search. */
	play_forget_hint(p);
	round_play(&p->round, m, th, name);
	play_go_on(p);
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

static enum err_code play_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct play *p = self;
	struct play_args args;
	struct game g;
	enum err_code rc;
	int agent;

	p->app = app;
	board_view_init(&p->view, &p->round.game, app);
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
	play_go_on(p);
	return ERR_OK;
}

static void play_close(void *self)
{
	struct play *p = self;

	if (!p->empty) {
		play_stop_thinking(p);
		play_save(p);
	}
	seat_release(&p->seats[0]);
	seat_release(&p->seats[1]);
	seat_release(&p->hint);
	round_release(&p->round);
	free(p->seen);
}

/* An agent that cannot go on has lost. */
static void give_up(struct play *p, int player, struct thought *th)
{
	play_stop_thinking(p);
	round_forfeit(&p->round, player, th->forfeit);
	app_say(p->app, "%s", th->forfeit);
	thought_release(th);
	play_go_on(p);
}

static const struct key_binding *play_popup(const void *self)
{
	const struct play *p = self;

	return p->empty ? keys_none : NULL;
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
	return play_at_cursor(p);
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
	.popup = play_popup,
	.text = play_text,
	.editing = play_editing,
	.mouse = play_mouse,
	.tick = play_tick,
	.busy = play_busy,
	.status = play_status,
	.close = play_close,
};
