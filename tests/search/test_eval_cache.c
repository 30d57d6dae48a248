/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/search/eval_cache.h"

enum { INPUTS = 9, MOVES = 5, QUESTIONS = 5000 };

static const game_move legal[] = {1, 3, 4};

/* Question i: an input that counts in binary, some of it behind pairs. */
static struct eval_key key_of(int i)
{
	float x[INPUTS] = {0};

	for (int k = 0; k < INPUTS; k++)
		x[k] = (float)(i >> 2 * k & 3);
	return eval_cache_key(x, INPUTS, legal, ARRAY_LEN(legal));
}

static void fill(struct eval_cache *c, int64_t number, int i)
{
	float policy[MOVES], wdl[3] = {(float)i, (float)i + 1, (float)i + 2};

	for (int m = 0; m < MOVES; m++)
		policy[m] = (float)(10 * i + m);
	eval_cache_fill(c, number, policy, wdl);
}

static void check(const struct eval_cache *c, int i)
{
	struct eval_answer a;

	assert_true(eval_cache_find(c, key_of(i), &a));
	assert_int_equal(a.row, -1);
	assert_int_equal(a.count, ARRAY_LEN(legal));
	for (int k = 0; k < a.count; k++) {
		assert_int_equal(a.move[k], legal[k]);
		assert_true(a.logit[k] == (float)(10 * i + legal[k]));
	}
	for (int k = 0; k < 3; k++)
		assert_true(a.wdl[k] == (float)(i + k));
}

static void test_answers_come_back(void **state)
{
	struct eval_cache *c = eval_cache_new(1 << 20);
	struct eval_answer a;

	(void)state;
	assert_false(eval_cache_find(c, key_of(0), &a));
	for (int i = 0; i < QUESTIONS; i++) {
		int64_t number;

		assert_false(eval_cache_find(c, key_of(i), &a));
		number = eval_cache_add(c, key_of(i), i % 7, legal,
					ARRAY_LEN(legal));
		assert_true(number >= 0);
		/* Asked and not answered yet. */
		assert_true(eval_cache_find(c, key_of(i), &a));
		assert_int_equal(a.row, i % 7);
		fill(c, number, i);
	}
	for (int i = 0; i < QUESTIONS; i++)
		check(c, i);
	eval_cache_clear(c);
	for (int i = 0; i < QUESTIONS; i++)
		assert_false(eval_cache_find(c, key_of(i), &a));
	fill(c, eval_cache_add(c, key_of(3), 0, legal, ARRAY_LEN(legal)), 3);
	check(c, 3);
	eval_cache_free(c);
}

/* What is in stays, and what comes later does not get in. */
static void test_full_cache_keeps_what_it_has(void **state)
{
	struct eval_cache *c = eval_cache_new(64 << 10);
	struct eval_answer a;
	int kept = 0;

	(void)state;
	for (int i = 0; i < QUESTIONS; i++) {
		int64_t number = eval_cache_add(c, key_of(i), 0, legal,
						ARRAY_LEN(legal));

		if (number < 0)
			continue;
		assert_int_equal(kept, i);
		fill(c, number, i);
		kept++;
	}
	assert_true(kept > 100 && kept < (64 << 10) / 48);
	for (int i = 0; i < kept; i++)
		check(c, i);
	for (int i = kept; i < QUESTIONS; i++)
		assert_false(eval_cache_find(c, key_of(i), &a));
	eval_cache_free(c);

	c = eval_cache_new(0);
	assert_true(eval_cache_add(c, key_of(0), 0, legal, 1) < 0);
	assert_false(eval_cache_find(c, key_of(0), &a));
	eval_cache_free(c);
	eval_cache_free(NULL);
}

static bool same(struct eval_key a, struct eval_key b)
{
	/* Either half tells these apart: none leans on the other. */
	assert_int_equal(a.a == b.a, a.b == b.b);
	return a.a == b.a && a.b == b.b;
}

/* One input or one legal move more, less or elsewhere is another question. */
static void test_every_part_of_a_question_counts(void **state)
{
	static const game_move other[] = {1, 3, 5}, more[] = {1, 3, 4, 5};
	float x[2 * INPUTS] = {0}, y[2 * INPUTS] = {0};

	(void)state;
	for (int n = 1; n <= 2 * INPUTS; n++)
		for (int i = 0; i < n; i++) {
			struct eval_key k =
				eval_cache_key(x, (size_t)n, legal, 3);

			y[i] = 1;
			assert_false(same(
				k, eval_cache_key(y, (size_t)n, legal, 3)));
			for (int j = 0; j < i; j++) {
				float z[2 * INPUTS] = {0};

				z[j] = 1;
				assert_false(same(
					eval_cache_key(y, (size_t)n, legal, 3),
					eval_cache_key(z, (size_t)n, legal,
						       3)));
			}
			y[i] = 0;
			assert_true(same(
				k, eval_cache_key(y, (size_t)n, legal, 3)));
			assert_false(same(
				k, eval_cache_key(x, (size_t)n, other, 3)));
			assert_false(same(
				k, eval_cache_key(x, (size_t)n, legal, 2)));
			assert_false(
				same(k, eval_cache_key(x, (size_t)n, more, 4)));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers_come_back),
		cmocka_unit_test(test_full_cache_keeps_what_it_has),
		cmocka_unit_test(test_every_part_of_a_question_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
