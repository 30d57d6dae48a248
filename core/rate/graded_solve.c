/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/graded.h"
#include "core/search/solver.h"

/* --- solving ------------------------------------------------------------- */

/* A quick sample gives up on a position after this many nodes, each with a
 * table of its own: what is given up does not depend on what was solved
 * before. */
enum { QUICK_NODES = 50000, QUICK_MEMORY = 1 << 20 };

struct solving {
	bool quick;
	struct graded_set *set;
	const struct graded_work *work;
	int first, base;         /* of the set; done before */
	struct solver **solvers; /* owned; [threads] */
	atomic_int done;
	atomic_bool cancelled;
};

static bool was_cancelled(struct solving *s)
{
	return atomic_load(&s->cancelled) ||
	       (s->work->cancel && atomic_load(s->work->cancel));
}

/* False: cancelled, or given up. */
static bool score_moves(struct solving *s, int worker, const void *state,
			int *scores)
{
	const atomic_bool *cancel =
		s->work->cancel ? s->work->cancel : &s->cancelled;
	struct solver *own;
	bool done;

	if (!s->quick)
		return solver_moves(s->solvers[worker], state, cancel, scores);
	if (solver_open(&own, s->set->game, QUICK_MEMORY, NULL))
		return false;
	solver_limit(own, QUICK_NODES);
	done = solver_moves(own, state, cancel, scores);
	solver_close(own);
	return done;
}

static void watch(void *ctx)
{
	struct solving *s = ctx;
	const struct graded_work *work = s->work;

	if (work->tick &&
	    !work->tick(work->ctx, s->base + atomic_load(&s->done)))
		atomic_store(&s->cancelled, true);
}

static void solve_one(void *ctx, int i, int worker)
{
	struct solving *s = ctx;
	struct graded_position *p = &s->set->positions[s->first + i];
	int *scores;

	if (p->scores || atomic_load(&s->cancelled))
		return;
	scores = mem_zalloc((size_t)s->set->game->move_count, sizeof(*scores));
	if (score_moves(s, worker, p->state, scores)) {
		p->scores = scores;
		atomic_fetch_add(&s->done, 1);
	} else {
		free(scores);
		if (!s->quick || was_cancelled(s))
			atomic_store(&s->cancelled, true);
	}
}

static enum err_code check_best(const struct graded_set *set,
				struct graded_position *p, struct err *e)
{
	int best = SOLVER_NO_MOVE;

	for (int i = 0; i < set->game->move_count; i++)
		if (p->scores[i] > best)
			best = p->scores[i];
	if (p->best != SOLVER_NO_MOVE && p->best != best)
		return err_set(e, ERR_FORMAT,
			       "%s:%d: the score is %d where the solver finds "
			       "%d",
			       set->name, p->line, p->best, best);
	p->best = best;
	return ERR_OK;
}

/* From position `first` on; `base` more are done already. */
static enum err_code solve_from(struct graded_set *set, int first, int base,
				bool quick, const struct graded_work *work,
				struct err *e)
{
	int threads = pool_threads(work->pool), count = set->count - first;
	struct solving s = {
		.set = set,
		.work = work,
		.first = first,
		.base = base,
		.quick = quick,
	};
	enum err_code rc = ERR_OK;

	s.solvers = mem_zalloc((size_t)threads, sizeof(struct solver *));
	for (int i = 0; i < threads && !rc && !quick; i++)
		rc = solver_open(&s.solvers[i], set->game, 0, e);
	if (!rc) {
		pool_run_watched(work->pool, count, solve_one, watch, &s);
		if (atomic_load(&s.cancelled))
			rc = err_set(e, ERR_CANCELLED,
				     "stopped after solving %d of %d positions",
				     base + atomic_load(&s.done), set->count);
	}
	for (int i = 0; i < threads; i++)
		solver_close(s.solvers[i]);
	free(s.solvers);
	for (int i = first; i < set->count && !rc; i++)
		if (set->positions[i].scores)
			rc = check_best(set, &set->positions[i], e);
	return rc;
}

enum err_code graded_solve(struct graded_set *set,
			   const struct graded_work *work, struct err *e)
{
	int known = 0;

	for (int i = 0; i < set->count; i++)
		known += set->positions[i].scores != NULL;
	return known == set->count ? ERR_OK
				   : solve_from(set, 0, known, false, work, e);
}

/* --- samples ------------------------------------------------------------- */

/* Random games that are tried for one position, and positions for one that is
 * asked for. */
enum { GAMES_TRIED = 200, POSITIONS_TRIED = 50, PLY_TRIED = 4 };

