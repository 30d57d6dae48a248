/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/play.h"

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/session/round.h"
#include "core/session/seat.h"
#include "core/session/sitting.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/widget/board.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"
#include "tui/widget/round_text.h"
#include "tui/widget/sheet.h"
#include "tui/widget/thinking.h"

const struct thinking *play_thinking(const struct play *p)
{
	const struct sitting *s = &p->sitting;
	int seat = s->hinted ? SITTING_HINT : s->asked;

	return seat >= 0 ? &p->panes.of[seat] : NULL;
}

struct board play_board(const struct play *p, struct play_figures *f)
{
	struct board b = BOARD_INIT(&p->sitting.round.game,
				    round_now(&p->sitting.round));
	const struct thinking *t = play_thinking(p);

	if (p->sitting.round.plies)
		board_last(&b,
			   round_state(&p->sitting.round,
				       p->sitting.round.plies - 1),
			   p->sitting.round.moves[p->sitting.round.plies - 1]);
	b.figures = p->overlay != OVERLAY_NONE;
	if (sitting_person_to_move(&p->sitting))
		entry_board(&p->entry, &b);
	board_view_apply(&p->view, &b,
			 t && t->has_owners && t->ply == p->sitting.round.plies
				 ? t->owners
				 : NULL,
			 f->owners);
	/* Thoughts about an earlier position would mark the wrong moves. */
	if (t && p->overlay != OVERLAY_NONE && t->player >= 0 &&
	    t->ply == p->sitting.round.plies &&
	    !round_over(&p->sitting.round)) {
		b.marks = f->marks;
		b.mark_count = thinking_marks(t, p->overlay == OVERLAY_VISITS,
					      f->marks, THINKING_ROWS);
	}
	return b;
}

static const char *player_name(const struct play *p, int player)
{
	bool both = seat_is_human(&p->sitting.seats[0]) &&
		    seat_is_human(&p->sitting.seats[1]);

	if (!seat_is_human(&p->sitting.seats[player]))
		return seat_name(&p->sitting.seats[player]);
	return !both ? "you" : player == 0 ? "first player" : "second player";
}

static void draw_players(const struct play *p, struct canvas *c, int y)
{
	int x = 1, to_act = round_to_act(&p->sitting.round);

	for (int i = 0; i < 2; i++) {
		enum style st = i == to_act ? STYLE_BOLD : STYLE_NORMAL;

		/* Who is to move is told by a sign too. */
		canvas_text(c, y, x - 1, st, i == to_act ? ">" : " ");
		x = canvas_printf(
			c, y, x, board_style(i), "%s ",
			board_piece_text(&p->sitting.round.game, i, c->ascii));
		x = canvas_text(c, y, x, st, player_name(p, i)) + 3;
	}
}

/* Returns the column after it. */
static int draw_state(const struct play *p, struct canvas *c, int y)
{
	int to_act = round_to_act(&p->sitting.round);
	struct buf text;
	int end;

	buf_init(&text);
	if (to_act == GAME_OVER) {
		buf_printf(&text, "Game over: ");
		round_text(&p->sitting.round, c->ascii, &text);
		buf_puts(&text, p->sitting.round.row
					? ". Enter opens the game, r "
					  "plays again"
					: ". r plays again");
		end = canvas_text(c, y, 1, STYLE_BOLD, text.data);
	} else if (p->typed[0]) {
		buf_printf(&text, "Move: %s_", p->typed);
		end = canvas_text(c, y, 1, STYLE_VALUE, text.data);
	} else if (sitting_person_to_move(&p->sitting)) {
		buf_printf(&text, "Move %d: ", p->sitting.round.plies + 1);
		buf_puts(&text,
			 p->hint_wanted ? "looking for a hint" : "your turn");
		if (entry_pass(&p->sitting.round.game,
			       round_now(&p->sitting.round)) != GAME_NO_MOVE)
			buf_puts(&text, game_perft(&p->sitting.round.game,
						   round_now(&p->sitting.round),
						   1) == 1
						? ", and nothing but to pass: p"
						: ", p passes");
		end = canvas_text(c, y, 1, STYLE_NORMAL, text.data);
	} else {
		buf_printf(&text, "Move %d: %s is thinking",
			   p->sitting.round.plies + 1,
			   board_piece_text(&p->sitting.round.game, to_act,
					    c->ascii));
		end = canvas_text(c, y, 1, STYLE_NORMAL, text.data);
	}
	if (to_act != GAME_OVER) {
		buf_clear(&text);
		board_standing(&p->sitting.round.game,
			       round_now(&p->sitting.round), c->ascii, &text);
		canvas_right(c, y, c->width - 1, STYLE_VALUE, text.data);
	}
	buf_release(&text);
	return end;
}

