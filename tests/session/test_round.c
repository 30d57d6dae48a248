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
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/round.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/made_lab.h"

static struct game connect4;

static int set_up(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL);
}

/* As the notation has it: "4453". */
static void play(struct round *r, const char *moves)
{
	for (const char *m = moves; *m; m++) {
		const char text[2] = {*m, '\0'};

		round_play(
			r,
			r->game.rules->move_parse(&r->game, round_now(r), text),
			NULL, NULL);
	}
}

static void test_back_and_on(void **state)
{
	struct round r;

	(void)state;
	round_init(&r, &connect4, 1);
	assert_false(round_undo(&r));
	assert_int_equal(round_last_cell(&r, 0), -1);
	play(&r, "4453");
	assert_int_equal(r.plies, 4);
	assert_int_equal(round_to_act(&r), 0);
	/* the second stone of the fourth column: one above the lowest row */
	assert_int_equal(round_last_cell(&r, 2), 4 * 7 + 3);
	assert_true(round_undo(&r));
	assert_true(round_undo(&r));
	play(&r, "1");
	assert_int_equal(r.plies, 3);
	assert_int_equal(round_last_cell(&r, 3), 5 * 7);
	assert_true(isnan(round_result(&r)));
	round_restart(&r, 2);
	assert_int_equal(r.plies, 0);
	round_release(&r);
}

static void test_ends(void **state)
{
	struct round r;

	(void)state;
	round_init(&r, &connect4, 1);
	play(&r, "1212121");
	assert_true(round_over(&r));
	assert_true(round_result(&r) > 0);
	/* a game that is over can be taken back as any other */
	assert_true(round_undo(&r));
	assert_false(round_over(&r));

	round_resign(&r, 1);
	assert_true(round_over(&r));
	assert_true(round_result(&r) > 0);
	assert_true(round_undo(&r)); /* the resignation, not the move */
	assert_int_equal(r.plies, 6);

	round_forfeit(&r, 0, "the engine has gone");
	assert_true(round_result(&r) < 0);
	assert_string_equal(r.forfeit, "the engine has gone");
	assert_true(round_undo(&r));
	assert_string_equal(r.forfeit, "");
	round_release(&r);
}

static void test_spelling(void **state)
{
	struct game chess;
	struct round r;
	game_move only;

	(void)state;
	assert_int_equal(game_init(&chess, "chess", NULL), ERR_OK);
	round_init(&r, &chess, 1);
	assert_int_equal(round_spelled(&r, "n", &only), 4);
	assert_int_equal(only, GAME_NO_MOVE);
	assert_int_equal(round_spelled(&r, "nF3", &only), 1);
	assert_true(only != GAME_NO_MOVE);
	assert_int_equal(round_spelled(&r, "Nf4", &only), 0);
	round_release(&r);
}

/* One move and what was thought before it. */
static void play_thought(struct round *r, const char *text)
{
	struct agent_move *row = mem_zalloc(1, sizeof(*row));
	game_move m = r->game.rules->move_parse(&r->game, round_now(r), text);
	struct thought th = {.move = m, .moves = row, .count = 1};

	*row = (struct agent_move){.move = m, .visits = 7};
	round_play(r, m, &th, "tactical");
	assert_null(th.moves); /* taken over */
}

static void expect_stored(struct store *s, int64_t id, const char *moves,
			  int searches)
{
	struct store_bag bag = {0};
	struct store_game g;

	assert_int_equal(store_game_get(s, &bag, id, &g), STORE_OK);
	assert_string_equal(g.moves, moves);
	assert_int_equal(g.searches, searches);
	store_bag_release(&bag);
}

static void save(struct round *r, struct store *s)
{
	struct err e = ERR_INIT;

	if (round_save(r, s, "human", "tactical", "human", &e))
		fail_msg("%s", e.msg);
	assert_true(round_is_saved(r));
}

/* Saved again, a game goes on in its row; taken back, it is another game. */
static void test_saving(void **state)
{
	struct made_lab lab;
	struct store *s;
	struct round r;
	int64_t first;

	(void)state;
	made_lab_open(&lab);
	s = lab_store(lab.lab);
	round_init(&r, &connect4, 1);
	assert_false(round_is_saved(&r));
	play(&r, "4");
	play_thought(&r, "4");
	save(&r, s);
	first = r.row;
	expect_stored(s, first, "44", 1);

	play(&r, "5");
	assert_false(round_is_saved(&r));
	play_thought(&r, "3");
	save(&r, s);
	assert_int_equal(r.row, first);
	expect_stored(s, first, "4453", 2);

	round_resign(&r, 0);
	assert_false(round_is_saved(&r));
	save(&r, s);
	assert_int_equal(r.row, first);

	round_undo(&r);
	round_undo(&r);
	play(&r, "2");
	save(&r, s);
	assert_true(r.row != first);
	expect_stored(s, first, "4453", 2);
	expect_stored(s, r.row, "4452", 1);
	round_release(&r);
	made_lab_close(&lab);
}

/* For the first player, whoever thought; where nobody did there is a gap. */
static void test_values(void **state)
{
	struct thought th = {.count = 1, .has_value = true};
	double v[8];
	struct round r;

	(void)state;
	round_init(&r, &connect4, 1);
	play(&r, "1");
	th.moves = mem_zalloc(1, sizeof(*th.moves));
	th.wdl[0] = 0.75f; /* of the second, who wins */
	th.wdl[2] = 0.25f;
	round_play(&r, 1, &th, "tactical");
	play_thought(&r, "1"); /* without a value */
	round_values(&r, v);
	assert_true(isnan(v[0]) && isnan(v[2]) && isnan(v[3]));
	assert_true(fabs(v[1] + 0.5) < 1e-6);
	round_resign(&r, 1);
	round_values(&r, v);
	assert_true(fabs(v[3] - 1) < 1e-9);
	round_release(&r);
}

static void test_seeds(void **state)
{
	(void)state;
	setenv("PLYSCOPE_TEST_SEED", "7", 1);
	assert_true(round_new_seed(1) == round_new_seed(1));
	assert_true(round_new_seed(1) != round_new_seed(2));
	assert_true(round_new_seed(1) <= INT64_MAX);
	unsetenv("PLYSCOPE_TEST_SEED");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_and_on),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_saving),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_seeds),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
