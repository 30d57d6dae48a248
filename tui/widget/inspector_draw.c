/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/inspector_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/figures.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/widget/board.h"
#include "tui/widget/move_draw.h"
#include "tui/widget/tree_draw.h"

/* From these sizes on there is room for two panes, and for all of them. */
enum { TWO_WIDTH = 70, ALL_WIDTH = 140, ALL_HEIGHT = 30, SIDE_WIDTH = 26 };

static const char *const pane_names[PANE_COUNT] = {"moves", "tree", "board"};

static void draw_scrubber(const struct inspector *s, struct canvas *c)
{
	uint32_t at = s->view.at, count = s->trace->sim_count;
	int col, width, mark;

	if (s->live) {
		canvas_printf(c, 0, 0, STYLE_WARN, "thinking: N %u so far",
			      s->view.visits[0]);
		return;
	}
	if (count == 0) {
		canvas_text(c, 0, 0, STYLE_LABEL,
			    "no simulations were recorded: only the figures");
		return;
	}
	col = canvas_printf(c, 0, 0, STYLE_BOLD, "sim %u", at);
	col = canvas_printf(c, 0, col, STYLE_LABEL, "/%u ", count);
	width = c->width / 3 > 40 ? 40 : c->width / 3;
	mark = (int)((uint64_t)at * (uint64_t)(width - 1) / count);
	for (int i = 0; i < width; i++)
		canvas_glyph(c, 0, col + i,
			     i == mark ? STYLE_MARKED : STYLE_DIM,
			     i == mark ? (c->ascii ? '@' : 0x25cf)
				       : (c->ascii ? '-' : 0x2500));
	col += width + 1;
	if (at > 0) {
		const struct trace_sim *sim = &s->trace->sims[at - 1];
		int free_width = c->width - col - 12;

		/* The leaf's value as the root's player sees it: one sign for
		 * the whole path. */
		double v = (double)sim->value;

		if (!trace_is_own(s->trace, sim->leaf))
			v = -v;
		canvas_printf(c, 0, c->width - 10, STYLE_VALUE, "-> %+.3f", v);
		if (free_width > 8) {
			canvas_text(c, 0, col, STYLE_LABEL, "path ");
			canvas_field(c, 0, col + 5, free_width - 5,
				     STYLE_MARKED,
				     s->path_text[0] ? s->path_text : "root");
		}
	}
}

/* The figures of a move are for who makes it.  Those of a position are for who
 * acts in it, as are the moves below them in the table.  Where a game is over
 * nobody acts: they stay those of the move that ended it. */
static void place_figures(const struct inspector *s, int to_act,
			  struct figures *f)
{
	figures_of(&s->view, &s->path, s->node, 0, f);
	if (to_act != GAME_OVER && trace_turns(s->trace, s->node))
		figures_turn(f);
}

static void draw_place(const struct inspector *s, struct canvas *c, int row)
{
	const struct game *g = s->game;
	int to_act = g->rules->to_act(g, s->state), col;
	struct figures f;

	place_figures(s, to_act, &f);
	col = canvas_printf(c, row, 0, STYLE_LABEL, "at ");
	col = canvas_text(c, row, col, STYLE_BOLD,
			  s->node ? s->node_text : "root");
	if (to_act == GAME_CHANCE) {
		col = canvas_text(c, row, col + 2, STYLE_LABEL, "chance");
	} else if (to_act >= 0) {
		col = canvas_printf(c, row, col + 2, STYLE_LABEL, "to move ");
		col = canvas_text(c, row, col, board_style(to_act),
				  board_piece_text(g, to_act, c->ascii));
	} else {
		col = canvas_text(c, row, col + 2, STYLE_LABEL, "game over");
	}
	col = canvas_printf(c, row, col + 2, STYLE_LABEL, "N ");
	col = canvas_printf(c, row, col, STYLE_VALUE, "%u", f.visits);
	if (!isnan(f.q)) {
		col = canvas_text(c, row, col + 2, STYLE_LABEL, "Q ");
		col = canvas_printf(c, row, col, STYLE_VALUE, "%+.3f", f.q);
	}
	if (!isnan(f.v)) {
		col = canvas_text(c, row, col + 2, STYLE_LABEL, "V ");
		col = canvas_printf(c, row, col, STYLE_VALUE, "%+.3f", f.v);
	}
	if (!isnan(f.wdl[0])) {
		col = canvas_text(c, row, col + 2, STYLE_LABEL, "W/D/L ");
		col = canvas_printf(c, row, col, STYLE_VALUE, "%.0f/%.0f/%.0f",
				    100 * f.wdl[0], 100 * f.wdl[1],
				    100 * f.wdl[2]);
	}
	if (f.proof != TRACE_OPEN)
		canvas_printf(c, row, col + 2,
			      f.proof == TRACE_WIN    ? STYLE_GOOD
			      : f.proof == TRACE_LOSS ? STYLE_BAD
						      : STYLE_WARN,
			      "proven %s",
			      f.proof == TRACE_WIN    ? "win"
			      : f.proof == TRACE_LOSS ? "loss"
						      : "draw");
}

