/* SPDX-License-Identifier: MIT */
/*
 * Rows with whole numbers: the layer that reads them, and networks whose rows
 * are numbers alone, or a board and numbers, by a body of this file's own.
 */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/body.h"
#include "core/net/graph.h"
#include "core/net/head.h"
#include "core/net/layer.h"
#include "core/net/net.h"

enum { ROWS = 5, WIDTH = 3, IDS = 2 };

static const int sizes[IDS] = {2, 4};
static const float ids[ROWS * IDS] = {0, 3, 1, 0, 1, 3, 0, 0, 1, 1};

/* Where the row of the tables that id f of row b names begins in w. */
static int table_row(int b, int f)
{
	return ((f ? sizes[0] : 0) + (int)ids[b * IDS + f]) * WIDTH;
}

static void test_embed(void **state)
{
	enum { PARAMS = (2 + 4 + 1) * WIDTH, N = ROWS * WIDTH };
	const struct layer_shape sh = {.rows = 1,
				       .cols = 1,
				       .in = IDS,
				       .out = WIDTH,
				       .gain = 1,
				       .id_size = sizes};
	float w[PARAMS], y[N], skip[N], dy[N], dskip[N], dw[PARAMS] = {0};
	float want[PARAMS] = {0}, ready[PARAMS];
	struct layer_run r = {.batch = ROWS,
			      .sequences = ROWS,
			      .w = w,
			      .x = ids,
			      .skip = skip,
			      .y = y,
			      .dy = dy,
			      .dskip = dskip,
			      .dw = dw};
	struct rng rng;

	(void)state;
	assert_int_equal(layer_embed.param_count(&sh), PARAMS);
	rng_init(&rng, 3, RNG_TEST, 0, 0);
	for (int i = 0; i < PARAMS; i++)
		w[i] = rng_normal(&rng);
	for (int i = 0; i < N; i++) {
		skip[i] = rng_normal(&rng);
		dy[i] = rng_normal(&rng);
	}
	layer_embed.forward(&sh, &r);
	layer_embed.backward(&sh, &r);
	for (int i = 0; i < N; i++) {
		int b = i / WIDTH, o = i % WIDTH;
		float sum = w[PARAMS - WIDTH + o] + w[table_row(b, 0) + o] +
			    w[table_row(b, 1) + o] + skip[i];

		assert_true(fabsf(y[i] - sum) < 1e-5f);
		assert_true(dskip[i] == dy[i]);
		want[table_row(b, 0) + o] += dy[i];
		want[table_row(b, 1) + o] += dy[i];
		want[PARAMS - WIDTH + o] += dy[i];
	}
	for (int i = 0; i < PARAMS; i++)
		assert_true(fabsf(dw[i] - want[i]) < 1e-5f);
	layer_embed.prepare(&sh, w, NULL, NULL, ready);
	memcpy(want, y, sizeof(y));
	memset(y, 0, sizeof(y));
	r.w = ready;
	layer_embed.infer(&sh, &r);
	assert_memory_equal(y, want, sizeof(y));
}

/* Body `sum`: the board by a dense layer, where there is one, and the ids. */
static void sum_build(const struct net_config *c, const void *conf,
		      struct net_graph *g)
{
	struct layer_shape sh = {.rows = 1,
				 .cols = 1,
				 .in = net_config_ids(c),
				 .out = WIDTH,
				 .gain = 1,
				 .id_size = c->id_size};
	int cells = c->planes * c->rows * c->cols, x = NET_NO_VALUE;

	(void)conf;
	if (cells)
		x = net_graph_dense(g, "board", cells, WIDTH, false, 1, 0);
	x = net_graph_add(g, &layer_embed, "ids", sh, g->ids, x);
	g->trunk = (struct net_trunk){x, 1, 1, WIDTH};
}

static const struct net_body sum = {
	.name = "sum",
	.reads_ids = true,
	.bare_heads = true,
	.build = sum_build,
};

static double loss_of(struct net_trainer *t, const float *params,
		      const struct net_batch *in, float *grad)
{
	struct net_loss loss;
	double all = 0;

	net_train(t, params, in, NULL, grad, NULL, &loss);
	for (int h = 0; h < NET_HEADS; h++)
		all += (double)net_heads[h]->weight * loss.head[h].figure[0];
	return all;
}

/* Rows of noise, if there is a board, and the ids above; targets that sum to
 * 1. */
static void fill(struct net_rows *rows)
{
	struct rng r;

	rng_init(&r, 4, RNG_TEST, 0, 0);
	for (int b = 0; b < ROWS; b++) {
		struct net_row row = net_rows_at(rows, b);

		for (size_t i = 0; i < rows->ids; i++)
			row.x[i] = rng_normal(&r);
		memcpy(row.ids, ids + b * IDS, IDS * sizeof(*ids));
		for (int h = 0; h < NET_HEADS; h++)
			if (row.target[h]) {
				row.target[h][b % 3] = 1;
				*row.weight[h] = 0.5f + rng_float(&r);
			}
	}
}

