/* SPDX-License-Identifier: MIT */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include <stdint.h>

#include "tui/canvas.h"

/* How each style looks.  Colours are numbers of the terminal's palette, -1 for
 * its own; series and players take the palette of Okabe and Ito (2008), which
 * people with any kind of colour blindness can tell apart. */
enum theme_attr {
	THEME_BOLD = 1,
	THEME_DIM = 2,
	THEME_REVERSE = 4,
	THEME_UNDERLINE = 8,
};

struct theme_look {
	int16_t fg, bg;
	uint8_t attrs; /* enum theme_attr */
};

enum theme_kind { THEME_MONO, THEME_8, THEME_256 };

/* By enum style; [STYLE_COUNT]. */
const struct theme_look *theme_looks(enum theme_kind kind);

#endif
