/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess_board.h"

/*
 * Counting leaves: the moves of the last ply are counted as sets, without being
 * made.  The same code is compiled twice, for any processor and for one that
 * counts the bits of a word in one instruction.
 */
typedef uint64_t count_fn(const struct chess_board *b, int depth);

#define LEFT_FILE 0x0101010101010101ULL
#define RIGHT_FILE 0x8080808080808080ULL
#define THIRD_RANK 0xff0000ULL
#define LAST_RANK 0xff00000000000000ULL

CHESS_INLINE int size(uint64_t set)
{
	return __builtin_popcountll(set);
}

/* A pawn that comes to the last rank has four moves. */
CHESS_INLINE uint64_t pawn_count(uint64_t to)
{
	return (uint64_t)(size(to) + 3 * size(to & LAST_RANK));
}

CHESS_INLINE uint64_t count_pawns(const struct chess_board *b,
				  const struct chess_look *l)
{
	uint64_t pawns = b->own & b->kind[CHESS_PAWN];
	uint64_t free = pawns & ~l->pinned, pinned = pawns & l->pinned;
	uint64_t step = free << 8 & ~l->occupied;
	uint64_t jump = (step & THIRD_RANK) << 8 & ~l->occupied;
	uint64_t enemies = b->other & l->target;
	uint64_t n = (uint64_t)size(jump & l->target);

	n += pawn_count(step & l->target);
	n += pawn_count((free & ~LEFT_FILE) << 7 & enemies);
	n += pawn_count((free & ~RIGHT_FILE) << 9 & enemies);
	for (; pinned; pinned &= pinned - 1)
		n += pawn_count(chess_pawn_moves(b, l, chess_first(pinned)));
	return n + (uint64_t)size(chess_passant_pawns(b, l));
}

CHESS_INLINE uint64_t count_moves(const struct chess_board *b)
{
	struct chess_look l;
	uint64_t n;

	chess_look(b, &l);
	n = (uint64_t)size(chess_king_moves(b, &l));
	if (!l.target)
		return n;
	n += count_pawns(b, &l);
	for (int kind = CHESS_KNIGHT; kind <= CHESS_QUEEN; kind++)
		for (uint64_t set = b->own & b->kind[kind]; set; set &= set - 1)
			n += (uint64_t)size(
				chess_piece_moves(&l, kind, chess_first(set)));
	return n;
}

CHESS_INLINE uint64_t count_move(const struct chess_board *b, int kind,
				 int from, int to, int promoted, int depth,
				 count_fn *deeper)
{
	struct chess_board next;

	chess_make(b, &next, kind, from, to, promoted);
	return deeper(&next, depth - 1);
}

CHESS_INLINE uint64_t count_kind(const struct chess_board *b,
				 const struct chess_look *l, int kind,
				 int depth, count_fn *deeper)
{
	uint64_t n = 0;

	for (uint64_t set = b->own & b->kind[kind]; set; set &= set - 1) {
		int from = chess_first(set);
		uint64_t to = chess_moves_from(b, l, kind, from);

		for (; to; to &= to - 1) {
			int sq = chess_first(to);
			int low = CHESS_QUEEN;

			if (kind == CHESS_PAWN && sq >= 56)
				low = CHESS_KNIGHT;
			for (int k = low; k <= CHESS_QUEEN; k++)
				n += count_move(b, kind, from, sq, k, depth,
						deeper);
		}
	}
	return n;
}

CHESS_INLINE uint64_t count(const struct chess_board *b, int depth,
			    count_fn *deeper)
{
	struct chess_look l;
	uint64_t n = 0;

	if (depth == 1)
		return count_moves(b);
	chess_look(b, &l);
	for (int kind = 0; kind < CHESS_KINDS; kind++)
		n += count_kind(b, &l, kind, depth, deeper);
	return n;
}

static uint64_t count_anywhere(const struct chess_board *b, int depth)
{
	return count(b, depth, count_anywhere);
}

#if defined(__x86_64__)
__attribute__((target("popcnt,bmi"))) static uint64_t
count_bits(const struct chess_board *b, int depth)
{
	return count(b, depth, count_bits);
}
#endif

uint64_t chess_count(const struct chess_board *b, int depth)
{
	if (depth == 0)
		return 1;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi"))
		return count_bits(b, depth);
#endif
	return count_anywhere(b, depth);
}
