/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_SPRT_H
#define CORE_RATE_SPRT_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/json.h"

/*
 * A sequential test of a match: H0, the first agent is elo0 Elo stronger than
 * the second, against H1, it is elo1 stronger; it ends as soon as the games
 * decide it.  Wald's test (Annals of Mathematical Statistics 16, 1945) with the
 * generalised likelihood ratio: what is not asked about, the share of draws and
 * how the two games of an opening depend on each other, takes the value that is
 * most likely under each hypothesis.
 *
 * One observation is a pair of games from the same opening, both sides once:
 * 0, 1/2, 1, 3/2 or 2 points, a distribution of five chances whose mean is what
 * the hypotheses are about (Van den Bergh, "The generalized maximum likelihood
 * ratio for the expectation value of a distribution", 2020, as in Fishtest's
 * pentanomial test).  Games of a pair are not independent, pairs are.
 * Outcomes not seen yet count a thousandth, so that the first pairs decide
 * nothing.
 *
 * Only distinct pairs count (tally.h), and a verdict needs SPRT_LEAST_OPENINGS
 * openings: what agents do from one says nothing of others.
 *
 * Plain data without pointers; it is asked after each game in their order, so
 * that what it decides does not depend on threads.
 */
struct sprt_terms {
	double elo0, elo1;  /* elo0 < elo1, logistic Elo */
	double alpha, beta; /* of taking H1 where H0 holds, and the other way
			     * round; in (0, 1/2) */
};

enum sprt_verdict { SPRT_UNDECIDED, SPRT_H0, SPRT_H1 };

enum { SPRT_LEAST_OPENINGS = 4 };

struct sprt {
	struct sprt_terms terms;
	double lower, upper; /* H0 is taken at or below, H1 at or above */
	int pairs[5];        /* by half points of the first agent */
	double llr;          /* log of the ratio of likelihoods, H1 to H0 */
	enum sprt_verdict verdict; /* stays once it is there */
};

/* ERR_USAGE for terms out of range. */
ATTR_NODISCARD enum err_code sprt_check(const struct sprt_terms *terms,
					struct err *e);
void sprt_init(struct sprt *s, const struct sprt_terms *terms);

/* The distinct pairs of the match so far, by half points of the first agent,
 * and their distinct openings.  After the verdict nothing changes any more. */
void sprt_look(struct sprt *s, const int pairs[5], int openings);

const char *sprt_verdict_name(enum sprt_verdict v); /* "undecided" "H0" "H1" */

/* An object: elo0, elo1, alpha, beta, llr, lower, upper, pairs [5], verdict. */
void sprt_json(const struct sprt *s, struct json *j);
/* Reads it back; false for a text (may be
 * NULL) that is not of a test. */
bool sprt_read(struct sprt *s, const char *text);

#endif
