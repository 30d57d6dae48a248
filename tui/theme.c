/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/theme.h"

/* Okabe and Ito's eight, as the nearest of xterm's 6x6x6 cube. */
enum {
	ORANGE = 214,     /* #E69F00 */
	SKY = 74,         /* #56B4E9 */
	GREEN = 36,       /* #009E73 */
	YELLOW = 227,     /* #F0E442 */
	BLUE = 32,        /* #0072B2, lighter: it must show on black */
	VERMILLION = 202, /* #D55E00 */
	PURPLE = 175,     /* #CC79A7 */
	GREY = 248,       /* in place of black */
	/* Grounds that both black and white can be read on. */
	BROWN = 137, DARK_BROWN = 94, LEAF = 65, OLIVE = 100,
	INK = 16, CHALK = 231,
};

enum { BLACK_8, RED_8, GREEN_8, YELLOW_8, BLUE_8, MAGENTA_8, CYAN_8, WHITE_8 };

#define OWN (-1)
#define B THEME_BOLD
#define D THEME_DIM
#define R THEME_REVERSE
#define U THEME_UNDERLINE

static const struct theme_look looks_256[STYLE_COUNT] = {
	[STYLE_NORMAL] = { OWN, OWN, 0 },
	[STYLE_DIM] = { 245, OWN, 0 },
	[STYLE_BOLD] = { OWN, OWN, B },
	[STYLE_TITLE] = { SKY, OWN, B },
	[STYLE_BORDER] = { 241, OWN, 0 },
	[STYLE_LABEL] = { 109, OWN, 0 },
	[STYLE_VALUE] = { OWN, OWN, 0 },
	[STYLE_SELECTED] = { 231, 24, B },
	[STYLE_MARKED] = { ORANGE, OWN, B | U },
	[STYLE_GOOD] = { GREEN, OWN, B },
	[STYLE_BAD] = { VERMILLION, OWN, B },
	[STYLE_WARN] = { ORANGE, OWN, 0 },
	[STYLE_KEY] = { SKY, OWN, B },
	[STYLE_PLAYER0] = { ORANGE, OWN, B },
	[STYLE_PLAYER1] = { SKY, OWN, B },
	[STYLE_BOARD] = { 67, OWN, 0 },
	[STYLE_SERIES0] = { ORANGE, OWN, 0 },
	[STYLE_SERIES0 + 1] = { SKY, OWN, 0 },
	[STYLE_SERIES0 + 2] = { GREEN, OWN, 0 },
	[STYLE_SERIES0 + 3] = { YELLOW, OWN, 0 },
	[STYLE_SERIES0 + 4] = { BLUE, OWN, 0 },
	[STYLE_SERIES0 + 5] = { VERMILLION, OWN, 0 },
	[STYLE_SERIES0 + 6] = { PURPLE, OWN, 0 },
	[STYLE_SERIES7] = { GREY, OWN, 0 },
	[STYLE_WOOD] = { 58, BROWN, 0 },
	[STYLE_WOOD + STYLE_ON_PLAYER0] = { INK, BROWN, B },
	[STYLE_WOOD + STYLE_ON_PLAYER1] = { CHALK, BROWN, B },
	[STYLE_WOOD + STYLE_ON_TEXT] = { INK, BROWN, B },
	[STYLE_FELT] = { 22, LEAF, 0 },
	[STYLE_FELT + STYLE_ON_PLAYER0] = { INK, LEAF, B },
	[STYLE_FELT + STYLE_ON_PLAYER1] = { CHALK, LEAF, B },
	[STYLE_FELT + STYLE_ON_TEXT] = { INK, LEAF, B },
	[STYLE_LIGHT] = { BROWN, BROWN, 0 },
	[STYLE_LIGHT + STYLE_ON_PLAYER0] = { CHALK, BROWN, B },
	[STYLE_LIGHT + STYLE_ON_PLAYER1] = { INK, BROWN, B },
	[STYLE_LIGHT + STYLE_ON_TEXT] = { INK, BROWN, B },
	[STYLE_DARK] = { DARK_BROWN, DARK_BROWN, 0 },
	[STYLE_DARK + STYLE_ON_PLAYER0] = { CHALK, DARK_BROWN, B },
	[STYLE_DARK + STYLE_ON_PLAYER1] = { INK, DARK_BROWN, B },
	[STYLE_DARK + STYLE_ON_TEXT] = { YELLOW, DARK_BROWN, B },
	[STYLE_LIT] = { OLIVE, OLIVE, 0 },
	[STYLE_LIT + STYLE_ON_PLAYER0] = { CHALK, OLIVE, B },
	[STYLE_LIT + STYLE_ON_PLAYER1] = { INK, OLIVE, B },
	[STYLE_LIT + STYLE_ON_TEXT] = { YELLOW, OLIVE, B },
};

