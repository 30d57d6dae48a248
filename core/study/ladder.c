/* SPDX-License-Identifier: MIT */
/* The ladder of positive controls: sequence models that learn in context, from
 * bandits to a learner whose histories are cut before it is any good. */
#include "config.h"

#include "core/study/ladder.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/net/net.h"
#include "core/net/stream.h"
#include "core/rate/estimate.h"
#include "core/study/answer.h"
#include "core/study/custody.h"
#include "core/study/ladder_score.h"
#include "core/study/rollout.h"

#define ROWS(key, dflt, text)                                                  \
	{                                                                      \
#key, CONF_FLOAT, offsetof(struct ladder_conf, key), 0, 10000, \
			dflt, NULL, "millions of rows trained on, " text       \
	}

enum { PART = 128 }; /* lanes of a rollout that go together */

static const struct conf_spec ladder_conf[] = {
	ROWS(bandit, "7.7", "P0"),
	ROWS(room, "12", "P1"),
	ROWS(keydoor, "40", "P2"),
	ROWS(rules, "1.4", "P3"),
	ROWS(code, "5", "P4"),
	ROWS(noisy, "5", "P4a"),
	ROWS(early, "1", "P4b"),
	ROWS(regression, "3", "P4c"),
	{"lives", CONF_FLOAT, offsetof(struct ladder_conf, lives), 0.001, 1,
	 "1", NULL, "share of the histories"},
	{"lanes", CONF_INT, offsetof(struct ladder_conf, lanes), 16, 100000,
	 "2048", NULL, "lanes of a rollout, at most"},
	{"keydoor_seed", CONF_INT, offsetof(struct ladder_conf, keydoor_seed),
	 -1, 1000000, "-1", NULL, "the seed that runs P2; 0: none, -1: all"},
	{.name = NULL},
};

static const struct study_size ladder_sizes[] = {
	{"smoke",
	 "bandit=0.4,room=0.3,keydoor=0.1,rules=0.2,code=0.3,noisy=0.3,"
	 "early=0.2,regression=0.3,lives=0.1,lanes=64,keydoor_seed=1",
	 1},
	{"desk", "keydoor_seed=3", 3},
	{"overnight",
	 "bandit=15,room=20,keydoor=120,noisy=20,early=3,regression=40", 6},
	{.name = NULL},
};

static const struct study_arm ladder_list[] = {
	{"p0-shuffled", "control", "bandit: a life's pulls in any order"},
	{"p0-expert", "control", "bandit: who knows the best arm"},
	{"p0-last", "control", "bandit: the last 100 pulls of each life"},
	{"p0-full", "arm", "bandit: lives of Thompson sampling"},
	{"p1-shuffled", "control", "dark room: eight in a row in any order"},
	{"p1-mixed", "control", "dark room: any eight of a life, any order"},
	{"p1-expert", "control", "dark room: who knows the goal"},
	{"p1-full", "arm", "dark room: lives of Q-learning"},
	{"p3-shuffled", "control", "hidden rules: games in any order"},
	{"p3-last", "control", "hidden rules: the last 30 games of each life"},
	{"p3-full", "arm", "hidden rules: lives of the credit learner"},
	{"p4-frozen", "control", "hidden code: snapshots that do not learn"},
	{"p4-shuffled", "control", "hidden code: cut, in any order"},
	{"p4-last", "control", "hidden code: cut, the last 16 episodes"},
	{"p4-whole", "gate", "hidden code: whole lives"},
	{"p4-cut", "arm", "hidden code: lives cut at half their strength"},
	{"p4a-last", "control", "noise removed: the least noisy episodes"},
	{"p4a-noise", "arm", "noise removed: an expert with less and less"},
	{"p4b-shuffled", "control", "hidden rules, cut: in any order"},
	{"p4b-cut", "arm", "hidden rules: lives cut after 10 games"},
	{"p4c-shuffled", "control", "regression, cut: in any order"},
	{"p4c-cut", "arm", "regression: 16 of 64 steps of gradient descent"},
	{"p2-full", "arm", "key and door: lives of Q-learning"},
	{.name = NULL},
};

/* --- a trial -------------------------------------------------------------- */

struct work {
	struct study_run *run;
	const struct ladder_arm *arm;
	uint64_t seed;
	int tasks; /* scored */
	struct ladder_teachers teachers;
	const struct net_plan *plan; /* borrowed */
	float *gain;                 /* owned; [lanes * roll] */
};

