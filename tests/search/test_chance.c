/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "core/search/mcts_int.h"
#include "core/search/trace.h"
#include "core/search/trace_text.h"
#include "tests/search/dice.h"
#include "tests/search/fake.h"

static struct mcts_config config(int simulations)
{
	struct mcts_config cfg = MCTS_CONFIG_DEFAULT;

	cfg.simulations = simulations;
	cfg.memory_cap = (size_t)256 << 20;
	return cfg;
}

/* Says nothing, and must not be asked where no player acts. */
static void ask_strict(void *self, const struct game *g, int n,
		       const void *const *states, float *policy, float *wdl)
{
	(void)self;
	for (int i = 0; i < n; i++)
		assert_true(g->rules->to_act(g, states[i]) >= 0);
	evaluator_run(&evaluator_uniform, g, n, states, policy, wdl);
}

static const struct evaluator strict = {
	.name = "strict",
	.max_batch = 64,
	.evaluate = ask_strict,
};

static const struct {
	const struct game *g;
	const char *line;
	double near; /* far from the end a tree is still filling up */
} cases[] = {
	{&dice_one, "", 0.2},
	{&dice_one, "roll five safe", 0.05},
	{&dice_one, "twice five five safe", 0.03},
	{&dice_one, "safe safe safe safe", 0.03},
	{&dice_one, "twice three five roll three safe", 0.03},
	{&dice_two, "safe safe safe safe safe safe", 0.03},
	{&dice_two, "roll five safe roll five safe twice three three safe",
	 0.03},
	{&dice_two, "safe safe safe safe safe safe safe safe", 0.03},
};

/* What a long search says is what expectimax says, whatever the root. */
static void test_finds_expectimax(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases) * 2; i++) {
		const struct game *g = cases[i / 2].g;
		struct mcts_config cfg = config(60000);
		void *s = fake_position(g, cases[i / 2].line);
		double value;
		struct mcts_result r;
		struct mcts *t;
		int best;

		value = dice_expectimax(g, s, &best);
		cfg.root = i % 2 ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		cfg.gumbel_noise = 0;
		t = mcts_new(g, &cfg);
		mcts_start(t, s, 7);
		mcts_run(t, &strict, NULL);
		mcts_result(t, &r);
		/* Moves may be worth the same. */
		if (r.best != best) {
			g->rules->apply(g, s, (game_move)r.best);
			assert_true(fabs((g->player_count == 1 ? 1 : -1) *
						 dice_expectimax(g, s, NULL) -
					 value) < 0.03);
		}
		assert_true(fabs((double)r.moves[r.best].q - value) <
			    cases[i / 2].near);
		mcts_free(t);
		free(s);
	}
}

/* Outcomes come as often as they should, and their sums make up chance's. */
static void test_outcomes_follow_their_chances(void **state)
{
	(void)state;
	for (int k = 0; k < 2; k++) {
		const struct game *g = k ? &dice_two : &dice_one;
		struct mcts_config cfg = config(20000);
		struct mcts *t = mcts_new(g, &cfg);
		void *s = fake_position(g, "");
		int chances = 0;

		mcts_start(t, s, 1);
		mcts_run(t, &fake_random, NULL);
		for (uint32_t i = 0; i < t->node_count; i++) {
			const struct mcts_node *n = &t->nodes[i];
			int64_t value = 0, draw = 0;
			uint32_t visits = 0;

			if (!n->chance)
				continue;
			chances++;
			for (int m = 0; m < n->count; m++) {
				const struct mcts_node *c = mcts_child(t, n, m);
				double p = (double)c->prior * n->visits;

				visits += c->visits;
				value += c->value;
				draw += c->draw;
				assert_int_equal(c->player, n->player);
				assert_true(fabs(c->visits - p) <=
					    5 * sqrt(n->visits) + 1);
			}
			assert_int_equal(visits, n->visits);
			assert_true(value == n->value && draw == n->draw);
		}
		assert_true(chances > 100);
		mcts_free(t);
		free(s);
	}
}

static void bytes_of(const struct mcts *t, struct buf *out)
{
	struct trace *trace = mcts_trace(t);

	buf_init(out);
	trace_encode(trace, out);
	trace_free(trace);
}

