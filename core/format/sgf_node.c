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
#include "core/format/format.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/sgf.h"
#include "core/format/text_in.h"
#include "core/game/game.h"
#include "core/game/go.h"

/* What the nodes of an SGF file mean. */

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

bool sgf_in_list(const char *property, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(property, *list))
			return true;
	return false;
}

bool sgf_is_mark(const char *property)
{
	static const char *const marks[] = {"TE", "BM", "DO", "IT", "GB", "GW",
					    "DM", "UC", "HO", "N",  "V",  "BL",
					    "WL", "OB", "OW", NULL};

	return sgf_in_list(property, marks) || sgf_is_list(property);
}

bool sgf_is_list(const char *property)
{
	static const char *const lists[] = {"LB", "TR", "SQ", "CR", "MA",
					    "SL", "AR", "LN", "DD", "VW",
					    "TB", "TW", NULL};

	return sgf_in_list(property, lists);
}

bool sgf_is_info(const char *property)
{
	static const char *const info[] = {"RU", "HA", "BR", "WR", "BT", "WT",
					   "PC", "RO", "ON", "OT", "TM", "US",
					   "AN", "CP", "GC", "GN", "SO", NULL};

	return sgf_in_list(property, info);
}

/* --- the start ----------------------------------------------------------- */

static int to_play(const struct sgf *s, int first)
{
	const struct sgf_board *b = &s->board;

	/* Whoever moves was to move, whatever was said. */
	if (first >= 0)
		return first;
	if (b->to_play >= 0)
		return b->to_play;
	return b->stones[0] && !b->stones[1] ? 1 : 0;
}

static void board_text(const struct sgf *s, int to_play, struct buf *out)
{
	for (int row = 0; row < s->rows; row++) {
		int run = 0;

		if (row)
			buf_putc(out, '/');
		for (int col = 0; col < s->rows; col++) {
			char what = s->board.point[row][col];

			if (!what) {
				run++;
				continue;
			}
			if (run)
				buf_printf(out, "%d", run);
			run = 0;
			buf_putc(out, what);
		}
		if (run)
			buf_printf(out, "%d", run);
	}
	buf_puts(out, to_play ? " w" : " b");
}

/* A komi that nobody said is the usual one, and is not invented when the game
 * goes out again. */
static void add_komi(struct sgf *s, char *spec, size_t size)
{
	const struct game *u = s->usual;
	char usual[GAME_PARAM_SIZE];
	size_t n = strlen(spec);

	if (!isnan(s->komi)) {
		snprintf(spec + n, size - n, ",komi=%g", s->komi);
		return;
	}
	record_tag(s->r, "KM", "");
	if (u && !strcmp(u->rules->family, format_sgf.family) &&
	    game_param_text(u, "komi", usual))
		snprintf(spec + n, size - n, ",komi=%s", usual);
}

void sgf_begin(struct sgf *s, int first)
{
	struct record *r = s->r;
	struct err e = ERR_INIT;
	char spec[96];
	struct buf start;

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
	snprintf(spec, sizeof(spec), "go:size=%d", s->rows);
	add_komi(s, spec, sizeof(spec));
	r->has_game = !game_init(&r->game, spec, &e);
	buf_init(&start);
	if (r->has_game &&
	    (s->board.stones[0] || s->board.stones[1] || to_play(s, first))) {
		board_text(s, to_play(s, first), &start);
		r->has_game = !game_from(&r->game, &r->game, start.data, &e);
	}
	buf_release(&start);
	if (!r->has_game) {
		bad(s, "%s", e.msg);
		return;
	}
	s->first = s->board;
	recorder_begin(&s->rec);
	/* Trees that were opened before. */
	for (int i = 1; i < s->depth; i++)
		recorder_push(&s->rec, false, s->line, s->column);
}

/* The board of the position in hand, to be changed. */
static void take_board(struct sgf *s)
{
	const struct game *g = &s->r->game;
	const void *state = recorder_state(&s->rec);

	s->board = (struct sgf_board){.to_play = -1};
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			int what = g->rules->cell(g, state, row, col);

			s->board.point[row][col] = what == 1   ? 'x'
						   : what == 2 ? 'o'
							       : '\0';
		}
}

void sgf_set_up(struct sgf *s, const struct sgf_board *from)
{
	s->board = *from;
	s->set_up = true;
}

/* Does the node in hand set up what is there, for who is to move there? */
static bool changes_nothing(const struct sgf *s, int side)
{
	const struct game *g = &s->r->game;
	const void *state = recorder_state(&s->rec);

	if (recorder_to_act(&s->rec) != side)
		return false;
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			int what = g->rules->cell(g, state, row, col);

			if (s->board.point[row][col] != (what == 1   ? 'x'
							 : what == 2 ? 'o'
								     : '\0'))
				return false;
		}
	return true;
}

