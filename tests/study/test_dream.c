/* SPDX-License-Identifier: MIT */
/*
 * Dreams: every move and result held against what the network says, in one
 * call, of all that the lane should have read by then.
 */
#include "config.h"

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
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/dream.h"

enum { CELLS = 9, LANES = 11, CONTEXT = 40, KEPT = 25, GAMES = 12, ROW = 22 };

static struct game game;
static struct net_plan *plan;

static const struct agent_past past[] = {
	{(const game_move[]){0, 1, 3, 4, 6}, 5, 1, 3, 0},
	{(const game_move[]){4, 0, 2, 6, 3, 5, 1, 7, 8}, 9, 0, 3, 0},
	{(const game_move[]){0, 4, 1, 2, 8, 6}, 6, -1, 5, 0},
};

static struct net_plan *make_plan(const char *text)
{
	struct net_config c = {0};
	struct err e = ERR_INIT;
	struct net_plan *p;
	float *params;

	net_config_game(&c, &game);
	if (net_config_parse(&c, text, &e))
		fail_msg("%s", e.msg);
	params = mem_floats(net_param_count(&c));
	net_init(&c, 3, params);
	for (size_t i = 0; i < net_param_count(&c); i++)
		params[i] *= 3; /* fresh ones say little */
	p = net_plan_new(&c, params);
	free(params);
	return p;
}

static int setup(void **state)
{
	(void)state;
	if (game_init(&game, "mnk:3,3,3", NULL))
		return 1;
	plan = make_plan("transformer:width=16,layers=2,heads=2,context=40,"
			 "result=yes");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	net_plan_free(plan);
	return 0;
}

/* Lane i reads i % 4 games. */
static void make_tails(struct tale tails[LANES])
{
	memset(tails, 0, LANES * sizeof(*tails));
	for (int i = 0; i < LANES; i++)
		for (int g = 0; g < i % 4; g++)
			tale_add(&tails[i], &past[g]);
}

static struct dream_config config_of(const struct tale *tails)
{
	return (struct dream_config){
		.game = &game,
		.plan = plan,
		.lanes = LANES,
		.tails = tails,
		.per_stage = 2,
		.stride = 2,
		.temperature = 1,
		.seed = 5,
	};
}

/* --- by hand -------------------------------------------------------------
 */

struct rows {
	float x[256][ROW];
	int count;
};

static void add_game(struct rows *r, const struct agent_past *g,
		     const struct agent_past *before, bool told)
{
	void *s = game_state_new(&game, 0);

	for (int ply = 0; ply < g->count; ply++) {
		float *x = r->x[r->count++], *ids = x + 18;
		float score = before ? before->result : 0;

		score = ply % 2 ? -score : score;
		game.rules->encode(&game, s, x);
		ids[0] = ply ? g->moves[ply - 1] : CELLS;
		ids[1] = (float)(ply % 2);
		ids[2] = !before || !told ? NET_NO_RESULT
			 : score > 0      ? NET_WON
			 : score < 0      ? NET_LOST
					  : NET_DRAWN;
		ids[3] = before ? (float)net_id_gap(g->stage - before->stage)
				: 0;
		game.rules->apply(&game, s, g->moves[ply]);
	}
	free(s);
}

/* Where the sequence begins that game `n` is played in. */
static int begin_of(const struct tale *t, int tail, int n)
{
	int begin = 0, rows = 0;

	for (int i = 0; i < n; i++) {
		rows += t->games[i].count;
		if (i + 1 < tail || rows + CELLS <= CONTEXT)
			continue;
		rows = 0;
		for (begin = i + 1; rows + t->games[begin - 1].count <= KEPT;)
			rows += t->games[--begin].count;
	}
	return begin;
}

