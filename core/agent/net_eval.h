/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_NET_EVAL_H
#define CORE_AGENT_NET_EVAL_H

#include "core/net/net.h"
#include "core/search/evaluator.h"

/*
 * A network as an evaluator: positions are encoded, net_infer() answers.
 * The plan is borrowed and must outlive it.  One thread at a time.
 *
 * A position may be seen through several symmetries of its board, of which the
 * logits and the outcomes are averaged: the errors that the network makes on
 * one side alone are halved, for as many times the work (Silver et al. 2017,
 * "Mastering the game of Go without human knowledge", draw one at random).
 * And the logits may be divided by a temperature: priors of networks trained
 * on sharp targets leave other moves unseen.
 */
struct net_eval;

struct net_eval *net_eval_new(const struct net_plan *plan, const struct game *g,
			      int max_batch);
void net_eval_free(struct net_eval *ne); /* NULL is allowed */
/* Symmetries 0 .. count-1 are seen, at most those that the board has (1 at
 * first); temperature > 0 (1 at first). */
void net_eval_tune(struct net_eval *ne, int symmetries, float temperature);
/* From now on evaluate() keeps leads too, if the network has them. */
void net_eval_keep_leads(struct net_eval *ne, bool keep);
/* Valid until the free; with leads if they are kept. */
struct evaluator net_eval_evaluator(struct net_eval *ne);

/*
 * What the extra heads say of one position, seen from player 0: the owner of
 * each cell in [-1, 1], a new (rows, cols) that the caller frees, NULL without
 * that head; and the lead in points, NAN without that head.
 */
void net_eval_extra(struct net_eval *ne, const struct game *g,
		    const void *state, float **ownership, float *lead);

#endif
