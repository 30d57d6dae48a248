/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/head.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/net/batch.h"
#include "core/net/head_int.h"

const struct net_head *const net_heads[NET_HEADS] = {
#define X(id, name) [NET_##id] = &net_head_##name,
	NET_HEAD_LIST(X)
#undef X
};

void net_loss_add(struct net_loss *sum, const struct net_loss *one)
{
	for (int h = 0; h < NET_HEADS; h++) {
		sum->head[h].weight += one->head[h].weight;
		for (int i = 0; i < NET_FIGURES; i++)
			sum->head[h].figure[i] += one->head[h].figure[i];
	}
}

/* Where the figure stands: head times NET_FIGURES + number. */
static int find_figure(const char *name)
{
	for (int h = 0; h < NET_HEADS; h++)
		for (int i = 0; i < NET_FIGURES; i++) {
			const char *own = net_heads[h]->figures[i].name;

			if (own && !strcmp(own, name))
				return h * NET_FIGURES + i;
		}
	assert(!"a figure that no head has");
	return 0;
}

double net_loss_sum(const struct net_loss *l, const char *figure)
{
	int at = find_figure(figure);

	return l->head[at / NET_FIGURES].figure[at % NET_FIGURES];
}

double net_loss_mean(const struct net_loss *l, const char *figure)
{
	int at = find_figure(figure), h = at / NET_FIGURES;

	return l->head[h].weight > 0
		       ? l->head[h].figure[at % NET_FIGURES] / l->head[h].weight
		       : (double)NAN;
}

bool net_loss_next(const struct net_loss *l, int *at, const char **name,
		   double *mean)
{
	while (*at < NET_HEADS * NET_FIGURES) {
		int h = *at % NET_HEADS, i = *at / NET_HEADS;

		++*at;
		if (!net_heads[h]->figures[i].kept || l->head[h].weight <= 0)
			continue;
		*name = net_heads[h]->figures[i].name;
		*mean = l->head[h].figure[i] / l->head[h].weight;
		return true;
	}
	return false;
}

void net_head_loss(const struct net_config *c, int h,
		   const struct net_batch *in, float head_weight,
		   const float *y, float *dy, float *spare,
		   struct net_loss *loss)
{
	const struct net_head *head = net_heads[h];
	size_t n = (size_t)head->size(c), step = (size_t)head->target_size(c);
	const struct net_judge *judge =
		in->judge && (int)in->judge->head == h ? in->judge : NULL;

	for (size_t b = 0; b < (size_t)net_batch_rows(in); b++) {
		float w = in->weight[h] ? in->weight[h][b] : 1;
		struct net_head_row row = {
			.size = (int)n,
			.y = y + b * n,
			.target = in->target[h] + b * step,
			.weight = w,
			.scale = w * head_weight,
			.p = spare,
			.dy = dy ? dy + b * n : spare + n,
			.figure = loss->head[h].figure,
		};

		loss->head[h].weight += (double)w;
		if (judge)
			judge->loss(judge->self, (int)b, &row);
		else
			head->loss(&row);
	}
}
