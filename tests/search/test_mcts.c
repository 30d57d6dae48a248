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
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "core/search/mcts_int.h"
#include "core/search/trace.h"
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
	return cfg;
}

struct outcome {
	struct mcts_result r;
	struct mcts_move moves[225];
	enum mcts_stop stop;
};

static struct outcome search(const struct game *g, const char *line,
			     const struct mcts_config *cfg,
			     const struct evaluator *ev)
{
	struct mcts *t = mcts_new(g, cfg);
	void *s = fake_position(g, line);
	struct outcome out;

	mcts_start(t, s, 1);
	out.stop = mcts_run(t, ev, NULL);
	mcts_result(t, &out.r);
	memcpy(out.moves, out.r.moves,
	       (size_t)out.r.count * sizeof(*out.moves));
	out.r.moves = NULL;
	mcts_free(t);
	free(s);
	return out;
}

static game_move best_move(const struct outcome *o)
{
	return o->moves[o->r.best].move;
}

/* Three in a row for the player to act: found before any simulation. */
static void test_wins_at_once(void **state)
{
	(void)state;
	for (int gumbel = 0; gumbel < 2; gumbel++) {
		struct mcts_config cfg = config(50);
		struct outcome o;

		cfg.root = gumbel ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		o = search(&connect4, "112233", &cfg, &fake_random);
		assert_int_equal(best_move(&o), 3);
		assert_int_equal(o.stop, MCTS_PROVEN);
		assert_int_equal(o.r.proof, TRACE_WIN);
		assert_int_equal(o.r.simulations, 0);
		assert_true(o.r.value == 1 && o.r.wdl[0] == 1);
		assert_true(o.moves[3].policy == 1);
		assert_true(o.moves[3].q == 1 && o.moves[3].value == 1);
	}
}

/* The opponent threatens to win in column 4. */
static void test_blocks(void **state)
{
	static const float against[7] = {3, 0, 0, -3, 0, 0, 0};
	struct fake_fixed f = {.logits = against, .wdl = {0, 1, 0}};
	struct evaluator ev = fake_fixed_of(&f);

	(void)state;
	for (int gumbel = 0; gumbel < 2; gumbel++) {
		struct mcts_config cfg = config(60);
		struct outcome o;

		cfg.root = gumbel ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		o = search(&connect4, "11223", &cfg, &ev);
		assert_int_equal(best_move(&o), 3);
		for (int i = 0; i < o.r.count; i++)
			if (o.moves[i].proof == TRACE_LOSS)
				assert_true(o.moves[i].policy == 0);
		assert_true(o.moves[3].policy > 0.99f);
	}
}

/* 3,3,3 is a draw; with rules alone and enough simulations it is proven. */
static void test_proves_tictactoe(void **state)
{
	struct mcts_config cfg = config(1000000);
	struct outcome o;

	(void)state;
	o = search(&tictactoe, "", &cfg, &evaluator_uniform);
	assert_int_equal(o.stop, MCTS_PROVEN);
	assert_int_equal(o.r.proof, TRACE_DRAW);
	assert_true(o.r.value == 0 && o.r.wdl[1] == 1);
	assert_int_equal(o.moves[o.r.best].proof, TRACE_DRAW);
}

/* Every tic-tac-toe position's proof agrees with plain minimax. */
static int minimax(const void *s)
{
	const struct game *g = &tictactoe;
	game_move moves[9];
	float value[2];
	int best = -1, n;

	if (g->rules->to_act(g, s) == GAME_OVER) {
		g->rules->score(g, s, value);
		return value[0] != 0 ? -1 : 0;
	}
	n = g->rules->legal(g, s, moves);
	for (int i = 0; i < n && best < 1; i++) {
		uint64_t child[32];
		int v;

		memcpy(child, s, g->state_size);
		g->rules->apply(g, child, moves[i]);
		v = -minimax(child);
		if (v > best)
			best = v;
	}
	return best;
}

static void check_proofs(struct mcts *t, const void *s, int *left)
{
	const struct game *g = &tictactoe;
	static const int value[] = {
		[TRACE_WIN] = 1, [TRACE_DRAW] = 0, [TRACE_LOSS] = -1};
	struct mcts_result r;
	game_move moves[9];
	int n;

	if (!*left || g->rules->to_act(g, s) == GAME_OVER)
		return;
	--*left;
	mcts_start(t, s, (uint64_t)*left);
	assert_int_equal(mcts_run(t, &fake_random, NULL), MCTS_PROVEN);
	mcts_result(t, &r);
	assert_int_equal(value[r.proof], minimax(s));
	assert_int_equal(r.moves[r.best].proof, r.proof);
	n = g->rules->legal(g, s, moves);
	for (int i = 0; i < n; i++) {
		uint64_t child[32];

		memcpy(child, s, g->state_size);
		g->rules->apply(g, child, moves[i]);
		check_proofs(t, child, left);
	}
}

