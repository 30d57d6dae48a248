/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_TALLY_H
#define CORE_RATE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/rate/seen.h"

/*
 * What the games of a match say as evidence.  Agents without chance repeat
 * themselves: from an opening that was played before they play the same game,
 * and a game that was sure to come says nothing.  And the two games of one
 * opening depend on each other, for an opening may favour a side.  So the unit
 * is the distinct pair: two games from one opening, each agent beginning one,
 * of which not both, move for move and in either order, were those of an
 * earlier pair.  Its outcome
 * is one of five: 0, 1/2, 1, 3/2 or 2 points of the first agent.
 *
 * A game whose pair is not whole - the last of an odd number - is none; where
 * there are no pairs at all, in one-player games or after a single game, the
 * unit is the distinct game.
 *
 * Plain data; counts are of the games so far.
 */
enum { TALLY_OUTCOMES = 5 };

struct tally {
	int games, distinct_games;
	int pairs, distinct_pairs;
	int openings;                /* distinct ones, of distinct pairs */
	int outcome[TALLY_OUTCOMES]; /* of distinct pairs, by half points */
	int single[3];               /* of distinct games: lost, drawn, won */
};

/* The games, in their order; zeroed before the first. */
struct tally_games {
	struct tally tally;
	struct seen games, pairs, openings; /* what was played */
	bool paired;                        /* games 2n and 2n + 1 are a pair */
	bool repeated;   /* the last pair had been played before */
	bool open;       /* there is a game whose pair is not whole: */
	uint64_t half;   /* its key */
	int half_points; /* its points */
};

/* Keys of a game, by its moves, and of how it began. */
struct tally_key {
	uint64_t game, opening;
};
/* `seat` is who began: 0 or 1; the first `opening` moves were given. */
struct tally_key tally_key_of(int seat, const game_move *moves, int count,
			      int opening);
/* Of a game as the lab keeps it: the same for equal texts. */
struct tally_key tally_key_text(int seat, const char *moves, int opening);

/* The next game, by the sign of its result for the first agent. */
void tally_add(struct tally_games *t, struct tally_key key, double result);
/* What follows is another match of the two: a game whose pair is not whole
 * stays alone.  Pairs that were played there before are repeats here. */
void tally_next_match(struct tally_games *t);
void tally_release(struct tally_games *t);

/* Score, Elo and interval by distinct pairs, or by distinct games where there
 * is no pair.  NANs without a game. */
struct stat_elo tally_elo(const struct tally *t);

/* The same as a share of the points, for what is fitted to many matches: mean
 * of the units, in [0, 1]; the variance of one; and how many there are.  The
 * variance is that of stat_shares_of(), never 0. */
struct stat_shares tally_shares(const struct tally *t);

#endif
