/* SPDX-License-Identifier: MIT */
/* SGF, PGN and plain text: there and back, what files of the world look like,
 * and each way in which text can be wrong. */
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

static struct record record;
static struct err error;

static int setup(void **state)
{
	(void)state;
	record_init(&record);
	error = (struct err)ERR_INIT;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	record_release(&record);
	return 0;
}

static enum format_read read_one(const struct format *f, const char *text,
				 const struct game *usual)
{
	enum format_read got;
	struct text_in in;

	text_in_memory(&in, text, strlen(text));
	got = f->read(&in, usual, &record, &error);
	text_in_release(&in);
	return got;
}

static void reads(const struct format *f, const char *text)
{
	if (read_one(f, text, NULL) != FORMAT_GAME)
		fail_msg("%s\n%ld:%ld: %s", text, record.at_line,
			 record.at_column, error.msg);
}

/* It is refused so, at this place, with these words. */
static void refuses(const struct format *f, enum format_read how,
		    const char *text, long line, long column, const char *words)
{
	enum format_read got = read_one(f, text, NULL);

	if (got != how)
		fail_msg("%s\nis %d, not %d", text, (int)got, (int)how);
	if (record.at_line != line || (column && record.at_column != column))
		fail_msg("%s\nat %ld:%ld, not %ld:%ld", text, record.at_line,
			 record.at_column, line, column);
	if (!strstr(error.msg, words))
		fail_msg("'%s' lacks '%s'", error.msg, words);
}

/* What is written reads as the same and is written the same again. */
static void there_and_back(const struct format *f, const char *text,
			   const char *want)
{
	struct buf once, twice;

	buf_init(&once);
	buf_init(&twice);
	reads(f, text);
	assert_int_equal(f->write(&record, &once, &error), ERR_OK);
	if (want)
		assert_string_equal(once.data, want);
	reads(f, once.data);
	assert_int_equal(f->write(&record, &twice, &error), ERR_OK);
	assert_string_equal(once.data, twice.data);
	buf_release(&once);
	buf_release(&twice);
}

static int notes_of(enum record_kind kind)
{
	int n = 0;

	for (int i = 0; i < record.note_count; i++)
		n += record.notes[i].kind == kind;
	return n;
}

/* --- PGN ----------------------------------------------------------------- */

static const char game_29[] =
	"[Event \"F/S \\\"Return\\\" Match\"]\r\n"
	"[Site \"Belgrade, Serbia JUG\"]\r\n"
	"[Date \"1992.11.04\"]\r\n"
	"[Round \"29\"]\r\n"
	"[White \"Fischer, Robert J.\"]\r\n"
	"[Black \"Spassky, Boris V.\"]\r\n"
	"[Result \"1/2-1/2\"]\r\n"
	"[WhiteElo \"2785\"]\r\n"
	"\r\n"
	"1. e4 e5 2. Nf3 Nc6 3. Bb5 {This opening is called\r\n"
	"the  Ruy Lopez.} 3... a6!? 4.Ba4(4. Bxc6 dxc6 (4... bxc6 5. Nxe5 "
	"$6\r\n"
	"{no}) 5. O-O f6) (4. Bc4 b5) Nf6 $1 ; for White\r\n"
	"% not for us: 5. Ka9\r\n"
	"5. 0-0 Be7 6. Re1 b5 7. Bb3 d6 8. c3 O-O 1/2-1/2\r\n";

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
	assert_int_equal(record.plies, 16);
	assert_true(record.result == 0);
	assert_string_equal(record.ended, "as recorded");
	assert_string_equal(record.first, "Fischer, Robert J.");
	assert_string_equal(record.date, "1992.11.04");
	assert_string_equal(record_find_tag(&record, "WhiteElo"), "2785");
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
	assert_true(isnan(record.result));
	assert_null(record.ended);
	/* The next game begins at the usual start again. */
	reads(&format_pgn, "1. e4 *");
	assert_string_equal(record.game.start, "");
}

