/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Are there as many bytes as the first one of a UTF-8 character says? */
static bool is_whole(const unsigned char *c, size_t len)
{
	return len == (*c < 0x80 ? 1u : *c < 0xe0 ? 2u : *c < 0xf0 ? 3u : 4u);
}

/*
 * What a person or a file wrote is quoted in messages: control characters would
 * break the line or speak to the terminal, and a cut may split a character.
 */
static void make_showable(char *text, size_t size)
{
	size_t n = strlen(text), last;

	for (char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
	if (n + 1 < size)
		return;
	last = n;
	while (last && ((unsigned char)text[last - 1] & 0xc0) == 0x80)
		last--;
	if (last &&
	    !is_whole((const unsigned char *)text + last - 1, n - last + 1))
		text[last - 1] = '\0';
}

enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return code;
	e->code = code;
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	make_showable(e->msg, sizeof(e->msg));
	return code;
}

void err_prefix(struct err *e, const char *fmt, ...)
{
	char old[sizeof(e->msg)];
	va_list ap;
	size_t n;

	if (!e)
		return;
	memcpy(old, e->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
	va_end(ap);
	n = strlen(e->msg);
	snprintf(e->msg + n, sizeof(e->msg) - n, ": %s", old);
	make_showable(e->msg, sizeof(e->msg));
}

enum err_code err_of_stored(struct err *e, enum err_code code)
{
	if (code != ERR_USAGE)
		return code;
	if (e)
		e->code = ERR_FORMAT;
	return ERR_FORMAT;
}
