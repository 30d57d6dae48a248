/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/teach.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/lab/keep.h"
#include "core/learn/targets.h"
#include "store/game.h"

enum { GAMES_PER_WORKER = 8 };

struct lesson {
	game_move *moves; /* owned */
	int count, opening;
	float result;
	struct targets_writer targets;
	bool finished;
};

struct classroom {
	const struct teaching *t;
	struct agent **teachers; /* owned; [threads] */
	struct lesson *lessons;  /* owned; the chunk at hand */
	int64_t first;           /* number of its first game */
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
	struct agent *teacher = c->teachers[worker];
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

	if (!job_tick(c->t->job))
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
		l->finished = true;
	}
	free(weights);
	free(legal);
	free(state);
}

static enum err_code store_lessons(struct classroom *c, int n, struct err *e)
{
	const struct teaching *t = c->t;
	struct store *s = t->job->store;
	void *start = game_state_new(t->game, 0);
	enum err_code rc = lab_error(s, lab_begin(s, job_goes_on, t->job), e);

	for (int i = 0; i < n && !rc; i++) {
		const struct lesson *l = &c->lessons[i];
		struct store_game row = {
			.run_id = t->run_id,
			.number = c->first + i,
			.game = t->game->name,
			.first = t->teacher,
			.second = t->game->player_count > 1 ? t->teacher : NULL,
			.opening = l->opening,
			.plies = l->count,
			.result = (double)l->result,
			.ended = "rules",
			.purpose = "imitate",
			.seed = t->seed,
			.step = -1,
			.targets = l->targets.out.data,
			.targets_len = l->targets.out.len,
		};
		struct buf text, facts;
		int64_t id;

		buf_init(&text);
		buf_init(&facts);
		game_line_text(t->game, start, l->moves, l->count, &text);
		row.moves = text.data;
		keep_line_facts(t->game, &row, &facts);
		rc = lab_error(s, store_game_add(s, &row, &id), e);
		buf_release(&text);
		buf_release(&facts);
	}
	if (rc)
		store_rollback(s);
	else
		rc = lab_error(s, store_commit(s), e);
	free(start);
	return rc;
}

static enum err_code teach_chunk(struct classroom *c, struct pool *pool, int n,
				 struct err *e)
{
	enum err_code rc = ERR_OK;

	c->lessons = mem_zalloc((size_t)n, sizeof(*c->lessons));
	pool_run_watched(pool, n, give_lesson, watch, c);
	if (atomic_load(&c->cancelled))
		rc = err_set(e, ERR_CANCELLED, "stopped");
	else
		rc = store_lessons(c, n, e);
	for (int i = 0; i < n; i++) {
		free(c->lessons[i].moves);
		buf_release(&c->lessons[i].targets.out);
	}
	free(c->lessons);
	return rc;
}

enum err_code teach_games(const struct teaching *t, struct pool *pool,
			  struct err *e)
{
	struct store *s = t->job->store;
	int threads = pool_threads(pool);
	struct classroom c = {.t = t};
	int64_t stored;
	enum err_code rc =
		lab_error(s, store_game_last(s, t->run_id, &stored), e);

	c.teachers = mem_zalloc((size_t)threads, sizeof(struct agent *));
	for (int i = 0; i < threads && !rc; i++) {
		rc = agent_open(&c.teachers[i], t->teacher, t->game,
				lab_agents(t->lab), e);
		if (!rc)
			agent_keep_trace(c.teachers[i], false);
		if (!rc && agent_is_human(c.teachers[i]))
			rc = err_set(e, ERR_USAGE,
				     "a person cannot label positions here: "
				     "imitate games:agent=human");
	}
	c.first = stored + 1;
	while (!rc && c.first <= t->games) {
		int n = threads * GAMES_PER_WORKER;

		if (n > t->games - c.first + 1)
			n = (int)(t->games - c.first + 1);
		job_progress(t->job, (double)c.first - 1, t->games,
			     "teaching: game %lld of %d",
			     (long long)c.first - 1, t->games);
		rc = teach_chunk(&c, pool, n, e);
		c.first += n;
	}
	for (int i = 0; i < threads; i++)
		agent_close(c.teachers[i]);
	free(c.teachers);
	return rc;
}
