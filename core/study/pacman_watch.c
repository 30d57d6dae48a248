/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/pacman_watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/pacman.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/rate/match.h"

void pacman_seen_init(struct pacman_seen *s)
{
	*s = (struct pacman_seen){0};
	buf_init(&s->line);
}

void pacman_seen_release(struct pacman_seen *s)
{
	free(s->places);
	buf_release(&s->line);
}

uint64_t pacman_place(const struct game *g, const void *state)
{
	struct pacman_view v;
	uint64_t key;

	pacman_view(g, state, &v);
	key = rng_mix(1, (uint64_t)v.him);
	for (int i = 0; i < v.ghost_count; i++)
		key = rng_mix(key, (uint64_t)v.ghosts[i].cell * 4 +
					   (v.ghosts[i].fright > 0) * 2 +
					   (v.ghosts[i].wait > 0));
	return key;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

bool pacman_was_at(const struct pacman_seen *s, uint64_t place)
{
	return s->place_count && bsearch(&place, s->places, s->place_count,
					 sizeof(place), by_number);
}

/* --- games --------------------------------------------------------------- */

struct watching {
	const struct pacman_watch *w;
	struct pacman_seen *seen;     /* or: */
	struct pacman_states *states; /* one of these is NULL */
	size_t cap;
};

static int eaten_of(const struct game *g, const void *state)
{
	struct game_fact facts[GAME_MAX_FACTS];
	int n = g->rules->facts(g, state, facts);

	for (int i = 0; i < n; i++)
		if (!strcmp(facts[i].name, "ghosts"))
			return facts[i].value;
	return 0;
}

static void note_place(struct watching *x, const void *state)
{
	struct pacman_seen *s = x->seen;

	if (s->place_count == x->cap) {
		x->cap = x->cap ? 2 * x->cap : 1024;
		s->places = mem_realloc(s->places, x->cap * sizeof(*s->places));
	}
	s->places[s->place_count++] = pacman_place(x->w->game, state);
}

static void note_state(struct watching *x, const void *state)
{
	struct pacman_states *s = x->states;
	size_t size = x->w->game->state_size;

	if ((size_t)s->count == x->cap) {
		x->cap = x->cap ? 2 * x->cap : 256;
		s->at = mem_realloc(s->at, x->cap * size);
	}
	memcpy(s->at + (size_t)s->count++ * size, state, size);
}

/* Ghosts that took fright by a move. */
static int frightened(const struct pacman_view *before,
		      const struct pacman_view *after)
{
	int n = 0;

	for (int i = 0; i < after->ghost_count; i++)
		n += after->ghosts[i].fright > 0 &&
		     !(before->ghosts[i].fright > 0);
	return n;
}

static void count_game(struct watching *x, const struct match_game *m)
{
	const struct game *g = x->w->game;
	void *state = game_state_new(g, 0);
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	struct pacman_view before, after;
	int lives;

	pacman_view(g, state, &before);
	after = before;
	lives = before.lives;
	for (int i = 0; i < m->count; i++) {
		bool chosen = g->rules->to_act(g, state) == 0 &&
			      g->rules->legal(g, state, legal) > 1;

		if (chosen && x->seen)
			note_place(x, state);
		if (chosen && x->states && i >= m->opening)
			note_state(x, state);
		g->rules->apply(g, state, m->moves[i]);
		pacman_view(g, state, &after);
		if (x->seen)
			x->seen->opportunities += frightened(&before, &after);
		before = after;
	}
	if (x->seen) {
		x->seen->eaten += eaten_of(g, state);
		x->seen->ticks += after.tick;
		x->seen->deaths += lives - after.lives;
	}
	free(legal);
	free(state);
}

static void take_game(void *ctx, const struct match_game *m)
{
	struct watching *x = ctx;
	struct pacman_seen *s = x->seen;
	void *start;

	count_game(x, m);
	if (!s)
		return;
	if (!s->games) {
		start = game_state_new(x->w->game, 0);
		game_line_text(x->w->game, start, m->moves, m->count, &s->line);
		s->plies = m->count;
		s->opening = m->opening;
		s->result = (double)m->result;
		free(start);
	}
	s->games++;
	s->score += m->points;
	s->squares += m->points * m->points;
}

static bool asks(void *ctx)
{
	struct watching *x = ctx;

	return x->w->goes_on(x->w->ctx);
}

static enum err_code play(struct watching *x, struct pool *pool, struct err *e)
{
	const struct pacman_watch *w = x->w;
	struct match_openings openings = {.random_plies = 2};
	struct match_request m = {
		.game = w->game,
		.agents = {w->agent, NULL},
		.source = w->source,
		.openings = &openings,
		.games = w->games,
		.seed = w->seed,
	};
	struct match_result result;

	return match_play(&m, pool, take_game, asks, x, &result, e);
}

enum err_code pacman_watch(const struct pacman_watch *w, struct pool *pool,
			   struct pacman_seen *out, struct err *e)
{
	struct watching x = {.w = w, .seen = out, .cap = out->place_count};
	enum err_code rc = play(&x, pool, e);
	size_t n = 0;

	qsort(out->places, out->place_count, sizeof(*out->places), by_number);
	for (size_t i = 0; i < out->place_count; i++)
		if (!n || out->places[n - 1] != out->places[i])
			out->places[n++] = out->places[i];
	out->place_count = n;
	return rc;
}

void pacman_states_release(struct pacman_states *s)
{
	free(s->at);
	*s = (struct pacman_states){0};
}

enum err_code pacman_states(const struct pacman_watch *w, struct pool *pool,
			    struct pacman_states *out, struct err *e)
{
	struct watching x = {.w = w, .states = out};

	*out = (struct pacman_states){0};
	return play(&x, pool, e);
}

/* --- drift --------------------------------------------------------------- */

enum { ROWS = 64 };

static void ask(const struct net_plan *plan, struct net_work *work, int n,
		const float *x, float *logits)
{
	struct net_batch in = {.sequences = n, .x = x};
	float *out[NET_HEADS] = {[NET_POLICY] = logits};

	net_infer(plan, work, NULL, &in, out);
}

static double log_sum(int n, const game_move *legal, const float *y)
{
	double top = -INFINITY, sum = 0;

	for (int i = 0; i < n; i++)
		top = fmax(top, (double)y[legal[i]]);
	for (int i = 0; i < n; i++)
		sum += exp((double)y[legal[i]] - top);
	return top + log(sum);
}

static double kl_of(int n, const game_move *legal, const float *a,
		    const float *b)
{
	double sum_a = log_sum(n, legal, a), sum_b = log_sum(n, legal, b);
	double kl = 0;

	for (int i = 0; i < n; i++) {
		double p = (double)a[legal[i]] - sum_a;

		kl += exp(p) * (p - ((double)b[legal[i]] - sum_b));
	}
	return kl;
}

void pacman_drift(const struct game *g, const struct pacman_states *s,
		  const struct net_plan *first, const struct net_plan *second,
		  double *kl)
{
	size_t planes = (size_t)g->planes * (size_t)g->rows * (size_t)g->cols;
	size_t moves = (size_t)g->move_count;
	float *x = mem_floats(ROWS * planes);
	float *y = mem_floats(2 * ROWS * moves), *z = y + ROWS * moves;
	game_move *legal = mem_alloc(moves * sizeof(*legal));
	struct net_work *one = net_work_new(first, ROWS);
	struct net_work *two = net_work_new(second, ROWS);

	for (int from = 0; from < s->count; from += ROWS) {
		int rows = s->count - from < ROWS ? s->count - from : ROWS;
		const unsigned char *at = s->at + (size_t)from * g->state_size;

		for (int i = 0; i < rows; i++)
			g->rules->encode(g, at + (size_t)i * g->state_size,
					 x + (size_t)i * planes);
		ask(first, one, rows, x, y);
		ask(second, two, rows, x, z);
		for (int i = 0; i < rows; i++) {
			int n = g->rules->legal(
				g, at + (size_t)i * g->state_size, legal);

			kl[from + i] = kl_of(n, legal, y + (size_t)i * moves,
					     z + (size_t)i * moves);
		}
	}
	net_work_free(one);
	net_work_free(two);
	free(legal);
	free(y);
	free(x);
}
