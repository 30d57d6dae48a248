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

double stat_elo_from_score(double score);
double stat_score_from_elo(double elo);

#endif