/* What the node has set up, in mid-game. */
static void put_board(struct sgf *s)
{
	int side = s->board.to_play;
	struct buf text;

	if (s->rec.bad)
		return;
	if (recorder_is_rest(&s->rec)) {
		recorder_stop(&s->rec, "set-up", s->line, s->column);
		return;
	}
	if (side < 0)
		side = recorder_to_act(&s->rec) == 1;
	if (changes_nothing(s, side))
		return;
	buf_init(&text);
	board_text(s, side, &text);
	if (!recorder_setup(&s->rec, RECORD_SET, text.data,
			    s->board.to_play < 0, s->line, s->column))
		recorder_stop(&s->rec, "set-up", s->line, s->column);
	buf_release(&text);
}

/* --- properties ---------------------------------------------------------- */

/* "dp" as column and row; false for what is not a point of the board. */
static bool point(const struct sgf *s, const char *text, int *row, int *col)
{
	*col = text[0] - 'a';
	*row = text[0] ? text[1] - 'a' : -1;
	return *col >= 0 && *col < s->cols && *row >= 0 && *row < s->rows &&
	       *col < SGF_SIZE_MOST && *row < SGF_SIZE_MOST;
}

/* Text without blanks around it; the length. */
static size_t trimmed(const char **text)
{
	size_t n;

	*text += strspn(*text, " \t\r\n");
	n = strlen(*text);
	while (n && isspace((unsigned char)(*text)[n - 1]))
		n--;
	return n;
}

static void set_stones(struct sgf *s, const char *text, char stone)
{
	int row, col, row2, col2;
	size_t n = trimmed(&text);

	if (!n || s->rec.bad)
		return;
	if (!point(s, text, &row, &col) ||
	    !(n == 2 ||
	      (n == 5 && text[2] == ':' && point(s, text + 3, &row2, &col2)))) {
		bad(s, "the stone [%.20s]: not a point of a %dx%d board", text,
		    s->cols, s->rows);
		return;
	}
	if (s->rec.begun && !s->set_up) {
		take_board(s);
		s->set_up = true;
	}
	if (n == 2) {
		row2 = row;
		col2 = col;
	}
	/* Whichever corners they are. */
	for (int r = row < row2 ? row : row2; r <= (row < row2 ? row2 : row);
	     r++)
		for (int c = col < col2 ? col : col2;
		     c <= (col < col2 ? col2 : col); c++)
			s->board.point[r][c] = stone;
	if (stone)
		s->board.stones[stone == 'o'] = true;
}

static void set_to_play(struct sgf *s, const char *text)
{
	int side;

	if (!trimmed(&text))
		return;
	/* Old files count colours. */
	side = toupper((unsigned char)text[0]) == 'W' || text[0] == '2';
	if (s->rec.begun && !s->rec.bad && !s->set_up) {
		if (recorder_to_act(&s->rec) == side)
			return;
		take_board(s);
		s->set_up = true;
	}
	s->board.to_play = side;
}

static void set_size(struct sgf *s, const char *text)
{
	size_t n = trimmed(&text);
	char *end;
	long cols = strtol(text, &end, 10), rows = cols;

	if (!n) {
		record_doubt(s->r, s->line, "SZ is empty: read as %d", s->rows);
		return;
	}
	/* A property of the root, and the board is as large as it began. */
	if (s->rec.begun) {
		record_doubt(s->r, s->line,
			     "SZ after the first move: passed over");
		return;
	}
	if (*end == ':' || *end == 'x')
		rows = strtol(end + 1, &end, 10);
	if (end != text + n || cols < 1 || rows < 1 || cols > 52 || rows > 52) {
		bad(s, "SZ[%.20s]: not a size of a board", text);
		return;
	}
	s->cols = (int)cols;
	s->rows = (int)rows;
}

/* A number, with a full stop or a comma; what follows it. */
static double number(const char *text, const char **rest)
{
	char plain[64], *end;
	double v;

	snprintf(plain, sizeof(plain), "%s", text);
	for (char *c = plain; *c; c++)
		*c = *c == ',' ? '.' : *c;
	/* Neither "nan" nor "infinity". */
	if (!strpbrk(plain, "0123456789") ||
	    isalpha((unsigned char)plain[strspn(plain, "+- \t")]))
		end = plain;
	else
		v = strtod(plain, &end);
	*rest = text + (end - plain);
	return end == plain ? (double)NAN : v;
}

/*
 * Fox and other servers count hundredths, and those and gokifu stones, as in
 * China, of which each is two points: 375, 3.75 and 7.5 are the same komi, and
 * so are 650 and 6.5.
 */
