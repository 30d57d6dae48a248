/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/study.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/lab/study_series.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/row/kinds.h"
#include "tui/row/words.h"
#include "tui/screen/job_view.h"
#include "tui/widget/axis.h"
#include "tui/widget/plot.h"
#include "tui/widget/table.h"
#include "tui/widget/whisker.h"

enum { LINES_MOST = STUDY_LINES_MOST };

const char *const study_page_tabs[STUDY_TABS] = {"verdict", "pictures",
						 "curves", "arms", "plan"};

bool study_page_has(const struct study_page *p, enum study_tab tab)
{
	return tab != STUDY_PICTURES || study_picture_count(&p->all) > 0;
}

bool study_page_draws(const struct study_page *p, int arm)
{
	return p->all.arm_count <= LINES_MOST ||
	       study_same_family(p->all.arms[arm].name,
				 p->all.arms[p->arms.selected].name);
}

bool study_page_shows(const struct study_page *p,
		      const struct study_panel *panel)
{
	for (int i = 0; i < panel->line_count; i++)
		if (study_page_draws(p, panel->lines[i].arm))
			return true;
	return false;
}

const struct study_panel *study_page_panel(const struct study_page *p)
{
	if (!p->all.group_count)
		return NULL;
	return &p->all.panels[p->all.groups[p->group].first + p->panel];
}

const struct study_line *study_page_longest(const struct study_panel *p)
{
	const struct study_line *longest = &p->lines[0];

	for (int i = 1; i < p->line_count; i++)
		if (p->lines[i].count > longest->count)
			longest = &p->lines[i];
	return longest;
}

/* ---- arms ---- */

enum {
	ARM_NAME,
	ARM_ROLE,
	ARM_TRIALS,
	ARM_STATE,
	ARM_FLOPS,
	ARM_GAMES,
	ARM_TIME,
	ARM_WEIGHTS,
	ARM_RUN,
	ARM_WHAT
};

static const struct table_column arm_columns[] = {
	[ARM_NAME] = {.head = "arm", .width = 16, .least = 14},
	[ARM_ROLE] = {.head = "role", .width = 8, .rank = 4},
	[ARM_TRIALS] = {.head = "trials", .width = 7, .right = true},
	[ARM_STATE] = {.head = "state", .width = 8, .right = true, .rank = 1},
	[ARM_FLOPS] = {.head = "FLOP/move",
		       .width = 9,
		       .right = true,
		       .rank = 1},
	[ARM_GAMES] = {.head = "games", .width = 9, .right = true, .rank = 1},
	[ARM_TIME] = {.head = "cpu", .width = 6, .right = true, .rank = 3},
	[ARM_WEIGHTS] = {.head = "weights", .width = 9, .rank = 2},
	[ARM_RUN] = {.head = "run", .width = 12, .least = 6, .rank = 5},
	[ARM_WHAT] = {.head = "what",
		      .width = 30,
		      .least = 20,
		      .rank = 6,
		      .grow = true},
};

void study_page_prepare(struct study_page *p)
{
	table_init(&p->arms, arm_columns, ARRAY_LEN(arm_columns));
	p->arms.empty = "The plan names no arm.";
}

static void weights_cell(const struct study_cost *c, struct buf *out,
			 enum style *st)
{
	if (c->changed) {
		buf_puts(out, "changed");
		*st = STYLE_BAD;
	} else if (c->held) {
		buf_puts(out, "unchanged");
		*st = STYLE_GOOD;
	}
}

static void trials_cell(const struct study_cost *c, struct buf *out,
			enum style *st)
{
	buf_printf(out, "%d/%d", c->done, c->trials);
	*st = c->failed ? STYLE_BAD : STYLE_VALUE;
}

static void arm_cell(const void *self, int row, int column, int width,
		     struct buf *out, enum style *st)
{
	const struct study_page *p = self;
	const struct store_arm *a = &p->all.arms[row];
	const struct study_cost *c = &p->all.costs[row];
	char text[AXIS_LABEL_SIZE];

