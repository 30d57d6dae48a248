/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "tui/cmd/cmd.h"
#include "tui/data.h"
#include "tui/tui.h"

/* Options before a command, or of the lab's screens. */
enum option {
	OPT_LAB,
	OPT_ASCII,
	OPT_NO_COLOR,
	OPT_NO_MOUSE,
	OPT_READONLY,
	OPT_SCRIPT,
	OPT_SCREEN,
	OPT_SIZE,
	OPT_LIST_KEYS,
	OPT_VERSION,
	OPT_HELP,
	OPT_COUNT,
};

static const struct cmd_option options[OPT_COUNT + 1] = {
	[OPT_LAB] = {"lab", "FILE",
		     "the lab file (else PLYSCOPE_LAB, then the default)"},
	[OPT_ASCII] = {"ascii", NULL, "no character outside ASCII"},
	[OPT_NO_COLOR] = {"no-color", NULL, "no colours (as NO_COLOR)"},
	[OPT_NO_MOUSE] = {"no-mouse", NULL, "leave the mouse to the terminal"},
	[OPT_READONLY] = {"readonly", NULL, "browse: write nothing"},
	[OPT_SCRIPT] = {"script", "FILE", "run a script of keys; no terminal"},
	[OPT_SCREEN] = {"screen", "NAME",
			"begin there; 'NAME ARG' with its "
			"argument"},
	[OPT_SIZE] = {"size", "RxC", "rows and columns of a script's screen"},
	[OPT_LIST_KEYS] = {"list-keys", NULL, "every key of every screen"},
	[OPT_VERSION] = {"version", NULL, "the version"},
	[OPT_HELP] = {"help", NULL, "this text"},
};

static int find_option(const char *name, size_t len)
{
	for (int i = 0; i < OPT_COUNT; i++)
		if (strlen(options[i].name) == len &&
		    !strncmp(options[i].name, name, len))
			return i;
	return -1;
}

static int unknown_option(const char *arg)
{
	const char *names[OPT_COUNT];
	const char *near;

	for (int i = 0; i < OPT_COUNT; i++)
		names[i] = options[i].name;
	near = conf_nearest(arg + 2, names, OPT_COUNT);
	if (near)
		fprintf(stderr,
			"plyscope: unknown option '%s': did you mean '--%s'?\n",
			arg, near);
	else
		fprintf(stderr,
			"plyscope: unknown option '%s': 'plyscope --help' "
			"lists them\n",
			arg);
	return CMD_USAGE;
}

static void print_help(void)
{
	cmd_print_usage(false);
	puts("\noptions of the lab:");
	cmd_print_options(options);
}

/* "NAME ARG": the screen to begin with. */
static void take_screen(struct tui_options *tui, const char *value)
{
	static char name[64];
	size_t n = strcspn(value, " ");

	snprintf(name, sizeof(name), "%.*s", (int)n, value);
	tui->screen = name;
	tui->arg = value[n] ? value + n + 1 : NULL;
}

/* Returns an exit status, or -1 to go on. */
static int take_option(struct tui_options *tui, enum option o,
		       const char *value)
{
	switch (o) {
	case OPT_LAB:
		tui->lab_path = value;
		break;
	case OPT_ASCII:
		tui->ascii = true;
		break;
	case OPT_NO_COLOR:
		tui->no_color = true;
		break;
	case OPT_NO_MOUSE:
		tui->no_mouse = true;
		break;
	case OPT_READONLY:
		tui->readonly = true;
		break;
	case OPT_SCRIPT:
		tui->script = value;
		break;
	case OPT_SCREEN:
		take_screen(tui, value);
		break;
	case OPT_SIZE:
		if (sscanf(value, "%dx%d", &tui->rows, &tui->cols) != 2 ||
		    tui->rows < 1 || tui->rows > 1000 || tui->cols < 1 ||
		    tui->cols > 1000) {
			fprintf(stderr,
				"plyscope: --size %s: must be rows "
				"and columns, such as 24x80\n",
				value);
			return CMD_USAGE;
		}
		break;
	case OPT_LIST_KEYS:
		tui_list_keys();
		return 0;
	case OPT_VERSION:
		puts(PACKAGE_STRING);
		return 0;
	case OPT_HELP:
		print_help();
		return 0;
	case OPT_COUNT:
		break;
	}
	return -1;
}

static int open_lab(struct tui_options *tui)
{
	const char *named = getenv("PLYSCOPE_LAB");
	struct err e = ERR_INIT;

	if (!tui->lab_path) {
		tui->lab_path = cmd_default_lab();
		/* The first start of all shows the sample; a lab that somebody
		 * named is theirs, and begins empty. */
		if (!(named && *named) && !tui->readonly &&
		    data_copy_sample(tui->lab_path, &e)) {
			fprintf(stderr, "plyscope: %s\n", e.msg);
			return CMD_FAILED;
		}
	}
	return tui_main(tui);
}

int main(int argc, char **argv)
{
	struct tui_options tui = {0};
	int i = 1;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		const char *name = argv[i] + 2;
		size_t len = strcspn(name, "=");
		const char *value = name[len] ? name + len + 1 : NULL;
		int o = find_option(name, len);
		int status;

		if (o < 0)
			return unknown_option(argv[i]);
		if (!options[o].value && value) {
			fprintf(stderr, "plyscope: --%s takes no value\n",
				options[o].name);
			return CMD_USAGE;
		}
		if (options[o].value && !value && i + 1 < argc)
			value = argv[++i];
		if (options[o].value && !value) {
			fprintf(stderr, "plyscope: --%s needs a value\n",
				options[o].name);
			return CMD_USAGE;
		}
		status = take_option(&tui, (enum option)o, value);
		if (status >= 0)
			return status;
	}
	if (i < argc)
		return cmd_main(argc - i, argv + i, tui.lab_path);
	return open_lab(&tui);
}
