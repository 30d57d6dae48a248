/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/rate/positions.h"
#include "core/study/answer.h"
#include "core/study/custody.h"
#include "core/study/ledger_tell.h"
#include "core/study/snapshot_int.h"
#include "core/study/study.h"

/*
 * "Distilling a snapshot of AlphaZero is easy": is it?  A teacher learns
 * Connect Four by self-play; students are shown positions that it has labelled,
 * and play it by raw policy.
 */

#define INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct snapshot_conf, CONF_INT, key, lo, hi, dflt, text)
#define FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct snapshot_conf, CONF_FLOAT, key, lo, hi, dflt, text)

const struct conf_spec snapshot_spec[] = {
	INT(rows, 3, 12, "6", "of the board"),
	INT(cols, 3, 12, "7", "of the board"),
	INT(line, 3, 6, "4", "in a row win"),
	INT(filters, 1, 256, "16", "of the teacher's network"),
	INT(blocks, 1, 40, "2", "of the teacher's network, and students'"),
	INT(teacher_games, 16, 10000000, "6000", "of self-play"),
	INT(simulations, 2, 10000, "16", "a move of those"),
	INT(positions, 100, 100000000, "100000",
	    "labelled for students of the most data"),
	INT(curve, 1, 9, "5",
	    "sizes of data in random, dagger and own, each sqrt(10) times the "
	    "one before"),
	INT(samples, 1, 1000000000, "150000",
	    "that a student trains on, "
	    "at least"),
	FLOAT(epochs, 0.1, 1000, "6", "and at least so often on each"),
	FLOAT(patience, 0.01, 1, "0.25",
	      "share of its epochs that a student goes on without a better "
	      "loss on held-out games"),
	INT(visits, 2, 10000, "32", "of the search that labels for arm visits"),
	INT(opening_plies, 0, 1000, "24", "random moves of a lesson, at most"),
	INT(pairs, 1, 1000000, "500", "of games, of a match"),
	INT(scored_plies, 0, 1000, "8", "random moves before those games"),
	INT(set_positions, 10, 1000000, "4000",
	    "of each set that teacher and student are compared on"),
	FLOAT(budget, 0.000001, 1000000, "24",
	      "TFLOP that are ten minutes of two cores, at 40 GFLOP/s"),
	{.name = NULL},
};

static const struct study_arm arms[] = {
	{"teacher", "teacher", "self-play with search, from nothing"},
	{"random", "arm",
	 "soft policy, the teacher's games from random starts"},
	{"dagger", "arm", "soft policy, half of them the student's games"},
	{"own", "arm", "soft policy, the teacher's games from the beginning"},
	{"move", "arm", "the teacher's move alone, from random starts"},
	{"visits", "arm", "visits of the teacher's search, from random starts"},
	{"values", "arm", "the teacher's values of moves, from random starts"},
	{"half", "arm", "as dagger, half the channels"},
	{"double", "arm", "as dagger, twice the channels"},
	{"shuffled", "control", "as random, labels shuffled"},
	{"warm", "control", "dagger's student, moves drawn at a temperature"},
	{.name = NULL},
};

static const struct snapshot_arm students[] = {
	{"random", SNAPSHOT_RANDOM, TEACH_POLICY, 1, false, true},
	{"dagger", SNAPSHOT_DAGGER, TEACH_POLICY, 1, false, true},
	{"own", SNAPSHOT_OWN, TEACH_POLICY, 1, false, true},
	{"move", SNAPSHOT_RANDOM, TEACH_MOVE, 1, false, false},
	{"visits", SNAPSHOT_RANDOM, TEACH_VISITS, 1, false, false},
	{"values", SNAPSHOT_RANDOM, TEACH_VALUES, 1, false, false},
	{"half", SNAPSHOT_DAGGER, TEACH_POLICY, 0.5, false, false},
	{"double", SNAPSHOT_DAGGER, TEACH_POLICY, 2, false, false},
	{"shuffled", SNAPSHOT_RANDOM, TEACH_POLICY, 1, true, false},
};

static const struct study_gate gates[] = {
	{"teacher",
	 "in every seed the teacher's raw policy beats its untrained "
	 "self by 150 Elo, lower bound"},
	{"distinct", "in every seed at least half of the random starts' "
		     "positions differ, and nine in ten of the pairs asked "
		     "for were played"},
	{"shuffled", "in every seed a student of shuffled labels is at least "
		     "100 Elo behind the teacher, upper bound"},
	{.name = NULL},
};

