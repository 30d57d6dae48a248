/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/accord.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/search/solver.h"

struct asking {
	struct accord *a;
	const struct accord_asked *asked;
	const atomic_bool *cancel;
	void (*progress)(void *ctx, int64_t done, int64_t total);
	void *ctx;
	struct err *wrong;
	game_move *tops; /* owned; [agent_count][place_count] */
	int *scores;     /* owned; [place_count][move_count]; NULL: not asked */
	bool *solved;    /* owned; [place_count] */
	int64_t done;
};

static int sign_of(int score)
{
	return score > 0 ? 1 : score < 0 ? -1 : 0;
}

static const int *scores_at(const struct asking *x, int place)
{
	return x->scores + (size_t)place * (size_t)x->asked->game->move_count;
}

/* Does the move keep what the position is worth? */
static bool keeps(const struct asking *x, int place, game_move m)
{
	const int *score = scores_at(x, place);
	int best = SOLVER_NO_MOVE;

	for (int i = 0; i < x->asked->game->move_count; i++)
		if (score[i] > best)
			best = score[i];
	return score[m] != SOLVER_NO_MOVE && sign_of(score[m]) == sign_of(best);
}

static void solve_all(struct asking *x)
{
	const struct accord_asked *q = x->asked;
	struct solver *s = NULL;

	if (!q->exact || !solver_knows(q->game) ||
	    solver_open(&s, q->game, 0, NULL))
		return;
	x->scores = mem_alloc((size_t)q->place_count *
			      (size_t)q->game->move_count * sizeof(*x->scores));
	for (int i = 0; i < q->place_count; i++) {
		const struct accord_place *p = &q->places[i];
		struct accord_cell *c = &x->a->played[p->stage];

		if (!solver_is_quick(q->game, p->state))
			continue;
		x->solved[i] = solver_moves(
			s, p->state, x->cancel,
			x->scores + (size_t)i * (size_t)q->game->move_count);
		if (!x->solved[i])
			break;
		if (p->played == GAME_NO_MOVE)
			continue;
		c->solved++;
		c->kept += keeps(x, i, p->played);
	}
	solver_close(s);
}

static void take(void *ctx, int agent, int place, struct opinion *o)
{
	struct asking *x = ctx;
	const struct accord_place *p = &x->asked->places[place];
	struct accord_cell *c = &x->a->cells[agent * x->a->stages + p->stage];
	size_t at =
		(size_t)agent * (size_t)x->asked->place_count + (size_t)place;
	const struct agent_move *made;

	if (x->progress)
		x->progress(x->ctx, ++x->done,
			    (int64_t)x->asked->agent_count *
				    x->asked->place_count);
	if (o->wrong) {
		if (!x->wrong->code)
			err_set(x->wrong, ERR_USAGE, "%s", o->wrong);
	} else {
		x->tops[at] = opinion_top(o);
		if (x->solved[place]) {
			c->solved++;
			c->kept += keeps(x, place, x->tops[at]);
		}
		made = p->played == GAME_NO_MOVE ? NULL
						 : opinion_find(o, p->played);
		if (made) {
			c->moves++;
			c->same += x->tops[at] == p->played;
			c->chance += (double)made->policy;
			c->rank += opinion_rank(o, p->played);
		}
	}
	if (x->a->said)
		x->a->said[at] = opinion_hold(o);
	opinion_drop(o);
}

static void count_pairs(struct asking *x)
{
	int n = x->asked->agent_count, places = x->asked->place_count;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			for (int k = 0; k < places; k++) {
				game_move a = x->tops[i * places + k];

				x->a->pairs[i * n + j] +=
					a != GAME_NO_MOVE &&
					a == x->tops[j * places + k];
			}
}

/* The result of each move of the one place. */
static void note_exact(struct asking *x)
{
	int n = x->asked->game->move_count;

	if (x->asked->place_count != 1 || !x->solved[0])
		return;
	x->a->exact = mem_alloc((size_t)n);
	for (int i = 0; i < n; i++) {
		int score = x->scores[i];

		x->a->exact[i] =
			(signed char)(score == SOLVER_NO_MOVE ? -2
							      : sign_of(score));
	}
}

bool accord_find(struct accord *a, const struct accord_asked *asked,
		 const atomic_bool *cancel,
		 void (*progress)(void *ctx, int64_t done, int64_t total),
		 void *ctx, struct err *wrong)
{
	int n = asked->agent_count, places = asked->place_count;
	size_t answers = (size_t)n * (size_t)places;
	struct asking x = {a,     asked, cancel, progress, ctx,
			   wrong, NULL,  NULL,   NULL,     0};
	struct opinion_agent *agents = mem_zalloc((size_t)n, sizeof(*agents));
	struct opinion_place *at = mem_zalloc((size_t)places, sizeof(*at));
	struct opinion_question q = {
		.game = asked->game,
		.source = asked->source,
		.agents = agents,
		.places = at,
		.agent_count = n,
		.place_count = places,
	};
	bool going;

	*a = (struct accord){
		.agent_count = n,
		.stages = asked->stages,
		.place_count = places,
	};
	a->cells = mem_zalloc((size_t)n * (size_t)asked->stages,
			      sizeof(*a->cells));
	a->played = mem_zalloc((size_t)asked->stages, sizeof(*a->played));
	a->pairs = mem_zalloc((size_t)n * (size_t)n, sizeof(*a->pairs));
	if (places == 1)
		a->said = mem_zalloc(answers, sizeof(*a->said));
	x.tops = mem_alloc(answers * sizeof(*x.tops));
	for (size_t i = 0; i < answers; i++)
		x.tops[i] = GAME_NO_MOVE;
	x.solved = mem_zalloc((size_t)places, sizeof(*x.solved));
	for (int i = 0; i < n; i++)
		agents[i].spec = asked->agents[i];
	for (int i = 0; i < places; i++)
		at[i] = (struct opinion_place){asked->places[i].state,
					       asked->places[i].line,
					       asked->places[i].ply};
	solve_all(&x);
	going = opinion_ask(&q, cancel, take, &x);
	count_pairs(&x);
	note_exact(&x);
	free(agents);
	free(at);
	free(x.tops);
	free(x.scores);
	free(x.solved);
	return going;
}

void accord_release(struct accord *a)
{
	for (int i = 0; a->said && i < a->agent_count * a->place_count; i++)
		opinion_drop(a->said[i]);
	free(a->said);
	free(a->exact);
	free(a->cells);
	free(a->played);
	free(a->pairs);
	*a = (struct accord){.agent_count = 0};
}

void accord_total(const struct accord *a, int agent, struct accord_cell *out)
{
	*out = (struct accord_cell){.moves = 0};
	for (int i = 0; i < a->stages; i++) {
		const struct accord_cell *c = &a->cells[agent * a->stages + i];

		out->moves += c->moves;
		out->same += c->same;
		out->chance += c->chance;
		out->rank += c->rank;
		out->solved += c->solved;
		out->kept += c->kept;
	}
}
