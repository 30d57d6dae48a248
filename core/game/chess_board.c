/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess_board.h"

#include <assert.h>
#include <pthread.h>

struct chess_tables chess_tables; /* filled once */

/* Found by trying random numbers with few bits set; filling the tables asserts
 * that they are good. */
static const uint64_t bishop_factors[64] = {
	0x10102002004a1420, 0x8020040400584008, 0x10510800811201c8,
	0x5204042080000088, 0x2204106880000002, 0x1401042004000000,
	0x0400880410042004, 0x0028208200a02020, 0x1500241990010e00,
	0x8001200182020a40, 0x40004101030b0000, 0x8002041042000100,
	0x4010011041020038, 0x0000010421044000, 0x1500210808020a00,
	0x8000088400880520, 0x0405004010040100, 0x1005823210040108,
	0x2708008102040011, 0x4048200404009100, 0x0018104101400024,
	0x0003000601190101, 0x8004803108491000, 0x8014241200820800,
	0x0006e080100c3040, 0x0501044a11041800, 0x9020300008004045,
	0x0894080000220040, 0x1001010083104000, 0x5004030040900080,
	0x000400422c012400, 0x0002128698404812, 0x1010108404900440,
	0x0928021182084100, 0x2006080409020024, 0x1010202020180080,
	0xa010008200202200, 0x2098015100019004, 0x0002041440810811,
	0x802a02020000b098, 0x0009015090004060, 0x4000821082081001,
	0x0100210040420800, 0x0800004010488a00, 0x2000081104004040,
	0x4c8e029015000082, 0x0420340322224842, 0x1298260043400210,
	0x0000822802400008, 0x00008a0101600000, 0x3040003412080021,
	0x3040290220884800, 0x4a1500401041004a, 0x8010200282020781,
	0x0020203142209091, 0x0070300600902110, 0x0040808800b62048,
	0x0000810400c44420, 0x00080400440c0441, 0x8340080020840411,
	0x0000000104208200, 0x0000800810d00080, 0x0400530411080200,
	0x4040702400932244,
};

static const uint64_t rook_factors[64] = {
	0x1080004008801020, 0x0840092002c03000, 0x1900200010400900,
	0x0880100008000480, 0x4200100420080200, 0x8100020100080400,
	0x0200040110886200, 0x0200008040220411, 0x0404800084400220,
	0x0000401000402000, 0x0086001081220440, 0x0408800800100280,
	0x000a001201040820, 0x8848800200840080, 0x4001000100040200,
	0x0442000102105084, 0x9080010020804100, 0x0040404000201009,
	0x0000808010002009, 0x2200090021d00100, 0x0008008008040080,
	0x0004004002010040, 0x0011040008015042, 0x00000a0001768104,
	0x0000800080204009, 0x2010004140002001, 0x9800200280100080,
	0x1000100080080080, 0x0442000a00049020, 0x2100040080020080,
	0x0800120400900148, 0x0010040a00128541, 0x2800804000800030,
	0x1010002000400041, 0x4000200011004100, 0x0610008410800800,
	0x0400802402800800, 0xc100020080800400, 0x0002000802000401,
	0x0182085882000401, 0x0220204000808000, 0x2860100040024022,
	0x0001002004110040, 0x99101042000a0020, 0x0004080004008080,
	0x0010040002008080, 0x2012004881020004, 0x8300842444820011,
	0x0088403882010200, 0x0820400080210100, 0x0110910040a00300,
	0x0801100280080480, 0x0242009008200600, 0x1002000489500200,
	0x0040800200010080, 0x0091800041000080, 0x0000209300488001,
	0x04c1002414824001, 0x020020000b001041, 0x7000100004200901,
	0x8002002004100802, 0x30010002084c0007, 0x0888221800813004,
	0x4000002840840112,
};

/* Sum of 2 to the number of inner squares of each slider. */
enum { BISHOP_REACHES = 5248, ROOK_REACHES = 102400 };

static uint64_t bishop_reaches[BISHOP_REACHES]; /* filled once */
static uint64_t rook_reaches[ROOK_REACHES];     /* filled once */

struct step {
	int rank, file;
};

static const struct step bishop_steps[] = {{1, 1}, {1, -1}, {-1, 1}, {-1, -1}};
static const struct step rook_steps[] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};

static bool on_board(int rank, int file)
{
	return rank >= 0 && rank < 8 && file >= 0 && file < 8;
}

/* Walk each way until something is in it; `inner`: squares where it matters
 * whether there is. */
static uint64_t walk(const struct step *steps, int sq, uint64_t occupied,
		     bool inner)
{
	uint64_t set = 0;

	for (int i = 0; i < 4; i++) {
		int dr = steps[i].rank, df = steps[i].file;
		int rank = sq / 8 + dr, file = sq % 8 + df;

		for (; on_board(rank, file); rank += dr, file += df) {
			uint64_t bit = CHESS_BIT(rank * 8 + file);

			if (inner && !on_board(rank + dr, file + df))
				break;
			set |= bit;
			if (occupied & bit)
				break;
		}
	}
	return set;
}

