/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/learner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/optim.h"

/* Share of each shard's batch statistics in the running ones. */
static const float STATS_MOMENTUM = 0.02f;

/* Everything one shard needs, so that shards run on any thread. */
struct shard {
	const struct dataset *data; /* of the step at hand */
	struct dataset_room room;   /* of as many rows as a shard has */
	float *grad, *stats;        /* owned */
	struct net_loss loss;
};

struct learner {
	struct recipe recipe;
	struct net_config net;
	struct optim_config optim;
	float head_weight[NET_HEADS]; /* of the losses */
	uint64_t seed;
	size_t n;                        /* parameters */
	float *params, *average, *state; /* owned */
	float *rounded;                  /* owned; NULL until asked for */
	float *decay, *learn;            /* owned */
	unsigned char *frozen;           /* owned; [n]; NULL: nothing is */
	float *held;                     /* owned; with `frozen`: room */
	uint64_t step;
	struct learner_figures figures;

	struct shard *shards; /* owned; [shard_count] */
	int shard_count;
	struct net_trainer **trainers; /* owned; [trainer_count], by worker */
	int trainer_count;

	/* the step at hand, for the workers */
	const struct dataset *data;
	int64_t window;
};

struct learner *learner_new(const struct net_config *net,
			    const struct recipe *r, uint64_t seed)
{
	struct learner *l = mem_zalloc(1, sizeof(*l));

	l->recipe = *r;
	l->net = *net;
	l->seed = seed;
	recipe_optim(r, &l->optim);
	recipe_head_weights(r, l->head_weight);
	l->n = net_param_count(&l->net);
	l->params = mem_floats(l->n);
	l->average = mem_floats(l->n);
	l->decay = mem_floats(l->n);
	l->learn = mem_floats(l->n);
	l->state = mem_floats(optim_state_count(&l->optim, l->n));
	net_init(&l->net, seed, l->params);
	memcpy(l->average, l->params, l->n * sizeof(float));
	net_masks(&l->net, l->decay, l->learn);

	l->shard_count = r->batch / r->shard;
	l->shards = mem_zalloc((size_t)l->shard_count, sizeof(*l->shards));
	for (int i = 0; i < l->shard_count; i++) {
		struct shard *s = &l->shards[i];

		dataset_room_init(&s->room, &l->net, r->shard);
		s->grad = mem_floats(l->n);
		s->stats = mem_floats(net_stat_count(&l->net));
	}
	return l;
}

void learner_reseed(struct learner *l, uint64_t seed)
{
	l->seed = seed;
}

const float *learner_params(const struct learner *l)
{
	return l->params;
}

static void freeze(struct learner *l, const struct net_block *b)
{
	if (!l->frozen) {
		l->frozen = mem_zalloc(l->n, 1);
		l->held = mem_floats(l->n);
	}
	memset(l->frozen + b->from, 1, b->count);
	memset(l->learn + b->from, 0, b->count * sizeof(float));
}

void learner_freeze(struct learner *l,
		    bool (*frozen)(const void *ctx, const char *part),
		    const void *ctx)
{
	struct net_block blocks[NET_MAX_BLOCKS];
	int n = net_blocks(&l->net, blocks);

	for (int i = 0; i < n; i++)
		if (frozen(ctx, blocks[i].part))
			freeze(l, &blocks[i]);
}

/* Running statistics follow batches, not gradients: those of frozen parts do
 * not. */
static void update_stats(struct learner *l, const float *stats)
{
	if (l->frozen)
		memcpy(l->held, l->params, l->n * sizeof(float));
	net_stats_update(&l->net, l->params, stats, STATS_MOMENTUM);
	for (size_t i = 0; l->frozen && i < l->n; i++)
		if (l->frozen[i])
			l->params[i] = l->held[i];
}

static void free_trainers(struct learner *l)
{
	for (int i = 0; i < l->trainer_count; i++)
		net_trainer_free(l->trainers[i]);
	free(l->trainers);
	l->trainers = NULL;
	l->trainer_count = 0;
}

void learner_free(struct learner *l)
{
	if (!l)
		return;
	free_trainers(l);
	for (int i = 0; i < l->shard_count; i++) {
		dataset_room_release(&l->shards[i].room);
		free(l->shards[i].grad);
		free(l->shards[i].stats);
	}
	free(l->shards);
	free(l->params);
	free(l->average);
	free(l->rounded);
	free(l->state);
	free(l->decay);
	free(l->learn);
	free(l->frozen);
	free(l->held);
	free(l);
}

void learner_begin_with(struct learner *l, const float *params)
{
	assert(!l->step);
	memcpy(l->params, params, l->n * sizeof(float));
	memcpy(l->average, params, l->n * sizeof(float));
}