/* --- what a network says, in lanes */

static void reset(void *self, int lane)
{
	net_stream_reset(self, lane);
}

static void say(void *self, int n, const int *lane, const float *x,
		float *logits)
{
	float *out[NET_HEADS] = {[NET_POLICY] = logits};

	net_stream_push(self, n, lane, x, out);
}

struct rolls {
	const struct work *work;
	float temperature;
};

/* Lanes by themselves: who runs which does not matter. */
static void roll_part(void *ctx, int part, int worker)
{
	const struct rolls *p = ctx;
	const struct work *w = p->work;
	const struct ladder_rung *g = w->arm->rung;
	int first = part * PART, left = w->teachers.lanes - first;
	int lanes = left < PART ? left : PART;
	struct net_stream *stream = net_stream_new(w->plan, lanes);
	struct rollout_mind mind = {reset, say, stream};
	struct rollout r = {
		.env = w->arm->source->env,
		.lanes = lanes,
		.first = first,
		.episodes = g->roll,
		.tasks = w->teachers.task + first,
		.temperature = p->temperature,
		.seed = w->seed,
		.prime = g->prime ? w->teachers.before : NULL,
		.prime_episodes = g->prime,
	};

	(void)worker;
	rollout_run(&r, &mind, w->gain + (size_t)first * (size_t)g->roll);
	net_stream_free(stream);
}

static void roll(struct work *w, float temperature)
{
	struct rolls p = {w, temperature};

	pool_run(study_pool(w->run), (w->teachers.lanes + PART - 1) / PART,
		 roll_part, &p);
}

static void score(struct work *w, struct ladder_score *out)
{
	ladder_score_init(out, w->arm->rung, w->arm->source->env, &w->teachers,
			  w->tasks, w->gain);
}

/* --- comparisons */

static void keep_counted(struct work *w, const struct ladder_score *s,
			 int number)
{
	double *counted = mem_zalloc((size_t)s->tasks, sizeof(*counted));
	struct buf bytes;
	char *name = mem_printf("counted%d", number);

	ladder_score_counted(s, counted);
	buf_init(&bytes);
	for (int k = 0; k < s->tasks; k++)
		buf_f32(&bytes, (float)counted[k]);
	study_keep(w->run, name, bytes.data, bytes.len);
	buf_release(&bytes);
	free(counted);
	free(name);
}

/* This arm at its first temperature less another at each of its own. */
static enum err_code compare(struct work *w, const char *other,
			     const double *counted, struct err *e)
{
	const struct ladder_rung *g = w->arm->rung;
	double *less = mem_zalloc((size_t)w->tasks, sizeof(*less));
	enum err_code rc = ERR_OK;

	for (int i = 0;
	     !rc && i < LADDER_TEMPERATURES && g->temperature[i] >= 0; i++) {
		char *name = mem_printf("counted%d", i);
		char *over = mem_printf("over-%s", other);
		const void *kept;
		size_t len;
		struct reader r;

		rc = study_kept(w->run, other, name, &kept, &len, e);
		if (!rc) {
			struct estimate m;

			reader_init(&r, kept, len);
			for (int k = 0; k < w->tasks; k++)
				less[k] = counted[k] - (double)reader_f32(&r);
			m = estimate_t(less, w->tasks, 0.95);
			study_measure(w->run, over, (double)g->temperature[i],
				      m.value, m.low, m.high, w->tasks);
		}
		free(name);
		free(over);
	}
	free(less);
	return rc;
}

static enum err_code compare_all(struct work *w, const struct ladder_score *s,
				 struct err *e)
{
	double *counted = mem_zalloc((size_t)s->tasks, sizeof(*counted));
	enum err_code rc = ERR_OK;

	ladder_score_counted(s, counted);
	for (int i = 0; !rc && i < LADDER_AGAINST && w->arm->against[i]; i++)
		rc = compare(w, w->arm->against[i], counted, e);
	free(counted);
	return rc;
}