static void test_proofs_are_right(void **state)
{
	struct mcts_config cfg = config(200000);
	struct mcts *t = mcts_new(&tictactoe, &cfg);
	void *s = fake_position(&tictactoe, "a1 b2");
	int left = 300;

	(void)state;
	check_proofs(t, s, &left);
	assert_int_equal(left, 0);
	free(s);
	mcts_free(t);
}

/* After 3 1 4 1 the first player makes an open three at the foot of the
 * board: whatever the answer, the move after wins. */
static void test_forced_win(void **state)
{
	struct mcts_config cfg = config(5000);
	struct outcome o = search(&connect4, "3141", &cfg, &evaluator_uniform);

	(void)state;
	assert_int_equal(o.stop, MCTS_PROVEN);
	assert_int_equal(o.r.proof, TRACE_WIN);
	assert_int_equal(best_move(&o), 4);
}

/* Without the solver the value is a mean, and the search goes on. */
static void test_solver_off(void **state)
{
	struct mcts_config cfg = config(100);
	struct outcome o;

	(void)state;
	cfg.solve = false;
	o = search(&connect4, "112233", &cfg, &evaluator_uniform);
	assert_int_equal(o.stop, MCTS_DONE);
	assert_int_equal(o.r.simulations, 100);
	assert_int_equal(best_move(&o), 3);
	assert_int_equal(o.r.proof, TRACE_OPEN);
	assert_true(o.moves[3].q == 1);
}

static void check_sums(const struct outcome *o, int simulations)
{
	uint32_t visits = 0;
	double policy = 0, prior = 0;

	for (int i = 0; i < o->r.count; i++) {
		visits += o->moves[i].visits;
		policy += (double)o->moves[i].policy;
		prior += (double)o->moves[i].prior;
	}
	assert_int_equal(visits, simulations);
	assert_int_equal(o->r.simulations, simulations);
	assert_true(fabs(policy - 1) < 1e-5);
	assert_true(fabs(prior - 1) < 1e-5);
	assert_true(fabs((double)(o->r.wdl[0] + o->r.wdl[1] + o->r.wdl[2]) -
			 1) < 1e-5);
}

static void test_visits_add_up(void **state)
{
	static const int batches[] = {1, 2, 8, 64};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(batches); i++)
		for (int gumbel = 0; gumbel < 2; gumbel++)
			for (int n = 1; n <= 333; n = n * 3 + 1) {
				struct mcts_config cfg = config(n);
				struct outcome o;

				cfg.batch = batches[i];
				cfg.root = gumbel ? MCTS_ROOT_GUMBEL
						  : MCTS_ROOT_PUCT;
				o = search(&connect4, "44", &cfg, &fake_random);
				assert_int_equal(o.stop, MCTS_DONE);
				check_sums(&o, n);
			}
}

static struct buf encoded(const struct game *g, const char *line,
			  const struct mcts_config *cfg, uint64_t number)
{
	struct mcts *t = mcts_new(g, cfg);
	void *s = fake_position(g, line);
	struct trace *tr;
	struct buf b;

	buf_init(&b);
	mcts_start(t, s, number);
	mcts_run(t, &fake_random, NULL);
	tr = mcts_trace(t);
	trace_encode(tr, &b);
	trace_free(tr);
	mcts_free(t);
	free(s);
	return b;
}

static bool same_tree(const struct mcts_config *a, uint64_t number_a,
		      const struct mcts_config *b, uint64_t number_b)
{
	struct buf x = encoded(&connect4, "4", a, number_a);
	struct buf y = encoded(&connect4, "4", b, number_b);
	bool same = x.len == y.len && !memcmp(x.data, y.data, x.len);

	buf_release(&x);
	buf_release(&y);
	return same;
}

