/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_LEDGER_TELL_H
#define CORE_STUDY_LEDGER_TELL_H

#include "core/learn/ledger.h"

struct study_run;

/* study_ledger() for each block and loss with a norm above 0; what moved before
 * any probe, or where no loss has a gradient, under `other`. */
void ledger_tell(const struct ledger *l, const char *other,
		 struct study_run *r);

/* The same of one of several objectives, "own": its losses are "own policy",
 * and the rest is "own". */
void ledger_tell_of(const struct ledger *l, const char *objective,
		    struct study_run *r);

#endif
