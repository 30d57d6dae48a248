/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/dataset.h"
#include "core/learn/life.h"
#include "core/net/net.h"
#include "core/study/claim_doubled.h"
#include "core/study/claim_int.h"
#include "core/study/claim_views.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"
#include "core/study/traj.h"
#include "core/study/tuition.h"
#include "core/study/views.h"

/*
 * "We can use any or all of those snapshots however we want": a model of how
 * what they say of a position changes, learned from lives up to the cut and
 * rolled past it.  By itself it has the board alone; fed, it reads what the
 * teacher's own snapshots say of the position, which is more than the claim
 * asks for.
 */

/* A model of trajectories, and what it saw of lives. */
struct model {
	const char *arm;
	enum claim_seen seen;
};
static const struct model models[] = {
	{"net-traj", CLAIM_SEEN_CUT},
	{"net-traj-whole", CLAIM_SEEN_WHOLE},
	{"net-transfer", CLAIM_SEEN_RULES},
	{"net-doubled", CLAIM_SEEN_DOUBLED},
};

/* Who plays by it: by itself, or fed. */
static const struct reader_of {
	const char *arm;
	const struct model *model;
	bool fed;
} readers[] = {
	{"traj", &models[0], false},      {"traj-fed", &models[0], true},
	{"traj-whole", &models[1], true}, {"transfer", &models[2], true},
	{"doubled", &models[3], true},
};

enum { BATCH = 1024, SHARD = 256, WARMUP = 50, MOST_FED = 32 };

static enum err_code model_net(const struct claim_run *x,
			       struct net_config *out, struct err *e)
{
	const struct claim_conf *c = x->c;
	enum err_code rc;
	struct buf text;

	buf_init(&text);
	buf_printf(&text, "%s:width=%d,layers=%d", c->traj_body, c->traj_width,
		   c->traj_layers);
	if (c->traj_filters)
		buf_printf(&text, ",board=conv,filters=%d,blocks=%d",
			   c->traj_filters, c->traj_blocks);
	/* No place in a sequence is asked of it that it was not shown. */
	if (!strcmp(c->traj_body, "transformer"))
		buf_printf(&text, ",context=%d", c->traj_rows);
	rc = traj_net(x->g, text.data, out, e);
	buf_release(&text);
	return rc;
}

/* The second half may be taught from the model's own words too. */
static enum err_code teach(const struct claim_run *x,
			   const struct net_config *net, const struct views *v,
			   float *params, struct err *e)
{
	const struct claim_conf *c = x->c;
	struct traj_data d = {
		.views = v,
		.stages = v->stages,
		.rows = c->traj_rows,
		.gaps = c->traj_gaps,
		.begin = c->traj_begin,
	};
	struct dataset data = traj_dataset(&d);
	int parts = c->traj_own > 0 ? 2 : 1;
	struct tuition t = {
		.net = net,
		.data = &data,
		.batch = BATCH,
		.shard = SHARD,
		.steps = (uint64_t)ceilf(c->traj_tokens * 1e6f /
					 (float)(BATCH * parts)),
		.warmup = WARMUP,
		.rate = c->traj_rate,
		.seed = CLAIM_IMITATOR,
		.loss = "loss.next",
		.measure = "loss",
		.resumes = parts == 1,
	};
	struct views own = {0};
	struct net_plan *plan;
	enum err_code rc = tuition_run(&t, x->r, params, e);

	if (rc || parts == 1)
		return rc;
	plan = net_plan_new(net, params);
	traj_say(plan, v, v->stages, study_pool(x->r), &own);
	net_plan_free(plan);
	d.own = &own;
	d.own_share = c->traj_own;
	t.begin = params;
	t.seed++;
	t.measure = "loss/own";
	rc = tuition_run(&t, x->r, params, e);
	views_release(&own);
	return rc;
}

/* Of self-play, in the lives that it saw. */
static int64_t games_of(const struct claim_run *x, enum claim_seen seen)
{
	const struct claim_conf *c = x->c;

	return (int64_t)(seen == CLAIM_SEEN_RULES ? c->rules : c->train) *
	       (seen == CLAIM_SEEN_CUT || seen == CLAIM_SEEN_DOUBLED
			? c->cut
			: c->games);
}

enum err_code claim_net_traj(const struct claim_run *x, struct err *e)
{
	struct kept_net m = {0};
	struct net_config net;
	struct views v = {0};
	float *params = NULL;
	const struct model *model = models;
	enum err_code rc = model_net(x, &net, e);

