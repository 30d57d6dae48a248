/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/pacman_orchestra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/batch.h"
#include "core/net/head.h"

/* Moves whose points a choice is rewarded with; and the least log chance that
 * counts. */
enum { AHEAD = 8 };
static const double LEAST = -3;

/* A choice, until its reward is known. */
struct choice {
	double seen[CHOOSER_SEES];
	int arm;
	double likely; /* log chance of the move by the first policy */
	int points;    /* before it */
};

struct room {
	const struct pacman_orchestra *o;
	struct net_work *work[CHOOSER_ARMS]; /* owned */
	float *x, *p[CHOOSER_ARMS];          /* owned */
	game_move *legal, *moves;            /* owned */
	struct choice *choices;              /* owned; [max_plies] */
};

static void room_init(struct room *m, const struct pacman_orchestra *o)
{
	const struct game *g = o->game;
	size_t moves = (size_t)g->move_count;

	m->o = o;
	m->x = mem_floats((size_t)g->planes * (size_t)g->rows *
			  (size_t)g->cols);
	for (int a = 0; a < CHOOSER_ARMS; a++) {
		m->work[a] = net_work_new(o->plans[a], 1);
		m->p[a] = mem_floats(moves);
	}
	m->legal = mem_zalloc(moves, sizeof(*m->legal));
	m->moves = mem_zalloc((size_t)g->max_plies, sizeof(*m->moves));
	m->choices = mem_zalloc((size_t)g->max_plies, sizeof(*m->choices));
}

static void room_release(struct room *m)
{
	for (int a = 0; a < CHOOSER_ARMS; a++) {
		net_work_free(m->work[a]);
		free(m->p[a]);
	}
	free(m->x);
	free(m->legal);
	free(m->moves);
	free(m->choices);
}

/* The policy of one over n legal moves; returns its value. */
static double ask(struct room *m, int arm, int n)
{
	struct net_batch in = {.sequences = 1, .x = m->x};
	float wdl[3], *p = m->p[arm], top = -INFINITY, sum = 0;
	float *y = mem_floats((size_t)m->o->game->move_count);
	float *out[NET_HEADS] = {[NET_POLICY] = y, [NET_VALUE] = wdl};

	net_infer(m->o->plans[arm], m->work[arm], NULL, &in, out);
	for (int i = 0; i < n; i++)
		top = fmaxf(top, y[m->legal[i]]);
	for (int i = 0; i < n; i++)
		sum += p[i] = expf(y[m->legal[i]] - top);
	for (int i = 0; i < n; i++)
		p[i] /= sum;
	free(y);
	return (double)(wdl[0] - wdl[2]);
}

static double entropy(const float *p, int n)
{
	double h = 0;

	for (int i = 0; i < n; i++)
		if (p[i] > 0)
			h -= (double)p[i] * log((double)p[i]);
	return h;
}

/* What is seen of a state with n legal moves. */
static void look(struct room *m, const void *state, int n, double *seen)
{
	const struct game *g = m->o->game;
	const float *p = m->p[0], *q = m->p[1];
	double kl = 0, apart = 0;

	g->rules->encode(g, state, m->x);
	seen[0] = 1;
	seen[1] = ask(m, 0, n);
	seen[2] = ask(m, 1, n);
	for (int i = 0; i < n; i++) {
		kl += (double)q[i] * (log(fmax((double)q[i], 1e-8)) -
				      log(fmax((double)p[i], 1e-8)));
		apart += fabs((double)(p[i] - q[i])) / 2;
	}
	seen[3] = fmin(kl, 3);
	seen[4] = apart;
	seen[5] = entropy(p, n);
	seen[6] = entropy(q, n);
}

static void learn(const struct pacman_orchestra *o, struct chooser *c,
		  const struct choice *all, int count, int end)
{
	double share = (double)o->share;

	for (int i = 0; i < count; i++) {
		int later = i + AHEAD < count ? all[i + AHEAD].points : end;
		double brought =
			(double)(later - all[i].points) / (double)o->points;

		chooser_learn(c, all[i].seen, all[i].arm,
			      (1 - share) * brought +
				      share * fmax(all[i].likely, LEAST) /
					      -LEAST);
	}
}

/* Game `number`; returns how many choices there were, of them *first of the
 * first policy. */
static int play_game(struct room *m, struct chooser *c, int number, bool learns,
		     struct pacman_seen *seen, int *first)
{
	const struct game *g = m->o->game;
	void *state = game_state_new(g, rng_mix(m->o->seed, (uint64_t)number));
	int count = 0, choices = 0;
	struct rng r;

	rng_init(&r, m->o->seed, RNG_STUDY, (uint64_t)number, learns);
	while (g->rules->to_act(g, state) != GAME_OVER) {
		struct choice *at = &m->choices[choices];
		int n, i;

		if (g->rules->to_act(g, state) == GAME_CHANCE) {
			m->moves[count] =
				game_chance_move(g, state, &r, m->legal);
			g->rules->apply(g, state, m->moves[count++]);
			continue;
		}
		n = g->rules->legal(g, state, m->legal);
		i = 0;
		if (n > 1) {
			look(m, state, n, at->seen);
			at->arm = chooser_pick(c, at->seen, &r);
			i = rng_pick(&r, m->p[at->arm], n);
			at->likely = log(fmax((double)m->p[0][i], 1e-8));
			at->points = g->rules->points(g, state);
			*first += at->arm == 0;
			choices++;
		}
		m->moves[count] = m->legal[i];
		g->rules->apply(g, state, m->moves[count++]);
	}
	if (learns)
		learn(m->o, c, m->choices, choices, g->rules->points(g, state));
	if (seen)
		pacman_seen_add(seen, g, m->moves, count, 0);
	free(state);
	return choices;
}

enum err_code pacman_orchestra_play(const struct pacman_orchestra *o,
				    struct chooser *c, int first, int count,
				    bool learns, struct pacman_seen *seen,
				    double *chosen, struct err *e)
{
	enum err_code rc = ERR_OK;
	int of_first = 0, all = 0;
	struct room m;

	(void)e;
	room_init(&m, o);
	for (int i = first; i < first + count && !rc; i++) {
		all += play_game(&m, c, i, learns, seen, &of_first);
		if (!o->goes_on(o->ctx))
			rc = ERR_CANCELLED;
	}
	room_release(&m);
	if (chosen)
		*chosen = all ? (double)of_first / all : 0;
	if (seen)
		pacman_seen_sort(seen);
	return rc;
}
