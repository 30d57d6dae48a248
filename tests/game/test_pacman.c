/* SPDX-License-Identifier: MIT */
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
#include "core/game/game.h"
#include "core/game/pacman.h"

/*
 * The expected numbers follow from core/game/pacman.h by hand, on the mazes
 * drawn here beside them.
 */

static void make(struct game *g, void **s, const char *spec)
{
	struct err e = ERR_INIT;

	if (game_init(g, spec, &e))
		fail_msg("%s: %s", spec, e.msg);
	*s = game_state_new(g, 0);
}

static int fact(const struct game *g, const void *s, const char *name)
{
	struct game_fact f[GAME_MAX_FACTS];
	int n = g->rules->facts(g, s, f);

	for (int i = 0; i < n; i++)
		if (!strcmp(f[i].name, name))
			return f[i].value;
	fail_msg("no fact '%s'", name);
	return 0;
}

/* Moves of Pac-Man, and (only where it draws) of the ghost. */
static void play(const struct game *g, void *s, const char *line)
{
	game_move *moves = mem_zalloc((size_t)g->max_plies, sizeof(*moves));
	struct err e = ERR_INIT;
	int n;

	if (game_play_text(g, s, line, moves, &n, &e))
		fail_msg("%s: %s", line, e.msg);
	free(moves);
}

/* To the end, Pac-Man and chance by `seed`. */
static int play_on(const struct game *g, void *s, uint64_t seed)
{
	game_move scratch[8];
	struct rng r;
	int decisions = 0, who;

	rng_init(&r, seed, RNG_TEST, 0, 0);
	while ((who = g->rules->to_act(g, s)) != GAME_OVER) {
		game_move m = who == GAME_CHANCE
				      ? game_chance_move(g, s, &r, scratch)
				      : game_random_move(g, s, &r, scratch);

		decisions += who == 0;
		g->rules->apply(g, s, m);
	}
	return decisions;
}

static int count_of(const struct game *g, const void *s, int from, int to)
{
	int n = 0;

	for (int i = 0; i < g->rows * g->cols; i++) {
		int what = g->rules->cell(g, s, i / g->cols, i % g->cols);

		n += what >= from && what <= to;
	}
	return n;
}

/* Each maze, whoever wrote it: closed, all in one piece, somebody at home. */
static void test_mazes_are_sound(void **state)
{
	(void)state;
	for (int maze = 0; pacman_maze_names[maze]; maze++) {
		uint16_t steps[PACMAN_CELLS];
		char spec[64];
		struct game g;
		const char *text;
		void *s;
		int rows, cols, him = -1, ghosts[5] = {0}, food = 0;

		snprintf(spec, sizeof(spec), "pacman:%s",
			 pacman_maze_names[maze]);
		make(&g, &s, spec);
		text = pacman_maze_text(maze, &rows, &cols);
		assert_int_equal(rows, g.rows);
		assert_int_equal(cols, g.cols);
		assert_in_range(rows, 3, PACMAN_SIDE_MAX);
		assert_in_range(cols, 3, PACMAN_SIDE_MAX);
		assert_int_equal(strlen(text), rows * cols);
		for (int i = 0; i < rows * cols; i++) {
			if (!strchr("#.o P1234", text[i]))
				fail_msg("%s: '%c'", spec, text[i]);
			if (text[i] == 'P') {
				assert_int_equal(him, -1);
				him = i;
			}
			if (text[i] >= '1' && text[i] <= '4')
				ghosts[text[i] - '0']++;
			food += text[i] == '.' || text[i] == 'o';
		}
		assert_true(him >= 0 && food > 0);
		for (int k = 1; k <= 4; k++)
			assert_in_range(ghosts[k], 0, 1);
		assert_true(ghosts[1] + ghosts[2] + ghosts[3] + ghosts[4] > 0);
		pacman_distances(&g, him, steps);
		for (int i = 0; i < rows * cols; i++) {
			int row = i / cols, col = i % cols;
			int across = row == 0          ? i + (rows - 1) * cols
				     : row == rows - 1 ? i - (rows - 1) * cols
				     : col == 0        ? i + cols - 1
				     : col == cols - 1 ? i - cols + 1
						       : i;

			if (text[i] == '#')
				continue;
			if (steps[i] == PACMAN_FAR)
				fail_msg("%s: row %d, column %d is cut off",
					 spec, row + 1, col + 1);
			if (text[across] == '#')
				fail_msg("%s: row %d, column %d leads outside",
					 spec, row + 1, col + 1);
		}
		free(s);
	}
}

