/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/ladder.h"

#include <math.h>
#include <string.h>

#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/learn/ledger.h"
#include "core/net/net.h"
#include "core/study/env.h"
#include "core/study/histories.h"
#include "core/study/ledger_tell.h"
#include "core/study/study.h"
#include "core/study/tuition.h"

enum err_code ladder_net(const struct ladder_arm *a, struct net_config *out,
			 struct err *e)
{
	enum err_code rc;

	env_net(a->source->env, out);
	rc = net_config_parse(out, a->rung->network, e);
	return rc ? rc : net_config_check(out, e);
}

static uint64_t steps_of(const struct ladder_conf *c,
			 const struct ladder_rung *g)
{
	float millions;

	memcpy(&millions, (const char *)c + g->rows_conf, sizeof(millions));
	return (uint64_t)ceilf(millions * 1e6f /
			       (float)(g->sequences * g->rows));
}

enum err_code ladder_train(struct study_run *r, const struct ladder_arm *a,
			   const struct histories *h, uint64_t seed,
			   float *params, struct err *e)
{
	const struct ladder_rung *g = a->rung;
	struct histories_data d = {h, a->window};
	struct dataset data = histories_dataset(&d);
	struct net_config net;
	struct tuition t = {
		.net = &net,
		.data = &data,
		.batch = g->sequences * g->rows,
		.shard = g->shard * g->rows,
		.steps = steps_of(study_conf(r), g),
		.warmup = (uint64_t)g->warmup,
		.rate = g->rate,
		.seed = seed,
		.loss = "loss.policy",
		.measure = "loss",
		.every = 10,
		.resumes = true,
	};
	enum err_code rc = ladder_net(a, &net, e);

	if (rc)
		return rc;
	d.window.rows = g->rows;
	t.ledger = tuition_ledger(&t);
	rc = tuition_run(&t, r, params, e);
	ledger_tell(t.ledger, "policy", r);
	ledger_free(t.ledger);
	return rc;
}
