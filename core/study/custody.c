/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/custody.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/study/study.h"

struct custody {
	struct mem_pages pages; /* the weights; locked */
	size_t count;
	struct net_plan *plan; /* owned */
	char params_then[DIGEST_SIZE], plan_then[DIGEST_SIZE];
};

struct custody *custody_new(const struct net_config *c, const float *params)
{
	struct custody *k = mem_zalloc(1, sizeof(*k));

	k->count = net_param_count(c);
	mem_pages_take(&k->pages, k->count * sizeof(*params));
	memcpy(k->pages.at, params, k->count * sizeof(*params));
	mem_pages_lock(&k->pages);
	k->plan = net_plan_new(c, k->pages.at);
	digest_floats(k->pages.at, k->count, k->params_then);
	net_plan_digest(k->plan, k->plan_then);
	return k;
}

void custody_free(struct custody *c)
{
	if (!c)
		return;
	net_plan_free(c->plan);
	mem_pages_release(&c->pages);
	free(c);
}

const struct net_plan *custody_plan(const struct custody *c)
{
	return c->plan;
}

const float *custody_params(const struct custody *c)
{
	return c->pages.at;
}

const char *custody_digest(const struct custody *c)
{
	return c->params_then;
}

bool custody_holds(const struct custody *c, char now[DIGEST_SIZE])
{
	char params[DIGEST_SIZE], plan[DIGEST_SIZE];
	bool same_params, same_plan;

	digest_floats(c->pages.at, c->count, params);
	net_plan_digest(c->plan, plan);
	same_params = !strcmp(params, c->params_then);
	same_plan = !strcmp(plan, c->plan_then);
	if (now)
		memcpy(now, same_params && !same_plan ? plan : params,
		       DIGEST_SIZE);
	return same_params && same_plan;
}

void custody_tell(const struct custody *c, struct study_run *r)
{
	char now[DIGEST_SIZE];

	custody_holds(c, now);
	study_custody(r, c->params_then, now);
}
