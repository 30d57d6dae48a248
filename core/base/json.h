/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_JSON_H
#define CORE_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

/*
 * Writes JSON (RFC 8259) into a buffer; commas and escapes are its business.
 * Numbers that JSON cannot hold (infinity, NaN) become null.  Bytes that are
 * not UTF-8 become U+FFFD.
 *
 *	json_open(&j, '{');
 *	json_key(&j, "games"); json_int(&j, 200);
 *	json_close(&j, '}');
 */
struct json {
	struct buf *out; /* borrowed */
	bool comma;
};

void json_init(struct json *j, struct buf *out);
void json_open(struct json *j, char bracket);  /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']' */
void json_key(struct json *j, const char *key);
void json_string(struct json *j, const char *text); /* NULL becomes null */
/* Text that should be JSON already: if it is not, it becomes a string, so that
 * what is written is JSON whatever was stored.  NULL becomes null. */
void json_raw(struct json *j, const char *text);
/* Is all of it one JSON value (RFC 8259), nested at most 64 deep? */
bool json_valid(const char *text);
void json_int(struct json *j, int64_t v);
void json_double(struct json *j,
		 double v); /* shortest that reads back to 9 digits */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);

#endif
