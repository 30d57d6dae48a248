/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/lab/study_picture.h"
#include "core/session/study_view.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/row/words.h"
#include "tui/screen/study.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"

/* The pictures that a study offers (core/study/picture.h), in cells. */

enum {
	LABEL = 16,  /* columns before an axis of rows */
	FIGURE = 30, /* and behind it */
	COST = 24,   /* and behind that, where there is room */
	WIDE = 150,
	TALL = 40,
	LINES_MOST = 12,
};

/* ---- rows on one axis ---- */

struct axis_cells {
	const struct study_drawing *d;
	struct canvas *c;
	int left, width;
	int front; /* the arm that is selected; -1: none */
};

/* -1: before it, `width`: behind it. */
static int cell_of(const struct axis_cells *a, double v)
{
	double share = (v - a->d->low) / (a->d->high - a->d->low);

	if (!(a->d->high > a->d->low))
		return a->width / 2;
	return share < 0   ? -1
	       : share > 1 ? a->width
			   : (int)round(share * (a->width - 1));
}

static int inside(const struct axis_cells *a, int cell)
{
	return cell < 0 ? 0 : cell >= a->width ? a->width - 1 : cell;
}

static void put(const struct axis_cells *a, int row, int cell, enum style st,
		uint32_t glyph, char plain)
{
	canvas_glyph_or(a->c, row, a->left + cell, st, glyph, plain);
}

/* Where 0 and the marks are, in every row. */
static void draw_ground(const struct axis_cells *a, int row)
{
	const struct study_mark *m = a->d->picture->marks;

	put(a, row, inside(a, cell_of(a, 0)), STYLE_BORDER, 0x2502, '|');
	for (; m && m->label; m++)
		put(a, row, inside(a, cell_of(a, m->at)), STYLE_BORDER, 0x2502,
		    '|');
}

static void draw_interval(const struct axis_cells *a, int row,
			  const struct study_row *r, enum style st)
{
	int from = cell_of(a, r->low), to = cell_of(a, r->high);

	if (isnan(r->low) || isnan(r->high))
		return;
	for (int i = inside(a, from); i <= inside(a, to); i++)
		put(a, row, i, st, 0x2500, '-');
	if (from >= 0 && from < a->width)
		put(a, row, from, st, 0x251c, '|');
	if (to >= 0 && to < a->width)
		put(a, row, to, st, 0x2524, '|');
}

/* Several seeds in one cell are counted. */
static void draw_seeds(const struct axis_cells *a, int row,
		       const struct study_row *r, enum style st)
{
	for (int i = 0; r->dots && i < r->seeds; i++) {
		int at = cell_of(a, r->dots[i]), n = 0;

		for (int k = 0; k < r->seeds; k++)
			n += cell_of(a, r->dots[k]) == at;
		if (at < 0)
			put(a, row, 0, st, 0x25c2, '<');
		else if (at >= a->width)
			put(a, row, a->width - 1, st, 0x25b8, '>');
		else if (n == 1)
			put(a, row, at, st, 0x2022, 'o');
		else
			put(a, row, at, st, (uint32_t)(n < 10 ? '0' + n : '+'),
			    n < 10 ? (char)('0' + n) : '+');
	}
}

static void draw_bar(const struct axis_cells *a, int row,
		     const struct study_row *r, enum style st)
{
	int zero = inside(a, cell_of(a, 0)),
	    to = inside(a, cell_of(a, r->value));

	for (int i = zero < to ? zero : to; i <= (zero < to ? to : zero); i++)
		put(a, row, i, st, 0x2592, '=');
	draw_interval(a, row, r, st);
	put(a, row, to, st, 0x25cf, 'X');
}

/* Memory and work of a move, where it is known. */
static void draw_cost(const struct study_view *v, const struct study_row *r,
		      struct canvas *c, int row, int col)
{
	const struct study_cost *cost = &v->costs[r->arm];
	struct buf text;

	buf_init(&text);
	if (!isnan(cost->flops))
		buf_printf(&text, "%.3g FLOP ", cost->flops);
	if (cost->state_bytes)
		bytes_text(cost->state_bytes, &text);
	if (text.len)
		canvas_field(c, row, col, COST - 1, STYLE_DIM, text.data);
	buf_release(&text);
}

