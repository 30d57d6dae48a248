/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/data.h"
#include "tui/say.h"
#include "tui/script.h"
#include "tui/tui.h"

/* Before a command, or of the lab's screens. */
struct main_args {
	struct tui_options tui;
	const char *screen, *size;
	bool list_keys, version, help;
};

#define ARGS struct main_args

static const struct cmd_option options[] = {
	CMD_LAB(tui.lab_path),
	CMD_FLAG("ascii", tui.ascii, "no character outside ASCII"),
	CMD_FLAG("no-color", tui.no_color, "no colours (as NO_COLOR)"),
	CMD_FLAG("no-mouse", tui.no_mouse, "leave the mouse to the terminal"),
	CMD_FLAG("readonly", tui.readonly, "browse: write nothing"),
	CMD_STRING("script", "FILE", tui.script, NULL,
		   "run a script of keys; no terminal"),
	CMD_STRING("screen", "NAME", screen, NULL,
		   "begin there; 'NAME ARG' with its argument"),
	CMD_STRING("size", "RxC", size, NULL,
		   "rows and columns of a script's screen"),
	CMD_FLAG("list-keys", list_keys, "every key of every screen"),
	CMD_FLAG("version", version, "the version"),
	CMD_FLAG("help", help, "this text"),
	CMD_END,
};

static int complain(const struct err *e)
{
	say_sentence("%s", e->msg);
	return e->code == ERR_USAGE ? CMD_USAGE : CMD_FAILED;
}

static void print_help(void)
{
	struct buf text;

	cmd_print_usage(false);
	buf_init(&text);
	option_help(options, &text);
	printf("\noptions of the lab:\n%s", text.data);
	buf_release(&text);
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

/* What is asked of the program itself, once it is; false: go on. */
static bool answer(const struct main_args *a)
{
	if (a->list_keys)
		tui_list_keys();
	else if (a->version)
		puts(PACKAGE_STRING);
	else if (a->help)
		print_help();
	return a->list_keys || a->version || a->help;
}

static int open_lab(struct tui_options *tui)
{
	struct err e = ERR_INIT;

	if (!tui->lab_path) {
		tui->lab_path = cmd_default_lab();
		if (!tui->readonly && cmd_first_lab(tui->lab_path, &e)) {
			say_sentence("%s", e.msg);
			return CMD_FAILED;
		}
	}
	return tui_main(tui);
}

int main(int argc, char **argv)
{
	struct main_args args = {.help = false};
	struct err e = ERR_INIT;
	int i = 1;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		const char *value;
		const struct cmd_option *o =
			option_take(options, NULL, argv, &i, &value,
				    "'plyscope --help' lists them", &e);

		if (!o || option_set(o, &args, value, &e))
			return complain(&e);
		if (answer(&args))
			return 0;
		if (args.size &&
		    script_size(args.size, &args.tui.rows, &args.tui.cols, &e))
			return complain(&e);
	}
	if (i < argc)
		return cmd_main(argc - i, argv + i, args.tui.lab_path);
	if (args.screen)
		take_screen(&args.tui, args.screen);
	return open_lab(&args.tui);
}
