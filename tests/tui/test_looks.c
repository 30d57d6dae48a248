/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/game/game.h"
#include "tests/tui/golden.h"
#include "tui/canvas.h"
#include "tui/theme.h"
#include "tui/widget/board.h"
#include "tui/widget/look.h"

/*
 * How the boards of Go, chess and Othello are drawn, without their rules: a
 * state is what stands on each cell, and every empty cell but the first is a
 * legal move.  In "chess" a move is a pair of cells, and legal ones are given.
 */
struct fake {
	uint8_t cells[384];
	uint16_t moves[16]; /* of "chess": from * 64 + to */
	int count;
};

static int fake_to_act(const struct game *g, const void *s)
{
	(void)g, (void)s;
	return 0;
}

static int fake_legal(const struct game *g, const void *s, game_move *out)
{
	const struct fake *f = s;
	int n = 0;

	if (g->rules->move_from) {
		memcpy(out, f->moves, (size_t)f->count * sizeof(*out));
		return f->count;
	}
	for (int i = 1; i < g->rows * g->cols; i++)
		if (!f->cells[i])
			out[n++] = (game_move)i;
	out[n++] = (game_move)(g->rows * g->cols); /* pass */
	return n;
}

static int fake_cell(const struct game *g, const void *s, int row, int col)
{
	return ((const struct fake *)s)->cells[row * g->cols + col];
}

static int fake_move_cell(const struct game *g, const void *s, game_move m)
{
	(void)s;
	if (g->rules->move_from)
		return m % 64;
	return m < g->rows * g->cols ? m : -1;
}

static int fake_move_from(const struct game *g, const void *s, game_move m)
{
	(void)g, (void)s;
	return m / 64;
}

#define FAKE_RULES(name)                                            \
	.family = name, .to_act = fake_to_act, .legal = fake_legal, \
	.cell = fake_cell, .move_cell = fake_move_cell

static float fake_lead(const struct game *g, const void *s)
{
	(void)g;
	return ((const struct fake *)s)->cells[0] ? -3.5f : 0;
}

static const struct game_rules rules[] = {
	{FAKE_RULES("go"), .lead = fake_lead},
	{FAKE_RULES("othello")},
	{FAKE_RULES("chess"), .move_from = fake_move_from},
};

static struct game fake_game(const struct game_rules *r, int size)
{
	return (struct game){
		.rules = r,
		.state_size = sizeof(struct fake),
		.player_count = 2,
		.rows = size,
		.cols = size,
		.move_count = r->move_from ? 4096 : size * size + 1,
	};
}

static void fill(struct fake *f, const char *men, const char *cells)
{
	for (int i = 0; cells[i]; i++) {
		const char *at = strchr(men, cells[i]);

		f->cells[i] = at ? (uint8_t)(at - men + 1) : 0;
	}
}

static void draw(const struct board *b, int rows, int cols, bool ascii,
		 const char *name)
{
	struct canvas c;
	char full[80];

	snprintf(full, sizeof(full), "%s-%dx%d%s", name, cols, rows,
		 ascii ? "-ascii" : "");
	canvas_init(&c, rows, cols);
	c.ascii = ascii;
	board_draw(b, &c);
	golden_canvas(&c, full);
	canvas_release(&c);
}

/* Beside a panel of 34 columns, and of 60, and in a corner. */
static void draw_sizes(const struct board *b, const char *name)
{
	draw(b, 20, 46, false, name);
	draw(b, 20, 46, true, name);
	draw(b, 56, 140, false, name);
	draw(b, 56, 140, true, name);
	draw(b, 12, 27, false, name);
}

static const char nine[] = "........."
			   "..B...O.."
			   "...BBO.O."
			   "..BOO.OB."
			   "....BOOB."
			   "..B.BB.B."
			   ".....O..."
			   "..O...B.."
			   ".........";

