/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/duel.h"
#include "core/search/solver.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/said.h"
#include "core/study/study.h"

/*
 * For whoever looks: what an imitator, D_c, the teacher at the cut and at its
 * end, and a solver say of the same positions: the teacher's end plays on from
 * random openings.  Its network alone is asked for, and no game past the cut.
 */

enum { POSITIONS = 40, MOST_ON = 12 };

/* Players in the order of columns; the imitator is first. */
static const struct {
	const char *name, *spec, *arm;
} others[] = {
	{"D_c", "policy:zero/0", "offline"},
	{"T_c", "policy:cut/0", "teacher"},
	{"T_max", "policy:end/0", "continued"},
};
static const char *const runs[] = {"zero", "cut", "end"};

struct looking {
	const struct claim_run *x;
	struct said said;
	void *states;     /* owned; [POSITIONS] of the game's size */
	game_move *lines; /* owned; [POSITIONS][max_plies] */
	int plies[POSITIONS];
	int player; /* who is asked */
};

static void *state_of(const struct looking *l, int i)
{
	return (char *)l->states + (size_t)i * l->x->g->state_size;
}

static game_move *line_of(const struct looking *l, int i)
{
	return l->lines + (size_t)i * (size_t)l->x->g->max_plies;
}

/* Random moves, then up to 12 of the teacher's end, as long as it goes on. */
static void play_on(struct looking *l, int i, struct agent *end)
{
	const struct game *g = l->x->g;
	void *s = state_of(l, i), *next = game_state_new(g, 0);
	struct rng rng;
	int *ply = &l->plies[i];

	rng_init(&rng, rng_mix(l->x->seed, CLAIM_LOOKED), RNG_STUDY,
		 (uint64_t)i, 0);
	memcpy(s, next, g->state_size);
	game_opening(g, s, l->x->c->opening_plies, &rng, line_of(l, i), ply);
	for (int k = 0; k < i % MOST_ON; k++) {
		struct thought t;

		agent_think(end, s, l->x->seed, (uint64_t)i, *ply, NULL, &t);
		memcpy(next, s, g->state_size);
		g->rules->apply(g, next, t.move);
		if (g->rules->to_act(g, next) != GAME_OVER) {
			memcpy(s, next, g->state_size);
			line_of(l, i)[(*ply)++] = t.move;
		}
		thought_release(&t);
		if (g->rules->to_act(g, next) == GAME_OVER)
			break;
	}
	free(next);
}

static enum err_code take_positions(struct looking *l,
				    const struct agent_source *source,
				    struct err *e)
{
	const struct game *g = l->x->g;
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	void *start = game_state_new(g, 0);
	struct agent *end = NULL;
	enum err_code rc = agent_open(&end, "policy:end/0", g, source, e);

	for (int i = 0; i < POSITIONS && !rc; i++) {
		struct buf line;

		play_on(l, i, end);
		buf_init(&line);
		game_line_text(g, start, line_of(l, i), l->plies[i], &line);
		said_add(&l->said, line.len ? line.data : "",
			 g->rules->legal(g, state_of(l, i), legal));
		buf_release(&line);
	}
	agent_close(end);
	free(start);
	free(legal);
	return rc;
}

static void take_answer(void *ctx, int i, const struct thought *t)
{
	struct looking *l = ctx;
	struct said_position *p = &l->said.positions[i];

	if (t->has_value)
		p->value[l->player] = t->wdl[0] - t->wdl[2];
	for (int m = 0; m < t->count && m < p->legal; m++)
		p->figures[l->player * p->legal + m] = t->moves[m].policy;
}

static enum err_code ask(struct looking *l, const char *spec,
			 const struct agent_source *source, struct err *e)
{
	struct agent_question *q =
		mem_zalloc((size_t)l->said.count + 1, sizeof(*q));
	struct agent_answers answers = {take_answer, l};
	struct agent *a = NULL;
	enum err_code rc = agent_open(&a, spec, l->x->g, source, e);

	for (int i = 0; i < l->said.count; i++)
		q[i] = (struct agent_question){.state = state_of(l, i),
					       .line = line_of(l, i),
					       .ply = l->plies[i],
					       .game = (uint64_t)i};
	if (!rc)
		agent_think_many(a, q, l->said.count, l->x->seed, NULL,
				 &answers);
	agent_close(a);
	free(q);
	return rc;
}

