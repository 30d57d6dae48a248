/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/json.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/base/text.h"

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

static void quote(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	while (*s) {
		uint32_t code = 0;
		int n = text_utf8(s, TEXT_UTF8_MOST, &code);

		if (n <= 0)
			buf_puts(b, "\xef\xbf\xbd");
		else if (*s == '"' || *s == '\\')
			buf_printf(b, "\\%c", *s);
		else if (*s == '\n' || *s == '\t')
			buf_puts(b, *s == '\n' ? "\\n" : "\\t");
		else if (text_steers(code))
			buf_printf(b, "\\u%04x", code);
		else
			buf_add(b, s, (size_t)n);
		s += n > 0 ? n : 1;
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

/* --- is a text a JSON value? (RFC 8259) ----------------------------------- */

/* Nobody nests deeper, and the stack is not endless. */
enum { DEEPEST = 64 };

static const char *value_end(const char *s, int deep);

static const char *blank_end(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

static const char *string_end(const char *s)
{
	for (s++; *s != '"'; s++) {
		if ((unsigned char)*s < 0x20)
			return NULL;
		if (*s != '\\')
			continue;
		s++;
		if (*s == 'u') {
			for (int i = 1; i <= 4; i++)
				if (!isxdigit((unsigned char)s[i]))
					return NULL;
			s += 4;
		} else if (!*s || !strchr("\"\\/bfnrt", *s)) {
			return NULL;
		}
	}
	return s + 1;
}

static const char *number_end(const char *s)
{
	s += *s == '-';
	if (!isdigit((unsigned char)*s))
		return NULL;
	s += *s == '0' ? 1 : strspn(s, "0123456789");
	if (*s == '.') {
		if (!isdigit((unsigned char)s[1]))
			return NULL;
		s += 1 + strspn(s + 1, "0123456789");
	}
	if (*s == 'e' || *s == 'E') {
		s += s[1] == '+' || s[1] == '-' ? 2 : 1;
		if (!isdigit((unsigned char)*s))
			return NULL;
		s += strspn(s, "0123456789");
	}
	return s;
}

static const char *list_end(const char *s, int deep)
{
	char close = *s == '{' ? '}' : ']';

	s = blank_end(s + 1);
	if (*s == close)
		return s + 1;
	for (;;) {
		if (close == '}') {
			s = *s == '"' ? string_end(s) : NULL;
			if (!s || *(s = blank_end(s)) != ':')
				return NULL;
			s = blank_end(s + 1);
		}
		s = value_end(s, deep + 1);
		if (!s)
			return NULL;
		s = blank_end(s);
		if (*s == close)
			return s + 1;
		if (*s != ',')
			return NULL;
		s = blank_end(s + 1);
	}
}

/* Where the value at `s` ends; NULL: there is none. */
static const char *value_end(const char *s, int deep)
{
	static const char *const words[] = {"true", "false", "null"};

	if (deep > DEEPEST)
		return NULL;
	if (*s == '{' || *s == '[')
		return list_end(s, deep);
	if (*s == '"')
		return string_end(s);
	for (int i = 0; i < 3; i++)
		if (!strncmp(s, words[i], strlen(words[i])))
			return s + strlen(words[i]);
	return number_end(s);
}

static bool is_utf8(const char *s)
{
	uint32_t code;
	int n;

	for (; *s; s += n)
		if ((n = text_utf8(s, TEXT_UTF8_MOST, &code)) <= 0 ||
		    (text_steers(code) && !strchr("\t\r\n", *s)))
			return false;
	return true;
}

bool json_valid(const char *text)
{
	const char *end = value_end(blank_end(text), 0);

	return end && !*blank_end(end) && is_utf8(text);
}

void json_raw(struct json *j, const char *text)
{
	if (text && !json_valid(text)) {
		json_string(j, text);
		return;
	}
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
