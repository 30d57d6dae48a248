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

static bool can(const struct game *g, const void *s, const char *text)
{
	return g->rules->move_parse(g, s, text) != GAME_NO_MOVE;
}

/* Perft: lc0 board_test.cc, OpenSpiel chess_test.cc, ruchess perft.rs. */
static const struct {
	const char *fen;
	uint64_t leaves[6]; /* by depth from 1; 0 ends */
} counts[] = {
	{START, {20, 400, 8902, 197281, 4865609, 119060324}},
	{"r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq -",
	 {48, 2039, 97862, 4085603, 193690690}},
	{"8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - -",
	 {14, 191, 2812, 43238, 674624, 11030083}},
	{"r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq -",
	 {6, 264, 9467, 422333, 15833292}},
	{"r2q1rk1/pP1p2pp/Q4n2/bbp1p3/Np6/1B3NBn/pPPP1PPP/R3K2R b KQ -",
	 {6, 264, 9467, 422333, 15833292}},
	{"rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ -",
	 {44, 1486, 62379, 2103487, 89941194}},
	{"r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - -",
	 {46, 2079, 89890, 3894594, 164075551}},
};

/* Sanitizers take twenty times as long. */
#ifdef __SANITIZE_ADDRESS__
enum { MOST_LEAVES = 5000000, MOST_MADE = 100000 };
#else
enum { MOST_LEAVES = 200000000, MOST_MADE = 5000000 };
#endif

static void test_leaves(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct game g;
		void *s = play(&g, counts[i].fen, "");

		for (int d = 0; d < 6 && counts[i].leaves[d] &&
				counts[i].leaves[d] <= MOST_LEAVES;
		     d++)
			if (game_perft(&g, s, d + 1) != counts[i].leaves[d])
				fail_msg("%s depth %d", counts[i].fen, d + 1);
		free(s);
	}
}

/* The same by making every move, as a game does. */
static void test_leaves_by_playing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
		struct game_rules slow;
		struct game g;
		void *s = play(&g, counts[i].fen, "");

		slow = *g.rules;
		slow.perft = NULL;
		g.rules = &slow;
		for (int d = 0; d < 5 && counts[i].leaves[d] &&
				counts[i].leaves[d] <= MOST_MADE;
		     d++)
			if (game_perft(&g, s, d + 1) != counts[i].leaves[d])
				fail_msg("%s depth %d", counts[i].fen, d + 1);
		free(s);
	}
}

