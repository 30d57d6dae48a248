/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_LOSS_H
#define CORE_NET_LOSS_H

/* p(n) <- softmax(logits(n)); returns log of the sum that divides, so that
 * log p[i] = logits[i] - it. */
float loss_softmax(int n, const float *logits, float *p);

/*
 * Cross-entropy of softmax(logits) against `target`, for one sample; `scale`
 * times its gradient goes to dlogits(n) (overwritten).  Probabilities are left
 * in p(n).  Returns the cross-entropy in nats, unscaled.
 */
double loss_cross_entropy(int n, const float *logits, const float *target,
			  float scale, float *p, float *dlogits);

/*
 * The same where not every answer can be given: those with a negative target
 * (NET_LEFT_OUT) are not in the softmax.  Their probabilities and gradients are
 * exactly 0, and where none can be given, so is the loss.  (Above, a target may
 * be a little below 0 by rounding and still counts.)
 */
double loss_choice(int n, const float *logits, const float *target, float scale,
		   float *p, float *dlogits);

/*
 * Ownership of n cells, logits(n) before tanh against target(n) in [-1, 1]:
 * cross-entropy of the owner, (1 + target) / 2 one's own, mean over the cells;
 * `scale` times its gradient goes to dlogits(n).
 */
double loss_ownership(int n, const float *logits, const float *target,
		      float scale, float *dlogits);

/* Huber's loss: half the square up to 1, then straight.  The target is cut to
 * [-2, 2]. */
double loss_lead(float y, float target, float scale, float *dy);

#endif
