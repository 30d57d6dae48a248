/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/regret.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/search/solver.h"

struct chosen {
	void *state; /* owned */
	game_move move;
	int game;
	bool lost; /* what it had */
};

struct regret {
	const struct game *game;
	int ply, most, count, games;
	struct chosen *chosen; /* owned; [count] */
};

bool regret_knows(const struct game *g)
{
	return g->player_count == 2 && solver_knows(g);
}

struct regret *regret_new(const struct game *g, int ply, int most)
{
	struct regret *r = mem_zalloc(1, sizeof(*r));

	assert(regret_knows(g) && most > 0);
	r->game = g;
	r->ply = ply;
	r->most = most;
	r->chosen = mem_zalloc((size_t)most, sizeof(*r->chosen));
	return r;
}

void regret_free(struct regret *r)
{
	if (!r)
		return;
	for (int i = 0; i < r->count; i++)
		free(r->chosen[i].state);
	free(r->chosen);
	free(r);
}

static void take(struct regret *r, const void *state, game_move move)
{
	struct chosen *c = &r->chosen[r->count++];

	c->state = mem_alloc(r->game->state_size);
	memcpy(c->state, state, r->game->state_size);
	c->move = move;
	c->game = r->games;
}

void regret_add(struct regret *r, const game_move *moves, int count,
		int opening, int player)
{
	const struct game_rules *rules = r->game->rules;
	int from = opening > r->ply ? opening : r->ply;
	void *state = game_state_new(r->game, 0);

	for (int i = 0; i < count && r->count < r->most; i++) {
		if (i >= from && rules->to_act(r->game, state) == player &&
		    solver_is_quick(r->game, state))
			take(r, state, moves[i]);
		rules->apply(r->game, state, moves[i]);
	}
	r->games++;
	free(state);
}

/* --- judging ------------------------------------------------------------- */

/* Positions of one task: a solver's table serves those after. */
enum { TOGETHER = 64 };

struct judging {
	const struct regret *r;
	struct solver **solvers; /* owned; one for each thread */
	bool (*goes_on)(void *ctx);
	void *ctx;
	atomic_bool cancelled;
};

/* Was it won, or drawn, and is no more? */
static bool loses(struct judging *j, struct solver *s, const struct chosen *c)
{
	bool had = false, has = true;

	for (int bound = 1; bound >= 0 && !had; bound--)
		if (solver_at_least(s, c->state, bound, &j->cancelled, &had) &&
		    had)
			solver_move_at_least(s, c->state, c->move, bound,
					     &j->cancelled, &has);
	return had && !has;
}

static void judge_some(void *ctx, int task, int worker)
{
	struct judging *j = ctx;
	const struct regret *r = j->r;
	int end = (task + 1) * TOGETHER;

	for (int i = task * TOGETHER; i < end && i < r->count; i++) {
		if (atomic_load(&j->cancelled))
			return;
		r->chosen[i].lost = loses(j, j->solvers[worker], &r->chosen[i]);
	}
}

static void look(void *ctx)
{
	struct judging *j = ctx;

	if (j->goes_on && !j->goes_on(j->ctx))
		atomic_store(&j->cancelled, true);
}

/* A ratio of sums over games: its error is that of the games' parts of it
 * (Cochran, Sampling Techniques, 1977, section 6.3). */
static struct stat_mean share(const struct regret *r)
{
	double *part = mem_zalloc((size_t)r->games + 1, sizeof(*part));
	struct stat_sums sums = {0};
	struct stat_mean m;
	double lost = 0;

	for (int i = 0; i < r->count; i++)
		lost += r->chosen[i].lost;
	lost /= r->count;
	for (int i = 0; i < r->count; i++)
		part[r->chosen[i].game] += r->chosen[i].lost - lost;
	for (int i = 0; i < r->games; i++)
		stat_add(&sums, part[i] * r->games / r->count);
	m = stat_mean_of(&sums);
	free(part);
	return (struct stat_mean){lost, lost + m.low, lost + m.high};
}

enum err_code regret_judge(const struct regret *r, struct pool *pool,
			   bool (*goes_on)(void *ctx), void *ctx,
			   struct regret_result *out, struct err *e)
{
	int threads = pool_threads(pool);
	struct judging j = {.r = r, .goes_on = goes_on, .ctx = ctx};
	enum err_code rc = ERR_OK;

	*out = (struct regret_result){
		.moves = r->count,
		.lost = {(double)NAN, (double)NAN, (double)NAN},
	};
	if (!r->count)
		return ERR_OK;
	j.solvers = mem_zalloc((size_t)threads, sizeof(*j.solvers));
	for (int i = 0; i < threads && !rc; i++)
		rc = solver_open(&j.solvers[i], r->game, (size_t)16 << 20, e);
	if (!rc)
		pool_run_watched(pool, (r->count + TOGETHER - 1) / TOGETHER,
				 judge_some, look, &j);
	for (int i = 0; i < threads; i++)
		solver_close(j.solvers[i]);
	free(j.solvers);
	if (!rc && atomic_load(&j.cancelled))
		rc = err_set(e, ERR_CANCELLED, "stopped");
	if (!rc)
		out->lost = share(r);
	return rc;
}
