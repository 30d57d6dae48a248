/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/game/game.h"
#include "core/session/line.h"
#include "core/session/review.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/board.h"
#include "tui/widget/board_view.h"
#include "tui/widget/entry.h"
#include "tui/widget/move_draw.h"
#include "tui/widget/value_graph.h"

static const char *side_name(const char *spec)
{
	return spec ? spec : "-";
}

static void result_text(const struct stepper *s, struct buf *out)
{
	double r = s->review.row.result;
	const void *last = line_state_at(&s->review.line, s->review.line.count);

	/* The rules say more than a sign where the game came to its end. */
	if (s->review.line.branch < 0 &&
	    board_writes_results(&s->review.game) &&
	    s->review.game.rules->to_act(&s->review.game, last) == GAME_OVER) {
		board_result(&s->review.game, last, true, out);
		return;
	}
	if (s->review.game.player_count < 2 && isfinite(s->review.row.score))
		buf_printf(out, "%g points", s->review.row.score);
	else
		buf_puts(out, isnan(r) ? "unfinished"
			      : r > 0  ? "first wins"
			      : r < 0  ? "second wins"
				       : "draw");
	if (s->review.row.ended)
		buf_printf(out, " (%s)", s->review.row.ended);
}

static void draw_second(const struct stepper *s, struct canvas *c, int col)
{
	canvas_text(c, 0, col, STYLE_LABEL, "vs");
	canvas_text(c, 0, col + 3, board_style(1),
		    board_piece_text(&s->review.game, 1, c->ascii));
	canvas_field(c, 0, col + 5, c->width - col - 5, STYLE_BOLD,
		     side_name(s->review.row.second));
}

/* What a one-player game has come to at the position shown. */
static void draw_facts(const struct stepper *s, struct canvas *c, int col)
{
	struct game_fact facts[GAME_MAX_FACTS];
	const void *state = line_state(&s->review.line);
	int n = s->review.game.rules->facts
			? s->review.game.rules->facts(&s->review.game, state,
						      facts)
			: 0;

	for (int i = 0; i < n; i++) {
		canvas_printf(c, 0, col, STYLE_LABEL, "%s", facts[i].name);
		col += canvas_width(facts[i].name) + 1;
		col = canvas_printf(c, 0, col, STYLE_VALUE, "%d ",
				    facts[i].value);
	}
}

/* Returns the column after what stands in row 1. */
static int draw_players(const struct stepper *s, struct canvas *c)
{
	int half = c->width / 2 - 3, col;
	struct buf text;

	canvas_text(c, 0, 0, board_style(0),
		    board_piece_text(&s->review.game, 0, c->ascii));
	canvas_field(c, 0, 2, half - 2, STYLE_BOLD,
		     side_name(s->review.row.first));
	if (s->review.game.player_count < 2)
		draw_facts(s, c,
			   2 + canvas_width(side_name(s->review.row.first)) +
				   2);
	else
		draw_second(s, c, half + 1);

	buf_init(&text);
	result_text(s, &text);
	col = canvas_printf(c, 1, 0, STYLE_VALUE, "ply %d/%d",
			    s->review.line.ply, s->review.plies);
	col = canvas_printf(c, 1, col + 2, STYLE_LABEL, "%s", text.data);
	buf_clear(&text);
	board_standing(&s->review.game, line_state(&s->review.line), c->ascii,
		       &text);
	if (text.len)
		col = canvas_text(c, 1, col + 2, STYLE_VALUE, text.data);
	if (!line_is_variation(&s->review.line) &&
	    !isnan(s->review.value[s->review.line.ply])) {
		col = canvas_text(c, 1, col + 2, STYLE_LABEL, "value for ");
		col = canvas_text(
			c, 1, col, board_style(0),
			board_piece_text(&s->review.game, 0, c->ascii));
		col = canvas_printf(c, 1, col + 1, STYLE_VALUE, "%+.3f",
				    s->review.value[s->review.line.ply]);
	}
	if (line_is_variation(&s->review.line))
		col = canvas_printf(c, 1, col + 2, STYLE_WARN,
				    "variation from ply %d (b: back)",
				    s->review.line.branch);
	else if (s->review.swing[s->review.line.ply])
		col = canvas_text(c, 1, col + 2, STYLE_WARN, "~ value swung");
	else if (s->review.event[s->review.line.ply])
		col = canvas_printf(c, 1, col + 2, STYLE_WARN, "~ %s",
				    s->review.event[s->review.line.ply]);
	if (s->playing)
		col = canvas_printf(c, 1, col + 2, STYLE_GOOD,
				    "playing, %.1f s", s->pace / 10.0);
	col = stepper_draw_progress(s, c, 1, col + 2);
	buf_release(&text);
	return col;
}

