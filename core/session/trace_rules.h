/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_TRACE_RULES_H
#define CORE_SESSION_TRACE_RULES_H

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/trace.h"

/* A recorded search played by the rules of a game.  A trace is only a tree of
 * numbers; one that was stored may be of another game, or of none. */

/* Moves from the root to every node are legal from position `root`, so that the
 * tree can be walked with the rules: ERR_FORMAT if not.  Linear in nodes. */
ATTR_NODISCARD enum err_code trace_rules_check(const struct trace *t,
					       const struct game *g,
					       const void *root, struct err *e);

/* The position of `node` of a trace that was checked: `root` is the root's,
 * out[state_size]. */
void trace_rules_state(const struct trace *t, const struct game *g,
		       const void *root, uint32_t node, void *out);

#endif