/* Latin-1 becomes UTF-8, UTF-8 stays. */
static void test_charset(void **state)
{
	(void)state;
	reads(&format_pgn, "[White \"Gr\xfcnfeld\"][Black \"Gr\xc3\xbcnfeld\"]"
			   "\n1. d4 {\xe4} *");
	assert_string_equal(record.first, "Gr\xc3\xbcnfeld");
	assert_string_equal(record.second, record.first);
	assert_string_equal(record.notes[0].text.data, "\xc3\xa4");
	reads(&format_sgf, "\xef\xbb\xbf(;SZ[9]CA[UTF-8]PB[\xe6\x9d\x8e])");
	assert_string_equal(record.first, "\xe6\x9d\x8e");
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
	while ((got = format_pgn.read(&in, NULL, &record, &error)) ==
		       FORMAT_GAME ||
	       got == FORMAT_BAD) {
		games += got == FORMAT_GAME;
		bad += got == FORMAT_BAD;
		if (got == FORMAT_BAD) {
			assert_int_equal(record.at_line, 9);
			assert_non_null(strstr(error.msg, "Ke3"));
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
	assert_int_equal(record.plies, 8);
	assert_true(record.result == 1);
	assert_int_equal(record.note_count, 1);
	assert_int_equal(record.notes[0].ply, 8);
	assert_non_null(
		strstr(record.notes[0].text.data, ": e4 (d4 d5) e5 still Nf3"));
	reads(&format_pgn, "1. e4 (1. d4 Z0 2. c4 (2. c3) e6) (1. d5) e5 *");
	assert_int_equal(record.plies, 2);
	assert_int_equal(notes_of(RECORD_VARIATION), 1);
	assert_string_equal(record.notes[0].text.data, "d4");
	assert_string_equal(record.notes[1].text.data,
			    "cannot be played here: Z0 c4 (c3) e6");
	assert_int_equal(record.notes[1].parent, 0);
	assert_string_equal(record.notes[2].text.data,
			    "cannot be played here: d5");
}

static void test_pgn_wrong(void **state)
{
	const struct format *f = &format_pgn;

	(void)state;
	refuses(f, FORMAT_BROKEN, "1. e4 {no\nend", 1, 7, "no }");
	refuses(f, FORMAT_BROKEN, "[White \"A\n[Black \"B\"]\n", 1, 0, "White");
	refuses(f, FORMAT_BROKEN, "\n[White A]", 2, 8, "without a value");
	refuses(f, FORMAT_BROKEN, "[\"A\"]", 1, 2, "without a name");
	refuses(f, FORMAT_BROKEN, "1. e4\n \x01", 2, 2, "0x01");
	refuses(f, FORMAT_BAD, "1. e4\n1... e4 *", 2, 6, "ply 2, 'e4'");
	refuses(f, FORMAT_BAD, "1. e4 e5) *", 1, 9, "without the (");
	refuses(f, FORMAT_BAD, "1. e4 (1. d4 *", 1, 15, "inside a variation");
	refuses(f, FORMAT_BAD, "(1. e4) *", 1, 1, "before any move");
	refuses(f, FORMAT_BAD, "\n[FEN \"8/8 w\"]\n*", 2, 1, "FEN: ");
	refuses(f, FORMAT_BAD, "[Variant \"Atomic\"]\n1. e4 *", 1, 1, "Atomic");
	assert_int_equal(read_one(f, "", NULL), FORMAT_END);
	assert_int_equal(read_one(f, " {a} ; b\n", NULL), FORMAT_END);
}

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
		"C[two\nlines]\n"
		";W[ee]C[good one];B[cg]TE[1]\n"
		"(;W[gc];B[];W[])\n"
		"(;W[dd]C[other];B[ed]\n(;W[fd])\n(;W[fe]C[deep]))\n"
		"(;C[a thought];W[aa]))\n");
	assert_string_equal(record.moves.data, "E5 C3 G7 pass pass");
	assert_true(record.result == -1);
	assert_string_equal(record.ended, "resignation");
	assert_int_equal(notes_of(RECORD_VARIATION), 3);
	/* The first tree goes on with its line. */
	assert_string_equal(record.notes[3].text.data, "D6 E6 F6");
	assert_int_equal(record.notes[6].parent, 5);
}

static void test_sgf_kinds(void **state)
{
	(void)state;
	/* Variations where the game itself has no move. */
	there_and_back(&format_sgf,
		       "(;SZ[9];B[aa](;C[x])(;W[bb]C[y])(;W[cc](;)(;B[dd])))",
		       NULL);
	assert_int_equal(record.plies, 1);
	assert_int_equal(notes_of(RECORD_VARIATION), 3);
	assert_int_equal(notes_of(RECORD_COMMENT), 2);
	/* Old names, a compressed list, komi in stones, points. */
	reads(&format_sgf, "(;GaMe[1]SiZe[9]KoMi[3.75]AddBlack[aa:bb]"
			   "RE[B+2.5];White[ee])");
	assert_string_equal(record.moves.data, "E5");
	assert_non_null(strstr(record.game.name, "komi=7.5"));
	assert_non_null(strstr(record.game.name, "xx7/xx7/9"));
	assert_true(record.score == 2.5 && record.result == 1);
	/* Handicap as moves: the other one passes. */
	reads(&format_sgf, "(;SZ[9];B[aa];B[bb];W[cc])");
	assert_string_equal(record.moves.data, "A9 pass B8 C7");
	/* White begins without a word. */
	reads(&format_sgf, "(;SZ[9];W[aa];B[bb])");
	assert_non_null(strstr(record.game.start, " w"));
	assert_int_equal(record.plies, 2);
	/* Set-up in a variation ends it there. */
	reads(&format_sgf, "(;SZ[9];B[aa](;W[bb])(;W[cc];AB[dd];B[ee]))");
	assert_int_equal(record.plies, 2);
	assert_string_equal(record.notes[1].text.data,
			    "cannot be played here: set-up E5");
}

