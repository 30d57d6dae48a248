/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/teach_run.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/learn/teach.h"
#include "core/rate/seen.h"
#include "core/rate/tally.h"
#include "store/game.h"
#include "store/store.h"

/* Of a thread between two commits, for each game that it plays at once. */
enum { GAMES_PER_LANE = 2, GAMES_PER_WORKER = 8 };

struct lesson_book {
	const struct teach_request *want;
	struct store *store;
	void *start; /* owned; starting state */
	bool open;   /* a transaction */
	/* stored, of these games */
	int64_t games, positions, distinct;
	struct seen seen;
	atomic_int finished; /* of those that are played now */
};

/* By their moves. */
static void count(struct lesson_book *b, const char *moves, int plies,
		  int opening)
{
	b->games++;
	b->positions += plies - opening;
	b->distinct += seen_add(&b->seen, tally_key_text(0, moves, 0).game);
}

static bool full(const struct lesson_book *b)
{
	const struct teach_request *want = b->want;

	return b->games >= want->games ||
	       (want->positions && b->positions >= want->positions);
}

static enum err_code store_game(struct lesson_book *b,
				const struct self_play_game *g, struct err *e)
{
	const struct run_begun *run = b->want->run;
	const char *player =
		b->want->student ? b->want->student : b->want->teacher;
	struct store_game row = {
		.run_id = run->id,
		.number = g->number,
		.game = run->game.name,
		.first = player,
		.second = run->game.player_count > 1 ? player : NULL,
		.opening = g->opening,
		.plies = g->count,
		.result = (double)g->result,
		.ended = "rules",
		.purpose = "imitate",
		.seed = run->seed,
		.step = -1,
		.targets = g->targets,
		.targets_len = g->targets_len,
	};
	struct buf text, facts;
	enum err_code rc;
	int64_t id;

	buf_init(&text);
	buf_init(&facts);
	game_line_text(&run->game, b->start, g->moves, g->count, &text);
	row.moves = text.data;
	count(b, row.moves, row.plies, row.opening);
	keep_line_facts(&run->game, &row, &facts);
	rc = lab_error(b->store, store_game_add(b->store, &row, &id), e);
	buf_release(&text);
	buf_release(&facts);
	return rc;
}

static void say(struct lesson_book *b)
{
	const struct teach_request *want = b->want;
	int64_t games = b->games + atomic_load(&b->finished);
	double done = (double)games / (double)want->games;
	char repeats[100] = "";

	if (want->positions && b->games)
		done = fmax(done, (double)b->positions / (double)b->games *
					  (double)games /
					  (double)want->positions);
	if (2 * b->distinct < b->games)
		snprintf(repeats, sizeof(repeats),
			 "; the games repeat each other: %lld of %lld differ",
			 (long long)b->distinct, (long long)b->games);
	job_progress(want->job, done, 1, "%s: game %lld, %lld positions%s",
		     want->doing, (long long)games, (long long)b->positions,
		     repeats);
}

static bool tick(void *ctx)
{
	struct lesson_book *b = ctx;

	say(b);
	return job_tick(b->want->job);
}

static enum err_code take_game(void *ctx, const struct self_play_game *g,
			       struct err *e)
{
	struct lesson_book *b = ctx;
	enum err_code rc = ERR_OK;

	/* What is beyond the last was played for nothing. */
	if (full(b))
		return ERR_OK;
	if (!b->open)
		rc = lab_error(b->store, lab_begin(b->store, tick, b), e);
	if (rc)
		return rc;
	b->open = true;
	return store_game(b, g, e);
}

/* Together or not at all. */
static enum err_code teach_some(struct lesson_book *b, const struct teaching *t,
				int count, struct pool *pool, struct err *e)
{
	enum err_code rc;

	rc = teach_games(t, b->want->first + b->games, count, pool, take_game,
			 tick, b, e);
	atomic_store(&b->finished, 0);
	if (b->open && rc)
		store_rollback(b->store);
	else if (b->open)
		rc = lab_error(b->store, store_commit(b->store), e);
	b->open = false;
	return rc;
}

/* --- who plays ----------------------------------------------------------- */

