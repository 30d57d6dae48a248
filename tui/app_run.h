/* SPDX-License-Identifier: MIT */
#ifndef TUI_APP_RUN_H
#define TUI_APP_RUN_H

#include <stdbool.h>

#include "tui/app.h"

/*
 * The other side of tui/app.h: what drives an app.  Nothing here knows of a
 * terminal, so the loop at a terminal (tui/loop.h), a script (tui/script.h) and
 * a test drive it the same way.  One thread, but for app_wake().
 */
enum app_request {
	APP_GO_ON,
	APP_QUIT,
	APP_SUSPEND, /* go to the shell and come back */
	APP_REPAINT, /* what is on the terminal cannot be trusted */
};

/* `lab` is borrowed and must outlive the app. */
struct app *app_new(struct lab *lab);
void app_free(struct app *app);
/* Keep the commands of the ':' line in a file (tui/cmdline.h). */
void app_keep_history(struct app *app, const char *path);

/* Open a screen now; on failure the stack is as before. */
ATTR_NODISCARD enum err_code app_open(struct app *app, const char *name,
				      const char *arg, struct err *e);

enum app_request app_key(struct app *app, int key); /* of tui/keys.h */
/* A character out of pasted text: it is typed, and never a command. */
enum app_request app_paste(struct app *app, int ch);
enum app_request app_paste_end(struct app *app); /* that was all of it */
/* Place on the whole canvas; button as in struct mouse_event. */
enum app_request app_mouse(struct app *app, int row, int col, int button);
/* Collect results of work; about ten times a second while app_ticks(). */
enum app_request app_tick(struct app *app);
/* One line as after ':'. */
enum app_request app_command(struct app *app, const char *line);

bool app_ticks(const struct app *app);
bool app_busy(const struct app *app);  /* work is under way */
bool app_dirty(const struct app *app); /* since the last app_draw() */
/* A field is being edited: the caret should be seen. */
bool app_editing(const struct app *app);
/* Draws into `c`, of whatever size. */
void app_draw(struct app *app, struct canvas *c);

/* The screen as it was drawn last, without message and question, or its chart,
 * appended to `out`.  ERR_USAGE: the screen has no chart now, or a screen was
 * asked for as CSV. */
ATTR_NODISCARD enum err_code app_picture(struct app *app, enum picture_format f,
					 bool chart, struct buf *out,
					 struct err *e);

/* Readable after app_wake(); app_tick() empties it. */
int app_wake_fd(const struct app *app);

#endif
