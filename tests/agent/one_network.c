/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/agent/one_network.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/net/net.h"

int one_network_out;

static enum err_code load(void *self, const char *run, const char *step,
			  const struct game *g, const struct net_plan **plan,
			  int64_t *loaded, struct err *e)
{
	struct net_config c = {
		.planes = g->planes,
		.rows = g->rows,
		.cols = g->cols,
		.moves = g->move_count,
	};
	char text[96];
	float *params;

	(void)self;
	if (strcmp(run, "c4"))
		return err_set(e, ERR_NOTFOUND, "no run '%s'", run);
	if (strcmp(step, "latest") && strcmp(step, "64"))
		return err_set(e, ERR_NOTFOUND, "run c4 has no step %s", step);
	snprintf(text, sizeof(text),
		 "tower:filters=8,blocks=1,policy=2,value=2,hidden=8,"
		 "ownership=%s,lead=%s",
		 g->rules->ownership ? "yes" : "no",
		 g->rules->lead ? "yes" : "no");
	if (net_config_parse(&c, text, e))
		return e->code;
	params = mem_floats(net_param_count(&c));
	net_init(&c, 3, params);
	*plan = net_plan_new(&c, params);
	free(params);
	*loaded = 64;
	one_network_out++;
	return ERR_OK;
}

static void release(void *self, const struct net_plan *plan)
{
	(void)self;
	/* The plan was made by load() above, so it may go. */
	net_plan_free((struct net_plan *)(uintptr_t)plan);
	one_network_out--;
}

const struct agent_source one_network = {.load = load, .release = release};
