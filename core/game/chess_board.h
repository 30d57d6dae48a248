/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_CHESS_BOARD_H
#define CORE_GAME_CHESS_BOARD_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A chess board as sets of squares, for the files chess*.c alone.  It is seen
 * by the side to move, whose pawns go up: square 0 is its own left corner (a1
 * for White, a8 for Black), 7 the right one, 63 the far right one.  So the
 * rules below know no colours: after a move the board turns over.
 *
 * Functions in which counting leaves spends its time are inline, so that they
 * are compiled for the instruction set of their caller.
 */
enum chess_kind {
	CHESS_PAWN,
	CHESS_KNIGHT,
	CHESS_BISHOP,
	CHESS_ROOK,
	CHESS_QUEEN,
	CHESS_KING,
	CHESS_KINDS,
};

/* Rights to castle, by whose king and to which wing. */
enum {
	CHESS_OWN_SHORT = 1,
	CHESS_OWN_LONG = 2,
	CHESS_OTHER_SHORT = 4,
	CHESS_OTHER_LONG = 8,
};

struct chess_board {
	uint64_t kind[CHESS_KINDS]; /* of both sides */
	uint64_t own, other;
	uint8_t castle;
	uint8_t passant; /* square behind a pawn that has just gone two squares
			  * and has an enemy beside it; 0: none */
	uint8_t black;   /* 1: Black is to move */
	/* Where somebody may castle whose king or rook began on another file
	 * than in usual chess: 1, and then the files of the rooks of each side,
	 * own first: short ^ 7 | long << 4.  Else all 0. */
	uint8_t frc;
	uint8_t rooks[2];
	uint8_t unused[2];
};

/*
 * Moves by number: game_move of the family.  0 .. 1791 are the pairs of squares
 * that a queen or a knight could move between on an empty board, by from, then
 * by to; a pawn that gets to the last rank by one of them becomes a queen. 1792
 * .. 1857 are promotions to knight, bishop and rook, by from, to, piece.
 */
enum { CHESS_PAIRS = 1792, CHESS_MOVES = CHESS_PAIRS + 22 * 3 };

struct chess_move {
	uint8_t from, to;
	uint8_t promoted; /* CHESS_QUEEN for the pairs */
};

#define CHESS_BIT(sq) (1ULL << (sq))
#define CHESS_INLINE static inline __attribute__((always_inline))

/* Squares that a slider reaches: magic multiplication (Hansen 2007, as the
 * chess programming wiki describes "fancy magic bitboards"). */
struct chess_magic {
	uint64_t mask, factor;
	const uint64_t *reach;
	uint64_t shift;
};

/* Filled once by chess_board_init(), then constant. */
struct chess_tables {
	struct chess_magic bishop[64], rook[64];
	uint64_t knight[64], king[64];
	uint64_t pawn[64]; /* squares that one's own pawn attacks from here */
	uint64_t bishop_rays[64], rook_rays[64]; /* on an empty board */
	uint64_t between[64][64]; /* open interval of a line; else empty */
	uint64_t line[64][64];    /* edge to edge through both; else empty */
	uint8_t castle_kept[64];  /* rights that a move from or to here keeps */
	struct chess_move move[CHESS_MOVES]; /* by number */
	uint16_t number[64][64]; /* of a pair; 0xffff where there is none */
	/* Of the promotion to a knight; bishop and rook follow. */
	uint16_t promotion[8][3]; /* by file of the pawn, step left to right */
};
extern struct chess_tables chess_tables;

void chess_board_init(void); /* from any thread, any number of times */

CHESS_INLINE int chess_first(uint64_t set)
{
	return __builtin_ctzll(set);
}

CHESS_INLINE uint64_t chess_flip(uint64_t set)
{
	return __builtin_bswap64(set);
}

CHESS_INLINE uint64_t chess_slide(const struct chess_magic *m,
				  uint64_t occupied)
{
	return m->reach[(occupied & m->mask) * m->factor >> m->shift];
}

