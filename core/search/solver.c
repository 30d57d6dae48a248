/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/search/solver.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/search/solver_int.h"

static const struct solver_kind *const kinds[] = {
	&solver_kind_drop,
	&solver_kind_mnk,
	&solver_kind_othello,
};

struct solver {
	const struct solver_kind *kind;
	const struct game *g;     /* borrowed */
	void *self;               /* owned, of the kind */
	void *child;              /* owned; work space */
	game_move *legal;         /* owned; work space */
	unsigned long long limit; /* 0: none */
};

static const struct solver_kind *find_kind(const struct game *g)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i]->family, g->rules->family))
			return kinds[i]->knows(g) ? kinds[i] : NULL;
	return NULL;
}

bool solver_knows(const struct game *g)
{
	return find_kind(g);
}

bool solver_is_quick(const struct game *g, const void *state)
{
	const struct solver_kind *kind = find_kind(g);

	return kind && kind->is_quick(g, state);
}

enum err_code solver_open(struct solver **out, const struct game *g,
			  size_t memory, struct err *e)
{
	const struct solver_kind *kind = find_kind(g);
	struct solver *s;

	*out = NULL;
	if (!kind)
		return err_set(e, ERR_USAGE, "no solver knows %s",
			       game_short_name(g));
	s = mem_zalloc(1, sizeof(*s));
	s->kind = kind;
	s->g = g;
	s->self = kind->open(g, memory);
	s->child = mem_zalloc(1, g->state_size);
	s->legal = mem_zalloc((size_t)g->move_count, sizeof(*s->legal));
	*out = s;
	return ERR_OK;
}

void solver_close(struct solver *s)
{
	if (!s)
		return;
	s->kind->close(s->self);
	free(s->child);
	free(s->legal);
	free(s);
}

void solver_limit(struct solver *s, unsigned long long nodes)
{
	s->limit = nodes;
	s->kind->limit(s->self, nodes ? nodes : ULLONG_MAX);
}

/* A limited answer depends on what the table knows, so it begins empty. */
static void begin_question(struct solver *s)
{
	if (s->limit)
		s->kind->limit(s->self, s->limit);
}

bool solver_score(struct solver *s, const void *state,
		  const atomic_bool *cancel, int *score)
{
	assert(s->g->rules->to_act(s->g, state) != GAME_OVER);
	begin_question(s);
	return s->kind->score(s->self, s->g, state, cancel, score);
}

bool solver_at_least(struct solver *s, const void *state, int bound,
		     const atomic_bool *cancel, bool *yes)
{
	assert(s->g->rules->to_act(s->g, state) != GAME_OVER);
	begin_question(s);
	return s->kind->at_least(s->self, s->g, state, bound, cancel, yes);
}

bool solver_move_at_least(struct solver *s, const void *state, game_move move,
			  int bound, const atomic_bool *cancel, bool *yes)
{
	int player = s->g->rules->to_act(s->g, state), who;

	memcpy(s->child, state, s->g->state_size);
	s->g->rules->apply(s->g, s->child, move);
	who = s->g->rules->to_act(s->g, s->child);
	if (who == GAME_OVER) {
		*yes = s->kind->ended(s->g, s->child, player) >= bound;
		return true;
	}
	if (who == player)
		return solver_at_least(s, s->child, bound, cancel, yes);
	/* The opponent does not get more than -bound. */
	if (!solver_at_least(s, s->child, 1 - bound, cancel, yes))
		return false;
	*yes = !*yes;
	return true;
}

/* The score of s->child for `player`. */
static bool score_child(struct solver *s, int player, const atomic_bool *cancel,
			int *score)
{
	int who = s->g->rules->to_act(s->g, s->child);

	if (who == GAME_OVER) {
		*score = s->kind->ended(s->g, s->child, player);
		return true;
	}
	if (!s->kind->score(s->self, s->g, s->child, cancel, score))
		return false;
	if (who != player)
		*score = -*score;
	return true;
}

bool solver_moves(struct solver *s, const void *state,
		  const atomic_bool *cancel, int *out)
{
	int player = s->g->rules->to_act(s->g, state);
	int n = s->g->rules->legal(s->g, state, s->legal), score;

	for (int m = 0; m < s->g->move_count; m++)
		out[m] = SOLVER_NO_MOVE;
	begin_question(s);
	/* From the middle outwards, to one side and to the other. */
	for (int i = 0; i < n; i++) {
		int away = (i + 1) / 2;
		int at = i % 2 ? n / 2 - away : n / 2 + away;
		game_move m;

		if (n % 2 == 0)
			at = i % 2 ? n / 2 + i / 2 : n / 2 - 1 - i / 2;
		m = s->legal[at];
		memcpy(s->child, state, s->g->state_size);
		s->g->rules->apply(s->g, s->child, m);
		if (!score_child(s, player, cancel, &score))
			return false;
		out[m] = score;
	}
	return true;
}

unsigned long long solver_nodes(const struct solver *s)
{
	return s->kind->nodes(s->self);
}
