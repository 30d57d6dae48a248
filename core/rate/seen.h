/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_SEEN_H
#define CORE_RATE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of 64-bit keys that are well mixed already (rng_mix()); zeroed, it is
 * empty.  Among a million keys two of different things are equal with a chance
 * of 3e-8. */
struct seen {
	uint64_t *keys; /* owned; [room], 0: free */
	size_t count, room;
	bool zero; /* key 0 is in it */
};

/* True if the key is new; it is in the set from now on. */
bool seen_add(struct seen *s, uint64_t key);
bool seen_has(const struct seen *s, uint64_t key);
void seen_release(struct seen *s);

#endif
