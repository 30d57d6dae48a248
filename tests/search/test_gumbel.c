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
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/evaluator.h"
#include "core/search/mcts.h"
#include "core/search/trace.h"
#include "tests/search/fake.h"

/*
 * The Gumbel root against a reference written from the paper and from mctx's
 * seq_halving.py, on a game made for it: what a line is worth depends on its
 * first move alone, so Q is known exactly.  Its legal moves are not 0, 1, 2
 * ...: whoever takes a child's place for a move fails here.
 */
enum { MOVES = 24, LEGAL = 8, DEPTH = 40 };

static const game_move legal_moves[LEGAL] = {2, 3, 7, 8, 11, 17, 18, 23};

struct lane {
	int32_t first, depth;
};

static void lane_start(const struct game *g, void *s, uint64_t seed)
{
	struct lane *lane = s;

	(void)g;
	(void)seed;
	lane->first = -1;
	lane->depth = 0;
}

static int lane_to_act(const struct game *g, const void *s)
{
	const struct lane *lane = s;

	(void)g;
	return lane->depth >= DEPTH ? GAME_OVER : lane->depth % 2;
}

static int lane_legal(const struct game *g, const void *s, game_move *out)
{
	(void)g;
	(void)s;
	memcpy(out, legal_moves, sizeof(legal_moves));
	return LEGAL;
}

static void lane_apply(const struct game *g, void *s, game_move m)
{
	struct lane *lane = s;

	(void)g;
	if (!lane->depth++)
		lane->first = m;
}

static void lane_score(const struct game *g, const void *s, float *value)
{
	(void)g;
	(void)s;
	value[0] = value[1] = 0;
}

static const struct game_rules lane_rules = {
	.family = "lane",
	.start = lane_start,
	.to_act = lane_to_act,
	.legal = lane_legal,
	.apply = lane_apply,
	.score = lane_score,
};

static const struct game lane_game = {
	.rules = &lane_rules,
	.state_size = sizeof(struct lane),
	.player_count = 2,
	.move_count = MOVES,
	.max_plies = DEPTH,
};

/* What the evaluator says: logits at every position, Q of each first move. */
struct world {
	float logits[MOVES];
	float q[MOVES];
	float root_value;
};

static void ask_world(void *self, const struct game *g, int n,
		      const void *const *states, float *policy, float *wdl)
{
	const struct world *w = self;

	(void)g;
	for (int i = 0; i < n; i++) {
		const struct lane *lane = states[i];
		float v = lane->first < 0 ? w->root_value : w->q[lane->first];

		if (lane->depth % 2)
			v = -v;
		memcpy(policy + i * MOVES, w->logits, sizeof(w->logits));
		wdl[3 * i] = (1 + v) / 2;
		wdl[3 * i + 1] = 0;
		wdl[3 * i + 2] = (1 - v) / 2;
	}
}

static struct world random_world(uint64_t seed)
{
	struct world w;
	struct rng r;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	for (int m = 0; m < MOVES; m++) {
		w.logits[m] = 2 * rng_normal(&r);
		w.q[m] = 2 * rng_float(&r) - 1;
	}
	w.root_value = 2 * rng_float(&r) - 1;
	return w;
}

struct outcome {
	struct mcts_result r;
	struct mcts_move moves[LEGAL];
};

static struct outcome search(const struct mcts_config *cfg, struct world *w,
			     uint64_t number)
{
	struct evaluator ev = {.name = "world",
			       .max_batch = 64,
			       .evaluate = ask_world,
			       .self = w};
	struct mcts *t = mcts_new(&lane_game, cfg);
	struct lane s = {-1, 0};
	struct outcome out;

	mcts_start(t, &s, number);
	assert_int_equal(mcts_run(t, &ev, NULL), MCTS_DONE);
	mcts_result(t, &out.r);
	assert_int_equal(out.r.count, LEGAL);
	memcpy(out.moves, out.r.moves, sizeof(out.moves));
	mcts_free(t);
	return out;
}

