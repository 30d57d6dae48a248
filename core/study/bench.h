/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_BENCH_H
#define CORE_STUDY_BENCH_H

#include "core/study/result.h"
#include "core/study/verdict.h"

/*
 * A whole study in memory, without a lab: for tests, and for trying a study
 * while it is written.
 */
struct study_bench {
	struct study_plan plan;
	struct study_result *results; /* owned; by number of trial */
	int done;
	struct study_figure *figures; /* owned; names borrowed from above */
	size_t figure_count;
	struct study_bench_life *lives; /* owned; newest first */
};

/* Runs all trials.  Release it also after an error. */
ATTR_NODISCARD enum err_code study_bench_run(struct study_bench *b,
					     const struct study_request *want,
					     int threads, struct err *e);
void study_bench_judge(const struct study_bench *b,
		       struct study_judgement *out);
void study_bench_release(struct study_bench *b);

#endif
