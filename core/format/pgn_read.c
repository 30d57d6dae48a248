/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/format.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/pgn.h"
#include "core/format/pgn_int.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/*
 * PGN (Edwards 1994), the import format: what files of the world hold.  A game
 * begins with its tags or its moves and ends with a result, with the tags of
 * the next game, or with the file.
 */
enum { VALUE_MOST = 4096, COMMENT_MOST = 1 << 20 };

/* --- tags ---------------------------------------------------------------- */

static bool set_variant(struct pgn *p, const char *value, long line)
{
	static const char *const known[] = {"standard", "normal", "chess",
					    "from position", ""};
	static const char *const random[] = {"chess960",       "chess 960",
					     "fischerandom",   "fischerrandom",
					     "fischer random", "960"};
	char low[32];
	size_t n = 0;

	for (; value[n] && n + 1 < sizeof(low); n++)
		low[n] = (char)tolower((unsigned char)value[n]);
	low[n] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(random); i++)
		if (!strcmp(low, random[i]))
			return p->frc = true;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(low, known[i]))
			return true;
	recorder_fail(&p->rec, line, 1, "the variant %.40s is not played here",
		      value);
	return false;
}

static void take_tag(struct pgn *p, const char *name, long line)
{
	struct record *r = p->r;
	const char *value = p->text.data;
	size_t len = p->text.len;

	if (!strcmp(name, "White")) {
		record_text(r, &r->first, value, len);
	} else if (!strcmp(name, "Black")) {
		record_text(r, &r->second, value, len);
	} else if (!strcmp(name, "Event")) {
		record_text(r, &r->event, value, len);
	} else if (!strcmp(name, "Date")) {
		record_text(r, &r->date,
			    strcmp(value, "????.??.??") ? value : "",
			    strcmp(value, "????.??.??") ? len : 0);
	} else if (!strcmp(name, "Result")) {
		p->tag_result = pgn_result(value);
	} else if (!strcmp(name, "FEN")) {
		buf_clear(&p->fen);
		buf_add(&p->fen, value, len);
	} else if (!strcmp(name, "Variant")) {
		if (set_variant(p, value, line))
			record_tag(r, name, value);
	} else if (strcmp(name, "SetUp") != 0) {
		record_tag(r, name, value);
	}
}

