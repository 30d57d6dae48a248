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

static int eaten_of(const struct game *g, const void *state)
{
	struct game_fact facts[GAME_MAX_FACTS];
	int n = g->rules->facts(g, state, facts);

	for (int i = 0; i < n; i++)
		if (!strcmp(facts[i].name, "ghosts"))
			return facts[i].value;
	return 0;
}

static void note_place(struct pacman_seen *s, uint64_t place)
{
	if (s->place_count == s->place_cap) {
		s->place_cap = s->place_cap ? 2 * s->place_cap : 1024;
		s->places = mem_realloc(s->places,
					s->place_cap * sizeof(*s->places));
	}
	s->places[s->place_count++] = place;
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

/* Whether he has the turn and something to choose. */
static bool chooses(const struct game *g, const void *state, game_move *legal)
{
	return g->rules->to_act(g, state) == 0 &&
	       g->rules->legal(g, state, legal) > 1;
}

static void note_end(struct pacman_seen *s, const struct game *g,
		     const void *state)
{
	double points = g->rules->points(g, state);

	s->games++;
	s->eaten += eaten_of(g, state);
	s->score += points;
	s->squares += points * points;
}

static void keep_line(struct pacman_seen *s, const struct game *g,
		      const game_move *moves, int count, int opening)
{
	void *state = game_state_new(g, 0);
	float value[GAME_MAX_PLAYERS];

	game_line_text(g, state, moves, count, &s->line);
	for (int i = 0; i < count; i++)
		g->rules->apply(g, state, moves[i]);
	g->rules->score(g, state, value);
	s->plies = count;
	s->opening = opening;
	s->result = (double)value[0];
	free(state);
}

void pacman_seen_add(struct pacman_seen *s, const struct game *g,
		     const game_move *moves, int count, int opening)
{
	void *state = game_state_new(g, 0);
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	struct pacman_view before, after;
	int lives;

	if (!s->games)
		keep_line(s, g, moves, count, opening);
	pacman_view(g, state, &before);
	after = before;
	lives = before.lives;
	for (int i = 0; i < count; i++) {
		if (chooses(g, state, legal))
			note_place(s, pacman_place(g, state));
		g->rules->apply(g, state, moves[i]);
		pacman_view(g, state, &after);
		s->opportunities += frightened(&before, &after);
		before = after;
	}
	s->ticks += after.tick;
	s->deaths += lives - after.lives;
	note_end(s, g, state);
	free(legal);
	free(state);
}

void pacman_seen_sort(struct pacman_seen *s)
{
	size_t n = 0;

	if (s->place_count)
		qsort(s->places, s->place_count, sizeof(*s->places), by_number);
	for (size_t i = 0; i < s->place_count; i++)
		if (!n || s->places[n - 1] != s->places[i])
			s->places[n++] = s->places[i];
	s->place_count = n;
}

/* --- games of an agent --------------------------------------------------- */

struct watching {
	const struct pacman_watch *w;
	struct pacman_seen *seen;     /* or: */
	struct pacman_states *states; /* one of these is NULL */
	size_t cap;
};

static void add_states(struct watching *x, const struct match_game *m)
{
	const struct game *g = x->w->game;
	struct pacman_states *s = x->states;
	void *state = game_state_new(g, 0);
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));

	for (int i = 0; i < m->count; i++) {
		if (i >= m->opening && chooses(g, state, legal)) {
			if ((size_t)s->count == x->cap) {
				x->cap = x->cap ? 2 * x->cap : 256;
				s->at = mem_realloc(s->at,
						    x->cap * g->state_size);
			}
			memcpy(s->at + (size_t)s->count++ * g->state_size,
			       state, g->state_size);
		}
		g->rules->apply(g, state, m->moves[i]);
	}
	free(legal);
	free(state);
}

static void take_game(void *ctx, const struct match_game *m)
{
	struct watching *x = ctx;

	if (x->seen)
		pacman_seen_add(x->seen, x->w->game, m->moves, m->count,
				m->opening);
	else
		add_states(x, m);
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
	struct watching x = {.w = w, .seen = out};
	enum err_code rc = play(&x, pool, e);

	pacman_seen_sort(out);
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