static const struct study_size sizes[] = {
	{"smoke",
	 "filters=12,blocks=1,teacher_games=2000,positions=4000,curve=2,"
	 "samples=30000,visits=16,pairs=100,set_positions=1000",
	 1},
	{"desk", "", 3},
	{"overnight",
	 "filters=32,blocks=3,teacher_games=20000,positions=1000000,curve=7,"
	 "samples=1000000,epochs=5,pairs=1000",
	 6},
	{.name = NULL},
};

const struct snapshot_arm *snapshot_arm_find(const char *name)
{
	for (size_t i = 0; i < sizeof(students) / sizeof(*students); i++)
		if (!strcmp(students[i].name, name))
			return &students[i];
	return NULL;
}

int snapshot_positions(const struct snapshot_conf *c, int i)
{
	return (int)lround(c->positions / pow(10, 0.5 * (c->curve - 1 - i)));
}

/* --- matches ------------------------------------------------------------- */

static bool goes_on(void *ctx)
{
	return study_goes_on(ctx);
}

/* First against second, both networks in memory, as measure `name` at x.  All
 * arms of a seed meet from the same openings, but those that led where `known`
 * (may be NULL) has been. */
static enum err_code meet(struct study_run *r, const struct game *g,
			  uint64_t seed, const struct duel_net nets[2],
			  const char *first, const char *second,
			  const struct positions *known, const char *name,
			  double x, struct duel_result *out, struct err *e)
{
	const struct snapshot_conf *c = study_conf(r);
	struct duel d = {
		.game = g,
		.agents = {first, second},
		.nets = nets,
		.net_count = 2,
		.known = known,
		.plies = c->scored_plies,
		.pairs = c->pairs,
		.seed = rng_mix(seed, SNAPSHOT_DUEL),
		.goes_on = goes_on,
		.ctx = r,
	};
	enum err_code rc;

	rc = duel_play(&d, study_pool(r), out, e);
	if (!rc)
		study_measure(r, name, x, out->elo.elo, out->elo.low,
			      out->elo.high, out->games.tally.distinct_pairs);
	return rc;
}

/* --- trials -------------------------------------------------------------- */

/* For later arms, and as an agent of the lab. */
static void keep_net(struct study_run *r, const struct game *g,
		     const struct kept_net *n, int64_t games, int64_t positions)
{
	study_network(r, g, &n->config, n->weights, games, positions);
	kept_net_put(r, "network", n);
}

static enum err_code try_teacher(struct study_run *r, const struct game *g,
				 uint64_t seed, struct err *e)
{
	const struct snapshot_conf *c = study_conf(r);
	struct kept_net net = {0}, before = {0};
	struct custody *held = NULL;
	struct duel_result result;
	double distinct;
	enum err_code rc =
		snapshot_teacher(r, g, seed, &net, &before, &distinct, e);

	if (!rc) {
		held = custody_new(&net.config, net.weights);
		study_measure(r, "distinct", 0, distinct, (double)NAN,
			      (double)NAN, 0);
		rc = meet(r, g, seed,
			  (struct duel_net[]){{"teacher", custody_plan(held)},
					      {"untrained", before.plan}},
			  "policy:teacher/0", "policy:untrained/0", NULL,
			  "gain", 0, &result, e);
	}
	if (!rc) {
		custody_tell(held, r);
		study_facts(r, 0, net_flops(&net.config), c->teacher_games);
		keep_net(r, g, &net, c->teacher_games, 0);
	}
	custody_free(held);
	kept_net_release(&net);
	kept_net_release(&before);
	return rc;
}

/* What is said of a student once, of most data. */
static void tell_facts(struct study_run *r, const struct game *g,
		       const struct snapshot_student *s,
		       const struct duel_result *met,
		       const struct custody *held)
{
	custody_tell(held, r);
	study_overlap(r, met->scored, met->known);
	ledger_tell(s->ledger, "none", r);
	/* Nothing is carried between moves. */
	study_facts(r, 0, net_flops(&s->net.config), s->games);
	keep_net(r, g, &s->net, s->games, s->labelled);
}

static enum err_code score(struct study_run *r, const struct game *g,
			   uint64_t seed, const struct kept_net *teacher,
			   const struct snapshot_student *s, double x,
			   bool last, struct err *e)
{
	struct custody *held = custody_new(&s->net.config, s->net.weights);
	struct duel_net nets[2] = {{"student", custody_plan(held)},
				   {"teacher", teacher->plan}};
	struct duel_result met;
	enum err_code rc;

	rc = meet(r, g, seed, nets, "policy:student/0", "policy:teacher/0",
		  &s->seen, "gap", x, &met, e);
	if (!rc)
		rc = snapshot_compare(r, g, seed, teacher, &s->net, x, e);
	if (!rc) {
		study_measure(r, "tflop", x, s->tflop, (double)NAN, (double)NAN,
			      0);
		study_measure(r, "distinct", x, s->distinct, (double)NAN,
			      (double)NAN, s->labelled);
	}
	if (!rc && last)
		tell_facts(r, g, s, &met, held);
	custody_free(held);
	return rc;
}

