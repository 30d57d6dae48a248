/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>

#include "core/base/clock.h"
#include "core/learn/course_int.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/head.h"

/* Figures on their way to the sink, up to the first that it refuses. */
struct figures {
	struct course *c;
	enum err_code rc;
	struct err *e;
};

static void figure(struct figures *f, const char *name, double value)
{
	const struct course_sink *s = &f->c->sink;

	if (!f->rc && s->figure && isfinite(value))
		f->rc = s->figure(s->self, &f->c->at, name, value, f->e);
}

static void learned(struct figures *f, const struct learner_figures *l)
{
	const char *name;
	double mean;
	int at = 0;

	if (!l->samples)
		return;
	while (net_loss_next(&l->loss, &at, &name, &mean))
		figure(f, name, mean);
	figure(f, "gradient", l->gradient_norm / (double)l->steps);
	if (course_plays(f->c))
		figure(f, "rate",
		       (double)recipe_rate(&f->c->recipe,
					   learner_step_number(f->c->learner),
					   f->c->at.games));
}

double course_seconds(const struct course *c)
{
	return clock_seconds() - c->began - c->waited;
}

/* Processor time, so that other programs do not show: milliseconds for each
 * finished game, and the share of the threads' time that was spent waiting for
 * the last of them or for work that one does alone. */
static void times(struct figures *f, const struct self_play_figures *p)
{
	const struct course *c = f->c;
	const struct pool_times *play = &c->play_times, *step = &c->step_times;
	double alone =
		clock_thread_seconds() - c->cpu_began - play->own - step->own;
	double busy = play->busy + step->busy + alone;
	double longest = play->busiest + step->busiest + alone;

	if (longest > 0)
		figure(f, "idle", 1 - busy / (c->threads * longest));
	if (!p->games)
		return;
	figure(f, "time.network", 1e3 * p->net_seconds / (double)p->games);
	figure(f, "time.search",
	       1e3 * (p->busy_seconds - p->net_seconds) / (double)p->games);
	figure(f, "time.training",
	       1e3 * (step->busy + alone) / (double)p->games);
}

/* Of games that are over. */
static void ended(struct figures *f, const struct self_play_figures *p,
		  double seconds)
{
	const struct game *g = f->c->config.game;
	double games = (double)p->games;

	if (!p->games)
		return;
	figure(f, "length", (double)p->plies / games);
	if (g->player_count > 1)
		figure(f, "first_score", p->first_score / games);
	if (g->rules->points)
		figure(f, "selfplay.score", p->points / games);
	figure(f, "games_per_second", games / seconds);
}

static void played(struct figures *f, const struct self_play_figures *p,
		   double seconds)
{
	double n = (double)p->positions;

	if (p->positions) {
		figure(f, "kl", p->kl / n);
		figure(f, "entropy", p->entropy / n);
		figure(f, "search.entropy", p->search_entropy / n);
		figure(f, "search.changed", (double)p->best_changed / n);
		figure(f, "network.share", p->net_seconds / p->busy_seconds);
		figure(f, "cache.share",
		       1 - (double)p->rows / (double)p->leaves);
		figure(f, "positions_per_second", n / seconds);
		times(f, p);
	}
	ended(f, p, seconds);
}

/* Of play without a search. */
static void acted(struct figures *f, const struct lanes_figures *l,
		  double seconds)
{
	struct self_play_figures p = {
		.positions = l->positions,
		.games = l->games,
		.plies = l->plies,
		.first_score = l->first_score,
		.points = l->points,
		.net_seconds = l->net_seconds,
		.busy_seconds = l->busy_seconds,
	};
	double n = (double)l->positions;

	figure(f, "entropy", l->entropy / n);
	figure(f, "surprise", l->surprise / l->squares);
	if (f->c->method.anchor > 0)
		figure(f, "anchor.kl", l->anchor_kl / n);
	figure(f, "network.share", p.net_seconds / p.busy_seconds);
	figure(f, "positions_per_second", n / seconds);
	times(f, &p);
	ended(f, &p, seconds);
}

static void measured(struct figures *f, const struct learner_held_out *h)
{
	figure(f, "heldout.agree", h->agree);
	figure(f, "heldout.kl", h->kl);
	figure(f, "heldout.value_error", h->value_error);
	figure(f, "heldout.loss.policy", h->policy);
	figure(f, "heldout.loss.value", h->value);
}

enum err_code course_figures(struct course *c, struct err *e)
{
	struct figures f = {.c = c, .e = e};
	double seconds = course_seconds(c);
	struct self_play_figures play = {0};
	struct learner_figures learn;

	learner_take_figures(c->learner, &learn);
	/* All work is done before the first is handed over: who writes them
	 * to a file keeps it from others no longer than needed. */
	if (c->play)
		self_play_take_figures(c->play, &play);
	c->asked += play.rows;
	learned(&f, &learn);
	if (c->lanes && c->acted.positions)
		acted(&f, &c->acted, seconds);
	else if (c->play)
		played(&f, &play, seconds);
	else if (!c->lanes)
		measured(&f, &c->measured);
	return f.rc;
}
