/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <endian.h>
#include <sha256.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

void *pack_zstd(const void *data, size_t len, enum pack_level level,
		size_t *out_len)
{
	size_t cap = ZSTD_compressBound(len);
	void *out = mem_get(cap);
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	size_t n;

	if (!ctx)
		mem_none();
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, level);
	/* So that a flipped bit is found where no hash is kept. */
	ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
	n = ZSTD_compress2(ctx, out, cap, data, len);
	ZSTD_freeCCtx(ctx);
	/* With room for the bound, only memory can be missing. */
	if (ZSTD_isError(n))
		mem_none();
	*out_len = n;
	return out;
}

void *unpack_zstd(const void *data, size_t packed, size_t len)
{
	void *out;
	size_t n;

	/* Both sizes are a stranger's word: nothing that we write is packed so
	 * well, or so large. */
	if (!data || len > MOST_UNPACKED ||
	    (len > PACK_ANY && len / PACK_BEST > packed) ||
	    ZSTD_getFrameContentSize(data, packed) != len)
		return NULL;
	out = malloc(len ? len : 1);
	if (!out)
		return NULL;
	n = ZSTD_decompress(out, len, data, packed);
	if (ZSTD_isError(n) || n != len) {
		free(out);
		return NULL;
	}
	return out;
}

void floats_to_bytes(const float *in, size_t count, unsigned char *out)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, in + i, sizeof(bits));
		bits = htole32(bits);
		memcpy(out + 4 * i, &bits, sizeof(bits));
	}
}

void floats_from_bytes(const unsigned char *in, size_t count, float *out)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, in + 4 * i, sizeof(bits));
		bits = le32toh(bits);
		memcpy(out + i, &bits, sizeof(bits));
	}
}

uint32_t bytes_be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

void bytes_sha256(const void *data, size_t len, char hex[65])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, data, len);
	SHA256Final(sum, &ctx);
	for (size_t i = 0; i < sizeof(sum); i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	hex[64] = '\0';
}
