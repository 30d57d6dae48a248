/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_int.h"

#include <math.h>

#include "core/game/game.h"
#include "tui/canvas.h"

/*
 * Boards whose pieces stand where lines cross.  A cell is the point in its
 * middle and the lines around it, up to its edges.
 */

/* The points that players find their way by. */
static bool is_star(const struct layout *l, int row, int col)
{
	int size = l->rows, edge = size >= 13 ? 3 : 2;
	bool middle_row = size % 2 && row == size / 2;
	bool middle_col = size % 2 && col == size / 2;
	bool edge_row = row == edge || row == size - 1 - edge;
	bool edge_col = col == edge || col == size - 1 - edge;

	if (l->rows != l->cols || size < 5)
		return false;
	if (middle_row && middle_col)
		return true;
	if (size < 7)
		return false;
	if (edge_row && edge_col)
		return true;
	return size >= 15 &&
	       ((middle_row && edge_col) || (edge_row && middle_col));
}

static uint32_t crossing(const struct layout *l, bool ascii, int row, int col)
{
	static const uint32_t lines[3][3] = {
		{0x250c, 0x252c, 0x2510},
		{0x251c, 0x253c, 0x2524},
		{0x2514, 0x2534, 0x2518},
	};
	bool star = is_star(l, row, col);
	int y = row == 0 ? 0 : row == l->rows - 1 ? 2 : 1;
	int x = col == 0 ? 0 : col == l->cols - 1 ? 2 : 1;

	/* Side by side in ASCII, lines would hide the stones. */
	if (ascii && l->scale.width == 2)
		return star ? '+' : '.';
	if (ascii)
		return star ? '*' : '+';
	return star ? 0x254b : lines[y][x];
}

static void draw_lines(const struct layout *l, const struct look *look,
		       struct canvas *c, int row, int col)
{
	int y = layout_row(l, row), x = layout_col(l, col);
	int mid_y = (l->scale.height - 1) / 2, mid_x = (l->scale.width - 1) / 2;

	if (c->ascii && l->scale.width == 2) {
		canvas_glyph(c, y, x, look->ground,
			     crossing(l, true, row, col));
		return;
	}
	for (int i = 0; i < l->scale.width; i++)
		if ((col > 0 || i > mid_x) && (col < l->cols - 1 || i < mid_x))
			canvas_glyph(c, y + mid_y, x + i, look->ground,
				     c->ascii ? '-' : 0x2500);
	for (int i = 0; i < l->scale.height; i++)
		if ((row > 0 || i > mid_y) && (row < l->rows - 1 || i < mid_y))
			canvas_glyph(c, y + i, x + mid_x, look->ground,
				     c->ascii ? '|' : 0x2502);
	canvas_glyph(c, y + mid_y, x + mid_x, look->ground,
		     crossing(l, c->ascii, row, col));
}

/* Where a point has one character: the share in tenths. */
static uint32_t tenths(float share)
{
	int n = share >= 0 ? (int)(fminf(share, 1) * 10 + 0.5f) : 0;

	if (share < 0.005f)
		return 0;
	return share < 0.05f ? ':' : '0' + (uint32_t)(n > 9 ? 9 : n);
}

static bool is_abridged(const struct layout *l, const char *text)
{
	return canvas_width(text) >= l->scale.width;
}

static void draw_figure(const struct layout *l, const struct look *look,
			struct canvas *c, int y, int x, const struct spot *s)
{
	int width = canvas_width(s->text);
	enum style st = look->ground + STYLE_ON_TEXT;
	uint32_t digit = tenths(s->share);

	if (!digit)
		return;
	if (!is_abridged(l, s->text))
		canvas_text(c, y + (l->scale.height - 1) / 2,
			    x + (l->scale.width - width) / 2, st, s->text);
	else
		board_draw_small(l, c, y, x, st, digit);
}

static void draw_stone(const struct layout *l, struct canvas *c, int y, int x,
		       const struct look_piece *p)
{
	if (l->scale.height < 3) {
		board_draw_small(l, c, y, x, p->style,
				 board_piece_glyph(p, c->ascii));
		return;
	}
	/* The ground under a ring is bare: no lines show through a stone. */
	canvas_fill(c, y, x, l->scale.height, l->scale.width - 1, p->style, 0);
	look_draw(c, y, x, l->scale.height, l->scale.width - 1, p, p->style);
}

