/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/match_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

double match_points(const struct game *g, const void *state)
{
	float value[GAME_MAX_PLAYERS];

	if (g->rules->points)
		return g->rules->points(g, state);
	if (g->player_count > 1)
		return (double)NAN;
	g->rules->score(g, state, value);
	return (double)value[0];
}

/* Games of a match, as one worker plays them. */

/* --- one game ------------------------------------------------------------ */

/* What chance does at `state`, `ply` plies into the game. */
static game_move chance_move(const struct match_request *m, uint64_t number,
			     int ply, const void *state, game_move *legal)
{
	struct rng rng;

	rng_init(&rng, m->seed, RNG_CHANCE, number, (uint64_t)ply);
	return game_chance_move(m->game, state, &rng, legal);
}

static void *new_state(const struct match_request *m, int number)
{
	return game_state_new(m->game, rng_mix(m->seed, (uint64_t)number));
}

/* Which agent acts: 0 or 1. */
int match_seat(const struct match_request *m, int number, int player)
{
	return m->game->player_count > 1 ? player ^ (number % 2) : 0;
}

/* Whoever could not move has lost, whatever the position. */
static void take_forfeit(const struct match_request *m, struct lane *lane)
{
	int seat = match_seat(m, lane->number, lane->player);
	struct played *p = lane->p;

	p->first_result = lane->player == 0 ? -1 : 1;
	p->result = seat == 0 ? -1 : 1;
	p->points = (double)NAN;
}

static void take_result(const struct match_request *m, const struct lane *lane)
{
	const void *state = lane->state;
	struct played *p = lane->p;
	float value[GAME_MAX_PLAYERS];

	m->game->rules->score(m->game, state, value);
	p->first_result = value[0];
	p->result = match_seat(m, lane->number, 0) == 0 ? value[0] : -value[0];
	p->points = match_points(m->game, state);
	if (m->game->rules->facts)
		p->fact_count = m->game->rules->facts(m->game, state, p->facts);
	snprintf(p->ended, sizeof(p->ended), "%s",
		 m->game->rules->ended ? m->game->rules->ended(m->game, state)
				       : "rules");
}

/* --- lives --------------------------------------------------------------- */

enum err_code match_open_agent(const struct match_request *m, struct worker *w,
			       int seat, struct err *e)
{
	const char *spec = m->agents[seat];
	enum err_code rc =
		agent_open(&w->agents[seat], spec, m->game, m->source, e);

	if (!rc && agent_is_human(w->agents[seat]))
		rc = err_set(e, ERR_USAGE,
			     "'%s' cannot play in a match: use the lab's play "
			     "screen",
			     spec);
	if (!rc)
		agent_keep_trace(w->agents[seat], m->thoughts);
	return rc;
}

/* Both agents hear of a game before anybody else does: once it is finished, it
 * may be gone. */
static void tell_agents(struct match *match, struct worker *w,
			const struct lane *lane)
{
	const struct match_request *m = match->request;
	const struct played *p = lane->p;
	void *start;

	if (match->life == 1)
		return;
	start = new_state(m, lane->number);
	for (int i = 0; i < 2 && w->agents[i]; i++) {
		struct agent_game game = {
			.start = start,
			.moves = p->moves,
			.count = p->count,
			.opening = p->opening,
			.player = m->game->player_count > 1
					  ? match_seat(m, lane->number, i)
					  : 0,
			.result = i == 0 ? p->result : -p->result,
		};

		agent_learn(w->agents[i], &game);
	}
	free(start);
	w->told = true;
}

/* Who learns begins anew. */
static bool begin_life(struct match *match, struct worker *w)
{
	for (int i = 0; w->told && i < 2 && w->agents[i]; i++) {
		if (!agent_learns(w->agents[i]))
			continue;
		agent_close(w->agents[i]);
		w->failed = match_open_agent(match->request, w, i, &w->error);
		if (w->failed) {
			atomic_store(&match->cancelled, true);
			return false;
		}
	}
	w->told = false;
	return true;
}

/* The number of the next game, -1: none is left. */
static int next_game(struct match *match, struct worker *w)
{
	if (w->next == w->end) {
		w->next = atomic_fetch_add(&match->begun, match->life);
		w->end = w->next + match->life;
		if (match->life > 1 && w->next < match->end &&
		    !begin_life(match, w))
			w->next = match->end;
	}
	return w->next < match->end ? w->next++ : -1;
}

/* --- games side by side -------------------------------------------------- */

