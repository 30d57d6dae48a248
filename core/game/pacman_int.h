/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_PACMAN_INT_H
#define CORE_GAME_PACMAN_INT_H

#include "core/game/pacman.h"

/* The inside of Pac-Man, shared by its files alone. */

enum { PACMAN_FOOD_WORDS = PACMAN_CELLS / 64, PACMAN_NO_TURN = 255 };

/* Places of the parameters. */
enum {
	PACMAN_MAZE,
	PACMAN_TICKS,
	PACMAN_GHOST,
	PACMAN_LIVES,
	PACMAN_DEATH,
};

struct pacman_ghost {
	uint16_t cell, from; /* from: where it was before; = cell: nowhere */
	uint16_t home;
	uint8_t number; /* 1 .. 4 */
	uint8_t fright, wait;
	uint8_t zero[3];
};

struct pacman_state {
	uint64_t food[PACMAN_FOOD_WORDS]; /* bit = cell: a dot or a pellet */
	struct pacman_ghost ghosts[PACMAN_GHOSTS];
	int32_t points;
	uint32_t dots, pellets, eaten, deaths; /* so far */
	uint16_t food_left;
	uint16_t tick;
	uint16_t him, home; /* cells */
	uint8_t facing;
	uint8_t lives; /* 0: out */
	uint8_t ghost_count;
	uint8_t turn; /* the ghost whose way is drawn; PACMAN_NO_TURN */
};
_Static_assert(sizeof(struct pacman_state) ==
		       PACMAN_FOOD_WORDS * 8 + PACMAN_GHOSTS * 12 + 32,
	       "a state has no padding");

extern const struct game_param pacman_params[];

/* The ways that ghost `i` may take now, ascending, into out[4]; more than one
 * only where it draws.  0: it stays where it is. */
int pacman_ghost_ways(const struct game *g, const struct pacman_state *s, int i,
		      uint8_t out[4]);

#endif
