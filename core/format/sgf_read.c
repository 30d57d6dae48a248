/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/sgf_int.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/sgf.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/*
 * SGF FF[4] (Hollosi 1999), games of Go.  Trees are read from front to end with
 * a stack of open ones; the first tree in a tree goes on with the game, the
 * others are variations.  Property names of older versions, with lower-case
 * letters between, are known too.
 */
enum {
	NAME_SIZE = 8,
	COMMENT_MOST = 1 << 20,
	DEPTH_MOST = 1 << 20,
};

static void broken(struct sgf *s, long line, long column, const char *fmt, ...)
	ATTR_PRINTF(4, 5);

static void broken(struct sgf *s, long line, long column, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(s->e, ERR_FORMAT, "%s", text);
	s->r->at_line = line;
	s->r->at_column = column;
	s->broken = true;
}

/* --- properties ---------------------------------------------------------- */

/* Behind the bracket, up to the closing one. */
static void read_value(struct sgf *s, bool keep, size_t most)
{
	long line = s->in->line, column = s->in->column;
	int c;

	buf_clear(&s->value);
	while ((c = text_get(s->in)) != ']') {
		if (c == '\\') {
			c = text_get(s->in);
			if (c == '\n')
				continue;
		}
		if (c == TEXT_END) {
			broken(s, line, column,
			       "the value that begins here has no ]");
			return;
		}
		if (!keep)
			continue;
		if (s->value.len >= most) {
			broken(s, line, column,
			       "a value of more than %zu bytes: is its ] "
			       "missing?",
			       most);
			return;
		}
		buf_putc(&s->value, (char)c);
	}
}

static bool is_kept(const char *name)
{
	static const char *const others[] = {"B",  "W",  "C",  "AB", "AW", "AE",
					     "PL", "GM", "SZ", "KM", "RE", "PB",
					     "PW", "EV", "DT", NULL};

	return sgf_in_list(name, others) || sgf_is_info(name) ||
	       sgf_is_mark(name);
}

static void read_property(struct sgf *s)
{
	long line = s->in->line, column = s->in->column;
	char name[NAME_SIZE];
	size_t n = 0;
	bool keep;
	int c;

	while (isalpha(c = text_peek(s->in))) {
		text_get(s->in);
		if (isupper(c) && n + 1 < sizeof(name))
			name[n++] = (char)c;
	}
	name[n] = '\0';
	if (text_skip_blanks(s->in) != '[' || !n) {
		broken(s, line, column, "the property %s has no value: %s[...]",
		       name, name);
		return;
	}
	if (!s->in_node) {
		broken(s, line, column,
		       "the property %s stands in no node: a ; is missing",
		       name);
		return;
	}
	keep = is_kept(name);
	while (!s->broken && text_skip_blanks(s->in) == '[') {
		text_get(s->in);
		read_value(s, keep,
			   strcmp(name, "C") != 0 ? SGF_VALUE_MOST
						  : COMMENT_MOST);
		/* No text in SGF has NULs. */
		if (!s->broken && strlen(s->value.data) != s->value.len)
			broken(s, line, column, "a NUL in the property %s",
			       name);
		if (!s->broken && keep)
			sgf_take(s, name);
	}
}

/* --- trees --------------------------------------------------------------- */

static void open_tree(struct sgf *s, long line, long column)
{
	sgf_end_node(s);
	if (s->depth > 0) {
		sgf_begin(s, -1);
		recorder_push(&s->rec, false, line, column);
		if (s->children[s->depth - 1]++ > 0)
			recorder_vary(&s->rec);
	}
	if (s->depth == DEPTH_MOST) {
		broken(s, line, column, "trees nested more than %d deep",
		       DEPTH_MOST);
		return;
	}
	if (s->depth == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 32;
		s->children = mem_realloc(
			s->children, (size_t)s->cap * sizeof(*s->children));
	}
	s->children[s->depth++] = 0;
	if (text_skip_blanks(s->in) != ';')
		broken(s, line, column, "no ; behind the ( of a game");
}

static void close_tree(struct sgf *s)
{
	sgf_end_node(s);
	if (--s->depth > 0)
		recorder_pop(&s->rec);
}

static void read_token(struct sgf *s, int c)
{
	long line = s->in->line, column = s->in->column;

	if (isalpha(c)) {
		read_property(s);
		return;
	}
	text_get(s->in);
	if (c == TEXT_END) {
		broken(s, s->in->line, s->in->column,
		       "the game that begins in line %ld has no )", s->r->line);
	} else if (c == '(') {
		open_tree(s, line, column);
	} else if (c == ')') {
		close_tree(s);
	} else if (c != ';') {
		broken(s, line, column,
		       c > ' ' && c < 0x7f
			       ? "'%c' where a property or one of ;() belongs"
			       : "the byte 0x%02x where a property or one of "
				 ";() belongs",
		       c);
	} else {
		sgf_begin_node(s, line, column);
		if (s->children[s->depth - 1])
			recorder_fail(&s->rec, s->line, s->column,
				      "a node behind a variation");
	}
}

/* To the ( of the next game, which is taken; text around games is nobody's. */
static enum format_read find_game(struct sgf *s)
{
	long line = 0, column = 0;
	int c;

	while ((c = text_skip_blanks(s->in)) != TEXT_END) {
		long here = s->in->line, there = s->in->column;

		text_get(s->in);
		if (c == '(' && text_skip_blanks(s->in) == ';') {
			s->r->line = here;
			return FORMAT_GAME;
		}
		if (!line && c != 0x1a) {
			line = here;
			column = there;
		}
	}
	if (!line)
		return FORMAT_END;
	broken(s, line, column, "this is not SGF: a game begins with (;");
	return FORMAT_BROKEN;
}

enum format_read sgf_read(struct text_in *in, const struct game *usual,
			  struct record *out, struct err *e)
{
	struct sgf s = {.in = in,
			.usual = usual,
			.r = out,
			.e = e,
			.gm = -1,
			.rows = SGF_SIZE_MOST,
			.cols = SGF_SIZE_MOST,
			.to_play = -1,
			.komi = (double)NAN};
	enum format_read got;

	record_clear(out);
	if (usual && !strcmp(usual->rules->family, format_sgf.family))
		s.rows = s.cols = usual->rows;
	recorder_init(&s.rec, out, e);
	buf_init(&s.value);
	buf_init(&s.comment);
	buf_init(&s.marks);
	got = find_game(&s);
	if (got == FORMAT_GAME) {
		s.line = out->line;
		s.column = 1;
		open_tree(&s, out->line, 1);
		while (!s.broken && s.depth > 0)
			read_token(&s, text_skip_blanks(in));
		if (!s.broken)
			sgf_begin(&s, -1);
		if (!s.broken)
			recorder_end(&s.rec);
		got = s.broken    ? FORMAT_BROKEN
		      : s.rec.bad ? FORMAT_BAD
				  : FORMAT_GAME;
	}
	buf_release(&s.value);
	buf_release(&s.comment);
	buf_release(&s.marks);
	free(s.children);
	recorder_release(&s.rec);
	return got;
}

bool sgf_begins(const char *head)
{
	return head[0] == '(' && head[1 + strspn(head + 1, " \t\r\n")] == ';';
}
