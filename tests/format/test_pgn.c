/* SPDX-License-Identifier: MIT */
/* PGN: there and back, what files of the world look like, and each way in which
 * text can be wrong. */
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

/* --- PGN ----------------------------------------------------------------- */

static void test_pgn(void **state)
{
	(void)state;
	there_and_back(
		&format_pgn, game_29,
		"[Event \"F/S \\\"Return\\\" Match\"]\n"
		"[Site \"Belgrade, Serbia JUG\"]\n"
		"[Date \"1992.11.04\"]\n"
		"[Round \"29\"]\n"
		"[White \"Fischer, Robert J.\"]\n"
		"[Black \"Spassky, Boris V.\"]\n"
		"[Result \"1/2-1/2\"]\n"
		"[WhiteElo \"2785\"]\n"
		"\n"
		"1. e4 e5 2. Nf3 Nc6 3. Bb5 {This opening is called the Ruy "
		"Lopez.} 3... a6 $5\n"
		"4. Ba4 (4. Bxc6 dxc6 (4... bxc6 5. Nxe5 $6 {no}) 5. O-O f6) "
		"(4. Bc4 b5) 4...\n"
		"Nf6 $1 {for White} 5. O-O Be7 6. Re1 b5 7. Bb3 d6 8. c3 O-O "
		"1/2-1/2\n\n");
	assert_int_equal(got_record.plies, 16);
	assert_true(got_record.result == 0);
	assert_string_equal(got_record.ended, "as recorded");
	assert_string_equal(got_record.first, "Fischer, Robert J.");
	assert_string_equal(got_record.date, "1992.11.04");
	assert_string_equal(record_find_tag(&got_record, "WhiteElo"), "2785");
	assert_int_equal(notes_of(RECORD_VARIATION), 3);
	assert_int_equal(notes_of(RECORD_NAG), 3);
}

static void test_pgn_start(void **state)
{
	(void)state;
	/* Black to move, and the number of the move, are kept. */
	there_and_back(&format_pgn,
		       "[FEN \"4k3/8/8/8/8/8/4p3/K7 b - - 3 57\"]\n"
		       "e1=Q+ {check} 58. Kb2 *",
		       "[Event \"?\"]\n[Site \"?\"]\n[Date \"????.??.??\"]\n"
		       "[Round \"?\"]\n[White \"?\"]\n[Black \"?\"]\n"
		       "[Result \"*\"]\n[SetUp \"1\"]\n"
		       "[FEN \"4k3/8/8/8/8/8/4p3/K7 b - - 3 57\"]\n\n"
		       "57... e1=Q+ {check} 58. Kb2 *\n\n");
	assert_true(isnan(got_record.result));
	assert_null(got_record.ended);
	/* The next game begins at the usual start again. */
	reads(&format_pgn, "1. e4 *");
	assert_string_equal(got_record.game.start, "");
}

/* Latin-1 becomes UTF-8, UTF-8 stays. */
static void test_charset(void **state)
{
	(void)state;
	reads(&format_pgn, "[White \"Gr\xfcnfeld\"][Black \"Gr\xc3\xbcnfeld\"]"
			   "\n1. d4 {\xe4} *");
	assert_string_equal(got_record.first, "Gr\xc3\xbcnfeld");
	assert_string_equal(got_record.second, got_record.first);
	assert_string_equal(got_record.notes[0].text.data, "\xc3\xa4");
	reads(&format_sgf, "\xef\xbb\xbf(;SZ[9]CA[UTF-8]PB[\xe6\x9d\x8e])");
	assert_string_equal(got_record.first, "\xe6\x9d\x8e");
}

