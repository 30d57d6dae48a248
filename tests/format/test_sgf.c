/* SPDX-License-Identifier: MIT */
/* SGF: there and back, what files of the world look like, and each way in which
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

/* --- SGF ----------------------------------------------------------------- */

static void test_sgf(void **state)
{
	(void)state;
	there_and_back(
		&format_sgf,
		"Mail of Monday\n\n(;FF[4]GM[1]SZ[9]KM[6.5]PB[Al \\] x]PW[Bo]"
		"HA[2]AB[cc][gg]RE[W+R]DT[2016-03-09]LB[aa:1]C[two\nlines]\n"
		";W[ee]C[good\\\n one];B[cg]TE[1](;W[gc];B[];W[tt])"
		"(;W[dd]C[other];B[ed](;W[fd])(;W[fe]C[deep]))"
		"(;C[a thought];W[aa]))",
		"(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]KM[6.5]\n"
		"PB[Al \\] x]PW[Bo]DT[2016-03-09]HA[2]RE[W+R]AB[cc][gg]PL[W]"
		"C[two\nlines]LB[aa:1]\n"
		";W[ee]C[good one];B[cg]TE[1]\n"
		"(;W[gc];B[];W[])\n"
		"(;W[dd]C[other];B[ed]\n(;W[fd])\n(;W[fe]C[deep]))\n"
		"(;C[a thought];W[aa]))\n");
	assert_string_equal(got_record.moves.data, "E5 C3 G7 pass pass");
	assert_true(got_record.result == -1);
	assert_string_equal(got_record.ended, "resignation");
	assert_int_equal(notes_of(RECORD_VARIATION), 3);
	/* The first tree goes on with its line. */
	assert_string_equal(got_record.notes[4].text.data, "D6 E6 F6");
	assert_int_equal(got_record.notes[7].parent, 6);
}

static void test_sgf_kinds(void **state)
{
	(void)state;
	/* Variations where the game itself has no move. */
	there_and_back(&format_sgf,
		       "(;SZ[9];B[aa](;C[x])(;W[bb]C[y])(;W[cc](;)(;B[dd])))",
		       NULL);
	assert_int_equal(got_record.plies, 1);
	assert_int_equal(notes_of(RECORD_VARIATION), 3);
	assert_int_equal(notes_of(RECORD_COMMENT), 2);
	/* Old names, a compressed list, komi in stones, points. */
	reads(&format_sgf, "(;GaMe[1]SiZe[9]KoMi[3.75]AddBlack[aa:bb]"
			   "RE[B+2.5];White[ee])");
	assert_string_equal(got_record.moves.data, "E5");
	assert_non_null(strstr(got_record.game.name, "komi=7.5"));
	assert_non_null(strstr(got_record.game.name, "xx7/xx7/9"));
	assert_true(got_record.score == 2.5 && got_record.result == 1);
	/* Handicap as moves: the other one passes. */
	reads(&format_sgf, "(;SZ[9];B[aa];B[bb];W[cc])");
	assert_string_equal(got_record.moves.data, "A9 pass B8 C7");
	/* White begins without a word. */
	reads(&format_sgf, "(;SZ[9];W[aa];B[bb])");
	assert_non_null(strstr(got_record.game.start, " w"));
	assert_int_equal(got_record.plies, 2);
	/* A variation goes on from what is set up in it. */
	reads(&format_sgf, "(;SZ[9];B[aa](;W[bb])(;W[cc];AB[dd];B[ee]))");
	assert_int_equal(got_record.plies, 2);
	assert_int_equal(got_record.notes[1].kind, RECORD_SETUP);
	assert_int_equal(got_record.notes[1].parent, 0);
	assert_string_equal(got_record.notes[1].text.data,
			    "set x8/9/2o6/3x5/9/9/9/9/9 b: E5");
}

