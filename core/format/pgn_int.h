/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_PGN_INT_H
#define CORE_FORMAT_PGN_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/* Reading PGN: pgn_read.c knows tags, comments and variations, pgn_word.c moves
 * and results, pgn_signs.c the signs that people write at moves. */

enum { PGN_WORD_SIZE = 64 };

struct pgn {
	struct text_in *in;
	const struct game *usual;
	struct record *r;
	struct recorder rec;
	struct err *e;
	struct buf text; /* of a comment or a tag */
	struct buf fen;
	struct buf ahead; /* comments before the game, a NUL behind each */
	bool any;         /* something was read */
	bool real;        /* and it was more than comments */
	bool in_moves;    /* behind the tags */
	bool frc;         /* Chess960 */
	double tag_result, result;
	bool ended;
	int depth;
	/* A pawn's move that does not say what it becomes, yet. */
	char pawn[PGN_WORD_SIZE];
	bool pawn_equals;
	long pawn_line, pawn_column;
};

/* May it stand in a word? */
bool pgn_is_word(int c);
/* Up to the end of the word, behind what is in `out`; what does not fit is left
 * out. */
void pgn_read_word(struct pgn *p, char *out);
void pgn_take_word(struct pgn *p, char *word, long line, long column);
/* '!' and '?' behind a move; and digits behind a '$'. */
void pgn_read_marks(struct pgn *p);
void pgn_read_nag(struct pgn *p);
/* The pawn in hand becomes a queen: nothing said otherwise. */
void pgn_flush(struct pgn *p);
/* "(N)" behind a pawn's move, without the (, is the piece that it becomes. What
 * else begins so comes back in `word`. */
bool pgn_in_brackets(struct pgn *p, char *word);

/* 1, 0 or -1; NAN: the word is no result. */
double pgn_result(const char *word);

/* The NAG that a word of ASCII stands for; "" for one that says nothing, NULL:
 * it is no sign. */
const char *pgn_sign(const char *word);

/* The length of the move that a word of ASCII begins with: what follows may be
 * a sign. */
size_t pgn_move_length(const char *word);

/* Has it a byte that is not ASCII? */
bool pgn_is_odd(const char *word);

/*
 * A word with signs of other alphabets, in UTF-8 or Latin-1, in parts of ASCII:
 * figurines become letters and long dashes hyphens; blanks of all kinds and
 * signs end a part.
 */
struct pgn_parts {
	struct buf text; /* owned */
	size_t at;
};
void pgn_parts_begin(struct pgn_parts *p, const char *word);
void pgn_parts_end(struct pgn_parts *p);
/* The next part, which may be empty, and the NAG behind it or NULL; false at
 * the end. */
bool pgn_next_part(struct pgn_parts *p, char *out, size_t size,
		   const char **nag);

#endif