static void test_go_9(void **state)
{
	static const struct board_mark marks[] = {
		{3 * 9 + 5, 0.61f, "61%"},
		{6 * 9 + 2, 0.2f, "20%"},
		{0 * 9 + 4, 0.02f, "2%"},
		{8 * 9 + 8, 0.0f, "0%"},
	};
	struct game g = fake_game(&rules[0], 9);
	struct fake f = {0};
	struct board b = BOARD_INIT(&g, &f);
	float own[81];

	(void)state;
	fill(&f, "BO", nine);
	b.last_cell = 4 * 9 + 4;
	b.cursor_row = 6;
	b.cursor_col = 6;
	b.show_legal = true;
	draw_sizes(&b, "look-go9");
	b.marks = marks;
	b.mark_count = ARRAY_LEN(marks);
	draw_sizes(&b, "look-go9-policy");
	b.mark_count = 0;
	for (int i = 0; i < 81; i++)
		own[i] = i % 9 < 4 ? 0.9f - 0.1f * (float)(i % 9)
				   : -0.15f * (float)(i % 9);
	b.ownership = own;
	draw_sizes(&b, "look-go9-owners");
}

static void test_go_19(void **state)
{
	struct game g = fake_game(&rules[0], 19);
	struct fake f = {0};
	struct board b = BOARD_INIT(&g, &f);
	int rows, cols;

	(void)state;
	for (int i = 0; i < 361; i += 7)
		f.cells[i] = i % 2 ? 1 : 2;
	b.last_cell = 7 * 19 + 14;
	b.cursor_row = 18;
	b.cursor_col = 0;
	draw_sizes(&b, "look-go19");
	/* It fits a terminal of 80 x 24 beside the thoughts. */
	board_room(&g, &rows, &cols);
	assert_true(rows <= 20);
	assert_true(cols <= 46);
}

/* One character a figure is a riddle without a word of it. */
static void test_legend(void **state)
{
	static const struct board_mark marks[] = {
		{72, 0.28f, "28%"},
		{60, 0.69f, "69%"},
	};
	struct game g = fake_game(&rules[0], 19);
	struct fake f = {0};
	struct board b = BOARD_INIT(&g, &f);

	(void)state;
	assert_null(board_legend(&b, 20, 46, false));
	b.marks = marks;
	b.mark_count = ARRAY_LEN(marks);
	assert_non_null(strstr(board_legend(&b, 20, 46, false), "tenths"));
	assert_null(board_legend(&b, 56, 140, false));
}

static void test_othello(void **state)
{
	static const struct board_mark marks[] = {
		{19, 0.61f, "61%"},
		{26, 0.3f, "30%"},
		{37, 0.09f, "9%"},
	};
	struct game g = fake_game(&rules[1], 8);
	struct fake f = {0};
	struct board b = BOARD_INIT(&g, &f);

	(void)state;
	memset(f.cells, 1, 64);
	fill(&f, "BO",
	     "B.BBBBBB"
	     "BBBBBBOO"
	     "BBB.OBBO"
	     "BB.BBOOO"
	     "BBBOO.OO"
	     "BBOOOOOO"
	     "BBBBBBBO"
	     "BBBBBBBB");
	b.last_cell = 36;
	b.cursor_row = 2;
	b.cursor_col = 3;
	b.show_legal = true;
	draw_sizes(&b, "look-othello");
	b.marks = marks;
	b.mark_count = ARRAY_LEN(marks);
	draw_sizes(&b, "look-othello-policy");
}

static const char men[] = "PpNnBbRrQqKk";

static void test_chess(void **state)
{
	static const struct board_mark marks[] = {
		{62 * 64 + 45, 0.61f, "61%"},
		{61 * 64 + 34, 0.2f, "20%"},
		{61 * 64 + 25, 0.1f, "10%"},
		{45 * 64 + 25, 0.1f, "10%"},
	};
	struct game g = fake_game(&rules[2], 8);
	struct fake f = {.moves = {62 * 64 + 45, 62 * 64 + 47, 61 * 64 + 34,
				   61 * 64 + 25, 45 * 64 + 25},
			 .count = 5};
	struct board b = BOARD_INIT(&g, &f);

	(void)state;
	fill(&f, men,
	     "r.bqkbnr"
	     "pppp.ppp"
	     "..n....."
	     ".B..p..."
	     "....P..."
	     ".....N.."
	     "PPPP.PPP"
	     "RNBQK..R");
	b.last_cell = 18;
	b.last_from = 1;
	b.cursor_row = 7;
	b.cursor_col = 5;
	b.show_legal = true;
	draw_sizes(&b, "look-chess");
	b.marks = marks;
	b.mark_count = ARRAY_LEN(marks);
	draw_sizes(&b, "look-chess-policy");
	b.mark_count = 0;
	b.chosen = 61;
	b.flip = true;
	draw_sizes(&b, "look-chess-chosen");
}

