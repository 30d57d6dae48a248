/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"

void say_sentence(const char *fmt, ...)
{
	char said[2048];
	struct buf safe;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	buf_init(&safe);
	text_safe(said, strlen(said), &safe);
	fprintf(stderr, "plyscope: %s\n", safe.data);
	buf_release(&safe);
}
