/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/digest.h"

#include <endian.h>
#include <sha256.h>
#include <stdint.h>
#include <string.h>

static void hex_of(SHA2_CTX *ctx, char out[DIGEST_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_LENGTH];

	SHA256Final(sum, ctx);
	for (size_t i = 0; i < sizeof(sum); i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[2 * sizeof(sum)] = '\0';
}

void digest_hex(const void *data, size_t len, char out[DIGEST_SIZE])
{
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, data, len);
	hex_of(&ctx, out);
}

void digest_floats(const float *w, size_t count, char out[DIGEST_SIZE])
{
	uint32_t part[256];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	for (size_t i = 0; i < count;) {
		size_t n = 0;

		for (; n < sizeof(part) / sizeof(*part) && i < count; n++) {
			memcpy(&part[n], &w[i++], sizeof(part[n]));
			part[n] = htole32(part[n]);
		}
		SHA256Update(&ctx, (const uint8_t *)part, n * sizeof(*part));
	}
	hex_of(&ctx, out);
}