static enum err_code try_student(struct study_run *r, const struct game *g,
				 uint64_t seed, const struct snapshot_arm *arm,
				 struct err *e)
{
	const struct snapshot_conf *c = study_conf(r);
	struct kept_net teacher;
	struct snapshot_stream *stream;
	enum err_code rc =
		kept_net_find(r, g, "teacher", "network", &teacher, e);
	int i = arm->curve ? 0 : c->curve - 1;

	if (rc)
		return rc;
	stream = snapshot_stream_new(r, g, seed, &teacher, arm);
	for (; i < c->curve && !rc; i++) {
		struct snapshot_student s = {0};
		int count = snapshot_positions(c, i);

		rc = snapshot_imitate(stream, count, &s, e);
		if (!rc)
			rc = score(r, g, seed, &teacher, &s, count,
				   i == c->curve - 1, e);
		snapshot_student_release(&s);
	}
	snapshot_stream_free(stream);
	kept_net_release(&teacher);
	return rc;
}

/* What a temperature costs: the student, and the teacher itself. */
static enum err_code try_warm(struct study_run *r, const struct game *g,
			      uint64_t seed, struct err *e)
{
	static const double temperature[] = {0.25, 0.5, 1};
	struct kept_net teacher = {0}, student = {0};
	struct duel_result met;
	enum err_code rc =
		kept_net_find(r, g, "teacher", "network", &teacher, e);

	if (!rc)
		rc = kept_net_find(r, g, "dagger", "network", &student, e);
	for (size_t i = 0; i < 3 && !rc; i++) {
		struct duel_net nets[2] = {{"student", student.plan},
					   {"teacher", teacher.plan}};
		char *spec = mem_printf("policy:student/0,temperature=%g",
					temperature[i]);
		char *same = mem_printf("policy:teacher/0,temperature=%g",
					temperature[i]);

		rc = meet(r, g, seed, nets, spec, "policy:teacher/0", NULL,
			  "gap", temperature[i], &met, e);
		if (!rc)
			rc = meet(r, g, seed, nets, same, "policy:teacher/0",
				  NULL, "teacher", temperature[i], &met, e);
		free(spec);
		free(same);
	}
	kept_net_release(&teacher);
	kept_net_release(&student);
	return rc;
}

static enum err_code trial(struct study_run *r, const struct study_arm *a,
			   uint64_t seed, struct err *e)
{
	const struct snapshot_arm *arm = snapshot_arm_find(a->name);
	struct game g;
	enum err_code rc = snapshot_game(study_conf(r), &g, e);

	if (rc)
		return rc;
	if (arm)
		return try_student(r, &g, seed, arm, e);
	return !strcmp(a->role, "teacher") ? try_teacher(r, &g, seed, e)
					   : try_warm(r, &g, seed, e);
}

/* Labelled games twice: as they came, and as positions. */
static double memory(const void *conf)
{
	const struct snapshot_conf *c = conf;

	return 1000.0 * c->positions + 64e6;
}

/* As near as the plan calls easy. */
static const struct study_answer answers[] = {
	{"*", STUDY_NOW, "*, 100000 positions", -60},
	{.arm = NULL},
};

const struct study study_snapshot = {
	.name = "snapshot",
	.question = "Is it easy to distil a snapshot of AlphaZero into a "
		    "student that sees only what the snapshot says?",
	.metric = "gap: Elo of the student's raw policy against the teacher's, "
		  "direct matches from distinct random openings, by pairs",
	.thresholds =
		"supported (easy): arm dagger, at the most data within the "
		"budget, has a mean gap over seeds of at least -30 Elo with "
		"the lower end of its 95 % interval at least -60; refuted at "
		"this scale: in every arm of the teacher's size or larger the "
		"upper end is below -30 there; partial: anything between",
	.frozen = "the teacher once it has learned, and each student while it "
		  "is scored",
	.arms = arms,
	.gates = gates,
	.sizes = sizes,
	.conf = snapshot_spec,
	.conf_size = sizeof(struct snapshot_conf),
	.trial = trial,
	.judge = snapshot_judge,
	.answers = answers,
	.memory = memory,
};
