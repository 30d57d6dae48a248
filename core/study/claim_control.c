/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/course.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/* Controls that no imitator should be confused with: who knows nothing, the
 * snapshot played otherwise, and the snapshot as the beginning of a new life.
 */

enum err_code claim_fresh(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	struct net_config c;
	struct recipe r;
	enum err_code rc;
	float *weights;

	claim_recipe(x->c, x->seed, &r);
	recipe_net(&r, x->g, &c);
	weights = mem_floats(net_param_count(&c));
	net_init(&c, rng_mix(x->seed, CLAIM_FRESH), weights);
	kept_net_set(&net, &c, weights);
	claim_keep_net(x, &net, 0);
	rc = claim_score_net(x, &net, e);
	kept_net_release(&net);
	free(weights);
	return rc;
}

enum err_code claim_random(const struct claim_run *x, struct err *e)
{
	const struct claim_player p = {.spec = "random"};

	return claim_score(x, &p, e);
}

/* --- the snapshot's moves, drawn ------------------------------------------ */

/* Beside 1, at which games of lives are played. */
static const double temperatures[] = {0.25, 0.5};

enum err_code claim_warm(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	struct claim_net named = {.name = "m", .net = &net, .arm = "teacher"};
	struct claim_player p = {
		.spec = "policy:m/0,temperature=1",
		.nets = &named,
		.net_count = 1,
	};
	enum err_code rc =
		kept_net_find(x->r, x->g, "teacher", "network", &net, e);

	if (!rc)
		rc = claim_score(x, &p, e);
	for (size_t i = 0; i < ARRAY_LEN(temperatures) && !rc; i++) {
		char spec[64];

		snprintf(spec, sizeof(spec), "policy:m/0,temperature=%g",
			 temperatures[i]);
		p.spec = spec;
		p.x = temperatures[i];
		p.measure = "warm";
		p.brief = true;
		rc = claim_score(x, &p, e);
	}
	if (!rc)
		study_facts(x->r, 0, net_flops(&net.config), x->c->cut);
	kept_net_release(&net);
	return rc;
}

/* --- a new life from the snapshot's weights ------------------------------- */

struct anew {
	const struct claim_run *x;
	struct course *course; /* owned */
	int64_t games;
};

static bool goes_on(void *self)
{
	const struct anew *a = self;

	study_progress(
		a->x->r, (double)course_at(a->course)->games, (double)a->games,
		"the snapshot learns on from nothing but its weights: "
		"game %lld of %lld",
		(long long)course_at(a->course)->games, (long long)a->games);
	return study_goes_on(a->x->r);
}

enum err_code claim_amnesia(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0};
	struct recipe r;
	struct anew a = {.x = x, .games = x->c->games - x->c->cut};
	struct course_sink sink = {.goes_on = goes_on, .self = &a};
	struct course_config config = {
		.name = "amnesia",
		.game = x->g,
		.recipe = &r,
		.seed = rng_mix(x->seed, CLAIM_AMNESIA),
		.goal_games = a.games,
	};
	enum err_code rc =
		kept_net_find(x->r, x->g, "teacher", "network", &net, e);

	if (rc)
		return rc;
	claim_recipe(x->c, x->seed, &r);
	config.from = net.weights;
	a.course = course_new(&config, &sink);
	rc = course_run(a.course, study_pool(x->r), e);
	if (!rc) {
		kept_net_take(&net, a.course);
		claim_keep_net(x, &net, x->c->games);
		rc = claim_score_net(x, &net, e);
	}
	course_free(a.course);
	kept_net_release(&net);
	return rc;
}
