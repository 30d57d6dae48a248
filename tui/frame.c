/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/frame.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "tui/keys.h"

enum { TITLE_ROWS = 1, BOTTOM_ROWS = 1 };

struct canvas frame_pane(struct canvas *c)
{
	return canvas_pane(c, TITLE_ROWS, 0,
			   c->height - TITLE_ROWS - BOTTOM_ROWS, c->width);
}

static void draw_title(const struct frame *f, struct canvas *c)
{
	int right = c->width;
	struct buf status;
	int col = 1;

	canvas_fill(c, 0, 0, 1, c->width, STYLE_TITLE, 0);
	buf_init(&status);
	if (f->screen->status)
		f->screen->status(f->self, &status);
	/* the way here is the first to go where there is little room */
	if (f->crumbs && *f->crumbs &&
	    canvas_width(f->crumbs) + canvas_width(f->screen->title) +
			    canvas_width(status.data) + 8 <=
		    right) {
		col = canvas_text(c, 0, col, STYLE_DIM, f->crumbs);
		col = canvas_text(c, 0, col, STYLE_DIM, " › ");
	}
	if (right > col) {
		struct canvas line = canvas_pane(c, 0, 0, 1, right);

		col = canvas_text(&line, 0, col, STYLE_TITLE, f->screen->title);
		if (status.len && right - col - 3 > 0)
			canvas_field(&line, 0, col + 2, right - col - 3,
				     STYLE_NORMAL, status.data);
	}
	buf_release(&status);
}

/* The first key of a binding that the screen does not take for its text; false
 * if it takes them all. */
static bool free_key(const struct frame *f, const struct key_binding *b,
		     char name[16])
{
	const char *list = b->keys;

	while (keys_next(&list, name, 16)) {
		int key = keys_parse(name);

		if (key > 126 || !f->screen->claims ||
		    !f->screen->claims(f->self, (unsigned)key))
			return true;
	}
	return false;
}

/* "Enter open" at `col`, if it ends before `end`; returns the column after it,
 * or `col`.  Without a canvas it only measures. */
static int draw_hint(const struct frame *f, struct canvas *c, int col, int end,
		     const struct key_binding *b)
{
	char name[16], label[32];
	const char *key;
	int row, width;

	if (!free_key(f, b, name))
		return col;
	key = keys_pretty(name);
	/* what closes a screen quits on the first one */
	snprintf(label, sizeof(label), "%s",
		 f->first && keys_find_name(keys_global, "back").binding == b
			 ? "quit"
			 : b->name);
	for (char *p = label; *p; p++)
		if (*p == '-')
			*p = ' ';
	width = canvas_width(key) + 1 + canvas_width(label);
	if (col + width > end)
		return col;
	if (c) {
		row = c->height - 1;
		canvas_text(c, row, col, STYLE_KEY, key);
		canvas_text(c, row, col + width - canvas_width(label),
			    STYLE_DIM, label);
	}
	return col + width + 2;
}

static int draw_table_hints(const struct frame *frame, struct canvas *c,
			    int col, int end, const struct key_binding *table)
{
	struct key_found f = {NULL};

	while (keys_each(table, &f))
		if (f.binding->hint &&
		    (!f.binding->when || f.binding->when(frame->self)))
			col = draw_hint(frame, c, col, end, f.binding);
	return col;
}

/* What every screen has stands last, and keeps its room. */
static void draw_hints(const struct frame *f, struct canvas *c)
{
	const struct screen *s = f->screen;
	const struct key_binding *only = s->hints ? s->hints(f->self) : NULL;
	int global, col;

	if (only) {
		draw_table_hints(f, c, 1, c->width, only);
		return;
	}
	global = draw_table_hints(f, NULL, 0, c->width, keys_global);
	col = draw_table_hints(f, c, 1, c->width - global, s->keys);
	draw_table_hints(f, c, col, c->width, keys_global);
}

static void draw_question(const struct frame *f, struct canvas *c)
{
	int row = c->height - 1, room, skip;
	int col = canvas_text(c, row, 0, STYLE_LABEL, f->question);
	struct canvas field;

	/* the caret stays in view: long answers slide to the left */
	room = c->width - col - 1;
	skip = f->caret > room && room > 0 ? f->caret - room : 0;
	field = canvas_pane(c, row, col, 1, c->width - col);
	canvas_text(&field, 0, -skip, STYLE_NORMAL, f->answer);
	canvas_cursor(&field, 0, f->caret - skip);
}

static void draw_message(const struct frame *f, struct canvas *c)
{
	enum style st = f->message_bad ? STYLE_BAD : STYLE_NORMAL;
	int end = c->height - (f->question != NULL), width = c->width - 1;
	int most = c->height / 3 > 1 ? c->height / 3 : 1;
	int rows = canvas_wrap(NULL, width, st, f->message);
	struct canvas pane;

	if (rows > most)
		rows = most;
	pane = canvas_pane(c, end - rows, 1, rows, width);
	canvas_fill(c, end - rows, 0, rows, 1, STYLE_NORMAL, 0);
	canvas_fill(&pane, 0, 0, rows, width, st, 0);
	canvas_wrap(&pane, width, st, f->message);
}

void frame_draw(const struct frame *f, struct canvas *c)
{
	struct canvas pane;

	canvas_clear(c);
	pane = frame_pane(c);
	f->screen->draw(f->self, &pane);
	draw_title(f, c);
	if (c->height < 2)
		return;
	if (f->message && *f->message)
		draw_message(f, c);
	else if (!f->question)
		draw_hints(f, c);
	if (f->question)
		draw_question(f, c);
	if (f->mark)
		canvas_right(c, c->height - 1, c->width - 1, STYLE_DIM,
			     f->mark);
}
