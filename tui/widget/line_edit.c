/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/line_edit.h"

#include <stdio.h>
#include <string.h>

#include "tui/keys.h"
#include "tui/utf8.h"

#define CTRL(letter) ((letter) - '@')

void line_edit_set(struct line_edit *e, const char *text)
{
	const char *p = text;
	uint32_t code;

	e->len = 0;
	/* through the decoder: what is not text never gets in */
	while ((code = utf8_next(&p)) && e->len + 5 < LINE_EDIT_SIZE)
		e->len += (int)utf8_put(e->text + e->len, code);
	e->text[e->len] = '\0';
	e->caret = e->len;
}

static int before(const struct line_edit *e, int at)
{
	do {
		at--;
	} while (at > 0 && (e->text[at] & 0xC0) == 0x80);
	return at < 0 ? 0 : at;
}

static int after(const struct line_edit *e, int at)
{
	if (at < e->len)
		at++;
	while (at < e->len && (e->text[at] & 0xC0) == 0x80)
		at++;
	return at;
}

static void cut(struct line_edit *e, int from, int to)
{
	memmove(e->text + from, e->text + to, (size_t)(e->len - to) + 1);
	e->len -= to - from;
	e->caret = from;
}

static void insert(struct line_edit *e, int key)
{
	char utf8[4];
	int n = (int)utf8_put(utf8, (uint32_t)key);

	if (e->len + n >= LINE_EDIT_SIZE)
		return;
	memmove(e->text + e->caret + n, e->text + e->caret,
		(size_t)(e->len - e->caret) + 1);
	memcpy(e->text + e->caret, utf8, (size_t)n);
	e->len += n;
	e->caret += n;
}

static int word_start(const struct line_edit *e)
{
	int at = e->caret;

	while (at > 0 && e->text[at - 1] == ' ')
		at--;
	while (at > 0 && e->text[at - 1] != ' ')
		at--;
	return at;
}

bool line_edit_key(struct line_edit *e, int key)
{
	switch (key) {
	case K_LEFT:
		e->caret = before(e, e->caret);
		return true;
	case K_RIGHT:
		e->caret = after(e, e->caret);
		return true;
	case K_HOME:
	case CTRL('A'):
		e->caret = 0;
		return true;
	case K_END:
	case CTRL('E'):
		e->caret = e->len;
		return true;
	case K_BACKSPACE:
		cut(e, before(e, e->caret), e->caret);
		return true;
	case K_DELETE:
		cut(e, e->caret, after(e, e->caret));
		return true;
	case CTRL('U'):
		cut(e, 0, e->caret);
		return true;
	case CTRL('K'):
		cut(e, e->caret, e->len);
		return true;
	case CTRL('W'):
		cut(e, word_start(e), e->caret);
		return true;
	default:
		if (key < ' ' || key > 0x10FFFF)
			return false;
		insert(e, key);
		return true;
	}
}

int line_edit_caret_column(const struct line_edit *e)
{
	char left[LINE_EDIT_SIZE];

	snprintf(left, sizeof(left), "%.*s", e->caret, e->text);
	return canvas_width(left);
}

void line_edit_draw(const struct line_edit *e, struct canvas *c, int row,
		    int col, int width, enum style st, bool focus)
{
	struct canvas field = canvas_pane(c, row, col, 1, width);
	int caret = line_edit_caret_column(e);
	int skip = caret >= width && focus ? caret - width + 1 : 0;

	canvas_fill(&field, 0, 0, 1, width, st, 0);
	if (!focus && canvas_width(e->text) > width)
		canvas_field(&field, 0, 0, width, st, e->text);
	else
		canvas_text(&field, 0, -skip, st, e->text);
	if (focus)
		canvas_cursor(&field, 0, caret - skip);
}
