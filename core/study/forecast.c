/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/drop_rules.h"
#include "core/game/game.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/rate/curve.h"
#include "core/rate/duel.h"
#include "core/rate/forecast.h"
#include "core/rate/outlook.h"
#include "core/study/family_space.h"
#include "core/study/forecast_int.h"
#include "core/study/kept_net.h"
#include "core/study/many_lives.h"
#include "core/study/study.h"

/*
 * "You can't know how good it will be until it has spent a long time studying":
 * the strength of learners at twice, four and ten times the games is foreseen
 * from their curve up to the cut, and from others of their kind that are known
 * to the end; of learners like these, of such with other settings, and of such
 * at games with other rules.  Strengths are Elo over the learner's own network
 * at the cut, from direct games, before it and after.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct forecast_conf, CONF_INT, key, lo, hi, dflt, text)

const struct conf_spec forecast_spec[] = {
	INT(rows, 3, 12, "4", "of the board"),
	INT(cols, 3, 7, "5", "of the board"),
	INT(line, 3, 6, "4", "in a row win"),
	INT(filters, 1, 256, "16", "of every learner's network"),
	INT(blocks, 1, 40, "2", "of it"),
	INT(simulations, 2, 100000, "8", "of the learners' searches"),
	CONF_NUMBER(struct forecast_conf, CONF_FLOAT, rate, 0, 1, "0.006",
		    "learning rate"),
	INT(games, 64, 10000000, "3000", "of self-play"),
	INT(cut, 32, 10000000, "300", "of them up to the cut"),
	INT(before, 4, 64, "12", "stages that are seen"),
	INT(per_stage, 1, 10000, "1", "games that each of them plays"),
	INT(siblings, 3, 1000, "24", "lives that are known to the end"),
	INT(lives, 1, 1000, "4", "of each kind, of a seed"),
	INT(line_points, 3, 64, "6", "points that a line is laid through"),
	INT(opening_plies, 0, 1000, "4", "random moves before scored games"),
	INT(pairs, 1, 1000000, "150", "of scored games"),
	{.name = NULL},
};

const struct forecast_horizon forecast_horizons[FORECAST_HORIZONS] = {
	{3, 2}, {6, 4}, {FORECAST_AFTER, 10}};
const char *const forecast_kinds[] = {"same", "setting", "rule", NULL};
const char *const forecast_ways[] = {"still", "line", "power", "kin", NULL};

#define ARMS(kind, of)                                                      \
	{kind "-curve", "teacher", "how strong they were, " of},            \
		{kind "-still", "control", "as strong as at the cut, " of}, \
		{kind "-line", "control",                                   \
		 "on a line over the logarithm of games, " of},             \
		{kind "-power", "arm", "a power law with a ceiling, " of},  \
	{                                                                   \
		kind "-kin", "arm", "as others rose that rose as much, " of \
	}

static const struct study_arm arms[] = {
	{"siblings", "control", "learners that are known to the end"},
	ARMS("same", "of learners like these"),
	ARMS("setting", "of learners with other settings"),
	ARMS("rule", "of learners at games with other rules"),
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"learns", "learners end 50 Elo above their cut, lower bound, of each "
		   "kind"},
	{"in-family", "of learners like those known, intervals of 80 % by kin "
		      "hold between 65 and 95 % of what came"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "games=400,cut=40,before=5,siblings=4,lives=1,pairs=20,filters=8", 2},
	{"desk", "", 6},
	{"overnight", "siblings=128,lives=16,pairs=1000", 12},
	{.name = NULL},
};

/* Chance, by what it is for. */
enum { SIBLING = 1, TARGET, SETTING, OPENINGS };

struct foresight {
	struct study_run *r;
	const struct forecast_conf *c;
	const struct study_arm *arm;
	uint64_t seed;
	struct game g;
	const char *kind; /* "same", ...; NULL: the siblings */
	size_t kind_len;
	struct game *rules; /* owned; [lives] of the kind rule */
};

/* Points of a curve: those up to the cut, then the horizons. */
static int point_count(const struct forecast_conf *c)
{
	return c->before + FORECAST_HORIZONS;
}

static bool of_kind(const struct foresight *f, const char *kind)
{
	return f->kind && strlen(kind) == f->kind_len &&
	       !strncmp(f->kind, kind, f->kind_len);
}

