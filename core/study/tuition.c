/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/tuition.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/ledger.h"
#include "core/learn/recipe.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/study.h"

/* Share of the rate that is left at the end. */
static const float RATE_END = 0.05f;

enum {
	TOLD = 100, /* times that the loss is told */
	PARTS = 8,  /* of a training, each an entry of the ledger */
	SAVES = 25, /* times that it is kept where it stands */
};

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

/* Where training stands, at its beginning and at every eighth of it: how far
 * weights moved since, and what for. */
static void note(const struct tuition *t, const struct learner *l)
{
	struct dataset_chance chance = {1, learner_step_number(l), 1 << 30};
	struct dataset_room room;

	ledger_moved(t->ledger, learner_average(l));
	dataset_room_init(&room, t->net, t->shard);
	t->data->draw(t->data->self, dataset_held(t->data), &chance, &room);
	ledger_probe(t->ledger, learner_average(l), &room.batch, NULL);
	dataset_room_release(&room);
}

struct ledger *tuition_ledger(const struct tuition *t)
{
	size_t n = net_param_count(t->net);
	float *params = mem_floats(n);
	struct ledger *out;

	if (t->begin)
		memcpy(params, t->begin, n * sizeof(*params));
	else
		net_init(t->net, t->seed, params);
	out = ledger_new(t->net, params);
	free(params);
	return out;
}

/* --- a pause ------------------------------------------------------------- */

static enum err_code save(const struct tuition *t, struct study_run *r,
			  const struct learner *l, struct err *e)
{
	enum err_code rc;
	struct buf state;

	buf_init(&state);
	learner_save(l, &state);
	if (t->ledger)
		ledger_save(t->ledger, &state);
	rc = study_save(r, &state, e);
	buf_release(&state);
	return rc;
}

static enum err_code load(const struct tuition *t, struct study_run *r,
			  struct learner *l, struct err *e)
{
	struct reader state;
	enum err_code rc;

	if (!study_saved(r, &state))
		return ERR_OK;
	rc = learner_load(l, &state, e);
	if (!rc && t->ledger)
		rc = ledger_load(t->ledger, &state, e);
	return rc;
}

/* --- all of it ----------------------------------------------------------- */

static enum err_code go(const struct tuition *t, struct study_run *r,
			struct learner *l, struct err *e)
{
	uint64_t every = t->every ? (uint64_t)t->every : t->steps / TOLD + 1;
	uint64_t part = t->steps / PARTS + 1, saved = t->steps / SAVES + 1;
	uint64_t last = learner_step_number(l), step;
	enum err_code rc = ERR_OK;

	while (!rc && (step = learner_step_number(l)) < t->steps) {
		if (!study_goes_on(r))
			return err_set(e, ERR_CANCELLED, "stopped");
		if (t->ledger && step % part == 0)
			note(t, l);
		learner_step(l, t->data, dataset_held(t->data),
			     rate_at(t, step), study_pool(r));
		if (++step % every && step != t->steps)
			continue;
		tell(t, r, l);
		if (t->resumes && step - last >= saved) {
			rc = save(t, r, l, e);
			last = step;
		}
	}
	if (t->ledger)
		ledger_moved(t->ledger, learner_average(l));
	return rc;
}

enum err_code tuition_run(const struct tuition *t, struct study_run *r,
			  float *params, struct err *e)
{
	struct recipe recipe;
	struct learner *l;
	enum err_code rc = ERR_OK;

	make_recipe(t, &recipe);
	l = learner_new(t->net, &recipe, t->seed);
	if (t->begin)
		learner_begin_with(l, t->begin);
	if (t->resumes)
		rc = load(t, r, l, e);
	if (!rc)
		rc = go(t, r, l, e);
	if (!rc)
		memcpy(params, learner_average(l),
		       learner_param_count(l) * sizeof(*params));
	learner_free(l);
	return rc;
}
