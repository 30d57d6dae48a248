/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board_int.h"

#include <math.h>
#include <stdio.h>

#include "core/game/game.h"
#include "tui/canvas.h"

/* What one cell shows, whichever kind of board it is on. */

uint32_t board_code_point(const char *text)
{
	const unsigned char *t = (const unsigned char *)text;

	if (t[0] < 0x80)
		return t[0];
	if (t[0] < 0xe0)
		return (uint32_t)(t[0] & 0x1f) << 6 | (t[1] & 0x3f);
	return (uint32_t)(t[0] & 0x0f) << 12 | (uint32_t)(t[1] & 0x3f) << 6 |
	       (t[2] & 0x3f);
}

uint32_t board_piece_glyph(const struct look_piece *p, bool ascii)
{
	return ascii ? (uint32_t)p->letter : board_code_point(p->text);
}

enum style board_ground(const struct look *look, int what, enum style own)
{
	return look->ground ? look->ground + (enum style)what : own;
}

uint32_t board_owner_glyph(float owner, bool ascii)
{
	float size = fabsf(owner);

	if (!(size >= 0.2f)) /* or not a number */
		return 0;
	if (ascii)
		return size >= 0.6f ? (owner > 0 ? 'B' : 'W')
				    : (owner > 0 ? 'b' : 'w');
	if (size >= 0.6f)
		return owner > 0 ? 0x25a0 : 0x25a1; /* squares: full, hollow */
	return owner > 0 ? 0x25aa : 0x25ab;         /* the same, small */
}

bool board_owner_differs(const struct look *look, int what, float owner)
{
	(void)look;
	return (what == 1 && owner < 0) || (what == 2 && owner > 0);
}

const struct sign board_cursor_sign = {'>', '<', STYLE_SELECTED, false};

const struct sign *board_sign(const struct spot *s)
{
	static const struct sign last = {'[', ']', STYLE_MARKED, false};
	static const struct sign from = {'(', ')', STYLE_MARKED, false};
	static const struct sign won = {'*', '*', STYLE_MARKED, true};
	static const struct sign chosen = {'{', '}', STYLE_MARKED, false};
	static const struct sign target = {'+', '+', STYLE_MARKED, false};

	if (s->flags & SPOT_WON)
		return &won;
	if (s->flags & SPOT_CHOSEN)
		return &chosen;
	/* What can be taken has no room for the sign of an empty cell. */
	if ((s->flags & SPOT_TARGET) && s->what != GAME_EMPTY)
		return &target;
	if (s->flags & SPOT_LAST)
		return &last;
	return s->flags & SPOT_FROM ? &from : NULL;
}

void board_draw_sign(const struct layout *l, struct canvas *c, int y, int x,
		     const struct sign *s, enum style st)
{
	int middle = (l->scale.height - 1) / 2;

	if (l->scale.width == 2) {
		/* One column between pieces: its neighbours share it. */
		canvas_glyph(c, y, x - 1, st, (uint32_t)s->left);
		canvas_glyph(c, y, x + 1, st, (uint32_t)s->right);
		return;
	}
	for (int i = 0; i < l->scale.height; i++) {
		if (!s->tall && i != middle)
			continue;
		canvas_glyph(c, y + i, x, st, (uint32_t)s->left);
		canvas_glyph(c, y + i, x + l->scale.width - 1, st,
			     (uint32_t)s->right);
	}
}

void board_draw_cursor(const struct layout *l, struct canvas *c, int y, int x,
		       const char *figure, enum style st)
{
	int middle = (l->scale.height - 1) / 2, room = l->scale.width, width;
	char digits[8];

	board_draw_sign(l, c, y, x, &board_cursor_sign,
			board_cursor_sign.style);
	canvas_cursor(c, y + middle, x + (room - 1) / 2);
	if (!figure)
		return;
	width = snprintf(digits, sizeof(digits), "%s", figure);
	if (width > 1 && width > room - 2 && digits[width - 1] == '%')
		digits[--width] = '\0';
	if (width <= room)
		canvas_text(c, y + middle, x + (room - width) / 2, st, digits);
}

void board_draw_small(const struct layout *l, struct canvas *c, int y, int x,
		      enum style st, uint32_t glyph)
{
	canvas_glyph(c, y + (l->scale.height - 1) / 2,
		     x + (l->scale.width - 1) / 2, st, glyph);
}

const struct board_mark *board_mark_of(const struct board *b, game_move m)
{
	for (int i = 0; i < b->mark_count; i++)
		if (b->marks[i].move == m)
			return &b->marks[i];
	return NULL;
}

int board_legal(const struct board *b, game_move *out)
{
	if (b->game->move_count > BOARD_MAX_MOVES ||
	    b->game->rules->to_act(b->game, b->state) < 0)
		return 0;
	return b->game->rules->legal(b->game, b->state, out);
}
