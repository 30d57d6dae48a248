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
	WAIT_MOST = 1 << 15, /* trees that wait for a first move */
};

/* --- properties ---------------------------------------------------------- */

/* Does a game begin here, as `(;SZ[`, in a value? */
static bool game_at(const char *text)
{
	size_t n;

	if (text[0] != '(' || text[1] != ';')
		return false;
	text += 2 + strspn(text + 2, " \t\r\n");
	n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return n > 0 && text[n] == '[';
}

/* Where the next game begins, at the start of a line; NULL. */
static const char *next_game(const char *text, long *line)
{
	for (const char *c = text; (c = strchr(c, '\n')); c++) {
		++*line;
		if (game_at(c + 1))
			return c + 1;
	}
	return NULL;
}

/* A value that does not end costs its game; the next one, which it took in,
 * comes again. */
static void lost_value(struct sgf *s, long line, long column, bool closed)
{
	long at = line;
	const char *next = next_game(s->value.data, &at);

	recorder_fail(&s->rec, line, column,
		      "the value that begins here has no ]");
	s->over = true;
	if (!next)
		return;
	if (closed)
		buf_putc(&s->value, ']');
	at = line;
	next = next_game(s->value.data, &at);
	text_again(s->in, next, s->value.len - (size_t)(next - s->value.data),
		   at, 1);
}

/* Behind the bracket, up to the closing one. */
static void read_value(struct sgf *s, size_t most)
{
	long line = s->in->line, column = s->in->column, at = line;
	size_t escaped = 0;
	const char *next;
	int c;

	buf_clear(&s->value);
	while ((c = text_get(s->in)) != ']') {
		bool kept = s->value.len < most;

		if (c == '\\') {
			c = text_get(s->in);
			if (c == '\n')
				continue;
			if (c == ']')
				escaped = s->value.len;
		}
		if (c == TEXT_END) {
			lost_value(s, line, column, false);
			return;
		}
		/* No text in SGF has NULs. */
		if (c && kept)
			buf_putc(&s->value, (char)c);
		else if (c && next_game(s->value.data, &at)) {
			lost_value(s, line, column, false);
			return;
		}
	}
	/* The ] was that of a value of the next game.  One that is quoted here
	 * has escaped ones. */
	next = next_game(s->value.data, &at);
	if (next && escaped <= (size_t)(next - s->value.data))
		lost_value(s, line, column, true);
}

static bool is_kept(const char *name)
{
	static const char *const others[] = {"B",  "W",  "C",  "AB", "AW", "AE",
					     "PL", "GM", "SZ", "KM", "RE", "PB",
					     "PW", "EV", "DT", NULL};

	return sgf_in_list(name, others) || sgf_is_info(name) ||
	       sgf_is_mark(name);
}

/* A property without a value says nothing; a move may not. */
static void no_value(struct sgf *s, const char *name, long line, long column)
{
	if (!strcmp(name, "B") || !strcmp(name, "W"))
		recorder_fail(&s->rec, line, column,
			      "the property %s has no value: %s[...]", name,
			      name);
	else
		record_doubt(s->r, line,
			     "the property %s has no value: it is left out",
			     name);
}

static void read_property(struct sgf *s)
{
	long line = s->in->line, column = s->in->column;
	char name[NAME_SIZE];
	size_t n = 0, most;
	bool keep;
	int c;

	while (isalpha(c = text_peek(s->in))) {
		text_get(s->in);
		if (isupper(c) && n + 1 < sizeof(name))
			name[n++] = (char)c;
	}
	name[n] = '\0';
	if (text_skip_blanks(s->in) != '[' || !n) {
		no_value(s, name, line, column);
		return;
	}
	if (!s->in_node && s->trees[s->depth - 1].children)
		recorder_fail(&s->rec, line, column,
			      "the property %s behind a variation", name);
	if (!s->in_node) {
		record_doubt(
			s->r, line,
			"the property %s stands in no node: a ; is missing",
			name);
		sgf_begin_node(s, line, column);
	}
	keep = is_kept(name);
	most = !strcmp(name, "C") || !strcmp(name, "GC") || !keep
		       ? COMMENT_MOST
		       : SGF_VALUE_MOST;
	while (!s->over && text_skip_blanks(s->in) == '[') {
		text_get(s->in);
		read_value(s, most);
		if (!s->over && keep && s->value.len >= most)
			record_doubt(s->r, line,
				     "the property %s is cut off after %zu "
				     "bytes",
				     name, most);
		if (!s->over && keep)
			sgf_take(s, name);
	}
}

/* --- trees --------------------------------------------------------------- */

/* Trees before the first move wait for it: what is set up in the first of them
 * is where the game begins. */
static bool may_wait(const struct sgf *s)
{
	return !s->rec.begun && !s->rec.bad && s->depth < WAIT_MOST &&
	       !s->trees[s->depth - 1].children;
}

