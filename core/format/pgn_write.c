/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/note_tree.h"
#include "core/format/pgn.h"
#include "core/format/record.h"
#include "core/format/uci.h"
#include "core/game/game.h"

/*
 * PGN (Edwards 1994), the export format: the seven tags first, no line of more
 * than 79 characters.  Variations are written from a stack of lines, not by
 * recursion.
 */
enum { LINE_MOST = 79 };

struct pgn_line {
	int line;       /* note; -1: the game */
	const char *at; /* moves to come */
	int ply;
	int note;    /* to be looked at next; -1: none */
	bool number; /* the next move needs its number */
	bool inner;  /* it goes on with the one before: no brackets */
	int shift;   /* null moves before it */
	int setup;   /* note with which it goes on; -1 */
};

struct pgn_out {
	const struct record *r;
	struct buf *out;
	struct note_tree tree;
	struct pgn_line *stack; /* owned */
	int depth, cap;
	int column;
	bool glue;      /* no blank before the next word */
	int first_move; /* number of the first move, and who makes it */
	int first_side;
};

/* A word, on this line or the next. */
static void put(struct pgn_out *p, const char *word, size_t len)
{
	size_t width = 0;

	if (!len)
		return;
	for (size_t i = 0; i < len; i++)
		width += ((unsigned char)word[i] & 0xc0) != 0x80;
	if (p->column && (size_t)p->column + !p->glue + width > LINE_MOST) {
		buf_putc(p->out, '\n');
		p->column = 0;
	} else if (p->column && !p->glue) {
		buf_putc(p->out, ' ');
		p->column++;
	}
	/* At the start of a line it would hide the line. */
	if (p->column == 0 && *word == '%') {
		buf_putc(p->out, ' ');
		p->column++;
	}
	buf_add(p->out, word, len);
	p->column += (int)width;
	p->glue = false;
}

static void put_comment(struct pgn_out *p, const char *text)
{
	struct buf clean;
	const char *at, *word;
	size_t n;

	buf_init(&clean);
	buf_putc(&clean, '{');
	for (const char *c = text; *c; c++)
		buf_putc(&clean, *c == '}'                  ? ')'
				 : *c == '\n' || *c == '\t' ? ' '
							    : *c);
	buf_putc(&clean, '}');
	at = clean.data;
	while ((n = note_word(&at, &word)))
		put(p, word, n);
	buf_release(&clean);
}

/* What a search thought, as programs read it. */
static void put_thought(struct pgn_out *p, const struct record_note *n)
{
	struct buf text;

	buf_init(&text);
	if (!isnan(n->value))
		buf_printf(&text, "[%%eval %.2f] ",
			   uci_cp_of(n->value) / 100.0);
	buf_printf(&text, "[%%plyscope %s]", n->thought.data);
	put_comment(p, text.data);
	buf_release(&text);
}

static void push(struct pgn_out *p, int line, const char *moves, int ply)
{
	if (p->depth == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 16;
		p->stack = mem_realloc(p->stack,
				       (size_t)p->cap * sizeof(*p->stack));
	}
	p->stack[p->depth++] = (struct pgn_line){
		.line = line,
		.at = moves,
		.ply = ply,
		.note = p->tree.first[line + 1],
		.number = true,
		.setup = -1,
	};
}

static void put_move(struct pgn_out *p, struct pgn_line *l, const char *word,
		     size_t len)
{
	int half = p->first_side + l->ply + l->shift;
	char number[32];

	if (half % 2 == 0 || l->number) {
		snprintf(number, sizeof(number), "%d%s",
			 p->first_move + half / 2, half % 2 ? "..." : ".");
		put(p, number, strlen(number));
	}
	put(p, word, len);
	l->number = false;
	l->ply++;
}

/* Everything that is said at a place where nothing can be played instead. */
static void put_stray(struct pgn_out *p, const struct record_note *n)
{
	struct buf text;

	buf_init(&text);
	buf_printf(&text, "or %s", n->text.data);
	put_comment(p, text.data);
	buf_release(&text);
}

