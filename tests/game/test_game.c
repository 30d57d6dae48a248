/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

/* Every alias, every family at its defaults, and members with odd sizes. */
static const char *const members[] = {
	"connect4",    "tictactoe",  "drop:4,5",    "drop:rows=3,cols=9,line=3",
	"drop:12,4,5", "drop:7,8,4", "drop:2,2,2",  "drop:6,9,4",
	"mnk:3,4,3",   "mnk:5,5,4",  "mnk:15,15,5", "mnk:8,8,5",
	"mnk:1,7,3",   "mnk:2,12,2", "mnk:9,7,4",
};

/* Number 0 changes nothing; each map of moves and cells is one to one. */
static void test_symmetries_permute(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct game g;

		assert_int_equal(game_init(&g, members[i], NULL), ERR_OK);
		for (int sym = 0; sym < g.symmetries; sym++) {
			bool seen[256] = {false};
			float in[256], out[256];

			for (int m = 0; m < g.move_count; m++) {
				game_move to = g.rules->move_symmetry(
					&g, sym, (game_move)m);

				assert_true(to < g.move_count && !seen[to]);
				seen[to] = true;
				assert_true(sym || to == m);
				in[m] = (float)m;
			}
			game_policy_symmetry(&g, sym, in, out);
			for (int m = 0; m < g.move_count; m++)
				assert_true(out[g.rules->move_symmetry(
						    &g, sym, (game_move)m)] ==
					    in[m]);
		}
	}
}

/* The same game played through each symmetry shows the mapped planes. */
static void check_mirrored_games(const struct game *g, const game_move *moves,
				 int count)
{
	size_t size = (size_t)g->planes * (size_t)(g->rows * g->cols);
	float *here = mem_floats(size), *there = mem_floats(size);
	float *mapped = mem_floats(size);

	for (int sym = 0; sym < g->symmetries; sym++) {
		void *a = game_state_new(g, 0), *b = game_state_new(g, 0);

		for (int i = 0; i < count; i++) {
			game_move to =
				g->rules->move_symmetry(g, sym, moves[i]);
			int cell = g->rules->move_cell(g, a, moves[i]);

			if (cell >= 0)
				assert_int_equal(
					g->rules->move_cell(g, b, to),
					g->rules->cell_symmetry(g, sym, cell));
			g->rules->apply(g, a, moves[i]);
			g->rules->apply(g, b, to);
			g->rules->encode(g, a, here);
			g->rules->encode(g, b, there);
			game_planes_symmetry(g, sym, here, mapped);
			assert_memory_equal(mapped, there,
					    size * sizeof(float));
			assert_int_equal(g->rules->to_act(g, a),
					 g->rules->to_act(g, b));
		}
		free(a);
		free(b);
	}
	free(here);
	free(there);
	free(mapped);
}

static void check_legal(const struct game *g, const void *s,
			const game_move *legal, int n)
{
	int next = 0;

	assert_in_range(n, 1, g->move_count);
	for (int i = 1; i < n; i++)
		assert_true(legal[i] > legal[i - 1]);
	/* Complete and exact, by the text of every move. */
	for (int m = 0; m < g->move_count; m++) {
		char text[GAME_TEXT_SIZE];

		if (next < n && legal[next] == m) {
			g->rules->move_text(g, s, (game_move)m, text);
			assert_int_equal(g->rules->move_parse(g, s, text), m);
			if (g->rules->compact_text)
				assert_int_equal(strlen(text), 1);
			next++;
		}
	}
	assert_int_equal(next, n);
	assert_int_equal(g->rules->move_parse(g, s, ""), GAME_NO_MOVE);
	assert_int_equal(g->rules->move_parse(g, s, "?"), GAME_NO_MOVE);
}

static void check_encode(const struct game *g, const void *s)
{
	size_t size = (size_t)g->planes * (size_t)(g->rows * g->cols);
	int me = g->rules->to_act(g, s);
	float *x = mem_floats(size);

	g->rules->encode(g, s, x);
	for (size_t i = 0; i < size; i++)
		assert_true(x[i] >= 0 && x[i] <= 1);
	/* Own stones on the first plane, the opponent's on the second. */
	for (int cell = 0; cell < g->rows * g->cols && me >= 0; cell++) {
		int what = g->rules->cell(g, s, cell / g->cols, cell % g->cols);

		assert_true(x[cell] == (what == 1 + me ? 1.0f : 0.0f));
		assert_true(x[g->rows * g->cols + cell] ==
			    (what == 2 - me ? 1.0f : 0.0f));
	}
	free(x);
}