CHESS_INLINE uint64_t chess_bishop(int sq, uint64_t occupied)
{
	return chess_slide(&chess_tables.bishop[sq], occupied);
}

CHESS_INLINE uint64_t chess_rook(int sq, uint64_t occupied)
{
	return chess_slide(&chess_tables.rook[sq], occupied);
}

/* Squares from which the other side attacks `sq`. */
CHESS_INLINE uint64_t chess_attackers(const struct chess_board *b, int sq,
				      uint64_t occupied)
{
	const uint64_t *k = b->kind;

	return b->other &
	       ((chess_tables.pawn[sq] & k[CHESS_PAWN]) |
		(chess_tables.knight[sq] & k[CHESS_KNIGHT]) |
		(chess_tables.king[sq] & k[CHESS_KING]) |
		(chess_bishop(sq, occupied) &
		 (k[CHESS_BISHOP] | k[CHESS_QUEEN])) |
		(chess_rook(sq, occupied) & (k[CHESS_ROOK] | k[CHESS_QUEEN])));
}

/* The kind of piece on an occupied square; CHESS_KINDS on an empty one. */
CHESS_INLINE int chess_kind_at(const struct chess_board *b, int sq)
{
	int kind = 0;

	while (kind < CHESS_KINDS && !(b->kind[kind] >> sq & 1))
		kind++;
	return kind;
}

/* What decides which moves are legal. */
struct chess_look {
	uint64_t occupied;
	uint64_t checkers; /* enemies that give check */
	uint64_t pinned;   /* own pieces that shield the king */
	uint64_t target;   /* where pieces other than the king may go: empty
			      squares and enemies; in check, what ends it */
	int king;          /* own */
};

CHESS_INLINE void chess_look(const struct chess_board *b, struct chess_look *l)
{
	const uint64_t *k = b->kind;
	int king = chess_first(k[CHESS_KING] & b->own);
	uint64_t snipers = b->other & ((chess_tables.bishop_rays[king] &
					(k[CHESS_BISHOP] | k[CHESS_QUEEN])) |
				       (chess_tables.rook_rays[king] &
					(k[CHESS_ROOK] | k[CHESS_QUEEN])));

	l->king = king;
	l->occupied = b->own | b->other;
	l->pinned = 0;
	l->checkers =
		b->other & ((chess_tables.pawn[king] & k[CHESS_PAWN]) |
			    (chess_tables.knight[king] & k[CHESS_KNIGHT]));
	for (; snipers; snipers &= snipers - 1) {
		int sq = chess_first(snipers);
		uint64_t shield = chess_tables.between[king][sq] & l->occupied;

		if (!shield)
			l->checkers |= CHESS_BIT(sq);
		else if (!(shield & (shield - 1)))
			l->pinned |= shield & b->own;
	}
	l->target = ~b->own;
	if (l->checkers & (l->checkers - 1))
		l->target = 0;
	else if (l->checkers)
		l->target =
			l->checkers |
			chess_tables.between[king][chess_first(l->checkers)];
}

/* Squares a pinned piece may go to; all for others. */
CHESS_INLINE uint64_t chess_pin_line(const struct chess_look *l, int from)
{
	return l->pinned >> from & 1 ? chess_tables.line[l->king][from] : ~0ULL;
}

/* File of the own rook that castles short or long. */
CHESS_INLINE int chess_rook_home(const struct chess_board *b, bool is_long)
{
	return is_long ? b->rooks[0] >> 4 : (b->rooks[0] & 15) ^ 7;
}

/* Whether a king's move is one of castling: 1 short, 2 long, 0 no.  On boards
 * with `frc` the king goes to its rook's square, else two squares. */
CHESS_INLINE int chess_castling(const struct chess_board *b, int kind, int from,
				int to)
{
	if (kind != CHESS_KING)
		return 0;
	if (b->frc)
		return !(b->own >> to & 1) ? 0 : to > from ? 1 : 2;
	return to == from + 2 ? 1 : to + 2 == from ? 2 : 0;
}

