/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/study/answer.h"
#include "core/study/bayes_int.h"
#include "core/study/env.h"
#include "core/study/mixture.h"
#include "core/study/study.h"
#include "core/study/tabular.h"

/*
 * Can the metric be passed at all?  Who knows all learners that there are, and
 * that the teacher is one of them, is the ideal imitator: it reads the
 * teacher's life up to a cut, and goes on by itself, with no learning but what
 * Bayes' rule says of who the teacher is.  If that is not said to have learned
 * to learn, nothing ever will be.  Beside it those whose hypotheses leave the
 * truth out: players who do not learn, and learners of another kind.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct bayes_conf, CONF_INT, key, lo, hi, dflt, text)

const struct conf_spec bayes_spec[] = {
	INT(rates, 2, 64, "8", "rates of the family of learners"),
	INT(noises, 2, 64, "6", "temperatures, and shares of chance"),
	INT(starts, 1, 16, "3", "values that they begin with"),
	INT(thirds, 1, 16, "3",
	    "ways to learn from a result: how much of it is taken from the "
	    "state after; of a bandit, how fast the other levers fade"),
	INT(bandits, 1, 100000, "400", "teachers with one each"),
	INT(cut_pulls, 1, 100000, "20", "pulls up to the cut"),
	INT(pulls, 2, 100000, "400", "in all"),
	INT(boards, 1, 10000, "24", "teachers of tic-tac-toe"),
	INT(cut_games, 1, 1000000, "100", "games up to the cut"),
	INT(games, 2, 1000000, "5000", "in all"),
	INT(plies, 0, 4, "2", "moves by chance before scored games"),
	{.name = NULL},
};

#define ARMS(w, where)                                                  \
	{w "-teacher", "teacher", "goes on itself, " where},            \
		{w "-exact", "arm",                                     \
		 "Bayes over a family that the teacher is of, " where}, \
		{w "-likeliest", "arm",                                 \
		 "the likeliest of the family alone, " where},          \
		{w "-near", "arm",                                      \
		 "Bayes; the teacher lies between members, " where},    \
		{w "-cut", "control",                                   \
		 "the teacher as it was at the cut, " where},           \
		{w "-static", "control",                                \
		 "Bayes over players who do not learn, " where},        \
		{w "-gradient", "control",                              \
		 "Bayes over learners of another kind, " where},        \
		{w "-shuffled", "control",                              \
		 "Bayes; read in any order, " where},                   \
	{                                                               \
		w "-prior", "control",                                  \
			"all of the family, nothing read, " where       \
	}

static const struct study_arm arms[] = {
	ARMS("bandit", "on bandits"),
	{"bandit-dreamed", "control",
	 "Bayes over learners and over levers, which pay only in its dreams"},
	ARMS("board", "at tic-tac-toe"),
	{.name = NULL},
};

static const struct study_gate gates[] = {
	{"bandit-headroom",
	 "teachers of bandits end above the best of the data, lower bound"},
	{"board-headroom", "teachers of tic-tac-toe end 50 Elo above it, lower "
			   "bound"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "rates=6,noises=4,starts=2,thirds=2,bandits=60,pulls=200,boards=2,"
	 "games=1500",
	 2},
	{"desk", "", 6},
	{"overnight", "rates=24,noises=16,starts=5,thirds=5,bandits=1000", 12},
	{.name = NULL},
};

/* A member is dropped below this share. */
static const double LEAST = 1e-10;
/* How much is seen between the cut and the end: after these sixteenths. */
enum { MARKS = 4 };
static const int marks[MARKS] = {0, 1, 4, 16};

/* Chance, by what it is for. */
enum { TEACHER = 1, TASK, LIFE, ORDER, DREAM, IMITATOR };

enum way {
	GOES_ON,
	STANDS,
	MIXES,
	ONE,
	BETWEEN,
	OTHER_PLAYERS,
	OTHER_LEARNERS,
	SHUFFLED,
	UNREAD,
	DREAMS,
};

static enum way way_of(const struct study_arm *a)
{
	static const struct {
		const char *name;
		enum way way;
	} ways[] = {
		{"teacher", GOES_ON},
		{"cut", STANDS},
		{"exact", MIXES},
		{"likeliest", ONE},
		{"near", BETWEEN},
		{"static", OTHER_PLAYERS},
		{"gradient", OTHER_LEARNERS},
		{"shuffled", SHUFFLED},
		{"prior", UNREAD},
		{"dreamed", DREAMS},
	};
	const char *name = strchr(a->name, '-') + 1;
	int i = 0;

	while (strcmp(ways[i].name, name))
		i++;
	return ways[i].way;
}

