/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_VIEWS_H
#define CORE_STUDY_CLAIM_VIEWS_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/learn/life.h"
#include "core/study/views.h"

struct claim_run;
struct net_plan;
struct pool;

/*
 * About `count` positions of games in a life of `g`, whose positions look as
 * those of v->game, each once, and what `plans` say of them, as many as
 * v->stages, or with NULL its first v->stages stages, are added to `v`.  They
 * are drawn from what its stages played and from its self-play alike.
 */
void claim_views_add(struct views *v, const struct game *g,
		     const struct life *l, const struct net_plan *const *plans,
		     int64_t count, uint64_t seed, struct pool *pool);

/* Which lives are seen. */
enum claim_seen {
	CLAIM_SEEN_CUT,     /* those that are trained on, up to their cuts */
	CLAIM_SEEN_BEST,    /* of these, as claim_filter.h has them */
	CLAIM_SEEN_WHOLE,   /* the same, whole */
	CLAIM_SEEN_RULES,   /* whole ones of other rules */
	CLAIM_SEEN_DOUBLED, /* up to their cuts, as claim_doubled.h has them */
};
int claim_views_stages(const struct claim_run *x, enum claim_seen seen);
/* At which their policies are seen: learners from searches are sharp enough. */
float claim_views_temperature(const struct claim_run *x, enum claim_seen seen);
/* The same of all of them, `views_positions` of each, into `v`, made here and
 * released by the caller, also after an error. */
ATTR_NODISCARD enum err_code claim_views_lives(const struct claim_run *x,
					       enum claim_seen seen,
					       struct views *v, struct err *e);

#endif
