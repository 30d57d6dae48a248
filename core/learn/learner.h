/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LEARNER_H
#define CORE_LEARN_LEARNER_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/learn/dataset.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"

/*
 * A network being trained: parameters, averaged parameters, the optimiser's
 * state and the step, and how one step is made.  A batch is cut into shards of
 * fixed size whose gradients are added in a fixed order, so the weights do not
 * depend on the number of threads.
 */
struct learner;

/* Of any network: recipe_net() says which one a recipe makes for a game.  Both
 * are copied; parameters start from `seed`. */
struct learner *learner_new(const struct net_config *net,
			    const struct recipe *r, uint64_t seed);
void learner_free(struct learner *l);
/* Before the first step: begin with `params`, as many as there are, instead.
 * Copied. */
void learner_begin_with(struct learner *l, const float *params);

/* From now on parts of the network (net_blocks()) stay as they are, running
 * statistics of norms, too. */
void learner_freeze(struct learner *l,
		    bool (*frozen)(const void *ctx, const char *part),
		    const void *ctx);
/* The parameters that are trained, without averaging. */
const float *learner_params(const struct learner *l);

/* From now on the samples of a step are drawn by `seed`. */
void learner_reseed(struct learner *l, uint64_t seed);

const struct net_config *learner_net(const struct learner *l);
size_t learner_param_count(const struct learner *l);
/* Averaged parameters: what plays. */
const float *learner_average(const struct learner *l);
/* From now on they are these, as many as there are; the parameters that are
 * trained stay.  Copied. */
void learner_set_average(struct learner *l, const float *params);
/* The same to the recipe's `checkpoint_bits`: what a checkpoint keeps. Borrowed
 * until the next call. */
const float *learner_checkpoint(struct learner *l);
uint64_t learner_step_number(const struct learner *l);

/* Sums over the steps since the last learner_take_figures(). */
struct learner_figures {
	int64_t samples;
	int64_t steps;
	struct net_loss loss; /* sums over samples */
	double gradient_norm; /* sum over steps */
};

/* One step on a batch drawn from the newest `window` items, at learning rate
 * `rate`.  No item is larger than the recipe's shard. */
void learner_step(struct learner *l, const struct dataset *data, int64_t window,
		  float rate, struct pool *pool);
void learner_take_figures(struct learner *l, struct learner_figures *out);

/* How a network does on positions that it was not trained on: means over those
 * that teach a policy. */
struct learner_held_out {
	int64_t positions;
	double agree;         /* share of positions whose top move agrees */
	double kl;            /* KL(target || network), nats */
	double policy, value; /* cross-entropies, nats */
	double value_error;   /* root of mean squared error, win minus loss */
};
void learner_measure(const struct learner *l, const struct dataset *held_out,
		     struct pool *pool, struct learner_held_out *out);
/* The same of a network that nobody trains. */
void learner_measure_net(const struct net_config *net, const float *params,
			 const struct dataset *held_out, struct pool *pool,
			 struct learner_held_out *out);

/* All of it as bytes, and back: ERR_FORMAT when they are of another network. */
void learner_save(const struct learner *l, struct buf *out);
ATTR_NODISCARD enum err_code learner_load(struct learner *l, struct reader *r,
					  struct err *e);

#endif
