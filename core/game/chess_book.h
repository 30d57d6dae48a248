/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_CHESS_BOOK_H
#define CORE_GAME_CHESS_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * Books of openings in Polyglot's format (book_format.html of its authors): 16
 * bytes an entry, sorted by the Zobrist key of the position; a move, and a
 * weight by which it is drawn.  A book is constant once it is open, and any
 * thread may ask.
 */
struct chess_book;

/* `g` is a game of chess.  ERR_IO, ERR_FORMAT: it is not such a book. */
ATTR_NODISCARD enum err_code chess_book_open(struct chess_book **out,
					     const char *path, struct err *e);
void chess_book_close(struct chess_book *b); /* NULL is allowed */

/* Whether a file of this name is one for `g`: book.bin, for chess. */
bool chess_book_is(const char *path, const struct game *g);

/* The key of a position.  An en passant square counts where the capture is
 * legal; the format has it too where a pin alone forbids it. */
uint64_t chess_book_key(const void *s);

struct chess_book_move {
	game_move move;
	int weight; /* above 0 */
};
enum { CHESS_BOOK_MOVES = 64 };

/* The book's legal moves at `s`, in its order; returns how many, at most
 * CHESS_BOOK_MOVES. */
int chess_book_moves(const struct chess_book *b, const struct game *g,
		     const void *s, struct chess_book_move *out);

struct rng;
/* One of them, drawn by weight; GAME_NO_MOVE: the book has none. */
game_move chess_book_draw(const struct chess_book *b, const struct game *g,
			  const void *s, struct rng *r);

#endif
