/* SPDX-License-Identifier: MIT */
#ifndef TUI_APP_INT_H
#define TUI_APP_INT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "tui/app.h"
#include "tui/app_run.h"
#include "tui/canvas_map.h"
#include "tui/cmdline.h"
#include "tui/widget/line_edit.h"

/*
 * What the files of the app share: app.c holds the stack of screens, app_ask.c
 * the bottom line while it asks, app_keys.c what a key, a click and a command
 * do, app_save.c what leaves it as a picture.
 */
enum { APP_DEPTH = 32, APP_PENDING = 8 };

struct level {
	const struct screen *screen;
	void *self;              /* owned */
	struct canvas_map *seen; /* owned: where it was drawn last */
};

/* A screen to open once the handler has returned. */
struct pending {
	bool replace;
	char *name, *arg; /* owned */
};

/* A question in the bottom line: the ':' line, or one that a screen asks. */
struct ask {
	bool on, is_command;
	char question[128];
	struct line_edit line;
	bool (*done)(void *self, const char *text);
	void *self;
	int history_at; /* of the ':' line; history.count: a new one */
	int turn;       /* of Tab; -1: not completing */
	char stem[512];
};

struct app_stack {
	struct level levels[APP_DEPTH];
	int depth;
	struct pending pending[APP_PENDING];
	int pending_count;
	struct ask ask;
	struct cmdline_history history;
	struct buf pasted; /* for a screen that takes it whole */
	bool dirty, was_busy, test_mark;
	int wake[2];    /* read end, write end */
	int rows, cols; /* of the last frame; 0: there was none */
};

/* The screen on top; NULL before the first. */
struct level *app_top(const struct app *app);

/* What follows from a handler's result. */
enum app_request app_after(struct app *app, enum screen_action action);

/* Of all screens, with or without the name of a file: app_save.c. */
enum screen_action app_save_screen(void *self, const struct key_press *k);
enum screen_action app_save_chart(void *self, const struct key_press *k);

/* Ask for a command, after ':'. */
void app_ask_command(struct app *app);
/* A key while the bottom line asks.  *command is what was typed after ':' and
 * is to be done now, and freed; else NULL. */
enum app_request app_ask_key(struct app *app, int key, char **command);

#endif