static bool is_blank(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * The text between the quotes.  Quotes inside that nobody escaped are taken as
 * they are, as long as the last one stands before the bracket; white space and
 * ends of lines may stand anywhere.  NULL, or what is wrong with it: then the
 * value is what there is of it.
 */
static const char *read_value(struct pgn *p)
{
	bool blanks, cut = false;
	int c;

	buf_clear(&p->text);
	for (;;) {
		c = text_get(p->in);
		if (c == TEXT_END)
			return "does not end";
		/* What begins a line like a tag is one. */
		if (c == '\n') {
			int next = text_peek(p->in);

			if (next == '[' || next == '\n' || next == TEXT_END)
				return "does not end with \"] before the next "
				       "line";
		}
		if (c == '\\' &&
		    (text_peek(p->in) == '"' || text_peek(p->in) == '\\')) {
			c = text_get(p->in);
		} else if (c == '"') {
			blanks = is_blank(text_peek(p->in));
			c = text_skip_blanks(p->in);
			if (c == ']') {
				text_get(p->in);
				return cut ? "is too long, and cut off" : NULL;
			}
			if (c == TEXT_END || (blanks && c == '['))
				return "has no ] behind it";
			buf_putc(&p->text, '"');
			if (blanks)
				buf_putc(&p->text, ' ');
			continue;
		}
		cut = cut || p->text.len >= VALUE_MOST;
		if (!cut)
			buf_putc(&p->text, (char)(is_blank(c) ? ' ' : c));
	}
}

/* A value that nobody put into quotes, up to the bracket or the end of the
 * line. */
static void read_bare(struct pgn *p)
{
	int c;

	buf_clear(&p->text);
	while ((c = text_peek(p->in)) != TEXT_END && c != '\n') {
		text_get(p->in);
		if (c == ']')
			break;
		if (p->text.len < VALUE_MOST)
			buf_putc(&p->text, (char)c);
	}
}

/* Behind its '['.  A tag that is not one costs nothing but itself. */
static void read_tag(struct pgn *p, long line)
{
	char name[PGN_WORD_SIZE];
	const char *why;
	size_t n = 0;
	int c;

	text_skip_blanks(p->in);
	while ((c = text_peek(p->in)) != TEXT_END && !is_blank(c) && c != '"' &&
	       c != ']' && c != '[') {
		text_get(p->in);
		if (n + 1 < sizeof(name))
			name[n++] = (char)c;
	}
	name[n] = '\0';
	c = text_skip_blanks(p->in);
	if (!n) {
		record_doubt(p->r, line, "a tag without a name is left out");
		read_bare(p);
		return;
	}
	if (c == '"') {
		text_get(p->in);
		why = read_value(p);
		if (why)
			record_doubt(p->r, line,
				     "the value of the tag %.40s %s", name,
				     why);
	} else {
		read_bare(p);
		record_doubt(p->r, line,
			     "a tag without a value in quotes: [%.40s %.60s]",
			     name, p->text.data);
	}
	take_tag(p, name, line);
}

/* --- moves --------------------------------------------------------------- */

/* What of the FEN does not fit. */
static void say_doubts(struct pgn *p)
{
	const struct game *g = &p->r->game;
	struct buf text;

	buf_init(&text);
	if (g->rules->position_doubts)
		g->rules->position_doubts(g, p->fen.data, &text);
	if (text.len)
		record_doubt(p->r, p->r->line, "FEN: %.180s", text.data);
	buf_release(&text);
}

/* The first thing behind the tags: where does the game begin? */
static void begin_moves(struct pgn *p)
{
	struct record *r = p->r;
	struct err e = ERR_INIT;
	enum err_code rc = ERR_OK;

	if (p->in_moves)
		return;
	p->in_moves = true;
	if (p->rec.bad)
		return;
	if (!p->usual || !p->usual->rules->start_param ||
	    strcmp(p->usual->rules->start_param, "fen") != 0) {
		/* 518 is the usual array: a FEN says which one it is. */
		if (p->frc)
			rc = game_init(&r->game, "chess:frc=518", &e);
		else if (!r->has_game || r->game.start[0] ||
			 strstr(r->game.name, "frc=") ||
			 strcmp(r->game.rules->family, format_pgn.family) != 0)
			rc = game_init(&r->game, format_pgn.family, &e);
	} else if (!r->has_game || strcmp(r->game.name, p->usual->name) != 0) {
		r->game = *p->usual;
	}
	if (!rc && p->fen.len) {
		say_doubts(p);
		rc = game_from(&r->game, &r->game, p->fen.data, &e);
	}
	r->has_game = !rc;
	if (rc)
		recorder_fail(&p->rec, r->line, 1, "%s%s",
			      p->fen.len ? "FEN: " : "", e.msg);
	else
		recorder_begin(&p->rec);
	for (size_t at = 0; at < p->ahead.len;
	     at += strlen(p->ahead.data + at) + 1)
		recorder_comment(&p->rec, p->ahead.data + at,
				 strlen(p->ahead.data + at));
	buf_clear(&p->ahead);
}

/* Does the text go on with a tag, as `[White "x"]`? */
static bool tag_at(const char *text)
{
	size_t n = 0;

	if (*text++ != '[')
		return false;
	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return n > 0 && text[n] == ' ' && text[n + 1] == '"';
}

/*
 * Where the tags of the next game begin in a comment that does not end: at a
 * line with a tag behind an empty one.  NULL: there are none.
 */
static const char *tags_in(const char *text, long *line)
{
	for (const char *c = text; *c; c++) {
		const char *next = c + 1 + strspn(c + 1, " \t");

		*line += *c == '\n';
		if (*c == '\n' && *next == '\n' && tag_at(next + 1)) {
			++*line;
			return next + 1;
		}
	}
	return NULL;
}

/* As far as the comment goes, into p->text; false: it does not end. */
static bool take_comment(struct pgn *p, int open)
{
	long line = 0;
	bool opened = false;
	int c;

	buf_clear(&p->text);
	while ((c = text_get(p->in)) != (open == '{' ? '}' : '\n')) {
		if (c == TEXT_END)
			return open == ';';
		opened = opened || c == '{';
		if (p->text.len >= COMMENT_MOST)
			return false;
		buf_putc(&p->text, (char)(c ? c : ' '));
	}
	if (open == ';' || !opened || !tags_in(p->text.data, &line))
		return true;
	/* The } of another comment, behind the tags of another game. */
	buf_putc(&p->text, '}');
	return false;
}

/* Writers break lines where they like. */
static void join_lines(struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++) {
		char c = text->data[i];

		if (!is_blank(c))
			text->data[n++] = c;
		else if (n && text->data[n - 1] != ' ')
			text->data[n++] = ' ';
	}
	while (n && text->data[n - 1] == ' ')
		n--;
	text->len = n;
	text->data[n] = '\0';
}

