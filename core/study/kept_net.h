/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_KEPT_NET_H
#define CORE_STUDY_KEPT_NET_H

#include <stddef.h>
#include <stdint.h>

#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/net/net.h"
#include "core/study/study.h"

/*
 * A network in memory, and how one trial hands it to the next: as the bytes
 * that it keeps under a name, "network" for that which an arm is about.
 */
struct kept_net {
	struct net_config config;
	float *weights;        /* owned; [net_param_count] */
	struct net_plan *plan; /* owned */
};
void kept_net_release(struct kept_net *n);

/* Copies the weights; what was in *n is released. */
void kept_net_set(struct kept_net *n, const struct net_config *c,
		  const float *weights);
/* The same of what a course keeps now. */
void kept_net_take(struct kept_net *n, struct course *c);

/* For study_keep(), and back: one that does not fit the game is ERR_FORMAT. */
void kept_net_save(const struct kept_net *n, struct buf *out);
ATTR_NODISCARD enum err_code kept_net_load(struct kept_net *n,
					   const struct game *g,
					   const void *data, size_t len,
					   struct err *e);

/* The same of one whose rows are no game's: as those of `rows`. */
ATTR_NODISCARD enum err_code kept_net_load_as(struct kept_net *n,
					      const struct net_config *rows,
					      const void *data, size_t len,
					      struct err *e);

/* Within a trial: keep it, and find what an arm kept.  *out is released by the
 * caller, also after an error. */
void kept_net_put(struct study_run *r, const char *name,
		  const struct kept_net *n);
ATTR_NODISCARD enum err_code kept_net_find(struct study_run *r,
					   const struct game *g,
					   const char *arm, const char *name,
					   struct kept_net *out, struct err *e);

#endif