/* Row 10 of the maze `rings` is "#.#...P...#.#". */
static void test_he_eats_what_he_steps_on(void **state)
{
	struct game g;
	void *s;

	(void)state;
	make(&g, &s, "pacman:rings,ticks=20");
	assert_int_equal(g.rules->points(&g, s), 0);
	play(&g, s, "l");
	assert_int_equal(g.rules->points(&g, s), 10);
	play(&g, s, "s r");
	assert_int_equal(g.rules->points(&g, s), 10);
	play(&g, s, "r r");
	assert_int_equal(g.rules->points(&g, s), 30);
	assert_int_equal(fact(&g, s, "dots"), 3);
	assert_int_equal(fact(&g, s, "pellets"), 0);
	assert_int_equal(fact(&g, s, "ticks"), 5);
	free(s);
}

/* A move into a wall is not legal; staying is, everywhere. */
static void test_walls_stop_him(void **state)
{
	game_move legal[8];
	struct game g;
	void *s;

	(void)state;
	make(&g, &s, "pacman:rings,ticks=20");
	assert_int_equal(g.rules->legal(&g, s, legal), 4);
	assert_int_equal(legal[0], PACMAN_UP);
	assert_int_equal(legal[1], PACMAN_LEFT);
	assert_int_equal(legal[2], PACMAN_RIGHT);
	assert_int_equal(legal[3], PACMAN_STAY);
	assert_int_equal(g.rules->move_parse(&g, s, "d"), GAME_NO_MOVE);
	assert_int_equal(g.rules->move_parse(&g, s, "L"), PACMAN_LEFT);
	assert_int_equal(g.rules->move_parse(&g, s, "3l"), GAME_NO_MOVE);
	free(s);
}

/* tiny: the ghost at the top draws its way at once, a choice of two. */
static void test_the_wanderer_draws(void **state)
{
	game_move legal[8];
	float prob[8];
	char text[GAME_TEXT_SIZE];
	struct game g;
	void *s;

	(void)state;
	make(&g, &s, "pacman:tiny,ticks=20");
	assert_int_equal(g.max_plies, 40);
	play(&g, s, "s");
	assert_int_equal(g.rules->to_act(&g, s), GAME_CHANCE);
	assert_int_equal(g.rules->legal(&g, s, legal), 3);
	assert_int_equal(legal[0], PACMAN_LEFT);
	assert_int_equal(legal[1], PACMAN_DOWN);
	assert_int_equal(legal[2], PACMAN_RIGHT);
	g.rules->chance(&g, s, prob);
	for (int i = 0; i < 3; i++)
		assert_true(prob[i] > 0.333f && prob[i] < 0.334f);
	g.rules->move_text(&g, s, PACMAN_LEFT, text);
	assert_string_equal(text, "3l");
	play(&g, s, "3l");
	assert_int_equal(g.rules->to_act(&g, s), 0);
	/* In a corridor it has no choice, and nobody is asked. */
	play(&g, s, "s s");
	assert_int_equal(fact(&g, s, "ticks"), 3);
	free(s);
}

/*
 * tiny: left, left, up, up to the pellet, while the ghost goes round by the
 * right.  In fright it takes the way back, a step in every even tick, and is
 * caught where it can run no farther.
 */
