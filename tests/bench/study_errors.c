/* SPDX-License-Identifier: MIT */
/*
 * Simulated studies of known truth: how often the verdict is wrong, and how
 * often 95 % intervals hold the truth.
 *
 *	make -C build tests/bench/study_errors
 *	build/tests/bench/study_errors [STUDIES [TRUTH]]
 *
 * STUDIES of each row, 2,000 if it is not said, of all truths or of one, by
 * its number from 1.  The rows are of 12 and 24 seeds, whose strengths differ
 * by 40 and 80 Elo, with 1,000 games a match, two arms and four controls, in a
 * teacher's 280 Elo.  "little": the first arm's interval ends below a quarter.
 * Prints a table; judges nothing.  One thread.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/study/claim.h"
#include "tests/study/simulated.h"

static const struct {
	const char *what;
	double arm, control, last;
	int arms;
} truths[] = {
	{"nothing: all are 0", 0, 0, 0, 2},
	{"a little: 0.1, controls 0", 0.1, 0, 0, 2},
	{"at the edge: 0.5, controls 0", 0.5, 0, 0, 2},
	{"at the edge, one arm", 0.5, 0, 0, 1},
	{"one arm and a control alike: 0.7", 0.7, 0, 0.7, 1},
	{"much: 0.7, controls 0", 0.7, 0, 0, 2},
};

int main(int argc, char **argv)
{
	static const int seeds[] = {12, 24};
	static const double sds[] = {40, 80};
	int count = argc > 1 ? atoi(argv[1]) : 2000;
	int only = argc > 2 ? atoi(argv[2]) : 0;

	if (count < 1)
		return 2;
	for (size_t k = 0; k < sizeof(truths) / sizeof(*truths); k++) {
		if (only && only != (int)k + 1)
			continue;
		printf("%s\n", truths[k].what);
		printf("%5s %4s %9s %8s %7s %7s %6s %6s %6s %6s %6s %8s %8s\n",
		       "seeds", "SD", "supported", "without", "partial",
		       "refuted", "open", "little", "t", "BCa", "both",
		       "width t", "width B");
		for (int i = 0; i < 4; i++) {
			struct simulated s = {.seeds = seeds[i / 2],
					      .pairs = 500,
					      .sd = sds[i % 2],
					      .top = 280,
					      .top_sd = 40,
					      .arms = truths[k].arms,
					      .controls = 4,
					      .arm = truths[k].arm,
					      .control = truths[k].control,
					      .last_control = truths[k].last,
					      .draws = 2000};
			struct simulated_sum sum;
			double share = 100.0 / count;

			simulated_run(&s, 1 + 1000000 * (uint64_t)(k + 1),
				      count, &sum);
			printf("%5d %4g %8.2f%% %7.2f%% %6.1f%% %6.1f%% "
			       "%5.1f%% %5.1f%% %5.1f%% %5.1f%% %5.1f%% %8.3f "
			       "%8.3f\n",
			       s.seeds, s.sd,
			       share * sum.badges[STUDY_SUPPORTED],
			       share * sum.badges[STUDY_WITHOUT_LEARNER],
			       share * sum.badges[STUDY_PARTIAL],
			       share * sum.badges[STUDY_REFUTED],
			       share * sum.badges[STUDY_UNINTERPRETABLE],
			       share * sum.below_little, share * sum.covered_t,
			       share * sum.covered_bca,
			       share * sum.covered_both, sum.width_t,
			       sum.width_bca);
			fflush(stdout);
		}
	}
	return 0;
}
