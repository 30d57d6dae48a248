/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_ADAPT_H
#define CORE_LEARN_ADAPT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/dataset.h"
#include "core/learn/ledger.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"

/*
 * A network that goes on learning after its training: now and then some steps
 * on what it has met since, its own games (intermittent fine-tuning; dynamic
 * evaluation, Krause et al. 2018, arXiv:1709.07432) or somebody else's.
 *
 * It may have several objectives, "imitation" and "own" for instance, with one
 * optimiser between them.  A step belongs to one of them, so that the ledger of
 * an objective says what its steps moved, exactly; which of a step's losses
 * moved what is shared out as ledger.h has it.
 *
 * It may be of two sets of weights: slow ones, the body, which stay as they are
 * bit for bit, and fast ones, the heads.
 *
 * Same calls, same bits on any number of threads.  One thread at a time.
 */
struct adapt;

enum { ADAPT_OBJECTIVES = 4 };

struct adapt_config {
	const struct net_config *net; /* copied, as all is */
	const struct recipe *recipe;  /* batch, shard, optimiser, average */
	const float *from;            /* [net_param_count] */
	uint64_t seed;                /* of samples */
	bool heads_alone;             /* the body is slow */
	int objectives;               /* 1 .. ADAPT_OBJECTIVES */
};

struct adapt *adapt_new(const struct adapt_config *c);
void adapt_free(struct adapt *a); /* NULL is allowed */

/* Steps of one objective, on `data`, at this rate. */
void adapt_learn(struct adapt *a, int objective, const struct dataset *data,
		 int steps, float rate, struct pool *pool);

/* Steps that are dealt out among objectives by `share`, which are not negative
 * and not all 0: as evenly as whole steps allow, the same in every call.  What
 * has no share is not asked for data. */
struct adapt_part {
	const struct dataset *data;
	double share;
};
void adapt_intersperse(struct adapt *a, const struct adapt_part *parts,
		       int steps, float rate, struct pool *pool);

/* Loss by loss, what an objective would do to the weights as they are: until
 * the next time its ledger shares out by that what its steps move. */
void adapt_probe(struct adapt *a, int objective, const struct dataset *data);

/* What plays.  Borrowed until the next step. */
const struct net_config *adapt_net(const struct adapt *a);
const float *adapt_weights(const struct adapt *a);
int64_t adapt_steps(const struct adapt *a, int objective);
const struct ledger *adapt_ledger(const struct adapt *a, int objective);

/* All of it as bytes, and back into one of the same configuration: ERR_FORMAT
 * when they are of another. */
void adapt_save(const struct adapt *a, struct buf *out);
ATTR_NODISCARD enum err_code adapt_load(struct adapt *a, struct reader *r,
					struct err *e);

#endif
