/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_CHARTS_H
#define TUI_SCREEN_CHARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session/overlay.h"
#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/screen.h"

/*
 * The curves of a run page: one small chart per metric, or one large, each with
 * the curves of all runs that were laid over each other.  Reading from the
 * store is the page's business.
 */
struct charts {
	struct overlay figures; /* the page's own run is number 0 */
	bool log;
	bool large;
};

void charts_init(struct charts *c);
void charts_release(struct charts *c);

void charts_draw(const struct charts *c, struct canvas *pane);
/* The chart in front, see struct screen: every run's points, those that are
 * smoothed too. */
bool charts_picture(const struct charts *c, enum picture_format f,
		    struct buf *out);
/* "games, smoothed 0.9, log, 2000 to 4000", for the page's header. */
void charts_describe(const struct charts *c, struct buf *out);

/* For a struct charts. */
extern const struct key_binding charts_keys[];

/* A click on a chart selects it and moves the cursor, a second one on the same
 * point asks to open it; the wheel zooms. */
enum charts_click { CHARTS_NO_CLICK, CHARTS_MOVED, CHARTS_OPENED };
enum charts_click charts_mouse(struct charts *c, const struct mouse_event *m);

#endif
