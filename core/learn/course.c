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

/* No run counts further, in games, samples or milliseconds. */
static const int64_t MOST = (int64_t)1 << 50;

/* Rows of what is held out that an iteration is measured on: to measure on all
 * of them forty times can cost as much as to train. */
enum { SAMPLE_ROWS = 4096 };

/* --- a sample of what is held out ---------------------------------------- */

static int64_t sample_held(const void *self)
{
	const struct course *c = self;

	return (dataset_held(&c->held_out) + c->sample_every - 1) /
	       c->sample_every;
}

static int sample_rows(const void *self, int64_t item)
{
	const struct course *c = self;

	return c->held_out.rows(c->held_out.self, item * c->sample_every);
}

static void sample_get(const void *self, int64_t item, struct dataset_room *out)
{
	const struct course *c = self;

	c->held_out.get(c->held_out.self, item * c->sample_every, out);
}

/* From all of it alike: what was held out of each round. */
static void take_sample(struct course *c)
{
	c->sample_every =
		(dataset_rows(&c->held_out) + SAMPLE_ROWS - 1) / SAMPLE_ROWS;
	c->sample = (struct dataset){
		.held = sample_held,
		.rows = sample_rows,
		.get = sample_get,
		.self = c,
	};
}

/* --- rounds -------------------------------------------------------------- */

/* Steps of the round at hand, with all that is given now. */
static uint64_t steps_of_round(const struct course *c)
{
	const struct recipe *r = &c->recipe;
	float epochs =
		c->round < r->dagger_rounds ? r->dagger_epochs : r->epochs;

	double steps = ceil((double)dataset_rows(&c->data) * (double)epochs /
			    r->batch);

	return (uint64_t)(c->round < r->dagger_rounds
				  ? steps
				  : fmax(steps, r->least_steps));
}

/* The averaged weights may be kept as they were at the best. */
static void want_best(struct course *c)
{
	if (c->recipe.patience > 0)
		c->best = mem_floats(learner_param_count(c->learner));
	c->best_loss = INFINITY;
}

static bool is_frozen(const void *ctx, const char *part)
{
	return method_freezes(ctx, part);
}

/* Play without a search: all that is legal and nothing else is learned from,
 * and the anchor is where it begins. */
static void begin_lanes(struct course *c, const struct net_config *net)
{
	bool pulled = c->method.kind == METHOD_ACTOR && c->method.anchor > 0;

	c->recipe.mask_illegal = true;
	c->recipe.mask_after = 0;
	learner_freeze(c->learner, is_frozen, &c->method);
	c->lanes = lanes_new(c->config.game, &c->recipe, &c->method, net,
			     pulled ? learner_params(c->learner) : NULL,
			     c->config.demonstrations, c->config.seed);
	c->data = lanes_dataset(c->lanes);
}

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
	/* What helps a search to begin with is of no use where others play. */
	if (config->data)
		c->recipe.mask_after = 0;
	c->name = mem_strdup(config->name);
	c->sink = *sink;
	if (config->data || method_read(r->method, &c->method, NULL))
		c->method = (struct method){0};
	recipe_net(r, config->game, &net);
	c->learner = learner_new(&net, &c->recipe, config->seed);
	if (config->from)
		learner_begin_with(c->learner, config->from);
	if (config->data) {
		c->data = *config->data;
		c->held_out = *config->held_out;
		c->total_steps = steps_of_round(c);
		c->at.games = config->data_games;
		take_sample(c);
		want_best(c);
		return c;
	}
	c->next_checkpoint = r->checkpoint_first;
	if (c->method.kind != METHOD_SEARCH) {
		begin_lanes(c, &net);
		return c;
	}
	c->play = self_play_new(config->game, r, config->seed);
	c->replay = replay_new(config->game, r->window_max, r->search_share);
	replay_score_caps(c->replay, r->cap_lead);
	c->data = replay_dataset(c->replay);
	return c;
}

void course_free(struct course *c)
{
	if (!c)
		return;
	learner_free(c->learner);
	lanes_free(c->lanes);
	self_play_free(c->play);
	replay_free(c->replay);
	free(c->best);
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
	if (c->lanes)
		return lanes_total(c->lanes);
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
	if (!course_plays(c))
		learner_measure(c->learner, &c->held_out, pool, out);
}

bool course_done(const struct course *c)
{
	if (course_plays(c))
		return c->config.goal_games > 0 &&
		       c->at.games >= c->config.goal_games;
	return c->ended || learner_step_number(c->learner) >= c->total_steps;
}

