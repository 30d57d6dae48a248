/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/cmd.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/lab/lab.h"
#include "tui/cmd/progress.h"
#include "tui/cmd/table.h"
#include "tui/data.h"
#include "tui/say.h"

/* Taken where they are met, so nobody reads them into this. */
struct common_args {
	const char *lab;
	bool help;
};

#define ARGS struct common_args

static const struct cmd_option common_options[] = {
	CMD_LAB(lab),
	CMD_FLAG("help", help, "this text"),
	CMD_END,
};

const char *cmd_default_lab(void)
{
	static char path[4096];
	const char *lab = getenv("PLYSCOPE_LAB");
	const char *data = getenv("XDG_DATA_HOME");
	const char *home = getenv("HOME");

	if (lab && *lab)
		return lab;
	/* The base directory specification calls relative paths invalid. */
	if (data && data[0] == '/')
		snprintf(path, sizeof(path), "%s/plyscope/lab.db", data);
	else
		snprintf(path, sizeof(path), "%s/.local/share/plyscope/lab.db",
			 home && *home ? home : "");
	return path;
}

enum err_code cmd_first_lab(const char *path, struct err *e)
{
	const char *named = getenv("PLYSCOPE_LAB");
	enum err_code rc;
	bool made;

	if (named && *named)
		return ERR_OK;
	rc = data_copy_sample(path, &made, e);
	if (!rc && made)
		say_sentence("the lab %s begins as a copy of the sample", path);
	return rc;
}

bool cmd_given(const struct cmd_line *line, const char *option)
{
	const struct cmd_option *o = option_find(line->cmd->options, option);

	assert(o);
	return line->values[o - line->cmd->options] != NULL;
}

int cmd_complain(const struct cmd_line *line, int status, const char *fmt, ...)
{
	va_list ap;

	cmd_progress_end();
	va_start(ap, fmt);
	say_arguments(line->cmd->name, fmt, ap);
	va_end(ap);
	return status;
}

int cmd_fail(const struct cmd_line *line, const struct err *e)
{
	return cmd_complain(line, e->code == ERR_USAGE ? CMD_USAGE : CMD_FAILED,
			    "%s", e->msg);
}

int cmd_finish(const struct cmd_line *line, struct buf *out)
{
	struct buf safe;
	bool bad;

	/* Names and moves may come from anybody's file. */
	buf_init(&safe);
	text_safe(out->data, out->len, &safe);
	buf_release(out);
	progress_pause();
	bad = fwrite(safe.data, 1, safe.len, stdout) != safe.len ||
	      fflush(stdout) || ferror(stdout);
	buf_release(&safe);
	if (bad)
		return cmd_complain(line, CMD_FAILED, "cannot write output: %s",
				    strerror(errno));
	return 0;
}

static void print_help(const struct cmd *cmd)
{
	struct buf options;

	buf_init(&options);
	option_help(cmd->options, &options);
	option_help(common_options, &options);
	printf("usage: plyscope %s %s\n\n%s\n", cmd->name, cmd->synopsis,
	       cmd->summary);
	if (cmd->details)
		printf("\n%s\n", cmd->details);
	printf("\noptions:\n%s", options.data);
	buf_release(&options);
}

void cmd_print_usage(bool to_stderr)
{
	FILE *to = to_stderr ? stderr : stdout;

	fprintf(to, "usage: plyscope [--lab FILE] [options]        "
		    "open the lab\n"
		    "       plyscope COMMAND ... [--lab FILE]      "
		    "run one command\n\ncommands:\n");
	for (const struct cmd *const *c = cmd_table; *c; c++)
		fprintf(to, "  %-10s %s\n", (*c)->name, (*c)->summary);
	fprintf(to, "\n'plyscope COMMAND --help' tells more; "
		    "the manual is plyscope(1).\n");
}

static const struct cmd *find_command(const char *name)
{
	for (const struct cmd *const *c = cmd_table; *c; c++)
		if (!strcmp((*c)->name, name))
			return *c;
	return NULL;
}

