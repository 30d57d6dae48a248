/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/life.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/course.h"
#include "core/learn/life_int.h"
#include "core/learn/teach.h"

/* Games that a snapshot plays at once: more make its network no quicker. */
enum { LANES = 32 };

/* What the seeds of the stages' own games are mixed with. */
static const uint64_t REPLAYS = 0x7265706c61797321;

/* --- a life in the making ------------------------------------------------ */

struct making {
	const struct life_config *config;
	const struct life_watch *watch;
	struct course *course; /* owned */
	struct pool *pool;     /* owned; one thread */
	uint64_t seed;         /* of the part at hand */
	struct buf *out;
	struct buf own;        /* games of self-play, as they are written */
	int64_t own_count;     /* in it */
	struct net_plan *plan; /* owned; of the stage at hand */
	bool keeps_own;
};

static bool lives_on(void *self)
{
	struct making *m = self;

	if (m->watch->at)
		m->watch->at(m->watch->ctx, course_at(m->course)->games);
	return !m->watch->goes_on || m->watch->goes_on(m->watch->ctx);
}

static enum err_code take_own(void *self, const struct self_play_game *g,
			      struct err *e)
{
	struct making *m = self;

	(void)e;
	if (m->keeps_own) {
		life_write_game(&m->own, g);
		m->own_count++;
	}
	return ERR_OK;
}

static void making_init(struct making *m, const struct life_config *c,
			const struct life_watch *watch, enum life_part part,
			struct buf *out)
{
	static const struct life_watch nobody;
	struct course_sink sink = {
		.game = take_own,
		.goes_on = lives_on,
		.self = m,
	};
	struct course_config course = {
		.name = "a life",
		.game = c->game,
		.recipe = c->recipe,
		.seed = c->seed,
	};

	*m = (struct making){
		.config = c,
		.watch = watch ? watch : &nobody,
		.seed = c->seed,
		.out = out,
		.keeps_own = part == LIFE_BEFORE,
	};
	buf_init(&m->own);
	m->pool = pool_new(1);
	m->course = course_new(&course, &sink);
	life_write_head(out, c, part);
}

static void making_release(struct making *m)
{
	course_free(m->course);
	pool_free(m->pool);
	buf_release(&m->own);
}

/* --- the games of a stage ------------------------------------------------ */

static enum err_code load_plan(void *self, const char *run, const char *step,
			       const struct game *g,
			       const struct net_plan **plan, int64_t *loaded,
			       struct err *e)
{
	const struct making *m = self;

	(void)run;
	(void)step;
	(void)g;
	(void)e;
	*plan = m->plan;
	*loaded = course_at(m->course)->step;
	return ERR_OK;
}

static void release_plan(void *self, const struct net_plan *plan)
{
	(void)self;
	(void)plan; /* making's own */
}

static enum err_code write_replay(void *ctx, const struct self_play_game *g,
				  struct err *e)
{
	struct making *m = ctx;

	(void)e;
	life_write_game(m->out, g);
	return ERR_OK;
}

/* By the policy alone, to the end of each game. */
static enum err_code play_stage(struct making *m, int stage, struct err *e)
{
	struct recipe replay = *m->config->recipe;
	struct agent_source source = {
		.load = load_plan,
		.release = release_plan,
		.self = m,
	};
	struct agent *snapshot = NULL;
	struct teaching teaching = {
		.game = m->config->game,
		.recipe = &replay,
		.seed = rng_mix(rng_mix(m->seed, REPLAYS), (uint64_t)stage),
		.temperature = m->config->grid.temperature,
		.teachers = &snapshot,
	};
	enum err_code rc;

