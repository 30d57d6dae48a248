/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/game/pacman.h"

#include <string.h>

#include "core/agent/agent_int.h"
#include "core/game/game.h"

/*
 * Scripted players of Pac-Man.  Both go for the food that pays most for a step
 * on the way, by ways on which no ghost can be first.  `greedy` wants ghosts as
 * well, for what they pay; `kind` never eats one, whatever they pay: a square
 * with a ghost in fright is a wall to it, and a step that would eat is not
 * taken (to stay eats nothing, since ghosts in fright never come to him).
 */

enum {
	DEPTH = 60,        /* steps that are thought ahead */
	ROOM = 6,          /* squares within reach that are room enough */
	HUNT_SLOWDOWN = 2, /* a ghost that flees is caught in twice the steps */
	LURE = 6,          /* steps to a ghost that a pellet turns into prey */
};

struct plan {
	const struct game *g;
	const void *state;
	struct pacman_view view;
	int ghost; /* points for one; kind: less than nothing */
	/* When the first ghost can be on a square, in steps from now. */
	uint16_t danger[PACMAN_CELLS];
	uint16_t him[PACMAN_CELLS]; /* steps from his square */
	int near;                   /* hunting ghosts within LURE */
};

/* How good a first step is. */
struct prospect {
	bool eats; /* a ghost that is not to be eaten */
	bool safe;
	float room, reward;
};

static bool is_prey(const struct pacman_ghost_view *ghost)
{
	return ghost->fright && !ghost->wait;
}

static void begin_plan(struct plan *p, const struct game *g, const void *state)
{
	int cells = g->rows * g->cols;

	p->g = g;
	p->state = state;
	pacman_view(g, state, &p->view);
	pacman_distances(g, p->view.him, p->him);
	memset(p->danger, 0xff, sizeof(p->danger));
	p->near = 0;
	for (int i = 0; i < p->view.ghost_count; i++) {
		const struct pacman_ghost_view *ghost = &p->view.ghosts[i];
		uint16_t steps[PACMAN_CELLS];
		int late = ghost->fright > ghost->wait ? ghost->fright
						       : ghost->wait;

		pacman_distances(g, ghost->cell, steps);
		if (!late && p->him[ghost->cell] <= LURE)
			p->near++;
		for (int c = 0; c < cells; c++)
			if (steps[c] + late < p->danger[c])
				p->danger[c] = (uint16_t)(steps[c] + late);
	}
}

static const struct pacman_ghost_view *prey_at(const struct plan *p, int cell)
{
	for (int i = 0; i < p->view.ghost_count; i++)
		if (is_prey(&p->view.ghosts[i]) &&
		    p->view.ghosts[i].cell == cell)
			return &p->view.ghosts[i];
	return NULL;
}

/* What a square pays that is reached in `steps`, for each of them. */
static float pay(const struct plan *p, int cell, int steps)
{
	const struct pacman_ghost_view *prey = prey_at(p, cell);
	int food = pacman_food(p->g, p->state, cell);
	float points = 0, best;

	if (food == PACMAN_DOT)
		points = PACMAN_DOT_POINTS;
	if (food == PACMAN_PELLET) {
		points = PACMAN_PELLET_POINTS;
		if (p->ghost > 0)
			points += (float)(p->ghost * p->near);
	}
	best = points / (float)steps;
	if (prey && p->ghost > 0 && HUNT_SLOWDOWN * steps <= prey->fright)
		best += (float)p->ghost / (float)(HUNT_SLOWDOWN * steps);
	return best;
}

/* All that can be reached first from `from`, where he is after one step. */
static void look_around(const struct plan *p, int from, struct prospect *out)
{
	uint16_t queue[PACMAN_CELLS];
	uint16_t steps[PACMAN_CELLS];
	int head = 0, tail = 0;

	memset(steps, 0, sizeof(steps));
	steps[from] = 1;
	queue[tail++] = (uint16_t)from;
	while (head < tail) {
		int cell = queue[head++];
		float here = pay(p, cell, steps[cell]);

		if (here > out->reward)
			out->reward = here;
		for (int d = 0; steps[cell] < DEPTH && d < PACMAN_STAY; d++) {
			int to = pacman_next(p->g, cell, d);

			if (to < 0 || steps[to] ||
			    p->danger[to] <= steps[cell] + 1 ||
			    (p->ghost < 0 && prey_at(p, to)))
				continue;
			steps[to] = (uint16_t)(steps[cell] + 1);
			queue[tail++] = (uint16_t)to;
		}
	}
	out->room = tail < ROOM ? (float)tail / ROOM : 1;
}

static int ghosts_eaten(const struct game *g, const void *state)
{
	struct game_fact facts[GAME_MAX_FACTS];
	int n = g->rules->facts(g, state, facts);

	for (int i = 0; i < n; i++)
		if (!strcmp(facts[i].name, "ghosts"))
			return facts[i].value;
	return 0;
}

static float judge(struct agent *a, const struct plan *p, game_move m)
{
	const struct game *g = p->g;
	int to = pacman_next(g, p->view.him, m);
	struct prospect x = {0};

	memcpy(a->child, p->state, g->state_size);
	g->rules->apply(g, a->child, m);
	x.eats = p->ghost < 0 &&
		 ghosts_eaten(g, a->child) > ghosts_eaten(g, p->state);
	x.safe = p->danger[to] > 1;
	look_around(p, to, &x);
	return (x.eats ? -1e6f : 0) + (x.safe ? 0 : -1e4f) + 500 * x.room +
	       x.reward + (m == p->view.facing ? 1e-3f : 0) -
	       (m == PACMAN_STAY ? 1e-2f : 0);
}

/* The best of the legal moves; equals are equally likely. */
static void play(struct agent *a, const void *state, int ghost, struct rng *r,
		 struct thought *out)
{
	struct plan p;
	float best = 0;

	for (int i = 0; i < out->count; i++)
		a->weight[i] = 0;
	p.ghost = ghost;
	if (out->count > 1)
		begin_plan(&p, a->g, state);
	for (int i = 0; i < out->count; i++) {
		float worth =
			out->count > 1 ? judge(a, &p, out->moves[i].move) : 0;

		if (!i || worth > best) {
			for (int k = 0; k < i; k++)
				a->weight[k] = 0;
			best = worth;
		}
		if (worth >= best)
			a->weight[i] = 1;
	}
	thought_draw(out, a, r);
}

static void greedy_think(struct agent *a, const void *state, struct rng *r,
			 const atomic_bool *cancel, struct thought *out)
{
	(void)cancel;
	play(a, state, pacman_ghost_points(a->g), r, out);
}

static void kind_think(struct agent *a, const void *state, struct rng *r,
		       const atomic_bool *cancel, struct thought *out)
{
	(void)cancel;
	play(a, state, -1, r, out);
}

const struct agent_kind agent_kind_greedy = {
	.name = "greedy",
	.form = "greedy",
	.help = "goes for what pays most, ghosts too",
	.family = "pacman",
	.think = greedy_think,
};

const struct agent_kind agent_kind_kind = {
	.name = "kind",
	.form = "kind",
	.help = "clears dots and never eats a ghost",
	.family = "pacman",
	.think = kind_think,
};
