/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/chess_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/match.h"

/* Polyglot's books, against the keys that its format publishes for tests. */

static struct game chess;

static int setup(void **state)
{
	(void)state;
	return game_init(&chess, "chess", NULL);
}

static void *after(const char *line)
{
	game_move moves[32];
	void *s = game_state_new(&chess, 0);
	struct err e = ERR_INIT;
	int n;

	if (game_play_text(&chess, s, line, moves, &n, &e))
		fail_msg("%s", e.msg);
	return s;
}

/* book_format.html: the position, and its key. */
static void test_keys(void **state)
{
	static const struct {
		const char *line;
		uint64_t key;
	} rows[] = {
		{"", 0x463b96181691fc9c},
		{"e2e4", 0x823c9b50fd114196},
		{"e2e4 d7d5", 0x0756b94461c50fb0},
		{"e2e4 d7d5 e4e5", 0x662fafb965db29d4},
		{"e2e4 d7d5 e4e5 f7f5", 0x22a48b5a8e47ff78},
		{"e2e4 d7d5 e4e5 f7f5 e1e2", 0x652a607ca3f242c1},
		{"e2e4 d7d5 e4e5 f7f5 e1e2 e8f7", 0x00fdd303c946bdd9},
		{"a2a4 b7b5 h2h4 b5b4 c2c4", 0x3c8123ea7b067637},
		{"a2a4 b7b5 h2h4 b5b4 c2c4 b4c3 a1a3", 0x5c3f9b829b279560},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		void *s = after(rows[i].line);

		assert_true(chess_book_key(s) == rows[i].key);
		free(s);
	}
}

struct entry {
	uint64_t key;
	unsigned int move, weight;
};

static void write_entries(FILE *f, const struct entry *entries, size_t count)
{
	assert_non_null(f);
	for (size_t i = 0; i < count; i++) {
		uint64_t low = (uint64_t)entries[i].move << 48 |
			       (uint64_t)entries[i].weight << 32;

		for (int k = 7; k >= 0; k--)
			fputc((int)(entries[i].key >> (8 * k) & 255), f);
		for (int k = 7; k >= 0; k--)
			fputc((int)(low >> (8 * k) & 255), f);
	}
	assert_int_equal(fclose(f), 0);
}

static void write_book(char *path, const struct entry *entries, size_t count)
{
	write_entries(fdopen(mkstemp(path), "w"), entries, count);
}

static unsigned int packed(const char *m)
{
	static const char pieces[] = " nbrq";
	const char *p = m[4] ? strchr(pieces, m[4]) : pieces;

	return (unsigned int)((m[2] - 'a') | (m[3] - '1') << 3 |
			      (m[0] - 'a') << 6 | (m[1] - '1') << 9 |
			      (int)(p - pieces) << 12);
}

static void test_moves(void **state)
{
	const uint64_t start = 0x463b96181691fc9c;
	char path[] = "/tmp/plyscope-book-XXXXXX", text[GAME_TEXT_SIZE];
	struct entry entries[] = {
		{1, 0, 1},
		{start, packed("e2e4"), 3},
		{start, packed("d2d4"), 1},
		{start, packed("e2e5"), 9}, /* not a move */
		{start, packed("a2a3"), 0}, /* never to be played */
		{0xffffffffffffffff, 0, 1},
	};
	struct chess_book_move moves[CHESS_BOOK_MOVES];
	struct chess_book *b;
	void *s = after("");
	int drawn = 0;
	struct rng r;

	(void)state;
	write_book(path, entries, ARRAY_LEN(entries));
	assert_int_equal(chess_book_open(&b, path, NULL), ERR_OK);
	assert_int_equal(chess_book_moves(b, &chess, s, moves), 2);
	chess.rules->move_text(&chess, s, moves[0].move, text);
	assert_string_equal(text, "e4");
	assert_int_equal(moves[0].weight, 3);
	for (int i = 0; i < 400; i++) {
		rng_init(&r, 1, RNG_TEST, (uint64_t)i, 0);
		drawn += chess_book_draw(b, &chess, s, &r) == moves[0].move;
	}
	/* Three in four, by more than five standard deviations. */
	assert_in_range(drawn, 255, 345);
	free(s);
	s = after("e2e4");
	assert_int_equal(chess_book_moves(b, &chess, s, moves), 0);
	free(s);
	chess_book_close(b);
	unlink(path);
}

