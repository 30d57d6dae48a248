/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_DRIFT_H
#define CORE_STUDY_DRIFT_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/net/net.h"

/*
 * A model of how the weights of a learner move from stage to stage: a sequence
 * network over the stages of a chunk of DRIFT_CHUNK weights that stand side by
 * side in one part of the learner's network (in the manner of Peebles et al.
 * 2022, arXiv:2209.12892, who ask such a model for weights of less loss).  A
 * token is where the chunk is and how it came there since the stage before, in
 * units of its part: what weights there are, and how far they go in a stage, as
 * root mean squares over the stages that are given.  From the tokens so far
 * follows where it goes next.  The part is told by its number; where a
 * weight stands in it says nothing, for lives are different networks, and
 * chunks are shown with their weights in any order and with any signs.
 *
 * Running statistics of norms are not moved: who plays by what comes of it
 * makes them anew.
 */
enum { DRIFT_CHUNK = 64, DRIFT_PARTS = 64 };

/* The stages of one learner, the oldest first; all is borrowed. */
struct drift_path {
	const struct net_config *net; /* the learner's */
	const float *const *w;        /* [stages], each net_param_count(net) */
	int stages;                   /* 3 at least */
};

/* The network of such a model: body and settings. */
ATTR_NODISCARD enum err_code drift_net(const char *network,
				       struct net_config *out, struct err *e);

/* Chunks of paths as sequences, one token a stage but the first and the last.
 * Borrows the paths. */
struct drift;
struct drift *drift_new(const struct drift_path *paths, int count);
void drift_free(struct drift *d); /* NULL is allowed */
struct dataset drift_dataset(const struct drift *d);

/* Where the weights are `ahead` stages after the last of a path, as the model
 * says that reads all of it and then itself: out[net_param_count]. */
void drift_roll(const struct net_plan *p, const struct drift_path *path,
		int ahead, float *out);

#endif
