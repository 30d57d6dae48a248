/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/learner.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/learn/self_play.h"
#include "core/net/optim.h"
#include "core/rate/duel.h"
#include "core/rate/rank.h"
#include "core/study/answer.h"
#include "core/study/family.h"
#include "core/study/family_int.h"
#include "core/study/family_space.h"
#include "core/study/kept_net.h"
#include "core/study/many_lives.h"
#include "core/study/offline.h"
#include "core/study/study.h"

/*
 * "Some parametrized family of possible learning algorithms", homed in on: many
 * lives at known places of a space of settings, cut early, teach how a place
 * shows in play; the place of another learner is read off its play up to the
 * cut, and the learner that stands there is run.  That is no imitation of a
 * learner but a learner, so it says how far such a claim can be carried, and
 * with a teacher that is of no place, how far when the family is not its own.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct family_conf, CONF_INT, key, lo, hi, dflt, text)

const struct conf_spec family_spec[] = {
	INT(rows, 3, 12, "4", "of the board"),
	INT(cols, 3, 12, "5", "of the board"),
	INT(line, 3, 6, "4", "in a row win"),
	INT(filters, 1, 256, "16", "of every learner's network"),
	INT(blocks, 1, 40, "2", "of it"),
	INT(games, 64, 10000000, "3000", "of self-play"),
	INT(cut, 32, 10000000, "600", "of them up to the cut"),
	INT(before, 2, 64, "12", "stages that are seen"),
	INT(per_stage, 1, 10000, "48", "games that each of them plays"),
	INT(sample, 8, 100000, "512", "lives at known places"),
	INT(held, 2, 100000, "64", "of them to measure the places on"),
	INT(nearest, 1, 1000, "16", "of the others that refine a place"),
	INT(opening_plies, 0, 1000, "4", "random moves before scored games"),
	INT(pairs, 1, 1000000, "200", "of scored games"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"sample", "control", "lives at known places, up to their cut"},
	{"teacher", "teacher", "one of the family, at a place by chance"},
	{"same", "control", "the same place, another seed: the ceiling"},
	{"fitted", "arm", "the place that is read off its play, run"},
	{"regressed", "arm", "the same without the nearest lives"},
	{"nearest", "control", "the place of the nearest life, run"},
	{"random", "control", "any place, run"},
	{"cut", "control", "the teacher as it was at the cut"},
	{"other-teacher", "teacher", "no place of the family: trained by SGD"},
	{"other-same", "control", "the same again, another seed"},
	{"other-fitted", "arm", "the place that is read off its play, run"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"learns", "teachers end 50 Elo above their cut, lower bound"},
	{"room", "at the end the same place agrees with the teacher 5 points "
		 "more than any place does, lower bound above 0"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "games=500,cut=100,before=4,per_stage=12,sample=24,held=8,nearest=4,"
	 "pairs=20",
	 2},
	{"desk", "", 6},
	{"overnight", "sample=2048,held=256,per_stage=96,pairs=1000", 16},
	{.name = NULL},
};

/* Chance, by what it is for. */
enum { SAMPLE = 1, PLACE, LIFE, OTHER_LIFE, ANY_PLACE, OPENINGS };

struct kin {
	struct study_run *r;
	const struct family_conf *c;
	const struct study_arm *arm;
	uint64_t seed;
	struct game g;
};

static struct life_grid grid_of(const struct family_conf *c)
{
	return (struct life_grid){
		.cut = c->cut,
		.games = c->games,
		.before = c->before,
		.after = FAMILY_AFTER,
		.per_stage = c->per_stage,
		.temperature = 0.25f,
	};
}

static int seen_size(const struct family_conf *c)
{
	return c->before * FAMILY_SEEN;
}

static void recipe_of(const struct kin *k, const struct family_place *p,
		      struct recipe *out)
{
	struct err e = ERR_INIT;

	conf_defaults(recipe_spec, out);
	if (conf_read(recipe_spec, out, life_usual, "family", &e))
		assert(!"the usual recipe is one");
	out->filters = k->c->filters;
	out->blocks = k->c->blocks;
	out->rate_games = k->c->games;
	out->opening_plies = k->c->opening_plies;
	family_settle(p, out);
}

static bool is_other(const struct kin *k)
{
	return !strncmp(k->arm->name, "other-", 6);
}

/* A place by chance, alike for all arms of a seed. */
static void place_of(const struct kin *k, int what, uint64_t number,
		     struct family_place *out)
{
	struct rng r;

	rng_init(&r, k->seed, RNG_STUDY, (uint64_t)what, number);
	family_draw(&r, out);
}

static void measure(struct study_run *r, const char *name, double x, double v)
{
	study_measure(r, name, x, v, (double)NAN, (double)NAN, 0);
}

/* --- lives at known places ----------------------------------------------- */

