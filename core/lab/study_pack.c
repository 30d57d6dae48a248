/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/study_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "core/base/buf.h"
#include "core/base/digest.h"
#include "core/base/err.h"
#include "core/base/mem.h"

/* More than any study takes; and no more than so much of a byte, so that a
 * small file does not fill the memory. */
#define MOST_BODY ((unsigned long long)1 << 30)
enum { ANY_BODY = 16 << 20, MOST_RATIO = 1000, FILE_VERSION = 1, LEVEL = 12 };

static const char MAGIC[] = "plyscope study ";

void study_file_pack(const struct buf *body, struct buf *out)
{
	size_t cap = ZSTD_compressBound(body->len), n;
	void *packed = mem_alloc(cap);
	char hash[DIGEST_SIZE];

	n = ZSTD_compress(packed, cap, body->data, body->len, LEVEL);
	/* With room for the bound, only memory can be missing. */
	if (ZSTD_isError(n))
		n = 0;
	digest_hex(packed, n, hash);
	buf_printf(out, "%s%d %zu %zu %s\n", MAGIC, FILE_VERSION, body->len, n,
		   hash);
	buf_add(out, packed, n);
	free(packed);
}

struct head {
	unsigned long long body, packed;
	char hash[DIGEST_SIZE];
	size_t len; /* of the line */
};

static enum err_code read_head(const char *data, size_t len, const char *origin,
			       struct head *h, struct err *e)
{
	const char *end = memchr(data, '\n', len < 256 ? len : 256);
	char line[256];
	int version = 0, n = 0;

	if (len < sizeof(MAGIC) - 1 || memcmp(data, MAGIC, sizeof(MAGIC) - 1))
		return err_set(e, ERR_FORMAT,
			       "%s is not an exported study: plyscope study "
			       "export makes one",
			       origin);
	if (!end)
		return err_set(e, ERR_FORMAT, "%s is cut short", origin);
	h->len = (size_t)(end - data) + 1;
	snprintf(line, sizeof(line), "%.*s", (int)(end - data), data);
	if (sscanf(line + sizeof(MAGIC) - 1, "%d", &version) == 1 &&
	    version > FILE_VERSION)
		return err_set(e, ERR_VERSION,
			       "%s is a study of version %d, this program "
			       "knows %d: use the newer program",
			       origin, version, FILE_VERSION);
	if (sscanf(line + sizeof(MAGIC) - 1, "%d %llu %llu %64[0-9a-f]%n",
		   &version, &h->body, &h->packed, h->hash, &n) != 4 ||
	    line[sizeof(MAGIC) - 1 + (size_t)n] || version != FILE_VERSION)
		return err_set(e, ERR_FORMAT,
			       "%s was altered: its first line is not that of "
			       "an exported study",
			       origin);
	return ERR_OK;
}

static enum err_code altered(const char *origin, struct err *e)
{
	return err_set(e, ERR_FORMAT,
		       "%s was altered: it is not what its SHA-256 says",
		       origin);
}

enum err_code study_file_unpack(const void *data, size_t len,
				const char *origin, struct buf *body,
				struct err *e)
{
	const char *bytes = data;
	char hash[DIGEST_SIZE];
	struct head h;
	size_t n, left;
	void *all;
	enum err_code rc = read_head(bytes, len, origin, &h, e);

	if (rc)
		return rc;
	left = len - h.len;
	if (left < h.packed)
		return err_set(e, ERR_FORMAT,
			       "%s is cut short: %zu of %llu bytes are there",
			       origin, left, h.packed);
	digest_hex(bytes + h.len, left, hash);
	if (left > h.packed || strcmp(hash, h.hash) || h.body > MOST_BODY ||
	    (h.body > ANY_BODY && h.body / MOST_RATIO > h.packed))
		return altered(origin, e);
	all = mem_alloc((size_t)h.body + 1);
	n = ZSTD_decompress(all, (size_t)h.body, bytes + h.len, left);
	if (ZSTD_isError(n) || n != h.body)
		rc = altered(origin, e);
	else
		buf_add(body, all, n);
	free(all);
	return rc;
}
