/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "store/store.h"

int rows_open(const struct cmd_line *line, struct store **out)
{
	char message[STORE_MESSAGE_SIZE];

	if (store_open(line->lab_path, STORE_ONLY_READ, out, message) ==
	    STORE_OK)
		return 0;
	return cmd_complain(line, CMD_FAILED, "%s", message);
}

int rows_fail(const struct cmd_line *line, const struct store *s)
{
	return cmd_complain(line, CMD_FAILED, "%s", store_message(s));
}

int rows_run(const struct cmd_line *line, struct store *s,
	     struct store_bag *bag, const char *name, struct store_run *out)
{
	*out = (struct store_run){0};
	if (name && store_run_find(s, bag, name, out))
		return rows_fail(line, s);
	return 0;
}

int rows_id(const struct cmd_line *line, const char *what, const char *text,
	    int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(text, &end, 10);
	if (end == text || *end || errno || *out < 1)
		return cmd_complain(line, CMD_USAGE,
				    "'%s' is not the number of a %s: list %ss "
				    "shows them",
				    text, what, what);
	return 0;
}

void rows_table_init(struct rows_table *t, const struct row_kind *kind)
{
	const char *names = kind->list;
	char name[ROW_TITLE_SIZE];
	int n = 0;

	memset(t, 0, sizeof(*t));
	t->kind = kind;
	for (; row_next_name(&names, name); n++) {
		const struct row_field *f = row_find(kind->fields, name);

		assert(f && n < ROW_COLUMNS);
		t->fields[n] = f;
		row_title(f, t->titles[n]);
		t->columns[n] = (struct grid_column){
			.title = t->titles[n],
			.right = row_right(f),
			.cut = f->flags & ROW_CUT,
		};
	}
	grid_init(&t->grid, t->columns);
}

void rows_table_release(struct rows_table *t)
{
	grid_release(&t->grid);
}

void rows_table_add(struct rows_table *t, const void *row)
{
	struct buf text;

	buf_init(&text);
	for (int i = 0; i < t->grid.column_count; i++) {
		const struct row_field *f = t->fields[i];
		struct row_at at = {.width = 0};

		buf_clear(&text);
		if (!row_text(f, row, &at, &text) && !(f->flags & ROW_BLANK))
			buf_putc(&text, '-');
		grid_add(&t->grid, "%s", text.data);
	}
	buf_release(&text);
}

void rows_table_write(const struct rows_table *t, struct buf *out)
{
	grid_write(&t->grid, grid_width(), out);
}
