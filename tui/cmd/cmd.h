/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_CMD_H
#define TUI_CMD_CMD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "tui/cmd/option.h"

/*
 * The command line: a constant table of commands, each with its options, from
 * which come parsing, --help, the list of commands and the check that the
 * manual names them all.  A command returns its exit status: 0, CMD_FAILED or
 * CMD_USAGE, and says why in one sentence on stderr.
 */
enum { CMD_FAILED = 1, CMD_USAGE = 2 };

struct cmd_line;

struct cmd {
	const char *name;
	const char *synopsis; /* what follows the name: "GAME --run NAME ..." */
	const char *summary;  /* one line */
	const char *details;  /* (optional) more, for --help */
	const struct cmd_option *options;
	size_t args_size; /* of the struct that the options are read into */
	int min_args, max_args; /* positional arguments; max -1: any number */
	bool lab;               /* it reads or writes the lab file */
	bool dialogue; /* it talks to another program: no progress is shown */
	int (*run)(const struct cmd_line *line);
};

/* All commands, in the order of the manual; ends with NULL. */
extern const struct cmd *const cmd_table[];

/* What was typed, parsed.  Strings are borrowed from argv. */
struct cmd_line {
	const struct cmd *cmd;
	const void *args;     /* the command's struct, read and in range */
	const char *lab_path; /* from --lab, PLYSCOPE_LAB or the default */
	int argc;             /* positional arguments */
	const char **argv;
	const char *values[32]; /* as typed, by option number; flags: "" */
};

/* Was the option typed?  Its name must be in the table. */
bool cmd_given(const struct cmd_line *line, const char *option);

/* "plyscope NAME: sentence" on stderr; returns `status`. */
int cmd_complain(const struct cmd_line *line, int status, const char *fmt, ...)
	ATTR_PRINTF(3, 4);
/* The same from an error; ERR_USAGE becomes CMD_USAGE, all else CMD_FAILED. */
int cmd_fail(const struct cmd_line *line, const struct err *e);

/* Print and check stdout: a full disk or a closed pipe is a failure too.
 * `out` is released. */
int cmd_finish(const struct cmd_line *line, struct buf *out);

/* Run argv[0] = command name.  `lab_path` as given by --lab before the
 * command, or NULL. */
int cmd_main(int argc, char **argv, const char *lab_path);
void cmd_print_usage(bool to_stderr);

/* The lab file to use when none is named: PLYSCOPE_LAB, then
 * $XDG_DATA_HOME/plyscope/lab.db, then ~/.local/share/plyscope/lab.db.
 * Borrowed, valid until the next call. */
const char *cmd_default_lab(void);
/* Whoever comes first, a screen or a command, finds the sample there, and reads
 * so on stderr.  A lab that PLYSCOPE_LAB names is somebody's own and begins
 * empty. */
enum err_code cmd_first_lab(const char *path, struct err *e);

/* A live line on a terminal (stderr), nothing in a pipe: progress of long
 * work.  cmd_progress_end() leaves the last line standing. */
void cmd_progress(const char *fmt, ...) ATTR_PRINTF(1, 2);
/* The same of work whose size is known, with the time that is left. */
void cmd_progress_of(double done, double total, const char *fmt, ...)
	ATTR_PRINTF(3, 4);
void cmd_progress_end(void);

#endif
