/* SPDX-License-Identifier: MIT */
/* plyscope import and export, run as a person would run them. */
#include "config.h"

#include "store/game.h"
#include "tests/store/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char output[400000];

/* Runs a shell line in the lab's folder, where `ply` is the program with the
 * lab; its exit status.  `output` has what it said on both. */
static int shell(struct lab *lab, const char *text)
{
	const char *top = getenv("top_builddir");
	char line[1400];
	int status;
	size_t n;
	FILE *f;

	snprintf(line, sizeof(line),
		 "top='%s'; ply() { \"$top/plyscope\" \"$@\" --lab '%s'; };"
		 " exec 2>&1; cd '%s' && { %s; }",
		 top ? top : ".", lab->path, lab->dir, text);
	f = popen(line, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void works(struct lab *lab, const char *text)
{
	if (shell(lab, text) != 0)
		fail_msg("%s: %s", text, output);
}

static void fails(struct lab *lab, const char *text, const char *words)
{
	if (shell(lab, text) != 1)
		fail_msg("%s did not fail: %s", text, output);
	assert_contains(output, words);
}

static void put(struct lab *lab, const char *name, const char *text)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/%s", lab->dir, name);
	file_write(path, text, strlen(text));
}

static int64_t games(struct lab *lab)
{
	struct store_game_filter f = {.purpose = "import"};
	int64_t count = 0;

	lab_reopen(lab);
	assert_store(lab, store_game_count(lab->s, &f, &count));
	return count;
}

static const char two_games[] =
	"[Event \"Club\"]\n[Site \"Here\"]\n[Date \"2001.02.03\"]\n"
	"[Round \"1\"]\n[White \"Al \\\"A\\\" B\"]\n[Black \"Cy\"]\n"
	"[Result \"1-0\"]\n[ECO \"C60\"]\n\n"
	"1. e4 {king} 1... e5 $1 2. Nf3 (2. f4 exf4 (2... d5 {why}) 3. Nf3) "
	"2... Nc6 1-0\n\n"
	"[Event \"?\"]\n[Site \"?\"]\n[Date \"????.??.??\"]\n[Round \"?\"]\n"
	"[White \"?\"]\n[Black \"?\"]\n[Result \"*\"]\n[SetUp \"1\"]\n"
	"[FEN \"4k3/8/8/8/8/8/4P3/4K3 b - - 0 9\"]\n\n9... Kd7 10. e4 *\n\n";

static void test_rows(void **state)
{
	struct lab *lab = *state;
	struct store_annotation *notes;
	struct store_game g;
	size_t count;

	put(lab, "two.pgn", two_games);
	works(lab, "ply import two.pgn");
	assert_string_equal(output, "two.pgn: 2 games, 0 skipped\n");
	assert_int_equal(games(lab), 2);
	assert_store(lab, store_game_get(lab->s, &lab->bag, 1, &g));
	assert_string_equal(g.first, "player:Al \"A\" B");
	assert_string_equal(g.second, "player:Cy");
	assert_string_equal(g.moves, "e4 e5 Nf3 Nc6");
	assert_int_equal(g.plies, 4);
	assert_true(g.result == 1);
	assert_string_equal(g.ended, "as recorded");
	assert_string_equal(g.event, "Club");
	assert_string_equal(g.date, "2001.02.03");
	assert_string_equal(g.origin, "two.pgn:1");
	assert_contains(g.tags, "\"ECO\":\"C60\"");
	assert_store(lab, store_annotation_list(lab->s, &lab->bag, 1, &notes,
						&count));
	assert_int_equal(count, 5);
	assert_string_equal(notes[2].text, "f4 exf4 Nf3");
	assert_int_equal(notes[2].ply, 2);
	assert_int_equal(notes[3].parent, notes[2].id);
	assert_string_equal(notes[4].text, "why");
	assert_int_equal(notes[4].parent, notes[3].id);
	assert_store(lab, store_game_get(lab->s, &lab->bag, 2, &g));
	assert_contains(g.game, "4k3/8/8/8/8/8/4P3/4K3 b - - 0 9");
	assert_true(isnan(g.result));
	assert_null(g.ended);
	assert_string_equal(g.origin, "two.pgn:12");
}

/* What comes out is what went in, and so once more. */
static void test_round_trip(void **state)
{
	struct lab *lab = *state;

	put(lab, "two.pgn", two_games);
	put(lab, "one.sgf",
	    "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]KM[6.5]\n"
	    "PB[Al]PW[Bo]DT[2016-03-09]RE[B+2.5]AB[cc]PL[W]C[root]\n"
	    ";W[ee]C[good];B[cg]TE[1]\n(;W[gc])\n(;W[dd]C[other];B[ed]))\n");
	put(lab, "one.txt",
	    "# othello:size=8\n# first: A\n# second: B\n"
	    "# result: draw\n# played: 1999\nf5 d6 c3\n");
	works(lab, "ply import two.pgn one.sgf one.txt &&"
		   "ply export game 1 2 >again.pgn && cmp again.pgn two.pgn &&"
		   "ply export game 3 --output again.sgf &&"
		   "cmp again.sgf one.sgf &&"
		   "ply export game 4 >again.txt && cmp again.txt one.txt &&"
		   "ply import - <again.pgn && ply export game 5 6 |"
		   "cmp - two.pgn");
	works(lab, "ply export game 1 --format json");
	assert_contains(output, "\"kind\":\"nag\",\"text\":\"$1\"");
	assert_contains(output, "\"tags\":{");
	fails(lab, "ply export game 3 --format pgn || exit 1", "PGN is for");
	fails(lab, "ply export game 99 --output x.sgf", "no game 99");
	assert_int_not_equal(access("x.sgf", F_OK), 0);
}

/* A bad game is named and skipped; the rest lands. */
static void test_skipped(void **state)
{
	struct lab *lab = *state;

	put(lab, "some.pgn",
	    "1. e4 *\n\n1. e5 *\n\n[FEN \"x\"]\n*\n\n1. d4 *\n");
	works(lab, "ply import some.pgn --json 2>said; cat said >&2");
	assert_contains(output, "\"games\":2,\"skipped\":2,\"error\":null");
	assert_contains(output, "some.pgn:3: ply 1, 'e5': no legal move");
	assert_contains(output, "some.pgn:5: FEN: ");
	assert_int_equal(games(lab), 2);
	put(lab, "none.pgn", "1. e5 *\n");
	fails(lab, "ply import none.pgn", "no game of it could be read");
	put(lab, "lines.txt", "4453\n4459\n445 1-0\n");
	works(lab, "ply import lines.txt --game connect4");
	assert_contains(output, "lines.txt:2: ply 4");
	assert_int_equal(games(lab), 4);
}

/* A fault costs its game, and never the file. */
static void test_malformed(void **state)
{
	struct lab *lab = *state;

	works(lab, "\"$top/tests/format/make_pgn\" 300 >many.pgn &&"
		   "(cat many.pgn; printf '1. e4 {no end\\n') >broken.pgn");
	works(lab, "ply import broken.pgn");
	assert_contains(output, "has no }; skipped");
	assert_contains(output, "300 games, 1 skipped");
	assert_int_equal(games(lab), 300);
	put(lab, "wrong.sgf", "(;SZ[9];B[aa])\n(;SZ[9]\n;B[aa)\n");
	works(lab, "ply import wrong.sgf");
	assert_contains(output, "wrong.sgf:3: the value that begins");
	assert_int_equal(games(lab), 301);
	put(lab, "not.sgf", "hello\n");
	fails(lab, "ply import not.sgf", "not.sgf:1:1: this is not SGF");
	fails(lab, "ply import nowhere.pgn", "cannot read nowhere.pgn");
	fails(lab, "ply import .", "cannot read .");
	put(lab, "moves", "4453\n");
	fails(lab, "ply import moves", "--game");
	/* What is doubtful is said, and kept. */
	put(lab, "doubt.pgn",
	    "[FEN \"7k/5K2/4R3/8/8/8/8/8 w KQkq - 0 1\"]\n1. Rh6# 1-0\n");
	works(lab, "ply import doubt.pgn --json");
	assert_contains(output, "doubt.pgn:1: FEN: the right K is left out");
	assert_contains(output, "\"skipped\":0,\"error\":null,\"doubts\":1");
}

/* How a game goes on where the rules know no way comes out of the lab as it
 * went in. */
static void test_set_up(void **state)
{
	struct lab *lab = *state;

	put(lab, "one.sgf",
	    "(;FF[4]GM[1]CA[UTF-8]AP[plyscope]SZ[9]\n\n"
	    ";B[aa];W[bb]C[x];AE[aa]AB[cc][dd]PL[W]C[y];W[ee]LB[aa:1][bb:2];"
	    "B[ff]\n(;W[gg])\n(;W[hh]))\n");
	put(lab, "two.pgn",
	    "[Event \"?\"]\n[Site \"?\"]\n[Date \"????.??.??\"]\n"
	    "[Round \"?\"]\n[White \"?\"]\n[Black \"?\"]\n"
	    "[Result \"*\"]\n\n"
	    "1. e4 -- {why} 2. d4 (2. c4 e5) 2... d5 *\n\n");
	works(lab, "ply import one.sgf two.pgn && ply export game 1 |"
		   "cmp - one.sgf && ply export game 2 | cmp - two.pgn");
	works(lab, "ply export game 2 --format json");
	assert_contains(output, "\"kind\":\"setup\"");
	works(lab,
	      "printf '%s\\n' 'open game 1' 'wait idle' 'key Right' 'key Right'"
	      " 'expect goes on, from' 'open game 2'"
	      " 'wait idle' 'key Right' 'expect after a null move: d4 d5' |"
	      "ply --script -");
}

/* Thousands of games; the store's own checks agree. */
static void test_many(void **state)
{
	struct lab *lab = *state;
	struct store_game_filter f = {.agent = "player:Player 1"};
	int64_t count;

	works(lab, "\"$top/tests/format/make_pgn\" 5000 >many.pgn &&"
		   "ply import many.pgn --json && ply check");
	assert_contains(output, "\"games\":5000,\"skipped\":0");
	assert_int_equal(games(lab), 5000);
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 2);
}