/* One tree for a seed, in steps of any size; another for another seed. */
static void test_same_tree_in_any_steps(void **state)
{
	(void)state;
	for (int k = 0; k < 8; k++) {
		const struct game *g = k & 1 ? &dice_two : &dice_one;
		struct mcts_config cfg = config(400);
		struct mcts *t;
		struct buf whole, steps, other;
		void *s = fake_position(g, "");

		cfg.batch = k & 2 ? 8 : 1;
		cfg.root = k & 4 ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		t = mcts_new(g, &cfg);
		mcts_start(t, s, 3);
		mcts_run(t, &fake_random, NULL);
		bytes_of(t, &whole);
		mcts_start(t, s, 3);
		for (int step = 1; mcts_simulations(t) < 400; step = 2 * step)
			mcts_run_some(t, &fake_random, step, NULL);
		bytes_of(t, &steps);
		assert_int_equal(whole.len, steps.len);
		assert_memory_equal(whole.data, steps.data, whole.len);
		cfg.seed = 2;
		mcts_configure(t, &cfg);
		mcts_start(t, s, 3);
		mcts_run(t, &fake_random, NULL);
		bytes_of(t, &other);
		assert_true(other.len != whole.len ||
			    memcmp(other.data, whole.data, whole.len));
		buf_release(&whole);
		buf_release(&steps);
		buf_release(&other);
		mcts_free(t);
		free(s);
	}
}

/* A proof through chance holds against anything the dice do. */
static void test_proofs_are_right(void **state)
{
	struct mcts_config cfg = config(200000);
	void *s = fake_position(&dice_two, "safe safe safe safe safe safe "
					   "safe twice five five");
	struct mcts *t = mcts_new(&dice_two, &cfg);
	uint32_t *line = mem_alloc(64 * sizeof(*line));
	void *at = mem_alloc(dice_two.state_size);
	int through_chance = 0;

	(void)state;
	mcts_start(t, s, 1);
	mcts_run(t, &strict, NULL);
	for (uint32_t i = 1; i < t->node_count; i++) {
		const struct mcts_node *n = &t->nodes[i];
		double value;
		int depth = 0;

		if (!n->proof)
			continue;
		through_chance += n->chance;
		for (uint32_t k = i; k; k = t->nodes[k].parent)
			line[depth++] = k;
		memcpy(at, s, dice_two.state_size);
		while (depth)
			dice_two.rules->apply(&dice_two, at,
					      t->nodes[line[--depth]].move);
		/* At the end nobody is to act: the parent's other player. */
		if (n->terminal) {
			float v[2];

			dice_two.rules->score(&dice_two, at, v);
			value = (double)v[n->player];
		} else {
			value = dice_expectimax(&dice_two, at, NULL);
		}
		assert_true(value == (double)mcts_proof_value(n->proof));
	}
	assert_true(through_chance > 3);
	mcts_free(t);
	free(at);
	free(line);
	free(s);
}

/* A tree goes on through the move and what chance made of it. */
static void test_advance_through_chance(void **state)
{
	static const game_move line[] = {DICE_ROLL, 1};
	struct mcts_config cfg = config(3000);
	struct mcts *t = mcts_new(&dice_one, &cfg);
	void *s = fake_position(&dice_one, "safe safe");
	uint32_t visits, node = 0;
	struct mcts_result r;

	(void)state;
	mcts_start(t, s, 1);
	mcts_run(t, &fake_random, NULL);
	for (size_t i = 0; i < ARRAY_LEN(line); i++) {
		dice_one.rules->apply(&dice_one, s, line[i]);
		node = t->nodes[node].first + line[i];
	}
	visits = t->nodes[node].visits;
	assert_true(visits > 10);
	assert_true(mcts_advance_line(t, line, 2, s, 2));
	assert_int_equal(t->nodes[0].visits, visits);
	mcts_run(t, &fake_random, NULL);
	mcts_result(t, &r);
	assert_int_equal(r.simulations, 3000);
	assert_int_equal(t->nodes[0].visits, visits + 3000);
	mcts_free(t);
	free(s);
}

static void test_full_memory_is_a_result(void **state)
{
	struct mcts_config cfg = config(100000);
	void *s = fake_position(&dice_two, "");
	struct mcts_result r;
	struct mcts *t;

	(void)state;
	cfg.memory_cap = 20000;
	for (cfg.batch = 1; cfg.batch <= 16; cfg.batch *= 4) {
		t = mcts_new(&dice_two, &cfg);
		mcts_start(t, s, 1);
		assert_int_equal(mcts_run(t, &fake_random, NULL), MCTS_MEMORY);
		mcts_result(t, &r);
		assert_true(r.simulations > 10 && r.simulations < 1000);
		mcts_free(t);
	}
	free(s);
}

