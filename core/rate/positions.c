/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/positions.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/rate/match_int.h"

void positions_init(struct positions *p, const struct game *g)
{
	*p = (struct positions){.game = g, .symmetries = match_symmetries(g)};
}

void positions_release(struct positions *p)
{
	seen_release(&p->keys);
}

static uint64_t key_of(const struct positions *p, const game_move *moves,
		       int count)
{
	return match_position_key(p->game, p->symmetries, moves, count);
}

int positions_add(struct positions *p, const game_move *moves, int from,
		  int count)
{
	int n = 0;

	for (int i = from; i <= count; i++)
		n += seen_add(&p->keys, key_of(p, moves, i));
	return n;
}

int positions_known(const struct positions *p, const game_move *moves, int from,
		    int count)
{
	int n = 0;

	for (int i = from; i <= count; i++)
		n += seen_has(&p->keys, key_of(p, moves, i));
	return n;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Key 0, one in 2^64, is left out. */
void positions_save(const struct positions *p, struct buf *out)
{
	uint64_t *keys = mem_zalloc(p->keys.count, sizeof(*keys));
	size_t n = 0;

	for (size_t i = 0; i < p->keys.room; i++)
		if (p->keys.keys[i])
			keys[n++] = p->keys.keys[i];
	if (n)
		qsort(keys, n, sizeof(*keys), compare);
	for (size_t i = 0; i < n; i++)
		buf_u64(out, keys[i]);
	free(keys);
}

bool positions_load(struct positions *p, const void *data, size_t len)
{
	struct reader r;

	reader_init(&r, data, len);
	while (r.pos < r.len && !r.failed) {
		uint64_t key = reader_u64(&r);

		if (!r.failed)
			seen_add(&p->keys, key);
	}
	return !r.failed;
}