static void choose(void *ctx, int i, struct game *g, struct recipe *r,
		   struct life_config *out)
{
	const struct kin *k = ctx;
	struct family_place p;

	place_of(k, SAMPLE, (uint64_t)i, &p);
	*g = k->g;
	recipe_of(k, &p, r);
	out->grid = grid_of(k->c);
	out->seed = rng_mix(rng_mix(k->seed, SAMPLE), (uint64_t)i);
}

static enum err_code see(void *ctx, int i, const struct life *l, double *out,
			 struct err *e)
{
	const struct kin *k = ctx;

	(void)i, (void)e;
	family_see(l, k->c->before, out);
	return ERR_OK;
}

/* A map of the lives but for those held out. */
static struct family_map *map_of(const struct kin *k, const double *seen)
{
	int n = k->c->sample - k->c->held;
	struct family_place *places = mem_zalloc((size_t)n, sizeof(*places));
	struct kin of = *k;
	struct family_map *m;

	of.seed = 0; /* of the trial that made them */
	for (int i = 0; i < n; i++)
		place_of(&of, SAMPLE, (uint64_t)i, &places[i]);
	m = family_map_new(seen, places, n, seen_size(k->c));
	free(places);
	return m;
}

/* How well places are found of lives that the map does not have. */
static void measure_places(const struct kin *k, const double *seen)
{
	int held = k->c->held, first = k->c->sample - held;
	double *truth = mem_zalloc((size_t)held, sizeof(*truth));
	double *found = mem_zalloc((size_t)held, sizeof(*found));
	struct family_map *m = map_of(k, seen);

	for (int a = 0; a < FAMILY_AXES; a++) {
		char name[48];

		for (int i = 0; i < held; i++) {
			struct family_place is, said;

			place_of(k, SAMPLE, (uint64_t)(first + i), &is);
			family_refine(m,
				      seen + (size_t)(first + i) *
						      (size_t)seen_size(k->c),
				      k->c->nearest, &said);
			truth[i] = is.at[a];
			found[i] = said.at[a];
		}
		snprintf(name, sizeof(name), "rank/%s", family_axis(a));
		study_measure(k->r, name, 0,
			      rank_correlation(truth, found, held), (double)NAN,
			      (double)NAN, held);
	}
	family_map_free(m);
	free(truth);
	free(found);
}

static enum err_code try_sample(struct kin *k, struct err *e)
{
	struct many_lives m = {
		.run = k->r,
		.what = "lives at known places",
		.count = k->c->sample,
		.choose = choose,
		.see = see,
		.size = seen_size(k->c),
		.ctx = k,
	};
	size_t n = (size_t)m.count * (size_t)m.size;
	double *seen = mem_zalloc(n, sizeof(*seen));
	enum err_code rc = many_lives_see(&m, seen, e);
	struct buf b;

	if (!rc) {
		buf_init(&b);
		for (size_t i = 0; i < n; i++)
			buf_f64(&b, seen[i]);
		study_keep(k->r, "seen", b.data, b.len);
		buf_release(&b);
		measure_places(k, seen);
	}
	free(seen);
	return rc;
}

static enum err_code find_map(const struct kin *k, struct family_map **out,
			      struct err *e)
{
	size_t n = (size_t)k->c->sample * (size_t)seen_size(k->c), len;
	const void *data;
	struct reader r;
	double *seen;
	enum err_code rc = study_kept(k->r, "sample", "seen", &data, &len, e);

	*out = NULL;
	if (rc)
		return rc;
	seen = mem_zalloc(n, sizeof(*seen));
	reader_init(&r, data, len);
	for (size_t i = 0; i < n; i++)
		seen[i] = reader_f64(&r);
	if (r.failed || r.pos != r.len)
		rc = err_set(e, ERR_FORMAT,
			     "what was kept of the sample is not of so many "
			     "lives");
	else
		*out = map_of(k, seen);
	free(seen);
	return rc;
}

/* --- one life ------------------------------------------------------------ */

/* What is made of a life past its cut: it is the caller's to free. */
struct lived {
	struct buf before, after;
	struct life *life;
};

static void lived_release(struct lived *l)
{
	life_free(l->life);
	buf_release(&l->before);
	buf_release(&l->after);
}

static bool goes_on(void *ctx)
{
	const struct kin *k = ctx;

	return study_goes_on(k->r);
}

static void life_at(void *ctx, int64_t games)
{
	const struct kin *k = ctx;

	study_progress(k->r, (double)games, k->c->games, "a life: game %lld",
		       (long long)games);
}

static enum err_code live(struct kin *k, const struct recipe *r, uint64_t seed,
			  struct lived *out, struct err *e)
{
	struct life_config c = {
		.game = &k->g,
		.recipe = r,
		.grid = grid_of(k->c),
		.seed = seed,
	};
	struct life_watch watch = {goes_on, life_at, k};
	enum err_code rc = life_make(&c, &watch, &out->before, e);

