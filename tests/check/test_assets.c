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
#include <glob.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/rate/match.h"

/* What is shipped is read by what ships it. */

static glob_t shipped(const char *pattern)
{
	char *path = mem_printf("%s/assets/%s", getenv("top_srcdir"), pattern);
	glob_t found;

	assert_int_equal(glob(path, 0, NULL, &found), 0);
	free(path);
	return found;
}

static char *read_whole(const char *path)
{
	FILE *f = fopen(path, "r");
	static char text[1 << 16];
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	return text;
}

static void test_recipes_are_read(void **state)
{
	glob_t found = shipped("recipes/*.conf");

	(void)state;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		struct err e = ERR_INIT;
		struct recipe r;

		conf_defaults(recipe_spec, &r);
		if (conf_read(recipe_spec, &r, read_whole(path), path, &e) ||
		    recipe_check(&r, &e))
			fail_msg("%s", e.msg);
	}
	globfree(&found);
}

/* openings/GAME.txt or openings/GAME-anything.txt */
static void test_openings_are_read(void **state)
{
	glob_t found = shipped("openings/*.txt");

	(void)state;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		const char *base = strrchr(path, '/') + 1;
		char *name = mem_strdup(base);
		struct match_openings o;
		struct err e = ERR_INIT;
		struct game g;

		name[strcspn(name, "-.")] = '\0';
		if (game_init(&g, name, &e) ||
		    match_openings_read(&o, path, &g, &e))
			fail_msg("%s: %s", path, e.msg);
		assert_true(o.line_count > 0);
		match_openings_release(&o);
		free(name);
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recipes_are_read),
		cmocka_unit_test(test_openings_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
