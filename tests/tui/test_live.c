/* SPDX-License-Identifier: MIT */
#include "config.h"

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
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/tui/play_fixture.h"
#include "tui/script.h"

/* Played tick by tick: nothing here goes by a clock. */

static void read_game(struct fixture *f, struct store_bag *bag, int64_t id,
		      struct store_game *g)
{
	assert_int_equal(store_game_get(lab_store(f->lab), bag, id, g),
			 STORE_OK);
}

static int64_t games(struct fixture *f, const struct store_game_filter *filter)
{
	int64_t n = -1;

	assert_int_equal(store_game_count(lab_store(f->lab), filter, &n),
			 STORE_OK);
	return n;
}

static void test_a_person_steers(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "live", "game=pacman:small,ticks=50", 24, 80);
	fixture_run(&f, "expect Space starts\nexpect of 50\n"
			/* No heading: he stays. */
			"key .\nexpect paused\n"
			/* The direction is kept from tick to tick. */
			"key Left . . \nexpect dots     2\nexpect ticks    3 ");
	/* A turn that is not possible yet waits, and he goes on. */
	fixture_run(&f, "key Up .\nexpect dots     3\nkey . .\n"
			"expect dots     4\nexpect pellets  1");
	fixture_picture(&f, "live-80x24");
	fixture_close(&f);
}

static void test_a_persons_game_is_stored(void **state)
{
	struct store_game_filter human = {.agent = "human"};
	struct store_bag bag = {0};
	struct store_game g;
	struct fixture f;

	(void)state;
	fixture_open(&f, "live", "game=pacman:tiny,ticks=10,lives=1", 24, 80);
	fixture_run(&f, "key l . . k . . . . . . .\nrefuse over\n"
			"key .\nexpect over\nexpect kept as game 1\n"
			"expect 1 game: mean");
	assert_int_equal(games(&f, &human), 1);
	read_game(&f, &bag, 1, &g);
	assert_string_equal(g.first, "human");
	assert_null(g.second);
	assert_string_equal(g.purpose, "human");
	assert_string_equal(g.game, "pacman:maze=tiny,ticks=10,ghost=200,"
				    "lives=1,death=-100");
	assert_string_equal(g.ended, "time");
	assert_memory_equal(g.moves, "r 3", 3);
	assert_non_null(strstr(g.facts, "\"ghosts\":0"));
	assert_non_null(strstr(g.facts, "\"ticks\":10"));
	assert_true(g.score > 0);
	store_bag_release(&bag);
	/* Opened in the stepper, and another game is another row. */
	fixture_run(&f, "key Enter\nexpect Game\nkey q\nkey r\n"
			"expect Space starts\nexpect ticks    0");
	fixture_run(&f, "key . . . . . . . . . .\nexpect kept as game 2\n"
			"expect 2 games: mean");
	assert_int_equal(games(&f, &human), 2);
	fixture_close(&f);
}

static void test_an_agent_plays(void **state)
{
	struct store_game_filter all = {0};
	struct store_bag bag = {0};
	struct store_game g;
	struct fixture f;

	(void)state;
	fixture_open(&f, "live", "greedy game=pacman:small,ticks=10", 24, 80);
	for (int i = 0; i < 10; i++)
		fixture_run(&f, "key .\nwait idle");
	fixture_run(&f, "expect over\nexpect greedy");
	/* Its games are stored when that is asked for. */
	assert_int_equal(games(&f, &all), 0);
	fixture_run(&f, "key w r");
	for (int i = 0; i < 10; i++)
		fixture_run(&f, "key .\nwait idle");
	fixture_run(&f, "expect kept as game 1");
	assert_int_equal(games(&f, &all), 1);
	read_game(&f, &bag, 1, &g);
	assert_string_equal(g.first, "greedy");
	assert_string_equal(g.purpose, "watch");
	store_bag_release(&bag);
	/* A person cannot steer it, but take over. */
	fixture_run(&f, "key Up\nexpect greedy plays\n"
			"key a Backspace Backspace Backspace Backspace "
			"Backspace Backspace\ntype human\nkey Enter\n"
			"expect human");
	fixture_run(&f, "key a Backspace Backspace Backspace Backspace "
			"Backspace\ntype kidn\nkey Enter\n"
			"expect unknown agent 'kidn'\nexpect human");
	fixture_close(&f);
}

static void test_speed(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "live", "speed=100 game=pacman", 24, 80);
	fixture_run(&f, "expect 10 ticks a second\nkey + +\n"
			"expect 12 ticks a second\nkey - - -\n"
			"expect 9 ticks a second");
	fixture_close(&f);
}

/* Play and watch lead here where there is nobody to play against. */
static void test_other_screens_lead_here(void **state)
{
	struct fixture f;
	struct err e = ERR_INIT;

	(void)state;
	fixture_open(&f, "play", "tactical game=pacman", 24, 80);
	fixture_run(&f, "expect Live\nexpect human\nexpect Space starts");
	fixture_run(&f, "open watch kind game=pacman:classic\n"
			"expect Live\nexpect kind");
	fixture_run(&f, "command live game=connect4\n"
			"expect not a one-player game");
	fixture_run(&f, "command live greedy kind game=pacman\n"
			"expect takes one player");
	assert_int_equal(script_run(&f.script, "expect nowhere", "script", &e),
			 ERR_USAGE);
	fixture_close(&f);
}

static void test_pictures(void **state)
{
	static const struct {
		int rows, cols;
		const char *maze, *name;
		bool ascii;
	} cases[] = {
		{24, 80, "classic", "live-classic-80x24", false},
		{24, 80, "classic", "live-classic-ascii", true},
		{60, 200, "classic", "live-classic-200x60", false},
		{60, 200, "small", "live-small-200x60", false},
		{12, 40, "small", "live-small-40x12", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		char arg[64];

		snprintf(arg, sizeof(arg), "game=pacman:%s", cases[i].maze);
		fixture_open(&f, "live", arg, cases[i].rows, cases[i].cols);
		f.app->ascii = f.script.canvas.ascii = cases[i].ascii;
		fixture_run(&f, "key l . . . . . .");
		fixture_picture(&f, cases[i].name);
		fixture_close(&f);
	}
}

/* The same seed, the same game: chance too. */
static void test_a_seed_is_a_game(void **state)
{
	struct store_bag bag = {0};
	struct store_game g[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct fixture f;

		fixture_open(&f, "live", "game=pacman:tiny,ticks=30", 24, 80);
		fixture_run(&f, "key l . . . . . k . . . . . h . . . . .\n"
				"key j . . . . . l . . . . . k . . . . .\n"
				"expect kept as game 1");
		read_game(&f, &bag, 1, &g[i]);
		fixture_close(&f);
	}
	assert_string_equal(g[0].moves, g[1].moves);
	assert_non_null(strchr(g[0].moves, '3'));
	store_bag_release(&bag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_person_steers),
		cmocka_unit_test(test_a_persons_game_is_stored),
		cmocka_unit_test(test_an_agent_plays),
		cmocka_unit_test(test_speed),
		cmocka_unit_test(test_other_screens_lead_here),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_a_seed_is_a_game),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
