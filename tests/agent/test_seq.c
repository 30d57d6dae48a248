/* SPDX-License-Identifier: MIT */
/*
 * The agent that reads games in order: what it thinks is what its network says
 * of all that it should have read, told in one call.
 */
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
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/rate/match.h"

enum { CELLS = 9, MOST = 64 };

static const struct line {
	game_move moves[CELLS];
	int count;
	float result; /* of player 0 */
} lines[] = {
	{{0, 1, 3, 4, 6}, 5, 1},
	{{4, 0, 2, 6, 3, 5, 1, 7, 8}, 9, 0},
	{{0, 4, 1, 2, 8, 6}, 6, -1},
};

static struct game game;
static const char *net_text;

static int setup(void **state)
{
	(void)state;
	return game_init(&game, "mnk:3,3,3", NULL);
}

static struct net_plan *make_plan(const char *text)
{
	struct net_config c = {0};
	struct net_plan *p;
	float *params;

	net_config_game(&c, &game);
	assert_int_equal(net_config_parse(&c, text, NULL), ERR_OK);
	params = mem_floats(net_param_count(&c));
	net_init(&c, 3, params);
	/* Fresh networks say little: louder. */
	for (size_t i = 0; i < net_param_count(&c); i++)
		params[i] *= 2;
	p = net_plan_new(&c, params);
	free(params);
	return p;
}

static enum err_code load(void *self, const char *run, const char *step,
			  const struct game *g, const struct net_plan **plan,
			  int64_t *loaded, struct err *e)
{
	(void)self;
	(void)run;
	(void)step;
	(void)g;
	(void)e;
	*plan = make_plan(net_text);
	*loaded = 7;
	return ERR_OK;
}

static void release(void *self, const struct net_plan *plan)
{
	(void)self;
	net_plan_free((struct net_plan *)(uintptr_t)plan);
}

/* The first two games, 100 steps apart, or one of none. */
static enum err_code past(void *self, const char *run, const char *which,
			  const struct game *g,
			  void (*take)(void *ctx, const struct agent_past *p),
			  void *ctx, struct err *e)
{
	(void)self;
	(void)g;
	assert_string_equal(run, "r");
	if (strcmp(which, "last:2"))
		return err_set(e, ERR_USAGE, "not %s", which);
	for (int i = 0; i < 2; i++) {
		struct agent_past p = {lines[i].moves, lines[i].count,
				       lines[i].result, 100 * i, 0};

		take(ctx, &p);
	}
	return ERR_OK;
}

static const struct agent_source source = {
	.load = load, .release = release, .past = past};

static struct agent *open_agent(const char *spec)
{
	struct err e = ERR_INIT;
	struct agent *a;

	if (agent_open(&a, spec, &game, &source, &e))
		fail_msg("%s", e.msg);
	return a;
}

/* Rows as the network was trained on, by hand. */
struct rows {
	float x[MOST][18 + NET_GAME_IDS];
	int count;
	int64_t gap;
	const struct line *before;
};

static void add_rows(struct rows *r, const struct line *l, int positions)
{
	void *s = game_state_new(&game, 0);

	for (int ply = 0; ply < positions; ply++) {
		float *x = r->x[r->count++], *ids = x + 18, score;

		assert_true(r->count <= MOST);
		game.rules->encode(&game, s, x);
		ids[0] = ply ? l->moves[ply - 1] : CELLS;
		ids[1] = (float)(ply % 2);
		score = r->before ? r->before->result : 0;
		score = ply % 2 ? -score : score;
		ids[2] = !r->before  ? NET_NO_RESULT
			 : score > 0 ? NET_WON
			 : score < 0 ? NET_LOST
				     : NET_DRAWN;
		ids[3] = (float)net_id_gap(r->gap);
		if (ply < l->count)
			game.rules->apply(&game, s, l->moves[ply]);
	}
	r->before = l;
	r->gap = 0;
	free(s);
}

