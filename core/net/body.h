/* SPDX-License-Identifier: MIT */
#ifndef CORE_NET_BODY_H
#define CORE_NET_BODY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"

/*
 * Bodies of networks: what stands between the input and the heads.  Constant
 * tables, one file each (body_NAME.c): a body has settings of its own, and
 * builds its layers into a graph.
 */
#define NET_BODY_LIST(X) \
	X(tower) X(transformer) X(gru) X(linear) X(fast) X(tokens)

struct net_config;
struct net_graph;

struct net_body {
	const char *name;
	const struct conf_spec *conf; /* settings, into a struct of conf_size */
	size_t conf_size;             /* NET_CONF_BYTES at most */
	/* Its rows have ids: value g->ids. */
	bool reads_ids;
	/* Its trunk is one cell, as a norm leaves it: heads are dense layers
	 * and have no settings. */
	bool bare_heads;
	/* (optional) Its rows are not positions of the game: what stands in
	 * `c`, which is the game's, becomes what it reads and says.  What is so
	 * already stays. */
	void (*rows)(struct net_config *c);
	/* (optional) ERR_USAGE: settings that do not go together. */
	enum err_code (*check)(const void *conf, struct err *e);
	/* Its size in a few characters, "32x4". */
	void (*brief)(const void *conf, struct buf *out);
	/* Add the layers that read value 0 (the board) and g->ids, and say
	 * where they end: g->trunk. */
	void (*build)(const struct net_config *c, const void *conf,
		      struct net_graph *g);
};

extern const struct net_body *const net_bodies[]; /* ends with NULL */

#define X(name) extern const struct net_body net_body_##name;
NET_BODY_LIST(X)
#undef X

#endif
