/* SPDX-License-Identifier: MIT */
/* Networks that learn from given games alone. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/net.h"
#include "core/study/kept_net.h"
#include "core/study/offline.h"

enum { GAMES = 40, MOST_PLIES = 16 };

/* Games of random moves on a small board, without targets. */
struct games {
	struct game g;
	game_move moves[GAMES][MOST_PLIES];
	struct self_play_game at[GAMES];
};

static void play(struct games *p)
{
	struct err e = ERR_INIT;
	void *state;
	game_move legal[8];
	float score[2];

	assert_int_equal(game_init(&p->g, "drop:rows=4,cols=4,line=3", &e),
			 ERR_OK);
	state = game_state_new(&p->g, 0);
	for (int i = 0; i < GAMES; i++) {
		struct rng r;
		int n = 0;

		rng_init(&r, 3, RNG_TEST, (uint64_t)i, 0);
		p->g.rules->start(&p->g, state, 0);
		while (p->g.rules->to_act(&p->g, state) >= 0) {
			int count = p->g.rules->legal(&p->g, state, legal);

			p->moves[i][n] = legal[rng_below(&r, (uint32_t)count)];
			p->g.rules->apply(&p->g, state, p->moves[i][n++]);
		}
		p->g.rules->score(&p->g, state, score);
		p->at[i] = (struct self_play_game){
			.number = i,
			.moves = p->moves[i],
			.count = n,
			.opening = 1,
			.result = score[0],
		};
	}
	free(state);
}

static void small_recipe(struct recipe *r)
{
	conf_defaults(recipe_spec, r);
	r->filters = 6;
	r->blocks = 1;
	r->batch = 32;
	r->shard = 16;
	r->epochs = 12;
	r->search_share = 1;
}

static void fresh(struct kept_net *n, const struct recipe *r,
		  const struct game *g, uint64_t seed, float times)
{
	struct net_config c;
	float *weights;

	recipe_net(r, g, &c);
	weights = mem_floats(net_param_count(&c));
	net_init(&c, seed, weights);
	for (size_t i = 0; i < net_param_count(&c); i++)
		weights[i] *= times;
	memset(n, 0, sizeof(*n));
	kept_net_set(n, &c, weights);
	free(weights);
}

static struct offline *labelled(const struct games *p, const struct recipe *r,
				const struct net_plan *const *teachers,
				int count, int held_out_every)
{
	struct offline *o = offline_new(&p->g, r, 10000);
	struct err e = ERR_INIT;

	for (int i = 0; i < GAMES; i++)
		assert_int_equal(
			offline_add_labelled(
				o, &p->at[i], teachers, count, 1,
				held_out_every && i % held_out_every == 0, &e),
			ERR_OK);
	return o;
}

/* A network agrees with its own labels, and not with another's; with those of
 * both it agrees half: the mean of two is between them. */
static void test_labels(void **state)
{
	struct games p;
	struct recipe r;
	struct kept_net a, b;
	struct pool *pool = pool_new(1);
	struct learner_held_out own, other, both;
	struct offline *o;

	(void)state;
	play(&p);
	small_recipe(&r);
	fresh(&a, &r, &p.g, 1, 1);
	fresh(&b, &r, &p.g, 2, 1);
	o = labelled(&p, &r, (const struct net_plan *const[]){a.plan}, 1, 0);
	/* One position a ply but for the opening. */
	int64_t plies = 0;

	for (int i = 0; i < GAMES; i++)
		plies += p.at[i].count - 1;
	assert_int_equal(offline_positions(o), plies);
	assert_int_equal(offline_games(o), GAMES);
	offline_measure(o, &a.config, a.weights, pool, &own);
	offline_measure(o, &b.config, b.weights, pool, &other);
	assert_int_equal(own.positions, plies);
	/* Labels are kept to 1 / 65535. */
	assert_true(own.kl < 1e-6 && own.value_error < 1e-4);
	assert_true(other.kl > 1e-4 && other.value_error > 1e-3);
	offline_free(o);
	o = labelled(&p, &r, (const struct net_plan *const[]){a.plan, b.plan},
		     2, 0);
	offline_measure(o, &a.config, a.weights, pool, &both);
	assert_true(both.value_error < 0.51 * other.value_error &&
		    both.value_error > 0.49 * other.value_error);
	offline_free(o);
	kept_net_release(&a);
	kept_net_release(&b);
	pool_free(pool);
}

