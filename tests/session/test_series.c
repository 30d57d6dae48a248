/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/session/metric.h"
#include "core/session/series.h"
#include "tests/session/made_lab.h"

static void test_reads_and_grows(void **state)
{
	const struct series *c;
	int64_t run = made_lab_run(&made_lab, "c4");
	struct series_set h;
	bool changed;
	size_t before;

	(void)state;
	series_set_init(&h, run, "c4");
	assert_int_equal(
		series_set_update(&h, lab_store(made_lab.lab), &changed, NULL),
		ERR_OK);
	assert_true(changed);
	/* known metrics first, the band's ends not at all, others last */
	assert_string_equal(h.series[0].name, "elo");
	assert_string_equal(h.series[h.count - 1].name, "odd.figure");
	assert_null(series_set_find(&h, "elo.low"));
	c = series_set_find(&h, "elo");
	assert_int_equal(c->count, 8);
	assert_true(fabs(c->low[3] - (450 - 60)) < 1e-9);
	assert_true(fabs(c->high[7] - (1050 + 70)) < 1e-9);

	c = series_set_find(&h, "loss.policy");
	before = c->count;
	made_lab_metric(&made_lab, run, "loss.policy", 12800, 3);
	made_lab_metric(&made_lab, run, "new.figure", 12800, 4);
	assert_int_equal(
		series_set_update(&h, lab_store(made_lab.lab), &changed, NULL),
		ERR_OK);
	assert_true(changed);
	c = series_set_find(&h, "loss.policy");
	assert_int_equal(c->count, before + 1);
	assert_true(c->value[before] == 3);
	assert_true(c->x[SERIES_TIME][before] == 1280);
	assert_non_null(series_set_find(&h, "new.figure"));

	/* a value may be replaced at the step it stands at */
	made_lab_metric(&made_lab, run, "loss.policy", 12800, 5);
	assert_int_equal(
		series_set_update(&h, lab_store(made_lab.lab), &changed, NULL),
		ERR_OK);
	c = series_set_find(&h, "loss.policy");
	assert_int_equal(c->count, before + 1);
	assert_true(c->value[before] == 5);

	series_set_smooth(&h, 0);
	assert_true(c->smooth[before] == 5);
	series_set_smooth(&h, 0.9);
	assert_true(c->smooth[before] < 4);
	series_set_release(&h);
}

static void test_metrics(void **state)
{
	(void)state;
	assert_string_equal(metric_title("kl"), "KL search | prior");
	assert_string_equal(metric_title("odd.figure"), "odd.figure");
	assert_true(metric_find("elo")->whole);
	assert_true(metric_find("elo")->steady);
	assert_false(metric_find("odd.figure")->steady);
	/* known ones as pages show them, the others after them by name */
	assert_true(metric_compare("elo", "kl") < 0);
	assert_true(metric_compare("a.figure", "time.training") > 0);
	assert_true(metric_compare("a.figure", "b.figure") < 0);
	assert_int_equal(metric_compare("kl", "kl"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_metrics),
		cmocka_unit_test_setup_teardown(test_reads_and_grows,
						made_lab_set_up,
						made_lab_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
