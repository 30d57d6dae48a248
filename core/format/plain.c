/* SPDX-License-Identifier: MIT */
#include "config.h"

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
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/*
 * Moves as plain text, one game per line: "4453", "f5d6c3d3c4", "e4 e5 Nf3",
 * with a result behind blanks if there is one: 1-0, 0-1, 1/2-1/2, *, or the
 * points, +12 or 38-26.  Lines that begin with # say what the next game is, as
 * the writer below has them; all others are comments.
 */
enum { LINE_MOST = 1 << 20 };

struct plain {
	struct text_in *in;
	struct record *r;
	struct recorder rec;
	struct err *e;
	struct buf line;
	long number;
};

/* --- # lines ------------------------------------------------------------- */

static const char *value_of(const char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) != 0 || line[n] != ':')
		return NULL;
	line += n + 1;
	return line + strspn(line, " \t");
}

static void take_result(struct record *r, const char *value)
{
	r->result = !strcmp(value, "first player won")    ? 1
		    : !strcmp(value, "second player won") ? -1
		    : !strcmp(value, "draw")              ? 0
							  : (double)NAN;
}

static void take_header(struct plain *p)
{
	struct record *r = p->r;
	const char *line = p->line.data + 1, *v;
	struct game g;

	line += strspn(line, " \t");
	if ((v = value_of(line, "first")))
		record_text(r, &r->first, v, strcmp(v, "-") ? strlen(v) : 0);
	else if ((v = value_of(line, "second")))
		record_text(r, &r->second, v, strlen(v));
	else if ((v = value_of(line, "event")))
		record_text(r, &r->event, v, strlen(v));
	else if ((v = value_of(line, "played")))
		record_text(r, &r->date, v, strlen(v));
	else if ((v = value_of(line, "ended")))
		record_text(r, &r->ended, v, strlen(v));
	else if ((v = value_of(line, "score")))
		r->score = strtod(v, NULL);
	else if ((v = value_of(line, "result")))
		take_result(r, v);
	else if (!game_init(&g, line, NULL)) {
		r->game = g;
		r->has_game = true;
	}
}

/* --- moves --------------------------------------------------------------- */

static bool number_is(const char *text, int *out)
{
	char *end;
	long v = strtol(text, &end, 10);

	if (end == text || *end || v <= -100000 || v >= 100000)
		return false;
	*out = (int)v;
	return true;
}

/* "38-26": points of both. */
static bool both_points(const char *word, int *lead)
{
	char *end;
	long a = strtol(word, &end, 10), b;

	if (end == word || *end != '-' || !isdigit((unsigned char)end[1]))
		return false;
	b = strtol(end + 1, &end, 10);
	if (*end || a < 0 || a >= 10000 || b < 0 || b >= 10000)
		return false;
	*lead = (int)(a - b);
	return true;
}

/* Is the word a result?  Then it is in the record. */
static bool take_score(struct record *r, const char *word)
{
	static const struct {
		const char *word;
		double result;
	} known[] = {
		{"1-0", 1}, {"0-1", -1}, {"1/2-1/2", 0}, {"draw", 0}, {"=", 0}};
	int lead;

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (!strcmp(word, known[i].word)) {
			r->result = known[i].result;
			return true;
		}
	if (!strcmp(word, "*"))
		return true;
	if (!((*word == '+' || *word == '-') && number_is(word, &lead)) &&
	    !both_points(word, &lead))
		return false;
	r->score = lead;
	r->result = lead > 0 ? 1 : lead < 0 ? -1 : 0;
	return true;
}

