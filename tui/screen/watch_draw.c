/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/watch.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "tui/canvas.h"
#include "tui/widget/board.h"
#include "tui/widget/board_view.h"
#include "tui/widget/round_text.h"
#include "tui/widget/sheet.h"
#include "tui/widget/thinking.h"

int watch_agent(const struct watch *w, int player)
{
	return w->first_agent ? 1 - player : player;
}

/* "A 3 : 1 B, 2 draws": the running score, in the order of naming. */
static int draw_score(const struct watch *w, struct canvas *c, int y, int x)
{
	int a = w->first_agent ? 1 : 0;

	x = canvas_printf(c, y, x, STYLE_LABEL, "Game %d  ", w->sitting.number);
	x = canvas_printf(
		c, y, x, STYLE_VALUE, "%s %d : %d %s",
		board_piece_text(&w->sitting.round.game, a, c->ascii),
		w->wins[0], w->wins[1],
		board_piece_text(&w->sitting.round.game, 1 - a, c->ascii));
	if (w->draws)
		x = canvas_printf(c, y, x, STYLE_VALUE, ", %d drawn", w->draws);
	return x;
}

static void draw_players(const struct watch *w, struct canvas *c, int y)
{
	int x = 1, to_act = round_to_act(&w->sitting.round);

	for (int i = 0; i < 2; i++) {
		enum style st = i == to_act ? STYLE_BOLD : STYLE_NORMAL;

		canvas_text(c, y, x - 1, st, i == to_act ? ">" : " ");
		x = canvas_printf(
			c, y, x, board_style(i), "%s ",
			board_piece_text(&w->sitting.round.game, i, c->ascii));
		x = canvas_text(c, y, x, st, seat_name(&w->sitting.seats[i])) +
		    3;
	}
}

/* How it stands at the move shown, where there is room for it. */
static void draw_standing(const struct watch *w, struct canvas *c, int y, int x)
{
	struct buf text;

	buf_init(&text);
	board_standing(&w->sitting.round.game,
		       round_state(&w->sitting.round, w->shown), c->ascii,
		       &text);
	if (x + canvas_width(text.data) < c->width)
		canvas_right(c, y, c->width - 1, STYLE_VALUE, text.data);
	buf_release(&text);
}

static void draw_state(const struct watch *w, struct canvas *c, int y)
{
	int x = draw_score(w, c, y, 1) + 3;
	struct buf text;

	buf_init(&text);
	if (w->shown < w->sitting.round.plies)
		buf_printf(&text, "looking back: move %d of %d", w->shown,
			   w->sitting.round.plies);
	else if (round_over(&w->sitting.round))
		round_text(&w->sitting.round, c->ascii, &text);
	else
		buf_printf(&text, "move %d", w->sitting.round.plies + 1);
	x = canvas_text(c, y, x, STYLE_NORMAL, text.data) + 3;
	buf_release(&text);
	if (w->paused)
		x = canvas_text(c, y, x, STYLE_WARN, "paused");
	else
		x = canvas_printf(c, y, x, STYLE_DIM, "%d ms a move",
				  w->speed_ms);
	draw_standing(w, c, y, x + 3);
}

static void draw_board(const struct watch *w, struct canvas *c, int row,
		       int col, int height, int width)
{
	struct canvas pane = canvas_pane(c, row, col, height, width);
	struct board b = BOARD_INIT(&w->sitting.round.game,
				    round_state(&w->sitting.round, w->shown));
	struct board_mark marks[THINKING_ROWS];
	float owners[BOARD_CELLS];
	const struct thinking *mover;
	const char *legend;
	int player = w->sitting.round.game.rules->to_act(&w->sitting.round.game,
							 b.state);

	if (w->shown)
		board_last(&b, round_state(&w->sitting.round, w->shown - 1),
			   w->sitting.round.moves[w->shown - 1]);
	b.figures = w->marks;
	if (w->marks && player >= 0) {
		const struct thinking *t = &w->panes.of[player];

		/* Only thoughts about this very position fit its moves. */
		if (t->player == player && t->ply == w->shown) {
			b.marks = marks;
			b.mark_count =
				thinking_marks(t, true, marks, THINKING_ROWS);
		}
	}
	mover = &w->panes.of[player == 1];
	board_view_apply(&w->view, &b,
			 mover->has_owners && mover->ply == w->shown
				 ? mover->owners
				 : NULL,
			 owners);
	board_draw(&b, &pane);
	/* Beside the state of the game, where there is always room for it. */
	legend = board_legend(&b, height, width, c->ascii);
	if (legend && c->width >= 80) {
		char text[64];

		snprintf(text, sizeof(text), "visits, %s", legend);
		canvas_right(c, 1, c->width - 1, STYLE_LABEL, text);
	}
}

