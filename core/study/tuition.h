/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TUITION_H
#define CORE_STUDY_TUITION_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/net/net.h"

struct study_run;

/*
 * A network taught from a data set in a trial, with what was found best for
 * models of histories: AdamW without decay, beta2 .98, the gradient cut at 1, a
 * rate that rises and then falls by a cosine to a twentieth, no average.  Same
 * seed, same bits, on any number of threads.
 */
struct tuition {
	const struct net_config *net;
	const struct dataset *data;
	int batch, shard;       /* rows of a step, and of a part of it */
	uint64_t steps, warmup; /* >= 1 */
	float rate;
	uint64_t seed;
	const char *loss;    /* the figure that is told: "loss.next" */
	const char *measure; /* what it is called as a measure; NULL: none */
	const float *begin;  /* [net_param_count]; NULL: fresh */
};

/* Into params[net_param_count].  ERR_CANCELLED. */
ATTR_NODISCARD enum err_code tuition_run(const struct tuition *t,
					 struct study_run *r, float *params,
					 struct err *e);

#endif