static void check_end(const struct game *g, const void *s)
{
	float value[GAME_MAX_PLAYERS];
	int cells[256];
	int n;

	g->rules->score(g, s, value);
	assert_true(value[0] >= -1 && value[0] <= 1);
	assert_true(value[0] + value[1] == 0);
	n = g->rules->winning_cells(g, s, cells);
	assert_int_equal(n > 0, value[0] != 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(g->rules->cell(g, s, cells[i] / g->cols,
						cells[i] % g->cols),
				 value[0] > 0 ? 1 : 2);
}

static void play_random_game(const struct game *g, uint64_t seed)
{
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	game_move *again = mem_zalloc((size_t)g->max_plies, sizeof(*again));
	void *s = game_state_new(g, seed), *t = game_state_new(g, seed);
	void *copy = mem_zalloc(1, g->state_size);
	struct buf text;
	struct rng r;
	int count = 0, parsed;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	while (g->rules->to_act(g, s) != GAME_OVER) {
		int n = g->rules->legal(g, s, legal);
		int cell;

		assert_true(count < g->max_plies);
		assert_int_equal(g->rules->to_act(g, s), count % 2);
		check_legal(g, s, legal, n);
		check_encode(g, s);
		moves[count] = legal[rng_below(&r, (uint32_t)n)];
		cell = g->rules->move_cell(g, s, moves[count]);
		assert_int_equal(
			g->rules->cell(g, s, cell / g->cols, cell % g->cols),
			GAME_EMPTY);
		/* A copy goes its own way and comes to the same bytes. */
		memcpy(copy, s, g->state_size);
		g->rules->apply(g, s, moves[count]);
		g->rules->apply(g, copy, moves[count]);
		assert_memory_equal(copy, s, g->state_size);
		assert_int_equal(
			g->rules->cell(g, s, cell / g->cols, cell % g->cols),
			1 + count % 2);
		count++;
	}
	check_end(g, s);
	check_mirrored_games(g, moves, count);

	buf_init(&text);
	game_line_text(g, t, moves, count, &text);
	assert_int_equal(game_play_text(g, t, text.data, again, &parsed, NULL),
			 ERR_OK);
	assert_int_equal(parsed, count);
	assert_memory_equal(again, moves, (size_t)count * sizeof(*moves));
	assert_memory_equal(t, s, g->state_size);
	buf_release(&text);
	free(copy);
	free(s);
	free(t);
	free(again);
	free(moves);
	free(legal);
}

static void test_random_games_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct game g;

		assert_int_equal(game_init(&g, members[i], NULL), ERR_OK);
		for (uint64_t seed = 0; seed < 20; seed++)
			play_random_game(&g, seed);
	}
}

static void test_tables_are_complete(void **state)
{
	(void)state;
	for (int i = 0; game_table[i]; i++) {
		const struct game_rules *r = game_table[i];
		struct game g;

		assert_int_equal(game_init(&g, r->family, NULL), ERR_OK);
		assert_non_null(r->title);
		assert_non_null(r->source);
		play_random_game(&g, 99);
	}
	for (const struct game_alias *a = game_aliases; a->name; a++) {
		struct game g;

		assert_int_equal(game_init(&g, a->name, NULL), ERR_OK);
		assert_string_equal(g.name, a->spec);
		assert_string_equal(game_short_name(&g), a->name);
		assert_string_equal(game_title(&g), a->title);
	}
}

