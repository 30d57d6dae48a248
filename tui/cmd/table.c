/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/table.h"

#include <stddef.h>

const struct cmd *const cmd_table[] = {
#define X(name) &cmd_##name,
	CMD_LIST(X)
#undef X
		NULL,
};
