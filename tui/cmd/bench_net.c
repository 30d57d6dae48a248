/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/bench_net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/optim.h"
#include "core/net/stream.h"
#include "tui/cmd/bench_time.h"

/* As recipes make them. */
#define C4 "tower:filters=64,blocks=5"
#define SMALL "tower:filters=32,blocks=4"
#define PLANES "policy=32,head=planes"
#define OWNERS PLANES ",ownership=yes,lead=yes"
#define TOWER(filters) "tower:filters=" #filters ",blocks=6,"

/* Of 384 tokens, each of four numbers. */
#define SEQUENCE "transformer:width=64,layers=4,heads=4,ff=4,context=384"
enum { LENGTH = 384, IDS = 4, ID_SIZE = 16 };

/* Those with planes of their own are shapes that other programs are measured
 * on: 112 planes as in Leela Chess Zero, 22 as in KataGo. */
const struct net_figure net_figures[] = {
	{"infer-c4", false, C4, "connect4", 0, 32, 0},
	{"infer-chess-112", false, TOWER(64) PLANES, "chess", 112, 32, 0},
	{"infer-go-22", false, TOWER(96) PLANES, "go:size=9", 22, 16, 0},
	{"infer-c4-small", false, SMALL, "connect4", 0, 64, 0},
	{"infer-chess", false, TOWER(64) PLANES, "chess", 0, 32, 0},
	{"infer-go", false, TOWER(96) OWNERS, "go:size=9", 0, 16, 0},
	{"infer-othello", false, TOWER(64) OWNERS, "othello", 0, 32, 0},
	{"train-c4", true, C4, "connect4", 0, 256, 0},
	{"train-c4-small", true, SMALL, "connect4", 0, 64, 0},
	{"train-chess", true, TOWER(64) PLANES, "chess", 0, 128, 0},
	{"train-go", true, TOWER(64) OWNERS, "go:size=9", 0, 128, 0},
	{"seq-train", true, SEQUENCE, NULL, 0, 2 * LENGTH, LENGTH},
	{"seq-step", false, SEQUENCE, NULL, 0, 96, LENGTH},
	{NULL, false, NULL, NULL, 0, 0, 0},
};

/* What one thread has to itself. */
struct worker {
	struct net_work *work;
	struct net_trainer *trainer; /* NULL: inference */
	struct net_stream *stream;   /* NULL: no lanes */
	float *policy, *wdl;         /* answers */
	float *params, *grad, *stats, *momentum;
};

struct net_bench {
	const struct net_figure *f;
	struct net_config c;
	struct pool *pool;
	struct net_plan *plan;
	struct worker workers[BENCH_MAX_THREADS];
	int threads, calls; /* calls of each thread in one go */
	float *params, *decay, *learn;
	struct net_rows rows;
	struct net_batch batch; /* all of them */
	int *begin;             /* owned; of sequences */
};

void net_figure_config(const struct net_figure *f, struct net_config *out)
{
	struct game g;

	memset(out, 0, sizeof(*out));
	if (f->game && game_init(&g, f->game, NULL))
		assert(!"a figure's game does not parse");
	if (f->game) {
		net_config_game(out, &g);
	} else {
		out->moves = ID_SIZE;
		out->id_count = IDS;
		for (int i = 0; i < IDS; i++)
			out->id_size[i] = ID_SIZE;
	}
	if (f->planes)
		out->planes = f->planes;
	if (net_config_parse(out, f->net, NULL))
		assert(!"a figure's network does not parse");
}

double net_figure_flops(const struct net_figure *f)
{
	struct net_config c;

	net_figure_config(f, &c);
	/* A step also finds two gradients a layer: three times the work. */
	return net_flops(&c) * (f->training ? 3 : 1);
}

static void infer(const struct net_bench *b, struct worker *w)
{
	float *out[NET_HEADS] = {
		[NET_POLICY] = w->policy, [NET_VALUE] = w->wdl};

	net_infer(b->plan, w->work, NULL, &b->batch, out);
}

/* A full context in every lane, a row at a time. */
static void step_all(const struct net_bench *b, struct worker *w)
{
	float *out[NET_HEADS] = {
		[NET_POLICY] = w->policy, [NET_VALUE] = w->wdl};

	for (int i = 0; i < b->f->batch; i++)
		net_stream_reset(w->stream, i);
	for (int t = 0; t < b->f->length; t++)
		net_stream_push(w->stream, b->f->batch, NULL, b->batch.x, out);
}

/* Forward, backward, and a step of plain descent. */
static void train(const struct net_bench *b, struct worker *w)
{
	const struct optim_config sgd = {.kind = OPTIM_SGD, .momentum = 0.9f};
	size_t count = net_param_count(&b->c);
	struct net_loss loss;

	memset(w->grad, 0, count * sizeof(*w->grad));
	net_train(w->trainer, w->params, &b->batch, NULL, w->grad, w->stats,
		  &loss);
	optim_step(&sgd, count, w->params, w->grad, w->momentum, b->decay,
		   b->learn, 1e-6f, 1);
	net_stats_update(&b->c, w->params, w->stats, 0.1f);
}

