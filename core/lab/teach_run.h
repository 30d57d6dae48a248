/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_TEACH_RUN_H
#define CORE_LAB_TEACH_RUN_H

#include "core/base/pool.h"
#include "core/lab/job.h"
#include "core/lab/run_begin.h"

/* Games that a teacher labels (core/learn/teach.h), stored with the run, some
 * at a time: numbered from `first` on, up to `games` of them, or to the one in
 * which the positions become `positions`. */
struct teach_request {
	struct lab *lab; /* borrowed, all */
	struct job *job;
	const struct run_begun *run;
	const char *teacher; /* spec */
	const char *student; /* spec of who plays; NULL: the teacher */
	const char *doing;   /* what progress begins with: "teaching" */
	int64_t first, games;
	int64_t positions; /* 0: any number */
};

/* Goes on after the games that are stored already; *last is the number of the
 * last one.  ERR_CANCELLED when asked to stop: what was stored stands. */
ATTR_NODISCARD enum err_code teach_run(const struct teach_request *want,
				       struct pool *pool, int64_t *last,
				       struct err *e);

/* ERR_USAGE: the teacher does not say what the recipe's target asks for. */
ATTR_NODISCARD enum err_code
teach_run_check(struct lab *lab, const char *teacher, const struct game *g,
		const struct recipe *r, struct err *e);

#endif
