/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_WORK_H
#define TUI_CMD_WORK_H

#include <stdatomic.h>

#include "core/lab/job.h"
#include "core/lab/lab.h"
#include "tui/cmd/cmd.h"

/* What commands that work for long share. */

/* Ctrl-C and SIGTERM ask the work to end at its next good point; a second one
 * half a second later or more ends the process as usual. */
const atomic_bool *work_interrupt(void);

/* While a pipe, or a person, is waited for, nothing is at stake: the first
 * signal ends the process.  `path` is what is read, NULL: standard input; a
 * file of the disk never keeps anybody waiting. */
void work_wait_for(const char *path);
void work_wait_over(void);

/* Progress of a job as one live line; ctx is not used. */
void work_report(void *ctx, const struct job *job);

/* The command line that started this, for the job row; caller frees. */
char *work_command(const struct cmd_line *line);

/* What `[GAME] [key=value ...] --run NAME | --resume NAME` asks for; borrowed
 * from the line. */
struct work_asked {
	const char *run, *game; /* game NULL: not said */
	const char *const *settings;
	int setting_count;
	bool must_exist; /* --resume */
};

/* `run` and `resume` are those options, NULL where not given.  Returns an exit
 * status; what does not fit has been said. */
ATTR_NODISCARD int work_ask(const struct cmd_line *line, const char *run,
			    const char *resume, struct work_asked *out);

/* Text of the recipe file `name`, NULL if that is: a path, or the name of one
 * that is shipped.  Caller frees.  Returns an exit status. */
ATTR_NODISCARD int work_recipe(const struct cmd_line *line, const char *name,
			       char **text);

/* Path and text of the recipe shipped for a game; both NULL where there is
 * none, or where `game` is NULL or no game.  Caller frees. */
void work_usual_recipe(const char *game, char **path, char **text);

#endif