static void test_names_are_canonical(void **state)
{
	static const char *const same[][2] = {
		{"mnk:3,3,3", "mnk:rows=3,cols=3,line=3"},
		{"mnk", "mnk:rows=3,cols=3,line=3"},
		{"drop:line=4", "drop:rows=6,cols=7,line=4"},
		{"drop:cols=5,rows=4", "drop:rows=4,cols=5,line=4"},
		{"drop:4,5", "drop:rows=4,cols=5,line=4"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		struct game g, again;

		assert_int_equal(game_init(&g, same[i][0], NULL), ERR_OK);
		assert_string_equal(g.name, same[i][1]);
		assert_int_equal(game_init(&again, g.name, NULL), ERR_OK);
		assert_string_equal(g.name, again.name);
	}
}

static void test_errors_say_what_is_wrong(void **state)
{
	static const char *const cases[][2] = {
		{"conect4", "did you mean 'connect4'"},
		{"ticktactoe", "did you mean 'tictactoe'"},
		{"drp:4,5", "did you mean 'drop'"},
		{"zzzzzzzzzz", "unknown game 'zzzzzzzzzz'"},
		{"", "unknown game ''"},
		{"drop:row=4", "did you mean 'rows'"},
		{"drop:rows=x", "rows = 'x'"},
		{"drop:rows=99", "from 2 to 12"},
		{"drop:6,7,4,1", "one too many"},
		{"drop:12,9,4", "must be at most 64"},
		{"drop:4,4,5", "does not fit"},
		{"mnk:3,3,9", "does not fit"},
		{"mnk:16,3,3", "from 1 to 15"},
		{"mnk:3,,3", "cols = ''"},
		{"connect4:5", "takes no parameters"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = ERR_INIT;
		struct game g;

		assert_int_equal(game_init(&g, cases[i][0], &e), ERR_USAGE);
		assert_int_equal(game_init(&g, cases[i][0], NULL), ERR_USAGE);
		if (!strstr(e.msg, cases[i][1]))
			fail_msg("'%s': %s", cases[i][0], e.msg);
	}
}

static void check_bad_line(const char *spec, const char *line,
			   const char *expect)
{
	game_move moves[256];
	struct err e = ERR_INIT;
	struct game g;
	void *s;
	int n;

	assert_int_equal(game_init(&g, spec, NULL), ERR_OK);
	s = game_state_new(&g, 0);
	assert_int_equal(game_play_text(&g, s, line, moves, &n, &e),
			 ERR_FORMAT);
	if (!strstr(e.msg, expect))
		fail_msg("'%s': %s", line, e.msg);
	free(s);
}

static void test_bad_lines(void **state)
{
	(void)state;
	check_bad_line("connect4", "4458", "move 4, '8'");
	check_bad_line("connect4", "4444444", "move 7, '4'");
	check_bad_line("connect4", "12121212", "move 8, '2': the game is over");
	check_bad_line("tictactoe", "a1 a1", "move 2, 'a1'");
	check_bad_line("tictactoe", "a1 d1", "move 2, 'd1'");
	check_bad_line("tictactoe", "a1 b01", "move 2, 'b01'");
	check_bad_line("tictactoe", "a1 b4", "move 2, 'b4'");
	check_bad_line("tictactoe", "a1a2", "move 1, 'a1a2'");
}

/* The same position by two orders of moves is one position. */
static void test_transpositions_hash_alike(void **state)
{
	static const char *const lines[][3] = {
		{"connect4", "123", "321"},
		{"tictactoe", "a1 b2 c3", "c3 b2 a1"},
		{"mnk:15,15,5", "a1 b2 o15", "o15 b2 a1"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		game_move moves[256];
		struct game g;
		void *a, *b;
		int n;

		assert_int_equal(game_init(&g, lines[i][0], NULL), ERR_OK);
		a = game_state_new(&g, 0);
		b = game_state_new(&g, 0);
		assert_true(g.rules->hash(&g, a) == g.rules->hash(&g, b));
		assert_int_equal(
			game_play_text(&g, a, lines[i][1], moves, &n, NULL),
			ERR_OK);
		assert_true(g.rules->hash(&g, a) != g.rules->hash(&g, b));
		assert_int_equal(
			game_play_text(&g, b, lines[i][2], moves, &n, NULL),
			ERR_OK);
		assert_true(g.rules->hash(&g, a) == g.rules->hash(&g, b));
		free(a);
		free(b);
	}
}

/* Lines do not wrap from one column into the next. */
static void test_lines_do_not_wrap(void **state)
{
	static const struct {
		const char *spec, *line;
		bool over;
	} cases[] = {
		/* two at the top of column 1, two at the foot of column 2 */
		{"drop:4,4,4", "3131121242", false},
		{"connect4", "1213141", true},
		{"connect4", "121314", false},
		{"connect4", "1122334", true},
		{"connect4", "12233434474", true},
		{"drop:7,8,4", "8182838", true},
		{"tictactoe", "a3 a2 b3 b2 c3", true},
		{"tictactoe", "c3 a1 b2 c1 a2", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		game_move moves[256];
		struct err e = ERR_INIT;
		struct game g;
		void *s;
		int n;

		assert_int_equal(game_init(&g, cases[i].spec, NULL), ERR_OK);
		s = game_state_new(&g, 0);
		if (game_play_text(&g, s, cases[i].line, moves, &n, &e))
			fail_msg("%s", e.msg);
		if ((g.rules->to_act(&g, s) == GAME_OVER) != cases[i].over)
			fail_msg("%s %s", cases[i].spec, cases[i].line);
		free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_games_end),
		cmocka_unit_test(test_tables_are_complete),
		cmocka_unit_test(test_symmetries_permute),
		cmocka_unit_test(test_names_are_canonical),
		cmocka_unit_test(test_errors_say_what_is_wrong),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_transpositions_hash_alike),
		cmocka_unit_test(test_lines_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
