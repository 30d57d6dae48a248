/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/base/mem.h"

/* Turns of many games at once, each game with its own tree. */

/* Rows of the network's calls: more make them no quicker. */
enum { ROWS = 32 };

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
	struct evaluator ev;
	bool *over;   /* owned; [count] */
	int *waiting; /* owned; [ROWS]: which turn a row is of */
	const void *states[ROWS];
	float *policy, *wdl; /* owned; ROWS rows */
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

static void end(struct agent *a, struct agent_turn *turn)
{
	struct rng r;

	agent_turn_to(a, turn, &r);
	agent_swap_kept(a, turn->kept);
	search_end(a, turn->at.state, &r, NULL, &turn->out);
	agent_swap_kept(a, turn->kept);
}

/* One leaf of each of up to ROWS searches, from turn *next on. */
static int gather(struct company *m, int count, int *next)
{
	int rows = 0;

	for (; *next < count && rows < ROWS; ++*next) {
		struct agent_turn *turn = &m->turns[*next];
		enum mcts_stop stop;

		if (m->over[*next])
			continue;
		if (mcts_gather(turn->kept->mcts, 1, &m->states[rows], &stop)) {
			m->waiting[rows++] = *next;
			continue;
		}
		m->over[*next] = true;
		end(m->a, turn);
	}
	return rows;
}

static void scatter(struct company *m, int rows)
{
	size_t moves = (size_t)m->a->g->move_count;

	evaluator_run(&m->ev, m->a->g, rows, m->states, m->policy, m->wdl);
	for (int i = 0; i < rows; i++)
		mcts_scatter(m->turns[m->waiting[i]].kept->mcts, 1,
			     m->policy + (size_t)i * moves,
			     m->wdl + (size_t)i * 3);
}

/* One leaf of each search at most; false: none was left. */
static bool step(struct company *m, int count)
{
	bool any = false;
	int next = 0, rows;

	while ((rows = gather(m, count, &next)) > 0) {
		scatter(m, rows);
		any = true;
	}
	return any;
}

bool agent_search_together(struct agent *a, struct agent_turn *turns, int count,
			   const atomic_bool *cancel)
{
	struct company m = {
		.a = a,
		.turns = turns,
		.over = mem_zalloc((size_t)count, sizeof(*m.over)),
		.waiting = mem_zalloc(ROWS, sizeof(*m.waiting)),
		.policy = mem_floats(ROWS * (size_t)a->g->move_count),
		.wdl = mem_floats(ROWS * 3),
	};
	bool going = true;

	if (!a->wide)
		a->wide = agent_network(a, ROWS);
	m.ev = net_eval_evaluator(a->wide);
	for (int i = 0; i < count; i++)
		begin(a, &turns[i]);
	while (going && step(&m, count))
		going = agent_goes_on(cancel);
	free(m.over);
	free(m.waiting);
	free(m.policy);
	free(m.wdl);
	return going;
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
