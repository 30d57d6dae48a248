/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_NET_H
#define CORE_NET_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"

/*
 * Policy and value networks over boards.  A network is a list of layers over
 * one flat block of floats, so that an optimiser, an average, a hash, a
 * checkpoint and a diff are each one loop.
 *
 * Body `tower`: 3x3 convolution, then residual blocks (He et al. 2015; AlphaGo
 * Zero 2017, methods), batch norm, optional global pooling blocks (Wu 2019,
 * arXiv:1902.10565); policy head and win/draw/loss head.
 */
struct net_config {
	/* from the game */
	int planes, rows, cols, moves;
	/* body */
	int filters, blocks;
	int pool_blocks; /* how many blocks also pool globally; 0 = none */
	int policy_filters, value_filters, value_hidden;
};

/* The body as text, "tower:filters=32,blocks=4,pool=0": kept with every
 * checkpoint so that it can be built again. */
void net_config_format(const struct net_config *c, struct buf *out);
ATTR_NODISCARD enum err_code net_config_parse(struct net_config *c,
					      const char *text, struct err *e);

size_t net_param_count(const struct net_config *c);
/* Fresh parameters into params[net_param_count]: the same seed, the same bits.
 */
void net_init(const struct net_config *c, uint64_t seed, float *params);
/* decay[i] is 1 where weight decay applies (products), 0 for biases, norms
 * and running statistics; learn[i] is 0 for running statistics. */
void net_masks(const struct net_config *c, float *decay, float *learn);

/* A readable list of layers with shapes and counts, one a line. */
void net_describe(const struct net_config *c, struct buf *out);

/*
 * Inference.  A plan is the parameters made ready (norms folded, kernels
 * transformed); it is constant and may be shared by threads.  Each thread
 * brings its own workspace.  One BLAS thread each.
 */
struct net_plan;
struct net_work;

struct net_plan *net_plan_new(const struct net_config *c, const float *params);
void net_plan_free(struct net_plan *p);
const struct net_config *net_plan_config(const struct net_plan *p);
struct net_work *net_work_new(const struct net_plan *p, int max_batch);
void net_work_free(struct net_work *w);

/* policy(n, moves) logits and wdl(n, 3) probabilities from x(n, planes, rows,
 * cols); n <= max_batch.  The bits of a row may depend on n and its place. */
void net_infer(const struct net_plan *p, struct net_work *w, int n,
	       const float *x, float *policy, float *wdl);

/*
 * Training, one shard of a batch: forward in training mode (batch statistics
 * of this shard), backward, and the sum of gradients.
 *   policy_target(n, moves)  sums to 1
 *   wdl_target(n, 3)         sums to 1
 *   weight(n)                of each sample; NULL means 1
 * Losses are sums over the shard; gradients are of (policy + value_weight *
 * value) summed over samples, and are ADDED to grad[param_count].  The shard's
 * batch statistics go to stats[net_stat_count]; net_stats_update() folds them
 * into the running ones in a fixed order, so any number of threads gives the
 * same bits.
 */
struct net_trainer; /* activations of one shard; one per worker */

struct net_loss {
	double policy;  /* cross-entropy, nats, summed */
	double value;   /* cross-entropy of win/draw/loss, nats, summed */
	double entropy; /* of the network's policy, nats, summed */
	double agree;   /* samples whose top move is the target's top move */
	double kl;      /* KL(target || network), nats, summed */
	double value_error; /* squared error of win minus loss, summed */
};

struct net_trainer *net_trainer_new(const struct net_config *c, int max_batch);
void net_trainer_free(struct net_trainer *t);
size_t net_stat_count(const struct net_config *c);
void net_train(struct net_trainer *t, const float *params, int n,
	       const float *x, const float *policy_target,
	       const float *wdl_target, const float *weight, float value_weight,
	       float *grad, float *stats, struct net_loss *loss);
void net_stats_update(const struct net_config *c, float *params,
		      const float *stats, float momentum);

/* Which BLAS kernel runs, e.g. "Haswell", and which of our own, e.g. "AVX-512";
 * for bench and records. */
const char *net_blas_kernel(void);
const char *net_vector_kernel(void);

/* Multiplications and additions for one position by the plain definitions of
 * the layers, whatever tricks are used: a measure of work. */
double net_flops(const struct net_config *c);

#endif
