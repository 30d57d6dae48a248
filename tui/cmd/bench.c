/* SPDX-License-Identifier: MIT */
/*
 * How fast this machine is at what the lab does.  Other work on the machine
 * only ever slows a run down, so each figure is the best of many short runs,
 * and one thread's is by its own processor time.
 */
#include "config.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/net/blas.h"
#include "core/net/net.h"
#include "tui/cmd/bench_loop.h"
#include "tui/cmd/bench_net.h"
#include "tui/cmd/bench_rules.h"
#include "tui/cmd/bench_time.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"

enum { SGEMM_SIZE = 768, MOST_FIGURES = 64 };

struct bench_args {
	const char *only;
	double seconds;
	int threads; /* 0: one, then two */
	bool json;
};

/* One line of the report. */
struct figure {
	const char *name, *work, *unit;
	const struct net_figure *net;     /* NULL if none */
	const struct rules_figure *rules; /* NULL if none */
	const struct loop_figure *loop;   /* NULL if none */
	struct loop_times times;          /* of a loop */
	double rate[BENCH_MAX_THREADS];   /* a second; 0: not measured */
	double flops; /* of one unit, by plain definitions; 0: not counted */
};

struct bench {
	struct figure figures[MOST_FIGURES];
	int count;
	int first, last; /* numbers of threads */
	double seconds;
	double sgemm[BENCH_MAX_THREADS]; /* FLOP/s of this many threads */
};

/* The machine's own rate */

struct sgemm_bench {
	struct pool *pool;
	int threads;
	float *a, *b, *c[BENCH_MAX_THREADS];
};

static void multiply_task(void *ctx, int i, int worker)
{
	struct sgemm_bench *s = ctx;

	(void)worker;
	blas_sgemm(false, false, SGEMM_SIZE, SGEMM_SIZE, SGEMM_SIZE, s->a,
		   SGEMM_SIZE, s->b, SGEMM_SIZE, 0, s->c[i], SGEMM_SIZE);
}

static void multiply(void *ctx)
{
	struct sgemm_bench *s = ctx;

	pool_run(s->pool, s->threads, multiply_task, s);
}

static double sgemm_rate(int threads, double seconds)
{
	const double n = SGEMM_SIZE;
	const size_t count = (size_t)SGEMM_SIZE * SGEMM_SIZE;
	struct sgemm_bench s = {.pool = pool_new(threads),
				.threads = threads,
				.a = mem_floats(count),
				.b = mem_floats(count)};
	double rate;

	blas_init();
	for (int i = 0; i < threads; i++)
		s.c[i] = mem_floats(count);
	for (size_t i = 0; i < count; i++)
		s.a[i] = s.b[i] = 1;
	rate = 2 * n * n * n * threads *
	       bench_fastest(seconds,
			     threads > 1 ? clock_seconds : clock_thread_seconds,
			     multiply, &s);
	for (int i = 0; i < threads; i++)
		free(s.c[i]);
	free(s.a);
	free(s.b);
	pool_free(s.pool);
	return rate;
}

/* All figures */

static struct figure *add_figure(struct bench *b, const char *name,
				 const char *work, const char *unit)
{
	assert(b->count < MOST_FIGURES);
	b->figures[b->count] =
		(struct figure){.name = name, .work = work, .unit = unit};
	return &b->figures[b->count++];
}

static void list_figures(struct bench *b)
{
	struct figure *f = add_figure(b, "sgemm", "sgemm", "GFLOP/s");

	f->flops = 1e9;
	for (const struct net_figure *n = net_figures; n->name; n++) {
		f = add_figure(b, n->name,
			       n->length     ? "sequences"
			       : n->training ? "training"
					     : "inference",
			       n->length ? "tokens/s" : "positions/s");
		f->net = n;
		f->flops = net_figure_flops(n);
	}
	for (const struct rules_figure *r = rules_figures; r->name; r++)
		add_figure(b, r->name, r->work, r->unit)->rules = r;
	for (const struct loop_figure *l = loop_figures; l->name; l++)
		add_figure(b, l->name, "loop", "positions/s")->loop = l;
}

/* Keep those of this name or kind alone; false if there are none. */
static bool choose(struct bench *b, const char *only)
{
	int kept = 0;

	for (int i = 0; i < b->count; i++)
		if (!strcmp(b->figures[i].name, only) ||
		    !strcmp(b->figures[i].work, only))
			b->figures[kept++] = b->figures[i];
	if (kept)
		b->count = kept;
	return kept > 0;
}

static void measure(struct bench *b, struct figure *f)
{
	cmd_progress_of((double)(f - b->figures), b->count, "%s", f->name);
	if (f->rules) {
		f->rate[0] = rules_bench_rate(f->rules, b->seconds);
		return;
	}
	if (f->loop) {
		loop_figure_times(f->loop, b->seconds, &f->times);
		f->rate[0] = loop_rate(&f->times);
		return;
	}
	for (int t = b->first; t <= b->last; t++) {
		/* What its share is of. */
		if (b->sgemm[t - 1] <= 0)
			b->sgemm[t - 1] = sgemm_rate(t, b->seconds);
		f->rate[t - 1] = f->net ? net_figure_rate(f->net, t, b->seconds)
					: b->sgemm[t - 1] * 1e-9;
	}
}

