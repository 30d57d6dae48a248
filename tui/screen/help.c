/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <limits.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

/* The keys of one screen and those of all, from the same tables that dispatch
 * them. */
struct help {
	const struct screen *about;
	int top;
};

/* Part of the canvas: all of it; its `first` is the number of lines there are.
 */
enum { HELP_TEXT };

static int count_keys(const struct key_binding *table)
{
	struct key_found f = {NULL};
	int n = 0;

	while (keys_each(table, &f))
		n++;
	return n;
}

static enum err_code help_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct help *h = self;

	(void)app;
	if (!*arg)
		arg = "help";
	for (const struct screen *const *s = screen_table; *s; s++)
		if (!strcmp((*s)->name, arg))
			h->about = *s;
	if (!h->about)
		return err_set(e, ERR_NOTFOUND, "no screen is named %s", arg);
	return ERR_OK;
}

/* "PgDn, Ctrl-F" with arrows as arrows; returns its width. */
static int key_text(const struct key_binding *b, char *out, size_t size)
{
	const char *list = b->keys;
	char name[16];
	size_t len = 0;

	out[0] = '\0';
	while (keys_next(&list, name, sizeof(name))) {
		const char *show = keys_pretty(name);

		if (len + strlen(show) + 3 > size)
			break;
		if (len) {
			memcpy(out + len, "  ", 2);
			len += 2;
		}
		memcpy(out + len, show, strlen(show) + 1);
		len += strlen(show);
	}
	return canvas_width(out);
}

static int keys_width(const struct key_binding *table)
{
	struct key_found f = {NULL};
	int widest = 0;
	char text[64];

	while (keys_each(table, &f)) {
		int w = key_text(f.binding, text, sizeof(text));

		if (w > widest)
			widest = w;
	}
	return widest;
}

/* Cut at blanks into rows of `width` columns, which may lie above the canvas;
 * *row is then the last of them.  Returns the column after the text. */
static int put_text(struct canvas *c, int *row, int col, int width,
		    const char *text)
{
	int end = col;

	for (;;) {
		int len = (int)strlen(text), fit = 0;

		/* ends of words that still have room; one word at least */
		for (int i = 1; i <= len; i++) {
			if (text[i] && text[i] != ' ')
				continue;
			if (fit && i > width)
				break;
			fit = i;
		}
		end = canvas_printf(c, *row, col, STYLE_NORMAL, "%.*s", fit,
				    text);
		text += fit;
		text += strspn(text, " ");
		if (!*text)
			return end;
		++*row;
	}
}

static int draw_keys(struct canvas *c, int row, const char *head,
		     const struct key_binding *table, int width)
{
	struct key_found f = {NULL};
	char text[64];

	if (!count_keys(table))
		return row;
	canvas_text(c, row++, 1, STYLE_TITLE, head);
	for (; keys_each(table, &f); row++) {
		const struct key_binding *b = f.binding;
		int w = key_text(b, text, sizeof(text));
		int col = 3 + width + 2;

		canvas_text(c, row, 3 + width - w, STYLE_KEY, text);
		col = put_text(c, &row, col, c->width - col - 1, b->help);
		if (c->width - col > canvas_width(b->name) + 5)
			canvas_printf(c, row, col + 2, STYLE_DIM, ":%s",
				      b->name);
	}
	return row + 1;
}

static void help_draw(const void *self, struct canvas *c)
{
	const struct help *h = self;
	int width = keys_width(h->about->keys),
	    global = keys_width(keys_global);
	int row = -h->top;

	if (global > width)
		width = global;
	if (width > c->width / 3)
		width = c->width / 3;
	canvas_text(c, row, 1, STYLE_BOLD, h->about->title);
	canvas_cursor(c, row, 1);
	row++;
	if (h->about->help)
		put_text(c, &row, 1, c->width - 2, h->about->help);
	row += 2;
	row = draw_keys(c, row, "Keys of this screen", h->about->keys, width);
	row = draw_keys(c, row, "Keys everywhere", keys_global, width);
	canvas_text(c, row, 1, STYLE_DIM,
		    "h j k l, g G, Ctrl-F Ctrl-B are arrows, ends and pages.");
	canvas_text(c, row + 1, 1, STYLE_DIM,
		    "Shift with the mouse selects text as usual.");
	canvas_region(c, h, HELP_TEXT, row + h->top + 2);
	if (row + 2 > c->height)
		canvas_right(c, c->height - 1, c->width - 1, STYLE_LABEL,
			     " ↓ more");
}

/* Until the last lines stand at the top; how many there are depends on how wide
 * they were drawn. */
static void scroll_to(struct help *h, const struct canvas_map *seen, int top)
{
	const struct canvas_region *text = canvas_map_find(seen, h, HELP_TEXT);
	int lines =
		text ? text->first
		     : count_keys(h->about->keys) + count_keys(keys_global) + 8;

	if (top > lines - 4)
		top = lines - 4;
	h->top = top < 0 ? 0 : top;
}

static enum screen_action scroll_by(void *self, const struct key_press *k)
{
	struct help *h = self;

	scroll_to(h, k->seen, h->top + k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action to_first(void *self, const struct key_press *k)
{
	scroll_to(self, k->seen, 0);
	return SCREEN_REDRAW;
}

static enum screen_action to_last(void *self, const struct key_press *k)
{
	scroll_to(self, k->seen, INT_MAX);
	return SCREEN_REDRAW;
}

static const struct key_binding help_keys[] = {
	{"Up", "up", "one line up", false, .run = scroll_by, .arg = -1},
	{"Down", "down", "one line down", false, .run = scroll_by, .arg = 1},
	{"PgUp", "page-up", "ten lines up", false, .run = scroll_by,
	 .arg = -10},
	{"PgDn, Space", "page-down", "ten lines down", true, .run = scroll_by,
	 .arg = 10},
	{"Home", "first", "to the first line", false, .run = to_first},
	{"End", "last", "to the last line", false, .run = to_last},
	{0},
};

static enum screen_action help_mouse(void *self, const struct mouse_event *m)
{
	struct help *h = self;

	if (m->button != 4 && m->button != 5)
		return SCREEN_STAY;
	scroll_to(h, m->seen, h->top + (m->button == 4 ? -3 : 3));
	return SCREEN_REDRAW;
}

static void help_status(const void *self, struct buf *out)
{
	const struct help *h = self;

	buf_puts(out, h->about->title);
}

const struct screen screen_help = {
	.name = "help",
	.title = "Help",
	.help = "The keys of a screen, and what they do.",
	.self_size = sizeof(struct help),
	.keys = help_keys,
	.open = help_open,
	.draw = help_draw,
	.mouse = help_mouse,
	.status = help_status,
};