/* Where figures on the board have one character each: which they are, what the
 * characters mean, and the figure under the cursor in full. */
static void draw_legend(const struct play *p, struct canvas *c, int y, int from,
			int height, int width)
{
	struct play_figures figures;
	struct board b = play_board(p, &figures);
	const char *legend = board_legend(&b, height, width, c->ascii);
	game_move here =
		board_move_at(b.game, b.state, p->entry.row, p->entry.col);
	struct buf text;

	if (!legend)
		return;
	buf_init(&text);
	for (int i = 0; i < b.mark_count; i++)
		if (b.marks[i].move == here)
			buf_printf(&text, "here %s  ", b.marks[i].text);
	buf_printf(&text, "%s, %s",
		   p->overlay == OVERLAY_VISITS ? "visits" : "policy", legend);
	if (from + 2 + canvas_width(text.data) < c->width)
		canvas_right(c, y, c->width - 1, STYLE_LABEL, text.data);
	buf_release(&text);
}

static void draw_board(const struct play *p, struct canvas *c, int row, int col,
		       int height, int width)
{
	struct play_figures figures;
	struct board b = play_board(p, &figures);
	struct canvas pane = canvas_pane(c, row, col, height, width);

	canvas_region(&pane, p, PLAY_BOARD, 0);
	board_draw(&b, &pane);
	if (sitting_person_to_move(&p->sitting))
		entry_draw(&p->entry, &p->sitting.round.game,
			   round_now(&p->sitting.round), &pane);
}

static void draw_side(const struct play *p, struct canvas *c, int row, int col,
		      int height, int width)
{
	const struct thinking *t = p->pane ? play_thinking(p) : NULL;
	/* Where there is room; people alone leave no values. */
	int graph = height >= 34 && width >= 34 &&
				    !(seat_is_human(&p->sitting.seats[0]) &&
				      seat_is_human(&p->sitting.seats[1]))
			    ? 11
			    : 0;
	int sheet;
	struct canvas box;

	if (graph) {
		box = canvas_box(c, row + height - graph, col, graph, width,
				 "Value");
		sheet_graph(&p->sitting.round, p->sitting.round.plies, &box);
		height -= graph;
	}
	sheet = t ? height / 4 : height;
	if (t && sheet < 4)
		sheet = 4;
	if (t && height - sheet < 6)
		sheet = 0;
	if (t) {
		box = canvas_box(c, row, col, height - sheet, width,
				 p->sitting.hinted ? "Hint" : "Thoughts");
		thinking_draw(t, &box);
	}
	if (sheet) {
		box = canvas_box(c, row + height - sheet, col, sheet, width,
				 "Moves");
		sheet_draw(&p->sitting.round, p->sitting.round.plies, &box);
	}
}

/* The columns beside the board that a screen of `cols` can spare. */
static int spare_width(int cols)
{
	if (cols >= 150)
		return 60;
	if (cols >= 110)
		return 46;
	if (cols >= 76)
		return 34;
	if (cols >= 50)
		return 24;
	return cols >= 36 ? cols - 18 : 0;
}

/* The board comes first: the panes get what its least width leaves. */
static int side_width(const struct game *g, int cols)
{
	enum { SIDE_LEAST = 16 };
	int side = spare_width(cols), rows, least;

	board_room(g, &rows, &least);
	if (side > cols - least)
		side = cols - least;
	return side >= SIDE_LEAST ? side : 0;
}

void play_draw(const void *self, struct canvas *c)
{
	const struct play *p = self;
	int top = 2, side, board, end;

	if (p->empty)
		return;
	side = side_width(&p->sitting.round.game, c->width);
	board = c->width - side;
	draw_players(p, c, 0);
	end = draw_state(p, c, 1);
	/* Thoughts before moves, the board before both. */
	if (c->height - top < 6)
		side = 0;
	board = side ? board : c->width;
	draw_board(p, c, top, 0, c->height - top, board);
	draw_legend(p, c, 1, end, c->height - top, board);
	if (side)
		draw_side(p, c, top, board, c->height - top, side);
}

void play_status(const void *self, struct buf *out)
{
	const struct play *p = self;

	if (!p->empty)
		buf_puts(out, game_title(&p->sitting.round.game));
}