/* What the network says of game `n`: its positions' policies and results. */
static void say(const struct tale *t, int begin, int n, bool told,
		float policy[CELLS][CELLS], float result[CELLS][3])
{
	static float all_policy[256 * CELLS], all_result[256 * 3];
	float *out[NET_HEADS] = {
		[NET_POLICY] = all_policy, [NET_RESULT] = all_result};
	struct net_work *w = net_work_new(plan, 256);
	struct rows r = {.count = 0};
	int first, limits[2] = {0, 0};

	for (int i = begin; i <= n; i++)
		add_game(&r, &t->games[i], i > begin ? &t->games[i - 1] : NULL,
			 told);
	limits[1] = r.count;
	first = r.count - t->games[n].count;
	net_infer(plan, w, NULL,
		  &(struct net_batch){
			  .sequences = 1, .begin = limits, .x = r.x[0]},
		  out);
	memcpy(policy, all_policy + (size_t)first * CELLS,
	       (size_t)t->games[n].count * CELLS * sizeof(float));
	memcpy(result, all_result + (size_t)first * 3,
	       (size_t)t->games[n].count * 3 * sizeof(float));
	net_work_free(w);
}

static void check_best(const struct agent_past *g, float policy[CELLS][CELLS])
{
	void *s = game_state_new(&game, 0);

	for (int ply = 0; ply < g->count; ply++) {
		game_move legal[CELLS];
		int n = game.rules->legal(&game, s, legal), best = 0;

		for (int i = 1; i < n; i++)
			if (policy[ply][legal[i]] > policy[ply][legal[best]])
				best = i;
		assert_int_equal(g->moves[ply], legal[best]);
		game.rules->apply(&game, s, g->moves[ply]);
	}
	assert_int_equal(game.rules->to_act(&game, s), GAME_OVER);
	free(s);
}

/* --- tests ---------------------------------------------------------------
 */

static void test_moves(void **state)
{
	struct tale tails[LANES];
	struct dream_config c = config_of(tails);
	struct pool *pool = pool_new(1);

	(void)state;
	make_tails(tails);
	c.temperature = 0;
	for (int result = DREAM_OWN; result <= DREAM_UNTOLD; result++) {
		struct dream *d;

		c.result = result;
		d = dream_new(&c);
		dream_play(d, GAMES, pool);
		for (int i = 0; i < LANES; i++) {
			const struct tale *t = dream_tale(d, i);
			int tail = tails[i].count;

			assert_int_equal(t->count, tail + GAMES);
			for (int n = tail; n < t->count; n++) {
				float policy[CELLS][CELLS], wdl[CELLS][3];

				say(t, begin_of(t, tail, n), n,
				    result != DREAM_UNTOLD, policy, wdl);
				check_best(&t->games[n], policy);
			}
		}
		dream_free(d);
	}
	for (int i = 0; i < LANES; i++)
		tale_release(&tails[i]);
	pool_free(pool);
}

static float by_rules(const struct agent_past *g)
{
	void *s = game_state_new(&game, 0);
	float value[GAME_MAX_PLAYERS];

	for (int ply = 0; ply < g->count; ply++)
		game.rules->apply(&game, s, g->moves[ply]);
	game.rules->score(&game, s, value);
	free(s);
	return value[0];
}

