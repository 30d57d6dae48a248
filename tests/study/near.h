/* SPDX-License-Identifier: MIT */
#ifndef TESTS_STUDY_NEAR_H
#define TESTS_STUDY_NEAR_H

#include <math.h>

/* Figures that may differ by `most`; says both where they do not hold. */
#define assert_near(a, b, most)                                       \
	do {                                                          \
		double is = (double)(a), wanted = (double)(b);        \
		if (!(fabs(is - wanted) <= (double)(most)))           \
			fail_msg("%s is %g, not %g", #a, is, wanted); \
	} while (0)

#endif