static int unknown_command(const char *name)
{
	const char *names[64];
	const char *near;
	size_t n = 0;

	for (const struct cmd *const *c = cmd_table; *c; c++)
		names[n++] = (*c)->name;
	near = conf_nearest(name, names, n);
	if (near)
		say_sentence("unknown command '%s': did you mean '%s'?", name,
			     near);
	else
		say_sentence("unknown command '%s': 'plyscope help' lists them",
			     name);
	return CMD_USAGE;
}

/* One argument that begins with "--"; *i moves on when the value is the next.
 */
static int take_option(struct cmd_line *line, char **argv, int *i)
{
	const struct cmd_option *own = line->cmd->options, *o;
	struct err e = ERR_INIT;
	const char *value;
	char hint[64];

	snprintf(hint, sizeof(hint), "see 'plyscope %s --help'",
		 line->cmd->name);
	o = option_take(own, common_options, argv, i, &value, hint, &e);
	if (!o)
		return cmd_fail(line, &e);
	if (o == &common_options[0])
		line->lab_path = value;
	else
		line->values[o - own] = value;
	return 0;
}

/* The arguments as they were typed, up to --help. */
static int take_all(struct cmd_line *line, int argc, char **argv, bool *help)
{
	bool only_args = false;
	int status = 0;

	for (int i = 1; i < argc && !status && !*help; i++) {
		if (!only_args && !strcmp(argv[i], "--"))
			only_args = true;
		else if (!only_args &&
			 (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")))
			*help = true;
		else if (!only_args && !strncmp(argv[i], "--", 2))
			status = take_option(line, argv, &i);
		else
			line->argv[line->argc++] = argv[i];
	}
	return status;
}

/* Reads what was typed into the command's own struct. */
static int read_args(struct cmd_line *line, void *args)
{
	const struct cmd_option *o = line->cmd->options;
	struct err e = ERR_INIT;

	option_defaults(o, args);
	for (int i = 0; o && o[i].conf.name; i++) {
		const char *typed = line->values[i];

		assert(i < (int)ARRAY_LEN(line->values));
		if (o[i].place && o[i].place <= line->argc)
			typed = line->argv[o[i].place - 1];
		if (typed && option_set(&o[i], args, typed, &e))
			return cmd_fail(line, &e);
	}
	line->args = args;
	return 0;
}

static int obey(struct cmd_line *line, int argc, char **argv)
{
	const struct cmd *cmd = line->cmd;
	bool help = false;
	int status = take_all(line, argc, argv, &help);
	struct err e = ERR_INIT;
	bool named;
	void *args;

	if (help) {
		print_help(cmd);
		return 0;
	}
	if (status)
		return status;
	named = line->lab_path != NULL;
	if (!named)
		line->lab_path = cmd_default_lab();
	if (line->argc < cmd->min_args ||
	    (cmd->max_args >= 0 && line->argc > cmd->max_args))
		return cmd_complain(line, CMD_USAGE, "usage: plyscope %s %s",
				    cmd->name, cmd->synopsis);
	if (!cmd->dialogue)
		progress_begin(cmd->name);
	args = mem_zalloc(1, cmd->args_size + 1);
	status = read_args(line, args);
	if (!status && cmd->lab && !named && cmd_first_lab(line->lab_path, &e))
		status = cmd_fail(line, &e);
	if (!status)
		status = cmd->run(line);
	free(args);
	return status;
}

int cmd_main(int argc, char **argv, const char *lab_path)
{
	struct cmd_line line = {.lab_path = lab_path};
	int status;

	line.cmd = find_command(argv[0]);
	if (!line.cmd)
		return unknown_command(argv[0]);
	line.argv = mem_zalloc((size_t)argc + 1, sizeof(*line.argv));
	status = obey(&line, argc, argv);
	cmd_progress_end();
	progress_stop();
	free(line.argv);
	return status;
}
