/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/seen.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum { LEAST_ROOM = 64 }; /* a power of two */

/* Where the key is, or would be. */
static size_t find(const struct seen *s, uint64_t key)
{
	size_t at = (size_t)key & (s->room - 1);

	while (s->keys[at] && s->keys[at] != key)
		at = (at + 1) & (s->room - 1);
	return at;
}

static void grow(struct seen *s)
{
	struct seen old = *s;

	s->room = old.room ? 2 * old.room : LEAST_ROOM;
	s->keys = mem_zalloc(s->room, sizeof(*s->keys));
	for (size_t i = 0; i < old.room; i++)
		if (old.keys[i])
			s->keys[find(s, old.keys[i])] = old.keys[i];
	free(old.keys);
}

bool seen_add(struct seen *s, uint64_t key)
{
	bool was = s->zero;
	size_t at;

	if (!key) {
		s->zero = true;
		return !was;
	}
	if (2 * s->count >= s->room)
		grow(s);
	at = find(s, key);
	if (s->keys[at])
		return false;
	s->keys[at] = key;
	s->count++;
	return true;
}

bool seen_has(const struct seen *s, uint64_t key)
{
	if (!key)
		return s->zero;
	return s->room && s->keys[find(s, key)];
}

void seen_release(struct seen *s)
{
	free(s->keys);
	memset(s, 0, sizeof(*s));
}
