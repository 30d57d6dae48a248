/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CLAIM_VIEWS_H
#define CORE_STUDY_CLAIM_VIEWS_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/learn/life.h"
#include "core/study/views.h"

struct claim_run;
struct pool;

/*
 * About `count` positions of a life's games before its cut, each once, drawn
 * from those that its stages played and from its self-play alike, and what its
 * `stages` first stages say of them, are added to `v`, which has as many
 * stages.
 */
void claim_views_add(struct views *v, const struct life *l, int64_t count,
		     uint64_t seed, struct pool *pool);

/* The same of all lives that are trained on, into `v`, made here and released
 * by the caller, also after an error; `views_positions` of each. */
ATTR_NODISCARD enum err_code claim_views_lives(const struct claim_run *x,
					       struct views *v, struct err *e);

#endif
