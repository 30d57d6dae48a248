/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/text.h"

#include <string.h>

#define INSTEAD "\xef\xbf\xbd" /* U+FFFD */

int text_utf8(const char *text, size_t left, uint32_t *code)
{
	const unsigned char *s = (const unsigned char *)text;
	int n = s[0] < 0x80                   ? 1
		: s[0] >= 0xc2 && s[0] < 0xe0 ? 2
		: s[0] >= 0xe0 && s[0] < 0xf0 ? 3
		: s[0] >= 0xf0 && s[0] < 0xf5 ? 4
					      : 0;
	uint32_t c = n == 1 ? s[0] : n ? s[0] & (0x7fu >> n) : 0;

	if ((size_t)n > left)
		return 0;
	for (int i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ||
	    (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return -n;
	*code = c;
	return n;
}

bool text_steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

void text_safe(const char *text, size_t len, struct buf *out)
{
	const char *end = text + len;

	while (text < end) {
		uint32_t code = 0;
		int n = text_utf8(text, (size_t)(end - text), &code);

		if (n <= 0 ||
		    (text_steers(code) && code != '\n' && code != '\t'))
			buf_puts(out, INSTEAD);
		else
			buf_add(out, text, (size_t)n);
		text += n > 0 ? n : 1;
	}
}