/* What whole lives come to: their last ten episodes. */
static void measure_end(struct work *w)
{
	const struct ladder_rung *g = w->arm->rung;
	int lanes = w->teachers.lanes, all = g->episodes;
	float *gain = mem_floats((size_t)lanes * (size_t)all);
	double *end = mem_zalloc((size_t)w->tasks, sizeof(*end));
	struct estimate m;

	ladder_teachers_go_on(&w->teachers, all, false, gain);
	for (int i = 0; i < lanes; i++) {
		int k = i % w->tasks,
		    each = lanes / w->tasks + (k < lanes % w->tasks);
		double best = g->relative ? w->arm->source->env->best(
						    &w->teachers.tasks[k])
					  : 1;

		for (int e = all - 10; e < all; e++)
			end[k] += (double)gain[i * all + e] / best / each / 10;
	}
	m = estimate_t(end, w->tasks, 0.95);
	study_measure(w->run, "teacher-end", 0, m.value, m.low, m.high,
		      w->tasks);
	free(gain);
	free(end);
}

/* Another learner, from the beginning up to the same cut and on from there. */
static void measure_beside(struct work *w, const struct ladder_tasks *tasks)
{
	struct ladder_teachers own = w->teachers;
	struct ladder_arm arm = *w->arm;
	struct ladder_score s;

	arm.source = arm.rung->beside;
	ladder_teachers_init(&w->teachers, &arm, tasks, own.lanes, w->seed);
	ladder_teachers_go_on(&w->teachers, arm.rung->roll, false, w->gain);
	score(w, &s);
	ladder_score_measure(w->run, &s, "beside-", 0);
	ladder_score_release(&s);
	ladder_teachers_release(&w->teachers);
	w->teachers = own;
}

/* The learner itself at the same tasks: as it goes on from the cut, and as it
 * would be if it stayed as it was there. */
static void measure_teachers(struct work *w, const struct ladder_tasks *tasks)
{
	const struct ladder_rung *g = w->arm->rung;

	for (int frozen = 0; frozen <= (g->prime > 0); frozen++) {
		const char *prefix = frozen ? "snapshot-" : "teacher-";
		struct ladder_score s;

		ladder_teachers_go_on(&w->teachers, g->roll, frozen, w->gain);
		score(w, &s);
		ladder_score_measure(w->run, &s, prefix, 0);
		if (!frozen)
			ladder_score_details(w->run, &s, prefix);
		ladder_score_release(&s);
	}
	if (g->beside)
		measure_beside(w, tasks);
	if (!g->prime)
		measure_end(w);
	if (!g->prime)
		return;
	study_measure(w->run, "cut-episodes", 0, w->teachers.episodes,
		      (double)NAN, (double)NAN, w->teachers.lanes);
	if (!isnan(w->teachers.strength))
		study_measure(w->run, "cut-strength", 0, w->teachers.strength,
			      (double)NAN, (double)NAN, w->teachers.lanes);
}

static enum err_code measure(struct work *w, const struct ladder_tasks *tasks,
			     struct err *e)
{
	const struct ladder_rung *g = w->arm->rung;
	enum err_code rc = ERR_OK;

	for (int i = 0;
	     !rc && i < LADDER_TEMPERATURES && g->temperature[i] >= 0; i++) {
		struct ladder_score s;

		if (!study_goes_on(w->run))
			return err_set(e, ERR_CANCELLED, "stopped");
		study_progress(w->run, i, LADDER_TEMPERATURES,
			       "acts at temperature %g",
			       (double)g->temperature[i]);
		roll(w, g->temperature[i]);
		score(w, &s);
		ladder_score_measure(w->run, &s, "", (double)g->temperature[i]);
		keep_counted(w, &s, i);
		if (!i) {
			ladder_score_details(w->run, &s, "");
			rc = compare_all(w, &s, e);
		}
		ladder_score_release(&s);
	}
	if (!rc)
		measure_teachers(w, tasks);
	return rc;
}

static int64_t overlap(const struct ladder_tasks *t)
{
	int64_t both = 0;

	for (int i = 0; i < t->test_count; i++)
		for (int k = 0; k < t->train_count; k++)
			both += t->test[i] == t->train[k];
	return both;
}

static int lanes_of(const struct ladder_rung *g, const struct ladder_conf *c)
{
	return g->lanes < c->lanes ? g->lanes : c->lanes;
}

/* The weights are held while they are scored. */
static enum err_code act(struct work *w, const struct ladder_tasks *tasks,
			 const struct net_config *net, const float *params,
			 struct err *e)
{
	struct custody *held = custody_new(net, params);
	enum err_code rc;

