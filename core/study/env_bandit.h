/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_BANDIT_H
#define CORE_STUDY_ENV_BANDIT_H

enum { BANDIT_ARMS = 5 };

/* Which arm pays most: for who must be told. */
int bandit_best_arm(const void *task);

#endif