static void draw_row(const struct study_view *v, const struct axis_cells *a,
		     const struct study_row *r, int row)
{
	enum style st = r->arm < 0 ? STYLE_NORMAL : plot_style(r->arm);
	int room = a->c->width - a->left - a->width - 1;
	struct buf text;

	canvas_field(a->c, row, 1, LABEL - 2,
		     r->arm >= 0 && r->arm == a->front ? STYLE_SELECTED
						       : STYLE_BOLD,
		     r->label);
	draw_ground(a, row);
	if (a->d->dots) {
		draw_interval(a, row, r, STYLE_DIM);
		draw_seeds(a, row, r, st);
	} else {
		draw_bar(a, row, r, st);
	}
	buf_init(&text);
	study_row_text(r, &text);
	if (r->seeds)
		buf_printf(&text, " n=%d", r->seeds);
	if (r->each)
		buf_printf(&text, "x%lld", (long long)r->each);
	if (r->against)
		buf_printf(&text, " %s", r->against);
	canvas_field(a->c, row, a->left + a->width + 1,
		     room < FIGURE ? room : FIGURE, STYLE_VALUE, text.data);
	if (room >= FIGURE + COST && r->arm >= 0)
		draw_cost(v, r, a->c, row, a->left + a->width + 1 + FIGURE);
	buf_release(&text);
}

/* The marks' names above the axis; what has no room stands a line further up.
 */
static void draw_marks(const struct axis_cells *a, int row)
{
	const struct study_mark *m = a->d->picture->marks;
	int from[2] = {0, 0};

	if (!m)
		canvas_text(a->c, row, a->left + inside(a, cell_of(a, 0)),
			    STYLE_LABEL, "0");
	for (; m && m->label; m++) {
		char text[40];
		int width, at, line;

		snprintf(text, sizeof(text), "%.3g %s", m->at, m->label);
		width = canvas_width(text);
		at = inside(a, cell_of(a, m->at)) - width / 2;
		if (at + width > a->width)
			at = a->width - width;
		at = at < 0 ? 0 : at;
		line = at < from[0];
		if (at < from[line])
			continue;
		canvas_text(a->c, row + 1 - line, a->left + at, STYLE_LABEL,
			    text);
		from[line] = at + width + 1;
	}
}

int study_picture_rows(const struct study_view *v,
		       const struct study_drawing *d, int front,
		       struct canvas *c, int row)
{
	int behind = c->width >= 110 ? FIGURE + COST : FIGURE, lines = 1;
	struct axis_cells a = {d, c, LABEL, c->width - LABEL - behind - 2,
			       front};

	if (a.width < 8)
		a.width = 8;
	if (d->picture->marks)
		lines = 2;
	draw_marks(&a, row);
	for (int i = 0; i < d->row_count; i++)
		draw_row(v, &a, &d->rows[i], row + lines + i);
	return d->row_count + lines;
}

/* ---- direct matches less the fit ---- */

static int draw_fit(const struct study_drawing *d, struct canvas *c, int row)
{
	enum { COLUMN = 10 };

	canvas_right(c, row, LABEL + COLUMN, STYLE_LABEL, "fit");
	for (int o = 0; o < d->opponents; o++)
		canvas_right(c, row, LABEL + COLUMN * (o + 2), STYLE_LABEL,
			     d->picture->of[o].label);
	for (int i = 0; i < d->row_count; i++) {
		const struct study_row *r = &d->rows[i];
		char text[32];

		canvas_field(c, ++row, 1, LABEL - 2, STYLE_BOLD, r->label);
		snprintf(text, sizeof(text), "%.0f", r->fitted);
		canvas_right(c, row, LABEL + COLUMN, STYLE_VALUE, text);
		for (int o = 0; o < d->opponents; o++) {
			if (isnan(r->rest[o]))
				continue;
			snprintf(text, sizeof(text), "%+.0f", r->rest[o]);
			canvas_right(c, row, LABEL + COLUMN * (o + 2),
				     STYLE_VALUE, text);
		}
	}
	return d->row_count + 1;
}

/* ---- lines ---- */

/* A level crosses the whole picture. */
struct level {
	double x[2], y[2];
};

/* Each label has a letter; the pieces of one line share it. */
static int letter_of(const struct study_drawing *d, int stroke)
{
	int n = 0;

	for (int i = 0; i < stroke; i++)
		n += strcmp(d->strokes[i].label, d->strokes[i + 1].label) != 0;
	return n;
}

static bool lines_extent(const struct study_drawing *d, double *low,
			 double *high)
{
	*low = INFINITY;
	*high = -INFINITY;
	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].count > 1) {
			const struct study_stroke *s = &d->strokes[i];

			*low = fmin(*low, s->x[0]);
			*high = fmax(*high, s->x[s->count - 1]);
		}
	if (*low <= *high)
		return true;
	*low = 0;
	*high = 1;
	return false;
}