/* The line goes on past what the rules know: by a null move, or from a position
 * that only we can read. */
static void begin_setup(struct pgn_out *p, struct pgn_line *l, int note)
{
	struct record_setup setup;
	struct buf text;

	if (!record_setup_parse(p->r->notes[note].text.data, &setup))
		return;
	l->setup = note;
	if (setup.reason == RECORD_NULL) {
		put_move(p, l, "--", 2);
	} else if (setup.reason == RECORD_SET) {
		buf_init(&text);
		buf_printf(&text, "[%%plyscope setup %s]", setup.position);
		put_comment(p, text.data);
		buf_release(&text);
	}
}

static void push_setup(struct pgn_out *p, const struct pgn_line *from)
{
	const struct record_note *n = &p->r->notes[from->setup];
	int shift = from->shift + (from->ply > n->ply);
	bool number = from->number;
	struct record_setup setup;
	struct pgn_line *l;

	record_setup_parse(n->text.data, &setup);
	push(p, from->setup, setup.moves, n->ply);
	l = &p->stack[p->depth - 1];
	l->inner = true;
	l->shift = shift;
	l->number = number || setup.reason == RECORD_SET;
}

/* Notes behind the last move, in their order; variations stand behind the move
 * that they replace.  True: a variation was opened. */
static bool put_notes(struct pgn_out *p)
{
	struct pgn_line *l = &p->stack[p->depth - 1];

	for (; l->note >= 0; l->note = p->tree.next[l->note]) {
		const struct record_note *n = &p->r->notes[l->note];
		bool last = !l->at[strspn(l->at, " ")];

		if (n->kind == RECORD_SETUP) {
			if (!last)
				return false;
			if (l->setup < 0)
				begin_setup(p, l, l->note);
			continue;
		}
		if (n->kind == RECORD_VARIATION && n->ply < l->ply) {
			int note = l->note;

			l->note = p->tree.next[note];
			l->number = true;
			put(p, "(", 1);
			p->glue = true;
			push(p, note, n->text.data, n->ply);
			p->stack[p->depth - 1].shift =
				p->stack[p->depth - 2].shift;
			return true;
		}
		if (n->kind == RECORD_VARIATION) {
			if (!last)
				return false;
			put_stray(p, n);
			continue;
		}
		if (n->ply > l->ply && !last)
			return false;
		if (n->kind == RECORD_COMMENT) {
			if (n->thought.len)
				put_thought(p, n);
			else
				put_comment(p, n->text.data);
			l->number = true;
		} else if (n->text.data[0] == '$') {
			put(p, n->text.data, n->text.len);
		}
	}
	if (l->setup < 0)
		return false;
	push_setup(p, l);
	p->stack[p->depth - 2].setup = -1;
	return true;
}

static void put_lines(struct pgn_out *p)
{
	while (p->depth > 0) {
		struct pgn_line *l;
		const char *word;
		size_t n;

		if (put_notes(p))
			continue;
		l = &p->stack[p->depth - 1];
		n = note_word(&l->at, &word);
		if (n) {
			put_move(p, l, word, n);
			continue;
		}
		if (l->line >= 0 && !l->inner) {
			p->glue = true;
			put(p, ")", 1);
		}
		p->depth--;
	}
}

/* --- tags ---------------------------------------------------------------- */

static void put_tag(struct buf *out, const char *name, const char *value)
{
	buf_printf(out, "[%s \"", name);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *value == '\n' ? ' ' : *value);
	}
	buf_puts(out, "\"]\n");
}

static const char *or_unknown(const char *text)
{
	return text ? text : "?";
}

/* "2023-11-14 22:13" as the standard wants it; dates of other forms stay. */
static void put_date(struct buf *out, const char *date)
{
	char text[40];
	int y, m, d;

	if (date && sscanf(date, "%4d-%2d-%2d", &y, &m, &d) == 3 && y > 0 &&
	    m > 0 && d > 0) {
		snprintf(text, sizeof(text), "%04d.%02d.%02d", y, m, d);
		date = text;
	}
	put_tag(out, "Date", date ? date : "????.??.??");
}

