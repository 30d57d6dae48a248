/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/stat.h"

#include <assert.h>
#include <math.h>

#include "core/base/dist.h"

double stat_elo_from_score(double score)
{
	return 400 * log10(score / (1 - score));
}

double stat_score_from_elo(double elo)
{
	return 1 / (1 + pow(10, -elo / 400));
}

struct stat_shares stat_shares_of(const int *count, int outcomes)
{
	struct stat_shares s = {.mean = (double)NAN, .variance = 0.25};
	double sum = 0, q;

	for (int i = 0; i < outcomes; i++) {
		s.count += count[i];
		sum += (double)count[i] * i / (outcomes - 1);
	}
	if (!s.count)
		return s;
	s.mean = sum / s.count;
	q = (sum + 0.5) / (s.count + 1);
	s.variance = 0.5 * (q * q + (1 - q) * (1 - q));
	for (int i = 0; i < outcomes; i++) {
		double d = (double)i / (outcomes - 1) - q;

		s.variance += count[i] * d * d;
	}
	s.variance /= s.count + 1;
	return s;
}

double stat_dispersion(struct stat_shares s, double prior)
{
	const double coins = 1; /* the variance of four */
	double n = s.count, q = (s.mean * n + 0.5) / (n + 1);
	/* What was counted besides is taken out of it again. */
	double squares = (n + 1) * s.variance -
			 0.5 * (q * q + (1 - q) * (1 - q)) -
			 n * (s.mean - q) * (s.mean - q);

	assert(s.count >= 1);
	return (fmax(squares, 0) + prior * coins) /
	       ((n - 1) * s.mean * (1 - s.mean) + coins);
}

struct stat_elo stat_elo_of_shares(struct stat_shares s)
{
	const double z = 1.959963984540054;
	double n = s.count, p = s.mean;
	/* What is worth a part shrinks the variance against a coin's. */
	double q = (p * n + 0.5) / (n + 1);
	double m = n * q * (1 - q) / s.variance;
	double mid = (p + z * z / (2 * m)) / (1 + z * z / m);
	double half = z / (1 + z * z / m) *
		      sqrt(p * (1 - p) / m + z * z / (4 * m * m));
	double clipped = fmin(fmax(p, 0.5 / (n + 1)), 1 - 0.5 / (n + 1));
	struct stat_elo r;

	assert(s.count >= 1);
	r.score = p;
	r.elo = stat_elo_from_score(clipped);
	r.low = stat_elo_from_score(fmax(mid - half, 1e-9));
	r.high = stat_elo_from_score(fmin(mid + half, 1 - 1e-9));
	/* At 0 and 1 one bound is the end of the scale itself. */
	if (r.low > r.elo)
		r.low = r.elo;
	if (r.high < r.elo)
		r.high = r.elo;
	return r;
}

struct stat_elo stat_elo_of(int wins, int draws, int losses)
{
	const int count[] = {losses, draws, wins};

	return stat_elo_of_shares(stat_shares_of(count, 3));
}

void stat_add(struct stat_sums *s, double x)
{
	s->count++;
	s->sum += x;
	s->squares += x * x;
}

struct stat_mean stat_mean_of(const struct stat_sums *s)
{
	struct stat_mean m = {NAN, NAN, NAN};
	double n = s->count, variance, half;

	if (!s->count)
		return m;
	m.mean = s->sum / n;
	if (s->count < 2)
		return m;
	variance = fmax(0, (s->squares - s->sum * m.mean) / (n - 1));
	half = dist_student_quantile(0.975, n - 1) * sqrt(variance / n);
	m.low = m.mean - half;
	m.high = m.mean + half;
	return m;
}
