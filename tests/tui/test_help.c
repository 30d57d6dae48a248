/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "tests/tui/golden.h"
#include "tui/screen/screens.h"

static void test_help_of_help(void **state)
{
	void *self = mem_zalloc(1, screen_help.self_size);

	(void)state;
	assert_int_equal(screen_help.open(self, NULL, "help", NULL), ERR_OK);
	golden_sizes(&screen_help, self, "help");
	free(self);
}

static void test_unknown_screen(void **state)
{
	void *self = mem_zalloc(1, screen_help.self_size);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(screen_help.open(self, NULL, "halp", &e),
			 ERR_NOTFOUND);
	assert_string_equal(e.msg, "no screen is named halp");
	free(self);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help_of_help),
		cmocka_unit_test(test_unknown_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
