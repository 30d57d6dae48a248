/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/optim.h"

#include <math.h>

size_t optim_state_count(const struct optim_config *c, size_t n)
{
	return c->kind == OPTIM_ADAMW ? 2 * n : n;
}

/* Summed in blocks: the float sum of a large block would lose digits, and a
 * double sum of everything would be slow. */
static double norm_of(size_t n, const float *grad, const float *learn)
{
	double total = 0;

	for (size_t from = 0; from < n; from += 256) {
		size_t to = n - from < 256 ? n : from + 256;
		float part = 0;

		for (size_t i = from; i < to; i++) {
			float g = grad[i] * learn[i];

			part += g * g;
		}
		total += (double)part;
	}
	return sqrt(total);
}

/* v <- momentum v + g + decay w;  w <- w - rate v */
static void sgd(const struct optim_config *c, size_t n, float *params,
		const float *grad, float *state, const float *decay,
		const float *learn, float rate, float scale)
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
static void adamw(const struct optim_config *c, size_t n, float *params,
		  const float *grad, float *state, const float *decay,
		  const float *learn, float rate, float scale, uint64_t step)
{
	float b1 = c->beta1, b2 = c->beta2;
	float fix1 = (float)(1 / (1 - pow((double)b1, (double)step)));
	float fix2 = (float)(1 / (1 - pow((double)b2, (double)step)));
	float *first = state, *second = state + n;

	for (size_t i = 0; i < n; i++) {
		float g = grad[i] * scale * learn[i];
		float m = first[i] = b1 * first[i] + (1 - b1) * g;
		float v = second[i] = b2 * second[i] + (1 - b2) * g * g;
		float move = m * fix1 / (sqrtf(v * fix2) + c->epsilon) +
			     c->weight_decay * decay[i] * params[i];

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
