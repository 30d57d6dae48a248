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
#include "core/game/game.h"
#include "core/session/play_args.h"
#include "core/session/quote.h"
#include "core/session/round.h"

/* What is quoted is read back, whatever blanks are in it. */
static void test_quotes(void **state)
{
	static const char *const words[] = {"connect4", "chess:fen=8/8 w - 0 1",
					    "mcts:c4/1,sims=9"};
	char word[64];
	const char *rest;
	struct buf b;

	(void)state;
	buf_init(&b);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		buf_puts(&b, i ? "  " : "");
		quote_put(&b, words[i]);
	}
	rest = b.data;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		assert_true(quote_next(&rest, word, sizeof(word)));
		assert_string_equal(word, words[i]);
	}
	assert_false(quote_next(&rest, word, sizeof(word)));
	rest = "game=\"a b\" abcdef";
	assert_true(quote_next(&rest, word, sizeof(word)));
	assert_string_equal(word, "game=a b");
	assert_true(quote_next(&rest, word, 4)); /* what does not fit */
	assert_string_equal(word, "abc");
	buf_release(&b);
	/* An agent of several words is one, quoted or not. */
	quote_only("engine:gnugo --mode gtp", word, sizeof(word));
	assert_string_equal(word, "engine:gnugo --mode gtp");
	quote_only("\"engine:gnugo --mode gtp\"", word, sizeof(word));
	assert_string_equal(word, "engine:gnugo --mode gtp");
}

static void test_words(void **state)
{
	struct play_args a;
	struct err e = ERR_INIT;
	struct game g;
	struct round r;

	(void)state;
	assert_int_equal(play_args_parse(&a,
					 "tactical random side=second "
					 "game=mnk:3,3,3 moves=a1,b2 speed=50 "
					 "games=3",
					 &e),
			 ERR_OK);
	assert_int_equal(a.agent_count, 2);
	assert_string_equal(a.agents[1], "random");
	assert_int_equal(a.side, 1);
	assert_int_equal(a.speed_ms, 50);
	assert_int_equal(a.games, 3);
	assert_int_equal(play_args_game(&a, NULL, &g, &e), ERR_OK);
	assert_int_equal(g.rows, 3);
	round_init(&r, &g, 1);
	assert_int_equal(play_args_moves(&a, &r, &e), ERR_OK);
	assert_int_equal(r.plies, 2);
	round_release(&r);

	assert_int_equal(play_args_parse(&a, "", &e), ERR_OK);
	assert_int_equal(a.speed_ms, -1);
	assert_int_equal(play_args_game(&a, NULL, &g, &e), ERR_OK);
	assert_string_equal(game_short_name(&g), "connect4");
}

static void test_refused(void **state)
{
	static const char *const wrong[][2] = {
		{"side=left", "first or second"},
		{"speed=fast", "milliseconds"},
		{"games=-1", "games to watch"},
		{"a b c", "third player"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct play_args a;
		struct err e = ERR_INIT;

		assert_int_equal(play_args_parse(&a, wrong[i][0], &e),
				 ERR_USAGE);
		if (!strstr(e.msg, wrong[i][1]))
			fail_msg("\"%s\" does not say \"%s\"", e.msg,
				 wrong[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
