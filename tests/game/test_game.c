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
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"

/* Every alias, every family at its defaults, and members with odd sizes. */
static const char *const members[] = {
	"connect4",
	"tictactoe",
	"drop:4,5",
	"drop:rows=3,cols=9,line=3",
	"drop:12,4,5",
	"drop:7,8,4",
	"drop:2,2,2",
	"drop:6,9,4",
	"drop:4,5,dirs=h+v,order=13024",
	"drop:6,7,dirs=d,order=0213465",
	"drop:6,7,dirs=r",
	"mnk:3,4,3",
	"mnk:5,5,4",
	"mnk:15,15,5",
	"mnk:8,8,5",
	"mnk:1,7,3",
	"mnk:2,12,2",
	"mnk:9,7,4",
	"pacman:tiny,ticks=60",
	"pacman:ticks=100,ghost=-50",
	"pacman:medium,ticks=80,ghost=0,lives=1,death=0",
	"pacman:classic,ticks=60",
	"pacman:rings,ticks=40",
	"go:size=2",
	"go:size=5",
	"go:7,0.5",
	"go:13,plies=50",
	"othello:4",
	"othello:6",
};

/* Families in which a move puts one piece on its cell and takes none away. */
static bool places_one(const struct game *g)
{
	return !strcmp(g->rules->family, "drop") ||
	       !strcmp(g->rules->family, "mnk");
}

/* Families whose first two planes are own and other stones. */
static bool stones_first(const struct game *g)
{
	return places_one(g) || !strcmp(g->rules->family, "go") ||
	       !strcmp(g->rules->family, "othello");
}

/* Number 0 changes nothing; each map of moves and of cells is one to one. */
static void check_symmetry(const struct game *g, int sym)
{
	size_t moves = (size_t)g->move_count;
	int cells = g->rows * g->cols;
	bool *seen = mem_zalloc(moves + (size_t)cells, sizeof(*seen));
	float *in = mem_floats(moves), *out = mem_floats(moves);

	for (int m = 0; m < g->move_count; m++) {
		game_move to = g->rules->move_symmetry(g, sym, (game_move)m);

		assert_true(to < g->move_count && !seen[to]);
		seen[to] = true;
		assert_true(sym || to == m);
		in[m] = (float)m;
	}
	for (int c = 0; c < cells; c++) {
		int to = g->rules->cell_symmetry(g, sym, c);

		assert_true(to >= 0 && to < cells && !seen[moves + (size_t)to]);
		seen[moves + (size_t)to] = true;
		assert_true(sym || to == c);
	}
	game_policy_symmetry(g, sym, in, out);
	for (int m = 0; m < g->move_count; m++)
		assert_true(
			out[g->rules->move_symmetry(g, sym, (game_move)m)] ==
			in[m]);
	free(seen);
	free(in);
	free(out);
}

static void test_symmetries_permute(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		struct game g;

		assert_int_equal(game_init(&g, members[i], NULL), ERR_OK);
		for (int sym = 0; sym < g.symmetries; sym++)
			check_symmetry(&g, sym);
	}
}

/* Does the start look the same through `sym`?  (Othello's does through four
 * of eight: the others change colours.) */
static bool start_is_same(const struct game *g, int sym)
{
	void *s = game_state_new(g, 0);
	bool same = true;

	for (int cell = 0; cell < g->rows * g->cols; cell++) {
		int to = g->rules->cell_symmetry(g, sym, cell);

		same &= g->rules->cell(g, s, cell / g->cols, cell % g->cols) ==
			g->rules->cell(g, s, to / g->cols, to % g->cols);
	}
	free(s);
	return same;
}