const struct net_config *learner_net(const struct learner *l)
{
	return &l->net;
}

size_t learner_param_count(const struct learner *l)
{
	return l->n;
}

const float *learner_average(const struct learner *l)
{
	return l->average;
}

void learner_set_average(struct learner *l, const float *params)
{
	memcpy(l->average, params, l->n * sizeof(float));
}

/* To the nearest with this many bits after the leading one; of two, the one
 * away from zero.  A carry goes on into the exponent, which is the next
 * value. */
static float round_bits(float x, int bits)
{
	int drop = 23 - bits;
	uint32_t u;

	if (!drop || !isfinite(x))
		return x;
	memcpy(&u, &x, sizeof(u));
	u = (u + (1u << (drop - 1))) >> drop << drop;
	memcpy(&x, &u, sizeof(u));
	return x;
}

const float *learner_checkpoint(struct learner *l)
{
	if (!l->rounded)
		l->rounded = mem_floats(l->n);
	for (size_t i = 0; i < l->n; i++)
		l->rounded[i] =
			round_bits(l->average[i], l->recipe.checkpoint_bits);
	return l->rounded;
}

uint64_t learner_step_number(const struct learner *l)
{
	return l->step;
}

/* One trainer a worker: activations are large and need not be per shard. */
static void need_trainers(struct learner *l, int threads)
{
	if (l->trainer_count >= threads)
		return;
	free_trainers(l);
	l->trainers = mem_zalloc((size_t)threads, sizeof(struct net_trainer *));
	l->trainer_count = threads;
	for (int i = 0; i < threads; i++)
		l->trainers[i] = net_trainer_new(&l->net, l->recipe.shard);
}

/* An illegal move becomes an answer like any other, which is never right.  A
 * row that teaches no policy goes on to teach none. */
static void unmask(struct dataset_room *room)
{
	size_t moves = room->rows.target_size[NET_POLICY];

	for (int row = 0; row < net_batch_rows(&room->batch); row++) {
		float *target =
			net_rows_at(&room->rows, row).target[NET_POLICY];
		bool taught = false;

		for (size_t m = 0; m < moves; m++)
			taught |= target[m] > 0;
		for (size_t m = 0; taught && m < moves; m++)
			if (target[m] < 0)
				target[m] = 0;
	}
}

/* Rows of such data sets are sequences by themselves. */
static void own_loss(const void *self, int row, const struct net_head_row *r)
{
	const struct shard *s = self;

	s->data->policy_loss(s->data->self, s->room.item[row], r);
}

static void train_shard(void *ctx, int number, int worker)
{
	struct learner *l = ctx;
	struct shard *s = &l->shards[number];
	struct dataset_chance chance = {
		.seed = l->seed,
		.step = l->step,
		.first = (uint64_t)number * (uint64_t)l->recipe.shard,
	};

	const struct net_judge judge = {NET_POLICY, own_loss, s};

	dataset_room_clear(&s->room);
	l->data->draw(l->data->self, l->window, &chance, &s->room);
	if (!l->recipe.mask_illegal || l->step < (uint64_t)l->recipe.mask_after)
		unmask(&s->room);
	s->data = l->data;
	s->room.batch.judge = l->data->policy_loss ? &judge : NULL;
	s->room.batch.steady = l->data->steady;
	memset(s->grad, 0, l->n * sizeof(float));
	net_train(l->trainers[worker], l->params, &s->room.batch,
		  l->head_weight, s->grad, s->stats, &s->loss);
	s->room.batch.judge = NULL;
}

void learner_step(struct learner *l, const struct dataset *data, int64_t window,
		  float rate, struct pool *pool)
{
	int rows = 0;
	float *grad = l->shards[0].grad;
	float share = l->recipe.average;

	need_trainers(l, pool_threads(pool));
	l->data = data;
	l->window = window;
	pool_run(pool, l->shard_count, train_shard, l);

	for (int s = 1; s < l->shard_count; s++)
		for (size_t i = 0; i < l->n; i++)
			grad[i] += l->shards[s].grad[i];
	for (int s = 0; s < l->shard_count; s++)
		rows += net_batch_rows(&l->shards[s].room.batch);
	for (size_t i = 0; i < l->n; i++)
		grad[i] *= 1.0f / (float)rows;
	l->step++;
	l->figures.gradient_norm +=
		optim_step(&l->optim, l->n, l->params, grad, l->state, l->decay,
			   l->learn, rate, l->step);
	for (int s = 0; s < l->shard_count; s++) {
		update_stats(l, l->shards[s].stats);
		net_loss_add(&l->figures.loss, &l->shards[s].loss);
	}
	/* The first steps are a plain mean: random weights must not linger. */
	if (share < 1.0f / (float)l->step)
		share = 1.0f / (float)l->step;
	optim_average(l->n, l->average, l->params, share);
	l->figures.steps++;
	l->figures.samples += rows;
}

