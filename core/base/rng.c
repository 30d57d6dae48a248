/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/rng.h"

#include <assert.h>
#include <math.h>

static const uint64_t GOLDEN = 0x9e3779b97f4a7c15ULL;

static uint64_t finish(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

uint64_t rng_mix(uint64_t a, uint64_t b)
{
	return finish(finish(a + GOLDEN) ^
		      (b * GOLDEN + 0x632be59bd9b4e019ULL));
}

void rng_init(struct rng *r, uint64_t seed, enum rng_purpose purpose,
	      uint64_t a, uint64_t b)
{
	r->key = rng_mix(rng_mix(rng_mix(seed, purpose), a), b);
	r->count = 0;
}

uint64_t rng_u64(struct rng *r)
{
	return finish(r->key + ++r->count * GOLDEN);
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	/* Lemire 2019, "Fast random integer generation in an interval". */
	uint32_t x = (uint32_t)(rng_u64(r) >> 32);
	uint64_t m = (uint64_t)x * n;
	uint32_t low = (uint32_t)m;

	assert(n > 0);
	if (low < n) {
		uint32_t reject = -n % n;

		while (low < reject) {
			x = (uint32_t)(rng_u64(r) >> 32);
			m = (uint64_t)x * n;
			low = (uint32_t)m;
		}
	}
	return (uint32_t)(m >> 32);
}

float rng_float(struct rng *r)
{
	return (float)(rng_u64(r) >> 40) * 0x1p-24f;
}

double rng_double(struct rng *r)
{
	return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

float rng_normal(struct rng *r)
{
	/* Box and Muller, one of the pair: a draw must not depend on the last.
	 */
	double u = 1.0 - rng_double(r);
	double v = rng_double(r);

	return (float)(sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v));
}

float rng_gumbel(struct rng *r)
{
	double u = (rng_double(r) * 0x1p53 + 0.5) * 0x1p-53; /* never 0 or 1 */

	return (float)-log(-log(u));
}

double rng_gamma(struct rng *r, double shape)
{
	/* Marsaglia and Tsang 2000; below 1 by the usual power of a uniform. */
	double d, c;

	assert(shape > 0);
	if (shape < 1) {
		double u = 1.0 - rng_double(r);

		return rng_gamma(r, shape + 1) * pow(u, 1 / shape);
	}
	d = shape - 1.0 / 3;
	c = 1 / sqrt(9 * d);
	for (;;) {
		double x = (double)rng_normal(r);
		double v = 1 + c * x;
		double u = 1.0 - rng_double(r);

		if (v <= 0)
			continue;
		v = v * v * v;
		if (log(u) < 0.5 * x * x + d - d * v + d * log(v))
			return d * v;
	}
}

void rng_dirichlet(struct rng *r, double alpha, int n, float *out)
{
	double sum = 0;

	for (int i = 0; i < n; i++) {
		double g = rng_gamma(r, alpha);

		out[i] = (float)g;
		sum += (double)out[i];
	}
	for (int i = 0; i < n; i++)
		out[i] = sum > 0 ? (float)((double)out[i] / sum)
				 : 1.0f / (float)n;
}

int rng_pick(struct rng *r, const float *weight, int n)
{
	double sum = 0, x;
	int last = -1;

	for (int i = 0; i < n; i++)
		sum += (double)weight[i];
	x = rng_double(r) * sum;
	for (int i = 0; i < n; i++) {
		if (weight[i] <= 0)
			continue;
		last = i;
		x -= (double)weight[i];
		if (x < 0)
			return i;
	}
	assert(last >= 0);
	return last;
}
