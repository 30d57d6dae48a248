/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "tui/canvas.h"
#include "tui/widget/plot_int.h"

enum {
	BRAILLE = 0x2800,
	LETTER_EVERY = 14, /* cells between two letters on one curve */
};

/* What may hide what: a cell belongs to the highest that touched it. */
enum layer { LAYER_CURSOR, LAYER_FAINT, LAYER_CURVE };

char plot_letter(int number)
{
	return (char)('a' + number % 26);
}

enum style plot_style(int number)
{
	return (enum style)(STYLE_SERIES0 + number % 8);
}

/* ---- figures to dots ---- */

double plot_to_y(const struct plot_frame *f, double y)
{
	if (!f->log_y)
		return y;
	return y > 0 ? log10(y) : (double)NAN;
}

double plot_to_x(const struct plot_frame *f, double x)
{
	if (!f->log_x)
		return x;
	return x > 0 ? log10(x) : -1e6;
}

int plot_dot_x(const struct plot_frame *f, double x)
{
	double low = plot_to_x(f, f->x_low), high = plot_to_x(f, f->x_high);
	double share =
		high > low ? (plot_to_x(f, x) - low) / (high - low) : 0.5;
	double dot = round(share * (f->width - 1));

	return (int)fmin(fmax(dot, -1e6), 1e6);
}

int plot_dot_y(const struct plot_frame *f, double y)
{
	double share = (y - f->y_low) / (f->y_high - f->y_low);
	double dot = round((1 - share) * (f->height - 1));

	return (int)fmin(fmax(dot, -1), f->height);
}

static struct cell *cell_at(const struct plot_frame *f, int row, int col)
{
	const struct canvas *c = &f->pane;

	row += c->top;
	col += c->left;
	if (row < 0 || col < 0 || row >= c->rows || col >= c->cols)
		return NULL;
	return &c->cells[row * c->cols + col];
}

static enum layer layer_of(const struct cell *cell)
{
	if (cell->style >= STYLE_SERIES0 && cell->style <= STYLE_SERIES7)
		return LAYER_CURVE;
	return cell->style == STYLE_DIM ? LAYER_FAINT : LAYER_CURSOR;
}

/* Where a dashed curve has no dots. */
static bool in_gap(const struct plot_frame *f, const struct plot_series *s,
		   int x)
{
	int dash = 4 * f->dots_x;

	return s->dashed && x % dash >= dash / 2;
}

/* Light one dot.  `plain` is what stands for it in ASCII. */
static void light(const struct plot_frame *f, int x, int y, enum style st,
		  char plain)
{
	/* bits of U+28xx by column and row within the cell */
	static const unsigned char bits[4][2] = {
		{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
	enum layer layer = st == STYLE_DIM ? LAYER_FAINT : LAYER_CURVE;
	struct cell *cell;
	bool braille;

	if (x < 0 || y < 0 || x >= f->width || y >= f->height)
		return;
	cell = cell_at(f, y / f->dots_y, x / f->dots_x);
	if (!cell || layer < layer_of(cell))
		return;
	if (f->dots_x == 1) {
		cell->glyph = (unsigned char)plain;
	} else {
		braille = cell->glyph >= BRAILLE && cell->glyph < BRAILLE + 256;
		if (!braille || layer > layer_of(cell))
			cell->glyph = BRAILLE;
		cell->glyph |= bits[y % 4][x % 2];
	}
	cell->style = (uint8_t)st;
}

/* ---- the layers of one series ---- */

/* First point at or after the left edge, and one before it if there is one,
 * so that a line enters the frame from outside. */
static size_t first_shown(const struct plot_frame *f,
			  const struct plot_series *s)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->x[mid] < f->x_low)
			low = mid + 1;
		else
			high = mid;
	}
	return low > 0 ? low - 1 : 0;
}

/* Between two points the band's ends go straight, as the curve does. */
void plot_band(const struct plot_frame *f, const struct plot_series *s)
{
	int last_x = 0;
	double last_low = (double)NAN, last_high = (double)NAN;

	for (size_t i = first_shown(f, s); i < s->count; i++) {
		double low = plot_to_y(f, s->low[i]),
		       high = plot_to_y(f, s->high[i]);
		int x = plot_dot_x(f, s->x[i]);
		int from = isfinite(last_low) && isfinite(last_high)
				   ? last_x + 1
				   : x;

		if (f->log_y && !isfinite(low))
			low = f->y_low; /* a band that goes below zero */
		for (int k = from < 0 ? 0 : from;
		     k <= x && k < f->width && isfinite(low) && isfinite(high);
		     k++) {
			double t = k == x ? 1
					  : (double)(k - last_x) / (x - last_x);
			double a =
				k == x ? low : last_low + t * (low - last_low);
			double b = k == x ? high
					  : last_high + t * (high - last_high);
			int top = plot_dot_y(f, b), bottom = plot_dot_y(f, a);

			for (int y = top < 0 ? 0 : top;
			     y <= bottom && y < f->height; y++) {
				/* a checkerboard: a texture where there is no
				 * colour to be dim in; its ends are full */
				if (f->dots_x == 1 || (k + y) % 2 == 0 ||
				    y == top || y == bottom)
					light(f, k, y, STYLE_DIM, ':');
			}
		}
		last_x = x;
		last_low = low;
		last_high = high;
		if (x >= f->width)
			break;
	}
}

/* Every point that was measured, and all between the least and the greatest of
 * those that share a column: thinning must not hide a spike. */
