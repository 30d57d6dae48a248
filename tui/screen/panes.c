/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/panes.h"

#include "core/base/buf.h"
#include "core/lab/lab.h"
#include "core/session/round.h"
#include "core/session/seat.h"

static void wake(void *ctx)
{
	app_wake(ctx);
}

struct seat_host panes_host(struct app *app)
{
	return (struct seat_host){
		.networks = app->lab ? lab_agents(app->lab) : NULL,
		.wake = wake,
		.ctx = app,
	};
}

void panes_follow(struct panes *p, const struct sitting *s)
{
	for (int i = 0; i < SITTING_SEATS; i++) {
		const struct seat *seat = &s->seats[i];

		if (p->guest[i] != seat->guest)
			thinking_init(&p->of[i], seat_name(seat));
		p->guest[i] = seat->guest;
		p->of[i].running = seat->aloud;
	}
}

void panes_set(struct panes *p, const struct sitting *s, int seat,
	       const struct thought *th, int ply, bool running, bool ascii)
{
	const struct round *r = &s->round;

	thinking_set(&p->of[seat], &r->game, round_state(r, ply), th, ply,
		     running, ascii);
}

/* The last move that this player thought about; -1: none. */
static int last_thought(const struct round *r, int player)
{
	int ply = r->plies - 1;

	while (ply >= 0 &&
	       (!r->thoughts[ply].moves ||
		r->game.rules->to_act(&r->game, round_state(r, ply)) != player))
		ply--;
	return ply;
}

void panes_take_back(struct panes *p, const struct sitting *s, bool ascii)
{
	for (int i = 0; i < SITTING_SEATS; i++) {
		bool running = p->of[i].running;
		int ply = i == SITTING_HINT ? -1 : last_thought(&s->round, i);

		thinking_clear(&p->of[i]);
		if (ply >= 0)
			panes_set(p, s, i, &s->round.thoughts[ply], ply, false,
				  ascii);
		p->of[i].running = running;
	}
}

void panes_swap(struct panes *p)
{
	struct thinking pane = p->of[0];
	int guest = p->guest[0];

	p->of[0] = p->of[1];
	p->guest[0] = p->guest[1];
	p->of[1] = pane;
	p->guest[1] = guest;
}

void panes_clear(struct panes *p)
{
	thinking_clear(&p->of[0]);
	thinking_clear(&p->of[1]);
}

bool panes_live(struct app *app, const struct game *g, const char *player,
		int speed_ms)
{
	struct buf arg;

	if (g->player_count > 1)
		return false;
	buf_init(&arg);
	buf_printf(&arg, "%s game=%s", player, g->name);
	if (speed_ms > 0)
		buf_printf(&arg, " speed=%d", speed_ms);
	app_replace(app, "live", arg.data);
	buf_release(&arg);
	return true;
}
