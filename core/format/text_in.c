/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/text_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"

enum { BLOCK = 1 << 16 };

static bool refill(struct text_in *in)
{
	size_t n;

	if (!in->file)
		return false;
	in->before += in->len;
	in->pos = in->len = 0;
	errno = 0;
	n = fread(in->block, 1, BLOCK, in->file);
	if (n == 0) {
		if (ferror(in->file))
			in->error = errno ? errno : EIO;
		return false;
	}
	in->len = n;
	return true;
}

static void pass_mark(struct text_in *in)
{
	if ((in->len > 0 || refill(in)) && in->len >= 3 &&
	    !memcmp(in->data, "\xef\xbb\xbf", 3))
		in->pos = 3;
}

void text_in_memory(struct text_in *in, const void *data, size_t len)
{
	*in = (struct text_in){
		.data = data, .len = len, .line = 1, .column = 1};
	pass_mark(in);
}

void text_in_file(struct text_in *in, FILE *file)
{
	*in = (struct text_in){.file = file, .line = 1, .column = 1};
	in->block = mem_alloc(BLOCK);
	in->data = in->block;
	pass_mark(in);
}

void text_in_release(struct text_in *in)
{
	free(in->block);
	in->block = NULL;
}

int text_peek(struct text_in *in)
{
	if (in->pos == in->len && !refill(in))
		return TEXT_END;
	/* The LF of a CR LF may be in the next block: a lone CR is LF too, and
	 * text_get() passes over the LF after it. */
	return in->data[in->pos] == '\r' ? '\n' : in->data[in->pos];
}

int text_get(struct text_in *in)
{
	int c = text_peek(in);

	if (c == TEXT_END)
		return c;
	if (in->data[in->pos++] == '\r' && (in->pos < in->len || refill(in)) &&
	    in->data[in->pos] == '\n')
		in->pos++;
	if (c == '\n') {
		in->line++;
		in->column = 1;
	} else if ((c & 0xc0) != 0x80) {
		in->column++;
	}
	return c;
}

int text_skip_blanks(struct text_in *in)
{
	int c;

	while ((c = text_peek(in)) == ' ' || (c >= '\t' && c <= '\r'))
		text_get(in);
	return c;
}

bool text_line(struct text_in *in, struct buf *out, size_t most)
{
	bool whole = true;
	int c;

	while ((c = text_get(in)) != TEXT_END && c != '\n') {
		if (out && out->len < most)
			buf_putc(out, (char)c);
		else
			whole = false;
	}
	return whole;
}

size_t text_taken(const struct text_in *in)
{
	return in->before + in->pos;
}

void text_head(struct text_in *in, char *out, size_t size)
{
	size_t at, n = 0;

	(void)text_peek(in);
	at = in->pos;
	while (at < in->len && (in->data[at] == ' ' ||
				(in->data[at] >= '\t' && in->data[at] <= '\r')))
		at++;
	while (at < in->len && n + 1 < size)
		out[n++] = (char)in->data[at++];
	out[n] = '\0';
}

static bool is_utf8(const char *text, size_t len)
{
	uint32_t code;
	int n;

	for (size_t i = 0; i < len; i += (size_t)n)
		if ((n = text_utf8(text + i, len - i, &code)) <= 0)
			return false;
	return true;
}

void text_add_utf8(struct buf *out, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	bool latin = !is_utf8(text, len);

	for (size_t i = 0; i < len; i++) {
		if ((s[i] < 0x20 && s[i] != '\n' && s[i] != '\t') ||
		    s[i] == 0x7f) {
			buf_putc(out, ' ');
		} else if (latin && s[i] >= 0x80) {
			buf_putc(out, (char)(0xc0 | s[i] >> 6));
			buf_putc(out, (char)(0x80 | (s[i] & 0x3f)));
		} else {
			buf_putc(out, (char)s[i]);
		}
	}
}