static void close_agents(struct agent **agents, int count)
{
	for (int i = 0; agents && i < count; i++)
		agent_close(agents[i]);
	free(agents);
}

static enum err_code open_agents(const struct teach_request *want,
				 const char *spec, struct agent **agents,
				 int count, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++) {
		rc = agent_open(&agents[i], spec, &want->run->game,
				lab_agents(want->lab), e);
		if (!rc)
			agent_keep_trace(agents[i], false);
		if (!rc && agent_is_human(agents[i]))
			rc = err_set(e, ERR_USAGE,
				     "a person cannot label positions here: "
				     "imitate games:agent=human");
	}
	return rc;
}

static const char *const wants[] = {
	[TEACH_VISITS] = "visits of a search: it takes mcts:RUN/STEP",
	[TEACH_VALUES] = "values of moves: it takes lookahead:RUN/STEP or "
			 "mcts:RUN/STEP",
};

/* About the first position, before thousands of games come to nothing. */
enum err_code teach_run_check(struct lab *lab, const char *teacher,
			      const struct game *g, const struct recipe *r,
			      struct err *e)
{
	enum teach_target target = (enum teach_target)r->target;
	struct agent *a = NULL;
	struct thought th;
	enum err_code rc = ERR_OK;
	float *weights;
	void *state;

	if (target < TEACH_VISITS)
		return ERR_OK;
	rc = agent_open(&a, teacher, g, lab_agents(lab), e);
	if (rc)
		return rc;
	state = game_state_new(g, 0);
	weights = mem_floats((size_t)g->move_count);
	if (!agent_is_human(a) && g->rules->to_act(g, state) >= 0) {
		agent_keep_trace(a, false);
		agent_think(a, state, 1, 0, 0, NULL, &th);
		if (!*th.forfeit &&
		    !teach_label(&th, target, r->target_temperature, weights))
			rc = err_set(e, ERR_USAGE, "%s does not say %s",
				     teacher, wants[target]);
		thought_release(&th);
	}
	free(weights);
	free(state);
	agent_close(a);
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

/* What is stored already. */
static bool count_game(void *ctx, const struct store_game *row)
{
	struct lesson_book *b = ctx;

	if (full(b))
		return false;
	count(b, row->moves, row->plies, row->opening);
	return true;
}

static enum err_code teach_rest(struct lesson_book *b, const struct teaching *t,
				struct pool *pool, struct err *e)
{
	int lanes = t->recipe->teacher_lanes;
	int many = lanes > 1 ? lanes * GAMES_PER_LANE : GAMES_PER_WORKER;
	enum err_code rc = ERR_OK;

	while (!rc && !full(b)) {
		int64_t n = (int64_t)pool_threads(pool) * many;

		if (n > b->want->games - b->games)
			n = b->want->games - b->games;
		rc = teach_some(b, t, (int)n, pool, e);
	}
	return rc;
}

enum err_code teach_run(const struct teach_request *want, struct pool *pool,
			int64_t *last, struct err *e)
{
	const struct run_begun *run = want->run;
	int threads = pool_threads(pool);
	struct agent **teachers =
		mem_zalloc((size_t)threads, sizeof(*teachers));
	struct agent **students = NULL;
	struct lesson_book b = {
		.want = want,
		.store = want->job->store,
		.start = game_state_new(&run->game, 0),
	};
	struct teaching t = {
		.game = &run->game,
		.recipe = &run->recipe,
		.seed = run->seed,
		.teachers = teachers,
		.finished = &b.finished,
	};
	enum err_code rc = lab_error(
		b.store,
		store_game_each(b.store, run->id, want->first, count_game, &b),
		e);

	if (want->student)
		t.students = students =
			mem_zalloc((size_t)threads, sizeof(*students));
	if (!rc && !full(&b))
		rc = open_agents(want, want->teacher, teachers, threads, e);
	if (!rc && !full(&b) && students)
		rc = open_agents(want, want->student, students, threads, e);
	if (!rc && !full(&b))
		rc = teach_rest(&b, &t, pool, e);
	*last = want->first + b.games - 1;
	close_agents(teachers, threads);
	close_agents(students, threads);
	seen_release(&b.seen);
	free(b.start);
	return rc;
}
