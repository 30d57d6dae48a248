/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/canvas.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/utf8.h"

void canvas_init(struct canvas *c, int rows, int cols)
{
	memset(c, 0, sizeof(*c));
	canvas_resize(c, rows, cols);
}

void canvas_release(struct canvas *c)
{
	free(c->cells);
	memset(c, 0, sizeof(*c));
}

void canvas_resize(struct canvas *c, int rows, int cols)
{
	assert(rows >= 0 && cols >= 0);
	free(c->cells);
	c->cells =
		mem_zalloc((size_t)rows * (size_t)cols + 1, sizeof(*c->cells));
	c->rows = c->height = rows;
	c->cols = c->width = cols;
	c->top = c->left = 0;
	c->cursor_row = c->cursor_col = -1;
	c->parked = NULL;
}

void canvas_clear(struct canvas *c)
{
	for (int row = 0; row < c->height; row++)
		for (int col = 0; col < c->width; col++)
			canvas_glyph(c, row, col, STYLE_NORMAL, 0);
	canvas_cursor(c, -1, -1);
}

static int clamp(int v, int low, int high)
{
	return v < low ? low : v > high ? high : v;
}

struct canvas canvas_pane(struct canvas *c, int row, int col, int height,
			  int width)
{
	struct canvas p = *c;
	int bottom = clamp(row + height, 0, c->height);
	int right = clamp(col + width, 0, c->width);

	row = clamp(row, 0, c->height);
	col = clamp(col, 0, c->width);
	p.top = c->top + row;
	p.left = c->left + col;
	p.height = bottom > row ? bottom - row : 0;
	p.width = right > col ? right - col : 0;
	p.parked = c->parked ? c->parked : c;
	return p;
}

static struct cell *cell_at(struct canvas *c, int row, int col)
{
	if (row < 0 || row >= c->height || col < 0 || col >= c->width)
		return NULL;
	return &c->cells[(size_t)(c->top + row) * (size_t)c->cols +
			 (size_t)(c->left + col)];
}

void canvas_glyph(struct canvas *c, int row, int col, enum style st,
		  uint32_t glyph)
{
	struct cell *cell = cell_at(c, row, col);

	if (!cell)
		return;
	if (c->ascii && glyph >= 0x80)
		glyph = (unsigned char)utf8_ascii(glyph);
	cell->glyph = glyph == ' ' ? 0 : glyph;
	cell->style = (uint8_t)st;
}

void canvas_glyph_or(struct canvas *c, int row, int col, enum style st,
		     uint32_t glyph, char ascii)
{
	canvas_glyph(c, row, col, st, c->ascii ? (unsigned char)ascii : glyph);
}

int canvas_text(struct canvas *c, int row, int col, enum style st,
		const char *text)
{
	uint32_t code;

	while ((code = utf8_next(&text)))
		canvas_glyph(c, row, col++, st, code);
	return col;
}

int canvas_printf(struct canvas *c, int row, int col, enum style st,
		  const char *fmt, ...)
{
	char text[1024]; /* wider than any terminal row that is read */
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return canvas_text(c, row, col, st, text);
}

int canvas_width(const char *text)
{
	int width = 0;

	while (utf8_next(&text))
		width++;
	return width;
}

void canvas_right(struct canvas *c, int row, int col, enum style st,
		  const char *text)
{
	canvas_text(c, row, col - canvas_width(text), st, text);
}

void canvas_field(struct canvas *c, int row, int col, int width, enum style st,
		  const char *text)
{
	int total = canvas_width(text);
	int shown = total > width ? width - 1 : total;
	int i = 0;

	for (; i < shown; i++)
		canvas_glyph(c, row, col + i, st, utf8_next(&text));
	if (total > width && width > 0)
		canvas_glyph(c, row, col + i++, st, 0x2026);
	for (; i < width; i++)
		canvas_glyph(c, row, col + i, st, 0);
}

/* Bytes of `text` that one row takes: to the last blank that fits, and of a
 * word that is longer than a row what fits. */
static size_t row_bytes(const char *text, int width)
{
	const char *at = text, *blank = NULL;

	for (int col = 0; *at && *at != '\n'; col++) {
		const char *here = at;

		if (*at == ' ' || *at == '\t')
			blank = at;
		if (!utf8_next(&at))
			break;
		if (col == width)
			return (size_t)((blank ? blank : here) - text);
	}
	return (size_t)(at - text);
}

