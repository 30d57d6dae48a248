/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/eval_cache.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/mem.h"

/* Places of an index that begins to be filled; it doubles. */
enum { FIRST_PLACES = 1024 };

/* In the arena; `count` logits behind it, and then `count` moves. */
struct entry {
	struct eval_key key;
	float wdl[3];
	int32_t row; /* as struct eval_answer */
	uint32_t count;
};

/* Of the index, by open addressing. */
struct place {
	uint32_t at;  /* 0: free, else 1 + offset of the entry in UNITs */
	uint32_t tag; /* of its key, so that others need not be looked at */
};

struct eval_cache {
	struct arena arena; /* entries */
	size_t cap_bytes;
	struct place *places; /* owned; NULL until there is an entry */
	size_t place_count, used;
};

enum { UNIT = 16 };

struct eval_cache *eval_cache_new(size_t cap_bytes)
{
	struct eval_cache *c = mem_zalloc(1, sizeof(*c));

	/* Offsets have 32 bits. */
	if (cap_bytes / UNIT >= UINT32_MAX)
		cap_bytes = (size_t)(UINT32_MAX - 1) * UNIT;
	c->cap_bytes = cap_bytes;
	if (cap_bytes)
		arena_init(&c->arena, cap_bytes);
	return c;
}

void eval_cache_free(struct eval_cache *c)
{
	if (!c)
		return;
	arena_release(&c->arena);
	free(c->places);
	free(c);
}

void eval_cache_clear(struct eval_cache *c)
{
	arena_reset(&c->arena);
	c->used = 0;
	if (c->places)
		memset(c->places, 0, c->place_count * sizeof(*c->places));
}

/*
 * Two sums of products, each by its own multiplier, so that a question which
 * agrees in one hardly agrees in the other.  Multiplying alone moves bits up;
 * the turn brings them down again.
 */
static inline void stir(struct eval_key *k, uint64_t word)
{
	k->a = (k->a ^ word) * 0x9e3779b97f4a7c15u;
	k->b = (k->b + word) * 0xd6e8feb86659fd93u;
	k->a ^= k->a >> 29;
	k->b = k->b << 31 | k->b >> 33;
}

struct eval_key eval_cache_key(const float *x, size_t inputs,
			       const game_move *legal, int count)
{
	/* Products take a while but not each other's time: the words go round
	 * several pairs of sums. */
	enum { LANES = 4, STEP = 2 * LANES };
	struct eval_key lane[LANES] = {
		{0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu},
		{0x3c6ef372fe94f82bu, 0xa54ff53a5f1d36f1u},
		{0x510e527fade682d1u, 0x9b05688c2b3e6c1fu},
		{0x1f83d9abfb41bd6bu, 0x5be0cd19137e2179u},
	};
	struct eval_key k = lane[0];
	size_t i = 0;

	for (; i + STEP <= inputs; i += STEP) {
		uint64_t word[LANES];

		memcpy(word, x + i, sizeof(word));
#pragma GCC unroll 4
		for (int n = 0; n < LANES; n++)
			stir(&lane[n], word[n]);
	}
	for (; i < inputs; i++) {
		uint32_t word;

		memcpy(&word, x + i, sizeof(word));
		stir(&k, word);
	}
	for (int m = 0; m < count; m++)
		stir(&k, legal[m]);
	stir(&k, (uint64_t)count);
	for (int n = 0; n < LANES; n++) {
		stir(&k, lane[n].a);
		stir(&k, lane[n].b);
	}
	k.b ^= k.b >> 32;
	return k;
}

static float *logits_of(struct entry *e)
{
	return (float *)(e + 1);
}

static game_move *moves_of(struct entry *e)
{
	return (game_move *)(logits_of(e) + e->count);
}

static struct entry *entry_at(const struct eval_cache *c, uint32_t at)
{
	return (void *)(c->arena.base + (size_t)(at - 1) * UNIT);
}

/* Where the key stands, or the free place for it. */
static size_t place_of(const struct eval_cache *c, struct eval_key key)
{
	size_t mask = c->place_count - 1;
	size_t i = (size_t)key.a & mask;

	for (; c->places[i].at; i = (i + 1) & mask) {
		const struct entry *e = entry_at(c, c->places[i].at);

		if (c->places[i].tag == (uint32_t)key.b && e->key.a == key.a &&
		    e->key.b == key.b)
			break;
	}
	return i;
}

bool eval_cache_find(const struct eval_cache *c, struct eval_key key,
		     struct eval_answer *out)
{
	struct entry *e;
	size_t i;

	if (!c->used)
		return false;
	i = place_of(c, key);
	if (!c->places[i].at)
		return false;
	e = entry_at(c, c->places[i].at);
	*out = (struct eval_answer){.row = e->row,
				    .count = (int)e->count,
				    .wdl = e->wdl,
				    .move = moves_of(e),
				    .logit = logits_of(e)};
	return true;
}

/* Room in the index for one more, at most half of it full. */
static bool need_place(struct eval_cache *c)
{
	size_t old_count = c->place_count;
	struct place *old = c->places;

	if (2 * (c->used + 1) <= c->place_count)
		return true;
	c->place_count = old_count ? 2 * old_count : FIRST_PLACES;
	if (c->place_count * sizeof(*old) + c->arena.used_bytes >
	    c->cap_bytes) {
		c->place_count = old_count;
		return false;
	}
	c->places = mem_zalloc(c->place_count, sizeof(*old));
	for (size_t i = 0; i < old_count; i++)
		if (old[i].at)
			c->places[place_of(c, entry_at(c, old[i].at)->key)] =
				old[i];
	free(old);
	return true;
}

int64_t eval_cache_add(struct eval_cache *c, struct eval_key key, int row,
		       const game_move *legal, int count)
{
	size_t bytes = sizeof(struct entry) +
		       (size_t)count * (sizeof(float) + sizeof(*legal));
	struct entry *e;
	size_t at, i;

	assert(row >= 0 && count > 0);
	if (!need_place(c) ||
	    c->arena.used_bytes + bytes + UNIT +
			    c->place_count * sizeof(*c->places) >
		    c->cap_bytes)
		return -1;
	i = place_of(c, key);
	assert(!c->places[i].at);
	at = c->arena.used_bytes;
	e = arena_alloc(&c->arena, bytes);
	e->key = key;
	e->row = row;
	e->count = (uint32_t)count;
	memcpy(moves_of(e), legal, (size_t)count * sizeof(*legal));
	c->places[i] =
		(struct place){(uint32_t)(at / UNIT) + 1, (uint32_t)key.b};
	c->used++;
	return (int64_t)c->places[i].at;
}

void eval_cache_fill(struct eval_cache *c, int64_t number, const float *policy,
		     const float *wdl)
{
	struct entry *e = entry_at(c, (uint32_t)number);
	const game_move *moves = moves_of(e);
	float *logits = logits_of(e);

	for (uint32_t i = 0; i < e->count; i++)
		logits[i] = policy[moves[i]];
	memcpy(e->wdl, wdl, sizeof(e->wdl));
	e->row = -1;
}
