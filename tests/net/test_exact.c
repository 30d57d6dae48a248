/* SPDX-License-Identifier: MIT */
/*
 * Whole networks by the fast path - norms folded, Winograd tiles, panels of
 * products, bias, skip and rectifier fused, heads - against their list of
 * layers worked out in double precision by the plain definitions; and the same
 * bits for a position wherever it stands in whatever batch; and how much memory
 * they are said to take.
 */
#include "config.h"

#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/graph.h"
#include "core/net/layer.h"
#include "core/net/net.h"

/*
 * Of the largest logit: each of up to a dozen layers rounds to 24 bits and the
 * largest tiles cost 11 of them in the worst element (test_conv), so errors of
 * 1e-4 are rare and this is a few times that.
 */
static const double LOGIT_BOUND = 5e-4;

static void conv3(const struct layer_shape *sh, const float *w, const double *x,
		  double *y)
{
	for (int cell = 0; cell < sh->rows * sh->cols; cell++)
		for (int t = 0; t < 9; t++) {
			int r = cell / sh->cols + t / 3 - 1;
			int c = cell % sh->cols + t % 3 - 1;

			if (r < 0 || r >= sh->rows || c < 0 || c >= sh->cols)
				continue;
			for (int i = 0; i < sh->in; i++)
				for (int o = 0; o < sh->out; o++)
					y[cell * sh->out + o] +=
						x[(r * sh->cols + c) * sh->in +
						  i] *
						(double)w[(t * sh->in + i) *
								  sh->out +
							  o];
		}
}

/* y(rows, out) <- c(out) + x(rows, in) w(in, out); c may be NULL. */
static void product(int rows, int in, int out, const double *x, const float *w,
		    const float *c, double *y)
{
	for (int r = 0; r < rows; r++)
		for (int o = 0; o < out; o++) {
			double sum = c ? (double)c[o] : 0;

			for (int i = 0; i < in; i++)
				sum += x[r * in + i] * (double)w[i * out + o];
			y[r * out + o] = sum;
		}
}

static void pooled(int cells, int n, const double *x, double *g)
{
	for (int i = 0; i < n; i++) {
		g[i] = 0;
		g[n + i] = -INFINITY;
		for (int s = 0; s < cells; s++) {
			g[i] += x[s * n + i] / cells;
			g[n + i] = fmax(g[n + i], x[s * n + i]);
		}
	}
}

static void norm(const struct layer_shape *sh, const float *w, const double *x,
		 double *y)
{
	int n = sh->out;

	for (int i = 0; i < sh->rows * sh->cols * n; i++) {
		int o = i % n;

		y[i] = (double)w[o] * (x[i] - (double)w[2 * n + o]) /
			       sqrt((double)w[3 * n + o] +
				    (double)NORM_EPSILON) +
		       (double)w[n + o];
	}
}

static void moves(const struct layer_shape *sh, const float *w, const double *x,
		  double *y)
{
	int cells = sh->rows * sh->cols, placed = cells * sh->planes;
	const float *c = w + (size_t)sh->in * sh->planes;
	const float *v = c + sh->planes, *d = v + 2 * sh->in * sh->pooled;
	double *z = mem_zalloc((size_t)placed + sh->pooled, sizeof(*z));
	double *g = mem_zalloc((size_t)2 * sh->in, sizeof(*g));

	product(cells, sh->in, sh->planes, x, w, c, z);
	pooled(cells, sh->in, x, g);
	product(1, 2 * sh->in, sh->pooled, g, v, d, z + placed);
	for (int m = 0; m < sh->out; m++)
		y[m] = z[sh->at[m]];
	free(z);
	free(g);
}

static void pool(const struct layer_shape *sh, const float *w, const double *x,
		 double *y)
{
	int n = sh->in, cells = sh->rows * sh->cols;
	double *g = mem_zalloc((size_t)3 * n, sizeof(*g));

	pooled(cells, n, x, g);
	product(1, 2 * n, n, g, w, w + 2 * n * n, g + 2 * n);
	for (int i = 0; i < cells * n; i++)
		y[i] = x[i] + g[2 * n + i % n];
	free(g);
}

