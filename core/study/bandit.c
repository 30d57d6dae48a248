/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/study/study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/rate/estimate.h"

/*
 * The smallest study, and a form to copy: two fixed policies on bandits whose
 * rewards are 0 or 1, with means drawn from [0, 1].  What the control loses has
 * a closed form, so that the gate tells whether the figures can be trusted: of
 * k means the best is k / (k + 1) on average, and a random one 1/2.
 */
enum { MOST_ARMS = 32, TASKS_AT_ONCE = 64 };

struct bandit_conf {
	int arms, pulls, tasks, tries;
};

static const struct conf_spec bandit_conf[] = {
	{"arms", CONF_INT, offsetof(struct bandit_conf, arms), 2, MOST_ARMS,
	 "5", NULL, "levers of a bandit"},
	{"pulls", CONF_INT, offsetof(struct bandit_conf, pulls), 1, 100000,
	 "200", NULL, "pulls of a life"},
	{"tasks", CONF_INT, offsetof(struct bandit_conf, tasks), 1, 1000000,
	 "4000", NULL, "bandits, the same for both policies"},
	{"tries", CONF_INT, offsetof(struct bandit_conf, tries), 1, 1000, "5",
	 NULL, "pulls of each lever before the policy commits"},
	{.name = NULL},
};

static const struct study_arm bandit_arms[] = {
	{"uniform", "control", "a lever at random at every pull"},
	{"commit", "arm", "each lever a few times, then the best for good"},
	{.name = NULL},
};

static const struct study_gate bandit_gates[] = {
	{"exact", "the control's regret is within 2 % of its closed form"},
	{.name = NULL},
};

static const struct study_size bandit_sizes[] = {
	{"smoke", "tasks=2000", 2},
	{"desk", "tasks=20000", 3},
	{"overnight", "tasks=200000", 6},
	{.name = NULL},
};

struct work {
	const struct bandit_conf *conf;
	uint64_t seed;
	bool commits;
	float *regret; /* [tasks], owned */
};

static int lever(const struct work *w, const int *wins, int pull, struct rng *r)
{
	int arms = w->conf->arms, best = 0;

	if (!w->commits)
		return (int)rng_below(r, (uint32_t)arms);
	if (pull < arms * w->conf->tries)
		return pull % arms;
	for (int i = 1; i < arms; i++)
		if (wins[i] > wins[best])
			best = i;
	return best;
}

static double live(const struct work *w, int task)
{
	double mean[MOST_ARMS] = {0}, best = 0, lost = 0;
	int wins[MOST_ARMS] = {0};
	struct rng of_task, of_life;

	/* The bandits of a seed are the same for every policy. */
	rng_init(&of_task, w->seed, RNG_STUDY, (uint64_t)task, 0);
	rng_init(&of_life, w->seed, RNG_STUDY, (uint64_t)task,
		 w->commits ? 2 : 1);
	for (int i = 0; i < w->conf->arms; i++) {
		mean[i] = rng_double(&of_task);
		best = fmax(best, mean[i]);
	}
	for (int pull = 0; pull < w->conf->pulls; pull++) {
		int i = lever(w, wins, pull, &of_life);
		bool won = rng_double(&of_life) < mean[i];

		/* What is learned is learned while it tries. */
		if (pull < w->conf->arms * w->conf->tries)
			wins[i] += won;
		lost += best - mean[i];
	}
	return lost;
}

static void live_some(void *ctx, int part, int worker)
{
	const struct work *w = ctx;
	int first = part * TASKS_AT_ONCE, last = first + TASKS_AT_ONCE;

	(void)worker;
	for (int i = first; i < last && i < w->conf->tasks; i++)
		w->regret[i] = (float)live(w, i);
}

static void measure(struct study_run *r, const char *name,
		    const struct stat_sums *sums)
{
	struct stat_mean m = stat_mean_of(sums);

	study_measure(r, name, 0, m.mean, m.low, m.high, sums->count);
}

static void keep(struct study_run *r, const struct work *w)
{
	struct buf bytes;

	buf_init(&bytes);
	buf_f32s(&bytes, w->regret, (size_t)w->conf->tasks);
	study_keep(r, "regret", bytes.data, bytes.len);
	buf_release(&bytes);
}

/* Bandit by bandit against the control, which kept what it lost. */
static enum err_code compare(struct study_run *r, const struct work *w,
			     struct err *e)
{
	struct stat_sums gain = {0};
	const void *kept;
	size_t len;
	enum err_code rc = study_kept(r, "uniform", "regret", &kept, &len, e);
	struct reader other;

