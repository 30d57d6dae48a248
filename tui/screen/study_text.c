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
#include "tui/row/kinds.h"
#include "tui/row/words.h"
#include "tui/screen/study.h"
#include "tui/widget/axis.h"
#include "tui/widget/whisker.h"

/* The tabs of a study that are text: its verdict and its plan. */

/* LABEL: columns before the text of a part. */
enum { LABEL = 11, PLAN_LINE = 512 };

/* ---- a text, row by row, that may be longer than the screen ---- */

static void flow_wrap(struct study_flow *f, int col, enum style st,
		      const char *text)
{
	int width = f->c->width - col - 1, rows;
	struct canvas pane;

	if (!text || !*text)
		return;
	rows = canvas_wrap(NULL, width, st, text);
	pane = canvas_pane(f->c, f->row > 0 ? f->row : 0, col,
			   f->c->height - (f->row > 0 ? f->row : 0), width);
	/* What is scrolled away is drawn above the pane, where nothing shows.
	 */
	if (f->row < 0) {
		struct canvas whole;

		canvas_init(&whole, rows, width);
		canvas_wrap(&whole, width, st, text);
		for (int r = -f->row; r < rows && r + f->row < f->c->height;
		     r++)
			for (int i = 0; i < width; i++) {
				const struct cell *x =
					&whole.cells[r * width + i];

				canvas_glyph(f->c, r + f->row, col + i,
					     (enum style)x->style, x->glyph);
			}
		canvas_release(&whole);
	} else {
		canvas_wrap(&pane, width, st, text);
	}
	f->row += rows;
}

void study_flow_part(struct study_flow *f, const char *label, enum style st,
		     const char *text)
{
	if (!text || !*text)
		return;
	canvas_text(f->c, f->row, 1, STYLE_LABEL, label);
	flow_wrap(f, LABEL, st, text);
}

static void flow_head(struct study_flow *f, const char *text)
{
	f->row++;
	canvas_text(f->c, f->row, 1, STYLE_TITLE, text);
	f->row++;
}

/* ---- the verdict ---- */

static void flow_badge(struct study_flow *f, const struct study_view *v)
{
	const struct badge_word *b = badge_word(v->study.verdict);
	struct buf text;
	int col;

	canvas_glyph_or(f->c, f->row, 1, b->style, b->glyph, b->plain);
	col = canvas_text(f->c, f->row, 3, b->style,
			  v->study.verdict ? v->study.verdict : b->word);
	buf_init(&text);
	if (v->study.verdict) {
		buf_puts(&text, "judged ");
		date_text(v->study.decided_ms, &text);
	} else {
		buf_printf(&text, "%d of %d trials are done", v->all.done,
			   v->all.trials);
	}
	if (col + canvas_width(text.data) + 2 < f->c->width)
		canvas_right(f->c, f->row, f->c->width - 1, STYLE_DIM,
			     text.data);
	buf_release(&text);
	f->row++;
	flow_wrap(f, 3, STYLE_NORMAL, v->study.reason);
}

/* Which gates the verdict hangs on: those that did not hold, else all. */
static void flow_decided(struct study_flow *f, const struct study_view *v)
{
	size_t held = 0;
	struct buf text;

	if (!v->study.verdict || !v->gate_count)
		return;
	buf_init(&text);
	for (size_t i = 0; i < v->gate_count; i++) {
		const struct store_gate *g = &v->gates[i];

		held += g->passed > 0;
		if (g->passed != 0)
			continue;
		buf_printf(&text, "%s%s", text.len ? "; " : "", g->name);
		if (g->said)
			buf_printf(&text, ": %s", g->said);
	}
	if (text.len)
		study_flow_part(f, "decided", STYLE_BAD, text.data);
	else if (held == v->gate_count)
		study_flow_part(f, "decided", STYLE_GOOD,
				held == 1 ? "its gate, which held"
					  : "its gates, which all held");
	buf_release(&text);
}

