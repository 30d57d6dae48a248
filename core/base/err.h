/* SPDX-License-Identifier: MIT */
#ifndef CORE_BASE_ERR_H
#define CORE_BASE_ERR_H

#include "core/base/attr.h"

/*
 * Errors of the world: files, weights, the lab file, what a person typed.
 * One sentence each, ready to show: it names what, where and what to do.
 * A programmer's mistake asserts and memory running out aborts in mem.c;
 * neither is an `enum err_code`.
 */

/* One list makes the enum and the names. */
#define ERR_LIST(X)                                                            \
	X(IO, "input/output error")                                            \
	X(FORMAT, "not what it claims to be")                                  \
	X(VERSION, "made by an incompatible version")                          \
	X(BUSY, "in use by another process")                                   \
	X(USAGE, "not understood")                                             \
	X(NOTFOUND, "no such thing")                                           \
	X(CANCELLED, "stopped on request")

enum err_code {
	ERR_OK = 0,
#define X(name, text) ERR_##name,
	ERR_LIST(X)
#undef X
};

struct err {
	enum err_code code;
	char msg[480]; /* ready to show, no newline */
};
#define ERR_INIT { .code = ERR_OK }

/* Fill `e` (may be NULL); returns `code`, so `return err_set(...)` works. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
	ATTR_PRINTF(3, 4);

/* Put "prefix: " before the message in `e` (may be NULL). */
void err_prefix(struct err *e, const char *fmt, ...)
	ATTR_PRINTF(2, 3);

/* A few words for a code, for messages that have nothing better. */
const char *err_name(enum err_code code);

#endif
