/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_IMPORT_H
#define CORE_LAB_IMPORT_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "core/format/format.h"
#include "core/lab/lab.h"

/*
 * Games of the world become games of the lab.  A file is read to its end before
 * the lab is touched, into a temporary file where the input has no name, so
 * that nobody waits for a slow parse; then its games are added in one
 * transaction.  Memory is that of one game, however long the file.
 */
struct import_options {
	const char *name;            /* of the file, for origin and errors */
	const struct format *format; /* NULL: by name and content */
	const struct game *game;     /* where the file does not say; NULL */
	/* (optional) a game that cannot be kept, and why. */
	void (*skipped)(void *ctx, long line, const char *reason);
	/* (optional) what of a game that is kept was read otherwise than it is
	 * written. */
	void (*doubted)(void *ctx, long line, const char *what);
	/* (optional) all is read: from here on the lab is written. */
	void (*saving)(void *ctx);
	/* (optional) now and then. */
	void (*progress)(void *ctx, int64_t read, int64_t saved);
	const atomic_bool *interrupt; /* (optional) */
	void *ctx;
};

struct import_result {
	const struct format *format;
	int64_t games, skipped, doubts;
};

/* ERR_FORMAT "NAME:LINE:COLUMN: reason" for malformed text, ERR_IO, ERR_BUSY;
 * nothing of the file is then in the lab. */
ATTR_NODISCARD enum err_code import_file(struct lab *lab, FILE *file,
					 const struct import_options *options,
					 struct import_result *out,
					 struct err *e);

/* What stands before the text of a set-up (RECORD_SETUP), which the lab keeps
 * as a variation. */
#define IMPORT_SETUP "setup "

/* What stands before the name of an imported player in an agent's name. */
#define IMPORT_PLAYER "player:"

#endif