/* Games without results, without tags, with text between them. */
static void test_pgn_many(void **state)
{
	static const char text[] =
		"1. e4 e5 {no result}\n\n[White \"B\"]\n\n1. d4 1-0 {after}\n"
		"[White \"C\"]\n[Black \"D\"]\n*\n"
		"1. e4 e5 2. Ke3 {bad} (2. d4) Nf6 0-1\n[White \"E\"]\n1. c4";
	enum format_read got;
	struct text_in in;
	int games = 0, bad = 0;

	(void)state;
	text_in_memory(&in, text, sizeof(text) - 1);
	while ((got = format_pgn.read(&in, NULL, &got_record, &got_error)) ==
		       FORMAT_GAME ||
	       got == FORMAT_BAD) {
		games += got == FORMAT_GAME;
		bad += got == FORMAT_BAD;
		if (got == FORMAT_BAD) {
			assert_int_equal(got_record.at_line, 9);
			assert_non_null(strstr(got_error.msg, "Ke3"));
		}
	}
	assert_int_equal(got, FORMAT_END);
	assert_int_equal(games, 4);
	assert_int_equal(bad, 1);
	text_in_release(&in);
}

/* Players go on where the rules end a game, and analysts try what is not
 * legal: nothing of it is lost, and the game stands. */
static void test_played_on(void **state)
{
	(void)state;
	reads(&format_pgn,
	      "1. Nf3 Nf6 2. Ng1 Ng8 3. Nf3 Nf6 4. Ng1 Ng8 5. e4 (5. d4 d5) "
	      "e5 {still} 6. Nf3 1-0");
	assert_int_equal(got_record.plies, 8);
	assert_true(got_record.result == 1);
	assert_int_equal(got_record.note_count, 3);
	assert_int_equal(got_record.notes[0].ply, 8);
	assert_int_equal(got_record.notes[0].kind, RECORD_SETUP);
	assert_string_equal(got_record.notes[0].text.data,
			    "on rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w "
			    "KQkq - 8 5: e4 e5 Nf3");
	assert_string_equal(got_record.notes[1].text.data, "d4 d5");
	assert_int_equal(got_record.notes[1].parent, 0);
	assert_string_equal(got_record.notes[2].text.data, "still");
	assert_int_equal(got_record.notes[2].ply, 10);
	/* The rules' draw is not what the players took it for. */
	reads(&format_pgn,
	      "1. Nf3 Nf6 2. Ng1 Ng8 3. Nf3 Nf6 4. Ng1 Ng8 5. e4 *");
	assert_true(isnan(got_record.result));
	assert_null(got_record.ended);
	/* After mate there is nothing to go on with. */
	reads(&format_pgn, "1. f3 e5 2. g4 Qh4# 3. Nc3 {why} *");
	assert_int_equal(got_record.plies, 4);
	assert_true(got_record.result == -1);
	assert_string_equal(got_record.notes[0].text.data,
			    "played on after checkmate: Nc3 why");
	assert_int_equal(got_record.doubt_count, 1);
	reads(&format_pgn, "1. e4 (1. d4 Ka1 2. c4 (2. c3) e6) (1. d5) e5 *");
	assert_int_equal(got_record.plies, 2);
	assert_int_equal(notes_of(RECORD_VARIATION), 1);
	assert_string_equal(got_record.notes[0].text.data, "d4");
	assert_string_equal(got_record.notes[1].text.data,
			    "cannot be played here: Ka1 c4 (c3) e6");
	assert_int_equal(got_record.notes[1].parent, 0);
	assert_string_equal(got_record.notes[2].text.data,
			    "cannot be played here: d5");
}

static void test_pgn_wrong(void **state)
{
	const struct format *f = &format_pgn;

	(void)state;
	refuses(f, FORMAT_BAD, "1. e4 {no\nend", 1, 7, "no }");
	refuses(f, FORMAT_BAD, "1. e4\n \x01", 2, 2, "0x01");
	refuses(f, FORMAT_BAD, "1. e4\n1... e4 *", 2, 6, "ply 2, 'e4'");
	refuses(f, FORMAT_BAD, "(1. e4) *", 1, 1, "before any move");
	refuses(f, FORMAT_BAD, "\n[FEN \"8/8 w\"]\n*", 2, 1, "FEN: ");
	refuses(f, FORMAT_BAD, "[Variant \"Atomic\"]\n1. e4 *", 1, 1, "Atomic");
	assert_int_equal(read_one(f, "", NULL), FORMAT_END);
	assert_int_equal(read_one(f, " {a} ; b\n", NULL), FORMAT_END);
}