int course_rounds_left(const struct course *c)
{
	return course_plays(c) ? 0 : c->recipe.dagger_rounds - c->round;
}

void course_next_round(struct course *c, int64_t games)
{
	assert(course_rounds_left(c) > 0);
	c->round++;
	c->round_began = c->total_steps;
	c->total_steps += steps_of_round(c);
	take_sample(c);
	c->at.games = games;
}

int64_t course_asked(const struct course *c)
{
	return c->asked;
}

int64_t course_best_step(const struct course *c)
{
	return c->best && isfinite(c->best_loss) ? (int64_t)c->best_step : -1;
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

static void save_best(const struct course *c, struct buf *b)
{
	uint64_t loss;

	memcpy(&loss, &c->best_loss, sizeof(loss));
	buf_u8(b, c->ended);
	buf_u64(b, loss);
	buf_u64(b, c->best_step);
	buf_f32s(b, c->best, learner_param_count(c->learner));
}

static enum err_code load_best(struct course *c, struct reader *r,
			       struct err *e)
{
	uint64_t loss;

	c->ended = reader_u8(r);
	loss = reader_u64(r);
	memcpy(&c->best_loss, &loss, sizeof(loss));
	c->best_step = reader_u64(r);
	reader_f32s(r, c->best, learner_param_count(c->learner));
	if (r->failed)
		return err_set(e, ERR_FORMAT,
			       "the saved training state is cut short");
	return ERR_OK;
}

static void save(const struct course *c, int64_t time_ms, struct buf *b)
{
	buf_u32(b, RESUME_VERSION);
	if (course_plays(c)) {
		buf_u64(b, (uint64_t)c->iteration);
		buf_u64(b, (uint64_t)c->at.games);
		buf_u64(b, (uint64_t)c->at.samples);
	}
	buf_u64(b, (uint64_t)time_ms);
	if (course_plays(c))
		buf_u64(b, (uint64_t)llround(c->next_checkpoint * 1024));
	learner_save(c->learner, b);
	if (c->play)
		self_play_save(c->play, b);
	if (c->lanes)
		lanes_save(c->lanes, b);
	if (c->best)
		save_best(c, b);
}

void course_save(const struct course *c, struct buf *out)
{
	save(c, 0, out);
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
	save(c, c->at.time_ms, &b);
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
static enum err_code hand_over(struct course *c, bool checkpoint, struct err *e)
{
	enum err_code rc = course_figures(c, e);

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
	return hand_over(c, checkpoint_due(c), e);
}

/* --- play without a search ------------------------------------------------ */

static void keep_game(void *ctx, const struct self_play_game *g)
{
	struct course *c = ctx;
	const struct course_sink *s = &c->sink;

	if (!c->refuse && s->game)
		c->refuse = s->game(s->self, g, c->failed);
}

/* As often as `reuse` says, from what was played just now and nothing else. */
static void learn_from_lanes(struct course *c, struct pool *pool)
{
	const struct recipe *r = &c->recipe;
	int64_t wanted = (int64_t)((double)lanes_total(c->lanes) *
				   (double)r->reuse / r->batch);

	while (c->at.step < wanted) {
		step(c, dataset_held(&c->data),
		     recipe_rate(r, (uint64_t)c->at.step, c->at.games), pool);
		goes_on(c);
	}
}

/* The weights that are trained play, and not their average: a loss that weighs
 * chances means those of the policy that drew. */
static enum err_code act(struct course *c, struct pool *pool, struct err *e)
{
	struct net_plan *plan;
	enum err_code rc;

	say(c, COURSE_PLAYS);
	c->failed = e;
	c->refuse = ERR_OK;
	plan = net_plan_new(course_net(c), learner_params(c->learner));
	rc = lanes_advance(c->lanes, plan, pool, keep_game, goes_on, c);
	net_plan_free(plan);
	if (rc || c->refuse)
		return rc ? rc : c->refuse;
	lanes_take_figures(c->lanes, &c->acted);
	c->asked += c->acted.rows;
	c->at.games += c->acted.games;
	pool_take_times(pool, &c->play_times);
	say(c, COURSE_LEARNS);
	learn_from_lanes(c, pool);
	pool_take_times(pool, &c->step_times);
	c->iteration++;
	c->at.time_ms += llround(1000 * course_seconds(c));
	return hand_over(c, checkpoint_due(c), e);
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

/* How the network does on what is held out, and whether that is the best so
 * far.  In the last round alone: before, it learns to come to positions. */
static void measure(struct course *c, struct pool *pool)
{
	double loss;

	learner_measure(c->learner, &c->sample, pool, &c->measured);
	if (!c->best || course_rounds_left(c))
		return;
	loss = c->measured.policy +
	       (double)c->recipe.value_weight * c->measured.value;
	if (loss < c->best_loss) {
		c->best_loss = loss;
		c->best_step = learner_step_number(c->learner);
		memcpy(c->best, learner_average(c->learner),
		       learner_param_count(c->learner) * sizeof(float));
	}
}

/* Now, or at the end of its steps, the last round takes the best.  Where epochs
 * are short it waits for an eighth of its steps, too: the average of the
 * weights is behind them by some. */
static void lose_patience(struct course *c)
{
	uint64_t step = learner_step_number(c->learner);
	double worse = (double)(step - c->best_step) * c->recipe.batch /
		       (double)dataset_rows(&c->data);

	if (!c->best || course_rounds_left(c))
		return;
	c->ended =
		step >= c->total_steps ||
		(worse >= (double)c->recipe.patience &&
		 step - c->best_step >= (c->total_steps - c->round_began) / 8);
	if (c->ended && isfinite(c->best_loss))
		learner_set_average(c->learner, c->best);
}

static enum err_code study(struct course *c, struct pool *pool, struct err *e)
{
	const struct recipe *r = &c->recipe;
	int64_t window = dataset_held(&c->data);
	uint64_t first = c->round_began, steps = c->total_steps - first;
	uint64_t before = learner_step_number(c->learner);
	uint64_t chunk = steps / ITERATIONS + 1;
	uint64_t until = first + ((before - first) / chunk + 1) * chunk;

	if (until > c->total_steps)
		until = c->total_steps;
	for (uint64_t n = before; n < until; n++) {
		/* The whole schedule, whatever rate_games says. */
		int64_t at = course_rounds_left(c)
				     ? 0
				     : (int64_t)((double)(n - first) /
						 (double)steps * r->rate_games);

		say(c, COURSE_LEARNS);
		if (!goes_on(c))
			return ERR_CANCELLED;
		step(c, window, recipe_rate(r, n, at), pool);
	}
	measure(c, pool);
	lose_patience(c);
	c->at.time_ms += llround(1000 * course_seconds(c));
	return hand_over(
		c,
		c->ended || checkpoint_between(before, until, c->total_steps),
		e);
}

/* --- from begin to end --------------------------------------------------- */

/* Whole items are trained on in one shard. */
static enum err_code check_shard(const struct course *c, struct err *e)
{
	int most = course_plays(c) ? 1 : dataset_most_rows(&c->data);

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
	if (!course_plays(c))
		measure(c, pool);
	return hand_over(c, true, e);
}

static void load_mark(struct course *c, struct reader *r)
{
	if (course_plays(c)) {
		c->iteration = reader_count(r, MOST);
		c->at.games = reader_count(r, MOST);
		c->at.samples = reader_count(r, MOST);
	}
	c->at.time_ms = reader_count(r, MOST);
	if (!course_plays(c))
		return;
	c->next_checkpoint = (double)reader_count(r, MOST * 1024) / 1024;
	/* From 0 on the schedule would never move. */
	r->failed |= !(c->next_checkpoint > 0);
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
	load_mark(c, &r);
	rc = learner_load(c->learner, &r, e);
	if (!rc && c->play)
		rc = self_play_load(c->play, &r, e);
	if (!rc && c->lanes)
		rc = lanes_load(c->lanes, &r, e);
	if (!rc && c->best)
		rc = load_best(c, &r, e);
	if (!rc && r.pos != r.len)
		rc = err_set(e, ERR_FORMAT,
			     "the saved state of %s has %zu bytes too many",
			     c->name, r.len - r.pos);
	c->at.step = (int64_t)learner_step_number(c->learner);
	if (!course_plays(c))
		c->at.samples = c->at.step * c->recipe.batch;
	return rc;
}

void course_reseed(struct course *c, uint64_t seed)
{
	c->config.seed = seed;
	learner_reseed(c->learner, seed);
	if (c->play)
		self_play_reseed(c->play, seed);
	if (c->lanes)
		lanes_reseed(c->lanes, seed);
}

bool course_remembers(const struct course *c)
{
	return c->play != NULL;
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
	if (c->lanes)
		return act(c, pool, e);
	return c->play ? play(c, pool, e) : study(c, pool, e);
}

enum err_code course_finish(struct course *c, struct err *e)
{
	enum err_code rc;

	if (!course_plays(c))
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