/* --- curves -------------------------------------------------------------- */

static void usual_recipe(const struct foresight *f, struct recipe *r)
{
	struct err e = ERR_INIT;

	conf_defaults(recipe_spec, r);
	if (conf_read(recipe_spec, r, life_usual, "forecast", &e))
		assert(!"the usual recipe is one");
	r->filters = f->c->filters;
	r->blocks = f->c->blocks;
	r->simulations = f->c->simulations;
	r->rate = f->c->rate;
	r->rate_games = f->c->games;
	r->opening_plies = f->c->opening_plies;
}

static void choose(void *ctx, int k, struct game *g, struct recipe *r,
		   struct life_config *out)
{
	const struct foresight *f = ctx;
	int what = f->kind ? TARGET : SIBLING;

	usual_recipe(f, r);
	*g = of_kind(f, "rule") ? f->rules[k] : f->g;
	if (of_kind(f, "setting")) {
		struct family_place p;
		struct rng rng;

		rng_init(&rng, f->seed, RNG_STUDY, SETTING, (uint64_t)k);
		family_draw(&rng, &p);
		family_settle(&p, r);
	}
	out->grid = (struct life_grid){
		.cut = f->c->cut,
		.games = f->c->games,
		.before = f->c->before,
		.after = FORECAST_AFTER,
		.per_stage = f->c->per_stage,
		.temperature = 0.25f,
	};
	out->seed = rng_mix(rng_mix(f->seed, (uint64_t)what),
			    f->kind ? rng_mix((uint64_t)*f->kind, (uint64_t)k)
				    : (uint64_t)k);
}

static bool goes_on(void *ctx)
{
	const struct foresight *f = ctx;

	return study_goes_on(f->r);
}

/* Elo of a stage over the cut's. */
static enum err_code strength(struct foresight *f, const struct game *g,
			      const struct life *l, int stage, uint64_t seed,
			      double *out, struct err *e)
{
	struct kept_net first = {0}, second = {0};
	struct duel_result result;
	enum err_code rc;

	kept_net_set(&first, life_net(l), life_stage(l, stage).weights);
	kept_net_set(&second, life_net(l),
		     life_stage(l, f->c->before - 1).weights);
	struct duel_net nets[] = {{"a", first.plan}, {"b", second.plan}};
	struct duel d = {
		.game = g,
		.agents = {"policy:a", "policy:b"},
		.nets = nets,
		.net_count = 2,
		.plies = f->c->opening_plies,
		.pairs = f->c->pairs,
		.seed = rng_mix(seed, OPENINGS),
		.goes_on = goes_on,
		.ctx = f,
	};

	rc = duel_play(&d, study_pool(f->r), &result, e);
	*out = rc ? (double)NAN : result.elo.elo;
	kept_net_release(&first);
	kept_net_release(&second);
	return rc;
}

/* Games and Elo of every point. */
static enum err_code see(void *ctx, int k, const struct life *l, double *out,
			 struct err *e)
{
	struct foresight *f = ctx;
	const struct game *g = of_kind(f, "rule") ? &f->rules[k] : &f->g;
	int cut = f->c->before - 1;
	enum err_code rc = ERR_OK;

	for (int i = 0; i < point_count(f->c) && !rc; i++) {
		int stage =
			i <= cut ? i
				 : cut + forecast_horizons[i - cut - 1].stage;

		out[2 * i] = (double)life_stage(l, stage).games;
		out[2 * i + 1] = 0;
		if (stage != cut)
			rc = strength(f, g, l, stage,
				      rng_mix(life_seed(l, LIFE_BEFORE),
					      (uint64_t)stage),
				      &out[2 * i + 1], e);
	}
	return rc;
}

static enum err_code find_rules(struct foresight *f, struct err *e)
{
	struct drop_rules_ask ask = DROP_RULES_ASK_DEFAULT;

	if (!of_kind(f, "rule"))
		return ERR_OK;
	ask.seed = f->seed;
	f->rules = mem_zalloc((size_t)f->c->lives, sizeof(*f->rules));
	return drop_rules_sample(&f->g, &ask, f->c->lives, f->rules, e);
}

