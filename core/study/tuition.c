/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/tuition.h"

#include <math.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/net/head.h"
#include "core/study/study.h"

/* Share of the rate that is left at the end. */
static const float RATE_END = 0.05f;

enum { TOLD = 100 }; /* times that the loss is told */

static void make_recipe(const struct tuition *t, struct recipe *out)
{
	conf_defaults(recipe_spec, out);
	out->shard = t->shard;
	out->batch = t->batch / t->shard * t->shard;
	out->rate = t->rate;
	out->beta2 = 0.98f;
	out->weight_decay = 0;
	out->clip = 1;
	out->average = 1;
}

static float rate_at(const struct tuition *t, uint64_t step)
{
	float done = (float)step / (float)t->steps;
	float fall = RATE_END +
		     (1 - RATE_END) * 0.5f * (1 + cosf(3.14159265f * done));
	float rise = ((float)step + 1) / (float)(t->warmup ? t->warmup : 1);

	return t->rate * (rise < 1 ? rise : fall);
}

static void tell(const struct tuition *t, struct study_run *r,
		 struct learner *l)
{
	struct learner_figures f;
	double step = (double)learner_step_number(l), loss;

	learner_take_figures(l, &f);
	loss = net_loss_mean(&f.loss, t->loss);
	study_progress(r, step, (double)t->steps, "trained, loss %.4f", loss);
	if (t->measure)
		study_measure(r, t->measure, step, loss, (double)NAN,
			      (double)NAN, f.samples);
}

enum err_code tuition_run(const struct tuition *t, struct study_run *r,
			  float *params, struct err *e)
{
	uint64_t every = t->steps / TOLD + 1;
	struct recipe recipe;
	struct learner *l;
	enum err_code rc = ERR_OK;

	make_recipe(t, &recipe);
	l = learner_new(t->net, &recipe, t->seed);
	if (t->begin)
		learner_begin_with(l, t->begin);
	while (!rc && learner_step_number(l) < t->steps) {
		uint64_t step = learner_step_number(l);

		if (!study_goes_on(r)) {
			rc = err_set(e, ERR_CANCELLED, "stopped");
			break;
		}
		learner_step(l, t->data, dataset_held(t->data),
			     rate_at(t, step), study_pool(r));
		if (++step % every == 0 || step == t->steps)
			tell(t, r, l);
	}
	if (!rc)
		memcpy(params, learner_average(l),
		       learner_param_count(l) * sizeof(*params));
	learner_free(l);
	return rc;
}
