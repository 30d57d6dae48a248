/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/judge.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/solver.h"

enum { USUAL_MEMORY = 256 << 20 };

struct judging {
	const struct graded_set *set;
	const game_move *chosen;
	const struct judge_work *work;
	struct known *known;
	struct verdict *out;
	struct solver **solvers; /* owned; [threads]; NULL: not asked yet */
	size_t memory;           /* of each */
	atomic_int done, asked;
	atomic_int better; /* a position whose best score is wrong; -1 */
	atomic_bool cancelled;
};

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

struct verdict judge_scored(const struct graded_position *p, game_move move)
{
	int score = SOLVER_NO_MOVE;

	if (move != GAME_NO_MOVE) {
		assert(p->scores);
		score = p->scores[move];
	}
	if (score == SOLVER_NO_MOVE)
		return (struct verdict){.most = KNOWN_LEAST};
	return (struct verdict){
		.class_kept = sign(score) == sign(p->best),
		.score_kept = score == p->best,
		.most = score,
	};
}

/* A question about one move. */
struct question {
	struct judging *all;
	const struct graded_position *p;
	game_move move;
	int worker;
	struct known_bounds b; /* of the move */
};

/* Make sure whether the move is worth `bound`; false: cancelled. */
static bool settle(struct question *q, int bound)
{
	struct judging *all = q->all;
	const struct judge_work *work = all->work;
	struct solver **s = &all->solvers[q->worker];
	struct known_bounds news = {KNOWN_LEAST, KNOWN_MOST};
	bool yes;

	if (q->b.low >= bound || q->b.high < bound)
		return true;
	/* That a solver knows the game was seen before. */
	if (!*s && solver_open(s, all->set->game, all->memory, NULL))
		return false;
	atomic_fetch_add(&all->asked, 1);
	if (!solver_move_at_least(*s, q->p->state, q->move, bound,
				  work->cancel ? work->cancel : &all->cancelled,
				  &yes))
		return false;
	if (yes)
		news.low = q->b.low = bound;
	else
		news.high = q->b.high = bound - 1;
	known_put(all->known, q->p, q->move, news);
	return true;
}

/* Bounds that decide are left in q->b.  False: cancelled. */
static bool judge(struct question *q, struct verdict *v)
{
	int best = q->p->best;

	q->b = known_get(q->all->known, q->p, q->move);
	if (!settle(q, best))
		return false;
	v->score_kept = q->b.low >= best;
	v->class_kept = v->score_kept || best < 0;
	/* 0 and 1 are the least scores of their classes. */
	if (!v->class_kept && best > 1) {
		if (!settle(q, 1))
			return false;
		v->class_kept = q->b.low >= 1;
	}
	v->most = q->b.high < best ? q->b.high : best;
	return true;
}

static void watch(void *ctx)
{
	struct judging *all = ctx;
	const struct judge_work *work = all->work;

	if (work->tick && !work->tick(work->ctx, atomic_load(&all->done)))
		atomic_store(&all->cancelled, true);
}

static void judge_one(void *ctx, int i, int worker)
{
	struct judging *all = ctx;
	struct question q = {
		.all = all,
		.p = &all->set->positions[i],
		.move = all->chosen[i],
		.worker = worker,
	};

	if (atomic_load(&all->cancelled))
		return;
	if (q.p->scores || q.move == GAME_NO_MOVE) {
		all->out[i] = judge_scored(q.p, q.move);
	} else {
		assert(q.p->best != SOLVER_NO_MOVE);
		if (!judge(&q, &all->out[i]))
			atomic_store(&all->cancelled, true);
		else if (q.b.low > q.p->best)
			atomic_store(&all->better, i);
	}
	atomic_fetch_add(&all->done, 1);
}

static enum err_code say_better(const struct judging *all, struct err *e)
{
	int i = atomic_load(&all->better);
	const struct graded_position *p = &all->set->positions[i];
	const struct game *g = all->set->game;
	char text[GAME_TEXT_SIZE];

	g->rules->move_text(g, p->state, all->chosen[i], text);
	return err_set(e, ERR_FORMAT,
		       "%s:%d: the score is %d where %s is worth %d at least",
		       all->set->name, p->line, p->best, text,
		       known_get(all->known, p, all->chosen[i]).low);
}

enum err_code judge_moves(const struct graded_set *set, const game_move *chosen,
			  const struct judge_work *work, struct verdict *out,
			  int *asked, struct err *e)
{
	int threads = pool_threads(work->pool), unsolved = 0;
	size_t memory = work->memory ? work->memory : USUAL_MEMORY;
	struct judging all = {
		.set = set,
		.chosen = chosen,
		.work = work,
		.known = work->known,
		.out = out,
		.memory = memory / (size_t)threads,
		.better = -1,
	};
	struct known *own = NULL;
	enum err_code rc = ERR_OK;

	*asked = 0;
	for (int i = 0; i < set->count; i++)
		unsolved += !set->positions[i].scores;
	if (unsolved && !solver_knows(set->game))
		return err_set(e, ERR_USAGE, "no solver knows %s",
			       game_short_name(set->game));
	if (!all.known) {
		/* Without a file nothing can fail. */
		rc = known_open(&own, set->game, NULL, e);
		all.known = own;
	}
	all.solvers = mem_zalloc((size_t)threads, sizeof(struct solver *));
	if (!rc)
		pool_run_watched(work->pool, set->count, judge_one, watch,
				 &all);
	for (int i = 0; i < threads; i++)
		solver_close(all.solvers[i]);
	free(all.solvers);
	if (!rc && atomic_load(&all.cancelled))
		rc = err_set(e, ERR_CANCELLED,
			     "stopped after judging %d of %d positions",
			     atomic_load(&all.done), set->count);
	if (!rc && atomic_load(&all.better) >= 0)
		rc = say_better(&all, e);
	*asked = atomic_load(&all.asked);
	/* It has no file to fail at. */
	(void)known_close(own, NULL);
	return rc;
}
