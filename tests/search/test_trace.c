/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "core/search/mcts_int.h"
#include "core/search/trace.h"
#include "core/search/trace_text.h"
#include "tests/search/dice.h"
#include "tests/search/fake.h"

static struct game connect4, tictactoe;

static int setup(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL) ||
	       game_init(&tictactoe, "tictactoe", NULL);
}

static struct mcts_config config(int simulations)
{
	struct mcts_config cfg = MCTS_CONFIG_DEFAULT;

	cfg.simulations = simulations;
	cfg.memory_cap = (size_t)64 << 20;
	cfg.batch = 1;
	return cfg;
}

/* The live tree as it stood after some simulations. */
struct snapshot {
	int at;
	uint32_t count;
	struct mcts_node *nodes; /* owned */
};

static void check_view(const struct trace_view *v, const struct snapshot *s)
{
	assert_int_equal(v->at, s->at);
	for (uint32_t i = 0; i < v->trace->node_count; i++) {
		const struct mcts_node *n = &s->nodes[i];

		if (i >= s->count) {
			assert_false(trace_view_exists(v, i));
			assert_int_equal(v->visits[i], 0);
			continue;
		}
		assert_true(trace_view_exists(v, i));
		assert_int_equal(v->visits[i], n->visits);
		assert_true(v->value[i] == n->value);
		assert_true(v->draw[i] == n->draw);
		assert_int_equal(trace_view_proof(v, i), n->proof);
		if (n->visits)
			assert_true(trace_view_mean(v, i) ==
				    (double)n->value / TRACE_ONE / n->visits);
	}
}

/* Search with a snapshot after every batch, then go through the record in
 * both directions: N, W and proofs are those of the live tree, exactly. */
static void check_rebuild(struct mcts *t, const struct evaluator *ev, int batch)
{
	struct snapshot *shots = mem_zalloc(2000, sizeof(*shots));
	const void *states[16];
	float policy[16 * 9], wdl[16 * 3];
	struct trace_view v;
	struct trace *trace;
	enum mcts_stop stop;
	int count = 0, n;
	struct rng r;

	while ((n = mcts_gather(t, batch, states, &stop))) {
		evaluator_run(ev, t->g, n, states, policy, wdl);
		mcts_scatter(t, n, policy, wdl);
		assert_true(count < 2000);
		shots[count].at = t->sim_count;
		shots[count].count = t->node_count;
		shots[count].nodes =
			mem_alloc(t->node_count * sizeof(struct mcts_node));
		memcpy(shots[count++].nodes, t->nodes,
		       t->node_count * sizeof(struct mcts_node));
	}
	trace = mcts_trace(t);
	trace_view_init(&v, trace);
	for (int i = 0; i < count; i++) {
		trace_view_seek(&v, (uint32_t)shots[i].at);
		check_view(&v, &shots[i]);
	}
	for (int i = count - 1; i >= 0; i--) {
		trace_view_seek(&v, (uint32_t)shots[i].at);
		check_view(&v, &shots[i]);
	}
	rng_init(&r, 1, RNG_TEST, 0, 0);
	for (int k = 0; k < 50; k++) {
		int i = (int)rng_below(&r, (uint32_t)count);

		trace_view_seek(&v, (uint32_t)shots[i].at);
		check_view(&v, &shots[i]);
	}
	trace_view_release(&v);
	trace_free(trace);
	for (int i = 0; i < count; i++)
		free(shots[i].nodes);
	free(shots);
}

static void test_rebuilds_the_live_tree(void **state)
{
	static const struct {
		const char *line;
		int batch, gumbel, simulations;
	} cases[] = {
		{"", 1, 0, 300},
		{"", 8, 0, 300},
		{"", 1, 1, 64},
		{"", 8, 1, 64},
		{"44556", 1, 0, 400},
		{"112233", 1, 0, 10},
		{"44444435353", 1, 0, 1500},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mcts_config cfg = config(cases[i].simulations);
		struct mcts *t;
		void *s = fake_position(&connect4, cases[i].line);

		cfg.root = cases[i].gumbel ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		t = mcts_new(&connect4, &cfg);
		mcts_start(t, s, 1);
		check_rebuild(t, &fake_random, cases[i].batch);
		mcts_free(t);
		free(s);
	}
}

