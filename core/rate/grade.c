/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/grade.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"

/* Positions that a thread takes at once: a few for each search that it keeps
 * going.  Fixed, so that the network's batches are those of any number of
 * threads. */
enum { CHUNK = 128 };

struct grading {
	const struct grade_request *want;
	struct agent **agents; /* owned; [threads] */
	game_move *chosen;     /* of the result */
	atomic_int done;
	atomic_bool cancelled;
};

/* What one thread is asked about at once. */
struct chunk {
	struct grading *all;
	int first;
};

static void take_answer(void *ctx, int i, const struct thought *t)
{
	struct chunk *c = ctx;

	c->all->chosen[c->first + i] = *t->forfeit ? GAME_NO_MOVE : t->move;
	atomic_fetch_add(&c->all->done, 1);
}

static void watch(void *ctx)
{
	struct grading *all = ctx;
	const struct grade_request *want = all->want;

	if (want->tick && !want->tick(want->ctx, atomic_load(&all->done)))
		atomic_store(&all->cancelled, true);
}

static void grade_chunk(void *ctx, int number, int worker)
{
	struct grading *all = ctx;
	const struct graded_set *set = all->want->set;
	struct chunk c = {
		.all = all,
		.first = number * CHUNK,
	};
	struct agent_answers answers = {
		.take = take_answer,
		.ctx = &c,
	};
	struct agent_question questions[CHUNK];
	int n = set->count - c.first < CHUNK ? set->count - c.first : CHUNK;

	if (atomic_load(&all->cancelled))
		return;
	for (int i = 0; i < n; i++) {
		const struct graded_position *p = &set->positions[c.first + i];

		questions[i] = (struct agent_question){
			.state = p->state,
			.line = p->moves,
			.ply = p->plies,
			.game = (uint64_t)(c.first + i),
		};
	}
	if (!agent_think_many(all->agents[worker], questions, n,
			      all->want->seed, &all->cancelled, &answers))
		atomic_store(&all->cancelled, true);
}

static void count_verdict(struct grade_tally *t, const struct verdict *v)
{
	t->positions++;
	t->class_kept += v->class_kept;
	t->score_kept += v->score_kept;
}

void grade_count(struct grade_tally *t, const struct graded_position *p,
		 game_move move)
{
	struct verdict v = judge_scored(p, move);

	count_verdict(t, &v);
}

double grade_share(int kept, const struct grade_tally *t)
{
	return t->positions ? (double)kept / t->positions : (double)NAN;
}

static void count_all(const struct graded_set *set, struct grade_result *r)
{
	for (int i = 0; i < set->count; i++)
		if (set->positions[i].plies >= r->plies)
			r->plies = set->positions[i].plies + 1;
	r->by_ply = mem_zalloc((size_t)r->plies, sizeof(*r->by_ply));
	for (int i = 0; i < set->count; i++) {
		const struct graded_position *p = &set->positions[i];

		count_verdict(&r->all, &r->verdicts[i]);
		count_verdict(&r->by_ply[p->plies], &r->verdicts[i]);
		r->forfeits += r->chosen[i] == GAME_NO_MOVE;
	}
}

static enum err_code open_agents(struct grading *all, int threads,
				 struct err *e)
{
	const struct grade_request *want = all->want;
	enum err_code rc = ERR_OK;

	all->agents = mem_zalloc((size_t)threads, sizeof(*all->agents));
	for (int i = 0; i < threads && !rc; i++) {
		rc = agent_open(&all->agents[i], want->agent, want->set->game,
				want->source, e);
		if (!rc && agent_is_human(all->agents[i]))
			rc = err_set(e, ERR_USAGE,
				     "a person cannot be graded: name an agent "
				     "other than '%s'",
				     want->agent);
	}
	return rc;
}

static enum err_code judge(const struct grade_request *want, struct pool *pool,
			   struct grade_result *r, struct err *e)
{
	struct judge_work work = {
		.pool = pool,
		.known = want->known,
		.memory = want->memory,
		.tick = want->judged,
		.ctx = want->ctx,
		.cancel = want->cancel,
	};
	double began = clock_seconds();
	enum err_code rc;

	r->verdicts =
		mem_zalloc((size_t)want->set->count, sizeof(*r->verdicts));
	rc = judge_moves(want->set, r->chosen, &work, r->verdicts, &r->asked,
			 e);
	r->judge_seconds = clock_seconds() - began;
	return rc;
}

enum err_code grade_agent(const struct grade_request *want, struct pool *pool,
			  struct grade_result *out, struct err *e)
{
	int threads = pool_threads(pool), count = want->set->count;
	struct grading all = {.want = want};
	double began = clock_seconds();
	enum err_code rc;

	memset(out, 0, sizeof(*out));
	rc = open_agents(&all, threads, e);
	if (!rc) {
		out->agent = mem_strdup(agent_name(all.agents[0]));
		out->chosen = mem_alloc((size_t)count * sizeof(*out->chosen));
		all.chosen = out->chosen;
		pool_run_watched(pool, (count + CHUNK - 1) / CHUNK, grade_chunk,
				 watch, &all);
		if (atomic_load(&all.cancelled))
			rc = err_set(e, ERR_CANCELLED,
				     "stopped after %d of %d positions",
				     atomic_load(&all.done), count);
	}
	for (int i = 0; i < threads; i++)
		agent_close(all.agents[i]);
	free(all.agents);
	out->seconds = clock_seconds() - began;
	if (!rc)
		rc = judge(want, pool, out, e);
	if (!rc)
		count_all(want->set, out);
	if (rc)
		grade_result_release(out);
	return rc;
}

void grade_result_release(struct grade_result *r)
{
	free(r->agent);
	free(r->by_ply);
	free(r->chosen);
	free(r->verdicts);
	memset(r, 0, sizeof(*r));
}