/* Chess960 begins somewhere else even where no position was set up. */
static void put_start(const struct record *r, struct buf *out)
{
	bool frc = strstr(r->game.name, "frc=") != NULL;
	char start[GAME_START_SIZE];
	void *s;

	if (!r->game.start[0] && !frc)
		return;
	if (frc && !record_find_tag(r, "Variant"))
		put_tag(out, "Variant", "Chess960");
	put_tag(out, "SetUp", "1");
	s = game_state_new(&r->game, 0);
	r->game.rules->position_text(&r->game, s, start);
	put_tag(out, "FEN", r->game.start[0] ? r->game.start : start);
	free(s);
}

static void put_tags(const struct record *r, const char *result, bool over,
		     struct buf *out)
{
	const char *site = record_find_tag(r, "Site");
	const char *round = record_find_tag(r, "Round");

	put_tag(out, "Event", or_unknown(r->event));
	put_tag(out, "Site", or_unknown(site));
	put_date(out, r->date);
	put_tag(out, "Round", or_unknown(round));
	put_tag(out, "White", or_unknown(r->first));
	put_tag(out, "Black", or_unknown(r->second));
	put_tag(out, "Result", result);
	put_start(r, out);
	for (int i = 0; i < r->tag_count; i++)
		if (strcmp(r->tags[i].name, "Site") != 0 &&
		    strcmp(r->tags[i].name, "Round") != 0)
			put_tag(out, r->tags[i].name, r->tags[i].value);
	if (!over && r->ended && strcmp(r->ended, "as recorded") != 0 &&
	    !record_find_tag(r, "Termination"))
		put_tag(out, "Termination", r->ended);
}

/* The number of the first move stands last in a FEN. */
static int number_of(const char *fen)
{
	const char *last = strrchr(fen, ' ');
	int n = last ? atoi(last + 1) : 1;

	return n > 0 && n < 100000 ? n : 1;
}

/* Where the moves lead, for what a result's tag should say. */
static bool is_over(const struct record *r, int *first_side)
{
	void *s = game_state_new(&r->game, 0);
	game_move *moves =
		mem_alloc(((size_t)r->game.max_plies + 1) * sizeof(*moves));
	bool over;
	int n;

	*first_side = r->game.rules->to_act(&r->game, s) == 1;
	over = !game_play_text(&r->game, s, r->moves.data, moves, &n, NULL) &&
	       r->game.rules->to_act(&r->game, s) == GAME_OVER;
	free(moves);
	free(s);
	return over;
}

enum err_code pgn_write(const struct record *r, struct buf *out, struct err *e)
{
	struct pgn_out p = {.r = r, .out = out};
	const char *result = isnan(r->result) ? "*"
			     : r->result > 0  ? "1-0"
			     : r->result < 0  ? "0-1"
					      : "1/2-1/2";
	bool over;

	if (strcmp(r->game.rules->family, "chess") != 0)
		return err_set(e, ERR_USAGE,
			       "PGN is for chess; %s goes out as %s",
			       game_short_name(&r->game),
			       format_usual(&r->game)->name);
	over = is_over(r, &p.first_side);
	put_tags(r, result, over, out);
	buf_putc(out, '\n');
	p.first_move = r->game.start[0] ? number_of(r->game.start) : 1;
	note_tree_init(&p.tree, r);
	push(&p, -1, r->moves.data, 0);
	put_lines(&p);
	put(&p, result, strlen(result));
	buf_puts(out, "\n\n");
	note_tree_release(&p.tree);
	free(p.stack);
	return ERR_OK;
}

const struct format format_pgn = {
	.name = "pgn",
	.extension = "pgn",
	.title = "Portable Game Notation (chess)",
	.family = "chess",
	.begins = pgn_begins,
	.read = pgn_read,
	.write = pgn_write,
};
