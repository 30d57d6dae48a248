/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/study/answer.h"
#include "core/study/bootstrap_int.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/own_games.h"
#include "core/study/study.h"
#include "core/study/tuning.h"

/*
 * "Only needed to begin from nothing": D_c, the best that imitation makes of
 * what is before the cut, goes on as AlphaZero does, and one part of that is
 * taken away at a time.
 */

static const struct conf_spec spec[] = {
	TUNING_SETTINGS,
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut, and "
	 "the start of what follows"},
	{"continued", "teacher", "the life past the cut"},
	{"whole", "control",
	 "plays itself, and learns what searches say of its games"},
	{"no-search", "arm",
	 "plays itself, and learns the moves of whoever won"},
	{"no-self-play", "arm",
	 "plays no games, and learns on from the teacher's searched ones"},
	{"no-values", "arm",
	 "plays itself, and learns what searches say that see no values but "
	 "ends of games"},
	{"no-gradients", "arm", "is what it was: nothing moves its weights"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"rises", "the whole gains 30 Elo over D_c, mean over seeds, lower "
		  "bound above 0"},
	{"rests", "without gradients it is as strong as D_c: the mean is "
		  "within 30 Elo of 0"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke", TUNING_SMOKE, 2},
	{"desk", "", 6},
	{"overnight", "tuned=32768,pairs=1000", 12},
	{.name = NULL},
};

static const struct tuning_way ways[] = {
	{.arm = "whole", .start = "offline", .own = 1, .label = OWN_SEARCH},
	{.arm = "no-search",
	 .start = "offline",
	 .own = 1,
	 .label = OWN_MOVE,
	 .retold = true,
	 .how = OWN_WON},
	{.arm = "no-self-play",
	 .start = "offline",
	 .stream = 1,
	 .of = TUNING_OLD},
	{.arm = "no-values",
	 .start = "offline",
	 .own = 1,
	 .label = OWN_SEARCH,
	 .blind = true},
};

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	const struct tuning_conf *c = study_conf(r);
	struct kept_net net = {0};
	struct life_study s;
	enum err_code rc = life_study_begin(&s, r, a, seed, e);

	if (rc || life_study_arms(&s, &rc, e))
		return rc;
	for (size_t i = 0; i < ARRAY_LEN(ways) && !rc; i++)
		if (!strcmp(ways[i].arm, a->name))
			rc = tuning_run(&s, &ways[i], &net, e);
	if (!rc && !strcmp(a->name, "no-gradients")) {
		rc = life_study_net(&s, "offline", &net, e);
		if (!rc)
			rc = life_study_score(&s, &net, c->tuned, true, e);
	}
	kept_net_release(&net);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gain/*", 0},
	{.arm = NULL},
};

const struct study study_bootstrap = {
	.name = "bootstrap",
	.question =
		"Which of search, self-play, gradients and values is needed "
		"once there is a good start, and not only to begin from "
		"nothing?",
	.metric =
		"Elo of raw policies against D_c, the best learner on exactly "
		"the data before the cut, from which all begin; the seed is "
		"the unit",
	.thresholds =
		"intervals are Student's over seeds, 95 %.  A deletion goes on "
		"where the lower bound of its gain is above 0, and stops where "
		"the upper bound is below 15 Elo.  supported: without search, "
		"without self-play and without values it goes on, each; "
		"partial: without one or two of them it goes on; refuted at "
		"this scale: it stops without each; else uninterpretable.  "
		"Without gradients a raw policy stops by definition: that it "
		"does is a gate.  Surprising would be that none stops it.  Who "
		"holds that these steps make the learner will say that "
		"self-play without search is a learner's update too, and that "
		"the value head still shapes the body of what sees no values; "
		"who holds that they only begin it, that 4,096 games are short "
		"and that D_c is a good start on one board alone",
	.frozen = "the weights of whatever is scored, while it is; those of "
		  "no-gradients",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct tuning_conf),
	.by_arm = true,
	.trial = trial,
	.judge = bootstrap_judge,
	.answers = answers,
};
