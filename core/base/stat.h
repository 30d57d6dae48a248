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

/* From a match result, games >= 1.  The interval is Wilson's, on the score,
 * with the variance of a trinomial (draws count half): finite for any result.
 * `elo` at a score of 0 or 1 is that of half a point more or less. */
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