	(void)width;
	*st = STYLE_VALUE;
	switch (column) {
	case ARM_NAME:
		buf_printf(out, "%c %s", plot_letter(row), a->name);
		*st = STYLE_BOLD;
		break;
	case ARM_ROLE:
		buf_puts(out, a->role);
		*st = STYLE_NORMAL;
		break;
	case ARM_TRIALS:
		trials_cell(c, out, st);
		break;
	case ARM_STATE:
		if (c->state_bytes)
			bytes_text(c->state_bytes, out);
		break;
	case ARM_FLOPS:
		if (!isnan(c->flops))
			buf_printf(out, "%.3g", c->flops);
		break;
	case ARM_GAMES:
		if (c->games)
			buf_printf(out, "%lld", (long long)c->games);
		break;
	case ARM_TIME:
		if (c->seconds > 0) {
			axis_format(AXIS_SECONDS, c->seconds, text);
			buf_puts(out, text);
		}
		break;
	case ARM_WEIGHTS:
		weights_cell(c, out, st);
		break;
	case ARM_RUN:
		if (c->run)
			buf_puts(out, c->run);
		*st = STYLE_NORMAL;
		break;
	default:
		buf_puts(out, a->config);
		*st = STYLE_DIM;
	}
}

/* ---- the curves ---- */

/* The selected arm is drawn on top. */
static int panel_series(const struct study_page *p,
			const struct study_panel *panel, struct plot_series *s,
			int *focus)
{
	int n = 0;

	*focus = 0;
	for (int i = 0; i < panel->line_count && n < LINES_MOST; i++) {
		const struct study_line *l = &panel->lines[i];

		if (!study_page_draws(p, l->arm))
			continue;
		if (l->arm == p->arms.selected)
			*focus = n;
		s[n++] = (struct plot_series){
			.name = p->all.arms[l->arm].name,
			.x = l->x,
			.y = l->y,
			.low = l->low,
			.high = l->high,
			.count = l->count,
			.number = l->arm,
		};
	}
	return n;
}

static void panel_title(const struct study_panel *panel, bool selected,
			struct canvas *c)
{
	canvas_field(c, 0, 0, c->width - 1,
		     selected ? STYLE_SELECTED : STYLE_TITLE, panel->name);
}

/* Figures without an x: a line for each arm, with its interval. */
static void draw_figures(const struct study_page *p,
			 const struct study_panel *panel, struct canvas *c,
			 bool selected)
{
	enum { NAME = 12, FIGURE = 8 };
	const struct study_line *line[LINES_MOST];
	double value[LINES_MOST], low[LINES_MOST], high[LINES_MOST];
	int bar = c->width - NAME - FIGURE - 4, n = 0;
	struct whisker_scale scale;

	panel_title(panel, selected, c);
	for (int i = 0; i < panel->line_count && n < LINES_MOST; i++) {
		if (!study_page_draws(p, panel->lines[i].arm))
			continue;
		line[n] = &panel->lines[i];
		value[n] = line[n]->y[0];
		low[n] = line[n]->low[0];
		high[n] = line[n]->high[0];
		n++;
	}
	scale = whisker_scale(value, low, high, n);
	for (int i = 0; i < n; i++) {
		const struct study_line *l = line[i];
		enum style st = plot_style(l->arm);
		char text[NAME + 16];
		struct buf whisker;

		snprintf(text, sizeof(text), "%c %s", plot_letter(l->arm),
			 p->all.arms[l->arm].name);
		canvas_field(c, i + 1, 0, NAME,
			     l->arm == p->arms.selected ? STYLE_BOLD : st,
			     text);
		snprintf(text, sizeof(text), "%.4g", value[i]);
		canvas_right(c, i + 1, NAME + FIGURE + 1, STYLE_VALUE, text);
		buf_init(&whisker);
		if (bar > 4)
			whisker_text(&scale, value[i], low[i], high[i], bar,
				     &whisker);
		if (whisker.len)
			canvas_text(c, i + 1, NAME + FIGURE + 2, st,
				    whisker.data);
		buf_release(&whisker);
	}
}

