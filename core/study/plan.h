/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_PLAN_H
#define CORE_STUDY_PLAN_H

#include "core/base/digest.h"
#include "core/study/study.h"

/*
 * A study at a size, with its settings and seeds: the preregistration.  The
 * text says all that the verdict depends on, and its SHA-256 stands for it.
 */
struct study_plan {
	const struct study *study;
	char *name;       /* owned; "ladder/desk", of the lab's row */
	const char *size; /* one of the study's */
	void *conf;       /* owned; the settings */
	uint64_t *seeds;  /* owned */
	int seed_count;
	bool development; /* seeds that tune: never evidence */
	struct buf text;
	char hash[DIGEST_SIZE];
};

struct study_request {
	const struct study *study;
	const char *size;
	const char *name;     /* NULL: STUDY/SIZE */
	const char *settings; /* "key=value,..." or NULL */
	int seeds;            /* 0: those of the size */
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
 * size, or a setting that is not understood; ERR_NOTFOUND: its data. */
ATTR_NODISCARD enum err_code study_plan_make(struct study_plan *p,
					     const struct study_request *want,
					     struct err *e);
void study_plan_release(struct study_plan *p);

/* ERR_USAGE with the figure if a trial takes more memory than `available`
 * bytes; 0: not known. */
ATTR_NODISCARD enum err_code study_plan_fits(const struct study_plan *p,
					     double available, struct err *e);

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