static double share_of(const struct bench *b, const struct figure *f, int t)
{
	return f->rate[t] * f->flops / b->sgemm[t];
}

/* Two workers against one; 0 if not both were measured. */
static double ratio_of(const struct figure *f)
{
	return f->rate[0] > 0 ? f->rate[1] / f->rate[0] : 0;
}

/* Reports */

static void add_shape(struct buf *out, const struct figure *f)
{
	struct net_config c;

	if (f->rules)
		buf_puts(out, f->rules->what);
	else if (f->loop)
		buf_puts(out, f->loop->what);
	else if (!f->net)
		buf_printf(out, "%dx%dx%d", SGEMM_SIZE, SGEMM_SIZE, SGEMM_SIZE);
	else {
		net_figure_config(f->net, &c);
		net_config_brief(&c, out);
		if (!f->net->length)
			buf_printf(out, " on %dx%dx%d, batch %d", c.rows,
				   c.cols, c.planes, f->net->batch);
		else if (f->net->training)
			buf_printf(out, ", %d sequences",
				   f->net->batch / f->net->length);
		else
			buf_printf(out, ", %d lanes", f->net->batch);
	}
}

static void add_text(struct buf *out, const struct bench *b,
		     const struct figure *f)
{
	struct buf shape;
	int t = f->rate[0] > 0 ? 0 : 1;

	buf_init(&shape);
	add_shape(&shape, f);
	buf_printf(out, "%-17s %-26s", f->name, shape.data);
	buf_release(&shape);
	for (int i = 0; i < BENCH_MAX_THREADS; i++)
		if (f->rate[i] > 0)
			buf_printf(out, f->rate[i] < 1000 ? "%11.1f" : "%11.0f",
				   f->rate[i]);
		else
			buf_printf(out, "%11s", "");
	if (ratio_of(f) > 0)
		buf_printf(out, "%7.2f", ratio_of(f));
	else
		buf_printf(out, "%7s", "");
	if (f->flops > 0)
		buf_printf(out, "%7.2f", share_of(b, f, t));
	/* No blanks at the end of a line. */
	while (out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	buf_putc(out, '\n');
}

/* What that is in work, where sequences were measured. */
static void add_sequences(struct buf *out, const struct bench *b)
{
	bool any = false;

	for (int i = 0; i < b->count; i++) {
		const struct figure *f = &b->figures[i];

		if (!f->net || !f->net->length)
			continue;
		if (!any)
			buf_printf(out, "\n%-17s %-26s%11s%11s\n", "sequences",
				   "GFLOP/s", "one thread", "two");
		any = true;
		buf_printf(out, "%-17s %-26s", f->name, "");
		for (int t = 0; t < BENCH_MAX_THREADS; t++)
			if (f->rate[t] > 0)
				buf_printf(out, "%11.1f",
					   f->rate[t] * f->flops * 1e-9);
			else if (t + 1 < BENCH_MAX_THREADS)
				buf_printf(out, "%11s", "");
		buf_putc(out, '\n');
	}
}

/* What a searched position costs, where loops were measured. */
static void add_loops(struct buf *out, const struct bench *b)
{
	bool any = false;

	for (int i = 0; i < b->count; i++) {
		const struct figure *f = &b->figures[i];

		if (!f->loop)
			continue;
		if (!any)
			loop_add_head(out);
		any = true;
		loop_add_text(out, f->loop, &f->times);
	}
}

static void report_text(struct buf *out, const struct bench *b)
{
	const char *work = "";

	buf_printf(
		out,
		"BLAS kernel %s, own kernels %s; best of many short runs\n\n",
		net_blas_kernel(), net_vector_kernel());
	buf_printf(out, "%-17s %-26s%11s%11s%7s%7s\n", "figure", "shape",
		   "one thread", "two", "ratio", "sgemm");
	for (int i = 0; i < b->count; i++) {
		const struct figure *f = &b->figures[i];

		if (strcmp(work, f->work))
			buf_printf(out, "\n%s, %s\n", f->work, f->unit);
		work = f->work;
		add_text(out, b, f);
	}
	add_sequences(out, b);
	add_loops(out, b);
	buf_puts(out, "\nratio: two workers against one.  sgemm: work by plain "
		      "definitions, as a\nshare of the machine's sgemm rate on "
		      "as many threads.\n");
}

static void add_net_json(struct json *j, const struct net_figure *n)
{
	struct net_config c;
	struct buf text;

	net_figure_config(n, &c);
	buf_init(&text);
	net_config_format(&c, &text);
	json_key(j, "net");
	json_string(j, text.data);
	buf_release(&text);
	if (n->length) {
		json_key(j, "moves");
		json_int(j, c.moves);
		json_key(j, "batch");
		json_int(j, n->batch);
		json_key(j, "length");
		json_int(j, n->length);
		json_key(j, "ids");
		json_int(j, c.id_count);
		json_key(j, "id_size");
		json_int(j, c.id_size[0]);
		return;
	}
	json_key(j, "game");
	json_string(j, n->game);
	json_key(j, "filters");
	json_int(j, net_config_int(&c, "filters"));
	json_key(j, "blocks");
	json_int(j, net_config_int(&c, "blocks"));
	json_key(j, "rows");
	json_int(j, c.rows);
	json_key(j, "cols");
	json_int(j, c.cols);
	json_key(j, "planes");
	json_int(j, c.planes);
	json_key(j, "moves");
	json_int(j, c.moves);
	json_key(j, "move_planes");
	json_int(j, net_config_int(&c, "head") ? c.place_planes : 0);
	json_key(j, "batch");
	json_int(j, n->batch);
}

static void add_json(struct json *j, const struct bench *b,
		     const struct figure *f, int t)
{
	struct buf shape;

	buf_init(&shape);
	add_shape(&shape, f);
	json_open(j, '{');
	json_key(j, "figure");
	json_string(j, f->name);
	json_key(j, "kind");
	json_string(j, f->work);
	json_key(j, "shape");
	json_string(j, shape.data);
	buf_release(&shape);
	if (f->net)
		add_net_json(j, f->net);
	if (f->rules) {
		json_key(j, "game");
		json_string(j, f->rules->game);
	}
	if (f->loop)
		loop_add_json(j, f->loop, &f->times);
	json_key(j, "threads");
	json_int(j, t + 1);
	json_key(j, "rate");
	json_double(j, f->rate[t]);
	json_key(j, "unit");
	json_string(j, f->unit);
	if (t && ratio_of(f) > 0) {
		json_key(j, "times_one_thread");
		json_double(j, ratio_of(f));
	}
	if (f->flops > 0) {
		json_key(j, "gflops");
		json_double(j, f->rate[t] * f->flops * 1e-9);
		json_key(j, "sgemm_share");
		json_double(j, share_of(b, f, t));
	}
	json_key(j, "blas_kernel");
	json_string(j, net_blas_kernel());
	json_key(j, "vector_kernel");
	json_string(j, net_vector_kernel());
	json_close(j, '}');
}

static void report_json(struct buf *out, const struct bench *b)
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
	for (int i = 0; i < b->count; i++)
		for (int t = 0; t < BENCH_MAX_THREADS; t++)
			if (b->figures[i].rate[t] > 0)
				add_json(&j, b, &b->figures[i], t);
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static int complain_only(const struct cmd_line *line, const struct bench *b,
			 const char *only)
{
	const char *names[2 * MOST_FIGURES], *near;
	size_t n = 0;

	for (int i = 0; i < b->count; i++) {
		names[n++] = b->figures[i].name;
		names[n++] = b->figures[i].work;
	}
	near = conf_nearest(only, names, n);
	return cmd_complain(line, CMD_USAGE,
			    near ? "--only %s: no such figure: did you mean "
				   "'%s'?"
				 : "--only %s: no such figure: bench without "
				   "it prints them all",
			    only, near);
}

static int take_options(const struct cmd_line *line, struct bench *b)
{
	const struct bench_args *a = line->args;

	b->first = a->threads ? a->threads : 1;
	b->last = a->threads ? a->threads : BENCH_MAX_THREADS;
	b->seconds = a->seconds;
	if (a->only && !choose(b, a->only))
		return complain_only(line, b, a->only);
	return 0;
}

static int run(const struct cmd_line *line)
{
	const struct bench_args *a = line->args;
	struct bench b = {.count = 0};
	struct buf out;
	int status;

	list_figures(&b);
	status = take_options(line, &b);
	if (status)
		return status;
	for (int i = 0; i < b.count; i++)
		measure(&b, &b.figures[i]);
	cmd_progress_end();

	buf_init(&out);
	if (a->json)
		report_json(&out, &b);
	else
		report_text(&out, &b);
	return cmd_finish(line, &out);
}

#define ARGS struct bench_args

static const struct cmd_option options[] = {
	CMD_FLAG("json", json, "one JSON object"),
	CMD_STRING("only", "NAME", only, NULL,
		   "this figure only, or all of a kind (inference)"),
	CMD_DOUBLE("seconds", "S", seconds, 0.01, 3600, "1",
		   "time for each figure (default {})"),
	CMD_INT("threads", "N", threads, 1, BENCH_MAX_THREADS, NULL,
		"networks on this many threads only, 1 or 2 (both)"),
	CMD_END,
};

const struct cmd cmd_bench = {
	.name = "bench",
	.synopsis = "[--json] [--only NAME] [--seconds S] [--threads N]",
	.summary = "how fast this machine runs networks and plays games",
	.details = "Each figure is the best of many short runs; those of one "
		   "thread are by its own\nprocessor time.  On two threads "
		   "each has batches of its own.  The share of sgemm\ncounts "
		   "the work of a network by the plain definitions of its "
		   "layers, so it may\nexceed 1.  A loop is self-play and "
		   "training with fresh weights: positions are\nthose that "
		   "are searched, and its time is told for one of them.",
	.options = options,
	.args_size = sizeof(struct bench_args),
	.run = run,
};
