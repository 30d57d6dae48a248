/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/search/trace.h"
#include "core/session/analysis.h"
#include "core/session/seat.h"
#include "core/session/trace_rules.h"
#include "store/game.h"
#include "tests/session/bell.h"
#include "tests/session/made_lab.h"

static const struct seat_host host = {.wake = bell_ring};

/* The trace of the answer. */
static struct trace *answer(struct analysis *a)
{
	struct err e = ERR_INIT;
	struct trace *t = NULL;

	while (a->thinker) {
		trace_free(t);
		if (!analysis_collect(a, &t, &e))
			bell_wait();
	}
	assert_int_equal(e.code, ERR_OK);
	return t;
}

static void start(struct analysis *a, const char *spec)
{
	struct err e = ERR_INIT;

	if (analysis_start(a, &host, spec, &e))
		fail_msg("%s", e.msg);
}

/* A position by hand: searched with its tree, and by an agent that has none. */
static void test_by_hand(void **state)
{
	struct analysis a = {.ply = 0};
	struct err e = ERR_INIT;
	struct trace *t;

	(void)state;
	assert_int_equal(analysis_open(&a, "connect4", "4453", &e), ERR_OK);
	assert_int_equal(a.ply, 4);
	assert_string_equal(a.moves, "4453");
	start(&a, "mcts:rollout,sims=50");
	t = answer(&a);
	assert_non_null(t);
	assert_true(t->sim_count > 0);
	assert_int_equal(trace_rules_check(t, &a.game, a.root, &e), ERR_OK);
	assert_non_null(strstr(a.agent, "rollout"));
	/* of no stored game: there is nowhere to keep it */
	assert_int_equal(analysis_keep(&a, NULL, t, &e), ERR_USAGE);
	trace_free(t);

	start(&a, "tactical");
	t = answer(&a);
	assert_non_null(t);
	assert_int_equal(t->sim_count, 0);
	assert_int_equal(t->node_count, 8);
	assert_int_equal(trace_rules_check(t, &a.game, a.root, &e), ERR_OK);
	trace_free(t);
	analysis_release(&a);
}

static void test_refused(void **state)
{
	static const struct {
		const char *game, *moves, *agent, *says;
	} cases[] = {
		{"connect4", "1212121", "tactical", "over"},
		{"connect4", "", "human", "human cannot"},
		{"connect4", "", "nobody", "nobody"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct analysis a = {.ply = 0};
		struct err e = ERR_INIT;

		assert_int_equal(
			analysis_open(&a, cases[i].game, cases[i].moves, &e),
			ERR_OK);
		assert_int_not_equal(
			analysis_start(&a, &host, cases[i].agent, &e), ERR_OK);
		assert_non_null(strstr(e.msg, cases[i].says));
		assert_null(a.thinker);
		analysis_release(&a);
	}
}

static void test_hurry(void **state)
{
	struct analysis a = {.ply = 0};
	struct err e = ERR_INIT;
	struct trace *t = NULL;

	(void)state;
	assert_int_equal(analysis_open(&a, "connect4", "", &e), ERR_OK);
	start(&a, "mcts:rollout,sims=1000000");
	analysis_hurry(&a);
	while (a.thinker) {
		trace_free(t);
		analysis_collect(&a, &t, &e);
	}
	assert_non_null(t);
	assert_true(t->sim_count < 1000000);
	trace_free(t);
	/* while one thinks, another may take its place */
	start(&a, "mcts:rollout,sims=1000000");
	start(&a, "tactical");
	trace_free(answer(&a));
	assert_string_equal(a.agent, "tactical");
	analysis_release(&a);
}

static void open_stored(struct analysis *a, struct made_lab *lab, int ply)
{
	struct err e = ERR_INIT;

	memset(a, 0, sizeof(*a));
	if (analysis_open_stored(a, lab_store(lab->lab), 1, ply, &e))
		fail_msg("%s", e.msg);
}

/* As test_kept() leaves ply 3, whose player's own search comes second here and
 * another's third: the own one is what is shown first. */
static void keep_more(struct made_lab *lab)
{
	struct err e = ERR_INIT;
	struct analysis a;
	struct trace *t;
	struct store_search own = {.game_id = 1, .ply = 3, .best = "1"};
	int64_t id;

	open_stored(&a, lab, 3);
	assert_string_not_equal(a.own, "");
	own.agent = a.own;
	own.moves = "[{\"move\":\"1\",\"visits\":7,\"prior\":1}]";
	assert_int_equal(store_search_add(lab_store(lab->lab), &own, &id), 0);
	start(&a, "mcts:rollout,sims=30");
	t = answer(&a);
	assert_int_equal(analysis_keep(&a, lab_store(lab->lab), t, &e), ERR_OK);
	trace_free(t);
	analysis_release(&a);

	open_stored(&a, lab, 3);
	assert_int_equal(
		analysis_kept(&a, lab_store(lab->lab), ANALYSIS_OWN, &t, &e),
		ERR_OK);
	assert_int_equal(a.kept_count, 3);
	assert_int_equal(a.kept, 1);
	assert_string_equal(a.agent, a.own);
	assert_int_equal(t->sim_count, 0);
	trace_free(t);
	assert_int_equal(analysis_kept(&a, lab_store(lab->lab), 2, &t, &e),
			 ERR_OK);
	assert_int_equal(t->sim_count, 30);
	assert_int_equal(a.kept, 2);
	trace_free(t);
	analysis_release(&a);
}

/* What is kept at a ply is what is there the next time. */
static void test_kept(void **state)
{
	struct err e = ERR_INIT;
	struct made_lab lab;
	struct analysis a;
	struct trace *t, *again;

	(void)state;
	made_lab_open(&lab);
	open_stored(&a, &lab, 3);
	assert_int_equal(a.plies, 7);
	assert_string_equal(a.moves, "121");
	assert_string_equal(a.whose, ""); /* random has no network */
	assert_int_equal(
		analysis_kept(&a, lab_store(lab.lab), ANALYSIS_OWN, &t, &e),
		ERR_OK);
	assert_null(t);
	start(&a, "mcts:rollout,sims=20");
	t = answer(&a);
	assert_true(a.unsaved);
	assert_int_equal(analysis_keep(&a, lab_store(lab.lab), t, &e), ERR_OK);
	assert_int_equal(analysis_keep(&a, lab_store(lab.lab), t, &e),
			 ERR_USAGE);
	analysis_release(&a);

	open_stored(&a, &lab, 3);
	assert_int_equal(
		analysis_kept(&a, lab_store(lab.lab), ANALYSIS_OWN, &again, &e),
		ERR_OK);
	assert_non_null(again);
	assert_int_equal(again->sim_count, t->sim_count);
	assert_int_equal(again->node_count, t->node_count);
	assert_non_null(strstr(a.agent, "rollout"));
	trace_free(again);
	trace_free(t);
	analysis_release(&a);

	open_stored(&a, &lab, 2);
	assert_string_equal(a.whose, "c4/6400");
	analysis_release(&a);

	keep_more(&lab);

	memset(&a, 0, sizeof(a));
	assert_int_equal(analysis_open_stored(&a, lab_store(lab.lab), 1, 8, &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "there is no ply 8"));
	analysis_release(&a);
	made_lab_close(&lab);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