/* What the network says of the last of these rows. */
static void say(const struct rows *r, float wdl[3])
{
	struct net_plan *p = make_plan(net_text);
	struct net_work *w = net_work_new(p, MOST);
	const int begin[] = {0, r->count};
	float all[MOST * 3];
	float *out[NET_HEADS] = {[NET_VALUE] = all};
	struct net_batch in = {.sequences = 1, .begin = begin, .x = r->x[0]};

	net_infer(p, w, NULL, &in, out);
	memcpy(wdl, all + 3 * (r->count - 1), 3 * sizeof(*wdl));
	net_work_free(w);
	net_plan_free(p);
}

static struct thought_reading think(struct agent *a, const struct line *l,
				    int ply, float wdl[3])
{
	void *s = game_state_new(&game, 0);
	struct thought_reading reading;
	struct thought t;

	for (int i = 0; i < ply; i++)
		game.rules->apply(&game, s, l->moves[i]);
	agent_line(a, l->moves, ply);
	agent_think(a, s, 1, 1, ply, NULL, &t);
	assert_int_equal(t.count, CELLS - ply);
	memcpy(wdl, t.wdl, 3 * sizeof(*wdl));
	reading = t.reading;
	assert_true(reading.known);
	thought_release(&t);
	free(s);
	return reading;
}

static void learn(struct agent *a, const struct line *l, int player)
{
	void *start = game_state_new(&game, 0);
	struct agent_game g = {.start = start,
			       .moves = l->moves,
			       .count = l->count,
			       .player = player,
			       .result = player ? -l->result : l->result};

	agent_learn(a, &g);
	free(start);
}

static void assert_says(const struct rows *r, const float got[3])
{
	float want[3];

	say(r, want);
	assert_memory_equal(got, want, sizeof(want));
}

static const char *const nets[] = {
	"transformer:width=16,layers=2,heads=2,context=64",
	"gru:width=16,layers=1",
	"fast:width=16,layers=1,heads=2",
};

/* Two games of its life, seen as either player, then the third by turns. */
static void check_life(void)
{
	struct agent *a = open_agent("seq:r/latest");
	struct rows told = {.count = 0}, now;
	float wdl[3], other[3];
	struct thought_reading r;

	assert_string_equal(agent_name(a), "seq:r/7");
	assert_true(agent_learns(a));
	for (int g = 0; g < 2; g++) {
		for (int ply = g; ply < lines[g].count; ply += 2) {
			now = told;
			add_rows(&now, &lines[g], ply + 1);
			think(a, &lines[g], ply, wdl);
			assert_says(&now, wdl);
		}
		learn(a, &lines[g], g);
		add_rows(&told, &lines[g], lines[g].count);
	}
	now = told;
	add_rows(&now, &lines[2], 3);
	r = think(a, &lines[2], 2, wdl);
	assert_says(&now, wdl);
	assert_int_equal(r.games, 2);
	assert_int_equal(r.plies, now.count);
	assert_int_equal(r.slides, 0);
	/* Further, taken back, asked again: always as told at once. */
	think(a, &lines[2], 4, other);
	assert_memory_not_equal(wdl, other, sizeof(wdl));
	think(a, &lines[2], 2, other);
	assert_memory_equal(wdl, other, sizeof(wdl));
	think(a, &lines[2], 2, other);
	assert_memory_equal(wdl, other, sizeof(wdl));
	agent_close(a);
}

static void test_life(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nets); i++) {
		net_text = nets[i];
		check_life();
	}
}

static void test_none_forgets(void **state)
{
	struct rows now = {.count = 0};
	struct agent *a;
	float wdl[3];

	(void)state;
	net_text = nets[0];
	a = open_agent("seq:r/latest,context=none");
	learn(a, &lines[0], 0);
	add_rows(&now, &lines[1], 2);
	assert_int_equal(think(a, &lines[1], 1, wdl).games, 0);
	assert_says(&now, wdl);
	agent_close(a);
}

/* Games of before its life, with how far they are apart. */
static void test_past(void **state)
{
	struct rows now = {.count = 0};
	struct agent *a;
	struct err e = ERR_INIT;
	float wdl[3];

	(void)state;
	net_text = nets[0];
	a = open_agent("seq:r/latest,context=last:2");
	add_rows(&now, &lines[0], lines[0].count);
	now.gap = 100;
	add_rows(&now, &lines[1], lines[1].count);
	add_rows(&now, &lines[2], 1);
	assert_int_equal(think(a, &lines[2], 0, wdl).games, 2);
	assert_says(&now, wdl);
	agent_close(a);
	assert_int_equal(agent_open(&a, "seq:r/latest,context=no:such", &game,
				    &source, &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "no:such"));
}