/* The whole of tic-tac-toe below two stones: most nodes end up proven. */
static void test_rebuilds_proofs(void **state)
{
	struct mcts_config cfg = config(1900);
	struct mcts *t = mcts_new(&tictactoe, &cfg);
	void *s = fake_position(&tictactoe, "b2 a1 c3");

	(void)state;
	mcts_start(t, s, 1);
	check_rebuild(t, &evaluator_uniform, 1);
	assert_true(t->nodes[0].proof != TRACE_OPEN);
	mcts_free(t);
	free(s);
}

/* Nodes of chance, and results that are not wins. */
static void test_rebuilds_chance(void **state)
{
	(void)state;
	for (int i = 0; i < 16; i++) {
		const struct game *g = i & 1 ? &dice_two : &dice_one;
		struct mcts_config cfg = config(600);
		void *s = fake_position(g, i & 8 ? "safe safe safe safe" : "");
		struct mcts *t;

		cfg.root = i & 4 ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		t = mcts_new(g, &cfg);
		mcts_start(t, s, 1);
		check_rebuild(t, &fake_random, i & 2 ? 8 : 1);
		mcts_free(t);
		free(s);
	}
}

static void test_rebuilds_a_reused_tree(void **state)
{
	struct mcts_config cfg = config(300);
	struct mcts *t = mcts_new(&connect4, &cfg);
	void *s = fake_position(&connect4, "");

	(void)state;
	mcts_start(t, s, 1);
	mcts_run(t, &fake_random, NULL);
	for (int ply = 0; ply < 3; ply++) {
		struct mcts_result r;
		game_move m;

		mcts_result(t, &r);
		m = r.moves[r.best].move;
		connect4.rules->apply(&connect4, s, m);
		assert_true(mcts_advance(t, m, s, 1));
		check_rebuild(t, &fake_random, 1 + 3 * ply);
	}
	mcts_free(t);
	free(s);
}

static struct trace *trace_of(const struct game *g, const char *line,
			      const struct mcts_config *cfg,
			      const struct evaluator *ev, bool reuse)
{
	struct mcts *t = mcts_new(g, cfg);
	void *s = fake_position(g, line);
	struct mcts_result r;
	struct trace *trace;

	mcts_start(t, s, 1);
	mcts_run(t, ev, NULL);
	if (reuse) {
		mcts_result(t, &r);
		g->rules->apply(g, s, r.moves[r.best].move);
		assert_true(mcts_advance(t, r.moves[r.best].move, s, 2));
		mcts_run(t, ev, NULL);
	}
	trace = mcts_trace(t);
	mcts_free(t);
	free(s);
	return trace;
}

static void check_same(const struct trace *a, const struct trace *b)
{
	assert_int_equal(a->node_count, b->node_count);
	assert_int_equal(a->sim_count, b->sim_count);
	assert_true(a->c_puct == b->c_puct && a->c_base == b->c_base &&
		    a->fpu == b->fpu);
	assert_int_equal(a->gumbel, b->gumbel);
	assert_int_equal(a->alternate, b->alternate);
	/* Both were zeroed before they were filled, padding too. */
	assert_memory_equal(a->nodes, b->nodes,
			    a->node_count * sizeof(*a->nodes));
	assert_memory_equal(a->sims, b->sims, a->sim_count * sizeof(*a->sims));
}

static struct trace *decoded(const struct buf *b)
{
	struct err e = ERR_INIT;
	struct trace *t;

	if (trace_decode(b->data, b->len, &t, &e))
		fail_msg("%s", e.msg);
	return t;
}

static void test_round_trip(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct mcts_config cfg = config(i == 5 ? 1 : 40 * i + 20);
		struct trace *a, *b, *c;
		struct buf bytes;

		cfg.root = i % 2 ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		a = i == 2 ? trace_of(&tictactoe, "b2 a1 c3", &cfg,
				      &evaluator_uniform, false)
		    : i == 6
			    ? trace_of(&dice_one, "", &cfg, &fake_random, false)
		    : i == 7
			    ? trace_of(&dice_two, "", &cfg, &fake_random, false)
			    : trace_of(&connect4, "44", &cfg, &fake_random,
				       i == 4);
		if (i == 4)
			assert_true(a->nodes[0].base_visits > 0);
		buf_init(&bytes);
		trace_encode(a, &bytes);
		b = decoded(&bytes);
		check_same(a, b);
		c = trace_clone(b);
		check_same(a, c);
		/* A trace is stored with every move of a game.  Seven children,
		 * a leaf and two values take about 50 bytes a simulation, and
		 * sums carried over 15 more. */
		assert_true(bytes.len < 60 * (a->sim_count + 2) +
						75 * a->nodes[0].base_visits);
		buf_release(&bytes);
		trace_free(a);
		trace_free(b);
		trace_free(c);
	}
}

