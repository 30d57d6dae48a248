/* SPDX-License-Identifier: MIT */
/* What makes a learner better than it was: searches, advantages, or values one
 * ply ahead, all with the same work. */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/answer.h"
#include "core/study/custody.h"
#include "core/study/kept_net.h"
#include "core/study/operators_int.h"
#include "core/study/picture.h"
#include "core/study/study.h"

struct operators_conf {
	int rows, cols, line;
	int filters, blocks;
	float work; /* of each learner, 10^12 operations */
	float rate;
	int opening_plies, pairs;
};

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct operators_conf, CONF_INT, key, lo, hi, dflt, text)
#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct operators_conf, CONF_FLOAT, key, lo, hi, dflt, text)

static const struct conf_spec spec[] = {
	INT(rows, 4, 12, "4", "of the board"),
	INT(cols, 4, 12, "5", "of it"),
	INT(line, 3, 8, "4", "in a row win"),
	INT(filters, 1, 256, "16", "of the network"),
	INT(blocks, 1, 40, "2", "of it"),
	FLOAT(work, 0.0001, 1000, "2",
	      "of each learner, in 10^12 operations, play and training"),
	FLOAT(rate, 0, 1, "0.002", "learning rate, the same throughout"),
	INT(opening_plies, 0, 1000, "4", "random moves before scored games"),
	INT(pairs, 1, 1000000, "150", "of games of a match"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"gumbel-16", "teacher", "learns from searches of 16 simulations"},
	{"gumbel-2", "arm", "learns from searches of 2 simulations"},
	{"actor", "arm", "learns by advantages of the moves it drew"},
	{"td", "arm", "learns values by lambda returns, one ply ahead"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"learns", "each learner ends 100 Elo above a fresh network, mean"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke", "filters=8,blocks=1,work=0.004,pairs=20", 2},
	{"desk", "", 6},
	{"overnight",
	 "rows=6,cols=7,filters=32,blocks=4,work=200,opening_plies=8,pairs=400",
	 12},
	{.name = NULL},
};

/* Chance, by what it is for. */
enum { LEARNER = 1, FRESH, OPENINGS };

const double operators_shares[OPERATORS_LOOKS] = {0.025, 0.05, 0.1,
						  0.25,  0.5,  1};

struct trial {
	struct study_run *r;
	const struct operators_conf *c;
	struct game g;
	const struct study_arm *arm;
	uint64_t seed;
	struct kept_net fresh;
	struct err *e;
};

static bool goes_on(void *ctx)
{
	struct trial *t = ctx;

	return study_goes_on(t->r);
}

static uint64_t chance(const struct trial *t, int what)
{
	return rng_mix(t->seed, (uint64_t)what);
}

static void make_recipe(const struct trial *t, struct recipe *r)
{
	conf_defaults(recipe_spec, r);
	r->filters = t->c->filters;
	r->blocks = t->c->blocks;
	r->slots = 32;
	r->plies = 16;
	r->gumbel_moves = t->c->cols;
	r->simulations = !strcmp(t->arm->name, "gumbel-2") ? 2 : 16;
	r->batch = 256;
	r->shard = 128;
	r->start_positions = 1000;
	r->reuse = 2;
	r->rate = r->rate_end = t->c->rate;
	r->weight_decay = 0;
	r->average = 0.02f;
	r->opening_share = 0.25f;
	r->opening_plies = 4;
	if (!strcmp(t->arm->name, "actor"))
		snprintf(r->method, sizeof(r->method),
			 "actor-critic:keep=1000000");
	if (!strcmp(t->arm->name, "td"))
		snprintf(r->method, sizeof(r->method), "td:keep=1000000");
}

/* Operations so far: a position that is asked about is one pass, a sample that
 * is trained on three. */
static double work_of(struct course *c)
{
	double passes =
		(double)course_asked(c) + 3 * (double)course_at(c)->samples;

	return passes * net_flops(course_net(c)) / 1e12;
}

/* --- scoring ------------------------------------------------------------- */

static enum err_code meet(struct trial *t, const struct net_plan *plan,
			  const struct net_plan *other, const char *name,
			  int look)
{
	struct duel_net nets[2] = {{"a", plan}, {"b", other}};
	struct duel d = {
		.game = &t->g,
		.agents = {"policy:a", "policy:b"},
		.nets = nets,
		.net_count = 2,
		.plies = t->c->opening_plies,
		.pairs = t->c->pairs,
		.seed = chance(t, OPENINGS),
		.goes_on = goes_on,
		.ctx = t,
	};
	struct duel_result result;
	enum err_code rc = duel_play(&d, study_pool(t->r), &result, t->e);

	if (!rc)
		study_measure(t->r, name,
			      operators_shares[look] * (double)t->c->work,
			      result.elo.elo, result.elo.low, result.elo.high,
			      (int64_t)result.shares.count);
	return rc;
}

/* The networks of the first arm are kept for the others. */
static enum err_code look_at(struct trial *t, const struct kept_net *n,
			     int look)
{
	struct custody *held = custody_new(&n->config, n->weights);
	bool first = !strcmp(t->arm->role, "teacher");
	struct kept_net other = {0};
	enum err_code rc;
	char name[24];

	snprintf(name, sizeof(name), "look-%d", look);
	rc = meet(t, custody_plan(held), t->fresh.plan, OPERATORS_FRESH, look);
	if (!rc && first)
		kept_net_put(t->r, name, n);
	if (!rc && !first)
		rc = kept_net_find(t->r, &t->g, "gumbel-16", name, &other,
				   t->e);
	if (!rc && !first)
		rc = meet(t, custody_plan(held), other.plan, OPERATORS_ELO,
			  look);
	if (look == OPERATORS_LOOKS - 1)
		custody_tell(held, t->r);
	kept_net_release(&other);
	custody_free(held);
	return rc;
}

static enum err_code learn(struct trial *t, struct course *c)
{
	double work = (double)t->c->work;
	struct kept_net n = {0};
	enum err_code rc = course_begin(c, study_pool(t->r), t->e);
	int look = 0;

	while (!rc && look < OPERATORS_LOOKS) {
		rc = course_advance(c, study_pool(t->r), t->e);
		study_progress(t->r, work_of(c), work, "%lld games",
			       (long long)course_at(c)->games);
		/* An iteration may be more than the way to the next. */
		while (!rc && look < OPERATORS_LOOKS &&
		       work_of(c) >= operators_shares[look] * work) {
			kept_net_take(&n, c);
			rc = look_at(t, &n, look++);
		}
	}
	if (!rc) {
		study_network(t->r, &t->g, &n.config, n.weights,
			      course_at(c)->games, course_at(c)->samples);
		study_facts(t->r, 0, net_flops(&n.config), course_at(c)->games);
		study_measure(t->r, "games", work, (double)course_at(c)->games,
			      (double)NAN, (double)NAN, 0);
	}
	kept_net_release(&n);
	return rc;
}

static enum err_code operators_trial(struct study_run *r,
				     const struct study_arm *a, uint64_t seed,
				     struct err *e)
{
	struct trial t = {
		.r = r, .c = study_conf(r), .arm = a, .seed = seed, .e = e};
	struct course_sink sink = {.goes_on = goes_on, .self = &t};
	struct recipe recipe;
	struct course_config config = {
		.name = a->name,
		.game = &t.g,
		.recipe = &recipe,
		.seed = chance(&t, LEARNER),
	};
	struct net_config net;
	enum err_code rc;
	struct course *c;
	float *params;
	char text[64];

	snprintf(text, sizeof(text), "drop:rows=%d,cols=%d,line=%d", t.c->rows,
		 t.c->cols, t.c->line);
	rc = game_init(&t.g, text, e);
	if (rc)
		return rc;
	make_recipe(&t, &recipe);
	recipe_net(&recipe, &t.g, &net);
	params = mem_floats(net_param_count(&net));
	net_init(&net, chance(&t, FRESH), params);
	kept_net_set(&t.fresh, &net, params);
	free(params);
	c = course_new(&config, &sink);
	rc = learn(&t, c);
	course_free(c);
	kept_net_release(&t.fresh);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "growth/*", 0},
	{.arm = NULL},
};