static void test_sgf_wrong(void **state)
{
	const struct format *f = &format_sgf;

	(void)state;
	refuses(f, FORMAT_BROKEN, "hello", 1, 1, "not SGF");
	refuses(f, FORMAT_BAD, "(;SZ[9]\n;B[aa", 2, 4, "no ]");
	refuses(f, FORMAT_BAD, "(;SZ[9];B)", 1, 9, "no value");
	refuses(f, FORMAT_BAD, "(;GM[2];B[aa])", 1, 0, "GM[2]");
	refuses(f, FORMAT_BAD, "(;SZ[9:13];B[aa])", 1, 0, "square");
	refuses(f, FORMAT_BAD, "(;SZ[25];B[aa])", 1, 0, "size");
	refuses(f, FORMAT_BAD, "(;SZ[nine];B[aa])", 1, 0, "SZ[nine]");
	refuses(f, FORMAT_BAD, "(;SZ[9];B[aa]\n;W[aa])", 2, 1, "ply 2");
	refuses(f, FORMAT_BAD, "(;SZ[9];B[zz])", 1, 8, "B[zz]");
	refuses(f, FORMAT_BAD, "(;SZ[9]AB[j])", 1, 0, "stone [j]");
	refuses(f, FORMAT_BAD, "(;SZ[9](;B[aa])(;B[bb]);W[cc])", 1, 0,
		"behind a variation");
	assert_int_equal(read_one(f, "\n", NULL), FORMAT_END);
}

