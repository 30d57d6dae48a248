/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMDLINE_H
#define TUI_CMDLINE_H

#include "tui/keys.h"
#include "tui/screen.h"

/*
 * The words of the ':' line: what it may start with, completion by Tab, and
 * what was typed before.
 */

/* What a word means: a binding of the screen, one of all screens, or a screen;
 * exactly, or as the only beginning that fits. */
struct cmdline_word {
	struct key_found key;        /* else: */
	const struct screen *screen; /* to open; neither: unknown */
	bool ambiguous;
};

/* `has_arg`: something follows, so it can only be a screen, or a binding that
 * takes something. */
struct cmdline_word cmdline_find(const struct screen *current, const char *word,
				 bool has_arg);

/* The `turn`-th word (0, 1, ..., round and round) that starts with `stem`;
 * NULL if none does. */
const char *cmdline_complete(const struct screen *current, const char *stem,
			     int turn);

enum { CMDLINE_HISTORY = 50 };

struct cmdline_history {
	char *lines[CMDLINE_HISTORY]; /* owned; the newest last */
	int count;
	char *path; /* owned: the file that keeps them; NULL: none does */
};

/* Where a person's commands are kept: $XDG_STATE_HOME/plyscope/history, else
 * under ~/.local/state; NULL without a home.  The caller frees. */
char *cmdline_history_path(void);
/* Read what a file keeps, and keep there what follows; it and its folder are
 * made with the first line.  A file that cannot be read or written is no reason
 * to say anything: then this sitting alone remembers. */
void cmdline_history_open(struct cmdline_history *h, const char *path);

void cmdline_remember(struct cmdline_history *h, const char *line);
void cmdline_release(struct cmdline_history *h);

#endif
