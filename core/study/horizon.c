/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/learn/replay.h"
#include "core/net/net.h"
#include "core/study/answer.h"
#include "core/study/claim_int.h"
#include "core/study/fidelity.h"
#include "core/study/horizon_int.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/mix_agent.h"
#include "core/study/own_games.h"
#include "core/study/study.h"
#include "core/study/tuning.h"

/*
 * "A million copies", and "shorter times in parallel": so many games are played
 * by one student that learns as it goes, or by many copies of it of which each
 * plays a few.  What the copies found is pooled, one network learning from all
 * their games in as many steps, or put to the vote.  Copies that play the same
 * games as the first are the control: then there is nothing to pool.
 */

struct conf {
	struct tuning_conf tuning;
	int asked; /* games */
};

static const struct conf_spec spec[] = {
	TUNING_SETTINGS,
	CONF_NUMBER(struct conf, CONF_INT, asked, 1, 1000000, "200",
		    "own games in which it is held against the teacher"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut"},
	{"continued", "teacher", "the life past the cut"},
	{"student", "control", "a copy of the network at the cut, which rests"},
	{"copies-1", "arm", "one student plays all games"},
	{"copies-4", "arm", "4 copies play a quarter each, pooled"},
	{"copies-16", "arm", "16 copies play a sixteenth each, pooled"},
	{"copies-64", "arm", "64 copies play a 64th each, pooled"},
	{"same-16", "control", "16 copies that all play the same games"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"rises", "one student that plays all games gains 30 Elo, mean over "
		  "seeds, lower bound above 0"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke", TUNING_SMOKE ",asked=40", 2},
	{"desk", "", 6},
	{"overnight", "tuned=32768,pairs=1000", 12},
	{.name = NULL},
};

enum {
	COPIES = 64, /* at most */
	VOTERS = 32, /* of them */
	LONE = 0,
	FIRST = 1, /* number of a copy: chances of its own */
};

/* --- many copies --------------------------------------------------------- */

struct copies {
	const struct life_study *s;
	const struct conf *c;
	int count, games;            /* copies that differ, and games of each */
	struct replay *pool;         /* owned: what all have played */
	struct kept_net net[COPIES]; /* owned */
};

static enum err_code live(struct copies *k, int i, struct err *e)
{
	const struct tuning_way way = {
		.arm = k->s->x.arm->name,
		.own = 1,
		.label = OWN_SEARCH,
		.copy = FIRST + (uint64_t)i,
		.games = k->games,
		.pool = k->pool,
	};

	study_progress(k->s->x.r, i, k->count, "copy %d of %d", i + 1,
		       k->count);
	return tuning_run(k->s, &way, &k->net[i], e);
}

/* "vote": the mean of their policies against D_c. */
static enum err_code vote(const struct copies *k, struct err *e)
{
	struct claim_net nets[VOTERS];
	char names[VOTERS][16], named[64];
	int n = k->count < VOTERS ? k->count : VOTERS;
	const struct claim_player p = {
		.spec = named,
		.nets = nets,
		.net_count = n,
		.kinds = mix_kinds,
		.x = k->count,
		.brief = true,
		.measure = "vote",
	};

	for (int i = 0; i < n; i++) {
		snprintf(names[i], sizeof(names[i]), "m%d", i + 1);
		nets[i] =
			(struct claim_net){.name = names[i], .net = &k->net[i]};
	}
	snprintf(named, sizeof(named), "vote:m,members=%d", n);
	return claim_score(&k->s->x, &p, e);
}

/* One network from the games of all, in as many steps as one student makes. */
static enum err_code pool(const struct copies *k, struct err *e)
{
	const struct tuning_conf *c = &k->c->tuning;
	struct kept_net net = {0};
	enum err_code rc = tuning_learn(
		k->s, k->pool, c->steps * (c->tuned / c->round), &net, e);

	if (!rc)
		rc = life_study_score(k->s, &net, c->tuned, true, e);
	if (!rc)
		study_facts(k->s->x.r, 0, net_flops(&net.config), c->tuned);
	kept_net_release(&net);
	return rc;
}

/* How near the first copy is to the teacher after as many games. */
static enum err_code look(const struct copies *k, struct err *e)
{
	const struct fidelity f = {k->games, k->c->asked, k->games};

	return fidelity_measure(k->s, &k->c->tuning, &k->net[0], &f, e);
}

static enum err_code many(struct copies *k, struct err *e)
{
	enum err_code rc = ERR_OK;

	k->pool = replay_new(
		&k->s->game,
		(int64_t)k->games * k->count * k->s->game.max_plies, 0);
	for (int i = 0; i < k->count && !rc; i++)
		rc = live(k, i, e);
	if (!rc)
		rc = pool(k, e);
	if (!rc)
		rc = vote(k, e);
	if (!rc)
		rc = look(k, e);
	for (int i = 0; i < k->count; i++)
		kept_net_release(&k->net[i]);
	replay_free(k->pool);
	return rc;
}

static enum err_code one(const struct life_study *s, const struct conf *c,
			 struct err *e)
{
	const struct tuning_way way = {
		.arm = s->x.arm->name,
		.own = 1,
		.label = OWN_SEARCH,
		.copy = LONE,
	};
	const struct fidelity f = {c->tuning.tuned, c->asked, c->tuning.tuned};
	struct kept_net net = {0};
	enum err_code rc = tuning_run(s, &way, &net, e);

	if (!rc)
		rc = fidelity_measure(s, &c->tuning, &net, &f, e);
	kept_net_release(&net);
	return rc;
}

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	struct copies *k;
	struct life_study s;
	enum err_code rc = life_study_begin(&s, r, a, seed, e);

	if (rc || life_study_arms(&s, &rc, e))
		return rc;
	if (!strcmp(a->name, "copies-1"))
		return one(&s, study_conf(r), e);
	k = mem_zalloc(1, sizeof(*k));
	k->s = &s;
	k->c = study_conf(r);
	k->count = atoi(strchr(a->name, '-') + 1);
	k->games = k->c->tuning.tuned / k->count;
	/* Copies that play the same games are one. */
	if (!strncmp(a->name, "same", 4))
		k->count = 1;
	rc = many(k, e);
	free(k);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gain/*", 0},
	{.arm = NULL},
};

const struct study study_horizon = {
	.name = "horizon",
	.question =
		"So many games are played by one copy of a learner that learns "
		"as it goes, or by many copies in parallel, a few each: is the "
		"long life worth more?",
	.metric = "Elo against D_c, the best learner on exactly the data "
		  "before the cut, after as many games in all, by direct "
		  "matches of raw policies; the seed is the unit",
	.thresholds =
		"intervals are Student's over seeds, 95 %.  supported: one "
		"student that plays all games is 50 Elo above 64 pooled "
		"copies, mean, and the lower bound is above 0; partial: the "
		"lower bound is above 0; refuted at this scale: the upper "
		"bound is below 50; else uninterpretable.  Surprising would be "
		"64 copies above one by more than 50, lower bound.  Who holds "
		"that long lives matter will say that 4,096 games are short; "
		"who holds that copies suffice, that copies which can read "
		"each other were not asked: a pool of contexts is not "
		"measured here",
	.frozen = "the weights of whatever is scored, while it is",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct conf),
	.by_arm = true,
	.trial = trial,
	.judge = horizon_judge,
	.answers = answers,
};
