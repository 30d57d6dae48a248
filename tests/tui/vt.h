/* SPDX-License-Identifier: MIT */
#ifndef TESTS_TUI_VT_H
#define TESTS_TUI_VT_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

#include <vterm.h>

/*
 * The real program at a terminal that the test owns: a pseudo-terminal whose
 * other end is libvterm.  Everything waits for the eventual screen, never for a
 * time; after VT_PATIENCE_S the running cmocka test fails and the screen is
 * printed.
 */
enum { VT_PATIENCE_S = 30 };

struct vt {
	VTerm *vterm;
	VTermScreen *screen;
	int fd; /* the test's end; -1 after the program went */
	pid_t pid;
	int rows, cols;
	bool alternate, cursor_shown;
	bool high_bytes; /* something outside ASCII came */
	/* asked for by the program; libvterm does not tell */
	bool mouse, bracketed_paste;
	char modes[64]; /* of a "CSI ? ..." on its way */
	int modes_len;
	struct termios before; /* modes of the terminal before the program */
};

struct vt_setup {
	int rows, cols;          /* 0: 24 and 80 */
	const char *term;        /* TERM; NULL: xterm-256color; "": not set */
	const char *locale;      /* LC_ALL; NULL: C.UTF-8 */
	const char *env;         /* one more "NAME=value", or NULL */
	const char *const *args; /* after the program's name; ends with NULL */
};

/* Starts $top_builddir/plyscope. */
void vt_start(struct vt *v, const struct vt_setup *how);
/* Ends the program if it still runs. */
void vt_stop(struct vt *v);

void vt_send(struct vt *v, const char *bytes);
void vt_resize(struct vt *v, int rows, int cols);
/* Does nothing unless the program wants clicks. */
void vt_click(struct vt *v, int row, int col, int button);
void vt_paste(struct vt *v, const char *text);

/* Text of the screen as it is, without waiting; borrowed until the next call.
 */
const char *vt_text(struct vt *v);
VTermScreenCell vt_cell(struct vt *v, int row, int col);
/* Row of the first place of `text`, its column in *col; -1: not shown. */
int vt_find(struct vt *v, const char *text, int *col);

void vt_wait_text(struct vt *v, const char *text);
void vt_wait_gone(struct vt *v, const char *text);
/* Until the mark says that a frame after number `frame` is done and no work is
 * under way; returns that frame's number. */
int vt_wait_frame(struct vt *v, int frame);
/* Until the program ends; its wait status. */
int vt_wait_exit(struct vt *v);
/* Is the terminal as the program found it? */
void vt_assert_restored(struct vt *v);

#endif