/* "moves  tree  board", the one in focus marked. */
static void draw_tabs(const struct inspector *s, struct canvas *c, int row)
{
	int col = 0;

	for (int i = 0; i < PANE_COUNT; i++) {
		bool here = (enum inspector_pane)i == s->focus;

		col = canvas_printf(c, row, col,
				    here ? STYLE_SELECTED : STYLE_LABEL,
				    here ? "[%s]" : " %s ", pane_names[i]);
	}
	if (s->main == PANE_TREE)
		canvas_printf(c, row, col + 2, STYLE_DIM,
			      "depth %d  children %d  least N %u%s",
			      s->tree.limits.depth, s->tree.limits.children,
			      s->tree.limits.least,
			      s->tree.follow ? "  follows path" : "");
	else
		canvas_printf(c, row, col + 2, STYLE_DIM, "sorted by %s",
			      move_draw_sort_name(&s->table));
}

static void draw_pv(const struct inspector *s, struct canvas *c, int row,
		    int rows)
{
	int col = 0, end = row + rows;

	col = canvas_text(c, row, col, STYLE_LABEL, "PV ");
	if (s->pv_len == 0)
		canvas_text(c, row, col, STYLE_DIM, "none here");
	for (int i = 0; i < s->pv_len && row < end; i++) {
		int width = canvas_width(s->pv_text[i]);

		if (col + width > c->width && col > 3) {
			row++;
			col = 3;
			if (row >= end)
				break;
		}
		col = canvas_text(c, row, col,
				  i < s->pv_step ? STYLE_MARKED : STYLE_NORMAL,
				  s->pv_text[i]);
		/* A glyph too: where the board stands in the line. */
		if (s->pv_step > 0 && i == s->pv_step - 1)
			col = canvas_text(c, row, col, STYLE_MARKED, "<");
		col++;
	}
}

void inspector_draw_board(const struct inspector *s, struct canvas *c,
			  bool focused)
{
	struct board b = BOARD_INIT(s->game, s->shown);
	struct board_mark marks[64];
	char head[80];
	int pv_rows = c->height > 14 ? 3 : c->height > 8 ? 2 : 1, count = 0;
	struct canvas pane =
		canvas_pane(c, 1, 0, c->height - 1 - pv_rows, c->width);

	b.last_cell = s->shown_last;
	b.last_from = s->shown_from;
	b.flip = s->flip;
	for (int i = 0; s->pv_step == 0 && i < s->table.count && i < 64; i++) {
		const struct move_row *row = &s->table.rows[i];

		if (isnan(row->f.diff))
			continue;
		marks[count].move = s->trace->nodes[row->node].move;
		marks[count].share = (float)row->f.share;
		snprintf(marks[count].text, sizeof(marks[count].text), "%.0f%%",
			 100 * row->f.share);
		count++;
	}
	b.marks = marks;
	b.mark_count = count;
	if (s->pv_step > 0)
		snprintf(head, sizeof(head), "after %d of %d PV moves",
			 s->pv_step, s->pv_len);
	else
		snprintf(head, sizeof(head), "%s",
			 s->node ? "selected position" : "position searched");
	/* The whole sentence would not fit here. */
	if (board_legend(&b, pane.height, pane.width, c->ascii))
		snprintf(head, sizeof(head), "%s: N%% in tenths",
			 s->node ? "selected" : "searched");
	canvas_field(c, 0, 0, c->width, focused ? STYLE_BOLD : STYLE_LABEL,
		     head);
	board_draw(&b, &pane);
	draw_pv(s, c, c->height - pv_rows, pv_rows);
}

static void draw_pane(const struct inspector *s, enum inspector_pane which,
		      struct canvas *c, int row, int col, int height, int width)
{
	struct canvas pane = canvas_pane(c, row, col, height, width);
	bool focused = s->focus == which;

