/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_int.h"

#include <stddef.h>

#include "core/base/attr.h"

/* How large a board is drawn, and where its cells stand. */

/* Best first. */
static const struct scale box_scales[] = {
	{7, 16, true},  {6, 14, true}, {5, 12, true}, {4, 10, true},
	{4, 10, false}, {3, 8, true},  {3, 8, false}, {2, 6, true},
	{2, 6, false},  {1, 5, true},  {1, 3, true},  {1, 3, false},
	{1, 2, false},
};

/* Points stand in the middle of their cell: odd heights for stones that are
 * more than a character. */
static const struct scale point_scales[] = {
	{7, 14, false}, {5, 10, false}, {3, 6, false},
	{2, 4, false},  {1, 4, false},  {1, 2, false},
};

static const struct scale square_scales[] = {
	{7, 15, false}, {6, 13, false}, {5, 11, false}, {4, 9, false},
	{3, 7, false},  {2, 5, false},  {1, 3, false},  {1, 2, false},
};

static const struct scale_list {
	const struct scale *list;
	size_t count;
} scale_lists[] = {
	[LOOK_BOXES] = {box_scales, ARRAY_LEN(box_scales)},
	[LOOK_POINTS] = {point_scales, ARRAY_LEN(point_scales)},
	[LOOK_SQUARES] = {square_scales, ARRAY_LEN(square_scales)},
};

int layout_across(const struct layout *l, int cells, int size)
{
	return l->scale.lines ? cells * (size + 1) - 1 : cells * size;
}

int layout_row(const struct layout *l, int r)
{
	if (l->flip)
		r = l->rows - 1 - r;
	return l->row + r * (l->scale.height + (l->scale.lines ? 1 : 0));
}

int layout_col(const struct layout *l, int c)
{
	if (l->flip)
		c = l->cols - 1 - c;
	return l->col + c * (l->scale.width + (l->scale.lines ? 1 : 0));
}

/* What stands around the cells, given up from the last to the first where
 * there is little room. */
struct extras {
	int frame, bar_rows;
	bool drop, labels;
};

/* Columns and rows of a cell behind its point: nothing stands there in the last
 * one. */
static int behind(const struct look *look, int size)
{
	return look->kind == LOOK_POINTS ? size - 1 - 2 * ((size - 1) / 2) : 0;
}

/* A compact board wants a blank before its first column, the ground of points
 * one on both sides. */
static int margin(const struct look *look, const struct scale *s, int frame)
{
	return look->kind == LOOK_POINTS || (s->width == 2 && frame) ? 1 : 0;
}

static bool try_layout(struct layout *l, const struct game *g,
		       const struct look *look, const struct scale *s,
		       const struct extras *x, int height, int width)
{
	int need_rows, need_cols, top, left, pad = margin(look, s, x->frame);
	bool points = look->kind == LOOK_POINTS;

	*l = (struct layout){.scale = *s,
			     .frame = x->frame,
			     .drop = -1,
			     .labels = -1,
			     .bars = -1,
			     .row_labels = -1,
			     .rows = g->rows,
			     .cols = g->cols};
	if (x->labels && look->rows != LOOK_NONE)
		l->row_label_width = g->rows > 9 ? 3 : 2;
	need_rows = layout_across(l, g->rows, s->height) -
		    behind(look, s->height) + 2 * x->frame + (x->drop ? 1 : 0) +
		    (x->labels ? 1 : 0) + x->bar_rows;
	need_cols = layout_across(l, g->cols, s->width) -
		    behind(look, s->width) + 2 * x->frame + pad +
		    (points ? 1 : 0) + l->row_label_width;
	top = height > need_rows ? (height - need_rows) / 2 : 0;
	left = width > need_cols ? (width - need_cols) / 2 : 0;
	if (x->drop)
		l->drop = top++;
	if (l->row_label_width)
		l->row_labels = left;
	if (x->labels && look->labels_above)
		l->labels = top++;
	l->row = top + x->frame;
	l->col = left + l->row_label_width + x->frame + pad;
	top = l->row + layout_across(l, g->rows, s->height) -
	      behind(look, s->height) + x->frame;
	if (x->labels && !look->labels_above)
		l->labels = top++;
	if (x->bar_rows) {
		l->bars = top;
		l->bar_rows = x->bar_rows;
	}
	return need_rows <= height && need_cols <= width;
}

static void find_layout(struct layout *l, const struct board *b,
			const struct look *look, int height, int width,
			bool ascii)
{
	const struct scale_list *scales = &scale_lists[look->kind];
	struct extras full = {
		.frame = look->frame ? 1 : 0,
		.bar_rows = look->by_column && (b->mark_count || b->figures)
				    ? 2
				    : 0,
		.drop = look->by_column,
		.labels = true,
	};
	struct extras less = full;

	for (size_t i = 0; i < scales->count; i++) {
		/* Letters of neighbours without a line run into one block. */
		if (ascii && look->kind == LOOK_BOXES &&
		    scales->list[i].height > 1 && !scales->list[i].lines)
			continue;
		if (try_layout(l, b->game, look, &scales->list[i], &full,
			       height, width))
			return;
	}
	for (int step = 0; step < 4; step++) {
		if (step == 0)
			less.bar_rows = less.bar_rows ? 1 : 0;
		else if (step == 1)
			less.frame = 0;
		else if (step == 2)
			less.bar_rows = 0;
		else
			less.drop = less.labels = false;
		if (try_layout(l, b->game, look,
			       &scales->list[scales->count - 1], &less, height,
			       width))
			return;
	}
}

void board_lay_out(struct layout *l, const struct board *b,
		   const struct look *look, int height, int width, bool ascii)
{
	find_layout(l, b, look, height, width, ascii);
	l->flip = b->flip;
}

void board_room(const struct game *g, int *rows, int *cols)
{
	const struct look *look = look_of(g);
	const struct scale_list *scales = &scale_lists[look->kind];
	const struct extras full = {
		.frame = look->frame ? 1 : 0,
		.drop = look->by_column,
		.labels = true,
	};
	struct layout l;

	*rows = *cols = 1;
	while (*rows < 200 &&
	       !try_layout(&l, g, look, &scales->list[scales->count - 1], &full,
			   *rows, 1000))
		++*rows;
	while (*cols < 1000 &&
	       !try_layout(&l, g, look, &scales->list[scales->count - 1], &full,
			   *rows, *cols))
		++*cols;
}