/* On the axis, what each is worth: h times the cut. */
static void draw_worth(const struct study_drawing *d,
		       const struct plot_area *area, struct canvas *c)
{
	double from = log10(area->x_low), to = log10(area->x_high);

	/* Where there is no axis but its figures. */
	if (area->top + area->rows + 1 >= c->height)
		return;
	for (int i = 0; i < d->row_count && area->rows; i++) {
		double x = log10(d->cut * d->rows[i].value);
		int n = 0;

		while (n < d->stroke_count &&
		       strcmp(d->strokes[n].label, d->rows[i].label) != 0)
			n++;
		if (n == d->stroke_count || !(x >= from && x <= to))
			continue;
		canvas_glyph(c, area->top + area->rows,
			     area->left + (int)round((x - from) / (to - from) *
						     (area->cols - 1)),
			     STYLE_SELECTED,
			     (unsigned char)plot_letter(letter_of(d, n)));
	}
}

/* The axis once more, in multiples of the cut. */
static void draw_multiples(const struct study_drawing *d,
			   const struct plot_area *area, struct canvas *c,
			   int row)
{
	static const double times[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100};
	double from = log10(area->x_low), to = log10(area->x_high);
	int free_from = area->left;

	canvas_right(c, row, area->left - 1, STYLE_LABEL, d->picture->estimate);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		double x = log10(d->cut * times[i]);
		int at = area->left + (int)round((x - from) / (to - from) *
						 (area->cols - 1));
		char text[16];

		snprintf(text, sizeof(text), "x%g", times[i]);
		if (x < from || x > to || at < free_from ||
		    at + (int)strlen(text) > area->left + area->cols)
			continue;
		free_from = canvas_text(c, row, at, STYLE_LABEL, text) + 1;
	}
}

static int draw_told(const struct study_drawing *d, struct canvas *c, int row)
{
	for (int i = 0; i < d->row_count; i++, row++) {
		const struct study_row *r = &d->rows[i];
		struct buf text;

		buf_init(&text);
		study_row_text(r, &text);
		buf_printf(&text, " times the cut, %.0f games, n=%d",
			   d->cut * r->value, r->seeds);
		canvas_printf(c, row, 1, STYLE_BOLD, "%s %s",
			      d->picture->estimate, r->label);
		canvas_text(c, row, 20, STYLE_VALUE, text.data);
		buf_release(&text);
	}
	return row;
}

/* The first line of the arm `front` lies on top. */
static void draw_lines(const struct study_drawing *d, int front,
		       struct canvas *c)
{
	struct plot_series s[LINES_MOST];
	struct level levels[LINES_MOST];
	struct plot plot = {
		.x_kind = AXIS_NUMBER, .y_kind = AXIS_NUMBER, .series = s};
	bool cut = !isnan(d->cut), found = false;
	int told = cut ? 1 + d->row_count : 0;
	struct canvas pane;
	struct plot_area area;
	double low, high;

	if (told > c->height / 3)
		told = c->height / 3;
	pane = canvas_pane(c, 0, 0, c->height - told, c->width);
	lines_extent(d, &low, &high);
	if (low > 0 && high >= 4 * low)
		plot.x_kind = AXIS_LOG;
	plot.has_mark = cut;
	plot.mark = d->cut;
	for (int i = 0; i < d->stroke_count && plot.count < LINES_MOST; i++) {
		const struct study_stroke *l = &d->strokes[i];
		struct level *level = &levels[plot.count];
		bool flat = l->count < 2, again;

		again = i && !strcmp(l->label, d->strokes[i - 1].label);
		if (l->arm == front && front >= 0 && !found) {
			plot.focus = plot.count;
			found = true;
		}
		*level = (struct level){{low, high}, {l->y[0], l->y[0]}};
		s[plot.count++] = (struct plot_series){
			.name = again ? NULL : l->label,
			.x = flat ? level->x : l->x,
			.y = flat ? level->y : l->y,
			.low = flat ? NULL : l->low,
			.high = flat ? NULL : l->high,
			.count = flat ? 2 : l->count,
			.number = letter_of(d, i),
			.dashed = l->dashed,
			.piece = again,
		};
	}
	area = plot_draw(&plot, &pane);
	if (!told || !area.rows)
		return;
	draw_worth(d, &area, &pane);
	draw_multiples(d, &area, c, c->height - told);
	draw_told(d, c, c->height - told + 1);
}

/* ---- which losses moved what ---- */

static int draw_ledger(const struct study_view *v, int front, struct canvas *c,
		       int row)
{
	int first = row;

	canvas_text(c, row++, 1, STYLE_LABEL,
		    "arm             games      state  FLOP/move  "
		    "loss moved weights, by their norm");
	for (size_t i = 0; i < v->arm_count; i++) {
		const struct study_cost *cost = &v->costs[i];
		struct buf text;

		if (!cost->done)
			continue;
		canvas_field(c, row, 1, LABEL - 2,
			     (int)i == front ? STYLE_SELECTED : STYLE_BOLD,
			     v->arms[i].name);
		if (cost->games)
			canvas_printf(c, row, 17, STYLE_VALUE, "%lld",
				      (long long)cost->games);
		buf_init(&text);
		if (cost->state_bytes)
			bytes_text(cost->state_bytes, &text);
		if (text.len)
			canvas_right(c, row, 33, STYLE_VALUE, text.data);
		if (!isnan(cost->flops))
			canvas_printf(c, row, 35, STYLE_VALUE, "%9.3g",
				      cost->flops);
		buf_clear(&text);
		for (int k = 0; k < cost->moved_count; k++)
			buf_printf(&text, "%s%s moved %s %.3g", k ? "; " : "",
				   cost->moved[k].loss, cost->moved[k].block,
				   cost->moved[k].norm);
		canvas_field(c, row++, 46, c->width - 47, STYLE_NORMAL,
			     text.len ? text.data : "no weights moved");
		buf_release(&text);
	}
	return row - first;
}

