/* SPDX-License-Identifier: MIT */
/* What every entry of the tables of bodies and heads must hold to. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/head.h"
#include "core/net/net.h"

static void config_of(const char *net, struct net_config *c)
{
	struct game g;

	memset(c, 0, sizeof(*c));
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	net_config_game(c, &g);
	assert_int_equal(net_config_parse(c, net, NULL), ERR_OK);
}

/* The name alone is a network, whose text makes it again, and which can be
 * told, trained and asked. */
static void check_body(const struct net_body *body)
{
	struct net_config c, again;
	struct net_rows rows;
	struct net_batch batch;
	struct net_trainer *t;
	struct net_plan *p;
	struct net_work *w;
	struct net_loss loss;
	struct buf text;
	float *params, *grad, *stats, wdl[2 * 3];
	float *out[NET_HEADS] = {[NET_VALUE] = wdl};
	size_t n;

	config_of(body->name, &c);
	buf_init(&text);
	net_config_format(&c, &text);
	again = c;
	assert_int_equal(net_config_parse(&again, text.data, NULL), ERR_OK);
	assert_memory_equal(&again, &c, sizeof(c));
	buf_clear(&text);
	net_config_brief(&c, &text);
	assert_true(text.len > 0 && text.len < 24);
	buf_clear(&text);
	net_describe(&c, &text);
	assert_true(text.len > 0);
	assert_true(net_flops(&c) > 0);
	buf_release(&text);
	n = net_param_count(&c);
	params = mem_floats(n);
	grad = mem_floats(n);
	stats = mem_floats(net_stat_count(&c));
	net_init(&c, 1, params);
	net_rows_init(&rows, &c, 2);
	batch = net_rows_batch(&rows, 2);
	t = net_trainer_new(&c, 2);
	net_train(t, params, &batch, NULL, grad, stats, &loss);
	p = net_plan_new(&c, params);
	w = net_work_new(p, 2);
	net_infer(p, w, NULL, &batch, out);
	assert_true(fabsf(wdl[0] + wdl[1] + wdl[2] - 1) < 1e-5f);
	net_work_free(w);
	net_plan_free(p);
	net_trainer_free(t);
	net_rows_release(&rows);
	free(params);
	free(grad);
	free(stats);
}

static void test_bodies(void **state)
{
	(void)state;
	for (const struct net_body *const *b = net_bodies; *b; b++)
		check_body(*b);
}

/* What one lane of the usual size keeps, by hand: four layers of 64. */
static void test_states(void **state)
{
	enum { LAYERS = 4, WIDTH = 64, HEADS = 4, D = WIDTH / HEADS };
	static const struct {
		const char *net;
		size_t floats;
	} want[] = {
		{"tower", 0},
		{"gru", LAYERS * WIDTH},
		{"linear", LAYERS * HEADS * (D * D + D)},
		{"fast", LAYERS * (HEADS * D * D + 1)},
	};
	struct net_config c;
	struct buf text;
	size_t keys = 2 * LAYERS * 256 * WIDTH * sizeof(float);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		config_of(want[i].net, &c);
		assert_int_equal(net_memory_bytes(&c, 1),
				 want[i].floats * sizeof(float));
		assert_int_equal(net_memory_bytes(&c, 96),
				 96 * want[i].floats * sizeof(float));
	}
	config_of("gru", &c);
	buf_init(&text);
	net_describe(&c, &text);
	assert_non_null(strstr(text.data, "1024 bytes a sequence"));
	buf_release(&text);
	/* Keys and values of 256 tokens, and little beside them. */
	config_of("transformer", &c);
	assert_true(net_memory_bytes(&c, 1) >= keys);
	assert_true((double)net_memory_bytes(&c, 1) < 1.05 * (double)keys);
}

