/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_EVIDENCE_H
#define CORE_LAB_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/match.h"
#include "store/store.h"

/*
 * What stored matches of two agents say, repeats left out: for a fit over many
 * matches, whose weights are these variances and not numbers of games.  The
 * unit is the distinct pair (tally.h), by one of these, the first that there
 * is:
 *
 *  - the games, where all of a match are stored: of several matches of the same
 *    two together, so that what was played in another adds nothing
 *  - the counts that the match was kept with
 *  - its interval, from before matches kept counts
 *  - wins, draws and losses, as independent games
 *
 * The games are not read where one match has counts and is the only one of its
 * two; evidence_keep() gives counts to those that were read.  Of matches
 * without games those with the same agents, seed and openings are one and the
 * same, and the longest of them counts.
 */
struct evidence {
	double score;    /* of the first agent, a share of the points, [0, 1] */
	double variance; /* of that score, > 0; that of one pair of games is
			  * this times `pairs` */
	int pairs;       /* distinct ones; -1: they are not known */
	double units;    /* as many games is it worth */
	double dispersion; /* of the points in these, as a fit takes it (fit.h);
			    * shrunk where there are few, unlike `variance` */
};

/* All that two agents played in a game. */
struct evidence_pairing {
	const char *first, *second;         /* by their specs' order */
	int64_t games, wins, draws, losses; /* as played; of the first */
	/* What of it is evidence: as many games, the first agent's points in
	 * them, and their dispersion (fit.h), > 0. */
	double units, points, dispersion;
};

/* All that is known of a game. */
struct evidence_pool {
	struct evidence_pairing *rows; /* [count]: of each two agents, in the
					* order of their names */
	size_t count;
	uint64_t mark; /* stands for all these matches */
	/* Matches whose games were read and which could have been known by
	 * counts: with these now, so that they need not be read again. */
	struct store_match *counted; /* [counted_count] */
	size_t counted_count;
};

/* Of a game's matches, and of `more` that are about to be stored; games above
 * 0, between different agents.  All of it is in the bag; names may be those of
 * `more`. */
STORE_NODISCARD enum store_status
evidence_of_game(struct store *s, struct store_bag *bag, const char *game,
		 const struct store_match *more, size_t more_count,
		 struct evidence_pool *out);
/* The mark alone, of what is stored. */
STORE_NODISCARD enum store_status
evidence_mark(struct store *s, const char *game, uint64_t *mark);

/* Within a transaction: rows of matches get the counts that were found.  Marks
 * stay as they are. */
STORE_NODISCARD enum store_status
evidence_keep(struct store *s, const struct evidence_pool *pool);

/* A match that played nothing says nothing: *out has a score of NAN and an
 * infinite variance. */
STORE_NODISCARD enum store_status evidence_of_match(struct store *s,
						    const struct store_match *m,
						    struct evidence *out);

#endif
