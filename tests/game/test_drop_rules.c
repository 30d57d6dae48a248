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

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/drop_lines.h"
#include "core/game/drop_rules.h"
#include "core/game/drop_state.h"
#include "core/game/game.h"

/* The sorted lines of a game and of its mirror image. */
struct lines {
	int count;
	uint64_t here[DROP_MOST_LINES], there[DROP_MOST_LINES];
};

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void lines_of(const struct game *g, struct lines *out)
{
	out->count = drop_lines(g, out->here);
	for (int i = 0; i < out->count; i++)
		out->there[i] = drop_mirrored(g, out->here[i]);
	qsort(out->here, (size_t)out->count, sizeof(uint64_t), compare);
	qsort(out->there, (size_t)out->count, sizeof(uint64_t), compare);
}

static bool same_rule(const struct lines *a, const struct lines *b)
{
	size_t size = (size_t)a->count * sizeof(uint64_t);

	return a->count == b->count && (!memcmp(a->here, b->here, size) ||
					!memcmp(a->here, b->there, size));
}

/* Every spelling of a rule of the board: the digits of `number` in the base of
 * the columns, where they are an order. */
static bool spelled(const struct game *board, int dirs, int number,
		    struct game *out)
{
	char spec[96], letters[GAME_PARAM_SIZE], order[10] = "";
	int cols = board->cols;

	for (int i = cols - 1; i >= 0; i--, number /= cols)
		order[i] = (char)('0' + number % cols);
	drop_dirs_write(dirs, letters);
	snprintf(spec, sizeof(spec), "drop:%d,%d,%d,%s,%s", board->rows, cols,
		 board->param[DROP_LINE], letters, order);
	return !game_init(out, spec, NULL);
}

/* The list has each rule, and none twice. */
static void check_list(const char *name, int want)
{
	struct drop_rules all;
	struct lines *lines;
	struct game board, g;
	int numbers = 1;

	assert_int_equal(game_init(&board, name, NULL), ERR_OK);
	assert_int_equal(drop_rules_init(&all, &board, NULL), ERR_OK);
	assert_int_equal(all.count, want);
	lines = mem_zalloc((size_t)all.count, sizeof(*lines));
	for (int i = 0; i < all.count; i++) {
		drop_rules_game(&board, &all.rule[i], &g);
		assert_int_equal(g.param[DROP_DIRS], all.rule[i].dirs);
		assert_int_equal(g.param[DROP_ORDER], all.rule[i].order);
		lines_of(&g, &lines[i]);
		for (int k = 0; k < i; k++)
			assert_false(same_rule(&lines[k], &lines[i]));
	}
	for (int i = 0; i < board.cols; i++)
		numbers *= board.cols;
	for (int dirs = 1; dirs <= DROP_ALL; dirs++)
		for (int number = 0; number < numbers; number++) {
			struct lines l;
			int found = 0;

			if (!spelled(&board, dirs, number, &g))
				continue;
			lines_of(&g, &l);
			for (int i = 0; i < all.count; i++)
				found += same_rule(&lines[i], &l);
			assert_int_equal(found, 1);
		}
	free(lines);
	drop_rules_release(&all);
}

static void test_list_is_whole(void **state)
{
	(void)state;
	check_list("drop:4,5", 381);
	check_list("drop:4,5,4,dirs=d,order=31420", 381);
	check_list("drop:4,4,3", 89);
	check_list("drop:3,3,3", 23);
	/* No room but along the row, and there for one line. */
	check_list("drop:3,4,4", 1);
}

static void test_plain_first(void **state)
{
	struct drop_rules all;
	struct game board;

	(void)state;
	assert_int_equal(game_init(&board, "connect4", NULL), ERR_OK);
	assert_int_equal(drop_rules_init(&all, &board, NULL), ERR_OK);
	assert_int_equal(all.count, 17713);
	assert_int_equal(all.rule[0].dirs, DROP_ALL);
	assert_int_equal(all.rule[0].order, 0);
	drop_rules_release(&all);
}

/* As drop_rules_draws() counts, but other games. */
static float draws(const struct game *g)
{
	void *s = game_state_new(g, 0);
	game_move legal[9];
	struct rng r;
	int drawn = 0;

	rng_init(&r, 99, RNG_TEST, 0, 0);
	for (int i = 0; i < 2000; i++) {
		float value[2];

		g->rules->start(g, s, 0);
		while (g->rules->to_act(g, s) != GAME_OVER)
			g->rules->apply(g, s,
					game_random_move(g, s, &r, legal));
		g->rules->score(g, s, value);
		drawn += value[0] == 0;
	}
	free(s);
	return (float)drawn / 2000;
}

