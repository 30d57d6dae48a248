/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "tui/widget/board_int.h"

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

static void lay_out(struct layout *l, const struct board *b,
		    const struct look *look, int height, int width, bool ascii)
{
	find_layout(l, b, look, height, width, ascii);
	l->flip = b->flip;
}

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

/* A move's figure at the cell where it lands; where several moves land, their
 * sum. */
static void add_mark(struct spot *s, const struct board_mark *m)
{
	if (!m)
		return;
	s->share += m->share;
	if (!s->text) {
		s->text = m->text;
		return;
	}
	snprintf(s->sum, sizeof(s->sum), "%.0f%%",
		 (double)(100 * (s->share > 1 ? 1 : s->share)));
	s->text = s->sum;
}

static void gather_moves(const struct board *b, const struct look *look,
			 struct spot *spots)
{
	const struct game *g = b->game;
	game_move legal[BOARD_MAX_MOVES];
	int count = board_legal(b, legal);
	bool forbid = look->mark_forbidden && b->show_legal && count > 0;

	for (int i = 0; i < count; i++) {
		int cell = g->rules->move_cell(g, b->state, legal[i]);

		if (cell < 0)
			continue;
		spots[cell].flags |= SPOT_REACHED;
		if (g->rules->move_from && b->chosen >= 0 &&
		    g->rules->move_from(g, b->state, legal[i]) != b->chosen)
			continue;
		add_mark(&spots[cell], board_mark_of(b, legal[i]));
		/* Half the board is a target of some piece: which is the
		 * question. */
		if (b->show_legal && !look->mark_forbidden &&
		    (!g->rules->move_from || b->chosen >= 0))
			spots[cell].flags |= SPOT_TARGET;
	}
	for (int i = 0; forbid && i < g->rows * g->cols; i++)
		if (spots[i].what == GAME_EMPTY &&
		    !(spots[i].flags & SPOT_REACHED))
			spots[i].flags |= SPOT_FORBIDDEN;
}

static void gather(const struct board *b, const struct look *look,
		   struct spot *spots)
{
	const struct game *g = b->game;
	int cells = g->rows * g->cols, won[BOARD_MAX_CELLS], count = 0;

	memset(spots, 0, (size_t)cells * sizeof(*spots));
	for (int i = 0; i < cells; i++) {
		spots[i].what =
			b->cells ? b->cells[i]
				 : g->rules->cell(g, b->state, i / g->cols,
						  i % g->cols);
		if (i == b->last_cell)
			spots[i].flags |= SPOT_LAST;
		if (i == b->last_from)
			spots[i].flags |= SPOT_FROM;
		if (i == b->chosen)
			spots[i].flags |= SPOT_CHOSEN;
		if (i / g->cols == b->cursor_row &&
		    i % g->cols == b->cursor_col)
			spots[i].flags |= SPOT_CURSOR;
	}
	if (b->cells)
		return;
	gather_moves(b, look, spots);
	if (g->rules->winning_cells &&
	    g->rules->to_act(g, b->state) == GAME_OVER)
		count = g->rules->winning_cells(g, b->state, won);
	for (int i = 0; i < count; i++)
		spots[won[i]].flags |= SPOT_WON;
}

static void label_text(enum look_label kind, int i, char out[8])
{
	if (kind == LOOK_LETTERS && i < 26)
		snprintf(out, 8, "%c", 'a' + i);
	else if (kind == LOOK_GO && i < 25)
		snprintf(out, 8, "%c", 'A' + i + (i >= 8));
	else
		snprintf(out, 8, "%d", (i + 1) % 1000);
}

static void draw_labels(const struct board *b, const struct layout *l,
			const struct look *look, struct canvas *c)
{
	char text[8];

	for (int i = 0; l->labels >= 0 && i < l->cols; i++) {
		bool here = look->by_column && i == b->cursor_col;
		int width, room = l->scale.width;

		label_text(look->columns, i, text);
		width = (int)strlen(text);
		/* Two digits have no room in a compact board. */
		if (room == 2 && width > 1) {
			text[0] = text[width - 1];
			text[1] = '\0';
			width = 1;
		}
		/* Over the point of its cell, which is left of the middle. */
		if (room == 2 || look->kind == LOOK_POINTS)
			room = 2 * ((room - 1) / 2) + 1;
		canvas_text(c, l->labels, layout_col(l, i) + (room - width) / 2,
			    here ? STYLE_SELECTED : STYLE_LABEL, text);
	}
	for (int i = 0; l->row_labels >= 0 && i < l->rows; i++) {
		label_text(look->rows, look->rows_up ? l->rows - 1 - i : i,
			   text);
		canvas_right(c, layout_row(l, i) + (l->scale.height - 1) / 2,
			     l->row_labels + l->row_label_width - 1,
			     STYLE_LABEL, text);
	}
}

