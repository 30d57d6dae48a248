/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "store/store_int.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

char *file_uri(const char *path, const char *query)
{
	static const char digits[] = "0123456789ABCDEF";
	char *text = mem_get(strlen(path) * 3 + 1), *to = text, *uri;

	/* "//" at the start would name a host. */
	if (path[0] == '/' && path[1] == '/')
		path++;
	for (; *path; path++) {
		unsigned char c = (unsigned char)*path;

		if (isalnum(c) || strchr("/-_.~", c)) {
			*to++ = (char)c;
		} else {
			*to++ = '%';
			*to++ = digits[c >> 4];
			*to++ = digits[c & 15];
		}
	}
	uri = mem_text("file:%s?%s", text, query);
	free(text);
	return uri;
}
