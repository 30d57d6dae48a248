/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"

void say_arguments(const char *command, const char *fmt, va_list ap)
{
	char said[2048];
	struct buf safe;

	vsnprintf(said, sizeof(said), fmt, ap);
	buf_init(&safe);
	text_safe(said, strlen(said), &safe);
	fprintf(stderr, "plyscope%s%s: %s\n", command ? " " : "",
		command ? command : "", safe.data);
	buf_release(&safe);
}

void say_sentence(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_arguments(NULL, fmt, ap);
	va_end(ap);
}