static void test_same_seed_same_tree(void **state)
{
	(void)state;
	for (int gumbel = 0; gumbel < 2; gumbel++) {
		struct mcts_config a = config(120), b;

		a.root = gumbel ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		a.noise_alpha = gumbel ? 0 : 10;
		b = a;
		assert_true(same_tree(&a, 1, &b, 1));
		/* Another search of the same seed has its own noise. */
		assert_false(same_tree(&a, 1, &b, 2));
		b.seed = 2;
		assert_false(same_tree(&a, 1, &b, 1));
	}
}

/* One leaf at a time by hand is the same search as mcts_run(), to the bit;
 * so are several searches side by side. */
static void test_gather_scatter_is_run(void **state)
{
	enum { SIDE = 5 };
	struct mcts_config cfg = config(90);
	struct mcts *t[SIDE];
	void *s = fake_position(&connect4, "43");
	bool over[SIDE] = {false};
	int left = SIDE;

	(void)state;
	cfg.batch = 1;
	for (int i = 0; i < SIDE; i++) {
		t[i] = mcts_new(&connect4, &cfg);
		mcts_start(t[i], s, (uint64_t)i);
	}
	while (left) {
		const void *states[SIDE];
		float policy[SIDE * 7], wdl[SIDE * 3];
		int from[SIDE], n = 0;

		for (int i = 0; i < SIDE; i++) {
			enum mcts_stop stop;

			if (over[i])
				continue;
			if (mcts_gather(t[i], 1, &states[n], &stop)) {
				from[n++] = i;
				continue;
			}
			over[i] = true;
			left--;
			assert_int_equal(stop, MCTS_DONE);
		}
		evaluator_run(&fake_random, &connect4, n, states, policy, wdl);
		for (int k = 0; k < n; k++)
			mcts_scatter(t[from[k]], 1, policy + 7 * k,
				     wdl + 3 * k);
	}
	for (int i = 0; i < SIDE; i++) {
		struct buf by_run = encoded(&connect4, "43", &cfg, (uint64_t)i);
		struct trace *tr = mcts_trace(t[i]);
		struct buf by_hand;

		buf_init(&by_hand);
		trace_encode(tr, &by_hand);
		assert_int_equal(by_hand.len, by_run.len);
		assert_memory_equal(by_hand.data, by_run.data, by_run.len);
		buf_release(&by_hand);
		buf_release(&by_run);
		trace_free(tr);
		mcts_free(t[i]);
	}
	free(s);
}

/* Searching in small steps, as a live view does, is the same search. */
static void test_run_some(void **state)
{
	struct mcts_config cfg = config(100);
	struct mcts *a = mcts_new(&connect4, &cfg);
	struct mcts *b = mcts_new(&connect4, &cfg);
	void *s = fake_position(&connect4, "");
	struct mcts_result ra, rb;

	(void)state;
	cfg.batch = 1;
	mcts_configure(a, &cfg);
	mcts_configure(b, &cfg);
	mcts_start(a, s, 1);
	mcts_start(b, s, 1);
	mcts_run(a, &fake_random, NULL);
	for (int done = 0; done < 100; done += 7) {
		assert_int_equal(mcts_simulations(b), done);
		assert_int_equal(mcts_run_some(b, &fake_random, 7, NULL),
				 MCTS_DONE);
	}
	mcts_result(a, &ra);
	mcts_result(b, &rb);
	assert_int_equal(rb.simulations, 100);
	for (int i = 0; i < ra.count; i++)
		assert_memory_equal(&ra.moves[i], &rb.moves[i],
				    sizeof(ra.moves[i]));
	mcts_free(a);
	mcts_free(b);
	free(s);
}

static void test_memory_cap_is_a_result(void **state)
{
	struct mcts_config cfg = config(100000);
	struct outcome o;

	(void)state;
	cfg.memory_cap = 64 * 1024;
	o = search(&connect4, "", &cfg, &fake_random);
	assert_int_equal(o.stop, MCTS_MEMORY);
	assert_true(o.r.simulations > 100 && o.r.simulations < 1024);
	check_sums(&o, o.r.simulations);
	/* Even no memory at all leaves the root. */
	cfg.memory_cap = 0;
	o = search(&connect4, "", &cfg, &fake_random);
	assert_int_equal(o.stop, MCTS_MEMORY);
	assert_int_equal(o.r.simulations, 0);
	assert_int_equal(o.r.count, 7);
}

