/* SPDX-License-Identifier: MIT */
/* The list of studies, and the page of one with its tabs. */
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
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/job.h"
#include "store/store.h"
#include "store/study.h"
#include "tests/session/made_claim.h"
#include "tests/session/made_lab.h"
#include "tests/session/made_study.h"
#include "tests/tui/golden.h"
#include "tests/tui/lab_fixture.h"
#include "tui/app_run.h"
#include "tui/picture.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"
#include "tui/script.h"

static struct lab_fixture lab;
static void *page;

static int set_up(void **state)
{
	(void)state;
	lab_fixture_open(&lab);
	made_study(lab_store(lab.lab));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lab_fixture_close(&lab);
	return 0;
}

static void press(const char *name)
{
	lab_fixture_press(&screen_study, page, name);
}

static void test_list(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_studies, "");
	golden_sizes(&screen_studies, page, "studies");
	lab_fixture_press(&screen_studies, page, "down");
	golden_screen(&screen_studies, page, 24, 80, false, "studies-second");
	lab_fixture_drop(&screen_studies, page);
}

static void test_verdict(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_study, "rooms/desk");
	golden_sizes(&screen_study, page, "study");
	press("page-down");
	golden_screen(&screen_study, page, 24, 80, false, "study-scrolled");
	/* Not beyond its end, and back at once. */
	press("last");
	golden_screen(&screen_study, page, 24, 80, false, "study-end");
	press("page-down");
	golden_screen(&screen_study, page, 24, 80, false, "study-end");
	press("first");
	golden_screen(&screen_study, page, 24, 80, false, "study-80x24");
	lab_fixture_drop(&screen_study, page);
	page = lab_fixture_screen(&lab, &screen_study, "rooms/smoke");
	golden_screen(&screen_study, page, 24, 80, false, "study-begun");
	lab_fixture_drop(&screen_study, page);
}

/* The chart in front has this text; NULL: there is none. */
static void chart_has(enum picture_format f, const char *text)
{
	struct buf out;

	buf_init(&out);
	assert_int_equal(screen_study.chart(page, f, &out), text != NULL);
	if (text && !strstr(out.data, text))
		fail_msg("no '%s' in:\n%s", text, out.data);
	buf_release(&out);
}

static void test_curves(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_study, "rooms/desk");
	chart_has(PICTURE_CSV, NULL);
	press("next-tab");
	golden_sizes(&screen_study, page, "study-curves");
	chart_has(PICTURE_CSV, "series,x,value,smoothed,low,high\n");
	chart_has(PICTURE_SVG, "<polyline");
	press("down");
	press("next-arm");
	press("right");
	press("right");
	golden_screen(&screen_study, page, 24, 80, false,
		      "study-curves-cursor");
	press("large");
	golden_screen(&screen_study, page, 24, 80, false, "study-curves-large");
	press("large");
	/* The parts of a measure, many and small. */
	press("last");
	golden_sizes(&screen_study, page, "study-parts");
	for (int i = 0; i < 12; i++)
		press("down");
	golden_screen(&screen_study, page, 24, 80, false, "study-parts-next");
	lab_fixture_drop(&screen_study, page);
	page = lab_fixture_screen(&lab, &screen_study, "rooms/smoke");
	press("next-tab");
	golden_screen(&screen_study, page, 24, 80, false, "study-curves-begun");
	lab_fixture_drop(&screen_study, page);
}

static void test_arms(void **state)
{
	(void)state;
	page = lab_fixture_screen(&lab, &screen_study, "rooms/desk");
	press("open");
	press("down");
	golden_sizes(&screen_study, page, "study-arms");
	chart_has(PICTURE_CSV, "arm,role,run,trials,done,failed,games,");
	chart_has(PICTURE_SVG, NULL);
	press("next-tab");
	golden_screen(&screen_study, page, 24, 80, false, "study-plan");
	lab_fixture_drop(&screen_study, page);
}

/* More arms than colours: the family of the one in front is drawn, and its
 * measures. */
