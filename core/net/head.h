/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_HEAD_H
#define CORE_NET_HEAD_H

#include <stdbool.h>

#include "core/base/conf.h"
#include "core/base/err.h"

/*
 * What networks say of a position, one head a question: constant tables, one
 * file each (head_NAME.c).  A head knows how large its answers and its targets
 * are, what its loss is and which figures it reports, so that training and
 * inference are one loop over the heads.
 */
#define NET_HEAD_LIST(X)        \
	X(POLICY, policy)       \
	X(VALUE, value)         \
	X(OWNERSHIP, ownership) \
	X(LEAD, lead)           \
	X(RESULT, result)       \
	X(NEXT, next)           \
	X(NUMBERS, numbers)

enum net_head_id {
#define X(id, name) NET_##id,
	NET_HEAD_LIST(X)
#undef X
		NET_HEADS
};

enum { NET_FIGURES = 4 }; /* of a head, at most */

struct net_config;
struct net_graph;

/* Target of an answer that cannot be given here, an illegal move for instance,
 * of heads that choose one of several: it is left out of the softmax and gets
 * no gradient.  A head whose answers are always possible never looks for it. */
#define NET_LEFT_OUT (-1.0f)

/* One sample of one head in training.  Nothing is owned. */
struct net_head_row {
	int size;            /* floats of an answer */
	const float *y;      /* (size), as the layers leave it */
	const float *target; /* (target_size) */
	float weight;        /* of the sample, in the figures */
	float scale;         /* of the gradient: `weight` times the head's */
	float *p;            /* (size), free for use */
	float *dy;           /* (size), overwritten */
	double *figure;      /* [NET_FIGURES], added to */
};

struct net_head {
	const char *name;
	/* What it is for, of a head that a network has only where its text says
	 * "name=yes"; NULL: every network has it. */
	const char *optional;
	/* (optional) Settings, into the net_conf of this head; `options` are
	 * written only where they are not the default. */
	const struct conf_spec *conf, *options;
	float weight; /* of its loss in the sum, unless told otherwise */
	/* The loss first.  Names are unique over all heads; NULL: no more. */
	struct {
		const char *name;
		bool kept; /* in the history of a training */
	} figures[NET_FIGURES];
	/* Floats of one answer, and of one target. */
	int (*size)(const struct net_config *c);
	int (*target_size)(const struct net_config *c);
	/* (optional) ERR_FORMAT: the game's part cannot have it so. */
	enum err_code (*check)(const struct net_config *c, struct err *e);
	/* Add the layers that read g->trunk, or what heads before it left; the
	 * value that they end in, of `size` floats. */
	int (*build)(const struct net_config *c, struct net_graph *g);
	/* The figures, times `weight`, and `scale` times the loss's gradient.
	 */
	void (*loss)(const struct net_head_row *r);
	/* out(size) <- y(size), as users of the network are told it. */
	void (*finish)(int size, const float *y, float *out);
};

extern const struct net_head *const net_heads[NET_HEADS];

/*
 * Figures of training, by head: sums over samples times their weights, and the
 * sum of those weights.
 */
struct net_loss {
	struct {
		double weight, figure[NET_FIGURES];
	} head[NET_HEADS];
};

void net_loss_add(struct net_loss *sum, const struct net_loss *one);
/* Sum of the figure of that name; the name is some head's (asserted). */
double net_loss_sum(const struct net_loss *l, const char *figure);
/* Its mean; NAN where no sample had the head's target. */
double net_loss_mean(const struct net_loss *l, const char *figure);
/* The kept figures in the order of the history, from *at = 0 on: losses first.
 * Those that no sample had are left out.  False: no more. */
bool net_loss_next(const struct net_loss *l, int *at, const char **name,
		   double *mean);

#endif
