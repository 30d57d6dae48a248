/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/duel.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "core/rate/match.h"
#include "core/rate/positions.h"
#include "core/rate/tally.h"
#include "tests/agent/one_network.h"

static struct game connect4, small;

static int setup(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) ||
	       game_init(&small, "tictactoe", NULL);
}

/* What a duel was made of, by its games. */
struct noted {
	struct positions begun; /* where they begin */
	int games, known, repeats;
	const struct positions *training;
};

static void note(void *ctx, const struct match_game *g)
{
	struct noted *n = ctx;
	int is_new = positions_add(&n->begun, g->moves, g->opening, g->opening);

	n->games++;
	n->repeats += g->number % 2 == 0 && !is_new;
	if (n->training)
		n->known += positions_known(n->training, g->moves, g->opening,
					    g->opening);
}

static void play_beside(struct duel *d, const struct positions *training,
			int threads, struct noted *n, struct duel_result *out)
{
	struct pool *pool = pool_new(threads);
	struct err e;

	memset(n, 0, sizeof(*n));
	positions_init(&n->begun, d->game);
	n->training = training;
	d->done = note;
	d->ctx = n;
	assert_int_equal(duel_play(d, pool, out, &e), ERR_OK);
	positions_release(&n->begun);
	pool_free(pool);
}

static void play(struct duel *d, int threads, struct noted *n,
		 struct duel_result *out)
{
	play_beside(d, NULL, threads, n, out);
}

/* A network in memory against one of a lab: the same network, so that what the
 * one gains is what the other, in its place, loses. */
static void test_networks_play(void **state)
{
	const struct net_plan *plan;
	int64_t step;
	struct err e;
	struct duel_net nets[1];
	struct duel d = {.game = &connect4,
			 .agents = {"policy:m,temperature=0",
				    "policy:c4/64,temperature=0"},
			 .nets = nets,
			 .net_count = 1,
			 .source = &one_network,
			 .plies = 4,
			 .pairs = 40,
			 .seed = 5};
	struct duel_result one, two;
	struct noted n;

	(void)state;
	assert_int_equal(
		one_network.load(NULL, "c4", "64", &connect4, &plan, &step, &e),
		ERR_OK);
	nets[0] = (struct duel_net){"m", plan};
	play(&d, 1, &n, &one);
	assert_int_equal(n.games, 80);
	assert_int_equal(n.repeats, 0);
	assert_int_equal(one.games.tally.distinct_pairs, 40);
	assert_int_equal(one.games.tally.openings, 40);
	/* They play alike, so each pair is one point each. */
	assert_int_equal(one.games.tally.outcome[2], 40);
	assert_true(fabs(one.elo.elo) < 1e-9);
	assert_true(one.elo.low < -1 && one.elo.high > 1);
	assert_int_equal(one.shares.count, 40);
	/* Any number of threads, the same; and only what it lent is left. */
	play(&d, 3, &n, &two);
	assert_memory_equal(&one.elo, &two.elo, sizeof(one.elo));
	assert_int_equal(one_network_out, 1);
	d.agents[1] = "random";
	play(&d, 2, &n, &two);
	assert_int_equal(two.games.tally.distinct_pairs, 40);
	one_network.release(NULL, plan);
	assert_int_equal(one_network_out, 0);
}

/* Openings of training are not played. */
static void test_known_openings_are_left_out(void **state)
{
	struct positions training;
	struct duel d = {.game = &connect4,
			 .agents = {"random", "random"},
			 .plies = 2,
			 .pairs = 20,
			 .seed = 1};
	struct duel_result out;
	struct noted n;

	(void)state;
	positions_init(&training, &connect4);
	/* All of two moves but two stones in the middle. */
	for (game_move a = 0; a < 7; a++) {
		for (game_move b = 0; b < 7; b++) {
			const game_move moves[] = {a, b};

			if (a != 3 || b != 3)
				positions_add(&training, moves, 0, 2);
		}
	}
	play_beside(&d, &training, 1, &n, &out);
	assert_true(n.known >= 38);
	assert_int_equal(out.games.opening_plies, 2);
	d.known = &training;
	play_beside(&d, &training, 1, &n, &out);
	assert_int_equal(n.known, 0);
	assert_int_equal(out.known, 0);
	assert_true(out.scored > 100);
	assert_int_equal(n.games, 40);
	assert_int_equal(n.repeats, 0);
	assert_int_equal(out.games.opening_plies, 3);
	positions_release(&training);
}

static void learn_game(void *ctx, const struct match_game *g)
{
	positions_add(ctx, g->moves, g->opening + 1, g->count);
}

/* The same games again, with all that came after their openings known: of the
 * first agent's turns those are not that follow an opening at once. */
static void test_scored_positions_are_counted(void **state)
{
	struct positions all;
	struct duel d = {.game = &connect4,
			 .agents = {"random", "random"},
			 .plies = 5,
			 .pairs = 30,
			 .seed = 4,
			 .done = learn_game,
			 .ctx = &all};
	struct duel_result out;
	struct noted n;
	struct err e;
	struct pool *pool = pool_new(1);

	(void)state;
	positions_init(&all, &connect4);
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_OK);
	assert_int_equal(out.scored, 0);
	d.known = &all;
	play(&d, 1, &n, &out);
	assert_true(out.scored > 200);
	/* after five moves the second player has the turn: one game of each
	 * pair begins with the first agent's */
	assert_in_range(out.known, out.scored - 30 - 3, out.scored - 30 + 3);
	positions_release(&all);
	pool_free(pool);
}

