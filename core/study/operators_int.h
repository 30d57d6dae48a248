/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_OPERATORS_INT_H
#define CORE_STUDY_OPERATORS_INT_H

#include "core/study/study.h"

/* The study `operators`, shared by its files alone. */

/* Elo above a fresh network, and above who learned from wide searches with as
 * much work; x is the work in units of 10^12 operations. */
#define OPERATORS_FRESH "elo.fresh"
#define OPERATORS_ELO "elo"

/* Shares of the whole work at which networks are looked at. */
enum { OPERATORS_LOOKS = 6 };
extern const double operators_shares[OPERATORS_LOOKS];

void operators_judge(const struct study_measures *m,
		     struct study_judgement *out);

#endif
