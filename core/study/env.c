/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/env.h"

#include <assert.h>
#include <string.h>

#include "core/net/net.h"

const struct env *const env_table[] = {
	&env_bandit, &env_room,       &env_keydoor, &env_rules,
	&env_code,   &env_regression, NULL,
};

uint32_t env_legal(const struct env *e, const uint8_t *look)
{
	return e->legal ? e->legal(look)
			: (uint32_t)((UINT64_C(1) << e->actions) - 1);
}

int env_ids(const struct env *e)
{
	return 2 * e->fields + 3;
}

void env_row(const struct env *e, const struct env_step *before,
	     const uint8_t *look, int number, float *ids)
{
	for (int i = 0; i < e->fields; i++) {
		ids[i] = look[i];
		ids[e->fields + i] =
			before ? before->shown[i] : (float)e->field_size[i];
	}
	ids += 2 * e->fields;
	ids[0] = before ? before->action : (float)e->actions;
	ids[1] = before ? before->reward : (float)e->rewards;
	ids[2] = (float)number;
}

void env_net(const struct env *e, struct net_config *out)
{
	int *size = out->id_size;

	assert(env_ids(e) <= NET_MAX_IDS);
	*out = (struct net_config){.moves = e->actions, .id_count = env_ids(e)};
	for (int i = 0; i < e->fields; i++) {
		size[i] = e->field_size[i];
		size[e->fields + i] = e->field_size[i] + 1;
	}
	size += 2 * e->fields;
	size[0] = e->actions + 1;
	size[1] = e->rewards + 1;
	size[2] = e->steps;
}

static void look(const struct env *e, const void *world, uint8_t *out)
{
	if (e->fields)
		e->look(world, out);
}

void env_begin(const struct env *e, const void *task, void *world,
	       struct rng *r, struct env_step *seen)
{
	*seen = (struct env_step){0};
	e->start(task, world, r);
	look(e, world, seen->look);
}

struct env_result env_act(const struct env *e, const void *task, void *world,
			  struct rng *r, struct env_step *seen,
			  struct env_step *next)
{
	struct env_result got;

	assert(env_legal(e, seen->look) >> seen->action & 1);
	got = e->step(task, world, seen->action, r);
	assert(got.reward >= 0 && got.reward < e->rewards);
	*next = (struct env_step){.number = (uint8_t)(seen->number + 1)};
	look(e, world, next->look);
	seen->reward = (uint8_t)got.reward;
	memcpy(seen->shown, e->ends ? next->look : seen->look,
	       sizeof(seen->shown));
	return got;
}
