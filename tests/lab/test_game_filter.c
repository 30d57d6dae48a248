/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "store/game.h"

static void test_words(void **state)
{
	struct game_filter f;
	struct store_game_filter out;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(
		game_filter_parse(
			"run=c4  agent=human result=win step=200 purpose=match "
			"game=connect4 match=7 traces=yes order=oldest",
			&f, &e),
		ERR_OK);
	assert_string_equal(f.run, "c4");
	game_filter_store(&f, 12, &out);
	assert_int_equal(out.run_id, 12);
	assert_int_equal(out.match_id, 7);
	assert_string_equal(out.agent_like, "human");
	assert_int_equal(out.outcome, STORE_FIRST_WON);
	assert_true(out.by_step);
	assert_int_equal(out.step_min, 200);
	assert_int_equal(out.step_max, 200);
	assert_string_equal(out.purpose, "match");
	assert_string_equal(out.game, "drop:rows=6,cols=7,line=4");
	assert_true(out.searched);
	assert_true(out.oldest_first);
}

/* A family by its bare name is all of its games; with parameters, or by the
 * name of a member, it is one game. */
static void test_family(void **state)
{
	static const struct {
		const char *words, *game;
		bool family;
	} cases[] = {
		{"game=chess", "chess", true},
		{"game=go", "go", true},
		{"game=go:size=9", "go:size=9,komi=7,plies=0", false},
		{"game=connect4", "drop:rows=6,cols=7,line=4", false},
		{"game=go game=connect4", "drop:rows=6,cols=7,line=4", false},
	};
	struct store_game_filter out;
	struct err e = ERR_INIT;
	struct game_filter f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(game_filter_parse(cases[i].words, &f, &e),
				 ERR_OK);
		game_filter_store(&f, 0, &out);
		assert_string_equal(out.game, cases[i].game);
		assert_true(out.starts);
		assert_int_equal(f.family, cases[i].family);
	}
	/* A source of imitation is games of one game. */
	assert_int_equal(game_filter_parse_list("game=go", "games", &f, &e),
			 ERR_OK);
	assert_string_equal(f.game, "go:size=9,komi=7,plies=0");
	assert_false(f.family);
}

static void test_nothing_is_every_game(void **state)
{
	struct game_filter f;
	struct store_game_filter out;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(game_filter_parse("  ", &f, &e), ERR_OK);
	game_filter_store(&f, 0, &out);
	assert_null(out.game);
	assert_null(out.agent_like);
	assert_null(out.purpose);
	assert_false(out.by_step);
	assert_int_equal(out.outcome, STORE_ANY_OUTCOME);
}

static void test_written_back(void **state)
{
	static const char *const lines[] = {
		"",
		"run=c4",
		"run=\"my run\" agent=mcts:c4/latest,sims=100",
		"result=draw step=10..20",
		"step=5..",
		"game=connect4",
		"game=chess",
		"game=chess:plies=120",
		"game=drop",
		"game=othello:size=8",
		"result=unfinished purpose=human match=3 traces=yes "
		"order=oldest",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct game_filter f;
		struct err e = ERR_INIT;
		struct buf out;

		buf_init(&out);
		assert_int_equal(game_filter_parse(lines[i], &f, &e), ERR_OK);
		game_filter_text(&f, &out);
		assert_string_equal(out.data, lines[i]);
		buf_release(&out);
	}
}

static void test_errors_name_the_word(void **state)
{
	static const char *const wrong[][2] = {
		{"rnu=c4", "did you mean run?"},
		{"human", "\"human\" is not a key=value"},
		{"run=", "run="},
		{"result=won", "first (or win)"},
		{"step=ten", "step=100..200"},
		{"step=20..10", "step=20..10"},
		{"step=99999999999999999999", "step="},
		{"purpose=fun", "selfplay"},
		{"game=conect4", "connect4"},
		{"match=0", "number of a match"},
		{"traces=maybe", "yes or any"},
		{"order=best", "newest or oldest"},
		{"run=\"c4", "closing quote"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct game_filter f = {.match_id = 42};
		struct err e = ERR_INIT;

		if (game_filter_parse(wrong[i][0], &f, &e) != ERR_USAGE)
			fail_msg("%s was taken", wrong[i][0]);
		if (!strstr(e.msg, wrong[i][1]))
			fail_msg("\"%s\" does not say \"%s\"", e.msg,
				 wrong[i][1]);
		assert_int_equal(f.match_id, 42);
	}
}

static void test_too_long(void **state)
{
	struct game_filter f;
	struct err e = ERR_INIT;
	char text[400] = "run=";

	(void)state;
	memset(text + 4, 'a', 300);
	assert_int_equal(game_filter_parse(text, &f, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "longer than"));
}

/* What stands after "games:" in a source, and how it is kept. */
static void test_lists(void **state)
{
	static const struct {
		const char *list;
		const char *kept; /* NULL: as it is */
	} lists[] = {
		{"", NULL},
		{"run=c4", NULL},
		{"purpose=match,run=c4", "run=c4,purpose=match"},
		{"agent=mcts:c4/120,sims=64,purpose=match", NULL},
		{"agent=policy:c4/1,temperature=1,upto=7", NULL},
		{"agent=human,game=connect4",
		 "agent=human,game=drop:rows=6,cols=7,line=4"},
		{"game=mnk:3,3,3", "game=mnk:rows=3,cols=3,line=3"},
		/* words of other programs, blanks, and parts left empty */
		{"purpose=lesson", NULL},
		{"run=c4, upto=9,", "run=c4,upto=9"},
		{"run=,upto=0", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		struct game_filter f;
		struct err e = ERR_INIT;
		struct buf out;

		buf_init(&out);
		if (game_filter_parse_list(lists[i].list, "games", &f, &e))
			fail_msg("%s: %s", lists[i].list, e.msg);
		game_filter_list(&f, &out);
		assert_string_equal(out.data, lists[i].kept ? lists[i].kept
							    : lists[i].list);
		buf_release(&out);
	}
}

static void test_wrong_lists(void **state)
{
	static const char *const wrong[][2] = {
		{"rnu=c4", "games: unknown key 'rnu': did you mean 'run'?"},
		/* what only a person's words have */
		{"order=oldest", "'order'"},
		{"human", "'human' is not key=value"},
		{"upto=many", "upto=many"},
		{"upto=7x", "upto=7x"},
		{"game=conect4", "connect4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct game_filter f = {.upto = 42};
		struct err e = ERR_INIT;

		assert_int_equal(
			game_filter_parse_list(wrong[i][0], "games", &f, &e),
			ERR_USAGE);
		if (!strstr(e.msg, wrong[i][1]))
			fail_msg("\"%s\" does not say \"%s\"", e.msg,
				 wrong[i][1]);
		assert_int_equal(f.upto, 42);
	}
}

static void test_results(void **state)
{
	enum store_outcome o = STORE_ANY_OUTCOME;

	(void)state;
	assert_true(game_filter_outcome("win", &o));
	assert_int_equal(o, STORE_FIRST_WON);
	assert_true(game_filter_outcome("unfinished", &o));
	assert_int_equal(o, STORE_UNFINISHED);
	assert_false(game_filter_outcome("lost", &o));
	assert_int_equal(o, STORE_UNFINISHED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_family),
		cmocka_unit_test(test_nothing_is_every_game),
		cmocka_unit_test(test_written_back),
		cmocka_unit_test(test_errors_name_the_word),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_wrong_lists),
		cmocka_unit_test(test_results),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
