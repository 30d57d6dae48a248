/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_H
#define CORE_STUDY_ENV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/rng.h"
#include "core/net/net.h"

/*
 * Small worlds in which learners are watched: constant tables, one file each
 * (env_NAME.c).  They are no games of the lab: a task is hidden (which arm,
 * where the goal, which lines win), is numbered, and stays the same over many
 * episodes, so that what an agent does better later it has learned.
 */
enum {
	ENV_FIELDS = 3, /* numbers of a look at the world, at most */
	ENV_BYTES = 64, /* of a task or a world, at most */
	ENV_ACTIONS = 32,
};

union env_bytes {
	int64_t align;
	unsigned char bytes[ENV_BYTES];
};

/* What one action brought. */
struct env_result {
	int reward;  /* which of the rewards: what the agent is told */
	double gain; /* what the study counts: without chance where it can be */
	bool done;   /* the episode is over */
};

struct env {
	const char *name, *what;
	int actions, rewards, steps; /* steps: of an episode, at most */
	int fields;                  /* of a look */
	int field_size[ENV_FIELDS];  /* a field is 0 .. size - 1, size <= 256 */
	/* The next step shows the world as the action left it, not as it was
	 * before: for worlds whose last state tells why it is over. */
	bool ends;
	int64_t tasks; /* how many there are */
	size_t task_size, world_size;

	void (*task)(int64_t number, void *task);
	/* A new episode. */
	void (*start)(const void *task, void *world, struct rng *r);
	/* (optional) Without fields. */
	void (*look)(const void *world, uint8_t *out);
	/* (optional) Bit a: action a can be taken.  NULL: all can. */
	uint32_t (*legal)(const uint8_t *look);
	struct env_result (*step)(const void *task, void *world, int action,
				  struct rng *r);
	/* Expected gains of an episode: of who knows the task and plays best,
	 * and of who draws actions uniformly. */
	double (*best)(const void *task);
	double (*uniform)(const void *task);
};

/* One step as it is remembered. */
struct env_step {
	uint8_t look[ENV_FIELDS];       /* what was seen */
	uint8_t shown[ENV_FIELDS];      /* what the next step shows of it */
	uint8_t action, reward, number; /* number: in the episode, from 0 */
};

/* Which actions can be taken at a look, as bits. */
uint32_t env_legal(const struct env *e, const uint8_t *look);

/*
 * Steps as rows of a sequence model: what is seen, what the last step showed,
 * its action and its reward (each one more than there are: none), and the
 * number in the episode.  ENV_IDS(e) whole numbers.
 */
int env_ids(const struct env *e);
void env_row(const struct env *e, const struct env_step *before,
	     const uint8_t *look, int number, float *ids);

/* The part of a network's config that comes from the world. */
void env_net(const struct env *e, struct net_config *out);

/* An episode begins: what is seen. */
void env_begin(const struct env *e, const void *task, void *world,
	       struct rng *r, struct env_step *seen);
/* Take seen->action: fills in what it brought, and in *next what is seen then.
 */
struct env_result env_act(const struct env *e, const void *task, void *world,
			  struct rng *r, struct env_step *seen,
			  struct env_step *next);

extern const struct env env_bandit, env_room, env_keydoor, env_rules, env_code,
	env_regression;
extern const struct env *const env_table[]; /* ends with NULL */

#endif
