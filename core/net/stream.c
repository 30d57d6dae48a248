/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/stream.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/net/batch.h"

enum { FEED_ROWS = 64 }; /* in one call, of rows that are read again */

struct net_stream {
	const struct net_plan *plan;      /* borrowed */
	struct net_work *work;            /* owned */
	struct net_memory *memory;        /* owned */
	int lanes, context;               /* 0: reads all */
	size_t row;                       /* floats */
	int *length;                      /* owned; [lanes] */
	struct net_stream_count *counted; /* owned; [lanes] */
	float *rows;                      /* owned; (lanes, context, row) */
	int64_t slides;
};

static int work_rows(int lanes)
{
	return lanes > FEED_ROWS ? lanes : FEED_ROWS;
}

struct net_stream *net_stream_new(const struct net_plan *p, int lanes)
{
	struct net_stream *s = mem_zalloc(1, sizeof(*s));
	const struct net_config *c = net_plan_config(p);

	assert(lanes > 0);
	s->plan = p;
	s->lanes = lanes;
	s->context = net_config_context(c);
	s->row = net_config_row(c);
	s->work = net_work_new(p, work_rows(lanes));
	s->memory = net_memory_new(p, lanes);
	s->length = mem_zalloc((size_t)lanes, sizeof(*s->length));
	s->counted = mem_zalloc((size_t)lanes, sizeof(*s->counted));
	s->rows = mem_floats((size_t)lanes * s->context * s->row);
	return s;
}

void net_stream_free(struct net_stream *s)
{
	if (!s)
		return;
	net_work_free(s->work);
	net_memory_free(s->memory);
	free(s->length);
	free(s->counted);
	free(s->rows);
	free(s);
}

size_t net_stream_bytes(const struct net_config *c, int lanes)
{
	return net_work_bytes(c, work_rows(lanes)) +
	       net_memory_bytes(c, lanes) +
	       (size_t)lanes * net_config_context(c) * net_config_row(c) *
		       sizeof(float);
}

void net_stream_reset(struct net_stream *s, int lane)
{
	net_memory_reset(s->memory, lane);
	s->length[lane] = 0;
	s->counted[lane] = (struct net_stream_count){0};
}

int net_stream_length(const struct net_stream *s, int lane)
{
	assert(lane >= 0 && lane < s->lanes);
	return s->length[lane];
}

int64_t net_stream_slides(const struct net_stream *s)
{
	return s->slides;
}

int net_stream_kept(int context)
{
	return (int)((int64_t)context * 5 / 8);
}

static float *rows_of(const struct net_stream *s, int lane)
{
	return s->rows + (size_t)lane * s->context * s->row;
}

/* The last rows of a full lane again, from the beginning. */
static void slide(struct net_stream *s, int lane)
{
	int kept = net_stream_kept(s->context);
	float *none[NET_HEADS] = {NULL}, *rows = rows_of(s, lane);
	struct net_stream_count counted = s->counted[lane];

	memmove(rows, rows + (size_t)(s->context - kept) * s->row,
		(size_t)kept * s->row * sizeof(*rows));
	net_stream_reset(s, lane);
	s->length[lane] = kept;
	s->slides++;
	s->counted[lane] =
		(struct net_stream_count){counted.rows, counted.slides + 1};
	for (int from = 0, n; from < kept; from += n) {
		int begin[2] = {0, 0};

		n = kept - from < FEED_ROWS ? kept - from : FEED_ROWS;
		begin[1] = n;
		net_infer(s->plan, s->work, s->memory,
			  &(struct net_batch){.sequences = 1,
					      .begin = begin,
					      .x = rows + from * s->row,
					      .lane = &lane},
			  none);
	}
}

void net_stream_push(struct net_stream *s, int n, const int *lane,
		     const float *x, float *const out[NET_HEADS])
{
	struct net_batch in = {.sequences = n, .x = x, .lane = lane};

	assert(n > 0 && n <= s->lanes);
	for (int i = 0; i < n; i++) {
		int to = lane ? lane[i] : i;

		assert(to >= 0 && to < s->lanes);
		if (s->context && s->length[to] == s->context)
			slide(s, to);
		if (s->context)
			memcpy(rows_of(s, to) + s->length[to] * s->row,
			       x + i * s->row, s->row * sizeof(*x));
		s->length[to]++;
		s->counted[to].rows++;
	}
	net_infer(s->plan, s->work, s->memory, &in, out);
}

void net_stream_copy(struct net_stream *s, int to, int from)
{
	size_t rows = s->context ? (size_t)s->length[from] : 0;

	net_memory_copy(s->memory, to, s->memory, from);
	memcpy(rows_of(s, to), rows_of(s, from),
	       rows * s->row * sizeof(*s->rows));
	s->length[to] = s->length[from];
	s->counted[to] = s->counted[from];
}

struct net_stream_count net_stream_counted(const struct net_stream *s, int lane)
{
	assert(lane >= 0 && lane < s->lanes);
	return s->counted[lane];
}
