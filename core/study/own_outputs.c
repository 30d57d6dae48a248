/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/study/answer.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/own_games.h"
#include "core/study/own_outputs_int.h"
#include "core/study/study.h"
#include "core/study/tuning.h"

/*
 * "Intermittent finetuning or distillation of own reasoning outputs": a student
 * of a learner's network plays by itself, and every now and then learns from
 * what it put out.  What is it in its outputs that would make it better?  A
 * move that was drawn from a policy teaches that policy nothing on average; a
 * vote makes it surer of what it believes; who won, a look at the next position
 * or a search tell it something that its policy did not know.
 */

static const struct conf_spec spec[] = {
	TUNING_SETTINGS,
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut"},
	{"continued", "teacher", "the life past the cut"},
	{"student", "control",
	 "learned from games of the network at the cut, and learns no more"},
	{"all", "arm", "the student learns every move that it played"},
	{"wins", "arm", "the moves of those who did not lose"},
	{"one-ply", "arm", "the move after which its own value is best"},
	{"search", "arm", "what a search by its own network visits"},
	{"vote", "control",
	 "its own policies, sharpened: what most of many draws would say"},
	{"anyhow", "control", "its own policies, on moves in any order"},
	{"again", "control",
	 "plays nothing, and learns from the games before the cut again"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"room", "the teacher's end is above the student by 150 Elo, mean over "
		 "seeds, lower bound 100"},
	{"null", "labels that know nothing do not make it better: the lower "
		 "bound of what anyhow gains is at most 0"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke", TUNING_SMOKE, 2},
	{"desk", "", 6},
	{"overnight", "tuned=32768,pairs=1000", 12},
	{.name = NULL},
};

static const struct tuning_way ways[] = {
	{.arm = "all", .own = 1, .label = OWN_MOVE},
	{.arm = "wins",
	 .own = 1,
	 .label = OWN_MOVE,
	 .retold = true,
	 .how = OWN_WON},
	{.arm = "one-ply", .own = 1, .label = OWN_ONE_PLY},
	{.arm = "search", .own = 1, .label = OWN_SEARCH},
	{.arm = "vote",
	 .own = 1,
	 .label = OWN_POLICY,
	 .retold = true,
	 .how = OWN_SHARP},
	{.arm = "anyhow",
	 .own = 1,
	 .label = OWN_POLICY,
	 .retold = true,
	 .how = OWN_ANYHOW},
	{.arm = "again", .stream = 1, .of = TUNING_OLD},
};

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	struct kept_net net = {0};
	struct life_study s;
	enum err_code rc = life_study_begin(&s, r, a, seed, e);

	if (rc || life_study_arms(&s, &rc, e))
		return rc;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (!strcmp(ways[i].arm, a->name))
			rc = tuning_run(&s, &ways[i], &net, e);
	kept_net_release(&net);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gain/*", 0},
	{.arm = NULL},
};

const struct study study_own_outputs = {
	.name = "own-outputs",
	.question =
		"A student of a learner's network is fine-tuned now and then "
		"on what it puts out by itself: does that make it better, and "
		"what has to be in its outputs for that?",
	.metric = "Elo that the student gains with the games that it plays, "
		  "by direct matches against D_c, the best learner on exactly "
		  "the data before the cut, of raw policies from distinct "
		  "held-out openings by pairs; the seed is the unit",
	.thresholds =
		"intervals are Student's over seeds, 95 %.  supported: an "
		"improved move (wins, one-ply or search) gains 60 Elo at "
		"least, its lower bound is above 0, it gains more than vote, "
		"anyhow and again, each at one-sided 5 %, and the upper bound "
		"of all is below its mean: it is the improvement that "
		"teaches; partial: one's lower bound is above 0; refuted at "
		"this scale: the upper bound of each of them is below 60; "
		"else uninterpretable.  Surprising would be all or vote above "
		"D_c: a policy that learns from its own draws",
	.frozen = "the weights of whatever is scored, while it is",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct tuning_conf),
	.by_arm = true,
	.trial = trial,
	.judge = own_outputs_judge,
	.answers = answers,
};
