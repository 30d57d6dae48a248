/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

#define START "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq -"

static void *position(struct game *g, const char *fen)
{
	struct err e = ERR_INIT;
	void *s;

	assert_int_equal(game_init(g, "chess", NULL), ERR_OK);
	s = game_state_new(g, 0);
	if (g->rules->position_parse(g, s, fen, &e))
		fail_msg("%s: %s", fen, e.msg);
	return s;
}

/* Each move has one SAN and one UCI text, both read back. */
static void test_written(void **state)
{
	static const char *const cases[][3] = {
		{START, "e2e4", "e4"},
		{START, "g1f3", "Nf3"},
		{"rnbqkbnr/ppp1pppp/8/3p4/4P3/8/PPPP1PPP/RNBQKBNR w KQkq -",
		 "e4d5", "exd5"},
		/* By file, by rank, by both, by none: the other is pinned. */
		{"4k3/8/8/8/8/8/8/1N2KN2 w - -", "b1d2", "Nbd2"},
		{"4k3/8/8/8/8/8/8/1N2KN2 w - -", "f1d2", "Nfd2"},
		{"4k3/8/8/8/R7/8/8/R3K3 w - -", "a1a2", "R1a2"},
		{"4k3/8/8/8/R7/8/8/R3K3 w - -", "a4a2", "R4a2"},
		{"4k3/8/8/8/8/8/8/R2K3R w - -", "a1c1", "Rc1"},
		{"4k3/8/8/8/8/8/3K4/R6R w - -", "a1e1", "Rae1+"},
		{"6k1/8/8/8/Q6Q/8/8/K6Q w - -", "h4e4", "Qh4e4"},
		{"6k1/8/8/8/Q6Q/8/8/K6Q w - -", "a4e4", "Qae4"},
		{"6k1/8/8/8/Q6Q/8/8/K6Q w - -", "h1e4", "Q1e4"},
		{"4r1k1/8/8/8/8/4N3/8/N3K3 w - -", "a1c2", "Nc2"},
		{"4k3/8/8/3p4/2N1N3/8/8/4K3 b - -", "d5c4", "dxc4"},
		{"4k3/8/8/3p4/2N1N3/8/8/4K3 b - -", "d5e4", "dxe4"},
		/* A file is tried before a rank. */
		{"4k3/8/8/8/8/R7/8/1R2K3 w - -", "b1b3", "Rbb3"},
		{"4k3/8/8/8/8/R7/8/1R2K3 w - -", "a3b3", "Rab3"},
		{"4k3/8/8/3pP3/8/8/8/4K3 w - d6", "e5d6", "exd6"},
		{"r3k2r/8/8/8/8/8/8/R3K2R w KQkq -", "e1g1", "O-O"},
		{"r3k2r/8/8/8/8/8/8/R3K2R b KQkq -", "e8c8", "O-O-O"},
		{"5k2/8/8/8/8/8/8/4K2R w K -", "e1g1", "O-O+"},
		{"3k4/8/8/8/8/8/8/R3K3 w Q -", "e1c1", "O-O-O+"},
		/* A king's step to the side of its castle is none. */
		{"4k3/8/8/8/8/8/8/R4K1R w - -", "f1g1", "Kg1"},
		{"1r5k/P7/8/8/8/8/8/4K3 w - -", "a7a8q", "a8=Q"},
		{"1r5k/P7/8/8/8/8/8/4K3 w - -", "a7b8n", "axb8=N"},
		{"1r5k/P7/8/8/8/8/8/4K3 w - -", "a7b8r", "axb8=R+"},
		{"4k3/8/8/8/8/8/p7/4K3 b - -", "a2a1b", "a1=B"},
		{"4k3/8/8/8/8/8/p7/4K3 b - -", "a2a1q", "a1=Q+"},
		{"6k1/5ppp/8/8/8/8/8/R3K3 w - -", "a1a8", "Ra8#"},
		/* A double check leaves no block; a pawn's jump ends one. */
		{"4k3/4r3/8/8/4N3/8/8/4R1K1 w - -", "e4f6", "Nf6+"},
		{"k7/8/8/8/8/8/1PP5/1KR4r w - -", "c1h1", "Rxh1"},
		{"8/8/8/1k6/8/8/2P5/1K6 w - -", "c2c4", "c4+"},
		/* The only way out takes en passant. */
		{"8/8/8/2k5/1p1p4/1PpP4/2P1P3/6K1 w - -", "e2e4", "e4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[GAME_TEXT_SIZE];
		struct game g;
		void *s = position(&g, cases[i][0]);
		game_move m = g.rules->move_parse(&g, s, cases[i][1]);

		if (m == GAME_NO_MOVE)
			fail_msg("%s %s", cases[i][0], cases[i][1]);
		g.rules->move_text(&g, s, m, text);
		assert_string_equal(text, cases[i][2]);
		assert_int_equal(g.rules->move_parse(&g, s, text), m);
		chess_uci_text(&g, s, m, text);
		assert_string_equal(text, cases[i][1]);
		free(s);
	}
}

/* What people and programs write; NULL: no move. */
static void test_read(void **state)
{
	static const char castles[] = "r3k2r/8/8/8/8/8/8/R3K2R w KQkq -";
	static const char passant[] = "4k3/8/8/3pP3/8/8/8/4K3 w - d6";
	static const char promotes[] = "1r5k/P7/8/8/8/8/8/4K3 w - -";
	static const char knights[] = "4k3/8/8/8/8/8/8/1N2KN2 w - -";
	static const char check[] = "4k3/8/8/8/8/8/4r3/3QK3 w - -";
	static const struct {
		const char *fen, *text, *uci;
	} cases[] = {
		{START, "e4!", "e2e4"},
		{START, "e4!?", "e2e4"},
		{START, "e4+", "e2e4"},
		{START, "Pe4", "e2e4"},
		{START, "e2-e4", "e2e4"},
		{START, "Ng1-f3", "g1f3"},
		{START, "Ng1f3", "g1f3"},
		{START, "Ngf3", "g1f3"},
		{START, "N1f3", "g1f3"},
		{START, "nf3", "g1f3"},
		{START, "g1f3", "g1f3"},
		{START, "e5", NULL},
		{START, "Nd2", NULL},
		{START, "Bf1", NULL},
		{START, "N", NULL},
		{START, "e", NULL},
		{START, "4", NULL},
		{START, "x", NULL},
		{START, "e4e", NULL},
		{START, "e4 e5", NULL},
		{START, "e9", NULL},
		{START, "i4", NULL},
		{START, "e4=Q", NULL},
		{START, "Nf3=Q", NULL},
		{START, "e7e5", NULL},
		{START, "g8f6", NULL},
		{START, "Ph4h5", NULL},
		{START, "0000", NULL},
		{START, "--", NULL},
		{START, "O-O", NULL},
		{castles, "O-O", "e1g1"},
		{castles, "O-O-O", "e1c1"},
		{castles, "0-0", "e1g1"},
		{castles, "0-0-0", "e1c1"},
		{castles, "o-o-o+", "e1c1"},
		{castles, "OO", "e1g1"},
		{castles, "Kg1", "e1g1"},
		{castles, "O", NULL},
		{castles, "O-", NULL},
		{castles, "O-O-", NULL},
		{castles, "O-O-O-O", NULL},
		{castles, "O-Ox", NULL},
		{castles, "Kh1", NULL},
		{"4k3/8/8/8/8/8/8/R4K2 w - -", "O-O-O", NULL},
		{passant, "exd6", "e5d6"},
		{passant, "exd6e.p.", "e5d6"},
		{passant, "exd6ep", "e5d6"},
		{passant, "ed6", "e5d6"},
		{passant, "e5xd6", "e5d6"},
		{passant, "e5:d6", "e5d6"},
		{passant, "d6", NULL},
		{passant, "exf6", NULL},
		{promotes, "a8=Q", "a7a8q"},
		{promotes, "a8Q", "a7a8q"},
		{promotes, "a8(N)", "a7a8n"},
		{promotes, "a8/R", "a7a8r"},
		{promotes, "a7a8b", "a7a8b"},
		{promotes, "a7-a8=B", "a7a8b"},
		{promotes, "a7xb8=n", "a7b8n"},
		{promotes, "ab8n", "a7b8n"},
		{promotes, "a8", "a7a8q"},
		{promotes, "a8=K", NULL},
		{promotes, "a8=P", NULL},
		{promotes, "a8=", NULL},
		{promotes, "b8", NULL},
		{knights, "Nd2", NULL}, /* which? */
		{knights, "Nbd2", "b1d2"},
		{knights, "N1d2", NULL},
		{knights, "Nf1d2", "f1d2"},
		{knights, "Nxd2", NULL},
		{knights, "Na3", "b1a3"},
		{check, "Qxe2", "d1e2"},
		{check, "Kxe2", "e1e2"},
		{check, "Qd8", NULL},
		{check, "Kd2", NULL},
		{"4k3/4r3/8/8/8/8/4N3/4K3 w - -", "Nf4", NULL}, /* pinned */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char text[GAME_TEXT_SIZE] = "";
		struct game g;
		void *s = position(&g, cases[i].fen);
		game_move m = g.rules->move_parse(&g, s, cases[i].text);

		if (m != GAME_NO_MOVE)
			chess_uci_text(&g, s, m, text);
		if (strcmp(text, cases[i].uci ? cases[i].uci : "") != 0)
			fail_msg("%s %s: '%s'", cases[i].fen, cases[i].text,
				 text);
		free(s);
	}
}

/* All texts of all moves of random games are read back, and no two moves have
 * one text. */
static void test_random_games(void **state)
{
	game_move moves[256];
	struct game g;
	void *s;

	(void)state;
	assert_int_equal(game_init(&g, "chess", NULL), ERR_OK);
	s = mem_zalloc(1, g.state_size);
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct rng r;

		rng_init(&r, seed, RNG_TEST, 0, 0);
		g.rules->start(&g, s, 0);
		while (g.rules->to_act(&g, s) != GAME_OVER) {
			int n = g.rules->legal(&g, s, moves);

			for (int i = 0; i < n; i++) {
				char text[GAME_TEXT_SIZE];

				g.rules->move_text(&g, s, moves[i], text);
				assert_int_equal(
					g.rules->move_parse(&g, s, text),
					moves[i]);
				chess_uci_text(&g, s, moves[i], text);
				assert_int_equal(
					g.rules->move_parse(&g, s, text),
					moves[i]);
			}
			g.rules->apply(&g, s,
				       moves[rng_below(&r, (uint32_t)n)]);
		}
	}
	free(s);
}

static void test_counters_are_told(void **state)
{
	struct game g;
	void *s = position(&g, "4k3/8/8/8/8/8/8/R3K3 b - - 12 34");

	(void)state;
	assert_int_equal(chess_quiet_plies(s), 12);
	assert_int_equal(chess_move_count(s), 34);
	assert_false(chess_in_check(s));
	g.rules->apply(&g, s, g.rules->move_parse(&g, s, "Kd8"));
	assert_int_equal(chess_quiet_plies(s), 13);
	assert_int_equal(chess_move_count(s), 35);
	g.rules->apply(&g, s, g.rules->move_parse(&g, s, "Ra8+"));
	assert_true(chess_in_check(s));
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_random_games),
		cmocka_unit_test(test_counters_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