	if (rc)
		return rc;
	reader_init(&other, kept, len);
	for (int i = 0; i < w->conf->tasks; i++)
		stat_add(&gain,
			 (double)reader_f32(&other) - (double)w->regret[i]);
	if (other.failed)
		return err_set(e, ERR_FORMAT,
			       "what arm uniform kept is not "
			       "as long as it should be");
	measure(r, "gain", &gain);
	return ERR_OK;
}

static enum err_code bandit_trial(struct study_run *r,
				  const struct study_arm *a, uint64_t seed,
				  struct err *e)
{
	const struct bandit_conf *conf = study_conf(r);
	int parts = (conf->tasks + TASKS_AT_ONCE - 1) / TASKS_AT_ONCE;
	struct work w = {
		.conf = conf,
		.seed = seed,
		.commits = !strcmp(a->name, "commit"),
		.regret = mem_floats((size_t)conf->tasks),
	};
	struct stat_sums sums = {0};
	enum err_code rc = ERR_OK;

	if (!study_goes_on(r))
		rc = err_set(e, ERR_CANCELLED, "stopped");
	else
		pool_run(study_pool(r), parts, live_some, &w);
	for (int i = 0; i < conf->tasks && !rc; i++)
		stat_add(&sums, (double)w.regret[i]);
	if (!rc) {
		measure(r, "regret", &sums);
		study_facts(r, w.commits ? conf->arms * (int)sizeof(int) : 0,
			    (double)NAN, 0);
		keep(r, &w);
	}
	if (!rc && w.commits)
		rc = compare(r, &w, e);
	free(w.regret);
	return rc;
}

static struct estimate over_seeds(const struct study_measures *m,
				  const char *arm, const char *name)
{
	double *value = mem_zalloc((size_t)m->seed_count, sizeof(*value));
	struct estimate e;

	study_values(m, arm, name, 0, value);
	e = estimate_t(value, m->seed_count, 0.95);
	free(value);
	return e;
}

static void bandit_judge(const struct study_measures *m,
			 struct study_judgement *out)
{
	const struct bandit_conf *c = m->conf;
	struct estimate control = over_seeds(m, "uniform", "regret");
	struct estimate arm = over_seeds(m, "commit", "regret");
	struct estimate gain = over_seeds(m, "commit", "gain");
	double exact = (c->arms / (c->arms + 1.0) - 0.5) * c->pulls;
	double off = fabs(control.value / exact - 1);

	study_gate_say(out, "exact", off <= 0.02, off, 0.02,
		       "regret %.2f, %.2f expected", control.value, exact);
	study_estimate(out, "uniform", control.value, control.low, control.high,
		       control.count, "regret a life, mean over seeds");
	study_estimate(out, "commit", arm.value, arm.low, arm.high, arm.count,
		       "regret a life, mean over seeds");
	study_estimate(out, "gain", gain.value, gain.low, gain.high, gain.count,
		       "regret that is saved, same bandits");
	if (isnan(gain.low))
		study_badge_say(out, STUDY_PARTIAL,
				"committing saves %.1f of %.1f: one seed has "
				"no interval",
				gain.value, exact);
	else if (gain.low >= exact / 2)
		study_badge_say(out, STUDY_SUPPORTED,
				"committing saves %.1f [%.1f, %.1f] of %.1f",
				gain.value, gain.low, gain.high, exact);
	else if (gain.high < exact / 2)
		study_badge_say(out, STUDY_REFUTED,
				"committing saves only %.1f [%.1f, %.1f] of "
				"%.1f",
				gain.value, gain.low, gain.high, exact);
	else
		study_badge_say(out, STUDY_PARTIAL,
				"committing saves %.1f [%.1f, %.1f] of %.1f: "
				"on both sides of half",
				gain.value, gain.low, gain.high, exact);
}

static double bandit_memory(const void *conf)
{
	const struct bandit_conf *c = conf;

	return 3.0 * c->tasks * sizeof(float);
}

const struct study study_bandit = {
	.name = "bandit",
	.question = "Does trying each lever of a bandit a few times and then "
		    "keeping to the best save half of what a player at random "
		    "loses?",
	.metric = "regret: what the best lever would have paid more in a life",
	.thresholds = "supported: the 95 % interval of the regret saved, over "
		      "seeds, lies above half of the control's expected "
		      "regret; refuted: below; partial: across",
	.frozen = "both policies: nothing is trained",
	.arms = bandit_arms,
	.gates = bandit_gates,
	.sizes = bandit_sizes,
	.conf = bandit_conf,
	.conf_size = sizeof(struct bandit_conf),
	.trial = bandit_trial,
	.judge = bandit_judge,
	.memory = bandit_memory,
};
