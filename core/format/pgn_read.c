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
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/*
 * PGN (Edwards 1994), the import format: what files of the world hold.  A game
 * begins with its tags or its moves and ends with a result, with the tags of
 * the next game, or with the file.
 */
enum {
	WORD_SIZE = 64,
	VALUE_MOST = 4096,
	COMMENT_MOST = 1 << 20,
};

struct pgn {
	struct text_in *in;
	const struct game *usual;
	struct record *r;
	struct recorder rec;
	struct err *e;
	struct buf text; /* of a comment or a tag */
	struct buf fen;
	bool broken;
	bool any;      /* something was read */
	bool real;     /* and it was more than comments */
	bool in_moves; /* behind the tags */
	double tag_result, result;
	bool ended;
	int depth;
};

static void broken(struct pgn *p, long line, long column, const char *fmt, ...)
	ATTR_PRINTF(4, 5);

static void broken(struct pgn *p, long line, long column, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(p->e, ERR_FORMAT, "%s", text);
	p->r->at_line = line;
	p->r->at_column = column;
	p->broken = true;
}

/* --- tags ---------------------------------------------------------------- */

static double result_of(const char *text)
{
	if (!strcmp(text, "1-0"))
		return 1;
	if (!strcmp(text, "0-1"))
		return -1;
	if (!strcmp(text, "1/2-1/2") || !strcmp(text, "1/2"))
		return 0;
	return (double)NAN;
}

static bool set_variant(struct pgn *p, const char *value, long line)
{
	static const char *const known[] = {"standard", "normal", "chess",
					    "from position", ""};
	char low[32];
	size_t n = 0;

	for (; value[n] && n + 1 < sizeof(low); n++)
		low[n] = (char)tolower((unsigned char)value[n]);
	low[n] = '\0';
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
		p->tag_result = result_of(value);
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

/* The text between the quotes.  Quotes inside that nobody escaped are taken as
 * they are, as long as the last one stands before the bracket. */
static bool read_value(struct pgn *p)
{
	int blanks, c;

	buf_clear(&p->text);
	for (;;) {
		c = text_get(p->in);
		if (c == TEXT_END || c == '\n')
			return false;
		if (c == '\\' &&
		    (text_peek(p->in) == '"' || text_peek(p->in) == '\\')) {
			c = text_get(p->in);
		} else if (c == '"') {
			for (blanks = 0; text_peek(p->in) == ' '; blanks++)
				text_get(p->in);
			if (text_peek(p->in) == ']') {
				text_get(p->in);
				return true;
			}
			buf_putc(&p->text, '"');
			for (; blanks > 0 && p->text.len < VALUE_MOST; blanks--)
				buf_putc(&p->text, ' ');
			continue;
		}
		if (p->text.len >= VALUE_MOST)
			return false;
		buf_putc(&p->text, (char)c);
	}
}

/* Behind its '['. */
static void read_tag(struct pgn *p, long line)
{
	char name[WORD_SIZE];
	size_t n = 0;
	long column;
	int c;

	while (text_peek(p->in) == ' ' || text_peek(p->in) == '\t')
		text_get(p->in);
	while (isalnum(c = text_peek(p->in)) || c == '_') {
		if (n + 1 == sizeof(name))
			break;
		name[n++] = (char)text_get(p->in);
	}
	name[n] = '\0';
	while (text_peek(p->in) == ' ' || text_peek(p->in) == '\t')
		text_get(p->in);
	column = p->in->column;
	if (!n || text_peek(p->in) != '"') {
		broken(p, p->in->line, column,
		       n ? "a tag without a value: [%.40s \"...\"]"
			 : "a tag without a name%.0s",
		       name);
		return;
	}
	text_get(p->in);
	if (!read_value(p)) {
		broken(p, line, column,
		       "the value of the tag %.40s does not end with \"] on "
		       "its line",
		       name);
		return;
	}
	take_tag(p, name, line);
}

/* --- moves --------------------------------------------------------------- */

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
		if (!r->has_game || r->game.start[0] ||
		    strcmp(r->game.rules->family, format_pgn.family) != 0)
			rc = game_init(&r->game, format_pgn.family, &e);
	} else if (!r->has_game || strcmp(r->game.name, p->usual->name) != 0) {
		r->game = *p->usual;
	}
	if (!rc && p->fen.len)
		rc = game_from(&r->game, &r->game, p->fen.data, &e);
	r->has_game = !rc;
	if (rc)
		recorder_fail(&p->rec, r->line, 1, "%s%s",
			      p->fen.len ? "FEN: " : "", e.msg);
	else
		recorder_begin(&p->rec);
}

static void read_comment(struct pgn *p, int open, long line, long column)
{
	size_t len = 0;
	bool blank = false;
	int c;

	buf_clear(&p->text);
	while ((c = text_get(p->in)) != (open == '{' ? '}' : '\n')) {
		if (c == TEXT_END && open == ';')
			break;
		if (c == TEXT_END) {
			broken(p, line, column,
			       "the comment that begins here has no }");
			return;
		}
		if (++len > COMMENT_MOST) {
			broken(p, line, column,
			       "a comment of more than a megabyte: is its } "
			       "missing?");
			return;
		}
		/* Writers break lines where they like. */
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			blank = p->text.len > 0;
			continue;
		}
		if (blank)
			buf_putc(&p->text, ' ');
		blank = false;
		buf_putc(&p->text, (char)c);
	}
	recorder_comment(&p->rec, p->text.data, p->text.len);
}

