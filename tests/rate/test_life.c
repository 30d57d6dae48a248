/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/agent/kind.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/match.h"
#include "tests/agent/one_network.h"

/* Agents that live across the games of a match. */

static struct game connect4;

static int setup(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL);
}

/* --- a learner ----------------------------------------------------------- */

enum { MOVES = 7 };

struct recall_conf {
	int quits; /* forfeits every so many games; 0: never */
};

static const struct conf_spec recall_spec[] = {
	{"quits", CONF_INT, offsetof(struct recall_conf, quits), 0, 100, "0",
	 NULL, "forfeits every so many games"},
	{0},
};

/* Remembers what its first moves have led to, and takes the best. */
struct recall {
	int games;
	uint32_t digest; /* of all that it was told */
	float sum[MOVES];
	int tried[MOVES];
};

static uint32_t add_game(uint32_t digest, const struct game *g,
			 const struct agent_game *game)
{
	uint64_t d = rng_mix(digest, g->rules->hash(g, game->start));

	for (int i = 0; i < game->count; i++)
		d = rng_mix(d, game->moves[i]);
	d = rng_mix(d, (uint64_t)game->opening);
	d = rng_mix(d, (uint64_t)game->player);
	d = rng_mix(d, (uint64_t)(int)(game->result * 2 + 2));
	return (uint32_t)d & 0xffff; /* so that a float holds it */
}

static void recall_learn(struct agent *a, const struct agent_game *game)
{
	struct recall *me = a->self;
	int i = game->opening + (game->opening % 2 != game->player);

	me->games++;
	me->digest = add_game(me->digest, a->g, game);
	if (i >= game->count)
		return;
	me->tried[game->moves[i]]++;
	me->sum[game->moves[i]] += game->result;
}

static void recall_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	const struct recall_conf *c = a->conf;
	const struct recall *me = a->self;

	(void)state;
	(void)cancel;
	for (int i = 0; i < out->count; i++) {
		game_move m = out->moves[i].move;

		out->moves[i].policy =
			me->tried[m] ? 2 + me->sum[m] / (float)me->tried[m] : 2;
	}
	thought_choose(out, a, me->games ? 0 : 1, r);
	out->simulations = me->games;
	out->lead = (float)me->digest;
	if (c->quits && me->games % c->quits == c->quits - 1)
		strcpy(out->forfeit, "it had enough");
}

static const struct agent_kind recall = {
	.name = "recall",
	.form = "recall",
	.help = "the first move that led to most",
	.conf = recall_spec,
	.conf_size = sizeof(struct recall_conf),
	.self_size = sizeof(struct recall),
	.think = recall_think,
	.learn = recall_learn,
};

/* One that can begin so many lives and no more. */
static atomic_int lives_left;

static enum err_code mortal_open(struct agent *a, struct err *e)
{
	(void)a;
	if (atomic_fetch_sub(&lives_left, 1) > 0)
		return ERR_OK;
	return err_set(e, ERR_NOTFOUND, "no life is left");
}

static const struct agent_kind mortal = {
	.name = "mortal",
	.form = "mortal",
	.help = "as recall, for a while",
	.conf = recall_spec,
	.conf_size = sizeof(struct recall_conf),
	.self_size = sizeof(struct recall),
	.open = mortal_open,
	.think = recall_think,
	.learn = recall_learn,
};

static const struct agent_kind *const fakes[] = {&recall, &mortal, NULL};

/* --- matches ------------------------------------------------------------- */

struct record {
	struct buf text; /* the games, one a line */
	int life;        /* 0: nobody is told anything */
	bool learns[2];
	uint32_t digest[2]; /* of what each was told in the life in hand */
	int seen;
};

/* What both agents are told of a game. */
static void follow_life(struct record *r, const struct match_game *g)
{
	void *start = game_state_new(&connect4, 0);

	if (r->life && (g->number + 1) % r->life == 0) {
		memset(r->digest, 0, sizeof(r->digest));
		r->seen = 0;
	} else if (r->life) {
		for (int seat = 0; seat < 2; seat++) {
			struct agent_game told = {
				.start = start,
				.moves = g->moves,
				.count = g->count,
				.opening = g->opening,
				.player = g->first == seat ? 0 : 1,
				.result = seat ? -g->result : g->result,
			};

			r->digest[seat] =
				add_game(r->digest[seat], &connect4, &told);
		}
		r->seen++;
	}
	free(start);
}

