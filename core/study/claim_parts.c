/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/dist.h"
#include "core/study/claim.h"
#include "core/study/claim_int.h"
#include "core/study/plan.h"
#include "core/study/study.h"

#define ONCE(name, run)                                           \
	{                                                         \
		name, run, CLAIM_ONCE, CLAIM_SHOWN, CLAIM_AT_ALL, \
	}
#define EACH(name, run)                                           \
	{                                                         \
		name, run, CLAIM_EACH, CLAIM_SHOWN, CLAIM_AT_ALL, \
	}
#define SCORED(name, run, role, point)                                   \
	{                                                                \
		name, run, CLAIM_SCORED, CLAIM_##role, CLAIM_AT_##point, \
	}

const struct claim_part claim_parts[] = {
	ONCE("ladder", claim_ladder),
	ONCE("histories", claim_histories),
	EACH("teacher", claim_teacher),
	EACH("offline", claim_offline),
	ONCE("families", claim_families),
	ONCE("net-strict", claim_watch),
	ONCE("net-shuffled", claim_watch),
	ONCE("net-reversed", claim_watch),
	ONCE("net-last", claim_watch),
	ONCE("net-masked", claim_watch),
	ONCE("net-whole", claim_watch),
	ONCE("net-gru", claim_watch),
	ONCE("net-linear", claim_watch),
	ONCE("net-fast", claim_watch),
	ONCE("legible", claim_legible),
	ONCE("net-pooled", claim_net_pooled),
	ONCE("net-pooled-searched", claim_net_pooled),
	ONCE("rules", claim_rules),
	ONCE("net-traj", claim_net_traj),
	ONCE("net-traj-whole", claim_net_traj),
	ONCE("net-doubled", claim_net_traj),
	ONCE("net-transfer", claim_net_traj),
	ONCE("net-stage", claim_net_stage),
	ONCE("net-filtered", claim_net_stage),
	ONCE("net-weights", claim_net_weights),
	ONCE("commit", claim_commit),
	EACH("continued", claim_continued),
	EACH("zero", claim_zero),
	SCORED("snapshot", claim_snapshot, CONTROL, ALL),
	SCORED("small", claim_small, CONTROL, ALL),
	SCORED("clone", claim_clone, CONTROL, ALL),
	SCORED("coverage", claim_coverage, CONTROL, ALL),
	SCORED("pooled", claim_pooled, CONTROL, ALL),
	SCORED("pooled-searched", claim_pooled, SHOWN, ALL),
	SCORED("warm", claim_warm, CONTROL, ALL),
	SCORED("fresh", claim_fresh, CONTROL, ALL),
	SCORED("random", claim_random, CONTROL, ALL),
	SCORED("norms", claim_norms, CONTROL, ALL),
	SCORED("linear", claim_linear, CONTROL, ALL),
	SCORED("expo", claim_expo, CONTROL, ALL),
	SCORED("swa", claim_swa, CONTROL, ALL),
	SCORED("rank1", claim_rank1, CONTROL, ALL),
	SCORED("nowcast", claim_nowcast, CONTROL, ALL),
	SCORED("vote", claim_vote, CONTROL, ALL),
	SCORED("contrast", claim_contrast, CONTROL, ALL),
	SCORED("amnesia", claim_amnesia, SHOWN, ALL),
	SCORED("family", claim_family, OWN, ALL),
	SCORED("tune", claim_tune, OWN, TUNED),
	SCORED("tune-won", claim_tune, OWN, TUNED),
	SCORED("strict", claim_strict, ARM, DREAMED),
	SCORED("shuffled", claim_strict, SHUFFLED, DREAMED),
	SCORED("reversed", claim_strict, SHUFFLED, DREAMED),
	SCORED("last", claim_strict, CONTROL, DREAMED),
	SCORED("masked", claim_strict, CONTROL, DREAMED),
	SCORED("untold", claim_strict, OWN, DREAMED),
	SCORED("empty", claim_strict, CONTROL, DREAMED),
	SCORED("one", claim_strict, CONTROL, DREAMED),
	SCORED("weaker", claim_strict, CONTROL, DREAMED),
	SCORED("strict-cut", claim_strict, CONTROL, ALL),
	SCORED("yoked", claim_strict, SHOWN, ALL),
	SCORED("other", claim_strict, SHOWN, ALL),
	SCORED("capacity", claim_strict, SHOWN, WHOLE),
	SCORED("yoked-whole", claim_strict, SHOWN, ALL),
	EACH("hindcast", claim_hindcast),
	SCORED("sim", claim_strict, OWN, PLAYED),
	SCORED("sim-permuted", claim_strict, SHOWN, PLAYED),
	SCORED("sim-gru", claim_strict, OWN, PLAYED),
	SCORED("sim-linear", claim_strict, OWN, PLAYED),
	SCORED("sim-fast", claim_strict, OWN, PLAYED),
	SCORED("traj", claim_traj, ARM, STAGE),
	SCORED("traj-fed", claim_traj, ARM, STAGE),
	SCORED("doubled", claim_traj, SHOWN, DOUBLING),
	SCORED("traj-whole", claim_traj, SHOWN, STAGE),
	SCORED("transfer", claim_traj, ARM, STAGE),
	SCORED("stage", claim_stage, ARM, ASKED),
	SCORED("stage-cut", claim_stage_cut, CONTROL, ALL),
	SCORED("filtered", claim_stage, ARM, ASKED),
	SCORED("steer", claim_steer, ARM, ASKED),
	SCORED("weights", claim_weights, ARM, ALL),
	{.name = NULL},
};

