/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_STUDY_ROWS_H
#define CORE_LAB_STUDY_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/study/study.h"
#include "store/job.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"

/* All that the lab has of a study but what its trials kept: for whoever shows,
 * judges or exports it.  Texts live as long as this does. */
struct study_rows {
	struct store_bag bag;
	struct store_study study;
	struct store_arm *arms;
	struct store_trial *trials; /* in the order in which they run */
	const char **programs;      /* that did them; NULL: not known */
	const char **chains;        /* of custody, lines; NULL: none */
	struct store_gate *gates;
	struct store_estimate *estimates;
	size_t arm_count, trial_count, gate_count, estimate_count;
	struct study_figure *figures; /* owned; by arm, name, seed, x */
	size_t figure_count, figure_room;
	int done;             /* trials */
	bool at_work;         /* a process is running it */
	struct store_job job; /* that one; only then */
};

/* ERR_NOTFOUND: no such row.  Released by the caller, also after an error. */
ATTR_NODISCARD enum err_code study_rows_read(struct study_rows *r,
					     struct store *s, const char *name,
					     struct err *e);
void study_rows_release(struct study_rows *r);

struct study_figure study_rows_figure(const char *arm,
				      const struct store_measure *m);
/* NULL: none. */
const struct store_arm *study_rows_arm(const struct study_rows *r, int64_t id);
/* Is it done without having done anything?  Plans of edition 0 try all arms at
 * all seeds, also those that a study leaves out. */
bool study_trial_idle(const struct store_trial *t);

/* Programs that did trials, the nth of them, or NULL; *count trials. */
const char *study_rows_program(const struct study_rows *r, int n, int *count);

/* "done", "running", "stopped", "planned", "failed": a trial that nobody is at
 * any more has stopped. */
const char *study_rows_status(const struct study_rows *r,
			      const struct store_trial *t);

#endif