/* Signs that players write, as words or at moves; none costs a move. */
static void test_pgn_signs(void **state)
{
	static const char *const signs[] = {
		"\u00b1", "\u2213", "\u221e", "\u2a72", "\u2a71", "\u25a1",
		"\u2192", "~",      "+-",     "-+",     "+=",     "=+",
		"+/-",    "+/=",    "=",      "N",      "D",      "!?",
		"\u203c", "\u2049", "\u2206", "\xb1",   "+--",    "\u2191",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		char text[128];

		for (int glued = 0; glued < 2; glued++) {
			snprintf(text, sizeof(text),
				 "1. e4 e5 2. Nf3%s%s Nc6%s%s 3. Bb5 *",
				 glued ? "" : " ", signs[i], glued ? "" : " ",
				 signs[i]);
			reads(&format_pgn, text);
			assert_string_equal(got_record.moves.data,
					    "e4 e5 Nf3 Nc6 Bb5");
			if (notes_of(RECORD_NAG) != 2)
				fail_msg("%s: %d NAGs", text,
					 notes_of(RECORD_NAG));
			assert_int_equal(got_record.doubt_count, 0);
		}
	}
	reads(&format_pgn, "1.\u00a0e4\u200b 1\u2026e5 2.\u2658f3 "
			   "\u265ec6\u00b1\u25a1 3.Bb5 a6 4.B\u00d7c6 "
			   "d\u00d7c6 5.0\u20130\u2020 \u00bd\u2013\u00bd");
	assert_string_equal(got_record.moves.data,
			    "e4 e5 Nf3 Nc6 Bb5 a6 Bxc6 dxc6 O-O");
	assert_true(got_record.result == 0);
	assert_int_equal(notes_of(RECORD_NAG), 2);
	reads(&format_pgn, "1.e4 d5 2.e5 f5 3.exf6e.p. (3. exf6 e.p.) 3...Nxf6 "
			   "(=) 4.Nf3 {a} ({only words}) d4 *");
	assert_string_equal(got_record.moves.data,
			    "e4 d5 e5 f5 exf6 Nxf6 Nf3 d4");
	assert_int_equal(notes_of(RECORD_VARIATION), 1);
	assert_int_equal(notes_of(RECORD_COMMENT), 2);
	assert_int_equal(got_record.notes[got_record.note_count - 1].ply, 7);
}

