/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/sgf.h"

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
#include "core/format/text_in.h"
#include "core/game/game.h"

/*
 * SGF FF[4] (Hollosi 1999), games of Go.  Trees are read from front to end with
 * a stack of open ones; the first tree in a tree goes on with the game, the
 * others are variations.  Property names of older versions, with lower-case
 * letters between, are known too.
 */
enum {
	SIZE_MOST = 19,
	NAME_SIZE = 8,
	VALUE_MOST = 4096,
	COMMENT_MOST = 1 << 20,
	DEPTH_MOST = 1 << 20,
};

struct sgf {
	struct text_in *in;
	const struct game *usual;
	struct record *r;
	struct recorder rec;
	struct err *e;
	struct buf value; /* of the property in hand */
	bool broken;
	int *children; /* owned; trees in each open tree so far */
	int depth, cap;
	/* The root and what stands before the first move. */
	int gm, rows, cols, to_play; /* -1: not said */
	double komi;                 /* NAN */
	char board[SIZE_MOST][SIZE_MOST];
	bool stones[2], handicap;
	/* The node in hand. */
	bool in_node, set_up;
	long line, column;
	struct {
		bool there;
		char at[4];
	} move[2];
	struct buf comment, marks; /* marks: "TE[1]" and a NUL each */
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

static void bad(struct sgf *s, const char *fmt, ...) ATTR_PRINTF(2, 3);

static void bad(struct sgf *s, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	recorder_fail(&s->rec, s->line, s->column, "%s", text);
}

static bool in_list(const char *property, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(property, *list))
			return true;
	return false;
}

bool sgf_is_mark(const char *property)
{
	static const char *const marks[] = {"TE", "BM", "DO", "IT", "GB", "GW",
					    "DM", "UC", "HO", "N",  NULL};

	return in_list(property, marks);
}

bool sgf_is_info(const char *property)
{
	static const char *const info[] = {"RU", "HA", "BR", "WR", "BT", "WT",
					   "PC", "RO", "ON", "OT", "TM", "US",
					   "AN", "CP", "GC", "GN", "SO", NULL};

	return in_list(property, info);
}

/* --- the start ----------------------------------------------------------- */

static int to_play(const struct sgf *s, int first)
{
	if (s->to_play >= 0)
		return s->to_play;
	if (first >= 0)
		return first;
	return s->stones[0] && !s->stones[1] ? 1 : 0;
}

static void start_text(const struct sgf *s, int to_play, struct buf *out)
{
	for (int row = 0; row < s->rows; row++) {
		int run = 0;

		if (row)
			buf_putc(out, '/');
		for (int col = 0; col < s->rows; col++) {
			if (!s->board[row][col]) {
				run++;
				continue;
			}
			if (run)
				buf_printf(out, "%d", run);
			run = 0;
			buf_putc(out, s->board[row][col]);
		}
		if (run)
			buf_printf(out, "%d", run);
	}
	buf_puts(out, to_play ? " w" : " b");
}

/* The game that the root tells of; `first`: who makes the first move, -1. */
static void begin(struct sgf *s, int first)
{
	struct record *r = s->r;
	struct err e = ERR_INIT;
	char spec[64];
	struct buf start;
	size_t n;

	if (s->rec.begun || s->rec.bad)
		return;
	if (s->gm >= 0 && s->gm != 1) {
		bad(s, "GM[%d]: only games of Go, GM[1], are read", s->gm);
		return;
	}
	if (s->rows != s->cols) {
		bad(s, "SZ[%d:%d]: boards are square", s->cols, s->rows);
		return;
	}
	n = (size_t)snprintf(spec, sizeof(spec), "go:size=%d", s->rows);
	if (!isnan(s->komi))
		snprintf(spec + n, sizeof(spec) - n, ",komi=%g", s->komi);
	r->has_game = !game_init(&r->game, spec, &e);
	buf_init(&start);
	if (r->has_game &&
	    (s->stones[0] || s->stones[1] || to_play(s, first))) {
		start_text(s, to_play(s, first), &start);
		r->has_game = !game_from(&r->game, &r->game, start.data, &e);
	}
	buf_release(&start);
	if (r->has_game)
		recorder_begin(&s->rec);
	else
		bad(s, "%s", e.msg);
}

