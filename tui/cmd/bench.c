/* SPDX-License-Identifier: MIT */
/*
 * How fast this machine is at what the lab does.  Other work on the machine
 * only ever slows a run down, so each figure is the best of many short runs,
 * and one thread's is by its own processor time.
 */
#include "config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/net.h"
#include "tui/cmd/bench_rules.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/table.h"

enum {
	MAX_THREADS = 2,
	CALLS_OF_TASK = 4,
	SGEMM_SIZE = 768,
	MOST_FIGURES = 32,
};

/* A network and a batch to time. */
struct shape {
	const char *work; /* "inference" or "training" */
	const char *net;
	const char *game; /* whose positions it sees */
	int batch, threads;
};

#define C4_NET "tower:filters=64,blocks=5"
#define SMALL_NET "tower:filters=32,blocks=4"
/* As recipes make them. */
#define PLANES "policy=32,head=planes"
#define OWNERS PLANES ",ownership=yes,lead=yes"

static const struct shape shapes[] = {
	{"inference", C4_NET, "connect4", 32, 1},
	{"inference", C4_NET, "connect4", 32, 2},
	{"inference", SMALL_NET, "connect4", 64, 1},
	{"inference", "tower:filters=64,blocks=6," PLANES, "chess", 32, 1},
	{"inference", "tower:filters=96,blocks=6," OWNERS, "go:size=9", 16, 1},
	{"inference", "tower:filters=64,blocks=6," OWNERS, "othello", 32, 1},
	{"training", C4_NET, "connect4", 256, 1},
	{"training", SMALL_NET, "connect4", 64, 1},
	{"training", "tower:filters=64,blocks=6," PLANES, "chess", 128, 1},
	{"training", "tower:filters=64,blocks=6," OWNERS, "go:size=9", 128, 1},
};

struct figure {
	const char *work;
	char what[64];
	const struct shape *shape; /* NULL: not a network */
	double rate;               /* a second */
	const char *unit;
	double gflops; /* by plain definitions; 0: none */
	double share;  /* of the machine's sgemm on as many threads */
};

/* Long enough to read the clock well, short enough to fall between two turns
 * of other programs. */
#define RUN_SECONDS 2e-3

/* Calls of work(ctx) a second, by `now`: the fastest of runs of RUN_SECONDS or
 * of one call. */
double bench_fastest(double seconds, double (*now)(void),
		     void (*work)(void *ctx), void *ctx)
{
	double start, best = 0;
	int calls = 1;

	work(ctx); /* first touch of memory and code */
	start = clock_seconds();
	do {
		double from = now(), took;

		for (int i = 0; i < calls; i++)
			work(ctx);
		took = now() - from;
		if (took > 0 && calls / took > best)
			best = calls / took;
		if (took < RUN_SECONDS / 2)
			calls *= 2;
	} while (clock_seconds() - start < seconds);
	return best;
}

static double fastest_alone(double seconds, void (*work)(void *ctx), void *ctx)
{
	return bench_fastest(seconds, clock_thread_seconds, work, ctx);
}

/* Networks */

struct net_bench {
	const struct shape *s;
	struct net_config c;
	struct pool *pool;
	struct net_plan *plan;
	struct net_trainer *trainer;
	struct net_work *work[MAX_THREADS];
	float *params, *x, *grad, *stats;
	float *owners, *lead, *known; /* zeros: no cell has an owner */
	float *policy[MAX_THREADS], *wdl[MAX_THREADS];
};

static void infer_task(void *ctx, int i, int worker)
{
	struct net_bench *b = ctx;

	(void)worker;
	/* Several, so that waking the threads does not show. */
	for (int k = 0; k < CALLS_OF_TASK; k++)
		net_infer(b->plan, b->work[i], b->s->batch, b->x, b->policy[i],
			  b->wdl[i]);
}

static void infer(void *ctx)
{
	struct net_bench *b = ctx;

	pool_run(b->pool, b->s->threads, infer_task, b);
}

/* The targets are a batch's own policy and result: any will do for speed. */
static void train(void *ctx)
{
	struct net_bench *b = ctx;
	struct net_loss loss;
	struct net_extra extra = {
		.ownership = b->c.ownership ? b->owners : NULL,
		.lead = b->c.lead ? b->lead : NULL,
		.known = b->known,
		.ownership_weight = 1,
		.lead_weight = 1,
	};

	memset(b->grad, 0, net_param_count(&b->c) * sizeof(*b->grad));
	net_train(b->trainer, b->params, b->s->batch, b->x, b->policy[0],
		  b->wdl[0], NULL, 1, &extra, b->grad, b->stats, &loss);
}

