/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/run_sink.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/job.h"
#include "core/lab/keep.h"
#include "core/lab/lab.h"
#include "core/lab/parent.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

/* A finished game until its iteration is committed. */
struct run_sink_game {
	char *moves;   /* owned, as text */
	void *targets; /* owned */
	size_t targets_len;
	int plies, opening;
	float result;
	int64_t seed;
};

static void drop_games(struct run_sink *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->games[i].moves);
		free(s->games[i].targets);
	}
	s->count = 0;
}

static enum err_code keep_game(void *self, const struct self_play_game *g,
			       struct err *e)
{
	struct run_sink *s = self;
	struct run_sink_game *p;
	struct buf text;

	(void)e;
	if (!s->start)
		s->start = game_state_new(&s->run->game, 0);
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->games = mem_realloc(s->games, s->cap * sizeof(*s->games));
	}
	p = &s->games[s->count++];
	buf_init(&text);
	game_line_text(&s->run->game, s->start, g->moves, g->count, &text);
	p->moves = buf_detach(&text, NULL);
	buf_release(&text);
	p->targets = mem_alloc(g->targets_len);
	memcpy(p->targets, g->targets, g->targets_len);
	p->targets_len = g->targets_len;
	p->plies = g->count;
	p->opening = g->opening;
	p->result = g->result;
	p->seed = g->number;
	return ERR_OK;
}

static enum store_status write_games(struct run_sink *s,
				     const struct course_mark *at)
{
	const struct game *game = &s->run->game;
	enum store_status st = STORE_OK;
	int64_t number = at->games - (int64_t)s->count;

	for (size_t i = 0; i < s->count && st == STORE_OK; i++) {
		const struct run_sink_game *p = &s->games[i];
		struct store_game row = {
			.run_id = s->run->id,
			.number = ++number,
			.game = game->name,
			.first = s->agent,
			.second = game->player_count > 1 ? s->agent : NULL,
			.opening = p->opening,
			.moves = p->moves,
			.plies = p->plies,
			.result = (double)p->result,
			.ended = "rules",
			.purpose = "selfplay",
			.seed = (uint64_t)p->seed,
			.step = at->step,
			.targets = p->targets,
			.targets_len = p->targets_len,
		};
		struct buf facts;
		int64_t id;

		buf_init(&facts);
		keep_line_facts(game, &row, &facts);
		st = store_game_add(s->store, &row, &id);
		buf_release(&facts);
	}
	return st;
}

/* All of an iteration, or nothing: what failed is undone at once, since the
 * end of the run is written next. */
static enum err_code undo(struct run_sink *s, enum err_code rc)
{
	if (rc && s->open) {
		store_rollback(s->store);
		s->open = false;
	}
	return rc;
}

/* The first that is handed over at the end of an iteration opens it. */
static enum err_code need_open(struct run_sink *s, const struct course_mark *at,
			       struct err *e)
{
	enum err_code rc;

	if (s->open)
		return ERR_OK;
	rc = lab_error(s->store, lab_begin(s->store, job_goes_on, s->job), e);
	if (rc)
		return rc;
	s->open = true;
	rc = lab_error(s->store, write_games(s, at), e);
	drop_games(s);
	return undo(s, rc);
}

static enum err_code keep_figure(void *self, const struct course_mark *at,
				 const char *name, double value, struct err *e)
{
	struct run_sink *s = self;
	struct store_metric m = {
		.step = at->step,
		.games = at->games,
		.time_ms = at->time_ms,
		.value = value,
	};
	enum err_code rc = need_open(s, at, e);

	if (!rc)
		rc = lab_error(s->store,
			       store_metric_add(s->store, s->run->id, name, &m),
			       e);
	return undo(s, rc);
}

static enum err_code keep_checkpoint(void *self, const struct course_mark *at,
				     const struct net_config *net,
				     const float *weights, struct err *e)
{
	struct run_sink *s = self;
	enum err_code rc = need_open(s, at, e);

	if (!rc)
		rc = run_checkpoint(s->store, s->run->id, net, at->step,
				    at->games, at->samples, weights, e);
	s->checkpoint = true;
	return undo(s, rc);
}

static enum err_code commit(void *self, const struct course_mark *at,
			    const struct buf *resume, struct err *e)
{
	struct run_sink *s = self;
	enum err_code rc = need_open(s, at, e);

	if (!rc && resume)
		rc = lab_error(s->store,
			       store_resume_save(s->store, s->run->id, at->step,
						 resume->data, resume->len),
			       e);
	if (rc)
		return undo(s, rc);
	s->open = false;
	return lab_error(s->store, store_commit(s->store), e);
}

static void doing(void *self, enum course_phase phase)
{
	struct run_sink *s = self;

	if (s->doing)
		s->doing(s->ctx, phase);
}

static bool goes_on(void *self)
{
	struct run_sink *s = self;

	return job_tick(s->job);
}

static struct course_sink sink_of(struct run_sink *s)
{
	return (struct course_sink){
		.game = s->agent ? keep_game : NULL,
		.figure = keep_figure,
		.checkpoint = keep_checkpoint,
		.commit = commit,
		.doing = doing,
		.goes_on = goes_on,
		.self = s,
	};
}

void run_sink_release(struct run_sink *s)
{
	drop_games(s);
	free(s->games);
	free(s->start);
}

/* A run that has made no record yet begins, here or with its parent. */
static enum err_code begin(struct run_sink *s, struct course_config *config,
			   struct pool *pool, struct course **out,
			   struct err *e)
{
	struct course_sink sink = sink_of(s);
	float *from = NULL;
	enum err_code rc = ERR_OK;

	if (s->run->parent)
		rc = parent_weights(s->store, s->run->parent, &from, e);
	if (!rc) {
		config->from = from;
		*out = course_new(config, &sink);
		rc = course_begin(*out, pool, e);
	}
	free(from);
	return rc;
}

enum err_code run_sink_course(struct run_sink *s,
			      const struct course_config *config,
			      struct pool *pool, struct course **out,
			      bool *resumed, struct err *e)
{
	struct course_sink sink = sink_of(s);
	struct course_config own = *config;
	struct store_bag bag = {0};
	enum store_status st;
	const void *data;
	enum err_code rc;
	int64_t step;
	size_t len;

	*out = NULL;
	st = store_resume_load(s->store, &bag, s->run->id, &step, &data, &len);
	*resumed = st == STORE_OK;
	if (st == STORE_NOTFOUND) {
		rc = begin(s, &own, pool, out, e);
	} else {
		rc = lab_error(s->store, st, e);
		if (!rc) {
			*out = course_new(&own, &sink);
			rc = course_load(*out, data, len, e);
		}
	}
	store_bag_release(&bag);
	return rc;
}
