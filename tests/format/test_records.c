/* SPDX-License-Identifier: MIT */
/* Plain text and what is pasted: there and back, and each way in which text can
 * be wrong; trees of any depth. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/format/format.h"
#include "core/format/paste.h"
#include "core/format/record.h"
#include "core/format/text_in.h"
#include "core/game/game.h"
#include "tests/format/records.h"

/* A hundred thousand trees in each other: no stack holds them, and no memory
 * without bound is taken. */
static void test_deep(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text);
	buf_puts(&text, "(;SZ[9]");
	for (int i = 0; i < 100000; i++)
		buf_puts(&text, "(;C[x]");
	for (int i = 0; i < 100000; i++)
		buf_puts(&text, ")");
	buf_puts(&text, ")");
	refuses(&format_sgf, FORMAT_BAD, text.data, 1, 0, "nested more than");
	buf_clear(&text);
	buf_puts(&text, "1. e4 ");
	for (int i = 0; i < 100000; i++)
		buf_puts(&text, "(1. d4 ");
	for (int i = 0; i < 100000; i++)
		buf_putc(&text, ')');
	buf_puts(&text, "*");
	refuses(&format_pgn, FORMAT_BAD, text.data, 1, 0, "nested more than");
	/* As deep as is allowed goes out again, without recursion. */
	buf_clear(&text);
	buf_puts(&text, "1. e4 ");
	for (int i = 0; i < 1000; i++)
		buf_puts(&text, "(1. d4 ");
	for (int i = 0; i < 1000; i++)
		buf_putc(&text, ')');
	buf_puts(&text, "*");
	there_and_back(&format_pgn, text.data, NULL);
	assert_int_equal(notes_of(RECORD_VARIATION), 1000);
	buf_release(&text);
}

/* --- plain text ---------------------------------------------------------- */

static void plain(const char *game, const char *text, const char *moves,
		  double result)
{
	struct game g;

	assert_int_equal(game_init(&g, game, NULL), ERR_OK);
	/* Not the one of the text before. */
	got_record.has_game = false;
	if (read_one(&format_plain, text, &g) != FORMAT_GAME)
		fail_msg("%s: %s", text, got_error.msg);
	assert_string_equal(got_record.moves.data, moves);
	assert_true(isnan(result) ? isnan(got_record.result)
				  : got_record.result == result);
}

static void test_plain(void **state)
{
	(void)state;
	plain("connect4", "4453", "4453", (double)NAN);
	plain("connect4", "# a comment\n\n4 4 5 3 0-1\n", "4453", -1);
	plain("connect4", "1212121", "1212121", 1);
	plain("connect4", "44.0.44 1.2.5", "445", (double)NAN);
	plain("tictactoe", "b2a1 c3", "b2 a1 c3", (double)NAN);
	plain("othello", "f5d6c3d3c4 +12", "f5 d6 c3 d3 c4", 1);
	assert_true(got_record.score == 12);
	plain("othello", "F5D6C3D3C4 26-38", "f5 d6 c3 d3 c4", -1);
	plain("othello", "1. f5 d6 2. c3 *", "f5 d6 c3", (double)NAN);
	plain("chess", "1.e4 e5 2.Nf3 1/2-1/2", "e4 e5 Nf3", 0);
	plain("chess", "e2e4e7e5", "e4 e5", (double)NAN);
	there_and_back(&format_plain,
		       "# othello:size=8\n# first: A B\n# second: C\n"
		       "# result: second player won\n# played: 2001\n"
		       "# whatever: else\nf5d6c3d3c4\n",
		       "# othello:size=8\n# first: A B\n# second: C\n"
		       "# result: second player won\n# played: 2001\n"
		       "f5 d6 c3 d3 c4\n");
}

/* A game by a rule of thumb; whether somebody had to pass. */
static bool play_othello(const struct game *g, int rule, struct buf *whole,
			 struct buf *bare)
{
	game_move legal[65];
	void *s = game_state_new(g, 0);
	bool passed = false;

