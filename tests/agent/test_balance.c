/* SPDX-License-Identifier: MIT */
/* Matches from even positions: by a solver, by networks, by nobody. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/rate/balance.h"
#include "core/rate/match.h"
#include "core/search/solver.h"
#include "tests/agent/one_network.h"

/* What is asked of each opening of a match. */
struct asked {
	const struct game *game;
	struct solver *solver; /* must say draw; or NULL */
	struct agent *network; /* must say what is at most */
	float most, largest;   /* |value| */
	game_move line[64][8]; /* [count] openings */
	int plies[64], count;
};

static void look(void *ctx, const struct match_game *g)
{
	struct asked *a = ctx;
	void *s = game_state_new(a->game, 0);
	struct thought t;
	float v;
	int score;

	for (int i = 0; i < g->opening; i++)
		a->game->rules->apply(a->game, s, g->moves[i]);
	if (a->solver) {
		assert_true(solver_score(a->solver, s, NULL, &score));
		assert_int_equal(score, 0);
	}
	if (a->network) {
		agent_think(a->network, s, 1, 0, 0, NULL, &t);
		v = t.wdl[0] - t.wdl[2];
		v = v < 0 ? -v : v;
		assert_true(!a->most || v <= a->most);
		if (v > a->largest)
			a->largest = v;
		thought_release(&t);
	}
	assert_true(g->opening <= 8 && a->count < 64);
	memcpy(a->line[a->count], g->moves,
	       (size_t)g->opening * sizeof(*g->moves));
	a->plies[a->count++] = g->opening;
	free(s);
}

static void play(struct asked *a, const char *agent, const char *openings,
		 int games, int threads, struct match_result *out)
{
	struct pool *pool = pool_new(threads);
	struct err e = ERR_INIT;
	struct match_openings o;
	struct match_request m = {.game = a->game,
				  .agents = {agent, "random"},
				  .source = &one_network,
				  .openings = &o,
				  .games = games,
				  .seed = 5};

	a->count = 0;
	a->largest = 0;
	if (match_openings_read(&o, openings, a->game, &e) ||
	    match_play(&m, pool, look, NULL, a, out, &e))
		fail_msg("%s", e.msg);
	match_openings_release(&o);
	pool_free(pool);
}

/* After two moves of tic-tac-toe 12 positions differ, of which 5 are drawn (a
 * corner and the middle; the middle and a corner; an edge answered by the
 * middle, by a corner beside it and by the edge across): more are deeper. */
static void test_by_a_solver(void **state)
{
	struct game g;
	struct asked a = {.game = &g};
	struct match_result m;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", &e), ERR_OK);
	assert_int_equal(solver_open(&a.solver, &g, 0, &e), ERR_OK);
	play(&a, "tactical", "random:2,balance=0.5", 10, 1, &m);
	assert_int_equal(m.balanced[BALANCE_SOLVER], 5);
	assert_int_equal(m.opening_plies, 2);
	assert_in_range(m.left_out, 1, 7);
	play(&a, "tactical", "random:2,balance=0.5", 40, 2, &m);
	assert_int_equal(m.balanced[BALANCE_SOLVER], 20);
	assert_int_equal(m.balanced[BALANCE_NOBODY], 0);
	assert_in_range(m.opening_plies, 3, 5);
	/* A win is as far from 0 as can be. */
	solver_close(a.solver);
	a.solver = NULL;
	play(&a, "tactical", "random:2,balance=1", 20, 1, &m);
	assert_int_equal(m.left_out, 0);
	assert_int_equal(m.balanced[BALANCE_SOLVER], 10);
}

/* The first wins wherever he begins. */
static void test_none(void **state)
{
	struct game g;
	struct asked a = {.game = &g};
	struct match_result m;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&g, "mnk:rows=3,cols=3,line=2", &e), ERR_OK);
	play(&a, "tactical", "random:2,balance=0.5", 8, 1, &m);
	assert_int_equal(m.games, 8);
	assert_true(m.none_balanced);
	assert_int_equal(m.opening_plies, 2);
}

static void test_by_networks(void **state)
{
	struct game g;
	struct asked a = {.game = &g}, again = {.game = &g};
	struct match_result m;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	assert_int_equal(
		agent_open(&a.network, "policy:c4/64", &g, &one_network, &e),
		ERR_OK);
	again.network = a.network;
	play(&a, "mcts:c4/latest,sims=2", "random:4", 60, 1, &m);
	assert_int_equal(m.balanced[BALANCE_NETWORK], 0);
	/* Half of them or so are out. */
	a.most = again.most = a.largest / 2;
	assert_true(a.most > 0);
	{
		char openings[64];

		snprintf(openings, sizeof(openings), "random:4,balance=%g",
			 (double)a.most);
		play(&a, "mcts:c4/latest,sims=2", openings, 60, 1, &m);
		assert_int_equal(m.balanced[BALANCE_NETWORK], 30);
		assert_true(m.left_out > 0);
		/* The same whatever the threads. */
		play(&again, "mcts:c4/latest,sims=2", openings, 60, 2, &m);
	}
	assert_int_equal(a.count, again.count);
	assert_memory_equal(a.plies, again.plies, sizeof(a.plies));
	for (int i = 0; i < a.count; i++)
		assert_memory_equal(a.line[i], again.line[i],
				    (size_t)a.plies[i] * sizeof(game_move));
	agent_close(a.network);
	assert_int_equal(one_network_out, 0);
}

/* Without solver and network anything is taken, and said to be. */
static void test_by_nobody(void **state)
{
	struct game g;
	struct asked a = {.game = &g};
	struct match_result m;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&g, "go:size=5", &e), ERR_OK);
	play(&a, "random", "random:4,balance=0.1", 20, 1, &m);
	assert_int_equal(m.balanced[BALANCE_NOBODY], 10);
	assert_int_equal(m.left_out, 0);
}

static void test_what_is_refused(void **state)
{
	static const char *const bad[] = {
		"random:2,",           "random:2,balance=",
		"random:2,balance=0",  "random:2,balance=1.5",
		"random:2,balance=-1", "random:2,balance=nan",
		"random:2,other=1",    "random:2,balance=0.5,",
	};
	struct match_openings o;
	struct game g;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(match_openings_read(&o, bad[i], &g, &e),
				 ERR_USAGE);
		assert_non_null(strstr(e.msg, "balance=V"));
	}
	assert_int_equal(
		match_openings_read(&o, "random:3,balance=0.25", &g, &e),
		ERR_OK);
	assert_int_equal(o.random_plies, 3);
	assert_true(o.balance == 0.25f);
	match_openings_release(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_a_solver),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_by_networks),
		cmocka_unit_test(test_by_nobody),
		cmocka_unit_test(test_what_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
