/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/rate/positions.h"

#include <stdbool.h>
#include <stdlib.h>

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