/* What was read before its life stays, and nothing comes to it. */
static void test_fixed(void **state)
{
	struct rows now = {.count = 0};
	struct agent *a;
	float wdl[3];

	(void)state;
	net_text = nets[0];
	a = open_agent("seq:r/latest,context=last:2,fixed=yes");
	learn(a, &lines[2], 0);
	add_rows(&now, &lines[0], lines[0].count);
	now.gap = 100;
	add_rows(&now, &lines[1], lines[1].count);
	add_rows(&now, &lines[2], 2);
	assert_int_equal(think(a, &lines[2], 1, wdl).games, 2);
	assert_says(&now, wdl);
	agent_close(a);
}

/* Rows of games whose ends it is not told. */
static void test_no_results(void **state)
{
	struct rows now = {.count = 0};
	struct agent *a;
	float wdl[3];

	(void)state;
	net_text = nets[0];
	a = open_agent("seq:r/latest,results=no");
	learn(a, &lines[0], 0);
	add_rows(&now, &lines[0], lines[0].count);
	add_rows(&now, &lines[1], 3);
	for (int i = 0; i < now.count; i++)
		now.x[i][18 + NET_ID_RESULT] = NET_NO_RESULT;
	think(a, &lines[1], 2, wdl);
	assert_says(&now, wdl);
	agent_close(a);
}

/* A full context goes on with its newest part. */
static void test_slides(void **state)
{
	struct agent *a;
	struct thought_reading r = {0};
	float wdl[3];

	(void)state;
	net_text = "transformer:width=16,layers=1,heads=2,context=16";
	a = open_agent("seq:r/latest");
	for (int g = 0; g < 6; g++) {
		r = think(a, &lines[g % 3], 4, wdl);
		assert_in_range(r.plies, 5, 16);
		assert_in_range(r.games, g > 0, 3);
		learn(a, &lines[g % 3], 0);
	}
	assert_int_equal(r.context, 16);
	assert_true(r.slides >= 2);
	agent_close(a);
}

/* Not what reads a position alone, nor the other way round. */
static void test_wrong_networks(void **state)
{
	struct agent *a;
	struct err e = ERR_INIT;

	(void)state;
	net_text = "tower:filters=4,blocks=1";
	assert_int_equal(agent_open(&a, "seq:r/latest", &game, &source, &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "policy:r/7"));
	net_text = nets[0];
	assert_int_equal(agent_open(&a, "policy:r/latest", &game, &source, &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "seq:r/7"));
}

static void keep_moves(void *ctx, const struct match_game *g)
{
	FILE *f = ctx;

	for (int i = 0; i < g->count; i++)
		fprintf(f, " %d", (int)g->moves[i]);
	fprintf(f, "\n");
}

static char *play_match(int threads)
{
	static const struct match_openings openings = {.random_plies = 2};
	struct match_request m = {
		.game = &game,
		.source = &source,
		.agents = {"seq:r/latest,temperature=1",
			   "seq:r/latest,temperature=1,context=none"},
		.games = 24,
		.life = 6,
		.seed = 4,
		.openings = &openings,
	};
	struct pool *pool = pool_new(threads);
	struct match_result result;
	struct err e = ERR_INIT;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (match_play(&m, pool, keep_moves, NULL, f, &result, &e))
		fail_msg("%s", e.msg);
	fclose(f);
	pool_free(pool);
	return text;
}

/* Lives do not depend on threads. */
static void test_matches_repeat(void **state)
{
	char *one, *two;

	(void)state;
	net_text = nets[0];
	one = play_match(1);
	two = play_match(2);
	assert_string_equal(one, two);
	free(one);
	free(two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_none_forgets),
		cmocka_unit_test(test_past),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_no_results),
		cmocka_unit_test(test_slides),
		cmocka_unit_test(test_wrong_networks),
		cmocka_unit_test(test_matches_repeat),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
