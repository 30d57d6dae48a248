/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_LADDER_H
#define CORE_STUDY_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/study/env.h"
#include "core/study/histories.h"
#include "core/study/picture.h"
#include "core/study/source.h"
#include "core/study/study.h"

struct buf;

/*
 * The ladder of positive controls, from the inside: rungs, the arms on them,
 * and the parts of a trial.  A rung is a learner in a world, and how large its
 * imitators are; an arm is what an imitator is shown.
 */
struct ladder_conf {
	/* Millions of rows that each imitator is trained on. */
	float bandit, room, keydoor, rules, noisy, code, early, regression;
	float lives;      /* share of the histories */
	int lanes;        /* of rollouts, at most */
	int keydoor_seed; /* the one seed of that rung; 0: none, -1: all */
};

enum {
	LADDER_TEMPERATURES = 4,
	LADDER_AGAINST = 4,
	LADDER_CUT_OVER = 10, /* episodes */
};

/* What a rollout is judged by: its last episodes, those minus its first ones,
 * or how much less it gains than the best. */
enum ladder_counted { LADDER_LATE, LADDER_GAINED, LADDER_LOST };

struct ladder_rung {
	const char *name;
	const char *network; /* body and its settings */
	int rows, sequences; /* of a batch: rows of each sequence at most */
	int shard;           /* sequences of a shard */
	float rate;
	int warmup;       /* steps */
	size_t rows_conf; /* offset in ladder_conf: millions of rows */
	/* Histories: of how many tasks, how many lives each, how long. */
	int tasks, lives, episodes;
	/* Where lives are cut: once the learner's strength, as a mean over
	 * LADDER_CUT_OVER episodes, is this; or after so many episodes; 0: by
	 * the other, or not at all. */
	float cut_strength;
	int cut_episodes;
	/* Rollouts: tasks that were not trained on, over so many lanes, which
	 * read the end of a life up to its cut before. */
	int test_tasks, lanes, roll, prime;
	int early, late; /* episodes of a rollout at its two ends */
	/* The first is what counts; a negative one: no more. */
	float temperature[LADDER_TEMPERATURES];
	enum ladder_counted counted;
	/* (optional) Another learner to be measured at the same tasks. */
	const struct source *beside;
	bool relative; /* gains are shares of the best one's */
};

enum ladder_shown { LADDER_WHOLE, LADDER_CUT, LADDER_FROZEN };

struct ladder_arm {
	const char *name; /* of the study's arm */
	const struct ladder_rung *rung;
	const struct source *source;
	enum ladder_shown shown;
	struct histories_window window; /* rows: those of the rung */
	/* Arms that it is compared with, task by task; these come before. */
	const char *against[LADDER_AGAINST];
};

extern const struct ladder_rung ladder_bandit, ladder_room, ladder_keydoor,
	ladder_rules, ladder_noisy, ladder_code, ladder_early,
	ladder_regression;
extern const struct ladder_arm ladder_arms[]; /* ends with a NULL name */
const struct ladder_arm *ladder_arm_find(const char *name);
/* All that decides what arms of some rungs are shown and how they are scored,
 * as lines; NULL: of all. */
void ladder_arms_format(const struct study_plan *p, struct buf *out);

/* --- tasks and lives: ladder_lives.c ---------------------------------------
 */

struct ladder_tasks {
	int64_t *train, *test; /* owned */
	int train_count, test_count;
};
/* Which tasks are trained on and which are not, by the seed alone: no task is
 * both. */
void ladder_tasks_init(struct ladder_tasks *t, const struct ladder_rung *g,
		       const struct env *e, uint64_t seed);
void ladder_tasks_release(struct ladder_tasks *t);

/* What the arm is shown: a share of all lives, at least one a task. */
struct histories *ladder_lives(const struct ladder_arm *a,
			       const struct ladder_tasks *t, float share,
			       uint64_t seed);

/* Learners at the tasks that are not trained on, lane by lane: what they did
 * up to their cut, and themselves, to go on. */
struct ladder_teachers {
	int lanes;
	int64_t *task;             /* owned; [lanes] */
	union env_bytes *tasks;    /* owned; [lanes] */
	struct source_life *lives; /* owned; [lanes] */
	struct histories *before;  /* owned; empty ones without a cut */
	double strength;           /* mean at the cut; NAN: not known */
	double episodes;           /* mean of lives before their cut */
};
void ladder_teachers_init(struct ladder_teachers *t, const struct ladder_arm *a,
			  const struct ladder_tasks *tasks, int lanes,
			  uint64_t seed);
void ladder_teachers_release(struct ladder_teachers *t);
/* They go on, or stay as they are: gain[lane * episodes + episode]. */
void ladder_teachers_go_on(struct ladder_teachers *t, int episodes, bool frozen,
			   float *gain);

/* --- training: ladder_train.c -----------------------------------------------
 */

struct net_config;
struct study_plan;

ATTR_NODISCARD enum err_code ladder_net(const struct ladder_arm *a,
					struct net_config *out, struct err *e);
/* Averaged parameters into params[net_param_count].  ERR_CANCELLED. */
ATTR_NODISCARD enum err_code ladder_train(struct study_run *r,
					  const struct ladder_arm *a,
					  const struct histories *h,
					  uint64_t seed, float *params,
					  struct err *e);

/* --- the judge: ladder_judge.c -----------------------------------------------
 */

extern const struct study_gate ladder_gates[];
void ladder_judge(const struct study_measures *m, struct study_judgement *out);

/* By episodes; ends with a NULL title. */
extern const struct study_picture ladder_pictures[];

#endif
