/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/repeats.h"

#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/rng.h"
#include "core/rate/seen.h"
#include "store/game.h"
#include "store/store.h"

/* Eight characters at a time: this is most of the work. */
static uint64_t key_of(const char *moves)
{
	size_t len = strlen(moves);
	uint64_t key = rng_mix(0, len), word;

	for (; len >= sizeof(word);
	     moves += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, moves, sizeof(word));
		key = rng_mix(key, word);
	}
	word = 0;
	memcpy(&word, moves, len);
	return rng_mix(key, word);
}

static void add(void *ctx, int64_t number, const char *moves)
{
	struct repeats *r = ctx;

	r->games++;
	r->distinct += seen_add(&r->seen, key_of(moves));
	r->next = number + 1;
}

enum store_status repeats_read(struct repeats *r, struct store *s,
			       int64_t run_id, int64_t most)
{
	int64_t before = r->games;
	enum store_status st =
		store_game_each_line(s, run_id, r->next, most, add, r);

	r->more = most && r->games - before == most;
	return st;
}

void repeats_release(struct repeats *r)
{
	seen_release(&r->seen);
	memset(r, 0, sizeof(*r));
}

/* Never 100% where one repeats. */
void repeats_text(const struct repeats *r, struct buf *out)
{
	double share = 1000.0 * (double)r->distinct / (double)r->games;

	if (r->games)
		buf_printf(out, "%lld of %lld games (%.1f%%)",
			   (long long)r->distinct, (long long)r->games,
			   floor(share) / 10);
	if (r->more)
		buf_puts(out, " so far");
}