static bool begin_game(struct match *match, struct worker *w, struct lane *lane)
{
	const struct match_request *m = match->request;
	size_t plies = (size_t)m->game->max_plies;
	int number = next_game(match, w);

	if (number < 0)
		return false;
	lane->number = number;
	lane->p = &match->played[number - match->first];
	lane->state = new_state(m, number);
	lane->p->moves = mem_zalloc(plies, sizeof(*lane->p->moves));
	if (m->thoughts)
		lane->p->thoughts =
			mem_zalloc(plies, sizeof(*lane->p->thoughts));
	match_play_opening(m, &match->book, number, lane->state, lane->p->moves,
			   &lane->p->count);
	lane->p->opening = lane->p->count;
	return true;
}

/* No longer played: over, or given up. */
static void end_game(struct lane *lane)
{
	free(lane->state);
	lane->state = NULL;
	lane->p = NULL;
}

static void finish_game(struct match *match, struct worker *w,
			struct lane *lane)
{
	tell_agents(match, w, lane);
	atomic_store(&lane->p->finished, true);
	end_game(lane);
}

static void apply(const struct match_request *m, struct lane *lane,
		  game_move move)
{
	m->game->rules->apply(m->game, lane->state, move);
	lane->p->moves[lane->p->count++] = move;
}

/* To where a player acts, in the next game if this one is over; false: no game
 * is left. */
static bool advance(struct match *match, struct worker *w, struct lane *lane)
{
	const struct match_request *m = match->request;

	while (lane->p || begin_game(match, w, lane)) {
		lane->player = m->game->rules->to_act(m->game, lane->state);
		if (lane->player == GAME_OVER) {
			take_result(m, lane);
			finish_game(match, w, lane);
		} else if (lane->player == GAME_CHANCE) {
			apply(m, lane,
			      chance_move(m, (uint64_t)lane->number,
					  lane->p->count, lane->state,
					  w->legal));
		} else {
			return true;
		}
	}
	return false;
}

/* A thought becomes a move, or a forfeit. */
static void take_turn(struct match *match, struct worker *w, struct lane *lane,
		      struct thought *t)
{
	const struct match_request *m = match->request;
	struct played *p = lane->p;
	game_move move = t->move;

	if (*t->forfeit) {
		memcpy(p->ended, t->forfeit, sizeof(p->ended));
		thought_release(t);
		take_forfeit(m, lane);
		finish_game(match, w, lane);
		return;
	}
	if (p->thoughts)
		p->thoughts[p->count] = *t;
	else
		thought_release(t);
	apply(m, lane, move);
}

/* One that plays alone thinks as it does anywhere. */
static bool think_alone(struct match *match, struct agent *a, uint64_t seed,
			struct agent_turn *turn)
{
	agent_line(a, turn->at.line, turn->at.ply);
	agent_think(a, turn->at.state, seed, turn->at.game, turn->at.ply,
		    &match->cancelled, &turn->out);
	if (!atomic_load(&match->cancelled))
		return true;
	thought_release(&turn->out);
	return false;
}

static int gather_turns(struct match *match, struct worker *w, int seat)
{
	int n = 0;

	for (int i = 0; i < match->lanes; i++) {
		struct lane *lane = &w->lanes[i];

		if (!advance(match, w, lane) ||
		    match_seat(match->request, lane->number, lane->player) !=
			    seat)
			continue;
		w->asked[n] = lane;
		w->turns[n++] = (struct agent_turn){
			.at = {.state = lane->state,
			       .line = lane->p->moves,
			       .ply = lane->p->count,
			       .game = (uint64_t)lane->number},
			.kept = lane->kept[seat],
		};
	}
	return n;
}

/* The agent of this seat moves wherever it has the turn. */
static int ask_seat(struct match *match, struct worker *w, int seat)
{
	uint64_t seed = rng_mix(match->request->seed, (uint64_t)seat);
	int n = gather_turns(match, w, seat);
	/* Beginning a game may have made it anew. */
	struct agent *a = w->agents[seat];
	bool ok = true;

	if (n && !match->together)
		ok = think_alone(match, a, seed, w->turns);
	else if (n)
		ok = agent_think_together(a, w->turns, n, seed,
					  &match->cancelled);
	for (int i = 0; i < n && ok; i++)
		take_turn(match, w, w->asked[i], &w->turns[i].out);
	return n;
}

void match_play_games(void *ctx, int task, int worker)
{
	struct match *match = ctx;
	struct worker *w = &match->workers[worker];
	int seats = match->request->game->player_count > 1 ? 2 : 1;
	bool going = true;

	(void)task;
	w->next = w->end = 0;
	while (going) {
		going = false;
		for (int seat = 0; seat < seats; seat++) {
			if (atomic_load(&match->cancelled))
				break;
			going |= ask_seat(match, w, seat) > 0;
		}
	}
	for (int i = 0; i < match->lanes; i++)
		end_game(&w->lanes[i]);
}