static void write_point(const struct claim_conf *c, enum claim_point p,
			struct buf *out)
{
	static const char *const points[] = {
		[CLAIM_AT_DREAMED] = "games dreamed",
		[CLAIM_AT_WHOLE] = "games dreamed",
		[CLAIM_AT_PLAYED] = "games played by the rules",
		[CLAIM_AT_TUNED] = "games learned from",
		[CLAIM_AT_ASKED] = "halves of the way that it is asked for",
		[CLAIM_AT_STAGE] = "stages past the cut",
		[CLAIM_AT_DOUBLING] = "doublings past D_c",
	};

	if (points[p])
		buf_printf(out, ", at %g %s", claim_judged_at(c, p), points[p]);
	buf_puts(out, "\n");
}

/* An interval's half-width by Student's t, and how often the upper end would be
 * below what refutes, were the truth a gamma of 0.1. */
static void write_power(const struct study_plan *p, struct buf *out)
{
	const struct claim_conf *c = p->conf;
	int n = p->seed_count;
	double sd = (double)(c->power_sd / c->power_room), half, z;

	if (n < 2 || p->development)
		return;
	half = dist_student_quantile(0.975, n - 1) * sd / sqrt(n);
	z = sd > 0 ? (CLAIM_LITTLE - 0.1 - half) / (sd / sqrt(n))
		   : (double)INFINITY;
	buf_printf(out,
		   "power: with the headroom of %g Elo and the SD of %g over "
		   "seeds that development seeds had, %d seeds give gamma "
		   "+-%.3f, and a true gamma of 0.1 an upper end below %g in "
		   "%.0f %%\n",
		   (double)c->power_room, (double)c->power_sd, n, half,
		   CLAIM_LITTLE, 100 * dist_normal_cdf(z));
}

/* Who decides what is part of the plan, and by which of its strengths. */
void claim_roles(const struct study_plan *plan, struct buf *out)
{
	static const char *const as[] = {
		[CLAIM_ARM] = "an arm of the claim",
		[CLAIM_OWN] = "an arm by itself",
		[CLAIM_CONTROL] = "a control",
		[CLAIM_SHUFFLED] = "a shuffled control",
		[CLAIM_SHOWN] = "shown, and decides nothing but its gate",
	};

	for (const struct claim_part *p = claim_parts; p->name; p++) {
		if (p->step != CLAIM_SCORED ||
		    !study_arm_find(&study_claim, p->name))
			continue;
		if (claim_left_out(plan->conf, p->name)) {
			buf_printf(out, "%s is left out\n", p->name);
			continue;
		}
		buf_printf(out, "%s is judged as %s", p->name, as[p->role]);
		write_point(plan->conf, p->point, out);
	}
	write_power(plan, out);
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
