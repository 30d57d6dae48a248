/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_int.h"

#include "core/game/game.h"
#include "tui/canvas.h"

/*
 * Boards of light and dark squares.  Dark ones are dotted: where there are
 * colours the dots have the ground's own, so only terminals without show them.
 */
static enum style ground_of(const struct spot *s, int row, int col)
{
	if (s->flags & (SPOT_LAST | SPOT_FROM | SPOT_CHOSEN))
		return STYLE_LIT;
	return (row + col) % 2 ? STYLE_DARK : STYLE_LIGHT;
}

static void draw_ground(const struct layout *l, struct canvas *c, int row,
			int col, enum style ground)
{
	int y = layout_row(l, row), x = layout_col(l, col);
	int step = l->scale.width == 2 ? 1 : 2;

	canvas_fill(c, y, x, l->scale.height, l->scale.width, ground, 0);
	if ((row + col) % 2 == 0)
		return;
	for (int i = 0; i < l->scale.height; i++)
		for (int k = step - 1; k < l->scale.width; k += step)
			canvas_glyph(c, y + i, x + k, ground,
				     c->ascii ? '.' : 0xb7);
}

/* The lowest row has the figures, so that pieces stay. */
static bool has_figure(const struct layout *l, const struct spot *s)
{
	return s->text && s->share >= 0.005f &&
	       canvas_width(s->text) <= l->scale.width &&
	       (l->scale.height > 1 || s->what == GAME_EMPTY);
}

static void draw_figure(const struct layout *l, struct canvas *c, int y, int x,
			const struct spot *s, enum style st)
{
	int width = canvas_width(s->text);

	canvas_text(c, y + l->scale.height - 1,
		    x + (l->scale.width - width) / 2, st, s->text);
}

static void draw_spot(const struct layout *l, const struct look *look,
		      struct canvas *c, int row, int col, const struct spot *s)
{
	int y = layout_row(l, row), x = layout_col(l, col);
	enum style ground = ground_of(s, row, col);

	draw_ground(l, c, row, col, ground);
	if (s->what != GAME_EMPTY) {
		const struct look_piece *p = look_piece(look, s->what);
		enum style st = ground + (p->style - look->ground);

		if (l->scale.height < 3)
			board_draw_small(l, c, y, x, st,
					 board_piece_glyph(p, c->ascii));
		else
			look_draw(c, y, x + 1, l->scale.height,
				  l->scale.width - 2, p, st);
	} else if (s->flags & SPOT_TARGET) {
		board_draw_small(l, c, y, x, ground + STYLE_ON_TEXT,
				 c->ascii ? (uint32_t)look->target_letter
					  : board_code_point(look->target));
	}
	if (has_figure(l, s))
		draw_figure(l, c, y, x, s, ground + STYLE_ON_TEXT);
}

void board_squares(const struct board *b, const struct layout *l,
		   const struct look *look, struct canvas *c,
		   const struct spot *spots)
{
	(void)b;
	for (int i = 0; i < l->rows * l->cols; i++)
		draw_spot(l, look, c, i / l->cols, i % l->cols, &spots[i]);
	/* Compact squares share the columns of their signs. */
	for (int i = 0; i < l->rows * l->cols; i++) {
		int y = layout_row(l, i / l->cols);
		int x = layout_col(l, i % l->cols);

		if (board_sign(&spots[i]))
			board_draw_sign(
				l, c, y, x, board_sign(&spots[i]),
				ground_of(&spots[i], i / l->cols, i % l->cols) +
					STYLE_ON_TEXT);
		if (!(spots[i].flags & SPOT_CURSOR))
			continue;
		/* On higher squares the figure has a row of its own. */
		board_draw_cursor(
			l, c, y, x,
			l->scale.height == 1 && has_figure(l, &spots[i])
				? spots[i].text
				: NULL,
			ground_of(&spots[i], i / l->cols, i % l->cols) +
				STYLE_ON_TEXT);
	}
}
