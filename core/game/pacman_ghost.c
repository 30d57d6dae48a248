/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/pacman.h"

#include "core/game/pacman_int.h"

/* Which way ghosts go: pacman.h says how each thinks. */

enum { AHEAD = 4, SHY_WITHIN = 8 };

/* Every way but back, ascending; back alone in a dead end. */
static int ways_on(const struct game *g, const struct pacman_ghost *ghost,
		   uint8_t out[4])
{
	int back = -1, n = 0;

	for (int d = 0; d < PACMAN_STAY; d++) {
		int to = pacman_next(g, ghost->cell, d);

		if (to < 0)
			continue;
		if (to == ghost->from && ghost->from != ghost->cell)
			back = d;
		else
			out[n++] = (uint8_t)d;
	}
	if (!n && back >= 0)
		out[n++] = (uint8_t)back;
	return n;
}

static int square_ahead(const struct game *g, const struct pacman_state *s)
{
	int cell = s->him;

	for (int i = 0; i < AHEAD; i++) {
		int to = pacman_next(g, cell, s->facing);

		if (to < 0)
			break;
		cell = to;
	}
	return cell;
}

/* The way of ways[n] that leads nearest to the cell where `steps` are 0. */
static uint8_t nearest(const struct game *g, int from, const uint16_t *steps,
		       const uint8_t *ways, int n)
{
	uint8_t best = ways[0];

	for (int i = 1; i < n; i++)
		if (steps[pacman_next(g, from, ways[i])] <
		    steps[pacman_next(g, from, best)])
			best = ways[i];
	return best;
}

static int flee(const struct game *g, const struct pacman_state *s,
		const struct pacman_ghost *ghost, uint8_t out[4])
{
	uint16_t steps[PACMAN_CELLS];
	int best = -1;

	pacman_distances(g, s->him, steps);
	for (int d = 0; d < PACMAN_STAY; d++) {
		int to = pacman_next(g, ghost->cell, d);

		if (to < 0 || to == s->him ||
		    (best >= 0 && steps[to] <= steps[best]))
			continue;
		best = to;
		out[0] = (uint8_t)d;
	}
	return best >= 0;
}

int pacman_ghost_ways(const struct game *g, const struct pacman_state *s, int i,
		      uint8_t out[4])
{
	const struct pacman_ghost *ghost = &s->ghosts[i];
	uint16_t steps[PACMAN_CELLS];
	int n, target = s->him;

	if (ghost->fright)
		return s->tick % 2 ? 0 : flee(g, s, ghost, out);
	if (s->tick % PACMAN_REST == PACMAN_REST - 1)
		return 0;
	n = ways_on(g, ghost, out);
	if (n <= 1 || ghost->number == 3)
		return n;
	if (ghost->number == 2)
		target = square_ahead(g, s);
	pacman_distances(g, target, steps);
	if (ghost->number == 4 && steps[ghost->cell] <= SHY_WITHIN)
		pacman_distances(g, ghost->home, steps);
	out[0] = nearest(g, ghost->cell, steps, out, n);
	return 1;
}