	if (!rc)
		rc = life_continue(&c, out->before.data, out->before.len,
				   life_usual_seed(seed), &watch, &out->after,
				   e);
	return rc ? rc
		  : life_read(&k->g, out->before.data, out->before.len,
			      out->after.data, out->after.len, &out->life, e);
}

static void stage_net(const struct life *l, int stage, struct kept_net *out)
{
	kept_net_set(out, life_net(l), life_stage(l, stage).weights);
}

/* Elo of one life's stage above another's. */
static enum err_code duel(struct kin *k, const struct life *a, int stage_a,
			  const struct life *b, int stage_b, const char *name,
			  struct err *e)
{
	struct kept_net first = {0}, second = {0};
	struct duel_result result;
	enum err_code rc;

	stage_net(a, stage_a, &first);
	stage_net(b, stage_b, &second);
	struct duel_net nets[] = {{"a", first.plan}, {"b", second.plan}};
	struct duel d = {
		.game = &k->g,
		.agents = {"policy:a", "policy:b"},
		.nets = nets,
		.net_count = 2,
		.plies = k->c->opening_plies,
		.pairs = k->c->pairs,
		.seed = rng_mix(k->seed, OPENINGS),
		.goes_on = goes_on,
		.ctx = k,
	};

	rc = duel_play(&d, study_pool(k->r), &result, e);
	if (!rc)
		study_measure(k->r, name, 0, result.elo.elo, result.elo.low,
			      result.elo.high, result.shares.count);
	kept_net_release(&first);
	kept_net_release(&second);
	return rc;
}

/* On positions of the teacher's own games at a stage: how often the learner's
 * best move there is its best. */
static enum err_code agree(struct kin *k, const struct life *teacher,
			   const struct life *learner, int stage,
			   int learner_stage, double x, struct err *e)
{
	int last = life_stage(teacher, stage).game_count;
	struct kept_net says = {0}, net = {0};
	const struct net_plan *plan;
	struct learner_held_out h;
	struct offline *o = offline_new(&k->g, life_recipe(teacher),
					(int64_t)last * k->g.max_plies);
	enum err_code rc = ERR_OK;

	stage_net(teacher, stage, &says);
	stage_net(learner, learner_stage, &net);
	plan = says.plan;
	for (int i = 0; i < last && !rc; i++) {
		struct self_play_game g = life_game(teacher, stage, i);

		rc = offline_add_labelled(o, &g, &plan, 1, 1, true, e);
	}
	if (!rc) {
		offline_measure(o, &net.config, net.weights, study_pool(k->r),
				&h);
		study_measure(k->r, "agree", x, h.agree, (double)NAN,
			      (double)NAN, h.positions);
		study_measure(k->r, "kl", x, h.kl, (double)NAN, (double)NAN,
			      h.positions);
	}
	offline_free(o);
	kept_net_release(&says);
	kept_net_release(&net);
	return rc;
}

static int at_cut(const struct kin *k)
{
	return k->c->before - 1;
}

/* --- arms ---------------------------------------------------------------- */

static void teacher_recipe(const struct kin *k, struct recipe *out)
{
	struct family_place p;

	place_of(k, PLACE, 0, &p);
	recipe_of(k, &p, out);
	if (!is_other(k))
		return;
	/* A step of SGD is as long as its gradient: these rates are alike in
	 * what they come to. */
	out->optimiser = OPTIM_SGD;
	out->rate *= 10;
	out->rate_end *= 10;
}

static enum err_code try_teacher(struct kin *k, struct err *e)
{
	struct lived l = {.life = NULL};
	struct family_place p;
	struct recipe r;
	enum err_code rc;

	place_of(k, PLACE, 0, &p);
	teacher_recipe(k, &r);
	rc = live(k, &r, rng_mix(k->seed, LIFE), &l, e);
	if (!rc)
		rc = duel(k, l.life, at_cut(k) + FAMILY_AFTER, l.life,
			  at_cut(k), "headroom", e);
	if (!rc) {
		study_keep(k->r, "before", l.before.data, l.before.len);
		study_keep(k->r, "after", l.after.data, l.after.len);
		for (int a = 0; a < FAMILY_AXES; a++)
			measure(k->r, family_axis(a), 0,
				family_setting(a, p.at[a]));
	}
	lived_release(&l);
	return rc;
}

static enum err_code find_teacher(const struct kin *k, struct life **out,
				  struct err *e)
{
	const char *arm = is_other(k) ? "other-teacher" : "teacher";
	const void *before, *after;
	size_t before_len, after_len;
	enum err_code rc =
		study_kept(k->r, arm, "before", &before, &before_len, e);

