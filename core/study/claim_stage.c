/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/dataset.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/claim_views.h"
#include "core/study/kept_net.h"
#include "core/study/staged.h"
#include "core/study/study.h"
#include "core/study/tuition.h"
#include "core/study/views.h"

/* A model that was told the stage of everything it saw, and is asked for stages
 * that it did not see: the simplest way to ask for more. */

enum { BATCH = 256, SHARD = 128, WARMUP = 50 };

static enum err_code model_net(const struct claim_run *x,
			       struct net_config *out, struct err *e)
{
	char text[80];

	snprintf(text, sizeof(text), "tower:filters=%d,blocks=%d",
		 x->c->stage_filters, x->c->stage_blocks);
	return staged_net(x->g, text, out, e);
}

enum err_code claim_net_stage(const struct claim_run *x, struct err *e)
{
	const struct claim_conf *c = x->c;
	struct kept_net m = {0};
	struct views v = {0};
	struct staged_data d = {.views = &v, .stages = c->before};
	struct dataset data;
	struct net_config net;
	struct tuition t = {
		.net = &net,
		.data = &data,
		.batch = BATCH,
		.shard = SHARD,
		.steps =
			(uint64_t)ceilf(c->stage_samples * 1e6f / (float)BATCH),
		.warmup = WARMUP,
		.rate = c->stage_rate,
		.seed = CLAIM_IMITATOR,
		.loss = "loss.policy",
		.measure = "loss",
	};
	float *params = NULL;
	enum err_code rc = model_net(x, &net, e);

	if (!rc)
		rc = claim_views_lives(x, CLAIM_SEEN_CUT, &v, e);
	if (!rc) {
		data = staged_dataset(&d);
		params = mem_floats(net_param_count(&net));
		rc = tuition_run(&t, x->r, params, e);
	}
	if (!rc) {
		kept_net_set(&m, &net, params);
		kept_net_put(x->r, "network", &m);
		study_facts(x->r, 0, net_flops(&net),
			    (int64_t)c->train * c->cut);
		kept_net_release(&m);
	}
	free(params);
	views_release(&v);
	return rc;
}

static enum err_code find_model(const struct claim_run *x, struct kept_net *m,
				struct err *e)
{
	struct net_config rows;
	const void *data;
	size_t len;
	enum err_code rc = model_net(x, &rows, e);

	if (!rc)
		rc = study_kept(x->r, "net-stage", "network", &data, &len, e);
	return rc ? rc : kept_net_load_as(m, &rows, data, len, e);
}

/* Nothing is asked for that was not seen; half as much; all.  Of three points
 * the last is what counts. */
static enum err_code score(const struct claim_run *x, double stage,
			   double steer, struct err *e)
{
	static const struct agent_kind *const kinds[] = {&staged_kind, NULL};
	struct kept_net m = {0};
	struct claim_net net = {.name = "m", .arm = "net-stage", .net = &m};
	struct claim_player p = {.nets = &net, .net_count = 1, .kinds = kinds};
	enum err_code rc = find_model(x, &m, e);

	if (!rc)
		study_facts(x->r, 0, net_flops(&m.config), 0);
	for (int i = 0; i < 3 && !rc; i++) {
		char spec[80];

		snprintf(spec, sizeof(spec), "stage:m/0,stage=%.3f,steer=%.3f",
			 1 + (stage - 1) * i / 2, steer * i / 2);
		p.spec = spec;
		p.x = i;
		p.brief = i < 2;
		rc = claim_score(x, &p, e);
	}
	kept_net_release(&m);
	return rc;
}

enum err_code claim_stage(const struct claim_run *x, struct err *e)
{
	const struct claim_conf *c = x->c;
	double end = (double)(c->before + c->after - 1) / (c->before - 1);

	return score(x, c->stage_ask > 0 ? (double)c->stage_ask : end, 0, e);
}

enum err_code claim_steer(const struct claim_run *x, struct err *e)
{
	return score(x, 1, (double)x->c->stage_steer, e);
}
