/* SPDX-License-Identifier: MIT */
/*
 * Go again, in the plainest way: an array of stones, floods for liberties and
 * the list of all boards so far.  Random games must see the same moves, boards
 * and areas.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/game/go.h"

struct plain {
	int size, count, passes;
	uint8_t now[GO_CELLS_MAX];
	uint8_t (*past)[GO_CELLS_MAX]; /* owned; [count] */
};

static int neighbours(int size, int cell, int out[4])
{
	int row = cell / size, col = cell % size, n = 0;

	if (row > 0)
		out[n++] = cell - size;
	if (row < size - 1)
		out[n++] = cell + size;
	if (col > 0)
		out[n++] = cell - 1;
	if (col < size - 1)
		out[n++] = cell + 1;
	return n;
}

/* Everything joined to `cell` and alike; how many other kinds touch it. */
static int flood(int size, const uint8_t *board, int cell, bool *inside,
		 int touched[3])
{
	int stack[GO_CELLS_MAX], n = 0, count = 0;
	bool counted[GO_CELLS_MAX] = {false};

	memset(inside, 0, GO_CELLS_MAX);
	memset(touched, 0, 3 * sizeof(*touched));
	stack[n++] = cell;
	inside[cell] = true;
	while (n) {
		int at = stack[--n], next[4];
		int k = neighbours(size, at, next);

		count++;
		for (int i = 0; i < k; i++) {
			if (board[next[i]] == board[cell]) {
				if (!inside[next[i]])
					stack[n++] = next[i];
				inside[next[i]] = true;
			} else if (!counted[next[i]]) {
				counted[next[i]] = true;
				touched[board[next[i]]]++;
			}
		}
	}
	return count;
}

/* The board after a placement; false for suicide. */
static bool place(int size, uint8_t *board, int cell, int colour)
{
	bool inside[GO_CELLS_MAX];
	int next[4], touched[3], k = neighbours(size, cell, next);

	board[cell] = (uint8_t)colour;
	for (int i = 0; i < k; i++) {
		if (board[next[i]] != 3 - colour)
			continue;
		flood(size, board, next[i], inside, touched);
		for (int c = 0; !touched[0] && c < size * size; c++)
			if (inside[c])
				board[c] = 0;
	}
	flood(size, board, cell, inside, touched);
	return touched[0] > 0;
}

static bool seen(const struct plain *p, const uint8_t *board)
{
	for (int i = 0; i < p->count; i++)
		if (!memcmp(p->past[i], board, GO_CELLS_MAX))
			return true;
	return false;
}

static void remember(struct plain *p)
{
	p->past = mem_realloc(p->past, (size_t)(p->count + 1) * GO_CELLS_MAX);
	memcpy(p->past[p->count++], p->now, GO_CELLS_MAX);
}

/* Not the position before the opponent's move: what simple ko forbids. */
static bool simple_ko(const struct plain *p, const uint8_t *board)
{
	return p->count > 1 &&
	       !memcmp(p->past[p->count - 2], board, GO_CELLS_MAX);
}

static void check_cells(const struct game *g, const void *s,
			const struct plain *p)
{
	int cells = p->size * p->size, area[2], expect[2] = {0, 0};
	float own[GO_CELLS_MAX];
	bool inside[GO_CELLS_MAX];
	int touched[3];

	g->rules->ownership(g, s, own);
	go_area(g, s, area);
	for (int c = 0; c < cells; c++) {
		int owner = p->now[c];

		assert_int_equal(g->rules->cell(g, s, c / p->size, c % p->size),
				 p->now[c]);
		flood(p->size, p->now, c, inside, touched);
		if (!owner)
			owner = touched[1] && !touched[2]   ? 1
				: touched[2] && !touched[1] ? 2
							    : 0;
		else
			assert_int_equal(go_liberties(g, s, c), touched[0]);
		assert_true(own[c] == (owner == 1   ? 1.0f
				       : owner == 2 ? -1.0f
						    : 0));
		if (owner)
			expect[owner - 1]++;
	}
	assert_int_equal(area[0], expect[0]);
	assert_int_equal(area[1], expect[1]);
}

/* Returns how many placements superko alone refused. */
static int check_legal(const struct game *g, const void *s,
		       const struct plain *p, int colour)
{
	game_move legal[GO_CELLS_MAX + 1];
	int n = g->rules->legal(g, s, legal), at = 0, refused = 0;

	for (int c = 0; c < p->size * p->size; c++) {
		uint8_t board[GO_CELLS_MAX];
		bool may;

		if (p->now[c])
			continue;
		memcpy(board, p->now, sizeof(board));
		may = place(p->size, board, c, colour);
		if (may && seen(p, board)) {
			may = false;
			refused += !simple_ko(p, board);
			assert_true(go_repeats(g, s, (game_move)c));
		} else {
			assert_false(go_repeats(g, s, (game_move)c));
		}
		assert_int_equal(at < n && legal[at] == c, may);
		at += may;
	}
	assert_int_equal(at, n - 1);
	assert_int_equal(legal[at], p->size * p->size);
	return refused;
}

