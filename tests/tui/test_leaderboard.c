/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/session/standings.h"
#include "store/match.h"
#include "store/store.h"
#include "tests/session/made_lab.h"
#include "tests/tui/golden.h"
#include "tests/tui/lab_fixture.h"
#include "tui/app_run.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/screens.h"
#include "tui/script.h"
#include "tui/widget/table.h"
#include "tui/widget/whisker.h"

#define C4 MADE_LAB_C4
#define GNUGO                                                            \
	"engine:/usr/games/gnugo --mode gtp --level 10 --chinese-rules " \
	"--capture-all-dead --boardsize 7 --komi 7.5,level=10"

static struct lab_fixture lab;

static int set_up(void **state)
{
	(void)state;
	lab_fixture_open(&lab);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lab_fixture_close(&lab);
	return 0;
}

/* Until the fit that it began has come; at most a minute. */
static void settle(struct leaderboard *b)
{
	for (int i = 0; i < 60000 && screen_leaderboard.busy(b); i++) {
		if (screen_leaderboard.tick(b) == SCREEN_STAY)
			usleep(1000);
	}
	assert_false(screen_leaderboard.busy(b));
}

static struct leaderboard *open_board(const char *arg)
{
	struct leaderboard *b =
		lab_fixture_screen(&lab, &screen_leaderboard, arg);

	settle(b);
	return b;
}

static void press(struct leaderboard *b, const char *name)
{
	assert_int_equal(lab_fixture_press(&screen_leaderboard, b, name),
			 SCREEN_REDRAW);
}

static void drop(struct leaderboard *b)
{
	lab_fixture_drop(&screen_leaderboard, b);
}

static void check_text(const char *spec, const char *wanted)
{
	struct buf b;

	buf_init(&b);
	agent_text(spec, &b);
	assert_string_equal(b.data, wanted);
	buf_release(&b);
}

static void test_specs(void **state)
{
	(void)state;
	check_text("tactical", "tactical");
	check_text("engine:/usr/games/gnugo --mode gtp,level=1",
		   "gnugo --mode gtp,level=1");
	check_text("engine:gnugo --infile /tmp/x", "gnugo --infile /tmp/x");
}

static void check_whisker(double value, double low, double high,
			  const char *wanted)
{
	const struct whisker_scale s = {0, 100};
	struct buf b;

	buf_init(&b);
	whisker_text(&s, value, low, high, 11, &b);
	assert_string_equal(b.data, wanted);
	buf_release(&b);
}

static void test_whisker(void **state)
{
	const double value[] = {0, (double)NAN, 400, 100};
	const double low[] = {-30, (double)NAN, -2000, 90};
	const double high[] = {30, (double)NAN, 3000, 110};
	struct whisker_scale s;

	(void)state;
	check_whisker(50, 20, 80, "  ├──●──┤  ");
	check_whisker(0, 0, 40, "●───┤      ");
	check_whisker(50, -10, 120, "─────●─────");
	check_whisker(100, 100, 100, "          ●");
	check_whisker(50, (double)NAN, (double)NAN, "     ●     ");
	check_whisker((double)NAN, 0, 1, "");

	/* a quarter of 400 is more than three times 30 */
	s = whisker_scale(value, low, high, 4);
	assert_true(fabs(s.low - -100) < 1e-9);
	assert_true(fabs(s.high - 500) < 1e-9);
	s = whisker_scale(value, low, high, 1);
	assert_true(fabs(s.low - -30) < 1e-9);
	s = whisker_scale(value + 1, low + 1, high + 1, 1);
	assert_true(s.low >= s.high);
}

static void test_pictures(void **state)
{
	struct leaderboard *b;

	(void)state;
	made_lab_pool(&lab.made);
	b = open_board("connect4 policy:c4/800");
	golden_sizes(&screen_leaderboard, b, "leaderboard");
	press(b, "x-axis");
	press(b, "overlay");
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-overlay");
	press(b, "opponents");
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-opponents");
	press(b, "opponents");
	press(b, "last");
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-random");
	drop(b);
}

/* Scores stand until the fit has come; looking writes nothing. */
static void test_before_a_fit(void **state)
{
	struct leaderboard *b;

	(void)state;
	b = lab_fixture_screen(&lab, &screen_leaderboard, "");
	assert_true(screen_leaderboard.busy(b));
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-unrated");
	settle(b);
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-first");
	drop(b);
	/* leaving before it has come */
	b = lab_fixture_screen(&lab, &screen_leaderboard, "");
	drop(b);
}

static void test_empty(void **state)
{
	struct leaderboard b = {.all = {.game = -1}};

	(void)state;
	leaderboard_prepare(&b);
	golden_screen(&screen_leaderboard, &b, 24, 80, false,
		      "leaderboard-empty");
}

/* Who beats whom goes round: the ratings are equal, and the page says that they
 * are not all there is.  Anyone can be at 0, and intervals be to the mean. */
