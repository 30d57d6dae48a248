/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/search/solver.h"
#include "store/run.h"
#include "store/store.h"

enum err_code sweep_open(struct sweep *s, const struct game *g,
			 const void *state, const game_move *line, int ply,
			 int simulations, struct err *e)
{
	int to_act = g->rules->to_act(g, state);

	*s = (struct sweep){.simulations = simulations, .ply = ply};
	if (to_act == GAME_OVER)
		return err_set(e, ERR_USAGE,
			       "the game is over here: nobody chooses");
	if (to_act == GAME_CHANCE)
		return err_set(e, ERR_USAGE,
			       "chance moves here: nobody chooses");
	s->game = *g;
	s->state = mem_alloc(g->state_size);
	memcpy(s->state, state, g->state_size);
	s->line = mem_zalloc((size_t)ply + 1, sizeof(*s->line));
	for (int i = 0; i < ply; i++)
		s->line[i] = line[i];
	s->moves = mem_zalloc((size_t)g->move_count, sizeof(*s->moves));
	s->move_count = g->rules->legal(&s->game, s->state, s->moves);
	s->solvable = solver_knows(g) && solver_is_quick(g, state);
	s->place = (struct opinion_place){s->state, s->line, ply};
	return ERR_OK;
}

void sweep_release(struct sweep *s)
{
	for (int i = 0; i < s->count; i++)
		opinion_drop(s->columns[i].opinion);
	opinion_drop(s->solved);
	free(s->state);
	free(s->line);
	free(s->moves);
	free(s->columns);
	free(s->agents);
	free(s->order);
	*s = (struct sweep){.count = 0};
}

static void add_column(struct sweep *s, const struct store_checkpoint *c)
{
	const struct sweep_run *run = &s->runs[s->run_count - 1];
	struct sweep_column *col;

	s->columns = mem_realloc(s->columns,
				 ((size_t)s->count + 1) * sizeof(*s->columns));
	col = &s->columns[s->count++];
	*col = (struct sweep_column){
		.run = s->run_count - 1,
		.step = c->step,
		.games = c->games,
		.elo = c->elo,
	};
	snprintf(col->sha256, sizeof(col->sha256), "%s", c->sha256);
	if (s->simulations)
		snprintf(col->spec, sizeof(col->spec), "mcts:%s/%lld,sims=%d",
			 run->name, (long long)c->step, s->simulations);
	else
		snprintf(col->spec, sizeof(col->spec), "policy:%s/%lld",
			 run->name, (long long)c->step);
}

static int by_step(const void *a, const void *b)
{
	const struct store_checkpoint *x = a, *y = b;

	return x->step < y->step ? -1 : x->step > y->step;
}

static enum err_code add_rows(struct sweep *s, const struct store_run *run,
			      struct store_checkpoint *rows, size_t n, int most,
			      struct err *e)
{
	size_t kept = most > 0 && n > (size_t)most ? (size_t)most : n;
	struct game own;
	enum err_code rc = err_of_stored(e, game_init(&own, run->game, e));
	struct sweep_run *it;

	if (rc)
		return rc;
	if (!game_same_network(&own, &s->game))
		return err_set(e, ERR_USAGE, "run %s plays %s, not %s",
			       run->name, game_short_name(&own),
			       game_short_name(&s->game));
	if (!n)
		return err_set(e, ERR_USAGE, "run %s has no checkpoints",
			       run->name);
	it = &s->runs[s->run_count++];
	snprintf(it->name, sizeof(it->name), "%s", run->name);
	it->first = s->count;
	it->count = (int)kept;
	qsort(rows, n, sizeof(*rows), by_step);
	for (size_t i = 0; i < kept; i++)
		add_column(s,
			   &rows[kept > 1 ? i * (n - 1) / (kept - 1) : n - 1]);
	return ERR_OK;
}

enum err_code sweep_add_run(struct sweep *s, struct store *store,
			    const char *name, int most, struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	struct store_run run;
	enum err_code rc;
	size_t n;

	if (s->run_count == SWEEP_RUNS)
		return err_set(e, ERR_USAGE, "%d runs are the most at a time",
			       SWEEP_RUNS);
	rc = lab_error(store, store_run_find(store, &bag, name, &run), e);
	if (!rc)
		rc = lab_error(
			store,
			store_checkpoint_list(store, &bag, run.id, &rows, &n),
			e);
	if (!rc)
		rc = add_rows(s, &run, rows, n, most, e);
	store_bag_release(&bag);
	return rc;
}

/* --- asking --------------------------------------------------------------- */

static void will_ask(struct sweep *s, int column)
{
	struct opinion_agent *a = &s->agents[s->agent_count];

	if (column < 0)
		*a = (struct opinion_agent){"solver", ""};
	else if (s->columns[column].opinion)
		return;
	else
		*a = (struct opinion_agent){s->columns[column].spec,
					    s->columns[column].sha256};
	s->order[s->agent_count++] = column;
}

/* Columns of every run at odd multiples of `stride` from its end. */
static void ask_every(struct sweep *s, int stride, bool odd)
{
	for (int r = 0; r < s->run_count; r++) {
		const struct sweep_run *run = &s->runs[r];

		for (int i = 0; i < run->count; i += stride)
			if (!odd || i / stride % 2)
				will_ask(s, run->first + run->count - 1 - i);
	}
}

void sweep_question(struct sweep *s, const struct agent_source *source,
		    struct opinion_question *out)
{
	size_t most = (size_t)s->count + 1;
	int stride = 1, longest = 0;

