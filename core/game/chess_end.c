/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess_state.h"

#include "core/game/chess_board.h"

/* What ends a game of chess, beside the cap on plies. */

/* Bare kings, one piece of little power, or bishops on squares of one colour:
 * no moves lead to a mate. */
static bool is_bare(const struct chess_board *b)
{
	const uint64_t dark = 0xaa55aa55aa55aa55;
	uint64_t knights = b->kind[CHESS_KNIGHT];
	uint64_t bishops = b->kind[CHESS_BISHOP];

	if (b->kind[CHESS_PAWN] | b->kind[CHESS_ROOK] | b->kind[CHESS_QUEEN])
		return false;
	if (knights)
		return !bishops && !(knights & (knights - 1));
	return !(bishops & dark) || !(bishops & ~dark);
}

enum chess_end chess_find_end(const struct chess_state *s)
{
	struct chess_look l;

	chess_look(&s->b, &l);
	if (!chess_any_move(&s->b, &l))
		return l.checkers ? CHESS_MATE : CHESS_STALEMATE;
	if (s->repeats >= 2)
		return CHESS_REPETITION;
	if (is_bare(&s->b))
		return CHESS_BARE;
	return s->quiet >= CHESS_QUIET_MAX ? CHESS_FIFTY : CHESS_RUNNING;
}

/* Take `past` back move by move, with the difference to the board now: where
 * nothing differs and the same side is to move, the board was the same. */
int chess_count_repeats(const struct chess_state *s)
{
	uint64_t diff[CHESS_KINDS] = {0};
	int count = 0;

	for (int i = s->past_count - 1; i >= 0; i--) {
		unsigned int move = s->past[i];
		uint64_t any = 0;

		diff[move >> 12] ^=
			CHESS_BIT(move & 63) ^ CHESS_BIT(move >> 6 & 63);
		if ((s->past_count - i) % 2)
			continue;
		for (int k = 0; k < CHESS_KINDS; k++)
			any |= diff[k];
		count += !any && (i || !s->past_closed);
	}
	return count;
}