static const struct theme_look looks_8[STYLE_COUNT] = {
	[STYLE_NORMAL] = { OWN, OWN, 0 },
	[STYLE_DIM] = { OWN, OWN, D },
	[STYLE_BOLD] = { OWN, OWN, B },
	[STYLE_TITLE] = { CYAN_8, OWN, B },
	[STYLE_BORDER] = { OWN, OWN, D },
	[STYLE_LABEL] = { CYAN_8, OWN, 0 },
	[STYLE_VALUE] = { OWN, OWN, 0 },
	[STYLE_SELECTED] = { OWN, OWN, R },
	[STYLE_MARKED] = { YELLOW_8, OWN, B | U },
	[STYLE_GOOD] = { GREEN_8, OWN, B },
	[STYLE_BAD] = { RED_8, OWN, B },
	[STYLE_WARN] = { YELLOW_8, OWN, 0 },
	[STYLE_KEY] = { CYAN_8, OWN, B },
	[STYLE_PLAYER0] = { YELLOW_8, OWN, B },
	[STYLE_PLAYER1] = { CYAN_8, OWN, B },
	[STYLE_BOARD] = { BLUE_8, OWN, B },
	[STYLE_SERIES0] = { YELLOW_8, OWN, 0 },
	[STYLE_SERIES0 + 1] = { CYAN_8, OWN, 0 },
	[STYLE_SERIES0 + 2] = { GREEN_8, OWN, 0 },
	[STYLE_SERIES0 + 3] = { YELLOW_8, OWN, B },
	[STYLE_SERIES0 + 4] = { BLUE_8, OWN, B },
	[STYLE_SERIES0 + 5] = { RED_8, OWN, 0 },
	[STYLE_SERIES0 + 6] = { MAGENTA_8, OWN, 0 },
	[STYLE_SERIES7] = { WHITE_8, OWN, 0 },
	[STYLE_WOOD] = { BLUE_8, OWN, B },
	[STYLE_WOOD + STYLE_ON_PLAYER0] = { YELLOW_8, OWN, B },
	[STYLE_WOOD + STYLE_ON_PLAYER1] = { CYAN_8, OWN, B },
	[STYLE_WOOD + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_FELT] = { BLUE_8, OWN, B },
	[STYLE_FELT + STYLE_ON_PLAYER0] = { YELLOW_8, OWN, B },
	[STYLE_FELT + STYLE_ON_PLAYER1] = { CYAN_8, OWN, B },
	[STYLE_FELT + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_LIGHT] = { OWN, BLUE_8, D },
	[STYLE_LIGHT + STYLE_ON_PLAYER0] = { YELLOW_8, BLUE_8, B },
	[STYLE_LIGHT + STYLE_ON_PLAYER1] = { CYAN_8, BLUE_8, B },
	[STYLE_LIGHT + STYLE_ON_TEXT] = { WHITE_8, BLUE_8, B },
	[STYLE_DARK] = { OWN, OWN, D },
	[STYLE_DARK + STYLE_ON_PLAYER0] = { YELLOW_8, OWN, B },
	[STYLE_DARK + STYLE_ON_PLAYER1] = { CYAN_8, OWN, B },
	[STYLE_DARK + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_LIT] = { OWN, MAGENTA_8, D },
	[STYLE_LIT + STYLE_ON_PLAYER0] = { YELLOW_8, MAGENTA_8, B },
	[STYLE_LIT + STYLE_ON_PLAYER1] = { CYAN_8, MAGENTA_8, B },
	[STYLE_LIT + STYLE_ON_TEXT] = { WHITE_8, MAGENTA_8, B },
};