	w->plan = custody_plan(held);
	rc = measure(w, tasks, e);
	custody_tell(held, w->run);
	custody_free(held);
	study_keep(w->run, "weights", params,
		   net_param_count(net) * sizeof(*params));
	return rc;
}

static enum err_code try_arm(struct study_run *r, const struct ladder_arm *a,
			     uint64_t seed, struct err *e)
{
	const struct ladder_conf *c = study_conf(r);
	struct work w = {.run = r, .arm = a, .seed = seed};
	struct ladder_tasks tasks;
	struct histories *lives;
	struct net_config net;
	float *params;
	int lanes = lanes_of(a->rung, c);
	enum err_code rc = ladder_net(a, &net, e);

	if (rc)
		return rc;
	ladder_tasks_init(&tasks, a->rung, a->source->env, seed);
	lives = ladder_lives(a, &tasks, c->lives, seed);
	params = mem_floats(net_param_count(&net));
	rc = ladder_train(r, a, lives, seed, params, e);
	if (!rc) {
		w.tasks = tasks.test_count < lanes ? tasks.test_count : lanes;
		w.gain = mem_floats((size_t)lanes * (size_t)a->rung->roll);
		ladder_teachers_init(&w.teachers, a, &tasks, lanes, seed);
		study_facts(r, (int64_t)net_memory_bytes(&net, 1),
			    net_flops(&net), histories_count(lives));
		study_overlap(r, tasks.test_count, overlap(&tasks));
		rc = act(&w, &tasks, &net, params, e);
		ladder_teachers_release(&w.teachers);
		free(w.gain);
	}
	free(params);
	histories_free(lives);
	ladder_tasks_release(&tasks);
	return rc;
}

/* Key and door takes long: at one seed alone. */
static bool ladder_tries(const void *conf, const struct study_arm *arm,
			 uint64_t seed)
{
	const struct ladder_conf *c = conf;

	return ladder_arm_find(arm->name)->rung != &ladder_keydoor ||
	       c->keydoor_seed < 0 || seed == (uint64_t)c->keydoor_seed;
}

static enum err_code ladder_trial(struct study_run *r,
				  const struct study_arm *arm, uint64_t seed,
				  struct err *e)
{
	/* A plan of edition 0 has trials that do nothing. */
	if (!ladder_tries(study_conf(r), arm, seed))
		return ERR_OK;
	return try_arm(r, ladder_arm_find(arm->name), seed, e);
}

/* Lives are the largest: 53 million steps of codes at three bytes, in room that
 * grows by doubling; then what a step of training keeps, and lanes. */
static double ladder_memory(const void *conf)
{
	const struct ladder_conf *c = conf;

	return 2.5e8 + 4e8 * (double)c->lives + 1e5 * c->lanes;
}

/* The bounds of its gates: tasks that it has not seen are its other games. */
static const struct study_answer answers[] = {
	{"p1-full", STUDY_ELSEWHERE, "p1-full late", 0.75},
	{"p4-cut", STUDY_GROWS, "phi over p4-frozen", 0.3},
	{"p4b-cut", STUDY_GROWS, "p4b-cut over-p4b-shuffled", 0},
	{.arm = NULL},
};

const struct study study_ladder = {
	.name = "ladder",
	.question = "Does a sequence model that was shown the histories of "
		    "learners learn in context, on tasks that it has not seen "
		    "and past the point where the histories end?",
	.metric = "gains of an episode, over tasks that were not trained on; "
		  "at temperature 1 unless said",
	.thresholds = "gates hold means over all tasks of all seeds, with "
		      "Student's 95 % interval over them.  passed: every gate "
		      "holds; failed: one does not; uninterpretable: whole "
		      "lives of the hidden code do not suffice to imitate it, "
		      "or a trial is missing.  P2, P4a, P4b and P4c are "
		      "reported and decide nothing",
	.frozen = "the weights of a model while it acts",
	.arms = ladder_list,
	.gates = ladder_gates,
	.sizes = ladder_sizes,
	.conf = ladder_conf,
	.conf_size = sizeof(struct ladder_conf),
	.trial = ladder_trial,
	.judge = ladder_judge,
	.pictures = ladder_pictures,
	.answers = answers,
	.memory = ladder_memory,
	.shown = ladder_arms_format,
	.tries = ladder_tries,
	.rungs = true,
	.edition = 1,
};
