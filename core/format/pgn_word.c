/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/pgn_int.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/* The words of a game of PGN: moves, results, numbers, signs. */

bool pgn_is_word(int c)
{
	return isalnum(c) || c >= 0x80 || (c > 0 && strchr("+#=:/-_@~<>", c));
}

/* Up to the end of the word, behind what is in `out`; what does not fit is left
 * out. */
void pgn_read_word(struct pgn *p, char *out)
{
	size_t n = strlen(out);

	while (pgn_is_word(text_peek(p->in))) {
		char c = (char)text_get(p->in);

		if (n + 1 < PGN_WORD_SIZE)
			out[n++] = c;
	}
	out[n] = '\0';
}

static void add_nag(struct pgn *p, const char *nag)
{
	pgn_flush(p);
	recorder_nag(&p->rec, nag);
}

/* '!' and '?' behind a move. */
void pgn_read_marks(struct pgn *p)
{
	char marks[8];
	const char *nag;
	size_t n = 0;

	while (text_peek(p->in) == '!' || text_peek(p->in) == '?') {
		int c = text_get(p->in);

		if (n + 1 < sizeof(marks))
			marks[n++] = (char)c;
	}
	marks[n] = '\0';
	nag = pgn_sign(marks);
	if (nag)
		add_nag(p, nag);
}

void pgn_read_nag(struct pgn *p)
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
		add_nag(p, nag);
}

/*
 * Is it a pawn's move to its last rank that says no piece?  That may come, in
 * brackets or behind a sign, with the next token.
 */
static bool wants_piece(struct pgn *p, const char *word)
{
	const struct game *g = &p->r->game;
	size_t n = strcspn(word, "+#");
	char with[PGN_WORD_SIZE + 8];

	if (n < 2 || (word[n - 1] != '8' && word[n - 1] != '1') ||
	    !strchr("abcdefghP", word[0]) || p->rec.bad ||
	    recorder_is_rest(&p->rec) || recorder_to_act(&p->rec) == GAME_OVER)
		return false;
	snprintf(with, sizeof(with), "%.*s=N", (int)n, word);
	return g->rules->move_parse(g, recorder_state(&p->rec), with) !=
	       GAME_NO_MOVE;
}

void pgn_flush(struct pgn *p)
{
	if (!p->pawn[0])
		return;
	record_doubt(
		p->r, p->pawn_line,
		"%.16s does not say what the pawn becomes: read as a queen",
		p->pawn);
	recorder_move(&p->rec, p->pawn, p->pawn_line, p->pawn_column);
	p->pawn[0] = '\0';
}

/* The piece that the pawn in hand becomes, with what stands behind it. */
static void promote(struct pgn *p, char piece, const char *behind)
{
	char word[PGN_WORD_SIZE + 8];

	snprintf(word, sizeof(word), "%.*s=%c%.4s", (int)strcspn(p->pawn, "+#"),
		 p->pawn, toupper((unsigned char)piece), behind);
	p->pawn[0] = '\0';
	recorder_move(&p->rec, word, p->pawn_line, p->pawn_column);
}

/* "=N" as a word of its own. */
static bool take_promotion(struct pgn *p, const char *word)
{
	if (*word != '=' && *word != '/')
		return false;
	if (!word[1] || !strchr("NBRQnbrq", word[1]) ||
	    word[2 + strspn(word + 2, "+#")])
		return false;
	promote(p, word[1], word + 2);
	return true;
}

static void move_word(struct pgn *p, char *word, long line, long column)
{
	/* Castling with zeros. */
	if (!strncmp(word, "0-0", 3))
		for (char *c = word; *c; c++)
			*c = *c == '0' ? 'O' : *c;
	if (wants_piece(p, word)) {
		snprintf(p->pawn, sizeof(p->pawn), "%s", word);
		p->pawn_line = line;
		p->pawn_column = column;
		p->pawn_equals = false;
		return;
	}
	recorder_move(&p->rec, word, line, column);
}

static bool is_null(const char *word)
{
	static const char *const known[] = {"--",   "Z0",   "z0",   "0000",
					    "null", "pass", "NULL", "@@@@",
					    "<>",   "---"};

	/* Nearly all words are moves. */
	if (word[0] >= 'a' && word[0] <= 'h')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (word[0] == known[i][0] && !strcmp(word, known[i]))
			return true;
	return false;
}

/* A word of ASCII: a result, a sign, a number, or a move with signs behind it.
 */
static void take_plain(struct pgn *p, char *word, long line, long column)
{
	const char *nag = pgn_sign(word), *last = NULL;
	size_t digits = strspn(word, "0123456789"), n;

	if (!*word || !strcmp(word, "*"))
		return;
	if (p->pawn[0] && take_promotion(p, word))
		return;
	if (p->pawn[0] && (!strcmp(word, "=") || !strcmp(word, "/"))) {
		p->pawn_equals = true;
		return;
	}
	if (p->pawn[0] && p->pawn_equals && strchr("NBRQ", word[0]) &&
	    !word[1 + strspn(word + 1, "+#")]) {
		promote(p, word[0], word + 1);
		return;
	}
	pgn_flush(p);
	if (!isnan(pgn_result(word))) {
		if (p->depth == 0) {
			p->result = pgn_result(word);
			p->ended = true;
		}
		return;
	}
	if (nag) {
		if (*nag)
			recorder_nag(&p->rec, nag);
		return;
	}
	if (is_null(word)) {
		recorder_null(&p->rec, "--", line, column);
		return;
	}
	if (!word[digits])
		return; /* the number of a move, whatever it says */
	/* "12e4", "12Nf3": a full stop was forgotten.  "0-0" has none. */
	if (digits && isalpha((unsigned char)word[digits]) && word[0] != '0')
		word += digits;
	n = pgn_move_length(word);
	if (word[n])
		last = pgn_sign(word + n);
	/* `exd6e.p.`: the full stops are not of the word. */
	if (last)
		word[n] = '\0';
	move_word(p, word, line, column);
	if (p->pawn[0] && last && !strcmp(last, "$10"))
		p->pawn_equals = true;
	else if (last && *last)
		add_nag(p, last);
}

/* What the word says, a part at a time: signs of other alphabets stand between
 * parts, or are spelt otherwise. */
void pgn_take_word(struct pgn *p, char *word, long line, long column)
{
	struct pgn_parts parts;
	const char *nag;
	char part[PGN_WORD_SIZE];

	if (!pgn_is_odd(word)) {
		take_plain(p, word, line, column);
		return;
	}
	pgn_parts_begin(&parts, word);
	while (!p->ended && pgn_next_part(&parts, part, sizeof(part), &nag)) {
		take_plain(p, part, line, column);
		if (nag && !p->ended)
			add_nag(p, nag);
	}
	pgn_parts_end(&parts);
}

/* "(N)" behind a pawn's move is the piece that it becomes.  What else begins so
 * comes back in `word`. */
bool pgn_in_brackets(struct pgn *p, char *word)
{
	int c = text_skip_blanks(p->in);

	word[0] = '\0';
	if (c == '=') {
		text_get(p->in);
		c = text_skip_blanks(p->in);
	}
	if (c <= 0 || !strchr("NBRQnbrq", c))
		return false;
	word[0] = (char)text_get(p->in);
	word[1] = '\0';
	if (text_skip_blanks(p->in) != ')')
		return false;
	text_get(p->in);
	promote(p, word[0], "");
	return true;
}