/* Where there are no more openings the duel is shorter. */
static void test_openings_run_out(void **state)
{
	struct duel d = {.game = &small,
			 .agents = {"random", "random"},
			 .plies = 0,
			 .pairs = 50,
			 .seed = 1};
	struct positions all;
	struct duel_result out;
	struct noted n;
	struct err e;
	struct pool *pool = pool_new(1);

	(void)state;
	play(&d, 1, &n, &out);
	assert_int_equal(n.games, 2);
	assert_int_equal(out.games.tally.distinct_pairs, 1);
	positions_init(&all, &small);
	positions_add(&all, NULL, 0, 0);
	d.known = &all;
	d.done = NULL;
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "no opening"));
	d.known = NULL;
	d.agents[1] = NULL;
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_USAGE);
	d.agents[1] = "policy:nobody";
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_NOTFOUND);
	positions_release(&all);
	pool_free(pool);
}

static void note_opening(void *ctx, const struct match_game *g)
{
	uint64_t **next = ctx;

	if (g->number % 2 == 0)
		*(*next)++ =
			tally_key_of(0, g->moves, g->count, g->opening).opening;
}

/* A duel in two parts has the openings of the whole. */
static void test_skip(void **state)
{
	uint64_t whole[12], parts[12], *next = whole;
	struct duel d = {.game = &connect4,
			 .agents = {"random", "random"},
			 .plies = 3,
			 .pairs = 12,
			 .seed = 9,
			 .done = note_opening,
			 .ctx = &next};
	struct duel_result out;
	struct err e;
	struct pool *pool = pool_new(1);

	(void)state;
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_OK);
	next = parts;
	d.pairs = 5;
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_OK);
	d.skip = 5;
	d.pairs = 7;
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_OK);
	assert_int_equal(out.games.tally.distinct_pairs, 7);
	assert_memory_equal(whole, parts, sizeof(whole));
	pool_free(pool);
}

static void test_positions(void **state)
{
	/* 3, 2 and 3, 4 are mirror images; 0 1 2 is also 2 1 0. */
	const game_move game[] = {3, 2, 3}, mirror[] = {3, 4, 3};
	const game_move order[] = {0, 1, 2}, turned[] = {2, 1, 0};
	struct positions p, q;
	struct buf bytes, again;

	(void)state;
	positions_init(&p, &connect4);
	assert_int_equal(positions_add(&p, game, 0, 3), 4);
	assert_int_equal(positions_add(&p, mirror, 0, 3), 0);
	assert_int_equal(positions_add(&p, order, 0, 3), 3);
	assert_int_equal(positions_known(&p, turned, 0, 3), 2);
	assert_int_equal(positions_known(&p, mirror, 1, 3), 3);
	/* As bytes, and back. */
	buf_init(&bytes);
	positions_save(&p, &bytes);
	assert_int_equal(bytes.len, 7 * 8);
	positions_init(&q, &connect4);
	assert_true(positions_load(&q, bytes.data, bytes.len));
	assert_int_equal(positions_known(&q, mirror, 0, 3), 4);
	assert_int_equal(positions_known(&q, turned, 1, 3), 1);
	buf_init(&again);
	positions_save(&q, &again);
	assert_int_equal(again.len, bytes.len);
	assert_memory_equal(again.data, bytes.data, bytes.len);
	assert_false(positions_load(&q, bytes.data, bytes.len - 1));
	positions_release(&p);
	positions_release(&q);
	buf_release(&bytes);
	buf_release(&again);
}

/* Two games before those of the duel, and what was said of each position. */
static void test_past(void **state)
{
	static const game_move moves[] = {3, 2, 3, 4, 3, 1, 3};
	const struct agent_past games[] = {{moves, 7, 1, 4, 0},
					   {moves, 7, 1, 5, 0}};
	const struct duel_past past = {"m", games, 2};
	struct net_config c = {0};
	struct duel_net net = {"m", NULL};
	struct duel d = {.game = &connect4,
			 .nets = &net,
			 .net_count = 1,
			 .pasts = &past,
			 .past_count = 1};
	struct agent_source source = duel_source(&d);
	void *start = game_state_new(&connect4, 0);
	struct net_plan *plan;
	struct agent *a;
	struct thought t;
	struct err e = ERR_INIT;
	float *params;

	(void)state;
	net_config_game(&c, &connect4);
	assert_int_equal(
		net_config_parse(&c, "transformer:width=8,heads=1", &e),
		ERR_OK);
	params = mem_floats(net_param_count(&c));
	net_init(&c, 1, params);
	net.plan = plan = net_plan_new(&c, params);
	assert_int_equal(
		agent_open(&a, "seq:m/0,context=tail", &connect4, &source, &e),
		ERR_OK);
	agent_think(a, start, 1, 1, 0, NULL, &t);
	assert_int_equal(t.reading.games, 2);
	assert_int_equal(t.reading.plies, 7 + 7 + 1);
	thought_release(&t);
	agent_close(a);
	assert_int_equal(agent_open(&a, "seq:m/0,context=last:2", &connect4,
				    &source, &e),
			 ERR_NOTFOUND);
	net_plan_free(plan);
	free(params);
	free(start);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks_play),
		cmocka_unit_test(test_known_openings_are_left_out),
		cmocka_unit_test(test_scored_positions_are_counted),
		cmocka_unit_test(test_openings_run_out),
		cmocka_unit_test(test_skip),
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_past),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