	while (strcmp(model->arm, x->arm->name) != 0)
		model++;
	if (!rc)
		rc = claim_views_lives(x, model->seen, &v, e);
	if (!rc) {
		params = mem_floats(net_param_count(&net));
		rc = teach(x, &net, &v, params, e);
	}
	if (!rc) {
		kept_net_set(&m, &net, params);
		kept_net_put(x->r, "network", &m);
		study_facts(x->r, (int64_t)net_memory_bytes(&net, 1),
			    net_flops(&net), games_of(x, model->seen));
		kept_net_release(&m);
	}
	free(params);
	views_release(&v);
	return rc;
}

/* --- who plays by it ----------------------------------------------------- */

static enum err_code find_model(const struct claim_run *x, const char *arm,
				struct kept_net *m, struct err *e)
{
	struct net_config rows;
	const void *data;
	size_t len;
	enum err_code rc = model_net(x, &rows, e);

	if (!rc)
		rc = study_kept(x->r, arm, "network", &data, &len, e);
	return rc ? rc : kept_net_load_as(m, &rows, data, len, e);
}

/* A player as it is scored: what it reads, and where it is asked. */
struct asked {
	const struct reader_of *reader;
	struct kept_net fed[MOST_FED]; /* owned */
	int fed_count;
	int last; /* stage before the cut, from 0 */
	int past; /* stages past it */
	int gap;
};

static enum err_code ask(const struct claim_run *x, const struct reader_of *r,
			 struct asked *a, struct err *e)
{
	const struct claim_conf *c = x->c;
	bool doubled = r->model->seen == CLAIM_SEEN_DOUBLED;
	struct life *l;
	enum err_code rc;

	memset(a, 0, sizeof(*a));
	a->reader = r;
	a->last = (doubled ? c->doubled : c->before) - 1;
	a->past = doubled ? c->doubled_ahead
			  : (c->traj_stage ? c->traj_stage : c->after);
	a->gap = doubled ? 1 : c->traj_gap;
	if (!r->fed)
		return ERR_OK;
	if (a->last >= MOST_FED)
		return err_set(e, ERR_USAGE,
			       "before = %d is more snapshots than the %d that "
			       "can feed a model",
			       c->before, MOST_FED);
	rc = claim_life(x, x->seed, false, &l, e);
	if (rc)
		return rc;
	a->fed_count = a->last + 1;
	if (doubled)
		rc = claim_doubled_learn(x, l, a->fed, e);
	for (int i = 0; i < a->fed_count && !doubled; i++)
		claim_stage_net(l, i, &a->fed[i]);
	life_free(l);
	return rc;
}

/* Earlier stages are points of a curve: at the cut, where nothing is
 * extrapolated, and half-way. */
static enum err_code score_stages(const struct claim_run *x,
				  struct claim_player *p, const struct asked *a,
				  struct err *e)
{
	const int ahead[] = {0, a->past / 2, a->past};
	double sharp =
		(double)claim_views_temperature(x, a->reader->model->seen);
	enum err_code rc = ERR_OK;

	for (int i = 0; i < 3 && !rc; i++) {
		char spec[80];

		if (i < 2 && ahead[i] == ahead[i + 1])
			continue;
		snprintf(spec, sizeof(spec),
			 "traj:m/0,stage=%d,fed=%d,gap=%d,sharp=%.3f",
			 a->last + ahead[i], a->fed_count, a->gap, sharp);
		p->spec = spec;
		p->x = ahead[i];
		p->brief = i < 2;
		rc = claim_score(x, p, e);
	}
	return rc;
}

static enum err_code score(const struct claim_run *x, struct asked *a,
			   struct err *e)
{
	static const struct agent_kind *const kinds[] = {&traj_kind, NULL};
	const char *model = a->reader->model->arm;
	struct kept_net m = {0};
	struct claim_net nets[1 + MOST_FED] = {
		{.name = "m", .arm = model, .net = &m}};
	struct claim_player p = {
		.nets = nets, .net_count = 1 + a->fed_count, .kinds = kinds};
	char names[MOST_FED][8];
	enum err_code rc = find_model(x, model, &m, e);

	for (int i = 0; i < a->fed_count; i++) {
		snprintf(names[i], sizeof(names[i]), "s%d", i);
		nets[1 + i] =
			(struct claim_net){.name = names[i], .net = &a->fed[i]};
	}
	if (!rc) {
		study_facts(x->r, (int64_t)net_memory_bytes(&m.config, 1),
			    net_flops(&m.config) * (a->last + 1 + a->past), 0);
		rc = score_stages(x, &p, a, e);
	}
	kept_net_release(&m);
	return rc;
}

enum err_code claim_traj(const struct claim_run *x, struct err *e)
{
	const struct reader_of *r = readers;
	struct asked a;
	enum err_code rc;

	while (strcmp(r->arm, x->arm->name) != 0)
		r++;
	rc = ask(x, r, &a, e);
	if (!rc)
		rc = score(x, &a, e);
	for (int i = 0; i < a.fed_count; i++)
		kept_net_release(&a.fed[i]);
	return rc;
}