/* What figures of one character mean, in row 1 of `c`, as fully as it has room
 * from `from` on. */
static void draw_legend(struct canvas *c, int from, const char *legend)
{
	if (legend && from + 2 + canvas_width(legend) >= c->width)
		legend = "N% in tenths";
	if (legend && from + 2 + canvas_width(legend) < c->width)
		canvas_right(c, 1, c->width - 1, STYLE_LABEL, legend);
}

/* Returns board_legend()'s. */
static const char *draw_board(const struct stepper *s, struct canvas *c)
{
	struct board b =
		BOARD_INIT(&s->review.game, line_state(&s->review.line));
	struct board_mark marks[64];
	float owners[BOARD_CELLS];
	int count = 0;

	canvas_region(c, s, GAME_BOARD, 0);
	if (s->review.line.ply > 0)
		board_last(
			&b,
			line_state_at(&s->review.line, s->review.line.ply - 1),
			line_last(&s->review.line));
	b.chosen = s->entry.chosen;
	b.show_legal = b.chosen >= 0;
	board_view_apply(&s->view, &b, NULL, owners);
	for (int i = 0; s->searched && i < s->root.table.count && i < 64; i++) {
		const struct move_row *row = &s->root.table.rows[i];
		double share = isnan(row->f.diff) ? row->f.prior : row->f.share;

		marks[count].move = s->root.trace->nodes[row->node].move;
		marks[count].share = (float)share;
		snprintf(marks[count].text, sizeof(marks[count].text), "%.0f%%",
			 100 * share);
		count++;
	}
	b.marks = marks;
	b.mark_count = count;
	board_draw(&b, c);
	entry_draw(&s->entry, &s->review.game, line_state(&s->review.line), c);
	return board_legend(&b, c->height, c->width, c->ascii);
}

static void draw_move(const struct stepper *s, struct canvas *c, int row,
		      int col, int index)
{
	bool here = index == s->review.line.ply - 1;
	bool variation =
		s->review.line.branch >= 0 && index >= s->review.line.branch;
	char text[GAME_TEXT_SIZE];
	enum style st = here        ? STYLE_SELECTED
			: variation ? STYLE_DIM
				    : STYLE_NORMAL;

	line_move_text(&s->review.line, index, text);
	col = canvas_text(c, row, col, st, text);
	/* What was found where the move was made, and what came of it. */
	if (!variation && index <= s->review.plies &&
	    s->review.ply[index].overturned)
		col = canvas_text(c, row, col, STYLE_WARN, "*");
	if (!variation && index + 1 <= s->review.plies &&
	    (s->review.swing[index + 1] || s->review.event[index + 1]))
		col = canvas_text(c, row, col, STYLE_BAD, "~");
	if (here)
		canvas_text(c, row, col, st, "<");
}

/* Columns of a pair's number in the list. */
enum { LIST_NUMBER = 5 };

/* Columns of the longest move, with room for its signs. */
static int move_width(const struct stepper *s)
{
	int widest = 3;

	for (int i = 0; i < s->review.line.count; i++) {
		char text[GAME_TEXT_SIZE];

		line_move_text(&s->review.line, i, text);
		if (canvas_width(text) > widest)
			widest = canvas_width(text);
	}
	return widest + 2;
}

struct game_list stepper_list(const struct stepper *s, int height, int width)
{
	const struct game *g = &s->review.game;
	struct game_list l = {
		.move = move_width(s),
		.odd = g->rules->to_act(g, line_state_at(&s->review.line, 0)) ==
		       1,
	};
	int rows, at;

	l.cell = LIST_NUMBER + 2 * l.move;
	l.columns = width / l.cell < 1 ? 1 : width / l.cell;
	l.pairs = (s->review.line.count + l.odd + 1) / 2;
	rows = (l.pairs + l.columns - 1) / l.columns;
	at = s->review.line.ply > 0
		     ? (s->review.line.ply + l.odd - 1) / 2 / l.columns
		     : 0;
	l.top = at - height / 2;
	if (l.top > rows - height)
		l.top = rows - height;
	if (l.top < 0)
		l.top = 0;
	return l;
}

