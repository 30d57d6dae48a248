/* SPDX-License-Identifier: MIT */
#ifndef TUI_SAY_H
#define TUI_SAY_H

#include <stdarg.h>

#include "core/base/attr.h"

/* "plyscope: sentence" on stderr, where no command is named yet or none is run.
 * What was typed or read is quoted in it: nothing of it steers a terminal. */
void say_sentence(const char *fmt, ...) ATTR_PRINTF(1, 2);
/* The same of a command, "plyscope NAME: sentence"; NULL: of none. */
void say_arguments(const char *command, const char *fmt, va_list ap)
	ATTR_PRINTF(2, 0);

#endif
