/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_FIT_H
#define CORE_RATE_FIT_H

#include <stdbool.h>

/*
 * Strengths of all players of a pool at once, from all their games: a
 * Bradley-Terry model (Bradley and Terry, Biometrika 39, 1952) on the logistic
 * Elo scale of core/base/stat.h, where i is expected to score
 *
 *	p = 1 / (1 + 10^(-(elo_i - elo_j) / 400))
 *
 * Draws count half a win to each.  That keeps one meaning of Elo for matches,
 * ratings and tests; a model with a parameter of its own for draws (Davidson,
 * JASA 65, 1970) would set the scale by decisive games alone.  The equations
 * that are solved, sum of (points - games * p) = 0 for each player, hold for
 * any share of draws, but a draw tells less than the coin toss that the plain
 * likelihood takes it for: of a game with draw chance d the variance is
 * p (1 - p) - d / 4.  So the covariance is that of a quasi-likelihood
 * (Wedderburn, Biometrika 61, 1974): A^-1 B A^-1 with A the Hessian and B the
 * variance of its slope, where each pair's own share of draws is put for d, a
 * little less where games are few.  Without draws B is A.
 *
 * The prior is weak: each strength lies about the mean of the pool with a
 * standard deviation of FIT_PRIOR_SD Elo, the mean may be anything.  It makes
 * the figures finite where somebody won or lost everything, and ties together
 * groups that never met; differences do not depend on who is the anchor.
 *
 * Who moved first is not asked: matches play each opening from both sides, so
 * that the advantage, in both directions, cancels.  Games are taken as
 * independent; two that repeat each other count twice.
 *
 * Cost: players^3; 500 players with 10,000 pairs take a fraction of a second.
 * Nothing is shared between calls; any thread.
 */
#define FIT_PRIOR_SD 1000.0

/* Games of two different players; several entries of one pair are allowed, but
 * better added up before. */
struct fit_pair {
	int i, j;                   /* players, from 0 */
	double wins, draws, losses; /* of i; >= 0 */
};

enum { FIT_NO_ANCHOR = -1 };

struct fit {
	int count; /* players */
	int anchor;
	double *elo;        /* owned, like all below; [count] */
	double *low, *high; /* [count]: the 95% interval; at the anchor elo */
	double *games;      /* [count] */
	double *points;     /* [count]: wins and half the draws */
	bool *linked;       /* [count]: a chain of games leads to the anchor; a
			     * player who is not linked has its place from the
			     * prior alone.  Without an anchor: to player 0 */
	double *covariance; /* (count, count), in Elo^2, symmetric; the anchor's
			     * row and column are 0 */
	int rounds;         /* of Newton's method */
	double slope;       /* largest left, in points: about 0 */
};

/* Fit players 0 to players - 1.  elo[anchor] is 0; with FIT_NO_ANCHOR the mean
 * of all is.  players >= 1. */
void fit_init(struct fit *f, int players, const struct fit_pair *pairs,
	      int pair_count, int anchor);
void fit_release(struct fit *f);

/* The chance, from 0 to 1, that player i is stronger than player j: the
 * likelihood of superiority, from their covariance. */
double fit_superiority(const struct fit *f, int i, int j);

/* What fit_init() makes largest, in natural units: the sum over pairs of
 * wins log p + losses log(1 - p), draws half in each, less the prior; and its
 * slope [players] by the Elo of each player.  For tests. */
double fit_objective(int players, const struct fit_pair *pairs, int pair_count,
		     const double *elo, double *slope);

#endif
