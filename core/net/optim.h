/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_OPTIM_H
#define CORE_NET_OPTIM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Optimisers over one flat block of parameters.  All state is floats, so that
 * saving it is one write.
 */
enum optim_kind {
	OPTIM_SGD,   /* momentum, weight decay added to the gradient */
	OPTIM_ADAMW, /* Loshchilov and Hutter 2019, decoupled decay */
};

struct optim_config {
	enum optim_kind kind;
	float momentum;              /* SGD */
	float beta1, beta2, epsilon; /* AdamW */
	float weight_decay;
	float clip; /* largest norm of the gradient; 0 = none */
};

/* Floats of state for n parameters: n for SGD, 2n for AdamW. */
size_t optim_state_count(const struct optim_config *c, size_t n);

/* One step at learning rate `rate`; `step` counts from 1.  decay and learn are
 * from net_masks().  Returns the gradient's norm before clipping. */
double optim_step(const struct optim_config *c, size_t n, float *params,
		  float *grad, float *state, const float *decay,
		  const float *learn, float rate, uint64_t step);

/* average <- average + (params - average) * share */
void optim_average(size_t n, float *average, const float *params, float share);

#endif
