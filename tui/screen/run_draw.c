/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/run.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/session/overlay.h"
#include "core/session/series.h"
#include "tui/canvas.h"
#include "tui/row/words.h"
#include "tui/screen/charts.h"
#include "tui/screen/job_view.h"
#include "tui/widget/plot.h"
#include "tui/widget/popup.h"

int64_t run_page_checkpoint(const struct run_page *p)
{
	int64_t step = p->charts.figures.has_cursor
			       ? overlay_step(&p->charts.figures)
			       : -1;
	int64_t best = -1;

	for (size_t i = 0; i < p->step_count; i++) {
		if (step < 0 || best < 0 ||
		    llabs(p->steps[i] - step) < llabs(best - step))
			best = p->steps[i];
	}
	return best;
}

/* Which run has which letter, then how the charts are set. */
static void draw_settings(const struct run_page *p, struct canvas *c, int row)
{
	const struct charts *charts = &p->charts;
	int64_t step = run_page_checkpoint(p);
	int col = 0, width;
	struct buf b;

	buf_init(&b);
	charts_describe(charts, &b);
	if (step >= 0)
		buf_printf(&b, "  Enter: checkpoint %lld", (long long)step);
	width = canvas_width(b.data);
	for (int i = 0;
	     i < charts->figures.run_count && charts->figures.run_count > 1;
	     i++) {
		int room = c->width - width - col - 2;

		if (room < 4)
			break;
		canvas_glyph(c, row, col, plot_style(i),
			     (unsigned char)plot_letter(i));
		col = canvas_text(c, row, col + 2,
				  i == charts->figures.top ? STYLE_BOLD
							   : STYLE_NORMAL,
				  charts->figures.run[i].run) +
		      2;
	}
	if (charts->figures.run_count > 1)
		canvas_right(c, row, c->width, STYLE_LABEL, b.data);
	else
		canvas_text(c, row, 0, STYLE_LABEL, b.data);
	buf_release(&b);
}

int run_page_fact_lines(const struct run_page *p)
{
	int lines = 0;

	for (const char *t = p->facts; *t; t++)
		lines += *t == '\n';
	return lines;
}

static void draw_facts(const struct run_page *p, struct canvas *c)
{
	int row = -p->facts_top;
	struct canvas pane =
		popup(c, run_page_fact_lines(p) + 2, 72,
		      "Up and Down scroll, any other key goes back");

	for (const char *t = p->facts; *t; row++) {
		int len = (int)strcspn(t, "\n");

		canvas_printf(&pane, row, 1, STYLE_NORMAL, "%.*s", len, t);
		t += len + (t[len] == '\n');
	}
}

void run_page_draw(const void *self, struct canvas *c)
{
	const struct run_page *p = self;
	int head = c->height >= 10 ? 2 : 1;
	struct canvas pane =
		canvas_pane(c, head, 0, c->height - head, c->width);

	if (p->job.present)
		job_view_draw(&p->job, c, 0);
	else
		canvas_printf(c, 0, 0, STYLE_NORMAL, "%s; %s", p->state,
			      p->can_go_on ? "r starts it again"
					   : "what it needs to go on is not "
					     "in this lab");
	if (head > 1)
		draw_settings(p, c, 1);
	charts_draw(&p->charts, &pane);
	if (p->show_facts && p->facts)
		draw_facts(p, c);
}

void run_page_status(const void *self, struct buf *out)
{
	const struct run_page *p = self;

	buf_printf(out, "%s: %s, ", p->charts.figures.run[0].run, p->kind);
	game_text(p->game, out);
}
