/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"
#include "tests/session/made_lab.h"
#include "tests/tui/golden.h"
#include "tests/tui/lab_fixture.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/screen/job_view.h"
#include "tui/screen/screens.h"
#include "tui/script.h"

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

static void *page;

static void press(const struct screen *s, const char *name)
{
	assert_int_equal(lab_fixture_press(s, page, name), SCREEN_REDRAW);
}

static void test_run_page(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_run, "c4");
	golden_sizes(&screen_run, page, "run");
	press(&screen_run, "next-chart");
	press(&screen_run, "large");
	for (int i = 0; i < 12; i++)
		press(&screen_run, "cursor-left");
	golden_screen(&screen_run, page, 24, 80, false, "run-large");
	press(&screen_run, "zoom-in");
	press(&screen_run, "zoom-in");
	press(&screen_run, "x-axis");
	press(&screen_run, "log");
	golden_screen(&screen_run, page, 24, 80, false, "run-zoomed");
	lab_fixture_drop(&screen_run, page);
}

/* The curve in focus may end before the newest checkpoint. */
static void test_run_opens_newest(void **state)
{
	int64_t run = made_lab_run(&lab.made, "fresh"), id;
	float weights[4] = {0};
	struct canvas c;
	struct buf text;

	(void)state;
	for (int step = 100; step <= 300; step += 200) {
		struct store_checkpoint k = {
			.run_id = run,
			.step = step,
			.network = "tower:filters=32,blocks=4",
			.elo = (double)NAN,
			.elo_low = (double)NAN,
			.elo_high = (double)NAN,
		};

		assert_int_equal(store_checkpoint_add(lab_store(lab.lab), &k,
						      weights, 4, &id),
				 STORE_OK);
	}
	made_lab_metric(&lab.made, run, "kl", 50, 1);
	made_lab_metric(&lab.made, run, "kl", 100, 1);
	page = lab_fixture_screen(&lab, &screen_run, "fresh");
	canvas_init(&c, 22, 80);
	buf_init(&text);
	screen_run.draw(page, &c);
	canvas_dump(&c, false, &text);
	assert_non_null(strstr(text.data, "Enter: checkpoint 300"));
	press(&screen_run, "cursor-left");
	buf_clear(&text);
	screen_run.draw(page, &c);
	canvas_dump(&c, false, &text);
	assert_non_null(strstr(text.data, "Enter: checkpoint 100"));
	buf_release(&text);
	canvas_release(&c);
	lab_fixture_drop(&screen_run, page);
}

static void test_run_overlay(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_run, "c4 c4-copy");
	golden_sizes(&screen_run, page, "run-overlay");
	press(&screen_run, "next-run");
	press(&screen_run, "next-chart");
	press(&screen_run, "large");
	golden_screen(&screen_run, page, 24, 80, false, "run-overlay-large");
	golden_screen(&screen_run, page, 24, 80, true,
		      "run-overlay-large-ascii");
	lab_fixture_drop(&screen_run, page);
}

/* A lab may have a run's checkpoints and not what it needs to go on. */
static void test_run_to_look_at(void **state)
{
	(void)state;
	assert_int_equal(store_resume_drop(lab_store(lab.lab), 1), STORE_OK);
	page = lab_fixture_screen(&lab, &screen_run, "c4");
	golden_screen(&screen_run, page, 10, 80, false, "run-to-look-at");
	lab_fixture_drop(&screen_run, page);
}

static void test_run_without_figures(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_run, "fresh");
	golden_screen(&screen_run, page, 24, 80, false, "run-fresh");
	press(&screen_run, "cursor-left");
	press(&screen_run, "zoom-in");
	press(&screen_run, "x-axis");
	press(&screen_run, "chart-down");
	golden_sizes(&screen_run, page, "run-fresh");
	lab_fixture_drop(&screen_run, page);
}

static void test_run_unknown(void **state)
{
	void *self = calloc(1, screen_run.self_size);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(screen_run.open(self, &lab.app, "c5", &e),
			 ERR_NOTFOUND);
	assert_non_null(strstr(e.msg, "c5"));
	lab_fixture_drop(&screen_run, self);
	self = calloc(1, screen_run.self_size);
	assert_int_equal(screen_run.open(self, &lab.app, "", &e), ERR_USAGE);
	lab_fixture_drop(&screen_run, self);
}