static void test_cancel_is_a_result(void **state)
{
	struct mcts_config cfg = config(1000);
	struct mcts *t = mcts_new(&connect4, &cfg);
	void *s = fake_position(&connect4, "");
	struct mcts_result r;
	atomic_bool cancel;

	(void)state;
	atomic_init(&cancel, true);
	mcts_start(t, s, 1);
	assert_int_equal(mcts_run(t, &fake_random, &cancel), MCTS_CANCELLED);
	mcts_result(t, &r);
	assert_int_equal(r.count, 7);
	assert_int_equal(r.simulations, 0);
	assert_int_equal(r.stop, MCTS_CANCELLED);
	/* It can go on afterwards. */
	assert_int_equal(mcts_run(t, &fake_random, NULL), MCTS_DONE);
	mcts_result(t, &r);
	assert_int_equal(r.simulations, 1000);
	mcts_free(t);
	free(s);
}

/* Noise moves the visits, never the priors that are shown. */
static void test_root_noise(void **state)
{
	struct mcts_config cfg = config(200);
	struct outcome quiet, noisy;

	(void)state;
	quiet = search(&connect4, "", &cfg, &fake_random);
	cfg.noise_alpha = 10;
	cfg.noise_share = 1;
	noisy = search(&connect4, "", &cfg, &fake_random);
	for (int i = 0; i < 7; i++)
		assert_true(quiet.moves[i].prior == noisy.moves[i].prior);
	assert_memory_not_equal(quiet.moves, noisy.moves,
				sizeof(quiet.moves[0]) * 7);
}

/* A subtree that is kept has the visits that the search before gave it, and
 * the search adds its own simulations. */
static void test_advance_keeps_the_subtree(void **state)
{
	struct mcts_config cfg = config(400);
	struct mcts *t = mcts_new(&connect4, &cfg);
	void *s = fake_position(&connect4, "");
	struct mcts_result r;
	game_move m;
	uint32_t before, sum = 0;

	(void)state;
	mcts_start(t, s, 1);
	mcts_run(t, &fake_random, NULL);
	mcts_result(t, &r);
	m = r.moves[r.best].move;
	before = r.moves[r.best].visits;
	assert_true(before > 10);
	connect4.rules->apply(&connect4, s, m);
	assert_true(mcts_advance(t, m, s, 2));
	mcts_result(t, &r);
	for (int i = 0; i < r.count; i++)
		sum += r.moves[i].visits;
	/* One of the child's visits was its own evaluation. */
	assert_int_equal(sum, before - 1);
	assert_int_equal(r.simulations, 0);
	mcts_run(t, &fake_random, NULL);
	mcts_result(t, &r);
	sum = 0;
	for (int i = 0; i < r.count; i++)
		sum += r.moves[i].visits;
	assert_int_equal(sum, before - 1 + 400);
	assert_int_equal(r.simulations, 400);
	mcts_free(t);
	free(s);
}

/* A tree taken over is the tree that searching the position would have had:
 * the same children, with the evaluator's answers for their positions. */
static void test_advance_keeps_the_right_nodes(void **state)
{
	struct mcts_config cfg = config(300);
	struct mcts *t = mcts_new(&connect4, &cfg);
	void *s = fake_position(&connect4, "");

	(void)state;
	mcts_start(t, s, 1);
	for (int ply = 0; ply < 6; ply++) {
		struct mcts_result r;
		struct trace *tr;
		game_move m;

		mcts_run(t, &fake_random, NULL);
		tr = mcts_trace(t);
		for (uint32_t i = 1; i < tr->node_count; i++) {
			const void *states[1];
			uint64_t copy[4];
			game_move path[64];
			float policy[7], wdl[3];
			uint32_t at = i;
			int n = 0;

			for (; at; at = tr->nodes[at].parent)
				path[n++] = tr->nodes[at].move;
			memcpy(copy, s, connect4.state_size);
			while (n)
				connect4.rules->apply(&connect4, copy,
						      path[--n]);
			if (tr->nodes[i].evaluated < 0)
				continue;
			states[0] = copy;
			evaluator_run(&fake_random, &connect4, 1, states,
				      policy, wdl);
			assert_true(tr->nodes[i].value == wdl[0] - wdl[2]);
		}
		trace_free(tr);
		mcts_result(t, &r);
		m = r.moves[r.best].move;
		connect4.rules->apply(&connect4, s, m);
		assert_true(mcts_advance(t, m, s, (uint64_t)ply + 2));
	}
	mcts_free(t);
	free(s);
}

