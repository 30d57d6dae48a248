/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/base/mem.h"
#include "core/search/fleet.h"

/* Turns of many games at once, each game with its own tree. */

/* Searches that a tree kept from turn to turn has room for. */
enum { TREE_SEARCHES = 4 };

struct agent_kept {
	struct mcts *mcts; /* owned; NULL: no search yet */
	struct agent_memory memory;
};

struct agent_kept *agent_kept_new(const struct agent *a)
{
	struct agent_kept *kept = mem_zalloc(1, sizeof(*kept));

	kept->memory.state = mem_zalloc(1, a->g->state_size);
	return kept;
}

void agent_kept_free(struct agent_kept *kept)
{
	if (!kept)
		return;
	mcts_free(kept->mcts);
	free(kept->memory.state);
	free(kept);
}

void agent_swap_kept(struct agent *a, struct agent_kept *kept)
{
	struct agent_kept now = {a->mcts, a->memory};

	a->mcts = kept->mcts;
	a->memory = kept->memory;
	*kept = now;
}

enum agent_company agent_company(const struct agent *a)
{
	return a->company;
}

void agent_turn_to(struct agent *a, const struct agent_turn *turn,
		   struct rng *r)
{
	a->game = turn->at.game;
	a->ply = turn->at.ply;
	agent_line(a, turn->at.line, turn->at.ply);
	rng_init(r, a->seed, RNG_MATCH, a->game, (uint64_t)a->ply);
}

/* --- searches ------------------------------------------------------------ */

struct company {
	struct agent *a;
	struct agent_turn *turns;
	const atomic_bool *cancel;
};

/* The tree of a game that searches for the first time. */
static void make_tree(struct agent *a)
{
	struct mcts_config c;

	if (a->kind != &agent_kind_mcts || a->mcts)
		return;
	c = agent_search_config(a);
	c.memory_cap = search_tree_cap(a, TREE_SEARCHES);
	a->mcts = mcts_new(a->g, &c);
}

static void begin(struct agent *a, struct agent_turn *turn)
{
	struct mcts_config c;
	struct rng r;

	agent_turn_to(a, turn, &r);
	c = agent_search_config(a);
	c.batch = 1;
	agent_swap_kept(a, turn->kept);
	make_tree(a);
	search_begin(a, turn->at.state, &c);
	agent_swap_kept(a, turn->kept);
}

static bool end(void *ctx, int i, enum mcts_stop stop)
{
	const struct company *m = ctx;
	struct agent_turn *turn = &m->turns[i];
	struct rng r;

	(void)stop; /* whatever ended it, this is what it thinks */
	agent_turn_to(m->a, turn, &r);
	agent_swap_kept(m->a, turn->kept);
	search_end(m->a, turn->at.state, &r, NULL, &turn->out);
	agent_swap_kept(m->a, turn->kept);
	return false;
}

static bool goes_on(void *ctx)
{
	const struct company *m = ctx;

	return agent_goes_on(m->cancel);
}

bool agent_search_together(struct agent *a, struct agent_turn *turns, int count,
			   const atomic_bool *cancel)
{
	struct mcts **searches = mem_zalloc((size_t)count, sizeof(*searches));
	struct company m = {.a = a, .turns = turns, .cancel = cancel};
	const struct fleet_calls calls = {end, goes_on, &m};
	struct evaluator ev;
	struct fleet *fleet = agent_fleet(a, &ev);
	enum mcts_stop stop;

	for (int i = 0; i < count; i++) {
		begin(a, &turns[i]);
		searches[i] = turns[i].kept->mcts;
	}
	stop = fleet_run(fleet, &ev, searches, count, &calls);
	free(searches);
	return stop == MCTS_DONE;
}

/* --- the turns ----------------------------------------------------------- */

static bool in_turn(struct agent *a, struct agent_turn *turns, int count,
		    const atomic_bool *cancel)
{
	for (int i = 0; i < count; i++) {
		struct agent_turn *turn = &turns[i];
		struct rng r;

		agent_turn_to(a, turn, &r);
		agent_swap_kept(a, turn->kept);
		make_tree(a);
		a->kind->think(a, turn->at.state, &r, cancel, &turn->out);
		agent_swap_kept(a, turn->kept);
		if (!agent_goes_on(cancel))
			return false;
	}
	return true;
}

bool agent_think_together(struct agent *a, struct agent_turn *turns, int count,
			  uint64_t seed, const atomic_bool *cancel)
{
	bool together = agent_company(a) == AGENT_TOGETHER, going;

	assert(a->kind->think && !a->limits.only_count && !a->limits.lines);
	if (!count)
		return true;
	a->seed = seed;
	for (int i = 0; i < count; i++)
		agent_begin_thought(a, turns[i].at.state, &turns[i].out);
	going = (together ? a->kind->together : in_turn)(a, turns, count,
							 cancel);
	for (int i = 0; i < count; i++)
		if (going)
			agent_end_thought(a, &turns[i].out);
		else
			thought_release(&turns[i].out);
	agent_line(a, NULL, 0);
	return going;
}