	free(s->agents);
	free(s->order);
	s->agents = mem_zalloc(most, sizeof(*s->agents));
	s->order = mem_zalloc(most, sizeof(*s->order));
	s->agent_count = 0;
	for (int r = 0; r < s->run_count; r++)
		if (s->runs[r].count > longest)
			longest = s->runs[r].count;
	while (stride * 2 < longest)
		stride *= 2;
	ask_every(s, stride, false);
	if (s->solvable && !s->solved)
		will_ask(s, -1);
	for (stride /= 2; stride > 0; stride /= 2)
		ask_every(s, stride, true);
	*out = (struct opinion_question){
		.game = &s->game,
		.source = source,
		.agents = s->agents,
		.places = &s->place,
		.agent_count = s->agent_count,
		.place_count = 1,
	};
}

void sweep_take(struct sweep *s, int agent, struct opinion *o)
{
	int column = s->order[agent];
	struct opinion **to =
		column < 0 ? &s->solved : &s->columns[column].opinion;

	opinion_drop(*to);
	*to = o;
}

/* --- judging -------------------------------------------------------------- */

/* Whether the solver tells the moves apart. */
static bool is_told(const struct sweep *s)
{
	const struct opinion *o = s->solved;

	if (!o || o->wrong || !o->has_value)
		return false;
	for (int i = 1; i < o->count; i++)
		if (o->moves[i].q < o->moves[0].q ||
		    o->moves[i].q > o->moves[0].q)
			return true;
	return false;
}

static const struct opinion *last_of(const struct sweep *s, int run)
{
	const struct sweep_run *r = &s->runs[run];

	return s->columns[r->first + r->count - 1].opinion;
}

static enum sweep_judge judge_of(const struct sweep *s, int run)
{
	/* Who judges is not to change in the middle. */
	if (s->solvable && !s->solved)
		return SWEEP_UNKNOWN;
	if (is_told(s))
		return SWEEP_SOLVER;
	return opinion_top(last_of(s, run)) == GAME_NO_MOVE ? SWEEP_UNKNOWN
							    : SWEEP_LAST;
}

static float best_result(const struct opinion *o)
{
	float best = -1;

	for (int i = 0; i < o->count; i++)
		best = fmaxf(best, o->moves[i].q);
	return best;
}

bool sweep_is_best(const struct sweep *s, int run, game_move m)
{
	const struct agent_move *it;

	switch (judge_of(s, run)) {
	case SWEEP_UNKNOWN:
		break;
	case SWEEP_SOLVER:
		it = opinion_find(s->solved, m);
		return it && it->q >= best_result(s->solved);
	case SWEEP_LAST:
		return m == opinion_top(last_of(s, run));
	}
	return false;
}

/* The best move that the last checkpoint likes most. */
static game_move best_of(const struct sweep *s, int run)
{
	const struct opinion *last = last_of(s, run);
	game_move best = GAME_NO_MOVE;

	for (int i = 0; i < s->move_count; i++) {
		game_move m = s->moves[i];

		if (sweep_is_best(s, run, m) &&
		    (best == GAME_NO_MOVE ||
		     opinion_rank(last, m) < opinion_rank(last, best)))
			best = m;
	}
	return best;
}

void sweep_verdict(const struct sweep *s, int run, struct sweep_verdict *out)
{
	const struct sweep_run *r = &s->runs[run];
	bool stays = true;

	*out = (struct sweep_verdict){
		.judge = judge_of(s, run),
		.best = best_of(s, run),
		.learned = -1,
		.complete = true,
	};
	for (int i = r->first + r->count - 1; i >= r->first; i--) {
		game_move top = opinion_top(s->columns[i].opinion);

		out->complete &= s->columns[i].opinion != NULL;
		stays &= top != GAME_NO_MOVE && sweep_is_best(s, run, top);
		if (stays)
			out->learned = i;
	}
}

void sweep_say(const struct sweep *s, int run, struct buf *out)
{
	const struct sweep_column *c;
	char text[GAME_TEXT_SIZE];
	struct sweep_verdict v;

	sweep_verdict(s, run, &v);
	buf_printf(out, "%s: ", s->runs[run].name);
	if (v.best == GAME_NO_MOVE) {
		buf_puts(out, "nobody says yet which move is best");
		return;
	}
	s->game.rules->move_text(&s->game, s->state, v.best, text);
	buf_printf(out, "best %s by the %s, ", text,
		   v.judge == SWEEP_SOLVER ? "solver" : "last checkpoint");
	if (v.learned < 0) {
		buf_puts(out, "not learned");
		return;
	}
	c = &s->columns[v.learned];
	buf_printf(out, "learned at step %lld, after ", (long long)c->step);
	buf_counted(out, c->games, "game");
	if (v.learned == s->runs[run].first)
		buf_puts(out, " (the first checkpoint)");
	else if (!v.complete)
		buf_puts(out, " or before");
}

double sweep_figure(const struct sweep *s, int column, game_move m,
		    enum sweep_figure which)
{
	const struct agent_move *it =
		opinion_find(s->columns[column].opinion, m);

	if (!it)
		return NAN;
	switch (which) {
	case SWEEP_POLICY:
		return (double)it->policy;
	case SWEEP_PRIOR:
		return (double)it->prior;
	case SWEEP_Q:
		return (double)(isnan(it->q) ? it->value : it->q);
	}
	return NAN;
}
