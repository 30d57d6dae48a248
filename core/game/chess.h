/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_CHESS_H
#define CORE_GAME_CHESS_H

#include <stdbool.h>

#include "core/game/game.h"

/*
 * Chess, for those who speak its protocols; all else goes through game_table.
 *
 * White is player 0.  cell = row * 8 + col, row 0 the eighth rank, col 0 the a
 * file.  cell() is one of enum chess_cell.  move_text() is SAN ("Nbd7",
 * "exd8=Q+", "O-O"); move_parse() takes SAN, even as people loosely write it
 * (no x, + or =, 0-0, "e.p.", long form "Ng1-f3"), and UCI text ("g1f3",
 * "e7e8q").  position_text() is FEN of six fields, with an en passant square
 * only where the capture is legal; position_parse() takes four fields or six,
 * and passes over what does not fit: rights to castle of rooks that have left,
 * a pawn that did not jump, a clock at which the game would be over.
 * ended() is "checkmate", "stalemate", "repetition" (third time), "fifty
 * moves", "bare material" (no mate can come of it) or "ply cap"; draws end the
 * game without a claim.
 *
 * With the parameter frc it is Chess960: kings castle with rooks on any files,
 * and position_text() is X-FEN.  Where king and rook are at home as usual the
 * moves have the usual numbers; else castling is the move to the rook's square.
 *
 * A move's number does not know colours: squares are as the side to move sees
 * them, its own first rank below.  0 .. 1791 are the pairs of squares that a
 * queen or a knight could move between on an empty board, by from (a1, b1, ...
 * h8) and to; a pawn that gets to its last rank by one of them becomes a queen.
 * 1792 .. 1857 are promotions to knight, bishop and rook.
 *
 * encode() takes the same view: 31 planes with its last rank as row 0: 0-5 own
 * pawns, knights, bishops, rooks, queens, king, 6-11 the other side's; 12-23
 * the same before the last move; 24-27 rights to castle (own short, own long,
 * other's); 28 the en passant square; 29 plies since a capture or a pawn's
 * move, of 100; 30 whether the position has been there before.
 */
enum chess_cell {
	CHESS_CELL_EMPTY = GAME_EMPTY,
	CHESS_WHITE_PAWN,
	CHESS_BLACK_PAWN,
	CHESS_WHITE_KNIGHT,
	CHESS_BLACK_KNIGHT,
	CHESS_WHITE_BISHOP,
	CHESS_BLACK_BISHOP,
	CHESS_WHITE_ROOK,
	CHESS_BLACK_ROOK,
	CHESS_WHITE_QUEEN,
	CHESS_BLACK_QUEEN,
	CHESS_WHITE_KING,
	CHESS_BLACK_KING,
};

/* A legal move as UCI writes it: "e2e4", "e7e8q", castling "e1g1", and in
 * Chess960 "e1h1", to the rook. */
void chess_uci_text(const struct game *g, const void *s, game_move m,
		    char out[GAME_TEXT_SIZE]);

/* Whether the side to move is in check. */
bool chess_in_check(const void *s);

/* Plies since the last capture or pawn move. */
int chess_quiet_plies(const void *s);

/* As position_parse(), also where the game is over. */
ATTR_NODISCARD enum err_code chess_position_any(const struct game *g, void *s,
						const char *text,
						struct err *e);
/* Forget what made it a draw, and what came before: others play on where our
 * rules do not.  False: there is no legal move.  A position where no mate is
 * possible ends again with the next move. */
bool chess_play_on(void *s);

/* The number of the move, from 1, as PGN and FEN count it. */
int chess_move_count(const void *s);

#endif
