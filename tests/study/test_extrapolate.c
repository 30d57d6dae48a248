/* SPDX-License-Identifier: MIT */
/* Extrapolators on planted paths of weights. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/study/extrapolate.h"
#include "core/study/nowcast.h"

enum { N = 60, POINTS = 9, MOST = 20 };

struct planted {
	float w[MOST][N];
	const float *at[MOST];
	double t[MOST];
	struct weight_path path;
};

/* Point i is base + how(i) direction (+ across(i) other). */
static void plant(struct planted *p, int count, double (*along)(double t),
		  double (*across)(double t))
{
	struct rng r;

	rng_init(&r, 4, RNG_TEST, 0, 0);
	for (int n = 0; n < N; n++) {
		double base = (double)rng_normal(&r);
		double v = (double)rng_normal(&r), u = (double)rng_normal(&r);

		for (int i = 0; i < count; i++) {
			p->t[i] = 1.5 * i;
			p->w[i][n] =
				(float)(base + along(p->t[i]) * v +
					(across ? across(p->t[i]) * u : 0));
		}
	}
	for (int i = 0; i < count; i++)
		p->at[i] = p->w[i];
	p->path = (struct weight_path){p->at, p->t, count, N};
}

/* The largest difference of out[] from point `i`. */
static double off(const struct planted *p, int i, const float *out)
{
	double most = 0;

	for (int n = 0; n < N; n++)
		most = fmax(most, fabs((double)(out[n] - p->w[i][n])));
	return most;
}

static double line(double t)
{
	return 0.25 * t - 1;
}

static double curve(double t)
{
	return 0.01 * t * t;
}

static double wobble(double t)
{
	return 0.02 * sin(3 * t);
}

/* Linear motion is continued as it was: points 0 .. 5 are known, 8 is asked. */
static void test_linear(void **state)
{
	struct planted p;
	float out[N];

	(void)state;
	plant(&p, POINTS, line, NULL);
	p.path.count = 6;
	extrapolate_linear(&p.path, 2, 1.5, out);
	assert_true(off(&p, 8, out) < 1e-5);
	extrapolate_linear(&p.path, 5, 0.6, out);
	assert_true(off(&p, 8, out) < 1e-5);
	extrapolate_linear(&p.path, 3, 0, out);
	assert_true(off(&p, 5, out) == 0);
	/* What bends is not. */
	plant(&p, POINTS, curve, NULL);
	p.path.count = 6;
	extrapolate_linear(&p.path, 2, 1.5, out);
	assert_true(off(&p, 8, out) > 0.1);
}

static void test_mean(void **state)
{
	struct planted p;
	float out[N];

	(void)state;
	plant(&p, POINTS, line, NULL);
	/* Of 4 .. 8 on a line: 6. */
	extrapolate_mean(&p.path, 5, out);
	assert_true(off(&p, 6, out) < 1e-5);
	extrapolate_mean(&p.path, 1, out);
	assert_true(off(&p, 8, out) == 0);
}

static void test_rank1(void **state)
{
	struct planted p;
	float out[N];
	double share;

	(void)state;
	/* All motion is in one direction, at a steady pace. */
	plant(&p, POINTS, line, NULL);
	p.path.count = 6;
	share = extrapolate_rank1(&p.path, 6, 4.5, out);
	assert_true(share > 1 - 1e-9 && share < 1 + 1e-9);
	assert_true(off(&p, 8, out) < 1e-5);
	/* Of fewer points too. */
	extrapolate_rank1(&p.path, 3, 4.5, out);
	assert_true(off(&p, 8, out) < 1e-5);
	/* What shakes across is left as it is in the last point, and less
	 * than all is in one direction. */
	plant(&p, POINTS, line, wobble);
	p.path.count = 6;
	share = extrapolate_rank1(&p.path, 6, 4.5, out);
	assert_true(share > 0.99 && share < 1 - 1e-7);
	assert_true(off(&p, 8, out) < 0.15);
	extrapolate_rank1(&p.path, 6, 0, out);
	assert_true(off(&p, 5, out) == 0);
	/* Nothing moves. */
	for (int i = 1; i < 6; i++)
		p.at[i] = p.w[0];
	assert_true(extrapolate_rank1(&p.path, 6, 4.5, out) == 0);
	assert_true(off(&p, 0, out) == 0);
}

/* Weights that go where they go by one rule, each at a pace of its own. */
static void fall(struct planted *p, uint64_t seed, double keep)
{
	struct rng r;

	rng_init(&r, seed, RNG_TEST, 1, 0);
	for (int n = 0; n < N; n++) {
		double end = (double)rng_normal(&r);
		double gap = (double)rng_normal(&r);

		for (int i = 0; i < MOST; i++, gap *= keep)
			p->w[i][n] = (float)(end - gap);
	}
	for (int i = 0; i < MOST; i++)
		p->at[i] = p->w[i];
	p->path = (struct weight_path){p->at, NULL, MOST, N};
}

/* A rule that lines do not follow is learned from other paths, and used on one
 * that was not among them; the same seed, the same bits. */
static void test_nowcast(void **state)
{
	struct nowcast_plan plan = NOWCAST_PLAN_DEFAULT;
	static struct planted learned[4], other;
	struct weight_path paths[4];
	struct nowcast *k, *again, *none;
	float out[N], same[N], straight[N];

	(void)state;
	plan.points = 20000;
	plan.steps = 600;
	plan.batch = 64;
	for (int i = 0; i < 4; i++) {
		fall(&learned[i], (uint64_t)i, 0.8);
		paths[i] = learned[i].path;
	}
	fall(&other, 99, 0.8);
	other.path.count = 8;
	k = nowcast_new(paths, 4, &plan);
	again = nowcast_new(paths, 4, &plan);
	nowcast_apply(k, &other.path, 4, out);
	nowcast_apply(again, &other.path, 4, same);
	assert_memory_equal(out, same, sizeof(out));
	extrapolate_linear(&other.path, 1, 4, straight);
	/* Where it was, on a line, and as it was learned: point 11. */
	assert_true(off(&other, 11, out) < 0.2 * off(&other, 11, straight));
	assert_true(off(&other, 11, out) < 0.2 * off(&other, 11, other.w[7]));
	/* Paths too short to teach: nothing moves. */
	for (int i = 0; i < 4; i++)
		paths[i].count = NOWCAST_PAST;
	none = nowcast_new(paths, 4, &plan);
	nowcast_apply(none, &other.path, 1, out);
	assert_true(off(&other, 7, out) == 0);
	nowcast_free(k);
	nowcast_free(again);
	nowcast_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_linear),
		cmocka_unit_test(test_mean),
		cmocka_unit_test(test_rank1),
		cmocka_unit_test(test_nowcast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