/* A head's gradient is that of the first of its figures. */
static void check_gradient(const struct net_head *head,
			   const struct net_config *c)
{
	enum { MOST = 64 };
	const float h = 1e-3f, weight = 0.75f, scale = 1.5f;
	float y[MOST], target[MOST], p[MOST], dy[MOST], spare[MOST], sum = 0;
	int n = head->size(c), targets = head->target_size(c);
	double figure[NET_FIGURES] = {0};
	struct net_head_row r = {.size = n,
				 .y = y,
				 .target = target,
				 .weight = weight,
				 .scale = scale,
				 .p = p,
				 .dy = dy,
				 .figure = figure};
	struct rng rng;

	assert_in_range(n, 1, MOST);
	assert_in_range(targets, 1, MOST);
	rng_init(&rng, 2, RNG_TEST, 0, 0);
	for (int i = 0; i < n; i++)
		y[i] = 0.7f * rng_normal(&rng);
	for (int i = 0; i < targets; i++)
		sum += target[i] = rng_float(&rng);
	for (int i = 0; i < targets; i++)
		target[i] /= sum;
	head->loss(&r);
	r.dy = spare;
	for (int i = 0; i < n; i++) {
		float was = y[i];
		double d = 0;

		for (int sign = -1; sign <= 1; sign += 2) {
			figure[0] = 0;
			y[i] = was + (float)sign * h;
			head->loss(&r);
			d += sign * figure[0] / (2 * (double)h);
		}
		y[i] = was;
		if (fabs(d / (double)weight - (double)(dy[i] / scale)) > 1e-3)
			fail_msg("%s, output %d: %g for %g", head->name, i,
				 (double)(dy[i] / scale), d / (double)weight);
	}
	head->finish(n, y, p);
	for (int i = 0; i < n; i++)
		assert_true(isfinite(p[i]));
}

static void test_heads(void **state)
{
	const char *names[NET_HEADS * NET_FIGURES];
	struct net_config c;
	int count = 0;

	(void)state;
	config_of("tower", &c);
	for (int h = 0; h < NET_HEADS; h++) {
		const struct net_head *head = net_heads[h];

		assert_int_equal(c.has[h], !head->optional);
		assert_non_null(head->figures[0].name);
		for (int i = 0; i < NET_FIGURES; i++)
			if (head->figures[i].name)
				names[count++] = head->figures[i].name;
		check_gradient(head, &c);
	}
	for (int i = 0; i < count; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(names[i], names[k]);
}

/* What follows, by hand: two of four moves can be played. */
static void test_next(void **state)
{
	enum { MOVES = 4, N = MOVES + 3 };
	/* 1/4 and 3/4 become 1/2 each by adding log 3 to the first. */
	const float y[N] = {9, logf(3), -9, 0, 0, 0, 0};
	const float target[2 * N] = {/* given */
				     0, logf(0.25f), 0, logf(0.75f), logf(0.5f),
				     logf(0.25f), logf(0.25f),
				     /* followed */
				     NET_LEFT_OUT, 0.5f, NET_LEFT_OUT, 0.5f, 0,
				     0.5f, 0.5f};
	const float want[N] = {0, 0, 0, 0, 0.5f, -0.25f, -0.25f};
	float p[N], dy[N];
	double figure[NET_FIGURES] = {0};
	struct net_head_row r = {.size = N,
				 .y = y,
				 .target = target,
				 .weight = 2,
				 .scale = 1,
				 .p = p,
				 .dy = dy,
				 .figure = figure};
	struct net_config c = {.moves = MOVES};

	(void)state;
	assert_int_equal(net_heads[NET_NEXT]->size(&c), N);
	assert_int_equal(net_heads[NET_NEXT]->target_size(&c), 2 * N);
	net_heads[NET_NEXT]->loss(&r);
	for (int i = 0; i < N; i++)
		if (fabsf(dy[i] - want[i]) > 1e-6f)
			fail_msg("%d: %g for %g", i, (double)dy[i],
				 (double)want[i]);
	/* log 2 of the moves, log 4 of the worth, of which log 2 was certain.
	 */
	assert_true(fabs(figure[0] - 2 * log(8)) < 1e-6);
	assert_true(fabs(figure[1]) < 1e-6);
	assert_true(fabs(figure[2] - 2 * log(2)) < 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
