/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/dataset.h"

#include <stdlib.h>

#include "core/base/mem.h"

void dataset_room_init(struct dataset_room *r, const struct net_config *c,
		       int max_rows)
{
	*r = (struct dataset_room){0};
	net_rows_init(&r->rows, c, max_rows);
	r->begin = mem_zalloc((size_t)max_rows + 1, sizeof(*r->begin));
	r->stage = mem_zalloc((size_t)max_rows, sizeof(*r->stage));
}

void dataset_room_release(struct dataset_room *r)
{
	net_rows_release(&r->rows);
	free(r->begin);
	free(r->stage);
}

int64_t dataset_held(const struct dataset *d)
{
	return d->held(d->self);
}

int64_t dataset_rows(const struct dataset *d)
{
	int64_t sum = 0;

	for (int64_t i = 0; i < dataset_held(d); i++)
		sum += d->rows(d->self, i);
	return sum;
}
