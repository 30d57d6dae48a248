/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/game/game.h"
#include "tui/canvas.h"

/* The frame and the lines between cells, by where a corner or side stands. */
static void draw_lines(const struct layout *l, struct canvas *c, enum style st)
{
	static const uint32_t corner[3][3] = {
		{0x256d, 0x252c, 0x256e},
		{0x251c, 0x253c, 0x2524},
		{0x2570, 0x2534, 0x256f},
	};
	int pad = l->scale.width == 2 && l->frame ? 1 : 0;
	int top = l->row - l->frame, left = l->col - l->frame - pad;
	int height = layout_across(l, l->rows, l->scale.height) + 2 * l->frame;
	int width =
		layout_across(l, l->cols, l->scale.width) + 2 * l->frame + pad;
	int step_y = l->scale.height + 1, step_x = l->scale.width + 1;

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			bool edge_y = l->frame && (y == 0 || y == height - 1);
			bool edge_x = l->frame && (x == 0 || x == width - 1);
			bool on_y = edge_y;
			bool on_x = edge_x;
			uint32_t glyph;

			if (l->scale.lines) {
				on_y |= (y + 1 - l->frame) % step_y == 0;
				on_x |= (x + 1 - l->frame) % step_x == 0;
			}
			if (on_y && on_x)
				glyph = c->ascii ? '+'
						 : corner[y == 0            ? 0
							  : y == height - 1 ? 2
									    : 1]
							 [x == 0           ? 0
							  : x == width - 1 ? 2
									   : 1];
			else if (on_y)
				glyph = c->ascii ? '-' : 0x2500;
			else if (on_x)
				glyph = c->ascii ? '|' : 0x2502;
			else
				continue;
			canvas_glyph(c, top + y, left + x, st, glyph);
		}
}

static void draw_piece(const struct layout *l, struct canvas *c, int y, int x,
		       const struct look_piece *p, enum style st)
{
	if (l->scale.height == 1)
		board_draw_small(l, c, y, x, st,
				 board_piece_glyph(p, c->ascii));
	else
		look_draw(c, y, x + 1, l->scale.height, l->scale.width - 2, p,
			  st);
}

static void draw_spot(const struct board *b, const struct layout *l,
		      const struct look *look, struct canvas *c, int row,
		      int col, const struct spot *s)
{
	int y = layout_row(l, row), x = layout_col(l, col);
	enum style dim = board_ground(look, 0, STYLE_BOARD);
	enum style text = board_ground(look, STYLE_ON_TEXT, STYLE_VALUE);
	const char *figure = NULL;
	uint32_t owner = 0;

	if (b->ownership)
		owner = board_owner_glyph(b->ownership[row * l->cols + col],
					  c->ascii);
	if (s->what != GAME_EMPTY) {
		const struct look_piece *p = look_piece(look, s->what);

		/* Also in the winning line a piece keeps its player's colour:
		 * the signs beside it tell. */
		draw_piece(l, c, y, x, p, p->style);
		if (owner &&
		    board_owner_differs(look, s->what,
					b->ownership[row * l->cols + col]))
			canvas_glyph(c, y, x + l->scale.width - 1, text, owner);
	} else if (s->text && !look->by_column &&
		   canvas_width(s->text) <= l->scale.width) {
		int dx = (l->scale.width - canvas_width(s->text)) / 2;

		figure = s->text;
		canvas_text(c, y + (l->scale.height - 1) / 2, x + dx, text,
			    s->text);
	} else if (owner) {
		board_draw_small(l, c, y, x, text, owner);
	} else if (s->flags & SPOT_TARGET) {
		board_draw_small(
			l, c, y, x,
			board_ground(look, STYLE_ON_TEXT, STYLE_NORMAL),
			c->ascii ? (uint32_t)look->target_letter
				 : board_code_point(look->target));
	} else {
		board_draw_small(l, c, y, x, dim,
				 c->ascii ? (uint32_t)look->empty_letter
					  : board_code_point(look->empty));
	}
	if (board_sign(s))
		board_draw_sign(l, c, y, x, board_sign(s),
				board_ground(look, STYLE_ON_TEXT,
					     board_sign(s)->style));
	if ((s->flags & SPOT_CURSOR) && !look->by_column)
		board_draw_cursor(l, c, y, x, figure, text);
}