static void flow_gate(struct study_flow *f, const struct store_gate *g)
{
	enum style st = g->passed > 0    ? STYLE_GOOD
			: g->passed == 0 ? STYLE_BAD
					 : STYLE_DIM;
	uint32_t glyph = g->passed > 0    ? 0x2713
			 : g->passed == 0 ? 0x2717
					  : 0xb7;
	struct buf text;
	int col;

	canvas_glyph_or(f->c, f->row, 1, st, glyph,
			g->passed > 0    ? '+'
			: g->passed == 0 ? 'x'
					 : '.');
	col = canvas_text(f->c, f->row, 3, STYLE_BOLD, g->name) + 2;
	buf_init(&text);
	if (g->said)
		buf_puts(&text, g->said);
	if (!isnan(g->value) && !isnan(g->bound))
		buf_printf(&text, "%s(%.4g, bound %.4g)", text.len ? " " : "",
			   g->value, g->bound);
	if (text.len && col + canvas_width(text.data) < f->c->width) {
		canvas_text(f->c, f->row++, col, st, text.data);
	} else {
		f->row++;
		flow_wrap(f, 5, st, text.data);
	}
	flow_wrap(f, 5, STYLE_DIM, g->rule);
	buf_release(&text);
}

static void flow_gates(struct study_flow *f, const struct study_view *v)
{
	char head[64];
	int passed = 0, judged = 0;

	if (!v->gate_count)
		return;
	for (size_t i = 0; i < v->gate_count; i++) {
		passed += v->gates[i].passed > 0;
		judged += v->gates[i].passed >= 0;
	}
	if (judged)
		snprintf(head, sizeof(head), "Gates: %d of %zu held", passed,
			 v->gate_count);
	else
		snprintf(head, sizeof(head), "Gates: %zu, not judged yet",
			 v->gate_count);
	flow_head(f, head);
	for (size_t i = 0; i < v->gate_count; i++)
		flow_gate(f, &v->gates[i]);
}

static const char NEAREST[] = "nearest";

/* Of a kind that each arm has, and that a picture tells. */
static bool is_drawn(const struct study_view *v, const char *name)
{
	size_t len = strcspn(name, "/");
	char kind[64];

	snprintf(kind, sizeof(kind), "%.*s", (int)len, name);
	return name[len] && study_drawings_of(&v->drawings, kind);
}

static bool is_listed(const struct study_view *v, size_t i)
{
	const char *name = v->estimates[i].name;

	return !is_drawn(v, name) && strcmp(name, NEAREST) != 0;
}

/* Each arm's seeds on one axis. */
static void flow_dots(struct study_flow *f, const struct study_view *v)
{
	for (int i = 0; i < v->drawings.count; i++) {
		const struct study_drawing *d = &v->drawings.all[i];
		struct buf head;

		if (!d->dots)
			continue;
		buf_init(&head);
		buf_printf(&head, "%s (%s), seeds as dots", d->picture->title,
			   d->picture->unit);
		flow_head(f, head.data);
		f->row += study_picture_rows(v, d, -1, f->c, f->row);
		buf_release(&head);
	}
}

