/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/format/record.h"
#include "core/lab/import.h"
#include "core/session/line.h"
#include "store/game.h"
#include "tui/canvas.h"

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

/* A variation, or how the game went on past what the rules know. */
static void add_line(struct buf *out, const char *text)
{
	static const char *const words[] = {
		[RECORD_SET] = "goes on, from ",
		[RECORD_NULL] = "goes on, after a null move:",
		[RECORD_ON] = "was played on:",
	};
	size_t n = strlen(IMPORT_SETUP);
	struct record_setup setup;

	if (strncmp(text, IMPORT_SETUP, n) != 0 ||
	    !record_setup_parse(text + n, &setup))
		buf_printf(out, "or: %s", text);
	else if (setup.reason == RECORD_SET)
		buf_printf(out, "%s%s:%s", words[setup.reason], setup.position,
			   setup.moves);
	else
		buf_printf(out, "%s%s", words[setup.reason], setup.moves);
}

/* What was said about the move that led here, and what could be played
 * instead of the next one. */
static void said(const struct stepper *s, struct buf *out)
{
	if (line_is_variation(&s->review.line))
		return;
	for (size_t i = 0; i < s->review.note_count; i++) {
		const struct store_annotation *n = &s->review.notes[i];

		if (n->parent || n->ply != s->review.line.ply || !n->text)
			continue;
		if (n->kind == STORE_NAG)
			add_nag(out, n->text);
		else if (out->len)
			buf_putc(out, ' ');
		if (n->kind == STORE_VARIATION)
			add_line(out, n->text);
		else if (n->kind == STORE_COMMENT)
			buf_puts(out, n->text);
	}
}

int stepper_notes_rows(const struct stepper *s, int width)
{
	struct buf text;
	int rows;

	buf_init(&text);
	said(s, &text);
	rows = canvas_wrap(NULL, width, STYLE_NORMAL, text.data);
	buf_release(&text);
	return rows;
}

void stepper_draw_notes(const struct stepper *s, struct canvas *c)
{
	struct buf text;

	buf_init(&text);
	said(s, &text);
	canvas_wrap(c, c->width, STYLE_NORMAL, text.data);
	buf_release(&text);
}
