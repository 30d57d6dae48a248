/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/sgf_int.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/format/text_charset.h"
#include "core/format/text_in.h"

/*
 * The charset of an SGF game.  In those of the East the second byte of a
 * character may be that of ] or \\, so it has to be known before the first
 * value is read, wherever in the root it is said.
 */
enum { WINDOW = 4096 };

/* "CA[" of the root, which ends where a value is followed by a node or a tree.
 */
static bool said(const char *text, size_t len, char out[SGF_CHARSET_SIZE])
{
	for (size_t i = 1; i + 3 < len; i++) {
		size_t n = 0;

		if (text[i] == ']') {
			size_t k = i + 1;

			while (k < len && isspace((unsigned char)text[k]))
				k++;
			if (k < len && strchr(";()", text[k]))
				return false;
		}
		if (strncmp(text + i, "CA[", 3) != 0 ||
		    isupper((unsigned char)text[i - 1]))
			continue;
		for (i += 3; i < len && text[i] != ']'; i++)
			if (n + 1 < SGF_CHARSET_SIZE &&
			    !isspace((unsigned char)text[i]))
				out[n++] = text[i];
		out[n] = '\0';
		return n > 0;
	}
	return false;
}

struct bytes {
	const char *text;
	size_t len, at;
};

static int next_byte(void *ctx)
{
	struct bytes *b = ctx;

	return b->at < b->len ? (unsigned char)b->text[b->at++] : -1;
}

/* Values that are followed by what may follow them, less those that are not, in
 * this charset; NULL: bytes as they are. */
static int sense(const char *text, size_t len, const char *charset)
{
	struct text_charset *c = charset ? text_charset_open(charset) : NULL;
	struct bytes b = {text, len, 0};
	bool in_value = false, closed = false;
	int score = 0, byte;

	if (charset && !c)
		return -1;
	while ((byte = c ? text_charset_byte(c, true, next_byte, &b)
			 : next_byte(&b)) >= 0) {
		if (byte == 0xef && c)
			score--; /* as U+FFFD begins */
		if (in_value) {
			if (byte == '\\') {
				(void)(c ? text_charset_byte(c, true, next_byte,
							     &b)
					 : next_byte(&b));
			} else if (byte == ']') {
				in_value = false;
				closed = true;
			}
			continue;
		}
		if (isspace(byte))
			continue;
		if (byte != '[' && byte != ';' && byte != '(' && byte != ')' &&
		    !isalpha(byte))
			score -= 10;
		else if (closed)
			score++;
		closed = false;
		in_value = byte == '[';
	}
	text_charset_close(c);
	return score;
}

bool sgf_charset(struct text_in *in, char out[SGF_CHARSET_SIZE])
{
	static const char *const plain[] = {"UTF-8",     "utf8",   "ISO-8859-1",
					    "ISO8859-1", "latin1", "US-ASCII"};
	static const char *const east[] = {"GB18030", "CP932", "CP949",
					   "CP950"};
	const char *text, *best = NULL;
	size_t len;
	int most;

	text = text_window(in, WINDOW, &len);
	if (len > WINDOW)
		len = WINDOW;
	if (said(text, len, out)) {
		for (size_t i = 0; i < ARRAY_LEN(plain); i++)
			if (!strcasecmp(out, plain[i]))
				return false;
		return true;
	}
	if (text_is_utf8(text, len))
		return false;
	most = sense(text, len, NULL);
	for (size_t i = 0; i < ARRAY_LEN(east); i++) {
		int score = sense(text, len, east[i]);

		/* Latin-1 is what the standard says it is. */
		if (score > most + 5) {
			most = score;
			best = east[i];
		}
	}
	if (best)
		memcpy(out, best, strlen(best) + 1);
	return best != NULL;
}
