/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/course.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/learn/course_int.h"
#include "core/net/net.h"

/* Format of the resume record; and into how many iterations the steps on given
 * positions are cut. */
enum { RESUME_VERSION = 1, ITERATIONS = 40 };

struct course *course_new(const struct course_config *config,
			  const struct course_sink *sink)
{
	struct course *c = mem_zalloc(1, sizeof(*c));
	const struct recipe *r = config->recipe;
	struct net_config net;

	assert(!config->data == !config->held_out);
	c->config = *config;
	c->recipe = *r;
	c->config.recipe = &c->recipe;
	c->name = mem_strdup(config->name);
	c->sink = *sink;
	recipe_net(r, config->game, &net);
	c->learner = learner_new(&net, r, config->seed);
	if (config->from)
		learner_begin_with(c->learner, config->from);
	if (config->data) {
		c->data = *config->data;
		c->held_out = *config->held_out;
		c->total_steps = (uint64_t)ceil((double)dataset_rows(&c->data) *
						(double)r->epochs / r->batch);
		c->at.games = config->data_games;
		return c;
	}
	c->play = self_play_new(config->game, r, config->seed);
	c->replay = replay_new(config->game, r->window_max, r->search_share);
	replay_score_caps(c->replay, r->cap_lead);
	c->data = replay_dataset(c->replay);
	c->next_checkpoint = r->checkpoint_first;
	return c;
}

void course_free(struct course *c)
{
	if (!c)
		return;
	learner_free(c->learner);
	self_play_free(c->play);
	replay_free(c->replay);
	free(c->name);
	free(c);
}

const struct course_mark *course_at(const struct course *c)
{
	return &c->at;
}

int64_t course_steps(const struct course *c)
{
	return (int64_t)c->total_steps;
}

int64_t course_positions(const struct course *c)
{
	return c->play ? replay_total(c->replay) : dataset_rows(&c->data);
}

const struct net_config *course_net(const struct course *c)
{
	return learner_net(c->learner);
}

const float *course_weights(struct course *c)
{
	return learner_checkpoint(c->learner);
}

void course_measure(const struct course *c, struct pool *pool,
		    struct learner_held_out *out)
{
	memset(out, 0, sizeof(*out));
	if (!c->play)
		learner_measure(c->learner, &c->held_out, pool, out);
}

bool course_done(const struct course *c)
{
	if (c->play)
		return c->config.goal_games > 0 &&
		       c->at.games >= c->config.goal_games;
	return learner_step_number(c->learner) >= c->total_steps;
}

/* --- the iteration at hand ----------------------------------------------- */

static void begin_iteration(struct course *c, struct pool *pool)
{
	c->began = clock_seconds();
	c->waited = 0;
	c->cpu_began = clock_thread_seconds();
	c->threads = pool_threads(pool);
	c->finished = 0;
	/* Whatever else used the pool since does not count. */
	pool_take_times(pool, &c->play_times);
}

/* A sink's pause is no work. */
static bool goes_on(void *ctx)
{
	struct course *c = ctx;
	double before = clock_seconds();
	bool yes = !c->sink.goes_on || c->sink.goes_on(c->sink.self);

	c->waited += clock_seconds() - before;
	return yes;
}

static void say(struct course *c, enum course_phase phase)
{
	if (c->sink.doing)
		c->sink.doing(c->sink.self, phase);
}

static void step(struct course *c, int64_t window, float rate,
		 struct pool *pool)
{
	learner_step(c->learner, &c->data, window, rate, pool);
	c->at.step = (int64_t)learner_step_number(c->learner);
	c->at.samples += c->recipe.batch;
}

/* --- handing over -------------------------------------------------------- */

static void save(const struct course *c, struct buf *b)
{
	buf_u32(b, RESUME_VERSION);
	if (c->play) {
		buf_u64(b, (uint64_t)c->iteration);
		buf_u64(b, (uint64_t)c->at.games);
		buf_u64(b, (uint64_t)c->at.samples);
	}
	buf_u64(b, (uint64_t)c->at.time_ms);
	if (c->play)
		buf_u64(b, (uint64_t)llround(c->next_checkpoint * 1024));
	learner_save(c->learner, b);
	if (c->play)
		self_play_save(c->play, b);
}

