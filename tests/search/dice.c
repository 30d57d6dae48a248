/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/search/dice.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/rng.h"

enum { TURNS = 5 };

struct dice {
	uint8_t total[2], turns[2];
	uint8_t player, rolls; /* rolls: left to chance */
	uint8_t padding[2];
};

static enum err_code dice_setup(struct game *g, struct err *e)
{
	(void)g;
	(void)e;
	return ERR_OK;
}

static void dice_start(const struct game *g, void *s, uint64_t seed)
{
	(void)seed;
	memset(s, 0, g->state_size);
}

static int dice_to_act(const struct game *g, const void *s)
{
	const struct dice *d = s;

	if (d->rolls)
		return GAME_CHANCE;
	if (d->turns[g->player_count - 1] == TURNS)
		return GAME_OVER;
	return d->player;
}

static int dice_legal(const struct game *g, const void *s, game_move *out)
{
	(void)g;
	(void)s;
	for (int i = 0; i < DICE_MOVES; i++)
		out[i] = (game_move)i;
	return DICE_MOVES;
}

static void dice_apply(const struct game *g, void *s, game_move m)
{
	static const uint8_t points[DICE_MOVES] = {0, 3, 5};
	struct dice *d = s;

	assert(m < DICE_MOVES && dice_to_act(g, s) != GAME_OVER);
	if (d->rolls) {
		d->total[d->player] =
			(uint8_t)(d->total[d->player] + points[m]);
		d->rolls--;
	} else if (m == DICE_SAFE) {
		d->total[d->player] = (uint8_t)(d->total[d->player] + 2);
	} else {
		d->rolls = (uint8_t)m;
	}
	if (d->rolls)
		return;
	d->turns[d->player]++;
	if (g->player_count == 2)
		d->player = !d->player;
}

static void dice_chance(const struct game *g, const void *s, float *prob)
{
	(void)g;
	(void)s;
	prob[0] = prob[2] = 0.25f;
	prob[1] = 0.5f;
}

static int counted(const struct dice *d, int player)
{
	return d->total[player] > DICE_LIMIT ? -1 : d->total[player];
}

static void dice_score(const struct game *g, const void *s, float *value)
{
	const struct dice *d = s;
	int a = counted(d, 0), b = counted(d, 1);

	if (g->player_count == 1) {
		value[0] = a < 0 ? -1 : 2 * (float)a / (float)DICE_LIMIT - 1;
		return;
	}
	value[0] = a > b ? 1 : a < b ? -1 : 0;
	value[1] = 0 - value[0];
}

static void dice_encode(const struct game *g, const void *s, float *out)
{
	const struct dice *d = s;
	const uint8_t of[4] = {d->total[d->player], d->total[!d->player],
			       d->turns[d->player], d->turns[!d->player]};

	(void)g;
	assert(!d->rolls);
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 9; k++)
			out[9 * i + k] = (float)(of[i] > k);
}

static uint64_t dice_hash(const struct game *g, const void *s)
{
	uint64_t word;

	(void)g;
	memcpy(&word, s, sizeof(word));
	return rng_mix(word, 1);
}

static game_move same_move(const struct game *g, int sym, game_move m)
{
	(void)g;
	(void)sym;
	return m;
}

static int same_cell(const struct game *g, int sym, int cell)
{
	(void)g;
	(void)sym;
	return cell;
}

static int dice_cell(const struct game *g, const void *s, int row, int col)
{
	(void)g;
	(void)s;
	(void)row;
	(void)col;
	return GAME_EMPTY;
}

static int dice_move_cell(const struct game *g, const void *s, game_move m)
{
	(void)g;
	(void)s;
	(void)m;
	return -1;
}

static const char *const words[2][DICE_MOVES] = {{"safe", "roll", "twice"},
						 {"miss", "three", "five"}};

static void dice_move_text(const struct game *g, const void *s, game_move m,
			   char out[GAME_TEXT_SIZE])
{
	snprintf(out, GAME_TEXT_SIZE, "%s",
		 words[dice_to_act(g, s) == GAME_CHANCE][m]);
}

static game_move dice_move_parse(const struct game *g, const void *s,
				 const char *text)
{
	for (game_move m = 0; m < DICE_MOVES; m++)
		if (!strcmp(text, words[dice_to_act(g, s) == GAME_CHANCE][m]))
			return m;
	return GAME_NO_MOVE;
}

static int dice_points(const struct game *g, const void *s)
{
	const struct dice *d = s;

	(void)g;
	return d->total[0];
}

static const struct game_rules dice_rules = {
	.family = "dice",
	.title = "Dice",
	.source = "tests/search/dice.h",
	.setup = dice_setup,
	.start = dice_start,
	.to_act = dice_to_act,
	.legal = dice_legal,
	.apply = dice_apply,
	.score = dice_score,
	.encode = dice_encode,
	.hash = dice_hash,
	.move_symmetry = same_move,
	.cell_symmetry = same_cell,
	.cell = dice_cell,
	.move_cell = dice_move_cell,
	.move_text = dice_move_text,
	.move_parse = dice_move_parse,
	.chance = dice_chance,
	.points = dice_points,
};

#define DICE(name_, players)                                                  \
	{                                                                     \
		.rules = &dice_rules, .name = name_, .short_name = name_,     \
		.state_size = sizeof(struct dice), .player_count = players,   \
		.move_count = DICE_MOVES, .max_plies = 3 * TURNS * (players), \
		.planes = 4, .rows = 3, .cols = 3, .symmetries = 1,           \
	}

const struct game dice_one = DICE("dice:players=1", 1);
const struct game dice_two = DICE("dice:players=2", 2);

/* Values are for player `who` here. */
static double solve(const struct game *g, const void *s, int who, bool random,
		    int *best)
{
	int player = dice_to_act(g, s);
	float value[GAME_MAX_PLAYERS], prob[DICE_MOVES];
	double sum = 0, top = -2;

	if (player == GAME_OVER) {
		dice_score(g, s, value);
		return (double)value[who];
	}
	for (int m = 0; m < DICE_MOVES; m++) {
		struct dice child;
		double v;

		memcpy(&child, s, sizeof(child));
		dice_apply(g, &child, (game_move)m);
		v = solve(g, &child, who, random, NULL);
		if (player == GAME_CHANCE) {
			dice_chance(g, s, prob);
			sum += (double)prob[m] * v;
			continue;
		}
		sum += v / DICE_MOVES;
		/* The other player wants the least. */
		v = player == who ? v : -v;
		if (v > top) {
			top = v;
			if (best)
				*best = m;
		}
	}
	if (player == GAME_CHANCE || random)
		return sum;
	return player == who ? top : -top;
}

static int view_of(const struct game *g, const void *s)
{
	const struct dice *d = s;

	/* Chance comes before the other's turn. */
	return d->rolls && g->player_count == 2 ? !d->player : d->player;
}

double dice_expectimax(const struct game *g, const void *s, int *best)
{
	return solve(g, s, view_of(g, s), false, best);
}

double dice_random_value(const struct game *g, const void *s)
{
	return solve(g, s, view_of(g, s), true, NULL);
}