/* A searcher serves thousands of searches with what it took for the first. */
static void test_reuse_takes_no_memory(void **state)
{
	struct mcts_config cfg = config(50);
	struct mcts *t;
	void *s = fake_position(&connect4, "44");
	struct mcts before;

	(void)state;
	cfg.memory_cap = 64 * 1024;
	t = mcts_new(&connect4, &cfg);
	for (uint64_t number = 0; number < 2000; number++) {
		mcts_start(t, s, number);
		mcts_run(t, &fake_random, NULL);
		if (number == 10)
			before = *t;
	}
	assert_int_equal(t->sim_cap, before.sim_cap);
	assert_int_equal(t->slot_count, before.slot_count);
	assert_int_equal(t->run_cap, before.run_cap);
	assert_int_equal(t->arena.cap_bytes, before.arena.cap_bytes);
	assert_ptr_equal(t->arena.base, before.arena.base);
	/* And it touches no more of its memory than the tree needs. */
	assert_int_equal(t->arena.used_bytes,
			 t->node_count * sizeof(struct mcts_node));
	mcts_free(t);
	free(s);
}

/* The answers of an evaluator that has gone wrong do no harm. */
static void not_numbers(void *self, const struct game *g, int n,
			const void *const *states, float *policy, float *wdl)
{
	(void)self;
	(void)states;
	for (int i = 0; i < n * g->move_count; i++)
		policy[i] = NAN;
	for (int i = 0; i < n * 3; i++)
		wdl[i] = NAN;
}

static void test_nan_is_harmless(void **state)
{
	const struct evaluator ev = {
		.name = "nan", .max_batch = 8, .evaluate = not_numbers};

	(void)state;
	for (int gumbel = 0; gumbel < 2; gumbel++) {
		struct mcts_config cfg = config(100);
		struct outcome o;

		cfg.root = gumbel ? MCTS_ROOT_GUMBEL : MCTS_ROOT_PUCT;
		o = search(&connect4, "", &cfg, &ev);
		check_sums(&o, 100);
	}
}

/* Values go to the right player: an evaluator that sees the player to act
 * winning everywhere makes every move look lost. */
static void test_signs(void **state)
{
	struct fake_fixed f = {.wdl = {0.9f, 0.05f, 0.05f}};
	struct evaluator ev = fake_fixed_of(&f);
	struct mcts_config cfg = config(7);
	struct outcome o;

	(void)state;
	cfg.batch = 1;
	cfg.fpu = -10; /* every move once */
	o = search(&connect4, "", &cfg, &ev);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(o.moves[i].visits, 1);
		assert_true(fabsf(o.moves[i].q + 0.85f) < 1e-6f);
		assert_true(fabsf(o.moves[i].value + 0.85f) < 1e-6f);
		assert_true(fabsf(o.moves[i].wdl[2] - 0.9f) < 1e-6f);
	}
	assert_true(fabsf(o.r.raw_value - 0.85f) < 1e-6f);
	assert_int_equal(f.calls, 8);
}

/* A rollout evaluator knows a won position from a lost one, and says the same
 * whatever was asked before. */
static void test_rollouts(void **state)
{
	struct evaluator ev;
	void *a = fake_position(&tictactoe, "a1 a3 b1 b3");
	void *b = fake_position(&tictactoe, "a1 a3 b1");
	const void *states[2] = {a, b};
	float policy[18], wdl[6], again[3];

	(void)state;
	evaluator_rollout_open(&ev, &tictactoe, 200, 1);
	evaluator_run(&ev, &tictactoe, 2, states, policy, wdl);
	assert_true(wdl[0] > wdl[2]);
	assert_true(wdl[3] < wdl[5]);
	assert_true(fabsf(wdl[0] + wdl[1] + wdl[2] - 1) < 1e-5f);
	evaluator_run(&ev, &tictactoe, 1, &states[1], policy, again);
	assert_memory_equal(again, wdl + 3, sizeof(again));
	evaluator_rollout_close(&ev);
	free(a);
	free(b);
}

