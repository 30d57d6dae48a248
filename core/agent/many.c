/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/agent/agent_int.h"
#include "core/base/mem.h"

/* Many positions at once, each on its own. */

/* Searches side by side: the batch of the network's calls. */
enum { SEARCHES = 64 };

struct slot {
	struct mcts *search; /* owned */
	int question;        /* -1: none is left */
	struct thought thought;
};

struct many {
	struct agent *a;
	const struct agent_question *questions; /* borrowed; [count] */
	int count, next;
	uint64_t seed;
	const struct agent_answers *answers;
	struct mcts_config config;
	struct slot *slots; /* owned; [slot_count] */
	int slot_count;
	struct net_eval *net; /* owned */
	const void **states;  /* owned; [slot_count] */
	int *waiting;         /* owned; [slot_count]: which slot a row is of */
	float *policy, *wdl;  /* owned; slot_count rows */
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

static void begin(struct many *m, int count)
{
	struct agent *a = m->a;
	size_t n = (size_t)(count < SEARCHES ? count : SEARCHES);

	m->config = agent_search_config(a);
	m->config.batch = 1;
	m->config.memory_cap = search_tree_cap(a, 1);
	m->slot_count = (int)n;
	m->slots = mem_zalloc(n, sizeof(*m->slots));
	for (size_t i = 0; i < n; i++)
		m->slots[i].search = mcts_new(a->g, &m->config);
	m->net = agent_network(a, (int)n);
	m->states = mem_zalloc(n, sizeof(*m->states));
	m->waiting = mem_zalloc(n, sizeof(*m->waiting));
	m->policy = mem_floats(n * (size_t)a->g->move_count);
	m->wdl = mem_floats(n * 3);
}

static void finish(struct many *m)
{
	for (int i = 0; i < m->slot_count; i++) {
		mcts_free(m->slots[i].search);
		thought_release(&m->slots[i].thought);
	}
	free(m->slots);
	net_eval_free(m->net);
	free(m->states);
	free(m->waiting);
	free(m->policy);
	free(m->wdl);
}

/* The next question goes into the slot, if there is one. */
static void ask(struct many *m, struct slot *s)
{
	const struct agent_question *q = &m->questions[m->next];

	s->question = -1;
	if (m->next == m->count)
		return;
	s->question = m->next++;
	m->config.seed = rng_mix(m->seed, q->game);
	thought_begin(&s->thought, m->a, q->state);
	mcts_configure(s->search, &m->config);
	mcts_start(s->search, q->state, (uint64_t)q->ply);
}

static void answer(struct many *m, struct slot *s)
{
	const struct agent_question *q = &m->questions[s->question];
	struct rng r;

	thought_take_search(&s->thought, s->search);
	rng_init(&r, m->seed, RNG_MATCH, q->game, (uint64_t)q->ply);
	if (m->a->conf.temperature > 0)
		thought_choose(&s->thought, m->a, m->a->conf.temperature, &r);
	m->answers->take(m->answers->ctx, s->question, &s->thought);
	thought_release(&s->thought);
}

/* One leaf of each search; those that are over make room for the next. */
static int gather(struct many *m)
{
	int rows = 0;

	for (int i = 0; i < m->slot_count; i++) {
		struct slot *s = &m->slots[i];
		enum mcts_stop stop;

		while (s->question >= 0 &&
		       !mcts_gather(s->search, 1, &m->states[rows], &stop)) {
			answer(m, s);
			ask(m, s);
		}
		if (s->question >= 0)
			m->waiting[rows++] = i;
	}
	return rows;
}

bool agent_search_many(struct agent *a, const struct agent_question *q,
		       int count, uint64_t seed, const atomic_bool *cancel,
		       const struct agent_answers *answers)
{
	size_t moves = (size_t)a->g->move_count;
	struct many m = {
		.a = a,
		.questions = q,
		.count = count,
		.seed = seed,
		.answers = answers,
	};
	struct evaluator ev;
	bool going = true;
	int rows;

	if (!a->net || a->conf.batch > 1)
		return agent_think_in_turn(a, q, count, seed, cancel, answers);
	if (!count)
		return true;
	begin(&m, count);
	ev = net_eval_evaluator(m.net);
	for (int i = 0; i < m.slot_count; i++)
		ask(&m, &m.slots[i]);
	while (going && (rows = gather(&m)) > 0) {
		evaluator_run(&ev, a->g, rows, m.states, m.policy, m.wdl);
		for (int i = 0; i < rows; i++)
			mcts_scatter(m.slots[m.waiting[i]].search, 1,
				     m.policy + (size_t)i * moves,
				     m.wdl + (size_t)i * 3);
		going = agent_goes_on(cancel);
	}
	finish(&m);
	return going;
}
