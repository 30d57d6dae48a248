/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TUITION_H
#define CORE_STUDY_TUITION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/net/net.h"

struct ledger;
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
	int every;           /* steps between two tellings; 0: a hundredth */
	const float *begin;  /* [net_param_count]; NULL: fresh */
	/* (optional) Begun with the same weights: which loss moved what.  The
	 * caller tells it. */
	struct ledger *ledger;
	/* Where it stands is kept now and then (study_save()), and found again:
	 * then it comes before anything is handed over.  A training that was
	 * killed ends in the bits of one that was not. */
	bool resumes;
};

/* Fresh weights of a seed, as tuition_run() begins with, for a ledger. */
struct ledger *tuition_ledger(const struct tuition *t);

/* Into params[net_param_count].  ERR_CANCELLED. */
ATTR_NODISCARD enum err_code tuition_run(const struct tuition *t,
					 struct study_run *r, float *params,
					 struct err *e);

#endif
