/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/session/blame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/accord.h"
#include "core/session/accord_games.h"
#include "core/session/opinion.h"
#include "core/session/sweep.h"

/* Who is asked, and about what. */
static void take_question(struct blame *b)
{
	size_t cells = (size_t)b->games.count * (size_t)b->columns.count;

	b->cells = mem_alloc(cells * sizeof(*b->cells));
	for (size_t i = 0; i < cells; i++)
		b->cells[i] = (struct blame_cell){(float)NAN, false};
	b->agents = mem_zalloc((size_t)b->columns.count, sizeof(*b->agents));
	for (int i = 0; i < b->columns.count; i++)
		b->agents[i] = (struct opinion_agent){
			b->columns.columns[i].spec,
			b->columns.columns[i].sha256,
		};
	b->places = mem_zalloc((size_t)b->games.count, sizeof(*b->places));
	for (int i = 0; i < b->games.count; i++) {
		const struct accord_place *p = &b->games.places[i];

		b->places[i] =
			(struct opinion_place){p->state, p->line, p->ply};
	}
}

enum err_code blame_open(struct blame *b, struct lab *lab, int64_t id,
			 const char *run, int most, int simulations,
			 struct err *e)
{
	const struct game_filter all = {.run = ""};
	const struct accord_place *p;
	enum err_code rc;

	*b = (struct blame){.cells = NULL};
	rc = accord_games_load(&b->games, lab, id, &all, 0, 1, e);
	if (!rc && b->games.count == 0)
		rc = err_set(e, ERR_USAGE, "nobody chose a move in game %lld",
			     (long long)id);
	if (rc)
		return rc;
	p = &b->games.places[0];
	rc = sweep_open(&b->columns, &b->games.game, p->state, p->line, p->ply,
			simulations, e);
	if (!rc)
		rc = sweep_add_run(&b->columns, lab_store(lab), run, most, e);
	if (!rc)
		take_question(b);
	return rc;
}

void blame_release(struct blame *b)
{
	sweep_release(&b->columns);
	accord_games_release(&b->games);
	free(b->cells);
	free(b->agents);
	free(b->places);
	free(b->wrong);
	*b = (struct blame){.cells = NULL};
}

void blame_question(const struct blame *b, const struct agent_source *source,
		    struct opinion_question *out)
{
	*out = (struct opinion_question){
		.game = &b->games.game,
		.source = source,
		.agents = b->agents,
		.places = b->places,
		.agent_count = b->columns.count,
		.place_count = b->games.count,
	};
}

void blame_take(struct blame *b, int agent, int place, struct opinion *o)
{
	game_move played = b->games.places[place].played;
	const struct agent_move *m = opinion_find(o, played);
	struct blame_cell *c = &b->cells[place * b->columns.count + agent];

	if (o->wrong && !b->wrong)
		b->wrong = mem_strdup(o->wrong);
	if (m)
		*c = (struct blame_cell){m->policy, opinion_top(o) == played};
	opinion_drop(o);
}

void blame_verdict(const struct blame *b, int move, struct blame_verdict *out)
{
	int n = b->columns.count;
	const struct blame_cell *c = &b->cells[move * n];

	*out = (struct blame_verdict){-1, -1};
	for (int i = 0; i < n; i++) {
		if (!c[i].plays)
			continue;
		if (out->first < 0)
			out->first = i;
		out->stops = i + 1 < n ? i + 1 : -1;
	}
}