/* Castling is written to the rook; a promotion has its piece. */
static void test_special(void **state)
{
	static const char fen[] = "4k3/P7/8/8/8/8/8/4K2R w K - 0 1";
	char path[] = "/tmp/plyscope-book-XXXXXX", text[GAME_TEXT_SIZE];
	struct chess_book_move moves[CHESS_BOOK_MOVES];
	struct entry entries[2];
	struct chess_book *b;
	struct game g;
	void *s;

	(void)state;
	assert_int_equal(game_from(&g, &chess, fen, NULL), ERR_OK);
	s = game_state_new(&g, 0);
	entries[0] = (struct entry){chess_book_key(s), packed("e1h1"), 1};
	entries[1] = (struct entry){chess_book_key(s), packed("a7a8r"), 1};
	write_book(path, entries, 2);
	assert_int_equal(chess_book_open(&b, path, NULL), ERR_OK);
	assert_int_equal(chess_book_moves(b, &g, s, moves), 2);
	g.rules->move_text(&g, s, moves[0].move, text);
	assert_string_equal(text, "O-O");
	g.rules->move_text(&g, s, moves[1].move, text);
	assert_string_equal(text, "a8=R+");
	chess_book_close(b);
	free(s);
	unlink(path);
}

/* A match begins with the lines of a book: as far as it goes, each position
 * once. */
static void test_openings(void **state)
{
	char path[] = "/tmp/plyscope-book-XXXXXX.bin";
	struct entry entries[4];
	struct match_openings o;
	struct err e = ERR_INIT;
	void *e4 = after("e2e4");
	int fd = mkstemps(path, 4);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	unlink(path);
	entries[0] = (struct entry){0x463b96181691fc9c, packed("e2e4"), 3};
	entries[1] = (struct entry){0x463b96181691fc9c, packed("d2d4"), 1};
	entries[2] = (struct entry){chess_book_key(e4), packed("c7c5"), 1};
	entries[3] = (struct entry){chess_book_key(e4), packed("e7e5"), 1};
	write_entries(fopen(path, "w"), entries, 4);
	if (match_openings_read(&o, path, &chess, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(o.line_count, 3);
	assert_string_equal(o.lines[0], "e4 c5");
	assert_string_equal(o.lines[1], "e4 e5");
	assert_string_equal(o.lines[2], "d4");
	match_openings_release(&o);
	unlink(path);
	free(e4);
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

/* Each move as often as a position may have moves: walked one by one, they
 * would never end. */
static void test_many_times(void **state)
{
	static const char *const line[] = {"e2e4", "e7e5", "g1f3", "b8c6",
					   "f1b5", "a7a6", "b5a4", "g8f6",
					   "d2d3", "d7d6", "c2c3", "g7g6"};
	char path[] = "/tmp/plyscope-book-XXXXXX.bin", text[64] = "";
	struct entry entries[ARRAY_LEN(line) * CHESS_BOOK_MOVES];
	struct match_openings o;
	struct err e = ERR_INIT;
	int fd = mkstemps(path, 4);
	size_t n = 0;

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < ARRAY_LEN(line); i++) {
		void *s = after(text);

		for (int k = 0; k < CHESS_BOOK_MOVES; k++)
			entries[n++] = (struct entry){chess_book_key(s),
						      packed(line[i]), 1};
		strcat(strcat(text, i ? " " : ""), line[i]);
		free(s);
	}
	qsort(entries, n, sizeof(*entries), by_key);
	write_entries(fdopen(fd, "w"), entries, n);
	if (match_openings_read(&o, path, &chess, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(o.line_count, 1);
	assert_string_equal(o.lines[0], "e4 e5 Nf3 Nc6 Bb5 a6 Ba4 Nf6 d3 d6 c3 "
					"g6");
	match_openings_release(&o);
	unlink(path);
}

static void test_refusals(void **state)
{
	static const struct entry unsorted[] = {{2, 0, 1}, {1, 0, 1}};
	char path[] = "/tmp/plyscope-book-XXXXXX";
	struct chess_book *b;
	FILE *f;

	(void)state;
	assert_int_equal(chess_book_open(&b, "/nonexistent/x.bin", NULL),
			 ERR_IO);
	write_book(path, unsorted, 2);
	assert_int_equal(chess_book_open(&b, path, NULL), ERR_FORMAT);
	f = fopen(path, "a");
	assert_non_null(f);
	fputc('x', f);
	fclose(f);
	assert_int_equal(chess_book_open(&b, path, NULL), ERR_FORMAT);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(chess_book_open(&b, path, NULL), ERR_FORMAT);
	assert_null(b);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_special),
		cmocka_unit_test(test_openings),
		cmocka_unit_test(test_many_times),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