/* What is odd and no harm is said, and the game is read. */
static void test_sgf_doubts(void **state)
{
	static const char *const cases[][3] = {
		{"(;SZ[9];B[aa]", "A9", "has no )"},
		{"(;SZ[9]\n ?;B[aa])", "A9", "'?'"},
		{"(;SZ[9](B[aa]))", "A9", "no ;"},
		{"(;SZ[9]XX;B[aa])", "A9", "XX has no value"},
		{"(;SZ[9]KM[x];B[aa])", "A9", "KM[x]"},
		{"(;SZ[]KM[6.5];B[aa])", "A19", "SZ is empty"},
		{"(;SZ[9]KM[];B[aa])", "A9", "KM is empty"},
		{"(;SZ[9];B[aa];SZ[51])", "A9", "SZ after the first move"},
		{"(;SZ[9]CA[x-none]KM[7];B[aa])", "A9", "x-none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		reads(&format_sgf, cases[i][0]);
		assert_string_equal(got_record.moves.data, cases[i][1]);
		if (got_record.doubt_count != 1 ||
		    !strstr(got_record.doubts[0].text, cases[i][2]))
			fail_msg("%s: %d: %s", cases[i][0],
				 got_record.doubt_count,
				 got_record.doubts[0].text);
	}
}

/* Komi as programs write it. */
static void test_sgf_komi(void **state)
{
	static const struct {
		const char *text, *komi;
		int doubts;
	} cases[] = {
		{"KM[6.5]", "6.5", 0},
		{"KM[375]RU[Chinese]AP[foxwq]", "7.5", 1},
		{"KM[650]", "6.5", 1},
		{"KM[3.75]", "7.5", 0},
		{"KM[2.75]", "5.5", 0},
		{"KM[6,5]", "6.5", 0},
		{"KM[ 7 ]", "7", 0},
		{"KM[-5.5]", "-5.5", 0},
		{"KM[0]", "0", 0},
		{"KM[6.5 points]", "6.5", 1},
		{"KM[325]", "6.5", 1},
		{"KM[750]", "7.5", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[100], komi[GAME_PARAM_SIZE];

		snprintf(text, sizeof(text), "(;SZ[ 9 ]%s;B[aa])",
			 cases[i].text);
		reads(&format_sgf, text);
		assert_true(game_param_text(&got_record.game, "komi", komi));
		if (strcmp(komi, cases[i].komi) != 0 ||
		    got_record.doubt_count != cases[i].doubts)
			fail_msg("%s: %s, %d doubts", text, komi,
				 got_record.doubt_count);
	}
	/* Nobody said it: nobody says it again. */
	there_and_back(&format_sgf, "(;SZ[9]HA[]AB[]RE[];B[aa])",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\nHA[]\n"
		       ";B[aa])\n");
	there_and_back(&format_sgf, "(;SZ[9]KM[7]RE[Void];B[aa])",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]KM[7]\n"
		       "RE[Void]\n;B[aa])\n");
	assert_true(isnan(got_record.result));
	reads(&format_sgf, "(;SZ[9]RE[W+3,5];B[aa])");
	assert_true(got_record.score == -3.5);
}

/* Charsets whose second bytes are those of brackets; text becomes UTF-8. */
static void test_sgf_charset(void **state)
{
	static const char *const cases[] = {
		/* U+30BD and U+8868, in Shift_JIS. */
		"(;CA[Shift_JIS]SZ[9]PW[\x83\x5d]C[\x83\x5c];B[aa];W[bb])",
		"(;SZ[9]PW[\x83\x5d]C[\x83\x5c]CA[x-sjis];B[aa];W[bb])",
		/* Nobody says it. */
		"(;SZ[9]PW[\x83\x5d]C[\x83\x5c];B[aa];W[bb])",
		"(;SZ[9]PW[\x83\x5d]C[\x83\x5c]\n;B[aa]C[\x83\x5d];W[bb])",
		/* GBK, Big5. */
		"(;CA[gb2312]SZ[9]PW[\x81\x5d]C[\x81\x5c];B[aa];W[bb])",
		"(;CA[Big5]SZ[9]PW[\xa4\x5c]C[\xa5\x5c];B[aa];W[bb])",
		"(;CA[ISO-2022-JP]SZ[9]PW[\x1b$B%]\x1b(B];B[aa];W[bb])",
		/* Latin-1 it is, where that makes sense. */
		"(;SZ[9]PW[Andr\xe9]PB[\xc9mile]C[\xe0];B[aa];W[bb])",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		reads(&format_sgf, cases[i]);
		if (strcmp(got_record.moves.data, "A9 B8") != 0)
			fail_msg("%s: %s", cases[i], got_record.moves.data);
	}
	reads(&format_sgf, cases[0]);
	assert_string_equal(got_record.second, "\xe3\x82\xbe");
	assert_string_equal(got_record.notes[0].text.data, "\xe3\x82\xbd");
	reads(&format_sgf, cases[6]);
	assert_string_equal(got_record.second, "\xe3\x83\x9d");
	reads(&format_sgf, cases[7]);
	assert_string_equal(got_record.second, "Andr\xc3\xa9");
}

/* Set-up is the start where no move came before it, else a node of its own. */
static void test_sgf_setup(void **state)
{
	(void)state;
	/* Black moves first in both. */
	reads(&format_sgf, "(;SZ[9]AB[aa](;B[bb])(;B[cc]))");
	assert_non_null(strstr(got_record.game.start, " b"));
	assert_string_equal(got_record.moves.data, "B8");
	assert_string_equal(got_record.notes[0].text.data, "C7");
	/* Each branch has its own stones. */
	there_and_back(&format_sgf,
		       "(;SZ[9](;AB[aa]AW[bb];B[cc])(;AB[dd]AW[ee];B[ff]))",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\n"
		       "AB[aa]AW[bb]PL[B]\n\n(;B[cc])\n"
		       "(;AE[aa][bb]AB[dd]AW[ee]PL[B];B[ff]))\n");
	assert_non_null(strstr(got_record.game.start, "x8/1o7/"));
	assert_string_equal(got_record.moves.data, "C7");
	assert_string_equal(got_record.notes[1].text.data,
			    "set 9/9/9/3x5/4o4/9/9/9/9 b: F4");
	/* In mid-game: shown, and written again. */
	there_and_back(
		&format_sgf,
		"(;SZ[9];B[aa];W[bb]C[x];AE[aa]AB[cc][dd]C[y];W[ee];B[ff]"
		"(;W[gg])(;W[hh]))",
		"(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\n\n"
		";B[aa];W[bb]C[x];AE[aa]AB[cc][dd]PL[W]C[y];W[ee];B[ff]\n"
		"(;W[gg])\n(;W[hh]))\n");
	assert_string_equal(got_record.moves.data, "A9 B8");
	assert_true(isnan(got_record.result));
	/* The same colour twice: no pass ends the game. */
	there_and_back(&format_sgf, "(;SZ[9];B[aa];W[];W[cc];B[dd];W[ee])",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\n\n"
		       ";B[aa];W[];W[cc];B[dd];W[ee])\n");
	assert_true(isnan(got_record.result));
	assert_non_null(strstr(got_record.notes[0].text.data, ": C7 D6 E5"));
	there_and_back(&format_sgf, "(;SZ[9];B[aa];B[];W[cc])",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\n\n"
		       ";B[aa];B[];W[cc])\n");
	assert_true(isnan(got_record.result));
	/* After two passes they played on. */
	there_and_back(&format_sgf,
		       "(;SZ[9];B[aa];W[];B[];W[cc](;B[dd])(;W[dd]))", NULL);
	assert_true(isnan(got_record.result));
	/* A rectangle from any corner. */
	reads(&format_sgf, "(;SZ[9]AB[cc:aa];W[ee])");
	assert_non_null(strstr(got_record.game.start, "xxx6/xxx6/xxx6/9"));
	/* Who is to play, in mid-game. */
	reads(&format_sgf, "(;SZ[9];B[aa];PL[B];B[bb];W[cc])");
	assert_non_null(strstr(got_record.notes[0].text.data, " b: B8 C7"));
	reads(&format_sgf, "(;SZ[9];B[aa];PL[W];W[bb])");
	assert_int_equal(got_record.note_count, 0);
	/* Whoever moves first was to move, and a node of its own is made once.
	 */
	there_and_back(&format_sgf, "(;SZ[9]PL[B](;W[aa];B[])(;B[bb];W[cc]))",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\nPL[W]\n\n"
		       "(;W[aa];B[])\n(;B[bb];W[cc]))\n");
	refuses(&format_sgf, FORMAT_BAD, "(;SZ[9](;B[aa])(;B[bb])W[cc])", 1, 0,
		"behind a variation");
	/* Nor does it matter what sets up what is there. */
	reads(&format_sgf, "(;SZ[9];B[aa](;AE[dd]AB[aa];W[bb])(;W[cc]))");
	assert_string_equal(got_record.moves.data, "A9 B8");
	/* Stones without a liberty are no position. */
	reads(&format_sgf, "(;SZ[9];B[aa];AB[ba]AW[ab][bb][ca]AW[aa];W[ff])");
	assert_int_equal(got_record.plies, 1);
	assert_int_equal(got_record.doubt_count, 1);
	assert_non_null(strstr(got_record.notes[0].text.data, "set-up F4"));
}

static void test_sgf_marks(void **state)
{
	(void)state;
	there_and_back(&format_sgf,
		       "(;SZ[9]KM[7];B[aa]LB[aa:1][bb:a\\]b]TR[cc]TR[dd]"
		       "SQ[ee]CR[ff:gg]MA[hh]V[3.5]C[x];W[bb]N[a\\]b])",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]KM[7]\n\n"
		       ";B[aa]C[x]LB[aa:1][bb:a\\]b]TR[cc][dd]SQ[ee]CR[ff:gg]"
		       "MA[hh]V[3.5];W[bb]N[a\\]b])\n");
	/* Clocks stay at their moves. */
	there_and_back(&format_sgf,
		       "(;SZ[9]KM[7]TM[600]OT[3x30 byo-yomi];B[aa]BL[590.5]"
		       ";W[bb]WL[28]OW[3](;B[cc]BL[571]C[x])(;B[dd]OB[2]))",
		       "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]KM[7]\n"
		       "TM[600]OT[3x30 byo-yomi]\n"
		       ";B[aa]BL[590.5];W[bb]WL[28]OW[3]\n"
		       "(;B[cc]C[x]BL[571])\n(;B[dd]OB[2]))\n");
}

