/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/sheet.h"

#include <stdlib.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/round.h"
#include "tui/canvas.h"
#include "tui/widget/board.h"
#include "tui/widget/value_graph.h"

/* Width of the longest move so far: notations differ. */
static int widest_move(const struct round *r)
{
	char text[GAME_TEXT_SIZE];
	int widest = 1;

	for (int i = 0; i < r->plies; i++) {
		int w;

		r->game.rules->move_text(&r->game, round_state(r, i),
					 r->moves[i], text);
		w = canvas_width(text);
		if (w > widest)
			widest = w;
	}
	return widest;
}

static void draw_move(const struct round *r, int i, bool here, struct canvas *c,
		      int y, int x)
{
	char text[GAME_TEXT_SIZE];
	int player = r->game.rules->to_act(&r->game, round_state(r, i));
	int end;

	r->game.rules->move_text(&r->game, round_state(r, i), r->moves[i],
				 text);
	end = canvas_text(c, y, x + 1,
			  here ? STYLE_MARKED : board_style(player), text);
	if (here) {
		canvas_glyph(c, y, x, STYLE_MARKED, '[');
		canvas_glyph(c, y, end, STYLE_MARKED, ']');
	}
}

void sheet_draw(const struct round *r, int ply, struct canvas *c)
{
	int move_width = widest_move(r) + 2;
	int pair = 4 + 2 * move_width + 1;
	int columns = c->width / pair > 0 ? c->width / pair : 1;
	/* A start may have the second player to move: half a pair is gone. */
	int odd = r->game.rules->to_act(&r->game, r->states) == 1 ? 1 : 0;
	int pairs = (r->plies + odd + 1) / 2;
	int from = 0;

	if (pairs > c->height * columns)
		from = (pairs + columns - 1) / columns - c->height;
	for (int at = from * columns * 2; at < r->plies + odd; at++) {
		int p = at / 2, y = p / columns - from;
		int x = p % columns * pair;

		if (at % 2 == 0)
			canvas_printf(c, y, x, STYLE_DIM, "%2d.", p + 1);
		if (at < odd)
			canvas_text(c, y, x + 5, STYLE_DIM,
				    c->ascii ? "..." : "…");
		else
			draw_move(r, at - odd, at - odd == ply - 1, c, y,
				  x + 4 + at % 2 * move_width);
	}
}

void sheet_graph(const struct round *r, int ply, struct canvas *c)
{
	double *value = mem_alloc(((size_t)r->plies + 1) * sizeof(*value));
	struct value_graph v = {
		.value = value,
		.count = r->plies + 1,
		.cursor = ply,
	};

	round_values(r, value);
	value_graph_draw(&v, c);
	free(value);
}
