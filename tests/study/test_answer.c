/* SPDX-License-Identifier: MIT */
/* The systems of the debate, and which estimates answer which question. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/study/answer.h"
#include "core/study/study.h"

/* Nineteen, each with a study of its own; every study but the form to copy is
 * one of theirs. */
static void test_systems(void **state)
{
	int n = 0;

	(void)state;
	for (const struct study_system *s = study_systems; s->number;
	     s++, n++) {
		assert_int_equal(s->number, n + 1);
		assert_ptr_equal(study_system_of(s->study), s);
	}
	assert_int_equal(n, 19);
	for (const struct study *const *s = study_table; *s; s++)
		if (strcmp((*s)->name, "bandit") != 0 &&
		    !study_system_of((*s)->name))
			fail_msg("%s is no system of the debate", (*s)->name);
}

/* What answers is of an arm that the study has. */
static void test_arms_are_there(void **state)
{
	int lines = 0;

	(void)state;
	for (const struct study *const *s = study_table; *s; s++)
		for (const struct study_answer *a = (*s)->answers; a && a->arm;
		     a++, lines++) {
			assert_true(a->question < STUDY_QUESTIONS);
			assert_true(isfinite(a->bound));
			if (strcmp(a->arm, "*") != 0 &&
			    !study_arm_find(*s, a->arm))
				fail_msg("%s has no arm %s", (*s)->name,
					 a->arm);
		}
	assert_true(lines > 6);
}

static void test_replies(void **state)
{
	const struct study_answer answers[] = {
		{"a", STUDY_NOW, "close", -60},
		{"*", STUDY_GROWS, "gamma/*, late", 0.5},
		{.arm = NULL},
	};
	struct study s = {.name = "made", .answers = answers};
	struct buf name;
	double bound;

	(void)state;
	buf_init(&name);
	assert_true(study_asked(&s, "b", STUDY_GROWS, &name, &bound));
	assert_string_equal(name.data, "gamma/b, late");
	assert_true(bound == 0.5);
	buf_clear(&name);
	assert_false(study_asked(&s, "b", STUDY_NOW, &name, &bound));
	assert_true(study_asked(&s, "a", STUDY_NOW, &name, &bound));
	assert_string_equal(name.data, "close");
	assert_false(study_asked(&s, "a", STUDY_ELSEWHERE, &name, &bound));
	assert_int_equal(study_reply(0.5, 0.5), STUDY_YES);
	assert_int_equal(study_reply(0.49, 0.5), STUDY_NO);
	assert_int_equal(study_reply((double)NAN, 0.5), STUDY_NOT_ASKED);
	buf_release(&name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_systems),
		cmocka_unit_test(test_arms_are_there),
		cmocka_unit_test(test_replies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
