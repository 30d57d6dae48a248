/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess_board.h"

#include "core/game/game.h"

uint16_t chess_move_number(int from, int to, int promoted)
{
	const struct chess_tables *t = &chess_tables;
	int step = to - from - 7;

	if (promoted == CHESS_QUEEN)
		return t->number[from][to];
	/* From h7 a step of 9 would come to the far edge: it is no pair. */
	if (from < 48 || from > 55 || to < 56 || step < 0 || step > 2 ||
	    t->number[from][to] == GAME_NO_MOVE || promoted < CHESS_KNIGHT ||
	    promoted > CHESS_ROOK)
		return GAME_NO_MOVE;
	return (uint16_t)(t->promotion[from - 48][step] + promoted -
			  CHESS_KNIGHT);
}

uint64_t chess_moves_from(const struct chess_board *b,
			  const struct chess_look *l, int kind, int from)
{
	uint64_t to;

	if (kind == CHESS_KING)
		return chess_king_moves(b, l);
	if (kind != CHESS_PAWN)
		return chess_piece_moves(l, kind, from);
	to = chess_pawn_moves(b, l, from);
	if (b->passant && (chess_tables.pawn[from] >> b->passant & 1) &&
	    chess_passant_legal(b, l, from))
		to |= CHESS_BIT(b->passant);
	return to;
}

bool chess_any_move(const struct chess_board *b, const struct chess_look *l)
{
	/* Pawns and pieces first: they mostly have a move. */
	for (int kind = 0; kind < CHESS_KINDS; kind++)
		for (uint64_t set = b->own & b->kind[kind]; set; set &= set - 1)
			if (chess_moves_from(b, l, kind, chess_first(set)))
				return true;
	return false;
}

int chess_all_moves(const struct chess_board *b, uint16_t *out)
{
	const struct chess_tables *t = &chess_tables;
	uint64_t promoting = b->own & b->kind[CHESS_PAWN] & 0xffULL << 48;
	struct chess_look l;
	int n = 0;

	chess_look(b, &l);
	for (uint64_t set = b->own; set; set &= set - 1) {
		int from = chess_first(set);
		uint64_t to =
			chess_moves_from(b, &l, chess_kind_at(b, from), from);

		for (; to; to &= to - 1)
			out[n++] = t->number[from][chess_first(to)];
	}
	for (; promoting; promoting &= promoting - 1) {
		int from = chess_first(promoting);
		uint64_t to = chess_pawn_moves(b, &l, from);

		for (; to; to &= to - 1) {
			uint16_t first = chess_move_number(
				from, chess_first(to), CHESS_KNIGHT);

			for (int k = 0; k < 3; k++)
				out[n++] = (uint16_t)(first + k);
		}
	}
	return n;
}

/* --- other starts -------------------------------------------------------- */

/* From a to b, both included, on the first rank. */
static uint64_t span(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	return (CHESS_BIT(high + 1) - 1) & ~(CHESS_BIT(low) - 1);
}

/* FIDE Laws, guidelines III.3: all squares on the ways of king and rook are
 * free but for the two, and the king's are not attacked.  A rook that is pinned
 * along the rank would leave the king in check. */
uint64_t chess_frc_castles(const struct chess_board *b,
			   const struct chess_look *l)
{
	uint64_t found = 0;

	for (int side = 0; side < 2; side++) {
		int rook = chess_rook_home(b, side);
		int to = side ? 2 : 6, rook_to = side ? 3 : 5;
		uint64_t two = CHESS_BIT(l->king) | CHESS_BIT(rook);
		uint64_t way = span(l->king, to);
		bool safe = true;

		if (!(b->castle & (side ? CHESS_OWN_LONG : CHESS_OWN_SHORT)) ||
		    ((way | span(rook, rook_to)) & ~two & l->occupied) ||
		    (l->pinned >> rook & 1))
			continue;
		for (; way && safe; way &= way - 1)
			safe = !chess_attackers(b, chess_first(way),
						l->occupied);
		if (safe)
			found |= CHESS_BIT(rook);
	}
	return found;
}

unsigned int chess_frc_kept(const struct chess_board *b, int kind, int from,
			    int to)
{
	unsigned int kept = b->castle;

	if (kind == CHESS_KING || from == chess_rook_home(b, false))
		kept &= ~(unsigned int)CHESS_OWN_SHORT;
	if (kind == CHESS_KING || from == chess_rook_home(b, true))
		kept &= ~(unsigned int)CHESS_OWN_LONG;
	if (to == 56 + ((b->rooks[1] & 15) ^ 7))
		kept &= ~(unsigned int)CHESS_OTHER_SHORT;
	if (to == 56 + (b->rooks[1] >> 4))
		kept &= ~(unsigned int)CHESS_OTHER_LONG;
	return kept;
}