	*out = NULL;
	if (!rc)
		rc = study_kept(k->r, arm, "after", &after, &after_len, e);
	return rc ? rc
		  : life_read(&k->g, before, before_len, after, after_len, out,
			      e);
}

/* Where the learner stands that is run. */
static enum err_code choose_recipe(struct kin *k, const struct life *teacher,
				   struct recipe *out, struct err *e)
{
	const char *name = k->arm->name + (is_other(k) ? 6 : 0);
	struct family_place p;
	struct family_map *m;
	enum err_code rc;
	double *x;

	if (!strcmp(name, "same")) {
		teacher_recipe(k, out);
		return ERR_OK;
	}
	if (!strcmp(name, "random")) {
		place_of(k, ANY_PLACE, 0, &p);
		recipe_of(k, &p, out);
		return ERR_OK;
	}
	rc = find_map(k, &m, e);
	if (rc)
		return rc;
	x = mem_zalloc((size_t)seen_size(k->c), sizeof(*x));
	family_see(teacher, k->c->before, x);
	if (!strcmp(name, "fitted"))
		family_refine(m, x, k->c->nearest, &p);
	else if (!strcmp(name, "regressed"))
		family_regress(m, x, &p);
	else
		family_nearest(m, x, &p);
	recipe_of(k, &p, out);
	for (int a = 0; a < FAMILY_AXES; a++)
		measure(k->r, family_axis(a), 0, family_setting(a, p.at[a]));
	free(x);
	family_map_free(m);
	return ERR_OK;
}

static enum err_code try_learner(struct kin *k, struct err *e)
{
	bool stands = !strcmp(k->arm->name, "cut");
	struct lived l = {.life = NULL};
	struct life *teacher = NULL;
	const struct life *who;
	struct recipe r;
	int end = at_cut(k) + FAMILY_AFTER, twice = at_cut(k) + FAMILY_TWICE;
	enum err_code rc = find_teacher(k, &teacher, e);

	if (!rc && !stands)
		rc = choose_recipe(k, teacher, &r, e);
	if (!rc && !stands)
		rc = live(k, &r, rng_mix(k->seed, OTHER_LIFE), &l, e);
	who = stands ? teacher : l.life;
	if (!rc)
		rc = agree(k, teacher, who, twice, stands ? at_cut(k) : twice,
			   2, e);
	if (!rc)
		rc = agree(k, teacher, who, end, stands ? at_cut(k) : end, 5,
			   e);
	if (!rc)
		rc = duel(k, who, stands ? at_cut(k) : end, teacher, end, "elo",
			  e);
	life_free(teacher);
	lived_release(&l);
	return rc;
}

static enum err_code family_trial(struct study_run *r,
				  const struct study_arm *a, uint64_t seed,
				  struct err *e)
{
	struct kin k = {.r = r, .c = study_conf(r), .arm = a, .seed = seed};
	char text[64];
	enum err_code rc;

	if (k.c->held >= k.c->sample - 1 || k.c->games <= k.c->cut)
		return err_set(e, ERR_USAGE,
			       "study family: fewer lives are held out than "
			       "there are, and a life ends after its cut");
	snprintf(text, sizeof(text), "drop:rows=%d,cols=%d,line=%d", k.c->rows,
		 k.c->cols, k.c->line);
	rc = game_init(&k.g, text, e);
	if (rc)
		return rc;
	if (!strcmp(a->name, "sample"))
		return try_sample(&k, e);
	return !strcmp(a->role, "teacher") ? try_teacher(&k, e)
					   : try_learner(&k, e);
}

static bool is_once(const struct study_arm *a)
{
	return !strcmp(a->name, "sample");
}

/* It goes on as the teacher does where it agrees with it almost as much as the
 * teacher's own kin. */
static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "ceiling/*", -0.02},
	{.arm = NULL},
};

const struct study study_family = {
	.name = "family",
	.question = "Can a learner be found in a family of learners by its "
		    "play up to a cut, and does what is found, run, go where "
		    "it goes?",
	.metric = "share of positions of the teacher's games, twice and five "
		  "times past the cut, in which the best moves of raw policies "
		  "agree; the ceiling is the teacher's own settings with "
		  "another seed; rank correlations of settings on lives held "
		  "out; the seed is the unit",
	.thresholds =
		"supported: at both multiples the lower end of fitted less "
		"ceiling is at least -0.02, and the median rank correlation of "
		"the five settings at least 0.8; refuted at this scale: the "
		"upper end is below -0.02 at one; partial else.  A teacher of "
		"no place decides nothing, and would surprise at its ceiling",
	.frozen = "the map of the family, once it is made",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = family_spec,
	.conf_size = sizeof(struct family_conf),
	.by_arm = true,
	.once = is_once,
	.trial = family_trial,
	.judge = family_judge,
	.answers = answers,
};
