/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_GO_H
#define CORE_GAME_GO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/game/game.h"

/*
 * What GTP and SGF need of Go beyond the table of rules.  `g` is a member of
 * the family "go" and `s` a state of it.  A cell is row * size + col, row 0 at
 * the top; a move is its cell, and the last move, size * size, is a pass.
 * Black is player 0.  cell() gives enum go_stone.
 */
enum go_stone { GO_EMPTY, GO_BLACK, GO_WHITE };

enum {
	GO_SIZE_MAX = 19,
	GO_CELLS_MAX = GO_SIZE_MAX * GO_SIZE_MAX,
	GO_HANDICAP_MAX = 9,
};

bool go_is(const struct game *g);
/* Komi in half points, so that 15 is 7.5. */
int go_komi_halves(const struct game *g);

/* "Q16" or "pass": letters from the left without I, numbers from the bottom. */
void go_vertex_text(const struct game *g, game_move m,
		    char out[GAME_TEXT_SIZE]);
/* Any move of the board in upper or lower case, legal here or not;
 * GAME_NO_MOVE for any other text. */
game_move go_vertex_parse(const struct game *g, const char *text);

/*
 * The fixed placement of `stones` handicap stones (GTP 2, section 4.1.1) into
 * cell[]: returns how many, or 0 where that size has none for this number:
 * below 7 or fewer than 2 stones; more than 4 on even boards and on 7x7.
 */
int go_handicap(const struct game *g, int stones, int cell[GO_HANDICAP_MAX]);

/* Points of area by Tromp and Taylor, Black's and White's: stones, and empty
 * points that reach stones of one colour alone.  No komi. */
void go_area(const struct game *g, const void *s, int area[2]);
/* Stones that each player lost. */
void go_captured(const struct game *g, const void *s, int lost[2]);

/* Liberties of the chain on a cell; 0 for an empty cell. */
int go_liberties(const struct game *g, const void *s, int cell);
/* The cells of the chain, into out[size * size]; returns how many. */
int go_chain(const struct game *g, const void *s, int cell, int *out);

/* Would this placement repeat an earlier position of the game? */
bool go_repeats(const struct game *g, const void *s, game_move m);

/*
 * A start for game_from(): stone[] holds one enum go_stone per cell.  Handicap
 * and set-up come in so.  ERR_FORMAT for a chain without liberties, named by
 * its vertex.
 */
ATTR_NODISCARD enum err_code go_start_text(const struct game *g,
					   const uint8_t *stone, int player,
					   char out[GAME_START_SIZE],
					   struct err *e);

#endif
