/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_GRID_H
#define TUI_CMD_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/buf.h"

/*
 * Rows in aligned columns, as commands print them.  Columns are as wide as
 * what is in them; where that is too wide together, the columns that may be
 * cut are, the widest first.
 */
struct grid_column {
	const char *title; /* NULL ends the list */
	bool right;        /* numbers */
	bool cut;          /* may be cut to make room */
};

struct grid {
	const struct grid_column *columns; /* borrowed */
	int column_count;
	char **cells; /* owned; row by row */
	size_t count, cap;
};

void grid_init(struct grid *g, const struct grid_column *columns);
void grid_release(struct grid *g);

/* The next cell, left to right. */
void grid_add(struct grid *g, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* Titles and rows, each line at most `width` characters if that can be. */
void grid_write(const struct grid *g, int width, struct buf *out);

/* Characters that a line of standard output has room for: those of the
 * terminal, 80 where there is none. */
int grid_width(void);

#endif
