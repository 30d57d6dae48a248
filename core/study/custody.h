/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_CUSTODY_H
#define CORE_STUDY_CUSTODY_H

#include <stdbool.h>

#include "core/base/digest.h"
#include "core/net/net.h"

struct study_run;

/*
 * Weights while they are scored.  From custody_new() on they lie in pages that
 * the processor lets nobody write to, as do those of the plan that is made of
 * them, and both are hashed; custody_tell() hashes them again and gives the run
 * what it found.  A study that scores a network scores custody_plan().
 *
 * Any thread may read; one at a time asks.
 */
struct custody;

/* params[net_param_count] are copied. */
struct custody *custody_new(const struct net_config *c, const float *params);
void custody_free(struct custody *c); /* NULL is allowed */

/* What plays; and the weights, as checkpoints keep them. */
const struct net_plan *custody_plan(const struct custody *c);
const float *custody_params(const struct custody *c);
/* Their SHA-256 when they were taken, that of a checkpoint. */
const char *custody_digest(const struct custody *c);

/* Whether nothing has changed, by hashes; `now` (may be NULL) is that of the
 * weights as they are, or where only the plan has changed, of that. */
bool custody_holds(const struct custody *c, char now[DIGEST_SIZE]);

/* For a trial, once its arm was scored: study_custody() with both. */
void custody_tell(const struct custody *c, struct study_run *r);

#endif