static void set_komi(struct sgf *s, const char *text)
{
	size_t n = trimmed(&text);
	const char *rest;
	double v = number(text, &rest);

	if (!n) {
		record_doubt(s->r, s->line,
			     "KM is empty: the komi is not known");
		return;
	}
	if (isnan(v) || !(fabs(v) < 100000)) {
		record_doubt(s->r, s->line,
			     "KM[%.20s] is not a number of points: the komi is "
			     "not known",
			     text);
		return;
	}
	s->komi = v;
	if (fabs(v) >= 200 && fmod(fabs(v), 25) == 0)
		s->komi /= 100;
	/* Quarters count stones. */
	if (fmod(fabs(s->komi) * 4, 2) == 1)
		s->komi *= 2;
	if (fabs(s->komi) >= 1000) {
		record_doubt(s->r, s->line, "KM[%.20s]: the komi is not known",
			     text);
		s->komi = (double)NAN;
	} else if (fabs(v) >= 200 || rest < text + n) {
		record_doubt(s->r, s->line, "KM[%.20s] is read as %g", text,
			     s->komi);
	}
}

static void set_result(struct sgf *s, const char *text)
{
	struct record *r = s->r;
	const char *how, *rest;
	char side;
	double v;

	trimmed(&text);
	side = (char)toupper((unsigned char)text[0]);
	how = text[0] ? text + 2 : text;

	if (!strcmp(text, "0") || !strcasecmp(text, "draw") ||
	    !strcasecmp(text, "jigo")) {
		r->result = r->score = 0;
		record_text(r, &r->ended, "points", 6);
		return;
	}
	if ((side != 'B' && side != 'W') || text[1] != '+') {
		/* "Void", and words: not known here, and kept. */
		if (*text && strcmp(text, "?") != 0)
			record_tag(r, "RE", text);
		return;
	}
	r->result = side == 'B' ? 1 : -1;
	v = number(how, &rest);
	if (!isnan(v) && fabs(v) < 1000) {
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
	size_t n = strlen(text), most = sizeof(s->move[side].at) - 1;

	s->move[side].there = true;
	n = n < most ? n : most;
	memcpy(s->move[side].at, text, n);
	s->move[side].at[n] = '\0';
}

static void add_mark(struct sgf *s, const char *name)
{
	size_t last = s->marks.len ? s->marks.len - 1 : 0, n = strlen(name);

	if (s->marks.len > SGF_MARKS_MOST)
		return;
	while (last && s->marks.data[last - 1])
		last--;
	/* One more value of the same list. */
	if (sgf_is_list(name) && s->marks.len &&
	    !strncmp(s->marks.data + last, name, n) &&
	    s->marks.data[last + n] == '[') {
		s->marks.data[--s->marks.len] = '\0';
		buf_putc(&s->marks, '[');
	} else {
		buf_printf(&s->marks, "%s[", name);
	}
	for (const char *c = s->value.data; *c; c++) {
		if (sgf_is_list(name) && (*c == ']' || *c == '\\'))
			buf_putc(&s->marks, '\\');
		buf_putc(&s->marks, *c);
	}
	buf_putc(&s->marks, ']');
	buf_putc(&s->marks, '\0');
}

void sgf_take(struct sgf *s, const char *name)
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
	else if (!strcmp(name, "PL"))
		set_to_play(s, v);
	else if (!strcmp(name, "GM"))
		s->gm = trimmed(&v) ? atoi(v) : -1;
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
	char text[GAME_TEXT_SIZE] = "pass";
	const char *at = s->move[side].at;
	int row, col;

	sgf_begin(s, side);
	if (s->rec.bad)
		return;
	if (at[0] && !(strcmp(at, "tt") == 0 && s->rows <= 19)) {
		if (!point(s, at, &row, &col) || at[2]) {
			if (recorder_in_game(&s->rec))
				bad(s, "%c[%s]: not a point of a %dx%d board",
				    side ? 'W' : 'B', at, s->cols, s->rows);
			else
				recorder_move(&s->rec, at, s->line, s->column);
			return;
		}
		go_vertex_text(&s->r->game, (game_move)(row * s->cols + col),
			       text);
	}
	recorder_go_on(&s->rec, true, s->line, s->column);
	/* A move out of turn: the other one passed without a word.  But no such
	 * pass ends a game, nor begins one. */
	if (!recorder_is_rest(&s->rec) && recorder_to_act(&s->rec) == !side) {
		if (strcmp(text, "pass") != 0 && recorder_may_pass(&s->rec) &&
		    !recorder_is_fresh(&s->rec))
			recorder_move(&s->rec, "pass", s->line, s->column);
		else
			recorder_null(&s->rec, "--", s->line, s->column);
	}
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

void sgf_end_node(struct sgf *s)
{
	if (!s->in_node)
		return;
	s->in_node = false;
	if (s->set_up)
		put_board(s);
	s->set_up = false;
	for (int side = 0; side < 2; side++)
		if (s->move[side].there)
			play(s, side);
	say(s, RECORD_COMMENT, s->comment.data);
	for (size_t at = 0; at < s->marks.len;
	     at += strlen(s->marks.data + at) + 1)
		say(s, RECORD_NAG, s->marks.data + at);
}

void sgf_begin_node(struct sgf *s, long line, long column)
{
	sgf_end_node(s);
	s->in_node = true;
	s->move[0].there = s->move[1].there = false;
	s->line = line;
	s->column = column;
	buf_clear(&s->comment);
	buf_clear(&s->marks);
}