static int sign(int score)
{
	return (score > 0) - (score < 0);
}

/* Where a solver is quick. */
static enum err_code ask_solver(struct looking *l, struct err *e)
{
	const struct game *g = l->x->g;
	int *scores = mem_alloc((size_t)g->move_count * sizeof(*scores));
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	struct solver *s = NULL;
	enum err_code rc = ERR_OK;

	if (solver_knows(g))
		rc = solver_open(&s, g, (size_t)16 << 20, e);
	for (int i = 0; s && i < l->said.count; i++) {
		struct said_position *p = &l->said.positions[i];
		int best = -1;

		if (!solver_is_quick(g, state_of(l, i)) ||
		    !study_goes_on(l->x->r) ||
		    !solver_moves(s, state_of(l, i), NULL, scores))
			continue;
		g->rules->legal(g, state_of(l, i), legal);
		for (int m = 0; m < p->legal; m++) {
			int v = sign(scores[legal[m]]);

			p->figures[l->player * p->legal + m] = (float)v;
			best = v > best ? v : best;
		}
		p->value[l->player] = (float)best;
	}
	solver_close(s);
	free(scores);
	free(legal);
	return rc;
}

static void begin(struct looking *l)
{
	size_t room = (size_t)l->x->g->max_plies * sizeof(*l->lines);

	l->states = mem_zalloc(POSITIONS, l->x->g->state_size);
	l->lines = mem_zalloc(POSITIONS, room);
	l->said.game = mem_strdup(l->x->g->name);
	snprintf(l->said.players[0], SAID_NAME, "M");
	l->said.player_count = 1;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		snprintf(l->said.players[l->said.player_count++], SAID_NAME,
			 "%s", others[i].name);
	snprintf(l->said.players[l->said.player_count++], SAID_NAME, "solver");
}

static enum err_code ask_all(struct looking *l, const struct claim_player *p,
			     struct err *e)
{
	struct kept_net nets[ARRAY_LEN(others)] = {{.weights = NULL}};
	struct duel_past past = {0};
	struct duel_net names[ARRAY_LEN(others) + 1] = {
		{p->nets->name, p->nets->net->plan}};
	struct duel d = {.game = l->x->g, .nets = names};
	struct agent_source source;
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(others) && !rc; i++) {
		rc = kept_net_find(l->x->r, l->x->g, others[i].arm, "network",
				   &nets[i], e);
		names[i + 1] = (struct duel_net){runs[i], nets[i].plan};
	}
	d.net_count = ARRAY_LEN(names);
	if (p->tail_count) {
		past = (struct duel_past){p->nets->name, p->tails[0].games,
					  p->tails[0].count};
		d.pasts = &past;
		d.past_count = 1;
	}
	source = duel_source(&d);
	if (!rc)
		rc = take_positions(l, &source, e);
	if (!rc)
		rc = ask(l, p->spec, &source, e);
	for (size_t i = 0; i < ARRAY_LEN(others) && !rc; i++) {
		l->player++;
		rc = ask(l, others[i].spec, &source, e);
	}
	l->player++;
	if (!rc)
		rc = ask_solver(l, e);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		kept_net_release(&nets[i]);
	return rc;
}

enum err_code claim_look(const struct claim_run *x,
			 const struct claim_player *p, struct err *e)
{
	struct looking l = {.x = x};
	enum err_code rc;

	begin(&l);
	rc = ask_all(&l, p, e);
	if (!rc) {
		struct buf text;

		buf_init(&text);
		said_write(&l.said, &text);
		study_keep(x->r, "positions", text.data, text.len);
		buf_release(&text);
	}
	said_release(&l.said);
	free(l.states);
	free(l.lines);
	return rc;
}
