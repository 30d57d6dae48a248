/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/text_in.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/format/text_charset.h"

static bool refill(struct text_in *in)
{
	size_t n;

	if (!in->file)
		return false;
	in->before += in->len;
	in->pos = in->len = 0;
	errno = 0;
	n = fread(in->block, 1, TEXT_BLOCK, in->file);
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
	const unsigned char *d;

	if (in->len == 0 && !refill(in))
		return;
	d = in->data;
	if (in->len >= 3 && !memcmp(d, "\xef\xbb\xbf", 3))
		in->pos = 3;
	else if (in->len < 2)
		return;
	else if ((d[0] == 0xff && d[1] == 0xfe) || (d[0] && !d[1]))
		text_decode(in, "UTF-16LE");
	else if ((d[0] == 0xfe && d[1] == 0xff) || (!d[0] && d[1]))
		text_decode(in, "UTF-16BE");
	if (in->charset)
		in->pos = d[0] >= 0xfe || d[1] >= 0xfe ? 2 : 0;
}

void text_in_memory(struct text_in *in, const void *data, size_t len)
{
	*in = (struct text_in){
		.data = data, .len = len, .line = 1, .column = 1};
	buf_init(&in->again);
	pass_mark(in);
}

void text_in_file(struct text_in *in, FILE *file)
{
	*in = (struct text_in){.file = file, .line = 1, .column = 1};
	buf_init(&in->again);
	in->block = mem_alloc(TEXT_BLOCK);
	in->data = in->block;
	pass_mark(in);
}

void text_in_release(struct text_in *in)
{
	free(in->block);
	in->block = NULL;
	buf_release(&in->again);
	text_charset_close(in->charset);
	in->charset = NULL;
}

/* The next byte of the file, taken. */
static int raw_get(void *ctx)
{
	struct text_in *in = ctx;

	return in->pos < in->len || refill(in) ? in->data[in->pos++] : TEXT_END;
}

static bool wide(const struct text_in *in)
{
	return in->charset && text_charset_is_wide(in->charset);
}

bool text_decode(struct text_in *in, const char *charset)
{
	if (wide(in))
		return true;
	text_charset_close(in->charset);
	in->charset = charset ? text_charset_open(charset) : NULL;
	in->odd = in->again.len > 0 || in->charset;
	return in->charset || !charset;
}

void text_again(struct text_in *in, const char *text, size_t len, long line,
		long column)
{
	struct buf all;

	buf_init(&all);
	buf_add(&all, text, len);
	if (in->again.len)
		buf_add(&all, in->again.data + in->again_pos,
			in->again.len - in->again_pos);
	buf_release(&in->again);
	in->again = all;
	in->again_pos = 0;
	in->odd = all.len > 0 || in->charset;
	in->line = line;
	in->column = column;
}

const char *text_window(struct text_in *in, size_t want, size_t *len)
{
	if (in->again.len) {
		*len = in->again.len - in->again_pos;
		return in->again.data + in->again_pos;
	}
	if (in->file && in->len - in->pos < want && !in->error) {
		size_t left = in->len - in->pos;

		memmove(in->block, in->block + in->pos, left);
		in->before += in->pos;
		in->pos = 0;
		in->len = left + fread(in->block + left, 1, TEXT_BLOCK - left,
				       in->file);
		if (ferror(in->file))
			in->error = errno ? errno : EIO;
	}
	*len = in->len - in->pos;
	return (const char *)in->data + in->pos;
}

/* Where something was given back, or has to be decoded. */
static int odd_byte(struct text_in *in, bool take)
{
	if (in->again.len) {
		int c = (unsigned char)in->again.data[in->again_pos];

		if (take && ++in->again_pos == in->again.len) {
			buf_clear(&in->again);
			in->again_pos = 0;
			in->odd = in->charset != NULL;
		}
		return c;
	}
	return text_charset_byte(in->charset, take, raw_get, in);
}

static int odd_peek(struct text_in *in)
{
	int c = odd_byte(in, false);

	return c == '\r' ? '\n' : c;
}

/* As the usual way takes it: CR LF is one. */
static int odd_get(struct text_in *in)
{
	int c = odd_byte(in, true);

	if (c == '\r') {
		c = '\n';
		if (in->odd ? odd_byte(in, false) == '\n'
			    : (in->pos < in->len || refill(in)) &&
				      in->data[in->pos] == '\n') {
			if (in->odd)
				odd_byte(in, true);
			else
				in->pos++;
		}
	}
	return c;
}

int text_peek(struct text_in *in)
{
	if (in->odd)
		return odd_peek(in);
	if (in->pos == in->len && !refill(in))
		return TEXT_END;
	/* The LF of a CR LF may be in the next block: a lone CR is LF too, and
	 * text_get() passes over the LF after it. */
	return in->data[in->pos] == '\r' ? '\n' : in->data[in->pos];
}

static int usual_get(struct text_in *in)
{
	int c = text_peek(in);

	if (c != TEXT_END && in->data[in->pos++] == '\r' &&
	    (in->pos < in->len || refill(in)) && in->data[in->pos] == '\n')
		in->pos++;
	return c;
}

int text_get(struct text_in *in)
{
	int c = in->odd ? odd_get(in) : usual_get(in);

	if (c == '\n') {
		in->line++;
		in->column = 1;
	} else if (c != TEXT_END && (c & 0xc0) != 0x80) {
		in->column++;
	}
	return c;
}

int text_skip_blanks(struct text_in *in)
{
	int c;

	while ((c = text_peek(in)) == ' ' || (c >= '\t' && c <= '\r') ||
	       c == 0x1a || c == 0)
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
	return in->before + in->pos - (in->again.len - in->again_pos);
}

void text_head(struct text_in *in, char *out, size_t size)
{
	size_t at, n = 0;

	if (in->pos == in->len)
		(void)refill(in);
	at = in->pos;
	while (at < in->len &&
	       (in->data[at] == ' ' || (in->charset && !in->data[at]) ||
		(in->data[at] >= '\t' && in->data[at] <= '\r')))
		at++;
	while (at < in->len && n + 1 < size) {
		/* UTF-16: what stands between the NULs. */
		if (in->data[at] || !in->charset)
			out[n++] = (char)in->data[at];
		at++;
	}
	out[n] = '\0';
}

static bool is_utf8(const char *text, size_t len, bool may_be_cut)
{
	uint32_t code;
	int n;

	for (size_t i = 0; i < len; i += (size_t)n) {
		n = (unsigned char)text[i] < 0x80
			    ? 1
			    : text_utf8(text + i, len - i, &code);
		if (n == 0 && may_be_cut && len - i < TEXT_UTF8_MOST)
			return true;
		if (n <= 0)
			return false;
	}
	return true;
}

bool text_is_utf8(const char *text, size_t len)
{
	return is_utf8(text, len, true);
}

void text_add_utf8(struct buf *out, const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	bool latin = !is_utf8(text, len, false);

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
