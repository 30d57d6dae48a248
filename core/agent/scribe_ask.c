/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/agent/scribe_int.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/tokens.h"

/* What a network that writes pages is asked. */

struct scribe *scribe_new(const struct net_plan *plan, const struct game *g,
			  int lanes)
{
	struct scribe *s = mem_zalloc(1, sizeof(*s));
	size_t moves = (size_t)g->move_count;

	s->plan = plan;
	s->game = g;
	s->form = (struct token_form){.cells = g->rows * g->cols,
				      .moves = g->move_count};
	s->words = token_words(&s->form);
	s->lanes = lanes;
	s->lane = mem_zalloc((size_t)lanes, sizeof(*s->lane));
	for (int i = 0; i < lanes; i++)
		for (int k = 0; k < SCRIBE_PLIES; k++) {
			struct ply *p = &s->lane[i].ply[k];

			p->state = mem_zalloc(1, g->state_size);
			p->legal = mem_zalloc(moves, sizeof(*p->legal));
			p->listed = mem_zalloc(moves, sizeof(*p->listed));
			p->q = mem_floats(moves);
		}
	s->logits = mem_floats((size_t)lanes * (size_t)s->words);
	s->weight = mem_floats((size_t)s->words);
	if (!plan)
		return s;
	assert(net_plan_config(plan)->moves == s->words);
	s->context = net_config_context(net_plan_config(plan));
	s->max_rows = lanes * (s->form.cells + 4) + s->form.moves;
	s->work = net_work_new(plan, s->max_rows);
	s->memory = net_memory_new(plan, lanes);
	s->x = mem_floats((size_t)s->max_rows * TOKEN_IDS);
	s->said = mem_floats((size_t)s->max_rows * (size_t)s->words);
	s->begin = mem_zalloc((size_t)lanes + 1, sizeof(*s->begin));
	s->which = mem_zalloc((size_t)lanes, sizeof(*s->which));
	return s;
}

void scribe_free(struct scribe *s)
{
	if (!s)
		return;
	for (int i = 0; i < s->lanes; i++)
		for (int k = 0; k < SCRIBE_PLIES; k++) {
			free(s->lane[i].ply[k].state);
			free(s->lane[i].ply[k].legal);
			free(s->lane[i].ply[k].listed);
			free(s->lane[i].ply[k].q);
		}
	free(s->lane);
	net_work_free(s->work);
	net_memory_free(s->memory);
	free(s->x);
	free(s->said);
	free(s->logits);
	free(s->weight);
	free(s->begin);
	free(s->which);
	free(s);
}

void scribe_turn(struct scribe *s, int lane)
{
	s->lane[lane].told = 0;
	if (s->memory)
		net_memory_reset(s->memory, lane);
}

struct page *scribe_page(const struct scribe *s, int i)
{
	return s->lane[i].desk->page;
}

/* One call: as much as there is room for, of lanes from `first` on that take
 * part.  The lane to go on with. */
static int tell(struct scribe *s, int first)
{
	struct net_batch batch = {
		.begin = s->begin, .x = s->x, .lane = s->which};
	float *out[NET_HEADS] = {[NET_POLICY] = s->said};
	int rows = 0, i;

	for (i = first; i < s->n && rows < s->max_rows; i++) {
		struct lane *l = &s->lane[i];
		const struct page *p = l->desk->page;
		int left = s->max_rows - rows, more = p->count - l->told;

		if (!l->turn || !more)
			continue;
		more = more < left ? more : left;
		for (int k = 0; k < more; k++)
			page_row(&p->words[l->told + k],
				 s->x + (size_t)(rows + k) * TOKEN_IDS);
		s->which[batch.sequences++] = i;
		l->told += more;
		rows += more;
		s->begin[batch.sequences] = rows;
		if (l->told < p->count)
			break;
	}
	if (!rows)
		return s->n;
	net_infer(s->plan, s->work, s->memory, &batch, out);
	for (int k = 0; k < batch.sequences; k++)
		memcpy(s->logits + (size_t)s->which[k] * (size_t)s->words,
		       s->said +
			       (size_t)(s->begin[k + 1] - 1) * (size_t)s->words,
		       (size_t)s->words * sizeof(float));
	return i;
}

/* Which word follows, in the lanes whose turn it is, where it will stand at
 * `place`: logits. */
void scribe_ask(struct scribe *s, int place)
{
	if (!s->plan)
		return;
	for (int i = 0; i < s->n; i++) {
		struct page *p = scribe_page(s, i);

		if (s->lane[i].turn)
			p->words[p->count - 1].next = (uint16_t)place;
	}
	for (int i = 0; i < s->n;)
		i = tell(s, i);
}

/* Softmax of the words from..from + n - 1 into s->weight[n]; the largest. */
int scribe_chances(struct scribe *s, int lane, int from, int n)
{
	const float *y = s->logits + (size_t)lane * (size_t)s->words + from;
	float sum = 0;
	int top = 0;

	for (int k = 1; k < n; k++)
		if (y[k] > y[top])
			top = k;
	for (int k = 0; k < n; k++)
		sum += s->weight[k] = expf(y[k] - y[top]);
	for (int k = 0; k < n; k++)
		s->weight[k] /= sum;
	return top;
}

/* What lane i says of a value; drawn where nobody is asked. */
static float mean_of(struct scribe *s, int i)
{
	float mean = 0;

	if (!s->plan)
		return (float)rng_below(s->lane[i].desk->rng, TOKEN_VALUES) /
			       (TOKEN_STEPS / 2.0f) -
		       1;
	scribe_chances(s, i, token_value_first(), TOKEN_VALUES);
	for (int k = 0; k < TOKEN_VALUES; k++)
		mean += s->weight[k] * token_value_of(token_value_first() + k);
	return mean;
}

/* A value that was asked for, written; what stands there. */
float scribe_value(struct scribe *s, int i, int place, int level, int branch)
{
	float mean = mean_of(s, i);
	struct page_word *w = page_add(scribe_page(s, i), token_value(mean),
				       place, level, branch);

	w->ask = PAGE_VALUE;
	w->engine = false;
	w->mean = mean;
	return token_value_of(w->word);
}

float scribe_give(struct page *p, float value, int place, int level, int branch)
{
	struct page_word *w =
		page_add(p, token_value(value), place, level, branch);

	w->ask = PAGE_VALUE;
	return token_value_of(w->word);
}
