/* SPDX-License-Identifier: MIT */
/* Which member of a family of learners a life is of. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/study/family.h"

enum { MEMBERS = 7, LIVES = 3, N = 20, STAGES = 12 };

/* Number k of member m: k-th power of how far it has come, and noise. */
static void live(int member, uint64_t seed, double noise, double *out)
{
	struct rng r;

	rng_init(&r, seed, RNG_TEST, (uint64_t)member, 0);
	for (int k = 0; k < N; k++)
		out[k] = pow(0.4 + 0.1 * member, 1 + k % 4) +
			 noise * (double)rng_normal(&r);
	/* One that never differs says nothing. */
	out[N - 1] = member;
}

/* Lives with other seeds are found to be of their members, and the likelihood
 * falls on both sides of them. */
static void test_fit(void **state)
{
	static double seen[MEMBERS][LIVES][N];
	double x[N], out[MEMBERS];
	int right = 0;

	(void)state;
	for (int m = 0; m < MEMBERS; m++)
		for (int i = 0; i < LIVES; i++)
			live(m, (uint64_t)i, 0.03, seen[m][i]);
	for (int m = 0; m < MEMBERS; m++)
		for (uint64_t s = 100; s < 110; s++) {
			live(m, s, 0.03, x);
			/* It says what is not so. */
			x[N - 1] = 0;
			right += family_fit(&seen[0][0][0], MEMBERS, LIVES, N,
					    x, out) == m;
			for (int k = 1; k < m; k++)
				assert_true(out[k] > out[k - 1]);
			for (int k = m + 2; k < MEMBERS; k++)
				assert_true(out[k] < out[k - 1]);
		}
	/* Neighbours are 0.1 apart in the first power: 5 numbers of a noise of
	 * 0.03 tell them; all of 70 but a few. */
	assert_true(right >= 66);
	/* Of one life each, the nearest. */
	for (int m = 0; m < MEMBERS; m++)
		live(m, 1, 0, &seen[0][0][0] + (size_t)m * N);
	live(4, 1, 0, x);
	assert_int_equal(family_fit(&seen[0][0][0], MEMBERS, 1, N, x, out), 4);
	assert_true(out[4] == 0 && out[3] < 0 && out[5] < 0);
}

/* What is seen of a real life: in range, and untrained networks are unsure. */
static void test_see(void **state)
{
	struct game g;
	struct recipe r;
	struct err e = ERR_INIT;
	struct life *l;
	struct buf b;
	struct life_config c = {
		.game = &g,
		.recipe = &r,
		.grid = {.cut = 400,
			 .games = 600,
			 .before = STAGES,
			 .after = 2,
			 .per_stage = 12,
			 .temperature = 1},
		.seed = 3,
	};
	double seen[STAGES][FAMILY_SEEN];

	(void)state;
	assert_int_equal(game_init(&g, "drop:rows=4,cols=4,line=3", &e),
			 ERR_OK);
	conf_defaults(recipe_spec, &r);
	assert_int_equal(
		conf_read_list(recipe_spec, &r,
			       "filters=6,blocks=1,simulations=4,groups=1,"
			       "slots=8,start_positions=700,rate=0.01,batch=64,"
			       "shard=64",
			       "test", &e),
		ERR_OK);
	buf_init(&b);
	if (life_make(&c, NULL, &b, &e) ||
	    life_read(&g, b.data, b.len, NULL, 0, &l, &e))
		fail_msg("%s", e.msg);
	family_see(l, STAGES, &seen[0][0]);
	for (int s = 0; s < STAGES; s++) {
		for (int k = 0; k < FAMILY_SEEN - 1; k++)
			assert_true(seen[s][k] > 0);
		assert_true(seen[s][0] < 1 && seen[s][1] < 1 && seen[s][2] < 1);
		/* A line of 3 takes 5 plies at least, the board 16. */
		assert_true(seen[s][4] >= 5 && seen[s][4] <= 16);
		assert_true(fabs(seen[s][5]) <= 1);
	}
	assert_true(life_stage(l, 0).step == 0);
	assert_true(life_stage(l, STAGES - 1).step > 0);
	assert_true(seen[0][0] > 0.95 && seen[STAGES - 1][0] < seen[0][0]);
	assert_true(seen[STAGES - 1][2] > 5 * seen[0][2]);
	life_free(l);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fit),
		cmocka_unit_test(test_see),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
