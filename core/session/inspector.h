/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_INSPECTOR_H
#define CORE_SESSION_INSPECTOR_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/figures.h"
#include "core/session/move_table.h"
#include "core/session/tree_view.h"

/*
 * One search, replayed: the tree, the moves of the selected node, its board
 * and principal variation, all as they stood after `view.at` simulations.
 * Tree and table share the selected node.
 *
 * It must not move in memory once it has a trace: the tree borrows its view.
 */
enum inspector_pane { PANE_TABLE, PANE_TREE, PANE_BOARD, PANE_COUNT };

enum { INSPECTOR_PV = 64 };

struct inspector {
	const struct game *game; /* borrowed */
	unsigned char *root;     /* owned; the root's state */
	struct trace *trace;     /* owned; NULL: nothing to show yet */
	struct trace_view view;
	struct sim_path path;
	struct tree_view tree;
	struct move_table table;
	uint32_t node;        /* selected */
	unsigned char *state; /* owned; of the selected node */
	uint32_t pv[INSPECTOR_PV];
	char pv_text[INSPECTOR_PV][GAME_TEXT_SIZE];
	int pv_len;
	int pv_step;          /* moves of it played on the board */
	unsigned char *shown; /* owned; the board's position */
	int shown_last;       /* cell of its last move, -1 */
	int shown_from;       /* and the cell that it left, -1 */
	bool flip;            /* the board is seen from the other side */
	enum inspector_pane focus, main; /* main: table or tree */
	bool zoom; /* the pane in focus takes all the room */
	bool live; /* figures of a search that still runs */
	char path_text[160], node_text[160]; /* moves from the root */
};

/* `g` must outlive it; `root` is copied. */
void inspector_init(struct inspector *s, const struct game *g,
		    const void *root);
void inspector_release(struct inspector *s);

/* Takes `trace` over, at its end.  What was selected and unfolded stays where
 * the new trace has it.  ERR_FORMAT if it does not fit the position; it is
 * then freed and nothing changes. */
ATTR_NODISCARD enum err_code inspector_set(struct inspector *s,
					   struct trace *trace, struct err *e);

/* Go to simulation `at`, clamped; false if already there. */
bool inspector_seek(struct inspector *s, long at);

/* Keys, by what they mean in the pane in focus.  Each returns whether
 * anything changed. */
bool inspector_move(struct inspector *s, int rows);
bool inspector_enter(struct inspector *s, bool toggle); /* Enter, Right */
bool inspector_leave(struct inspector *s);              /* Left */
bool inspector_select(struct inspector *s, uint32_t node);
bool inspector_sort(struct inspector *s, int step);
bool inspector_pv_step(struct inspector *s, int step);
bool inspector_focus(struct inspector *s, int step);
bool inspector_follow(struct inspector *s);
/* Cut-offs: add to depth or children; the minimum of visits goes 0 1 2 5 10 20
 * ... */
bool inspector_depth(struct inspector *s, int by);
bool inspector_children(struct inspector *s, int by);
bool inspector_least(struct inspector *s, int steps);
/* A row of the table or the tree was pointed at (negative: none of them), or
 * the board (no row): that pane has the focus, and a row that was selected
 * already is entered. */
bool inspector_point(struct inspector *s, enum inspector_pane pane, int row);

/* Moves from the root to the position on the board, into out[max]; returns
 * how many. */
int inspector_moves(const struct inspector *s, game_move *out, int max);

#endif
