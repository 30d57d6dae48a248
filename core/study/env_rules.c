/* SPDX-License-Identifier: MIT */
/* Hidden rules: a board of 3x3 on which four of nine lines win, and nobody says
 * which.  The agent begins; its opponent draws moves uniformly.  Counted are
 * games won. */
#include "config.h"

#include "core/study/env_rules.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/study/env.h"

enum { ALL = (1 << RULES_CELLS) - 1, BOARDS = 19683 /* 3^9 */ };

/* Rows, columns and the diagonals of one direction, over the edge: each cell
 * lies on three. */
const uint16_t rules_line[RULES_LINES] = {0007, 0070, 0700, 0111, 0222,
					  0444, 0421, 0142, 0214};

struct task {
	uint16_t lines; /* bit l: line l wins */
};
struct world {
	uint16_t own, their;
};

static bool completes(const struct task *t, int marks)
{
	for (int l = 0; l < RULES_LINES; l++)
		if (t->lines >> l & 1 &&
		    (marks & rules_line[l]) == rules_line[l])
			return true;
	return false;
}

/* The sets of four, in the order of their numbers. */
static void make(int64_t number, void *task)
{
	struct task *t = task;

	for (int set = 0;; set++) {
		assert(set < 1 << RULES_LINES);
		if (__builtin_popcount((unsigned)set) == RULES_WINNING &&
		    !number--) {
			t->lines = (uint16_t)set;
			return;
		}
	}
}

static void start(const void *task, void *world, struct rng *r)
{
	(void)task, (void)r;
	*(struct world *)world = (struct world){0};
}

static void look(const void *world, uint8_t *out)
{
	const struct world *w = world;

	for (int row = 0; row < 3; row++) {
		int id = 0;

		for (int c = 3 * row + 2; c >= 3 * row; c--)
			id = 3 * id + (w->own >> c & 1) +
			     2 * (w->their >> c & 1);
		out[row] = (uint8_t)id;
	}
}

void rules_board(const uint8_t *look, int *own, int *their)
{
	*own = *their = 0;
	for (int row = 0; row < 3; row++) {
		int id = look[row];

		for (int c = 3 * row; c < 3 * row + 3; c++, id /= 3) {
			*own |= (id % 3 == 1) << c;
			*their |= (id % 3 == 2) << c;
		}
	}
}

static uint32_t legal(const uint8_t *look)
{
	int own, their;

	rules_board(look, &own, &their);
	return (uint32_t)(ALL & ~own & ~their);
}

static int nth_bit(int set, uint32_t n)
{
	while (n--)
		set &= set - 1;
	return __builtin_ctz((unsigned)set);
}

static struct env_result step(const void *task, void *world, int action,
			      struct rng *r)
{
	const struct task *t = task;
	struct world *w = world;
	int empty, reply;

	w->own |= (uint16_t)(1 << action);
	if (completes(t, w->own))
		return (struct env_result){RULES_WON, 1, true};
	empty = ALL & ~w->own & ~w->their;
	if (!empty)
		return (struct env_result){RULES_DRAWN, 0, true};
	reply = nth_bit(empty, rng_below(r, (uint32_t)__builtin_popcount(
						    (unsigned)empty)));
	w->their |= (uint16_t)(1 << reply);
	if (completes(t, w->their))
		return (struct env_result){RULES_LOST, 0, true};
	return (struct env_result){RULES_GOES_ON, 0, false};
}

/* --- what can be had ------------------------------------------------------ */

struct table {
	const struct task *task;
	bool best;
	float *value; /* owned; [BOARDS], < 0: not known */
};

static int key(int own, int their)
{
	int k = 0;

	for (int c = 0; c < RULES_CELLS; c++)
		k = 3 * k + (own >> c & 1) + 2 * (their >> c & 1);
	return k;
}

/* Chance of winning with the agent to move. */
static float value(struct table *t, int own, int their)
{
	float *kept = &t->value[key(own, their)], most = 0, sum = 0;
	int empty = ALL & ~own & ~their, moves = 0;

	if (*kept >= 0)
		return *kept;
	for (int m = empty; m; m &= m - 1, moves++) {
		int mine = own | (m & -m), left = ALL & ~mine & ~their;
		float v = 0, replies = 0;

		if (completes(t->task, mine))
			v = 1;
		else
			for (int n = left; n; n &= n - 1, replies++)
				if (!completes(t->task, their | (n & -n)))
					v += value(t, mine, their | (n & -n));
		v = replies > 0 ? v / replies : v;
		most = v > most ? v : most;
		sum += v;
	}
	*kept = t->best ? most : sum / (float)(moves ? moves : 1);
	return *kept;
}

static double value_of(const void *task, bool best)
{
	struct table t = {.task = task, .best = best};
	double v;

	t.value = mem_floats(BOARDS);
	for (int i = 0; i < BOARDS; i++)
		t.value[i] = -1;
	v = (double)value(&t, 0, 0);
	free(t.value);
	return v;
}

static double best(const void *task)
{
	return value_of(task, true);
}

static double uniform(const void *task)
{
	return value_of(task, false);
}

const struct env env_rules = {
	.name = "rules",
	.what = "3x3 with four hidden winning lines, against random moves",
	.actions = RULES_CELLS,
	.rewards = RULES_REWARDS,
	.steps = 5,
	.fields = 3,
	.field_size = {27, 27, 27},
	.ends = true,
	.tasks = 126, /* 9 over 4 */
	.task_size = sizeof(struct task),
	.world_size = sizeof(struct world),
	.task = make,
	.start = start,
	.look = look,
	.legal = legal,
	.step = step,
	.best = best,
	.uniform = uniform,
};
