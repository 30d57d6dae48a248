/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/loss.h"

#include <math.h>

float loss_softmax(int n, const float *logits, float *p)
{
	float top = logits[0], sum = 0;

	for (int i = 1; i < n; i++)
		top = logits[i] > top ? logits[i] : top;
	for (int i = 0; i < n; i++)
		sum += p[i] = expf(logits[i] - top);
	for (int i = 0; i < n; i++)
		p[i] /= sum;
	return top + logf(sum);
}

double loss_cross_entropy(int n, const float *logits, const float *target,
			  float scale, float *p, float *dlogits)
{
	float log_sum = loss_softmax(n, logits, p);
	double loss = 0;

	for (int i = 0; i < n; i++) {
		loss += (double)target[i] *
			((double)log_sum - (double)logits[i]);
		dlogits[i] = scale * (p[i] - target[i]);
	}
	return loss;
}

/* Of 1,858 moves of chess about 30 are legal, so what costs is done for those
 * alone. */
double loss_choice(int n, const float *logits, const float *target, float scale,
		   float *p, float *dlogits)
{
	float top = -INFINITY, sum = 0, log_sum;
	double loss = 0;

	for (int i = 0; i < n; i++)
		if (!(target[i] < 0) && logits[i] > top)
			top = logits[i];
	for (int i = 0; i < n; i++)
		sum += p[i] = target[i] < 0 ? 0 : expf(logits[i] - top);
	log_sum = top + logf(sum);
	for (int i = 0; i < n; i++) {
		dlogits[i] = 0;
		if (target[i] < 0)
			continue;
		p[i] /= sum;
		loss += (double)target[i] *
			((double)log_sum - (double)logits[i]);
		dlogits[i] = scale * (p[i] - target[i]);
	}
	return loss;
}

double loss_ownership(int n, const float *logits, const float *target,
		      float scale, float *dlogits)
{
	double loss = 0;

	/* tanh(z) = 2 sigmoid(2 z) - 1; log(1 + e^2z) without overflow. */
	for (int i = 0; i < n; i++) {
		double z = (double)logits[i], t = (double)target[i];

		loss += fabs(z) + log1p(exp(-2 * fabs(z))) - t * z;
		dlogits[i] = scale * (tanhf(logits[i]) - target[i]) / (float)n;
	}
	return loss / n;
}

double loss_lead(float y, float target, float scale, float *dy)
{
	float off = y - fminf(fmaxf(target, -2), 2);
	double far = fabs((double)off);

	*dy = scale * fminf(fmaxf(off, -1), 1);
	return far < 1 ? far * far / 2 : far - 0.5;
}