/* What a pawn becomes is never guessed in silence. */
static void test_pgn_promotions(void **state)
{
	static const char *const cases[][2] = {
		{"a8(N)", "a8=N"},     {"a8 (N)", "a8=N"},   {"a8=(N)", "a8=N"},
		{"a8 = N", "a8=N"},    {"a8 =N!", "a8=N"},   {"a8/N", "a8=N"},
		{"a8N", "a8=N"},       {"a8=n", "a8=N"},     {"a7a8n", "a8=N"},
		{"a7-a8(n)", "a8=N"},  {"a8(Q)", "a8=Q"},    {"a8= R", "a8=R"},
		{"axb8(B)", "axb8=B"}, {"a8 {x}", "a8=Q"},   {"a8", "a8=Q"},
		{"a8 +-", "a8=Q"},     {"a8 (Kg1)", "a8=Q"}, {"a8=", "a8=Q"},
		{"a8 (Ng1)", "a8=Q"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[160];

		snprintf(text, sizeof(text),
			 "[FEN \"1n6/P6k/8/8/8/8/8/7K w - - 0 1\"]\n1. %s *",
			 cases[i][0]);
		reads(&format_pgn, text);
		if (strcmp(got_record.moves.data, cases[i][1]) != 0)
			fail_msg("%s: %s", cases[i][0], got_record.moves.data);
		if ((got_record.doubt_count > 0) != (i >= 13))
			fail_msg("%s: %d doubts", cases[i][0],
				 got_record.doubt_count);
	}
	assert_non_null(strstr(got_record.doubts[0].text, "read as a queen"));
}

/* White space anywhere in a tag; a bad one costs itself. */
static void test_pgn_tags(void **state)
{
	(void)state;
	reads(&format_pgn, "[White \"x\"\t]\n[Black\n\"y z\"\n]\n[ Event "
			   "\t\"a\nb\" ]\n1. e4 *");
	assert_string_equal(got_record.first, "x");
	assert_string_equal(got_record.second, "y z");
	assert_string_equal(got_record.event, "a b");
	assert_int_equal(got_record.doubt_count, 0);
	reads(&format_pgn, "[White \"A\n[Black \"B\"]\n1. e4 *");
	assert_string_equal(got_record.first, "A");
	assert_string_equal(got_record.second, "B");
	assert_int_equal(got_record.doubt_count, 1);
	reads(&format_pgn, "[White A]\n[\"B\"]\n[Black \"C\"\n[]\n1. d4 *");
	assert_string_equal(got_record.first, "A");
	assert_string_equal(got_record.second, "C");
	assert_string_equal(got_record.moves.data, "d4");
	/* The second one without a name is not said again. */
	assert_int_equal(got_record.doubt_count, 3);
	/* Rights and clocks that do not fit. */
	reads(&format_pgn, "[SetUp \"1\"]\n"
			   "[FEN \"7k/5K2/4R3/8/8/8/8/8 w KQkq - 120 1\"]\n"
			   "\n1. Rh6# 1-0\n");
	assert_string_equal(got_record.moves.data, "Rh6#");
	assert_non_null(strstr(got_record.doubts[0].text, "right K"));
}

/* A fault costs its game. */
static void test_pgn_faults(void **state)
{
	static const struct {
		const char *text;
		int games, bad;
	} cases[] = {
		{"1. e4 e5 1-0\n\x1a", 1, 0},
		{"1. e4 {no end 1-0\n\n[White \"a\"]\n1. d4 {x} *\n", 1, 1},
		{"1. e4 {no end 1-0\n\n[White \"a\"]\n1. d4 *\n", 1, 1},
		{"{odd [White \"a\"]\n\n[Black \"b\"]\n } 1. c4 *", 1, 0},
		{"1. e4 *\n\x01\x02\n[White \"a\"]\n1. d4 *", 2, 1},
		{"1. e4 (1. d4 d5 *\n[White \"a\"]\n1. d4 *", 2, 0},
		{"1. e4 e5) 2. d4 *\n1. c4 *", 2, 0},
		{"1. e4 [%clk 0:01] e5 *", 1, 0},
	};
	int bad;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int games = reads_all(&format_pgn, cases[i].text, &bad);

		if (games != cases[i].games || bad != cases[i].bad)
			fail_msg("%s: %d games, %d bad", cases[i].text, games,
				 bad);
	}
}

static void test_pgn_comments(void **state)
{
	(void)state;
	there_and_back(&format_pgn,
		       "{before} [White \"a\"] {there} 1. e4 e5 1/2-1/2 "
		       "{agreed}\n; and more\n\n{next}\n[White \"b\"]\n*",
		       "[Event \"?\"]\n[Site \"?\"]\n[Date \"????.??.??\"]\n"
		       "[Round \"?\"]\n[White \"a\"]\n[Black \"?\"]\n"
		       "[Result \"1/2-1/2\"]\n\n"
		       "{before} {there} 1. e4 e5 {agreed} {and more} "
		       "1/2-1/2\n\n");
	/* Clocks stay at their moves. */
	there_and_back(&format_pgn,
		       "[TimeControl \"60+1\"]\n1. e4 {[%clk 0:00:58.3]} e5 "
		       "{[%clk 0:00:57][%emt 0:00:03]} *",
		       "[Event \"?\"]\n[Site \"?\"]\n[Date \"????.??.??\"]\n"
		       "[Round \"?\"]\n[White \"?\"]\n[Black \"?\"]\n"
		       "[Result \"*\"]\n[TimeControl \"60+1\"]\n\n"
		       "1. e4 {[%clk 0:00:58.3]} 1... e5 "
		       "{[%clk 0:00:57][%emt 0:00:03]} *\n\n");
}