/* The page shows what another process has committed, and asks only the job. */
static void test_run_is_live(void **state)
{
	struct store *s = lab_store(lab.lab), *other;
	char message[STORE_MESSAGE_SIZE];
	struct store_job j = {.kind = "train",
			      .command = "plyscope train --resume fresh",
			      .run_id = made_lab_run(&lab.made, "fresh")};
	struct store_metric m = {
		.step = 1, .games = 10, .time_ms = 100, .value = 2};
	enum store_wanted wanted;
	int64_t id;

	(void)state;
	page = lab_fixture_screen(&lab, &screen_run, "fresh");
	assert_int_equal(screen_run.tick(page), SCREEN_STAY);
	assert_int_equal(store_open(store_path(s), 0, &other, message),
			 STORE_OK);
	assert_int_equal(store_job_add(other, &j, &id), STORE_OK);
	assert_int_equal(store_job_beat(other, id, STORE_JOB_RUNNING, 430, 1000,
					"playing", &wanted),
			 STORE_OK);
	assert_int_equal(store_metric_add(other, j.run_id, "kl", &m), STORE_OK);
	assert_int_equal(screen_run.tick(page), SCREEN_REDRAW);
	golden_screen(&screen_run, page, 24, 80, false, "run-live");
	golden_screen(&screen_run, page, 40, 120, false, "run-live-wide");

	press(&screen_run, "pause");
	assert_int_equal(store_job_wanted(other, id, &wanted), STORE_OK);
	assert_int_equal(wanted, STORE_WANT_PAUSE);
	golden_screen(&screen_run, page, 10, 80, false, "run-pausing");
	press(&screen_run, "pause");
	assert_int_equal(store_job_wanted(other, id, &wanted), STORE_OK);
	assert_int_equal(wanted, STORE_WANT_RUN);
	press(&screen_run, "stop");
	assert_int_equal(store_job_wanted(other, id, &wanted), STORE_OK);
	assert_int_equal(wanted, STORE_WANT_STOP);

	assert_int_equal(
		store_job_end(other, id, STORE_JOB_FAILED, "the disk is full"),
		STORE_OK);
	assert_int_equal(screen_run.tick(page), SCREEN_REDRAW);
	golden_screen(&screen_run, page, 10, 80, false, "run-failed");
	store_close(other);
	lab_fixture_drop(&screen_run, page);
}

/* A training that is started again ends where the one before was to end. */
static void test_limits(void **state)
{
	static const struct {
		const char *command;
		double done;
		const char *games, *minutes, *threads;
		bool played;
		double seconds_left; /* of it as it runs; of a pace of its own
				      * unless it is 0 */
	} cases[] = {
		{"plyscope train connect4 --run a", 10, "", "", "", false, 0},
		{"plyscope train connect4 --run a --games 500", 10, "500", "",
		 "", false, 0},
		{"plyscope train connect4 --run a --games 500", 500, "500", "",
		 "", true, 0},
		/* A quarter of an hour of it has gone. */
		{"plyscope train --resume a --minutes 20.5", 10, "", "5.500",
		 "", false, 330},
		/* All of it: it gets as much again, and not no limit. */
		{"plyscope train --resume a --minutes 10", 10, "", "10", "",
		 false, 0},
		{"plyscope train a --games 90 --minutes 20 --threads 1", 10,
		 "90", "5.000", "1", false, 300},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store_job j = {.command = cases[i].command,
				      .done = cases[i].done,
				      .total = 1e6,
				      .kind = "train",
				      .state = STORE_JOB_RUNNING,
				      .created_ms = 1000000,
				      .heartbeat_ms = 1900000};
		struct job_view v = {0};
		struct job_limit left;

		job_limit_left(&j, &left);
		assert_string_equal(left.games, cases[i].games);
		assert_string_equal(left.minutes, cases[i].minutes);
		assert_string_equal(left.threads, cases[i].threads);
		assert_int_equal(left.played, cases[i].played);
		job_view_set(&v, &j);
		if (cases[i].seconds_left > 0)
			assert_true(v.seconds_left == cases[i].seconds_left);
		else
			assert_true(v.seconds_left > 1e6);
	}
}