static struct mcts_config config(int simulations, int moves)
{
	struct mcts_config cfg = MCTS_CONFIG_DEFAULT;

	cfg.simulations = simulations;
	cfg.root = MCTS_ROOT_GUMBEL;
	cfg.gumbel_moves = moves;
	cfg.memory_cap = 1 << 20;
	cfg.batch = 1;
	cfg.solve = false;
	return cfg;
}

/* --- the reference -------------------------------------------------------- */

struct reference {
	double g[LEGAL], logit[LEGAL], q[LEGAL];
	double raw;
	int visits[LEGAL];
};

/* sigma(completed Q) of one child; equations 8, 10 and 33 of the paper. */
static double reference_sigma(const struct reference *r, int child)
{
	double top = -INFINITY, all = 0, seen = 0, sum = 0, mixed;
	int total = 0, most = 0;

	for (int i = 0; i < LEGAL; i++)
		top = fmax(top, r->logit[i]);
	for (int i = 0; i < LEGAL; i++)
		all += exp(r->logit[i] - top);
	for (int i = 0; i < LEGAL; i++) {
		double p = exp(r->logit[i] - top) / all;

		total += r->visits[i];
		most = r->visits[i] > most ? r->visits[i] : most;
		if (r->visits[i]) {
			seen += p;
			sum += p * r->q[i];
		}
	}
	mixed = seen > 0 ? (r->raw + total * sum / seen) / (1 + total) : r->raw;
	return (50.0 + most) * ((r->visits[child] ? r->q[child] : mixed) + 1) /
	       2;
}

static double reference_score(const struct reference *r, int child)
{
	return r->g[child] + r->logit[child] + reference_sigma(r, child);
}

/* The best child marked in `among`; -1 if none is. */
static int reference_pick(const struct reference *r, const bool *among)
{
	int pick = -1;

	for (int i = 0; i < LEGAL; i++)
		if (among[i] && (pick < 0 || reference_score(r, i) >
						     reference_score(r, pick)))
			pick = i;
	return pick;
}

static void reference_keep(const struct reference *r, bool *among, int keep)
{
	bool kept[LEGAL] = {false};

	for (; keep > 0; keep--) {
		int i = reference_pick(r, among);

		among[i] = false;
		kept[i] = true;
	}
	memcpy(among, kept, sizeof(kept));
}

/* Figure 1 of the paper, with mctx's numbers of visits: every phase shares out
 * n / log2(m) simulations, at least one each, and halves down to two. */
static void reference_halving(struct reference *r, int m, int simulations)
{
	bool set[LEGAL];
	int phases = 1, done = 0, now = m;

	memset(set, true, sizeof(set));
	reference_keep(r, set, m);
	while (1 << phases < m)
		phases++;
	while (done < simulations) {
		int each = simulations / (phases * now);

		for (int e = 0; e < (each > 1 ? each : 1); e++) {
			bool left[LEGAL];

			memcpy(left, set, sizeof(left));
			for (int i = 0; i < now && done < simulations; i++) {
				int pick = reference_pick(r, left);

				left[pick] = false;
				r->visits[pick]++;
				done++;
			}
		}
		if (now > 2) {
			now = now / 2 > 2 ? now / 2 : 2;
			reference_keep(r, set, now);
		}
	}
}

static struct reference run_reference(const struct mcts_config *cfg,
				      const struct world *w, uint64_t number,
				      int *best)
{
	struct reference r = {.raw = (double)w->root_value};
	bool final[LEGAL];
	int most = 0;
	int m = cfg->gumbel_moves;
	struct rng rng;

	rng_init(&rng, cfg->seed, RNG_SEARCH, number, 1);
	for (int i = 0; i < LEGAL; i++) {
		double g = (double)rng_gumbel(&rng);

		r.g[i] = g * (double)cfg->gumbel_noise;
		r.logit[i] = (double)w->logits[legal_moves[i]];
		r.q[i] = (double)w->q[legal_moves[i]];
	}
	m = m < LEGAL ? m : LEGAL;
	m = m < cfg->simulations ? m : cfg->simulations;
	reference_halving(&r, m, cfg->simulations);
	for (int i = 0; i < LEGAL; i++)
		most = r.visits[i] > most ? r.visits[i] : most;
	for (int i = 0; i < LEGAL; i++)
		final[i] = r.visits[i] == most;
	*best = reference_pick(&r, final);
	return r;
}