static const struct study_trace fresh[] = {
	{"16 simulations", "gumbel-16", OPERATORS_FRESH, false},
	{"2 simulations", "gumbel-2", OPERATORS_FRESH, false},
	{"actor-critic", "actor", OPERATORS_FRESH, false},
	{"TD(lambda)", "td", OPERATORS_FRESH, false},
	{.label = NULL},
};
static const struct study_trace equal[] = {
	{"16 simulations", NULL, NULL, false},
	{"2 simulations", "gumbel-2", OPERATORS_ELO, false},
	{"actor-critic", "actor", OPERATORS_ELO, false},
	{"TD(lambda)", "td", OPERATORS_ELO, false},
	{.label = NULL},
};
static const struct study_picture pictures[] = {
	{STUDY_PICTURE_CURVES, "Strength by work",
	 "Elo above a fresh network, by 10^12 operations", .of = fresh},
	{STUDY_PICTURE_CURVES, "Against the wide searches, with as much work",
	 "Elo, by 10^12 operations", .of = equal},
	{.title = NULL},
};

const struct study study_operators = {
	.name = "operators",
	.question = "With the same work, does a learner come further by "
		    "searches than by advantages or by values one ply ahead?",
	.metric = "Elo of raw policy, direct matches by pairs from distinct "
		  "random openings, at equal operations of play and training: "
		  "against who learned from searches of 16 simulations, and "
		  "against a fresh network; the seed is the unit",
	.thresholds =
		"refuted at this scale: a learner without searches is ahead of "
		"both with searches at every look, lower ends above 0; "
		"supported: at the last look one with searches is ahead of "
		"both without, lower end; partial else.  Uninterpretable where "
		"a learner does not end 100 above a fresh network",
	.frozen = "the weights of whatever is scored",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct operators_conf),
	.trial = operators_trial,
	.judge = operators_judge,
	.pictures = pictures,
	.answers = answers,
};