/* Lists and pages say the same of what went on past its end, and a message that
 * has the figures stands alone. */
static void test_job_share(void **state)
{
	struct store_job j = {.kind = "train",
			      .command = "",
			      .state = STORE_JOB_STOPPED,
			      .life = STORE_LIFE_ENDED,
			      .done = 9222,
			      .total = 4800,
			      .message = "stopped at 9222 games"};
	struct job_view v = {0};
	struct row_view list;
	struct canvas c;
	struct buf text;
	enum style st;

	(void)state;
	buf_init(&text);
	row_view_init(&list, &row_job, NULL, "share");
	row_cell(&list, 0, &j, 10, &text, &st);
	assert_string_equal(text.data, "100%");
	buf_clear(&text);
	j.total = 0;
	job_view_set(&v, &j);
	canvas_init(&c, 1, 60);
	job_view_draw(&v, &c, 0);
	canvas_dump(&c, false, &text);
	assert_non_null(strstr(text.data, "stopped stopped at 9222 games"));
	canvas_release(&c);
	buf_release(&text);
}

static void test_lists(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_runs, "");
	golden_sizes(&screen_runs, page, "runs");
	lab_fixture_drop(&screen_runs, page);
	page = lab_fixture_screen(&lab, &screen_runs, "imit");
	golden_screen(&screen_runs, page, 8, 80, false, "runs-filtered");
	lab_fixture_drop(&screen_runs, page);
	page = lab_fixture_screen(&lab, &screen_checkpoints, "c4");
	golden_sizes(&screen_checkpoints, page, "checkpoints");
	lab_fixture_drop(&screen_checkpoints, page);
	page = lab_fixture_screen(&lab, &screen_jobs, "");
	golden_screen(&screen_jobs, page, 10, 80, false, "jobs-none");
	lab_fixture_drop(&screen_jobs, page);
}

static void test_checkpoint_page(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_checkpoint, "c4/6400");
	golden_sizes(&screen_checkpoint, page, "checkpoint");
	press(&screen_checkpoint, "earlier");
	golden_screen(&screen_checkpoint, page, 12, 80, false,
		      "checkpoint-earlier");
	lab_fixture_drop(&screen_checkpoint, page);
	page = lab_fixture_screen(&lab, &screen_checkpoint, "c4-copy/latest");
	golden_screen(&screen_checkpoint, page, 24, 80, false,
		      "checkpoint-copy");
	lab_fixture_drop(&screen_checkpoint, page);
}

static void run_script(const char *text)
{
	struct app *app = app_new(lab.lab);
	struct err e = ERR_INIT;
	struct script script;

	script_init(&script, app, 24, 80);
	if (script_run(&script, text, "script", &e))
		fail_msg("%s", e.msg);
	script_release(&script);
	app_free(app);
}

/* What a network has read can be opened: stored games, by its run's source. */
static void test_way_to_what_was_read(void **state)
{
	struct store_run run = {.name = "reader",
				.kind = "imitate",
				.game = "connect4",
				.config = "",
				.build = "",
				.host = "",
				.status = "done",
				.source = "games:run=c4,purpose=selfplay,"
					  "upto=99"};
	struct store_checkpoint k = {
		.step = 7,
		.network = "gru:channels=8,layers=1",
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
	};
	float weights[4] = {0};
	int64_t id;

	(void)state;
	assert_int_equal(store_run_add(lab_store(lab.lab), &run, &k.run_id),
			 STORE_OK);
	assert_int_equal(
		store_checkpoint_add(lab_store(lab.lab), &k, weights, 4, &id),
		STORE_OK);
	run_script("open checkpoint reader/7\n"
		   "expect c context\n"
		   "key c\n"
		   "expect Games\n"
		   "expect filter: run=c4 purpose=selfplay\n"
		   "key q\n"
		   "open checkpoint c4/100\n"
		   "refuse c context\n"
		   "key c\n"
		   "expect It learned from no stored games.\n");
}