static void test_families(void **state)
{
	struct store *s = lab_store(lab.lab);
	struct store_study p = {.name = "many",
				.question = "?",
				.metric = "m",
				.thresholds = "t",
				.plan = "p"};
	int64_t id, arm_id;

	(void)state;
	assert_int_equal(store_study_plan(s, &p, &id), STORE_OK);
	for (int i = 0; i < 10; i++) {
		char name[16];
		struct store_arm arm = {
			.study_id = id, .name = name, .role = "arm"};
		struct store_measure m = {.name = i < 5 ? "left" : "right",
					  .seed = 1,
					  .value = i};

		snprintf(name, sizeof(name), "%s-%d", i < 5 ? "one" : "two", i);
		assert_int_equal(store_arm_add(s, &arm, &arm_id), STORE_OK);
		m.arm_id = arm_id;
		assert_int_equal(store_measure_add(s, &m), STORE_OK);
	}
	page = lab_fixture_screen(&lab, &screen_study, "many curves");
	golden_screen(&screen_study, page, 12, 80, false, "study-family");
	for (int i = 0; i < 5; i++)
		press("next-arm");
	golden_screen(&screen_study, page, 12, 80, false, "study-family-next");
	lab_fixture_drop(&screen_study, page);
}

static void run_script(const char *text)
{
	struct app *app = app_new(lab.lab);
	struct err e = ERR_INIT;
	struct script s;

	script_init(&s, app, 24, 80);
	if (script_run(&s, text, "test", &e) != ERR_OK)
		fail_msg("%s", e.msg);
	script_release(&s);
	app_free(app);
}

/* From the home screen to the agents and games of an arm. */
static void test_way(void **state)
{
	(void)state;
	run_script("open home\nkey u\nexpect rooms/smoke\nkey Down Enter\n"
		   "expect uninterpretable\nexpect Gates: 1 of 2 held\n"
		   "key Enter\nexpect FLOP/move\n"
		   "key Enter\nexpect Arm teacher has no run in this lab\n"
		   "key Down Enter\nexpect c4\nexpect sha256\nkey q\n"
		   "key v\nexpect kept no games\nkey q q\n"
		   "expect Studies\n");
}

/* An arm that trains nothing has the agents of the one called after it; games
 * are opened where it kept some. */
static void test_network_of_another_arm(void **state)
{
	struct store *s = lab_store(lab.lab);
	struct store_arm arm = {.name = "net-teacher",
				.role = "gate",
				.config = "",
				.flops_per_move = (double)NAN,
				.status = "done"};
	struct store_game game = {.game = "connect4",
				  .first = "random",
				  .second = "random",
				  .moves = "",
				  .result = NAN,
				  .score = NAN,
				  .purpose = "study",
				  .step = -1};
	struct store_bag bag = {0};
	struct store_study study;
	int64_t id;

	(void)state;
	assert_int_equal(store_study_find(s, &bag, "rooms/desk", &study),
			 STORE_OK);
	arm.study_id = study.id;
	game.run_id = arm.run_id = made_lab_run(&lab.made, "fresh");
	assert_int_equal(store_arm_add(s, &arm, &id), STORE_OK);
	store_bag_release(&bag);
	run_script("open study rooms/desk arms\nexpect v games\n"
		   "key v\nexpect Arm teacher kept no games\n"
		   "key Enter\nexpect fresh: 0\n");
	assert_int_equal(store_game_add(s, &game, &id), STORE_OK);
	run_script("open study rooms/desk arms\n"
		   "key v\nexpect filter: run=fresh\n");
}

/* The page looks every so many ticks. */
static void await_redraw(void)
{
	int ticks = 0;

	while (screen_study.tick(page) != SCREEN_REDRAW)
		assert_true(++ticks < 100);
}

static void expect_wanted(struct store *s, int64_t id, enum store_wanted wanted)
{
	struct store_bag bag = {0};
	struct store_job j;

	assert_int_equal(store_job_get(s, &bag, id, &j), STORE_OK);
	assert_int_equal(j.wanted, wanted);
	store_bag_release(&bag);
}

/* A study that offers pictures: seeds as dots in its verdict, and a tab. */
static void test_pictures(void **state)
{
	(void)state;
	made_claim(lab_store(lab.lab));
	page = lab_fixture_screen(&lab, &screen_study, "claim/desk");
	golden_sizes(&screen_study, page, "claim");
	press("page-down");
	golden_screen(&screen_study, page, 24, 80, false, "claim-scrolled");
	press("last");
	golden_screen(&screen_study, page, 24, 80, false, "claim-end");
	press("next-tab");
	golden_sizes(&screen_study, page, "claim-dots");
	chart_has(PICTURE_CSV, ",seed,,");
	chart_has(PICTURE_SVG, "D_c");
	press("right");
	golden_sizes(&screen_study, page, "claim-curve");
	chart_has(PICTURE_CSV, "\nteacher,after,");
	/* the arm that is selected is that whose row Enter opens */
	press("next-arm");
	press("previous-arm");
	press("right");
	golden_sizes(&screen_study, page, "claim-bars");
	press("page-down");
	golden_screen(&screen_study, page, 24, 80, false, "claim-deltas");
	press("right");
	golden_sizes(&screen_study, page, "claim-fit");
	press("right");
	golden_sizes(&screen_study, page, "claim-hindcast");
	press("right");
	golden_screen(&screen_study, page, 24, 80, false, "claim-probe");
	press("right");
	press("right"); /* none further */
	golden_screen(&screen_study, page, 24, 80, false, "claim-ledger");
	press("next-tab");
	press("previous-tab");
	golden_screen(&screen_study, page, 24, 80, false, "claim-ledger");
	lab_fixture_drop(&screen_study, page);
}

