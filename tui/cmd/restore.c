/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/copies.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"

static int run(const struct cmd_line *line)
{
	char aside[STORE_MESSAGE_SIZE];
	struct err e = ERR_INIT;
	struct buf out;

	if (copies_restore(line->argv[0], line->lab_path, aside, &e))
		return cmd_fail(line, &e);
	buf_init(&out);
	buf_printf(&out, "%s is the lab of %s\n", line->lab_path,
		   line->argv[0]);
	if (aside[0])
		buf_printf(&out, "what was there is now %s\n", aside);
	return cmd_finish(line, &out);
}

static const struct cmd_option options[] = {CMD_END};

const struct cmd cmd_restore = {
	.name = "restore",
	.synopsis = "FILE",
	.summary = "put a backup in the place of the lab",
	.details = "FILE is verified first.  The lab that was there is kept "
		   "under another name;\nno other process may have it open.",
	.options = options,
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