/* The squares of the own rooks that the king may castle with, on a board with
 * `frc`; out of check. */
uint64_t chess_frc_castles(const struct chess_board *b,
			   const struct chess_look *l);
/* The rights that are left after a move on such a board. */
unsigned int chess_frc_kept(const struct chess_board *b, int kind, int from,
			    int to);

/* The king's legal steps and castlings. */
CHESS_INLINE uint64_t chess_king_moves(const struct chess_board *b,
				       const struct chess_look *l)
{
	uint64_t steps = chess_tables.king[l->king] & ~b->own;
	uint64_t others = l->occupied & ~CHESS_BIT(l->king);
	uint64_t legal = 0;

	for (; steps; steps &= steps - 1) {
		int to = chess_first(steps);

		if (!chess_attackers(b, to, others))
			legal |= CHESS_BIT(to);
	}
	if (l->checkers)
		return legal;
	if (b->frc)
		return legal | chess_frc_castles(b, l);
	/* The king passes over d1 or f1: a legal step for it, and empty like
	 * every square between. */
	if ((b->castle & CHESS_OWN_SHORT) && (legal & CHESS_BIT(5)) &&
	    !(l->occupied & 0x60) && !chess_attackers(b, 6, others))
		legal |= CHESS_BIT(6);
	if ((b->castle & CHESS_OWN_LONG) && (legal & CHESS_BIT(3)) &&
	    !(l->occupied & 0x0e) && !chess_attackers(b, 2, others))
		legal |= CHESS_BIT(2);
	return legal;
}

/* Whether the pawn on `from` may capture en passant: two pawns leave a line at
 * once, so it is tried on the board. */
CHESS_INLINE bool chess_passant_legal(const struct chess_board *b,
				      const struct chess_look *l, int from)
{
	const uint64_t *k = b->kind;
	uint64_t taken = CHESS_BIT(b->passant - 8);
	uint64_t after =
		(l->occupied ^ CHESS_BIT(from) ^ taken) | CHESS_BIT(b->passant);

	if (l->checkers & (k[CHESS_KNIGHT] | k[CHESS_PAWN]) & ~taken)
		return false;
	return !(b->other & ((chess_bishop(l->king, after) &
			      (k[CHESS_BISHOP] | k[CHESS_QUEEN])) |
			     (chess_rook(l->king, after) &
			      (k[CHESS_ROOK] | k[CHESS_QUEEN]))));
}

/* Own pawns that may capture en passant. */
CHESS_INLINE uint64_t chess_passant_pawns(const struct chess_board *b,
					  const struct chess_look *l)
{
	uint64_t legal = 0, pawns;

	if (!b->passant)
		return 0;
	/* A pawn on the square behind would be attacked from there. */
	pawns = chess_flip(chess_tables.pawn[b->passant ^ 56]) & b->own &
		b->kind[CHESS_PAWN];
	for (; pawns; pawns &= pawns - 1)
		if (chess_passant_legal(b, l, chess_first(pawns)))
			legal |= pawns & -pawns;
	return legal;
}

/* Where the pawn on `from` may go, en passant left out. */
CHESS_INLINE uint64_t chess_pawn_moves(const struct chess_board *b,
				       const struct chess_look *l, int from)
{
	uint64_t bit = CHESS_BIT(from);
	uint64_t step = bit << 8 & ~l->occupied;

	step |= (step & 0xff0000) << 8 & ~l->occupied;
	return (step | (chess_tables.pawn[from] & b->other)) & l->target &
	       chess_pin_line(l, from);
}

