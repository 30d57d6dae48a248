/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/json_scan.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void json_scan_init(struct json_scan *s, const char *text)
{
	*s = (struct json_scan){.at = text ? text : ""};
}

bool json_scan_failed(const struct json_scan *s)
{
	return s->failed;
}

static void skip_blanks(struct json_scan *s)
{
	while (isspace((unsigned char)*s->at))
		s->at++;
}

static bool eat(struct json_scan *s, char c)
{
	skip_blanks(s);
	if (s->failed || *s->at != c)
		return false;
	s->at++;
	return true;
}

static void want(struct json_scan *s, char c)
{
	if (!eat(s, c))
		s->failed = true;
}

void json_scan_open(struct json_scan *s, char bracket)
{
	want(s, bracket);
	s->first = true;
}

/* Is there one more before the bracket? */
static bool one_more(struct json_scan *s, char bracket)
{
	bool first = s->first;

	s->first = false;
	if (eat(s, bracket))
		return false;
	if (!first)
		want(s, ',');
	return !s->failed;
}

bool json_scan_item(struct json_scan *s)
{
	return one_more(s, ']');
}

bool json_scan_key(struct json_scan *s, char *key, size_t size)
{
	if (!one_more(s, '}'))
		return false;
	json_scan_string(s, key, size);
	want(s, ':');
	return !s->failed;
}

void json_scan_string(struct json_scan *s, char *out, size_t size)
{
	size_t len = 0;

	want(s, '"');
	while (!s->failed && *s->at && *s->at != '"') {
		if (*s->at == '\\' && s->at[1])
			s->at++;
		if (len + 1 < size)
			out[len++] = *s->at;
		s->at++;
	}
	out[len] = '\0';
	want(s, '"');
}

double json_scan_number(struct json_scan *s)
{
	char *end;
	double v;

	skip_blanks(s);
	if (strncmp(s->at, "null", 4) == 0) {
		s->at += 4;
		return (double)NAN;
	}
	v = strtod(s->at, &end);
	if (end == s->at)
		s->failed = true;
	s->at = end;
	return s->failed ? (double)NAN : v;
}

void json_scan_skip(struct json_scan *s)
{
	char rest[1];
	int depth = 0;

	do {
		skip_blanks(s);
		if (*s->at == '"') {
			json_scan_string(s, rest, sizeof(rest));
		} else if (*s->at == '{' || *s->at == '[') {
			depth++;
			s->at++;
		} else if (*s->at == '}' || *s->at == ']') {
			depth--;
			s->at++;
		} else {
			size_t n = strcspn(s->at, " \t\r\n,:\"{}[]");

			/* Inside of brackets commas and colons count for
			 * nothing. */
			if (!n && depth > 0)
				n = strspn(s->at, ",:");
			if (!n)
				s->failed = true;
			s->at += n;
		}
	} while (!s->failed && depth > 0);
	if (depth < 0)
		s->failed = true;
}
