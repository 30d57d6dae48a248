/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/study/claim.h"
#include "core/study/claim_int.h"

const struct claim_part claim_parts[] = {
	{"ladder", claim_ladder, CLAIM_ONCE, CLAIM_SHOWN},
	{"histories", claim_histories, CLAIM_ONCE, CLAIM_SHOWN},
	{"teacher", claim_teacher, CLAIM_EACH, CLAIM_SHOWN},
	{"offline", claim_offline, CLAIM_EACH, CLAIM_SHOWN},
	{"families", claim_families, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-strict", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-shuffled", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-reversed", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-last", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-masked", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-whole", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-gru", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-linear", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-fast", claim_watch, CLAIM_ONCE, CLAIM_SHOWN},
	{"legible", claim_legible, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-pooled", claim_net_pooled, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-pooled-searched", claim_net_pooled, CLAIM_ONCE, CLAIM_SHOWN},
	{"rules", claim_rules, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-traj", claim_net_traj, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-traj-whole", claim_net_traj, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-doubled", claim_net_traj, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-transfer", claim_net_traj, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-stage", claim_net_stage, CLAIM_ONCE, CLAIM_SHOWN},
	{"net-weights", claim_net_weights, CLAIM_ONCE, CLAIM_SHOWN},
	{"commit", claim_commit, CLAIM_ONCE, CLAIM_SHOWN},
	{"continued", claim_continued, CLAIM_EACH, CLAIM_SHOWN},
	{"zero", claim_zero, CLAIM_EACH, CLAIM_SHOWN},
	{"snapshot", claim_snapshot, CLAIM_SCORED, CLAIM_CONTROL},
	{"small", claim_small, CLAIM_SCORED, CLAIM_CONTROL},
	{"clone", claim_clone, CLAIM_SCORED, CLAIM_CONTROL},
	{"coverage", claim_coverage, CLAIM_SCORED, CLAIM_CONTROL},
	{"pooled", claim_pooled, CLAIM_SCORED, CLAIM_CONTROL},
	{"pooled-searched", claim_pooled, CLAIM_SCORED, CLAIM_SHOWN},
	{"warm", claim_warm, CLAIM_SCORED, CLAIM_CONTROL},
	{"fresh", claim_fresh, CLAIM_SCORED, CLAIM_CONTROL},
	{"random", claim_random, CLAIM_SCORED, CLAIM_CONTROL},
	{"norms", claim_norms, CLAIM_SCORED, CLAIM_CONTROL},
	{"linear", claim_linear, CLAIM_SCORED, CLAIM_CONTROL},
	{"expo", claim_expo, CLAIM_SCORED, CLAIM_CONTROL},
	{"swa", claim_swa, CLAIM_SCORED, CLAIM_CONTROL},
	{"rank1", claim_rank1, CLAIM_SCORED, CLAIM_CONTROL},
	{"nowcast", claim_nowcast, CLAIM_SCORED, CLAIM_CONTROL},
	{"vote", claim_vote, CLAIM_SCORED, CLAIM_CONTROL},
	{"contrast", claim_contrast, CLAIM_SCORED, CLAIM_CONTROL},
	{"amnesia", claim_amnesia, CLAIM_SCORED, CLAIM_SHOWN},
	{"family", claim_family, CLAIM_SCORED, CLAIM_OWN},
	{"tune", claim_tune, CLAIM_SCORED, CLAIM_OWN},
	{"tune-won", claim_tune, CLAIM_SCORED, CLAIM_OWN},
	{"strict", claim_strict, CLAIM_SCORED, CLAIM_ARM},
	{"shuffled", claim_strict, CLAIM_SCORED, CLAIM_SHUFFLED},
	{"reversed", claim_strict, CLAIM_SCORED, CLAIM_SHUFFLED},
	{"last", claim_strict, CLAIM_SCORED, CLAIM_CONTROL},
	{"masked", claim_strict, CLAIM_SCORED, CLAIM_CONTROL},
	{"untold", claim_strict, CLAIM_SCORED, CLAIM_OWN},
	{"empty", claim_strict, CLAIM_SCORED, CLAIM_CONTROL},
	{"one", claim_strict, CLAIM_SCORED, CLAIM_CONTROL},
	{"weaker", claim_strict, CLAIM_SCORED, CLAIM_CONTROL},
	{"yoked", claim_strict, CLAIM_SCORED, CLAIM_SHOWN},
	{"other", claim_strict, CLAIM_SCORED, CLAIM_SHOWN},
	{"capacity", claim_strict, CLAIM_SCORED, CLAIM_SHOWN},
	{"yoked-whole", claim_strict, CLAIM_SCORED, CLAIM_SHOWN},
	{"hindcast", claim_hindcast, CLAIM_EACH, CLAIM_SHOWN},
	{"sim", claim_strict, CLAIM_SCORED, CLAIM_OWN},
	{"sim-permuted", claim_strict, CLAIM_SCORED, CLAIM_SHOWN},
	{"sim-gru", claim_strict, CLAIM_SCORED, CLAIM_OWN},
	{"sim-linear", claim_strict, CLAIM_SCORED, CLAIM_OWN},
	{"sim-fast", claim_strict, CLAIM_SCORED, CLAIM_OWN},
	{"traj", claim_traj, CLAIM_SCORED, CLAIM_ARM},
	{"traj-fed", claim_traj, CLAIM_SCORED, CLAIM_ARM},
	{"doubled", claim_traj, CLAIM_SCORED, CLAIM_SHOWN},
	{"traj-whole", claim_traj, CLAIM_SCORED, CLAIM_SHOWN},
	{"transfer", claim_traj, CLAIM_SCORED, CLAIM_ARM},
	{"stage", claim_stage, CLAIM_SCORED, CLAIM_ARM},
	{"stage-cut", claim_stage_cut, CLAIM_SCORED, CLAIM_CONTROL},
	{"steer", claim_steer, CLAIM_SCORED, CLAIM_ARM},
	{"weights", claim_weights, CLAIM_SCORED, CLAIM_ARM},
	{.name = NULL},
};

/* Who decides what is part of the plan. */
void claim_roles(const char *rungs, struct buf *out)
{
	static const char *const as[] = {
		[CLAIM_ARM] = "an arm of the claim",
		[CLAIM_OWN] = "an arm by itself",
		[CLAIM_CONTROL] = "a control",
		[CLAIM_SHUFFLED] = "a shuffled control",
		[CLAIM_SHOWN] = "shown, and decides nothing but its gate",
	};

	(void)rungs; /* the claim has none */
	for (const struct claim_part *p = claim_parts; p->name; p++)
		if (p->step == CLAIM_SCORED)
			buf_printf(out, "%s is judged as %s\n", p->name,
				   as[p->role]);
}

void claim_judge_study(const struct study_measures *m,
		       struct study_judgement *out)
{
	claim_judge_parts(m, claim_parts, out);
}

const struct claim_part *claim_part_find(const char *arm)
{
	const struct claim_part *p = claim_parts;

	while (p->name && strcmp(p->name, arm))
		p++;
	assert(p->name);
	return p;
}
