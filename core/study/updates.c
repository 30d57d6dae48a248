/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/study/fidelity.h"
#include "core/study/answer.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/own_games.h"
#include "core/study/study.h"
#include "core/study/tuning.h"
#include "core/study/updates_int.h"

/*
 * "What is this system that will update the weights?"  A copy of a learner goes
 * on by one of several updates: it imitates the teacher's later play, it learns
 * from searches of its own games, it does both in turns, or its body stays as
 * imitation left it and its heads alone learn from searches, two sets of
 * weights.  Which gets stronger, and which stays what the teacher is?
 */

struct conf {
	struct tuning_conf tuning;
	int asked; /* games */
};

static const struct conf_spec spec[] = {
	TUNING_SETTINGS,
	CONF_NUMBER(struct conf, CONF_INT, asked, 1, 1000000, "400",
		    "own games in which it is held against the teacher"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"teacher", "teacher", "a life up to the cut"},
	{"offline", "control",
	 "D_c: the best that learns offline from what is before the cut"},
	{"continued", "teacher", "the life past the cut"},
	{"student", "control", "a copy of the network at the cut"},
	{"none", "control", "the student, not updated"},
	{"imitate", "arm", "learns the teacher's later play, as it comes"},
	{"reinforce", "arm", "learns what searches say of its own games"},
	{"mixed-25", "arm", "a quarter imitation, the rest reinforcement"},
	{"mixed-50", "arm", "half of each, step by step"},
	{"mixed-75", "arm", "three quarters imitation"},
	{"two-sets", "arm",
	 "reinforcement of its heads alone: the body stays as imitation left "
	 "it"},
	{"shuffled", "control",
	 "imitates as many later stages of the teacher in any order"},
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"room", "the teacher's end is above the student by 150 Elo, mean over "
		 "seeds, lower bound 100"},
	{"reinforces", "reinforcement gains: its lower bound is above 0"},
	{"imitates", "imitation comes nearer to the later teacher than no "
		     "update: the upper bound of the difference of KL is below "
		     "0"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke", TUNING_SMOKE ",asked=40", 2},
	{"desk", "", 6},
	{"overnight", "tuned=9600,pairs=1000", 12},
	{.name = NULL},
};

static const struct tuning_way ways[] = {
	{.arm = "imitate", .stream = 1, .of = TUNING_LATER},
	{.arm = "reinforce", .own = 1, .label = OWN_SEARCH},
	{.arm = "mixed-25",
	 .own = 0.75,
	 .stream = 0.25,
	 .label = OWN_SEARCH,
	 .of = TUNING_LATER},
	{.arm = "mixed-50",
	 .own = 0.5,
	 .stream = 0.5,
	 .label = OWN_SEARCH,
	 .of = TUNING_LATER},
	{.arm = "mixed-75",
	 .own = 0.25,
	 .stream = 0.75,
	 .label = OWN_SEARCH,
	 .of = TUNING_LATER},
	{.arm = "two-sets", .own = 1, .label = OWN_SEARCH, .heads_alone = true},
	{.arm = "shuffled", .stream = 1, .of = TUNING_SHUFFLED},
};

/* --- all of it ----------------------------------------------------------- */

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	const struct conf *c = study_conf(r);
	struct kept_net net = {0};
	struct life_study s;
	enum err_code rc = life_study_begin(&s, r, a, seed, e);

	if (rc || life_study_arms(&s, &rc, e))
		return rc;
	if (!strcmp(a->name, "none"))
		rc = life_study_net(&s, "student", &net, e);
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (!strcmp(ways[i].arm, a->name))
			rc = tuning_run(&s, &ways[i], &net, e);
	if (!rc)
		rc = fidelity_measure(
			&s, &c->tuning, &net,
			&(struct fidelity){c->tuning.tuned, c->asked, 0}, e);
	kept_net_release(&net);
	return rc;
}

static const struct study_answer answers[] = {
	{"*", STUDY_GROWS, "gain/*", 0},
	{.arm = NULL},
};

const struct study study_updates = {
	.name = "updates",
	.question =
		"A copy of a learner goes on: does it need the learner's own "
		"update to get stronger, or do imitation, losses in turns or "
		"two sets of weights do, and stay nearer to the teacher?",
	.metric = "Elo against D_c, the best learner on exactly the data "
		  "before the cut, by direct matches of raw policies; and KL, "
		  "in nats a position, from the teacher after as many games, "
		  "on the network's own games; the seed is the unit",
	.thresholds =
		"intervals are Student's over seeds, 95 %.  An update has both "
		"where it gains Elo over none, its lower bound below "
		"reinforcement is above -30 Elo, and its KL is below that of "
		"reinforcement, upper bound of the difference under 0.  "
		"supported: two sets of weights have both; partial: losses in "
		"turns have both and two sets have not; refuted at this scale: "
		"each of these is certainly weaker than reinforcement or "
		"certainly no nearer to the teacher; else uninterpretable.  "
		"Who holds that a learner must be run will say that imitation "
		"here is shown the later teacher, which had to learn by "
		"search; who holds that imitation suffices, that the student "
		"is small and its stream short",
	.frozen = "the weights of whatever is scored, while it is; the body of "
		  "two-sets",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = spec,
	.conf_size = sizeof(struct conf),
	.by_arm = true,
	.trial = trial,
	.judge = updates_judge,
	.answers = answers,
};
