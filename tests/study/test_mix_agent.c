/* SPDX-License-Identifier: MIT */
/* Agents of several networks. */
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

#include "core/agent/agent.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/kept_net.h"
#include "core/study/mix_agent.h"

enum { NETS = 4, MOVES = 4 };

/* Networks a1 .. a3 of different seeds, and b, which is a1 again. */
struct nets {
	struct game g;
	struct kept_net net[NETS];
	struct duel_net named[NETS];
	struct agent_source own;
	struct duel names;
	struct agent_source source;
};

static enum err_code none(void *self, const char *run, const char *step,
			  const struct game *g, const struct net_plan **plan,
			  int64_t *loaded, struct err *e)
{
	(void)self;
	(void)step;
	(void)g;
	(void)plan;
	(void)loaded;
	return err_set(e, ERR_NOTFOUND, "no network '%s'", run);
}

static void make(struct nets *n)
{
	static const char *const names[NETS] = {"a1", "a2", "a3", "b"};
	struct recipe r;
	struct net_config c;
	struct err e = ERR_INIT;

	memset(n, 0, sizeof(*n));
	assert_int_equal(game_init(&n->g, "drop:rows=4,cols=4,line=3", &e),
			 ERR_OK);
	conf_defaults(recipe_spec, &r);
	r.filters = 4;
	r.blocks = 1;
	recipe_net(&r, &n->g, &c);
	for (int i = 0; i < NETS; i++) {
		float *w = mem_floats(net_param_count(&c));

		net_init(&c, i < 3 ? (uint64_t)i : 0, w);
		for (size_t k = 0; k < net_param_count(&c); k++)
			w[k] *= 2;
		kept_net_set(&n->net[i], &c, w);
		free(w);
		n->named[i] = (struct duel_net){.run = names[i],
						.plan = n->net[i].plan};
	}
	n->own = (struct agent_source){.load = none, .kinds = mix_kinds};
	n->names = (struct duel){
		.nets = n->named, .net_count = NETS, .source = &n->own};
	n->source = duel_source(&n->names);
}

static void release(struct nets *n)
{
	for (int i = 0; i < NETS; i++)
		kept_net_release(&n->net[i]);
}

/* The chances that an agent gives the moves of a position. */
static void ask(const struct nets *n, const char *spec, const void *state,
		float out[MOVES])
{
	struct agent *a;
	struct err e = ERR_INIT;
	struct thought t;

	if (agent_open(&a, spec, &n->g, &n->source, &e))
		fail_msg("%s: %s", spec, e.msg);
	agent_think(a, state, 1, 1, 0, NULL, &t);
	assert_int_equal(t.count, MOVES);
	for (int i = 0; i < MOVES; i++)
		out[i] = t.moves[i].policy;
	thought_release(&t);
	agent_close(a);
}

static void near(const float *a, const float *b)
{
	for (int i = 0; i < MOVES; i++)
		assert_true(fabs((double)(a[i] - b[i])) < 1e-5);
}

static void test_vote(void **state)
{
	struct nets n;
	float one[3][MOVES], got[MOVES], want[MOVES];
	void *s;

	(void)state;
	make(&n);
	s = game_state_new(&n.g, 0);
	n.g.rules->apply(&n.g, s, 1);
	ask(&n, "policy:a1/0", s, one[0]);
	ask(&n, "policy:a2/0", s, one[1]);
	ask(&n, "policy:a3/0", s, one[2]);
	ask(&n, "vote:a,members=3", s, got);
	for (int i = 0; i < MOVES; i++)
		want[i] = (one[0][i] + one[1][i] + one[2][i]) / 3;
	near(got, want);
	assert_true(fabs((double)(got[0] - one[0][0])) > 1e-4);
	/* One votes as it plays; so do equals. */
	ask(&n, "vote:a,members=1", s, got);
	near(got, one[0]);
	free(s);
	release(&n);
}

static void test_contrast(void **state)
{
	struct nets n;
	float a[MOVES], b[MOVES], got[MOVES], want[MOVES], sum = 0;
	void *s;

	(void)state;
	make(&n);
	s = game_state_new(&n.g, 0);
	ask(&n, "policy:a1/0", s, a);
	ask(&n, "policy:a2/0", s, b);
	ask(&n, "contrast:a1/0,old=a2,strength=0.5", s, got);
	for (int i = 0; i < MOVES; i++)
		sum += want[i] = a[i] * sqrtf(a[i] / b[i]);
	for (int i = 0; i < MOVES; i++)
		want[i] /= sum;
	near(got, want);
	ask(&n, "contrast:a1/0,old=a2,strength=0", s, got);
	near(got, a);
	ask(&n, "contrast:a1/0,old=a2,strength=-1", s, got);
	near(got, b);
	/* From itself there is nowhere to go. */
	ask(&n, "contrast:a1/0,old=b,strength=7", s, got);
	near(got, a);
	free(s);
	release(&n);
}

/* Many games at once are played as one after the other; equals draw. */
static void test_duel(void **state)
{
	struct nets n;
	struct pool *pool = pool_new(2);
	struct duel_result met;
	struct err e = ERR_INIT;

	(void)state;
	make(&n);
	struct duel d = n.names;

	d.game = &n.g;
	d.agents[0] = "vote:a,members=1";
	d.agents[1] = "policy:b/0";
	d.plies = 2;
	d.pairs = 20;
	d.seed = 3;
	if (duel_play(&d, pool, &met, &e))
		fail_msg("%s", e.msg);
	assert_true(met.shares.mean == 0.5 && met.games.tally.games > 20);
	d.agents[0] = "contrast:a2/0,old=nobody";
	assert_int_equal(duel_play(&d, pool, &met, &e), ERR_NOTFOUND);
	assert_non_null(strstr(e.msg, "nobody"));
	release(&n);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vote),
		cmocka_unit_test(test_contrast),
		cmocka_unit_test(test_duel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
