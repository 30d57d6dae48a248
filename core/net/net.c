/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/net/net.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/rng.h"
#include "core/net/blas.h"
#include "core/net/graph.h"
#include "core/net/kernel.h"

static const char *const bodies[] = {"tower"};

#define FIELD(field) offsetof(struct net_config, field)

static const struct conf_spec tower_spec[] = {
	{"filters", CONF_INT, FIELD(filters), 1, 1024, "32", NULL,
	 "channels of the tower"},
	{"blocks", CONF_INT, FIELD(blocks), 0, 100, "4", NULL,
	 "residual blocks, two convolutions each"},
	{"pool", CONF_INT, FIELD(pool_blocks), 0, 100, "0", NULL,
	 "how many of the last blocks also pool over the whole board"},
	{"policy", CONF_INT, FIELD(policy_filters), 1, 256, "16", NULL,
	 "channels before the policy's dense layer"},
	{"value", CONF_INT, FIELD(value_filters), 1, 256, "8", NULL,
	 "channels before the value's dense layers"},
	{"hidden", CONF_INT, FIELD(value_hidden), 1, 4096, "64", NULL,
	 "width of the value's hidden layer"},
	{"head", CONF_CHOICE, FIELD(head), 0, 0, "dense", "dense|planes",
	 "policy: one dense layer, or moves on planes"},
	{"ownership", CONF_BOOL, FIELD(ownership), 0, 0, "no", NULL,
	 "a head for who will own each cell"},
	{"lead", CONF_BOOL, FIELD(lead), 0, 0, "no", NULL,
	 "a head for the lead in points"},
	{.name = NULL},
};

/* Networks of earlier versions have none of these. */
static bool is_left_out(const struct net_config *c, const struct conf_spec *s)
{
	return (s->offset == FIELD(head) && c->head == NET_HEAD_DENSE) ||
	       (s->offset == FIELD(ownership) && !c->ownership) ||
	       (s->offset == FIELD(lead) && !c->lead);
}

void net_config_format(const struct net_config *c, struct buf *out)
{
	buf_puts(out, bodies[0]);
	for (const struct conf_spec *s = tower_spec; s->name; s++) {
		if (is_left_out(c, s))
			continue;
		buf_printf(out, "%c%s=", s == tower_spec ? ':' : ',', s->name);
		conf_format_value(s, c, out);
	}
}

enum err_code net_config_parse(struct net_config *c, const char *text,
			       struct err *e)
{
	struct net_config n = *c;
	size_t len = strcspn(text, ":");
	struct err unread = ERR_INIT;
	char body[32];

	if (!e)
		e = &unread;
	if (len != strlen(bodies[0]) || strncmp(text, bodies[0], len)) {
		const char *near;

		if (len >= sizeof(body))
			len = sizeof(body) - 1;
		memcpy(body, text, len);
		body[len] = '\0';
		near = conf_nearest(body, bodies, ARRAY_LEN(bodies));
		return err_set(e, ERR_USAGE,
			       "network '%s': unknown body '%s'%s%s%s", text,
			       body, near ? ": did you mean '" : "",
			       near ? near : "", near ? "'?" : "");
	}
	conf_defaults(tower_spec, &n);
	if (text[len] &&
	    conf_read_list(tower_spec, &n, text + len + 1, "network", e))
		return e->code;
	if (n.pool_blocks > n.blocks)
		return err_set(e, ERR_USAGE,
			       "network: pool = %d: there are only %d blocks",
			       n.pool_blocks, n.blocks);
	*c = n;
	return ERR_OK;
}

enum err_code net_config_check(const struct net_config *c, struct err *e)
{
	if (c->head == NET_HEAD_PLANES && !c->place_planes)
		return err_set(e, ERR_FORMAT,
			       "the network's policy is on planes, where this "
			       "game's moves have no places");
	return ERR_OK;
}

bool net_config_has(const struct net_config *c, enum net_head_id head)
{
	return head == NET_OWNERSHIP ? c->ownership
	       : head == NET_LEAD    ? c->lead
				     : true;
}