static void draw_thoughts(const struct watch *w, int player, struct canvas *c,
			  int row, int col, int height, int width)
{
	struct canvas box;
	char title[32];

	snprintf(title, sizeof(title), "%s%s",
		 player == round_to_act(&w->sitting.round) ? "> " : "",
		 board_piece_text(&w->sitting.round.game, player, c->ascii));
	box = canvas_box(c, row, col, height, width, title);
	thinking_draw(&w->panes.of[player], &box);
}

static void draw_sheet(const struct watch *w, struct canvas *c, int row,
		       int col, int height, int width)
{
	struct canvas box = canvas_box(c, row, col, height, width, "Moves");

	sheet_draw(&w->sitting.round, w->shown, &box);
}

static void draw_graph(const struct watch *w, struct canvas *c, int row,
		       int col, int height, int width)
{
	struct canvas box = canvas_box(c, row, col, height, width, "Value");

	sheet_graph(&w->sitting.round, w->shown, &box);
}

/* Both agents beside the board, the moves under the first, the values under the
 * second. */
static void draw_wide(const struct watch *w, struct canvas *c, int top)
{
	int side = c->width >= 150 ? 48 : 28;
	int height = c->height - top;
	int sheet = height >= 30 ? 10 : height >= 20 ? 5 : 0;

	draw_thoughts(w, 0, c, top, 0, height - sheet, side);
	if (sheet)
		draw_sheet(w, c, top + height - sheet, 0, sheet, side);
	draw_board(w, c, top, side, height, c->width - 2 * side);
	if (sheet < 10)
		sheet = 0;
	draw_thoughts(w, 1, c, top, c->width - side, height - sheet, side);
	if (sheet)
		draw_graph(w, c, top + height - sheet, c->width - side, sheet,
			   side);
}

/* One agent's thoughts at a time, or both above each other. */
static void draw_narrow(const struct watch *w, struct canvas *c, int top)
{
	int side = c->width >= 76 ? 34 : c->width >= 50 ? 24 : c->width - 18;
	int height = c->height - top, board = c->width - side;
	int to_act = round_to_act(&w->sitting.round);

	if (side < 16) {
		draw_board(w, c, top, 0, height, c->width);
		return;
	}
	draw_board(w, c, top, 0, height, board);
	if (height >= 26 && w->tab < 0) {
		draw_thoughts(w, 0, c, top, board, height / 2, side);
		draw_thoughts(w, 1, c, top + height / 2, board,
			      height - height / 2, side);
		return;
	}
	if (w->tab >= 0)
		to_act = w->tab;
	else if (to_act < 0)
		to_act = 1;
	if (height >= 30) {
		draw_thoughts(w, to_act, c, top, board, height - 15, side);
		draw_sheet(w, c, top + height - 15, board, 5, side);
		draw_graph(w, c, top + height - 10, board, 10, side);
	} else if (height >= 16) {
		draw_thoughts(w, to_act, c, top, board, height - 5, side);
		draw_sheet(w, c, top + height - 5, board, 5, side);
	} else {
		draw_thoughts(w, to_act, c, top, board, height, side);
	}
}

void watch_draw(const void *self, struct canvas *c)
{
	const struct watch *w = self;

	if (w->empty)
		return;
	draw_players(w, c, 0);
	draw_state(w, c, 1);
	if (c->width >= 100)
		draw_wide(w, c, 2);
	else
		draw_narrow(w, c, 2);
}

void watch_status(const void *self, struct buf *out)
{
	const struct watch *w = self;

	if (!w->empty)
		buf_puts(out, game_title(&w->sitting.round.game));
}
