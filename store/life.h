/* SPDX-License-Identifier: MIT */
#ifndef STORE_LIFE_H
#define STORE_LIFE_H

#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

/* A part of a learner's life (core/learn/life.h): bytes that never change. */
struct store_life {
	int64_t id, run_id;   /* of the set that it is in */
	uint64_t seed;        /* of the life */
	const char *part;     /* "before" or "after" its cut */
	const char *settings; /* key = value lines */
	int64_t begun_ms;     /* when work on it began */
	/* Filled in by the store: */
	const char *sha256;
	int64_t bytes;  /* of the part */
	int64_t packed; /* as they lie in the file */
	int64_t created_ms;
	const char *run; /* the set's name; NULL in a file that is damaged */
};

/* STORE_EXISTS: the set has this part of this seed. */
STORE_NODISCARD enum store_status store_life_add(struct store *s,
						 const struct store_life *l,
						 const void *data, size_t len);
/* By run and seed, `before` first; run_id 0: all. */
STORE_NODISCARD enum store_status
store_life_list(struct store *s, struct store_bag *bag, int64_t run_id,
		struct store_life **rows, size_t *count);
/* Its row, and if `data` is not NULL its bytes, whose hash is computed anew.
 * STORE_NOTFOUND; STORE_DAMAGED if they are not what was saved. */
STORE_NODISCARD enum store_status
store_life_get(struct store *s, struct store_bag *bag, int64_t run_id,
	       uint64_t seed, const char *part, struct store_life *out,
	       const void **data);

#endif
