/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_STONES_H
#define CORE_GAME_STONES_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * Positions of two colours of stones as text, in the style of FEN: rows from
 * the top with '/' between them, x and o for player 0's and player 1's stones,
 * numbers for runs of empty cells, then a blank and b or w, who is to move.
 *
 *	8/8/8/3ox3/3xo3/8/8/8 b
 *
 * A stone is 1 (x) or 2 (o), an empty cell 0; boards are square.
 */
struct stones_scan {
	const char *text, *at; /* borrowed; `at` is what comes next */
	struct err *e;         /* borrowed; may be NULL */
};

/* Reads rows and side, and leaves c->at behind them; capitals will do too.
 * ERR_FORMAT names the column. */
ATTR_NODISCARD enum err_code stones_parse(struct stones_scan *c, int size,
					  uint8_t *stone, int *player);

/* Column of c->at, from 1. */
int stones_column(const struct stones_scan *c);
/* "column 5: 'q' where x should be". */
enum err_code stones_expected(const struct stones_scan *c, const char *what);

/* The eight symmetries of a square board, the first four of any: transpose (4),
 * then mirror columns (1) and rows (2). */
int board_symmetry(const struct game *g, int sym, int cell);

/* Where move number = cell, and the last move is a pass. */
game_move stones_move_symmetry(const struct game *g, int sym, game_move m);
int stones_move_cell(const struct game *g, const void *state, game_move m);

/* Returns the length, at most size * (size + 1) + 1. */
int stones_text(int size, const uint8_t *stone, int player, char *out);

#endif