/* Told by the rules they are true; told by itself, as often as it says. */
static void test_results(void **state)
{
	struct tale tails[LANES];
	struct dream_config c = config_of(tails);
	struct pool *pool = pool_new(1);
	double want = 0, got = 0, truly = 0;
	struct dream *d;

	(void)state;
	make_tails(tails);
	c.result = DREAM_RULES;
	d = dream_new(&c);
	dream_play(d, 4, pool);
	assert_int_equal(dream_counted(d).truly, 4 * LANES);
	assert_int_equal(dream_counted(d).games, 4 * LANES);
	for (int i = 0; i < LANES; i++)
		for (int n = tails[i].count; n < dream_tale(d, i)->count; n++)
			assert_true(dream_tale(d, i)->games[n].result ==
				    by_rules(&dream_tale(d, i)->games[n]));
	dream_free(d);
	/* Those of other games are of some that were played, and not always
	 * of the one at hand. */
	c.result = DREAM_PERMUTED;
	d = dream_new(&c);
	dream_play(d, 40, pool);
	assert_true(dream_counted(d).truly < 40 * LANES);
	for (int i = 0; i < LANES; i++)
		for (int n = tails[i].count; n < dream_tale(d, i)->count; n++) {
			const struct tale *t = dream_tale(d, i);
			int k = n;

			while (k >= tails[i].count &&
			       by_rules(&t->games[k]) != t->games[n].result)
				k--;
			assert_true(k >= tails[i].count);
		}
	dream_free(d);
	c.result = DREAM_OWN;
	d = dream_new(&c);
	dream_play(d, 40, pool);
	for (int i = 0; i < LANES; i++) {
		const struct tale *t = dream_tale(d, i);

		for (int n = tails[i].count; n < t->count; n++) {
			float policy[CELLS][CELLS], wdl[CELLS][3], *last;
			int count = t->games[n].count;

			say(t, begin_of(t, tails[i].count, n), n, true, policy,
			    wdl);
			last = wdl[count - 1];
			/* The player of the last move had the turn there. */
			want += (double)last[count % 2 ? 0 : 2];
			got += t->games[n].result == 1;
			truly += t->games[n].result == by_rules(&t->games[n]);
		}
		tale_release(&tails[i]);
	}
	/* 440 games: three standard deviations are 32 of them. */
	assert_true(want > 60 && got > want - 32 && got < want + 32);
	assert_true((double)dream_counted(d).truly == truly);
	assert_true(truly < 440);
	dream_free(d);
	pool_free(pool);
}

static void assert_same(const struct tale *a, const struct tale *b)
{
	assert_int_equal(a->count, b->count);
	for (int i = 0; i < a->count; i++) {
		assert_int_equal(a->games[i].count, b->games[i].count);
		assert_true(a->games[i].result == b->games[i].result);
		assert_int_equal(a->games[i].stage, b->games[i].stage);
		assert_memory_equal(a->games[i].moves, b->games[i].moves,
				    (size_t)a->games[i].count *
					    sizeof(game_move));
	}
}

/* Threads, other lanes and pauses make no difference; stages go on; some games
 * begin at random. */
static void test_lanes(void **state)
{
	static const int stages[] = {7, 7, 9, 9, 11, 11};
	struct tale tails[LANES];
	struct dream_config c = config_of(tails);
	struct pool *one = pool_new(1), *three = pool_new(3);
	struct dream *all, *few;

	(void)state;
	make_tails(tails);
	c.opening_share = 0.5f;
	c.opening_plies = 4;
	all = dream_new(&c);
	dream_play(all, 6, three);
	c.lanes = 4;
	few = dream_new(&c);
	dream_play(few, 2, one);
	dream_play(few, 6, one);
	for (int i = 0; i < 4; i++)
		assert_same(dream_tale(all, i), dream_tale(few, i));
	for (int n = 0; n < 6; n++)
		assert_int_equal(dream_tale(all, 3)->games[3 + n].stage,
				 stages[n]);
	dream_free(few);
	c.seed++;
	few = dream_new(&c);
	dream_play(few, 6, one);
	assert_memory_not_equal(dream_tale(all, 0)->games[0].moves,
				dream_tale(few, 0)->games[0].moves,
				5 * sizeof(game_move));
	dream_free(few);
	dream_free(all);
	for (int i = 0; i < LANES; i++)
		tale_release(&tails[i]);
	pool_free(one);
	pool_free(three);
}

/* A network without a limit reads all. */
static void test_recurrent(void **state)
{
	struct net_plan *gru = make_plan("gru:width=16,layers=1,result=yes");
	struct tale tails[LANES];
	struct dream_config c = config_of(tails);
	struct pool *pool = pool_new(1);
	int64_t rows = 0;
	struct dream *d;

	(void)state;
	make_tails(tails);
	c.plan = gru;
	d = dream_new(&c);
	dream_play(d, GAMES, pool);
	for (int i = 0; i < LANES; i++)
		for (int n = 0; n < dream_tale(d, i)->count; n++)
			rows += dream_tale(d, i)->games[n].count;
	assert_int_equal(dream_counted(d).rows, rows);
	dream_free(d);
	for (int i = 0; i < LANES; i++)
		tale_release(&tails[i]);
	pool_free(pool);
	net_plan_free(gru);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_lanes),
		cmocka_unit_test(test_recurrent),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
