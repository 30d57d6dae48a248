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

enum err_code {
	ERR_OK = 0,
	ERR_IO,        /* input/output error */
	ERR_FORMAT,    /* not what it claims to be */
	ERR_VERSION,   /* made by an incompatible version */
	ERR_BUSY,      /* in use by another process */
	ERR_USAGE,     /* not understood */
	ERR_NOTFOUND,  /* no such thing */
	ERR_CANCELLED, /* stopped on request */
	ERR_UNTRUSTED, /* a program that nobody here has allowed to start */
};

struct err {
	enum err_code code;
	char msg[480]; /* ready to show: one line, no control characters */
};
#define ERR_INIT               \
	{                      \
		.code = ERR_OK \
	}

/* Fill `e` (may be NULL); returns `code`, so `return err_set(...)` works. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
	ATTR_PRINTF(3, 4);

/* Put "prefix: " before the message in `e` (may be NULL). */
void err_prefix(struct err *e, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* The same code, but ERR_FORMAT for ERR_USAGE: what was read was stored by
 * somebody, and nobody typed it now. */
enum err_code err_of_stored(struct err *e, enum err_code code);

#endif