void plot_points(const struct plot_frame *f, const struct plot_series *s)
{
	const double *values = s->raw ? s->raw : s->y;
	size_t i = first_shown(f, s);

	while (i < s->count) {
		int x = plot_dot_x(f, s->x[i]);
		int top = f->height, bottom = -1;

		for (; i < s->count && plot_dot_x(f, s->x[i]) == x; i++) {
			double v = plot_to_y(f, values[i]);
			int y;

			if (!isfinite(v))
				continue;
			y = plot_dot_y(f, v);
			top = y < top ? y : top;
			bottom = y > bottom ? y : bottom;
		}
		if (x >= f->width)
			break;
		for (int y = top < 0 ? 0 : top; y <= bottom && y < f->height;
		     y++)
			light(f, x, y, STYLE_DIM, '.');
	}
}

static void line_to(const struct plot_frame *f, const struct plot_series *s,
		    int x0, double y0, int x1, double y1, char plain)
{
	enum style st = plot_style(s->number);
	int last = plot_dot_y(f, y0);

	for (int x = x0; x <= x1 && x < f->width; x++) {
		double v = x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y1;
		int y = plot_dot_y(f, v);
		/* from the last row's neighbour, so that steep lines have no
		 * doubled corners */
		int from = y > last ? last + 1 : y < last ? last - 1 : y;
		int step = y >= from ? 1 : -1;

		if (x == x0)
			from = y;
		if (x >= 0 && !in_gap(f, s, x)) {
			for (int k = from; k != y + step; k += step)
				light(f, x, k, st, plain);
		} else if (x + 1000 < 0) {
			x = -1000; /* far outside: nothing to see on the way */
			v = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
			y = plot_dot_y(f, v);
		}
		last = y;
	}
}

/* The curve goes through the mean of each column. */
void plot_curve(const struct plot_frame *f, const struct plot_series *s,
		bool alone)
{
	char plain = alone ? '*' : plot_letter(s->number);
	bool connected = false;
	size_t i = first_shown(f, s);
	double last_y = 0;
	int last_x = 0;

	while (i < s->count && last_x < f->width) {
		int x = plot_dot_x(f, s->x[i]), n = 0;
		bool gap = false;
		double sum = 0;

		for (; i < s->count && plot_dot_x(f, s->x[i]) == x; i++) {
			double v = plot_to_y(f, s->y[i]);

			if (!isfinite(v)) {
				gap = true;
				continue;
			}
			sum += v;
			n++;
		}
		if (n) {
			double mean = sum / n;

			if (connected)
				line_to(f, s, last_x, last_y, x, mean, plain);
			else
				line_to(f, s, x, mean, x, mean, plain);
			last_y = mean;
		}
		last_x = x;
		connected = n && !gap;
	}
}

/* The curve's height at x, between its points; NaN outside and in gaps. */
static double value_at(const struct plot_frame *f, const struct plot_series *s,
		       double x)
{
	size_t low = 0, high = s->count;
	double a, b, from, to;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->x[mid] < x)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == s->count)
		return (double)NAN;
	b = plot_to_y(f, s->y[low]);
	if (s->x[low] <= x || low == 0)
		return s->x[low] <= x ? b : (double)NAN;
	a = plot_to_y(f, s->y[low - 1]);
	from = plot_to_x(f, s->x[low - 1]);
	to = plot_to_x(f, s->x[low]);
	return a + (b - a) * (plot_to_x(f, x) - from) / (to - from);
}

void plot_put(const struct plot_frame *f, double x, double y, enum style st,
	      uint32_t glyph)
{
	struct cell *cell;
	int dx = plot_dot_x(f, x), dy = plot_dot_y(f, y);

	if (dx < 0 || dy < 0 || dx >= f->width || dy >= f->height)
		return;
	cell = cell_at(f, dy / f->dots_y, dx / f->dots_x);
	if (cell) {
		cell->glyph = glyph;
		cell->style = (uint8_t)st;
	}
}

/* Few points: each is marked.  Many: several curves get their letter now and
 * then, each at other columns, and at their end. */
void plot_marks(const struct plot_frame *f, const struct plot_series *s,
		int series)
{
	enum style st = plot_style(s->number);
	uint32_t mark = series > 1       ? (unsigned char)plot_letter(s->number)
			: f->dots_x == 1 ? '*'
					 : 0x2022;
	int cols = f->width / f->dots_x, shown = 0, last = -1;
	double begin = plot_to_x(f, f->x_low);
	double step =
		(plot_to_x(f, f->x_high) - begin) / (cols > 1 ? cols - 1 : 1);

	for (size_t i = 0; i < s->count; i++) {
		if (s->x[i] >= f->x_low && s->x[i] <= f->x_high &&
		    isfinite(plot_to_y(f, s->y[i]))) {
			shown++;
			last = (int)i;
		}
	}
	if (shown && shown * 5 <= cols + 4) {
		for (size_t i = 0; i < s->count; i++) {
			double y = plot_to_y(f, s->y[i]);

			if (isfinite(y))
				plot_put(f, s->x[i], y, st, mark);
		}
	} else if (shown && series > 1) {
		int offset = (s->number % series) * LETTER_EVERY / series;

		for (int col = 2 + offset; col < cols; col += LETTER_EVERY) {
			double at = begin + col * step;
			double x = f->log_x ? pow(10, at) : at;
			double y = value_at(f, s, x);

			if (isfinite(y))
				plot_put(f, x, y, st, mark);
		}
		plot_put(f, s->x[last], plot_to_y(f, s->y[last]), st, mark);
	}
}