static void test_circle(void **state)
{
	struct leaderboard *b;

	(void)state;
	made_lab_match(&lab.made, "othello", "rock", "scissors", 150, 10, 40);
	made_lab_match(&lab.made, "othello", "scissors", "paper", 150, 10, 40);
	made_lab_match(&lab.made, "othello", "paper", "rock", 150, 10, 40);
	made_lab_match(&lab.made, "othello", "paper", "random", 19, 0, 1);
	b = open_board("othello rock");
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-circle");
	press(b, "anchor");
	press(b, "interval");
	settle(b);
	assert_string_equal(b->all.anchor, "rock");
	assert_true(b->all.rows[leaderboard_selected(b)].elo == 0);
	assert_true(b->all.fitted && !b->all.kept);
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-anchor");
	press(b, "anchor");
	settle(b);
	assert_string_equal(b->all.anchor, "random");
	drop(b);
}

/* Two games; three hundred agents in one, some with specs longer than the
 * screen. */
static void test_many(void **state)
{
	struct leaderboard *b;
	char spec[256];

	(void)state;
	made_lab_pool(&lab.made);
	assert_int_equal(store_begin(lab_store(lab.lab)), STORE_OK);
	for (int i = 0; i < 300; i++) {
		if (i % 50 == 7)
			snprintf(spec, sizeof(spec), "%s,seed=%d", GNUGO, i);
		else
			snprintf(spec, sizeof(spec), "mcts:uniform,sims=%d",
				 i + 1);
		made_lab_match(&lab.made, "go:size=7", spec, "random", i % 20,
			       0, 20 - i % 20);
	}
	assert_int_equal(store_commit(lab_store(lab.lab)), STORE_OK);
	b = open_board("go:size=7 \"" GNUGO ",seed=257\"");
	golden_sizes(&screen_leaderboard, b, "leaderboard-many");
	press(b, "next-game");
	assert_string_equal(b->all.games[b->all.game], C4);
	press(b, "previous-game");
	assert_string_equal(b->all.games[b->all.game], "go:size=7");
	assert_int_equal(b->table.row_count, 301);
	drop(b);
}

/* Not the game of the newest match, nor the first by name. */
static void test_most_played(void **state)
{
	struct leaderboard *b;

	(void)state;
	made_lab_pool(&lab.made);
	made_lab_match(&lab.made, "chess", "tactical", "random", 30, 0, 30);
	made_lab_match(&lab.made, "othello", "tactical", "random", 3, 0, 1);
	b = open_board("");
	assert_int_equal(b->all.game_count, 3);
	assert_string_equal(b->all.games[b->all.game], C4);
	drop(b);
	made_lab_match(&lab.made, "othello", "tactical", "random", 1000, 0,
		       1000);
	b = open_board("");
	assert_string_equal(b->all.games[b->all.game], "othello");
	drop(b);
}

static bool readonly; /* whether the next script may write */

static void run_script(const char *text)
{
	struct app *app = app_new(lab.lab);
	struct err e = ERR_INIT;
	struct script script;

	app->readonly = readonly;
	script_init(&script, app, 24, 80);
	if (script_run(&script, text, "script", &e))
		fail_msg("%s", e.msg);
	script_release(&script);
	app_free(app);
}

static void test_ways(void **state)
{
	(void)state;
	made_lab_pool(&lab.made);
	run_script("open home\n"
		   "key e\n"
		   "wait idle\n"
		   "expect 15 agents\n"
		   "key Down Enter\n" /* policy:c4/6400 */
		   "expect Checkpoint\n"
		   "expect trained on\n"
		   "key q Tab\n"
		   "expect expected\n"
		   "key Enter\n" /* mcts, its strongest opponent */
		   "expect mcts:c4/6400,sims=64\n"
		   "expect won 30\n"
		   "key q Tab End Enter\n" /* random: no checkpoint */
		   "expect met\n"
		   "key Tab M\n"
		   "expect Matches\n"
		   "key End e\n" /* the fixture's own match */
		   "expect Ratings\n"
		   "wait idle\n"
		   "expect Elo at 5000\n"
		   "key c\n"
		   "expect sha256\n"
		   "key e\n"
		   "expect 15 agents\n"
		   "key q Enter e\n" /* the newest checkpoint: c4/6400 */
		   "wait idle\n"
		   "expect Elo at 5000\n"
		   "key q q\n"
		   "command run c4\n"
		   "key e\n"
		   "expect 15 agents\n"
		   "key q q q\n"
		   "expect Elo at 5000\n"
		   "key v\n"
		   "expect agent=policy:c4/6400\n"
		   "key q /\n"
		   "type sims\n"
		   "key Enter\n"
		   "expect 4 of 15\n"
		   "refuse tactical\n"
		   "key / Ctrl-U\n"
		   "type nobody\n"
		   "key Enter\n"
		   "expect No agent has that\n"
		   "key Enter Tab\n" /* nobody is shown, so nobody was met */
		   "expect No agent has that\n"
		   "key v p c m\n");
}

