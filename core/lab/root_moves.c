/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/root_moves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json_scan.h"
#include "core/base/mem.h"

void root_move_json(struct json *j, const struct game *g, const void *state,
		    const struct agent_move *m, bool policy)
{
	char text[GAME_TEXT_SIZE];

	g->rules->move_text(g, state, m->move, text);
	json_open(j, '{');
	json_key(j, "move");
	json_string(j, text);
	json_key(j, "visits");
	json_int(j, m->visits);
	json_key(j, "prior");
	json_double(j, (double)m->prior);
	if (policy) {
		json_key(j, "policy");
		json_double(j, (double)m->policy);
	}
	json_key(j, "q");
	json_double(j, (double)m->q);
	json_key(j, "value");
	json_double(j, (double)m->value);
	json_close(j, '}');
}

void root_moves_json(const struct thought *th, const struct game *g,
		     const void *state, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '[');
	for (int i = 0; i < th->count; i++)
		root_move_json(&j, g, state, &th->moves[i], false);
	json_close(&j, ']');
}

/* A figure of a game in [low, 1]; what cannot be one is not known. */
static double figure(double v, double low)
{
	return v >= low - 1e-3 && v <= 1 + 1e-3 ? v : (double)NAN;
}

/* What root_move_json() wrote; its move as text. */
static void read_move(struct json_scan *s, struct root_move *out,
		      char move[GAME_TEXT_SIZE])
{
	char key[16];
	double v;

	*out = (struct root_move){.q = NAN, .value = NAN};
	move[0] = '\0';
	json_scan_open(s, '{');
	while (json_scan_key(s, key, sizeof(key))) {
		if (!strcmp(key, "move")) {
			json_scan_string(s, move, GAME_TEXT_SIZE);
		} else if (!strcmp(key, "visits")) {
			v = json_scan_number(s);
			out->visits = v > 0 && v < 4e9 ? (uint32_t)v : 0;
		} else if (!strcmp(key, "prior")) {
			v = figure(json_scan_number(s), 0);
			out->prior = isnan(v) ? 0 : v;
		} else if (!strcmp(key, "q")) {
			out->q = figure(json_scan_number(s), -1);
		} else if (!strcmp(key, "value")) {
			out->value = figure(json_scan_number(s), -1);
		} else {
			json_scan_skip(s);
		}
	}
}

static int by_move(const void *a, const void *b)
{
	const struct root_move *x = a, *y = b;

	return x->move < y->move ? -1 : x->move > y->move;
}

int root_moves_parse(const char *json, const struct game *g, const void *state,
		     struct root_move *out, int max)
{
	char text[GAME_TEXT_SIZE];
	struct json_scan s;
	int count = 0, kept = 0;

	if (g->rules->to_act(g, state) == GAME_OVER)
		return 0;
	json_scan_init(&s, json);
	json_scan_open(&s, '[');
	while (json_scan_item(&s)) {
		struct root_move m;

		read_move(&s, &m, text);
		m.move = json_scan_failed(&s)
				 ? GAME_NO_MOVE
				 : g->rules->move_parse(g, state, text);
		if (m.move != GAME_NO_MOVE && count < max)
			out[count++] = m;
	}
	if (json_scan_failed(&s))
		return 0;
	qsort(out, (size_t)count, sizeof(*out), by_move);
	for (int i = 0; i < count; i++) {
		if (kept == 0 || out[i].move != out[kept - 1].move)
			out[kept++] = out[i];
	}
	return kept;
}

int root_moves_of(const struct thought *th, struct root_move *out, int max)
{
	int count = th->count < max ? th->count : max;

	for (int i = 0; i < count; i++) {
		const struct agent_move *m = &th->moves[i];

		out[i] = (struct root_move){
			.move = m->move,
			.visits = m->visits,
			.prior = (double)m->prior,
			.q = (double)m->q,
			.value = (double)m->value,
		};
	}
	return count;
}

int root_moves_best(const struct root_move *moves, int count)
{
	int best = -1;

	for (int i = 0; i < count; i++) {
		if (moves[i].visits > 0 &&
		    (best < 0 || moves[i].visits > moves[best].visits))
			best = i;
	}
	return best;
}

int root_moves_top(const struct root_move *moves, int count)
{
	int top = -1;

	for (int i = 0; i < count; i++) {
		if (top < 0 || moves[i].prior > moves[top].prior)
			top = i;
	}
	return top;
}

static int64_t sum_of(double mean, uint32_t visits)
{
	double one = mean >= -1 ? fmin(mean, 1) : isnan(mean) ? 0 : -1;

	return llrint(one * TRACE_ONE) * (int64_t)visits;
}

struct trace *root_moves_trace(const struct root_move *moves, int count,
			       const double *wdl, double raw)
{
	struct trace *t = mem_zalloc(1, sizeof(*t));
	struct trace_node *root;
	uint64_t total = 0;

	t->node_count = (uint32_t)count + 1;
	t->nodes = mem_zalloc(t->node_count, sizeof(*t->nodes));
	t->sims = mem_zalloc(1, sizeof(*t->sims));
	t->alternate = 1;
	for (int i = 0; i < count; i++) {
		struct trace_node *n = &t->nodes[i + 1];

		n->move = moves[i].move;
		n->prior = (float)moves[i].prior;
		n->evaluated = isnan(moves[i].value) ? -1 : 0;
		n->value = isnan(moves[i].value) ? 0 : (float)-moves[i].value;
		if (isnan(moves[i].q))
			continue;
		n->base_visits = moves[i].visits;
		n->base_value = sum_of(-moves[i].q, moves[i].visits);
		total += moves[i].visits;
	}
	root = &t->nodes[0];
	root->move = GAME_NO_MOVE;
	root->prior = 1;
	root->first_child = count > 0 ? 1 : 0;
	root->child_count = (uint16_t)count;
	total = total < UINT32_MAX ? total : UINT32_MAX;
	root->base_visits = (uint32_t)total;
	root->value = (float)raw;
	if (wdl && !isnan(wdl[0])) {
		root->base_value = sum_of(wdl[0] - wdl[2], (uint32_t)total);
		root->base_draw = sum_of(wdl[1], (uint32_t)total);
	}
	return t;
}

struct trace *root_moves_take(struct thought *th)
{
	double wdl[3] = {NAN, NAN, NAN}, raw = NAN;
	struct trace *trace = th->trace;
	struct root_move *list;
	int count;

	th->trace = NULL;
	if (trace)
		return trace;
	list = mem_zalloc((size_t)th->count + 1, sizeof(*list));
	count = root_moves_of(th, list, th->count);
	for (int i = 0; th->has_value && i < 3; i++)
		wdl[i] = (double)th->wdl[i];
	if (th->simulations == 0)
		raw = wdl[0] - wdl[2];
	trace = root_moves_trace(list, count, wdl, raw);
	free(list);
	return trace;
}
