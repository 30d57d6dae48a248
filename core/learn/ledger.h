/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LEDGER_H
#define CORE_LEARN_LEDGER_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/net/batch.h"
#include "core/net/net.h"

/*
 * Which loss touched which block of a network's weights, and how much.  The
 * blocks are those of net_blocks().  How far a block has moved is the sum over
 * ledger_moved() of the norm of each change: a step, or a thousand of them, at
 * once.
 *
 * An optimiser moves weights by the sum of all losses, and no part of its step
 * belongs to one of them.  So what a block moved is shared out by the norms of
 * the gradients that the last ledger_probe() before it found of each loss alone
 * in that block; a
 * loss that never reaches a block has a gradient of 0 there, and no entry.
 */
struct ledger;

/* From these weights on; params[net_param_count] are copied. */
struct ledger *ledger_new(const struct net_config *c, const float *params);
void ledger_free(struct ledger *l); /* NULL is allowed */

/* Each loss that the batch has targets for, alone, at these weights, counted as
 * head_weight[NET_HEADS] says (NULL: as the table of heads does).  Of several
 * without a move between them the sum counts. */
void ledger_probe(struct ledger *l, const float *params,
		  const struct net_batch *in, const float *head_weight);

/* The weights are these now. */
void ledger_moved(struct ledger *l, const float *params);

/* The weights are these now, moved by something that this ledger is not of. */
void ledger_look(struct ledger *l, const float *params);

/* Sums so far; `block` from 0.  What was moved before any probe belongs to no
 * loss. */
int ledger_blocks(const struct ledger *l);
const char *ledger_block(const struct ledger *l, int block);
double ledger_norm(const struct ledger *l, int block, enum net_head_id loss);
double ledger_norm_all(const struct ledger *l, int block);

/* All of it as bytes, and back: ERR_FORMAT when they are of another network. */
void ledger_save(const struct ledger *l, struct buf *out);
ATTR_NODISCARD enum err_code ledger_load(struct ledger *l, struct reader *r,
					 struct err *e);

#endif
