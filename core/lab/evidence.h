/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_EVIDENCE_H
#define CORE_LAB_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/match.h"
#include "store/store.h"

/*
 * What a stored match of two agents says, repeats left out: for a fit over many
 * matches, whose weights are these variances and not numbers of games.  Where
 * all games of a match are stored they are counted as distinct pairs (tally.h);
 * others, as those of training, are known by their interval, which came of
 * distinct pairs when they were played.
 */
struct evidence {
	double score;    /* of the first agent, a share of the points, [0, 1] */
	double variance; /* of that score, > 0; that of one pair of games is
			  * this times `pairs` */
	int pairs;       /* distinct ones; -1: only the interval is known */
};

/* A match without games, or with no interval, says nothing: *out is its score,
 * NAN where there is none, with an infinite variance. */
STORE_NODISCARD enum store_status evidence_of_match(struct store *s,
						    const struct store_match *m,
						    struct evidence *out);

#endif
