/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/teach.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/targets.h"

struct lesson {
	game_move *moves; /* owned */
	int count, opening;
	float result;
	struct targets_writer targets;
};

struct classroom {
	const struct teaching *t;
	struct lesson *lessons; /* owned */
	int64_t first;          /* number of the first game */
	bool (*tick)(void *ctx);
	void *ctx;
	atomic_bool cancelled;
};

static bool over(const struct game *g, const void *state)
{
	return g->rules->to_act(g, state) == GAME_OVER;
}

static void play_opening(const struct teaching *t, struct rng *rng, void *state,
			 struct lesson *l)
{
	int plies = 0;

	if (t->recipe->opening_plies > 0 &&
	    rng_float(rng) < t->recipe->opening_share)
		plies = 1 +
			(int)rng_below(rng, (uint32_t)t->recipe->opening_plies);
	game_opening(t->game, state, plies, rng, l->moves, &l->count);
	for (int i = 0; i < l->count; i++)
		targets_skip(&l->targets);
	l->opening = l->count;
}

/* What the teacher would play, or while exploring a draw from its policy. */
static game_move choose(const struct teaching *t, const struct thought *th,
			float *weights, int ply, struct rng *rng)
{
	if (ply >= t->recipe->explore_plies)
		return th->move;
	for (int i = 0; i < th->count; i++)
		weights[i] = th->moves[i].policy;
	return th->moves[rng_pick(rng, weights, th->count)].move;
}

/* One ply of the teacher's, with what it teaches. */
static game_move teach_ply(struct classroom *c, int worker, uint64_t number,
			   const void *state, struct lesson *l, float *weights)
{
	const struct teaching *t = c->t;
	struct agent *teacher = t->teachers[worker];
	struct thought th;
	struct rng rng;
	game_move m;

	agent_line(teacher, l->moves, l->count);
	agent_think(teacher, state, t->seed, number, l->count, &c->cancelled,
		    &th);
	for (int k = 0; k < th.count; k++) {
		if (*th.forfeit)
			th.moves[k].policy = 1.0f / (float)th.count;
		weights[k] = th.moves[k].policy;
	}
	/* A teacher that had no answer teaches nothing here; any move goes on
	 * with the game. */
	if (*th.forfeit)
		targets_skip(&l->targets);
	else
		targets_ply(&l->targets, th.count, weights,
			    th.has_value ? th.wdl : NULL);
	rng_init(&rng, t->seed, RNG_SELF_PLAY, number, (uint64_t)l->count);
	m = choose(t, &th, weights, l->count, &rng);
	thought_release(&th);
	return m;
}

static game_move chance_ply(const struct teaching *t, uint64_t number,
			    const void *state, struct lesson *l,
			    game_move *legal)
{
	struct rng rng;

	targets_skip(&l->targets);
	rng_init(&rng, t->seed, RNG_CHANCE, number, (uint64_t)l->count);
	return game_chance_move(t->game, state, &rng, legal);
}

static void watch(void *ctx)
{
	struct classroom *c = ctx;

	if (!c->tick(c->ctx))
		atomic_store(&c->cancelled, true);
}

static void give_lesson(void *ctx, int i, int worker)
{
	struct classroom *c = ctx;
	const struct teaching *t = c->t;
	const struct game *g = t->game;
	struct lesson *l = &c->lessons[i];
	uint64_t number = (uint64_t)(c->first + i);
	void *state = game_state_new(g, rng_mix(t->seed, number));
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	float *weights = mem_floats((size_t)g->move_count);
	float value[GAME_MAX_PLAYERS];
	struct rng rng;

	l->moves = mem_zalloc((size_t)g->max_plies, sizeof(*l->moves));
	targets_begin(&l->targets);
	rng_init(&rng, t->seed, RNG_OPENING, number, 0);
	play_opening(t, &rng, state, l);
	while (!over(g, state)) {
		game_move m;

		if (atomic_load(&c->cancelled))
			break;
		if (g->rules->to_act(g, state) == GAME_CHANCE)
			m = chance_ply(t, number, state, l, legal);
		else
			m = teach_ply(c, worker, number, state, l, weights);
		g->rules->apply(g, state, m);
		l->moves[l->count++] = m;
	}
	if (over(g, state)) {
		g->rules->score(g, state, value);
		l->result = value[0];
	}
	free(weights);
	free(legal);
	free(state);
}

static enum err_code
hand_over(const struct classroom *c, int count,
	  enum err_code (*game)(void *ctx, const struct self_play_game *g,
				struct err *e),
	  struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++) {
		const struct lesson *l = &c->lessons[i];

		rc = game(c->ctx,
			  &(struct self_play_game){
				  .number = c->first + i,
				  .moves = l->moves,
				  .count = l->count,
				  .opening = l->opening,
				  .result = l->result,
				  .targets = l->targets.out.data,
				  .targets_len = l->targets.out.len,
			  },
			  e);
	}
	return rc;
}

enum err_code teach_games(const struct teaching *t, int64_t first, int count,
			  struct pool *pool,
			  enum err_code (*game)(void *ctx,
						const struct self_play_game *g,
						struct err *e),
			  bool (*tick)(void *ctx), void *ctx, struct err *e)
{
	struct classroom c = {
		.t = t,
		.first = first,
		.tick = tick,
		.ctx = ctx,
	};
	enum err_code rc;

	c.lessons = mem_zalloc((size_t)count, sizeof(*c.lessons));
	pool_run_watched(pool, count, give_lesson, watch, &c);
	if (atomic_load(&c.cancelled))
		rc = err_set(e, ERR_CANCELLED, "stopped");
	else
		rc = hand_over(&c, count, game, e);
	for (int i = 0; i < count; i++) {
		free(c.lessons[i].moves);
		buf_release(&c.lessons[i].targets.out);
	}
	free(c.lessons);
	return rc;
}
