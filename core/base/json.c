/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/json.h"

#include <math.h>
#include <string.h>

void json_init(struct json *j, struct buf *out)
{
	j->out = out;
	j->comma = false;
}

static void separate(struct json *j)
{
	if (j->comma)
		buf_putc(j->out, ',');
	j->comma = true;
}

void json_open(struct json *j, char bracket)
{
	separate(j);
	buf_putc(j->out, bracket);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	buf_putc(j->out, bracket);
	j->comma = true;
}

/* Length of the UTF-8 sequence at `s`, or 0 if it is none. */
static int utf8_length(const unsigned char *s)
{
	int n = s[0] < 0x80                   ? 1
		: s[0] >= 0xc2 && s[0] < 0xe0 ? 2
		: s[0] >= 0xe0 && s[0] < 0xf0 ? 3
		: s[0] >= 0xf0 && s[0] < 0xf5 ? 4
					      : 0;

	for (int i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

static void quote(struct buf *b, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	buf_putc(b, '"');
	while (*s) {
		int n = utf8_length(s);

		if (!n)
			buf_puts(b, "\xef\xbf\xbd");
		else if (*s == '"' || *s == '\\')
			buf_printf(b, "\\%c", *s);
		else if (*s == '\n' || *s == '\t')
			buf_puts(b, *s == '\n' ? "\\n" : "\\t");
		else if (*s < 0x20)
			buf_printf(b, "\\u%04x", *s);
		else
			buf_add(b, s, (size_t)n);
		s += n ? n : 1;
	}
	buf_putc(b, '"');
}

void json_key(struct json *j, const char *key)
{
	separate(j);
	quote(j->out, key);
	buf_putc(j->out, ':');
	j->comma = false;
}

void json_string(struct json *j, const char *text)
{
	if (!text) {
		json_null(j);
		return;
	}
	separate(j);
	quote(j->out, text);
}

void json_raw(struct json *j, const char *text)
{
	separate(j);
	buf_puts(j->out, text ? text : "null");
}

void json_int(struct json *j, int64_t v)
{
	separate(j);
	buf_printf(j->out, "%lld", (long long)v);
}

void json_double(struct json *j, double v)
{
	if (!isfinite(v)) {
		json_null(j);
		return;
	}
	separate(j);
	buf_printf(j->out, "%.9g", v);
}

void json_bool(struct json *j, bool v)
{
	separate(j);
	buf_puts(j->out, v ? "true" : "false");
}

void json_null(struct json *j)
{
	separate(j);
	buf_puts(j->out, "null");
}