static void test_draws(void **state)
{
	static const char *const games[] = {"drop:4,5", "drop:4,5,dirs=r",
					    "drop:4,5,dirs=h+v,order=13024",
					    "connect4"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(games); i++) {
		struct game g;

		assert_int_equal(game_init(&g, games[i], NULL), ERR_OK);
		assert_true(drop_rules_draws(&g) == drop_rules_draws(&g));
		/* Four standard errors of the two. */
		assert_float_equal(drop_rules_draws(&g), draws(&g), 0.11);
	}
}

enum { MANY = 300 };

static void test_samples(void **state)
{
	struct drop_rules_ask ask = DROP_RULES_ASK_DEFAULT;
	struct game *a = mem_zalloc(MANY, sizeof(*a));
	struct game *b = mem_zalloc(MANY, sizeof(*b));
	struct game board;
	int differ = 0;

	(void)state;
	assert_int_equal(game_init(&board, "drop:4,5", NULL), ERR_OK);
	assert_int_equal(drop_rules_sample(&board, &ask, MANY, a, NULL),
			 ERR_OK);
	for (int i = 0; i < MANY; i++) {
		struct lines x, y;

		assert_true(strcmp(a[i].name, board.name) != 0);
		assert_true(drop_rules_draws(&a[i]) <= ask.most_draws);
		lines_of(&a[i], &x);
		for (int k = 0; k < i; k++) {
			lines_of(&a[k], &y);
			assert_false(same_rule(&x, &y));
		}
	}
	/* A shorter one of the same seed is its beginning. */
	assert_int_equal(drop_rules_sample(&board, &ask, 40, b, NULL), ERR_OK);
	for (int i = 0; i < 40; i++)
		assert_string_equal(a[i].name, b[i].name);
	ask.seed = 2;
	assert_int_equal(drop_rules_sample(&board, &ask, 40, b, NULL), ERR_OK);
	for (int i = 0; i < 40; i++)
		differ += strcmp(a[i].name, b[i].name) != 0;
	assert_true(differ > 30);
	free(a);
	free(b);
}

/* The plain rule is among them just where it may be. */
static void test_plain_rule(void **state)
{
	struct drop_rules_ask ask = {.seed = 5, .most_draws = 1};
	struct game board, some[23];

	(void)state;
	assert_int_equal(game_init(&board, "drop:3,3,3", NULL), ERR_OK);
	for (int with = 0; with < 2; with++) {
		int plain = 0, n = 22 + with;

		ask.plain = with;
		assert_int_equal(drop_rules_sample(&board, &ask, n, some, NULL),
				 ERR_OK);
		for (int i = 0; i < n; i++)
			plain += !strcmp(some[i].name, board.name);
		assert_int_equal(plain, with);
	}
}

static void refuse(const char *name, float most_draws, int n, const char *words)
{
	struct drop_rules_ask ask = DROP_RULES_ASK_DEFAULT;
	struct game *out = mem_zalloc((size_t)n, sizeof(*out)), board;
	struct err e = ERR_INIT;

	ask.most_draws = most_draws;
	assert_int_equal(game_init(&board, name, NULL), ERR_OK);
	assert_int_equal(drop_rules_sample(&board, &ask, n, out, &e),
			 ERR_USAGE);
	assert_string_equal(e.msg, words);
	free(out);
}

static void test_refusals(void **state)
{
	(void)state;
	refuse("chess", 1, 1,
	       "rules are listed for the family drop, not for chess");
	refuse("drop:6,8", 1, 1,
	       "rules are listed for boards of up to 7 columns, not 8");
	refuse("drop:3,3,3", 1, 23,
	       "drop:rows=3,cols=3,line=3 has 22 rules by which random games "
	       "are drawn in at most 100 %, and 23 were asked for");
	/* As DROP_RULES_ASK_DEFAULT says: 61 of 381, and the plain one. */
	refuse("drop:4,5", 0.75f, 381,
	       "drop:rows=4,cols=5 has 319 rules by which random games are "
	       "drawn in at most 75 %, and 381 were asked for");
	refuse("drop:4,5", 0.125f, 1,
	       "drop:rows=4,cols=5 has 0 rules by which random games are drawn "
	       "in at most 12.5 %, and 1 were asked for");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_is_whole),
		cmocka_unit_test(test_plain_first),
		cmocka_unit_test(test_draws),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_plain_rule),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