void net_config_game(struct net_config *c, const struct game *g)
{
	int planes = 0, pooled = 0, cells = g->rows * g->cols, cell = 0;

	c->planes = g->planes;
	c->rows = g->rows;
	c->cols = g->cols;
	c->moves = g->move_count;
	c->place_planes = c->place_pooled = 0;
	memset(c->place, 0, sizeof(c->place));
	if (!g->rules->move_plane || g->move_count > NET_MAX_PLACED)
		return;
	for (int m = 0; m < g->move_count; m++) {
		int p = g->rules->move_plane(g, (game_move)m, &cell);

		planes = p >= planes ? p + 1 : planes;
	}
	for (int m = 0; m < g->move_count; m++) {
		int p = g->rules->move_plane(g, (game_move)m, &cell);

		assert(p < 0 || (cell >= 0 && cell < cells));
		c->place[m] = (uint16_t)(p < 0 ? cells * planes + pooled++
					       : cell * planes + p);
	}
	assert(cells * planes + pooled <= UINT16_MAX);
	c->place_planes = planes;
	c->place_pooled = pooled;
}

size_t net_param_count(const struct net_config *c)
{
	struct net_graph g;
	size_t n;

	net_graph_init(&g, c);
	n = g.param_count;
	net_graph_release(&g);
	return n;
}

size_t net_stat_count(const struct net_config *c)
{
	struct net_graph g;
	size_t n;

	net_graph_init(&g, c);
	n = g.stat_count;
	net_graph_release(&g);
	return n;
}

void net_init(const struct net_config *c, uint64_t seed, float *params)
{
	struct net_graph g;
	struct rng r;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];

		rng_init(&r, seed, RNG_INIT, i, 0);
		l->type->init(&l->sh, &r, params + l->param);
	}
	net_graph_release(&g);
}

void net_masks(const struct net_config *c, float *decay, float *learn)
{
	struct net_graph g;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];

		l->type->masks(&l->sh, decay + l->param, learn + l->param);
	}
	net_graph_release(&g);
}

void net_stats_update(const struct net_config *c, float *params,
		      const float *stats, float momentum)
{
	struct net_graph g;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		const float *now = stats + l->stat;
		float *running = params + net_layer_running(l);
		size_t n = net_layer_stats(l);

		for (size_t k = 0; k < n; k++)
			running[k] += (now[k] - running[k]) * momentum;
	}
	net_graph_release(&g);
}

static void describe_layer(const struct net_layer *l, bool first,
			   struct buf *out)
{
	const struct layer_shape *sh = &l->sh;
	char kind[32], shape[48];

	snprintf(kind, sizeof(kind), "%s%s%s", l->type->name,
		 l->skip != NET_NO_VALUE ? " + skip" : "",
		 sh->relu ? ", relu" : "");
	if (l->type == &layer_dense)
		snprintf(shape, sizeof(shape), "%d -> %d", sh->in, sh->out);
	else if (l->type == &layer_moves)
		snprintf(shape, sizeof(shape), "%dx%dx%d -> %d", sh->rows,
			 sh->cols, sh->planes, sh->out);
	else if (sh->in == sh->out)
		snprintf(shape, sizeof(shape), "%dx%dx%d", sh->rows, sh->cols,
			 sh->out);
	else
		snprintf(shape, sizeof(shape), "%dx%dx%d -> %d", sh->rows,
			 sh->cols, sh->in, sh->out);
	buf_printf(out, "%-10s %-18s %-18s %9zu\n", first ? l->part : "", kind,
		   shape, l->type->param_count(sh));
}

void net_describe(const struct net_config *c, struct buf *out)
{
	struct net_graph g;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++)
		describe_layer(
			&g.layers[i],
			!i || strcmp(g.layers[i].part, g.layers[i - 1].part),
			out);
	buf_printf(out, "%-10s %-18s %-18s %9zu\n", "all", "", "",
		   g.param_count);
	net_graph_release(&g);
}

double net_flops(const struct net_config *c)
{
	struct net_graph g;
	double flops = 0;

	net_graph_init(&g, c);
	for (int i = 0; i < g.layer_count; i++) {
		const struct net_layer *l = &g.layers[i];
		const struct layer_shape *sh = &l->sh;
		double products = (double)sh->in * sh->out;

		if (l->type == &layer_conv3)
			flops += 2 * 9 * products * sh->rows * sh->cols;
		else if (l->type == &layer_moves)
			flops += 2.0 * sh->in *
				 (sh->rows * sh->cols * sh->planes +
				  2 * sh->pooled);
		else if (l->type == &layer_conv1 || l->type == &layer_point)
			flops += 2 * products * sh->rows * sh->cols;
		else if (l->type == &layer_dense)
			flops += 2 * products;
		else if (l->type == &layer_pool)
			flops += 4 * products;
	}
	net_graph_release(&g);
	return flops;
}

const char *net_vector_kernel(void)
{
	return kernel_get()->name;
}

const char *net_blas_kernel(void)
{
	return blas_kernel();
}
