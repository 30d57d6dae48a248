/* SPDX-License-Identifier: MIT */
/* Who knows where the goal of the dark room is: goes there, or does so with a
 * noise that falls from all to a half (Zisman et al. 2023, arXiv 2312.12275).
 */
#include "config.h"

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_grid.h"
#include "core/study/env_room.h"
#include "core/study/source.h"

enum { EPISODES = 200 };
static const float NOISE_LAST = 0.5f;

struct mind {
	int goal, episodes;
};

static void begin(void *mind, const void *task)
{
	struct mind *m = mind;

	*m = (struct mind){.goal = room_goal(task)};
}

/* Any action that leads nearer, by chance; on the goal it stays. */
static int expert(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;
	int at = grid_cell(look), from = grid_distance(at, m->goal);
	int good[GRID_ACTIONS], n = 0;

	for (int a = 0; a < GRID_ACTIONS; a++) {
		int to = grid_distance(grid_move(at, a), m->goal);

		if (from ? to < from : a == GRID_STAY)
			good[n++] = a;
	}
	return good[rng_below(r, (uint32_t)n)];
}

static float noise(const struct mind *m)
{
	float share = (float)m->episodes / EPISODES;

	return share < 1 ? 1 + (NOISE_LAST - 1) * share : NOISE_LAST;
}

static int noisy(const void *mind, const uint8_t *look, struct rng *r)
{
	if (rng_float(r) < noise(mind))
		return (int)rng_below(r, GRID_ACTIONS);
	return expert(mind, look, r);
}

static void told(void *mind, const struct env_step *seen, bool done,
		 struct rng *r)
{
	struct mind *m = mind;

	(void)seen, (void)r;
	m->episodes += done;
}

const struct source source_room_expert = {
	.name = "room-expert",
	.what = "knows where the goal is",
	.env = &env_room,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = expert,
};

const struct source source_room_noisy = {
	.name = "room-noisy",
	.what = "knows where the goal is, with a noise that falls to a half",
	.env = &env_room,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = noisy,
	.told = told,
};
