/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "core/search/trace.h"
#include "tests/search/fake.h"

/*
 * Proofs against Pascal Pons' solved Connect Four positions (the sets that
 * AlphaZero.jl grades on): a line is MOVES SCORE, the score's sign the result
 * for the player to act.  The sets are not part of the project: PLYSCOPE_PONS
 * names their folder, else they are looked for beside the checkout.
 */
static FILE *open_set(const char *name)
{
	const char *folder = getenv("PLYSCOPE_PONS");
	const char *top = getenv("top_srcdir");
	char *path = folder ? mem_printf("%s/%s", folder, name)
			    : mem_printf("%s/../shared/connect4-pons/%s",
					 top ? top : "..", name);
	FILE *f = fopen(path, "r");

	free(path);
	return f;
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* Search up to `count` positions; every proof must be right, and at least
 * `least` of them found. */
static void check_set(const char *name, int count, int simulations, int least)
{
	static const int result[] = {
		[TRACE_WIN] = 1, [TRACE_DRAW] = 0, [TRACE_LOSS] = -1};
	struct mcts_config cfg = MCTS_CONFIG_DEFAULT;
	FILE *f = open_set(name);
	int score, proven = 0;
	struct game g;
	struct mcts *t;
	char line[64];

	assert_non_null(f);
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	cfg.simulations = simulations;
	cfg.memory_cap = (size_t)128 << 20;
	t = mcts_new(&g, &cfg);
	while (count-- && fscanf(f, "%63s %d", line, &score) == 2) {
		void *s = fake_position(&g, line);
		struct mcts_result r;

		mcts_start(t, s, 1);
		mcts_run(t, &evaluator_uniform, NULL);
		mcts_result(t, &r);
		if (r.proof) {
			proven++;
			if (result[r.proof] != sign(score))
				fail_msg("%s is %d", line, score);
			assert_int_equal(r.moves[r.best].proof, r.proof);
		}
		free(s);
	}
	assert_true(proven >= least);
	mcts_free(t);
	fclose(f);
}

static void test_end_easy(void **state)
{
	(void)state;
	check_set("Test_L3_R1", 1000, 20000, 900);
}

static void test_middle(void **state)
{
	(void)state;
	check_set("Test_L2_R1", 200, 20000, 150);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_end_easy),
		cmocka_unit_test(test_middle),
	};

	FILE *f = open_set("Test_L3_R1");

	if (!f) {
		puts("1..0 # SKIP Pons' sets are not here: PLYSCOPE_PONS names "
		     "their folder");
		return 0;
	}
	fclose(f);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