static enum err_code commit(struct course *c, bool record, struct err *e)
{
	const struct course_sink *s = &c->sink;
	enum err_code rc;
	struct buf b;

	if (!s->commit)
		return ERR_OK;
	if (!record)
		return s->commit(s->self, &c->at, NULL, e);
	buf_init(&b);
	save(c, &b);
	rc = s->commit(s->self, &c->at, &b, e);
	buf_release(&b);
	return rc;
}

static enum err_code hand_checkpoint(struct course *c, struct err *e)
{
	const struct course_sink *s = &c->sink;

	if (!s->checkpoint)
		return ERR_OK;
	return s->checkpoint(s->self, &c->at, course_net(c), course_weights(c),
			     e);
}

/* The end of an iteration. */
static enum err_code hand_over(struct course *c, bool checkpoint,
			       struct pool *pool, struct err *e)
{
	enum err_code rc = course_figures(c, pool, e);

	if (!rc && checkpoint)
		rc = hand_checkpoint(c, e);
	return rc ? rc : commit(c, true, e);
}

/* --- self-play ----------------------------------------------------------- */

static void take_game(void *ctx, const struct self_play_game *g)
{
	struct course *c = ctx;
	const struct course_sink *s = &c->sink;

	if (!c->refuse)
		c->refuse = replay_add(c->replay, g->moves, g->count, g->result,
				       g->targets, g->targets_len, c->failed);
	if (!c->refuse && s->game)
		c->refuse = s->game(s->self, g, c->failed);
	c->finished++;
}

/* Is a checkpoint due?  Moves the schedule on if it is. */
static bool checkpoint_due(struct course *c)
{
	bool due = false;

	if (!c->at.step)
		return false;
	while ((double)c->at.games >= c->next_checkpoint) {
		c->next_checkpoint *= (double)c->recipe.checkpoint_growth;
		due = true;
	}
	return due;
}

/* As many steps as the positions so far are worth. */
static void learn_from_play(struct course *c, struct pool *pool)
{
	const struct recipe *r = &c->recipe;
	int64_t total = replay_total(c->replay), wanted;

	if (total < r->start_positions || total < 1)
		return;
	wanted = (int64_t)((double)total * (double)r->reuse / r->batch);
	while (c->at.step < wanted) {
		step(c, recipe_window(r, total),
		     recipe_rate(r, (uint64_t)c->at.step, c->at.games), pool);
		/* A stop waits for the iteration's end: it is short. */
		goes_on(c);
	}
}

static enum err_code play(struct course *c, struct pool *pool, struct err *e)
{
	struct net_plan *plan;
	enum err_code rc;

	say(c, COURSE_PLAYS);
	c->failed = e;
	c->refuse = ERR_OK;
	plan = net_plan_new(course_net(c), learner_average(c->learner));
	rc = self_play_advance(c->play, plan, c->recipe.plies, pool, take_game,
			       goes_on, c);
	net_plan_free(plan);
	if (rc || c->refuse)
		return rc ? rc : c->refuse;
	c->at.games += c->finished;
	pool_take_times(pool, &c->play_times);
	say(c, COURSE_LEARNS);
	learn_from_play(c, pool);
	pool_take_times(pool, &c->step_times);
	c->iteration++;
	c->at.time_ms += llround(1000 * course_seconds(c));
	return hand_over(c, checkpoint_due(c), pool, e);
}

/* --- given positions ----------------------------------------------------- */

/* A checkpoint where the step passes 16, 64, 256, ..., and at the end. */
static bool checkpoint_between(uint64_t before, uint64_t after, uint64_t end)
{
	for (uint64_t mark = 16; mark <= after; mark *= 4)
		if (before < mark)
			return true;
	return after == end;
}

static enum err_code study(struct course *c, struct pool *pool, struct err *e)
{
	const struct recipe *r = &c->recipe;
	int64_t window = dataset_held(&c->data);
	uint64_t before = learner_step_number(c->learner);
	uint64_t chunk = c->total_steps / ITERATIONS + 1;
	uint64_t until = (before / chunk + 1) * chunk;

