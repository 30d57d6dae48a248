/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_TRACE_DOT_H
#define CORE_SEARCH_TRACE_DOT_H

#include "core/base/buf.h"
#include "core/search/trace.h"
#include "core/search/trace_text.h"

/*
 * The tree as a graph for Graphviz's dot: a box for each node with visits, Q
 * (seen by who makes the move) and raw V, an edge for each move with its prior,
 * the wider the more of the visits beside it it has.  Proven nodes are coloured
 * and say so.  `root` is the state of node 0.
 */
void trace_dot(const struct trace_view *v, const struct game *g,
	       const void *root, const struct trace_cut *cut, struct buf *out);

#endif