/* rules->may_end() saves work and changes nothing. */
static void test_trials_that_are_spared(void **state)
{
	static const char *const lines[] = {"", "A1", "pass", "B2 pass A1"};
	struct game_rules eager;
	struct game go, other;

	(void)state;
	assert_int_equal(game_init(&go, "go:size=3", NULL), ERR_OK);
	assert_non_null(go.rules->may_end);
	eager = *go.rules;
	eager.may_end = NULL;
	other = go;
	other.rules = &eager;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const struct game *games[2] = {&go, &other};
		struct buf bytes[2];

		for (int k = 0; k < 2; k++) {
			struct mcts_config cfg = MCTS_CONFIG_DEFAULT;
			struct mcts *t = mcts_new(games[k], &cfg);
			void *s = fake_position(games[k], lines[i]);
			struct trace *trace;

			mcts_start(t, s, 1);
			mcts_run(t, &fake_random, NULL);
			trace = mcts_trace(t);
			buf_init(&bytes[k]);
			trace_encode(trace, &bytes[k]);
			trace_free(trace);
			mcts_free(t);
			free(s);
		}
		assert_int_equal(bytes[0].len, bytes[1].len);
		assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].len);
		buf_release(&bytes[0]);
		buf_release(&bytes[1]);
	}
}

/* The bound of a root move by the simulations below it, and nothing else. */
static double bound_of(const struct mcts *t, const struct trace *trace,
		       uint32_t child, double lcb)
{
	const struct mcts_node *c = &t->nodes[child];
	double n = 0, sum = 0, squares = 0;

	if (c->proof)
		return -(double)mcts_proof_value(c->proof);
	for (uint32_t i = 0; i < trace->sim_count; i++) {
		uint32_t node = trace->sims[i].leaf;
		double v = (double)trace->sims[i].value;
		bool turned = false;

		while (node != child && node != MCTS_ROOT_NODE) {
			node = t->nodes[node].parent;
			turned = !turned;
		}
		if (node != child)
			continue;
		n++;
		sum += turned ? v : -v;
		squares += v * v;
	}
	assert_true(n == c->visits);
	return sum / n -
	       lcb * sqrt((squares - sum * sum / n + 1) / (n * (n + 1)));
}

/* The move played has the greatest bound of those with a fair share of visits,
 * and it is not always the one with the most. */
static void test_plays_the_surest(void **state)
{
	int other = 0;

	(void)state;
	for (int i = 0; i < 40; i++) {
		const char line[] = {(char)('1' + i % 7), (char)('1' + i / 7),
				     '\0'};
		struct mcts_config cfg = config(100 + 5 * i);
		struct mcts *t = mcts_new(&connect4, &cfg);
		void *s = fake_position(&connect4, line);
		struct mcts_result r;
		struct trace *trace;
		uint32_t most = 0, first;
		double best;

		mcts_start(t, s, 1);
		mcts_run(t, &fake_random, NULL);
		mcts_result(t, &r);
		trace = mcts_trace(t);
		first = t->nodes[MCTS_ROOT_NODE].first;
		for (int k = 0; k < r.count; k++)
			if (r.moves[k].visits > most)
				most = r.moves[k].visits;
		best = bound_of(t, trace, first + (uint32_t)r.best, 5);
		assert_true((float)r.moves[r.best].visits >=
			    0.15f * (float)most);
		other += r.moves[r.best].visits < most;
		for (int k = 0; k < r.count; k++)
			if (r.moves[k].visits > 1 &&
			    (float)r.moves[k].visits >= 0.15f * (float)most)
				assert_true(bound_of(t, trace,
						     first + (uint32_t)k,
						     5) < best + 1e-4);
		trace_free(trace);
		cfg.lcb = 0;
		mcts_configure(t, &cfg);
		mcts_result(t, &r);
		assert_true(r.moves[r.best].visits == most);
		mcts_free(t);
		free(s);
	}
	assert_in_range(other, 1, 39);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wins_at_once),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_proves_tictactoe),
		cmocka_unit_test(test_proofs_are_right),
		cmocka_unit_test(test_forced_win),
		cmocka_unit_test(test_solver_off),
		cmocka_unit_test(test_visits_add_up),
		cmocka_unit_test(test_plays_the_surest),
		cmocka_unit_test(test_same_seed_same_tree),
		cmocka_unit_test(test_gather_scatter_is_run),
		cmocka_unit_test(test_run_some),
		cmocka_unit_test(test_memory_cap_is_a_result),
		cmocka_unit_test(test_cancel_is_a_result),
		cmocka_unit_test(test_root_noise),
		cmocka_unit_test(test_advance_keeps_the_subtree),
		cmocka_unit_test(test_advance_keeps_the_right_nodes),
		cmocka_unit_test(test_reuse_takes_no_memory),
		cmocka_unit_test(test_nan_is_harmless),
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_rollouts),
		cmocka_unit_test(test_trials_that_are_spared),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
