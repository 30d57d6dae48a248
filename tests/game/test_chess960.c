/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/game/game.h"

/* Chess960: starts, castling between any files, and how moves and positions are
 * written. */

static void *position(struct game *g, const char *spec, const char *fen)
{
	struct err e = ERR_INIT;

	if (game_init(g, spec, &e) || game_from(g, g, fen, &e))
		fail_msg("%s %s: %s", spec, fen, e.msg);
	return game_state_new(g, 0);
}

/* Scharnagl's numbers, as his table of 2004 has them. */
static void test_starts(void **state)
{
	static const struct {
		const char *spec, *rank;
	} rows[] = {
		{"chess:frc=0", "bbqnnrkr"},   {"chess:frc=959", "rkrnnqbb"},
		{"chess:frc=518", "rnbqkbnr"}, {"chess:frc=534", "rnbkqbnr"},
		{"chess", "rnbqkbnr"},
	};
	char text[GAME_START_SIZE];
	struct game g;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		void *s = position(&g, rows[i].spec, "");

		g.rules->position_text(&g, s, text);
		assert_memory_equal(text, rows[i].rank, 8);
		assert_string_equal(text + 43, " w KQkq - 0 1");
		free(s);
	}
	assert_int_equal(game_init(&g, "chess:frc=960", NULL), ERR_USAGE);
	assert_int_equal(game_init(&g, "chess:frc=yes", NULL), ERR_USAGE);
	/* The usual game has its name of before. */
	assert_int_equal(game_init(&g, "chess:frc=no", NULL), ERR_OK);
	assert_string_equal(g.name, "chess:plies=12000");
	assert_int_equal(game_init(&g, "chess:frc=7", NULL), ERR_OK);
	assert_string_equal(g.short_name, "chess:frc=7");
}

/* From the suite of Chess960 positions that engines are tested with; Stockfish
 * 15.1 says the same. */
static void test_counts(void **state)
{
	static const struct {
		const char *fen;
		uint64_t count[4];
	} rows[] = {
		{"bqnb1rkr/pp3ppp/3ppn2/2p5/5P2/P2P4/NPP1P1PP/BQ1BNRKR w HFhf "
		 "- 2 9",
		 {21, 528, 12189, 326672}},
		{"2nnrbkr/p1qppppp/8/1ppb4/6PP/3PP3/PPP2P2/BQNNRBKR w HEhe - "
		 "1 9",
		 {21, 807, 18002, 667366}},
		{"b1q1rrkb/pppppppp/3nn3/8/P7/1PPP4/4PPPP/BQNNRKRB w GE - 1 9",
		 {20, 479, 10471, 273318}},
	};
	struct game g;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		void *s = position(&g, "chess:frc=518", rows[i].fen);

		for (int d = 1; d <= 4; d++)
			assert_int_equal(game_perft(&g, s, d),
					 rows[i].count[d - 1]);
		free(s);
	}
}

/* Plays a move and says what the board is then; NULL: it is not legal. */
static const char *after(const char *spec, const char *fen, const char *move)
{
	static char text[GAME_START_SIZE];
	struct game g;
	void *s = position(&g, spec, fen);
	game_move m = g.rules->move_parse(&g, s, move);

	if (m != GAME_NO_MOVE) {
		g.rules->apply(&g, s, m);
		g.rules->position_text(&g, s, text);
	}
	free(s);
	return m == GAME_NO_MOVE ? NULL : text;
}

static void test_castling(void **state)
{
	static const char close_by[] = "7k/p7/8/8/8/8/P7/1RK5 w B - 0 1";
	static const char wide[] = "r1k4r/p7/8/8/8/8/P7/1K5R b ha - 0 1";

	(void)state;
	assert_string_equal(after("chess:frc=0", close_by, "c1b1"),
			    "7k/p7/8/8/8/8/P7/2KR4 b - - 1 1");
	assert_string_equal(after("chess:frc=0", close_by, "O-O-O"),
			    "7k/p7/8/8/8/8/P7/2KR4 b - - 1 1");
	assert_string_equal(after("chess:frc=0", wide, "c8h8"),
			    "r4rk1/p7/8/8/8/8/P7/1K5R w - - 1 2");
	/* As programs write it that know the usual castling alone. */
	assert_string_equal(after("chess:frc=0", wide, "c8g8"),
			    "r4rk1/p7/8/8/8/8/P7/1K5R w - - 1 2");
	/* A step of the king is one. */
	assert_string_equal(after("chess:frc=0", wide, "c8d8"),
			    "r2k3r/p7/8/8/8/8/P7/1K5R w - - 1 2");
	/* The rook shields the king that stays where it is. */
	assert_null(after("chess:frc=0", "7k/p7/8/8/8/8/P7/rRK5 w B - 0 1",
			  "O-O-O"));
	/* The king may not go over f1. */
	assert_null(
		after("chess:frc=0", "k4r2/8/8/8/8/8/8/1K5R w H - 0 1", "O-O"));
	/* A rook that was not at home, and one that takes the other. */
	assert_string_equal(after("chess:frc=0",
				  "1rk4r/8/8/8/8/8/8/1RK4R w BHbh - 0 1",
				  "Rxb8"),
			    "1Rk4r/8/8/8/8/8/8/2K4R b Kk - 0 1");
}

/* Usual chess: to the king's square, and to the rook's where a program writes
 * so; Chess960 from the same start: to the rook's. */
static void test_usual(void **state)
{
	static const char fen[] = "r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1";
	char text[GAME_TEXT_SIZE];
	struct game g, frc;
	void *s = position(&g, "chess", fen);
	void *f = position(&frc, "chess:frc=518", fen);
	game_move m = g.rules->move_parse(&g, s, "e1g1");

	(void)state;
	assert_int_equal(g.rules->move_parse(&g, s, "e1h1"), m);
	assert_int_equal(g.rules->move_parse(&g, s, "O-O"), m);
	assert_int_equal(frc.rules->move_parse(&frc, f, "e1h1"), m);
	assert_int_equal(frc.rules->move_parse(&frc, f, "O-O"), m);
	chess_uci_text(&g, s, m, text);
	assert_string_equal(text, "e1g1");
	chess_uci_text(&frc, f, m, text);
	assert_string_equal(text, "e1h1");
	assert_int_equal(game_perft(&g, s, 3), game_perft(&frc, f, 3));
	assert_true(game_same_network(&g, &frc));
	free(s);
	free(f);
}

/* The letter of the file where another rook stands further out. */
static void test_letters(void **state)
{
	static const char inner[] = "4k3/8/8/8/8/8/8/RR1K4 w B - 0 1";
	static const char outer[] = "4k3/8/8/8/8/8/8/RR1K4 w A - 0 1";
	char text[GAME_START_SIZE];
	struct game g;
	void *s;

	(void)state;
	s = position(&g, "chess:frc=1", inner);
	g.rules->position_text(&g, s, text);
	assert_string_equal(text, inner);
	free(s);
	s = position(&g, "chess:frc=1", outer);
	g.rules->position_text(&g, s, text);
	assert_string_equal(text, "4k3/8/8/8/8/8/8/RR1K4 w Q - 0 1");
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_starts),   cmocka_unit_test(test_counts),
		cmocka_unit_test(test_castling), cmocka_unit_test(test_usual),
		cmocka_unit_test(test_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
