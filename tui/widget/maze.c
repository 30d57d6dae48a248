/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/maze.h"

#include <stdio.h>

#include "core/game/pacman.h"

/* A cell is `scale` rows high and twice as wide, its middle is drawn on; with
 * no room for that, a column wide. */
enum { SCALE_MAX = 3, SPRITE_COLS = 3 };

struct plan {
	const struct game *g;
	struct canvas *c;
	struct pacman_view view;
	int scale, wide; /* rows and columns of a cell */
	int top, left;
};

/* Lines by what they join: 1 up, 2 left, 4 down, 8 right; a wall that joins
 * nothing is a post. */
static const char *const joints[16] = {
	"□", "│", "─", "┘", "│", "│", "┐", "┤",
	"─", "└", "─", "┴", "┌", "├", "┬", "┼",
};

static bool is_wall(const struct plan *p, int row, int col)
{
	/* What lies outside is as good as a wall. */
	if (row < 0 || col < 0 || row >= p->g->rows || col >= p->g->cols)
		return true;
	return pacman_is_wall(p->g, row * p->g->cols + col);
}

static bool inside(const struct plan *p, int row, int col)
{
	return row >= 0 && col >= 0 && row < p->g->rows && col < p->g->cols;
}

/* Two walls side by side are joined unless there are walls on both sides of
 * them: of a thick block only the outline shows. */
static bool joined(const struct plan *p, int row, int col, int dr, int dc)
{
	if (!inside(p, row + dr, col + dc) || !is_wall(p, row + dr, col + dc))
		return false;
	return !is_wall(p, row + dc, col + dr) ||
	       !is_wall(p, row + dr + dc, col + dc + dr) ||
	       !is_wall(p, row - dc, col - dr) ||
	       !is_wall(p, row + dr - dc, col + dc - dr);
}

static int middle_row(const struct plan *p, int row)
{
	return p->top + row * p->scale + (p->scale - 1) / 2;
}

static int middle_col(const struct plan *p, int col)
{
	return p->left + col * p->wide + (p->wide - 1) / 2;
}

static void draw_wall(const struct plan *p, int row, int col)
{
	int y = middle_row(p, row), x = middle_col(p, col);
	unsigned to = 0;

	if (p->c->ascii) {
		for (int i = 0; i < p->scale; i++)
			for (int k = 0; k < p->wide; k++)
				if (k < (p->wide + 1) / 2 ||
				    (inside(p, row, col + 1) &&
				     is_wall(p, row, col + 1)))
					canvas_glyph(
						p->c,
						p->top + row * p->scale + i,
						p->left + col * p->wide + k,
						STYLE_BOARD, '#');
		return;
	}
	to |= joined(p, row, col, -1, 0) ? 1 : 0;
	to |= joined(p, row, col, 0, -1) ? 2 : 0;
	to |= joined(p, row, col, 1, 0) ? 4 : 0;
	to |= joined(p, row, col, 0, 1) ? 8 : 0;
	if (!to && is_wall(p, row - 1, col) && is_wall(p, row + 1, col) &&
	    is_wall(p, row, col - 1) && is_wall(p, row, col + 1))
		return; /* deep in a block */
	canvas_text(p->c, y, x, STYLE_BOARD, joints[to]);
	/* Halfway to each neighbour; it draws the rest. */
	if (to & 8)
		for (int k = 1; k < p->wide; k++)
			canvas_text(p->c, y, x + k, STYLE_BOARD, "─");
	if (to & 4)
		for (int k = 1; k < p->scale; k++)
			canvas_text(p->c, y + k, x, STYLE_BOARD, "│");
}

/* By facing, 0 to 3: half a disc, the other half is the mouth. */
static const uint32_t men[] = {0x25d2, 0x25d7, 0x25d3, 0x25d6};
static const char men_ascii[] = "v>^<";
static const char *const men_large[][2] = {
	{"▙ ▟", "▜█▛"}, {"▝█▙", "▗█▛"}, {"▟█▙", "▛ ▜"}, {"▟█▘", "▜█▖"}};