static void tell_curves(const struct foresight *f, const double *seen, int n)
{
	int size = 2 * point_count(f->c);
	double sum = 0;

	for (int k = 0; k < n; k++) {
		const double *at = seen + (size_t)k * (size_t)size;
		char name[32];

		snprintf(name, sizeof(name), "curve/%d", k + 1);
		for (int i = 0; i < point_count(f->c); i++)
			/* Stages may lie at the same games. */
			if (!i || at[2 * i] > at[2 * i - 2])
				study_measure(f->r, name, at[2 * i],
					      at[2 * i + 1], (double)NAN,
					      (double)NAN, f->c->pairs);
		sum += at[size - 1];
	}
	study_measure(f->r, "headroom", 0, sum / n, (double)NAN, (double)NAN,
		      n);
}

static enum err_code try_curves(struct foresight *f, struct err *e)
{
	struct many_lives m = {
		.run = f->r,
		.what = f->kind ? "lives to be foreseen" : "lives known",
		.count = f->kind ? f->c->lives : f->c->siblings,
		.whole = true,
		.choose = choose,
		.see = see,
		.size = 2 * point_count(f->c),
		.ctx = f,
	};
	size_t n = (size_t)m.count * (size_t)m.size;
	double *seen = mem_zalloc(n, sizeof(*seen));
	enum err_code rc = find_rules(f, e);
	struct buf b;

	if (!rc)
		rc = many_lives_see(&m, seen, e);
	if (!rc) {
		buf_init(&b);
		for (size_t i = 0; i < n; i++)
			buf_f64(&b, seen[i]);
		study_keep(f->r, "curves", b.data, b.len);
		buf_release(&b);
		tell_curves(f, seen, m.count);
	}
	free(f->rules);
	free(seen);
	return rc;
}

/* --- forecasts ----------------------------------------------------------- */

static enum err_code find_curves(const struct foresight *f, const char *arm,
				 int count, double **out, struct err *e)
{
	size_t n = (size_t)count * 2 * (size_t)point_count(f->c), len;
	const void *data;
	struct reader r;
	enum err_code rc = study_kept(f->r, arm, "curves", &data, &len, e);

	*out = NULL;
	if (rc)
		return rc;
	*out = mem_zalloc(n, sizeof(**out));
	reader_init(&r, data, len);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = reader_f64(&r);
	if (r.failed || r.pos != r.len)
		return err_set(e, ERR_FORMAT,
			       "what %s kept is not of so many curves", arm);
	return ERR_OK;
}

/* Points up to the cut that lie at games of their own. */
static int known_points(const struct forecast_conf *c, const double *curve,
			struct curve_point *out)
{
	int n = 0;

	for (int i = 0; i < c->before; i++)
		/* Of equals the last: that at the cut is 0. */
		if (i == c->before - 1 || curve[2 * i] < curve[2 * i + 2])
			out[n++] = (struct curve_point){curve[2 * i],
							curve[2 * i + 1], 1};
	return n;
}

/* What it rose by over the last third of its stages, as a slope over the
 * logarithm of games. */
static double rise_of(const struct forecast_conf *c, const double *curve)
{
	int cut = c->before - 1, from = cut - (c->before + 2) / 3;
	double time = log(curve[2 * cut] / curve[2 * from]);

	return time > 0 ? (curve[2 * cut + 1] - curve[2 * from + 1]) / time : 0;
}

static struct outlook by_kin(const struct foresight *f, const double *siblings,
			     const double *curve, int point)
{
	int n = f->c->siblings, size = 2 * point_count(f->c);
	double *slope = mem_zalloc((size_t)n, sizeof(*slope));
	double *gain = mem_zalloc((size_t)n, sizeof(*gain));
	struct outlook o;

	for (int i = 0; i < n; i++) {
		const double *of = siblings + (size_t)i * (size_t)size;

		slope[i] = rise_of(f->c, of);
		gain[i] = of[2 * point + 1];
	}
	o = outlook_kin(slope, gain, n, rise_of(f->c, curve));
	free(slope);
	free(gain);
	return o;
}

static struct outlook foresee(const struct foresight *f, const char *way,
			      const double *siblings, const double *curve,
			      int point)
{
	struct curve_point known[64];
	int n = known_points(f->c, curve, known);
	double games = curve[2 * point];

	if (!strcmp(way, "kin"))
		return by_kin(f, siblings, curve, point);
	if (n < 3)
		return (struct outlook){0, 0};
	if (!strcmp(way, "still"))
		return outlook_same(known, n, games);
	if (!strcmp(way, "line"))
		return outlook_line(known, n, f->c->line_points, games);
	return outlook_power(known, n, games);
}

