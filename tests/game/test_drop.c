/* SPDX-License-Identifier: MIT */
/* Hidden rules of the drop family, against a board of plain cells. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/drop_lines.h"
#include "core/game/drop_state.h"
#include "core/game/game.h"

enum { MOST_CELLS = 64 };

/* A rule as a person reads it, and a board by columns as shown. */
struct plain {
	int rows, cols, line;
	const char *dirs;  /* letters; d is r and f */
	const char *order; /* digits */
	int stone[9][12];  /* [col][height]: 0 none, else 1 + player */
	int height[9], plies;
	int line_count;
	int lines[4 * MOST_CELLS]
		 [12]; /* cells: row * cols + col, row 0 above */
};

static bool counts(const struct plain *p, char letter)
{
	bool slanted = letter == 'r' || letter == 'f';

	return strchr(p->dirs, letter) || (slanted && strchr(p->dirs, 'd'));
}

/* The column that is shown where `col` is counted. */
static int shown(const struct plain *p, int col)
{
	return (int)(strchr(p->order, '0' + col) - p->order);
}

static void list_lines(struct plain *p)
{
	static const struct {
		char letter;
		int right, up;
	} ways[] = {{'h', 1, 0}, {'v', 0, 1}, {'r', 1, 1}, {'f', 1, -1}};

	p->line_count = 0;
	for (size_t w = 0; w < ARRAY_LEN(ways); w++)
		for (int col = 0; col < p->cols; col++)
			for (int up = 0; up < p->rows; up++) {
				int x = col + ways[w].right * (p->line - 1);
				int y = up + ways[w].up * (p->line - 1);
				int *to = p->lines[p->line_count];

				if (!counts(p, ways[w].letter) ||
				    x >= p->cols || y >= p->rows || y < 0)
					continue;
				for (int k = 0; k < p->line; k++)
					to[k] = (p->rows - 1 - up -
						 ways[w].up * k) *
							p->cols +
						shown(p,
						      col + ways[w].right * k);
				p->line_count++;
			}
}

static int stone_at(const struct plain *p, int cell)
{
	return p->stone[cell % p->cols][p->rows - 1 - cell / p->cols];
}

/* The cells of all lines of `who`, marked; returns how many lines. */
static int mark_lines(const struct plain *p, int who, bool mark[MOST_CELLS])
{
	int found = 0;

	memset(mark, 0, MOST_CELLS);
	for (int i = 0; i < p->line_count; i++) {
		int k = 0;

		while (k < p->line && stone_at(p, p->lines[i][k]) == who)
			k++;
		for (int c = 0; k == p->line && c < p->line; c++)
			mark[p->lines[i][c]] = true;
		found += k == p->line;
	}
	return found;
}

static void drop_stone(struct plain *p, int col)
{
	p->stone[col][p->height[col]++] = 1 + p->plies++ % 2;
}

static void lift_stone(struct plain *p, int col)
{
	p->stone[col][--p->height[col]] = 0;
	p->plies--;
}

/* 1 + the player who has won, 0: nobody, -1: goes on. */
static int ended(const struct plain *p)
{
	bool mark[MOST_CELLS];

	for (int who = 1; who <= 2; who++)
		if (mark_lines(p, who, mark))
			return who;
	return p->plies == p->rows * p->cols ? 0 : -1;
}

static void make(struct game *g, const struct plain *p)
{
	char spec[96], dirs[16];
	struct err e = ERR_INIT;
	size_t n = 0;

	for (const char *at = p->dirs; *at; at++)
		n += (size_t)snprintf(dirs + n, sizeof(dirs) - n, "%s%c",
				      n ? "+" : "", *at);
	snprintf(spec, sizeof(spec), "drop:%d,%d,%d,dirs=%s,order=%s", p->rows,
		 p->cols, p->line, dirs, p->order);
	if (game_init(g, spec, &e))
		fail_msg("%s: %s", spec, e.msg);
}