/* One position, channels last, through the list of layers. */
static void oracle(const struct net_graph *g, const float *params,
		   const double *x, double *policy, double *wdl)
{
	double **value = mem_zalloc((size_t)g->value_count, sizeof(*value));

	for (int v = 0; v < g->value_count; v++)
		value[v] = mem_zalloc(g->value_size[v], sizeof(**value));
	memcpy(value[0], x, g->value_size[0] * sizeof(*x));
	for (int i = 0; i < g->layer_count; i++) {
		const struct net_layer *l = &g->layers[i];
		const struct layer_shape *sh = &l->sh;
		const float *w = params + l->param;
		const double *in = value[l->x];
		double *y = value[l->y];
		int cells = sh->rows * sh->cols;

		if (l->type == &layer_conv3)
			conv3(sh, w, in, y);
		else if (l->type == &layer_norm)
			norm(sh, w, in, y);
		else if (l->type == &layer_pool)
			pool(sh, w, in, y);
		else if (l->type == &layer_moves)
			moves(sh, w, in, y);
		else
			product(cells, sh->in, sh->out, in, w,
				l->type == &layer_conv1 ? NULL
							: w + sh->in * sh->out,
				y);
		for (size_t k = 0; k < g->value_size[l->y]; k++) {
			if (l->skip >= 0)
				y[k] += value[l->skip][k];
			if (sh->relu && y[k] < 0)
				y[k] = 0;
		}
	}
	memcpy(policy, value[g->head[NET_POLICY]],
	       (size_t)g->config.moves * sizeof(*policy));
	memcpy(wdl, value[g->head[NET_VALUE]], 3 * sizeof(*wdl));
	for (int v = 0; v < g->value_count; v++)
		free(value[v]);
	free(value);
}

/* A network whose every parameter matters, and running statistics such as
 * training leaves. */
static float *lively(const struct net_config *c)
{
	size_t n = net_param_count(c);
	float *params = mem_floats(n), *learn = mem_floats(n);
	float *decay = mem_floats(n);
	struct rng r;

	net_init(c, 7, params);
	net_masks(c, decay, learn);
	rng_init(&r, 5, RNG_TEST, 0, 0);
	for (size_t i = 0; i < n; i++)
		if (learn[i] <= 0)
			params[i] += 0.3f * rng_float(&r);
		else if (decay[i] <= 0)
			params[i] += 0.3f * rng_normal(&r);
	free(learn);
	free(decay);
	return params;
}

static float *boards(const struct net_config *c, int n)
{
	size_t count = (size_t)n * c->planes * c->rows * c->cols;
	float *x = mem_floats(count);
	struct rng r;

	rng_init(&r, 6, RNG_TEST, 0, 0);
	for (size_t i = 0; i < count; i++)
		x[i] = (float)rng_below(&r, 2);
	return x;
}

static void config_of(const char *game, const char *net, struct net_config *c)
{
	struct game g;

	memset(c, 0, sizeof(*c));
	assert_int_equal(game_init(&g, game, NULL), ERR_OK);
	net_config_game(c, &g);
	assert_int_equal(net_config_parse(c, net, NULL), ERR_OK);
}

static void ask(const struct net_plan *p, struct net_work *w, int n,
		const float *x, float *policy, float *wdl)
{
	struct net_batch batch = {.sequences = n, .x = x};
	float *out[NET_HEADS] = {[NET_POLICY] = policy, [NET_VALUE] = wdl};

	net_infer(p, w, NULL, &batch, out);
}

static void check_bound(const struct net_config *c)
{
	enum { BATCH = 3 };
	int cells = c->rows * c->cols, input = c->planes * cells;
	float *params = lively(c), *x = boards(c, BATCH);
	struct net_plan *p = net_plan_new(c, params);
	struct net_work *w = net_work_new(p, BATCH);
	float *policy = mem_floats((size_t)BATCH * c->moves);
	double *right = mem_zalloc((size_t)c->moves, sizeof(*right));
	double *last = mem_zalloc((size_t)input, sizeof(*last));
	float wdl[3 * BATCH];
	struct net_graph g;

	net_graph_init(&g, c);
	ask(p, w, BATCH, x, policy, wdl);
	for (int b = 0; b < BATCH; b++) {
		double logit[3], sum = 0, most = 0;

		for (int k = 0; k < c->planes; k++)
			for (int s = 0; s < cells; s++)
				last[s * c->planes + k] =
					(double)x[b * input + k * cells + s];
		oracle(&g, params, last, right, logit);
		for (int m = 0; m < c->moves; m++)
			most = fmax(most, fabs(right[m]));
		for (int m = 0; m < c->moves; m++)
			assert_true(fabs((double)policy[b * c->moves + m] -
					 right[m]) <= LOGIT_BOUND * most);
		for (int k = 0; k < 3; k++)
			sum += exp(logit[k]);
		for (int k = 0; k < 3; k++)
			assert_true(fabs((double)wdl[3 * b + k] -
					 exp(logit[k]) / sum) <= LOGIT_BOUND);
	}
	net_graph_release(&g);
	net_work_free(w);
	net_plan_free(p);
	free(policy);
	free(right);
	free(last);
	free(params);
	free(x);
}

