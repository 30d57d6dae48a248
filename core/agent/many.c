/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/agent/agent_int.h"
#include "core/search/fleet.h"

/* Many positions at once, each on its own. */

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

bool agent_think_in_turn(struct agent *a, const struct agent_question *q,
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
	struct rng r;

	(void)stop; /* whatever ended it, this is what it thinks */
	thought_take_search(&s->thought, m->searches[slot]);
	rng_init(&r, m->seed, RNG_MATCH, q->game, (uint64_t)q->ply);
	if (m->a->conf.temperature > 0)
		thought_choose(&s->thought, m->a, m->a->conf.temperature, &r);
	m->answers->take(m->answers->ctx, s->question, &s->thought);
	thought_release(&s->thought);
	return ask(m, slot);
}

static bool goes_on(void *ctx)
{
	const struct many *m = ctx;

	return agent_goes_on(m->cancel);
}

bool agent_search_many(struct agent *a, const struct agent_question *q,
		       int count, uint64_t seed, const atomic_bool *cancel,
		       const struct agent_answers *answers)
{
	struct many m = {
		.a = a,
		.questions = q,
		.count = count,
		.seed = seed,
		.cancel = cancel,
		.answers = answers,
		.config = agent_search_config(a),
		.slot_count = count < SEARCHES ? count : SEARCHES,
	};
	const struct fleet_calls calls = {answer, goes_on, &m};
	struct evaluator ev;
	struct fleet *fleet;
	enum mcts_stop stop;

	if (!a->net || a->conf.batch > 1)
		return agent_think_in_turn(a, q, count, seed, cancel, answers);
	fleet = agent_fleet(a, &ev);
	m.config.batch = 1;
	m.config.memory_cap = search_tree_cap(a, 1);
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
