/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_GO_BOARD_H
#define CORE_GAME_GO_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/game/go.h"

/*
 * The board under the family "go"; for go*.c alone.
 *
 * Points lie in rows of size + 1, the first of each row being the edge, with a
 * row of edge above and below: the neighbours of p are p - 1, p + 1, p - width
 * and p + width, and none of them needs a test for the end of the board.
 *
 * A chain is a ring of stones and is named by one of them, its head.  Heads
 * count pseudo-liberties, the pairs of a stone and an empty neighbour: kept by
 * additions alone, and zero exactly when liberties are.
 */
enum { GO_EDGE = 3, GO_RECENT = 5, GO_BANS_MAX = 16, GO_NOWHERE = 0xffff };

struct go_point {
	/* A stone: the head of its chain.  Empty: its place in the list of
	 * empty points. */
	uint16_t head;
	uint16_t next; /* stone of the chain, in a ring */
	uint16_t libs; /* pseudo-liberties; of heads alone */
	uint8_t what;  /* enum go_stone or GO_EDGE */
	/* Colours (1 | 2) of stones that were taken from here in this game:
	 * no other placement can repeat an earlier position, since the stone
	 * that it puts down stood there then. */
	uint8_t taken;
};

/*
 * What follows the points depends on the size and the cap on plies:
 *
 *	uint16_t empty[size * size]    the empty points, in no order
 *	uint64_t filter[]              a bit for some bits of each past hash
 *	uint64_t past[plies + 1 + bans]   hashes of all positions so far
 */
struct go_state {
	uint64_t position; /* Zobrist hash of the stones */
	uint16_t ply, past_count, empty_count, ban_count;
	uint16_t taken[2];           /* stones lost, by player */
	uint16_t recent[GO_RECENT];  /* points of the last moves, last first */
	uint16_t filter_mask;        /* bits of the filter less one */
	uint16_t past_at, filter_at; /* in units of 8 bytes from the state */
	uint8_t size, width, to_move, passes;
	uint8_t spare[4];
	struct go_point point[];
};
_Static_assert(sizeof(struct go_state) == 48, "a state has no padding");
_Static_assert(sizeof(struct go_point) == 8, "points have no padding");

/* Parameters in their order. */
enum { GO_SIZE, GO_KOMI, GO_PLIES };

static inline int go_points(int size)
{
	return (size + 1) * (size + 2) + 1;
}

static inline int go_point_of(const struct go_state *s, int cell)
{
	return (cell / s->size + 1) * s->width + cell % s->size + 1;
}

static inline int go_cell_of(const struct go_state *s, int p)
{
	return (p / s->width - 1) * s->size + p % s->width - 1;
}

static inline uint16_t *go_empties(struct go_state *s)
{
	return (uint16_t *)(s->point + go_points(s->size));
}

static inline const uint16_t *go_empties_of(const struct go_state *s)
{
	return (const uint16_t *)(s->point + go_points(s->size));
}

static inline int go_stone_to_move(const struct go_state *s)
{
	return s->to_move + 1;
}

size_t go_state_size(int size, int plies);

/* Make `s` the first position of a game with these stones, [size * size].
 * False, and nothing of use in `s`, if a chain has no liberty: *bad is then a
 * cell of it. */
bool go_board_init(struct go_state *s, int size, int plies,
		   const uint8_t *stone, int player, int *bad);

/* On point p, empty, for the player to move: not suicide, and not an earlier
 * position again. */
bool go_allowed(const struct go_state *s, int p);
/* The two by themselves. */
bool go_breathes(const struct go_state *s, int p);
bool go_again(const struct go_state *s, int p);
/* Let a placement on p count as a repetition, as after a ko. */
void go_ban(struct go_state *s, int p);

void go_place(struct go_state *s, int p); /* allowed */
void go_pass(struct go_state *s);

/* An empty point that a sane player leaves empty: all its neighbours are own
 * stones and the diagonals do not make it false. */
bool go_own_eye(const struct go_state *s, int p);

/* Liberties of each chain up to `most`, at the points of its stones:
 * libs[go_points(size)]. */
void go_count_liberties(const struct go_state *s, int most, uint8_t *libs);
/* Whose area each cell is: enum go_stone, GO_EMPTY for neither. */
void go_owners(const struct go_state *s, uint8_t *owner);

/* Planes of encode(); see go_encode.c. */
enum { GO_PLANES = 19 };
void go_encode(const struct game *g, const void *state, float *out);

/* Positions as text; see go_text.c. */
void go_setup_text(const struct game *g, const uint8_t *cell, int player,
		   char out[GAME_START_SIZE]);
void go_position_text(const struct game *g, const void *state,
		      char out[GAME_START_SIZE]);
enum err_code go_position_parse(const struct game *g, void *state,
				const char *text, struct err *e);

#endif
