/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_MOMENTS_SEEK_H
#define CORE_SESSION_MOMENTS_SEEK_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/session/moments.h"

/*
 * moments_find() in a thread with a lab of its own: rows are there as soon as
 * their game was looked at.  All calls are for the one thread that started it.
 */
struct moments_seek;

enum { MOMENTS_MOST = 20000 }; /* rows; the first that are found */

/* `asked` is copied.  `wake` is called from the worker when there is something
 * new.  ERR_IO: no thread could be had, or the lab could not be opened. */
ATTR_NODISCARD enum err_code
moments_seek_start(struct moments_seek **out, const char *lab_path,
		   const struct moments_asked *asked, void (*wake)(void *ctx),
		   void *ctx, struct err *e);
/* Cancels and waits: milliseconds.  NULL is allowed. */
void moments_seek_close(struct moments_seek *s);
void moments_seek_cancel(struct moments_seek *s); /* what is there stays */

/* Take what is new: rows are valid from here to the next call.  Returns
 * whether there was anything. */
struct moments_view {
	const struct moments_row *rows; /* without their .agent */
	int count;
	struct moments_sum sum; /* of what was looked at, once it ended */
	int64_t done, total;    /* games */
	bool ended;
	struct err wrong; /* why it ended before its end; ERR_OK */
};
bool moments_seek_collect(struct moments_seek *s, struct moments_view *out);

#endif
