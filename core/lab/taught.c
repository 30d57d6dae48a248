/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/taught.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/seen.h"

void taught_add(struct taught *t, const struct game *g, const game_move *moves,
		int count, int opening)
{
	void *state = game_state_new(g, 0);
	uint64_t line = rng_mix(0, (uint64_t)count);

	for (int ply = 0; ply < count; ply++) {
		if (ply >= opening && g->rules->to_act(g, state) >= 0) {
			t->positions++;
			t->distinct_positions += seen_add(
				&t->positions_seen, g->rules->hash(g, state));
		}
		line = rng_mix(line, moves[ply]);
		g->rules->apply(g, state, moves[ply]);
	}
	free(state);
	t->games++;
	t->distinct_games += seen_add(&t->games_seen, line);
}

void taught_release(struct taught *t)
{
	seen_release(&t->games_seen);
	seen_release(&t->positions_seen);
}

bool taught_repeats(const struct taught *t)
{
	return 2 * t->distinct_games < t->games ||
	       2 * t->distinct_positions < t->positions;
}

void taught_text(const struct taught *t, struct buf *out)
{
	buf_printf(out, "%lld of %lld games and %lld of %lld positions differ",
		   (long long)t->distinct_games, (long long)t->games,
		   (long long)t->distinct_positions, (long long)t->positions);
}
