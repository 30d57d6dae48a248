/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/regret.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/solver.h"

static struct game small;

static int setup(void **state)
{
	(void)state;
	return game_init(&small, "drop:rows=4,cols=4,line=3", NULL);
}

static void play_randomly(uint64_t seed, game_move *moves, int *count)
{
	void *s = game_state_new(&small, 0);
	struct rng rng;

	rng_init(&rng, seed, RNG_TEST, 0, 0);
	for (*count = 0; small.rules->to_act(&small, s) >= 0; ++*count) {
		game_move legal[8];
		int n = small.rules->legal(&small, s, legal);

		moves[*count] = legal[rng_below(&rng, (uint32_t)n)];
		small.rules->apply(&small, s, moves[*count]);
	}
	free(s);
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* The moves of a player from a ply on, and how many lose the class, by the
 * scores of all moves. */
static void count_plainly(const game_move *moves, int count, int from,
			  int player, int *all, int *lost)
{
	void *s = game_state_new(&small, 0);
	int scores[8];
	struct solver *solver;
	struct err e;

	assert_int_equal(solver_open(&solver, &small, 0, &e), ERR_OK);
	for (int i = 0; i < count; i++) {
		if (i >= from && small.rules->to_act(&small, s) == player) {
			int best = SOLVER_NO_MOVE;

			assert_true(solver_moves(solver, s, NULL, scores));
			for (int m = 0; m < small.move_count; m++)
				if (scores[m] > best)
					best = scores[m];
			++*all;
			*lost += sign(scores[moves[i]]) < sign(best);
		}
		small.rules->apply(&small, s, moves[i]);
	}
	solver_close(solver);
	free(s);
}

static void test_counts(void **state)
{
	struct regret *r = regret_new(&small, 2, 1000);
	struct pool *one = pool_new(1), *three = pool_new(3);
	struct regret_result a, b;
	int all = 0, lost = 0;
	struct err e;

	(void)state;
	for (uint64_t i = 0; i < 40; i++) {
		game_move moves[16];
		int count, opening = (int)(i % 4);

		play_randomly(i, moves, &count);
		regret_add(r, moves, count, opening, (int)(i % 2));
		count_plainly(moves, count, opening > 2 ? opening : 2,
			      (int)(i % 2), &all, &lost);
	}
	assert_int_equal(regret_judge(r, one, NULL, NULL, &a, &e), ERR_OK);
	assert_int_equal(a.moves, all);
	assert_true(lost > 5);
	assert_true(fabs(a.lost.mean - (double)lost / all) < 1e-12);
	assert_true(a.lost.low < a.lost.mean && a.lost.mean < a.lost.high);
	assert_int_equal(regret_judge(r, three, NULL, NULL, &b, &e), ERR_OK);
	assert_true(a.lost.mean == b.lost.mean && a.lost.low == b.lost.low);
	pool_free(one);
	pool_free(three);
	regret_free(r);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void test_ends(void **state)
{
	struct regret *r = regret_new(&small, 0, 3);
	struct pool *pool = pool_new(1);
	struct regret_result out;
	game_move moves[16];
	struct err e;
	int count;

	(void)state;
	assert_int_equal(regret_judge(r, pool, NULL, NULL, &out, &e), ERR_OK);
	assert_int_equal(out.moves, 0);
	assert_true(isnan(out.lost.mean));
	play_randomly(1, moves, &count);
	regret_add(r, moves, count, 0, 0);
	regret_add(r, moves, count, 0, 1);
	assert_int_equal(regret_judge(r, pool, NULL, NULL, &out, &e), ERR_OK);
	assert_int_equal(out.moves, 3);
	assert_int_equal(regret_judge(r, pool, never, NULL, &out, &e),
			 ERR_CANCELLED);
	pool_free(pool);
	regret_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
