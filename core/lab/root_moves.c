/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/root_moves.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* A reader of flat objects, as the lab file has them: enough JSON for that and
 * no more.  Anything else ends the reading. */
struct scan {
	const char *at;
	bool failed;
};

static bool eat(struct scan *s, char c)
{
	while (isspace((unsigned char)*s->at))
		s->at++;
	if (*s->at != c)
		return false;
	s->at++;
	return true;
}

static void want(struct scan *s, char c)
{
	if (!eat(s, c))
		s->failed = true;
}

static void read_string(struct scan *s, char *out, size_t size)
{
	size_t len = 0;

	want(s, '"');
	while (!s->failed && *s->at && *s->at != '"') {
		if (*s->at == '\\' && s->at[1])
			s->at++;
		if (len + 1 < size)
			out[len++] = *s->at;
		s->at++;
	}
	out[len] = '\0';
	want(s, '"');
}

static double read_number(struct scan *s)
{
	char *end;
	double v;

	while (isspace((unsigned char)*s->at))
		s->at++;
	if (strncmp(s->at, "null", 4) == 0) {
		s->at += 4;
		return NAN;
	}
	v = strtod(s->at, &end);
	if (end == s->at)
		s->failed = true;
	s->at = end;
	return v;
}

static void read_move(struct scan *s, struct root_move *out, char *move)
{
	char key[16], skip[GAME_TEXT_SIZE];

	*out = (struct root_move){.q = NAN, .value = NAN};
	move[0] = '\0';
	want(s, '{');
	if (eat(s, '}'))
		return;
	do {
		read_string(s, key, sizeof(key));
		want(s, ':');
		if (s->failed)
			return;
		if (strcmp(key, "move") == 0) {
			read_string(s, move, GAME_TEXT_SIZE);
		} else if (eat(s, '"')) {
			s->at--;
			read_string(s, skip, sizeof(skip));
		} else {
			double v = read_number(s);

			if (strcmp(key, "visits") == 0)
				out->visits =
					v > 0 && v < 4e9 ? (uint32_t)v : 0;
			else if (strcmp(key, "prior") == 0)
				out->prior = isnan(v) ? 0 : v;
			else if (strcmp(key, "q") == 0)
				out->q = v;
			else if (strcmp(key, "value") == 0)
				out->value = v;
		}
	} while (!s->failed && eat(s, ','));
	want(s, '}');
}

static int by_move(const void *a, const void *b)
{
	const struct root_move *x = a, *y = b;

	return x->move < y->move ? -1 : x->move > y->move;
}

int root_moves_parse(const char *json, const struct game *g, const void *state,
		     struct root_move *out, int max)
{
	struct scan s = {.at = json ? json : ""};
	char text[GAME_TEXT_SIZE];
	int count = 0, kept = 0;

	want(&s, '[');
	if (s.failed || eat(&s, ']') || g->rules->to_act(g, state) == GAME_OVER)
		return 0;
	do {
		struct root_move m;

		read_move(&s, &m, text);
		m.move = s.failed ? GAME_NO_MOVE
				  : g->rules->move_parse(g, state, text);
		if (m.move != GAME_NO_MOVE && count < max)
			out[count++] = m;
	} while (!s.failed && eat(&s, ','));
	if (s.failed || !eat(&s, ']'))
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
	return llrint(mean * TRACE_ONE) * (int64_t)visits;
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
	root->base_visits = (uint32_t)total;
	root->value = (float)raw;
	if (wdl && !isnan(wdl[0])) {
		root->base_value = sum_of(wdl[0] - wdl[2], (uint32_t)total);
		root->base_draw = sum_of(wdl[1], (uint32_t)total);
	}
	return t;
}
