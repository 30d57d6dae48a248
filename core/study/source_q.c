/* SPDX-License-Identifier: MIT */
/* Tabular Q-learning (Watkins 1989) in rooms, which goes through each episode
 * backward once it is over; explores with a chance that falls with the
 * episodes. */
#include "config.h"

#include <string.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_grid.h"
#include "core/study/source.h"

static const float ALPHA = 0.5f, GAMMA = 0.9f;
static const float EXPLORE_FIRST = 0.5f, EXPLORE_LAST = 0.02f;

enum { EPISODES = 200, STEPS = 50 };

struct step {
	uint8_t state, action, reward;
};

struct mind {
	float q[2 * GRID_CELLS][GRID_ACTIONS]; /* later half: with the key */
	struct step path[STEPS];
	int16_t steps, episodes;
	uint8_t has_key;
};

static void begin(void *mind, const void *task)
{
	(void)task;
	memset(mind, 0, sizeof(struct mind));
}

static float explore(const struct mind *m)
{
	float share = (float)m->episodes / EPISODES;

	return share < 1
		       ? EXPLORE_FIRST + (EXPLORE_LAST - EXPLORE_FIRST) * share
		       : EXPLORE_LAST;
}

static float most(const float *q)
{
	float top = q[0];

	for (int a = 1; a < GRID_ACTIONS; a++)
		top = q[a] > top ? q[a] : top;
	return top;
}

static int state_of(const struct mind *m, const uint8_t *look)
{
	return grid_cell(look) + m->has_key * GRID_CELLS;
}

static int act(const void *mind, const uint8_t *look, struct rng *r)
{
	const struct mind *m = mind;
	const float *q = m->q[state_of(m, look)];
	float top = most(q);
	uint32_t ties = 0;

	if (rng_float(r) < explore(m))
		return (int)rng_below(r, GRID_ACTIONS);
	for (int a = 0; a < GRID_ACTIONS; a++)
		ties += q[a] >= top;
	ties = rng_below(r, ties);
	for (int a = 0;; a++)
		if (q[a] >= top && !ties--)
			return a;
}

/* The last step bootstraps from where it led, unless the episode was over for
 * good there and not by the clock. */
static void replay(struct mind *m, int last, bool over)
{
	float next = over ? 0 : most(m->q[last]);

	for (int i = m->steps - 1; i >= 0; i--) {
		const struct step *s = &m->path[i];
		float *q = &m->q[s->state][s->action];

		*q += ALPHA * (s->reward + GAMMA * next - *q);
		next = most(m->q[s->state]);
	}
}

static void told(void *mind, const struct env_step *seen, bool done, bool keys)
{
	struct mind *m = mind;
	int to = grid_move(grid_cell(seen->look), seen->action);
	bool over = keys && m->has_key && seen->reward;

	m->path[m->steps++] = (struct step){(uint8_t)state_of(m, seen->look),
					    seen->action, seen->reward};
	if (keys && seen->reward)
		m->has_key = 1;
	if (!done)
		return;
	replay(m, to + m->has_key * GRID_CELLS, over);
	m->steps = 0;
	m->has_key = 0;
	m->episodes++;
}

static void told_room(void *mind, const struct env_step *seen, bool done,
		      struct rng *r)
{
	(void)r;
	told(mind, seen, done, false);
}

static void told_keydoor(void *mind, const struct env_step *seen, bool done,
			 struct rng *r)
{
	(void)r;
	told(mind, seen, done, true);
}

const struct source source_room_q = {
	.name = "room-q",
	.what = "tabular Q-learning, replayed backward",
	.env = &env_room,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = act,
	.told = told_room,
};

const struct source source_keydoor_q = {
	.name = "keydoor-q",
	.what = "tabular Q-learning, replayed backward",
	.env = &env_keydoor,
	.mind_size = sizeof(struct mind),
	.begin = begin,
	.act = act,
	.told = told_keydoor,
};
