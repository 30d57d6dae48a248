/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_FILTER_H
#define CORE_STUDY_CLAIM_FILTER_H

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"

struct claim_run;

/*
 * Histories in which the learner improved most, of the c->train whole lives:
 * kept[train], the share `filter_share` of them and one at least.  How much a
 * life improved is how much its last network before the cut is above its first,
 * in direct matches, as measure "improved" at the life's seed.  No game past a
 * cut is looked at.
 *
 * In the manner of the filtering of learning histories by improvement
 * (arXiv:2505.15143), which draws them by weight; here they are few enough to
 * be taken or left.
 */
ATTR_NODISCARD enum err_code claim_filter(const struct claim_run *x, bool *kept,
					  struct err *e);

/* The `keep` largest of gain[n]; the earlier of equal ones. */
void claim_filter_best(const double *gain, int n, int keep, bool *kept);

#endif