/* Values that do not follow from the leaves, as another engine might record,
 * are written out. */
static void test_round_trip_of_other_values(void **state)
{
	struct mcts_config cfg = config(30);
	struct trace *a = trace_of(&connect4, "", &cfg, &fake_random, false);
	struct trace *b;
	struct buf bytes;

	(void)state;
	a->sims[7].value = 0.125f;
	a->sims[8].draw = 0.5f;
	buf_init(&bytes);
	trace_encode(a, &bytes);
	b = decoded(&bytes);
	check_same(a, b);
	buf_release(&bytes);
	trace_free(a);
	trace_free(b);
}

/* Everything that a screen does with a trace. */
static void walk(const struct trace *t)
{
	uint32_t path[300];
	struct trace_view v;
	double wdl[3];

	trace_view_init(&v, t);
	for (uint32_t at = 0; at <= t->sim_count; at += 1 + t->sim_count / 7) {
		trace_view_seek(&v, at);
		for (uint32_t i = 0; i < t->node_count; i++) {
			double q = trace_view_q(&v, i);

			assert_true(isfinite(q) && !isnan(trace_view_u(&v, i)));
			trace_view_wdl(&v, i, wdl);
			trace_view_exists(&v, i);
			trace_view_pv(&v, i, path, 300);
		}
		if (at)
			trace_path(t, at, path, 300);
	}
	trace_view_release(&v);
}

static void seal(struct buf *b)
{
	uint32_t sum = trace_checksum(b->data, b->len - 4);

	for (int i = 0; i < 4; i++)
		b->data[b->len - 4 + (size_t)i] = (char)(sum >> (8 * i));
}

/* Any change is noticed; and where the checksum is made to fit, what comes
 * out is safe to walk. */
static void test_damage(void **state)
{
	int opened = 0;

	(void)state;
	for (int which = 0; which < 2; which++) {
		struct mcts_config cfg = config(25);
		struct trace *a =
			trace_of(&connect4, "44", &cfg, &fake_random, which);
		struct buf good, bad;
		struct rng r;

		rng_init(&r, 4, RNG_TEST, 0, 0);
		buf_init(&good);
		buf_init(&bad);
		trace_encode(a, &good);
		for (int round = 0; round < 20000; round++) {
			struct err e = ERR_INIT;
			struct trace *t;
			bool sealed = round % 2;
			int changes = 1 + (int)rng_below(&r, 3);

			buf_clear(&bad);
			buf_add(&bad, good.data, good.len);
			if (round % 7 == 0)
				bad.len = 8 +
					  rng_below(&r, (uint32_t)good.len - 8);
			for (int k = 0; k < changes; k++) {
				uint32_t at =
					rng_below(&r, (uint32_t)bad.len - 4);

				bad.data[at] =
					(char)(bad.data[at] ^
					       (char)(1 + rng_below(&r, 255)));
			}
			if (sealed)
				seal(&bad);
			else if (bad.len == good.len &&
				 !memcmp(bad.data, good.data, bad.len))
				continue;
			if (trace_decode(bad.data, bad.len, &t, &e)) {
				assert_int_equal(e.code, ERR_FORMAT);
				assert_null(t);
				continue;
			}
			assert_true(sealed);
			opened++;
			if (round % 10 == 1)
				walk(t);
			trace_free(t);
		}
		buf_release(&good);
		buf_release(&bad);
		trace_free(a);
	}
	assert_true(opened > 100);
}

static void test_truncation(void **state)
{
	struct mcts_config cfg = config(12);
	struct trace *a = trace_of(&connect4, "44", &cfg, &fake_random, false);
	struct trace *t;
	struct buf b, cut;

	(void)state;
	buf_init(&b);
	buf_init(&cut);
	trace_encode(a, &b);
	for (size_t len = 0; len < b.len; len++) {
		assert_int_equal(trace_decode(b.data, len, &t, NULL),
				 ERR_FORMAT);
		if (len < 8)
			continue;
		buf_clear(&cut);
		buf_add(&cut, b.data, len);
		seal(&cut);
		assert_int_equal(trace_decode(cut.data, len, &t, NULL),
				 ERR_FORMAT);
	}
	/* One byte too many is as bad. */
	buf_clear(&cut);
	buf_add(&cut, b.data, b.len);
	buf_u8(&cut, 0);
	seal(&cut);
	assert_int_equal(trace_decode(cut.data, cut.len, &t, NULL), ERR_FORMAT);
	buf_release(&b);
	buf_release(&cut);
	trace_free(a);
}