void learner_take_figures(struct learner *l, struct learner_figures *out)
{
	*out = l->figures;
	memset(&l->figures, 0, sizeof(l->figures));
}

/* --- held-out positions ------------------------------------------------- */

enum { MEASURE_BATCH = 64 };

/* Items that one call of the network takes. */
struct chunk {
	int64_t first;
	int count;
	struct net_loss loss;
};

struct measure {
	const struct net_config *net;
	const struct dataset *data;
	struct net_plan *plan;
	struct chunk *chunks; /* [count] */
	int count, most_rows;
};

static void measure_chunk(void *ctx, int number, int worker)
{
	struct measure *m = ctx;
	struct chunk *chunk = &m->chunks[number];
	struct net_work *work = net_work_new(m->plan, m->most_rows);
	struct dataset_room room;

	(void)worker;
	dataset_room_init(&room, m->net, m->most_rows);
	for (int i = 0; i < chunk->count; i++)
		m->data->get(m->data->self, chunk->first + i, &room);
	net_measure(m->plan, work, NULL, &room.batch, &chunk->loss);
	dataset_room_release(&room);
	net_work_free(work);
}

/* Whole items, as many as fit in a batch of the usual size. */
static void cut_chunks(struct measure *m)
{
	int64_t held = dataset_held(m->data);
	struct chunk *chunk = NULL;
	int rows = 0;

	m->chunks = mem_zalloc((size_t)held, sizeof(*m->chunks));
	for (int64_t i = 0; i < held; i++) {
		int more = m->data->rows(m->data->self, i);

		if (!chunk || rows + more > MEASURE_BATCH) {
			chunk = &m->chunks[m->count++];
			chunk->first = i;
			rows = 0;
		}
		chunk->count++;
		rows += more;
		m->most_rows = rows > m->most_rows ? rows : m->most_rows;
	}
}

void learner_measure(const struct learner *l, const struct dataset *held_out,
		     struct pool *pool, struct learner_held_out *out)
{
	learner_measure_net(&l->net, l->average, held_out, pool, out);
}

void learner_measure_net(const struct net_config *net, const float *params,
			 const struct dataset *held_out, struct pool *pool,
			 struct learner_held_out *out)
{
	struct measure m = {.net = net, .data = held_out};
	struct net_loss sum = {0};

	memset(out, 0, sizeof(*out));
	if (!dataset_held(held_out))
		return;
	cut_chunks(&m);
	m.plan = net_plan_new(net, params);
	pool_run(pool, m.count, measure_chunk, &m);
	for (int i = 0; i < m.count; i++)
		net_loss_add(&sum, &m.chunks[i].loss);
	free(m.chunks);
	net_plan_free(m.plan);
	if (sum.head[NET_POLICY].weight <= 0)
		return;
	out->positions = (int64_t)sum.head[NET_POLICY].weight;
	out->agree = net_loss_mean(&sum, "agree");
	out->kl = net_loss_mean(&sum, "kl");
	out->policy = net_loss_mean(&sum, "loss.policy");
	out->value = net_loss_mean(&sum, "loss.value");
	out->value_error = sqrt(net_loss_mean(&sum, "value_error"));
}

/* --- saving ------------------------------------------------------------- */

void learner_save(const struct learner *l, struct buf *out)
{
	buf_u64(out, l->n);
	buf_u64(out, l->step);
	buf_f32s(out, l->params, l->n);
	buf_f32s(out, l->average, l->n);
	buf_f32s(out, l->state, optim_state_count(&l->optim, l->n));
}

enum err_code learner_load(struct learner *l, struct reader *r, struct err *e)
{
	uint64_t n = reader_u64(r);
	/* So that steps times samples can be counted. */
	uint64_t step = (uint64_t)reader_count(r, (int64_t)1 << 32);

	if (r->failed)
		return err_set(e, ERR_FORMAT,
			       "the saved training state is damaged");
	if (n != l->n)
		return err_set(e, ERR_FORMAT,
			       "the saved training state has %llu parameters "
			       "where the recipe makes %zu",
			       (unsigned long long)n, l->n);
	l->step = step;
	reader_f32s(r, l->params, l->n);
	reader_f32s(r, l->average, l->n);
	reader_f32s(r, l->state, optim_state_count(&l->optim, l->n));
	if (r->failed)
		return err_set(e, ERR_FORMAT,
			       "the saved training state is cut short");
	return ERR_OK;
}
