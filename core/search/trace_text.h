/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_TRACE_TEXT_H
#define CORE_SEARCH_TRACE_TEXT_H

#include "core/base/buf.h"
#include "core/search/trace.h"

/* Where a printed tree stops. */
struct trace_cut {
	int depth;       /* levels below the root */
	int children;    /* of a node, most visited first */
	uint32_t visits; /* fewest visits of a node that is shown */
};

/*
 * The tree as text, one line per node, in the manner of KataGo's debug_moves:
 * the moves that lead there, then Q (seen by who makes the last move),
 * win/draw/ loss, prior, raw V, visits, and the line that follows; a proof
 * instead of a guess where there is one.  `root` is the state of node 0.
 */
void trace_text(const struct trace_view *v, const struct game *g,
		const void *root, const struct trace_cut *cut, struct buf *out);

/* The children of a node that the cut leaves, most visited first, then by
 * prior, into list[its child_count]; returns how many. */
int trace_cut_children(const struct trace_view *v, uint32_t node,
		       const struct trace_cut *cut, uint32_t *list);

#endif