static bool by_factors(const struct study_panel *panel)
{
	const struct study_line *l = study_page_longest(panel);

	return l->count > 2 && study_by_factors(l->x[0], l->x[l->count / 2],
						l->x[l->count - 1]);
}

struct plot study_page_plot(const struct study_page *p,
			    const struct study_panel *panel,
			    struct plot_series *s)
{
	struct plot plot = {
		.title = panel->name,
		.x_kind = by_factors(panel) ? AXIS_LOG
			  : panel->whole    ? AXIS_COUNT
					    : AXIS_NUMBER,
		.y_kind = AXIS_NUMBER,
		.series = s,
	};

	plot.count = panel_series(p, panel, s, &plot.focus);
	return plot;
}

static void draw_panel(const struct study_page *p,
		       const struct study_panel *panel, struct canvas *c)
{
	bool selected = panel == study_page_panel(p);
	struct plot_series s[LINES_MOST];
	struct plot plot;

	if (panel->longest < 2) {
		draw_figures(p, panel, c, selected && !p->large);
		return;
	}
	plot = study_page_plot(p, panel, s);
	plot.selected = selected && !p->large;
	if (selected && p->has_cursor) {
		plot.has_cursor = true;
		plot.cursor = study_page_longest(panel)->x[p->point];
	}
	plot_draw(&plot, c);
}

/* Which letters mean which arms, and where among the measures this is. */
static void draw_legend(const struct study_page *p, struct canvas *c)
{
	const struct study_group *g = &p->all.groups[p->group];
	int col = 1;

	for (int i = 0; i < p->arms.row_count; i++) {
		const char *name = p->all.arms[i].name;
		bool front = i == p->arms.selected;

		if (!study_page_draws(p, i))
			continue;
		if (col + canvas_width(name) + 3 >= c->width - 15)
			break;
		col = canvas_printf(c, 0, col,
				    front ? STYLE_SELECTED : plot_style(i),
				    "%c %s", plot_letter(i), name) +
		      2;
	}
	if (g->count > 1)
		canvas_printf(c, 0, c->width - 14, STYLE_DIM, "part %d of %d",
			      p->panel + 1, g->count);
	else
		canvas_printf(c, 0, c->width - 9, STYLE_DIM, "%d of %d",
			      p->group + 1, p->all.group_count);
}

static void draw_curves(const struct study_page *p, struct canvas *c)
{
	struct canvas body = canvas_pane(c, 1, 0, c->height - 1, c->width);
	const struct study_panel *now = study_page_panel(p);
	int rows, cols, first, end, all = 0, before = 0, cell;

	canvas_cursor(c, 0, 1);
	if (!now) {
		canvas_text(c, 1, 1, STYLE_DIM, "Nothing was measured yet.");
		return;
	}
	draw_legend(p, c);
	if (p->large) {
		draw_panel(p, now, &body);
		return;
	}
	/* Parts of a measure stand by themselves, small and alike; the others
	 * together. */
	first = now->part ? p->all.groups[p->group].first : 0;
	end = now->part ? first + p->all.groups[p->group].count
			: p->all.plain_count;
	for (int i = first; i < end; i++) {
		before += &p->all.panels[i] < now &&
			  study_page_shows(p, &p->all.panels[i]);
		all += study_page_shows(p, &p->all.panels[i]);
	}
	if (!all)
		return;
	plot_grid(all, body.height, body.width, &rows, &cols);
	cell = -(before / (rows * cols) * (rows * cols));
	for (int i = first; i < end && cell < rows * cols; i++) {
		int width = body.width / cols, height = body.height / rows;
		struct canvas pane;

		if (!study_page_shows(p, &p->all.panels[i]) || cell++ < 0)
			continue;
		pane = canvas_pane(&body, (cell - 1) / cols * height,
				   (cell - 1) % cols * width, height,
				   (cell - 1) % cols + 1 < cols ? width - 1
								: width);
		draw_panel(p, &p->all.panels[i], &pane);
	}
}

