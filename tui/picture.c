/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/picture.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "tui/picture_int.h"
#include "tui/utf8.h"

const char *picture_word(enum picture_format f)
{
	static const char *const words[] = {"text", "ansi", "svg", "csv"};

	return words[f];
}

enum picture_format picture_format_of(const char *path)
{
	static const struct {
		const char *ending;
		enum picture_format format;
	} endings[] = {
		{".ans", PICTURE_ANSI},
		{".ansi", PICTURE_ANSI},
		{".svg", PICTURE_SVG},
		{".csv", PICTURE_CSV},
	};
	size_t len = strlen(path);

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		size_t n = strlen(endings[i].ending);

		if (len > n && !strcmp(path + len - n, endings[i].ending))
			return endings[i].format;
	}
	return PICTURE_TEXT;
}

/* ---- ANSI ---- */

static void select_look(const struct theme_look *look, struct buf *out)
{
	static const struct {
		int attr, code;
	} attrs[] = {
		{THEME_BOLD, 1},
		{THEME_DIM, 2},
		{THEME_UNDERLINE, 4},
		{THEME_REVERSE, 7},
	};

	buf_puts(out, "\033[0");
	for (size_t i = 0; i < ARRAY_LEN(attrs); i++)
		if (look->attrs & attrs[i].attr)
			buf_printf(out, ";%d", attrs[i].code);
	if (look->fg >= 0)
		buf_printf(out, ";38;5;%d", look->fg);
	if (look->bg >= 0)
		buf_printf(out, ";48;5;%d", look->bg);
	buf_putc(out, 'm');
}

static void put_glyph(uint32_t glyph, struct buf *out)
{
	char utf8[4];

	buf_add(out, utf8, (size_t)utf8_put(utf8, glyph ? glyph : ' '));
}

static const struct cell *row_of(const struct canvas *c, int row)
{
	return &c->cells[(size_t)row * (size_t)c->cols];
}

/* A blank shows, if it has a ground or a line. */
static bool is_seen(const struct cell *cell, const struct theme_look *looks)
{
	const struct theme_look *look = &looks[cell->style];

	return cell->glyph || look->bg >= 0 ||
	       look->attrs & (THEME_REVERSE | THEME_UNDERLINE);
}

static int seen_end(const struct canvas *c, int row,
		    const struct theme_look *looks)
{
	int end = c->cols;

	while (end && !is_seen(&row_of(c, row)[end - 1], looks))
		end--;
	return end;
}

static bool same_look(const struct theme_look *a, const struct theme_look *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs;
}

static void put_ansi(const struct canvas *c, const struct theme_look *looks,
		     struct buf *out)
{
	for (int row = 0; row < c->rows; row++) {
		const struct cell *line = row_of(c, row);
		int end = seen_end(c, row, looks), style = STYLE_NORMAL;

		for (int col = 0; col < end; col++) {
			if (!same_look(&looks[line[col].style], &looks[style]))
				select_look(&looks[line[col].style], out);
			style = line[col].style;
			put_glyph(line[col].glyph, out);
		}
		if (!same_look(&looks[style], &looks[STYLE_NORMAL]))
			buf_puts(out, "\033[0m");
		buf_putc(out, '\n');
	}
}

/* ---- all of them ---- */

void picture_put(const struct canvas *c, enum picture_format f,
		 enum theme_kind theme, struct buf *out)
{
	switch (f) {
	case PICTURE_ANSI:
		put_ansi(c, theme_looks(theme), out);
		return;
	case PICTURE_SVG:
		picture_svg(c, theme, out);
		return;
	case PICTURE_TEXT:
		canvas_dump(c, false, out);
		return;
	case PICTURE_CSV:
		break;
	}
	assert(!"a screen is no table");
}

enum err_code picture_write(const char *path, const struct buf *text,
			    struct err *e)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "w") : stdout;
	bool ok;

	if (!f)
		return err_set(e, ERR_IO, "cannot write %s: %s", path,
			       strerror(errno));
	ok = fwrite(text->data, 1, text->len, f) == text->len;
	ok = (f == stdout ? fflush(f) : fclose(f)) == 0 && ok;
	return ok ? ERR_OK
		  : err_set(e, ERR_IO, "cannot write all of %s: %s", path,
			    strerror(errno));
}
