/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_PROGRESS_H
#define TUI_CMD_PROGRESS_H

/*
 * The live line of cmd_progress() (cmd.h), with a clock of its own: a command
 * that says nothing for two seconds has a line that says how long it has been
 * at work. All of it is for a terminal at standard error, and nothing in a
 * pipe.
 */

/* The command `name` begins; and ends, or has output of its own to write. */
void progress_begin(const char *name);
void progress_pause(void);
void progress_stop(void);

#endif