/* Everything that we export is PGN to a program that others wrote. */
static void test_pgn_extract(void **state)
{
	struct lab *lab = *state;

	if (access("/usr/games/pgn-extract", X_OK) != 0) {
		print_message("# skipped: pgn-extract is not here\n");
		return;
	}
	put(lab, "two.pgn", two_games);
	put(lab, "odd.pgn",
	    "[White \"\\\\ \\\"q\\\"\"]\n1. e4 {% a } ; x } y\ne5 (1... Z0) "
	    "(1... c5 2. Nf3 Z0) 2. Ke2 (2. d4 (2. c4 (2. b4))) Ke7 *\n"
	    "1. Nf3 Nf6 2. Ng1 Ng8 3. Nf3 Nf6 4. Ng1 Ng8 5. e4 e5 1-0\n"
	    "[FEN \"8/P6k/8/8/8/8/7p/K7 w - - 12 40\"]\na8=Q h1=R+ {%} *\n");
	works(lab, "\"$top/tests/format/make_pgn\" 200 9 >many.pgn &&"
		   "ply import two.pgn odd.pgn many.pgn &&"
		   "ply match mcts:uniform,sims=20 random --game chess"
		   " --games 2 --openings random:4 --traces --seed 3 &&"
		   "ply list games --json >all.json &&"
		   "ply export match 1 --output all.pgn &&"
		   "for i in $(seq 1 205); do echo $i; done |"
		   "xargs sh -c 'exec \"$0\"/plyscope export game \"$@\""
		   " --lab lab.db' \"$top\" >>all.pgn &&"
		   "/usr/games/pgn-extract -r all.pgn");
	assert_contains(output, "207 games matched out of 207");
	works(lab, "awk 'length > 80 { exit 1 }' all.pgn");
	works(lab, "ply export match 1");
	assert_contains(output, "{[%eval ");
	assert_contains(output,
			"[%plyscope agent=\"mcts:uniform,sims=20\" win=");
	assert_contains(output, " top=");
}

