/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/agent/agent_int.h"
#include "core/base/mem.h"
#include "core/search/mcts.h"
#include "core/search/trace.h"

void thought_release(struct thought *t)
{
	free(t->moves);
	trace_free(t->trace);
	free(t->ownership);
	free(t->lines);
	free(t->line_owners);
	memset(t, 0, sizeof(*t));
}

void thought_begin(struct thought *t, const struct agent *a, const void *state)
{
	memset(t, 0, sizeof(*t));
	t->lead = NAN;
	t->count = a->g->rules->legal(a->g, state, a->legal);
	t->moves = mem_zalloc((size_t)t->count, sizeof(*t->moves));
	for (int i = 0; i < t->count; i++) {
		t->moves[i].move = a->legal[i];
		t->moves[i].q = t->moves[i].value = NAN;
		for (int k = 0; k < 3; k++)
			t->moves[i].wdl[k] = NAN;
	}
	t->move = t->moves[0].move;
}

static int largest(const struct thought *t)
{
	int best = 0;

	for (int i = 1; i < t->count; i++) {
		const struct agent_move *m = &t->moves[i];
		const struct agent_move *b = &t->moves[best];

		if (m->policy > b->policy ||
		    (m->policy == b->policy && m->prior > b->prior))
			best = i;
	}
	return best;
}

void thought_choose(struct thought *t, struct agent *a, float temperature,
		    struct rng *r)
{
	int best = largest(t);

	if (temperature > 0) {
		float top = t->moves[best].policy;

		/* Relative to the largest, so that nothing overflows. */
		for (int i = 0; i < t->count; i++)
			a->weight[i] =
				powf(t->moves[i].policy / top, 1 / temperature);
		best = rng_pick(r, a->weight, t->count);
	}
	t->move = t->moves[best].move;
}

void thought_draw(struct thought *t, struct agent *a, struct rng *r)
{
	float sum = 0;

	for (int i = 0; i < t->count; i++)
		sum += a->weight[i];
	for (int i = 0; i < t->count; i++)
		t->moves[i].prior = t->moves[i].policy = a->weight[i] / sum;
	t->move = t->moves[rng_pick(r, a->weight, t->count)].move;
}

void thought_priors(struct thought *t, const float *logits)
{
	float top = -INFINITY, sum = 0;

	for (int i = 0; i < t->count; i++)
		top = fmaxf(top, logits[t->moves[i].move]);
	for (int i = 0; i < t->count; i++) {
		t->moves[i].prior = expf(logits[t->moves[i].move] - top);
		sum += t->moves[i].prior;
	}
	for (int i = 0; i < t->count; i++) {
		t->moves[i].prior = sum > 0 && sum < INFINITY
					    ? t->moves[i].prior / sum
					    : 1.0f / (float)t->count;
		t->moves[i].policy = t->moves[i].prior;
	}
}

static bool is_open(const struct agent *a, game_move m)
{
	for (int i = 0; i < a->limits.only_count; i++)
		if (a->only[i] == m)
			return true;
	return !a->limits.only_count;
}

void thought_limit(struct thought *t, const struct agent *a)
{
	const struct agent_move *best = NULL;

	if (is_open(a, t->move))
		return;
	for (int i = 0; i < t->count; i++) {
		const struct agent_move *m = &t->moves[i];

		if (is_open(a, m->move) && (!best || m->policy > best->policy))
			best = m;
	}
	if (best)
		t->move = best->move;
}

/* Whether `m` comes before `b` in the order of lines. */
static bool is_better(const struct thought *t, const struct agent_move *m,
		      const struct agent_move *b)
{
	if (!b || m->move == t->move || b->move == t->move)
		return !b || m->move == t->move;
	if (m->policy < b->policy || m->policy > b->policy)
		return m->policy > b->policy;
	if (m->visits != b->visits)
		return m->visits > b->visits;
	return m->prior > b->prior;
}

static bool has_line(const struct thought *t, game_move m)
{
	for (int i = 0; i < t->line_count; i++)
		if (t->lines[i].moves[0] == m)
			return true;
	return false;
}

/* Whether a line may begin with it: a search says nothing of the moves that it
 * did not look at. */
static bool has_figures(const struct thought *t, const struct agent_move *m,
			const struct mcts *search)
{
	return !search || !isnan(m->q) || m->move == t->move;
}

static void set_lead(struct thought_line *line, game_move move,
		     const struct mcts *search)
{
	double mean, spread;

	line->lead = line->lead_spread = NAN;
	if (!search || !mcts_lead(search, move, &mean, &spread))
		return;
	line->lead = (float)mean;
	line->lead_spread = (float)spread;
}

void thought_lines(struct thought *t, const struct agent *a,
		   struct mcts *search)
{
	int wanted = a->limits.lines < t->count ? a->limits.lines : t->count;

	if (wanted <= 0 || *t->forfeit)
		return;
	free(t->lines);
	t->lines = mem_zalloc((size_t)wanted, sizeof(*t->lines));
	t->line_count = 0;
	while (t->line_count < wanted) {
		struct thought_line *line = &t->lines[t->line_count];
		const struct agent_move *best = NULL;

		for (int i = 0; i < t->count; i++) {
			const struct agent_move *m = &t->moves[i];

			if (is_open(a, m->move) && !has_line(t, m->move) &&
			    has_figures(t, m, search) && is_better(t, m, best))
				best = m;
		}
		if (!best)
			return;
		if (search)
			line->count = mcts_line(search, best->move, line->moves,
						line->visits, THOUGHT_LINE);
		set_lead(line, best->move, search);
		if (!line->count) {
			line->moves[0] = best->move;
			line->count = 1;
		}
		t->line_count++;
	}
}