static void draw_large(const struct plan *p, int row, int col, enum style st,
		       const char *upper, const char *lower)
{
	int y = p->top + row * p->scale + (p->scale - 2) / 2;
	int x = p->left + col * p->wide + (p->wide - SPRITE_COLS) / 2;

	canvas_text(p->c, y, x, st, upper);
	canvas_text(p->c, y + 1, x, st, lower);
}

static bool large(const struct plan *p)
{
	return p->scale > 1 && !p->c->ascii;
}

static void draw_man(const struct plan *p, int row, int col)
{
	int f = p->view.facing;

	if (large(p))
		draw_large(p, row, col, STYLE_PLAYER0, men_large[f][0],
			   men_large[f][1]);
	else
		canvas_glyph_or(p->c, middle_row(p, row), middle_col(p, col),
				STYLE_PLAYER0, men[f], men_ascii[f]);
}

static enum style ghost_style(int what)
{
	static const enum style styles[PACMAN_GHOSTS] = {
		STYLE_SERIES0 + 5,
		STYLE_SERIES0 + 6,
		STYLE_SERIES0 + 1,
		STYLE_SERIES0 + 2,
	};

	if (what == PACMAN_FRIGHT)
		return STYLE_SERIES0 + 4;
	if (what >= PACMAN_FRIGHT_ENDS)
		return STYLE_BOLD;
	return styles[what - PACMAN_GHOST_1];
}

static void draw_ghost(const struct plan *p, int row, int col, int what)
{
	char text[2] = {(char)('1' + what - PACMAN_GHOST_1), '\0'};
	enum style st = ghost_style(what);
	char lower[16];

	if (what == PACMAN_FRIGHT)
		text[0] = 'm';
	else if (what == PACMAN_FRIGHT_ENDS)
		text[0] = 'M';
	else if (what == PACMAN_EYES)
		text[0] = '"';
	if (large(p) && what != PACMAN_EYES) {
		snprintf(lower, sizeof(lower), "▛%s▜", text);
		draw_large(p, row, col, st, "▟▀▙", lower);
		return;
	}
	canvas_text(p->c, middle_row(p, row), middle_col(p, col), st, text);
}

static void draw_cell(const struct plan *p, int row, int col, int what)
{
	int y = middle_row(p, row), x = middle_col(p, col);

	switch (what) {
	case PACMAN_FLOOR:
		break;
	case PACMAN_WALL:
		draw_wall(p, row, col);
		break;
	case PACMAN_HIM:
		draw_man(p, row, col);
		break;
	case PACMAN_DOT:
		canvas_glyph_or(p->c, y, x, STYLE_DIM, 0xb7, '.');
		break;
	case PACMAN_PELLET:
		canvas_glyph_or(p->c, y, x, STYLE_WARN, 0x25cf, 'o');
		break;
	default:
		draw_ghost(p, row, col, what);
	}
}

/* The columns of a maze: the last cell needs no gap behind it. */
static int width_of(const struct game *g, int wide)
{
	return g->cols * wide - (wide > 1 ? wide / 2 : 0);
}

/* In the middle; what does not fit shows the part that he is in. */
static int place(int room, int size, int him)
{
	int at = room / 2 - him;

	if (size <= room)
		return (room - size) / 2;
	return at > 0 ? 0 : at < room - size ? room - size : at;
}

void maze_draw(const struct game *g, const void *state, struct canvas *c)
{
	struct plan p = {.g = g, .c = c, .scale = SCALE_MAX};

	while (p.scale > 1 && (g->rows * p.scale > c->height ||
			       width_of(g, 2 * p.scale) > c->width))
		p.scale--;
	p.wide = width_of(g, 2 * p.scale) > c->width ? 1 : 2 * p.scale;
	pacman_view(g, state, &p.view);
	p.top = place(c->height, g->rows * p.scale,
		      p.view.him / g->cols * p.scale);
	p.left = place(c->width, width_of(g, p.wide),
		       p.view.him % g->cols * p.wide);
	/* Walls first: what moves is drawn over the ends of their lines. */
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < g->rows * g->cols; i++) {
			int row = i / g->cols, col = i % g->cols;
			int what = g->rules->cell(g, state, row, col);

			if ((what == PACMAN_WALL) == !pass)
				draw_cell(&p, row, col, what);
		}
}