/* The network of the sample says by how many points Black leads: V.  Without a
 * network nobody knows. */
static void test_leads(void **state)
{
	struct lab *lab = *state;

	works(lab,
	      "cp \"$top_srcdir/assets/sample.db\" s.db && chmod u+w s.db &&"
	      " go() { \"$top/plyscope\" match \"$1\" random --games 1"
	      " --game go:size=7 --traces --json --lab s.db >m.json &&"
	      " \"$top/plyscope\" export match"
	      " $(sed 's/.*\"match\":\\([0-9]*\\).*/\\1/' m.json) --lab s.db"
	      " >$2.sgf; } && go mcts:go7/latest,sims=4 known &&"
	      " go mcts:rollout,sims=4 unknown && grep -q SBKV unknown.sgf &&"
	      " ! grep -q ']V\\[' unknown.sgf &&"
	      " grep -Eo ']V\\[-?[0-9]+\\.[0-9]\\]' known.sgf");
	assert_contains(output, "]V[");
}

/* They are on the screen of games, and their comments at their ply. */
static void test_screen(void **state)
{
	struct lab *lab = *state;

	put(lab, "two.pgn", two_games);
	works(lab,
	      "ply import two.pgn && printf '%s\\n' 'open games' 'wait idle'"
	      " 'expect chess' 'open game 1' 'refuse king' 'key Right'"
	      " 'expect king' 'key Right' 'expect or: f4 exf4 Nf3'"
	      " 'key Right' 'refuse king' 'open game 2' 'expect Kd7' |"
	      "ply --script -");
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_rows),    lab_test(test_round_trip),
		lab_test(test_skipped), lab_test(test_malformed),
		lab_test(test_many),    lab_test(test_pgn_extract),
		lab_test(test_screen),  lab_test(test_set_up),
		lab_test(test_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
