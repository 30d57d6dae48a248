/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_ROWS_H
#define TUI_CMD_ROWS_H

#include <stdint.h>

#include "store/run.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/grid.h"
#include "tui/row/row.h"

/* Rows of the lab file as commands show them. */

/* The lab for reading, or an exit status after saying why not. */
ATTR_NODISCARD int rows_open(const struct cmd_line *line, struct store **out);
/* Says what went wrong; the exit status. */
int rows_fail(const struct cmd_line *line, const struct store *s);
/* The run with a name, whole; id 0 for NULL. */
ATTR_NODISCARD int rows_run(const struct cmd_line *line, struct store *s,
			    struct store_bag *bag, const char *name,
			    struct store_run *out);
/* A row's number as typed, from 1; a complaint calls it `what`. */
ATTR_NODISCARD int rows_id(const struct cmd_line *line, const char *what,
			   const char *text, int64_t *out);

/* Rows as a table, its columns those of the kind's `list`. */
struct rows_table {
	const struct row_kind *kind;
	struct grid_column columns[ROW_COLUMNS + 1];
	char titles[ROW_COLUMNS][ROW_TITLE_SIZE];
	const struct row_field *fields[ROW_COLUMNS];
	struct grid grid;
};
void rows_table_init(struct rows_table *t, const struct row_kind *kind);
void rows_table_release(struct rows_table *t);
void rows_table_add(struct rows_table *t, const void *row);
/* As wide as standard output. */
void rows_table_write(const struct rows_table *t, struct buf *out);

#endif
