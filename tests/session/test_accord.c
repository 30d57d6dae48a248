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
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/accord.h"
#include "core/session/accord_games.h"
#include "core/session/opinion.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/made_lab.h"

static int64_t add_game(const char *moves, int plies, int64_t run, int64_t step,
			int opening)
{
	struct store_game g = {
		.run_id = run,
		.game = MADE_LAB_C4,
		.first = "tactical",
		.second = "tactical",
		.opening = opening,
		.moves = moves,
		.plies = plies,
		.result = 1,
		.score = (double)NAN,
		.ended = "rules",
		.purpose = "human",
		.step = step,
	};
	int64_t id;

	assert_int_equal(store_game_add(lab_store(made_lab.lab), &g, &id),
			 STORE_OK);
	return id;
}

static const char *const agents[] = {"tactical", "mcts:uniform,sims=300",
				     "random"};

static void ask(struct accord *a, const struct accord_games *g, bool exact)
{
	const struct accord_asked q = {
		.game = &g->game,
		.agents = agents,
		.places = g->places,
		.agent_count = 3,
		.place_count = g->count,
		.stages = g->stages,
		.exact = exact,
	};
	struct err wrong = ERR_INIT;

	assert_true(accord_find(a, &q, NULL, NULL, NULL, &wrong));
	assert_int_equal(wrong.code, ERR_OK);
}

/* 1 2 1 2 1 2 1 wins in a column; at ply 5 the second does not block.  Whoever
 * looks one move ahead would have won at ply 6 and blocked at ply 5. */
static void test_game(void **state)
{
	struct game_filter none = {.by_step = false};
	struct accord_cell c;
	struct accord_games g;
	struct err e = ERR_INIT;
	struct accord a;
	int64_t id = add_game("1212121", 7, 0, -1, 4);

	(void)state;
	assert_int_equal(
		accord_games_load(&g, made_lab.lab, id, &none, 0, 3, &e),
		ERR_OK);
	/* what the opening played nobody chose; without steps one stage */
	assert_int_equal(g.count, 3);
	assert_int_equal(g.stages, 1);
	assert_int_equal(g.places[0].ply, 4);
	ask(&a, &g, false);
	for (int i = 0; i < 2; i++) {
		accord_total(&a, i, &c);
		assert_int_equal(c.moves, 3);
		assert_true(c.same >= 1 && c.same <= 2);
		assert_true(c.rank >= 1); /* the missed block is not the best */
	}
	/* they are of one mind where it is forced */
	assert_true(a.pairs[0 * 3 + 1] >= 2);
	assert_int_equal(a.pairs[0], 3);
	assert_int_equal(a.pairs[1], a.pairs[3]);
	/* random gives each of seven moves the same */
	accord_total(&a, 2, &c);
	assert_true(fabs(c.chance - 3.0 / 7) < 1e-6);
	assert_null(a.said);
	accord_release(&a);
	accord_games_release(&g);
}

/* Games of a run are of stages by their step. */
static void test_stages(void **state)
{
	struct game_filter f = {.by_step = false};
	struct accord_games g;
	struct err e = ERR_INIT;
	struct accord a;
	int64_t run = made_lab_run(&made_lab, "fresh");

	(void)state;
	add_game("1212121", 7, run, 0, 0);
	add_game("1212121", 7, run, 0, 0);
	add_game("1212121", 7, run, 50, 0);
	add_game("12121", 5, run, 90, 0);
	assert_int_equal(game_filter_parse("run=fresh", &f, &e), ERR_OK);
	assert_int_equal(accord_games_load(&g, made_lab.lab, 0, &f, 0, 2, &e),
			 ERR_OK);
	assert_int_equal(g.games, 4);
	assert_int_equal(g.stages, 2);
	assert_int_equal(g.steps[0][0], 0);
	assert_int_equal(g.steps[0][1], 0);
	assert_int_equal(g.steps[1][0], 50);
	assert_int_equal(g.steps[1][1], 90);
	ask(&a, &g, false);
	assert_int_equal(a.cells[0].moves, 14);
	assert_int_equal(a.cells[1].moves, 12);
	accord_release(&a);
	accord_games_release(&g);
	/* at most so many, and none at all */
	assert_int_equal(accord_games_load(&g, made_lab.lab, 0, &f, 1, 2, &e),
			 ERR_OK);
	assert_int_equal(g.count, 5);
	accord_games_release(&g);
	assert_int_equal(game_filter_parse("run=fresh result=second", &f, &e),
			 ERR_OK);
	assert_int_equal(accord_games_load(&g, made_lab.lab, 0, &f, 1, 2, &e),
			 ERR_NOTFOUND);
	accord_games_release(&g);
}

/* One position of tic-tac-toe, which the solver knows: the first player has two
 * in a row and wins by 3 alone (X 1 2, O 4 5; cells by row). */
static void test_exact(void **state)
{
	struct game g;
	struct err e = ERR_INIT;
	struct accord_place at = {.ply = 4};
	struct accord_asked q = {
		.game = &g,
		.agents = agents,
		.places = &at,
		.agent_count = 2,
		.place_count = 1,
		.stages = 1,
		.exact = true,
	};
	game_move line[4] = {0, 3, 1, 4};
	struct err wrong = ERR_INIT;
	struct accord a;
	void *s;

	(void)state;
	assert_int_equal(game_init(&g, "mnk:3,3,3", &e), ERR_OK);
	s = game_state_new(&g, 0);
	for (int i = 0; i < 4; i++)
		g.rules->apply(&g, s, line[i]);
	at.state = s;
	at.line = line;
	at.played = 8;
	assert_true(accord_find(&a, &q, NULL, NULL, NULL, &wrong));
	assert_non_null(a.exact);
	assert_int_equal(a.exact[2], 1);
	assert_int_equal(a.exact[0], -2); /* taken */
	assert_int_equal(a.exact[8], -1); /* and the other wins by 5 */
	assert_int_equal(a.played[0].solved, 1);
	assert_int_equal(a.played[0].kept, 0);
	assert_int_equal(a.cells[0].kept, 1);
	assert_int_equal(opinion_top(a.said[0]), 2);
	accord_release(&a);
	/* who cannot be asked says why */
	q.agents = (const char *const[]){"nobody", "random"};
	assert_true(accord_find(&a, &q, NULL, NULL, NULL, &wrong));
	assert_int_equal(wrong.code, ERR_USAGE);
	assert_non_null(a.said[0]->wrong);
	assert_null(a.said[1]->wrong);
	accord_release(&a);
	free(s);
}

int main(void)
{
#define LAB(f) \
	cmocka_unit_test_setup_teardown(f, made_lab_set_up, made_lab_tear_down)
	const struct CMUnitTest tests[] = {
		LAB(test_game),
		LAB(test_stages),
		cmocka_unit_test(test_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