	if (until > c->total_steps)
		until = c->total_steps;
	for (uint64_t n = before; n < until; n++) {
		/* The whole schedule, whatever rate_games says. */
		int64_t at = (int64_t)((double)n / (double)c->total_steps *
				       r->rate_games);

		say(c, COURSE_LEARNS);
		if (!goes_on(c))
			return ERR_CANCELLED;
		step(c, window, recipe_rate(r, n, at), pool);
	}
	c->at.time_ms += llround(1000 * course_seconds(c));
	return hand_over(c, checkpoint_between(before, until, c->total_steps),
			 pool, e);
}

/* --- from begin to end --------------------------------------------------- */

/* Whole items are trained on in one shard. */
static enum err_code check_shard(const struct course *c, struct err *e)
{
	int most = c->play ? 1 : dataset_most_rows(&c->data);

	if (most <= c->recipe.shard)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "%s: a game of %d positions does not fit in a shard of "
		       "%d: set shard to %d or more",
		       c->name, most, c->recipe.shard, most);
}

enum err_code course_begin(struct course *c, struct pool *pool, struct err *e)
{
	enum err_code rc = check_shard(c, e);

	if (rc)
		return rc;
	c->begun = true;
	begin_iteration(c, pool);
	return hand_over(c, true, pool, e);
}

enum err_code course_load(struct course *c, const void *data, size_t len,
			  struct err *e)
{
	struct reader r;
	enum err_code rc = check_shard(c, e);
	uint32_t version;

	if (rc)
		return rc;
	c->begun = true;
	reader_init(&r, data, len);
	version = reader_u32(&r);
	if (version != RESUME_VERSION)
		return err_set(e, ERR_VERSION,
			       "%s was saved in format %u and this program "
			       "reads format %d: resume it with the plyscope "
			       "that began it",
			       c->name, version, RESUME_VERSION);
	if (c->play) {
		c->iteration = (int64_t)reader_u64(&r);
		c->at.games = (int64_t)reader_u64(&r);
		c->at.samples = (int64_t)reader_u64(&r);
	}
	c->at.time_ms = (int64_t)reader_u64(&r);
	if (c->play)
		c->next_checkpoint = (double)reader_u64(&r) / 1024;
	rc = learner_load(c->learner, &r, e);
	if (!rc && c->play)
		rc = self_play_load(c->play, &r, e);
	c->at.step = (int64_t)learner_step_number(c->learner);
	if (!c->play)
		c->at.samples = c->at.step * c->recipe.batch;
	return rc;
}

enum err_code course_load_game(struct course *c, const game_move *moves,
			       int count, float result, const void *targets,
			       size_t targets_len, struct err *e)
{
	return replay_add(c->replay, moves, count, result, targets, targets_len,
			  e);
}

enum err_code course_advance(struct course *c, struct pool *pool, struct err *e)
{
	assert(c->begun);
	begin_iteration(c, pool);
	return c->play ? play(c, pool, e) : study(c, pool, e);
}

enum err_code course_finish(struct course *c, struct err *e)
{
	enum err_code rc;

	if (!c->play)
		return ERR_OK;
	rc = hand_checkpoint(c, e);
	return rc ? rc : commit(c, false, e);
}

enum err_code course_run(struct course *c, struct pool *pool, struct err *e)
{
	enum err_code rc = c->begun ? ERR_OK : course_begin(c, pool, e);

	while (!rc && !course_done(c))
		rc = course_advance(c, pool, e);
	return rc ? rc : course_finish(c, e);
}

struct crowd {
	struct course *const *courses;
	struct err *errs;
};

static void run_one(void *ctx, int i, int worker)
{
	struct crowd *crowd = ctx;
	struct pool *alone = pool_new(1);
	struct err *e = &crowd->errs[i];

	(void)worker;
	*e = (struct err)ERR_INIT;
	e->code = course_run(crowd->courses[i], alone, e);
	pool_free(alone);
}

void courses_run(struct course *const *courses, int count, struct pool *pool,
		 struct err *errs)
{
	struct crowd crowd = {courses, errs};

	pool_run(pool, count, run_one, &crowd);
}