static void test_power_and_a_ghost(void **state)
{
	struct pacman_view v;
	struct game g;
	void *s;

	(void)state;
	make(&g, &s, "pacman:tiny,ticks=60,ghost=300");
	play(&g, s, "l 3r l u u");
	assert_int_equal(g.rules->points(&g, s), 80);
	assert_int_equal(fact(&g, s, "pellets"), 1);
	pacman_view(&g, s, &v);
	assert_int_equal(v.power, 13); /* rows + cols, and a tick is over */
	assert_int_equal(count_of(&g, s, PACMAN_FRIGHT, PACMAN_FRIGHT), 1);
	/* Round by the top to the second pellet, with five dots. */
	play(&g, s, "u u r r r r d d");
	assert_int_equal(g.rules->points(&g, s), 190);
	/* A dot, and the ghost on it. */
	play(&g, s, "l");
	assert_int_equal(g.rules->points(&g, s), 500);
	assert_int_equal(fact(&g, s, "ghosts"), 1);
	pacman_view(&g, s, &v);
	assert_int_equal(v.power, 0);
	assert_int_equal(v.ghosts[0].cell, v.ghosts[0].home);
	assert_int_equal(v.ghosts[0].wait, PACMAN_WAIT - 1);
	assert_int_equal(count_of(&g, s, PACMAN_EYES, PACMAN_EYES), 1);
	/* Its wait over, it draws its way again. */
	for (int i = 0; i < 12 && g.rules->to_act(&g, s) == 0; i++)
		play(&g, s, "s");
	assert_int_equal(g.rules->to_act(&g, s), GAME_CHANCE);
	assert_int_equal(count_of(&g, s, PACMAN_EYES, PACMAN_EYES), 0);
	free(s);
}

/* Random games: what was eaten and the points agree, ghosts wait at home. */
static void test_points_add_up(void **state)
{
	static const struct {
		const char *spec;
		int ghost, death;
	} cases[] = {
		{"pacman:tiny,ticks=300,lives=9", 200, -100},
		{"pacman:tiny,ticks=300,ghost=-70,lives=9,death=0", -70, 0},
		{"pacman:small,ticks=300,ghost=0,lives=9,death=-1000", 0,
		 -1000},
		{"pacman:classic,ticks=300,lives=9", 200, -100},
	};
	int eaten = 0, deaths = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (uint64_t seed = 0; seed < 20; seed++) {
			float value[GAME_MAX_PLAYERS];
			struct game g;
			void *s;
			int sum;

			make(&g, &s, cases[i].spec);
			play_on(&g, s, seed);
			sum = 10 * fact(&g, s, "dots") +
			      50 * fact(&g, s, "pellets") +
			      cases[i].ghost * fact(&g, s, "ghosts") +
			      cases[i].death * fact(&g, s, "deaths");
			assert_int_equal(g.rules->points(&g, s), sum);
			assert_int_equal(fact(&g, s, "score"), sum);
			eaten += fact(&g, s, "ghosts");
			deaths += fact(&g, s, "deaths");
			g.rules->score(&g, s, value);
			assert_true(value[0] >= -1 && value[0] <= 1);
			assert_true((value[0] > 0) == (sum > 0));
			free(s);
		}
	assert_true(eaten > 0 && deaths > 0);
}

/* However he fares, he is asked in every tick, and there are T of them. */
static void test_every_game_lasts_its_ticks(void **state)
{
	static const char *const specs[] = {
		"pacman:tiny,ticks=50,lives=1",
		"pacman:tiny,ticks=400",
		"pacman:rings,ticks=123,lives=1",
		"pacman:classic,ticks=77",
	};
	int out = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++)
		for (uint64_t seed = 0; seed < 20; seed++) {
			struct game g;
			void *s;

			make(&g, &s, specs[i]);
			assert_int_equal(play_on(&g, s, seed), g.param[1]);
			assert_int_equal(fact(&g, s, "ticks"), g.param[1]);
			out += !strcmp(g.rules->ended(&g, s), "out");
			free(s);
		}
	assert_true(out > 0);
}

