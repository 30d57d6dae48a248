/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/columns.h"

#include <math.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/search/trace.h"

static const struct {
	const char *head;
	int width;
	int rank; /* the lowest is dropped last */
} columns[FIGURE_COUNT] = {
	[FIGURE_N] = {"N", 7, 0},       [FIGURE_SHARE] = {"N%", 6, 2},
	[FIGURE_P] = {"P%", 6, 3},      [FIGURE_DIFF] = {"N%-P%", 7, 5},
	[FIGURE_Q] = {"Q", 8, 1},       [FIGURE_V] = {"V", 7, 6},
	[FIGURE_U] = {"U", 7, 7},       [FIGURE_WIN] = {"W%", 4, 8},
	[FIGURE_DRAW] = {"D%", 4, 9},   [FIGURE_LOSS] = {"L%", 4, 10},
	[FIGURE_PROOF] = {"end", 4, 4},
};

const char *column_head(enum figure c)
{
	return columns[c].head;
}

int column_width(enum figure c)
{
	return columns[c].width;
}

int columns_total(const enum figure *list, int count)
{
	int width = 0;

	for (int i = 0; i < count; i++)
		width += columns[list[i]].width;
	return width;
}

int columns_fit(int width, enum figure out[FIGURE_COUNT])
{
	bool keep[FIGURE_COUNT] = {false};
	int count = 0;

	for (int rank = 0; rank < FIGURE_COUNT; rank++) {
		int c = 0;

		while (columns[c].rank != rank)
			c++;
		if (columns[c].width > width)
			break;
		width -= columns[c].width;
		keep[c] = true;
	}
	/* Win without loss misleads: all three or none. */
	if (!keep[FIGURE_LOSS])
		keep[FIGURE_WIN] = keep[FIGURE_DRAW] = false;
	for (int c = 0; c < FIGURE_COUNT; c++) {
		if (keep[c])
			out[count++] = (enum figure)c;
	}
	return count;
}

static void whole_percent(char *out, size_t size, double share)
{
	if (isnan(share))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.0f", 100 * share);
}

static char proof_letter(enum trace_proof p)
{
	switch (p) {
	case TRACE_WIN:
		return 'W';
	case TRACE_DRAW:
		return 'D';
	case TRACE_LOSS:
		return 'L';
	default:
		return ' ';
	}
}

static void put_percent(char *out, size_t size, double share)
{
	if (isnan(share))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.1f", 100 * share);
}

static void put_signed_percent(char *out, size_t size, double share)
{
	if (isnan(share))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%+.1f", 100 * share);
}

static void put_signed(char *out, size_t size, double value)
{
	if (isnan(value))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%+.3f", value);
}

void column_text(enum figure c, const struct figures *f, bool ascii, char *out,
		 size_t size)
{
	static const char *const arrows[2][3] = {
		{"\342\226\274", " ", "\342\226\262"}, /* down, up */
		{"v", " ", "^"},
	};
	char value[32];

	switch (c) {
	case FIGURE_N:
		snprintf(out, size, "%u", f->visits);
		break;
	case FIGURE_SHARE:
		put_percent(out, size, isnan(f->diff) ? (double)NAN : f->share);
		break;
	case FIGURE_P:
		put_percent(out, size, f->prior);
		break;
	case FIGURE_DIFF:
		put_signed_percent(out, size, f->diff);
		break;
	case FIGURE_Q:
		put_signed(value, sizeof(value), f->q);
		snprintf(out, size, "%s%s", value,
			 arrows[ascii][f->change + 1]);
		break;
	case FIGURE_V:
		put_signed(out, size, f->v);
		break;
	case FIGURE_U:
		if (isnan(f->u))
			snprintf(out, size, "-");
		else
			snprintf(out, size, "%.3f", f->u);
		break;
	case FIGURE_WIN:
	case FIGURE_DRAW:
	case FIGURE_LOSS:
		whole_percent(out, size, f->wdl[c - FIGURE_WIN]);
		break;
	case FIGURE_PROOF:
		snprintf(out, size, "%c", proof_letter(f->proof));
		break;
	case FIGURE_COUNT:
		break;
	}
}

void columns_draw_heads(struct canvas *c, int row, int col,
			const enum figure *list, int count, enum figure sorted)
{
	for (int i = 0; i < count; i++) {
		bool here = list[i] == sorted;
		char head[16];

		/* Q's last place is for the arrow. */
		snprintf(head, sizeof(head), "%s%s", here ? "*" : "",
			 column_head(list[i]));
		col += column_width(list[i]);
		canvas_right(c, row, list[i] == FIGURE_Q ? col - 1 : col,
			     here ? STYLE_BOLD : STYLE_LABEL, head);
	}
}

static enum style cell_style(enum figure c, const struct figures *f,
			     enum style st)
{
	if (st == STYLE_SELECTED)
		return st;
	if (c == FIGURE_PROOF && f->proof == TRACE_WIN)
		return STYLE_GOOD;
	if (c == FIGURE_PROOF && f->proof == TRACE_LOSS)
		return STYLE_BAD;
	if (c == FIGURE_DIFF && !isnan(f->diff) && fabs(f->diff) >= 0.1)
		return f->diff > 0 ? STYLE_GOOD : STYLE_BAD;
	if (f->on_path && (c == FIGURE_N || c == FIGURE_Q))
		return STYLE_MARKED;
	return st;
}

void columns_draw(struct canvas *c, int row, int col, const enum figure *list,
		  int count, const struct figures *f, enum style st)
{
	for (int i = 0; i < count; i++) {
		char text[32];

		column_text(list[i], f, c->ascii, text, sizeof(text));
		col += column_width(list[i]);
		canvas_right(c, row, col, cell_style(list[i], f, st), text);
	}
}

static void pad(struct buf *out, int width, const char *text)
{
	for (int i = canvas_width(text); i < width; i++)
		buf_putc(out, ' ');
	buf_puts(out, text);
}

void columns_print_heads(struct buf *out, const enum figure *list, int count)
{
	for (int i = 0; i < count; i++) {
		bool q = list[i] == FIGURE_Q;

		pad(out, column_width(list[i]) - q, column_head(list[i]));
		if (q)
			buf_putc(out, ' ');
	}
}

void columns_print(struct buf *out, const enum figure *list, int count,
		   const struct figures *f, bool ascii)
{
	for (int i = 0; i < count; i++) {
		char text[32];

		column_text(list[i], f, ascii, text, sizeof(text));
		pad(out, column_width(list[i]), text);
	}
}
