/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/ladder.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/env.h"
#include "core/study/histories.h"
#include "core/study/ledger.h"
#include "core/study/study.h"

/* Share of the rate that is left at the end, after a cosine. */
static const float RATE_END = 0.05f;

enum { PARTS = 8 }; /* of a training, each an entry of the ledger */

enum err_code ladder_net(const struct ladder_arm *a, struct net_config *out,
			 struct err *e)
{
	enum err_code rc;

	env_net(a->source->env, out);
	rc = net_config_parse(out, a->rung->network, e);
	return rc ? rc : net_config_check(out, e);
}

/* No decay and no average: what was found best for histories. */
static void make_recipe(const struct ladder_rung *g, struct recipe *out)
{
	conf_defaults(recipe_spec, out);
	out->batch = g->sequences * g->rows;
	out->shard = g->shard * g->rows;
	out->rate = g->rate;
	out->beta2 = 0.98f;
	out->weight_decay = 0;
	out->clip = 1;
	out->average = 1;
}

static float rate_at(const struct ladder_rung *g, uint64_t step, uint64_t steps)
{
	float done = (float)step / (float)steps;
	float fall = RATE_END +
		     (1 - RATE_END) * 0.5f * (1 + cosf(3.14159265f * done));
	float rise = ((float)step + 1) / (float)g->warmup;

	return g->rate * (rise < 1 ? rise : fall);
}

/* Where training stands, at its beginning and at every eighth of it: how far
 * weights moved since, and what for. */
static void note(struct ledger *ledger, const struct learner *l,
		 const struct dataset *data, const struct ladder_rung *g)
{
	struct dataset_chance chance = {1, learner_step_number(l), 1 << 30};
	struct dataset_room room;

	ledger_moved(ledger, learner_average(l));
	dataset_room_init(&room, learner_net(l), g->shard * g->rows);
	data->draw(data->self, dataset_held(data), &chance, &room);
	ledger_probe(ledger, learner_average(l), &room.batch, NULL);
	dataset_room_release(&room);
}

static void tell_loss(struct study_run *r, struct learner *l, uint64_t steps)
{
	struct learner_figures f;
	double step = (double)learner_step_number(l), loss;

	learner_take_figures(l, &f);
	loss = net_loss_mean(&f.loss, "loss.policy");
	study_progress(r, step, (double)steps, "trained, loss %.3f", loss);
	study_measure(r, "loss", step, loss, (double)NAN, (double)NAN,
		      f.samples);
}

static uint64_t steps_of(const struct ladder_conf *c,
			 const struct ladder_rung *g)
{
	float millions;

	memcpy(&millions, (const char *)c + g->rows_conf, sizeof(millions));
	return (uint64_t)ceilf(millions * 1e6f /
			       (float)(g->sequences * g->rows));
}

static enum err_code go(struct study_run *r, const struct ladder_rung *g,
			struct learner *l, const struct dataset *data,
			struct ledger *ledger, struct err *e)
{
	uint64_t steps = steps_of(study_conf(r), g);
	uint64_t every = steps / PARTS + 1;
	enum err_code rc = ERR_OK;

	while (!rc && learner_step_number(l) < steps) {
		uint64_t step = learner_step_number(l);

		if (!study_goes_on(r))
			return err_set(e, ERR_CANCELLED, "stopped");
		if (step % every == 0)
			note(ledger, l, data, g);
		learner_step(l, data, dataset_held(data),
			     rate_at(g, step, steps), study_pool(r));
		if (++step % 10 == 0 || step == steps)
			tell_loss(r, l, steps);
	}
	ledger_moved(ledger, learner_average(l));
	return rc;
}

enum err_code ladder_train(struct study_run *r, const struct ladder_arm *a,
			   const struct histories *h, uint64_t seed,
			   float *params, struct err *e)
{
	struct histories_data d = {h, a->window};
	struct dataset data = histories_dataset(&d);
	struct recipe recipe;
	struct net_config net;
	struct learner *l;
	struct ledger *ledger;
	enum err_code rc = ladder_net(a, &net, e);

	if (rc)
		return rc;
	d.window.rows = a->rung->rows;
	make_recipe(a->rung, &recipe);
	l = learner_new(&net, &recipe, seed);
	ledger = ledger_new(&net, learner_average(l));
	rc = go(r, a->rung, l, &data, ledger, e);
	ledger_tell(ledger, "policy", r);
	memcpy(params, learner_average(l),
	       learner_param_count(l) * sizeof(*params));
	ledger_free(ledger);
	learner_free(l);
	return rc;
}
