/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/learn/course.h"
#include "core/learn/life.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/study.h"
#include "core/study/tax_int.h"

/*
 * "One step of distillation": a learner's network is copied by imitation, and
 * the copy is given the learner's own way of learning, without its optimiser's
 * state and its games.  How many games does it need for what the learner gets
 * out of as many again as it had played?  A copy of a copy of a copy, with and
 * without such learning between, shows whether what is lost adds up.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct tax_conf, CONF_INT, key, lo, hi, dflt, text)

static const struct conf_spec spec[] = {
	LIFE_STUDY_SETTINGS,
	INT(played, 16, 10000000, "1600", "by a learner that begins anew"),
	CONF_NUMBER(struct tax_conf, CONF_FLOAT, growth, 1.05, 100, "1.4",
		    "times the games of one point of its curve are the next's"),
	INT(generations, 1, 100, "8", "of copies of copies"),
	INT(between, 1, 10000000, "500",
	    "games that each of them plays before it is copied"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut"},
	{"continued", "teacher", "the life past the cut"},
	{"curve", "teacher",
	 "its networks from the cut to four times its games"},
	{"student", "arm", "a copy of the network at the cut, which rests"},
	{"learner", "arm", "the copy learns as the teacher does"},
	{"amnesia", "control",
	 "the network at the cut itself does, without optimiser and games"},
	{"chain", "arm", "a copy of a copy, and so on"},
	{"chain-played", "arm", "the same, each learning between"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"copy", "the copy is at most 60 Elo below the network at the cut, "
		 "mean over seeds"},
	{"rises", "from the cut to twice its games the teacher gains 40 Elo, "
		  "mean over seeds, lower bound above 0"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 LIFE_STUDY_SMOKE ",played=800,growth=2,generations=2,between=100", 2},
	{"desk", "", 6},
	{"overnight", "played=6400,pairs=1000,curve_pairs=500", 12},
	{.name = NULL},
};

/* Chance, by what it is for; with the number of the generation. */
enum { LEARNS = 131, COPIED = 200, BETWEEN = 300 };

/* The first point of a curve: less is the beginning. */
enum { FIRST = 50 };

/* --- the teacher --------------------------------------------------------- */

static enum err_code teacher_curve(const struct life_study *s, struct err *e)
{
	int last = 4 * s->c->cut, stage = s->c->before - 1;
	int64_t games = -1;
	struct life *l;
	enum err_code rc = claim_life(&s->x, s->x.seed, true, &l, e);

	for (; !rc && stage < life_stages(l); stage++) {
		int64_t now = life_stage(l, stage).games;
		struct kept_net net;

		if (now == games)
			continue; /* the same network */
		if (now > last && games >= 2 * s->c->cut)
			break;
		games = now;
		claim_stage_net(l, stage, &net);
		rc = life_study_score(s, &net, (double)games, false, e);
		kept_net_release(&net);
	}
	if (!rc)
		life_free(l);
	return rc;
}

/* --- who learns ---------------------------------------------------------- */

struct learning {
	const struct life_study *s;
	struct course *course; /* owned */
	struct kept_net now;   /* owned: what was last seen */
	int64_t games;
	bool curve; /* is drawn */
};

static bool goes_on(void *self)
{
	struct learning *l = self;
	const struct course_mark *at = course_at(l->course);

	study_progress(l->s->x.r, (double)at->games, (double)l->games,
		       "%s learns: game %lld of %lld", l->s->x.arm->name,
		       (long long)at->games, (long long)l->games);
	return study_goes_on(l->s->x.r);
}

/* "elo" at so many games since the cut. */
static enum err_code at_checkpoint(void *self, const struct course_mark *at,
				   const struct net_config *net,
				   const float *weights, struct err *e)
{
	struct learning *l = self;

	/* The beginning is another arm's, and the end is told by itself. */
	if (!l->curve || at->games < 1 || at->games >= l->games)
		return ERR_OK;
	kept_net_set(&l->now, net, weights);
	return life_study_score(l->s, &l->now, (double)at->games, false, e);
}

/* From these weights, by the teacher's own recipe; into *out. */
static enum err_code learn(const struct life_study *s,
			   const struct kept_net *from, uint64_t seed,
			   int games, bool curve, struct kept_net *out,
			   struct err *e)
{
	const struct tax_conf *c = study_conf(s->x.r);
	struct learning l = {.s = s, .games = games, .curve = curve};
	struct course_sink sink = {
		.checkpoint = at_checkpoint, .goes_on = goes_on, .self = &l};
	struct recipe r;
	struct course_config config = {
		.name = s->x.arm->name,
		.game = &s->game,
		.recipe = &r,
		.seed = rng_mix(s->x.seed, seed),
		.from = from->weights,
		.goal_games = games,
	};
	enum err_code rc;

