/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/claim_doubled.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/offline.h"
#include "core/study/study.h"

static bool goes_on(void *ctx, int64_t step, int64_t steps)
{
	const struct claim_run *x = ctx;

	study_progress(x->r, (double)step, (double)steps,
		       "learns from half the games, and half of these: step "
		       "%lld of %lld",
		       (long long)step, (long long)steps);
	return study_goes_on(x->r);
}

static void doubled_recipe(const struct claim_conf *c, struct recipe *out)
{
	conf_defaults(recipe_spec, out);
	out->filters = c->zero_filters;
	out->blocks = c->zero_blocks;
	out->epochs = c->doubled_epochs;
	out->rate = c->zero_rate;
	out->rate_end = c->zero_rate / 20;
	out->search_share = c->zero_search;
}

/* From the first `games`. */
static enum err_code learn(const struct claim_run *x, const struct life *l,
			   int64_t games, uint64_t number, struct kept_net *out,
			   struct err *e)
{
	struct claim_run asked = *x; /* whose address is not constant */
	struct offline_net net;
	struct recipe r;
	struct offline_work w = {
		.recipe = &r,
		.seed = rng_mix(
			rng_mix(life_seed(l, LIFE_BEFORE), CLAIM_DOUBLED),
			number),
		.pool = study_pool(x->r),
		.goes_on = goes_on,
		.ctx = &asked,
	};
	struct offline *o;
	enum err_code rc = ERR_OK;

	memset(&net, 0, sizeof(net));
	doubled_recipe(x->c, &r);
	o = offline_new(x->g, &r, games * x->g->max_plies);
	for (int64_t i = 0; i < games && !rc; i++) {
		struct self_play_game g = life_own_game(l, i);

		rc = offline_add(o, &g, false, e);
	}
	if (!rc)
		rc = offline_learn(o, &w, &net, e);
	*out = net.net;
	offline_free(o);
	return rc;
}

enum err_code claim_doubled_learn(const struct claim_run *x,
				  const struct life *l, struct kept_net *out,
				  struct err *e)
{
	int n = x->c->doubled;
	enum err_code rc = ERR_OK;

	for (int i = 0; i < n && !rc; i++) {
		int64_t games = life_own_games(l) >> (n - 1 - i);

		rc = learn(x, l, games > 0 ? games : 1, (uint64_t)i, &out[i],
			   e);
	}
	return rc;
}