static void run_task(void *ctx, int i, int worker)
{
	struct net_bench *b = ctx;

	(void)worker;
	for (int k = 0; k < b->calls; k++)
		(b->f->training         ? train
		 : b->workers[i].stream ? step_all
					: infer)(b, &b->workers[i]);
}

static void run_all(void *ctx)
{
	struct net_bench *b = ctx;

	pool_run(b->pool, b->threads, run_task, b);
}

static float *filled(size_t n, float value)
{
	float *p = mem_floats(n);

	for (size_t i = 0; i < n; i++)
		p[i] = value;
	return p;
}

static void worker_init(struct worker *w, const struct net_bench *b)
{
	size_t batch = b->f->batch, count = net_param_count(&b->c);

	w->policy = mem_floats(batch * b->c.moves);
	w->wdl = mem_floats(batch * 3);
	w->params = mem_floats(count);
	memcpy(w->params, b->params, count * sizeof(*w->params));
	w->momentum = filled(count, 0);
	w->grad = mem_floats(count);
	w->stats = mem_floats(net_stat_count(&b->c));
	if (b->f->training)
		w->trainer = net_trainer_new(&b->c, b->f->batch);
	else if (b->f->length)
		w->stream = net_stream_new(b->plan, b->f->batch);
	else
		w->work = net_work_new(b->plan, b->f->batch);
}

static void worker_release(struct worker *w)
{
	net_work_free(w->work);
	net_trainer_free(w->trainer);
	net_stream_free(w->stream);
	free(w->policy);
	free(w->wdl);
	free(w->params);
	free(w->momentum);
	free(w->grad);
	free(w->stats);
}

static void net_bench_init(struct net_bench *b, const struct net_figure *f,
			   int threads)
{
	size_t inputs;
	struct rng r;

	*b = (struct net_bench){.f = f, .threads = threads};
	net_figure_config(f, &b->c);
	/* Several of the short ones, so that waking threads does not show. */
	b->calls = threads > 1 && !f->training && !f->length ? 4 : 1;
	b->params = mem_floats(net_param_count(&b->c));
	b->decay = mem_floats(net_param_count(&b->c));
	b->learn = mem_floats(net_param_count(&b->c));
	net_init(&b->c, 1, b->params);
	net_masks(&b->c, b->decay, b->learn);
	net_rows_init(&b->rows, &b->c, f->batch);
	inputs = f->batch * b->rows.x_size;
	rng_init(&r, 1, RNG_TEST, 0, 0);
	for (size_t i = 0; i < inputs; i++)
		b->rows.first.x[i] = (float)rng_below(&r, 2);
	/* Targets: any will do for speed. */
	for (int i = 0; i < f->batch; i++) {
		struct net_row row = net_rows_at(&b->rows, i);

		for (int h = 0; h < NET_HEADS; h++)
			for (size_t k = 0; k < b->rows.target_size[h]; k++)
				row.target[h][k] =
					1 / (float)b->rows.target_size[h];
		for (int h = 0; h < NET_HEADS; h++)
			if (row.weight[h])
				*row.weight[h] = 1;
	}
	b->batch = net_rows_batch(&b->rows, f->batch);
	if (f->training && f->length) {
		b->batch.sequences = f->batch / f->length;
		b->begin = mem_zalloc((size_t)b->batch.sequences + 1,
				      sizeof(*b->begin));
		for (int i = 0; i <= b->batch.sequences; i++)
			b->begin[i] = i * f->length;
		b->batch.begin = b->begin;
	}
	b->plan = net_plan_new(&b->c, b->params);
	b->pool = pool_new(threads);
	for (int i = 0; i < threads; i++)
		worker_init(&b->workers[i], b);
}

static void net_bench_release(struct net_bench *b)
{
	for (int i = 0; i < b->threads; i++)
		worker_release(&b->workers[i]);
	pool_free(b->pool);
	net_plan_free(b->plan);
	free(b->params);
	free(b->decay);
	free(b->learn);
	net_rows_release(&b->rows);
	free(b->begin);
}

double net_figure_rate(const struct net_figure *f, int threads, double seconds)
{
	struct net_bench b;
	double rate, rows;

	assert(threads >= 1 && threads <= BENCH_MAX_THREADS);
	net_bench_init(&b, f, threads);
	rows = (double)f->batch * (f->length && !f->training ? f->length : 1);
	rate = bench_fastest(seconds,
			     threads > 1 ? clock_seconds : clock_thread_seconds,
			     run_all, &b) *
	       rows * threads * b.calls;
	net_bench_release(&b);
	return rate;
}