static void net_bench_init(struct net_bench *b, const struct shape *s)
{
	size_t inputs, cells;
	struct game g;
	struct rng r;

	*b = (struct net_bench){.s = s};
	if (game_init(&g, s->game, NULL))
		assert(!"a figure's game does not parse");
	net_config_game(&b->c, &g);
	cells = (size_t)g.rows * (size_t)g.cols;
	inputs = (size_t)s->batch * (size_t)g.planes * cells;
	if (net_config_parse(&b->c, s->net, NULL))
		assert(!"a figure's network does not parse");
	b->params = mem_floats(net_param_count(&b->c));
	b->grad = mem_floats(net_param_count(&b->c));
	b->stats = mem_floats(net_stat_count(&b->c));
	b->x = mem_floats(inputs);
	net_init(&b->c, 1, b->params);
	rng_init(&r, 1, RNG_TEST, 0, 0);
	for (size_t i = 0; i < inputs; i++)
		b->x[i] = (float)rng_below(&r, 2);
	b->pool = pool_new(s->threads);
	b->plan = net_plan_new(&b->c, b->params);
	for (int i = 0; i < s->threads; i++) {
		b->work[i] = net_work_new(b->plan, s->batch);
		b->policy[i] =
			mem_floats((size_t)s->batch * (size_t)g.move_count);
		b->wdl[i] = mem_floats((size_t)s->batch * 3);
	}
	if (strcmp(s->work, "training"))
		return;
	b->trainer = net_trainer_new(&b->c, s->batch);
	b->owners = mem_floats((size_t)s->batch * cells);
	b->lead = mem_floats((size_t)s->batch);
	b->known = mem_floats((size_t)s->batch);
	for (int i = 0; i < s->batch; i++)
		b->known[i] = 1;
	for (int i = 0; i < s->batch * g.move_count; i++)
		b->policy[0][i] = 1 / (float)g.move_count;
	for (int i = 0; i < s->batch * 3; i++)
		b->wdl[0][i] = 1 / 3.0f;
}

static void net_bench_release(struct net_bench *b)
{
	for (int i = 0; i < b->s->threads; i++) {
		net_work_free(b->work[i]);
		free(b->policy[i]);
		free(b->wdl[i]);
	}
	net_plan_free(b->plan);
	net_trainer_free(b->trainer);
	pool_free(b->pool);
	free(b->owners);
	free(b->lead);
	free(b->known);
	free(b->params);
	free(b->grad);
	free(b->stats);
	free(b->x);
}

static struct figure time_network(const struct shape *s, double seconds,
				  double sgemm)
{
	struct figure f = {.work = s->work, .shape = s, .unit = "positions/s"};
	bool training = !strcmp(s->work, "training");
	struct net_bench b;
	double flops;

	net_bench_init(&b, s);
	/* A step also finds two gradients a layer: three times the work. */
	flops = net_flops(&b.c) * (training ? 3 : 1);
	f.rate = bench_fastest(seconds,
			       s->threads > 1 ? clock_seconds
					      : clock_thread_seconds,
			       training ? train : infer, &b) *
		 s->batch * (training ? 1 : s->threads * CALLS_OF_TASK);
	f.gflops = f.rate * flops * 1e-9;
	f.share = f.gflops / (sgemm * s->threads);
	snprintf(f.what, sizeof(f.what), "%s %dx%d batch %d", s->game,
		 b.c.filters, b.c.blocks, s->batch);
	net_bench_release(&b);
	return f;
}

/* The machine's own rate */

struct sgemm_bench {
	float *a, *b, *c;
};

static void multiply(void *ctx)
{
	struct sgemm_bench *s = ctx;

	blas_sgemm(false, false, SGEMM_SIZE, SGEMM_SIZE, SGEMM_SIZE, s->a,
		   SGEMM_SIZE, s->b, SGEMM_SIZE, 0, s->c, SGEMM_SIZE);
}

static struct figure time_sgemm(double seconds)
{
	const double n = SGEMM_SIZE;
	const size_t count = (size_t)SGEMM_SIZE * SGEMM_SIZE;
	struct figure f = {.work = "sgemm", .unit = "GFLOP/s"};
	struct sgemm_bench s = {mem_floats(count), mem_floats(count),
				mem_floats(count)};

	blas_init();
	for (size_t i = 0; i < count; i++)
		s.a[i] = s.b[i] = 1;
	f.rate = f.gflops =
		2 * n * n * n * 1e-9 * fastest_alone(seconds, multiply, &s);
	f.share = 1;
	snprintf(f.what, sizeof(f.what), "%dx%dx%d", SGEMM_SIZE, SGEMM_SIZE,
		 SGEMM_SIZE);
	free(s.a);
	free(s.b);
	free(s.c);
	return f;
}