static void check_gradient(const struct net_config *c)
{
	size_t n = net_param_count(c);
	float *params = mem_floats(n), *grad = mem_floats(n);
	float *spare = mem_floats(n);
	struct net_trainer *t = net_trainer_new(c, ROWS);
	double error = 0, size = 0;
	struct net_rows rows;
	struct net_batch in;

	net_rows_init(&rows, c, ROWS);
	fill(&rows);
	in = net_rows_batch(&rows, ROWS);
	net_init(c, 7, params);
	loss_of(t, params, &in, grad);
	for (size_t i = 0; i < n; i++) {
		const float h = 1e-2f;
		float was = params[i];
		double d;

		params[i] = was + h;
		d = loss_of(t, params, &in, spare);
		params[i] = was - h;
		d = (d - loss_of(t, params, &in, spare)) / (2 * (double)h);
		params[i] = was;
		error += (d - (double)grad[i]) * (d - (double)grad[i]);
		size += d * d;
	}
	assert_true(size > 0);
	assert_true(sqrt(error / size) < 0.01);
	net_rows_release(&rows);
	net_trainer_free(t);
	free(params);
	free(grad);
	free(spare);
}

static void test_networks(void **state)
{
	struct net_config c = {.moves = 4, .id_count = IDS, .id_size = {2, 4}};
	struct buf text;

	(void)state;
	assert_int_equal(net_config_read(&c, &sum, "lead=yes,result=yes", NULL),
			 ERR_OK);
	assert_int_equal(net_config_row(&c), IDS);
	assert_int_equal(net_param_count(&c),
			 7 * WIDTH + (WIDTH + 1) * (4 + 3 + 1 + 3));
	check_gradient(&c);
	c.planes = 2;
	c.rows = 3;
	c.cols = 1;
	c.has[NET_OWNERSHIP] = true;
	assert_int_equal(net_config_row(&c), 6 + IDS);
	check_gradient(&c);
	/* Heads on it have no settings, so its text has none. */
	buf_init(&text);
	net_config_format(&c, &text);
	assert_string_equal(text.data, "sum:ownership=yes,lead=yes,result=yes");
	buf_release(&text);
}

/* Each row's answer is its own ids'. */
static void test_inference(void **state)
{
	struct net_config c = {.moves = 4, .id_count = IDS, .id_size = {2, 4}};
	float policy[ROWS * 4], one[4], *params;
	float *out[NET_HEADS] = {[NET_POLICY] = policy};
	struct net_rows rows;
	struct net_batch in;
	struct net_plan *p;
	struct net_work *w;

	(void)state;
	assert_int_equal(net_config_read(&c, &sum, "", NULL), ERR_OK);
	params = mem_floats(net_param_count(&c));
	net_init(&c, 5, params);
	net_rows_init(&rows, &c, ROWS);
	fill(&rows);
	in = net_rows_batch(&rows, ROWS);
	p = net_plan_new(&c, params);
	w = net_work_new(p, ROWS);
	net_infer(p, w, NULL, &in, out);
	out[NET_POLICY] = one;
	for (int b = 0; b < ROWS; b++) {
		struct net_batch single = {.sequences = 1,
					   .x = rows.first.x + b * IDS};

		net_infer(p, w, NULL, &single, out);
		assert_memory_equal(one, policy + b * 4, sizeof(one));
		for (int a = 0; a < b; a++)
			assert_int_not_equal(
				memcmp(policy + a * 4, one, sizeof(one)), 0);
	}
	net_work_free(w);
	net_plan_free(p);
	net_rows_release(&rows);
	free(params);
}

static void test_ids_of_games(void **state)
{
	struct net_config c = {.moves = 0};
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	net_config_game(&c, &g);
	assert_int_equal(c.id_count, NET_GAME_IDS);
	assert_int_equal(c.id_size[NET_ID_MOVE], 8);
	assert_int_equal(c.id_size[NET_ID_SIDE], 2);
	/* A tower's rows are boards, as ever. */
	assert_int_equal(net_config_parse(&c, "tower", NULL), ERR_OK);
	assert_int_equal(net_config_row(&c), 2 * 6 * 7);
	assert_int_equal(net_id_gap(0), 0);
	assert_int_equal(net_id_gap(1), 1);
	assert_int_equal(net_id_gap(3), 2);
	assert_int_equal(net_id_gap(4), 3);
	assert_int_equal(net_id_gap(INT64_MAX), NET_GAPS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_embed),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_inference),
		cmocka_unit_test(test_ids_of_games),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