static void draw_list(const struct stepper *s, struct canvas *c)
{
	struct game_list l = stepper_list(s, c->height, c->width);

	if (s->moments) {
		stepper_draw_moments(s, c);
		return;
	}
	canvas_region(c, s, GAME_LIST, 0);
	if (l.pairs == 0)
		canvas_text(c, 0, 0, STYLE_DIM, "no moves");
	for (int i = 0; i < c->height * l.columns; i++) {
		int pair = l.top * l.columns + i;
		int row = i / l.columns, col = i % l.columns * l.cell;
		int first = 2 * pair - l.odd;

		if (pair >= l.pairs)
			break;
		canvas_printf(c, row, col, STYLE_LABEL, "%3d.", pair + 1);
		if (first < 0)
			canvas_text(c, row, col + 5, STYLE_DIM,
				    c->ascii ? "..." : "…");
		else
			draw_move(s, c, row, col + 5, first);
		if (first + 1 < s->review.line.count)
			draw_move(s, c, row, col + 5 + l.move, first + 1);
	}
}

/* Who searched here and what came of it, then the root's moves. */
static void draw_table(const struct stepper *s, struct canvas *c)
{
	const struct review_ply *p = review_here(&s->review);
	struct canvas table = canvas_pane(c, 1, 0, c->height - 1, c->width);
	char head[256];

	if (!p) {
		canvas_field(c, 0, 0, c->width, STYLE_DIM,
			     line_over(&s->review.line) ? "the game is over"
			     : line_is_variation(&s->review.line)
				     ? "not in the game; a: search it"
				     : "no search stored; a: search it now");
		return;
	}
	if (p->taught)
		snprintf(head, sizeof(head), "P: what %s learned; %s",
			 s->review.row.run ? s->review.row.run : "a run",
			 review_again(&s->review) ? "Enter: search it as it was"
						  : "a: search it now");
	else
		snprintf(head, sizeof(head), "%s%s%s",
			 p->overturned ? "* search overturned the net; " : "",
			 p->traced                       ? "Enter: tree by "
			 : p->search_id == REVIEW_UNKEPT ? "Enter: search; by "
							 : "no tree, by ",
			 p->agent ? p->agent : "?");
	canvas_field(c, 0, 0, c->width,
		     p->overturned ? STYLE_WARN : STYLE_LABEL, head);
	if (s->searched)
		move_draw(&s->root.table, &table, true);
	else
		canvas_text(&table, 0, 0, STYLE_DIM, "no figures were kept");
}

/* The table, and below it what was said here. */
static void draw_below(const struct stepper *s, struct canvas *c)
{
	int most = s->searched ? (c->height - 1) / 2 : c->height - 1;
	int notes = stepper_notes_rows(s, c->width);
	struct canvas pane;

	canvas_region(c, s, GAME_TABLE, 0);
	notes = most < 0 ? 0 : notes > most ? most : notes;
	pane = canvas_pane(c, 0, 0, c->height - notes, c->width);
	draw_table(s, &pane);
	pane = canvas_pane(c, c->height - notes, 0, notes, c->width);
	stepper_draw_notes(s, &pane);
}

static void draw_graph(const struct stepper *s, struct canvas *c)
{
	struct value_graph v = {
		.value = s->review.value,
		.marked = s->review.swing,
		.count = s->review.plies + 1,
		.cursor = line_is_variation(&s->review.line)
				  ? s->review.line.branch
				  : s->review.line.ply,
	};

	canvas_region(c, s, GAME_GRAPH, 0);
	value_graph_draw(&v, c);
}

/* The list above the table of the search. */
static void draw_right(const struct stepper *s, struct canvas *c, int row,
		       int col, int body, int width)
{
	int rows = s->searched ? s->root.table.count + 2 : 2;
	struct canvas pane;

	rows += stepper_notes_rows(s, width);
	if (rows > body - 4 && body > 8)
		rows = body > 16 ? body / 2 : body - 4;
	if (body > 8) {
		pane = canvas_pane(c, row, col, body - rows, width);
		draw_list(s, &pane);
	} else {
		rows = body;
	}
	pane = canvas_pane(c, row + body - rows, col, rows, width);
	draw_below(s, &pane);
}

