/* SPDX-License-Identifier: MIT */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/screen.h"

/*
 * What stands around a screen: the title line above, one line below that holds
 * a question, else a message, else the keys.  The screen has the rows between;
 * a message that needs more room, or that stands with a question, covers the
 * last of them.
 */
struct frame {
	const struct screen *screen;
	const void *self;
	const char *crumbs;  /* titles of the screens below, NULL for none */
	const char *mark;    /* at the very end, where drawing ends, or NULL */
	const char *message; /* NULL or "": the keys are shown */
	bool message_bad;
	bool first; /* no screen stands below: to go back is to quit */
	/* a question below the message; NULL for none */
	const char *question;
	const char *answer;
	int caret; /* in columns, of the answer */
};

void frame_draw(const struct frame *f, struct canvas *c);

/* The screen's own part of a terminal of this size. */
struct canvas frame_pane(struct canvas *c);

#endif
