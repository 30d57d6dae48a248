/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board.h"

#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "tui/widget/look.h"

enum { MAX_MOVES = 8192 };

/* Room for one cell, without its lines. */
struct scale {
	int height, width;
	bool lines; /* between cells */
};

/* Best first. */
static const struct scale scales[] = {
	{ 7, 16, true },  { 6, 14, true },  { 5, 12, true },  { 4, 10, true },
	{ 4, 10, false }, { 3, 8, true },   { 3, 8, false },  { 2, 6, true },
	{ 2, 6, false },  { 1, 5, true },   { 1, 3, true },   { 1, 3, false },
	{ 1, 2, false },
};

/* Where everything stands on the canvas. */
struct layout {
	struct scale scale;
	int frame;      /* 1 or 0 */
	int drop;       /* row of the piece about to drop; -1: none */
	int labels;     /* row of the column labels; -1: none */
	int bars;       /* first row of the figures below; -1: none */
	int bar_rows;
	int row_labels; /* column; -1: none */
	int row_label_width;
	int row, col;   /* of the first cell */
	int rows, cols; /* of cells */
};

static int across(const struct layout *l, int cells, int size)
{
	return l->scale.lines ? cells * (size + 1) - 1 : cells * size;
}

static int cell_row(const struct layout *l, int r)
{
	return l->row + r * (l->scale.height + (l->scale.lines ? 1 : 0));
}

static int cell_col(const struct layout *l, int c)
{
	return l->col + c * (l->scale.width + (l->scale.lines ? 1 : 0));
}

/* What stands around the cells, given up from the last to the first where
 * there is little room. */
struct extras {
	int frame, bar_rows;
	bool drop, labels;
};

static bool try_layout(struct layout *l, const struct game *g,
		       const struct look *look, const struct scale *s,
		       const struct extras *x, int height, int width)
{
	int need_rows, need_cols, top, left;

	*l = (struct layout){ .scale = *s, .frame = x->frame, .drop = -1,
			      .labels = -1, .bars = -1, .row_labels = -1,
			      .rows = g->rows, .cols = g->cols };
	if (x->labels && look->rows != LOOK_NONE)
		l->row_label_width = g->rows > 9 ? 3 : 2;
	need_rows = across(l, g->rows, s->height) + 2 * x->frame +
		    (x->drop ? 1 : 0) + (x->labels ? 1 : 0) + x->bar_rows;
	need_cols = across(l, g->cols, s->width) + 2 * x->frame +
		    l->row_label_width;
	/* A compact board wants a blank before its first column. */
	if (s->width == 2 && x->frame)
		need_cols++;
	top = height > need_rows ? (height - need_rows) / 2 : 0;
	left = width > need_cols ? (width - need_cols) / 2 : 0;
	if (x->drop)
		l->drop = top++;
	if (l->row_label_width)
		l->row_labels = left;
	l->row = top + x->frame;
	l->col = left + l->row_label_width + x->frame;
	if (s->width == 2 && x->frame)
		l->col++;
	top = l->row + across(l, g->rows, s->height) + x->frame;
	if (x->labels)
		l->labels = top++;
	if (x->bar_rows) {
		l->bars = top;
		l->bar_rows = x->bar_rows;
	}
	return need_rows <= height && need_cols <= width;
}

static void lay_out(struct layout *l, const struct board *b,
		    const struct look *look, int height, int width, bool ascii)
{
	struct extras full = {
		.frame = look->frame ? 1 : 0,
		.bar_rows = look->by_column && (b->mark_count || b->figures) ?
				    2 :
				    0,
		.drop = look->by_column,
		.labels = true,
	};
	struct extras less = full;

	for (size_t i = 0; i < ARRAY_LEN(scales); i++) {
		/* Letters of neighbours without a line run into one block. */
		if (ascii && scales[i].height > 1 && !scales[i].lines)
			continue;
		if (try_layout(l, b->game, look, &scales[i], &full, height,
			       width))
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
			       &scales[ARRAY_LEN(scales) - 1], &less, height,
			       width))
			return;
	}
}

static uint32_t first_code_point(const char *text)
{
	const unsigned char *t = (const unsigned char *)text;

	if (t[0] < 0x80)
		return t[0];
	if (t[0] < 0xe0)
		return (uint32_t)(t[0] & 0x1f) << 6 | (t[1] & 0x3f);
	return (uint32_t)(t[0] & 0x0f) << 12 | (uint32_t)(t[1] & 0x3f) << 6 |
	       (t[2] & 0x3f);
}