static void flow_estimates(struct study_flow *f, const struct study_view *v)
{
	enum { NAME = 16, FIGURE = 26, LEAST_BAR = 16 };
	struct whisker_scale all;
	double own[3][64];
	int n = 0, bar = f->c->width - NAME - FIGURE - 4;
	size_t listed = 0;

	for (size_t i = 0; i < v->estimate_count; i++)
		listed += is_listed(v, i);
	if (!listed)
		return;
	for (size_t i = 0; i < v->estimate_count && n < 64; i++) {
		if (!is_listed(v, i))
			continue;
		own[0][n] = v->estimates[i].value;
		own[1][n] = v->estimates[i].low;
		own[2][n++] = v->estimates[i].high;
	}
	all = whisker_scale(own[0], own[1], own[2], n);
	flow_head(f, "Estimates, with 95% intervals");
	for (size_t i = 0; i < v->estimate_count; i++) {
		const struct store_estimate *x = &v->estimates[i];
		struct buf text;

		if (!is_listed(v, i))
			continue;
		buf_init(&text);
		canvas_field(f->c, f->row, 3, NAME - 1, STYLE_BOLD, x->name);
		buf_printf(&text, "%.4g", x->value);
		if (!isnan(x->low) && !isnan(x->high))
			buf_printf(&text, " [%.4g, %.4g]", x->low, x->high);
		if (x->n)
			buf_printf(&text, " n=%lld", (long long)x->n);
		canvas_text(f->c, f->row, 3 + NAME, STYLE_VALUE, text.data);
		buf_clear(&text);
		if (bar >= LEAST_BAR)
			whisker_text(&all, x->value, x->low, x->high,
				     bar > 60 ? 60 : bar, &text);
		if (text.len)
			canvas_text(f->c, f->row, 3 + NAME + FIGURE,
				    STYLE_VALUE, text.data);
		buf_release(&text);
		f->row++;
		flow_wrap(f, 5, STYLE_DIM, x->what);
	}
}

/* What was done, and whether it was done as it should be. */
static void flow_conduct(struct study_flow *f, const struct study_view *v)
{
	const struct study_cost *c = &v->all;
	char spent[AXIS_LABEL_SIZE];
	struct buf text;

	buf_init(&text);
	flow_head(f, "How it was done");
	axis_format(AXIS_SECONDS, c->seconds, spent);
	buf_printf(&text, "%d of %d done, ", c->done, c->trials);
	buf_counted(&text, v->seeds, "seed");
	buf_printf(&text, ", %s of processors", spent);
	if (c->failed)
		buf_printf(&text, ", %d failed", c->failed);
	if (c->idle)
		buf_printf(&text, "; %d more do nothing by the plan", c->idle);
	study_flow_part(f, "trials", c->failed ? STYLE_BAD : STYLE_VALUE,
			text.data);
	study_flow_part(f, "failure", STYLE_BAD, c->message);
	study_flow_part(f, "on", STYLE_NORMAL, v->processors);
	buf_clear(&text);
	if (c->held || c->changed) {
		buf_printf(&text,
			   "unchanged while they were scored in %d of "
			   "%d trials",
			   c->held, c->held + c->changed);
		study_flow_part(f, "weights",
				c->changed ? STYLE_BAD : STYLE_GOOD, text.data);
		buf_clear(&text);
	}
	if (c->scored) {
		buf_printf(&text,
			   "%lld of %lld scored positions occur in "
			   "training",
			   (long long)c->trained_on, (long long)c->scored);
		study_flow_part(f, "overlap", STYLE_VALUE, text.data);
		buf_clear(&text);
	}
	buf_printf(&text, "%s, planned ", v->study.plan_sha256);
	date_text(v->study.planned_ms, &text);
	study_flow_part(f, "plan", STYLE_DIM, text.data);
	buf_release(&text);
}

static void flow_change(struct study_flow *f, const struct study_view *v)
{
	flow_head(f, "What would have changed this");
	for (size_t i = 0; i < v->estimate_count; i++)
		if (!strcmp(v->estimates[i].name, NEAREST))
			flow_wrap(f, 3, STYLE_BOLD, v->estimates[i].what);
	flow_wrap(f, 3, STYLE_NORMAL, v->study.thresholds);
	study_flow_part(f, "frozen", STYLE_NORMAL, v->study.frozen);
}

/* A text with its hashes cut short. */
static void shorten(const char *text, struct buf *out)
{
	enum { HASH = 64, SHOWN = 12 };

	while (*text) {
		size_t n = strspn(text, "0123456789abcdef");

		if (n == HASH)
			buf_printf(out, "%.*s", SHOWN, text);
		else
			buf_printf(out, "%.*s", (int)(n ? n : 1),
				   *text == '\n' && text[1] ? ","
				   : *text == '\n'          ? ""
							    : text);
		if (*text == '\n' && text[1])
			buf_putc(out, ' ');
		text += n ? n : 1;
	}
}

