/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include <string.h>

#include "tui/utf8.h"

static void add_nag(struct buf *out, const char *nag)
{
	static const struct {
		const char *nag, *sign;
	} signs[] = {{"$1", "!"},  {"$2", "?"},  {"$3", "!!"},
		     {"$4", "??"}, {"$5", "!?"}, {"$6", "?!"}};
	const char *sign = nag;

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (!strcmp(nag, signs[i].nag))
			sign = signs[i].sign;
	buf_printf(out, "%s%s", out->len ? " " : "", sign);
}

/* What was said about the move that led here, and what could be played
 * instead of the next one. */
static void said(const struct stepper *s, struct buf *out)
{
	if (line_is_variation(&s->line))
		return;
	for (size_t i = 0; i < s->note_count; i++) {
		const struct store_annotation *n = &s->notes[i];

		if (n->parent || n->ply != s->line.ply || !n->text)
			continue;
		if (n->kind == STORE_NAG)
			add_nag(out, n->text);
		else
			buf_printf(out, "%s%s%s", out->len ? " " : "",
				   n->kind == STORE_VARIATION ? "or: " : "",
				   n->text);
	}
}

/* Cut into rows of `width` columns at blanks; `c` NULL: only count them. */
static int wrap(const char *text, int width, struct canvas *c)
{
	int row = 0, col = 0;

	while (*text) {
		size_t n = strcspn(text, " \n\t");
		int columns = 0;
		struct buf word;

		buf_init(&word);
		buf_add(&word, text, n);
		for (const char *at = word.data; utf8_next(&at);)
			columns++;
		if (col > 0 && col + 1 + columns > width) {
			row++;
			col = 0;
		}
		col += col > 0;
		if (c && row < c->height)
			canvas_text(c, row, col, STYLE_NORMAL, word.data);
		col += columns;
		buf_release(&word);
		text += n;
		if (*text == '\n') {
			row++;
			col = 0;
		}
		text += *text != '\0';
	}
	return row + (col > 0);
}

int stepper_notes_rows(const struct stepper *s, int width)
{
	struct buf text;
	int rows;

	buf_init(&text);
	said(s, &text);
	rows = width > 0 ? wrap(text.data, width, NULL) : 0;
	buf_release(&text);
	return rows;
}

void stepper_draw_notes(const struct stepper *s, struct canvas *c)
{
	struct buf text;

	buf_init(&text);
	said(s, &text);
	if (c->width > 0)
		wrap(text.data, c->width, c);
	buf_release(&text);
}
