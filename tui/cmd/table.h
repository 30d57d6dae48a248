/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_TABLE_H
#define TUI_CMD_TABLE_H

#include "tui/cmd/cmd.h"

/* One line per command: CMD_LIST makes the declarations and the table.  Adding
 * a command: a file, a line here, a build line. */
#define CMD_LIST(X)      \
	X(train)         \
	X(imitate)       \
	X(history)       \
	X(serial)        \
	X(match)         \
	X(rate)          \
	X(grade)         \
	X(study)         \
	X(analyze)       \
	X(compare)       \
	X(replay)        \
	X(moments)       \
	X(agree)         \
	X(sweep)         \
	X(blame)         \
	X(list)          \
	X(show)          \
	X(save_screen)   \
	X(import)        \
	X(export)        \
	X(perft)         \
	X(solve)         \
	X(gtp)           \
	X(kata_analysis) \
	X(uci)           \
	X(bench)         \
	X(check)         \
	X(backup)        \
	X(restore)       \
	X(doctor)        \
	X(complete)      \
	X(help)

#define X(name) extern const struct cmd cmd_##name;
CMD_LIST(X)
#undef X

#endif