/* Side by side, those first where M is furthest from D_c. */
static void test_positions(void **state)
{
	struct err e = ERR_INIT;
	void *self = calloc(1, screen_said.self_size);

	(void)state;
	assert_int_equal(screen_said.open(self, &lab.app, "rooms/desk", &e),
			 ERR_NOTFOUND);
	lab_fixture_drop(&screen_said, self);
	made_claim(lab_store(lab.lab));
	page = lab_fixture_screen(&lab, &screen_said, "claim/desk");
	golden_sizes(&screen_said, page, "positions");
	lab_fixture_press(&screen_said, page, "next-apart");
	golden_screen(&screen_said, page, 24, 80, false, "positions-second");
	lab_fixture_press(&screen_said, page, "first");
	golden_screen(&screen_said, page, 24, 80, false, "positions-start");
	lab_fixture_press(&screen_said, page, "largest");
	golden_screen(&screen_said, page, 24, 80, false, "positions-80x24");
	lab_fixture_press(&screen_said, page, "next-apart");
	lab_fixture_press(&screen_said, page, "next-apart");
	lab_fixture_press(&screen_said, page, "next-apart");
	golden_screen(&screen_said, page, 24, 80, false, "positions-80x24");
	lab_fixture_drop(&screen_said, page);
}

/* What a job adds appears by itself. */
static void test_live(void **state)
{
	struct store_job j = {.kind = "study",
			      .command = "plyscope study run rooms"};
	enum store_wanted wanted;
	int64_t id;

	struct store *s, *other = NULL;
	struct store_study_state *rows;
	struct store_bag bag = {0};
	size_t count;

	(void)state;
	s = lab_store(lab.lab);
	assert_int_equal(store_study_states(s, &bag, &rows, &count), STORE_OK);
	page = lab_fixture_screen(&lab, &screen_study, "rooms/smoke");
	assert_int_equal(screen_study.tick(page), SCREEN_STAY);
	assert_int_equal(store_open(store_path(s), 0, &other, NULL), STORE_OK);
	assert_int_equal(store_study_decide(other, rows[0].study.id,
					    "not evidence", "smoke size", 0),
			 STORE_OK);
	await_redraw();
	golden_screen(&screen_study, page, 12, 80, false, "study-judged");
	/* A process that is at work on it is told of. */
	assert_int_equal(store_job_add(other, &j, &id), STORE_OK);
	assert_int_equal(store_job_beat(other, id, STORE_JOB_RUNNING, 1, 6,
					"student, seed 1", &wanted),
			 STORE_OK);
	assert_int_equal(store_study_claim(other, rows[0].study.id, id),
			 STORE_OK);
	await_redraw();
	golden_screen(&screen_study, page, 12, 80, false, "study-at-work");
	/* It may be paused from here, let go on, and stopped. */
	press("pause");
	expect_wanted(other, id, STORE_WANT_PAUSE);
	press("pause");
	expect_wanted(other, id, STORE_WANT_RUN);
	press("stop");
	expect_wanted(other, id, STORE_WANT_STOP);
	store_close(other);
	store_bag_release(&bag);
	lab_fixture_drop(&screen_study, page);
}

static void test_errors(void **state)
{
	struct err e = ERR_INIT;
	void *self = calloc(1, screen_study.self_size);

	(void)state;
	assert_int_equal(screen_study.open(self, &lab.app, "", &e), ERR_USAGE);
	assert_int_equal(screen_study.open(self, &lab.app, "none", &e),
			 ERR_NOTFOUND);
	assert_int_equal(
		screen_study.open(self, &lab.app, "rooms/desk map", &e),
		ERR_USAGE);
	lab_fixture_drop(&screen_study, self);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_list),
		lab_test(test_verdict),
		lab_test(test_curves),
		lab_test(test_arms),
		lab_test(test_families),
		lab_test(test_way),
		lab_test(test_network_of_another_arm),
		lab_test(test_pictures),
		lab_test(test_positions),
		lab_test(test_live),
		lab_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