/* What it learns it says of games that it has not seen; the same bits on any
 * number of threads; another seed, another network. */
static void test_learns(void **state)
{
	struct games p;
	struct recipe r;
	struct kept_net teacher, before;
	struct pool *pool[2] = {pool_new(1), pool_new(2)};
	struct offline_net out[3];
	struct learner_held_out at_first;
	struct err e = ERR_INIT;
	struct offline *o;
	size_t n;

	(void)state;
	play(&p);
	small_recipe(&r);
	/* A teacher that says something. */
	fresh(&teacher, &r, &p.g, 1, 2);
	fresh(&before, &r, &p.g, 7, 1);
	o = labelled(&p, &r, (const struct net_plan *const[]){teacher.plan}, 1,
		     5);
	offline_measure(o, &before.config, before.weights, pool[0], &at_first);
	for (int i = 0; i < 3; i++) {
		struct offline_work w = {
			.recipe = &r,
			.seed = i < 2 ? 7 : 8,
			.pool = pool[i % 2],
		};

		if (offline_learn(o, &w, &out[i], &e))
			fail_msg("%s", e.msg);
	}
	n = net_param_count(&out[0].net.config) * sizeof(float);
	assert_memory_equal(out[0].net.weights, out[1].net.weights, n);
	assert_memory_not_equal(out[0].net.weights, out[2].net.weights, n);
	assert_true(out[0].samples == 32 * out[0].steps);
	assert_true(out[0].measured.kl < 0.7 * at_first.kl);
	for (int i = 0; i < 3; i++)
		kept_net_release(&out[i].net);
	offline_free(o);
	o = offline_new(&p.g, &r, 100);
	struct offline_work w = {.recipe = &r, .seed = 1, .pool = pool[0]};

	assert_int_equal(offline_learn(o, &w, &out[0], &e), ERR_USAGE);
	offline_free(o);
	kept_net_release(&teacher);
	kept_net_release(&before);
	pool_free(pool[0]);
	pool_free(pool[1]);
}

/* Statistics that fit no weights are put right by games. */
static void test_norms(void **state)
{
	struct games p;
	struct recipe r;
	struct kept_net teacher;
	struct pool *pool = pool_new(1);
	struct offline_net out;
	struct learner_held_out good, bad, again;
	struct err e = ERR_INIT;
	struct offline *o;
	float *decay, *learn;
	size_t n, statistics = 0;

	(void)state;
	play(&p);
	small_recipe(&r);
	fresh(&teacher, &r, &p.g, 1, 1);
	o = labelled(&p, &r, (const struct net_plan *const[]){teacher.plan}, 1,
		     5);
	struct offline_work w = {.recipe = &r, .seed = 7, .pool = pool};

	assert_int_equal(offline_learn(o, &w, &out, &e), ERR_OK);
	n = net_param_count(&out.net.config);
	decay = mem_floats(n);
	learn = mem_floats(n);
	net_masks(&out.net.config, decay, learn);
	offline_norms(o, &out.net.config, 3, 20, out.net.weights);
	offline_measure(o, &out.net.config, out.net.weights, pool, &good);
	for (size_t i = 0; i < n; i++)
		if (learn[i] == 0) {
			out.net.weights[i] = out.net.weights[i] * 5 + 2;
			statistics++;
		}
	assert_true(statistics > 0);
	offline_measure(o, &out.net.config, out.net.weights, pool, &bad);
	offline_norms(o, &out.net.config, 3, 20, out.net.weights);
	offline_measure(o, &out.net.config, out.net.weights, pool, &again);
	assert_true(bad.kl > 1.5 * good.kl);
	/* The first batch replaces what was there. */
	assert_true(fabs(again.kl - good.kl) < 1e-6);
	free(decay);
	free(learn);
	kept_net_release(&out.net);
	offline_free(o);
	kept_net_release(&teacher);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_learns),
		cmocka_unit_test(test_norms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