/* What came of one teacher. */
struct outcome {
	double gain[MARKS], headroom;
	/* A move of the teacher's own, beyond what it needs itself: of all
	 * after the cut, and of the first sixteenth. */
	double nats, soon;
	double truth; /* share of the teacher at the cut; NAN: not a member */
	int left;     /* members at the cut */
};

struct bayes {
	struct study_run *r;
	const struct bayes_conf *c;
	enum way way;
	bool chance; /* bandits */
	uint64_t seed;
	struct tabular_learner *family;
	int members, cut, games, tasks, first;
	struct tabular_world board;
	struct outcome *out; /* [tasks] */
};

/* One teacher, and who imitates it. */
struct task {
	const struct bayes *b;
	struct tabular_world world;
	struct tabular_learner teacher;
	int number; /* of the family; -1: between */
	uint64_t seed;
	size_t cells;
	float *mind;                  /* the teacher's */
	struct tabular_episode *life; /* [games] */
	float *zero;                  /* policy: the best of the data */
	float *policy;                /* scratch */
	double own[2]; /* nats a move of the teacher itself, as below */
	double paid[TABULAR_ACTIONS]
		   [2]; /* dreams: of each lever, not and paid */
};

/* --- the teacher --------------------------------------------------------- */

static void teacher_chooses(void *ctx, int state, float *out)
{
	struct task *t = ctx;

	tabular_policy(&t->world, &t->teacher, t->mind, state, out);
}

static void policy_everywhere(struct task *t,
			      void (*choose)(void *ctx, int state, float *out),
			      void *ctx)
{
	for (int s = 0; s < t->world.states; s++)
		choose(ctx, s,
		       t->policy + (size_t)s * (size_t)t->world.actions);
	tabular_best(&t->world, t->policy);
}

static double log_chance(const struct task *t, const struct tabular_episode *e)
{
	float p[TABULAR_ACTIONS];
	double sum = 0;

	for (int i = 0; i < e->count; i++) {
		tabular_policy(&t->world, &t->teacher, t->mind, e->state[i], p);
		sum += log((double)p[e->action[i]]);
	}
	return sum;
}

/* From `first` up to `last`; after each what it says is learned. */
static void live(struct task *t, int first, int last, double *log_sum,
		 int64_t *moves)
{
	for (int i = first; i < last; i++) {
		struct rng r;

		rng_init(&r, t->seed, RNG_STUDY, LIFE, (uint64_t)i);
		tabular_play(&t->world, teacher_chooses, t, &r, &t->life[i]);
		*log_sum += log_chance(t, &t->life[i]);
		*moves += t->life[i].count;
		tabular_learn(&t->world, &t->teacher, t->mind, &t->life[i]);
	}
}

static int mark_at(const struct bayes *b, int mark)
{
	return b->cut + (int)((int64_t)(b->games - b->cut) * marks[mark] / 16);
}

/* The whole life, what may be made of its beginning, and its own gains. */
static void live_it(struct task *t, struct outcome *o)
{
	const struct bayes *b = t->b;
	double before = 0, after = 0;
	int64_t moves = 0, moves_before = 0;
	float *seen = mem_floats(t->cells * MARKS);

	tabular_begin(&t->world, &t->teacher, t->mind);
	live(t, 0, b->cut, &before, &moves_before);
	for (int k = 0; k < MARKS; k++) {
		if (k)
			live(t, mark_at(b, k - 1), mark_at(b, k), &after,
			     &moves);
		if (k == 1)
			t->own[1] = -after / (double)moves;
		policy_everywhere(t, teacher_chooses, t);
		memcpy(seen + (size_t)k * t->cells, t->policy,
		       t->cells * sizeof(*seen));
	}
	t->own[0] = -after / (double)moves;
	bayes_offline(&t->world, t->life, b->cut, seen + (MARKS - 1) * t->cells,
		      b->c->plies, t->zero);
	for (int k = 0; k < MARKS; k++)
		o->gain[k] = bayes_above(
			&t->world,
			seen + (b->way == STANDS ? 0 : (size_t)k) * t->cells,
			t->zero, b->c->plies);
	o->headroom = bayes_above(&t->world, seen + (MARKS - 1) * t->cells,
				  t->zero, b->c->plies);
	free(seen);
}

/* --- who imitates -------------------------------------------------------- */

static void mixture_chooses(void *ctx, int state, float *out)
{
	mixture_policy(ctx, state, out);
}

/* The life before the cut, in its order or in any. */
static void read_life(struct task *t, struct mixture *m)
{
	const struct bayes *b = t->b;
	int *order = mem_zalloc((size_t)b->cut, sizeof(*order));
	struct rng r;

	rng_init(&r, t->seed, RNG_STUDY, ORDER, 0);
	for (int i = 0; i < b->cut; i++) {
		int j = b->way == SHUFFLED ? (int)rng_below(&r, (uint32_t)i + 1)
					   : i;

		order[i] = order[j];
		order[j] = i;
	}
	for (int i = 0; i < b->cut && b->way != UNREAD; i++)
		mixture_read(m, &t->life[order[i]]);
	free(order);
}

