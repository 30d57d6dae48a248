/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "tests/agent/one_network.h"

/* More questions than searches are under way at a time. */
enum { QUESTIONS = 150, SEED = 5 };

static struct game connect4;

/* Positions of random play, 0 to 19 plies from the start. */
struct positions {
	void *states[QUESTIONS]; /* owned */
	struct agent_question questions[QUESTIONS];
};

static void begin(struct positions *p)
{
	game_move moves[42];

	for (int i = 0; i < QUESTIONS; i++) {
		struct rng r;
		int n;

		p->states[i] = game_state_new(&connect4, 0);
		rng_init(&r, 1, RNG_TEST, (uint64_t)i, 0);
		game_opening(&connect4, p->states[i], i % 20, &r, moves, &n);
		p->questions[i] = (struct agent_question){
			.state = p->states[i],
			.ply = n,
			.game = (uint64_t)i / 3,
		};
	}
}

static void finish(struct positions *p)
{
	for (int i = 0; i < QUESTIONS; i++)
		free(p->states[i]);
}

static struct agent *opened(const char *spec)
{
	struct agent *a;

	assert_int_equal(agent_open(&a, spec, &connect4, &one_network, NULL),
			 ERR_OK);
	return a;
}

/* Answers are those of an agent that is asked about each position alone. */
struct answers {
	const struct positions *positions;
	struct agent *alone;
	int taken[QUESTIONS], count;
	int enough; /* answers after which it is ended; 0: none */
	atomic_bool cancel;
};

static void take(void *ctx, int i, const struct thought *t)
{
	struct answers *a = ctx;
	const struct agent_question *q = &a->positions->questions[i];
	struct thought alone;

	agent_think(a->alone, q->state, SEED, q->game, q->ply, NULL, &alone);
	assert_int_equal(t->move, alone.move);
	assert_int_equal(t->count, alone.count);
	assert_int_equal(t->simulations, alone.simulations);
	assert_memory_equal(t->wdl, alone.wdl, sizeof(t->wdl));
	for (int k = 0; k < t->count; k++) {
		assert_int_equal(t->moves[k].visits, alone.moves[k].visits);
		assert_true(t->moves[k].prior == alone.moves[k].prior);
		assert_true(t->moves[k].policy == alone.moves[k].policy);
	}
	assert_null(t->trace);
	thought_release(&alone);
	a->taken[i]++;
	if (++a->count == a->enough)
		atomic_store(&a->cancel, true);
}

static void test_answers_are_those_of_one_alone(void **state)
{
	static const char *const cases[][2] = {
		{"mcts:c4,sims=20,temperature=1",
		 "mcts:c4,sims=20,temperature=1,reuse=no,batch=1"},
		{"mcts:c4,sims=12,symmetries=2,prior_temperature=2",
		 "mcts:c4,sims=12,symmetries=2,prior_temperature=2,reuse=no,"
		 "batch=1"},
		{"mcts:c4,sims=12,gumbel=yes,noise=1",
		 "mcts:c4,sims=12,gumbel=yes,noise=1,batch=1"},
		{"mcts:uniform,sims=20,reuse=no", "mcts:uniform,sims=20"},
		{"policy:c4", "policy:c4"},
	};
	static const int counts[] = {0, 1, 63, 64, QUESTIONS, QUESTIONS};
	struct positions p;

	(void)state;
	begin(&p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct agent *many = opened(cases[i][0]);
		struct agent *alone = opened(cases[i][1]);

		/* The network's answers are kept from call to call. */
		for (size_t k = 0; k < ARRAY_LEN(counts); k++) {
			struct answers a = {.positions = &p, .alone = alone};
			const struct agent_answers calls = {take, &a};

			assert_true(agent_think_many(many, p.questions,
						     counts[k], SEED, &a.cancel,
						     &calls));
			assert_int_equal(a.count, counts[k]);
			for (int n = 0; n < QUESTIONS; n++)
				assert_int_equal(a.taken[n], n < counts[k]);
		}
		agent_close(many);
		agent_close(alone);
	}
	finish(&p);
}

static void test_cancel_leaves_the_rest_out(void **state)
{
	struct agent *many = opened("mcts:c4,sims=20");
	struct agent *alone = opened("mcts:c4,sims=20,reuse=no,batch=1");
	struct positions p;
	struct answers a = {.positions = &p, .alone = alone, .enough = 10};
	const struct agent_answers calls = {take, &a};

	(void)state;
	begin(&p);
	assert_false(agent_think_many(many, p.questions, QUESTIONS, SEED,
				      &a.cancel, &calls));
	assert_in_range(a.count, 10, QUESTIONS - 1);
	atomic_store(&a.cancel, false);
	a.enough = 0;
	assert_true(agent_think_many(many, p.questions, 7, SEED, NULL, &calls));
	agent_close(many);
	agent_close(alone);
	finish(&p);
}

static int set_up(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL);
}

static int no_plan_is_left(void **state)
{
	(void)state;
	return one_network_out;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_are_those_of_one_alone),
		cmocka_unit_test(test_cancel_leaves_the_rest_out),
	};

	return cmocka_run_group_tests(tests, set_up, no_plan_is_left);
}
