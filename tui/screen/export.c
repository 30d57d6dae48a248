/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/export.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum err_code export_text(char *name, const struct buf *text, struct err *e)
{
	FILE *f;
	bool bad;

	for (char *p = name; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr(".-_", *p))
			*p = '-';
	}
	f = fopen(name, "w");
	if (!f)
		return err_set(e, ERR_IO, "cannot write %s: %s", name,
			       strerror(errno));
	bad = fwrite(text->data, 1, text->len, f) != text->len;
	bad = fclose(f) != 0 || bad;
	if (bad)
		return err_set(e, ERR_IO, "cannot write all of %s: %s", name,
			       strerror(errno));
	return ERR_OK;
}
