/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/learner.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* Share of each shard's batch statistics in the running ones. */
static const float STATS_MOMENTUM = 0.02f;

/* Everything one shard needs, so that shards run on any thread. */
struct shard {
	struct net_rows rows;
	float *grad, *stats; /* owned */
	struct net_loss loss;
};

struct learner {
	const struct game *game; /* borrowed */
	struct recipe recipe;
	struct net_config net;
	struct optim_config optim;
	float head_weight[NET_HEADS]; /* of the losses */
	uint64_t seed;
	size_t n;                        /* parameters */
	float *params, *average, *state; /* owned */
	float *rounded;                  /* owned; NULL until asked for */
	float *decay, *learn;            /* owned */
	uint64_t step;
	struct learner_figures figures;

	struct shard *shards; /* owned; [shard_count] */
	int shard_count;
	struct net_trainer **trainers; /* owned; [trainer_count], by worker */
	int trainer_count;

	/* the step at hand, for the workers */
	const struct replay *data;
	int64_t window;
};

struct learner *learner_new(const struct game *g, const struct recipe *r,
			    uint64_t seed)
{
	struct learner *l = mem_zalloc(1, sizeof(*l));

	l->game = g;
	l->recipe = *r;
	l->seed = seed;
	recipe_net(r, g, &l->net);
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

		net_rows_init(&s->rows, &l->net, r->shard);
		s->grad = mem_floats(l->n);
		s->stats = mem_floats(net_stat_count(&l->net));
	}
	return l;
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
		net_rows_release(&l->shards[i].rows);
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

static void draw_sample(const struct learner *l, int number, int i)
{
	struct net_row row = net_rows_at(&l->shards[number].rows, i);
	struct rng rng;

	rng_init(&rng, l->seed, RNG_BATCH, l->step,
		 (uint64_t)(number * l->recipe.shard + i));
	replay_sample(l->data, l->window, &rng, &row);
}

static void train_shard(void *ctx, int number, int worker)
{
	struct learner *l = ctx;
	struct shard *s = &l->shards[number];
	struct net_batch batch = net_rows_batch(&s->rows, l->recipe.shard);

	for (int i = 0; i < l->recipe.shard; i++)
		draw_sample(l, number, i);
	memset(s->grad, 0, l->n * sizeof(float));
	net_train(l->trainers[worker], l->params, &batch, l->head_weight,
		  s->grad, s->stats, &s->loss);
}

void learner_step(struct learner *l, const struct replay *data, int64_t window,
		  float rate, struct pool *pool)
{
	float scale = 1.0f / (float)l->recipe.batch;
	float *grad = l->shards[0].grad;
	float share = l->recipe.average;

	need_trainers(l, pool_threads(pool));
	l->data = data;
	l->window = window;
	pool_run(pool, l->shard_count, train_shard, l);

	for (int s = 1; s < l->shard_count; s++)
		for (size_t i = 0; i < l->n; i++)
			grad[i] += l->shards[s].grad[i];
	for (size_t i = 0; i < l->n; i++)
		grad[i] *= scale;
	l->step++;
	l->figures.gradient_norm +=
		optim_step(&l->optim, l->n, l->params, grad, l->state, l->decay,
			   l->learn, rate, l->step);
	for (int s = 0; s < l->shard_count; s++) {
		net_stats_update(&l->net, l->params, l->shards[s].stats,
				 STATS_MOMENTUM);
		net_loss_add(&l->figures.loss, &l->shards[s].loss);
	}
	/* The first steps are a plain mean: random weights must not linger. */
	if (share < 1.0f / (float)l->step)
		share = 1.0f / (float)l->step;
	optim_average(l->n, l->average, l->params, share);
	l->figures.steps++;
	l->figures.samples += l->recipe.batch;
}

void learner_take_figures(struct learner *l, struct learner_figures *out)
{
	*out = l->figures;
	memset(&l->figures, 0, sizeof(l->figures));
}

/* --- held-out positions ------------------------------------------------- */

enum { MEASURE_BATCH = 64 };

/* Sums over positions. */
struct held_sum {
	double agree, kl, policy, value, value_error;
};

struct measure {
	const struct learner *l;
	const struct replay *data;
	struct net_plan *plan;
	struct held_sum *sums; /* [chunks] */
	int64_t positions;
};