static const struct plain rules[] = {
	{4, 5, 4, .dirs = "hvd", .order = "01234"},
	{4, 5, 4, .dirs = "hvd", .order = "31420"},
	{4, 5, 4, .dirs = "d", .order = "01234"},
	{4, 5, 4, .dirs = "r", .order = "02134"},
	{4, 5, 4, .dirs = "hf", .order = "43210"},
	{4, 5, 4, .dirs = "h", .order = "20413"},
	{4, 5, 4, .dirs = "v", .order = "10234"},
	{4, 5, 3, .dirs = "vr", .order = "41302"},
	{6, 7, 4, .dirs = "hr", .order = "6051423"},
	{6, 7, 4, .dirs = "vd", .order = "3210456"},
	{6, 9, 4, .dirs = "hvf", .order = "876501234"},
	{3, 9, 3, .dirs = "d", .order = "102345678"},
	{12, 4, 5, .dirs = "v", .order = "0123"},
	{7, 8, 5, .dirs = "d", .order = "70615243"},
	{2, 2, 2, .dirs = "r", .order = "10"},
};

static void check_planes(const struct game *g, const void *s,
			 const struct plain *p)
{
	float *x = mem_floats(2 * MOST_CELLS);
	int cells = g->rows * g->cols, me = 1 + p->plies % 2;

	assert_int_equal(g->planes, 2);
	g->rules->encode(g, s, x);
	for (int cell = 0; cell < cells; cell++) {
		int is = stone_at(p, cell);

		assert_true(x[cell] == (is == me ? 1.0f : 0.0f));
		assert_true(x[cells + cell] == (is == 3 - me ? 1.0f : 0.0f));
	}
	free(x);
}

static void check_end(const struct game *g, const void *s,
		      const struct plain *p, int winner)
{
	bool mark[MOST_CELLS];
	int cells[MOST_CELLS], n, want = 0;
	float value[2];

	g->rules->score(g, s, value);
	assert_true(value[0] == (winner == 1 ? 1 : winner == 2 ? -1 : 0));
	n = g->rules->winning_cells(g, s, cells);
	mark_lines(p, winner, mark);
	for (int cell = 0; winner && cell < g->rows * g->cols; cell++)
		want += mark[cell];
	assert_int_equal(n, want);
	for (int i = 0; i < n; i++)
		assert_true(mark[cells[i]]);
}

static void test_games_end_as_on_plain_cells(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		int over[3] = {0};
		struct game g;

		make(&g, &rules[i]);
		for (uint64_t seed = 0; seed < 200; seed++) {
			struct plain p = rules[i];
			void *s = game_state_new(&g, 0);
			game_move legal[9];
			struct rng r;

			list_lines(&p);
			rng_init(&r, seed, RNG_TEST, i, 0);
			while (ended(&p) < 0) {
				int n, col = 0, open = 0;

				assert_int_equal(g.rules->to_act(&g, s),
						 p.plies % 2);
				check_planes(&g, s, &p);
				n = g.rules->legal(&g, s, legal);
				for (int c = 0; c < p.cols; c++)
					open += p.height[c] < p.rows;
				assert_int_equal(n, open);
				col = legal[rng_below(&r, (uint32_t)n)];
				g.rules->apply(&g, s, (game_move)col);
				drop_stone(&p, col);
			}
			assert_int_equal(g.rules->to_act(&g, s), GAME_OVER);
			check_end(&g, s, &p, ended(&p));
			over[ended(&p)]++;
			free(s);
		}
		/* Each rule can be won by both. */
		assert_true(over[1] && (over[2] || rules[i].rows == 2));
	}
}

static uint64_t count_paths(struct plain *p, int depth)
{
	uint64_t sum = 0;

	if (!depth)
		return 1;
	if (ended(p) >= 0)
		return 0;
	for (int col = 0; col < p->cols; col++)
		if (p->height[col] < p->rows) {
			drop_stone(p, col);
			sum += count_paths(p, depth - 1);
			lift_stone(p, col);
		}
	return sum;
}

/* To depths at which games have ended. */
static void test_counts_of_paths(void **state)
{
	static const struct {
		int rule, depth;
	} cases[] = {{0, 8}, {1, 8}, {2, 8}, {5, 8}, {6, 8}, {7, 8}, {14, 4}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct plain p = rules[cases[i].rule];
		struct game g;
		void *s;

		make(&g, &p);
		list_lines(&p);
		s = game_state_new(&g, 0);
		for (int d = 1; d <= cases[i].depth; d++)
			assert_int_equal(game_perft(&g, s, d),
					 count_paths(&p, d));
		free(s);
	}
}