/* A click selects, in either table; the second opens. */
static void test_clicks(void **state)
{
	(void)state;
	made_lab_pool(&lab.made);
	run_script("open leaderboard connect4\n"
		   "wait idle\n"
		   "click 4 10\n" /* the second: policy:c4/6400 */
		   "expect Elo at 5000\n"
		   "key Tab\n"
		   "click 16 10\n" /* the second whom it met: the copy */
		   "click 16 10\n"
		   "expect won 40\n"
		   "key q\n"
		   "click 4 10\n"
		   "click 4 10\n"
		   "expect trained on\n"
		   "key q\n"
		   "click 4 10 5\n" /* the wheel */
		   "refuse Elo at 5000\n");
}

/* A match that another process has played appears, the cursor staying. */
static void test_news(void **state)
{
	struct leaderboard *b;
	struct store *other;
	struct store_match m = {.game = C4,
				.first = "newcomer",
				.second = "random",
				.games = 2,
				.wins = 2,
				.elo = (double)NAN,
				.elo_low = (double)NAN,
				.elo_high = (double)NAN,
				.step = -1,
				.created_ms = 2000000000000};
	enum screen_action action = SCREEN_STAY;
	int64_t id;
	int at;

	(void)state;
	made_lab_pool(&lab.made);
	b = open_board("connect4 policy:c4/800");
	assert_int_equal(store_open(lab.made.path, 0, &other, NULL), STORE_OK);
	assert_int_equal(store_match_add(other, &m, &id), STORE_OK);
	store_close(other);
	for (int i = 0; i < 20 && action == SCREEN_STAY; i++)
		action = screen_leaderboard.tick(b);
	assert_int_equal(action, SCREEN_REDRAW);
	assert_int_equal(b->all.count, 16);
	assert_true(screen_leaderboard.busy(b));
	settle(b);
	at = standings_find(&b->all, "newcomer");
	assert_true(b->all.rows[at].elo > 0);
	assert_int_equal(b->all.rows[at].games, 2);
	assert_string_equal(b->all.rows[leaderboard_selected(b)].spec,
			    "policy:c4/800");
	drop(b);
}

static size_t stored_ratings(void)
{
	struct store_bag bag = {0};
	struct store_rating *rows;
	size_t count;

	assert_int_equal(
		store_rating_list(lab_store(lab.lab), &bag, C4, &rows, &count),
		STORE_OK);
	store_bag_release(&bag);
	return count;
}

static void test_keep(void **state)
{
	(void)state;
	made_lab_pool(&lab.made);
	run_script("open leaderboard\n"
		   "wait idle\n"
		   "expect r keeps these\n"
		   "key Left\n"
		   "expect one game only\n");
	assert_int_equal(stored_ratings(), 0);
	readonly = true;
	run_script("open leaderboard\n"
		   "wait idle\n"
		   "refuse r keeps these\n"
		   "key r\n"
		   "expect reading only\n");
	assert_int_equal(stored_ratings(), 0);
	readonly = false;
	run_script("open leaderboard\n"
		   "wait idle\n"
		   "key r\n"
		   "wait idle\n"
		   "expect Kept: 15 ratings.\n"
		   "refuse r keeps these\n"
		   "command checkpoints c4\n"
		   "refuse 1050\n"); /* the fixture's own Elo */
	assert_int_equal(stored_ratings(), 15);
	/* what is kept has random at 0, whoever has here */
	run_script("open leaderboard connect4 tactical\n"
		   "wait idle\n"
		   "key a\n"
		   "wait idle\n"
		   "expect 0 is tactical\n"
		   "refuse r keeps these\n"
		   "key r\n"
		   "wait idle\n"
		   "expect Kept: 15 ratings.\n"
		   "refuse r keeps these\n"
		   "key i\n"
		   "expect to the mean\n");
}

/* Where nobody can be rated, one fit is tried and not one after another. */
static void test_nobody(void **state)
{
	struct leaderboard *b;

	(void)state;
	made_lab_match(&lab.made, "mnk:rows=3,cols=3,line=3", "random",
		       "random", 5, 0, 5);
	b = open_board("tictactoe");
	assert_false(b->all.fitted);
	golden_screen(&screen_leaderboard, b, 24, 80, false,
		      "leaderboard-itself");
	press(b, "open");
	press(b, "open");
	drop(b);
}

int main(void)
{
#define LAB(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_specs),
		cmocka_unit_test(test_whisker),
		cmocka_unit_test(test_empty),
		LAB(test_pictures),
		LAB(test_before_a_fit),
		LAB(test_circle),
		LAB(test_many),
		LAB(test_most_played),
		LAB(test_ways),
		LAB(test_clicks),
		LAB(test_news),
		LAB(test_keep),
		LAB(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
