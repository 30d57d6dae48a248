/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_FIT_H
#define CORE_RATE_FIT_H

#include <stdbool.h>

#include "core/base/attr.h"

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
 * independent, and two that repeat each other count twice, unless the caller
 * leaves repeats out and says what dispersion is left.
 *
 * By Newton's method with conjugate gradients, and chosen entries of the
 * inverse (laplacian.h, inverse.h), all exact but for rounding.  Cost: 5,000
 * players who met a few others each, at random, in chains or all one, a second
 * or less; pools in which most met most, players^3.  One thread, the same bits
 * every time.  Nothing is shared between calls; any thread.
 */
#define FIT_PRIOR_SD 1000.0

/* Games of two different players; several entries of one pair are allowed, but
 * better added up before. */
struct fit_pair {
	int i, j;                   /* players, from 0 */
	double wins, draws, losses; /* of i; >= 0 */
	/* Variance of the points of i, as a multiple of that of so many
	 * independent games without draws, where more is known of it than
	 * draws tell; 0: it is not. */
	double dispersion;
};

enum { FIT_NO_ANCHOR = -1 };

/* How well one pair's games agree with all the others'.  Strength that is not
 * one number - who beats whom goes round in circles - shows here. */
struct fit_residual {
	double expected;   /* score of i by the fit, [0, 1] */
	double score;      /* of i in their games; NAN: none */
	double elo;        /* i above j by the fit */
	double direct;     /* and by their games alone; half a game is added as
			    * a draw, so that it is finite */
	double deviations; /* of score - expected, in standard deviations of
			    * what chance makes of it, given that the fit knows
			    * these games too; NAN: under FIT_RESIDUAL_GAMES
			    * games, too lopsided to tell, or hardly any other
			    * games link the two */
};

enum { FIT_RESIDUAL_GAMES = 20 };

struct fit {
	int count, pair_count; /* players, pairs */
	int anchor;
	double *elo;        /* owned, like all below; [count] */
	double *low, *high; /* [count]: the 95% interval of the difference to
			     * the anchor; at the anchor elo.  Without an anchor
			     * of that to the mean */
	double mean;        /* of all elo */
	double *spread;     /* [count]: half the 95% interval of the difference
			     * to the mean, whoever is the anchor */
	double *games;      /* [count] */
	double *points;     /* [count]: wins and half the draws */
	bool *linked;       /* [count]: a chain of games leads to the anchor; a
			     * player who is not linked has its place from the
			     * prior alone.  Without an anchor: to player 0 */
	int *order;         /* [count]: players, the strongest first; equals by
			     * number */
	struct fit_residual *residuals; /* [pair_count] */
	int rounds;                     /* of Newton's method */
	double slope;                   /* largest left, in points: about 0 */
	struct fit_solver *solver;      /* for fit_variance(), fit_anchor() */
};

/* Fit players 0 to players - 1.  elo[anchor] is 0; with FIT_NO_ANCHOR the mean
 * of all is.  players >= 1. */
void fit_init(struct fit *f, int players, const struct fit_pair *pairs,
	      int pair_count, int anchor);
/* The same; goes_on(ctx), may be NULL, is asked every few milliseconds.  False:
 * it said no, and there is nothing to release. */
ATTR_NODISCARD bool fit_try(struct fit *f, int players,
			    const struct fit_pair *pairs, int pair_count,
			    int anchor, bool (*goes_on)(void *ctx), void *ctx);
void fit_release(struct fit *f);

/* Another player's Elo is 0; FIT_NO_ANCHOR: the mean is. */
void fit_anchor(struct fit *f, int anchor);

/* Variance of the difference of two players, in Elo^2; one thread at a time. */
double fit_variance(const struct fit *f, int i, int j);

/* The chance, from 0 to 1, that player i is stronger than player j: the
 * likelihood of superiority, from fit_variance(). */
double fit_superiority(const struct fit *f, int i, int j);

/* What fit_init() makes largest, in natural units: the sum over pairs of
 * wins log p + losses log(1 - p), draws half in each, less the prior; and its
 * slope [players] by the Elo of each player.  For tests. */
double fit_objective(int players, const struct fit_pair *pairs, int pair_count,
		     const double *elo, double *slope);

#endif