/* From the list of runs to a curve, a checkpoint, its games, and back. */
static void test_way_from_curve_to_games(void **state)
{
	(void)state;
	run_script("open runs\n"
		   "expect c4-copy\n"
		   "key End Enter\n" /* the oldest run */
		   "expect policy loss\n"
		   "expect checkpoint 6400\n"
		   "key Home\n"
		   "expect checkpoint 0\n"
		   "key Right\n"
		   "expect checkpoint 100\n"
		   "key Enter\n"
		   "expect c4/100\n"
		   "expect conv 3x3\n"
		   "key Right\n"
		   "expect c4/200\n"
		   "key Enter\n"
		   "expect Games\n"
		   "key q q q\n"
		   "expect c4-copy\n"
		   "key c\n"
		   "expect 4549f576ea\n"
		   "key Enter\n"
		   "expect c4/6400\n");
}

/* How many of a run's games differ, once they are asked for. */
static void test_facts_tell_repeats(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++) {
		struct store_game g = {.run_id = 1,
				       .number = i + 1,
				       .game = "drop:rows=6,cols=7,line=4",
				       .moves = i % 4 ? "1213141" : "1314151",
				       .plies = 7,
				       .result = 1,
				       .score = (double)NAN,
				       .ended = "rules",
				       .purpose = "selfplay",
				       .step = -1};
		int64_t id;

		assert_int_equal(store_game_add(lab_store(lab.lab), &g, &id),
				 STORE_OK);
	}
	run_script("open run c4\n"
		   "key i\n"
		   "expect distinct 2 of 8 games (25.0%)\n");
}

static void test_facts_scroll(void **state)
{
	(void)state;
	run_script("open run c4\n"
		   "size 12 80\n"
		   "key i\n"
		   "expect seed     1\n"
		   "key Down Down Down Down\n"
		   "refuse seed     1\n"
		   "expect filters = 32\n"
		   "key i\n"
		   "refuse filters = 32\n");
}

/* Marked runs lie over the one that is opened; o adds one by its name. */
static void test_overlay_by_keys(void **state)
{
	(void)state;
	run_script("open runs\n"
		   "key Down Space Enter\n"
		   "expect a c4  b c4-copy\n"
		   "key O\n"
		   "refuse b c4-copy\n"
		   "key o\n"
		   "type c4-copy\n"
		   "key Enter\n"
		   "expect a c4  b c4-copy\n"
		   "key o\n"
		   "type c5\n"
		   "key Enter\n"
		   "expect c5\n"
		   "expect Lay over these the run c5\n"
		   "key Esc f Tab n\n"
		   "expect c4-copy\n");
}

static void test_run_by_mouse(void **state)
{
	(void)state;
	run_script("open run c4\n"
		   "click 5 40\n" /* in the second chart */
		   "expect 2/12\n"
		   "click 5 40\n"
		   "expect Checkpoint\n");
}

static void expect_text(void (*write)(int64_t, struct buf *), int64_t v,
			const char *want)
{
	struct buf b;

	buf_init(&b);
	write(v, &b);
	assert_string_equal(b.data, want);
	buf_release(&b);
}

static void test_words(void **state)
{
	(void)state;
	expect_text(bytes_text, 812, "812 B");
	expect_text(bytes_text, 1300, "1.3 kB");
	expect_text(bytes_text, 24000000, "24 MB");
	expect_text(date_text, 0, "-");
	expect_text(date_text, 1795392000000, "2026-11-23 00:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_run_page, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_run_opens_newest, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_run_overlay, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_run_to_look_at, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_run_without_figures,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_run_unknown, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_run_is_live, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_lists, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_checkpoint_page, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_way_from_curve_to_games,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_way_to_what_was_read,
						set_up, tear_down),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_job_share),
		cmocka_unit_test_setup_teardown(test_facts_tell_repeats, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_facts_scroll, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_overlay_by_keys, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_run_by_mouse, set_up,
						tear_down),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
