/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_CHESS_STATE_H
#define CORE_GAME_CHESS_STATE_H

#include "core/game/chess_board.h"
#include "core/game/game.h"

/* A game of chess under way, for the files chess*.c alone. */

enum chess_end {
	CHESS_RUNNING,
	CHESS_MATE, /* of the side to move */
	CHESS_STALEMATE,
	CHESS_REPETITION,
	CHESS_FIFTY,
	CHESS_BARE,
	CHESS_CAP,
};

/* Parameters of the game. */
enum { CHESS_PLIES, CHESS_FRC };
enum { CHESS_FRC_NONE = -1, CHESS_FRC_STARTS = 960, CHESS_FRC_USUAL = 518 };

enum { CHESS_QUIET_MAX = 100 }; /* plies: fifty moves of each */

struct chess_state {
	struct chess_board b;
	/* The board before the last move, seen as `b` is: kind + 1 in three
	 * planes of bits, then whose turn it is now; zero if there is none. */
	uint64_t before[4];
	/*
	 * The moves since the last that cannot be taken back (captures, pawns,
	 * rights to castle lost): all are plain steps of one piece, so going
	 * back over them finds repetitions exactly.  from | to << 6 | kind <<
	 * 12, squares as White sees them.  Zero from past_count on.
	 */
	uint16_t past[CHESS_QUIET_MAX];
	uint16_t past_count;
	uint16_t quiet;      /* plies since a capture or a pawn's move */
	uint16_t ply;        /* since the start of this game */
	uint16_t number;     /* of the move, from 1 */
	uint8_t past_closed; /* the first of `past` left a board where en
			      * passant was possible: it cannot come again */
	uint8_t repeats;     /* times that the board has been there before */
	uint8_t end;         /* enum chess_end */
	uint8_t unused[5];
};
_Static_assert(sizeof(struct chess_state) == 320, "a state has no padding");

/* What has ended the game, if anything, the cap on plies aside; `quiet` and
 * `repeats` are right. */
enum chess_end chess_find_end(const struct chess_state *s);

/* How often the board has been there before, by `past`. */
int chess_count_repeats(const struct chess_state *s);

/* A square as White sees it, and as the side to move does: its own inverse.
 * A cell is the same for the other side: rows of cells go down. */
static inline int chess_turn(const struct chess_board *b, int sq)
{
	return b->black ? sq ^ 56 : sq;
}

static inline int chess_cell_of(const struct chess_board *b, int sq)
{
	return chess_turn(b, sq) ^ 56;
}

/* Hooks of the family that have files of their own. */
void chess_move_text(const struct game *g, const void *s, game_move m,
		     char out[GAME_TEXT_SIZE]);
game_move chess_move_parse(const struct game *g, const void *s,
			   const char *text);
void chess_setup_text(const struct game *g, const uint8_t *cell, int player,
		      char out[GAME_START_SIZE]);
void chess_position_text(const struct game *g, const void *s,
			 char out[GAME_START_SIZE]);
void chess_position_doubts(const struct game *g, const char *text,
			   struct buf *out);
enum err_code chess_position_parse(const struct game *g, void *s,
				   const char *text, struct err *e);

/* The FEN of a start of Chess960, by its number (Scharnagl 2004). */
void chess_frc_start(int number, char out[GAME_START_SIZE]);

/* White's pieces in lower case order of enum chess_kind: "PNBRQK". */
extern const char chess_letters[CHESS_KINDS + 1];

#endif
