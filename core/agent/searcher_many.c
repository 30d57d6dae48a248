/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/mind.h"
#include "core/agent/searcher.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/search/evaluator.h"
#include "core/search/fleet.h"
#include "core/search/mcts.h"

/* Searches side by side. */

/* --- many positions, each on its own ------------------------------------- */

/* Searches side by side: more than rows of a call, so that calls stay full for
 * longer when no question is left. */
enum { SEARCHES = 64 };

/* What a search is about. */
struct slot {
	int question;
	struct thought thought;
};

struct many {
	struct agent *a;
	const struct agent_question *questions; /* borrowed; [count] */
	int count, next;
	uint64_t seed;
	const struct agent_answers *answers;
	struct mcts_config config;
	const atomic_bool *cancel;
	struct slot slots[SEARCHES];
	struct mcts *searches[SEARCHES]; /* owned */
	int slot_count;
};

/* The next question goes into the slot; false: there is none. */
static bool ask(struct many *m, int slot)
{
	const struct agent_question *q = &m->questions[m->next];
	struct slot *s = &m->slots[slot];

	if (m->next == m->count)
		return false;
	s->question = m->next++;
	m->config.seed = rng_mix(m->seed, q->game);
	thought_begin(&s->thought, m->a, q->state);
	mcts_configure(m->searches[slot], &m->config);
	mcts_start(m->searches[slot], q->state, (uint64_t)q->ply);
	return true;
}

static bool answer(void *ctx, int slot, enum mcts_stop stop)
{
	struct many *m = ctx;
	struct slot *s = &m->slots[slot];
	const struct agent_question *q = &m->questions[s->question];
	const struct searcher_conf *c = m->a->conf;
	struct rng r;

	(void)stop; /* whatever ended it, this is what it thinks */
	searcher_take(&s->thought, m->searches[slot]);
	rng_init(&r, m->seed, RNG_MATCH, q->game, (uint64_t)q->ply);
	if (c->temperature > 0)
		thought_choose(&s->thought, m->a, c->temperature, &r);
	m->answers->take(m->answers->ctx, s->question, &s->thought);
	thought_release(&s->thought);
	return ask(m, slot);
}

static bool goes_on(void *ctx)
{
	const struct many *m = ctx;

	return agent_goes_on(m->cancel);
}

bool searcher_many(struct agent *a, const struct agent_question *q, int count,
		   uint64_t seed, const atomic_bool *cancel,
		   const struct agent_answers *answers)
{
	struct many m = {
		.a = a,
		.questions = q,
		.count = count,
		.seed = seed,
		.cancel = cancel,
		.answers = answers,
		.config = searcher_config(a),
		.slot_count = count < SEARCHES ? count : SEARCHES,
	};
	const struct fleet_calls calls = {answer, goes_on, &m};
	struct evaluator ev;
	struct fleet *fleet;
	enum mcts_stop stop;

	fleet = searcher_fleet(a, &ev);
	m.config.batch = 1;
	m.config.memory_cap = searcher_tree_cap(a, 1);
	for (int i = 0; i < m.slot_count; i++) {
		m.searches[i] = mcts_new(a->g, &m.config);
		ask(&m, i);
	}
	stop = fleet_run(fleet, &ev, m.searches, m.slot_count, &calls);
	for (int i = 0; i < m.slot_count; i++) {
		mcts_free(m.searches[i]);
		thought_release(&m.slots[i].thought);
	}
	return stop == MCTS_DONE;
}

/* --- turns of many games, each with its own tree ------------------------- */

struct company {
	struct agent *a;
	struct agent_turn *turns;
	const atomic_bool *cancel;
};

static void begin(struct agent *a, struct agent_turn *turn)
{
	struct searcher *s = a->self;
	struct mcts_config c;
	struct rng r;

	mind_show(&s->mind, a, turn->at.state, &turn->out);
	agent_turn_to(a, turn, &r);
	c = searcher_config(a);
	c.batch = 1;
	searcher_begin(a, turn->at.state, &c);
}

static bool end(void *ctx, int i, enum mcts_stop stop)
{
	const struct company *m = ctx;
	struct agent_turn *turn = &m->turns[i];
	struct rng r;

	(void)stop; /* whatever ended it, this is what it thinks */
	agent_turn_to(m->a, turn, &r);
	searcher_end(m->a, turn->at.state, &r, NULL, &turn->out);
	return false;
}

static bool all_go_on(void *ctx)
{
	const struct company *m = ctx;

	return agent_goes_on(m->cancel);
}

bool searcher_together(struct agent *a, struct agent_turn *turns, int count,
		       const atomic_bool *cancel)
{
	struct mcts **searches = mem_zalloc((size_t)count, sizeof(*searches));
	struct company m = {.a = a, .turns = turns, .cancel = cancel};
	const struct fleet_calls calls = {end, all_go_on, &m};
	struct evaluator ev;
	struct fleet *fleet = searcher_fleet(a, &ev);
	enum mcts_stop stop;

	for (int i = 0; i < count; i++) {
		begin(a, &turns[i]);
		searches[i] = ((struct searcher_game *)a->kept)->mcts;
	}
	stop = fleet_run(fleet, &ev, searches, count, &calls);
	free(searches);
	return stop == MCTS_DONE;
}
