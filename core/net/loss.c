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

static double entropy(int n, const float *p)
{
	double h = 0;

	for (int i = 0; i < n; i++)
		if (p[i] > 0)
			h -= (double)p[i] * log((double)p[i]);
	return h;
}

static int top_of(int n, const float *p)
{
	int top = 0;

	for (int i = 1; i < n; i++)
		if (p[i] > p[top])
			top = i;
	return top;
}

void loss_add_policy(struct net_loss *sum, int n, const float *p,
		     const float *target, double cross_entropy, double weight)
{
	sum->policy += weight * cross_entropy;
	sum->entropy += weight * entropy(n, p);
	sum->kl += weight * (cross_entropy - entropy(n, target));
	sum->agree += weight * (top_of(n, p) == top_of(n, target));
}

void loss_add_value(struct net_loss *sum, const float *p, const float *target,
		    double cross_entropy, double weight)
{
	double off = (double)(p[0] - p[2]) - (double)(target[0] - target[2]);

	sum->value += weight * cross_entropy;
	sum->value_error += weight * off * off;
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
