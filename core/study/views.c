/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/views.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"

/* Positions of a task: a network is made ready once for each. */
enum { TASK = 512 };

void views_init(struct views *v, const struct game *g, int stages)
{
	*v = (struct views){
		.game = g,
		.stages = stages,
		.symmetries = g->symmetries,
		.temperature = 1,
		.row = (size_t)g->planes * (size_t)(g->rows * g->cols),
		.said = (size_t)g->move_count + 3,
	};
	assert(stages > 0 && g->player_count == 2);
}

void views_release(struct views *v)
{
	free(v->x);
	free(v->logs);
	memset(v, 0, sizeof(*v));
}

static float *said_at(const struct views *v, int64_t i, int stage)
{
	return v->logs +
	       ((size_t)i * (size_t)v->stages + (size_t)stage) * v->said;
}

void views_add(struct views *v, const void *state)
{
	size_t n;

	if (v->count == v->room) {
		v->room = v->room ? 2 * v->room : 1024;
		n = (size_t)v->room * sizeof(float);
		v->x = mem_realloc(v->x, n * v->row);
		v->logs = mem_realloc(v->logs, n * (size_t)v->stages * v->said);
	}
	v->game->rules->encode(v->game, state,
			       v->x + (size_t)v->count * v->row);
	for (int s = 0; s < v->stages; s++) {
		float *logs = said_at(v, v->count, s);

		views_legal(v->game, state, logs);
		views_nothing(v->game, logs);
	}
	v->count++;
}

void views_legal(const struct game *g, const void *state, float *logs)
{
	game_move few[256];
	game_move *legal =
		g->move_count <= 256
			? few
			: mem_alloc((size_t)g->move_count * sizeof(*legal));
	int n = g->rules->legal(g, state, legal);

	for (int m = 0; m < g->move_count; m++)
		logs[m] = VIEWS_ILLEGAL;
	for (int i = 0; i < n; i++)
		logs[legal[i]] = 0;
	if (legal != few)
		free(legal);
}

void views_position(const struct game *g, const void *state, float *x,
		    float *logs)
{
	g->rules->encode(g, state, x);
	views_legal(g, state, logs);
}

void views_nothing(const struct game *g, float *logs)
{
	for (int m = 0; m < g->move_count; m++)
		logs[m] = logs[m] <= VIEWS_ILLEGAL ? VIEWS_ILLEGAL : 0;
	for (int i = 0; i < 3; i++)
		logs[g->move_count + i] = 0;
	views_normalise(g, logs);
}

static void normalise(int n, float *logs)
{
	float top = VIEWS_ILLEGAL, sum = 0;

	for (int i = 0; i < n; i++)
		top = logs[i] > top ? logs[i] : top;
	for (int i = 0; i < n; i++)
		if (logs[i] > VIEWS_ILLEGAL)
			sum += expf(logs[i] - top);
	for (int i = 0; i < n; i++)
		if (logs[i] > VIEWS_ILLEGAL)
			logs[i] = fmaxf(logs[i] - top - logf(sum), VIEWS_LEAST);
}

void views_normalise(const struct game *g, float *logs)
{
	normalise(g->move_count, logs);
	normalise(3, logs + g->move_count);
}

/* --- what networks say --------------------------------------------------- */

void views_ask(const struct game *g, const struct net_plan *p,
	       struct net_work *w, float temperature, int n, const float *x,
	       float *logs, size_t step)
{
	size_t moves = (size_t)g->move_count;
	size_t row = net_config_row(net_plan_config(p));
	float *policy = mem_floats(VIEWS_CALL * moves), wdl[VIEWS_CALL * 3];
	float *out[NET_HEADS] = {[NET_POLICY] = policy, [NET_VALUE] = wdl};

	for (int from = 0; from < n; from += VIEWS_CALL) {
		int count = n - from < VIEWS_CALL ? n - from : VIEWS_CALL;
		struct net_batch in = {.sequences = count,
				       .x = x + (size_t)from * row};

		net_infer(p, w, NULL, &in, out);
		for (int i = 0; i < count; i++) {
			float *to = logs + (size_t)(from + i) * step;

			for (size_t m = 0; m < moves; m++)
				if (to[m] > VIEWS_ILLEGAL)
					to[m] = policy[(size_t)i * moves + m] /
						temperature;
			for (size_t k = 0; k < 3; k++)
				to[moves + k] = logf(
					fmaxf(wdl[(size_t)i * 3 + k], 1e-6f));
			views_normalise(g, to);
		}
	}
	free(policy);
}

struct asking {
	struct views *v;
	int64_t first;
	const struct net_plan *const *plans;
};

static void ask_some(void *ctx, int number, int worker)
{
	struct asking *a = ctx;
	struct views *v = a->v;
	int64_t from = a->first + (int64_t)number * TASK;
	int n = v->count - from < TASK ? (int)(v->count - from) : TASK;

	(void)worker;
	for (int s = 0; s < v->stages; s++) {
		struct net_work *w = net_work_new(a->plans[s], VIEWS_CALL);

		views_ask(v->game, a->plans[s], w, v->temperature, n,
			  v->x + (size_t)from * v->row, said_at(v, from, s),
			  (size_t)v->stages * v->said);
		net_work_free(w);
	}
}

void views_say(struct views *v, int64_t first,
	       const struct net_plan *const *plans, struct pool *pool)
{
	struct asking a = {v, first, plans};
	int64_t n = v->count - first;

	assert(first >= 0 && n >= 0);
	for (int s = 0; s < v->stages; s++)
		assert(net_config_row(net_plan_config(plans[s])) == v->row);
	pool_run(pool, (int)((n + TASK - 1) / TASK), ask_some, &a);
}

/* --- reading ------------------------------------------------------------- */

void views_read(const struct views *v, int64_t i, int sym, float *x)
{
	const float *from = v->x + (size_t)i * v->row;

	assert(i >= 0 && i < v->count);
	if (sym)
		game_planes_symmetry(v->game, sym, from, x);
	else
		memcpy(x, from, v->row * sizeof(*x));
}

void views_read_said(const struct views *v, int64_t i, int stage, int sym,
		     float *logs)
{
	const float *from = said_at(v, i, stage);
	size_t moves = (size_t)v->game->move_count;

	assert(i >= 0 && i < v->count && stage >= 0 && stage < v->stages);
	if (sym)
		game_policy_symmetry(v->game, sym, from, logs);
	else
		memcpy(logs, from, moves * sizeof(*logs));
	memcpy(logs + moves, from + moves, 3 * sizeof(*logs));
}