static uint32_t piece_glyph(const struct look_piece *p, bool ascii)
{
	return ascii ? (uint32_t)p->letter : first_code_point(p->text);
}

static void label_text(enum look_label kind, int i, char out[8])
{
	if (kind == LOOK_LETTERS && i < 26)
		snprintf(out, 8, "%c", 'a' + i);
	else
		snprintf(out, 8, "%d", (i + 1) % 1000);
}

/* The frame and the lines between cells, by where a corner or side stands. */
static void draw_lines(const struct layout *l, struct canvas *c)
{
	static const uint32_t corner[3][3] = {
		{ 0x256d, 0x252c, 0x256e },
		{ 0x251c, 0x253c, 0x2524 },
		{ 0x2570, 0x2534, 0x256f },
	};
	int pad = l->scale.width == 2 && l->frame ? 1 : 0;
	int top = l->row - l->frame, left = l->col - l->frame - pad;
	int height = across(l, l->rows, l->scale.height) + 2 * l->frame;
	int width = across(l, l->cols, l->scale.width) + 2 * l->frame + pad;
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
				glyph = c->ascii ? '+' :
						   corner[y == 0 ? 0 :
							  y == height - 1 ? 2 :
									    1]
							 [x == 0 ? 0 :
							  x == width - 1 ? 2 :
									   1];
			else if (on_y)
				glyph = c->ascii ? '-' : 0x2500;
			else if (on_x)
				glyph = c->ascii ? '|' : 0x2502;
			else
				continue;
			canvas_glyph(c, top + y, left + x, STYLE_BOARD, glyph);
		}
}

/* Signs on both sides of a cell: told without colour. */
struct sign {
	char left, right;
	enum style style;
	bool tall; /* along the whole height of the cell */
};
static const struct sign sign_last = { '[', ']', STYLE_MARKED, false };
static const struct sign sign_won = { '*', '*', STYLE_MARKED, true };
static const struct sign sign_cursor = { '>', '<', STYLE_SELECTED, false };

static void draw_sign(const struct layout *l, struct canvas *c, int y, int x,
		      const struct sign *s)
{
	int middle = (l->scale.height - 1) / 2;

	if (l->scale.width == 2) {
		/* One column between pieces: its neighbours share it. */
		canvas_glyph(c, y, x - 1, s->style, (uint32_t)s->left);
		canvas_glyph(c, y, x + 1, s->style, (uint32_t)s->right);
		return;
	}
	for (int i = 0; i < l->scale.height; i++) {
		if (!s->tall && i != middle)
			continue;
		canvas_glyph(c, y + i, x, s->style, (uint32_t)s->left);
		canvas_glyph(c, y + i, x + l->scale.width - 1, s->style,
			     (uint32_t)s->right);
	}
}

/* One character in the middle of a cell. */
static void draw_small(const struct layout *l, struct canvas *c, int y, int x,
		       enum style st, uint32_t glyph)
{
	int dx = l->scale.width == 2 ? 0 : (l->scale.width - 1) / 2;

	canvas_glyph(c, y + (l->scale.height - 1) / 2, x + dx, st, glyph);
}

static void draw_piece(const struct layout *l, struct canvas *c, int y, int x,
		       const struct look_piece *p, enum style st)
{
	if (l->scale.height == 1)
		draw_small(l, c, y, x, st, piece_glyph(p, c->ascii));
	else
		look_draw(c, y, x + 1, l->scale.height, l->scale.width - 2, p,
			  st);
}

/* What is known of every cell before it is drawn. */
enum { CELL_TARGET = 1, CELL_WON = 2 };

static const struct board_mark *mark_of(const struct board *b, game_move m)
{
	for (int i = 0; i < b->mark_count; i++)
		if (b->marks[i].move == m)
			return &b->marks[i];
	return NULL;
}

