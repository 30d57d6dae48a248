/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_ENV_RULES_H
#define CORE_STUDY_ENV_RULES_H

#include <stdint.h>

enum { RULES_CELLS = 9, RULES_LINES = 9, RULES_WINNING = 4 };
enum { RULES_GOES_ON, RULES_LOST, RULES_DRAWN, RULES_WON, RULES_REWARDS };

/* Cells of each line that may win, as bits; which do is the task. */
extern const uint16_t rules_line[RULES_LINES];

/* A look as the cells of both sides. */
void rules_board(const uint8_t *look, int *own, int *their);

#endif
