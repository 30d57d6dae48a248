/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_COMPARE_H
#define CORE_SESSION_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/compare_part.h"
#include "core/session/inspector.h"

/*
 * Two searches of one position, side by side: one cursor, one place in both
 * trees, both as they stood after the same number of simulations.  Who searched
 * is not known here: two checkpoints, a teacher and its imitator, two ways to
 * search.  A side may have no tree but the figures of its root alone, as a raw
 * policy has.
 *
 * It must not move in memory once a side has a trace.
 */
enum compare_mark {
	COMPARE_NONE,       /* both say the same, or neither looked */
	COMPARE_ONLY_LEFT,  /* the right search never went there */
	COMPARE_ONLY_RIGHT, /* the left one did not */
	COMPARE_ORDER,      /* both did, and rank it otherwise */
	COMPARE_MARKS,
};

/* One move at the place, as each side has it. */
struct compare_row {
	game_move move;
	char text[GAME_TEXT_SIZE];
	bool known[COMPARE_SIDES];       /* the side's tree has the move */
	struct figures f[COMPARE_SIDES]; /* where it is known */
	double weight[COMPARE_SIDES];    /* 0 where it is not */
	int rank[COMPARE_SIDES]; /* from 1, by weight, equal ones alike; 0: it
				  * did not look there */
	enum compare_mark mark;
};

enum compare_sort {
	COMPARE_BY_LEFT, /* the left side's weight, then the right one's */
	COMPARE_BY_RIGHT,
	COMPARE_BY_GAP, /* by how much the weights differ */
	COMPARE_BY_MOVE,
	COMPARE_SORTS,
};

enum compare_pane {
	COMPARE_TABLE,
	COMPARE_LEFT_TREE,
	COMPARE_RIGHT_TREE,
	COMPARE_PANES
};

struct compare {
	const struct game *game; /* borrowed */
	struct inspector side[COMPARE_SIDES];
	uint32_t at; /* simulations of each, as far as it has them */
	game_move way[SIM_PATH_CAP]; /* from the root to the place */
	int depth;
	bool here[COMPARE_SIDES];     /* the side's tree has the place */
	bool by_prior[COMPARE_SIDES]; /* weights there are priors */
	double apart;                 /* of weights at the place, [0, 1] */
	double root_apart;            /* and at the root */
	char way_text[160];           /* "" at the root */
	struct compare_row *rows;     /* owned; the moves at the place */
	int count, cap, cursor;
	bool moved; /* the cursor, by hand: else it stays on the first row */
	enum compare_sort sort;
	struct compare_part part;
	enum compare_pane focus;
};

/* `g` must outlive it; `root`, the position, is copied. */
void compare_init(struct compare *c, const struct game *g, const void *root);
void compare_release(struct compare *c);

/* A side's search, taken over; the place stays as far as a side has it, and who
 * stood at the end stands there.  ERR_FORMAT as inspector_set(). */
ATTR_NODISCARD enum err_code compare_set(struct compare *c, int side,
					 struct trace *trace, struct err *e);

/* Simulations of the longer search. */
uint32_t compare_total(const struct compare *c);
/* Both to simulation `at`, clamped; false if they stand there. */
bool compare_seek(struct compare *c, long at);

/* Keys, by what they mean in the pane in focus.  Each returns whether anything
 * changed. */
bool compare_move(struct compare *c, int rows);
bool compare_enter(struct compare *c, bool toggle);
bool compare_leave(struct compare *c);
bool compare_focus(struct compare *c, int step);
bool compare_order(struct compare *c, int step);
/* To the position after these moves, as far as either tree has them; returns
 * how many those are. */
int compare_go(struct compare *c, const game_move *moves, int count);
/* To where the two part. */
bool compare_go_part(struct compare *c);
/* A row of the table (negative: none), or a tree's, was pointed at. */
bool compare_point(struct compare *c, enum compare_pane pane, int row);
/* After limits of the trees were changed: both are laid out anew by the left
 * side's. */
bool compare_limit(struct compare *c, int depth, int children, int least);

/* Does the other side's tree lack this node of `side`, or did it never go
 * there? */
bool compare_alone(const struct compare *c, int side, uint32_t node);

#endif