/* ---- all of them ---- */

int study_picture_count(const struct study_view *v)
{
	return v->drawings.count ? v->drawings.count + 1 : 0;
}

bool study_picture_tells(const struct study_view *v, int number, int arm)
{
	const struct study_drawing *d = &v->drawings.all[number];

	if (number == v->drawings.count)
		return v->costs[arm].done > 0;
	for (int i = 0; i < d->row_count; i++)
		if (d->rows[i].arm == arm)
			return true;
	for (int i = 0; i < d->stroke_count; i++)
		if (d->strokes[i].arm == arm)
			return true;
	return false;
}

static int picture_rows(const struct study_page *p, int number,
			struct canvas *c, int row)
{
	const struct study_view *v = &p->all;
	const struct study_drawing *d = &v->drawings.all[number];
	int front = p->arms.row_count ? p->arms.selected : -1;

	if (number == v->drawings.count)
		return draw_ledger(v, front, c, row);
	if (d->opponents)
		return draw_fit(d, c, row);
	return study_picture_rows(v, d, front, c, row);
}

/* What is longer than its pane is scrolled. */
static void draw_scrolled(const struct study_page *p, int number,
			  struct canvas *c, bool front)
{
	int top = front ? p->top[STUDY_PICTURES] : 0, rows, most;
	struct canvas nowhere;

	canvas_init(&nowhere, 1, c->width > 0 ? c->width : 1);
	rows = picture_rows(p, number, &nowhere, 0);
	canvas_release(&nowhere);
	most = rows > c->height ? rows - c->height : 0;
	top = top > most ? most : top;
	picture_rows(p, number, c, -top);
	if (top < most)
		canvas_right(c, c->height - 1, c->width - 1, STYLE_LABEL,
			     " ↓ more");
	if (front)
		canvas_region(c, p, STUDY_REGION_TEXT, most);
}

static void draw_one(const struct study_page *p, int number, struct canvas *c)
{
	const struct study_drawing *d = number < p->all.drawings.count
						? &p->all.drawings.all[number]
						: NULL;
	bool front = number == p->picture;
	struct canvas body = canvas_pane(c, 1, 0, c->height - 1, c->width);
	char text[160];
	int col, seeds = 0;

	snprintf(text, sizeof(text), "%d of %d", number + 1,
		 study_picture_count(&p->all));
	col = c->width - (int)strlen(text) - 1;
	canvas_text(c, 0, col, STYLE_DIM, text);
	for (int i = 0; d && i < d->stroke_count; i++)
		seeds = d->strokes[i].seeds > seeds ? d->strokes[i].seeds
						    : seeds;
	if (d && seeds)
		snprintf(text, sizeof(text), "%s (%s; n=%d)", d->picture->title,
			 d->picture->unit, seeds);
	else if (d)
		snprintf(text, sizeof(text), "%s (%s)", d->picture->title,
			 d->picture->unit);
	else
		snprintf(text, sizeof(text),
			 "What each arm took, and learned "
			 "by");
	canvas_field(c, 0, 1, col - 2, front ? STYLE_SELECTED : STYLE_TITLE,
		     text);
	if (d && d->stroke_count)
		draw_lines(d, p->arms.row_count ? p->arms.selected : -1, &body);
	else
		draw_scrolled(p, number, &body, front);
}

void study_picture_draw(const struct study_page *p, struct canvas *c)
{
	int rows = c->height >= TALL ? 2 : 1, cols = c->width >= WIDE ? 2 : 1;
	int first = p->picture / (rows * cols) * (rows * cols);
	int left = study_picture_count(&p->all) - first;
	int height, width = c->width / cols;

	/* The last ones may have all of it. */
	if (left <= cols)
		rows = 1;
	height = c->height / rows;
	canvas_cursor(c, 0, 1);
	for (int i = 0;
	     i < rows * cols && first + i < study_picture_count(&p->all); i++) {
		struct canvas pane =
			canvas_pane(c, i / cols * height, i % cols * width,
				    height - (rows > 1), width - (cols > 1));

		draw_one(p, first + i, &pane);
	}
}