/* The sides differ in every size, by shape or by letter. */
static void test_men_differ(void **state)
{
	struct game g = fake_game(&rules[2], 8);
	const struct look *look = look_of(&g);

	(void)state;
	for (int v = 1; v <= 12; v += 2)
		for (int rows = 3; rows <= 7; rows++)
			for (int ascii = 0; ascii < 2; ascii++) {
				struct canvas a, b;
				struct buf ta, tb;

				canvas_init(&a, rows, 2 * rows - 1);
				canvas_init(&b, rows, 2 * rows - 1);
				a.ascii = b.ascii = ascii;
				look_draw(&a, 0, 0, rows, 2 * rows - 1,
					  look_piece(look, v), STYLE_NORMAL);
				look_draw(&b, 0, 0, rows, 2 * rows - 1,
					  look_piece(look, v + 1),
					  STYLE_NORMAL);
				buf_init(&ta);
				buf_init(&tb);
				canvas_dump(&a, false, &ta);
				canvas_dump(&b, false, &tb);
				assert_string_not_equal(ta.data, tb.data);
				buf_release(&ta);
				buf_release(&tb);
				canvas_release(&a);
				canvas_release(&b);
			}
}

/* A click on a cell means that cell, whichever way the board is turned. */
static void test_hits(void **state)
{
	static const int sizes[] = {9, 8, 8};

	(void)state;
	for (int k = 0; k < 6; k++) {
		struct game g = fake_game(&rules[k / 2], sizes[k / 2]);
		struct fake f = {0};
		struct board b = BOARD_INIT(&g, &f);

		b.flip = k % 2;
		for (int rows = 14; rows <= 60; rows += 4)
			for (int i = 0; i < g.rows * g.cols; i++) {
				struct canvas c;
				int cell;

				b.cursor_row = i / g.cols;
				b.cursor_col = i % g.cols;
				canvas_init(&c, rows, 2 * rows + 10);
				board_draw(&b, &c);
				board_hit(&b, rows, 2 * rows + 10, false,
					  c.cursor_row, c.cursor_col, &cell);
				assert_int_equal(cell, i);
				canvas_release(&c);
			}
	}
}

static void expect_standing(const struct game *g, const void *s,
			    const char *expected)
{
	struct buf text;

	buf_init(&text);
	board_standing(g, s, false, &text);
	assert_string_equal(text.data ? text.data : "", expected);
	buf_release(&text);
}

/* How a game stands while it goes on, where its players count. */
static void test_standing(void **state)
{
	struct game go = fake_game(&rules[0], 9);
	struct game othello = fake_game(&rules[1], 8);
	struct game chess = fake_game(&rules[2], 8);
	struct fake f = {0};

	(void)state;
	expect_standing(&go, &f, "even by count");
	expect_standing(&chess, &f, "");
	f.cells[0] = f.cells[8] = f.cells[9] = 1;
	f.cells[20] = 2;
	expect_standing(&go, &f, "W+3.5 by count");
	expect_standing(&othello, &f, "● 3  ○ 1");
}

/* Luminance of xterm's eight colours, as WCAG has it. */
static double luminance(int colour)
{
	static const double of[8] = {0,     0.128, 0.436, 0.564,
				     0.061, 0.189, 0.497, 0.783};

	return of[colour];
}

/* Letters can be read on every ground that the table of eight colours has. */
static void test_eight_colours_contrast(void **state)
{
	const struct theme_look *looks = theme_looks(THEME_8);

	(void)state;
	for (int i = 0; i < STYLE_COUNT; i++) {
		double a, b;

		if (looks[i].fg < 0 || looks[i].bg < 0)
			continue;
		a = luminance(looks[i].fg);
		b = luminance(looks[i].bg);
		assert_true((a > b ? a + 0.05 : b + 0.05) /
				    (a > b ? b + 0.05 : a + 0.05) >
			    3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_go_9),
		cmocka_unit_test(test_go_19),
		cmocka_unit_test(test_legend),
		cmocka_unit_test(test_othello),
		cmocka_unit_test(test_chess),
		cmocka_unit_test(test_men_differ),
		cmocka_unit_test(test_hits),
		cmocka_unit_test(test_standing),
		cmocka_unit_test(test_eight_colours_contrast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
