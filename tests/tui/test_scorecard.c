/* SPDX-License-Identifier: MIT */
/* The scorecard: which plan of a study counts, and its screen. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/lab/scorecard.h"
#include "core/study/answer.h"
#include "store/store.h"
#include "store/study.h"
#include "store/trial.h"
#include "tests/tui/golden.h"
#include "tests/tui/lab_fixture.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

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

struct made {
	const char *name, *kind, *size, *more, *verdict;
	double random; /* the low end of this arm's interval */
};

/* A plan of the study `tabula`, planned at its place in the list. */
static void make(const struct made *m, int64_t at)
{
	struct store *s = lab_store(lab.lab);
	char plan[120];
	struct store_study x = {
		.name = m->name,
		.kind = m->kind,
		.size = m->size,
		.question = "?",
		.metric = "Elo",
		.thresholds = "60",
		.frozen = "",
		.plan = plan,
		.planned_ms = 1700000000000 + at,
	};
	const char *const arms[] = {"selfplay", "random"};
	const char *const roles[] = {"teacher", "arm"};
	const double low[] = {640, m->random};
	int64_t id;

	snprintf(plan, sizeof(plan), "study: %s\nsize: %s\n%s", m->kind,
		 m->size, m->more);
	assert_int_equal(store_study_plan(s, &x, &id), STORE_OK);
	for (int i = 0; i < 2; i++) {
		struct store_arm a = {.study_id = id,
				      .name = arms[i],
				      .role = roles[i],
				      .flops_per_move = (double)NAN,
				      .status = "done"};
		struct store_estimate e = {
			.name = arms[i],
			.what = "Elo above fresh networks, mean over seeds",
			.value = low[i] + 20,
			.low = low[i],
			.high = low[i] + 40,
			.n = 6};
		int64_t arm;

		assert_int_equal(store_arm_add(s, &a, &arm), STORE_OK);
		assert_int_equal(store_estimate_set(s, id, i, &e), STORE_OK);
	}
	if (m->verdict)
		assert_int_equal(
			store_study_decide(s, id, m->verdict,
					   "it comes to nothing",
					   1700000000000 + at * 86400000),
			STORE_OK);
}

static const struct score_row *line_of(const struct scorecard *c,
				       const char *study, const char *arm)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->rows[i].study, study) &&
		    (arm ? c->rows[i].arm && !strcmp(c->rows[i].arm, arm)
			 : !c->rows[i].arm))
			return &c->rows[i];
	fail_msg("no line of %s", study);
	return NULL;
}

static void read_card(struct scorecard *c, struct store_bag *bag)
{
	struct err e = ERR_INIT;

	store_bag_release(bag);
	if (scorecard_read(c, lab_store(lab.lab), bag, &e))
		fail_msg("%s", e.msg);
}

#define TEST_SEEDS "test seeds: 1, 2\n"

/* What judged on seeds that judge counts, whole, and of those the newest. */
static void test_which_plan_counts(void **state)
{
	static const struct made plans[] = {
		{"a", "tabula", "smoke", TEST_SEEDS, NULL, 0},
		{"b", "tabula", "smoke", TEST_SEEDS, "not evidence", 0},
		{"c", "tabula", "desk", TEST_SEEDS "rungs: p3\n", "partial", 0},
		{"d", "tabula", "desk", TEST_SEEDS, "supported", 0},
		{"e", "tabula", "desk", "development seeds: 1\n", "partial", 0},
		{"f", "tabula", "desk", TEST_SEEDS, NULL, 0},
		{"g", "tabula", "overnight", TEST_SEEDS, "partial", 0},
	};
	static const char *const counts[] = {"a", "b", "c", "d", "d", "d", "g"};
	struct store_bag bag = {0};
	struct scorecard c;

	(void)state;
	read_card(&c, &bag);
	assert_int_equal(c.count, 19);
	assert_string_equal(line_of(&c, "tabula", NULL)->state, "not run");
	for (int i = 0; i < 7; i++) {
		const struct score_row *x;

		make(&plans[i], i);
		read_card(&c, &bag);
		x = line_of(&c, "tabula", NULL);
		assert_string_equal(x->name, counts[i]);
		assert_int_equal(x->system, 14);
		assert_string_equal(x->state,
				    x->verdict ? x->verdict : "not judged");
		assert_int_equal(c.count, 21);
	}
	store_bag_release(&bag);
}

static void test_answers(void **state)
{
	const struct made plan = {"tabula/desk", "tabula",    "desk",
				  TEST_SEEDS,    "supported", -62};
	struct store_bag bag = {0};
	const struct score_cell *x;
	struct scorecard c;
	struct buf text;

	(void)state;
	make(&plan, 3);
	read_card(&c, &bag);
	x = &line_of(&c, "tabula", "selfplay")->cells[STUDY_GROWS];
	assert_string_equal(x->reply, "yes");
	assert_true(x->value == 660 && x->low == 640 && x->bound == 60);
	x = &line_of(&c, "tabula", "random")->cells[STUDY_GROWS];
	assert_string_equal(x->reply, "no");
	buf_init(&text);
	score_cell_text(x, 0, &text);
	assert_string_equal(text.data, "no -42 [-62, -22]");
	buf_clear(&text);
	score_cell_text(x, 9, &text);
	assert_string_equal(text.data, "no -42");
	buf_clear(&text);
	score_cell_text(x, 4, &text);
	assert_string_equal(text.data, "no");
	x = &line_of(&c, "tabula", "random")->cells[STUDY_ELSEWHERE];
	assert_string_equal(x->reply, "not asked");
	assert_null(x->estimate);
	buf_release(&text);
	store_bag_release(&bag);
}

static void test_screen(void **state)
{
	const struct made plan = {"tabula/desk", "tabula",    "desk",
				  TEST_SEEDS,    "supported", -62};
	void *page;

	(void)state;
	make(&plan, 3);
	page = lab_fixture_screen(&lab, &screen_scorecard, "");
	for (int i = 0; i < 13; i++)
		lab_fixture_press(&screen_scorecard, page, "next-system");
	golden_sizes(&screen_scorecard, page, "scorecard");
	lab_fixture_press(&screen_scorecard, page, "down");
	golden_sizes(&screen_scorecard, page, "scorecard-arm");
	lab_fixture_press(&screen_scorecard, page, "system-before");
	golden_screen(&screen_scorecard, page, 24, 80, false, "scorecard-back");
	lab_fixture_drop(&screen_scorecard, page);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_which_plan_counts),
		lab_test(test_answers),
		lab_test(test_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