/* Both ways agree where draws by rule cut lines short. */
static void test_leaves_stop_at_draws(void **state)
{
	static const char *const fens[][2] = {
		{"4k3/8/8/8/8/8/8/R3K3 w Q - 97 90", ""},
		{"8/8/3k4/8/8/3K4/3p4/8 w - - 0 1", ""},
		{"8/1k1p4/8/2P5/8/8/8/K3n3 b - - 0 1", ""},
		{"8/8/8/8/8/2k5/1r6/K6R w - - 0 1", "Rh2 Rb8 Rh1 Rb2 Rh2"},
		{START, "Nf3 Nf6 Ng1 Ng8 Nf3 Nf6"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(fens); i++) {
		struct game_rules slow;
		struct game g;
		void *s = play(&g, fens[i][0], fens[i][1]);
		uint64_t fast[5];

		for (int d = 1; d < 5; d++)
			fast[d] = game_perft(&g, s, d);
		slow = *g.rules;
		slow.perft = NULL;
		g.rules = &slow;
		for (int d = 1; d < 5; d++)
			if (game_perft(&g, s, d) != fast[d])
				fail_msg("%s depth %d", fens[i][0], d);
		free(s);
	}
}

/* Ends of games */

static void test_games_end(void **state)
{
	static const struct {
		const char *fen, *line;
		const char *ended; /* NULL: goes on */
		int winner;        /* 0 or 1; -1: drawn */
	} cases[] = {
		{START, "f3 e5 g4 Qh4#", "checkmate", 1},
		{START, "e4 e5 Qh5 Nc6 Bc4 Nf6 Qxf7#", "checkmate", 0},
		{"7k/5Q2/8/6K1/8/8/8/8 w - -", "Kg6", "stalemate", -1},
		{"8/8/8/8/8/1k6/2p5/K7 b - -", "c1=N", "bare material", -1},
		{"8/8/8/8/8/1k6/2p5/K7 b - -", "c1=R", "checkmate", 1},

		{START, "Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1", NULL, 0},
		{START, "Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1 Ng8", "repetition", -1},
		/* Reached the second and third time by another piece's way. */
		{"1k6/8/8/8/8/8/8/1K4RR w - -",
		 "Rg2 Ka8 Rgg1 Kb8 Rh2 Kb7 Rhh1 Kb8", "repetition", -1},
		/* Who is to move matters: the same board, three times. */
		{"1k6/8/8/8/8/8/8/K6R w - -", "Rh2 Ka8 Rh3 Kb8 Rh1", NULL, 0},
		/* En passant was possible the first time. */
		{"4k3/8/8/8/3p4/8/4P3/4K3 w - -",
		 "e4 Ke7 Ke2 Ke8 Ke1 Ke7 Ke2 Ke8 Ke1", NULL, 0},
		{"4k3/8/8/8/3p4/8/4P3/4K3 w - -",
		 "e4 Ke7 Ke2 Ke8 Ke1 Ke7 Ke2 Ke8 Ke1 Ke7", "repetition", -1},
		/* The pawn is pinned: it was not. */
		{"3k4/8/8/8/3p4/8/4P3/3RK3 w - -",
		 "e4 Kc8 Ke2 Kd8 Ke1 Kc8 Ke2 Kd8 Ke1", "repetition", -1},
		{"4k3/8/8/8/3pP3/8/8/4K3 b - e3",
		 "Ke7 Ke2 Ke8 Ke1 Ke7 Ke2 Ke8 Ke1", NULL, 0},
		{"4k3/8/8/8/3pP3/8/8/4K3 b - -",
		 "Ke7 Ke2 Ke8 Ke1 Ke7 Ke2 Ke8 Ke1", "repetition", -1},
		/* Rights to castle were there the first time. */
		{"r3k2r/8/8/8/8/8/8/R3K2R w KQkq -",
		 "Ke2 Ke7 Ke1 Ke8 Ke2 Ke7 Ke1 Ke8 Ke2", NULL, 0},
		{"r3k2r/8/8/8/8/8/8/R3K2R w KQkq -",
		 "Ke2 Ke7 Ke1 Ke8 Ke2 Ke7 Ke1 Ke8 Ke2 Ke7", "repetition", -1},
		/* A king that castles has moved a rook too. */
		{"4k3/7p/8/8/8/8/8/4K2R w K -",
		 "O-O Ke7 Rf2 Ke8 Rf1 Ke7 Rf2 Ke8 Rf1", "repetition", -1},

		{"4k3/8/8/8/8/8/8/R3K3 w - - 98 90", "Ra2", NULL, 0},
		{"4k3/8/8/8/8/8/8/R3K3 w - - 99 90", "Ra2", "fifty moves", -1},
		{"4k3/8/8/8/8/7P/8/R3K3 w - - 99 90", "h4", NULL, 0},
		{"4k3/8/8/8/8/8/r7/R3K3 w - - 99 90", "Rxa2", NULL, 0},
		{"4k3/8/4K3/8/8/8/8/R7 w - - 99 90", "Ra8#", "checkmate", 0},
		{"7k/5Q2/8/6K1/8/8/8/8 w - - 99 90", "Kg6", "stalemate", -1},

		{"4k3/8/8/8/8/8/r7/1K6 w - -", "Kxa2", "bare material", -1},
		{"4k3/8/8/8/8/8/r7/1K4N1 w - -", "Kxa2", "bare material", -1},
		{"4k3/8/8/8/8/8/r7/1K4B1 w - -", "Kxa2", "bare material", -1},
		{"2b1k3/8/8/8/8/8/r7/1K3B2 w - -", "Kxa2", "bare material", -1},
		{"4kb2/8/8/8/8/8/r7/1K3B2 w - -", "Kxa2", NULL, 0},
		{"4k1n1/8/8/8/8/8/r7/1K3B2 w - -", "Kxa2", NULL, 0},
		{"4k1n1/8/8/8/8/8/r7/1K3N2 w - -", "Kxa2", NULL, 0},
		{"4k3/8/8/8/8/8/r7/1K2NN2 w - -", "Kxa2", NULL, 0},
		{"4k3/8/8/8/8/8/rp6/1K6 w - -", "Kxa2", NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		float value[2], lost = cases[i].winner < 0 ? 0.0f : -1.0f;
		struct game g;
		void *s = play(&g, cases[i].fen, cases[i].line);
		bool over = g.rules->to_act(&g, s) == GAME_OVER;

		if (over != (cases[i].ended != NULL))
			fail_msg("%s %s", cases[i].fen, cases[i].line);
		if (over) {
			assert_string_equal(g.rules->ended(&g, s),
					    cases[i].ended);
			g.rules->score(&g, s, value);
			assert_true(value[cases[i].winner == 0] == lost);
			assert_true(value[cases[i].winner != 0] == -lost);
			assert_false(can(&g, s, "Ke2"));
		}
		free(s);
	}
}

static void test_plies_are_capped(void **state)
{
	game_move moves[4];
	struct err e = ERR_INIT;
	struct game g;
	void *s;
	int n;

	(void)state;
	assert_int_equal(game_init(&g, "chess:plies=4", NULL), ERR_OK);
	assert_int_equal(g.max_plies, 4);
	s = game_state_new(&g, 0);
	assert_int_equal(game_play_text(&g, s, "e4 e5 d4", moves, &n, NULL),
			 ERR_OK);
	assert_int_equal(g.rules->to_act(&g, s), 1);
	g.rules->apply(&g, s, g.rules->move_parse(&g, s, "exd4"));
	assert_int_equal(g.rules->to_act(&g, s), GAME_OVER);
	assert_string_equal(g.rules->ended(&g, s), "ply cap");
	free(s);

	/* A mate at the cap is a mate. */
	s = game_state_new(&g, 0);
	assert_int_equal(
		game_play_text(&g, s, "f3 e5 g4 Qh4#", moves, &n, NULL),
		ERR_OK);
	assert_string_equal(g.rules->ended(&g, s), "checkmate");
	free(s);
	assert_int_equal(game_init(&g, "chess:plies=1", &e), ERR_USAGE);
}

/* Castling and promotion */

static void test_castling(void **state)
{
	static const struct {
		const char *fen;
		bool short_way, long_way;
	} cases[] = {
		{"4k3/8/8/8/8/8/8/R3K2R w KQ -", true, true},
		{"4k3/8/8/8/8/8/8/R3K2R w K -", true, false},
		{"4k3/8/8/8/8/8/8/R3K2R w Q -", false, true},
		{"4k3/8/8/8/8/8/8/R3K2R w - -", false, false},
		{"r3k2r/8/8/8/8/8/8/4K3 b kq -", true, true},
		{"4k3/8/8/8/8/8/4r3/R3K2R w KQ -", false, false}, /* check */
		{"3rk3/8/8/8/8/8/8/R3K2R w KQ -", true, false},
		{"4kr2/8/8/8/8/8/8/R3K2R w KQ -", false, true},
		{"4k1r1/8/8/8/8/8/8/R3K2R w KQ -", false, true},
		{"2r1k3/8/8/8/8/8/8/R3K2R w KQ -", true, false},
		/* Only the rook passes b1. */
		{"1r2k3/8/8/8/8/8/8/R3K2R w KQ -", true, true},
		{"4k2r/8/8/8/8/8/8/R3K2R w KQ -", true, true},
		{"4k3/8/8/8/8/8/6p1/R3K2R w KQ -", false, true},
		{"4k3/8/8/8/8/8/2p5/R3K2R w KQ -", true, false},
		{"4k3/8/8/8/8/8/8/Rn2K1NR w KQ -", false, false},
		{"4k3/8/8/8/8/8/8/R2QKB1R w KQ -", false, false},
		{"4k3/8/8/8/8/8/8/R1B1K2R w KQ -", true, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct game g;
		void *s = play(&g, cases[i].fen, "");

		if (can(&g, s, "O-O") != cases[i].short_way ||
		    can(&g, s, "O-O-O") != cases[i].long_way)
			fail_msg("%s", cases[i].fen);
		free(s);
	}
}

static void test_promotions(void **state)
{
	static const char *const white[] = {"a8=Q", "a8=R",   "a8=B",
					    "a8=N", "axb8=Q", "axb8=N"};
	static const char *const black[] = {"h1=Q+", "h1=R+", "h1=B", "h1=N"};
	struct game g;
	void *s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(white); i++) {
		s = play(&g, "1r5k/P7/8/8/8/8/7p/4K3 w - -", white[i]);
		assert_int_equal(g.rules->cell(&g, s, 0, white[i][1] == 'x'),
				 white[i][strlen(white[i]) - 1] == 'Q'
					 ? CHESS_WHITE_QUEEN
				 : white[i][strlen(white[i]) - 1] == 'R'
					 ? CHESS_WHITE_ROOK
				 : white[i][strlen(white[i]) - 1] == 'B'
					 ? CHESS_WHITE_BISHOP
					 : CHESS_WHITE_KNIGHT);
		assert_int_equal(g.rules->cell(&g, s, 1, 0), GAME_EMPTY);
		free(s);
	}
	for (size_t i = 0; i < ARRAY_LEN(black); i++) {
		char text[GAME_TEXT_SIZE];

		s = play(&g, "1r5k/P7/8/8/8/8/7p/4K3 b - -", "");
		g.rules->move_text(&g, s, g.rules->move_parse(&g, s, black[i]),
				   text);
		assert_string_equal(text, black[i]);
		free(s);
	}
}

/* For networks */

/* A position and its mirror with colours changed look alike to those who move,
 * and have the same moves by number. */
static void test_colours_look_alike(void **state)
{
	game_move a[256], b[256];
	float *x, *y;
	struct game g, h;
	void *s, *t;
	size_t size;
	int n;

	(void)state;
	s = play(&g, counts[3].fen, "c5");
	t = play(&h, counts[4].fen, "c4");
	size = (size_t)g.planes * 64;
	x = mem_floats(size);
	y = mem_floats(size);
	g.rules->encode(&g, s, x);
	h.rules->encode(&h, t, y);
	assert_memory_equal(x, y, size * sizeof(*x));
	n = g.rules->legal(&g, s, a);
	assert_int_equal(h.rules->legal(&h, t, b), n);
	assert_memory_equal(a, b, (size_t)n * sizeof(*a));
	assert_true(g.rules->lead(&g, s) == -h.rules->lead(&h, t));
	assert_true(g.rules->hash(&g, s) != h.rules->hash(&h, t));
	free(x);
	free(y);
	free(s);
	free(t);
}

static float plane(const struct game *g, const void *s, int p, int cell)
{
	float *x = mem_floats((size_t)g->planes * 64);
	float v;

	g->rules->encode(g, s, x);
	v = x[p * 64 + cell];
	free(x);
	return v;
}

static void test_planes(void **state)
{
	struct game g;
	void *s = play(&g, START, "e4 a6 e5 d5");

	(void)state;
	assert_int_equal(g.planes, 31);
	assert_true(plane(&g, s, 0, 3 * 8 + 4) == 1.0f);  /* e5 */
	assert_true(plane(&g, s, 6, 3 * 8 + 3) == 1.0f);  /* d5 */
	assert_true(plane(&g, s, 5, 7 * 8 + 4) == 1.0f);  /* e1 */
	assert_true(plane(&g, s, 18, 3 * 8 + 3) == 0.0f); /* d5 before */
	assert_true(plane(&g, s, 18, 1 * 8 + 3) == 1.0f); /* d7 before */
	assert_true(plane(&g, s, 12, 3 * 8 + 4) == 1.0f); /* e5 before */
	for (int p = 24; p < 28; p++)
		assert_true(plane(&g, s, p, 9) == 1.0f);
	assert_true(plane(&g, s, 28, 2 * 8 + 3) == 1.0f); /* d6 */
	assert_true(plane(&g, s, 29, 0) == 0.0f);
	free(s);
	/* Black to move sees its own king below. */
	s = play(&g, START, "Nf3 Nf6 Ng1 Ng8 Nf3");
	assert_true(plane(&g, s, 5, 7 * 8 + 4) == 1.0f);
	assert_true(plane(&g, s, 7, 2 * 8 + 5) == 1.0f); /* f3 from there */
	assert_true(plane(&g, s, 29, 0) == 0.05f);
	assert_true(plane(&g, s, 30, 0) == 1.0f);
	free(s);
}

static void test_moves_have_places(void **state)
{
	bool *taken = mem_zalloc((size_t)73 * 64, sizeof(*taken));
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "chess", NULL), ERR_OK);
	assert_int_equal(g.move_count, 1858);
	for (int m = 0; m < g.move_count; m++) {
		int cell, p = g.rules->move_plane(&g, (game_move)m, &cell);

		assert_in_range(p, 0, 72);
		assert_in_range(cell, 0, 63);
		assert_false(taken[p * 64 + cell]);
		taken[p * 64 + cell] = true;
	}
	free(taken);
}