/* Behind its opening sign. */
static void read_comment(struct pgn *p, int open, long line, long column)
{
	if (!take_comment(p, open)) {
		long at = line;
		const char *tags = tags_in(p->text.data, &at);

		recorder_fail(&p->rec, line, column,
			      "the comment that begins here has no }");
		if (tags)
			text_again(p->in, tags,
				   p->text.len - (size_t)(tags - p->text.data),
				   at, 1);
		p->ended = true;
		return;
	}
	join_lines(&p->text);
	if (p->in_moves)
		recorder_comment(&p->rec, p->text.data, p->text.len);
	else if (p->text.len)
		buf_add(&p->ahead, p->text.data, p->text.len + 1);
}

/* What is said right behind the result is said of this game. */
static void read_last_comments(struct pgn *p)
{
	for (;;) {
		long line, column;
		int c, lines = 0;

		while (is_blank(c = text_peek(p->in)) && lines < 2)
			lines += text_get(p->in) == '\n';
		if (lines > 1 || (c != '{' && c != ';'))
			return;
		line = p->in->line;
		column = p->in->column;
		text_get(p->in);
		read_comment(p, c, line, column);
		/* Its end is that of its line. */
		if (c == ';' && text_peek(p->in) == '\n')
			return;
	}
}

static void open_variation(struct pgn *p, long line, long column)
{
	char word[PGN_WORD_SIZE] = "";

	if (p->pawn[0] && pgn_in_brackets(p, word))
		return;
	pgn_flush(p);
	p->depth++;
	recorder_push(&p->rec, true, line, column);
	recorder_vary(&p->rec);
	if (word[0]) {
		pgn_read_word(p, word);
		pgn_take_word(p, word, line, column + 1);
	}
}

static void close_variation(struct pgn *p, long line, long column)
{
	pgn_flush(p);
	if (p->depth > 0) {
		p->depth--;
		recorder_pop(&p->rec);
		/* "(e.p.)", "(=)", or only words. */
		recorder_join(&p->rec);
	} else {
		record_doubt(p->r, line,
			     "column %ld: a ) without the ( of a variation is "
			     "passed over",
			     column);
	}
}

/* `[%clk 0:10]` outside a comment: in a game no bracket begins a tag so. */
static bool read_command(struct pgn *p, long line, long column)
{
	size_t len;
	const char *next = text_window(p->in, 2, &len);

	if (len < 2 || next[1] != '%')
		return false;
	read_bare(p);
	buf_putc(&p->text, ']');
	pgn_flush(p);
	begin_moves(p);
	recorder_comment(&p->rec, p->text.data, p->text.len);
	(void)line;
	(void)column;
	return true;
}