/* Figures of one position: target policy t, network's logits and wdl. */
static void add_position(struct held_sum *sum, int moves, const float *t,
			 const float *logits, const float *tw, const float *wdl)
{
	double max = -INFINITY, norm = 0, error;
	int top = 0, target_top = 0;

	/* Only moves that the target covers or that are legal matter, and an
	 * illegal move has no target: the network is measured as it was
	 * trained, over all moves. */
	for (int m = 0; m < moves; m++) {
		if ((double)logits[m] > max) {
			max = (double)logits[m];
			top = m;
		}
		if (t[m] > t[target_top])
			target_top = m;
	}
	for (int m = 0; m < moves; m++)
		norm += exp((double)logits[m] - max);
	for (int m = 0; m < moves; m++) {
		double log_p = (double)logits[m] - max - log(norm);

		if (t[m] > 0) {
			sum->policy -= (double)t[m] * log_p;
			sum->kl += (double)t[m] * (log((double)t[m]) - log_p);
		}
	}
	sum->agree += top == target_top;
	for (int i = 0; i < 3; i++)
		sum->value -= (double)tw[i] * log(fmax((double)wdl[i], 1e-12));
	error = (double)(wdl[0] - wdl[2]) - (double)(tw[0] - tw[2]);
	sum->value_error += error * error;
}

static void measure_chunk(void *ctx, int chunk, int worker)
{
	struct measure *m = ctx;
	size_t moves = (size_t)m->l->net.moves;
	struct net_work *work = net_work_new(m->plan, MEASURE_BATCH);
	float *logits = mem_floats(MEASURE_BATCH * moves);
	float *wdl = mem_floats(MEASURE_BATCH * 3);
	float *out[NET_HEADS] = {[NET_POLICY] = logits, [NET_VALUE] = wdl};
	int64_t first = (int64_t)chunk * MEASURE_BATCH;
	int n = (int)(m->positions - first);
	struct net_batch batch;
	struct net_rows rows;

	(void)worker;
	if (n > MEASURE_BATCH)
		n = MEASURE_BATCH;
	net_rows_init(&rows, &m->l->net, MEASURE_BATCH);
	for (int i = 0; i < n; i++) {
		struct net_row row = net_rows_at(&rows, i);

		replay_get(m->data, first + i, &row);
	}
	batch = net_rows_batch(&rows, n);
	net_infer(m->plan, work, &batch, out);
	for (int i = 0; i < n; i++)
		add_position(&m->sums[chunk], (int)moves,
			     batch.target[NET_POLICY] + (size_t)i * moves,
			     logits + (size_t)i * moves,
			     batch.target[NET_VALUE] + (size_t)i * 3,
			     wdl + (size_t)i * 3);
	net_rows_release(&rows);
	free(logits);
	free(wdl);
	net_work_free(work);
}

void learner_measure(const struct learner *l, const struct replay *held_out,
		     struct pool *pool, struct learner_held_out *out)
{
	struct measure m = {.l = l, .data = held_out};
	struct held_sum sum = {0};
	int chunks;

	memset(out, 0, sizeof(*out));
	m.positions = replay_held(held_out);
	if (!m.positions)
		return;
	chunks = (int)((m.positions + MEASURE_BATCH - 1) / MEASURE_BATCH);
	m.plan = net_plan_new(&l->net, l->average);
	m.sums = mem_zalloc((size_t)chunks, sizeof(*m.sums));
	pool_run(pool, chunks, measure_chunk, &m);
	for (int i = 0; i < chunks; i++) {
		sum.agree += m.sums[i].agree;
		sum.kl += m.sums[i].kl;
		sum.policy += m.sums[i].policy;
		sum.value += m.sums[i].value;
		sum.value_error += m.sums[i].value_error;
	}
	out->positions = m.positions;
	out->agree = sum.agree / (double)m.positions;
	out->kl = sum.kl / (double)m.positions;
	out->policy = sum.policy / (double)m.positions;
	out->value = sum.value / (double)m.positions;
	out->value_error = sqrt(sum.value_error / (double)m.positions);
	free(m.sums);
	net_plan_free(m.plan);
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
	uint64_t step = reader_u64(r);

	if (r->failed || n != l->n)
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
