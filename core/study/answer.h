/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ANSWER_H
#define CORE_STUDY_ANSWER_H

#include <stdbool.h>

#include "core/base/buf.h"

struct study;

/*
 * Three questions that are put to every arm of every study: does it play like
 * the teacher now, does it go on improving, and, brought to another game, does
 * it become an expert there (Byrnes).  Which of a study's estimates answers
 * which is a constant table that the study offers (struct study); what no line
 * tells of was not asked.  No part of a plan.  All texts are borrowed; any
 * thread.
 */
enum study_question {
	STUDY_NOW,
	STUDY_GROWS,
	STUDY_ELSEWHERE,
	STUDY_QUESTIONS,
};
enum study_reply { STUDY_NOT_ASKED, STUDY_NO, STUDY_YES };

/* Lists end with a NULL arm. */
struct study_answer {
	const char *arm; /* "*": every one with that estimate */
	enum study_question question;
	const char *estimate; /* of the judge; '*' stands for the arm's name */
	/* Yes: all of its interval is at or above the bound; no: it is not.  An
	 * estimate without an interval answers nothing. */
	double bound;
};

/* "now", "improves", "elsewhere", and the question whole. */
const char *study_question_word(enum study_question q);
const char *study_question_text(enum study_question q);
const char *study_reply_word(enum study_reply r);

/* The name of the estimate that answers it, and what it has to reach; false:
 * not asked. */
bool study_asked(const struct study *s, const char *arm, enum study_question q,
		 struct buf *estimate, double *bound);
enum study_reply study_reply(double low, double bound);

/*
 * The systems of the debate by their numbers, each with the study that asks
 * about it.
 */
struct study_system {
	int number;
	const char *study; /* its name, whether or not this program has it */
	const char *title;
};
extern const struct study_system study_systems[]; /* number 0 ends it */

/* NULL: not there. */
const struct study_system *study_system_of(const char *study);
const struct study *study_of_system(const struct study_system *s);

#endif