/* How well it foresees what the teacher really did then. */
static void foresee(struct task *t, const struct mixture *at_cut,
		    struct outcome *o)
{
	const struct bayes *b = t->b;
	struct mixture m;
	double sum = 0;
	int64_t moves = 0;

	mixture_copy(&m, at_cut);
	for (int i = b->cut; i < b->games; i++) {
		sum -= mixture_read(&m, &t->life[i]);
		moves += t->life[i].count;
		if (i + 1 == mark_at(b, 1))
			o->soon = sum / (double)moves - t->own[1];
	}
	o->nats = sum / (double)moves - t->own[0];
	mixture_release(&m);
}

/* What a lever pays, if it is one like those that were pulled: the chance that
 * it pays is uniform at first, and dreams are believed. */
static void dream(struct task *t, struct tabular_episode *e, struct rng *r)
{
	double *paid = t->paid[e->action[0]];
	bool pays = rng_double(r) * (paid[0] + paid[1] + 2) < paid[1] + 1;

	paid[pays] += 1;
	e->result = pays ? 1 : -1;
}

static void remember_pay(struct task *t)
{
	memset(t->paid, 0, sizeof(t->paid));
	for (int i = 0; i < t->b->cut; i++)
		t->paid[t->life[i].action[0]][t->life[i].result > 0] += 1;
}

/* It goes on by itself, and is scored on the way. */
static void go_on(struct task *t, struct mixture *m, struct outcome *o)
{
	const struct bayes *b = t->b;

	if (b->way == DREAMS)
		remember_pay(t);
	for (int k = 0; k < MARKS; k++) {
		for (int i = k ? mark_at(b, k - 1) : 0; i < mark_at(b, k) && k;
		     i++) {
			struct tabular_episode e;
			struct rng r;

			rng_init(&r, t->seed, RNG_STUDY, IMITATOR, (uint64_t)i);
			tabular_play(&t->world, mixture_chooses, m, &r, &e);
			if (b->way == DREAMS)
				dream(t, &e, &r);
			mixture_read(m, &e);
		}
		policy_everywhere(t, mixture_chooses, m);
		o->gain[k] =
			bayes_above(&t->world, t->policy, t->zero, b->c->plies);
	}
}

static void imitate(struct task *t, struct outcome *o)
{
	const struct bayes *b = t->b;
	struct mixture m;

	mixture_init(&m, &t->world, b->family, b->members, LEAST);
	read_life(t, &m);
	o->left = m.left;
	if (t->number >= 0 && b->way != OTHER_PLAYERS &&
	    b->way != OTHER_LEARNERS)
		o->truth = mixture_share(&m, t->number);
	if (b->way == ONE)
		mixture_keep(&m, mixture_likeliest(&m));
	foresee(t, &m, o);
	go_on(t, &m, o);
	mixture_release(&m);
}

/* --- a trial ------------------------------------------------------------- */

static void try_task(void *ctx, int part, int worker)
{
	struct bayes *b = ctx;
	int i = b->first + part;
	struct task t = {.b = b, .seed = rng_mix(b->seed, (uint64_t)i)};
	struct rng r;

	(void)worker;
	rng_init(&r, t.seed, RNG_STUDY, TEACHER, 0);
	t.number = bayes_teacher(b->c, b->chance, b->way == BETWEEN, &r,
				 &t.teacher);
	if (b->chance)
		tabular_world_of_env(&t.world, &env_bandit,
				     (int64_t)(rng_mix(t.seed, TASK) >> 32));
	else
		t.world = b->board;
	t.cells = (size_t)t.world.states * (size_t)t.world.actions;
	t.mind = mem_floats(tabular_mind_size(&t.world));
	t.life = mem_zalloc((size_t)b->games, sizeof(*t.life));
	t.zero = mem_floats(t.cells);
	t.policy = mem_floats(t.cells);
	b->out[i].truth = (double)NAN;
	live_it(&t, &b->out[i]);
	if (b->way != GOES_ON && b->way != STANDS)
		imitate(&t, &b->out[i]);
	free(t.mind);
	free(t.life);
	free(t.zero);
	free(t.policy);
	if (b->chance)
		tabular_world_release(&t.world);
}

static void measure(struct study_run *r, const char *name, double x,
		    const struct stat_sums *s)
{
	struct stat_mean m = stat_mean_of(s);

	study_measure(r, name, x, m.mean, m.low, m.high, s->count);
}

