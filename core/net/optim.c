/* SPDX-License-Identifier: MIT */
#include "config.h"

/* -O2 leaves these loops scalar. */
#pragma GCC optimize("O3")

#include "core/net/optim.h"

#include <math.h>

size_t optim_state_count(const struct optim_config *c, size_t n)
{
	return c->kind == OPTIM_ADAMW ? 2 * n : n;
}

/* Summed in blocks: the float sum of a large block would lose digits, and a
 * double sum of everything would be slow.  Lanes make a block's sum a vector's
 * work, in an order that does not depend on the vector. */
static double norm_of(size_t n, const float *grad, const float *learn)
{
	enum { LANES = 16, BLOCK = 32 * LANES };
	double total = 0;
	size_t i = 0;

	while (i < n) {
		size_t end = n - i < BLOCK ? n : i + BLOCK;
		float part[LANES] = {0};

		for (; i + LANES <= end; i += LANES)
			for (int k = 0; k < LANES; k++) {
				float g = grad[i + k] * learn[i + k];

				part[k] += g * g;
			}
		for (; i < end; i++)
			part[0] += grad[i] * learn[i] * grad[i];
		for (int k = 0; k < LANES; k++)
			total += (double)part[k];
	}
	return sqrt(total);
}

/* v <- momentum v + g + decay w;  w <- w - rate v */
static void sgd(const struct optim_config *c, size_t n, float *restrict params,
		const float *restrict grad, float *restrict state,
		const float *restrict decay, const float *restrict learn,
		float rate, float scale)
{
	for (size_t i = 0; i < n; i++) {
		float g = grad[i] * scale +
			  c->weight_decay * decay[i] * params[i];

		state[i] = (c->momentum * state[i] + g) * learn[i];
		params[i] -= rate * state[i];
	}
}

/* m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;
 * w <- w - rate (mhat / (sqrt(vhat) + epsilon) + decay w) */
static void adamw(const struct optim_config *c, size_t n,
		  float *restrict params, const float *restrict grad,
		  float *state, const float *restrict decay,
		  const float *restrict learn, float rate, float scale,
		  uint64_t step)
{
	float b1 = c->beta1, b2 = c->beta2;
	float epsilon = c->epsilon, pull = c->weight_decay;
	float fix1 = (float)(1 / (1 - pow((double)b1, (double)step)));
	float fix2 = (float)(1 / (1 - pow((double)b2, (double)step)));
	float *restrict first = state, *restrict second = state + n;

	for (size_t i = 0; i < n; i++) {
		float g = grad[i] * scale * learn[i];
		float m = first[i] = b1 * first[i] + (1 - b1) * g;
		float v = second[i] = b2 * second[i] + (1 - b2) * g * g;
		float move = m * fix1 / (sqrtf(v * fix2) + epsilon) +
			     pull * decay[i] * params[i];

		params[i] -= rate * learn[i] * move;
	}
}

double optim_step(const struct optim_config *c, size_t n, float *params,
		  float *grad, float *state, const float *decay,
		  const float *learn, float rate, uint64_t step)
{
	double norm = norm_of(n, grad, learn);
	float scale = 1;

	if (c->clip > 0 && norm > (double)c->clip)
		scale = (float)((double)c->clip / norm);
	if (c->kind == OPTIM_ADAMW)
		adamw(c, n, params, grad, state, decay, learn, rate, scale,
		      step);
	else
		sgd(c, n, params, grad, state, decay, learn, rate, scale);
	return norm;
}

void optim_average(size_t n, float *average, const float *params, float share)
{
	for (size_t i = 0; i < n; i++)
		average[i] += (params[i] - average[i]) * share;
}