/* A search with a cap of its own measure ends as one with memory to spare. */
static struct mcts_result run_capped(const struct game *g, int simulations,
				     size_t cap, struct mcts **kept)
{
	struct mcts_config cfg = config(simulations);
	void *s = fake_position(g, "");
	struct mcts_result r;

	cfg.batch = 1;
	cfg.memory_cap = cap;
	*kept = mcts_new(g, &cfg);
	mcts_start(*kept, s, 1);
	mcts_run(*kept, &fake_random, NULL);
	mcts_result(*kept, &r);
	free(s);
	return r;
}

static void test_small_cap_is_enough(void **state)
{
	static const char *const names[] = {"tictactoe", "connect4",
					    "go:size=9", "chess", "pacman"};
	static const int simulations[] = {1, 2, 30, 200};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names) * ARRAY_LEN(simulations); i++) {
		int n = simulations[i % ARRAY_LEN(simulations)];
		struct mcts *one, *two;
		struct mcts_result large, small;
		struct game g;

		assert_int_equal(
			game_init(&g, names[i / ARRAY_LEN(simulations)], NULL),
			ERR_OK);
		large = run_capped(&g, n, (size_t)64 << 20, &one);
		small = run_capped(&g, n, mcts_tree_cap(&g, n, 1), &two);
		assert_int_equal(large.stop, MCTS_DONE);
		assert_int_equal(small.stop, MCTS_DONE);
		assert_memory_equal(large.moves, small.moves,
				    (size_t)large.count * sizeof(*large.moves));
		mcts_free(one);
		mcts_free(two);
	}
}

static void test_caps_of_several_searches(void **state)
{
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	assert_int_equal(mcts_tree_cap(&g, 100, 1), 104 * 7 * 64);
	assert_int_equal(mcts_tree_cap(&g, 100, 4), 4 * 104 * 7 * 64);
	assert_true(mcts_tree_bytes(3, 7) == 3.0 * 7 * 64);
}

static void test_text_says_chance(void **state)
{
	struct trace_cut cut = {.depth = 2, .children = 3, .visits = 1};
	struct mcts_config cfg = config(300);
	struct mcts *t = mcts_new(&dice_one, &cfg);
	void *s = fake_position(&dice_one, "");
	struct trace *trace;
	struct trace_view v;
	struct buf out;

	(void)state;
	mcts_start(t, s, 1);
	mcts_run(t, &fake_random, NULL);
	trace = mcts_trace(t);
	trace_view_init(&v, trace);
	trace_view_seek(&v, trace->sim_count);
	buf_init(&out);
	trace_text(&v, &dice_one, s, &cut, &out);
	assert_non_null(strstr(out.data, "chance"));
	assert_non_null(strstr(out.data, "roll three"));
	buf_release(&out);
	trace_view_release(&v);
	trace_free(trace);
	mcts_free(t);
	free(s);
}

/* The mean of random games, with every outcome by its chance. */
static void test_rollouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct game *g = cases[i].g;
		void *s = fake_position(g, cases[i].line);
		const void *states[1] = {s};
		float policy[DICE_MOVES], wdl[3];
		struct evaluator ev;

		if (g->rules->to_act(g, s) < 0) {
			free(s);
			continue;
		}
		evaluator_rollout_open(&ev, g, 20000, 1);
		evaluator_run(&ev, g, 1, states, policy, wdl);
		evaluator_rollout_close(&ev);
		assert_true(fabs((double)(wdl[0] + wdl[1] + wdl[2]) - 1) <
			    1e-5);
		assert_true(fabs((double)(wdl[0] - wdl[2]) -
				 dice_random_value(g, s)) < 0.03);
		if (g->player_count == 1)
			assert_true(wdl[1] == 0);
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds_expectimax),
		cmocka_unit_test(test_outcomes_follow_their_chances),
		cmocka_unit_test(test_same_tree_in_any_steps),
		cmocka_unit_test(test_proofs_are_right),
		cmocka_unit_test(test_advance_through_chance),
		cmocka_unit_test(test_full_memory_is_a_result),
		cmocka_unit_test(test_small_cap_is_enough),
		cmocka_unit_test(test_caps_of_several_searches),
		cmocka_unit_test(test_text_says_chance),
		cmocka_unit_test(test_rollouts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
