/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_TREND_H
#define TUI_CMD_TREND_H

/*
 * Probabilities over a training in a short word: a digit for every part of it,
 * in tenths, rounded down; '?' where one is not known.  Screens draw bars
 * instead; a table that may go through a pipe has digits.
 */
enum { TREND = 24 };

/* Of `at(ctx, i)`, i = 0 .. count - 1; at most TREND digits. */
void trend_write(int count, double (*at)(const void *ctx, int i),
		 const void *ctx, char out[TREND + 1]);

#endif
