/* SPDX-License-Identifier: MIT */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>

/* The front end: one terminal, one lab, until the person quits. */
struct tui_options {
	const char *lab_path;
	bool ascii;    /* also when the locale is not UTF-8 */
	bool no_color; /* also when NO_COLOR is set and not empty */
	bool no_mouse;
	bool readonly;      /* the lab file is opened for reading only */
	const char *script; /* file of tui/script.h, "-": standard input;
			     * NULL: at the terminal */
	const char *screen; /* to begin with; NULL: home */
	const char *arg;    /* its argument; may be NULL */
	int rows, cols;     /* of a script's screen; 0: 24 and 80 */
};

/* Exit status: 0; 1: it failed, and stderr has one sentence; 2: standard input
 * or output is not a terminal. */
int tui_main(const struct tui_options *opt);

/* Every key of every screen, "SCREEN KEYS NAME HELP" separated by tabs, on
 * standard output, "*" for what all screens have: the manual is checked against
 * it. */
void tui_list_keys(void);

#endif
