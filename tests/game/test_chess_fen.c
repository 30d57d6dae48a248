/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"

#define START "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"

/* A game from a FEN and its state after `line`; the state is the caller's. */
static void *play(struct game *g, const char *fen, const char *line)
{
	char spec[GAME_NAME_SIZE];
	struct err e = ERR_INIT;
	game_move *moves;
	void *s;
	int n;

	snprintf(spec, sizeof(spec), "chess:fen=%s", fen);
	if (game_init(g, spec, &e))
		fail_msg("%s: %s", fen, e.msg);
	moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	s = game_state_new(g, 0);
	if (game_play_text(g, s, line, moves, &n, &e))
		fail_msg("%s: %s", fen, e.msg);
	free(moves);
	return s;
}

static void test_fen_is_canonical(void **state)
{
	static const char *const same[][2] = {
		{START, START},
		{"rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq -", START},
		{"  rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR  w  qkQK - 0 "
		 "0 ",
		 START},
		/* No pawn can take on e3, on d6 one can. */
		{"rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 1",
		 "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1"},
		{"rnbqkbnr/ppp1p1pp/8/3pPp2/8/8/PPPP1PPP/RNBQKBNR w Qk d6 0 3",
		 "rnbqkbnr/ppp1p1pp/8/3pPp2/8/8/PPPP1PPP/RNBQKBNR w Qk d6 0 3"},
		/* Taking would open the fifth rank to the king. */
		{"8/8/8/K2pP2r/8/8/8/7k w - d6 0 1",
		 "8/8/8/K2pP2r/8/8/8/7k w - - 0 1"},
		{"4k3/8/8/8/8/8/8/R3K3 b Q - 73 9999",
		 "4k3/8/8/8/8/8/8/R3K3 b Q - 73 9999"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		char text[GAME_START_SIZE];
		struct game g;
		void *s = play(&g, same[i][0], "");

		g.rules->position_text(&g, s, text);
		assert_string_equal(text, same[i][1]);
		assert_string_equal(
			g.start, strcmp(same[i][1], START) ? same[i][1] : "");
		free(s);
	}
}

static void test_fen_follows_the_game(void **state)
{
	static const char *const after[][2] = {
		{"e4", "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq "
		       "- 0 1"},
		{"e4 a6 e5 d5", "rnbqkbnr/1pp1pppp/p7/3pP3/8/8/PPPP1PPP/"
				"RNBQKBNR w KQkq d6 0 3"},
		{"e4 a6 e5 d5 exd6", "rnbqkbnr/1pp1pppp/p2P4/8/8/8/PPPP1PPP/"
				     "RNBQKBNR b KQkq - 0 3"},
		{"e4 e5 Nf3 Nc6 Bc4 Nf6 O-O",
		 "r1bqkb1r/pppp1ppp/2n2n2/4p3/2B1P3/5N2/PPPP1PPP/RNBQ1RK1 b kq "
		 "- 5 4"},
		{"Nf3 Nf6 Rg1 Rg8",
		 "rnbqkbr1/pppppppp/5n2/8/8/5N2/PPPPPPPP/RNBQKBR1 w Qq - 4 3"},
		/* A rook that is taken castles no more. */
		{"g3 b6 Bg2 Bb7 Bxb7 d6 Bxa8",
		 "Bn1qkbnr/p1p1pppp/1p1p4/8/8/6P1/PPPPPP1P/RNBQK1NR b KQk - 0 "
		 "4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(after); i++) {
		char text[GAME_START_SIZE];
		struct game g;
		void *s = play(&g, START, after[i][0]);

		g.rules->position_text(&g, s, text);
		assert_string_equal(text, after[i][1]);
		free(s);
	}
}

static void test_fen_errors_name_the_column(void **state)
{
	static const char *const cases[][2] = {
		{"", "column 1: fewer than eight squares"},
		{"4k3/8/8/8/8/8/8/4K3", "column 20: the text ends, expected "
					"'w' or 'b'"},
		{"4k3/8/8/8/8/8/4K3 w - -", "column 18: fewer than eight "
					    "ranks"},
		{"4k3/8/8/8/8/8/8/4K3/8 w - -", "column 20: more than eight "
						"ranks"},
		{"4k3/8/7/8/8/8/8/4K3 w - -", "column 8: fewer than eight "
					      "squares"},
		{"4k3/8/44/8/8/8/8/4K3 w - -", "column 8: two counts"},
		{"4k3/8/p8/8/8/8/8/4K3 w - -", "column 8: more than eight "
					       "squares"},
		{"4k3p/8/8/8/8/8/8/4K3 w - -", "column 4: more than eight "
					       "squares"},
		{"4k3/8/8/8/8/8/8/4K3K w - -", "column 20: more than eight "
					       "squares"},
		{"4k3/8/8/3x4/8/8/8/4K3 w - -", "column 10: 'x', expected a "
						"piece"},
		{"4k3/8/8/3\x01"
		 "4/8/8/8/4K3 w - -",
		 "column 10: byte 0x01"},
		{"4k3/9/8/8/8/8/8/4K3 w - -", "column 5: '9'"},
		{"4k2P/8/8/8/8/8/8/4K3 w - -", "column 4: a pawn on the"},
		{"4k3/8/8/8/8/8/8/p3K3 w - -", "column 17: a pawn on the"},
		{"4k3/8/8/8/8/8/8/8 w - -", "column 1: White has no king"},
		{"8/8/8/8/8/8/8/4K3 w - -", "column 1: Black has no king"},
		{"4k3/8/8/8/8/8/8/K3K3 w - -", "column 19: a second white"},
		{"4k3/4k3/8/8/8/8/8/4K3 w - -", "column 6: a second black"},
		{"4k3/PPPPPPPP/P7/8/8/8/8/4K3 w - -", "column 14: a ninth "
						      "pawn"},
		{"4k3/8/RRRRRRRR/NNNNNNNN/8/8/8/4K3 w - -",
		 "column 32: a seventeenth"},
		{"4k3/8/8/8/8/8/8/4K2R x - -", "column 22: 'x', expected 'w' "
					       "or 'b'"},
		{"4k3/8/8/8/8/8/8/4K2R white - -", "column 23: 'h'"},
		{"4k3/8/8/8/8/8/8/4K2R w", "column 23: the text ends, "
					   "expected rights"},
		{"4k3/8/8/8/8/8/8/4K2R w X -", "column 24: 'X', expected "
					       "rights"},
		{"4k3/8/8/8/8/8/8/4K2R w -K -", "column 25: 'K', expected a "
						"blank"},
		{"4k3/8/8/8/8/8/8/4K2R w K", "column 25: the text ends, "
					     "expected an en passant"},
		{"4k3/8/8/8/8/8/8/4K2R w K i6", "column 26: 'i'"},
		{"4k3/8/8/8/8/8/8/4K2R w K e", "column 27: the text ends"},
		{"4k3/8/8/8/8/8/8/4K2R w K e9", "column 27: '9'"},
		{"4k3/8/8/8/8/8/8/4K2R w K e66", "column 28: '6', expected a "
						 "blank"},
		{"4k3/8/8/8/8/8/8/4K2R w K - x 1", "column 28: 'x', expected "
						   "the plies"},
		{"4k3/8/8/8/8/8/8/4K2R w K - -1 1", "column 28: '-'"},
		{"4k3/8/8/8/8/8/8/4K2R w K - 0 1x", "column 31: 'x'"},
		{"4k3/8/8/8/8/8/8/4K2R w K - 0 1 w", "column 32: more than "
						     "six fields"},
		{"4k3/8/8/8/8/8/8/4R2K w - -", "column 1: White is to move "
					       "and attacks"},
		{"4r2k/8/8/8/8/8/8/4K3 b - -", "column 1: Black is to move "
					       "and attacks"},
		{"8/8/8/8/8/8/k7/K6r w - -", "column 1: White is to move"},
		{"4k3/8/8/8/8/8/8/4K3 w - -", "over here: no mate"},
		{"7k/5Q2/6K1/8/8/8/8/8 b - -", "over here: stalemate"},
		{"7k/6Q1/6K1/8/8/8/8/8 b - -", "over here: checkmate"},
	};
	struct game g;
	void *s, *was;

	(void)state;
	s = play(&g, START, "e4");
	was = mem_zalloc(1, g.state_size);
	memcpy(was, s, g.state_size);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;

		if (g.rules->position_parse(&g, s, cases[i][0], &e) !=
		    ERR_FORMAT)
			fail_msg("'%s' was taken", cases[i][0]);
		if (!strstr(e.msg, cases[i][1]))
			fail_msg("'%s': %s", cases[i][0], e.msg);
		assert_int_equal(
			g.rules->position_parse(&g, s, cases[i][0], NULL),
			ERR_FORMAT);
		assert_memory_equal(s, was, g.state_size);
	}
	free(was);
	free(s);
}

/* What does not fit is left out, and said; what fits is not talked about. */
static void test_fen_doubts(void **state)
{
	static const char *const cases[][3] = {
		{"4k3/8/8/8/8/8/8/4K2R w KK -", "4K2R w K - 0 1", ""},
		{"4k3/8/8/8/8/8/8/4K2R w KQ -", "4K2R w K - 0 1",
		 "the right Q is left out"},
		{"7k/5K2/4R3/8/8/8/8/8 w KQkq - 0 1", "/8 w - - 0 1",
		 "the right K is left out, as king or rook is elsewhere; the "
		 "right Q"},
		{"r3k2r/8/8/8/8/8/8/R3K2R w HAha - 0 1", "R3K2R w KQkq - 0 1",
		 ""},
		{"r3k2r/8/8/8/8/8/8/R3K1R1 w GAha - 0 1", "R3K1R1 w Qkq - 0 1",
		 "the right G is left out"},
		{"4k3/8/8/8/8/8/8/4K2R w K e3", "w K - 0 1", "square e3"},
		{"4k3/8/8/8/8/8/8/4K2R w K e6", "w K - 0 1", "square e6"},
		{"4k3/4p3/8/4p3/8/8/8/4K3 w - e6", "w - - 0 1", "square e6"},
		{"4k3/8/8/8/8/8/8/4K2R w K - 100 99", "w K - 0 99",
		 "100 plies"},
		{"4k3/8/8/8/8/8/8/4K2R w K - 123 99", "w K - 0 99",
		 "123 plies"},
		{"4k3/8/8/8/8/8/8/4K2R w K - 0 99999", "w K - 0 9999",
		 "is read as 9999"},
		{"4k3/8/8/8/8/8/8/4K2R w K - 7", "w K - 7 1", ""},
		{"4k3/8/8/8/8/8/8/4K2R w K - - -", "w K - 0 1", ""},
		{START, START, ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[GAME_START_SIZE];
		struct buf doubts;
		struct game g;
		void *s = play(&g, cases[i][0], "");

		buf_init(&doubts);
		g.rules->position_text(&g, s, text);
		g.rules->position_doubts(&g, cases[i][0], &doubts);
		if (!strstr(text, cases[i][1]))
			fail_msg("'%s' is '%s'", cases[i][0], text);
		if (!strstr(doubts.data, cases[i][2]) ||
		    !doubts.len != !cases[i][2][0])
			fail_msg("'%s': '%s'", cases[i][0], doubts.data);
		buf_release(&doubts);
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fen_is_canonical),
		cmocka_unit_test(test_fen_follows_the_game),
		cmocka_unit_test(test_fen_errors_name_the_column),
		cmocka_unit_test(test_fen_doubts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
