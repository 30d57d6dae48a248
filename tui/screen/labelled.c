/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/labelled.h"

#include "tui/canvas.h"

int labelled_draw(struct canvas *c, int row, const char *label, enum style st,
		  const char *text)
{
	enum { GAP = 11 };
	struct canvas pane =
		canvas_pane(c, row, GAP, c->height - row, c->width - GAP);
	int rows;

	if (!text || !*text)
		return 0;
	canvas_text(c, row, 1, STYLE_LABEL, label);
	rows = canvas_wrap(NULL, pane.width, st, text);
	canvas_wrap(&pane, pane.width, st, text);
	return rows;
}
