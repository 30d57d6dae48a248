/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_SCREENS_H
#define TUI_SCREEN_SCREENS_H

#include "tui/screen.h"

/* One line a screen here and in table.c; each is a file of this folder. */
extern const struct screen screen_help;

#endif