/* ---- the arms ---- */

static void draw_arm(const struct study_page *p, struct canvas *c)
{
	const struct store_arm *a = &p->all.arms[p->arms.selected];
	const struct study_cost *cost = &p->all.costs[p->arms.selected];
	struct study_flow f = {.c = c};
	struct buf text;

	buf_init(&text);
	study_flow_part(&f, a->role, STYLE_BOLD, a->config);
	study_flow_part(&f, "failure", STYLE_BAD, cost->message);
	if (cost->idle) {
		buf_counted(&text, cost->idle, "trial");
		buf_puts(&text, " at other seeds, which do nothing by the "
				"plan");
		study_flow_part(&f, "left out", STYLE_NORMAL, text.data);
		buf_clear(&text);
	}
	for (int i = 0; i < cost->moved_count; i++) {
		const struct study_moved *m = &cost->moved[i];

		buf_printf(&text, "%s%s moved %s by %.3g", i ? "; " : "",
			   m->loss, m->block, m->norm);
	}
	study_flow_part(&f, "ledger", STYLE_NORMAL, text.data);
	buf_clear(&text);
	for (size_t i = 0; i < cost->kept_count; i++) {
		buf_printf(&text, "%s%s (", i ? ", " : "", cost->kept[i].name);
		bytes_text(cost->kept[i].bytes, &text);
		buf_printf(&text, ", %.8s%s)", cost->kept[i].sha256,
			   cost->kept[i].here ? "" : ", not here");
	}
	study_flow_part(&f, "kept", STYLE_NORMAL, text.data);
	buf_clear(&text);
	if (cost->scored) {
		buf_printf(&text,
			   "%lld of %lld scored positions occur in "
			   "training",
			   (long long)cost->trained_on,
			   (long long)cost->scored);
		study_flow_part(&f, "overlap", STYLE_VALUE, text.data);
	}
	buf_release(&text);
}

static void draw_arms(const struct study_page *p, struct canvas *c)
{
	int rows = p->arms.row_count + 1, most = c->height * 2 / 3;
	struct canvas list, detail;

	rows = rows > most ? most : rows;
	list = canvas_pane(c, 0, 0, rows, c->width);
	table_draw(&p->arms, &list, true, arm_cell, p);
	if (!p->arms.row_count)
		return;
	for (int i = 0; i < c->width; i++)
		canvas_glyph(c, rows, i, STYLE_BORDER, 0x2500);
	detail = canvas_pane(c, rows + 1, 0, c->height - rows - 1, c->width);
	draw_arm(p, &detail);
}

/* ---- all of it ---- */

static void draw_tabs(const struct study_page *p, struct canvas *c)
{
	int col = 1;

	for (int i = 0; i < STUDY_TABS; i++) {
		if (!study_page_has(p, (enum study_tab)i))
			continue;
		col = canvas_printf(
			      c, 0, col,
			      i == (int)p->tab ? STYLE_SELECTED : STYLE_LABEL,
			      " %c%s ",
			      toupper((unsigned char)study_page_tabs[i][0]),
			      study_page_tabs[i] + 1) +
		      1;
	}
	if (job_view_active(&p->job)) {
		struct canvas line = canvas_pane(c, 1, 1, 1, c->width - 1);

		job_view_draw(&p->job, &line, 0);
		return;
	}
	for (int i = 0; i < c->width; i++)
		canvas_glyph(c, 1, i, STYLE_BORDER, 0x2500);
}

void study_page_draw(const void *self, struct canvas *c)
{
	const struct study_page *p = self;
	struct canvas body = canvas_pane(c, 2, 0, c->height - 2, c->width);

	draw_tabs(p, c);
	switch (p->tab) {
	case STUDY_VERDICT:
	case STUDY_PLAN:
		study_text_draw(p, &body);
		break;
	case STUDY_PICTURES:
		study_picture_draw(p, &body);
		break;
	case STUDY_CURVES:
		draw_curves(p, &body);
		break;
	case STUDY_ARMS:
		draw_arms(p, &body);
		break;
	}
}
