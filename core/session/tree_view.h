/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_TREE_VIEW_H
#define CORE_SESSION_TREE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"
#include "core/session/figures.h"

/*
 * A search tree as rows to unfold, with cut-offs: how deep it is open by
 * itself, how many children a node shows and how many visits a child needs.
 * What a cut-off hides is said in a row of its own, with its visits; Enter
 * there shows it.
 *
 * Rows are laid out when something changes (place in the search, folding,
 * cut-offs), at a cost of the rows laid out, never of the tree's size.
 */
struct tree_limits {
	int depth;      /* open by itself down to here, 0 .. 60 */
	int children;   /* shown of one node, 1 .. 1000 */
	uint32_t least; /* visits that a child needs, >= 0 */
};
#define TREE_LIMITS_DEFAULT                           \
	{                                             \
		.depth = 1, .children = 8, .least = 1 \
	}

enum tree_row_kind {
	TREE_ROW_NODE,
	TREE_ROW_MORE, /* children of `node` that the cut-offs hide */
	TREE_ROW_FULL, /* more rows than anybody reads: end of the list */
};

enum { TREE_MAX_ROWS = 20000 };

struct tree_row {
	uint32_t node;
	enum tree_row_kind kind;
	int depth;
	uint64_t rails; /* bit d: the branch at depth d goes on below */
	bool last;      /* of its siblings */
	bool open, foldable;
	uint32_t hidden; /* TREE_ROW_MORE: how many */
	uint64_t hidden_visits;
	char text[GAME_TEXT_SIZE];
};

struct tree_view {
	const struct game *game;       /* borrowed */
	const struct trace_view *view; /* borrowed */
	const struct sim_path *path;   /* borrowed */
	unsigned char *root;           /* owned; the root's state */
	uint8_t *fold;                 /* owned; [node_count] */
	struct tree_limits limits;
	bool follow;           /* the path of the simulation is always open */
	struct tree_row *rows; /* owned */
	int count, cap;
	int cursor; /* row */
};

/* All borrowed things must outlive the tree; `root` is copied.  The trace must
 * fit the game (trace_rules_check()). */
void tree_init(struct tree_view *t, const struct game *g, const void *root,
	       const struct trace_view *view, const struct sim_path *path);
void tree_release(struct tree_view *t);

/* `view` has another trace of the same position (the search went on): what
 * was unfolded and selected stays so, found by the moves that lead there.
 * `old` is the trace until now. */
void tree_retarget(struct tree_view *t, const struct trace_view *view,
		   const struct trace *old);

/* After the view, the path, the limits or `follow` changed. */
void tree_layout(struct tree_view *t);

uint32_t tree_selected(const struct tree_view *t); /* node */

/* Each returns whether anything changed. */
bool tree_move(struct tree_view *t, int rows);
bool tree_open(struct tree_view *t);  /* or step to the first child */
bool tree_close(struct tree_view *t); /* or step to the parent */
bool tree_toggle(struct tree_view *t);
bool tree_select(struct tree_view *t, uint32_t node); /* unfolds the way */

#endif
