/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_ROUND_TEXT_H
#define TUI_WIDGET_ROUND_TEXT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/session/round.h"

/* How it ended: "● wins", "a draw", "● resigns, ○ wins". */
void round_text(const struct round *r, bool ascii, struct buf *out);

#endif
