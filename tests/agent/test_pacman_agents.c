/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/match.h"

/* The scripted players of Pac-Man, held to what they promise. */

enum { GAMES = 12 };

struct record {
	int score, dots, ghosts, deaths; /* over all games */
};

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

static void play_games(const char *game, const char *spec, int games,
		       struct record *out)
{
	struct err e = ERR_INIT;
	struct agent *a;
	struct game g;

	memset(out, 0, sizeof(*out));
	assert_int_equal(game_init(&g, game, NULL), ERR_OK);
	if (agent_open(&a, spec, &g, NULL, &e))
		fail_msg("%s", e.msg);
	for (int i = 0; i < games; i++) {
		void *s = game_state_new(&g, 0);
		game_move scratch[16];
		int who, ply = 0;

		while ((who = g.rules->to_act(&g, s)) != GAME_OVER) {
			struct thought t;
			struct rng r;
			game_move m;

			rng_init(&r, 7, RNG_CHANCE, (uint64_t)i, (uint64_t)ply);
			if (who == GAME_CHANCE) {
				m = game_chance_move(&g, s, &r, scratch);
			} else {
				agent_think(a, s, 7, (uint64_t)i, ply, NULL,
					    &t);
				m = t.move;
				thought_release(&t);
			}
			g.rules->apply(&g, s, m);
			ply++;
		}
		out->score += fact(&g, s, "score");
		out->dots += fact(&g, s, "dots");
		out->ghosts += fact(&g, s, "ghosts");
		out->deaths += fact(&g, s, "deaths");
		free(s);
	}
	agent_close(a);
}

static const char *const mazes[] = {
	"pacman:tiny",   "pacman:small",   "pacman:rings",
	"pacman:medium", "pacman:classic",
};

static void test_kind_never_eats_a_ghost(void **state)
{
	/* Where it pays most, and for longer than usual, with lives to lose. */
	static const char *const more[] = {
		"pacman:tiny,ticks=600,ghost=1000,lives=9",
		"pacman:small,ticks=600,ghost=1000,lives=9",
		"pacman:medium,ticks=400,ghost=1000,lives=9",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mazes); i++) {
		struct record kind, random;

		play_games(mazes[i], "kind", GAMES, &kind);
		play_games(mazes[i], "random", GAMES, &random);
		assert_int_equal(kind.ghosts, 0);
		assert_true(kind.dots > 3 * random.dots);
	}
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		struct record kind;

		play_games(more[i], "kind", GAMES, &kind);
		assert_int_equal(kind.ghosts, 0);
	}
}

static void test_greedy_takes_what_pays(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mazes); i++) {
		struct record greedy, kind;

		play_games(mazes[i], "greedy", GAMES, &greedy);
		play_games(mazes[i], "kind", GAMES, &kind);
		assert_true(greedy.ghosts > GAMES);
		assert_true(greedy.score > kind.score);
	}
}

/* Where ghosts cost, who plays for points lets them live. */
static void test_greedy_spares_what_costs(void **state)
{
	struct record r;

	(void)state;
	play_games("pacman:small,ghost=-200", "greedy", GAMES, &r);
	assert_int_equal(r.ghosts, 0);
	assert_true(r.score > 0);
}

static void test_they_play_pacman_alone(void **state)
{
	static const char *const specs[] = {"greedy", "kind"};
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		struct err e = ERR_INIT;
		struct agent *a;

		assert_int_equal(agent_open(&a, specs[i], &g, NULL, &e),
				 ERR_USAGE);
		assert_null(a);
		assert_non_null(strstr(e.msg, "plays pacman"));
		assert_non_null(strstr(e.msg, "connect4"));
	}
}

/* A match of one agent is its games, with what the rules keep of them. */
static void test_a_match_sums_the_facts(void **state)
{
	static const char *const names[] = {"score",  "dots",   "pellets",
					    "ghosts", "deaths", "lives",
					    "ticks"};
	struct match_openings openings;
	struct match_result r;
	struct err e = ERR_INIT;
	struct pool *pool = pool_new(1);
	struct game g;
	struct match_request m = {
		.game = &g,
		.agents = {"kind", NULL},
		.openings = &openings,
		.games = 4,
		.seed = 1,
	};

	(void)state;
	assert_int_equal(game_init(&g, "pacman:tiny,ticks=50", NULL), ERR_OK);
	assert_int_equal(match_openings_read(&openings, "random:0", &g, NULL),
			 ERR_OK);
	if (match_play(&m, pool, NULL, NULL, NULL, &r, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(r.games, 4);
	assert_int_equal(r.fact_count, ARRAY_LEN(names));
	for (int i = 0; i < r.fact_count; i++) {
		assert_string_equal(r.fact_names[i], names[i]);
		assert_int_equal(r.facts[i].count, 4);
	}
	assert_true(r.facts[0].sum == r.points.sum && r.points.sum > 0);
	assert_true(r.facts[3].sum == 0);
	assert_true(r.facts[6].sum == 200);
	match_openings_release(&openings);
	pool_free(pool);
}

static void test_a_seed_is_a_game(void **state)
{
	struct record a, b;

	(void)state;
	play_games("pacman:classic,ticks=100", "greedy", 3, &a);
	play_games("pacman:classic,ticks=100", "greedy", 3, &b);
	assert_memory_equal(&a, &b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kind_never_eats_a_ghost),
		cmocka_unit_test(test_greedy_takes_what_pays),
		cmocka_unit_test(test_greedy_spares_what_costs),
		cmocka_unit_test(test_they_play_pacman_alone),
		cmocka_unit_test(test_a_match_sums_the_facts),
		cmocka_unit_test(test_a_seed_is_a_game),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