	for (int n = 0; g->rules->to_act(g, s) != GAME_OVER; n++) {
		int count = g->rules->legal(g, s, legal);
		game_move m = legal[(rule + 5 * n) % count];
		char text[GAME_TEXT_SIZE];

		g->rules->move_text(g, s, m, text);
		buf_printf(whole, "%s%s", n ? " " : "", text);
		if (strcmp(text, "pass") != 0)
			buf_puts(bare, text);
		else
			passed = true;
		g->rules->apply(g, s, m);
	}
	free(s);
	return passed;
}

/* Where there is nothing but to pass, files often say nothing. */
static void test_passes(void **state)
{
	struct buf whole, bare;
	struct game g;
	int passed = 0;

	(void)state;
	assert_int_equal(game_init(&g, "othello:size=4", NULL), ERR_OK);
	for (int rule = 0; rule < 40; rule++) {
		buf_init(&whole);
		buf_init(&bare);
		passed += play_othello(&g, rule, &whole, &bare);
		got_record.has_game = false;
		assert_int_equal(read_one(&format_plain, bare.data, &g),
				 FORMAT_GAME);
		assert_memory_equal(got_record.moves.data, whole.data,
				    got_record.moves.len);
		buf_release(&whole);
		buf_release(&bare);
	}
	assert_true(passed > 0);
}

static void test_plain_wrong(void **state)
{
	const struct format *f = &format_plain;

	(void)state;
	refuses(f, FORMAT_BROKEN, "\n4453\n", 2, 1, "which game");
	refuses(f, FORMAT_BROKEN, "# connect4\n44\x02", 2, 3, "0x02");
	refuses(f, FORMAT_BAD, "# connect4\n\n449\n", 3, 3, "ply 3");
	refuses(f, FORMAT_BAD, "# othello\nf5 f6 a1", 2, 7, "'a1'");
}

/* --- pasting ------------------------------------------------------------- */

static int pastes(const char *usual, const char *text, struct game *out)
{
	struct game g;
	game_move *moves;
	int count;

	assert_int_equal(game_init(&g, usual, NULL), ERR_OK);
	if (paste_read(text, strlen(text), &g, out, &moves, &count, &got_error))
		fail_msg("%s: %s", text, got_error.msg);
	free(moves);
	return count;
}

static void paste_fails(const char *usual, const char *text, const char *words)
{
	struct game g, out;
	game_move *moves;
	int count;

	assert_int_equal(game_init(&g, usual, NULL), ERR_OK);
	assert_int_not_equal(paste_read(text, strlen(text), &g, &out, &moves,
					&count, &got_error),
			     ERR_OK);
	assert_null(moves);
	if (!strstr(got_error.msg, words))
		fail_msg("'%s' lacks '%s'", got_error.msg, words);
}

static void test_paste(void **state)
{
	static const char fen[] =
		"rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1";
	struct game g;

	(void)state;
	assert_int_equal(pastes("chess", fen, &g), 0);
	assert_string_equal(g.start, fen);
	assert_int_equal(pastes("connect4", fen, &g), 0);
	assert_string_equal(g.rules->family, "chess");
	assert_int_equal(pastes("chess", "1. e4 e5 {x} 2. Nf3!", &g), 3);
	assert_int_equal(pastes("chess", "e2e4 e7e5", &g), 2);
	assert_int_equal(pastes("go:size=9", game_29, &g), 16);
	assert_string_equal(g.rules->family, "chess");
	assert_int_equal(pastes("chess", " (;SZ[9];B[aa];W[bb]) ", &g), 2);
	assert_string_equal(g.rules->family, "go");
	assert_int_equal(g.rows, 9);
	assert_int_equal(pastes("go:size=9", "D4 e5 pass", &g), 3);
	assert_int_equal(pastes("othello", "f5d6c3", &g), 3);
	assert_int_equal(pastes("connect4", " 4453\n", &g), 4);
	assert_int_equal(pastes("connect4", "", &g), 0);
	paste_fails("chess", "8/8/8 w - - 0 1", "");
	paste_fails("chess", "e4 e5\nKe3", "line 2, column 1");
	paste_fails("connect4", "9", "ply 1");
	paste_fails("go:size=9", "(;SZ[9];B[aa", "no ]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		record_test(test_deep),   record_test(test_plain),
		record_test(test_passes), record_test(test_plain_wrong),
		record_test(test_paste),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
