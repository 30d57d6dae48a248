/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/learn/dataset.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"

void dataset_room_init(struct dataset_room *r, const struct net_config *c,
		       int max_rows)
{
	*r = (struct dataset_room){0};
	net_rows_init(&r->rows, c, max_rows);
	r->begin = mem_zalloc((size_t)max_rows + 1, sizeof(*r->begin));
	r->stage = mem_zalloc((size_t)max_rows, sizeof(*r->stage));
	r->item = mem_zalloc((size_t)max_rows, sizeof(*r->item));
	dataset_room_clear(r);
}

void dataset_room_release(struct dataset_room *r)
{
	net_rows_release(&r->rows);
	free(r->begin);
	free(r->stage);
	free(r->item);
}

void dataset_room_clear(struct dataset_room *r)
{
	r->batch = net_rows_batch(&r->rows, 1);
	r->batch.sequences = 0;
	r->batch.begin = r->begin;
	r->begin[0] = 0;
}

int dataset_room_left(const struct dataset_room *r)
{
	return r->rows.max_rows - net_batch_rows(&r->batch);
}

int dataset_room_add(struct dataset_room *r, int rows, int64_t stage)
{
	int s = r->batch.sequences, first = r->begin[s];

	assert(rows > 0 && rows <= dataset_room_left(r));
	r->begin[s + 1] = first + rows;
	r->stage[s] = stage;
	r->batch.sequences++;
	return first;
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

int dataset_most_rows(const struct dataset *d)
{
	int most = 0;

	for (int64_t i = 0; i < dataset_held(d); i++) {
		int rows = d->rows(d->self, i);

		most = rows > most ? rows : most;
	}
	return most;
}