/* --- properties ---------------------------------------------------------- */

/* "dp" as column and row; false for what is not a point of the board. */
static bool point(const struct sgf *s, const char *text, int *row, int *col)
{
	*col = text[0] - 'a';
	*row = text[0] ? text[1] - 'a' : -1;
	return *col >= 0 && *col < s->cols && *row >= 0 && *row < s->rows &&
	       *col < SIZE_MOST && *row < SIZE_MOST;
}

static void set_stones(struct sgf *s, const char *text, char stone)
{
	int row, col, row2, col2;

	if (s->rec.begun) {
		s->set_up = true;
		return;
	}
	if (!point(s, text, &row, &col) ||
	    !(text[2] == '\0' ||
	      (text[2] == ':' && point(s, text + 3, &row2, &col2) &&
	       text[5] == '\0'))) {
		bad(s, "the stone [%.20s]: not a point of a %dx%d board", text,
		    s->cols, s->rows);
		return;
	}
	if (!text[2]) {
		row2 = row;
		col2 = col;
	}
	for (int r = row; r <= row2; r++)
		for (int c = col; c <= col2; c++)
			s->board[r][c] = stone;
	if (stone)
		s->stones[stone == 'o'] = true;
}

static void set_size(struct sgf *s, const char *text)
{
	char *end;
	long cols = strtol(text, &end, 10), rows = cols;

	if (*end == ':')
		rows = strtol(end + 1, &end, 10);
	if (*end || cols < 1 || rows < 1 || cols > 52 || rows > 52) {
		bad(s, "SZ[%.20s]: not a size of a board", text);
		return;
	}
	s->cols = (int)cols;
	s->rows = (int)rows;
}

static void set_komi(struct sgf *s, const char *text)
{
	char *end;
	double v = strtod(text, &end);

	while (isspace((unsigned char)*end))
		end++;
	if (end == text || *end || !(fabs(v) < 1000)) {
		bad(s, "KM[%.20s]: not a number of points", text);
		return;
	}
	/* Quarters count stones, as in China: twice as many points. */
	s->komi = fmod(fabs(v) * 4, 2) == 1 ? 2 * v : v;
}

static void set_result(struct sgf *s, const char *text)
{
	struct record *r = s->r;
	char side = (char)toupper((unsigned char)text[0]);
	const char *how = text + 2;
	char *end;
	double v;

	if (!strcmp(text, "0") || !strcasecmp(text, "draw") ||
	    !strcasecmp(text, "jigo")) {
		r->result = r->score = 0;
		record_text(r, &r->ended, "points", 6);
		return;
	}
	if ((side != 'B' && side != 'W') || text[1] != '+')
		return; /* "?", "Void": not known */
	r->result = side == 'B' ? 1 : -1;
	v = strtod(how, &end);
	if (end != how && !*end && fabs(v) < 1000) {
		r->score = side == 'B' ? v : -v;
		record_text(r, &r->ended, "points", 6);
	} else if (toupper((unsigned char)*how) == 'R') {
		record_text(r, &r->ended, "resignation", 11);
	} else if (toupper((unsigned char)*how) == 'T') {
		record_text(r, &r->ended, "time", 4);
	} else if (toupper((unsigned char)*how) == 'F') {
		record_text(r, &r->ended, "forfeit", 7);
	}
}

static void set_move(struct sgf *s, int side, const char *text)
{
	s->move[side].there = true;
	snprintf(s->move[side].at, sizeof(s->move[side].at), "%s", text);
}

static void add_mark(struct sgf *s, const char *name)
{
	if (s->marks.len > VALUE_MOST)
		return;
	buf_printf(&s->marks, "%s[%s]", name, s->value.data);
	buf_putc(&s->marks, '\0');
}

