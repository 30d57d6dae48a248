/* SPDX-License-Identifier: MIT */
/* Lanes that go on past the context, against whole sequences. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/stream.h"

enum { LANES = 3, LENGTH = 40, CONTEXT = 8, MOVES = 4, IDS = 2 };

struct fixture {
	struct net_config c;
	float *params;
	struct net_plan *plan;
	struct net_work *work;
	struct net_stream *s;
	float x[LANES][LENGTH][IDS];
};

static void fixture_init(struct fixture *f, const char *net)
{
	struct rng r;

	*f = (struct fixture){
		.c = {.moves = MOVES, .id_count = IDS, .id_size = {5, 3}}};
	assert_int_equal(net_config_parse(&f->c, net, NULL), ERR_OK);
	f->params = mem_floats(net_param_count(&f->c));
	net_init(&f->c, 2, f->params);
	f->plan = net_plan_new(&f->c, f->params);
	f->work = net_work_new(f->plan, LENGTH);
	f->s = net_stream_new(f->plan, LANES);
	rng_init(&r, 6, RNG_TEST, 0, 0);
	for (int l = 0; l < LANES; l++)
		for (int t = 0; t < LENGTH; t++)
			for (int i = 0; i < IDS; i++)
				f->x[l][t][i] = (float)rng_below(&r, i ? 3 : 5);
}

static void fixture_release(struct fixture *f)
{
	net_stream_free(f->s);
	net_work_free(f->work);
	net_plan_free(f->plan);
	free(f->params);
}

/* What is said of the last of rows from .. at of a lane, read as a whole. */
static void assert_said(struct fixture *f, int l, int from, int at,
			const float *got)
{
	float policy[LENGTH * MOVES], *out[NET_HEADS] = {policy};
	int begin[2] = {0, at + 1 - from};
	struct net_batch in = {
		.sequences = 1, .begin = begin, .x = f->x[l][from]};

	net_infer(f->plan, f->work, NULL, &in, out);
	assert_memory_equal(got, policy + (at - from) * MOVES,
			    MOVES * sizeof(float));
}

/* Lanes move on at their own pace, and one begins anew on the way. */
static void test_past_the_context(void **state)
{
	int at[LANES] = {0}, from[LANES] = {0}, slides = 0;
	struct fixture f;

	(void)state;
	fixture_init(&f, "transformer:width=16,layers=2,heads=2,ff=2,"
			 "context=8");
	assert_int_equal(net_config_context(&f.c), CONTEXT);
	assert_int_equal(net_stream_kept(CONTEXT), 5);
	for (int turn = 0; turn < 2 * LENGTH; turn++) {
		float x[LANES][IDS], policy[LANES][MOVES];
		float *out[NET_HEADS] = {policy[0]};
		int lane[LANES], n = 0;

		if (turn == LENGTH) {
			net_stream_reset(f.s, 1);
			from[1] = at[1];
		}
		for (int l = LANES - 1; l >= 0; l--)
			if (turn % (l + 1) == 0 && at[l] < LENGTH) {
				memcpy(x[n], f.x[l][at[l]], sizeof(x[n]));
				lane[n++] = l;
			}
		if (!n)
			continue;
		net_stream_push(f.s, n, lane, x[0], out);
		for (int i = 0; i < n; i++) {
			int l = lane[i];

			if (at[l] - from[l] == CONTEXT) {
				from[l] = at[l] - 5;
				slides++;
			}
			assert_said(&f, l, from[l], at[l]++, policy[i]);
			assert_int_equal(net_stream_length(f.s, l),
					 at[l] - from[l]);
		}
	}
	assert_int_equal(net_stream_slides(f.s), slides);
	assert_true(slides > 20);
	fixture_release(&f);
}

/* A copy goes on as what it was made from, and neither moves the other. */
static void test_copies(void **state)
{
	struct fixture f;
	float policy[MOVES];
	float *out[NET_HEADS] = {policy};
	const int one = 1, two = 2;

	(void)state;
	fixture_init(&f, "transformer:width=16,layers=1,heads=2,context=8");
	for (int t = 0; t < 10; t++)
		net_stream_push(f.s, 1, &one, f.x[0][t], out);
	net_stream_copy(f.s, 2, 1);
	assert_int_equal(net_stream_counted(f.s, 2).rows, 10);
	assert_int_equal(net_stream_counted(f.s, 2).slides, 1);
	net_stream_push(f.s, 1, &one, f.x[0][3], out);
	net_stream_push(f.s, 1, &two, f.x[0][10], out);
	assert_said(&f, 0, 3, 10, policy); /* 3 .. 7 were kept */
	assert_int_equal(net_stream_length(f.s, 2), 8);
	assert_int_equal(net_stream_counted(f.s, 2).rows, 11);
	net_stream_push(f.s, 1, &two, f.x[0][11], out);
	assert_said(&f, 0, 6, 11, policy);
	assert_int_equal(net_stream_counted(f.s, 2).slides, 2);
	assert_int_equal(net_stream_counted(f.s, 1).slides, 1);
	net_stream_reset(f.s, 2);
	assert_int_equal(net_stream_counted(f.s, 2).rows, 0);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_past_the_context),
		cmocka_unit_test(test_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