static uint64_t bit_of(const struct plain *p, int cell)
{
	return 1ULL << (cell % p->cols * (p->rows + 1) + p->rows - 1 -
			cell / p->cols);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorted; of the board as shown, or of its mirror image. */
static int sorted_lines(const struct plain *p, bool mirror, uint64_t *out)
{
	for (int i = 0; i < p->line_count; i++) {
		out[i] = 0;
		for (int k = 0; k < p->line; k++) {
			int cell = p->lines[i][k], col = cell % p->cols;

			out[i] |= bit_of(p,
					 mirror ? cell - col + p->cols - 1 - col
						: cell);
		}
	}
	qsort(out, (size_t)p->line_count, sizeof(*out), compare);
	return p->line_count;
}

/* All permutations of n digits, by their number. */
static void permutation(int n, int number, char *out)
{
	char left[] = "012345678";

	for (int i = 0, f = 1; i < n; i++, f = 1) {
		for (int k = 2; k < n - i; k++)
			f *= k;
		out[i] = left[number / f];
		memmove(left + number / f, left + number / f + 1,
			strlen(left + number / f));
		number %= f;
	}
	out[n] = '\0';
}

static const char *const all_dirs[] = {"h",  "v",  "r",   "f",   "hv",
				       "hr", "hf", "vr",  "vf",  "d",
				       "hd", "vd", "hvr", "hvf", "hvd"};

/* A random game that the mirror does not keep: it ends elsewhere. */
static bool mirror_fails(const struct game *g, uint64_t seed)
{
	void *a = game_state_new(g, 0), *b = game_state_new(g, 0);
	game_move legal[9];
	struct rng r;
	bool fails;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	while (g->rules->to_act(g, a) >= 0 && g->rules->to_act(g, b) >= 0) {
		int n = g->rules->legal(g, a, legal);
		game_move m = legal[rng_below(&r, (uint32_t)n)];

		g->rules->apply(g, a, m);
		g->rules->apply(g, b, (game_move)(g->cols - 1 - m));
	}
	fails = g->rules->to_act(g, a) != g->rules->to_act(g, b);
	free(a);
	free(b);
	return fails;
}

/* Every rule of a small board: the lines are those that were asked for, by
 * whatever name; the mirror is a symmetry of the game just where it is one of
 * its lines, and where it is not, games show it. */
static void check_rules_of(int rows, int cols, int line, int orders)
{
	for (size_t d = 0; d < ARRAY_LEN(all_dirs); d++)
		for (int i = 0; i < orders; i++) {
			uint64_t want[256], image[256], got[256];
			char order[10];
			struct plain p = {rows, cols, line, .dirs = all_dirs[d],
					  .order = order};
			struct game g, again;
			uint64_t seed = 0;
			bool same;
			int n;

			permutation(cols, i, order);
			make(&g, &p);
			list_lines(&p);
			n = sorted_lines(&p, false, want);
			assert_int_equal(drop_lines(&g, got), n);
			qsort(got, (size_t)n, sizeof(*got), compare);
			assert_memory_equal(got, want,
					    (size_t)n * sizeof(*got));
			sorted_lines(&p, true, image);
			same = !memcmp(image, want, (size_t)n * sizeof(*want));
			assert_int_equal(g.symmetries, same ? 2 : 1);
			while (seed < 1000 && !mirror_fails(&g, seed))
				seed++;
			assert_true(same == (seed == 1000));
			assert_int_equal(game_init(&again, g.name, NULL),
					 ERR_OK);
			assert_string_equal(again.name, g.name);
		}
}

static void test_lines_and_mirror(void **state)
{
	(void)state;
	check_rules_of(4, 5, 4, 120);
	check_rules_of(4, 4, 3, 24);
	check_rules_of(3, 3, 2, 6);
}

static void test_names(void **state)
{
	static const char *const names[][2] = {
		{"drop:dirs=h+v+d", "connect4"},
		{"drop:dirs=f+v+h+r", "connect4"},
		{"drop:order=0123456", "connect4"},
		/* The columns from the right. */
		{"drop:order=6543210", "connect4"},
		{"drop:4,5,dirs=r,order=43210", "drop:rows=4,cols=5,dirs=f"},
		{"drop:4,5,order=42310", "drop:rows=4,cols=5,order=02134"},
		{"drop:order=31420,dirs=d,cols=5,rows=4",
		 "drop:rows=4,cols=5,dirs=d,order=13024"},
		{"drop:4,5,4,f+r,13024",
		 "drop:rows=4,cols=5,dirs=d,order=13024"},
		{"drop:4,5,4,dirs=f+h,order=13024",
		 "drop:rows=4,cols=5,dirs=h+f,order=13024"},
		/* Nothing to feel the order, or no room for a direction. */
		{"drop:4,5,dirs=v,order=13024", "drop:rows=4,cols=5,dirs=v"},
		{"drop:3,5,dirs=h", "drop:rows=3,cols=5"},
		{"drop:3,5,dirs=h+r,order=10234",
		 "drop:rows=3,cols=5,order=10234"},
		{"drop:6,3,dirs=v+f", "drop:cols=3"},
	};
	struct game g;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct err e = ERR_INIT;

		if (game_init(&g, names[i][0], &e))
			fail_msg("%s: %s", names[i][0], e.msg);
		assert_string_equal(game_short_name(&g), names[i][1]);
	}
	assert_int_equal(game_init(&g, "drop:4,5,dirs=d", NULL), ERR_OK);
	assert_string_equal(g.name, "drop:rows=4,cols=5,line=4,dirs=d");
}

