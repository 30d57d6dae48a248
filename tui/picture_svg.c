/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/svg.h"
#include "tui/canvas.h"
#include "tui/picture_int.h"
#include "tui/theme.h"
#include "tui/utf8.h"

/* A cell in user units, as wide as most monospaced fonts are at this size. */
enum { CELL_W = 9, CELL_H = 18, FONT = 15, BASELINE = 14, MARGIN = 6 };

struct sheet {
	const struct canvas *c;
	const struct theme_look *looks;
	unsigned ink, ground; /* of what has no colour of its own, 0xRRGGBB */
	struct buf *out;
};

/* Of xterm's 256: 16 of its own, a cube of six, a ramp of greys. */
static unsigned palette(int i)
{
	static const unsigned first[] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
		0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
		0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const unsigned level[] = {0, 95, 135, 175, 215, 255};
	unsigned grey = 8 + 10 * (unsigned)(i - 232);

	if (i < 16)
		return first[i];
	if (i >= 232)
		return grey << 16 | grey << 8 | grey;
	i -= 16;
	return level[i / 36] << 16 | level[i / 6 % 6] << 8 | level[i % 6];
}

static unsigned ink_of(const struct sheet *s, const struct theme_look *look)
{
	bool reverse = look->attrs & THEME_REVERSE;
	int own = reverse ? look->bg : look->fg;

	return own >= 0 ? palette(own) : reverse ? s->ground : s->ink;
}

static unsigned ground_of(const struct sheet *s, const struct theme_look *look)
{
	bool reverse = look->attrs & THEME_REVERSE;
	int own = reverse ? look->fg : look->bg;

	return own >= 0 ? palette(own) : reverse ? s->ink : s->ground;
}

/* A class for each style that occurs. */
static void put_classes(const struct sheet *s)
{
	bool used[STYLE_COUNT] = {false};

	for (int i = 0; i < s->c->rows * s->c->cols; i++)
		used[s->c->cells[i].style] = true;
	buf_puts(s->out, "<style>\n");
	for (int i = 0; i < STYLE_COUNT; i++) {
		const struct theme_look *look = &s->looks[i];

		if (!used[i])
			continue;
		buf_printf(s->out, ".s%d{fill:#%06x%s%s%s}\n", i,
			   ink_of(s, look),
			   look->attrs & THEME_BOLD ? ";font-weight:bold" : "",
			   look->attrs & THEME_DIM ? ";fill-opacity:.6" : "",
			   look->attrs & THEME_UNDERLINE
				   ? ";text-decoration:underline"
				   : "");
	}
	buf_puts(s->out, "</style>\n");
}

static int run_end(const struct cell *line, int from, int cols)
{
	int to = from;

	while (to < cols && line[to].style == line[from].style)
		to++;
	return to;
}

static void put_ground(const struct sheet *s, int row, int from, int to)
{
	const struct cell *line = &s->c->cells[row * s->c->cols];
	unsigned ground = ground_of(s, &s->looks[line[from].style]);

	if (ground != s->ground)
		buf_printf(s->out,
			   "<rect x=\"%d\" y=\"%d\" width=\"%d\" "
			   "height=\"%d\" fill=\"#%06x\"/>\n",
			   MARGIN + from * CELL_W, MARGIN + row * CELL_H,
			   (to - from) * CELL_W, CELL_H, ground);
}

/* Glyphs that are drawn; those of one cover make a path. */
static void put_shapes(const struct sheet *s, int row, int from, int to)
{
	const struct cell *line = &s->c->cells[row * s->c->cols];
	float open = 0;

	for (int col = from; col < to; col++) {
		struct picture_box box[PICTURE_BOXES];
		float cover;
		int n = picture_shape(line[col].glyph, box, &cover);

		if (n && (cover < open || cover > open)) {
			buf_puts(s->out, open > 0 ? "\"/>\n" : "");
			buf_printf(s->out, "<path class=\"s%d\"",
				   line[from].style);
			if (cover < 1)
				buf_printf(s->out, " opacity=\"%g\"",
					   (double)cover);
			buf_puts(s->out, " d=\"");
			open = cover;
		}
		for (int i = 0; i < n; i++)
			buf_printf(s->out, "M%.4g %.4gh%.3gv%.3gh-%.3gz",
				   (double)(MARGIN +
					    ((float)col + box[i].x) * CELL_W),
				   (double)(MARGIN +
					    ((float)row + box[i].y) * CELL_H),
				   (double)(box[i].w * CELL_W),
				   (double)(box[i].h * CELL_H),
				   (double)(box[i].w * CELL_W));
	}
	buf_puts(s->out, open > 0 ? "\"/>\n" : "");
}

/* Does a text go on over this cell?  A single blank is inside of one. */
static bool is_text(const struct cell *line, int col, int to)
{
	struct picture_box box[PICTURE_BOXES];
	float cover;

	if (col >= to)
		return false;
	if (!line[col].glyph)
		return col + 1 < to && line[col + 1].glyph &&
		       is_text(line, col + 1, to);
	return !picture_shape(line[col].glyph, box, &cover);
}

/* The length is said, so that a font of another width keeps to the grid. */
static int put_text(const struct sheet *s, int row, int from, int to)
{
	const struct cell *line = &s->c->cells[row * s->c->cols];
	struct buf text;
	int end = from;

	buf_init(&text);
	for (; is_text(line, end, to); end++) {
		uint32_t code = line[end].glyph ? line[end].glyph : ' ';
		char utf8[4];

		buf_add(&text, utf8, (size_t)utf8_put(utf8, code));
	}
	buf_printf(s->out,
		   "<text class=\"s%d\" x=\"%d\" y=\"%d\" textLength=\"%d\">",
		   line[from].style, MARGIN + from * CELL_W,
		   MARGIN + row * CELL_H + BASELINE, (end - from) * CELL_W);
	svg_escape(text.data, text.len, s->out);
	buf_puts(s->out, "</text>\n");
	buf_release(&text);
	return end;
}

static void put_row(const struct sheet *s, int row)
{
	const struct cell *line = &s->c->cells[row * s->c->cols];

	for (int from = 0, to; from < s->c->cols; from = to) {
		to = run_end(line, from, s->c->cols);
		put_ground(s, row, from, to);
		put_shapes(s, row, from, to);
		for (int col = from; col < to;)
			if (line[col].glyph && is_text(line, col, to))
				col = put_text(s, row, col, to);
			else
				col++;
	}
}

void picture_svg(const struct canvas *c, enum theme_kind theme, struct buf *out)
{
	bool paper = theme == THEME_MONO;
	struct sheet s = {
		.c = c,
		.looks = theme_looks(theme),
		.ink = paper ? 0x000000 : 0xd8d8d8,
		.ground = paper ? 0xffffff : 0x101010,
		.out = out,
	};
	int wide = c->cols * CELL_W + 2 * MARGIN;
	int high = c->rows * CELL_H + 2 * MARGIN;

	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		   "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
		   "font-family=\"DejaVu Sans Mono,Menlo,Consolas,monospace\" "
		   "font-size=\"%d\" xml:space=\"preserve\">\n",
		   wide, high, wide, high, FONT);
	put_classes(&s);
	buf_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
		   wide, high, s.ground);
	for (int row = 0; row < c->rows; row++)
		put_row(&s, row);
	buf_puts(out, "</svg>\n");
}