	replay.explore_plies = INT_MAX;
	replay.teacher_lanes = LANES;
	replay.target = TEACH_POLICY;
	if (m->config->grid.opening_share > 0)
		replay.opening_share = m->config->grid.opening_share;
	m->plan =
		net_plan_new(course_net(m->course), course_weights(m->course));
	rc = agent_open(&snapshot, "policy:life/0", m->config->game, &source,
			e);
	if (!rc) {
		agent_keep_trace(snapshot, false);
		rc = teach_games(&teaching, 0, m->config->grid.per_stage,
				 m->pool, write_replay, lives_on, m, e);
	}
	agent_close(snapshot);
	net_plan_free(m->plan);
	return rc;
}

static enum err_code write_stage(struct making *m, int stage, struct err *e)
{
	const struct course_mark *at = course_at(m->course);

	buf_u64(m->out, (uint64_t)at->games);
	buf_u64(m->out, (uint64_t)at->step);
	life_write_weights(m->out, course_weights(m->course),
			   net_param_count(course_net(m->course)));
	buf_u32(m->out, (uint32_t)m->config->grid.per_stage);
	return m->config->grid.per_stage ? play_stage(m, stage, e) : ERR_OK;
}

static enum err_code live(struct making *m, int first, int last, struct err *e)
{
	enum err_code rc = ERR_OK;

	buf_u32(m->out, (uint32_t)(last - first + 1));
	for (int stage = first; !rc && stage <= last; stage++) {
		int64_t games = life_grid_games(&m->config->grid, stage);

		while (!rc && course_at(m->course)->games < games)
			rc = course_advance(m->course, m->pool, e);
		if (!rc)
			rc = write_stage(m, stage, e);
	}
	return rc;
}

/* --- the parts ----------------------------------------------------------- */

static enum err_code check_config(const struct life_config *c, struct err *e)
{
	enum err_code rc = life_grid_check(&c->grid, e);

	if (!rc)
		rc = recipe_check(c->recipe, e);
	return rc ? rc : recipe_check_game(c->recipe, c->game, e);
}

enum err_code life_make(const struct life_config *c,
			const struct life_watch *watch, struct buf *out,
			struct err *e)
{
	enum err_code rc = check_config(c, e);
	struct buf record;
	struct making m;

	if (rc)
		return rc;
	making_init(&m, c, watch, LIFE_BEFORE, out);
	rc = course_begin(m.course, m.pool, e);
	if (!rc)
		rc = live(&m, 0, c->grid.before - 1, e);
	if (!rc) {
		buf_u32(out, (uint32_t)m.own_count);
		buf_add(out, m.own.data, m.own.len);
		buf_init(&record);
		course_save(m.course, &record);
		buf_u32(out, (uint32_t)record.len);
		buf_add(out, record.data, record.len);
		buf_release(&record);
		life_write_hash(out);
	}
	making_release(&m);
	return rc;
}

/* The course as it was at the cut. */
static enum err_code take_up(struct making *m, const struct life *l,
			     struct err *e)
{
	size_t len;
	const void *record = life_record(l, &len);
	enum err_code rc = course_load(m->course, record, len, e);

	for (int64_t i = 0; !rc && i < life_own_games(l); i++) {
		struct self_play_game g = life_own_game(l, i);

		rc = course_load_game(m->course, g.moves, g.count, g.result,
				      g.targets, g.targets_len, e);
	}
	return rc;
}

enum err_code life_continue(const struct life_config *c, const void *before,
			    size_t len, uint64_t seed,
			    const struct life_watch *watch, struct buf *out,
			    struct err *e)
{
	enum err_code rc = check_config(c, e);
	const struct life_grid *grid = &c->grid;
	struct life *l = NULL;
	struct making m;

	if (!rc)
		rc = life_read(c->game, before, len, NULL, 0, &l, e);
	if (!rc)
		rc = life_check_same(l, c, e);
	if (!rc) {
		making_init(&m, c, watch, LIFE_AFTER, out);
		m.seed = seed;
		buf_add(out, life_hash(l, LIFE_BEFORE), LIFE_HASH_SIZE);
		buf_u64(out, seed);
		rc = take_up(&m, l, e);
		course_reseed(m.course, seed);
		if (!rc)
			rc = live(&m, grid->before,
				  grid->before + grid->after - 1, e);
		if (!rc)
			life_write_hash(out);
		making_release(&m);
	}
	life_free(l);
	return rc;
}