/* Rules and search */

static struct figure time_rules(const struct rules_figure *r, double seconds)
{
	struct figure f = {.work = r->work, .unit = r->unit};

	snprintf(f.what, sizeof(f.what), "%s", r->what);
	f.rate = rules_bench_rate(r, seconds);
	return f;
}

/* Reports */

static void add_text(struct buf *out, const struct figure *f)
{
	int threads = f->shape ? f->shape->threads : 1;

	buf_printf(out, "%-10s %-26s %7d ", f->work, f->what, threads);
	buf_printf(out, f->rate < 1000 ? "%11.1f" : "%11.0f", f->rate);
	buf_printf(out, " %-14s", f->unit);
	if (f->gflops > 0)
		buf_printf(out, "%7.2f", f->share);
	/* No blanks at the end of a line. */
	while (out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	buf_putc(out, '\n');
}

static void report_text(struct buf *out, const struct figure *f, int n)
{
	buf_printf(
		out,
		"BLAS kernel %s, own kernels %s; best of many short runs\n\n",
		net_blas_kernel(), net_vector_kernel());
	buf_printf(out, "%-10s %-26s %7s %11s %-14s%7s\n", "figure", "shape",
		   "threads", "rate", "unit", "sgemm");
	for (int i = 0; i < n; i++)
		add_text(out, &f[i]);
	buf_puts(out, "\nsgemm: work by plain definitions, as a share of the "
		      "machine's sgemm rate on as many threads.\n");
}

static void add_json(struct json *j, const struct figure *f)
{
	json_open(j, '{');
	json_key(j, "figure");
	json_string(j, f->work);
	json_key(j, "shape");
	json_string(j, f->what);
	if (f->shape) {
		json_key(j, "net");
		json_string(j, f->shape->net);
		json_key(j, "game");
		json_string(j, f->shape->game);
		json_key(j, "batch");
		json_int(j, f->shape->batch);
	}
	json_key(j, "threads");
	json_int(j, f->shape ? f->shape->threads : 1);
	json_key(j, "rate");
	json_double(j, f->rate);
	json_key(j, "unit");
	json_string(j, f->unit);
	if (f->gflops > 0) {
		json_key(j, "gflops");
		json_double(j, f->gflops);
		json_key(j, "sgemm_share");
		json_double(j, f->share);
	}
	json_close(j, '}');
}

static void report_json(struct buf *out, const struct figure *f, int n)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "blas_kernel");
	json_string(&j, net_blas_kernel());
	json_key(&j, "vector_kernel");
	json_string(&j, net_vector_kernel());
	json_key(&j, "figures");
	json_open(&j, '[');
	for (int i = 0; i < n; i++)
		add_json(&j, &f[i]);
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static int run(const struct cmd_line *line)
{
	enum { SHAPES = ARRAY_LEN(shapes) };
	const char *text = cmd_value(line, "seconds");
	struct figure figures[MOST_FIGURES];
	double seconds = 1;
	int n = 1 + SHAPES;
	struct buf out;

	if (text) {
		char *end;

		seconds = strtod(text, &end);
		if (end == text || *end || !(seconds >= 0.01) || seconds > 3600)
			return cmd_complain(line, CMD_USAGE,
					    "--seconds %s: must be a number "
					    "from 0.01 to 3600",
					    text);
	}
	cmd_progress("sgemm");
	figures[0] = time_sgemm(seconds);
	for (int i = 0; i < SHAPES; i++) {
		cmd_progress("%s %s", shapes[i].work, shapes[i].net);
		figures[1 + i] =
			time_network(&shapes[i], seconds, figures[0].rate);
	}
	for (const struct rules_figure *f = rules_figures; f->work; f++) {
		cmd_progress("%s %s", f->work, f->what);
		assert(n < MOST_FIGURES);
		figures[n++] = time_rules(f, seconds);
	}
	cmd_progress_end();

	buf_init(&out);
	if (cmd_flag(line, "json"))
		report_json(&out, figures, n);
	else
		report_text(&out, figures, n);
	return cmd_finish(line, &out);
}

static const struct cmd_option options[] = {
	{"json", NULL, "one JSON object"},
	{"seconds", "S", "time for each figure (default 1)"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_bench = {
	.name = "bench",
	.synopsis = "[--json] [--seconds S]",
	.summary = "how fast this machine runs networks and plays games",
	.details = "Each figure is the best of many short runs; those of one "
		   "thread are by its own\nprocessor time.  The share of "
		   "sgemm counts the work of a network by the plain\n"
		   "definitions of its layers, so it may exceed 1.",
	.options = options,
	.run = run,
};