/* rings: ghost 1 comes straight down to whoever stays. */
static void test_death_and_out(void **state)
{
	game_move legal[8];
	struct pacman_view v;
	struct game g;
	void *s;
	int ticks = 0;

	(void)state;
	make(&g, &s, "pacman:rings,ticks=100,lives=2,death=-30");
	while (!fact(&g, s, "deaths") && ticks++ < 50)
		play(&g, s, "s");
	assert_int_equal(fact(&g, s, "deaths"), 1);
	assert_int_equal(g.rules->points(&g, s), -30);
	pacman_view(&g, s, &v);
	assert_int_equal(v.lives, 1);
	assert_int_equal(v.ghosts[0].cell, v.ghosts[0].home);
	assert_int_equal(v.ghosts[1].cell, v.ghosts[1].home);
	assert_int_equal(v.ghosts[1].wait, PACMAN_STAGGER);
	while (fact(&g, s, "deaths") < 2 && ticks++ < 100)
		play(&g, s, "s");
	pacman_view(&g, s, &v);
	assert_int_equal(v.him, -1);
	assert_int_equal(count_of(&g, s, PACMAN_HIM, PACMAN_HIM), 0);
	assert_int_equal(g.rules->legal(&g, s, legal), 1);
	assert_int_equal(legal[0], PACMAN_STAY);
	assert_int_equal(g.rules->move_cell(&g, s, PACMAN_STAY), -1);
	ticks = fact(&g, s, "ticks");
	assert_int_equal(play_on(&g, s, 0), 100 - ticks);
	assert_int_equal(g.rules->points(&g, s), -60);
	assert_string_equal(g.rules->ended(&g, s), "out");
	free(s);
}

/* small: row 6 "....#3#....": out on the left is in on the right. */
static void test_tunnels_join(void **state)
{
	struct game g;
	void *s;
	int row = 5;

	(void)state;
	make(&g, &s, "pacman:small");
	assert_int_equal(pacman_next(&g, row * g.cols, PACMAN_LEFT),
			 row * g.cols + g.cols - 1);
	assert_int_equal(
		pacman_next(&g, row * g.cols + g.cols - 1, PACMAN_RIGHT),
		row * g.cols);
	assert_int_equal(pacman_next(&g, g.cols + 1, PACMAN_UP), -1);
	free(s);
}

/* A maze that is cleared is full again at once, and the game goes on. */
static void test_a_cleared_maze_fills(void **state)
{
	struct game g;
	void *s, *fresh;
	int all, eaten = 0, most = 0;

	(void)state;
	make(&g, &s, "pacman:tiny,ticks=1000,lives=9,death=0");
	make(&g, &fresh, "pacman:tiny,ticks=1000,lives=9,death=0");
	all = count_of(&g, fresh, PACMAN_DOT, PACMAN_PELLET);
	assert_int_equal(all, 19);
	for (uint64_t seed = 0; seed < 40 && most <= all; seed++) {
		g.rules->start(&g, s, 0);
		play_on(&g, s, seed);
		eaten = fact(&g, s, "dots") + fact(&g, s, "pellets");
		if (eaten > most)
			most = eaten;
	}
	assert_true(most > all);
	free(s);
	free(fresh);
}

/* The search must not see what chance will bring: a state says nothing of
 * outcomes, so both orders of drawing are open from equal bytes. */
static void test_states_hold_no_chance(void **state)
{
	struct game g;
	void *a, *b;

	(void)state;
	make(&g, &a, "pacman:tiny");
	b = game_state_new(&g, 12345);
	assert_memory_equal(a, b, g.state_size);
	free(a);
	free(b);
}

static void test_names(void **state)
{
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "pacman:tiny,ghost=-5", NULL), ERR_OK);
	assert_string_equal(g.name, "pacman:maze=tiny,ticks=200,ghost=-5,"
				    "lives=3,death=-100");
	assert_string_equal(game_short_name(&g), "pacman:maze=tiny,ghost=-5");
	assert_int_equal(game_init(&g, "pacman:tinny", &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "did you mean 'tiny'"));
	assert_int_equal(game_init(&g, "pacman:ticks=9", &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "from 10 to 1000"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mazes_are_sound),
		cmocka_unit_test(test_he_eats_what_he_steps_on),
		cmocka_unit_test(test_walls_stop_him),
		cmocka_unit_test(test_the_wanderer_draws),
		cmocka_unit_test(test_power_and_a_ghost),
		cmocka_unit_test(test_points_add_up),
		cmocka_unit_test(test_every_game_lasts_its_ticks),
		cmocka_unit_test(test_death_and_out),
		cmocka_unit_test(test_tunnels_join),
		cmocka_unit_test(test_a_cleared_maze_fills),
		cmocka_unit_test(test_states_hold_no_chance),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
