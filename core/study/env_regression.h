/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_REGRESSION_H
#define CORE_STUDY_ENV_REGRESSION_H

#include <stdint.h>

enum { REGRESSION_INPUTS = 8, REGRESSION_LEVELS = 31 };

/* Input i of a look: plus or minus 1/sqrt(8), so that inputs have length 1. */
float regression_input(const uint8_t *look, int i);
/* Answers and predictions are told to the nearest of 31 levels in -3 .. 3. */
int regression_level(float y);
float regression_value(int level);

#endif
