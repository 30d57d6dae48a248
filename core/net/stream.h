/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_STREAM_H
#define CORE_NET_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "core/net/head.h"
#include "core/net/net.h"

/*
 * Sequences that go on as long as they like, in lanes, a row at a time: what a
 * rollout is made with.  A network with a context (net_config_context()) reads
 * that many rows at most: a lane that is full begins anew with the last
 * net_stream_kept() rows, as if they were all there had been, and goes on.  One
 * without reads all.  One thread at a time.
 */
struct net_stream;

/* The plan is borrowed. */
struct net_stream *net_stream_new(const struct net_plan *p, int lanes);
void net_stream_free(struct net_stream *s); /* NULL is allowed */
/* Bytes that one takes, to about a tenth. */
size_t net_stream_bytes(const struct net_config *c, int lanes);

/* A new sequence in that lane. */
void net_stream_reset(struct net_stream *s, int lane);

/*
 * One row more in each of n lanes, lane[i] or i where that is NULL, no two
 * alike: row i is x + i * net_config_row().  What the heads say of it goes to
 * out[head](n, size) where that is not NULL, as net_infer() tells it.
 */
void net_stream_push(struct net_stream *s, int n, const int *lane,
		     const float *x, float *const out[NET_HEADS]);

/* Rows of a sequence that the next one is read after. */
int net_stream_length(const struct net_stream *s, int lane);
/* How often a full lane began anew. */
int64_t net_stream_slides(const struct net_stream *s);

/* One lane goes on as another, with what it counted. */
void net_stream_copy(struct net_stream *s, int to, int from);
/* Rows that a lane was told since it was reset, and how often it slid. */
struct net_stream_count {
	int64_t rows, slides;
};
struct net_stream_count net_stream_counted(const struct net_stream *s,
					   int lane);

/* Rows that are kept of a full context: five eighths of it. */
int net_stream_kept(int context);

#endif
