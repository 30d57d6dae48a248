/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tui/cmd/cmd.h"

int main(int argc, char **argv)
{
	const char *lab_path = NULL;
	int i = 1;

	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--lab") && i + 1 < argc)
			lab_path = argv[++i];
		else if (!strncmp(argv[i], "--lab=", 6))
			lab_path = argv[i] + 6;
		else if (!strcmp(argv[i], "--help")) {
			cmd_print_usage(false);
			return 0;
		} else if (!strcmp(argv[i], "--version")) {
			puts(PACKAGE_STRING);
			return 0;
		} else {
			fprintf(stderr, "plyscope: unknown option '%s': "
					"'plyscope --help' lists them\n",
				argv[i]);
			return CMD_USAGE;
		}
	}
	if (i < argc)
		return cmd_main(argc - i, argv + i, lab_path);
	cmd_print_usage(true);
	return CMD_USAGE;
}
