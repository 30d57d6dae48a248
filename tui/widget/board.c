/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/board.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "tui/widget/board_int.h"

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
	board_lay_out(&l, b, look, c->height, c->width, c->ascii);
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

const char *board_legend(const struct board *b, int height, int width,
			 bool ascii)
{
	const struct look *look = look_of(b->game);
	struct layout l;

	if (look->kind != LOOK_POINTS || look->draw)
		return NULL;
	board_lay_out(&l, b, look, height, width, ascii);
	return board_points_abridged(&l, b) ? "digits: tenths; : is under 5%"
					    : NULL;
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
	board_lay_out(&l, b, look, height, width, ascii);
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

static void count_discs(const struct game *g, const void *s, int discs[3])
{
	for (int i = 0; i < g->rows * g->cols; i++)
		discs[g->rules->cell(g, s, i / g->cols, i % g->cols)]++;
}

/* "B+3.5" */
static void put_lead(double lead, struct buf *out)
{
	buf_printf(out, "%c+%g", lead > 0 ? 'B' : 'W', fabs(lead));
}

void board_standing(const struct game *g, const void *s, bool ascii,
		    struct buf *out)
{
	int discs[3] = {0};
	double lead;

	switch (look_of(g)->result) {
	case LOOK_LEAD:
		lead = (double)g->rules->lead(g, s);
		if (lead == 0)
			buf_puts(out, "even");
		else
			put_lead(lead, out);
		buf_puts(out, " by count");
		break;
	case LOOK_DISCS:
		count_discs(g, s, discs);
		buf_printf(out, "%s %d", board_piece_text(g, 0, ascii),
			   discs[1]);
		buf_printf(out, "  %s %d", board_piece_text(g, 1, ascii),
			   discs[2]);
		break;
	case LOOK_POINTS_EACH:
	case LOOK_WORDS:
		break;
	}
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
		lead = (double)game_final_lead(g, s);
		if (lead == 0)
			buf_puts(out, "a draw");
		else
			put_lead(lead, out);
		break;
	case LOOK_POINTS_EACH:
		buf_puts(out, value[0] > 0   ? "1-0"
			      : value[0] < 0 ? "0-1"
					     : "1/2-1/2");
		if (g->rules->ended)
			buf_printf(out, " %s", g->rules->ended(g, s));
		break;
	case LOOK_DISCS:
		count_discs(g, s, discs);
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
