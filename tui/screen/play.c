/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/play_args.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"

static enum err_code play_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct play *p = self;
	struct play_args args;
	struct seat_host host = panes_host(app);
	struct game g;
	enum err_code rc;
	int agent;

	p->app = app;
	board_view_init(&p->view, &p->sitting.round.game, app);
	p->empty = true;
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
	if (rc || panes_live(app, &g, "human", args.speed_ms))
		return rc;
	sitting_init(&p->sitting, &g, &host);
	rc = play_args_moves(&args, &p->sitting.round, e);
	agent = g.player_count > 1 ? 1 - args.side : 1;
	if (!rc)
		rc = sitting_seat(&p->sitting, agent, args.agents[0], e);
	if (rc)
		return rc;
	p->empty = false;
	p->pane = true;
	p->overlay = OVERLAY_POLICY;
	entry_init(&p->entry, &p->sitting.round.game);
	p->view.flip = board_turns(&g) && args.side == 1;
	sitting_go_on(&p->sitting);
	play_changed(p);
	return ERR_OK;
}

static void play_close(void *self)
{
	struct play *p = self;

	if (!p->empty) {
		sitting_stop(&p->sitting);
		play_save(p);
	}
	sitting_release(&p->sitting);
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

static bool play_put_away(void *self)
{
	struct play *p = self;

	return entry_leave(&p->entry);
}

static enum screen_action play_mouse(void *self, const struct mouse_event *m)
{
	struct play *p = self;
	struct play_figures figures;
	struct board b;
	int cell;

	if (p->empty || m->button != 1 ||
	    !sitting_person_to_move(&p->sitting) || entry_asks(&p->entry))
		return SCREEN_STAY;
	b = play_board(p, &figures);
	cell = board_view_click(&b, canvas_map_find(m->seen, p, PLAY_BOARD), m,
				p->app->ascii);
	if (cell < 0)
		return SCREEN_STAY;
	p->entry.row = cell / p->sitting.round.game.cols;
	p->entry.col = cell % p->sitting.round.game.cols;
	return play_at_cursor(p);
}

static void show_hint(struct play *p, const struct thought *th)
{
	const struct game *g = &p->sitting.round.game;
	int cell =
		g->rules->move_cell(g, round_now(&p->sitting.round), th->move);
	char text[GAME_TEXT_SIZE];

	if (!p->hint_wanted)
		return;
	p->hint_wanted = false;
	g->rules->move_text(g, round_now(&p->sitting.round), th->move, text);
	app_say(p->app, "%s would play %s",
		seat_name(&p->sitting.seats[SITTING_HINT]), text);
	if (cell >= 0) {
		p->entry.row = cell / g->cols;
		p->entry.col = cell % g->cols;
	}
}

static void show(void *self, int seat, const struct thought *th, int ply,
		 bool running)
{
	struct play *p = self;

	panes_set(&p->panes, &p->sitting, seat, th, ply, running,
		  p->app->ascii);
	if (seat != SITTING_HINT || running)
		return;
	if (*th->forfeit)
		app_say(p->app, "%s", th->forfeit);
	else
		show_hint(p, th);
}

static enum screen_action play_tick(void *self)
{
	struct play *p = self;

	if (p->empty || !sitting_collect(&p->sitting, show, p))
		return SCREEN_STAY;
	panes_follow(&p->panes, &p->sitting);
	if (p->sitting.held) {
		sitting_answer(&p->sitting);
		/* An agent that cannot go on has lost. */
		if (*p->sitting.round.forfeit)
			app_say(p->app, "%s", p->sitting.round.forfeit);
		play_changed(p);
	}
	return SCREEN_REDRAW;
}

static bool play_busy(const void *self)
{
	const struct play *p = self;

	return sitting_is_thinking(&p->sitting);
}

const struct screen screen_play = {
	.name = "play",
	.title = "Play",
	.help = "A game against an agent, or between two people.",
	.takes = "agent game= side= moves= speed=",
	.self_size = sizeof(struct play),
	.keys = play_keys,
	.open = play_open,
	.draw = play_draw,
	.popup = play_popup,
	.text = play_text,
	.claims = play_claims,
	.put_away = play_put_away,
	.editing = play_editing,
	.mouse = play_mouse,
	.tick = play_tick,
	.busy = play_busy,
	.status = play_status,
	.close = play_close,
};
