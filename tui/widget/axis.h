/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_AXIS_H
#define TUI_WIDGET_AXIS_H

#include <stdbool.h>

/*
 * Axes of a plot: which round numbers stand on it and how they are written.
 * Pure arithmetic, no drawing.
 */
enum axis_kind {
	AXIS_NUMBER,  /* 1, 2 or 5 times a power of ten */
	AXIS_COUNT,   /* the same, whole numbers only: steps, games */
	AXIS_SECONDS, /* durations: 15 s, 5 min, 2 h, 1 d */
	AXIS_LOG, /* powers of ten, with 2 and 5 between when there is room */
};

enum { AXIS_MAX_TICKS = 32, AXIS_LABEL_SIZE = 16 };

struct axis_ticks {
	int count;
	double at[AXIS_MAX_TICKS]; /* ascending, inside [low, high] */
	char label[AXIS_MAX_TICKS][AXIS_LABEL_SIZE];
	int width; /* of the longest label */
};

/* At most `most` (>= 1) ticks, as many as the next round step allows.  An axis
 * of no length (low == high) has the one tick. AXIS_LOG needs low > 0. */
void axis_ticks(enum axis_kind kind, double low, double high, int most,
		struct axis_ticks *out);

/* One figure as a readout writes it: four significant digits, whole counts in
 * full, durations as 1h05m. NaN is "-". */
void axis_format(enum axis_kind kind, double v, char out[AXIS_LABEL_SIZE]);

#endif
