/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_SCORECARD_H
#define CORE_LAB_SCORECARD_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/study/answer.h"
#include "store/store.h"

struct study;

/*
 * The systems of the debate, one line each with what came of its study in this
 * lab, and below it a line for each arm with the three questions of
 * core/study/answer.h.  Of the plans of a study the one counts that judged on
 * seeds that judge, at desk size or above, whole before some rungs alone, and
 * of several the newest; where there is none, the newest.
 */
struct score_cell {
	const char *reply;           /* "yes", "no", "not asked" */
	const char *estimate, *what; /* NULL: not asked */
	double value, low, high;     /* of the estimate; NAN */
	double bound;                /* that its interval has to lie above */
};

struct score_row {
	int64_t id; /* from 1, in order */
	int system; /* 1 .. 19 */
	const char *study, *title;
	const char *name; /* of the lab's row; NULL: none */
	const char *arm;  /* NULL: the system's own line */
	const char *role;
	/* The badge, or "not judged", "not run". */
	const char *state;
	const char *verdict, *reason; /* NULL: none */
	int64_t decided_ms;           /* 0 */
	struct score_cell cells[STUDY_QUESTIONS];
};

struct scorecard {
	struct score_row *rows; /* in the bag, like all texts */
	size_t count;
};

/* `s` NULL: there is no lab.  All of it lives in the bag. */
ATTR_NODISCARD enum err_code scorecard_read(struct scorecard *out,
					    struct store *s,
					    struct store_bag *bag,
					    struct err *e);

/* Of one arm, from the estimates of its study's judge, whose texts it borrows.
 */
struct store_estimate;
void score_answer(const struct study *s, const char *arm, enum study_question q,
		  const struct store_estimate *all, size_t n,
		  struct score_cell *out);

/* "yes 0.93 [0.86, 0.99]", or shorter where `width`, 0: any, is less. */
void score_cell_text(const struct score_cell *c, int width, struct buf *out);

#endif
