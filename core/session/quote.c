/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/quote.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool quote_next(const char **rest, char *word, size_t size)
{
	const char *p = *rest;
	bool quoted = false, any;
	size_t len = 0;

	while (isspace((unsigned char)*p))
		p++;
	any = *p != '\0';
	for (; *p && (quoted || !isspace((unsigned char)*p)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (len + 1 < size)
			word[len++] = *p;
	}
	word[len] = '\0';
	while (isspace((unsigned char)*p))
		p++;
	*rest = p;
	return any;
}

void quote_only(const char *text, char *word, size_t size)
{
	if (*text == '"')
		quote_next(&text, word, size);
	else
		snprintf(word, size, "%s", text);
}

void quote_put(struct buf *out, const char *text)
{
	bool blank = !*text;

	for (const char *p = text; *p; p++)
		blank |= isspace((unsigned char)*p) != 0;
	if (blank)
		buf_putc(out, '"');
	buf_puts(out, text);
	if (blank)
		buf_putc(out, '"');
}
