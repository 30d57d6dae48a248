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

#include "core/base/conf.h"
#include "tui/cmd/table.h"

static const struct cmd_option common_options[] = {
	{"lab", "FILE", "the lab file (else PLYSCOPE_LAB, then the default)"},
	{"help", NULL, "this text"},
	{NULL, NULL, NULL},
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

static int option_number(const struct cmd *cmd, const char *name, size_t len)
{
	for (int i = 0; cmd->options && cmd->options[i].name; i++)
		if (strlen(cmd->options[i].name) == len &&
		    !strncmp(cmd->options[i].name, name, len))
			return i;
	return -1;
}

const char *cmd_value(const struct cmd_line *line, const char *option)
{
	int i = option_number(line->cmd, option, strlen(option));

	assert(i >= 0);
	return line->values[i];
}

bool cmd_flag(const struct cmd_line *line, const char *option)
{
	return cmd_value(line, option) != NULL;
}

int cmd_int(const struct cmd_line *line, const char *option, int64_t min,
	    int64_t max, int64_t fallback, int64_t *out)
{
	const char *text = cmd_value(line, option);
	char *end;

	*out = fallback;
	if (!text)
		return 0;
	errno = 0;
	*out = strtoll(text, &end, 10);
	if (end == text || *end || errno || *out < min || *out > max)
		return cmd_complain(line, CMD_USAGE,
				    "--%s %s: must be a whole number from "
				    "%lld to %lld",
				    option, text, (long long)min,
				    (long long)max);
	return 0;
}

int cmd_complain(const struct cmd_line *line, int status, const char *fmt, ...)
{
	va_list ap;

	cmd_progress_end();
	fprintf(stderr, "plyscope %s: ", line->cmd->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return status;
}

int cmd_fail(const struct cmd_line *line, const struct err *e)
{
	return cmd_complain(line, e->code == ERR_USAGE ? CMD_USAGE : CMD_FAILED,
			    "%s", e->msg);
}

int cmd_finish(const struct cmd_line *line, struct buf *out)
{
	size_t n = fwrite(out->data, 1, out->len, stdout);
	bool bad = n != out->len || fflush(stdout) || ferror(stdout);

	buf_release(out);
	if (bad)
		return cmd_complain(line, CMD_FAILED, "cannot write output: %s",
				    strerror(errno));
	return 0;
}

static bool progress_shown;

void cmd_progress(const char *fmt, ...)
{
	va_list ap;

	if (!isatty(STDERR_FILENO))
		return;
	fputs("\r\033[K", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fflush(stderr);
	progress_shown = true;
}

void cmd_progress_end(void)
{
	if (progress_shown)
		fputc('\n', stderr);
	progress_shown = false;
}

void cmd_print_options(const struct cmd_option *o)
{
	for (; o && o->name; o++) {
		char left[40];

		snprintf(left, sizeof(left), "--%s%s%s", o->name,
			 o->value ? " " : "", o->value ? o->value : "");
		printf("  %-22s %s\n", left, o->help);
	}
}

static void print_help(const struct cmd *cmd)
{
	printf("usage: plyscope %s %s\n\n%s\n", cmd->name, cmd->synopsis,
	       cmd->summary);
	if (cmd->details)
		printf("\n%s\n", cmd->details);
	printf("\noptions:\n");
	cmd_print_options(cmd->options);
	cmd_print_options(common_options);
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
	fprintf(stderr, "plyscope: unknown command '%s'", name);
	if (near)
		fprintf(stderr, ": did you mean '%s'?\n", near);
	else
		fprintf(stderr, ": 'plyscope help' lists them\n");
	return CMD_USAGE;
}

static int unknown_option(struct cmd_line *line, const char *arg)
{
	const char *names[40];
	char name[64];
	const char *near;
	size_t n = 0;

	for (int i = 0; line->cmd->options && line->cmd->options[i].name; i++)
		names[n++] = line->cmd->options[i].name;
	for (int i = 0; common_options[i].name; i++)
		names[n++] = common_options[i].name;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(arg, "="), arg);
	near = conf_nearest(name, names, n);
	if (near)
		return cmd_complain(line, CMD_USAGE,
				    "unknown option '--%s': did you mean "
				    "'--%s'?",
				    name, near);
	return cmd_complain(line, CMD_USAGE,
			    "unknown option '--%s': see 'plyscope %s --help'",
			    name, line->cmd->name);
}

/* One argument that begins with "--"; *i moves on when the value is the next.
 */
static int take_option(struct cmd_line *line, int argc, char **argv, int *i)
{
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	int number = option_number(line->cmd, name, len);
	bool lab = len == 3 && !strncmp(name, "lab", 3);

	if (number < 0 && !lab)
		return unknown_option(line, name);
	if (!lab && !line->cmd->options[number].value) {
		if (value)
			return cmd_complain(line, CMD_USAGE,
					    "--%.*s takes no value", (int)len,
					    name);
		line->values[number] = "";
		return 0;
	}
	if (!value) {
		if (*i + 1 >= argc)
			return cmd_complain(line, CMD_USAGE,
					    "--%.*s needs a value", (int)len,
					    name);
		value = argv[++*i];
	}
	if (lab)
		line->lab_path = value;
	else
		line->values[number] = value;
	return 0;
}

int cmd_main(int argc, char **argv, const char *lab_path)
{
	struct cmd_line line = {.lab_path = lab_path};
	bool only_args = false;
	int status = 0;

	line.cmd = find_command(argv[0]);
	if (!line.cmd)
		return unknown_command(argv[0]);
	line.argv = calloc((size_t)argc + 1, sizeof(*line.argv));
	if (!line.argv)
		return cmd_complain(&line, CMD_FAILED, "out of memory");
	for (int i = 1; i < argc && !status; i++) {
		if (!only_args && !strcmp(argv[i], "--"))
			only_args = true;
		else if (!only_args && (!strcmp(argv[i], "--help") ||
					!strcmp(argv[i], "-h"))) {
			print_help(line.cmd);
			free(line.argv);
			return 0;
		} else if (!only_args && !strncmp(argv[i], "--", 2))
			status = take_option(&line, argc, argv, &i);
		else
			line.argv[line.argc++] = argv[i];
	}
	if (!line.lab_path)
		line.lab_path = cmd_default_lab();
	if (!status &&
	    (line.argc < line.cmd->min_args ||
	     (line.cmd->max_args >= 0 && line.argc > line.cmd->max_args)))
		status = cmd_complain(&line, CMD_USAGE, "usage: plyscope %s %s",
				      line.cmd->name, line.cmd->synopsis);
	if (!status)
		status = line.cmd->run(&line);
	cmd_progress_end();
	free(line.argv);
	return status;
}
