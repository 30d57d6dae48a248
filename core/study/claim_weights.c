/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/dataset.h"
#include "core/learn/life.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/drift.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"
#include "core/study/tuition.h"

/* A model of checkpoints: it read how the weights of learners moved up to their
 * cuts, reads those of the teacher, and says where they go. */

enum { BATCH = 1024, SHARD = 256, WARMUP = 50 };

/* The stages of a life up to its cut, three at least, from the last at which
 * nothing had been learned. */
struct stages {
	struct life *life; /* owned */
	const float **w;   /* owned; of the life */
	struct drift_path path;
};

static enum err_code stages_open(struct stages *s, const struct claim_run *x,
				 uint64_t seed, struct err *e)
{
	enum err_code rc = claim_life(x, seed, false, &s->life, e);
	int n, first = 0;

	if (rc)
		return rc;
	n = life_stages(s->life);
	while (first + 1 < n && life_stage(s->life, first + 1).step ==
					life_stage(s->life, 0).step)
		first++;
	if (n < 3)
		return err_set(e, ERR_USAGE,
			       "before = %d: how weights move is seen by three "
			       "stages or more",
			       n);
	if (first > n - 3)
		first = n - 3;
	s->w = mem_zalloc((size_t)n, sizeof(*s->w));
	for (int i = first; i < n; i++)
		s->w[i - first] = life_stage(s->life, i).weights;
	s->path = (struct drift_path){life_net(s->life), s->w, n - first};
	return ERR_OK;
}

static void stages_close(struct stages *s)
{
	life_free(s->life);
	free(s->w);
}

static enum err_code model_net(const struct claim_run *x,
			       struct net_config *out, struct err *e)
{
	const struct claim_conf *c = x->c;
	char *text = mem_printf("%s:width=%d,layers=%d", c->weights_body,
				c->weights_width, c->weights_layers);
	enum err_code rc = drift_net(text, out, e);

	free(text);
	return rc;
}

static enum err_code teach(const struct claim_run *x,
			   const struct drift_path *paths,
			   const struct net_config *net, float *params,
			   struct err *e)
{
	const struct claim_conf *c = x->c;
	struct drift *d = drift_new(paths, c->train);
	struct dataset data = drift_dataset(d);
	struct tuition t = {
		.net = net,
		.data = &data,
		.batch = BATCH,
		.shard = SHARD,
		.steps = (uint64_t)ceilf(c->weights_tokens * 1e6f /
					 (float)BATCH),
		.warmup = WARMUP,
		.rate = c->weights_rate,
		.seed = CLAIM_IMITATOR,
		.loss = "loss.numbers",
		.measure = "loss",
		.resumes = true,
	};
	enum err_code rc = tuition_run(&t, x->r, params, e);

	drift_free(d);
	return rc;
}

enum err_code claim_net_weights(const struct claim_run *x, struct err *e)
{
	int n = x->c->train;
	struct stages *lives = mem_zalloc((size_t)n, sizeof(*lives));
	struct drift_path *paths = mem_zalloc((size_t)n, sizeof(*paths));
	struct kept_net m = {0};
	struct net_config net;
	float *params = NULL;
	enum err_code rc = model_net(x, &net, e);

	for (int i = 0; i < n && !rc; i++) {
		rc = stages_open(&lives[i], x, (uint64_t)(CLAIM_TRAIN + i), e);
		paths[i] = lives[i].path;
	}
	if (!rc) {
		params = mem_floats(net_param_count(&net));
		rc = teach(x, paths, &net, params, e);
	}
	if (!rc) {
		kept_net_set(&m, &net, params);
		kept_net_put(x->r, "network", &m);
		study_facts(x->r, (int64_t)net_memory_bytes(&net, 1),
			    net_flops(&net), (int64_t)n * x->c->cut);
		kept_net_release(&m);
	}
	for (int i = 0; i < n; i++)
		stages_close(&lives[i]);
	free(lives);
	free(paths);
	free(params);
	return rc;
}

enum err_code claim_weights(const struct claim_run *x, struct err *e)
{
	struct stages s = {0};
	struct kept_net m = {0};
	struct net_config rows;
	const void *data;
	float *weights = NULL;
	size_t len;
	enum err_code rc = model_net(x, &rows, e);

	if (!rc)
		rc = study_kept(x->r, "net-weights", "network", &data, &len, e);
	if (!rc)
		rc = kept_net_load_as(&m, &rows, data, len, e);
	if (!rc)
		rc = stages_open(&s, x, x->seed, e);
	if (!rc) {
		weights = mem_floats(net_param_count(s.path.net));
		drift_roll(m.plan, &s.path, x->c->weights_ahead, weights);
		rc = claim_score_weights(x, s.life, weights, e);
	}
	free(weights);
	stages_close(&s);
	kept_net_release(&m);
	return rc;
}
