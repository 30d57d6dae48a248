/* SPDX-License-Identifier: MIT */
#ifndef TUI_CANVAS_MAP_H
#define TUI_CANVAS_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/canvas.h"

/*
 * Where a screen was drawn.  draw() works from a const state, so nothing there
 * remembers where things came to stand: draw() notes their regions on the
 * canvas.  Whoever draws the frames keeps them, one map a screen, and gives
 * them to the keys and clicks that follow, and to the next frame, in which a
 * list goes on from the row that it showed first.
 */
enum { CANVAS_REGIONS = 128 };

struct canvas_region {
	const void *of; /* whose: an address to be compared, never followed */
	int part;       /* which of its parts; its own numbers */
	int row, col, height, width; /* on the whole canvas */
	int first;  /* number of the row that stands first, for lists */
	bool shown; /* in the last frame; else in an earlier one */
};

struct canvas_map {
	struct canvas_region at[CANVAS_REGIONS];
	int count;
};

/* A new frame begins on `c`, and notes its regions in `m`. */
void canvas_map_begin(struct canvas_map *m, struct canvas *c);

/* Note the whole clip of `c`.  What exceeds CANVAS_REGIONS is left out, and a
 * canvas without a map (canvas.map NULL) notes nothing. */
void canvas_region(const struct canvas *c, const void *of, int part, int first);
/* The `first` of the part when it was drawn before this frame; 0: never. */
int canvas_first(const struct canvas *c, const void *of, int part);

/* The region of a part; NULL if the last frame did not show it, or there is no
 * map (`m` may be NULL). */
const struct canvas_region *canvas_map_find(const struct canvas_map *m,
					    const void *of, int part);
/* Whether a place of the whole canvas lies in a region; `r` may be NULL. */
bool canvas_map_inside(const struct canvas_region *r, int row, int col);

#endif