static void draw_cell(const struct board *b, const struct layout *l,
		      const struct look *look, struct canvas *c, int row,
		      int col, unsigned flags, const struct board_mark *mark)
{
	int y = cell_row(l, row), x = cell_col(l, col);
	int what = b->game->rules->cell(b->game, b->state, row, col);
	bool cursor = !look->by_column && row == b->cursor_row &&
		      col == b->cursor_col;

	if (what != GAME_EMPTY) {
		const struct look_piece *p = look_piece(look, what);

		/* Also in the winning line a piece keeps its player's colour:
		 * the signs beside it tell. */
		draw_piece(l, c, y, x, p, p->style);
	} else if (mark && !look->by_column &&
		   canvas_width(mark->text) <= l->scale.width) {
		int dx = (l->scale.width - canvas_width(mark->text)) / 2;

		canvas_text(c, y + (l->scale.height - 1) / 2, x + dx,
			    STYLE_VALUE, mark->text);
	} else if (flags & CELL_TARGET) {
		draw_small(l, c, y, x, STYLE_NORMAL,
			   c->ascii ? (uint32_t)look->target_letter :
				      first_code_point(look->target));
	} else {
		draw_small(l, c, y, x, STYLE_BOARD,
			   c->ascii ? (uint32_t)look->empty_letter :
				      first_code_point(look->empty));
	}
	if (flags & CELL_WON)
		draw_sign(l, c, y, x, &sign_won);
	else if (b->last_cell == row * b->game->cols + col)
		draw_sign(l, c, y, x, &sign_last);
	if (cursor) {
		draw_sign(l, c, y, x, &sign_cursor);
		canvas_cursor(c, y + (l->scale.height - 1) / 2,
			      x + (l->scale.width - 1) / 2);
	}
}

static int legal_moves(const struct board *b, game_move *out)
{
	if (b->game->move_count > MAX_MOVES ||
	    b->game->rules->to_act(b->game, b->state) < 0)
		return 0;
	return b->game->rules->legal(b->game, b->state, out);
}

static void draw_cells(const struct board *b, const struct layout *l,
		       const struct look *look, struct canvas *c)
{
	const struct game *g = b->game;
	game_move legal[MAX_MOVES];
	int won[1024], won_count = 0, legal_count = legal_moves(b, legal);

	if (g->rows * g->cols <= (int)ARRAY_LEN(won) && g->rules->winning_cells &&
	    g->rules->to_act(g, b->state) == GAME_OVER)
		won_count = g->rules->winning_cells(g, b->state, won);
	for (int i = 0; i < g->rows * g->cols; i++) {
		const struct board_mark *mark = NULL;
		unsigned flags = 0;

		for (int k = 0; k < won_count; k++)
			if (won[k] == i)
				flags |= CELL_WON;
		for (int k = 0; k < legal_count; k++) {
			if (g->rules->move_cell(g, b->state, legal[k]) != i)
				continue;
			if (b->show_legal)
				flags |= CELL_TARGET;
			mark = mark_of(b, legal[k]);
		}
		draw_cell(b, l, look, c, i / g->cols, i % g->cols, flags, mark);
	}
}

static int centred(const struct layout *l, int col, int width)
{
	int room = l->scale.width == 2 ? 1 : l->scale.width;

	return cell_col(l, col) + (room - width) / 2;
}

static void draw_labels(const struct board *b, const struct layout *l,
			const struct look *look, struct canvas *c)
{
	char text[8];

	for (int i = 0; l->labels >= 0 && i < l->cols; i++) {
		bool here = look->by_column && i == b->cursor_col;
		int width;

		label_text(look->columns, i, text);
		width = (int)strlen(text);
		/* Two digits have no room in a compact board. */
		if (l->scale.width == 2 && width > 1) {
			text[0] = text[width - 1];
			text[1] = '\0';
			width = 1;
		}
		canvas_text(c, l->labels, centred(l, i, width),
			    here ? STYLE_SELECTED : STYLE_LABEL, text);
	}
	for (int i = 0; l->row_labels >= 0 && i < l->rows; i++) {
		label_text(look->rows, look->rows_up ? l->rows - 1 - i : i,
			   text);
		canvas_right(c, cell_row(l, i) + (l->scale.height - 1) / 2,
			     l->row_labels + l->row_label_width - 1,
			     STYLE_LABEL, text);
	}
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
	x = cell_col(l, b->cursor_col);
	x += l->scale.width == 2 ? 0 : (l->scale.width - 1) / 2;
	if (l->drop < 0) {
		canvas_cursor(c, l->row, x);
		return;
	}
	canvas_glyph(c, l->drop, x, p->style, piece_glyph(p, c->ascii));
	canvas_cursor(c, l->drop, x);
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
		canvas_text(c, row, centred(l, col, width), STYLE_VALUE, digits);
}

