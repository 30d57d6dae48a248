/* SPDX-License-Identifier: MIT */
#ifndef TUI_PICTURE_H
#define TUI_PICTURE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "tui/canvas.h"
#include "tui/theme.h"

/*
 * What is on the screen, or a chart of it, outside of the program: the cells as
 * plain text, as text with the escapes that a terminal colours it by (ECMA-48),
 * and as SVG, in which lines, blocks and the dots of curves are drawn, so that
 * they do not hang on a font.
 */
enum picture_format {
	PICTURE_TEXT,
	PICTURE_ANSI,
	PICTURE_SVG,
	PICTURE_CSV, /* of charts */
};

/* "text", "ansi", "svg", "csv". */
const char *picture_word(enum picture_format f);
/* By the ending of a file's name: .ans and .ansi, .svg, .csv; else text. */
enum picture_format picture_format_of(const char *path);

/* The whole canvas; `f` is no CSV.  THEME_MONO is black on white in SVG, for
 * paper; the others are on black, as most terminals are. */
void picture_put(const struct canvas *c, enum picture_format f,
		 enum theme_kind theme, struct buf *out);

/* Write a file, in place of one of that name; "-" is standard output. */
ATTR_NODISCARD enum err_code
picture_write(const char *path, const struct buf *text, struct err *e);

#endif
