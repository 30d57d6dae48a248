/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_STAT_H
#define CORE_BASE_STAT_H

/*
 * Small statistics over games.  Elo is the logistic scale: a difference d
 * expects a score of 1 / (1 + 10^(-d/400)).
 */
struct stat_elo {
	double elo;       /* of the first side over the second */
	double low, high; /* 95% interval */
	double score;     /* (wins + draws / 2) / games */
};

/* Units that are each worth a share of a whole: games of 0, 1/2 or 1 point,
 * pairs of games of 0 to 2 in halves. */
struct stat_shares {
	int count;       /* of units */
	double mean;     /* in [0, 1]; NAN without a unit */
	double variance; /* of one unit, > 0: half a whole and half a nothing
			  * are counted besides, for units that are all alike
			  * are not without a variance, only too few to show it
			  */
};

/* count[i] units are worth i / (outcomes - 1); outcomes >= 2. */
struct stat_shares stat_shares_of(const int *count, int outcomes);

/*
 * Their variance as a multiple of a coin's with the same mean: 1 for games
 * without draws, 1/2 for pairs of two of these that are independent, less with
 * draws.  Where units are few, or nearly all alike, so that they hardly tell,
 * it is nearer to `prior`, which counts as four coins.  At least one unit.
 */
double stat_dispersion(struct stat_shares s, double prior);

/* The interval is Wilson's, on the score, for as many coins as have the
 * variance of the units: finite for any result.  `elo` at a score of 0 or 1 is
 * that of half a unit more or less.  At least one unit. */
struct stat_elo stat_elo_of_shares(struct stat_shares s);

/* The same of games: a draw is worth half.  games >= 1. */
struct stat_elo stat_elo_of(int wins, int draws, int losses);

/* Sums of numbers, for their mean. */
struct stat_sums {
	int count;
	double sum, squares;
};
void stat_add(struct stat_sums *s, double x);

/* The mean with Student's 95% interval; NANs without a number, and for the
 * interval where there is only one. */
struct stat_mean {
	double mean, low, high;
};
struct stat_mean stat_mean_of(const struct stat_sums *s);

double stat_elo_from_score(double score);
double stat_score_from_elo(double elo);

#endif
