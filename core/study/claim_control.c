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

/* --- lives beside the teacher's ------------------------------------------- */

struct living {
	const struct claim_run *x;
	struct course *course; /* owned */
	int64_t games;
};

static bool goes_on(void *self)
{
	const struct living *l = self;

	study_progress(l->x->r, (double)course_at(l->course)->games,
		       (double)l->games,
		       "%s learns by itself: game %lld of "
		       "%lld",
		       l->x->arm->name, (long long)course_at(l->course)->games,
		       (long long)l->games);
	return study_goes_on(l->x->r);
}

enum err_code claim_live(const struct claim_run *x, const struct recipe *r,
			 uint64_t seed, const float *from, int64_t games,
			 struct kept_net *out, struct err *e)
{
	struct living l = {.x = x, .games = games};
	struct course_sink sink = {.goes_on = goes_on, .self = &l};
	struct course_config config = {
		.name = x->arm->name,
		.game = x->g,
		.recipe = r,
		.seed = seed,
		.from = from,
		.goal_games = games,
	};
	enum err_code rc;

	l.course = course_new(&config, &sink);
	rc = course_run(l.course, study_pool(x->r), e);
	if (!rc)
		kept_net_take(out, l.course);
	course_free(l.course);
	return rc;
}

enum err_code claim_amnesia(const struct claim_run *x, struct err *e)
{
	struct kept_net net = {0}, end = {0};
	struct recipe r;
	enum err_code rc =
		kept_net_find(x->r, x->g, "teacher", "network", &net, e);

	claim_recipe(x->c, x->seed, &r);
	if (!rc)
		rc = claim_live(x, &r, rng_mix(x->seed, CLAIM_AMNESIA),
				net.weights, x->c->games - x->c->cut, &end, e);
	if (!rc) {
		claim_keep_net(x, &end, x->c->games);
		rc = claim_score_net(x, &end, e);
	}
	kept_net_release(&net);
	kept_net_release(&end);
	return rc;
}
