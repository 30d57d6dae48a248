/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/opinion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/seat.h"

enum { SEED = 1 }; /* fixed: the same question gets the same answer */

/* --- one ------------------------------------------------------------------ */

struct opinion *opinion_new(const struct thought *t)
{
	struct opinion *o = mem_zalloc(1, sizeof(*o));
	size_t bytes = (size_t)t->count * sizeof(*o->moves);

	o->holders = 1;
	if (*t->forfeit) {
		o->wrong = mem_strdup(t->forfeit);
		return o;
	}
	o->count = t->count;
	o->moves = mem_alloc(bytes);
	if (t->count > 0)
		memcpy(o->moves, t->moves, bytes);
	o->move = t->move;
	o->has_value = t->has_value;
	memcpy(o->wdl, t->wdl, sizeof(o->wdl));
	o->simulations = t->simulations;
	return o;
}

struct opinion *opinion_of_error(const struct err *e)
{
	struct opinion *o = mem_zalloc(1, sizeof(*o));

	o->holders = 1;
	o->wrong = mem_strdup(e->msg);
	return o;
}

struct opinion *opinion_hold(struct opinion *o)
{
	o->holders++;
	return o;
}

void opinion_drop(struct opinion *o)
{
	if (!o || --o->holders)
		return;
	free(o->moves);
	free(o->wrong);
	free(o);
}

const struct agent_move *opinion_find(const struct opinion *o, game_move m)
{
	for (int i = 0; o && i < o->count; i++)
		if (o->moves[i].move == m)
			return &o->moves[i];
	return NULL;
}

static bool stands_before(const struct agent_move *a,
			  const struct agent_move *b)
{
	if (a->visits != b->visits)
		return a->visits > b->visits;
	if (a->policy > b->policy || a->policy < b->policy)
		return a->policy > b->policy;
	return a->move < b->move;
}

int opinion_rank(const struct opinion *o, game_move m)
{
	const struct agent_move *it = opinion_find(o, m);
	int rank = 0;

	if (!it)
		return -1;
	for (int i = 0; i < o->count; i++)
		rank += stands_before(&o->moves[i], it);
	return rank;
}

game_move opinion_top(const struct opinion *o)
{
	const struct agent_move *top = NULL;

	for (int i = 0; o && i < o->count; i++)
		if (!top || stands_before(&o->moves[i], top))
			top = &o->moves[i];
	return top ? top->move : GAME_NO_MOVE;
}

double opinion_value(const struct opinion *o)
{
	if (!o || !o->has_value)
		return NAN;
	return (double)o->wdl[0] - (double)o->wdl[2];
}

/* --- many ----------------------------------------------------------------- */

struct asking {
	const struct opinion_question *q;
	int agent;
	const int *places; /* [n] of the questions in hand */
	void (*take)(void *ctx, int agent, int place, struct opinion *o);
	void *ctx;
};

static void take_thought(void *ctx, int i, const struct thought *t)
{
	const struct asking *a = ctx;

	a->take(a->ctx, a->agent, a->places[i], opinion_new(t));
}

static void take_error(const struct asking *a, int n, const struct err *e)
{
	for (int i = 0; i < n; i++)
		a->take(a->ctx, a->agent, a->places[i], opinion_of_error(e));
}

static enum err_code open_agent(struct agent **out,
				const struct opinion_question *q, int agent,
				struct err *e)
{
	enum err_code rc = seat_open_agent(out, q->agents[agent].spec, q->game,
					   q->source, e);

	if (rc || !agent_is_human(*out))
		return rc;
	agent_close(*out);
	return err_set(e, ERR_USAGE, "a person cannot be asked here");
}

/* False: cancelled. */
static bool ask_agent(struct asking *a, const struct agent_question *questions,
		      int n, const atomic_bool *cancel)
{
	const struct agent_answers answers = {take_thought, a};
	struct err e = ERR_INIT;
	struct agent *agent;
	bool going;

	if (open_agent(&agent, a->q, a->agent, &e)) {
		take_error(a, n, &e);
		return true;
	}
	going = agent_think_many(agent, questions, n, SEED, cancel, &answers);
	agent_close(agent);
	return going;
}

bool opinion_ask(const struct opinion_question *q, const atomic_bool *cancel,
		 void (*take)(void *ctx, int agent, int place,
			      struct opinion *o),
		 void *ctx)
{
	size_t most = (size_t)q->place_count + 1;
	struct agent_question *questions = mem_alloc(most * sizeof(*questions));
	int *places = mem_alloc(most * sizeof(*places));
	struct asking a = {
		.q = q,
		.places = places,
		.take = take,
		.ctx = ctx,
	};
	bool going = true;

	for (; a.agent < q->agent_count && going; a.agent++) {
		const bool *known =
			q->known ? q->known + (size_t)a.agent *
						      (size_t)q->place_count
				 : NULL;
		int n = 0;

		for (int i = 0; i < q->place_count; i++) {
			if (known && known[i])
				continue;
			questions[n] = (struct agent_question){
				.state = q->places[i].state,
				.line = q->places[i].line,
				.ply = q->places[i].ply,
			};
			places[n++] = i;
		}
		going = !(cancel && atomic_load(cancel)) &&
			(!n || ask_agent(&a, questions, n, cancel));
	}
	free(questions);
	free(places);
	return going;
}
