/* SPDX-License-Identifier: MIT */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>

#include "core/base/err.h"
#include "tui/canvas.h"

/*
 * The terminal: canvases go out, keys come in.  Curses stays inside term.c:
 * its header has 241 macros with names such as move, clear and refresh.
 *
 * One thread owns it, and there is one at a time.  SIGWINCH, SIGTSTP and
 * SIGCONT, to whichever thread they come, become events of term_wait(), so that
 * none comes at an awkward moment; a crash gives the terminal back
 * (tui/rescue.h).
 */
struct term_options {
	bool ascii;    /* see term_ascii() */
	bool no_color; /* also when NO_COLOR is set and not empty */
	bool no_mouse;
};

struct term;

/* The library, "ncurses 6.4.20221231"; and how many colours the terminal of
 * TERM has, -1: it is not known.  Neither needs an open one. */
const char *term_library(void);
int term_colors(void);

/* ERR_USAGE: standard input or output is not a terminal.  ERR_IO: TERM is not
 * set, not known, or cannot place text.  The sentence mentions the plain
 * commands. */
ATTR_NODISCARD enum err_code term_open(const struct term_options *opt,
				       struct term **out, struct err *e);
/* The terminal is as it was before; NULL is allowed. */
void term_close(struct term *t);

void term_size(const struct term *t, int *rows, int *cols);
/* Only ASCII can be shown: it was asked for, or the locale is not UTF-8. */
bool term_ascii(const struct term *t);

/* Sends what differs from the last picture.  The hardware cursor parks where
 * the canvas says, and blinks there if `caret`. */
void term_show(struct term *t, const struct canvas *c, bool caret);
void term_repaint(struct term *t); /* the next term_show() sends everything */
/* To the shell, and back when it says so. */
void term_suspend(struct term *t);

enum term_event_kind {
	TERM_NONE, /* nothing more for now */
	TERM_KEY,
	TERM_PASTE,  /* one character of pasted text */
	TERM_PASTED, /* that was all of it */
	TERM_MOUSE,
	TERM_RESIZE,
};

struct term_event {
	enum term_event_kind kind;
	int key; /* of tui/keys.h; a pasted character */
	int row, col, button;
};

/* Never waits. */
void term_event(struct term *t, struct term_event *ev);

enum term_woken {
	TERM_TIMEOUT = 0,
	TERM_INPUT = 1, /* or a signal: look for events */
	TERM_WAKE = 2,  /* `wake_fd` can be read */
	TERM_STOP = 4,  /* somebody sent SIGTSTP: term_suspend() */
	TERM_GONE = 8,  /* the terminal hung up */
};

/* Wait for any of these, `timeout_ms` at most (-1: for ever); OR of enum
 * term_woken. */
int term_wait(struct term *t, int wake_fd, int timeout_ms);

#endif
