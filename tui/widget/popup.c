/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/popup.h"

struct canvas popup(struct canvas *c, int height, int width, const char *title)
{
	if (height > c->height)
		height = c->height;
	if (width > c->width)
		width = c->width;
	canvas_fill(c, (c->height - height) / 2, (c->width - width) / 2, height,
		    width, STYLE_NORMAL, 0);
	return canvas_box(c, (c->height - height) / 2, (c->width - width) / 2,
			  height, width, title);
}
