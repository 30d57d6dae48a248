/* SPDX-License-Identifier: MIT */
#ifndef TUI_ROW_WRITE_H
#define TUI_ROW_WRITE_H

#include <assert.h>
#include <stddef.h>

#include "tui/row/row.h"

/* How members are read that rows of several kinds have: `text` of a field. */

/* const char *, the spec of a game: its short name. */
void row_write_game(const void *member, struct row_at *at, struct buf *out);
/* const char *, the spec of an agent, fitted to a cell. */
void row_write_agent(const void *member, struct row_at *at, struct buf *out);
/* const char *, a network: shorter. */
void row_write_network(const void *member, struct row_at *at, struct buf *out);
/* int64_t, ms since 1970: the day or the time alone. */
void row_write_day(const void *member, struct row_at *at, struct buf *out);
void row_write_time(const void *member, struct row_at *at, struct buf *out);

/* double[3], an estimate and its interval: "+41 -38", "321 (300 to 345)".  The
 * struct's three members must stand in that order. */
void row_write_interval(const void *member, struct row_at *at, struct buf *out);
void row_write_range(const void *member, struct row_at *at, struct buf *out);
#define ROW_ESTIMATE(type, mean, low, high)                                    \
	static_assert(offsetof(type, low) ==                                   \
				      offsetof(type, mean) + sizeof(double) && \
			      offsetof(type, high) ==                          \
				      offsetof(type, low) + sizeof(double),    \
		      "an estimate's members apart")

#endif
