/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/grid.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tui/utf8.h"

enum { GAP = 2, MOST_COLUMNS = 16, LEAST_WIDTH = 6 };

void grid_init(struct grid *g, const struct grid_column *columns)
{
	*g = (struct grid){.columns = columns};
	while (columns[g->column_count].title)
		g->column_count++;
	assert(g->column_count <= MOST_COLUMNS);
}

void grid_release(struct grid *g)
{
	for (size_t i = 0; i < g->count; i++)
		free(g->cells[i]);
	free(g->cells);
	*g = (struct grid){0};
}

void grid_add(struct grid *g, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	if (g->count == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 64;
		g->cells = mem_realloc(g->cells, g->cap * sizeof(*g->cells));
	}
	g->cells[g->count++] = text;
}

static int width_of(const char *text)
{
	int n = 0;

	while (utf8_next(&text))
		n++;
	return n;
}

/* Takes room from the widest column that may be cut until all fit. */
static void narrow(const struct grid *g, int *widths, int room)
{
	int sum = GAP * (g->column_count - 1);

	for (int c = 0; c < g->column_count; c++)
		sum += widths[c];
	while (sum > room) {
		int widest = -1;

		for (int c = 0; c < g->column_count; c++)
			if (g->columns[c].cut && widths[c] > LEAST_WIDTH &&
			    (widest < 0 || widths[c] > widths[widest]))
				widest = c;
		if (widest < 0)
			return;
		widths[widest]--;
		sum--;
	}
}

/* Control characters in names from elsewhere must not reach a terminal. */
static void write_cell(const char *text, int width, bool right, bool last,
		       struct buf *out)
{
	int have = width_of(text), show = have > width ? width - 3 : have;
	int pad = have < width ? width - have : 0;

	if (right)
		buf_printf(out, "%*s", pad, "");
	for (int i = 0; i < show; i++) {
		char bytes[4];

		buf_add(out, bytes, utf8_put(bytes, utf8_next(&text)));
	}
	if (have > width)
		buf_puts(out, "...");
	if (!right && !last)
		buf_printf(out, "%*s", pad, "");
	if (!last)
		buf_printf(out, "%*s", GAP, "");
}

void grid_write(const struct grid *g, int width, struct buf *out)
{
	int widths[MOST_COLUMNS];
	int n = g->column_count;

	assert(g->count % (size_t)n == 0);
	for (int c = 0; c < n; c++) {
		widths[c] = width_of(g->columns[c].title);
		for (size_t i = (size_t)c; i < g->count; i += (size_t)n)
			if (width_of(g->cells[i]) > widths[c])
				widths[c] = width_of(g->cells[i]);
	}
	narrow(g, widths, width);
	for (int c = 0; c < n; c++)
		write_cell(g->columns[c].title, widths[c], g->columns[c].right,
			   c == n - 1, out);
	buf_putc(out, '\n');
	for (size_t i = 0; i < g->count; i++) {
		int c = (int)(i % (size_t)n);

		write_cell(g->cells[i], widths[c], g->columns[c].right,
			   c == n - 1, out);
		if (c == n - 1)
			buf_putc(out, '\n');
	}
}

int grid_width(void)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}