/* Visits, the move played and the policy to learn, all as in the paper, also
 * with fewer simulations than moves to consider. */
static void test_agrees_with_the_paper(void **state)
{
	static const int sims[] = {1, 2, 3, 4, 5, 8, 16, 17, 32, 50, 200};
	static const int moves[] = {1, 2, 3, 4, 5, 8, 16};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sims) * ARRAY_LEN(moves); i++) {
		struct mcts_config cfg = config(sims[i % ARRAY_LEN(sims)],
						moves[i / ARRAY_LEN(sims)]);

		for (uint64_t seed = 0; seed < 20; seed++) {
			struct world w = random_world(seed);
			double sum = 0, top = -INFINITY, x[LEGAL];
			struct reference ref;
			struct outcome o;
			int best;

			cfg.seed = seed;
			o = search(&cfg, &w, seed + 7);
			ref = run_reference(&cfg, &w, seed + 7, &best);
			for (int k = 0; k < LEGAL; k++) {
				assert_int_equal(o.moves[k].move,
						 legal_moves[k]);
				assert_int_equal(o.moves[k].visits,
						 ref.visits[k]);
				x[k] = ref.logit[k] + reference_sigma(&ref, k);
				top = fmax(top, x[k]);
			}
			assert_int_equal(o.r.best, best);
			for (int k = 0; k < LEGAL; k++)
				sum += exp(x[k] - top);
			for (int k = 0; k < LEGAL; k++)
				assert_true(fabs((double)o.moves[k].policy -
						 exp(x[k] - top) / sum) < 1e-3);
		}
	}
}

/* A batch waits for the end of a round, so it changes nothing here either. */
static void test_batches_agree(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct world w = random_world(seed);
		struct mcts_config cfg = config(64, 8);
		struct outcome one, many;

		cfg.seed = seed;
		one = search(&cfg, &w, 1);
		cfg.batch = 8;
		many = search(&cfg, &w, 1);
		for (int k = 0; k < LEGAL; k++)
			assert_int_equal(one.moves[k].visits,
					 many.moves[k].visits);
		assert_int_equal(one.r.best, many.r.best);
	}
}

/* Drawn afresh in every search: with one move considered, moves come as often
 * as their priors say. */
static void test_noise_is_fresh(void **state)
{
	enum { SEARCHES = 4000 };
	struct world w = random_world(3);
	struct mcts_config cfg = config(1, 1);
	int count[LEGAL] = {0};
	struct outcome o;

	(void)state;
	for (uint64_t number = 0; number < SEARCHES; number++) {
		o = search(&cfg, &w, number);
		count[o.r.best]++;
	}
	for (int k = 0; k < LEGAL; k++) {
		double p = (double)o.moves[k].prior;

		assert_true(fabs(count[k] / (double)SEARCHES - p) <
			    4 * sqrt(p * (1 - p) / SEARCHES) + 1e-9);
	}
}

/* One draw serves the whole search: where all moves are worth the same, the
 * number of simulations does not change which one is played. */
static void test_noise_is_one_draw(void **state)
{
	(void)state;
	for (uint64_t number = 0; number < 100; number++) {
		struct world w = random_world(number);
		int best = -1;

		for (int m = 0; m < MOVES; m++)
			w.q[m] = w.root_value = 0.25f;
		for (int n = 1; n <= 64; n *= 2) {
			struct mcts_config cfg = config(n, 16);
			struct outcome o = search(&cfg, &w, number);

			assert_true(best < 0 || best == o.r.best);
			best = o.r.best;
		}
	}
}