static void test_sgf_wrong(void **state)
{
	const struct format *f = &format_sgf;

	(void)state;
	refuses(f, FORMAT_BROKEN, "hello", 1, 1, "not SGF");
	refuses(f, FORMAT_BROKEN, "(;SZ[9]\n;B[aa", 2, 4, "no ]");
	refuses(f, FORMAT_BROKEN, "(;SZ[9];B[aa]", 1, 14, "no )");
	refuses(f, FORMAT_BROKEN, "(;SZ[9];B)", 1, 9, "no value");
	refuses(f, FORMAT_BROKEN, "(;SZ[9]\n ?;B[aa])", 2, 2, "'?'");
	refuses(f, FORMAT_BROKEN, "(;SZ[9](B[aa]))", 1, 8, "no ;");
	refuses(f, FORMAT_BAD, "(;GM[2];B[aa])", 1, 0, "GM[2]");
	refuses(f, FORMAT_BAD, "(;SZ[9:13];B[aa])", 1, 0, "square");
	refuses(f, FORMAT_BAD, "(;SZ[25];B[aa])", 1, 0, "size");
	refuses(f, FORMAT_BAD, "(;SZ[nine];B[aa])", 1, 0, "SZ[nine]");
	refuses(f, FORMAT_BAD, "(;SZ[9]KM[x];B[aa])", 1, 0, "KM[x]");
	refuses(f, FORMAT_BAD, "(;SZ[9];B[aa]\n;W[aa])", 2, 1, "ply 2");
	refuses(f, FORMAT_BAD, "(;SZ[9];B[zz])", 1, 8, "B[zz]");
	refuses(f, FORMAT_BAD, "(;SZ[9]AB[j])", 1, 0, "stone [j]");
	refuses(f, FORMAT_BAD, "(;SZ[9];B[aa];AB[bb];W[cc])", 1, 14, "set-up");
	refuses(f, FORMAT_BAD, "(;SZ[9](;B[aa])(;B[bb]);W[cc])", 1, 0,
		"behind a variation");
	assert_int_equal(read_one(f, "\n", NULL), FORMAT_END);
}

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
	record.has_game = false;
	if (read_one(&format_plain, text, &g) != FORMAT_GAME)
		fail_msg("%s: %s", text, error.msg);
	assert_string_equal(record.moves.data, moves);
	assert_true(isnan(result) ? isnan(record.result)
				  : record.result == result);
}

static void test_plain(void **state)
{
	(void)state;
	plain("connect4", "4453", "4453", (double)NAN);
	plain("connect4", "# a comment\n\n4 4 5 3 0-1\n", "4453", -1);
	plain("connect4", "1212121", "1212121", 1);
	plain("tictactoe", "b2a1 c3", "b2 a1 c3", (double)NAN);
	plain("othello", "f5d6c3d3c4 +12", "f5 d6 c3 d3 c4", 1);
	assert_true(record.score == 12);
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
		record.has_game = false;
		assert_int_equal(read_one(&format_plain, bare.data, &g),
				 FORMAT_GAME);
		assert_memory_equal(record.moves.data, whole.data,
				    record.moves.len);
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
	refuses(f, FORMAT_BAD, "# connect4\n\n449\n", 3, 1, "ply 3");
	refuses(f, FORMAT_BAD, "# othello\nf5 f6 a1", 2, 7, "'a1'");
}

/* --- pasting ------------------------------------------------------------- */

static int pastes(const char *usual, const char *text, struct game *out)
{
	struct game g;
	game_move *moves;
	int count;

	assert_int_equal(game_init(&g, usual, NULL), ERR_OK);
	if (paste_read(text, strlen(text), &g, out, &moves, &count, &error))
		fail_msg("%s: %s", text, error.msg);
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
					&count, &error),
			     ERR_OK);
	assert_null(moves);
	if (!strstr(error.msg, words))
		fail_msg("'%s' lacks '%s'", error.msg, words);
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
	paste_fails("go:size=9", "(;SZ[9];B[aa]", "no )");
}

#define record_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		record_test(test_pgn),         record_test(test_pgn_start),
		record_test(test_charset),     record_test(test_pgn_many),
		record_test(test_played_on),   record_test(test_pgn_wrong),
		record_test(test_sgf),         record_test(test_sgf_kinds),
		record_test(test_sgf_wrong),   record_test(test_deep),
		record_test(test_plain),       record_test(test_passes),
		record_test(test_plain_wrong), record_test(test_paste),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
