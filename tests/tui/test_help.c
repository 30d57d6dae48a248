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

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
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

/* What is looked for stands somewhere in the text, cut at blanks or not. */
static bool has_words(const char *text, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " ");
		char word[128];

		snprintf(word, sizeof(word), "%.*s", (int)len, words);
		if (!strstr(text, word))
			return false;
		words += len + strspn(words + len, " ");
	}
	return true;
}

/* No line of help is cut at 80 columns, on any screen. */
static void test_nothing_is_cut(void **state)
{
	(void)state;
	for (const struct screen *const *s = screen_table; *s; s++) {
		void *self = mem_zalloc(1, screen_help.self_size);
		struct key_found f = {NULL};
		struct canvas c;
		struct buf text;

		assert_int_equal(screen_help.open(self, NULL, (*s)->name, NULL),
				 ERR_OK);
		canvas_init(&c, 200, 80);
		screen_help.draw(self, &c);
		buf_init(&text);
		canvas_dump(&c, false, &text);
		assert_true(has_words(text.data, (*s)->help));
		while (keys_each((*s)->keys, &f))
			if (!has_words(text.data, f.binding->help))
				fail_msg("%s: %s", (*s)->name, f.binding->help);
		buf_release(&text);
		canvas_release(&c);
		free(self);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_help_of_help),
		cmocka_unit_test(test_unknown_screen),
		cmocka_unit_test(test_nothing_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
