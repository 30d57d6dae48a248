/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/nowcast.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/optim.h"
#include "core/study/extrapolate.h"

/* The network that looks at one weight: PAST in, two hidden layers with
 * rectifiers, AHEAD out.  Its sizes are too small for products of matrices. */

enum { IN = NOWCAST_PAST, OUT = NOWCAST_AHEAD, MOST_HIDDEN = 128 };

/* Where the layers stand in the parameters. */
struct shape {
	int hidden;
	size_t w1, b1, w2, b2, w3, b3, count;
};

struct nowcast {
	struct shape at;
	float *params; /* owned */
};

/* A weight at a moment: what is told, and what came. */
struct point {
	float x[IN], y[OUT];
	int known; /* of y */
};

static struct shape shape_of(int hidden)
{
	struct shape s = {.hidden = hidden};
	size_t h = (size_t)hidden;

	s.b1 = s.w1 + h * IN;
	s.w2 = s.b1 + h;
	s.b2 = s.w2 + h * h;
	s.w3 = s.b2 + h;
	s.b3 = s.w3 + h * OUT;
	s.count = s.b3 + OUT;
	return s;
}

/* --- what it is told ----------------------------------------------------- */

/* The five states of weight i up to point `now`; returns the range that
 * differences are told in, 0 where it did not move. */
static float look(const struct weight_path *p, int now, size_t i, float *x)
{
	float low = INFINITY, high = -INFINITY, last = p->w[now][i];

	for (int k = 0; k < IN; k++) {
		float w = p->w[now - IN + 1 + k][i];

		low = fminf(low, w);
		high = fmaxf(high, w);
		x[k] = w - last;
	}
	for (int k = 0; k < IN && high > low; k++)
		x[k] /= high - low;
	return high - low;
}

static bool take_point(const struct weight_path *p, int now, size_t i,
		       struct point *out)
{
	float range = look(p, now, i, out->x);

	if (!(range > 0))
		return false;
	out->known = p->count - 1 - now < OUT ? p->count - 1 - now : OUT;
	for (int k = 0; k < out->known; k++)
		out->y[k] = (p->w[now + 1 + k][i] - p->w[now][i]) / range;
	return true;
}

/* Windows of a path that have something ahead. */
static int windows(const struct weight_path *p)
{
	return p->count > IN ? p->count - IN : 0;
}

/* So many points of all paths by chance, or fewer: returns how many moved. */
static int64_t draw_points(const struct weight_path *paths, int count,
			   const struct nowcast_plan *plan, struct point *out)
{
	int64_t all = 0, n = 0;

	for (int i = 0; i < count; i++)
		all += windows(&paths[i]);
	for (int64_t k = 0; k < plan->points && all; k++) {
		const struct weight_path *p = paths;
		struct rng r;
		int64_t w;

		rng_init(&r, plan->seed, RNG_STUDY, (uint64_t)k, 0);
		w = rng_below(&r, (uint32_t)all);
		for (; w >= windows(p); p++)
			w -= windows(p);
		n += take_point(p, (int)w + IN - 1,
				rng_below(&r, (uint32_t)p->n), &out[n]);
	}
	return n;
}

/* --- the network --------------------------------------------------------- */

static void layer(const float *w, const float *b, int in, int out,
		  const float *x, float *y)
{
	memcpy(y, b, (size_t)out * sizeof(*y));
	for (int i = 0; i < in; i++)
		for (int o = 0; o < out; o++)
			y[o] += x[i] * w[i * out + o];
}

static void rectify(int n, float *y)
{
	for (int i = 0; i < n; i++)
		y[i] = fmaxf(y[i], 0);
}

static void say(const struct nowcast *k, const float *x, float *h1, float *h2,
		float *y)
{
	const struct shape *s = &k->at;
	const float *p = k->params;

	layer(p + s->w1, p + s->b1, IN, s->hidden, x, h1);
	rectify(s->hidden, h1);
	layer(p + s->w2, p + s->b2, s->hidden, s->hidden, h1, h2);
	rectify(s->hidden, h2);
	layer(p + s->w3, p + s->b3, s->hidden, OUT, h2, y);
}

/* Gradients of a layer, added; dx may be NULL. */
static void layer_back(const float *w, int in, int out, const float *x,
		       const float *dy, float *dw, float *db, float *dx)
{
	for (int o = 0; o < out; o++)
		db[o] += dy[o];
	for (int i = 0; i < in; i++) {
		float sum = 0;

		for (int o = 0; o < out; o++) {
			dw[i * out + o] += x[i] * dy[o];
			sum += w[i * out + o] * dy[o];
		}
		if (dx)
			dx[i] = x[i] > 0 ? sum : 0;
	}
}