/* From the plan to what was made by it: each link names what came before. */
static void flow_chain(struct study_flow *f, const struct study_view *v)
{
	enum { MOST_LINES = 8 };

	if (!v->link_count)
		return;
	flow_head(f, "Chain of hashes");
	canvas_printf(f->c, f->row++, 3, STYLE_VALUE, "plan %.12s",
		      v->study.plan_sha256);
	for (int i = 0; i < v->link_count; i++) {
		const struct study_link *l = &v->links[i];
		int lines = 0;
		struct buf text;

		for (const char *c = l->text; c && *c; c++)
			lines += *c == '\n';
		buf_init(&text);
		buf_puts(&text, v->arms[l->arm].name);
		if (l->seed)
			buf_printf(&text, ", seed %llu",
				   (unsigned long long)l->seed);
		buf_printf(&text, " %.12s: ", l->sha256);
		if (!l->text)
			buf_puts(&text, "not here");
		else if (lines > MOST_LINES)
			buf_printf(&text, "%d lines", lines);
		else
			shorten(l->text, &text);
		flow_wrap(f, 3, l->text ? STYLE_NORMAL : STYLE_BAD, text.data);
		buf_release(&text);
	}
}

static int draw_verdict(const struct study_page *p, struct canvas *c, int row)
{
	const struct study_view *v = &p->all;
	struct study_flow f = {.c = c, .row = row};

	flow_badge(&f, v);
	flow_decided(&f, v);
	f.row++;
	study_flow_part(&f, "question", STYLE_BOLD, v->study.question);
	study_flow_part(&f, "measured", STYLE_NORMAL, v->study.metric);
	flow_gates(&f, v);
	flow_dots(&f, v);
	flow_estimates(&f, v);
	flow_change(&f, v);
	flow_conduct(&f, v);
	flow_chain(&f, v);
	return f.row - row;
}

/* ---- the plan ---- */

static int draw_plan(const struct study_page *p, struct canvas *c, int row)
{
	struct study_flow f = {.c = c, .row = row};
	const char *at = p->all.study.plan;
	struct buf when;

	study_flow_part(&f, "SHA-256", STYLE_VALUE, p->all.study.plan_sha256);
	buf_init(&when);
	date_text(p->all.study.planned_ms, &when);
	buf_puts(&when, ", before anything ran; it cannot be changed");
	study_flow_part(&f, "planned", STYLE_VALUE, when.data);
	buf_release(&when);
	f.row++;
	while (at && *at) {
		int len = (int)strcspn(at, "\n");
		char line[PLAN_LINE];

		snprintf(line, sizeof(line), "%.*s", len, at);
		if (*line)
			flow_wrap(&f, 1, STYLE_NORMAL, line);
		else
			f.row++;
		at += len + (at[len] == '\n');
	}
	return f.row - row;
}

/* A text stands no further up than its end needs. */
void study_text_draw(const struct study_page *p, struct canvas *c)
{
	int (*draw)(const struct study_page *, struct canvas *, int) =
		p->tab == STUDY_PLAN ? draw_plan : draw_verdict;
	int rows, most, top = p->top[p->tab];
	struct canvas nowhere;

	canvas_init(&nowhere, 1, c->width > 0 ? c->width : 1);
	rows = draw(p, &nowhere, 0);
	canvas_release(&nowhere);
	most = rows > c->height ? rows - c->height : 0;
	draw(p, c, top > most ? -most : -top);
	if (top < most)
		canvas_right(c, c->height - 1, c->width - 1, STYLE_LABEL,
			     " ↓ more");
	canvas_region(c, p, STUDY_REGION_TEXT, most);
	canvas_cursor(c, 0, 1);
}
