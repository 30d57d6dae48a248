/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "tests/search/fake.h"

/* What a search keeps of the leads that its evaluator says. */

/* Leads of 3 for Black where a black stone stands on the first cell, of -2
 * elsewhere, in points. */
struct lead_fake {
	float lead[64];
};

static void lead_evaluate(void *self, const struct game *g, int n,
			  const void *const *states, float *policy, float *wdl)
{
	struct lead_fake *f = self;

	fake_random.evaluate(NULL, g, n, states, policy, wdl);
	for (int i = 0; i < n; i++) {
		float lead = g->rules->cell(g, states[i], 0, 0) == 1 ? 3 : -2;

		f->lead[i] = (g->rules->to_act(g, states[i]) ? -lead : lead) /
			     g->rules->lead_scale(g);
	}
}

static const float *lead_said(void *self)
{
	return ((struct lead_fake *)self)->lead;
}

/* A move's lead is that of its own subtree, and the tree does not change. */
static void test_leads(void **state)
{
	struct lead_fake fake;
	struct evaluator ev = {.name = "leads",
			       .max_batch = 64,
			       .evaluate = lead_evaluate,
			       .leads = lead_said,
			       .self = &fake};
	struct mcts_config cfg = MCTS_CONFIG_DEFAULT;
	struct mcts_result r, without;
	double mean, spread, least = 3;
	struct mcts *t[2];
	struct game go;
	void *s;

	(void)state;
	cfg.simulations = 400;
	cfg.memory_cap = (size_t)64 << 20;
	assert_int_equal(game_init(&go, "go:size=4", NULL), ERR_OK);
	s = game_state_new(&go, 0);
	for (int i = 0; i < 2; i++) {
		t[i] = mcts_new(&go, &cfg);
		mcts_start(t[i], s, 1);
		mcts_run(t[i], i ? &fake_random : &ev, NULL);
	}
	mcts_result(t[0], &r);
	mcts_result(t[1], &without);
	for (int i = 0; i < r.count; i++) {
		assert_int_equal(r.moves[i].visits, without.moves[i].visits);
		assert_false(mcts_lead(t[1], r.moves[i].move, &mean, &spread));
		if (!r.moves[i].visits)
			continue;
		assert_true(mcts_lead(t[0], r.moves[i].move, &mean, &spread));
		/* In 1/8192 of the scale, 16 points. */
		if (r.moves[i].move == 0) {
			assert_true(fabs(mean - 3) < 0.01);
			assert_true(spread < 0.1);
			continue;
		}
		least = fmin(least, mean);
	}
	/* Black plays there later on in some of the others' games. */
	assert_true(least > -2.01 && least < -1);
	mcts_free(t[0]);
	mcts_free(t[1]);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