static void test_other_formats(void **state)
{
	struct err e = ERR_INIT;
	struct trace *t;

	(void)state;
	assert_int_equal(trace_decode("not a trace", 11, &t, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "does not start"));
	assert_int_equal(trace_decode("PT\x09trace", 8, &t, &e), ERR_FORMAT);
	assert_non_null(strstr(e.msg, "format 9"));
	assert_int_equal(trace_decode("", 0, &t, &e), ERR_FORMAT);
}

/* Paths run from the root to the leaf; the view's line follows the visits. */
static void test_paths_and_lines(void **state)
{
	struct mcts_config cfg = config(200);
	struct trace *t = trace_of(&connect4, "", &cfg, &fake_random, false);
	struct trace_view v;
	uint32_t path[64];
	int n;

	(void)state;
	for (uint32_t sim = 1; sim <= t->sim_count; sim++) {
		n = trace_path(t, sim, path, 64);
		assert_int_equal(path[0], 0);
		assert_int_equal(path[n - 1], t->sims[sim - 1].leaf);
		for (int i = 1; i < n; i++)
			assert_int_equal(t->nodes[path[i]].parent, path[i - 1]);
		assert_int_equal(trace_path(t, sim, path, 1), 1);
		assert_int_equal(path[0], 0);
	}
	trace_view_init(&v, t);
	assert_int_equal(trace_view_pv(&v, 0, path, 64), 0);
	trace_view_seek(&v, 200);
	n = trace_view_pv(&v, 0, path, 64);
	assert_true(n > 1);
	for (int i = 0; i < n; i++) {
		const struct trace_node *p =
			&t->nodes[t->nodes[path[i]].parent];

		for (uint32_t k = 0; k < p->child_count; k++)
			assert_true(v.visits[p->first_child + k] <=
				    v.visits[path[i]]);
	}
	trace_view_release(&v);
	trace_free(t);
}

/* Q + U is what the search chose by: of the children of the root the one that
 * the next simulation enters has the most. */
static void test_u_is_what_the_search_used(void **state)
{
	struct mcts_config cfg = config(150);
	struct trace *t;
	struct trace_view v;

	(void)state;
	cfg.solve = false;
	t = trace_of(&connect4, "", &cfg, &fake_random, false);
	trace_view_init(&v, t);
	for (uint32_t at = 0; at < t->sim_count; at++) {
		uint32_t path[64], first;
		double best = -INFINITY;

		trace_view_seek(&v, at);
		trace_path(t, at + 1, path, 64);
		first = t->nodes[0].first_child;
		for (uint32_t i = 0; i < t->nodes[0].child_count; i++)
			best = fmax(best, trace_view_q(&v, first + i) +
						  trace_view_u(&v, first + i));
		assert_true(trace_view_q(&v, path[1]) +
				    trace_view_u(&v, path[1]) >
			    best - 1e-5);
	}
	trace_view_release(&v);
	trace_free(t);
}

static void test_tree_as_text(void **state)
{
	struct mcts_config cfg = config(300);
	struct trace *t =
		trace_of(&connect4, "11223", &cfg, &fake_random, false);
	struct trace_cut cut = {.depth = 2, .children = 2, .visits = 5};
	void *s = fake_position(&connect4, "11223");
	struct trace_view v;
	struct buf out;
	int lines = 0;

	(void)state;
	buf_init(&out);
	trace_view_init(&v, t);
	trace_view_seek(&v, t->sim_count);
	trace_text(&v, &connect4, s, &cut, &out);
	for (char *p = out.data; *p; p++)
		lines += *p == '\n';
	/* the root, at most two moves, at most two answers each */
	assert_in_range(lines, 2, 7);
	assert_true(!strncmp(out.data, ": Q", 3));
	assert_non_null(strstr(out.data, "\n4  "));
	cut.depth = 0;
	buf_clear(&out);
	trace_text(&v, &connect4, s, &cut, &out);
	assert_ptr_equal(strchr(out.data, '\n'), out.data + out.len - 1);
	buf_release(&out);
	trace_view_release(&v);
	trace_free(t);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rebuilds_the_live_tree),
		cmocka_unit_test(test_rebuilds_proofs),
		cmocka_unit_test(test_rebuilds_chance),
		cmocka_unit_test(test_rebuilds_a_reused_tree),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_round_trip_of_other_values),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_other_formats),
		cmocka_unit_test(test_paths_and_lines),
		cmocka_unit_test(test_u_is_what_the_search_used),
		cmocka_unit_test(test_tree_as_text),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