/* A tree in another one. */
static void open_inner(struct sgf *s, long line, long column)
{
	struct sgf_tree *from = &s->trees[s->depth - 1];

	if (may_wait(s)) {
		from->children++;
		from->fork = mem_alloc(sizeof(*from->fork));
		*from->fork = s->board;
		return;
	}
	sgf_begin(s, -1);
	recorder_push(&s->rec, false, line, column);
	if (from->children++ == 0)
		return;
	recorder_vary(&s->rec);
	/* Not from what the first tree has set up. */
	if (from->fork && memcmp(from->fork->point, s->first.point,
				 sizeof(s->first.point)) != 0)
		sgf_set_up(s, from->fork);
}

static void open_tree(struct sgf *s, long line, long column)
{
	sgf_end_node(s);
	if (s->depth > 0)
		open_inner(s, line, column);
	if (s->depth == DEPTH_MOST) {
		recorder_fail(&s->rec, line, column,
			      "trees nested more than %d deep", DEPTH_MOST);
		s->over = true;
		return;
	}
	if (s->depth == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 32;
		s->trees = mem_realloc(s->trees,
				       (size_t)s->cap * sizeof(*s->trees));
	}
	s->trees[s->depth++] = (struct sgf_tree){.children = 0};
	if (text_skip_blanks(s->in) != ';') {
		record_doubt(s->r, line, "no ; behind the ( of a game");
		sgf_begin_node(s, line, column);
	}
}

static void close_tree(struct sgf *s)
{
	sgf_end_node(s);
	if (s->depth > 1)
		sgf_begin(s, -1);
	free(s->trees[--s->depth].fork);
	if (s->depth > 0)
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
	if (c == '(') {
		open_tree(s, line, column);
	} else if (c == ')') {
		close_tree(s);
	} else if (c != ';') {
		record_doubt(
			s->r, line,
			c > ' ' && c < 0x7f
				? "'%c' where a property or one of ;() "
				  "belongs is passed over"
				: "the byte 0x%02x where a property or one "
				  "of ;() belongs is passed over",
			c);
	} else {
		sgf_begin_node(s, line, column);
		if (s->trees[s->depth - 1].children)
			recorder_fail(&s->rec, s->line, s->column,
				      "a node behind a variation");
	}
}

/* Is what follows the root of another game, and not a variation?  At the start
 * of a line, with what only roots have. */
static bool root_ahead(struct sgf *s)
{
	static const char *const only[] = {"GM", "FF", "SZ", "CA", NULL};
	size_t len, n;
	const char *at;
	char name[NAME_SIZE];

	if (s->in->column != 1)
		return false;
	at = text_window(s->in, 256, &len);
	for (size_t i = 1; i < len && at[i] != ')' && at[i] != '(';) {
		for (n = 0; i < len && isupper((unsigned char)at[i]); i++)
			if (n + 1 < sizeof(name))
				name[n++] = at[i];
		name[n] = '\0';
		if (n && i < len && at[i] == '[' && sgf_in_list(name, only))
			return true;
		/* To the end of a value. */
		if (i < len && at[i] == '[')
			while (i < len && at[i] != ']')
				i += 1 + (at[i] == '\\');
		i++;
	}
	return false;
}

/* To the ( of the next game, which is taken; text around games is nobody's, but
 * a text without any is none. */
static enum format_read find_game(struct sgf *s)
{
	bool first = s->in->line == 1 && s->in->column == 1;
	long line = 0, column = 0;
	int c;

	while ((c = text_skip_blanks(s->in)) != TEXT_END) {
		long here = s->in->line, there = s->in->column;

		text_get(s->in);
		if (c == '(' && text_skip_blanks(s->in) == ';') {
			s->r->line = here;
			return FORMAT_GAME;
		}
		if (!line) {
			line = here;
			column = there;
		}
	}
	if (!line || !first)
		return FORMAT_END;
	err_set(s->e, ERR_FORMAT, "this is not SGF: a game begins with (;");
	s->r->at_line = line;
	s->r->at_column = column;
	return FORMAT_BROKEN;
}

static enum format_read read_game(struct sgf *s)
{
	char charset[SGF_CHARSET_SIZE];
	int c;

	if (sgf_charset(s->in, charset) && !text_decode(s->in, charset))
		record_doubt(s->r, s->r->line,
			     "the charset %s is not known: names and comments "
			     "may be wrong",
			     charset);
	s->line = s->r->line;
	s->column = 1;
	open_tree(s, s->line, 1);
	while (!s->over && s->depth > 0) {
		c = text_skip_blanks(s->in);
		if (c == TEXT_END || (c == '(' && root_ahead(s))) {
			record_doubt(
				s->r, s->in->line,
				"the game that begins in line %ld has no )",
				s->r->line);
			break;
		}
		read_token(s, c);
	}
	while (s->depth > 0)
		close_tree(s);
	sgf_begin(s, -1);
	text_decode(s->in, NULL);
	recorder_end(&s->rec);
	return s->rec.bad ? FORMAT_BAD : FORMAT_GAME;
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
			.board = {.to_play = -1},
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
	if (got == FORMAT_GAME)
		got = read_game(&s);
	buf_release(&s.value);
	buf_release(&s.comment);
	buf_release(&s.marks);
	free(s.trees);
	recorder_release(&s.rec);
	return got;
}

bool sgf_begins(const char *head)
{
	return head[0] == '(' && head[1 + strspn(head + 1, " \t\r\n")] == ';';
}
