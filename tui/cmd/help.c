/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>

#include "tui/cmd/cmd.h"
#include "tui/cmd/table.h"

static int run(const struct cmd_line *line)
{
	if (line->argc) {
		char name[64], flag[] = "--help";
		char *argv[] = {name, flag, NULL};

		snprintf(name, sizeof(name), "%s", line->argv[0]);
		return cmd_main(2, argv, line->lab_path);
	}
	cmd_print_usage(false);
	return 0;
}

const struct cmd cmd_help = {
	.name = "help",
	.synopsis = "[COMMAND]",
	.summary = "list the commands, or explain one",
	.max_args = 1,
	.run = run,
};
