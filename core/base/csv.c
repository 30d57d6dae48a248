/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/csv.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"

void csv_text(struct buf *out, const char *text)
{
	if (!strpbrk(text, "\",\n")) {
		buf_puts(out, text);
		return;
	}
	buf_putc(out, '"');
	for (const char *c = text; *c; c++)
		buf_printf(out, *c == '"' ? "\"%c" : "%c", *c);
	buf_putc(out, '"');
}

void csv_number(struct buf *out, double v)
{
	if (isnan(v))
		buf_putc(out, ',');
	else
		buf_printf(out, ",%.17g", v);
}
