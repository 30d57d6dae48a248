/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_CODE_H
#define CORE_STUDY_ENV_CODE_H

enum { CODE_CONTEXTS = 8, CODE_ACTIONS = 4 };

/* Which action is right: for sources that must be told, and for scoring. */
int code_right(const void *task, int context);

#endif
