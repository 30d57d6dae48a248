/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include "core/base/err.h"
#include "tui/app_run.h"
#include "tui/canvas.h"

/*
 * The real app on a canvas instead of a terminal, driven by lines of text: for
 * tests, and for people who want a screen in a paper or on a screen reader.
 *
 *	open SCREEN [ARG]       open it on top, as `:SCREEN ARG`
 *	key NAME [NAME ...]     press keys: Down, Ctrl-L, q
 *	type TEXT               press the keys of a text, blanks and all
 *	paste TEXT              the same as pasted: never a command
 *	command LINE            what follows `:`
 *	click ROW COL [BUTTON]  from 0 at the top left; 4 and 5 are the wheel
 *	size ROWS COLS          the terminal is resized
 *	wait idle               until no work is under way, at most a minute
 *	wait text TEXT          until the screen shows it, at most a minute
 *	expect TEXT             the screen must show it now
 *	refuse TEXT             the screen must not show it
 *	save-screen FILE [styles]  by its ending, as tui/picture.h says; `-` is
 *				standard output
 *	save-chart FILE		the chart in front
 *	# ...                   a comment
 *
 * A script ends at its last line, or when the app quits.  ERR_USAGE names the
 * line that is wrong or was not met.
 */
struct script {
	struct app *app;      /* borrowed */
	struct canvas canvas; /* what is on the screen */
	bool quit;
};

void script_init(struct script *s, struct app *app, int rows, int cols);
void script_release(struct script *s);
ATTR_NODISCARD enum err_code script_line(struct script *s, const char *line,
					 struct err *e);
/* `name` for messages, "FILE:LINE: ...". */
ATTR_NODISCARD enum err_code script_run(struct script *s, const char *text,
					const char *name, struct err *e);

/* "24x80" as rows and columns, 1 to 1000. */
ATTR_NODISCARD enum err_code script_size(const char *text, int *rows, int *cols,
					 struct err *e);

#endif
