/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/batch.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/net/net.h"

void net_rows_init(struct net_rows *r, const struct net_config *c, int max_rows)
{
	size_t rows = (size_t)max_rows;

	assert(max_rows > 0);
	*r = (struct net_rows){.max_rows = max_rows};
	r->x_size = net_config_row(c);
	r->ids = r->x_size - (size_t)net_config_ids(c);
	r->first.x = mem_floats(rows * r->x_size);
	for (int h = 0; h < NET_HEADS; h++) {
		if (!net_config_has(c, h))
			continue;
		r->target_size[h] = (size_t)net_heads[h]->target_size(c);
		r->first.target[h] = mem_floats(rows * r->target_size[h]);
		r->first.weight[h] = mem_floats(rows);
	}
}

void net_rows_release(struct net_rows *r)
{
	free(r->first.x);
	for (int h = 0; h < NET_HEADS; h++) {
		free(r->first.target[h]);
		free(r->first.weight[h]);
	}
}

struct net_row net_rows_at(const struct net_rows *r, int row)
{
	size_t i = (size_t)row;
	struct net_row out = {.x = r->first.x + i * r->x_size};

	assert(row >= 0 && row < r->max_rows);
	if (r->ids < r->x_size)
		out.ids = out.x + r->ids;
	for (int h = 0; h < NET_HEADS; h++)
		if (r->first.target[h]) {
			out.target[h] =
				r->first.target[h] + i * r->target_size[h];
			out.weight[h] = r->first.weight[h] + i;
		}
	return out;
}

struct net_batch net_rows_batch(const struct net_rows *r, int n)
{
	struct net_batch b = {.sequences = n, .x = r->first.x};

	assert(n > 0 && n <= r->max_rows);
	for (int h = 0; h < NET_HEADS; h++) {
		b.target[h] = r->first.target[h];
		b.weight[h] = r->first.weight[h];
	}
	return b;
}
