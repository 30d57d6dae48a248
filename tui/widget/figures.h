/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_FIGURES_H
#define TUI_WIDGET_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/search/trace.h"

/*
 * What the inspector says about one node of a search as it stood after k
 * simulations.  Figures of a move are seen by the player who makes it; those
 * of the root by the player to act there.
 */
struct figures {
	uint32_t visits;
	double share;  /* N%: of the visits of all moves beside it, [0, 1] */
	double prior;  /* P, [0, 1]; NAN for the root */
	double diff;   /* N% - P; NAN while no move beside it was visited */
	double q;      /* [-1, 1]; NAN if unvisited */
	double v;      /* raw V; NAN if not evaluated by then */
	double u;      /* exploration term; NAN for the root */
	double wdl[3]; /* mean; NAN if unvisited */
	enum trace_proof proof; /* for the player who makes the move */
	bool on_path;           /* simulation k went through here */
	int change;             /* of Q by simulation k: -1, 0 or 1 */
};

enum { SIM_PATH_CAP = 1024 };

/* The nodes of the k-th simulation, root first; empty at k = 0. */
struct sim_path {
	uint32_t node[SIM_PATH_CAP];
	int len;
};

void sim_path_of(const struct trace_view *v, struct sim_path *out);
bool sim_path_has(const struct sim_path *p, uint32_t node);

/* Visits of all children of `node`. */
uint64_t figures_total(const struct trace_view *v, uint32_t node);

/* `total` is figures_total() of the parent; 0 for the root. */
void figures_of(const struct trace_view *v, const struct sim_path *path,
		uint32_t node, uint64_t total, struct figures *out);
/* The same as the other of two players sees it. */
void figures_turn(struct figures *f);

/* 'W', 'D', 'L' or ' '. */
char figures_proof_letter(enum trace_proof p);

/* " 12.3", " 0.12", "+0.123" and so on, or "-" for NAN: fixed widths for
 * columns and the text tree alike.  Percentages take shares in [0, 1]. */
void figures_percent(char *out, size_t size, double share);
void figures_signed_percent(char *out, size_t size, double share);
void figures_signed(char *out, size_t size, double value);

/* Moves from the root to `node` are legal from `root`, for every node, so the
 * tree can be walked with the rules: ERR_FORMAT if not.  Linear in nodes. */
ATTR_NODISCARD enum err_code trace_fits(const struct trace *t,
					const struct game *g, const void *root,
					struct err *e);

/* The position of `node`: `root` is the root's, out[state_size]. */
void trace_state(const struct trace *t, const struct game *g, const void *root,
		 uint32_t node, void *out);

#endif