int canvas_wrap(struct canvas *c, int width, enum style st, const char *text)
{
	int rows = 0;

	for (; *text && width > 0; rows++) {
		const char *end = text + row_bytes(text, width);
		int col = 0;

		while (text < end) {
			uint32_t glyph = utf8_next(&text);

			if (c && rows < c->height)
				canvas_glyph(c, rows, col++, st, glyph);
		}
		text = end + (*end == ' ' || *end == '\t' || *end == '\n');
		if (c && *text && rows == c->height - 1)
			canvas_glyph(c, rows, col < width ? col : width - 1, st,
				     0x2026);
	}
	return rows;
}

void canvas_fill(struct canvas *c, int row, int col, int height, int width,
		 enum style st, uint32_t glyph)
{
	for (int i = 0; i < height; i++)
		for (int k = 0; k < width; k++)
			canvas_glyph(c, row + i, col + k, st, glyph);
}

void canvas_style(struct canvas *c, int row, int col, int width, enum style st)
{
	for (int i = 0; i < width; i++) {
		struct cell *cell = cell_at(c, row, col + i);

		if (cell)
			cell->style = (uint8_t)st;
	}
}

struct canvas canvas_box(struct canvas *c, int row, int col, int height,
			 int width, const char *title)
{
	int bottom = row + height - 1, right = col + width - 1;

	if (height < 2 || width < 2)
		return canvas_pane(c, row, col, 0, 0);
	canvas_fill(c, row, col + 1, 1, width - 2, STYLE_BORDER, 0x2500);
	canvas_fill(c, bottom, col + 1, 1, width - 2, STYLE_BORDER, 0x2500);
	canvas_fill(c, row + 1, col, height - 2, 1, STYLE_BORDER, 0x2502);
	canvas_fill(c, row + 1, right, height - 2, 1, STYLE_BORDER, 0x2502);
	canvas_glyph(c, row, col, STYLE_BORDER, 0x250C);
	canvas_glyph(c, row, right, STYLE_BORDER, 0x2510);
	canvas_glyph(c, bottom, col, STYLE_BORDER, 0x2514);
	canvas_glyph(c, bottom, right, STYLE_BORDER, 0x2518);
	if (title && *title && width > 6) {
		int want = canvas_width(title), room = width - 6;
		int shown = want < room ? want : room;

		canvas_glyph(c, row, col + 2, STYLE_BORDER, 0);
		canvas_field(c, row, col + 3, shown, STYLE_TITLE, title);
		canvas_glyph(c, row, col + 3 + shown, STYLE_BORDER, 0);
	}
	return canvas_pane(c, row + 1, col + 1, height - 2, width - 2);
}

void canvas_cursor(struct canvas *c, int row, int col)
{
	struct canvas *whole = c->parked ? c->parked : c;
	bool inside = row >= 0 && row < c->height && col >= 0 && col < c->width;

	whole->cursor_row = inside ? c->top + row : -1;
	whole->cursor_col = inside ? c->left + col : -1;
}

static void dump_row(const struct canvas *c, int row, bool styles,
		     struct buf *out)
{
	/* in the order of enum style */
	static const char letter[] = " dbtelvSMgrwkxo#01234567"
				     "ABCDEFGHIJKLNOPQRTUV";
	const struct cell *line = &c->cells[(size_t)row * (size_t)c->cols];
	int text_end = 0, style_end = 0;

	static_assert(sizeof(letter) - 1 == STYLE_COUNT, "a letter a style");
	for (int col = 0; col < c->cols; col++) {
		if (line[col].glyph)
			text_end = col + 1;
		if (line[col].style != STYLE_NORMAL)
			style_end = col + 1;
	}
	if (styles)
		buf_putc(out, '|');
	for (int col = 0; col < text_end; col++) {
		uint32_t code = line[col].glyph ? line[col].glyph : ' ';
		char utf8[4];

		buf_add(out, utf8, utf8_put(utf8, code));
	}
	buf_putc(out, '\n');
	if (!styles || !style_end)
		return;
	buf_putc(out, ':');
	for (int col = 0; col < style_end; col++)
		buf_putc(out, letter[line[col].style]);
	buf_putc(out, '\n');
}

void canvas_dump(const struct canvas *c, bool styles, struct buf *out)
{
	for (int row = 0; row < c->rows; row++)
		dump_row(c, row, styles, out);
}
