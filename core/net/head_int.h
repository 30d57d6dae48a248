/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_HEAD_INT_H
#define CORE_NET_HEAD_INT_H

#include "core/net/head.h"

struct net_batch;

/* The entries of the table.  Private to this folder. */
#define X(id, name) extern const struct net_head net_head_##name;
NET_HEAD_LIST(X)
#undef X

/*
 * The figures of head `h` over the rows of a batch that has its target, added
 * to *loss; y(rows, size) is what its layers left.  The gradient times
 * `head_weight` goes to dy(rows, size), or with dy NULL nowhere.  `spare` has
 * room for two answers.
 */
void net_head_loss(const struct net_config *c, int h,
		   const struct net_batch *in, float head_weight,
		   const float *y, float *dy, float *spare,
		   struct net_loss *loss);

#endif