/* Fill the reach of a slider from `sq` into `reach`; returns what follows. */
static uint64_t *fill_slider(struct chess_magic *m, const struct step *steps,
			     int sq, uint64_t factor, uint64_t *reach)
{
	uint64_t set = 0;
	int bits;

	m->mask = walk(steps, sq, 0, true);
	m->factor = factor;
	m->reach = reach;
	bits = __builtin_popcountll(m->mask);
	m->shift = (uint64_t)(64 - bits);
	do {
		uint64_t *slot = &reach[set * factor >> m->shift];
		uint64_t squares = walk(steps, sq, set, false);

		assert(!*slot || *slot == squares);
		*slot = squares;
		set = (set - m->mask) & m->mask; /* the next subset */
	} while (set);
	return reach + (1 << bits);
}

static uint64_t jumps(int sq, const struct step *steps, int count)
{
	uint64_t set = 0;

	for (int i = 0; i < count; i++) {
		int rank = sq / 8 + steps[i].rank;
		int file = sq % 8 + steps[i].file;

		if (on_board(rank, file))
			set |= CHESS_BIT(rank * 8 + file);
	}
	return set;
}

static void fill_lines(int a, int b)
{
	struct chess_tables *t = &chess_tables;
	uint64_t ends = CHESS_BIT(a) | CHESS_BIT(b);

	if (t->bishop_rays[a] >> b & 1) {
		t->line[a][b] = (t->bishop_rays[a] & t->bishop_rays[b]) | ends;
		t->between[a][b] = chess_bishop(a, CHESS_BIT(b)) &
				   chess_bishop(b, CHESS_BIT(a));
	} else if (t->rook_rays[a] >> b & 1) {
		t->line[a][b] = (t->rook_rays[a] & t->rook_rays[b]) | ends;
		t->between[a][b] = chess_rook(a, CHESS_BIT(b)) &
				   chess_rook(b, CHESS_BIT(a));
	}
}

static void fill_moves(void)
{
	struct chess_tables *t = &chess_tables;
	uint16_t n = 0;

	for (int from = 0; from < 64; from++)
		for (int to = 0; to < 64; to++) {
			uint64_t reach = t->bishop_rays[from] |
					 t->rook_rays[from] | t->knight[from];

			t->number[from][to] = 0xffff;
			if (!(reach >> to & 1))
				continue;
			t->number[from][to] = n;
			t->move[n++] = (struct chess_move){
				(uint8_t)from, (uint8_t)to, CHESS_QUEEN};
		}
	assert(n == CHESS_PAIRS);
	for (int from = 48; from < 56; from++)
		for (int to = from + 7; to <= from + 9; to++) {
			if (to / 8 != 7)
				continue;
			t->promotion[from - 48][to - from - 7] = n;
			for (int k = CHESS_KNIGHT; k < CHESS_QUEEN; k++)
				t->move[n++] = (struct chess_move){
					(uint8_t)from, (uint8_t)to, (uint8_t)k};
		}
	assert(n == CHESS_MOVES);
}

static void fill_tables(void)
{
	static const struct step knight[] = {{1, 2},  {2, 1},   {2, -1},
					     {1, -2}, {-1, -2}, {-2, -1},
					     {-2, 1}, {-1, 2}};
	static const struct step pawn[] = {{1, -1}, {1, 1}};
	struct chess_tables *t = &chess_tables;
	uint64_t *bishop = bishop_reaches, *rook = rook_reaches;

	for (int sq = 0; sq < 64; sq++) {
		bishop = fill_slider(&t->bishop[sq], bishop_steps, sq,
				     bishop_factors[sq], bishop);
		rook = fill_slider(&t->rook[sq], rook_steps, sq,
				   rook_factors[sq], rook);
		t->knight[sq] = jumps(sq, knight, 8);
		t->king[sq] =
			jumps(sq, bishop_steps, 4) | jumps(sq, rook_steps, 4);
		t->pawn[sq] = jumps(sq, pawn, 2);
		t->bishop_rays[sq] = walk(bishop_steps, sq, 0, false);
		t->rook_rays[sq] = walk(rook_steps, sq, 0, false);
		t->castle_kept[sq] = 15;
	}
	assert(bishop == bishop_reaches + BISHOP_REACHES);
	assert(rook == rook_reaches + ROOK_REACHES);
	for (int a = 0; a < 64; a++)
		for (int b = 0; b < 64; b++)
			fill_lines(a, b);
	fill_moves();
	t->castle_kept[0] = 15 ^ CHESS_OWN_LONG;
	t->castle_kept[4] = 15 ^ CHESS_OWN_LONG ^ CHESS_OWN_SHORT;
	t->castle_kept[7] = 15 ^ CHESS_OWN_SHORT;
	t->castle_kept[56] = 15 ^ CHESS_OTHER_LONG;
	t->castle_kept[60] = 15 ^ CHESS_OTHER_LONG ^ CHESS_OTHER_SHORT;
	t->castle_kept[63] = 15 ^ CHESS_OTHER_SHORT;
}

void chess_board_init(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fill_tables);
}