/* The same game played through each symmetry shows the mapped planes. */
static void check_mirrored_games(const struct game *g, const game_move *moves,
				 int count)
{
	size_t size = (size_t)g->planes * (size_t)(g->rows * g->cols);
	float *here = mem_floats(size), *there = mem_floats(size);
	float *mapped = mem_floats(size);

	for (int sym = 0; sym < g->symmetries; sym++) {
		void *a, *b;

		if (!start_is_same(g, sym))
			continue;
		a = game_state_new(g, 0);
		b = game_state_new(g, 0);
		for (int i = 0; i < count; i++) {
			game_move to =
				g->rules->move_symmetry(g, sym, moves[i]);
			int cell = g->rules->move_cell(g, a, moves[i]);

			assert_int_equal(g->rules->move_cell(g, b, to),
					 cell < 0 ? cell
						  : g->rules->cell_symmetry(
							    g, sym, cell));
			g->rules->apply(g, a, moves[i]);
			g->rules->apply(g, b, to);
			assert_int_equal(g->rules->to_act(g, a),
					 g->rules->to_act(g, b));
			if (g->rules->to_act(g, a) < 0)
				continue;
			g->rules->encode(g, a, here);
			g->rules->encode(g, b, there);
			game_planes_symmetry(g, sym, here, mapped);
			assert_memory_equal(mapped, there,
					    size * sizeof(float));
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
	int cells = g->rows * g->cols;

	assert_in_range(n, 1, g->move_count);
	for (int i = 0; i < n; i++) {
		char text[GAME_TEXT_SIZE];

		assert_true(legal[i] < g->move_count);
		assert_true(i == 0 || legal[i] > legal[i - 1]);
		g->rules->move_text(g, s, legal[i], text);
		assert_int_equal(g->rules->move_parse(g, s, text), legal[i]);
		assert_true(!strpbrk(text, " \t\n") && *text);
		if (g->rules->compact_text)
			assert_int_equal(strlen(text), 1);
		assert_in_range(g->rules->move_cell(g, s, legal[i]) + 1, 0,
				cells);
		if (g->rules->move_from)
			assert_in_range(g->rules->move_from(g, s, legal[i]) + 1,
					0, cells);
	}
	for (int cell = 0, i = 0; cell < cells && g->rules->refusal; cell++) {
		while (i < n && legal[i] < cell)
			i++;
		if (g->rules->cell(g, s, cell / g->cols, cell % g->cols) ==
		    GAME_EMPTY)
			assert_true((i < n && legal[i] == cell) ==
				    !g->rules->refusal(g, s, cell));
	}
	assert_int_equal(g->rules->move_parse(g, s, ""), GAME_NO_MOVE);
	assert_int_equal(g->rules->move_parse(g, s, "?"), GAME_NO_MOVE);
	assert_int_equal(g->rules->move_parse(g, s, "a99999999999999999999"),
			 GAME_NO_MOVE);
}

static void check_chance(const struct game *g, const void *s, int n)
{
	float *prob = mem_floats((size_t)n);
	double sum = 0;

	g->rules->chance(g, s, prob);
	for (int i = 0; i < n; i++) {
		assert_true(prob[i] > 0 && prob[i] <= 1);
		sum += (double)prob[i];
	}
	assert_true(fabs(sum - 1) < 1e-5);
	free(prob);
}

static void check_encode(const struct game *g, const void *s)
{
	int cells = g->rows * g->cols;
	size_t size = (size_t)g->planes * (size_t)cells;
	int me = g->rules->to_act(g, s);
	float *x = mem_floats(size);

	g->rules->encode(g, s, x);
	for (size_t i = 0; i < size; i++)
		assert_true(x[i] >= 0 && x[i] <= 1);
	for (int cell = 0; cell < cells && stones_first(g); cell++) {
		int what = g->rules->cell(g, s, cell / g->cols, cell % g->cols);

		assert_true(x[cell] == (what == 1 + me ? 1.0f : 0.0f));
		assert_true(x[cells + cell] == (what == 2 - me ? 1.0f : 0.0f));
	}
	free(x);
}

/* A position's text gives the position back: what is forgotten (the plies so
 * far) may at most allow more moves. */
static void check_position(const struct game *g, const void *s,
			   const game_move *legal, int n)
{
	char text[GAME_START_SIZE], again[GAME_START_SIZE];
	game_move *moves;
	struct err e = ERR_INIT;
	struct game from;
	void *t;
	int count, i, j;

	if (!g->rules->position_text)
		return;
	moves = mem_zalloc((size_t)g->move_count, sizeof(*moves));
	g->rules->position_text(g, s, text);
	assert_null(strchr(text, ','));
	t = game_state_new(g, 0);
	if (g->rules->position_parse(g, t, text, &e))
		fail_msg("%s: %s", text, e.msg);
	g->rules->position_text(g, t, again);
	assert_string_equal(again, text);
	count = g->rules->legal(g, t, moves);
	for (i = j = 0; i < n; i++) {
		while (j < count && moves[j] < legal[i])
			j++;
		assert_true(j < count && moves[j] == legal[i]);
	}
	/* And as a start. */
	if (game_from(&from, g, text, &e))
		fail_msg("%s: %s", text, e.msg);
	free(t);
	t = game_state_new(&from, 0);
	g->rules->position_text(&from, t, again);
	assert_string_equal(again, text);
	assert_true(game_same_rules(g, &from));
	free(t);
	free(moves);
}

static void check_figures(const struct game *g, const void *s)
{
	struct game_fact facts[GAME_MAX_FACTS];
	int cells = g->rows * g->cols;

	if (g->rules->facts) {
		int n = g->rules->facts(g, s, facts);

		assert_in_range(n, 1, GAME_MAX_FACTS);
		for (int i = 0; i < n; i++)
			assert_true(facts[i].name && *facts[i].name);
	}
	if (g->rules->ownership) {
		float *own = mem_floats((size_t)cells);

		g->rules->ownership(g, s, own);
		for (int i = 0; i < cells; i++)
			assert_true(own[i] >= -1 && own[i] <= 1);
		free(own);
	}
	if (g->rules->lead) {
		assert_true(g->rules->lead_scale(g) > 0);
		assert_true(isfinite(g->rules->lead(g, s)));
	}
}

static void check_end(const struct game *g, const void *s)
{
	float value[GAME_MAX_PLAYERS];
	int *cells = mem_zalloc((size_t)(g->rows * g->cols), sizeof(*cells));
	int n;

	g->rules->score(g, s, value);
	for (int i = 0; i < g->player_count; i++)
		assert_true(value[i] >= -1 && value[i] <= 1);
	if (g->player_count == 2)
		assert_true(value[0] + value[1] == 0);
	if (g->rules->ended)
		assert_true(*g->rules->ended(g, s));
	if (g->rules->winning_cells) {
		n = g->rules->winning_cells(g, s, cells);
		assert_int_equal(n > 0, value[0] != 0);
		for (int i = 0; i < n; i++)
			assert_int_equal(g->rules->cell(g, s,
							cells[i] / g->cols,
							cells[i] % g->cols),
					 value[0] > 0 ? 1 : 2);
	}
	/* Where cells are owned, whoever leads has won. */
	if (g->rules->ownership && g->rules->lead) {
		float lead = g->rules->lead(g, s);

		assert_true(value[0] == (lead > 0   ? 1.0f
					 : lead < 0 ? -1.0f
						    : 0));
	}
	free(cells);
}

/* A copy goes its own way and comes to the same bytes. */
static void apply_twice(const struct game *g, void *s, void *copy, game_move m)
{
	int cell = g->rules->move_cell(g, s, m), me = g->rules->to_act(g, s);

	if (places_one(g))
		assert_int_equal(
			g->rules->cell(g, s, cell / g->cols, cell % g->cols),
			GAME_EMPTY);
	memcpy(copy, s, g->state_size);
	g->rules->apply(g, s, m);
	g->rules->apply(g, copy, m);
	assert_memory_equal(copy, s, g->state_size);
	assert_true(g->rules->hash(g, copy) == g->rules->hash(g, s));
	if (places_one(g))
		assert_int_equal(
			g->rules->cell(g, s, cell / g->cols, cell % g->cols),
			1 + me);
}

static void play_random_game(const struct game *g, uint64_t seed)
{
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	game_move *again = mem_zalloc((size_t)g->max_plies, sizeof(*again));
	game_move *scratch = mem_zalloc((size_t)g->move_count, sizeof(*again));
	void *s = game_state_new(g, seed), *t = game_state_new(g, seed);
	void *copy = mem_zalloc(1, g->state_size);
	struct buf text;
	struct err e = ERR_INIT;
	struct rng r;
	int count = 0, parsed, player;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	while ((player = g->rules->to_act(g, s)) != GAME_OVER) {
		int n = g->rules->legal(g, s, legal);

		assert_true(count < g->max_plies);
		check_legal(g, s, legal, n);
		check_figures(g, s);
		moves[count] = legal[rng_below(&r, (uint32_t)n)];
		if (player == GAME_CHANCE) {
			check_chance(g, s, n);
		} else {
			assert_in_range(player, 0, g->player_count - 1);
			check_encode(g, s);
			check_position(g, s, legal, n);
			moves[count] = game_random_move(g, s, &r, scratch);
			assert_true(n == g->rules->legal(g, s, legal));
		}
		for (int i = 0; legal[i] != moves[count]; i++)
			assert_true(i + 1 < n);
		apply_twice(g, s, copy, moves[count]);
		count++;
	}
	check_figures(g, s);
	check_end(g, s);
	if (g->symmetries > 1)
		check_mirrored_games(g, moves, count);

	buf_init(&text);
	game_line_text(g, t, moves, count, &text);
	if (game_play_text(g, t, text.data, again, &parsed, &e))
		fail_msg("%s: %s", g->name, e.msg);
	assert_int_equal(parsed, count);
	assert_memory_equal(again, moves, (size_t)count * sizeof(*moves));
	assert_memory_equal(t, s, g->state_size);
	assert_true(g->rules->hash(g, t) == g->rules->hash(g, s));
	buf_release(&text);
	free(copy);
	free(s);
	free(t);
	free(again);
	free(scratch);
	free(moves);
	free(legal);
}

/* Leaf paths by legal() and apply() alone. */
static uint64_t count_paths(const struct game *g, const void *s, int depth)
{
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	void *child = mem_alloc(g->state_size);
	uint64_t sum = 0;
	int n;

	if (g->rules->to_act(g, s) != GAME_OVER) {
		n = g->rules->legal(g, s, legal);
		for (int i = 0; i < n && depth > 1; i++) {
			memcpy(child, s, g->state_size);
			g->rules->apply(g, child, legal[i]);
			sum += count_paths(g, child, depth - 1);
		}
		if (depth == 1)
			sum = (uint64_t)n;
	}
	free(child);
	free(legal);
	return sum;
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

/* A family's own way of counting agrees with its legal() and apply(). */
static void test_counts_agree(void **state)
{
	(void)state;
	for (int i = 0; game_table[i]; i++) {
		struct game g;
		void *s;

		assert_int_equal(game_init(&g, game_table[i]->family, NULL),
				 ERR_OK);
		s = game_state_new(&g, 0);
		for (int depth = 1; depth <= 3; depth++)
			if (g.move_count < 100 || depth < 3)
				assert_int_equal(game_perft(&g, s, depth),
						 count_paths(&g, s, depth));
		free(s);
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
		for (int sym = 0; sym < g.symmetries; sym++)
			check_symmetry(&g, sym);
		for (uint64_t seed = 0; seed < 3; seed++)
			play_random_game(&g, seed);
		assert_true((r->position_text != NULL) ==
			    (r->position_parse != NULL));
		assert_true((r->position_text != NULL) ==
			    (r->start_param != NULL));
		assert_true((r->lead != NULL) == (r->lead_scale != NULL));
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
		{"drop:6,7,4,h,0123456,1", "one too many"},
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
	check_bad_line("tictactoe", "a1a1", "move 2, 'a1'");
	check_bad_line("othello", "f5, f6 a1", "move 3, 'a1'");
	check_bad_line("chess", "1. e4 e5 2. Ke3", "move 3, 'Ke3'");
}

/* As people write lines: the same moves. */
static void test_lines_as_written(void **state)
{
	static const char *const cases[][3] = {
		{"othello:size=4", "b1a3a4c1", "b1 a3 a4 c1"},
		{"othello", "F5D6C3", "f5 d6 c3"},
		{"othello", "1. f5 d6 2. c3", "f5 d6 c3"},
		{"othello", "1.f5 d6, 2.c3;", "f5 d6 c3"},
		{"chess", "1.e4 e5 2.Nf3 Nc6", "e4 e5 Nf3 Nc6"},
		{"chess", "1. e4 1... e5", "e4 e5"},
		{"chess",
		 "1.e4 1\xe2\x80\xa6"
		 "e5",
		 "e4 e5"},
		{"chess", "e2e4e7e5g1f3", "e4 e5 Nf3"},
		{"chess", "E2E4 E7E5", "e4 e5"},
		{"go:size=9", "d4, e5, pass", "D4 E5 pass"},
		{"go:size=9", "D4E5C3", "D4 E5 C3"},
		{"tictactoe", "b2a1c3", "b2 a1 c3"},
		{"connect4", "4 4 5 3", "4453"},
		{"connect4", "1. 4 4 2. 5 3", "4453"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		game_move moves[256];
		struct err e = ERR_INIT;
		struct game g;
		struct buf text;
		void *s, *start;
		int n;

		assert_int_equal(game_init(&g, cases[i][0], NULL), ERR_OK);
		s = game_state_new(&g, 0);
		start = game_state_new(&g, 0);
		if (game_play_text(&g, s, cases[i][1], moves, &n, &e))
			fail_msg("%s: %s", cases[i][1], e.msg);
		buf_init(&text);
		game_line_text(&g, start, moves, n, &text);
		assert_string_equal(text.data, cases[i][2]);
		buf_release(&text);
		free(start);
		free(s);
	}
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
		cmocka_unit_test(test_counts_agree),
		cmocka_unit_test(test_names_are_canonical),
		cmocka_unit_test(test_errors_say_what_is_wrong),
		cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_lines_as_written),
		cmocka_unit_test(test_transpositions_hash_alike),
		cmocka_unit_test(test_lines_do_not_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