/* Dirichlet noise has no place here; without Gumbel noise there is none. */
static void test_no_other_noise(void **state)
{
	struct world w = random_world(5);
	struct mcts_config cfg = config(32, 8);
	struct outcome plain, dirichlet, other;

	(void)state;
	plain = search(&cfg, &w, 1);
	cfg.noise_alpha = 10;
	cfg.noise_share = 1;
	dirichlet = search(&cfg, &w, 1);
	assert_memory_equal(plain.moves, dirichlet.moves, sizeof(plain.moves));
	cfg.gumbel_noise = 0;
	plain = search(&cfg, &w, 1);
	other = search(&cfg, &w, 2);
	assert_memory_equal(plain.moves, other.moves, sizeof(plain.moves));
}

/* What it is for: the policy to learn is better than the one it came from,
 * whatever the number of simulations. */
static void test_policy_improves(void **state)
{
	double before = 0, after = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct world w = random_world(seed);
		struct mcts_config cfg = config(2 << seed % 5, 16);
		struct outcome o = search(&cfg, &w, seed);
		double was = 0, is = 0;

		for (int k = 0; k < LEGAL; k++) {
			double q = (double)w.q[legal_moves[k]];

			was += q * (double)o.moves[k].prior;
			is += q * (double)o.moves[k].policy;
		}
		before += was;
		after += is;
	}
	assert_true(after > before + 20);
}

/* The move played is a legal one of the most visited, never one that was not
 * even considered. */
static void test_plays_what_it_compared(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct world w = random_world(seed);
		struct mcts_config cfg = config(16, 4);
		struct outcome o;
		uint32_t most = 0;
		int tried = 0;

		cfg.seed = seed;
		o = search(&cfg, &w, 1);
		for (int k = 0; k < LEGAL; k++) {
			tried += o.moves[k].visits > 0;
			if (o.moves[k].visits > most)
				most = o.moves[k].visits;
		}
		assert_int_equal(tried, 4);
		assert_int_equal(o.moves[o.r.best].visits, most);
	}
}

/* A move that is found to lose gives its visits to the others, and all may
 * turn out so: in tic-tac-toe after a1 b2 c3 the corners lose for O. */
static void test_lost_moves_are_dropped(void **state)
{
	static const float corners[9] = {5, -5, 0, -5, 0, -5, 0, -5, 5};
	struct fake_fixed f = {.logits = corners, .wdl = {0, 1, 0}};
	struct evaluator ev = fake_fixed_of(&f);
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", NULL), ERR_OK);
	for (uint64_t number = 0; number < 20; number++) {
		struct mcts_config cfg = config(400, 2);
		struct mcts *t = mcts_new(&g, &cfg);
		void *s = fake_position(&g, "a1 b2 c3");
		struct mcts_result r;
		uint32_t visits = 0;

		cfg.solve = true;
		mcts_configure(t, &cfg);
		mcts_start(t, s, number);
		mcts_run(t, &ev, NULL);
		mcts_result(t, &r);
		for (int k = 0; k < r.count; k++)
			visits += r.moves[k].visits;
		assert_int_equal(visits, r.simulations);
		assert_int_not_equal(r.moves[r.best].proof, TRACE_LOSS);
		/* a3 and c1: X makes two threats. */
		assert_true(r.moves[r.best].move != 0 &&
			    r.moves[r.best].move != 8);
		mcts_free(t);
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agrees_with_the_paper),
		cmocka_unit_test(test_batches_agree),
		cmocka_unit_test(test_noise_is_fresh),
		cmocka_unit_test(test_noise_is_one_draw),
		cmocka_unit_test(test_no_other_noise),
		cmocka_unit_test(test_policy_improves),
		cmocka_unit_test(test_plays_what_it_compared),
		cmocka_unit_test(test_lost_moves_are_dropped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
