/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/text_charset.h"

#include <errno.h>
#include <iconv.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/mem.h"

/* Longest character, in bytes, and longest shift before one. */
enum { HELD_MOST = 8 };

struct text_charset {
	iconv_t cd;
	bool wide, shifts;    /* shifts: ASCII bytes may be parts of others */
	char held[HELD_MOST]; /* taken from the text, not decoded yet */
	size_t held_len;
	unsigned char out[16];
	size_t out_len, out_pos;
};

struct text_charset *text_charset_open(const char *name)
{
	/* The larger set that programs mean, and names that are no iconv(3)
	 * ones. */
	static const char *const meant[][2] = {
		{"gb2312", "GB18030"},    {"gb_2312-80", "GB18030"},
		{"gb2312-80", "GB18030"}, {"gbk", "GB18030"},
		{"cp936", "GB18030"},     {"shift_jis", "CP932"},
		{"shift-jis", "CP932"},   {"sjis", "CP932"},
		{"x-sjis", "CP932"},      {"ms_kanji", "CP932"},
		{"big5", "CP950"},        {"big-5", "CP950"},
		{"euc-kr", "CP949"},      {"ks_c_5601-1987", "CP949"},
		{"ksc5601", "CP949"},     {"iso8859-1", "CP1252"},
		{"iso-8859-1", "CP1252"}, {"latin1", "CP1252"},
		{"windows-31j", "CP932"}, {"gb", "GB18030"},
		{"utf8", "UTF-8"},        {"iso8859_1", "CP1252"},
	};
	struct text_charset *c;
	iconv_t cd;

	for (size_t i = 0; i < ARRAY_LEN(meant); i++)
		if (!strcasecmp(name, meant[i][0])) {
			name = meant[i][1];
			break;
		}
	cd = iconv_open("UTF-8", name);
	if ((intptr_t)cd == -1)
		return NULL;
	c = mem_zalloc(1, sizeof(*c));
	c->cd = cd;
	c->wide = !strncasecmp(name, "UTF-16", 6) ||
		  !strncasecmp(name, "UTF-32", 6) ||
		  !strncasecmp(name, "UCS", 3);
	c->shifts = c->wide || !strncasecmp(name, "ISO-2022", 8) ||
		    !strncasecmp(name, "UTF-7", 5);
	return c;
}

void text_charset_close(struct text_charset *c)
{
	if (c)
		iconv_close(c->cd);
	free(c);
}

bool text_charset_is_wide(const struct text_charset *c)
{
	return c->wide;
}

/* A byte that is no character. */
static void give_up(struct text_charset *c)
{
	memcpy(c->out, "\xef\xbf\xbd", 3);
	c->out_len = 3;
	memmove(c->held, c->held + 1, --c->held_len);
}

/* Of the first `n` bytes that are held; false: they are the beginning of one.
 */
static bool decode(struct text_charset *c, size_t n)
{
	char *in = c->held, *out = (char *)c->out;
	size_t in_left = n, out_left = sizeof(c->out), done;
	bool fine = iconv(c->cd, &in, &in_left, &out, &out_left) != (size_t)-1;

	if (!fine && errno == EINVAL && n < HELD_MOST)
		return false;
	done = n - in_left;
	c->out_len = sizeof(c->out) - out_left;
	if (!fine && !c->out_len) {
		iconv(c->cd, NULL, NULL, NULL, NULL);
		give_up(c);
		return true;
	}
	c->held_len -= done;
	memmove(c->held, c->held + done, c->held_len);
	return true;
}

/* The next character into c->out; false at the end. */
static bool next(struct text_charset *c, int (*get)(void *ctx), void *ctx)
{
	c->out_len = c->out_pos = 0;
	for (size_t n = 1; !c->out_len; n++) {
		int b;

		if (n > c->held_len) {
			b = get(ctx);
			if (b < 0 && !c->held_len)
				return false;
			if (b < 0) {
				give_up(c);
				return true;
			}
			c->held[c->held_len++] = (char)b;
		}
		if (n == 1 && !c->shifts && !(c->held[0] & 0x80)) {
			c->out[0] = (unsigned char)c->held[0];
			c->out_len = 1;
			memmove(c->held, c->held + 1, --c->held_len);
		} else if (decode(c, n) && !c->out_len) {
			n = 0; /* a shift: what comes is another character */
		}
	}
	return true;
}

int text_charset_byte(struct text_charset *c, bool take, int (*get)(void *ctx),
		      void *ctx)
{
	if (c->out_pos == c->out_len && !next(c, get, ctx))
		return -1;
	return take ? c->out[c->out_pos++] : c->out[c->out_pos];
}
