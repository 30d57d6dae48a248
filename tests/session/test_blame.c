/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/blame.h"
#include "core/session/opinion.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/liked.h"
#include "tests/session/made_lab.h"

static int64_t add_game(const char *moves)
{
	const struct store_game g = {
		.game = MADE_LAB_C4,
		.first = "random",
		.second = "random",
		.plies = (int)strlen(moves),
		.moves = moves,
		.result = 1,
		.score = (double)NAN,
		.ended = "rules",
		.purpose = "human",
		.step = -1,
	};
	int64_t id = 0;

	assert_int_equal(store_game_add(lab_store(made_lab.lab), &g, &id),
			 STORE_OK);
	return id;
}

static void expect(const struct blame *b, int move, int first, int stops)
{
	struct blame_verdict v;

	blame_verdict(b, move, &v);
	assert_int_equal(v.first, first);
	assert_int_equal(v.stops, stops);
}

/* Of the moves 4, 1, 4 (columns 3, 0, 3): the first is liked from the third
 * checkpoint to the last, the second by the fourth and the sixth, the third by
 * nobody. */
static void test_verdicts(void **state)
{
	static const int liked[3][8] = {
		{0, 0, 3, 3, 3, 3, 3, 3},
		{1, 1, 1, 0, 1, 0, 1, 1},
		{6, 6, 6, 6, 6, 6, 6, 6},
	};
	int64_t id = add_game("414");
	struct opinion_question q;
	struct err e = ERR_INIT;
	struct blame b;

	(void)state;
	if (blame_open(&b, made_lab.lab, id, "c4", 0, 0, &e))
		fail_msg("%s", e.msg);
	blame_question(&b, NULL, &q);
	assert_int_equal(q.agent_count, 8);
	assert_int_equal(q.place_count, 3);
	assert_string_equal(q.agents[7].spec, "policy:c4/6400");
	assert_int_equal(q.places[2].ply, 2);
	expect(&b, 0, -1, -1);
	assert_true(isnan((double)b.cells[0].chance));
	for (int p = 0; p < 3; p++)
		for (int a = 0; a < 8; a++)
			blame_take(&b, a, p, liked_move(liked[p][a]));
	expect(&b, 0, 2, -1);
	expect(&b, 1, 3, 6);
	expect(&b, 2, -1, -1);
	assert_float_equal((double)b.cells[2].chance, 0.7, 1e-6);
	assert_float_equal((double)b.cells[8].chance, 0.05, 1e-6);
	assert_null(b.wrong);
	blame_release(&b);
}

static void take(void *ctx, int agent, int place, struct opinion *o)
{
	blame_take(ctx, agent, place, o);
}

/* The made lab has no weights: nobody answers, and why is told. */
static void test_without_networks(void **state)
{
	int64_t id = add_game("4415");
	struct opinion_question q;
	struct err e = ERR_INIT;
	struct blame b;

	(void)state;
	if (blame_open(&b, made_lab.lab, id, "c4", 2, 0, &e))
		fail_msg("%s", e.msg);
	blame_question(&b, lab_agents(made_lab.lab), &q);
	assert_int_equal(q.agent_count, 2);
	assert_true(opinion_ask(&q, NULL, take, &b));
	assert_non_null(b.wrong);
	expect(&b, 0, -1, -1);
	blame_release(&b);
}

static void test_refused(void **state)
{
	int64_t id = add_game("44");
	struct err e = ERR_INIT;
	struct blame b;

	(void)state;
	assert_int_equal(blame_open(&b, made_lab.lab, id, "fresh", 0, 0, &e),
			 ERR_USAGE);
	blame_release(&b);
	assert_int_equal(blame_open(&b, made_lab.lab, 99999, "c4", 0, 0, &e),
			 ERR_NOTFOUND);
	blame_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_without_networks),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, made_lab_set_up,
				      made_lab_tear_down);
}
