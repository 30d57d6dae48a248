/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_JSON_SCAN_H
#define CORE_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads JSON that this program wrote (core/base/json.h) value by value, from a
 * text that is borrowed.  Anything else ends the reading: from the first
 * mistake on `failed` is set and every call returns nothing.
 *
 *	json_scan_init(&s, "[{\"move\":\"d5\",\"visits\":14}]");
 *	json_scan_open(&s, '[');
 *	while (json_scan_item(&s)) {
 *		json_scan_open(&s, '{');
 *		while (json_scan_key(&s, key, sizeof(key)))
 *			json_scan_skip(&s);
 *	}
 *	if (json_scan_failed(&s)) ...
 */
struct json_scan {
	const char *at;
	bool failed;
	bool first; /* nothing was read since the last bracket that opened */
};

void json_scan_init(struct json_scan *s, const char *text); /* NULL: "" */
bool json_scan_failed(const struct json_scan *s);

void json_scan_open(struct json_scan *s, char bracket); /* '{' or '[' */
/* Go to the next value of an array, to the next key of an object; false at the
 * bracket that closes, which is then behind.  A key that is longer than `size`
 * is cut. */
bool json_scan_item(struct json_scan *s);
bool json_scan_key(struct json_scan *s, char *key, size_t size);

/* One value.  A text is cut to `size`; of escapes only those of single
 * characters are undone.  null is NAN. */
void json_scan_string(struct json_scan *s, char *out, size_t size);
double json_scan_number(struct json_scan *s);
void json_scan_skip(struct json_scan *s); /* of any kind */

#endif