/* Under each column: a bar in eighths, then the figure. */
static void draw_bars(const struct board *b, const struct layout *l,
		      struct canvas *c)
{
	int size = l->scale.width == 2 ? 1 : l->scale.width;
	int pad = size >= 5 ? 1 : 0;
	game_move legal[MAX_MOVES];
	int count = legal_moves(b, legal);

	for (int i = 0; i < count; i++) {
		const struct board_mark *m = mark_of(b, legal[i]);
		int cell = b->game->rules->move_cell(b->game, b->state,
						     legal[i]);
		int col, eighths, row = l->bars;

		if (!m || cell < 0)
			continue;
		col = cell % l->cols;
		eighths = (int)(m->share * 8 + 0.5f);
		if (eighths == 0 && m->share > 0)
			eighths = 1;
		/* A blank on both sides keeps neighbours apart. */
		for (int x = pad; x < size - pad; x++) {
			uint32_t glyph = 0x2580u + (uint32_t)eighths;

			if (eighths == 0)
				glyph = 0;
			/* ASCII has no eighths: the bar lies down. */
			if (c->ascii)
				glyph = (x - pad) * 8 <
						eighths * (size - 2 * pad) ?
					'#' :
					0;
			if (glyph)
				canvas_glyph(c, row, cell_col(l, col) + x,
					     STYLE_SERIES0, glyph);
		}
		if (l->bar_rows > 1)
			draw_figure(l, c, row + 1, col, m->text);
	}
}

void board_draw(const struct board *b, struct canvas *c)
{
	const struct look *look = look_of(b->game);
	struct layout l;

	lay_out(&l, b, look, c->height, c->width, c->ascii);
	if (l.frame || l.scale.lines)
		draw_lines(&l, c);
	draw_cells(b, &l, look, c);
	draw_labels(b, &l, look, c);
	if (look->by_column)
		draw_drop(b, &l, look, c);
	if (l.bars >= 0)
		draw_bars(b, &l, c);
}

game_move board_move_at(const struct game *g, const void *state, int row,
			int col)
{
	struct board b = BOARD_INIT(g, state);
	bool by_column = board_by_column(g);
	game_move legal[MAX_MOVES];
	int count = legal_moves(&b, legal);

	for (int i = 0; i < count; i++) {
		int cell = g->rules->move_cell(g, state, legal[i]);

		if (cell < 0 || cell % g->cols != col)
			continue;
		if (by_column || cell / g->cols == row)
			return legal[i];
	}
	return GAME_NO_MOVE;
}

game_move board_hit(const struct board *b, int height, int width, bool ascii,
		    int row, int col, int *cell)
{
	const struct look *look = look_of(b->game);
	struct layout l;
	int r = -1, k = -1;

	lay_out(&l, b, look, height, width, ascii);
	/* Lines between cells belong to the cell before them. */
	for (int i = 0; i < l.cols; i++)
		if (col >= cell_col(&l, i) &&
		    col < cell_col(&l, i) + l.scale.width + (l.scale.lines ? 1 : 0))
			k = i;
	for (int i = 0; i < l.rows; i++)
		if (row >= cell_row(&l, i) &&
		    row < cell_row(&l, i) + l.scale.height +
				    (l.scale.lines ? 1 : 0))
			r = i;
	/* Above and below, a column is still that column. */
	if (look->by_column && r < 0 && row >= 0 && row < height)
		r = row < l.row ? 0 : l.rows - 1;
	if (cell)
		*cell = r >= 0 && k >= 0 ? r * l.cols + k : -1;
	if (r < 0 || k < 0)
		return GAME_NO_MOVE;
	return board_move_at(b->game, b->state, r, k);
}

bool board_by_column(const struct game *g)
{
	return look_of(g)->by_column;
}

const char *board_piece_text(const struct game *g, int player, bool ascii)
{
	static const char letters[][2] = { "X", "O", "?" };
	const struct look_piece *p = look_piece(look_of(g), player + 1);

	if (!ascii)
		return p->text;
	return letters[p->letter == 'X' ? 0 : p->letter == 'O' ? 1 : 2];
}

enum style board_style(int player)
{
	return player == 0 ? STYLE_PLAYER0 : STYLE_PLAYER1;
}