/* May it be a result?  Those have signs that no move begins with, or holds. */
static bool is_score(const char *word, size_t len)
{
	char text[16];
	struct record none;

	if (len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return take_score(&none, text);
}

/* A word that is no move here: a result, or what the recorder makes of it. */
static void take_word(struct plain *p, const char *text, size_t len)
{
	char word[64];
	size_t n = len < sizeof(word) ? len : sizeof(word) - 1;

	memcpy(word, text, n);
	word[n] = '\0';
	if (!take_score(p->r, word))
		recorder_move(&p->rec, word, p->number,
			      (long)(text - p->line.data) + 1);
}

static void take_line(struct plain *p)
{
	const struct game *g = &p->r->game;
	const char *at = p->line.data;

	recorder_begin(&p->rec);
	while (!p->rec.bad) {
		char text[GAME_TEXT_SIZE];
		game_move m;
		size_t len;

		at = game_line_word(at, &len);
		if (!len)
			break;
		if (!is_score(at, len) && !recorder_is_rest(&p->rec) &&
		    game_line_move(g, recorder_state(&p->rec), &at, &m)) {
			g->rules->move_text(g, recorder_state(&p->rec), m,
					    text);
			recorder_move(&p->rec, text, p->number,
				      (long)(at - p->line.data) + 1);
			continue;
		}
		take_word(p, at, len);
		at += len;
	}
	recorder_end(&p->rec);
}

static enum format_read broken(struct plain *p, long column, const char *fmt,
			       ...) ATTR_PRINTF(3, 4);

static enum format_read broken(struct plain *p, long column, const char *fmt,
			       ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(p->e, ERR_FORMAT, "%s", text);
	p->r->at_line = p->number;
	p->r->at_column = column;
	return FORMAT_BROKEN;
}

/* Nothing but 0x1A and NULs from there on; they are cut off. */
static bool is_end(struct plain *p, size_t from)
{
	for (size_t i = from; i < p->line.len; i++)
		if (p->line.data[i] && p->line.data[i] != 0x1a)
			return false;
	p->line.data[from] = '\0';
	p->line.len = from;
	return true;
}

static enum format_read read_lines(struct plain *p)
{
	for (;;) {
		size_t odd;

		if (text_peek(p->in) == TEXT_END)
			return FORMAT_END;
		p->number = p->in->line;
		buf_clear(&p->line);
		if (!text_line(p->in, &p->line, LINE_MOST))
			return broken(p, LINE_MOST,
				      "a line of more than a megabyte: this is "
				      "not a list of moves");
		for (odd = 0; odd < p->line.len; odd++) {
			unsigned char c = (unsigned char)p->line.data[odd];

			/* The end of an old system's text. */
			if ((c == 0x1a || !c) && is_end(p, odd))
				break;
			if (c < ' ' && c != '\t')
				return broken(p, (long)odd + 1,
					      "the byte 0x%02x: this is not a "
					      "list of moves",
					      c);
		}
		if (p->line.data[0] == '#')
			take_header(p);
		else if (p->line.data[strspn(p->line.data, " \t")])
			break;
	}
	if (!p->r->has_game)
		return broken(p, 1,
			      "moves of which game?  Say it with --game, or in "
			      "a line '# connect4' above them");
	p->r->line = p->number;
	take_line(p);
	if (!p->rec.bad && !p->r->plies)
		recorder_fail(&p->rec, p->number, 1, "a result without a move");
	return p->rec.bad ? FORMAT_BAD : FORMAT_GAME;
}

static enum format_read plain_read(struct text_in *in, const struct game *usual,
				   struct record *out, struct err *e)
{
	struct plain p = {.in = in, .r = out, .e = e};
	enum format_read got;

	record_clear(out);
	if (!out->has_game && usual) {
		out->game = *usual;
		out->has_game = true;
	}
	recorder_init(&p.rec, out, e);
	buf_init(&p.line);
	got = read_lines(&p);
	buf_release(&p.line);
	recorder_release(&p.rec);
	return got;
}

/* Comment lines, then the moves as the game writes them. */
static enum err_code plain_write(const struct record *r, struct buf *out,
				 struct err *e)
{
	(void)e;
	buf_printf(out, "# %s\n", r->game.name);
	buf_printf(out, "# first: %s\n", r->first ? r->first : "-");
	if (r->second)
		buf_printf(out, "# second: %s\n", r->second);
	if (isnan(r->result))
		buf_puts(out, "# result: unfinished\n");
	else if (r->result == 0)
		buf_puts(out, "# result: draw\n");
	else
		buf_printf(out, "# result: %s player won\n",
			   r->result > 0 ? "first" : "second");
	if (isfinite(r->score))
		buf_printf(out, "# score: %g\n", r->score);
	if (r->event)
		buf_printf(out, "# event: %s\n", r->event);
	if (r->date)
		buf_printf(out, "# played: %s\n", r->date);
	for (int i = 0; i < r->note_count; i++)
		if (r->notes[i].kind == RECORD_SETUP && r->notes[i].parent < 0)
			buf_printf(out, "# goes on from: %s\n",
				   r->notes[i].text.data);
	buf_printf(out, "%s\n", r->moves.data);
	return ERR_OK;
}

const struct format format_plain = {
	.name = "plain",
	.extension = "txt",
	.title = "moves as text, one game per line (all games)",
	.read = plain_read,
	.write = plain_write,
};
