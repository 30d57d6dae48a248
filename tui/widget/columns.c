/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/columns.h"

#include <math.h>
#include <stdio.h>

static const struct {
	const char *head;
	int width;
	int rank; /* the lowest is dropped last */
} columns[COLUMN_COUNT] = {
	[COLUMN_N] = {"N", 7, 0},       [COLUMN_SHARE] = {"N%", 6, 2},
	[COLUMN_P] = {"P%", 6, 3},      [COLUMN_DIFF] = {"N%-P%", 7, 5},
	[COLUMN_Q] = {"Q", 8, 1},       [COLUMN_V] = {"V", 7, 6},
	[COLUMN_U] = {"U", 7, 7},       [COLUMN_WIN] = {"W%", 4, 8},
	[COLUMN_DRAW] = {"D%", 4, 9},   [COLUMN_LOSS] = {"L%", 4, 10},
	[COLUMN_PROOF] = {"end", 4, 4},
};

const char *column_head(enum column c)
{
	return columns[c].head;
}

int column_width(enum column c)
{
	return columns[c].width;
}

int columns_total(const enum column *list, int count)
{
	int width = 0;

	for (int i = 0; i < count; i++)
		width += columns[list[i]].width;
	return width;
}

int columns_fit(int width, enum column out[COLUMN_COUNT])
{
	bool keep[COLUMN_COUNT] = {false};
	int count = 0;

	for (int rank = 0; rank < COLUMN_COUNT; rank++) {
		int c = 0;

		while (columns[c].rank != rank)
			c++;
		if (columns[c].width > width)
			break;
		width -= columns[c].width;
		keep[c] = true;
	}
	/* Win without loss misleads: all three or none. */
	if (!keep[COLUMN_LOSS])
		keep[COLUMN_WIN] = keep[COLUMN_DRAW] = false;
	for (int c = 0; c < COLUMN_COUNT; c++) {
		if (keep[c])
			out[count++] = (enum column)c;
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

void column_text(enum column c, const struct figures *f, bool ascii, char *out,
		 size_t size)
{
	static const char *const arrows[2][3] = {
		{"\342\226\274", " ", "\342\226\262"}, /* down, up */
		{"v", " ", "^"},
	};
	char value[32];

	switch (c) {
	case COLUMN_N:
		snprintf(out, size, "%u", f->visits);
		break;
	case COLUMN_SHARE:
		figures_percent(out, size,
				isnan(f->diff) ? (double)NAN : f->share);
		break;
	case COLUMN_P:
		figures_percent(out, size, f->prior);
		break;
	case COLUMN_DIFF:
		figures_signed_percent(out, size, f->diff);
		break;
	case COLUMN_Q:
		figures_signed(value, sizeof(value), f->q);
		snprintf(out, size, "%s%s", value,
			 arrows[ascii][f->change + 1]);
		break;
	case COLUMN_V:
		figures_signed(out, size, f->v);
		break;
	case COLUMN_U:
		if (isnan(f->u))
			snprintf(out, size, "-");
		else
			snprintf(out, size, "%.3f", f->u);
		break;
	case COLUMN_WIN:
	case COLUMN_DRAW:
	case COLUMN_LOSS:
		whole_percent(out, size, f->wdl[c - COLUMN_WIN]);
		break;
	case COLUMN_PROOF:
		snprintf(out, size, "%c", figures_proof_letter(f->proof));
		break;
	case COLUMN_COUNT:
		break;
	}
}

void columns_draw_heads(struct canvas *c, int row, int col,
			const enum column *list, int count, enum column sorted)
{
	for (int i = 0; i < count; i++) {
		bool here = list[i] == sorted;
		char head[16];

		/* Q's last place is for the arrow. */
		snprintf(head, sizeof(head), "%s%s", here ? "*" : "",
			 column_head(list[i]));
		col += column_width(list[i]);
		canvas_right(c, row, list[i] == COLUMN_Q ? col - 1 : col,
			     here ? STYLE_BOLD : STYLE_LABEL, head);
	}
}

static enum style cell_style(enum column c, const struct figures *f,
			     enum style st)
{
	if (st == STYLE_SELECTED)
		return st;
	if (c == COLUMN_PROOF && f->proof == TRACE_WIN)
		return STYLE_GOOD;
	if (c == COLUMN_PROOF && f->proof == TRACE_LOSS)
		return STYLE_BAD;
	if (c == COLUMN_DIFF && !isnan(f->diff) && fabs(f->diff) >= 0.1)
		return f->diff > 0 ? STYLE_GOOD : STYLE_BAD;
	if (f->on_path && (c == COLUMN_N || c == COLUMN_Q))
		return STYLE_MARKED;
	return st;
}

void columns_draw(struct canvas *c, int row, int col, const enum column *list,
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

void columns_print_heads(struct buf *out, const enum column *list, int count)
{
	for (int i = 0; i < count; i++) {
		bool q = list[i] == COLUMN_Q;

		pad(out, column_width(list[i]) - q, column_head(list[i]));
		if (q)
			buf_putc(out, ' ');
	}
}

void columns_print(struct buf *out, const enum column *list, int count,
		   const struct figures *f, bool ascii)
{
	for (int i = 0; i < count; i++) {
		char text[32];

		column_text(list[i], f, ascii, text, sizeof(text));
		pad(out, column_width(list[i]), text);
	}
}
