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

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/opinion.h"
#include "core/session/sweep.h"
#include "tests/session/liked.h"
#include "tests/session/made_lab.h"

/* Three in a row for the first player, who wins in column 4. */
#define NEAR_END "112233"

static void open_at(struct sweep *s, const char *moves, int sims)
{
	struct err e = ERR_INIT;
	struct game g;
	game_move line[64];
	void *state;
	int plies;

	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	state = game_state_new(&g, 0);
	assert_int_equal(game_play_text(&g, state, moves, line, &plies, &e),
			 ERR_OK);
	if (sweep_open(s, &g, state, line, plies, sims, &e))
		fail_msg("%s", e.msg);
	free(state);
}

static void add(struct sweep *s, const char *run, int most)
{
	struct err e = ERR_INIT;

	if (sweep_add_run(s, lab_store(made_lab.lab), run, most, &e))
		fail_msg("%s", e.msg);
}

/* Whoever is asked k-th answers for its column. */
static void answer(struct sweep *s, const int *liked)
{
	struct opinion_question q;

	sweep_question(s, NULL, &q);
	for (int i = 0; i < q.agent_count; i++)
		if (s->order[i] >= 0 && liked[s->order[i]] >= 0)
			sweep_take(s, i, liked_move(liked[s->order[i]]));
}

static void test_columns(void **state)
{
	struct opinion_question q;
	bool asked[8] = {false};
	struct sweep s;

	(void)state;
	open_at(&s, "44", 50);
	assert_false(s.solvable);
	add(&s, "c4", 0);
	assert_int_equal(s.count, 8);
	assert_int_equal(s.columns[0].step, 0);
	assert_int_equal(s.columns[7].step, 6400);
	assert_string_equal(s.columns[7].spec, "mcts:c4/6400,sims=50");
	sweep_question(&s, NULL, &q);
	assert_int_equal(q.agent_count, 8);
	/* the last first, everyone once */
	assert_int_equal(s.order[0], 7);
	for (int i = 0; i < 8; i++) {
		assert_false(asked[s.order[i]]);
		asked[s.order[i]] = true;
		assert_string_equal(q.agents[i].spec,
				    s.columns[s.order[i]].spec);
		assert_string_equal(q.agents[i].network,
				    s.columns[s.order[i]].sha256);
	}
	add(&s, "c4-copy", 0);
	assert_int_equal(s.count, 10);
	assert_int_equal(s.columns[9].run, 1);
	sweep_question(&s, NULL, &q);
	assert_int_equal(q.agent_count, 10);
	sweep_release(&s);
	/* fewer: the ends, and evenly between */
	open_at(&s, "", 0);
	add(&s, "c4", 3);
	assert_int_equal(s.count, 3);
	assert_int_equal(s.columns[0].step, 0);
	assert_int_equal(s.columns[1].step, 400);
	assert_int_equal(s.columns[2].step, 6400);
	assert_string_equal(s.columns[1].spec, "policy:c4/400");
	sweep_release(&s);
}

static void test_learned(void **state)
{
	static const int liked[] = {3, 2, 3, 2, 3, 3, 3, 3};
	static const int late[] = {-1, 2, 2, 2, 2, 2, -1, 3};
	struct sweep_verdict v;
	struct sweep s;

	(void)state;
	open_at(&s, "44", 0);
	add(&s, "c4", 0);
	sweep_verdict(&s, 0, &v);
	assert_int_equal(v.judge, SWEEP_UNKNOWN);
	assert_int_equal(v.best, GAME_NO_MOVE);
	assert_int_equal(v.learned, -1);
	assert_false(v.complete);
	answer(&s, liked);
	sweep_verdict(&s, 0, &v);
	assert_int_equal(v.judge, SWEEP_LAST);
	assert_int_equal(v.best, 3);
	/* on top before, but it did not stay */
	assert_int_equal(v.learned, 4);
	assert_true(v.complete);
	assert_true(sweep_is_best(&s, 0, 3));
	assert_false(sweep_is_best(&s, 0, 2));
	assert_true(fabs(sweep_figure(&s, 1, 2, SWEEP_POLICY) - 0.7) < 1e-6);
	assert_true(isnan(sweep_figure(&s, 1, 2, SWEEP_Q)));
	sweep_release(&s);
	open_at(&s, "44", 0);
	add(&s, "c4", 0);
	answer(&s, late);
	sweep_verdict(&s, 0, &v);
	assert_int_equal(v.learned, 7);
	assert_false(v.complete);
	sweep_release(&s);
}

/* The solver knows better than the last checkpoint. */
static void test_solver(void **state)
{
	static const int wrong[] = {3, 3, 3, 3, 3, 3, 3, 0};
	static const int right[] = {0, 0, 3, 0, 0, 3, 3, 3};
	const int *const both[] = {wrong, right};

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct opinion_question q;
		struct sweep_verdict v;
		struct sweep s;
		struct thought th;

		open_at(&s, NEAR_END, 0);
		s.solvable = true; /* as if it were nearer to the end */
		add(&s, "c4", 0);
		answer(&s, both[k]);
		sweep_verdict(&s, 0, &v);
		assert_int_equal(v.judge, SWEEP_UNKNOWN);
		sweep_question(&s, NULL, &q);
		assert_int_equal(q.agent_count, 1);
		assert_string_equal(q.agents[0].spec, "solver");
		th = (struct thought){.count = 7, .has_value = true};
		th.moves = (struct agent_move[7]){
			{.move = 0, .q = -1}, {.move = 1, .q = -1},
			{.move = 2, .q = -1}, {.move = 3, .q = 1},
			{.move = 4, .q = -1}, {.move = 5, .q = 0},
			{.move = 6, .q = -1},
		};
		sweep_take(&s, 0, opinion_new(&th));
		sweep_verdict(&s, 0, &v);
		assert_int_equal(v.judge, SWEEP_SOLVER);
		assert_int_equal(v.best, 3);
		assert_int_equal(v.learned, k ? 5 : -1);
		sweep_release(&s);
	}
}

static void test_refused(void **state)
{
	struct err e = ERR_INIT;
	struct sweep s;
	struct game g;
	void *at;

	(void)state;
	open_at(&s, "", 0);
	assert_int_equal(
		sweep_add_run(&s, lab_store(made_lab.lab), "fresh", 0, &e),
		ERR_USAGE);
	assert_int_equal(
		sweep_add_run(&s, lab_store(made_lab.lab), "nobody", 0, &e),
		ERR_NOTFOUND);
	sweep_release(&s);
	assert_int_equal(game_init(&g, "mnk:3,3,3", &e), ERR_OK);
	at = game_state_new(&g, 0);
	assert_int_equal(sweep_open(&s, &g, at, NULL, 0, 0, &e), ERR_OK);
	assert_int_equal(
		sweep_add_run(&s, lab_store(made_lab.lab), "c4", 0, &e),
		ERR_USAGE);
	assert_non_null(strstr(e.msg, "c4 plays"));
	sweep_release(&s);
	free(at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_learned),
		cmocka_unit_test(test_solver),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, made_lab_set_up,
				      made_lab_tear_down);
}