/* --- many ---------------------------------------------------------------- */

struct task_state {
	atomic_bool made;
	_Atomic(int64_t) games;
	struct crowd *crowd; /* borrowed */
};

struct crowd {
	struct life_task *tasks;
	struct task_state *states; /* owned; [count] */
	int count;
	atomic_bool stopped;
	enum err_code (*keep)(void *ctx, int task, struct err *e);
	bool (*goes_on)(void *ctx, int64_t games);
	void *ctx;
	struct err keep_err;
};

static bool crowd_goes_on(void *ctx)
{
	const struct task_state *s = ctx;

	return !atomic_load(&s->crowd->stopped);
}

static void crowd_at(void *ctx, int64_t games)
{
	struct task_state *s = ctx;

	atomic_store(&s->games, games);
}

static void make_one(void *ctx, int i, int worker)
{
	struct crowd *c = ctx;
	struct life_task *t = &c->tasks[i];
	struct life_watch watch = {crowd_goes_on, crowd_at, &c->states[i]};

	(void)worker;
	if (atomic_load(&c->stopped)) {
		t->err.code = ERR_CANCELLED;
		return;
	}
	t->err.code =
		t->part == LIFE_BEFORE
			? life_make(&t->config, &watch, &t->out, &t->err)
			: life_continue(&t->config, t->before, t->before_len,
					t->seed, &watch, &t->out, &t->err);
	if (t->err.code)
		atomic_store(&c->stopped, true);
	else
		atomic_store(&c->states[i].made, true);
}

static void keep_made(struct crowd *c)
{
	for (int i = 0; i < c->count; i++) {
		if (c->tasks[i].kept || !atomic_load(&c->states[i].made))
			continue;
		c->tasks[i].kept = true;
		if (c->keep && !c->keep_err.code)
			c->keep_err.code = c->keep(c->ctx, i, &c->keep_err);
	}
	if (c->keep_err.code)
		atomic_store(&c->stopped, true);
}

static void watch_crowd(void *ctx)
{
	struct crowd *c = ctx;
	int64_t games = 0;

	keep_made(c);
	for (int i = 0; i < c->count; i++)
		games += atomic_load(&c->states[i].games);
	if (c->goes_on && !c->goes_on(c->ctx, games))
		atomic_store(&c->stopped, true);
}

/* The first that says why before those that were stopped by it. */
static enum err_code first_error(const struct crowd *c, struct err *e)
{
	const struct err *first = c->keep_err.code ? &c->keep_err : NULL;

	for (int i = 0; i < c->count; i++) {
		const struct err *err = &c->tasks[i].err;

		if (err->code && (!first || (first->code == ERR_CANCELLED &&
					     err->code != ERR_CANCELLED)))
			first = err;
	}
	if (first && e)
		*e = *first;
	return first ? first->code : ERR_OK;
}

enum err_code
lives_run(struct life_task *tasks, int count, struct pool *pool,
	  enum err_code (*keep)(void *ctx, int task, struct err *e),
	  bool (*goes_on)(void *ctx, int64_t games), void *ctx, struct err *e)
{
	struct crowd c = {
		.tasks = tasks,
		.count = count,
		.keep = keep,
		.goes_on = goes_on,
		.ctx = ctx,
	};
	enum err_code rc;

	c.states = mem_zalloc((size_t)count, sizeof(*c.states));
	for (int i = 0; i < count; i++) {
		c.states[i].crowd = &c;
		tasks[i].err = (struct err)ERR_INIT;
		tasks[i].kept = false;
		buf_init(&tasks[i].out);
	}
	pool_run_watched(pool, count, make_one, watch_crowd, &c);
	keep_made(&c);
	rc = first_error(&c, e);
	free(c.states);
	return rc;
}