	canvas_region(&pane, s, which, 0);
	switch (which) {
	case PANE_TREE:
		tree_draw(&s->tree, &pane, focused);
		break;
	case PANE_BOARD:
		inspector_draw_board(s, &pane, focused);
		break;
	default:
		move_draw(&s->table, &pane, focused);
	}
}

static void draw_boxed(const struct inspector *s, enum inspector_pane which,
		       struct canvas *c, int row, int col, int height,
		       int width)
{
	char title[64];

	snprintf(title, sizeof(title), "%s%s%s", s->focus == which ? "[" : "",
		 pane_names[which], s->focus == which ? "]" : "");
	canvas_box(c, row, col, height, width, title);
	draw_pane(s, which, c, row + 1, col + 1, height - 2, width - 2);
}

static void draw_all(const struct inspector *s, struct canvas *c)
{
	int top = 3, height = c->height - top;
	int left = c->width / 2, right = c->width - left;
	int upper = height * 2 / 5;

	draw_boxed(s, PANE_TREE, c, top, 0, height, left);
	draw_boxed(s, PANE_TABLE, c, top, left, upper, right);
	draw_boxed(s, PANE_BOARD, c, top + upper, left, height - upper, right);
}

void inspector_draw(const struct inspector *s, struct canvas *c)
{
	int top, height, side;

	if (!s->trace)
		return;
	draw_scrubber(s, c);
	draw_place(s, c, 1);
	draw_tabs(s, c, 2);
	top = 3;
	height = c->height - top;
	if (height < 1)
		return;
	if (!s->zoom && c->width >= ALL_WIDTH && c->height >= ALL_HEIGHT) {
		draw_all(s, c);
		return;
	}
	if (s->zoom || c->width < TWO_WIDTH) {
		draw_pane(s, s->focus, c, top, 0, height, c->width);
		return;
	}
	side = c->width / 3 > SIDE_WIDTH ? c->width / 3 : SIDE_WIDTH;
	draw_pane(s, s->main, c, top, 0, height, c->width - side - 1);
	for (int row = top; row < c->height; row++)
		canvas_glyph(c, row, c->width - side - 1, STYLE_BORDER,
			     c->ascii ? '|' : 0x2502);
	draw_pane(s, PANE_BOARD, c, top, c->width - side, height, side);
}

void inspector_draw_print(const struct inspector *s, bool ascii,
			  struct buf *out)
{
	const struct game *g = s->game;
	struct buf cut;

	if (!s->trace)
		return;
	buf_printf(out, "game: %s\n", game_short_name(g));
	buf_printf(out, "simulation: %u of %u\n", s->view.at,
		   s->trace->sim_count);
	if (s->view.at > 0)
		buf_printf(out, "path: %s\n",
			   s->path_text[0] ? s->path_text : "root");
	buf_printf(out, "selected: %s\n", s->node ? s->node_text : "root");
	buf_puts(out, "principal variation:");
	for (int i = 0; i < s->pv_len; i++)
		buf_printf(out, " %s", s->pv_text[i]);
	buf_init(&cut);
	move_draw_print(&s->table, ascii, &cut);
	buf_printf(out, "\n\n%s\n", cut.data);
	buf_clear(&cut);
	tree_draw_print(&s->tree, ascii, &cut);
	buf_printf(out, "depth %d, children %d, least N %u\n%s",
		   s->tree.limits.depth, s->tree.limits.children,
		   s->tree.limits.least, cut.data);
	buf_release(&cut);
}

/* The row of a pane that stands at canvas row `y` of it; -1. */
static int row_at(const struct inspector *s, enum inspector_pane pane,
		  int height, int y)
{
	return pane == PANE_TREE    ? tree_draw_row_at(&s->tree, height, y)
	       : pane == PANE_TABLE ? move_draw_row_at(&s->table, height, y)
				    : -1;
}

bool inspector_draw_click(struct inspector *s, const struct mouse_event *m)
{
	for (int i = 0; s->trace && i < PANE_COUNT; i++) {
		const struct canvas_region *p = canvas_map_find(m->seen, s, i);
		enum inspector_pane pane = (enum inspector_pane)i;

		if (canvas_map_inside(p, m->row, m->col))
			return inspector_point(
				s, pane,
				row_at(s, pane, p->height, m->row - p->row));
	}
	return false;
}