/* Square boards of each size, and odd ones, with a head of either kind. */
static void test_boards(void **state)
{
	static const char *const odd[] = {"drop:rows=6,cols=7,line=4",
					  "drop:rows=4,cols=9,line=4",
					  "drop:rows=8,cols=5,line=4"};
	struct net_config c;

	(void)state;
	for (int size = 3; size <= 19; size++) {
		char game[32];

		snprintf(game, sizeof(game), "go:size=%d", size);
		config_of(game,
			  "tower:filters=18,blocks=2,policy=9,head=planes", &c);
		check_bound(&c);
	}
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		config_of(odd[i], "tower:filters=33,blocks=2,pool=1", &c);
		check_bound(&c);
	}
}

static void test_bench_shapes(void **state)
{
	struct net_config c;

	(void)state;
	config_of("connect4", "tower:filters=64,blocks=5", &c);
	check_bound(&c);
	config_of("chess", "tower:filters=64,blocks=2,policy=32,head=planes",
		  &c);
	check_bound(&c);
	config_of("go:size=9",
		  "tower:filters=96,blocks=2,policy=32,head=planes", &c);
	check_bound(&c);
}

/* Position b of a batch of n, shifted so that each stands in many places. */
static void check_places(const char *game, const char *net)
{
	enum { MOST = 64 };
	struct net_config c;
	struct net_plan *p;
	struct net_work *w;
	float *params, *x, *alone, *policy, *wdl, *wdl_alone;
	size_t input, m;

	config_of(game, net, &c);
	input = (size_t)c.planes * c.rows * c.cols;
	m = (size_t)c.moves;
	params = lively(&c);
	x = boards(&c, 2 * MOST);
	p = net_plan_new(&c, params);
	w = net_work_new(p, MOST);
	alone = mem_floats(2 * MOST * m);
	wdl_alone = mem_floats((size_t)2 * MOST * 3);
	policy = mem_floats(MOST * m);
	wdl = mem_floats((size_t)MOST * 3);
	for (size_t b = 0; b < 2 * MOST; b++)
		ask(p, w, 1, x + b * input, alone + b * m, wdl_alone + b * 3);
	for (size_t n = 1; n <= MOST; n++) {
		ask(p, w, (int)n, x + n * input, policy, wdl);
		assert_memory_equal(policy, alone + n * m,
				    n * m * sizeof(*policy));
		assert_memory_equal(wdl, wdl_alone + n * 3,
				    n * 3 * sizeof(*wdl));
	}
	net_work_free(w);
	net_plan_free(p);
	free(params);
	free(x);
	free(alone);
	free(wdl_alone);
	free(policy);
	free(wdl);
}

static void test_places(void **state)
{
	(void)state;
	check_places("connect4", "tower:filters=64,blocks=2");
	check_places("chess", "tower:filters=64,blocks=1,policy=32,"
			      "head=planes");
	check_places("go:size=9", "tower:filters=96,blocks=1,pool=1,policy=32,"
				  "head=planes,ownership=yes,lead=yes");
}

static double heap_bytes(void)
{
	struct mallinfo2 m = mallinfo2();

	return (double)m.uordblks + (double)m.hblkhd;
}

/* All that is mapped: a plan's pages come from no heap. */
static double mapped_bytes(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long pages = 0;

	assert_non_null(f);
	assert_int_equal(fscanf(f, "%ld", &pages), 1);
	fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

/* What is said of their memory before networks are made, and what they take. */
static void check_bytes(const char *game, const char *net)
{
	enum { BATCH = 64 };
	struct net_config c;
	struct net_trainer *t;
	struct net_plan *p;
	struct net_work *w;
	double before, plan, work, trainer;
	float *params;

	config_of(game, net, &c);
	params = lively(&c);
	before = mapped_bytes();
	p = net_plan_new(&c, params);
	plan = mapped_bytes() - before;
	before = heap_bytes();
	w = net_work_new(p, BATCH);
	work = heap_bytes() - before;
	t = net_trainer_new(&c, BATCH);
	trainer = heap_bytes() - before - work;
	/* An allocator that is watched by others counts otherwise. */
	if (trainer > 0) {
		assert_true(fabs((double)net_plan_bytes(&c) / plan - 1) < 0.1);
		assert_true(fabs((double)net_work_bytes(&c, BATCH) / work - 1) <
			    0.25);
		assert_true(
			fabs((double)net_trainer_bytes(&c, BATCH) / trainer -
			     1) < 0.1);
	}
	net_trainer_free(t);
	net_work_free(w);
	net_plan_free(p);
	free(params);
}

static void test_bytes(void **state)
{
	(void)state;
	check_bytes("connect4", "tower:filters=64,blocks=5");
	check_bytes("go:size=9",
		    "tower:filters=96,blocks=6,pool=2,policy=32,head=planes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boards),
		cmocka_unit_test(test_bench_shapes),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
