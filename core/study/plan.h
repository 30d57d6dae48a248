/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PLAN_H
#define CORE_STUDY_PLAN_H

#include "core/base/digest.h"
#include "core/study/study.h"

/*
 * A study at a size, with its settings and seeds: the preregistration.  The
 * text says all that the verdict depends on, and its SHA-256 stands for it.
 */
struct study_attempt {
	const struct study_arm *arm;
	uint64_t seed;
};

struct study_plan {
	const struct study *study;
	char *name;       /* owned; "ladder/desk", of the lab's row */
	const char *size; /* one of the study's */
	void *conf;       /* owned; the settings */
	uint64_t *seeds;  /* owned */
	int seed_count;
	bool development; /* seeds that tune: never evidence */
	char *rungs;      /* owned; "p3,p4": these alone; NULL: all */
	int edition;      /* of the study, when it was planned */
	struct study_attempt *trials; /* owned; in the order of running */
	int trial_count;
	struct buf text;
	char hash[DIGEST_SIZE];
};

struct study_request {
	const struct study *study;
	const char *size;
	const char *name;     /* NULL: STUDY/SIZE */
	const char *settings; /* "key=value,..." or NULL */
	int seeds;            /* 0: those of the size */
	uint64_t first_seed;  /* 0: 1, or the first of development */
	const char *rungs;    /* "p3,p4": these alone; NULL: all */
	bool development;     /* tune on seeds of their own */
	/* The text of a plan whose settings and seeds are taken instead;
	 * NULL. */
	const char *stored;
	/* Nothing runs: what the plan says of its data is taken too, and the
	 * data need not be there. */
	bool only_judged;
	const struct agent_source *agents; /* of the lab, or NULL */
};

/* Released by study_plan_release() also after an error.  ERR_USAGE: no such
 * size or rung, seeds that neither judge nor tune, an arm that is tried at none
 * of them, or a setting that is not understood; ERR_NOTFOUND: its data;
 * ERR_VERSION: the stored plan is of a later edition. */
ATTR_NODISCARD enum err_code study_plan_make(struct study_plan *p,
					     const struct study_request *want,
					     struct err *e);
void study_plan_release(struct study_plan *p);

/* ERR_USAGE with the figure if a trial takes more memory than `available`
 * bytes; 0: not known. */
ATTR_NODISCARD enum err_code study_plan_fits(const struct study_plan *p,
					     double available, struct err *e);

/* Is the arm or the gate of this name part of the plan? */
bool study_plan_asks(const struct study_plan *p, const char *name);

/* Does a plan of this text use the seed, to judge or to tune? */
bool study_plan_uses(const char *text, uint64_t seed);

/* ERR_USAGE: no study can be called that. */
ATTR_NODISCARD enum err_code study_name_check(const char *name, struct err *e);

/* The run of the lab that holds the networks of an arm, by the name of the
 * study's row: "ladder.desk.P0". */
void study_plan_run(const char *name, const char *arm, struct buf *out);

/* Trials are numbered in the order in which they run. */
int study_plan_trials(const struct study_plan *p);
const struct study_arm *study_plan_trial(const struct study_plan *p, int i,
					 uint64_t *seed);

#endif