/* Each life at each horizon: what was said, 80 % of it, and what came. */
static void tell_forecast(const struct foresight *f, int life, int horizon,
			  struct outlook o, double truth)
{
	const double z = 1.2815515655446004; /* of 0.9 */
	double x = forecast_horizons[horizon].times;
	char name[32];

	snprintf(name, sizeof(name), "said/%d", life + 1);
	study_measure(f->r, name, x, o.mean, o.mean - z * o.sd,
		      o.mean + z * o.sd, f->c->pairs);
	snprintf(name, sizeof(name), "came/%d", life + 1);
	study_measure(f->r, name, x, truth, (double)NAN, (double)NAN,
		      f->c->pairs);
}

static enum err_code try_way(struct foresight *f, struct err *e)
{
	const char *way = f->kind + f->kind_len + 1;
	int size = 2 * point_count(f->c);
	double *curves = NULL, *siblings = NULL;
	char arm[32];
	enum err_code rc;

	snprintf(arm, sizeof(arm), "%.*s-curve", (int)f->kind_len, f->kind);
	rc = find_curves(f, "siblings", f->c->siblings, &siblings, e);
	if (!rc)
		rc = find_curves(f, arm, f->c->lives, &curves, e);
	for (int h = 0; h < FORECAST_HORIZONS && !rc; h++) {
		double crps = 0;

		for (int i = 0; i < f->c->lives; i++) {
			const double *curve = curves + (size_t)i * (size_t)size;
			int point = f->c->before + h;
			double truth = curve[2 * point + 1];
			struct outlook o =
				foresee(f, way, siblings, curve, point);

			tell_forecast(f, i, h, o, truth);
			crps += forecast_crps_normal(o.mean, o.sd, truth);
		}
		study_measure(f->r, "crps", forecast_horizons[h].times,
			      crps / f->c->lives, (double)NAN, (double)NAN,
			      f->c->lives);
	}
	free(curves);
	free(siblings);
	return rc;
}

static enum err_code forecast_trial(struct study_run *r,
				    const struct study_arm *a, uint64_t seed,
				    struct err *e)
{
	const char *dash = strchr(a->name, '-');
	struct foresight f = {
		.r = r,
		.c = study_conf(r),
		.arm = a,
		.seed = seed,
		.kind = dash ? a->name : NULL,
		.kind_len = dash ? (size_t)(dash - a->name) : 0,
	};
	char text[64];
	enum err_code rc;

	if (f.c->games <= f.c->cut)
		return err_set(e, ERR_USAGE,
			       "study forecast: a life ends after its cut");
	snprintf(text, sizeof(text), "drop:rows=%d,cols=%d,line=%d", f.c->rows,
		 f.c->cols, f.c->line);
	rc = game_init(&f.g, text, e);
	if (rc)
		return rc;
	return !dash || !strcmp(dash, "-curve") ? try_curves(&f, e)
						: try_way(&f, e);
}

static bool is_once(const struct study_arm *a)
{
	return !strcmp(a->name, "siblings");
}

const struct study study_forecast = {
	.name = "forecast",
	.question = "Can it be known how strong a learner will be, before it "
		    "has studied that long: of learners like those known, with "
		    "other settings, at other rules?",
	.metric = "Elo over the learner's own network at the cut, direct games "
		  "of raw policy; 80 % intervals of normal forecasts: share "
		  "that holds what came, over lives, seeds and 2, 4 and 10 "
		  "times the games, their width, and the continuous ranked "
		  "probability score",
	.thresholds =
		"supported: by kin, at other rules, at least 75 % of what came "
		"lies in intervals that are less than 100 Elo wide on average; "
		"partial: as much lies in wider ones, or it cannot be told; "
		"refuted at this scale: the upper end of the share is below 75 "
		"%.  Calibrated is 75 to 85 %",
	.frozen = "what is known of others, before a learner is looked at",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = forecast_spec,
	.conf_size = sizeof(struct forecast_conf),
	.by_arm = true,
	.once = is_once,
	.trial = forecast_trial,
	.judge = forecast_judge,
};
