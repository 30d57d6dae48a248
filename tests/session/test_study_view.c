/* SPDX-License-Identifier: MIT */
/* What a study's page shows, brought together from its rows. */
#include "config.h"

#include "core/session/study_view.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/store.h"
#include "store/study.h"
#include "tests/session/made_lab.h"
#include "tests/session/made_study.h"

static int set_up(void **state)
{
	int rc = made_lab_set_up(state);

	made_study(lab_store(made_lab.lab));
	return rc;
}

static const struct study_panel *panel(const struct study_view *v,
				       const char *name)
{
	for (int i = 0; i < v->panel_count; i++)
		if (!strcmp(v->panels[i].name, name))
			return &v->panels[i];
	fail_msg("no panel %s", name);
	return NULL;
}

static void test_curves(void **state)
{
	struct study_view v = {0};
	struct err e = ERR_INIT;
	const struct study_panel *p;
	const struct study_line *l;

	(void)state;
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "rooms/desk", &e),
		ERR_OK);
	assert_int_equal(v.group_count, 3);
	assert_int_equal(v.panel_count, 16);
	/* Parts by number: 2 before 10. */
	assert_string_equal(v.groups[2].name, "task");
	assert_int_equal(v.groups[2].count, 14);
	assert_string_equal(v.panels[v.groups[2].first + 1].part, "2");
	assert_string_equal(v.panels[v.groups[2].first + 9].part, "10");

	p = panel(&v, "score");
	assert_int_equal(p->line_count, 3);
	l = &p->lines[2];
	assert_int_equal(l->arm, 2);
	assert_int_equal(l->count, 20);
	/* Seeds 0.17, 0.2, 0.23: mean 0.2, s 0.03, t of 2 degrees 4.3027. */
	assert_true(fabs(l->y[7] - 0.2) < 1e-12);
	assert_true(fabs(l->high[7] - (0.2 + 4.30265 * 0.03 / sqrt(3))) < 1e-5);
	assert_int_equal(l->seeds[7], 3);
	/* The teacher has no gap to itself. */
	p = panel(&v, "gap");
	assert_int_equal(p->line_count, 2);
	assert_int_equal(p->lines[0].arm, 1);
	assert_int_equal(p->longest, 1);
	study_view_release(&v);
}

static void test_costs(void **state)
{
	struct study_view v = {0};
	struct err e = ERR_INIT;
	const struct study_cost *c;

	(void)state;
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "rooms/desk", &e),
		ERR_OK);
	c = &v.costs[1];
	assert_int_equal(c->trials, 3);
	assert_int_equal(c->done, 3);
	assert_int_equal(c->held, 3);
	assert_int_equal(c->changed, 0);
	assert_int_equal(c->scored, 3600);
	assert_int_equal(c->trained_on, 3);
	assert_true(fabs(c->seconds - 3 * 51.5) < 1e-9);
	assert_string_equal(c->run, "c4");
	assert_int_equal(c->moved_count, 1);
	assert_true(fabs(c->moved[0].norm - 3.25) < 1e-12);
	assert_int_equal(c->kept_count, 1);
	assert_int_equal(v.seeds, 3);
	assert_int_equal(v.all.done, 9);
	assert_int_equal(v.all.held, 6);
	assert_string_equal(v.processors, "AVX-512, Haswell BLAS");
	study_view_release(&v);
}

/* Of one seed, the interval is that of the measure. */
static void test_begun(void **state)
{
	struct study_view v = {0};
	struct err e = ERR_INIT;
	const struct study_panel *p;

	(void)state;
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "rooms/smoke", &e),
		ERR_OK);
	assert_null(v.study.verdict);
	assert_int_equal(v.all.done, 1);
	assert_int_equal(v.all.failed, 1);
	assert_string_equal(v.all.message, "the disk is full");
	p = panel(&v, "score");
	assert_int_equal(p->line_count, 1);
	assert_true(fabs(p->lines[0].high[3] - p->lines[0].y[3] - 0.1) < 1e-12);
	assert_int_equal(
		study_view_read(&v, lab_store(made_lab.lab), "none", &e),
		ERR_NOTFOUND);
	assert_int_equal(v.arm_count, 0);
	study_view_release(&v);
}

static void test_states(void **state)
{
	struct store *s = lab_store(made_lab.lab);
	struct store_study_state *rows;
	struct store_bag bag = {0};
	size_t count;

	(void)state;
	assert_int_equal(store_study_states(s, &bag, &rows, &count), STORE_OK);
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].study.name, "rooms/smoke");
	assert_int_equal(rows[0].trials, 6);
	assert_int_equal(rows[0].done, 1);
	assert_int_equal(rows[0].failed, 1);
	assert_int_equal(rows[0].gates, 2);
	assert_int_equal(rows[0].judged, 0);
	assert_int_equal(rows[1].arms, 3);
	assert_int_equal(rows[1].done, 9);
	assert_int_equal(rows[1].judged, 2);
	assert_int_equal(rows[1].passed, 1);
	store_bag_release(&bag);
}

#define lab_test(f) \
	cmocka_unit_test_setup_teardown(f, set_up, made_lab_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_curves),
		lab_test(test_costs),
		lab_test(test_begun),
		lab_test(test_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