struct sample {
	const struct game *g;
	const struct graded_sampling *want;
	uint64_t number; /* of the position tried next */
	uint64_t most;   /* it ends at */
	int most_ply;    /* games seem to last so long */
	int failed;      /* numbers of plies that none reached, since then */
	uint64_t *seen;  /* owned; hashes, [mask + 1]; 0: empty */
	size_t mask;
};

static void begin_sample(struct sample *s, const struct game *g,
			 const struct graded_sampling *want)
{
	*s = (struct sample){.g = g, .want = want, .mask = 255};
	s->most_ply = want->most_ply;
	s->most = (uint64_t)want->count * POSITIONS_TRIED;
	/* At most half of it is filled. */
	while (s->mask < s->most * 2)
		s->mask = 2 * s->mask + 1;
	s->seen = mem_zalloc(s->mask + 1, sizeof(*s->seen));
}

/* Whether a position is met for the first time. */
static bool is_new(struct sample *s, const void *state)
{
	uint64_t hash = s->g->rules->hash(s->g, state) | 1;
	size_t at = (size_t)rng_mix(hash, 0) & s->mask;

	while (s->seen[at]) {
		if (s->seen[at] == hash)
			return false;
		at = (at + 1) & s->mask;
	}
	s->seen[at] = hash;
	return true;
}

/* One of random play, `plies` long; false: every game was over before. */
static bool play_to(struct sample *s, int plies, struct graded_position *p)
{
	const struct game *g = s->g;

	for (uint64_t i = 1; i <= GAMES_TRIED; i++) {
		struct rng rng;

		rng_init(&rng, s->want->seed, RNG_GRADE, s->number, i);
		g->rules->start(g, p->state, s->want->seed);
		if (game_opening(g, p->state, plies, &rng, p->moves,
				 &p->plies) &&
		    g->rules->to_act(g, p->state) >= 0)
			return true;
	}
	return false;
}

/* The next position worth solving; false: there are no more. */
static bool next_position(struct sample *s, struct graded_position *p)
{
	const struct graded_sampling *want = s->want;
	const struct game *g = s->g;

	*p = (struct graded_position){.best = SOLVER_NO_MOVE};
	p->state = mem_zalloc(1, g->state_size);
	p->moves = mem_zalloc((size_t)g->max_plies, sizeof(*p->moves));
	while (s->number < s->most && s->most_ply >= want->least_ply) {
		int range = s->most_ply - want->least_ply + 1, plies;
		struct rng rng;

		rng_init(&rng, want->seed, RNG_GRADE, s->number, 0);
		plies = want->least_ply + (int)rng_below(&rng, (uint32_t)range);
		if (!play_to(s, plies, p)) {
			/* No game was as long: fewer plies from here on. */
			if (++s->failed == PLY_TRIED) {
				s->most_ply = plies - 1;
				s->failed = 0;
			}
			s->number++;
			continue;
		}
		s->number++;
		if ((!want->quick || solver_is_quick(g, p->state)) &&
		    is_new(s, p->state))
			return true;
	}
	graded_position_release(p);
	return false;
}

/* Moves of more than one class. */
static bool matters(const struct game *g, const struct graded_position *p)
{
	for (int i = 0; p->scores && i < g->move_count; i++) {
		int score = p->scores[i];

		if (score != SOLVER_NO_MOVE &&
		    (score > 0) - (score < 0) != (p->best > 0) - (p->best < 0))
			return true;
	}
	return false;
}

/* Keep those after the first `from` that matter. */
static void weed(struct graded_set *set, int from)
{
	int kept = from;

	for (int i = from; i < set->count; i++) {
		if (matters(set->game, &set->positions[i]))
			set->positions[kept++] = set->positions[i];
		else
			graded_position_release(&set->positions[i]);
	}
	set->count = kept;
}

enum err_code graded_sample(struct graded_set *set,
			    const struct graded_sampling *want,
			    const struct graded_work *work, struct err *e)
{
	int first = set->count, goal = first + want->count;
	struct graded_position p;
	enum err_code rc = ERR_OK;
	struct sample s;

	if (!solver_knows(set->game))
		return err_set(e, ERR_USAGE, "no solver knows %s",
			       game_short_name(set->game));
	begin_sample(&s, set->game, want);
	while (!rc && set->count < goal) {
		int from = set->count;

		while (set->count < goal && next_position(&s, &p))
			graded_take(set, &p);
		if (set->count == from)
			break;
		rc = solve_from(set, from, from - first, want->quick, work, e);
		if (!rc)
			weed(set, from);
	}
	while (rc && set->count > first)
		graded_position_release(&set->positions[--set->count]);
	free(s.seen);
	return rc;
}
