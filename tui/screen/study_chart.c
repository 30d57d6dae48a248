/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "core/base/buf.h"
#include "core/base/csv.h"
#include "core/lab/study_picture.h"
#include "tui/picture.h"
#include "tui/screen/study.h"
#include "tui/widget/plot.h"

/* What a study shows, as files: figures with what is behind them. */

static void put_figure(struct buf *out, const char *label, const char *what,
		       double x, double value, double low, double high)
{
	csv_text(out, label);
	buf_putc(out, ',');
	csv_text(out, what);
	csv_number(out, x);
	csv_number(out, value);
	csv_number(out, low);
	csv_number(out, high);
	buf_putc(out, '\n');
}

/* A row's mean, and every seed that it is the mean of; every point of a line.
 */
static void put_values(const struct study_drawing *d, struct buf *out)
{
	buf_puts(out, "row,what,x,value,low,high\n");
	for (int i = 0; i < d->row_count; i++) {
		const struct study_row *r = &d->rows[i];

		put_figure(out, r->label, r->against ? r->against : "mean",
			   (double)NAN, r->value, r->low, r->high);
		for (int k = 0; r->dots && k < r->seeds; k++)
			put_figure(out, r->label, "seed", (double)NAN,
				   r->dots[k], (double)NAN, (double)NAN);
	}
	for (int i = 0; i < d->stroke_count; i++) {
		const struct study_stroke *s = &d->strokes[i];

		for (size_t k = 0; k < s->count; k++)
			put_figure(out, s->label, s->dashed ? "after" : "point",
				   s->count > 1 ? s->x[k] : (double)NAN,
				   s->y[k], s->low ? s->low[k] : (double)NAN,
				   s->high ? s->high[k] : (double)NAN);
	}
}

/* What the arms did and took. */
static void put_arms(const struct study_view *v, struct buf *out)
{
	buf_puts(out, "arm,role,run,trials,done,failed,games,state_bytes,"
		      "flops_per_move,seconds\n");
	for (size_t i = 0; i < v->arm_count; i++) {
		const struct study_cost *c = &v->costs[i];

		csv_text(out, v->arms[i].name);
		buf_putc(out, ',');
		csv_text(out, v->arms[i].role);
		buf_putc(out, ',');
		csv_text(out, c->run ? c->run : "");
		buf_printf(out, ",%d,%d,%d,%lld,%lld", c->trials, c->done,
			   c->failed, (long long)c->games,
			   (long long)c->state_bytes);
		csv_number(out, c->flops);
		csv_number(out, c->seconds);
		buf_putc(out, '\n');
	}
}

/* The ledger and the arms are tables: values alone. */
static bool is_arms(const struct study_page *p)
{
	return p->tab == STUDY_ARMS || (p->tab == STUDY_PICTURES &&
					p->picture == p->all.drawings.count);
}

bool study_page_chart(const void *self, enum picture_format f, struct buf *out)
{
	const struct study_page *p = self;
	const struct study_panel *panel = study_page_panel(p);
	struct plot_series s[STUDY_LINES_MOST];
	struct plot plot;

	if (p->tab == STUDY_PICTURES && p->picture < p->all.drawings.count) {
		const struct study_drawing *d =
			&p->all.drawings.all[p->picture];

		if (f == PICTURE_SVG)
			study_drawing_svg(d, out);
		else
			put_values(d, out);
		return true;
	}
	if (is_arms(p) && f == PICTURE_CSV) {
		put_arms(&p->all, out);
		return true;
	}
	if (p->tab != STUDY_CURVES || !panel)
		return false;
	plot = study_page_plot(p, panel, s);
	plot_picture(&plot, f, out);
	return true;
}
