/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_COPIES_H
#define CORE_LAB_COPIES_H

#include <stdint.h>

#include "core/base/err.h"
#include "store/store.h"

/*
 * What is done to a lab as a whole, with the file beside it (LAB-after, see
 * lives.h), if there is one.  That one comes second: where it fails the lab
 * itself is done, and the error says so.
 */

/* store_check() of both. */
ATTR_NODISCARD enum err_code
copies_check(struct store *s, void (*report)(void *ctx, const char *problem),
	     void *ctx, int64_t *problems, struct err *e);

/* store_backup() of both: to `to` and `to`-after. */
ATTR_NODISCARD enum err_code copies_backup(struct store *s, const char *to,
					   struct err *e);

/* store_restore() of both.  A file beside the lab that was there is set aside
 * with it, also where `from` has none. */
ATTR_NODISCARD enum err_code copies_restore(const char *from, const char *path,
					    char aside[STORE_MESSAGE_SIZE],
					    struct err *e);

#endif