static void tell(const struct bayes *b)
{
	struct stat_sums headroom = {0}, nats = {0}, now = {0}, truth = {0};
	struct stat_sums left = {0};
	bool imitates = b->way != GOES_ON && b->way != STANDS;

	for (int i = 0; i < b->tasks; i++) {
		stat_add(&headroom, b->out[i].headroom);
		stat_add(&nats, b->out[i].nats);
		stat_add(&now, -b->out[i].soon);
		stat_add(&left, b->out[i].left);
		if (!isnan(b->out[i].truth))
			stat_add(&truth, b->out[i].truth);
	}
	for (int k = 0; k < MARKS; k++) {
		struct stat_sums gain = {0};

		for (int i = 0; i < b->tasks; i++)
			stat_add(&gain, b->out[i].gain[k]);
		measure(b->r, "gain", mark_at(b, k) - b->cut, &gain);
	}
	measure(b->r, "headroom", 0, &headroom);
	if (imitates) {
		measure(b->r, "nats", 0, &nats);
		measure(b->r, "now", 0, &now);
		measure(b->r, "left", 0, &left);
	}
	if (truth.count)
		measure(b->r, "truth", 0, &truth);
	study_facts(b->r,
		    (int64_t)(b->members * tabular_mind_size(&b->board) *
			      sizeof(float)),
		    (double)NAN, b->cut);
}

static enum err_code try_all(struct bayes *b, struct err *e)
{
	enum { AT_ONCE = 8 };
	enum err_code rc = ERR_OK;

	b->out = mem_zalloc((size_t)b->tasks, sizeof(*b->out));
	for (b->first = 0; b->first < b->tasks && !rc; b->first += AT_ONCE) {
		int left = b->tasks - b->first;

		study_progress(b->r, b->first, b->tasks, "teachers");
		if (!study_goes_on(b->r))
			rc = err_set(e, ERR_CANCELLED, "stopped");
		else
			pool_run(study_pool(b->r),
				 left < AT_ONCE ? left : AT_ONCE, try_task, b);
	}
	if (!rc)
		tell(b);
	free(b->out);
	return rc;
}

static enum err_code bayes_trial(struct study_run *r, const struct study_arm *a,
				 uint64_t seed, struct err *e)
{
	const struct bayes_conf *c = study_conf(r);
	struct bayes b = {
		.r = r,
		.c = c,
		.way = way_of(a),
		.chance = !strncmp(a->name, "bandit", 6),
		.seed = seed,
	};
	struct game g;
	enum err_code rc = game_init(&g, "mnk:3,3,3", e);

	if (rc)
		return rc;
	b.tasks = b.chance ? c->bandits : c->boards;
	b.cut = b.chance ? c->cut_pulls : c->cut_games;
	b.games = b.chance ? c->pulls : c->games;
	if (b.games <= b.cut)
		return err_set(e, ERR_USAGE,
			       "study bayes: a life ends after its cut");
	b.family = bayes_family(c,
				b.way == OTHER_PLAYERS    ? TABULAR_COUNT
				: b.way == OTHER_LEARNERS ? TABULAR_GRADIENT
							  : TABULAR_VALUE,
				b.chance, &b.members);
	if (b.chance)
		tabular_world_of_env(&b.board, &env_bandit, 0);
	else
		tabular_world_of_game(&b.board, &g);
	rc = try_all(&b, e);
	tabular_world_release(&b.board);
	free(b.family);
	return rc;
}

/* To play like the teacher is to foresee it. */
static const struct study_answer answers[] = {
	{"*", STUDY_NOW, "now/*", -0.05},
	{"*", STUDY_GROWS, "gamma/*", 0},
	{.arm = NULL},
};

const struct study study_bayes = {
	.name = "bayes",
	.question = "Is an ideal imitator, Bayes' rule over an enumerated "
		    "family of learners, said to go on learning as its teacher "
		    "would: can the metric be passed?",
	.metric =
		"gamma: how much of the way from the best learner on the data "
		"before the cut to the teacher's end the imitator goes, "
		"frozen; strength is mean pay on bandits, exact, and Elo of "
		"exact direct games at tic-tac-toe; and nats a move of the "
		"teacher's real moves after the cut beyond its own; the seed "
		"is the unit",
	.thresholds =
		"passed: in both worlds the lower end of gamma over seeds is "
		"at least 0.5, above the teacher at the cut and above Bayes "
		"over "
		"players who do not learn, and the upper end of its nats is at "
		"most 0.02; failed else.  Learners of another kind, none read "
		"and the order lost are told beside it",
	.frozen = "the family: what is learned is which of its members it is",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = bayes_spec,
	.conf_size = sizeof(struct bayes_conf),
	.trial = bayes_trial,
	.judge = bayes_judge,
	.answers = answers,
};