static void test_sgf_faults(void **state)
{
	static const struct {
		const char *text;
		int games, bad;
	} cases[] = {
		{"(;SZ[9];B[aa];W[bb])\n-- \nbye\n", 1, 0},
		{"(;SZ[9];B[aa])\x1a", 1, 0},
		{"(;SZ[9];B[aa]C[no end)\n(;SZ[9]PB[x];B[bb])\n", 1, 1},
		{"(;SZ[9];B[aa]C[no end)\n(;PB[x])\n(;SZ[9];B[cc])", 2, 1},
		{"(;SZ[9];B[aa]C[as\n(;SZ[9\\];B[aa\\]) says])\n", 1, 0},
		{"(;SZ[9];B[aa]\n(;GM[1]SZ[9];B[bb])\n(;GM[1];B[cc])", 3, 0},
		{"(;SZ[9];B[aa]\n(;W[bb])\n(;W[cc]))", 1, 0},
		{"(;SZ[9];B[aa])\n(;SZ[9];B[zz])\n(;SZ[9];B)(;SZ[9];B[aa])", 2,
		 2},
	};
	int bad;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int games = reads_all(&format_sgf, cases[i].text, &bad);

		if (games != cases[i].games || bad != cases[i].bad)
			fail_msg("%s: %d games, %d bad: %s", cases[i].text,
				 games, bad, got_error.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		record_test(test_sgf),        record_test(test_sgf_kinds),
		record_test(test_sgf_wrong),  record_test(test_sgf_doubts),
		record_test(test_sgf_komi),   record_test(test_sgf_charset),
		record_test(test_sgf_setup),  record_test(test_sgf_marks),
		record_test(test_sgf_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