static int check_game(const struct game *g, uint64_t seed, bool sane)
{
	struct plain p = {.size = g->rows};
	void *s = game_state_new(g, 0);
	game_move legal[GO_CELLS_MAX + 1];
	struct rng r;
	int refused = 0;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	for (int c = 0; c < p.size * p.size; c++)
		p.now[c] =
			(uint8_t)g->rules->cell(g, s, c / p.size, c % p.size);
	remember(&p);
	while (g->rules->to_act(g, s) != GAME_OVER) {
		int player = g->rules->to_act(g, s);
		int n = g->rules->legal(g, s, legal);
		game_move m = sane ? g->rules->random_move(g, s, &r)
				   : legal[rng_below(&r, (uint32_t)n)];

		check_cells(g, s, &p);
		refused += check_legal(g, s, &p, player + 1);
		g->rules->apply(g, s, m);
		if (m == g->move_count - 1) {
			p.passes++;
			continue;
		}
		p.passes = 0;
		assert_true(place(p.size, p.now, m, player + 1));
		remember(&p);
	}
	check_cells(g, s, &p);
	free(p.past);
	free(s);
	return refused;
}

static void test_random_games(void **state)
{
	static const struct {
		const char *spec;
		int games;
	} cases[] = {
		{"go:2", 400},
		{"go:3", 200},
		{"go:4,plies=300", 60},
		{"go:5", 20},
		{"go:9", 4},
		{"go:19,plies=500", 1},
		{"go:size=3,start=1x1/x1x/1x1 w", 20},
	};
	int refused = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct game g;

		assert_int_equal(game_init(&g, cases[i].spec, NULL), ERR_OK);
		for (int k = 0; k < cases[i].games; k++)
			refused += check_game(&g, (uint64_t)k, k % 2);
	}
	/* Simple ko would have taken some of what superko refused. */
	assert_true(refused > 100);
}

/* Is the cell empty, with own stones alone around it? */
static bool surrounded(const struct game *g, const void *s, int cell, int me)
{
	int next[4], n = neighbours(g->rows, cell, next);

	for (int i = 0; i < n; i++)
		if (g->rules->cell(g, s, next[i] / g->cols,
				   next[i] % g->cols) != me)
			return false;
	return true;
}

/* Legal, never into an own eye with good corners, and a pass only when there
 * is nothing else. */
static void test_random_moves(void **state)
{
	struct rng r;
	struct game g;
	int passes = 0;

	(void)state;
	assert_int_equal(game_init(&g, "go:7", NULL), ERR_OK);
	rng_init(&r, 7, RNG_TEST, 0, 0);
	for (int k = 0; k < 20; k++) {
		void *s = game_state_new(&g, 0);

		while (g.rules->to_act(&g, s) != GAME_OVER) {
			game_move legal[50], m;
			int n = g.rules->legal(&g, s, legal), open = 0, i = 0;
			int me = g.rules->to_act(&g, s) + 1;

			for (int c = 0; c < n - 1; c++)
				open += !surrounded(&g, s, legal[c], me);
			m = g.rules->random_move(&g, s, &r);
			while (i < n && legal[i] != m)
				i++;
			assert_true(i < n);
			if (m == 49) {
				assert_int_equal(open, 0);
				passes++;
			}
			g.rules->apply(&g, s, m);
		}
		free(s);
	}
	assert_true(passes >= 40);
}

/* Each move that will do is as likely as the others: 4000 draws of
 * seven cells (two more are eyes), chi square of 6 degrees below 22.5, which
 * one seed in 1000 passes. */
static void test_random_moves_are_fair(void **state)
{
	int count[26] = {0};
	double sum = 0;
	struct game g;
	struct rng r;
	void *s;

	(void)state;
	assert_int_equal(game_init(&g,
				   "go:size=5,start=xxx1x/xxxxx/x4/xxxxx/1x3 b",
				   NULL),
			 ERR_OK);
	s = game_state_new(&g, 0);
	rng_init(&r, 3, RNG_TEST, 0, 0);
	for (int i = 0; i < 4000; i++)
		count[g.rules->random_move(&g, s, &r)]++;
	assert_int_equal(count[3], 0);
	assert_int_equal(count[20], 0);
	assert_int_equal(count[25], 0);
	for (int i = 0; i < 25; i++)
		sum += (count[i] - 4000 / 7.0) * (count[i] - 4000 / 7.0) /
		       (4000 / 7.0) * (count[i] > 0);
	assert_true(sum < 22.5);
	free(s);
}

/* The same stones by other moves are the same position; a pass before, the
 * other side to move, or a ko make it another. */
static void test_hash(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"A1 E5 B2 D4", "B2 D4 A1 E5", true},
		{"A1 pass", "A1", false},
		{"A1 pass B1", "B1 pass A1", true},
		{"A1 pass B1 pass", "B1 pass A1 C1", false},
		/* with the ko just taken, and two plies later */
		{"B3 C3 A2 D2 B1 C1 C2 B2", "B3 C3 A2 D2 B1 C1 pass B2", false},
		{"B3 C3 A2 D2 B1 C1 C2 B2 E5 E4",
		 "B3 C3 A2 D2 B1 C1 pass B2 E5 E4", true},
	};
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "go:5", NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		void *a = game_state_new(&g, 0), *b = game_state_new(&g, 0);
		game_move moves[128];
		struct err e = ERR_INIT;
		int n;

		if (game_play_text(&g, a, cases[i].a, moves, &n, &e) ||
		    game_play_text(&g, b, cases[i].b, moves, &n, &e))
			fail_msg("%s", e.msg);
		if ((g.rules->hash(&g, a) == g.rules->hash(&g, b)) !=
		    cases[i].same)
			fail_msg("%s | %s", cases[i].a, cases[i].b);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_games),
		cmocka_unit_test(test_random_moves),
		cmocka_unit_test(test_random_moves_are_fair),
		cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
