/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/copies.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"

static int run(const struct cmd_line *line)
{
	struct err e = ERR_INIT;
	struct store *s;
	int status = rows_open(line, &s);
	struct buf out;

	if (status)
		return status;
	if (copies_backup(s, line->argv[0], &e)) {
		status = cmd_fail(line, &e);
	} else {
		buf_init(&out);
		buf_printf(&out, "%s is in %s, whole and verified\n",
			   line->lab_path, line->argv[0]);
		status = cmd_finish(line, &out);
	}
	store_close(s);
	return status;
}

static const struct cmd_option options[] = {CMD_END};

const struct cmd cmd_backup = {
	.name = "backup",
	.synopsis = "FILE",
	.summary = "write a verified copy of the lab to a file",
	.details = "Also while runs write to it.  FILE appears whole or not "
		   "at all.",
	.options = options,
	.min_args = 1,
	.max_args = 1,
	.lab = true,
	.run = run,
};