/* Of Huber's loss, as WNN+ is trained by absolute errors: a few weights jump.
 */
static void learn_point(const struct nowcast *k, const struct point *p,
			float *grad)
{
	const struct shape *s = &k->at;
	const float *w = k->params;
	float h1[MOST_HIDDEN], h2[MOST_HIDDEN], d1[MOST_HIDDEN];
	float d2[MOST_HIDDEN], y[OUT], dy[OUT] = {0};

	say(k, p->x, h1, h2, y);
	for (int i = 0; i < p->known; i++)
		dy[i] = fminf(fmaxf(y[i] - p->y[i], -1), 1) / (float)p->known;
	layer_back(w + s->w3, s->hidden, OUT, h2, dy, grad + s->w3,
		   grad + s->b3, d2);
	layer_back(w + s->w2, s->hidden, s->hidden, h1, d2, grad + s->w2,
		   grad + s->b2, d1);
	layer_back(w + s->w1, IN, s->hidden, p->x, d1, grad + s->w1,
		   grad + s->b1, NULL);
}

static void draw_params(struct nowcast *k, uint64_t seed)
{
	const struct shape *s = &k->at;
	struct rng r;

	rng_init(&r, seed, RNG_INIT, 0, 0);
	for (size_t i = s->w1; i < s->b1; i++)
		k->params[i] = rng_normal(&r) * sqrtf(2.0f / IN);
	for (size_t i = s->w2; i < s->b2; i++)
		k->params[i] = rng_normal(&r) * sqrtf(2 / (float)s->hidden);
	/* It begins by saying that nothing moves: w3 stays 0. */
}

static void train(struct nowcast *k, const struct point *points, int64_t count,
		  const struct nowcast_plan *plan)
{
	struct optim_config c = {
		.kind = OPTIM_ADAMW,
		.beta1 = 0.9f,
		.beta2 = 0.999f,
		.epsilon = 1e-8f,
		.clip = 1,
	};
	size_t n = k->at.count;
	float *grad = mem_floats(n), *decay = mem_floats(n);
	float *learn = mem_floats(n);
	float *state = mem_floats(optim_state_count(&c, n));

	for (size_t i = 0; i < n; i++)
		learn[i] = 1;
	for (int step = 0; step < plan->steps; step++) {
		double done = (double)step / plan->steps;
		double rate = (double)plan->rate *
			      (0.1 + 0.45 * (1 + cos(M_PI * done)));
		struct rng r;

		rng_init(&r, plan->seed, RNG_BATCH, (uint64_t)step, 0);
		memset(grad, 0, n * sizeof(*grad));
		for (int i = 0; i < plan->batch; i++)
			learn_point(k, &points[rng_below(&r, (uint32_t)count)],
				    grad);
		for (size_t i = 0; i < n; i++)
			grad[i] /= (float)plan->batch;
		optim_step(&c, n, k->params, grad, state, decay, learn,
			   (float)rate, (uint64_t)step + 1);
	}
	free(grad);
	free(decay);
	free(learn);
	free(state);
}

struct nowcast *nowcast_new(const struct weight_path *paths, int count,
			    const struct nowcast_plan *plan)
{
	struct nowcast *k = mem_zalloc(1, sizeof(*k));
	struct point *points;
	int64_t n;

	assert(plan->hidden >= 1 && plan->hidden <= MOST_HIDDEN);
	assert(plan->points < INT32_MAX);
	k->at = shape_of(plan->hidden);
	k->params = mem_floats(k->at.count);
	draw_params(k, plan->seed);
	points = mem_zalloc((size_t)plan->points, sizeof(*points));
	n = draw_points(paths, count, plan, points);
	if (n)
		train(k, points, n, plan);
	free(points);
	return k;
}

void nowcast_free(struct nowcast *k)
{
	if (!k)
		return;
	free(k->params);
	free(k);
}

void nowcast_apply(const struct nowcast *k, const struct weight_path *p,
		   int stages, float *out)
{
	float h1[MOST_HIDDEN], h2[MOST_HIDDEN], x[IN], y[OUT];
	int now = p->count - 1;

	assert(p->count >= IN && stages >= 1 && stages <= OUT);
	for (size_t i = 0; i < p->n; i++) {
		float range = look(p, now, i, x);

		out[i] = p->w[now][i];
		if (!(range > 0))
			continue;
		say(k, x, h1, h2, y);
		out[i] += y[stages - 1] * range;
	}
}
