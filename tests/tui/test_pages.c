/* SPDX-License-Identifier: MIT */
/* The screen that steps through what a run wrote. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "tests/session/made_pages.h"
#include "tests/tui/golden.h"
#include "tests/tui/lab_fixture.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

static struct lab_fixture lab;
static void *screen;

static int set_up(void **state)
{
	(void)state;
	lab_fixture_open(&lab);
	made_pages(lab_store(lab.lab));
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
	lab_fixture_press(&screen_pages, screen, name);
}

static void picture(const char *name)
{
	golden_screen(&screen_pages, screen, 24, 80, false, name);
}

static void test_steps(void **state)
{
	(void)state;
	screen = lab_fixture_screen(&lab, &screen_pages, "s4");
	golden_sizes(&screen_pages, screen, "pages");
	/* A board that is half written, then a value that was learned. */
	for (int i = 0; i < 16; i++)
		press("next");
	picture("pages-cell");
	for (int i = 0; i < 5; i++)
		press("next");
	picture("pages-worth");
	/* A move, and the board after it, turned. */
	press("next-board");
	for (int i = 0; i < 20; i++)
		press("next");
	picture("pages-after");
	press("last");
	picture("pages-last");
	press("next");
	picture("pages-last");
	press("first");
	picture("pages-80x24");
	press("before");
	picture("pages-80x24");
	press("page-before");
	picture("pages-before");
	press("next-page");
	picture("pages-80x24");
	lab_fixture_drop(&screen_pages, screen);
}

static void test_none(void **state)
{
	(void)state;
	screen = lab_fixture_screen(&lab, &screen_pages, "s4-begun");
	picture("pages-none");
	press("next");
	press("next-board");
	press("last");
	press("next-page");
	picture("pages-none");
	lab_fixture_drop(&screen_pages, screen);
}

static void test_refusals(void **state)
{
	static const struct {
		const char *arg;
		enum err_code rc;
		const char *says;
	} wrong[] = {
		{"", ERR_USAGE, "name a run"},
		{"c4", ERR_USAGE, "writes no pages"},
		{"nobody", ERR_NOTFOUND, "nobody"},
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct err e = ERR_INIT;
		void *self = calloc(1, screen_pages.self_size);

		assert_int_equal(
			screen_pages.open(self, &lab.app, wrong[i].arg, &e),
			wrong[i].rc);
		assert_non_null(strstr(e.msg, wrong[i].says));
		lab_fixture_drop(&screen_pages, self);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
