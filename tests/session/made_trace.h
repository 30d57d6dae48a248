/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SESSION_MADE_TRACE_H
#define TESTS_SESSION_MADE_TRACE_H

#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/inspector.h"

/*
 * A search made for tests, without the engine: a plain tree search whose
 * evaluator hashes the position.  The same arguments give the same trace.
 * Every simulation expands its leaf, so nodes number about `sims` times the
 * moves of the game.
 */
struct trace *made_trace(const struct game *g, const void *root, int sims);

/* The figures of a node after `at` simulations, counted from the record by
 * definition: every simulation below the node once. */
void made_count(const struct trace *t, uint32_t node, uint32_t at,
		uint32_t *visits, double *mean);

/* The inspector on such a search of Connect Four after 4453; `connect4` must
 * outlive it. */
void made_inspector(const struct game *connect4, struct inspector *s, int sims);

#endif