/* The piece in the hand of the player to act, above the cursor's column. */
static void draw_drop(const struct board *b, const struct layout *l,
		      const struct look *look, struct canvas *c)
{
	int player = b->game->rules->to_act(b->game, b->state);
	const struct look_piece *p;
	int x;

	if (b->cursor_col < 0 || player < 0)
		return;
	p = look_piece(look, player + 1);
	x = layout_col(l, b->cursor_col);
	x += l->scale.width == 2 ? 0 : (l->scale.width - 1) / 2;
	if (l->drop < 0) {
		canvas_cursor(c, l->row, x);
		return;
	}
	canvas_glyph(c, l->drop, x, p->style, board_piece_glyph(p, c->ascii));
	canvas_cursor(c, l->drop, x);
}

static int centred(const struct layout *l, int col, int width)
{
	int room = l->scale.width == 2 ? 1 : l->scale.width;

	return layout_col(l, col) + (room - width) / 2;
}

/* A figure under its column; where neighbours would touch, without its "%", or
 * not at all. */
static void draw_figure(const struct layout *l, struct canvas *c, int row,
			int col, const char *text)
{
	int width = canvas_width(text);
	int room = l->scale.width - (l->scale.lines ? 0 : 1);
	char digits[8];

	snprintf(digits, sizeof(digits), "%s", text);
	if (width > room && width > 0 && digits[width - 1] == '%')
		digits[--width] = '\0';
	if (width <= room)
		canvas_text(c, row, centred(l, col, width), STYLE_VALUE,
			    digits);
}

/* Under each column: a bar in eighths, then the figure. */
static void draw_bars(const struct board *b, const struct layout *l,
		      struct canvas *c)
{
	int size = l->scale.width == 2 ? 1 : l->scale.width;
	int pad = size >= 5 ? 1 : 0;
	game_move legal[BOARD_MAX_MOVES];
	int count = board_legal(b, legal);

	for (int i = 0; i < count; i++) {
		const struct board_mark *m = board_mark_of(b, legal[i]);
		int cell =
			b->game->rules->move_cell(b->game, b->state, legal[i]);
		int col, eighths, row = l->bars;

		if (!m || cell < 0)
			continue;
		col = cell % l->cols;
		eighths = m->share >= 0 ? (int)(fminf(m->share, 1) * 8 + 0.5f)
					: 0;
		if (eighths == 0 && m->share > 0)
			eighths = 1;
		/* A blank on both sides keeps neighbours apart. */
		for (int x = pad; x < size - pad; x++) {
			uint32_t glyph = 0x2580u + (uint32_t)eighths;

			if (eighths == 0)
				glyph = 0;
			/* ASCII has no eighths: the bar lies down. */
			if (c->ascii)
				glyph = (x - pad) * 8 < eighths *
								(size - 2 * pad)
						? '#'
						: 0;
			if (glyph)
				canvas_glyph(c, row, layout_col(l, col) + x,
					     STYLE_SERIES0, glyph);
		}
		if (l->bar_rows > 1)
			draw_figure(l, c, row + 1, col, m->text);
	}
}

void board_boxes(const struct board *b, const struct layout *l,
		 const struct look *look, struct canvas *c,
		 const struct spot *spots)
{
	if (look->ground)
		canvas_fill(c, l->row - l->frame, l->col - l->frame,
			    layout_across(l, l->rows, l->scale.height) +
				    2 * l->frame,
			    layout_across(l, l->cols, l->scale.width) +
				    2 * l->frame,
			    look->ground, 0);
	if (l->frame || l->scale.lines)
		draw_lines(l, c, board_ground(look, 0, STYLE_BOARD));
	for (int i = 0; i < l->rows * l->cols; i++)
		draw_spot(b, l, look, c, i / l->cols, i % l->cols, &spots[i]);
	if (look->by_column)
		draw_drop(b, l, look, c);
	if (l->bars >= 0)
		draw_bars(b, l, c);
}
