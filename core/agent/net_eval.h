/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_NET_EVAL_H
#define CORE_AGENT_NET_EVAL_H

#include "core/net/net.h"
#include "core/search/evaluator.h"

/*
 * A network as an evaluator: positions are encoded, net_infer() answers.
 * The plan is borrowed and must outlive it.  One thread at a time.
 */
struct net_eval;

struct net_eval *net_eval_new(const struct net_plan *plan, const struct game *g,
			      int max_batch);
void net_eval_free(struct net_eval *ne); /* NULL is allowed */
/* Valid until the free. */
struct evaluator net_eval_evaluator(struct net_eval *ne);

/*
 * What the extra heads say of one position, seen from player 0: the owner of
 * each cell in [-1, 1], a new (rows, cols) that the caller frees, NULL without
 * that head; and the lead in points, NAN without that head.
 */
void net_eval_extra(struct net_eval *ne, const struct game *g,
		    const void *state, float **ownership, float *lead);

#endif