/* The plain game's hash is what it was; another rule's is another. */
static void test_hashes(void **state)
{
	static const char *const games[] = {
		"drop:4,5", "drop:4,5,dirs=d", "drop:4,5,dirs=h+v",
		"drop:4,5,order=13024", "drop:4,5,dirs=d,order=13024"};
	uint64_t seen[ARRAY_LEN(games)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(games); i++) {
		struct game g;
		struct drop_state *s;

		assert_int_equal(game_init(&g, games[i], NULL), ERR_OK);
		s = game_state_new(&g, 0);
		g.rules->apply(&g, s, 2);
		g.rules->apply(&g, s, 3);
		seen[i] = g.rules->hash(&g, s);
		if (!i)
			assert_true(seen[0] ==
				    rng_mix(s->stones[0], s->stones[1]));
		for (size_t k = 0; k < i; k++)
			assert_true(seen[k] != seen[i]);
		free(s);
	}
}

static void test_refusals(void **state)
{
	static const char *const cases[][2] = {
		{"drop:dirs=", "game drop: dirs = '': must be h"},
		{"drop:dirs=x", "game drop: dirs = 'x': must be h"},
		{"drop:dirs=h+", "dirs = 'h+': must"},
		{"drop:dirs=+h", "dirs = '+h': must"},
		{"drop:dirs=hv", "dirs = 'hv': must"},
		{"drop:dirs=h+h", "dirs = 'h+h': must"},
		{"drop:dirs=d+r", "each at most once"},
		{"drop:6,3,4,dirs=h", "no line of 4 fits that way on 6 rows x "
				      "3 columns"},
		{"drop:3,5,4,dirs=d", "dirs = 'd': no line of 4"},
		{"drop:order=", "order = '': must be a digit"},
		{"drop:order=abc", "order = 'abc': must be a digit"},
		{"drop:4,5,order=1234",
		 "has 4 digits for a board of 5 columns"},
		{"drop:4,5,order=012345", "has 6 digits"},
		{"drop:order=01234", "has 5 digits for a board of 7"},
		{"drop:4,5,order=01233", "must name each column from 0 to 4"},
		{"drop:4,5,order=12345", "must name each column from 0 to 4"},
		{"drop:4,5,order=0123456789", "must be a digit"},
		{"drop:4,5,4,h,01234,1", "one too many"},
		{"drop:dir=h", "did you mean 'dirs'"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;
		struct game g;

		assert_int_equal(game_init(&g, cases[i][0], &e), ERR_USAGE);
		if (!strstr(e.msg, cases[i][1]))
			fail_msg("'%s': %s", cases[i][0], e.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_games_end_as_on_plain_cells),
		cmocka_unit_test(test_counts_of_paths),
		cmocka_unit_test(test_lines_and_mirror),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
