/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/base/svg.h"

#include <math.h>

#include "core/base/buf.h"

enum { COLOURS = 8 };

struct svg_ink svg_ink(int series)
{
	static const char *const colours[COLOURS] = {
		"#0072b2", "#d55e00", "#009e73", "#cc79a7",
		"#e69f00", "#56b4e9", "#000000", "#999999"};
	static const char *const dashes[] = {"", " stroke-dasharray=\"6 3\"",
					     " stroke-dasharray=\"2 2\""};

	return (struct svg_ink){colours[series % COLOURS],
				dashes[series / COLOURS % 3]};
}

void svg_begin(int wide, int high, struct buf *out)
{
	buf_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" "
		   "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
		   "font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\" "
		   "fill=\"#fff\"/>\n",
		   wide, high);
}

void svg_end(struct buf *out)
{
	buf_puts(out, "</svg>\n");
}

void svg_escape(const char *text, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n && text[i]; i++) {
		if (text[i] == '<')
			buf_puts(out, "&lt;");
		else if (text[i] == '>')
			buf_puts(out, "&gt;");
		else if (text[i] == '&')
			buf_puts(out, "&amp;");
		else if ((unsigned char)text[i] >= ' ')
			buf_putc(out, text[i]);
	}
}

void svg_words(struct buf *out, double x, double y, const char *anchor,
	       const char *text, size_t n)
{
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y,
		   anchor);
	svg_escape(text, n, out);
	buf_puts(out, "</text>\n");
}

double svg_step(double range, int count)
{
	double rough = range / count, power = pow(10, floor(log10(rough)));
	double n = rough / power;

	return power * (n < 1.5 ? 1 : n < 3.5 ? 2 : n < 7.5 ? 5 : 10);
}