/* Null moves: the rules know none, and nothing of the game is lost. */
static void test_pgn_null(void **state)
{
	(void)state;
	there_and_back(
		&format_pgn,
		"1. e4 -- {why} 2. d4 (2. c4 e5) d5 (2... Z0 3. c4) 3. exd5 "
		"1-0",
		"[Event \"?\"]\n[Site \"?\"]\n[Date \"????.??.??\"]\n"
		"[Round \"?\"]\n[White \"?\"]\n[Black \"?\"]\n"
		"[Result \"1-0\"]\n\n"
		"1. e4 -- {why} 2. d4 (2. c4 e5) 2... d5 (2... -- 3. c4) 3. "
		"exd5 1-0\n\n");
	assert_string_equal(got_record.moves.data, "e4");
	assert_int_equal(got_record.notes[0].kind, RECORD_SETUP);
	assert_non_null(strstr(got_record.notes[0].text.data, ": d4 d5 exd5"));
	assert_int_equal(got_record.doubt_count, 0);
	/* In check nobody can do nothing. */
	reads(&format_pgn, "1. e4 f6 2. Qh5+ -- 3. d4 *");
	assert_int_equal(got_record.plies, 3);
	assert_string_equal(got_record.notes[0].text.data,
			    "cannot be played here: -- d4");
	assert_int_equal(got_record.doubt_count, 1);
}

/* Chess960 goes in and out with its start, and the next game is usual chess. */
static void test_pgn_frc(void **state)
{
	(void)state;
	there_and_back(&format_pgn,
		       "[Variant \"Fischerandom\"]\n[FEN "
		       "\"bqnb1rkr/pp3ppp/3ppn2/2p5/5P2/"
		       "P2P4/NPP1P1PP/BQ1BNRKR w HFhf - 2 9\"]\n9. e4 *",
		       NULL);
	assert_string_equal(got_record.moves.data, "e4");
	assert_string_equal(record_find_tag(&got_record, "Variant"),
			    "Fischerandom");
	assert_non_null(strstr(got_record.game.name, "frc="));
	assert_int_equal(got_record.doubt_count, 0);
	reads(&format_pgn, "1. e4 *");
	assert_string_equal(got_record.game.name, "chess:plies=12000");
	refuses(&format_pgn, FORMAT_BAD, "[Variant \"Atomic\"]\n1. e4 *", 1, 1,
		"Atomic");
}

/* UTF-16, as Windows saves it. */
static void test_utf16(void **state)
{
	static const char text[] = "[White \"\xe9\"]\r\n1. e4 {x} e5 *\r\n";
	char wide[2 * sizeof(text) + 2] = "\xff\xfe";
	struct text_in in;
	size_t n = 2;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(text); i++) {
		wide[n++] = text[i];
		wide[n++] = '\0';
	}
	for (int mark = 2; mark >= 0; mark -= 2) {
		text_in_memory(&in, wide + 2 - mark, n - 2 + (size_t)mark);
		assert_ptr_equal(format_guess(NULL, &in), &format_pgn);
		assert_int_equal(
			format_pgn.read(&in, NULL, &got_record, &got_error),
			FORMAT_GAME);
		assert_string_equal(got_record.first, "\xc3\xa9");
		assert_string_equal(got_record.moves.data, "e4 e5");
		assert_int_equal(got_record.line, 1);
		text_in_release(&in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		record_test(test_pgn),
		record_test(test_pgn_start),
		record_test(test_charset),
		record_test(test_pgn_many),
		record_test(test_played_on),
		record_test(test_pgn_wrong),
		record_test(test_pgn_signs),
		record_test(test_pgn_promotions),
		record_test(test_pgn_tags),
		record_test(test_pgn_faults),
		record_test(test_pgn_comments),
		record_test(test_pgn_null),
		record_test(test_pgn_frc),
		record_test(test_utf16),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