void board_draw(const struct board *b, struct canvas *c)
{
	const struct look *look = look_of(b->game);
	struct spot spots[BOARD_MAX_CELLS];
	struct layout l;

	if (look->draw) {
		look->draw(b->game, b->state, c);
		return;
	}
	assert(b->game->rows * b->game->cols <= BOARD_MAX_CELLS);
	lay_out(&l, b, look, c->height, c->width, c->ascii);
	gather(b, look, spots);
	switch (look->kind) {
	case LOOK_BOXES:
		board_boxes(b, &l, look, c, spots);
		break;
	case LOOK_POINTS:
		board_points(b, &l, look, c, spots);
		break;
	case LOOK_SQUARES:
		board_squares(b, &l, look, c, spots);
		break;
	}
	draw_labels(b, &l, look, c);
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

void board_cell_name(const struct game *g, int cell, char out[16])
{
	const struct look *look = look_of(g);
	int row = cell / g->cols;
	char column[8], line[8];

	out[0] = '\0';
	if (look->columns == LOOK_NONE || look->rows == LOOK_NONE)
		return;
	label_text(look->columns, cell % g->cols, column);
	label_text(look->rows, look->rows_up ? g->rows - 1 - row : row, line);
	snprintf(out, 16, "%s%s", column, line);
}

void board_owners(struct board *b, const float *seen, float *own)
{
	if (!seen && b->game->rules->ownership) {
		b->game->rules->ownership(b->game, b->state, own);
		seen = own;
	}
	b->ownership = seen;
}

void board_last(struct board *b, const void *before, game_move m)
{
	const struct game_rules *rules = b->game->rules;

	b->last_cell = rules->move_cell(b->game, before, m);
	b->last_from =
		rules->move_from ? rules->move_from(b->game, before, m) : -1;
}

game_move board_move_at(const struct game *g, const void *state, int row,
			int col)
{
	struct board b = BOARD_INIT(g, state);
	bool by_column = board_by_column(g);
	game_move legal[BOARD_MAX_MOVES];
	int count = board_legal(&b, legal);

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

	if (cell)
		*cell = -1;
	if (look->draw)
		return GAME_NO_MOVE;
	lay_out(&l, b, look, height, width, ascii);
	/* Lines between cells belong to the cell before them. */
	for (int i = 0; i < l.cols; i++)
		if (col >= layout_col(&l, i) &&
		    col < layout_col(&l, i) + l.scale.width +
				    (l.scale.lines ? 1 : 0))
			k = i;
	for (int i = 0; i < l.rows; i++)
		if (row >= layout_row(&l, i) &&
		    row < layout_row(&l, i) + l.scale.height +
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

void board_result(const struct game *g, const void *s, bool ascii,
		  struct buf *out)
{
	float value[GAME_MAX_PLAYERS] = {0};
	int discs[3] = {0};
	double lead;

	g->rules->score(g, s, value);
	switch (look_of(g)->result) {
	case LOOK_LEAD:
		lead = (double)g->rules->lead(g, s);
		if (lead == 0)
			buf_puts(out, "a draw");
		else
			buf_printf(out, "%c+%g", lead > 0 ? 'B' : 'W',
				   fabs(lead));
		break;
	case LOOK_POINTS_EACH:
		buf_puts(out, value[0] > 0   ? "1-0"
			      : value[0] < 0 ? "0-1"
					     : "1/2-1/2");
		if (g->rules->ended)
			buf_printf(out, " %s", g->rules->ended(g, s));
		break;
	case LOOK_DISCS:
		for (int i = 0; i < g->rows * g->cols; i++)
			discs[g->rules->cell(g, s, i / g->cols, i % g->cols)]++;
		if (discs[1] == discs[2])
			buf_printf(out, "a draw, %d-%d", discs[1], discs[2]);
		else if (discs[1] > discs[2])
			buf_printf(out, "Black %d-%d", discs[1], discs[2]);
		else
			buf_printf(out, "White %d-%d", discs[2], discs[1]);
		break;
	case LOOK_WORDS:
		if (value[0] == 0)
			buf_puts(out, "a draw");
		else
			buf_printf(out, "%s wins",
				   board_piece_text(g, value[0] < 0, ascii));
		break;
	}
}

bool board_writes_results(const struct game *g)
{
	return look_of(g)->result != LOOK_WORDS;
}

int board_kinds(const struct game *g)
{
	return look_of(g)->piece_count;
}

const char *board_kind_text(const struct game *g, int kind, bool ascii)
{
	static const char letters[] = "X\0O\0P\0p\0N\0n\0B\0b\0R\0r\0Q\0q\0"
				      "K\0k";
	const struct look_piece *p = look_piece(look_of(g), kind);

	if (!ascii)
		return p->text;
	for (size_t i = 0; i < sizeof(letters); i += 2)
		if (letters[i] == p->letter)
			return letters + i;
	return "?";
}

int board_kind_of_key(const struct game *g, int key)
{
	const struct look *look = look_of(g);

	for (int kind = 1; kind <= look->piece_count; kind++)
		if (look->pieces[kind - 1].letter == key)
			return kind;
	/* Where letters mean pieces, a digit would be a riddle. */
	if (look->piece_count <= 9 && key >= '1' &&
	    key < '1' + look->piece_count)
		return key - '0';
	return 0;
}

bool board_by_column(const struct game *g)
{
	return look_of(g)->by_column;
}

bool board_turns(const struct game *g)
{
	return look_of(g)->turns;
}

const char *board_piece_text(const struct game *g, int player, bool ascii)
{
	static const char letters[][2] = {"X", "O", "W", "B", "C", "?"};
	const struct look *look = look_of(g);
	const struct look_piece *p = look->players
					     ? &look->players[player != 0]
					     : look_piece(look, player + 1);
	size_t i = 0;

	if (!ascii)
		return p->text;
	while (i + 1 < ARRAY_LEN(letters) && letters[i][0] != p->letter)
		i++;
	return letters[i];
}

enum style board_style(int player)
{
	return player == 0 ? STYLE_PLAYER0 : STYLE_PLAYER1;
}