/* Large boards take the whole height, and the graph stands beside them. */
static bool draw_tall(const struct stepper *s, struct canvas *c, int end)
{
	int rows, cols, graph, right, left, body = c->height - 2;
	struct canvas pane;

	board_room(&s->review.game, &rows, &cols);
	if (s->review.game.rows < 7 || c->width < 70 || c->width >= 140 ||
	    body < 14)
		return false;
	left = cols > 44 ? cols : 44;
	right = c->width - left - 1;
	if (right < 26)
		return false;
	graph = body >= 18 ? 5 : 0;
	pane = canvas_pane(c, 2, 0, body, left);
	draw_legend(c, end, draw_board(s, &pane));
	draw_right(s, c, 2, left + 1, body - graph, right);
	if (graph) {
		pane = canvas_pane(c, c->height - graph, left + 1, graph,
				   right);
		draw_graph(s, &pane);
	}
	return true;
}

/* Columns of the board beside lists and tables. */
static int board_width(const struct stepper *s, int width)
{
	int rows, cols;

	if (width < 140)
		return width >= 70 ? 27 : 16;
	board_room(&s->review.game, &rows, &cols);
	return s->review.game.rows < 7 ? 64
	       : width * 9 / 20 > cols ? width * 9 / 20
				       : cols;
}

static void draw_all(const struct stepper *s, struct canvas *c)
{
	int graph = c->height >= 44 ? 13 : c->height >= 18 ? 6 : 0;
	int body = c->height - 2 - graph, left, right, list, end;
	struct canvas pane;

	end = draw_players(s, c);
	if (body < 1 || draw_tall(s, c, end))
		return;
	left = board_width(s, c->width);
	right = c->width - left - 1;
	pane = canvas_pane(c, 2, 0, body, left);
	draw_legend(c, end, draw_board(s, &pane));
	list = 2 * (LIST_NUMBER + 2 * move_width(s));
	if (right >= 70 + list) {
		pane = canvas_pane(c, 2, left + 1, body, list);
		draw_list(s, &pane);
		pane = canvas_pane(c, 2, left + 2 + list, body,
				   right - list - 1);
		draw_below(s, &pane);
	} else {
		draw_right(s, c, 2, left + 1, body, right);
	}
	if (graph) {
		pane = canvas_pane(c, 2 + body, 0, graph, c->width);
		draw_graph(s, &pane);
	}
}

void stepper_draw(const void *self, struct canvas *c)
{
	const struct stepper *s = self;

	draw_all(s, c);
	if (s->picker.open)
		agent_picker_draw(&s->picker, c);
}

void stepper_print(const struct stepper *s, bool ascii, struct buf *out)
{
	struct buf text;

	buf_init(&text);
	result_text(s, &text);
	buf_printf(out, "game: %lld, %s\nfirst: %s\nsecond: %s\nresult: %s\n",
		   (long long)s->review.row.id,
		   game_short_name(&s->review.game),
		   side_name(s->review.row.first),
		   side_name(s->review.row.second), text.data);
	buf_clear(&text);
	line_text(&s->review.line, s->review.line.count, &text);
	buf_printf(out, "moves: %s\n\nply  move    value  search\n", text.data);
	for (int i = 0; i <= s->review.plies && s->review.line.branch < 0;
	     i++) {
		char move[GAME_TEXT_SIZE] = "";

		if (i > 0)
			line_move_text(&s->review.line, i - 1, move);
		buf_printf(out, "%3d  %-6s ", i, move);
		if (isnan(s->review.value[i]))
			buf_puts(out, "      -");
		else
			buf_printf(out, "%+7.3f", s->review.value[i]);
		buf_printf(out, "  %s%s%s%s%s\n",
			   s->review.ply[i].agent ? s->review.ply[i].agent
						  : "-",
			   s->review.ply[i].overturned ? " overturned the net"
						       : "",
			   s->review.swing[i] ? " swing" : "",
			   s->review.event[i] ? " " : "",
			   s->review.event[i] ? s->review.event[i] : "");
	}
	buf_release(&text);
	if (s->searched) {
		buf_printf(out, "\nsearch at ply %d\n", s->review.line.ply);
		move_draw_print(&s->root.table, ascii, out);
	}
}