/* Where a knight, bishop, rook or queen on `from` may go. */
CHESS_INLINE uint64_t chess_piece_moves(const struct chess_look *l, int kind,
					int from)
{
	uint64_t to = 0;

	if (kind == CHESS_KNIGHT)
		to = chess_tables.knight[from];
	if (kind == CHESS_BISHOP || kind == CHESS_QUEEN)
		to |= chess_bishop(from, l->occupied);
	if (kind == CHESS_ROOK || kind == CHESS_QUEEN)
		to |= chess_rook(from, l->occupied);
	return to & l->target & chess_pin_line(l, from);
}

/* Make a legal move of `kind` and turn the board over.  `promoted`: what a pawn
 * becomes on the last rank.  `out` must not be `b`. */
CHESS_INLINE void chess_make(const struct chess_board *b,
			     struct chess_board *out, int kind, int from,
			     int to, int promoted)
{
	uint64_t move = CHESS_BIT(from) | CHESS_BIT(to);
	uint64_t keep = ~CHESS_BIT(to);
	uint64_t own = b->own ^ move, other = b->other & keep;
	uint64_t set[CHESS_KINDS];
	unsigned int castle = b->frc ? chess_frc_kept(b, kind, from, to)
				     : b->castle &
					       chess_tables.castle_kept[from] &
					       chess_tables.castle_kept[to];

	for (int i = 0; i < CHESS_KINDS; i++)
		set[i] = b->kind[i] & keep;
	set[kind] ^= move;
	out->passant = 0;
	if (kind == CHESS_PAWN) {
		if (to >= 56) {
			set[CHESS_PAWN] ^= CHESS_BIT(to);
			set[promoted] |= CHESS_BIT(to);
		} else if (to == from + 16) {
			/* Beside it, not over the edge. */
			uint64_t beside =
				((CHESS_BIT(to) & ~0x8080808080808080) << 1) |
				((CHESS_BIT(to) & ~0x0101010101010101) >> 1);

			if (beside & other & set[CHESS_PAWN])
				out->passant = (uint8_t)((from + 8) ^ 56);
		} else if (to == b->passant && b->passant) {
			set[CHESS_PAWN] &= ~CHESS_BIT(to - 8);
			other &= ~CHESS_BIT(to - 8);
		}
	}
	if (b->frc && chess_castling(b, kind, from, to)) {
		uint64_t king = CHESS_BIT(to > from ? 6 : 2);
		uint64_t rook = CHESS_BIT(to > from ? 5 : 3);

		set[CHESS_KING] = (set[CHESS_KING] & ~move) | king;
		set[CHESS_ROOK] |= rook;
		own = (b->own & ~move) | king | rook;
	} else if (kind == CHESS_KING && (to == from + 2 || to == from - 2)) {
		uint64_t rook = to > from ? 0xa0 : 0x09;

		set[CHESS_ROOK] ^= rook;
		own ^= rook;
	}
	for (int i = 0; i < CHESS_KINDS; i++)
		out->kind[i] = chess_flip(set[i]);
	out->own = chess_flip(other);
	out->other = chess_flip(own);
	out->castle = (uint8_t)((castle >> 2 | castle << 2) & 15);
	out->black = b->black ^ 1;
	out->frc = castle ? b->frc : 0;
	out->rooks[0] = out->frc ? b->rooks[1] : 0;
	out->rooks[1] = out->frc ? b->rooks[0] : 0;
}

/* GAME_NO_MOVE for two squares that no move joins, and for promotions that do
 * not exist. */
uint16_t chess_move_number(int from, int to, int promoted);

/* Where the piece on `from` (own) may go, en passant and castling included;
 * `kind` as chess_kind_at(). */
uint64_t chess_moves_from(const struct chess_board *b,
			  const struct chess_look *l, int kind, int from);
bool chess_any_move(const struct chess_board *b, const struct chess_look *l);
/* Numbers of all legal moves, ascending, into out[]; returns how many. */
int chess_all_moves(const struct chess_board *b, uint16_t *out);

/* Leaf paths, as game_perft(): of a board whose game is not over, and where
 * no draw by rule comes within `depth` plies. */
uint64_t chess_count(const struct chess_board *b, int depth);

#endif
