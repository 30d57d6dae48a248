/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_LIVE_H
#define TUI_SCREEN_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/sitting.h"
#include "tui/app.h"

/*
 * State of the `live` screen: a one-player game that runs by the clock.  A
 * person steers, or an agent plays.  live.c holds its life and its commands,
 * live_draw.c how it looks.
 */
enum { LIVE_RATE = 6, LIVE_RATE_MAX = 30 };

struct live {
	struct app *app;        /* borrowed */
	struct sitting sitting; /* one seat, a person's or an agent's */
	int rate;               /* ticks a second */
	bool paused;
	int steps;    /* ticks still to be made though paused */
	double due;   /* clock_seconds() of the next tick */
	char heading; /* where the person goes: u l d r, s: nowhere */
	char wish;    /* where to turn as soon as that is possible */
	bool keep;    /* store an agent's games too */
	int finished; /* games of this sitting */
	int best;     /* their highest score */
	double sum;   /* of their scores */
	bool empty;   /* nothing was opened */
};

/* Who plays. */
const struct seat *live_seat(const struct live *v);

void live_draw(const void *self, struct canvas *c);
void live_status(const void *self, struct buf *out);

#endif