bool board_points_abridged(const struct layout *l, const struct board *b)
{
	for (int i = 0; i < b->mark_count; i++)
		if (tenths(b->marks[i].share) &&
		    is_abridged(l, b->marks[i].text))
			return true;
	return false;
}

/* Signs stand in the middle between this point and its neighbours, or on both
 * sides of a figure. */
static void draw_sign(const struct layout *l, struct canvas *c, int y, int x,
		      const struct spot *spot, const struct sign *s,
		      enum style st)
{
	int mid_y = y + (l->scale.height - 1) / 2;
	int mid_x = x + (l->scale.width - 1) / 2;
	int away = l->scale.height < 3 ? 1 : l->scale.width / 2;
	int left = mid_x - away, right = mid_x + away, from, width;

	if (spot->what == GAME_EMPTY && spot->text && tenths(spot->share) &&
	    !is_abridged(l, spot->text)) {
		width = canvas_width(spot->text);
		from = x + (l->scale.width - width) / 2;
		left = from - 1 < left ? from - 1 : left;
		right = from + width > right ? from + width : right;
	}
	canvas_glyph(c, mid_y, left, st, (uint32_t)s->left);
	canvas_glyph(c, mid_y, right, st, (uint32_t)s->right);
}

static void draw_spot(const struct board *b, const struct layout *l,
		      const struct look *look, struct canvas *c, int row,
		      int col, const struct spot *s)
{
	int y = layout_row(l, row), x = layout_col(l, col);
	enum style text = look->ground + STYLE_ON_TEXT;
	float whose = b->ownership ? b->ownership[row * l->cols + col] : 0;
	uint32_t owner = board_owner_glyph(whose, c->ascii);

	if (s->what != GAME_EMPTY) {
		const struct look_piece *p = look_piece(look, s->what);

		draw_stone(l, c, y, x, p);
		/* A stone that the other side will own. */
		if (owner && board_owner_differs(look, s->what, whose))
			canvas_glyph(c, y + (l->scale.height - 1) / 2,
				     x + (l->scale.width - 1) / 2 +
					     (l->scale.height < 3 ? 1 : 0),
				     text, owner);
	} else if (s->text && tenths(s->share)) {
		draw_figure(l, look, c, y, x, s);
	} else if (owner) {
		board_draw_small(l, c, y, x, text, owner);
	} else if (s->flags & SPOT_FORBIDDEN) {
		board_draw_small(l, c, y, x, text, c->ascii ? 'x' : 0xd7);
	}
}

void board_points(const struct board *b, const struct layout *l,
		  const struct look *look, struct canvas *c,
		  const struct spot *spots)
{
	int rows = layout_across(l, l->rows, l->scale.height);
	int cols = layout_across(l, l->cols, l->scale.width);

	/* What is behind the last points stays bare. */
	if (l->scale.height % 2 == 0)
		rows--;
	if (l->scale.width % 2 == 0)
		cols--;
	canvas_fill(c, l->row, l->col - 1, rows, cols + 2, look->ground, 0);
	for (int i = 0; i < l->rows * l->cols; i++)
		draw_lines(l, look, c, i / l->cols, i % l->cols);
	for (int i = 0; i < l->rows * l->cols; i++)
		draw_spot(b, l, look, c, i / l->cols, i % l->cols, &spots[i]);
	/* Signs last: they stand on the neighbours' lines. */
	for (int i = 0; i < l->rows * l->cols; i++) {
		int y = layout_row(l, i / l->cols);
		int x = layout_col(l, i % l->cols);

		if (board_sign(&spots[i]))
			draw_sign(l, c, y, x, &spots[i], board_sign(&spots[i]),
				  look->ground + STYLE_ON_TEXT);
		if (!(spots[i].flags & SPOT_CURSOR))
			continue;
		draw_sign(l, c, y, x, &spots[i], &board_cursor_sign,
			  board_cursor_sign.style);
		canvas_cursor(c, y + (l->scale.height - 1) / 2,
			      x + (l->scale.width - 1) / 2);
	}
}
