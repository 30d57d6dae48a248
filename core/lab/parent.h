/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_PARENT_H
#define CORE_LAB_PARENT_H

#include "core/lab/lab.h"
#include "core/learn/recipe.h"

/* The checkpoint whose weights a run begins with, as RUN/STEP; STEP may be
 * `latest`. */

/* Finds it for a new run of `game` by `recipe`.  `s` NULL: there is no lab yet.
 * ERR_USAGE: not RUN/STEP, or its network is not what the recipe makes.
 * ERR_NOTFOUND: no such checkpoint. */
ATTR_NODISCARD enum err_code parent_find(struct store *s, const char *text,
					 const struct game *game,
					 const struct recipe *recipe,
					 int64_t *id, struct err *e);

/* ERR_USAGE unless an existing run began from what `text` means: `latest` is
 * any step of that run, since it was another one then. */
ATTR_NODISCARD enum err_code parent_check(struct store *s, const char *text,
					  const struct store_run *run,
					  struct err *e);

/* Its weights; caller frees. */
ATTR_NODISCARD enum err_code parent_weights(struct store *s, int64_t id,
					    float **out, struct err *e);

#endif
