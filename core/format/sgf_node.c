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
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/sgf.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

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
					    "DM", "UC", "HO", "N",  NULL};

	return sgf_in_list(property, marks);
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

void sgf_begin(struct sgf *s, int first)
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
	       *col < SGF_SIZE_MOST && *row < SGF_SIZE_MOST;
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
	if (s->marks.len > SGF_VALUE_MOST)
		return;
	buf_printf(&s->marks, "%s[%s]", name, s->value.data);
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

	sgf_begin(s, side);
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

void sgf_end_node(struct sgf *s)
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

void sgf_begin_node(struct sgf *s, long line, long column)
{
	sgf_end_node(s);
	s->in_node = true;
	s->set_up = false;
	s->move[0].there = s->move[1].there = false;
	s->line = line;
	s->column = column;
	buf_clear(&s->comment);
	buf_clear(&s->marks);
}