	claim_recipe(&s->claim, s->x.seed, &r);
	r.checkpoint_first = FIRST;
	r.checkpoint_growth = c->growth;
	l.course = course_new(&config, &sink);
	rc = course_run(l.course, study_pool(s->x.r), e);
	if (!rc)
		kept_net_take(out, l.course);
	course_free(l.course);
	kept_net_release(&l.now);
	return rc;
}

static enum err_code learner(const struct life_study *s, const char *from,
			     struct err *e)
{
	const struct tax_conf *c = study_conf(s->x.r);
	struct kept_net begin = {0}, end = {0};
	enum err_code rc = life_study_net(s, from, &begin, e);

	if (!rc)
		rc = learn(s, &begin, LEARNS, c->played, true, &end, e);
	if (!rc) {
		study_facts(s->x.r, 0, net_flops(&end.config), c->played);
		rc = life_study_score(s, &end, c->played, true, e);
	}
	kept_net_release(&begin);
	kept_net_release(&end);
	return rc;
}

/* --- copies of copies ---------------------------------------------------- */

/* The next one: what learns between is what is copied. */
static enum err_code copy(const struct life_study *s, int generation,
			  bool plays, struct kept_net *net, struct err *e)
{
	const struct tax_conf *c = study_conf(s->x.r);
	struct kept_net played = {0}, next = {0};
	enum err_code rc = ERR_OK;

	if (plays)
		rc = learn(s, net, BETWEEN + (uint64_t)generation, c->between,
			   false, &played, e);
	if (!rc)
		rc = life_study_copy(s, plays ? &played : net,
				     COPIED + (uint64_t)generation, &next, e);
	kept_net_release(&played);
	if (rc) {
		kept_net_release(&next);
		return rc;
	}
	kept_net_release(net);
	*net = next;
	return ERR_OK;
}

/* "elo" by generation; the first is the student. */
static enum err_code chain(const struct life_study *s, bool plays,
			   struct err *e)
{
	const struct tax_conf *c = study_conf(s->x.r);
	struct kept_net net = {0};
	enum err_code rc = life_study_net(s, "student", &net, e);

	for (int i = 2; i <= c->generations && !rc; i++) {
		study_progress(s->x.r, i, c->generations, "copy %d of %d", i,
			       c->generations);
		rc = copy(s, i, plays, &net, e);
		if (!rc)
			rc = life_study_score(s, &net, i, i == c->generations,
					      e);
	}
	kept_net_release(&net);
	return rc;
}

/* --- all of it ----------------------------------------------------------- */

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	struct life_study s;
	enum err_code rc = life_study_begin(&s, r, a, seed, e);

	if (rc || life_study_arms(&s, &rc, e))
		return rc;
	if (!strcmp(a->name, "curve"))
		return teacher_curve(&s, e);
	if (!strcmp(a->name, "learner"))
		return learner(&s, "student", e);
	if (!strcmp(a->name, "amnesia"))
		return learner(&s, "teacher", e);
	return chain(&s, !strcmp(a->name, "chain-played"), e);
}

const struct study study_tax = {
	.name = "tax",
	.question =
		"A learner's network is copied by imitation and the copy "
		"learns as the learner does: is the copy a step backwards that "
		"it has to pay for in games?",
	.metric = "games that the copy plays until it is as strong as the "
		  "learner after twice the games of the cut, as a multiple of "
		  "what the learner needed for that; strength is Elo against "
		  "D_c by direct matches of raw policies; the seed is the unit",
	.thresholds =
		"the geometric mean over seeds, Student's interval of its "
		"logarithm, 95 %.  supported: there is a tax, its lower bound "
		"is above 2; partial: the lower bound is above 1.25; refuted "
		"at this scale: no tax, the upper bound is below 1.25; else "
		"uninterpretable.  A copy that does not get there counts as "
		"there at its last game.  Surprising would be an upper bound "
		"below 1: the copy learns faster than the learner.  amnesia "
		"tells what of it is the copy's and what is a learner's that "
		"forgets its optimiser and its games",
	.frozen = "the weights of whatever is scored, while it is",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct tax_conf),
	.by_arm = true,
	.trial = trial,
	.judge = tax_judge,
};
