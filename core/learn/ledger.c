/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/ledger.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/head.h"

struct ledger {
	struct net_config config;
	struct net_block *blocks; /* owned; [block_count] */
	int block_count;
	size_t count; /* floats */
	float *last;  /* owned; [count]: the weights when last seen */
	double *all;  /* owned; [block_count]: moved */
	/* owned; (blocks, losses): gradients of the last probes, and what
	 * moved, shared out */
	double *gradient, *norm;
	double *sum; /* owned; [block_count]: of gradient, over losses */
	bool moved;  /* since the last probe */
};

struct ledger *ledger_new(const struct net_config *c, const float *params)
{
	struct ledger *l = mem_zalloc(1, sizeof(*l));
	size_t n;

	l->config = *c;
	l->blocks = mem_zalloc(NET_MAX_BLOCKS, sizeof(*l->blocks));
	l->block_count = net_blocks(c, l->blocks);
	l->count = net_param_count(c);
	l->last = mem_floats(l->count);
	memcpy(l->last, params, l->count * sizeof(*params));
	n = (size_t)l->block_count;
	l->all = mem_zalloc(n, sizeof(*l->all));
	l->gradient = mem_zalloc(n * NET_HEADS, sizeof(*l->gradient));
	l->norm = mem_zalloc(n * NET_HEADS, sizeof(*l->norm));
	l->sum = mem_zalloc(n, sizeof(*l->sum));
	return l;
}

void ledger_free(struct ledger *l)
{
	if (!l)
		return;
	free(l->blocks);
	free(l->last);
	free(l->all);
	free(l->gradient);
	free(l->norm);
	free(l->sum);
	free(l);
}

static double norm_of(const float *x, const float *y, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		double d = (double)x[i] - (y ? (double)y[i] : 0);

		sum += d * d;
	}
	return sqrt(sum);
}

static void add_gradient(struct ledger *l, enum net_head_id loss,
			 const float *grad)
{
	for (int b = 0; b < l->block_count; b++) {
		double g = norm_of(grad + l->blocks[b].from, NULL,
				   l->blocks[b].count);

		l->gradient[b * NET_HEADS + (int)loss] += g;
		l->sum[b] += g;
	}
}

void ledger_probe(struct ledger *l, const float *params,
		  const struct net_batch *in, const float *head_weight)
{
	struct net_trainer *t = net_trainer_new(&l->config, net_batch_rows(in));
	float *grad = mem_floats(l->count);
	float *stats = mem_floats(net_stat_count(&l->config) + 1);
	size_t blocks = (size_t)l->block_count;

	if (l->moved) {
		memset(l->gradient, 0,
		       blocks * NET_HEADS * sizeof(*l->gradient));
		memset(l->sum, 0, blocks * sizeof(*l->sum));
		l->moved = false;
	}
	for (int h = 0; h < NET_HEADS; h++) {
		float weight[NET_HEADS] = {0};
		struct net_loss loss = {0};

		if (!net_config_has(&l->config, h) || !in->target[h])
			continue;
		weight[h] = head_weight ? head_weight[h] : net_heads[h]->weight;
		memset(grad, 0, l->count * sizeof(*grad));
		net_train(t, params, in, weight, grad, stats, &loss);
		add_gradient(l, h, grad);
	}
	free(grad);
	free(stats);
	net_trainer_free(t);
}

void ledger_look(struct ledger *l, const float *params)
{
	memcpy(l->last, params, l->count * sizeof(*params));
}

void ledger_moved(struct ledger *l, const float *params)
{
	for (int b = 0; b < l->block_count; b++) {
		const struct net_block *k = &l->blocks[b];
		double moved =
			norm_of(params + k->from, l->last + k->from, k->count);

		l->all[b] += moved;
		for (int h = 0; h < NET_HEADS && l->sum[b] > 0; h++)
			l->norm[b * NET_HEADS + h] +=
				moved * l->gradient[b * NET_HEADS + h] /
				l->sum[b];
	}
	memcpy(l->last, params, l->count * sizeof(*params));
	l->moved = true;
}

int ledger_blocks(const struct ledger *l)
{
	return l->block_count;
}

const char *ledger_block(const struct ledger *l, int block)
{
	assert(block >= 0 && block < l->block_count);
	return l->blocks[block].part;
}

double ledger_norm(const struct ledger *l, int block, enum net_head_id loss)
{
	assert(block >= 0 && block < l->block_count);
	return l->norm[block * NET_HEADS + (int)loss];
}

double ledger_norm_all(const struct ledger *l, int block)
{
	assert(block >= 0 && block < l->block_count);
	return l->all[block];
}

static void save_norms(struct buf *out, const double *norm, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_f64(out, norm[i]);
}

static void load_norms(struct reader *r, double *norm, size_t count)
{
	for (size_t i = 0; i < count; i++)
		norm[i] = reader_f64(r);
}

void ledger_save(const struct ledger *l, struct buf *out)
{
	size_t blocks = (size_t)l->block_count;

	buf_u64(out, l->count);
	buf_f32s(out, l->last, l->count);
	save_norms(out, l->all, blocks);
	save_norms(out, l->gradient, blocks * NET_HEADS);
	save_norms(out, l->norm, blocks * NET_HEADS);
	save_norms(out, l->sum, blocks);
	buf_u8(out, l->moved);
}

enum err_code ledger_load(struct ledger *l, struct reader *r, struct err *e)
{
	size_t blocks = (size_t)l->block_count;

	if (reader_u64(r) != l->count)
		return err_set(e, ERR_FORMAT,
			       "a saved ledger is of another network");
	reader_f32s(r, l->last, l->count);
	load_norms(r, l->all, blocks);
	load_norms(r, l->gradient, blocks * NET_HEADS);
	load_norms(r, l->norm, blocks * NET_HEADS);
	load_norms(r, l->sum, blocks);
	l->moved = reader_u8(r);
	if (r->failed)
		return err_set(e, ERR_FORMAT, "a saved ledger is cut short");
	return ERR_OK;
}
