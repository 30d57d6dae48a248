/* SPDX-License-Identifier: MIT */
/* plyscope perft, solve, analyze and match, run as a person would run them. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/search/trace.h"
#include "store/game.h"
#include "store/match.h"
#include "store/store.h"

static char output[200000], folder[64], lab_file[96];

static int setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/plyscope-test.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(lab_file, sizeof(lab_file), "%s/lab.db", folder);
	return 0;
}

static int teardown(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", lab_file, ends[i]);
		unlink(path);
	}
	return rmdir(folder);
}

/* Runs a command; its exit status.  `output` has stdout, or stderr. */
static int ply(bool errors, const char *args)
{
	const char *top = getenv("top_builddir");
	char line[700];
	int status;
	size_t n;
	FILE *f;

	snprintf(line, sizeof(line), "%s/plyscope %s --lab '%s' %s",
		 top ? top : ".", args, lab_file,
		 errors ? "2>&1 >/dev/null" : "2>/dev/null");
	f = popen(line, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = '\0';
	status = pclose(f);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void works(const char *args)
{
	if (ply(false, args) != 0)
		fail_msg("plyscope %s failed", args);
}

static void says(const char *words)
{
	if (!strstr(output, words))
		fail_msg("no '%s' in: %s", words, output);
}

/* Fails with this status and one sentence that has these words. */
static void fails(int status, const char *args, const char *words)
{
	int got = ply(true, args);

	if (got != status)
		fail_msg("plyscope %s: status %d: %s", args, got, output);
	says(words);
	assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
}

static void test_perft(void **state)
{
	(void)state;
	works("perft connect4 5");
	assert_string_equal(output, "1 7\n2 49\n3 343\n4 2401\n5 16807\n");
	works("perft tictactoe 3 --moves 'b2 a1'");
	assert_string_equal(output, "1 7\n2 42\n3 210\n");
	/* All games of tic-tac-toe: 255168. */
	works("perft tictactoe 9 --ended");
	says("5 15120\n6 56160\n7 154944\n8 255168\n9 255168\n");
	works("perft mnk:3,3,3 2 --json");
	assert_string_equal(output, "[{\"depth\":1,\"count\":9},"
				    "{\"depth\":2,\"count\":72}]\n");
	fails(2, "perft conect4 2", "did you mean 'connect4'");
	fails(2, "perft connect4 0", "whole number from 1");
	fails(2, "perft connect4 x", "whole number from 1");
	fails(1, "perft connect4 2 --moves 449", "move 3, '9'");
}

/* Scores: Pons' published set Test_L3_R1 has the first position with 0. */
static void test_solve(void **state)
{
	(void)state;
	works("solve connect4 --moves 7172212567451542223676134464437761515");
	assert_string_equal(output, "7172212567451542223676134464437761515 "
				    "- - 0 - 0 0 -\n");
	works("solve connect4 --score --moves 44444261");
	assert_string_equal(output, "44444261 16\n");
	works("solve connect4 --score --json --moves 44444261");
	says("\"positions\":[{\"moves\":\"44444261\",\"score\":16}],"
	     "\"count\":1,");
	fails(1, "solve connect4 --moves 4444444", "move 7, '4'");
	fails(1, "solve connect4 --moves 1212121", "the game is over");
	fails(2, "solve chess --moves ''", "no solver knows chess");
}

/* What is wrong is named by its line, and the rest is solved. */
static void test_solve_lines(void **state)
{
	char path[96], args[160];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/lines", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("# none\n\n  44444261 # known\n12121212 5\n44444261 3\n", f);
	fclose(f);
	snprintf(args, sizeof(args), "solve connect4 --score <%s", path);
	assert_int_equal(ply(false, args), 1);
	assert_string_equal(output, "44444261 16\n44444261 16\n");
	fails(1, args, "line 4: move 8, '2'");
	unlink(path);
}

static void test_analyze(void **state)
{
	static const char *const keys[] = {
		"{\"game\":\"connect4\",",
		"\"to_move\":\"second\",",
		"\"best\":\"4\",",
		"\"value\":{\"win\":",
		",\"draw\":",
		",\"loss\":",
		"\"simulations\":",
		"\"seed\":1,",
		"\"moves\":[{\"move\":",
		",\"visits\":",
		",\"prior\":",
		",\"q\":",
	};
	char *first;

	(void)state;
	works("analyze connect4 --moves 11223 --agent mcts:rollout,sims=100 "
	      "--json");
	for (size_t i = 0; i < ARRAY_LEN(keys); i++)
		says(keys[i]);
	first = mem_strdup(output);
	works("analyze connect4 --moves 11223 --agent mcts:rollout,sims=100 "
	      "--json");
	assert_string_equal(first, output);
	free(first);
	/* An agent that knows no value says so. */
	works("analyze connect4 --agent random --json");
	says("\"value\":null");
	works("analyze tictactoe --agent tactical --moves 'a3 a2 b3 b2'");
	says("best c3");
	works("analyze tictactoe --agent mcts:uniform,sims=20 --dot --depth 1 "
	      "--visits 0 --children 2 --moves 'a3 a2 b3 b2'");
	says("digraph search {\n\tnode [");
	says("\tn0 [label=\"root\\nN ");
	says("xlabel=\"won\"");
	says("\tn0 -> n");
	works("analyze connect4 --agent mcts:uniform,sims=300 --tree "
	      "--depth 1 --visits 0 --children 7");
	says(": Q");
	says("N     300");
	says("\n7 ");
	/* Asking about a position keeps nothing. */
	assert_int_equal(access(lab_file, F_OK), -1);
}

static void test_analyze_errors(void **state)
{
	(void)state;
	fails(2, "analyze connect4", "--agent SPEC");
	fails(2, "analyze connect4 --agent mtcs:uniform",
	      "did you mean 'mcts'");
	fails(2, "analyze connect4 --agent human", "a person");
	fails(2, "analyze connect4 --agent random --tree", "does not search");
	fails(2, "analyze connect4 --agent random --dot", "--dot needs");
	fails(1, "analyze connect4 --agent random --moves 4x", "move 2, 'x'");
	fails(2, "analyze connect4 --agent random --moves 1212121",
	      "the game is over");
	fails(1, "analyze chess --agent random --moves '8/8/8/9/8/8/8/8 w - -'",
	      "--moves: FEN, column 7: '9'");
	fails(1, "analyze go --agent random --moves '(;GM[1]SZ[9];B[ee'",
	      "has no ]");
	fails(1, "analyze connect4 --agent policy:c4/latest", lab_file);
}

/* Two searches of one position, one by PUCT and one by Gumbel, and a policy. */
static void test_compare(void **state)
{
	static const char command[] =
		"compare connect4 --moves 11223 --left "
		"mcts:rollout,sims=60 --right mcts:uniform,sims=90,gumbel=yes "
		"--at 40 --into 4 --json";
	char *first;

	(void)state;
	works(command);
	says("{\"game\":\"connect4\",\"to_move\":\"second\",");
	says("\"at\":40,\"left\":{\"agent\":\"mcts:rollout,sims=60\"");
	says("\"part\":{\"parted\":");
	says("\"mark\":\"order differs\",\"left\":{\"rank\":");
	first = mem_strdup(output);
	works(command);
	assert_string_equal(first, output);
	free(first);
	works("compare tictactoe --moves 'a3 a2 b3 b2' --left tactical "
	      "--right mcts:uniform,sims=30");
	says("left : tactical  plays c3");
	says("agree on 1 move: c3");
	works("compare connect4 --left mcts:uniform,sims=60 --right "
	      "mcts:uniform,sims=60 --into 4");
	says("\nat 4  apart 0%");
	fails(2, "compare connect4 --left random", "--right SPEC");
	fails(2, "compare connect4 --left human --right random", "a person");
	fails(2, "compare connect4 --left random --right random --into 44",
	      "neither search came to --into 44");
	fails(2,
	      "compare connect4 --left random --right random --moves 1212121",
	      "the game is over");
	fails(1, "compare connect4 --left policy:c4/1 --right random",
	      lab_file);
	assert_int_equal(access(lab_file, F_OK), -1);
}

static void test_match(void **state)
{
	char *first;

	(void)state;
	works("match mcts:rollout,sims=40 random --game connect4 --games 10 "
	      "--openings random:3 --seed 3 --json --no-save --threads 1");
	says("{\"games\":10,\"wins\":");
	says("\"draws\":");
	says("\"losses\":");
	says("\"elo\":");
	says("\"elo_low\":");
	says("\"elo_high\":");
	says("\"distinct_games\":10,\"pairs\":5,\"distinct_pairs\":5,");
	says("\"distinct_openings\":5,\"random_plies\":3,");
	says("\"match\":null");
	first = mem_strdup(output);
	works("match mcts:rollout,sims=40 random --game connect4 --games 10 "
	      "--openings random:3 --seed 3 --json --no-save --threads 2");
	assert_string_equal(first, output);
	/* Neither of them learns. */
	works("match mcts:rollout,sims=40 random --game connect4 --games 10 "
	      "--openings random:3 --seed 3 --json --no-save --life 4");
	assert_string_equal(first, output);
	free(first);
	works("match mcts:uniform,sims=4 mcts:uniform,sims=8 --game connect4 "
	      "--games 100 --openings random:0 --no-save");
	says("\n17 pairs, 1 of them distinct, from 1 opening\n"
	     "the openings ran out after 1: they were played again, and the "
	     "match ended");
	assert_int_equal(access(lab_file, F_OK), -1);
}

static void test_match_errors(void **state)
{
	(void)state;
	fails(2, "match random random --games 2 --no-save", "which game?");
	fails(2, "match random random --game connect4 --no-save",
	      "how many games?");
	fails(2, "match random random --game connect4 --games 2 --life 0",
	      "--life 0");
	fails(2, "match random rndom --game connect4 --games 2 --no-save",
	      "did you mean 'random'");
	fails(2, "match random human --game connect4 --games 2 --no-save",
	      "human");
	fails(2,
	      "match random random --game connect4 --games 2 --no-save "
	      "--openings random:x",
	      "random:0 to random:42");
	fails(1,
	      "match random random --game connect4 --games 2 --no-save "
	      "--openings /nowhere",
	      "/nowhere");
	fails(1, "match policy:c4/latest random --games 2 --no-save", lab_file);
}

/* The match, its games and every thought with its tree are in the lab. */
static void test_match_is_kept(void **state)
{
	struct store_game_filter all = {.oldest_first = true};
	struct store_bag bag = {0};
	struct store_match *matches;
	struct store_search *searches;
	struct store_game *games;
	struct store *s;
	size_t n;
	const void *data;
	size_t len;

	(void)state;
	works("match mcts:uniform,sims=20 random --game tictactoe --games 4 "
	      "--openings random:1 --traces");
	says("kept as match 1");
	assert_int_equal(store_open(lab_file, STORE_ONLY_READ, &s, NULL),
			 STORE_OK);
	assert_int_equal(store_match_list(s, &bag, 0, &matches, &n), STORE_OK);
	assert_int_equal(n, 1);
	assert_int_equal(matches[0].games, 4);
	assert_int_equal(matches[0].wins + matches[0].draws + matches[0].losses,
			 4);
	assert_string_equal(matches[0].first, "mcts:uniform,sims=20");
	assert_int_equal(store_game_list(s, &bag, &all, &games, &n), STORE_OK);
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(games[i].match_id, matches[0].id);
		assert_string_equal(i % 2 ? games[i].second : games[i].first,
				    "mcts:uniform,sims=20");
		assert_int_equal(games[i].opening, 1);
		assert_int_equal(games[i].searches, games[i].plies - 1);
	}
	assert_int_equal(store_search_list(s, &bag, games[1].id, &searches, &n),
			 STORE_OK);
	for (size_t i = 0; i < n; i++) {
		struct trace *t;

		assert_int_equal(searches[i].ply, 1 + i);
		if (!strcmp(searches[i].agent, "random")) {
			assert_int_equal(searches[i].trace_len, 0);
			continue;
		}
		assert_int_equal(store_search_trace(s, &bag, searches[i].id,
						    &data, &len),
				 STORE_OK);
		assert_int_equal(trace_decode(data, len, &t, NULL), ERR_OK);
		assert_int_equal(t->sim_count, searches[i].simulations);
		trace_free(t);
	}
	store_bag_release(&bag);
	store_close(s);
	works("check");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_perft),
		cmocka_unit_test(test_solve),
		cmocka_unit_test(test_solve_lines),
		cmocka_unit_test(test_analyze),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_analyze_errors),
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_match_errors),
		cmocka_unit_test(test_match_is_kept),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
