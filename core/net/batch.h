/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_BATCH_H
#define CORE_NET_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "core/net/head.h"

struct net_head_row;

/* In training, a loss of one head instead of its table's: as that of struct
 * net_head, and told which row of the batch it is. */
struct net_judge {
	enum net_head_id head;
	void (*loss)(const void *self, int row, const struct net_head_row *r);
	const void *self;
};

/*
 * Positions for a network, in sequences: those of sequence s are rows begin[s]
 * .. begin[s + 1] - 1, in their order.  A network over boards treats every row
 * alike; one with a memory reads a row after those before it in its sequence.
 * Nothing is owned.
 */
struct net_batch {
	int sequences;
	const int *begin; /* [sequences + 1]; NULL: each row is a sequence */
	const float *x;   /* (rows, planes x board's rows x cols, then ids) */
	/* Inference with a memory: [sequences], the lane of each; NULL: s. */
	const int *lane;
	/* Training only, by row.  Target NULL: that head is not trained; weight
	 * NULL: 1. */
	const float *target[NET_HEADS], *weight[NET_HEADS];
	const struct net_judge *judge; /* NULL: the losses of the table */
	/* Norms go by their running statistics, which stay as they are: the
	 * network is trained as it plays. */
	bool steady;
};

static inline int net_batch_rows(const struct net_batch *b)
{
	return b->begin ? b->begin[b->sequences] : b->sequences;
}

/* Where one row is written to.  NULL: not wanted. */
struct net_row {
	float *x;   /* (planes, board's rows, cols) */
	float *ids; /* whole numbers; NULL: the network reads none */
	float *target[NET_HEADS], *weight[NET_HEADS];
};

/* Room for a batch, to be filled.  All pointers are owned; the targets and
 * weights of heads that the network does not have are NULL. */
struct net_rows {
	int max_rows;
	size_t x_size, target_size[NET_HEADS]; /* floats of a row */
	size_t ids; /* where a row's ids begin; x_size: there are none */
	struct net_row first;
};

void net_rows_init(struct net_rows *r, const struct net_config *c,
		   int max_rows);
void net_rows_release(struct net_rows *r);
struct net_row net_rows_at(const struct net_rows *r, int row);
/* The first n rows, each a sequence of its own.  Borrowed. */
struct net_batch net_rows_batch(const struct net_rows *r, int n);

#endif
