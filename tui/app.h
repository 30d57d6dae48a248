/* SPDX-License-Identifier: MIT */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>

#include "core/base/err.h"
#include "tui/screen.h"

struct lab;          /* core/lab/lab.h */
struct opinion_book; /* core/session/opinion.h */

/*
 * The running front end: the lab, the stack of screens, the message line.
 * One thread owns it.
 */
struct app {
	struct lab *lab; /* borrowed; NULL in tests that need none */
	struct opinion_book *opinions; /* owned; what agents have said */
	bool ascii;                    /* no character outside ASCII */
	bool no_color;                 /* nor colours, in pictures */
	bool readonly;                 /* screens offer nothing that writes */
	int frame;                     /* frames drawn so far, for tests */
	struct app_stack *stack;       /* owned */
	char message[480];             /* bottom line until the next key */
	char analyst[256]; /* who was last asked to search a position */
	bool message_bad;
};

/* Open the screen `name` on top.  The current screen stays below. On failure
 * the message line shows why and nothing changes. Takes effect after the
 * current handler returns. */
void app_push(struct app *app, const char *name, const char *arg);
/* The same, in place of the current screen. */
void app_replace(struct app *app, const char *name, const char *arg);

/* Show a sentence in the bottom line. */
void app_say(struct app *app, const char *fmt, ...) ATTR_PRINTF(2, 3);
void app_fail(struct app *app, const struct err *e);

/* Ask in the bottom line; the answer comes to `done` (NULL text: given up).  It
 * returns whether it took the text.  If not, it says why in a message, and the
 * question stays open with what was typed. */
void app_ask(struct app *app, const char *question, const char *preset,
	     bool (*done)(void *self, const char *text), void *self);

/* Wake the loop from another thread so that tick() runs at once. */
void app_wake(struct app *app);

#endif