static void keep(void *ctx, const struct match_game *g)
{
	struct record *r = ctx;
	void *s = game_state_new(&connect4, 0);

	buf_printf(&r->text, "%d %d ", g->first, g->opening);
	game_line_text(&connect4, s, g->moves, g->count, &r->text);
	buf_printf(&r->text, " %g %s\n", (double)g->result, g->ended);
	free(s);
	for (int i = g->opening; i < g->count; i++) {
		const struct thought *t = &g->thoughts[i];
		int seat = (i + g->first) % 2;

		if (!r->learns[seat])
			continue;
		assert_int_equal(t->simulations, r->seen);
		assert_true(t->lead == (float)r->digest[seat]);
	}
	follow_life(r, g);
}

static enum err_code play(const char *a, const char *b, int games, int life,
			  int threads, struct buf *text, struct err *e)
{
	struct match_openings o = {.random_plies = 2};
	struct agent_source source = one_network;
	struct match_request m = {
		.game = &connect4,
		.agents = {a, b},
		.source = &source,
		.openings = &o,
		.games = games,
		.life = life,
		.seed = 5,
		.thoughts = true,
	};
	struct record r = {
		.life = life > 1 ? life : 0,
		.learns = {!strncmp(a, "recall", 6), !strncmp(b, "recall", 6)},
	};
	struct pool *pool = pool_new(threads);
	struct match_result out;
	enum err_code code;

	source.kinds = fakes;
	buf_init(&r.text);
	code = match_play(&m, pool, keep, NULL, &r, &out, e);
	pool_free(pool);
	if (!code)
		assert_int_equal(out.games, games);
	*text = r.text;
	return code;
}

static struct buf games_of(const char *a, const char *b, int games, int life,
			   int threads)
{
	struct err e = ERR_INIT;
	struct buf text;

	if (play(a, b, games, life, threads, &text, &e))
		fail_msg("%s", e.msg);
	return text;
}

/* Each game of a life has seen those before it and nothing else (keep() looks),
 * and so the games are the same with any threads: with lives that do not fit
 * the number of games, opponents that learn too, that search with a network for
 * many games at a time, and that forfeit. */
static void test_threads_change_nothing(void **state)
{
	static const struct {
		const char *agents[2];
		int games, life;
	} cases[] = {
		{{"recall", "tactical"}, 40, 6},
		{{"tactical", "recall"}, 7, 1000},
		{{"recall", "recall:quits=3"}, 41, 8},
		{{"recall", "mcts:c4/64,sims=8"}, 14, 3},
		{{"recall", "random"}, 300, 2},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const *who = cases[i].agents;
		struct buf one = games_of(who[0], who[1], cases[i].games,
					  cases[i].life, 1);

		for (int threads = 2; threads <= 3; threads++) {
			struct buf many =
				games_of(who[0], who[1], cases[i].games,
					 cases[i].life, threads);

			assert_string_equal(one.data, many.data);
			buf_release(&many);
		}
		if (i == 2)
			assert_non_null(strstr(one.data, "it had enough"));
		buf_release(&one);
	}
	assert_int_equal(one_network_out, 0);
}

/* What was learned shows, and without a life nothing is. */
static void test_life_matters_to_learners_alone(void **state)
{
	struct buf none = games_of("recall", "tactical", 20, 0, 2);
	struct buf one = games_of("recall", "tactical", 20, 1, 2);
	struct buf ten = games_of("recall", "tactical", 20, 10, 2);

	(void)state;
	assert_string_equal(none.data, one.data);
	assert_string_not_equal(one.data, ten.data);
	buf_release(&none);
	buf_release(&one);
	buf_release(&ten);
	none = games_of("mcts:c4/64,sims=8", "tactical", 12, 0, 2);
	ten = games_of("mcts:c4/64,sims=8", "tactical", 12, 5, 3);
	assert_string_equal(none.data, ten.data);
	buf_release(&none);
	buf_release(&ten);
}

static void test_a_life_that_cannot_begin(void **state)
{
	struct err e = ERR_INIT;
	struct buf text;
	int games = 0;

	(void)state;
	atomic_store(&lives_left, 3);
	assert_int_equal(play("mortal", "random", 40, 4, 1, &text, &e),
			 ERR_NOTFOUND);
	assert_string_equal(e.msg, "no life is left");
	/* The three lives before it are there. */
	for (const char *c = text.data; *c; c++)
		games += *c == '\n';
	assert_int_equal(games, 3 * 4);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_change_nothing),
		cmocka_unit_test(test_life_matters_to_learners_alone),
		cmocka_unit_test(test_a_life_that_cannot_begin),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