/* One value of a property. */
static void take(struct sgf *s, const char *name)
{
	struct record *r = s->r;
	const char *v = s->value.data;
	size_t len = s->value.len;

	if (!strcmp(name, "B") || !strcmp(name, "W"))
		set_move(s, name[0] == 'W', v);
	else if (!strcmp(name, "C"))
		buf_add(&s->comment, v, len);
	else if (!strcmp(name, "AB"))
		set_stones(s, v, 'x');
	else if (!strcmp(name, "AW"))
		set_stones(s, v, 'o');
	else if (!strcmp(name, "AE"))
		set_stones(s, v, '\0');
	else if (!strcmp(name, "PL") && !s->rec.begun)
		s->to_play = toupper((unsigned char)v[0]) == 'W';
	else if (!strcmp(name, "GM"))
		s->gm = atoi(v);
	else if (!strcmp(name, "SZ"))
		set_size(s, v);
	else if (!strcmp(name, "KM"))
		set_komi(s, v);
	else if (!strcmp(name, "RE"))
		set_result(s, v);
	else if (!strcmp(name, "PB"))
		record_text(r, &r->first, v, len);
	else if (!strcmp(name, "PW"))
		record_text(r, &r->second, v, len);
	else if (!strcmp(name, "EV"))
		record_text(r, &r->event, v, len);
	else if (!strcmp(name, "DT"))
		record_text(r, &r->date, v, len);
	else if (sgf_is_info(name))
		record_tag(r, name, v);
	else if (sgf_is_mark(name))
		add_mark(s, name);
}

/* --- nodes --------------------------------------------------------------- */

static void play(struct sgf *s, int side)
{
	char text[16] = "pass";
	const char *at = s->move[side].at;
	int row, col;

	begin(s, side);
	if (s->rec.bad)
		return;
	if (at[0] && strcmp(at, "tt") != 0) {
		if (!point(s, at, &row, &col) || at[2]) {
			bad(s, "%c[%s]: not a point of a %dx%d board",
			    side ? 'W' : 'B', at, s->cols, s->rows);
			return;
		}
		snprintf(text, sizeof(text), "%c%d", SGF_COLUMNS[col],
			 s->rows - row);
	}
	/* A move out of turn: the other one passed without a word. */
	if (recorder_to_act(&s->rec) == !side)
		recorder_move(&s->rec, "pass", s->line, s->column);
	recorder_move(&s->rec, text, s->line, s->column);
}

static void say(struct sgf *s, enum record_kind kind, const char *text)
{
	size_t len = strlen(text);

	while (len && isspace((unsigned char)text[len - 1]))
		len--;
	if (!len)
		return;
	if (!s->rec.begun && !s->rec.bad) {
		struct buf clean;

		buf_init(&clean);
		text_add_utf8(&clean, text, len);
		record_note(s->r, kind, -1, 0, clean.data);
		buf_release(&clean);
	} else if (kind == RECORD_COMMENT) {
		recorder_comment(&s->rec, text, len);
	} else {
		recorder_nag(&s->rec, text);
	}
}

static void end_node(struct sgf *s)
{
	if (!s->in_node)
		return;
	s->in_node = false;
	if (s->set_up)
		recorder_stop(&s->rec, "set-up", s->line, s->column);
	for (int side = 0; side < 2; side++)
		if (s->move[side].there)
			play(s, side);
	say(s, RECORD_COMMENT, s->comment.data);
	for (size_t at = 0; at < s->marks.len;
	     at += strlen(s->marks.data + at) + 1)
		say(s, RECORD_NAG, s->marks.data + at);
}

static void begin_node(struct sgf *s, long line, long column)
{
	end_node(s);
	s->in_node = true;
	s->set_up = false;
	s->move[0].there = s->move[1].there = false;
	s->line = line;
	s->column = column;
	buf_clear(&s->comment);
	buf_clear(&s->marks);
}

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

	return in_list(name, others) || sgf_is_info(name) || sgf_is_mark(name);
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
			   strcmp(name, "C") != 0 ? VALUE_MOST : COMMENT_MOST);
		/* No text in SGF has NULs. */
		if (!s->broken && strlen(s->value.data) != s->value.len)
			broken(s, line, column, "a NUL in the property %s",
			       name);
		if (!s->broken && keep)
			take(s, name);
	}
}

/* --- trees --------------------------------------------------------------- */

static void open_tree(struct sgf *s, long line, long column)
{
	end_node(s);
	if (s->depth > 0) {
		begin(s, -1);
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
	end_node(s);
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
		begin_node(s, line, column);
		if (s->children[s->depth - 1])
			bad(s, "a node behind a variation");
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
			.rows = SIZE_MOST,
			.cols = SIZE_MOST,
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
			begin(&s, -1);
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
