/* SPDX-License-Identifier: MIT */
/* What the store says, in the engine's words. */
#include "config.h"

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/store.h"

enum store_status lab_begin(struct store *s, bool (*tick)(void *ctx), void *ctx)
{
	enum store_status st;

	do
		st = store_begin(s);
	while (st == STORE_BUSY && tick && tick(ctx));
	return st;
}

enum err_code lab_error(const struct store *s, enum store_status st,
			struct err *e)
{
	enum err_code code = ERR_IO;

	switch (st) {
	case STORE_OK:
		return ERR_OK;
	case STORE_BUSY:
		code = ERR_BUSY;
		break;
	case STORE_FORMAT:
	case STORE_DAMAGED:
		code = ERR_FORMAT;
		break;
	case STORE_NEWER:
		code = ERR_VERSION;
		break;
	case STORE_NOTFOUND:
		code = ERR_NOTFOUND;
		break;
	case STORE_CANCELLED:
		code = ERR_CANCELLED;
		break;
	case STORE_EXISTS:
	case STORE_REFUSED:
	case STORE_READONLY:
	case STORE_FULL:
	case STORE_IO:
		break;
	}
	return err_set(e, code, "%s", store_message(s));
}

enum err_code lab_settle(struct store *s, enum store_status st, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (st)
		rc = lab_error(s, st, e);
	else
		rc = lab_error(s, store_commit(s), e);
	if (st)
		store_rollback(s);
	return rc;
}
