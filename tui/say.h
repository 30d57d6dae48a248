/* SPDX-License-Identifier: MIT */
#ifndef TUI_SAY_H
#define TUI_SAY_H

#include "core/base/attr.h"

/* "plyscope: sentence" on stderr, where no command is named yet or none is run.
 * What was typed or read is quoted in it: nothing of it steers a terminal. */
void say_sentence(const char *fmt, ...) ATTR_PRINTF(1, 2);

#endif