static void test_hash_knows_the_rules_state(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"e4 e5 d4 d5", "d4 d5 e4 e5", true},
		{"e3 e6 Nf3 Nf6 d3 d6", "d3 d6 Nf3 Nf6 e3 e6", true},
		{"Nf3 Nf6 Ng1 Ng8", "", false},
		/* Plies since a pawn's move, and what could come again. */
		{"e3 e6 Nf3 Nf6", "Nf3 Nf6 e3 e6", false},
		{"Nf3 Nf6 Nc3 Nc6", "Nc3 Nf6 Nf3 Nc6", false},
		{"e4 a6 e5 d5", "e4 a6 e5 d6", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct game g;
		void *s = play(&g, START, cases[i].a);
		void *t = play(&g, START, cases[i].b);

		if ((g.rules->hash(&g, s) == g.rules->hash(&g, t)) !=
		    cases[i].same)
			fail_msg("%s, %s", cases[i].a, cases[i].b);
		free(s);
		free(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaves),
		cmocka_unit_test(test_leaves_by_playing),
		cmocka_unit_test(test_leaves_stop_at_draws),
		cmocka_unit_test(test_games_end),
		cmocka_unit_test(test_plies_are_capped),
		cmocka_unit_test(test_castling),
		cmocka_unit_test(test_promotions),
		cmocka_unit_test(test_colours_look_alike),
		cmocka_unit_test(test_planes),
		cmocka_unit_test(test_moves_have_places),
		cmocka_unit_test(test_hash_knows_the_rules_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
