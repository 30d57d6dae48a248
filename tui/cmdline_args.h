/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMDLINE_ARGS_H
#define TUI_CMDLINE_ARGS_H

struct store; /* store/store.h */

/*
 * Tab after the first word of the ':' line.  What may stand there is a screen's
 * `takes`: kinds of words, and settings that end in '=', whose values are a
 * kind again.
 *
 *	run         runs of the lab
 *	checkpoint  RUN/STEP
 *	agent       agents without a network, and of each run policy:RUN/latest
 *	            and mcts:RUN/latest
 *	game        games by their short names
 *	study       studies that were planned
 */

/* `line` with its last word completed in the `turn`-th way (0, 1, ..., round
 * and round); the caller frees.  NULL: nothing fits.  `s` may be NULL: no lab.
 */
char *cmdline_args_complete(const char *takes, struct store *s,
			    const char *line, int turn);

#endif