static const struct theme_look looks_mono[STYLE_COUNT] = {
	[STYLE_NORMAL] = { OWN, OWN, 0 },
	[STYLE_DIM] = { OWN, OWN, D },
	[STYLE_BOLD] = { OWN, OWN, B },
	[STYLE_TITLE] = { OWN, OWN, B },
	[STYLE_BORDER] = { OWN, OWN, D },
	[STYLE_LABEL] = { OWN, OWN, 0 },
	[STYLE_VALUE] = { OWN, OWN, 0 },
	[STYLE_SELECTED] = { OWN, OWN, R },
	[STYLE_MARKED] = { OWN, OWN, B | U },
	[STYLE_GOOD] = { OWN, OWN, B },
	[STYLE_BAD] = { OWN, OWN, B | U },
	[STYLE_WARN] = { OWN, OWN, U },
	[STYLE_KEY] = { OWN, OWN, B },
	[STYLE_PLAYER0] = { OWN, OWN, B },
	[STYLE_PLAYER1] = { OWN, OWN, 0 },
	[STYLE_BOARD] = { OWN, OWN, D },
	[STYLE_SERIES0] = { OWN, OWN, B },
	[STYLE_SERIES0 + 1] = { OWN, OWN, 0 },
	[STYLE_SERIES0 + 2] = { OWN, OWN, 0 },
	[STYLE_SERIES0 + 3] = { OWN, OWN, 0 },
	[STYLE_SERIES0 + 4] = { OWN, OWN, 0 },
	[STYLE_SERIES0 + 5] = { OWN, OWN, 0 },
	[STYLE_SERIES0 + 6] = { OWN, OWN, 0 },
	[STYLE_SERIES7] = { OWN, OWN, 0 },
	[STYLE_WOOD] = { OWN, OWN, D },
	[STYLE_WOOD + STYLE_ON_PLAYER0] = { OWN, OWN, B },
	[STYLE_WOOD + STYLE_ON_PLAYER1] = { OWN, OWN, 0 },
	[STYLE_WOOD + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_FELT] = { OWN, OWN, D },
	[STYLE_FELT + STYLE_ON_PLAYER0] = { OWN, OWN, B },
	[STYLE_FELT + STYLE_ON_PLAYER1] = { OWN, OWN, 0 },
	[STYLE_FELT + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_LIGHT] = { OWN, OWN, D },
	[STYLE_LIGHT + STYLE_ON_PLAYER0] = { OWN, OWN, B },
	[STYLE_LIGHT + STYLE_ON_PLAYER1] = { OWN, OWN, 0 },
	[STYLE_LIGHT + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_DARK] = { OWN, OWN, D },
	[STYLE_DARK + STYLE_ON_PLAYER0] = { OWN, OWN, B },
	[STYLE_DARK + STYLE_ON_PLAYER1] = { OWN, OWN, 0 },
	[STYLE_DARK + STYLE_ON_TEXT] = { OWN, OWN, 0 },
	[STYLE_LIT] = { OWN, OWN, D },
	[STYLE_LIT + STYLE_ON_PLAYER0] = { OWN, OWN, B },
	[STYLE_LIT + STYLE_ON_PLAYER1] = { OWN, OWN, 0 },
	[STYLE_LIT + STYLE_ON_TEXT] = { OWN, OWN, 0 },
};

const struct theme_look *theme_looks(enum theme_kind kind)
{
	switch (kind) {
	case THEME_256:
		return looks_256;
	case THEME_8:
		return looks_8;
	case THEME_MONO:
		break;
	}
	return looks_mono;
}
