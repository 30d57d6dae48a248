/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <stdlib.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"

/* Many positions and many games at once. */

enum agent_company agent_company(const struct agent *a)
{
	return a->company;
}

void agent_turn_to(struct agent *a, const struct agent_turn *turn,
		   struct rng *r)
{
	a->game = turn->at.game;
	a->ply = turn->at.ply;
	a->kept = turn->kept->self;
	agent_line(a, turn->at.line, turn->at.ply);
	rng_init(r, a->seed, RNG_MATCH, a->game, (uint64_t)a->ply);
}

bool agent_rows_together(struct agent *a, struct agent_turn *turns, int count,
			 int rows,
			 void (*ask)(struct agent *a, struct agent_turn *turns,
				     int n),
			 void (*choose)(struct agent *a, int row, struct rng *r,
					struct thought *out),
			 const atomic_bool *cancel)
{
	bool going = true;

	for (int first = 0; first < count && going; first += rows) {
		struct agent_turn *some = turns + first;
		int n = count - first < rows ? count - first : rows;

		ask(a, some, n);
		for (int i = 0; i < n; i++) {
			struct rng r;

			agent_turn_to(a, &some[i], &r);
			choose(a, i, &r, &some[i].out);
		}
		going = agent_goes_on(cancel);
	}
	return going;
}

static bool answer_in_turn(struct agent *a, const struct agent_question *q,
			   int count, uint64_t seed, const atomic_bool *cancel,
			   const struct agent_answers *answers)
{
	bool keep = a->keep_trace, going = true;

	agent_keep_trace(a, false);
	for (int i = 0; i < count && going; i++) {
		struct thought t;

		agent_line(a, q[i].line, q[i].ply);
		agent_think(a, q[i].state, seed, q[i].game, q[i].ply, cancel,
			    &t);
		/* What was cut short is not an answer. */
		going = agent_goes_on(cancel);
		if (going)
			answers->take(answers->ctx, i, &t);
		thought_release(&t);
	}
	agent_line(a, NULL, 0);
	agent_keep_trace(a, keep);
	return going;
}

bool agent_think_many(struct agent *a, const struct agent_question *questions,
		      int count, uint64_t seed, const atomic_bool *cancel,
		      const struct agent_answers *answers)
{
	bool together = a->company == AGENT_TOGETHER && a->kind->think_many;

	assert(a->kind->think);
	return (together ? a->kind->think_many : answer_in_turn)(
		a, questions, count, seed, cancel, answers);
}

static bool in_turn(struct agent *a, struct agent_turn *turns, int count,
		    const atomic_bool *cancel)
{
	for (int i = 0; i < count; i++) {
		struct agent_turn *turn = &turns[i];
		struct rng r;

		agent_turn_to(a, turn, &r);
		a->kind->think(a, turn->at.state, &r, cancel, &turn->out);
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
		thought_begin(&turns[i].out, a, turns[i].at.state);
	going = (together ? a->kind->together : in_turn)(a, turns, count,
							 cancel);
	for (int i = 0; i < count; i++)
		if (going)
			agent_end_thought(a, &turns[i].out);
		else
			thought_release(&turns[i].out);
	a->kept = a->alone->self;
	agent_line(a, NULL, 0);
	return going;
}