static void read_move_token(struct pgn *p, int c)
{
	long line = p->in->line, column = p->in->column;
	char word[PGN_WORD_SIZE] = "";

	if (p->real || (c != '{' && c != ';'))
		begin_moves(p);
	if (c == '!' || c == '?') {
		pgn_read_marks(p);
	} else if (pgn_is_word(c)) {
		p->real = true;
		pgn_read_word(p, word);
		pgn_take_word(p, word, line, column);
	} else {
		text_get(p->in);
		p->real = p->real || (c != '{' && c != ';');
		if (c != '.' && c != '(' && c != ')')
			pgn_flush(p);
		if (c == '{' || c == ';')
			read_comment(p, c, line, column);
		else if (c == '(')
			open_variation(p, line, column);
		else if (c == ')')
			close_variation(p, line, column);
		else if (c == '$')
			pgn_read_nag(p);
		else if (c == '*' && p->depth == 0)
			p->ended = true;
		else if (c < ' ' || c == 0x7f)
			recorder_fail(&p->rec, line, column,
				      "the byte 0x%02x: this is not PGN",
				      (unsigned)c);
		/* Full stops, what is reserved. */
	}
}

/* Tokens up to the end of one game. */
static void read_game(struct pgn *p)
{
	while (!p->ended) {
		long line, column;
		int c = text_skip_blanks(p->in);

		line = p->in->line;
		column = p->in->column;
		if (c == TEXT_END)
			break;
		if (c == '%' && column == 1) {
			text_line(p->in, NULL, 0);
			continue;
		}
		if (c == '[') {
			if (p->in_moves && read_command(p, line, column))
				continue;
			/* A game without a result. */
			if (p->in_moves)
				break;
			if (!p->any)
				p->r->line = line;
			p->any = p->real = true;
			text_get(p->in);
			read_tag(p, line);
			continue;
		}
		if (!p->any)
			p->r->line = line;
		p->any = true;
		read_move_token(p, c);
	}
	pgn_flush(p);
	if (p->ended)
		read_last_comments(p);
}

static void finish_game(struct pgn *p)
{
	struct record *r = p->r;
	const char *how = record_find_tag(r, "Termination");
	void *last;

	begin_moves(p);
	if (p->depth > 0 && !p->rec.bad)
		record_doubt(r, p->in->line,
			     "the game ends inside a variation: a ) is "
			     "missing");
	for (; p->depth > 0; p->depth--)
		recorder_pop(&p->rec);
	r->result = isnan(p->result) ? p->tag_result : p->result;
	if (p->rec.bad)
		return;
	last = p->rec.levels[0].state;
	if (how && !isnan(r->result) && strcasecmp(how, "normal") != 0 &&
	    r->game.rules->to_act(&r->game, last) != GAME_OVER)
		record_text(r, &r->ended, how, strlen(how));
	recorder_end(&p->rec);
}

enum format_read pgn_read(struct text_in *in, const struct game *usual,
			  struct record *out, struct err *e)
{
	struct pgn p = {
		.in = in,
		.usual = usual,
		.r = out,
		.e = e,
		.tag_result = (double)NAN,
		.result = (double)NAN,
	};
	enum format_read got = FORMAT_END;

	record_clear(out);
	recorder_init(&p.rec, out, e);
	buf_init(&p.text);
	buf_init(&p.fen);
	buf_init(&p.ahead);
	read_game(&p);
	/* Comments alone are no game, but a fault in them is somebody's. */
	if (p.real)
		finish_game(&p);
	if (p.real || p.rec.bad)
		got = p.rec.bad ? FORMAT_BAD : FORMAT_GAME;
	buf_release(&p.text);
	buf_release(&p.fen);
	buf_release(&p.ahead);
	recorder_release(&p.rec);
	return got;
}

bool pgn_begins(const char *head)
{
	size_t n = strspn(head, "0123456789");

	if (*head == '[' || *head == '%')
		return true;
	return n > 0 && head[n] == '.';
}