static bool is_word(int c)
{
	return isalnum(c) || c >= 0x80 || (c > 0 && strchr("+#=:/-_@~", c));
}

/* Up to the end of the word; what does not fit is left out. */
static void read_word(struct pgn *p, char *out)
{
	size_t n = 0;

	while (is_word(text_peek(p->in))) {
		char c = (char)text_get(p->in);

		if (n + 1 < WORD_SIZE)
			out[n++] = c;
	}
	out[n] = '\0';
}

/* '!' and '?' behind a move. */
static void read_marks(struct pgn *p)
{
	static const struct {
		const char *marks, *nag;
	} known[] = {{"!", "$1"},  {"?", "$2"},  {"!!", "$3"},
		     {"??", "$4"}, {"!?", "$5"}, {"?!", "$6"}};
	char marks[8];
	size_t n = 0;

	while (text_peek(p->in) == '!' || text_peek(p->in) == '?') {
		int c = text_get(p->in);

		if (n + 1 < sizeof(marks))
			marks[n++] = (char)c;
	}
	marks[n] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(marks, known[i].marks))
			recorder_nag(&p->rec, known[i].nag);
}

static void read_nag(struct pgn *p)
{
	char nag[8] = "$";
	size_t n = 1;

	while (isdigit(text_peek(p->in))) {
		int c = text_get(p->in);

		if (n + 1 < 5)
			nag[n++] = (char)c;
	}
	nag[n] = '\0';
	if (n > 1 && atoi(nag + 1) <= 255)
		recorder_nag(&p->rec, nag);
}

/* Signs that other programs write as text. */
static const char *sign_nag(const char *word)
{
	static const struct {
		const char *word, *nag;
	} known[] = {
		{"=", "$10"},  {"+/=", "$14"}, {"=/+", "$15"}, {"+=", "$14"},
		{"=+", "$15"}, {"+/-", "$16"}, {"-/+", "$17"}, {"+-", "$18"},
		{"-+", "$19"}, {"N", "$146"},  {"D", "$220"},  {"ep", ""},
		{"e", ""},     {"p", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(word, known[i].word))
			return known[i].nag;
	return NULL;
}

static void take_word(struct pgn *p, char *word, long line, long column)
{
	const char *nag = sign_nag(word);
	size_t digits = strspn(word, "0123456789");

	if (!isnan(result_of(word))) {
		if (p->depth == 0) {
			p->result = result_of(word);
			p->ended = true;
		}
		return;
	}
	if (nag) {
		if (*nag)
			recorder_nag(&p->rec, nag);
		return;
	}
	if (!word[digits])
		return; /* the number of a move, whatever it says */
	/* Castling with zeros. */
	if (!strncmp(word, "0-0", 3))
		for (char *c = word; *c; c++)
			*c = *c == '0' ? 'O' : *c;
	recorder_move(&p->rec, word, line, column);
}

static void open_variation(struct pgn *p, long line, long column)
{
	p->depth++;
	recorder_push(&p->rec, true, line, column);
	recorder_vary(&p->rec);
}

static void close_variation(struct pgn *p, long line, long column)
{
	if (p->depth > 0) {
		p->depth--;
		recorder_pop(&p->rec);
	} else {
		recorder_fail(&p->rec, line, column,
			      "a ) without the ( of a variation");
	}
}

static void read_move_token(struct pgn *p, int c)
{
	long line = p->in->line, column = p->in->column;
	char word[WORD_SIZE];

	begin_moves(p);
	if (c == '!' || c == '?') {
		read_marks(p);
	} else if (is_word(c)) {
		p->real = true;
		read_word(p, word);
		take_word(p, word, line, column);
	} else {
		text_get(p->in);
		p->real = p->real || (c != '{' && c != ';');
		if (c == '{' || c == ';')
			read_comment(p, c, line, column);
		else if (c == '(')
			open_variation(p, line, column);
		else if (c == ')')
			close_variation(p, line, column);
		else if (c == '$')
			read_nag(p);
		else if (c == '*' && p->depth == 0)
			p->ended = true;
		else if (c < ' ' || c == 0x7f)
			broken(p, line, column,
			       "the byte 0x%02x: this is not PGN", (unsigned)c);
		/* Full stops, the draw offers of `(=)`, what is reserved. */
	}
}

/* Tokens up to the end of one game. */
static void read_game(struct pgn *p)
{
	while (!p->broken && !p->ended) {
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
}

static void finish_game(struct pgn *p)
{
	struct record *r = p->r;
	const char *how = record_find_tag(r, "Termination");
	void *last;

	begin_moves(p);
	if (p->depth > 0)
		recorder_fail(&p->rec, p->in->line, p->in->column,
			      "the game ends inside a variation: a ) is "
			      "missing");
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
	do {
		/* Comments between games belong to none. */
		if (p.any) {
			record_clear(out);
			recorder_release(&p.rec);
			recorder_init(&p.rec, out, e);
			p.any = p.in_moves = false;
		}
		read_game(&p);
	} while (!p.broken && p.any && !p.real);
	if (!p.broken && p.any)
		finish_game(&p);
	if (p.broken)
		got = FORMAT_BROKEN;
	else if (p.any)
		got = p.rec.bad ? FORMAT_BAD : FORMAT_GAME;
	buf_release(&p.text);
	buf_release(&p.fen);
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
