/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/teach_run.h"

#include <stdlib.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/learn/teach.h"
#include "store/game.h"
#include "store/store.h"

enum { GAMES_PER_WORKER = 8 };

struct lesson_book {
	const struct teach_request *want;
	struct store *store;
	void *start; /* owned; starting state */
	bool open;   /* a transaction */
};

static enum err_code store_game(struct lesson_book *b,
				const struct self_play_game *g, struct err *e)
{
	const struct run_begun *run = b->want->run;
	const char *teacher = b->want->teacher;
	struct store_game row = {
		.run_id = run->id,
		.number = g->number,
		.game = run->game.name,
		.first = teacher,
		.second = run->game.player_count > 1 ? teacher : NULL,
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
	keep_line_facts(&run->game, &row, &facts);
	rc = lab_error(b->store, store_game_add(b->store, &row, &id), e);
	buf_release(&text);
	buf_release(&facts);
	return rc;
}

static bool tick(void *ctx)
{
	struct lesson_book *b = ctx;

	return job_tick(b->want->job);
}

static enum err_code take_game(void *ctx, const struct self_play_game *g,
			       struct err *e)
{
	struct lesson_book *b = ctx;
	enum err_code rc = ERR_OK;

	if (!b->open)
		rc = lab_error(b->store, lab_begin(b->store, tick, b), e);
	if (rc)
		return rc;
	b->open = true;
	return store_game(b, g, e);
}

/* Together or not at all. */
static enum err_code teach_some(struct lesson_book *b, const struct teaching *t,
				int64_t first, int count, struct pool *pool,
				struct err *e)
{
	enum err_code rc =
		teach_games(t, first, count, pool, take_game, tick, b, e);

	if (b->open && rc)
		store_rollback(b->store);
	else if (b->open)
		rc = lab_error(b->store, store_commit(b->store), e);
	b->open = false;
	return rc;
}

static enum err_code open_teachers(const struct teach_request *want,
				   struct agent **teachers, int count,
				   struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < count && !rc; i++) {
		rc = agent_open(&teachers[i], want->teacher, &want->run->game,
				lab_agents(want->lab), e);
		if (!rc)
			agent_keep_trace(teachers[i], false);
		if (!rc && agent_is_human(teachers[i]))
			rc = err_set(e, ERR_USAGE,
				     "a person cannot label positions here: "
				     "imitate games:agent=human");
	}
	return rc;
}

enum err_code teach_run(const struct teach_request *want, struct pool *pool,
			struct err *e)
{
	const struct run_begun *run = want->run;
	int threads = pool_threads(pool);
	struct agent **teachers =
		mem_zalloc((size_t)threads, sizeof(*teachers));
	struct teaching t = {
		.game = &run->game,
		.recipe = &run->recipe,
		.seed = run->seed,
		.teachers = teachers,
	};
	struct lesson_book b = {
		.want = want,
		.store = want->job->store,
		.start = game_state_new(&run->game, 0),
	};
	int64_t stored;
	enum err_code rc = lab_error(
		b.store, store_game_last(b.store, run->id, &stored), e);

	if (!rc)
		rc = open_teachers(want, teachers, threads, e);
	while (!rc && stored < want->games) {
		int64_t n = (int64_t)threads * GAMES_PER_WORKER;

		if (n > want->games - stored)
			n = want->games - stored;
		job_progress(want->job, (double)stored, want->games,
			     "teaching: game %lld of %d", (long long)stored,
			     want->games);
		rc = teach_some(&b, &t, stored + 1, (int)n, pool, e);
		stored += n;
	}
	for (int i = 0; i < threads; i++)
		agent_close(teachers[i]);
	free(teachers);
	free(b.start);
	return rc;
}
