/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/copies.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"

/* NULL: there is none, or *rc says why it cannot be read. */
static struct store *open_after(const char *path, enum err_code *rc,
				struct err *e)
{
	char message[STORE_MESSAGE_SIZE];
	char *name = mem_printf("%s-after", path);
	struct store *s = NULL;

	*rc = ERR_OK;
	if (!access(name, F_OK) &&
	    store_open(name, STORE_ONLY_READ, &s, message) != STORE_OK)
		*rc = err_set(e, ERR_FORMAT, "%s", message);
	free(name);
	return s;
}

enum err_code copies_check(struct store *s,
			   void (*report)(void *ctx, const char *problem),
			   void *ctx, int64_t *problems, struct err *e)
{
	int64_t more = 0;
	struct store *after;
	enum err_code rc =
		lab_error(s, store_check(s, report, ctx, problems), e);

	if (rc)
		return rc;
	after = open_after(store_path(s), &rc, e);
	if (after)
		rc = lab_error(after, store_check(after, report, ctx, &more),
			       e);
	*problems += more;
	store_close(after);
	return rc;
}

enum err_code copies_backup(struct store *s, const char *to, struct err *e)
{
	struct store *after;
	enum err_code rc = lab_error(s, store_backup(s, to), e);
	char *name;

	if (rc)
		return rc;
	after = open_after(store_path(s), &rc, e);
	name = mem_printf("%s-after", to);
	if (after)
		rc = lab_error(after, store_backup(after, name), e);
	if (rc)
		err_prefix(e, "the lab is in %s, but not the file beside it",
			   to);
	free(name);
	store_close(after);
	return rc;
}

/* The file beside a lab that was set aside goes with it. */
static enum err_code move_after(const char *path, const char *aside,
				struct err *e)
{
	static const char *const parts[] = {"", "-wal", "-shm"};
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(parts) && !rc; i++) {
		char *from = mem_printf("%s-after%s", path, parts[i]);
		char *to = mem_printf("%s-after%s", aside, parts[i]);

		if (rename(from, to) && errno != ENOENT)
			rc = err_set(e, ERR_IO, "cannot set %s aside as %s: %s",
				     from, to, strerror(errno));
		free(from);
		free(to);
	}
	return rc;
}

enum err_code copies_restore(const char *from, const char *path,
			     char aside[STORE_MESSAGE_SIZE], struct err *e)
{
	char message[STORE_MESSAGE_SIZE], other[STORE_MESSAGE_SIZE];
	char *from_after, *path_after;
	enum err_code rc = ERR_OK;

	if (store_restore(from, path, aside, message) != STORE_OK)
		return err_set(e, ERR_FORMAT, "%s", message);
	if (*aside)
		rc = move_after(path, aside, e);
	from_after = mem_printf("%s-after", from);
	path_after = mem_printf("%s-after", path);
	if (!rc && !access(from_after, F_OK) &&
	    store_restore(from_after, path_after, other, message) != STORE_OK)
		rc = err_set(e, ERR_FORMAT, "%s", message);
	if (rc)
		err_prefix(e, "%s is the lab of %s, but not the file beside it",
			   path, from);
	free(from_after);
	free(path_after);
	return rc;
}
