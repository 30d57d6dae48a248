/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/widget/board.h"

/* A position reached by `text`, with what a board needs to show it. */
struct position {
	struct game game;
	void *state; /* owned */
	int last_cell;
};

static void position_init(struct position *p, const char *game,
			  const char *text)
{
	game_move *moves;
	struct err e = ERR_INIT;
	void *before;
	int count;

	assert_int_equal(game_init(&p->game, game, &e), ERR_OK);
	p->state = game_state_new(&p->game, 1);
	before = game_state_new(&p->game, 1);
	moves = mem_zalloc((size_t)p->game.max_plies, sizeof(*moves));
	assert_int_equal(
		game_play_text(&p->game, p->state, text, moves, &count, &e),
		ERR_OK);
	p->last_cell = -1;
	for (int i = 0; i < count; i++) {
		p->last_cell =
			p->game.rules->move_cell(&p->game, before, moves[i]);
		p->game.rules->apply(&p->game, before, moves[i]);
	}
	free(moves);
	free(before);
}

static void draw(const struct board *b, int rows, int cols, bool ascii,
		 const char *name)
{
	struct canvas c;

	canvas_init(&c, rows, cols);
	c.ascii = ascii;
	board_draw(b, &c);
	golden_canvas(&c, name);
	canvas_release(&c);
}

/* One position from a whole terminal to almost nothing. */
static void draw_sizes(const struct board *b, const char *name)
{
	static const struct {
		int rows, cols;
		bool ascii;
	} sizes[] = {
		{36, 70, false}, {36, 70, true},  {18, 50, false},
		{18, 50, true},  {14, 24, false}, {9, 18, false},
		{9, 18, true},   {3, 5, false},
	};
	char full[80];

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		snprintf(full, sizeof(full), "%s-%dx%d%s", name, sizes[i].cols,
			 sizes[i].rows, sizes[i].ascii ? "-ascii" : "");
		draw(b, sizes[i].rows, sizes[i].cols, sizes[i].ascii, full);
	}
}

static void test_connect_four(void **state)
{
	static const struct board_mark marks[] = {
		{0, 0.02f, "2%"}, {1, 0.05f, "5%"},  {2, 0.1f, "10%"},
		{3, 0.6f, "60%"}, {4, 0.13f, "13%"}, {5, 0.1f, "10%"},
		{6, 0.0f, "0%"},
	};
	struct position p;

	(void)state;
	position_init(&p, "connect4", "4453325");
	struct board b = BOARD_INIT(&p.game, p.state);

	b.last_cell = p.last_cell;
	b.cursor_col = 2;
	b.cursor_row = 0;
	b.show_legal = true;
	draw_sizes(&b, "board-connect4");
	b.marks = marks;
	b.mark_count = ARRAY_LEN(marks);
	draw_sizes(&b, "board-connect4-policy");
	free(p.state);
}

static void test_connect_four_won(void **state)
{
	struct position p;

	(void)state;
	position_init(&p, "connect4", "1213141");
	struct board b = BOARD_INIT(&p.game, p.state);

	b.last_cell = p.last_cell;
	draw_sizes(&b, "board-connect4-won");
	free(p.state);
}

static void test_tic_tac_toe(void **state)
{
	static const struct board_mark marks[] = {
		{1, 0.5f, "50%"},
		{3, 0.25f, "25%"},
	};
	struct position p;

	(void)state;
	position_init(&p, "tictactoe", "b2 a3 c1");
	struct board b = BOARD_INIT(&p.game, p.state);

	b.last_cell = p.last_cell;
	b.cursor_row = 1;
	b.cursor_col = 2;
	b.show_legal = true;
	b.marks = marks;
	b.mark_count = ARRAY_LEN(marks);
	draw_sizes(&b, "board-tictactoe");
	free(p.state);
}

static void test_tic_tac_toe_won(void **state)
{
	struct position p;

	(void)state;
	position_init(&p, "tictactoe", "b2 a2 a3 b3 c1");
	struct board b = BOARD_INIT(&p.game, p.state);

	b.last_cell = p.last_cell;
	draw_sizes(&b, "board-tictactoe-won");
	free(p.state);
}

/* Where a legal move's own glyph is drawn, a click means that move. */
static void hits_agree(const char *game, const char *text)
{
	struct position p;

	position_init(&p, game, text);
	struct board b = BOARD_INIT(&p.game, p.state);

	for (int rows = 12; rows <= 60; rows += 3)
		for (int cols = 24; cols <= 160; cols += 17)
			for (int m = 0; m < p.game.cols * p.game.rows; m++) {
				struct canvas c;
				game_move want;
				int cell;

				b.cursor_row = m / p.game.cols;
				b.cursor_col = m % p.game.cols;
				canvas_init(&c, rows, cols);
				board_draw(&b, &c);
				want = board_move_at(&p.game, p.state,
						     b.cursor_row,
						     b.cursor_col);
				assert_int_equal(board_hit(&b, rows, cols,
							   false, c.cursor_row,
							   c.cursor_col, &cell),
						 want);
				assert_int_equal(cell % p.game.cols,
						 b.cursor_col);
				canvas_release(&c);
			}
	free(p.state);
}

static void test_hits(void **state)
{
	(void)state;
	hits_agree("connect4", "");
	hits_agree("connect4", "444444"); /* a full column means no move */
	hits_agree("tictactoe", "b2 a3 c1");
	hits_agree("drop:rows=4,cols=5,line=3", "11");
}

static void test_beside_the_board(void **state)
{
	struct position p;
	int cell = 0;

	(void)state;
	position_init(&p, "connect4", "");
	struct board b = BOARD_INIT(&p.game, p.state);

	assert_int_equal(board_hit(&b, 24, 80, false, 10, 0, &cell),
			 GAME_NO_MOVE);
	assert_int_equal(cell, -1);
	assert_int_equal(board_hit(&b, 24, 80, false, -1, -1, &cell),
			 GAME_NO_MOVE);
	free(p.state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect_four),
		cmocka_unit_test(test_connect_four_won),
		cmocka_unit_test(test_tic_tac_toe),
		cmocka_unit_test(test_tic_tac_toe_won),
		cmocka_unit_test(test_hits),
		cmocka_unit_test(test_beside_the_board),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
