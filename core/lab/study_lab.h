/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_LAB_H
#define CORE_LAB_STUDY_LAB_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/lab/job.h"
#include "core/lab/lab.h"
#include "core/study/plan.h"
#include "core/study/verdict.h"
#include "store/study.h"

/*
 * Studies in the lab file: planned once, run trial by trial as a job, and
 * judged once.
 */

/* The plan that the row of this study and size was made from, or the one that
 * `want` makes where there is no row: *row has an id of 0 then.  Settings and
 * seeds that `want` does not give are the row's.  ERR_USAGE: what the row says
 * is not what `want` or the program says now, and a plan never changes.  The
 * caller releases the plan, also after an error; texts of the row are in the
 * bag. */
ATTR_NODISCARD enum err_code
study_lab_plan(struct lab *lab, const struct study_request *want,
	       struct study_plan *plan, struct store_bag *bag,
	       struct store_study *row, struct err *e);

/* Writes the row of a plan that has none yet, its arms, gates and trials. */
ATTR_NODISCARD enum err_code study_lab_write(struct lab *lab,
					     const struct study_plan *plan,
					     int64_t *id, struct err *e);

struct study_work {
	const struct study_plan *plan; /* borrowed, all */
	int64_t study_id;              /* of its row */
	int threads;
	const char *command; /* for the job row */
	const atomic_bool *interrupt;
	/* (optional) As in struct job. */
	void (*report)(void *ctx, const struct job *job);
	void *ctx;
	int done, total; /* out: trials */
};

/* Runs the trials that are not done, each kept whole.  ERR_USAGE: it takes more
 * memory than there is; ERR_BUSY: another process is at it; ERR_CANCELLED:
 * stopped, what was done stands.  A trial that fails ends the work with its
 * error, and is tried again the next time. */
ATTR_NODISCARD enum err_code
study_lab_run(struct lab *lab, struct study_work *work, struct err *e);

/* What the rows say, judged: *out is released by the caller, also after an
 * error.  `keep`: gates, estimates and the verdict go into the lab, where none
 * is yet.  ERR_NOTFOUND: not all trials are done.  ERR_FORMAT: the lab has
 * another verdict than the same figures give now. */
ATTR_NODISCARD enum err_code
study_lab_judge(struct lab *lab, const struct study_plan *plan, bool keep,
		struct study_judgement *out, struct err *e);

#endif
