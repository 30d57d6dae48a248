/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/family.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"

/* --- what is seen -------------------------------------------------------- */

enum { ENTROPY, LIKELIEST, DECIDED, DRAWN, PLIES, FIRST };

static double share(const unsigned char *at)
{
	return (double)(at[0] | at[1] << 8) / 65535;
}

static void see_ply(const struct target *t, double *out)
{
	double entropy = 0, top = 0, win = t->win / 65535.0;
	double draw = t->draw / 65535.0;

	for (int i = 0; i < t->count; i++) {
		double p = share(t->policy + 2 * i);

		entropy -= p > 0 ? p * log(p) : 0;
		top = fmax(top, p);
	}
	out[ENTROPY] += t->count > 1 ? entropy / log(t->count) : 0;
	out[LIKELIEST] += top;
	out[DECIDED] += fabs(2 * win + draw - 1);
	out[DRAWN] += draw;
}

static void see_game(const struct self_play_game *g, double *out,
		     int64_t *plies)
{
	struct reader r;
	struct target t;

	out[PLIES] += g->count;
	out[FIRST] += (double)g->result;
	if (targets_open(&r, g->targets, g->targets_len, NULL))
		assert(!"a life that was read has targets");
	for (int i = 0; i < g->count; i++) {
		targets_next(&r, &t);
		if (!t.count || !t.has_value)
			continue;
		see_ply(&t, out);
		++*plies;
	}
}

void family_see(const struct life *l, int stages, double *out)
{
	memset(out, 0, (size_t)stages * FAMILY_SEEN * sizeof(*out));
	for (int s = 0; s < stages; s++, out += FAMILY_SEEN) {
		int games = life_stage(l, s).game_count;
		int64_t plies = 0;

		for (int i = 0; i < games; i++) {
			struct self_play_game g = life_game(l, s, i);

			see_game(&g, out, &plies);
		}
		for (int k = 0; k < PLIES && plies; k++)
			out[k] /= (double)plies;
		for (int k = PLIES; k <= FIRST && games; k++)
			out[k] /= games;
	}
}

/* --- who it is ----------------------------------------------------------- */

static double mean_of(const double *seen, int lives, int n)
{
	double sum = 0;

	for (int i = 0; i < lives; i++)
		sum += seen[(size_t)i * (size_t)n];
	return sum / lives;
}

/* Sum of squares around the mean. */
static double spread_of(const double *seen, int lives, int n)
{
	double mean = mean_of(seen, lives, n), sum = 0;

	for (int i = 0; i < lives; i++)
		sum += pow(seen[(size_t)i * (size_t)n] - mean, 2);
	return sum;
}

/* Of one number, between lives of a member. */
static double variance(const double *seen, int members, int lives, int n)
{
	double sum = 0;

	if (lives < 2)
		return members < 2
			       ? 0
			       : spread_of(seen, members, n) / (members - 1);
	for (int m = 0; m < members; m++)
		sum += spread_of(seen + (size_t)m * (size_t)lives * (size_t)n,
				 lives, n);
	return sum / (members * (lives - 1));
}

int family_fit(const double *seen, int members, int lives, int n,
	       const double *x, double *out)
{
	int best = 0;

	assert(members >= 1 && lives >= 1);
	memset(out, 0, (size_t)members * sizeof(*out));
	for (int k = 0; k < n; k++) {
		/* The mean is one of so many lives, too. */
		double v = variance(seen + k, members, lives, n) *
			   (1 + 1.0 / lives);

		for (int m = 0; m < members && v > 0; m++) {
			const double *of =
				seen + k +
				(size_t)m * (size_t)lives * (size_t)n;

			out[m] -=
				pow(x[k] - mean_of(of, lives, n), 2) / (2 * v);
		}
	}
	for (int m = 1; m < members; m++)
		if (out[m] > out[best])
			best = m;
	return best;
}
