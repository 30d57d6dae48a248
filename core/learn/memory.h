/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_MEMORY_H
#define CORE_LEARN_MEMORY_H

#include "core/learn/recipe.h"

/* What a run does with its recipe, as far as memory goes. */
struct memory_work {
	int threads;
	bool self_play; /* else it learns from games of others */
	int64_t games;  /* at most; 0: not known */
	bool begun;     /* its recipe cannot be changed any more */
};

/* Bytes that a run takes while it works, to about a tenth. */
double memory_of(const struct recipe *r, const struct game *g,
		 const struct memory_work *w);

/*
 * ERR_USAGE if that is more than `available` bytes: says how much it needs and
 * there is, what takes most of it and which keys to lower.  0 available: not
 * known, so anything goes.
 */
ATTR_NODISCARD enum err_code memory_check(const struct recipe *r,
					  const struct game *g,
					  const struct memory_work *w,
					  double available, struct err *e);

#endif
