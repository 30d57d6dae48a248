/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_MIND_H
#define CORE_AGENT_MIND_H

#include "core/agent/agent_int.h"
#include "core/agent/net_eval.h"
#include "core/search/evaluator.h"

/*
 * What values positions for an agent: a network of the lab, RUN/STEP, or for
 * kinds of AGENT_EVALUATOR also `uniform` or `rollout`, which need none.  It is
 * part of what such a kind keeps.
 */
struct mind {
	const struct agent_source *source; /* borrowed */
	const struct net_plan *plan;       /* released through `source` */
	struct net_eval *net;              /* owned; NULL without a network */
	struct evaluator evaluator;
	int batch;    /* positions that it is asked about at once, at most */
	bool rollout; /* the evaluator is closed as one */
	int symmetries;
	float prior_temperature;
};

/* How it is asked; see net_eval_tune(). */
struct mind_conf {
	int batch; /* 0: 8 with a network, 1 without */
	int symmetries;
	float prior_temperature;
	int rollouts;
};
#define MIND_CONF_DEFAULT                                              \
	{                                                              \
		.symmetries = 1, .prior_temperature = 1, .rollouts = 1 \
	}

/* The network alone that a->mind names, RUN/STEP, which then names the step
 * that was found; ERR_USAGE and ERR_NOTFOUND as below.  Released through
 * `a->source`.
 */
ATTR_NODISCARD enum err_code
mind_load(struct agent *a, const struct net_plan **plan, struct err *e);

/* By a->mind, which then names the step that was found.  ERR_USAGE: no network
 * is named; ERR_NOTFOUND as agent_open().  mind_close() is called either way.
 */
ATTR_NODISCARD enum err_code mind_open(struct mind *m, struct agent *a,
				       const struct mind_conf *c,
				       struct err *e);
void mind_close(struct mind *m);

/* Whether `text` stands for an evaluator that needs no network. */
bool mind_is_built_in(const char *text);

/* The network once more, for so many positions at once; the caller frees. */
struct net_eval *mind_network(const struct mind *m, const struct game *g,
			      int max_batch);

/* The owners after each line's first move, if they are wanted. */
void mind_show_lines(struct mind *m, struct agent *a, const void *state,
		     struct thought *out);

/* Whether a search is to keep leads: for show, as below. */
void mind_keep_leads(struct mind *m, const struct agent *a);

/* Owners and lead, where the network says and somebody wants them for show. */
void mind_show(struct mind *m, const struct agent *a, const void *state,
	       struct thought *out);

#endif
