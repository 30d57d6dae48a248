/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/format/gtp.h"
#include "tui/cmd/gtp_int.h"

/* Clocks of the GTP server, where nobody says what is left. */

typedef const char *command(struct gtp_server *v, const struct gtp_line *l,
			    struct buf *out);

static struct gtp_server told(command *run, const char *text)
{
	struct gtp_server v;
	struct gtp_line l;

	memset(&v, 0, sizeof(v));
	gtp_parse(text, &l);
	assert_null(run(&v, &l, NULL));
	return v;
}

static double share(const struct gtp_server *v, int player)
{
	return gtp_time_deadline(v, player) - clock_seconds();
}

static void near(double a, double b)
{
	assert_true(fabs(a - b) < 0.02);
}

/* 60 seconds for the game: a hundred moves do not exceed it. */
static void absolute(void **state)
{
	struct gtp_server v = told(gtp_time_settings, "time_settings 60 0 0");
	double used = 0;

	(void)state;
	near(share(&v, 0), 2);
	for (int i = 0; i < 100; i++) {
		double s = share(&v, 0);

		used += s;
		gtp_time_spend(&v, 0, s);
	}
	assert_true(used < 60.1);
	assert_true(v.left[0] < 3);
	/* The other's has not run. */
	near(share(&v, 1), 2);
}

/* 10 seconds, then 5 moves in 20 seconds, again and again. */
static void canadian(void **state)
{
	struct gtp_server v = told(gtp_time_settings, "time_settings 10 20 5");

	(void)state;
	gtp_time_spend(&v, 1, 11);
	near(share(&v, 1), 4);
	for (int i = 0; i < 4; i++)
		gtp_time_spend(&v, 1, 1);
	near(share(&v, 1), 15.9);
	gtp_time_spend(&v, 1, 1);
	near(share(&v, 1), 4);
}

static void byoyomi(void **state)
{
	struct gtp_server v =
		told(gtp_time_kinds, "kgs-time_settings byoyomi 0 10 3");

	(void)state;
	for (int i = 0; i < 3; i++) {
		near(share(&v, 0), 9.9);
		gtp_time_spend(&v, 0, 9);
	}
}

static void fischer(void **state)
{
	struct gtp_server v =
		told(gtp_time_kinds, "kata-time_settings fischer 30 4");

	(void)state;
	near(share(&v, 0), 4);
	gtp_time_spend(&v, 0, 10);
	near(v.left[0], 24);
}

/* What the front end says counts; a limit of one move holds besides. */
static void said(void **state)
{
	struct gtp_server v = told(gtp_time_settings, "time_settings 60 0 0");
	struct gtp_line l;

	(void)state;
	gtp_parse("time_left b 15 0", &l);
	assert_null(gtp_time_left(&v, &l, NULL));
	near(share(&v, 0), 0.5);
	v.max_time = 0.25;
	near(share(&v, 0), 0.25);
	near(share(&v, 1), 0.25);
	gtp_parse("kgs-time_settings none", &l);
	assert_null(gtp_time_kinds(&v, &l, NULL));
	v.max_time = 0;
	assert_true(gtp_time_deadline(&v, 0) <= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absolute), cmocka_unit_test(canadian),
		cmocka_unit_test(byoyomi),  cmocka_unit_test(fischer),
		cmocka_unit_test(said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
