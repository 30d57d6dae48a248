/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_STUDY_H
#define CORE_STUDY_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/learn/life.h"

/*
 * A study asks one question.  It is one file and one entry of a table: the
 * question, the arms, the gates, the thresholds and the sizes, all fixed before
 * it runs, a trial that measures, and a judge that decides from the measures
 * alone.  This header is what such a file includes; who runs studies includes
 * core/study/plan.h.
 *
 * A trial is one arm at one seed.  Trials run in the order of seeds and, within
 * a seed, of arms, or the other way round where the study says so; each is kept
 * whole once it has returned ERR_OK: one that was killed is done again, and
 * gives the same bits on any number of threads.
 */
struct agent_source;
struct game;
struct net_config;
struct pool;
struct study_answer;
struct study_picture;
struct study_plan;
struct study_run;
struct study_measures;
struct study_judgement;

/* What stands before '-' in a name is its family: "p3" of "p3-full". */
struct study_arm {
	const char *name; /* letters, digits, '-', '_', '.' */
	const char *role; /* "teacher", "arm", "control" or "gate" */
	const char *what; /* one line */
};

/* Something that must hold before the study says anything. */
struct study_gate {
	const char *name;
	const char *rule; /* in words, with its numbers */
};

struct study_size {
	const char *name;     /* "smoke", "desk" or "overnight" */
	const char *settings; /* "key=value,..." beside the defaults */
	int seeds;            /* how many are judged: 1 .. seeds */
};

/* Seeds from here on tune; those below judge. */
enum { STUDY_DEVELOPMENT = 1001 };

/* Lists of arms, gates and sizes end with a NULL name. */
struct study {
	const char *name;
	const char *question;   /* one sentence */
	const char *metric;     /* what is measured, with its unit */
	const char *thresholds; /* what counts as what */
	const char *frozen;     /* what must not change while it runs */
	const struct study_arm *arms;
	const struct study_gate *gates;
	const struct study_size *sizes;
	const struct conf_spec *conf; /* its settings; NULL: none */
	size_t conf_size;             /* of the struct that they describe */
	/* All seeds of an arm, then the next arm. */
	bool by_arm;
	/* (optional, with by_arm) Does the arm serve all seeds alike?  It is
	 * tried once, at seed 0. */
	bool (*once)(const struct study_arm *a);
	/* Families of arms, and gates of their names, that stand by themselves:
	 * a plan may ask for some of these rungs alone. */
	bool rungs;
	/* Of trial and judge, counted up when what they do or say changes: a
	 * plan is run and judged by the edition that it was made under. */
	int edition;

	/* One arm at one seed: ERR_CANCELLED once study_goes_on() says no. */
	enum err_code (*trial)(struct study_run *r, const struct study_arm *a,
			       uint64_t seed, struct err *e);
	/* Gates, estimates and the badge, from the measures alone. */
	void (*judge)(const struct study_measures *m,
		      struct study_judgement *out);
	/* (optional) Bytes that a trial takes at most. */
	double (*memory)(const void *conf);
	/* (optional) What it needs of the lab, as lines with a hash each, which
	 * become part of the plan; an error where it is not there.  `agents`
	 * may be NULL: no lab. */
	enum err_code (*data)(const struct agent_source *agents,
			      const void *conf, struct buf *out, struct err *e);
	/* (optional) What its rungs do and what is expected of them, as lines
	 * of the plan before its data.  The plan has settings, seeds and rungs.
	 */
	void (*shown)(const struct study_plan *p, struct buf *out);
	/* (optional) Is the arm tried at this seed?  Not asked of plans of
	 * edition 0, which try all arms at all seeds. */
	bool (*tries)(const void *conf, const struct study_arm *a,
		      uint64_t seed);
	/* (optional) What is drawn of it (core/study/picture.h); the list ends
	 * with a NULL title. */
	const struct study_picture *pictures;
	/* (optional) What is read off its estimates (core/study/answer.h); the
	 * list ends with a NULL arm. */
	const struct study_answer *answers;
};

/* All studies, in the order in which they are listed: a file each that defines
 * study_NAME.  The table ends with NULL. */
#define STUDY_LIST(X)  \
	X(bandit)      \
	X(snapshot)    \
	X(ladder)      \
	X(claim)       \
	X(fair)        \
	X(tabula)      \
	X(serial)      \
	X(bayes)       \
	X(own_outputs) \
	X(updates)     \
	X(bootstrap)   \
	X(tax) X(horizon) X(pacman) X(operators) X(family) X(forecast)
#define X(name) extern const struct study study_##name;
STUDY_LIST(X)
#undef X
extern const struct study *const study_table[];
/* ERR_NOTFOUND names the nearest. */
ATTR_NODISCARD enum err_code
study_find(const char *name, const struct study **out, struct err *e);
const struct study_arm *study_arm_find(const struct study *s, const char *name);
bool study_arm_once(const struct study *s, const struct study_arm *a);
const struct study_size *study_size_find(const struct study *s,
					 const char *name);

/* How long the family of an arm's or a gate's name is. */
size_t study_name_family(const char *name);
/* Is it of one of the rungs "p3,p4"?  NULL: of all. */
bool study_of_rungs(const char *rungs, const char *name);

/*
 * In a trial.  What is handed over is copied, and goes nowhere before the trial
 * has returned ERR_OK.  All of it is for the thread that runs the trial.
 */
const void *study_conf(const struct study_run *r);
/* Its hash, and the seeds, which a commitment needs (core/study/plan.h). */
const struct study_plan *study_planned(const struct study_run *r);
struct pool *study_pool(const struct study_run *r);
/* The lab's networks; NULL where there is no lab. */
const struct agent_source *study_agents(const struct study_run *r);
/* Ask about once a second at least. */
bool study_goes_on(struct study_run *r);
/* How far the trial is, for who watches. */
void study_progress(struct study_run *r, double done, double total,
		    const char *fmt, ...) ATTR_PRINTF(4, 5);

/* A figure: `name` at `x` (an episode, a temperature, games of context); low
 * and high are its 95% interval or NAN, n what stands behind it, 0 if nothing
 * is counted.  A value that is not a number is left out.  A name and an x that
 * were given already are a mistake of the study's.  "curve/17" is part 17 of
 * "curve": a panel of its own. */
void study_measure(struct study_run *r, const char *name, double x,
		   double value, double low, double high, int64_t n);

/* Bytes for later arms of the same seed, and for who looks at the study. */
void study_keep(struct study_run *r, const char *name, const void *data,
		size_t len);
/* What an arm of this seed kept, or one that is tried once; borrowed until the
 * trial ends. */
ATTR_NODISCARD enum err_code study_kept(struct study_run *r, const char *arm,
					const char *name, const void **data,
					size_t *len, struct err *e);
/* The same of another seed. */
ATTR_NODISCARD enum err_code study_kept_at(struct study_run *r, const char *arm,
					   uint64_t seed, const char *name,
					   const void **data, size_t *len,
					   struct err *e);

/* A part of a learner's life (core/learn/life.h) out of the set of this name,
 * borrowed until the trial ends: ERR_NOTFOUND where the set has none of this
 * seed.  What is put is there at once, whatever becomes of the trial; a part
 * that is there already must be the same. */
ATTR_NODISCARD enum err_code study_life(struct study_run *r, const char *set,
					uint64_t seed, enum life_part part,
					const void **data, size_t *len,
					struct err *e);
ATTR_NODISCARD enum err_code
study_life_put(struct study_run *r, const char *set, uint64_t seed,
	       enum life_part part, const char *settings, const void *data,
	       size_t len, struct err *e);
/* Was that part begun after the plan was written?  False also where nobody
 * knows. */
bool study_life_follows(struct study_run *r, const char *set, uint64_t seed,
			enum life_part part);

/* Did a gate of a study of this kind hold?  The newest plan counts that was
 * judged of it, of desk size or above and on seeds that judge: its name and
 * hash are added to `which`.  ERR_NOTFOUND: there is none here. */
ATTR_NODISCARD enum err_code study_gate_held(struct study_run *r,
					     const char *kind, const char *gate,
					     bool *held, struct buf *which,
					     struct err *e);

/* A line of the chain of custody: what this trial rests on, with its hash.  It
 * is kept as STUDY_CHAIN and shown with the study. */
#define STUDY_CHAIN "chain"
void study_chain(struct study_run *r, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* The ledger: that `loss` moved the weights of `block`, by `norm` in all. */
void study_ledger(struct study_run *r, const char *block, const char *loss,
		  double norm);
/* What the arm carries between moves, what a move costs, what it has learned
 * from; NAN and 0: not known. */
void study_facts(struct study_run *r, int64_t state_bytes,
		 double flops_per_move, int64_t games);
/* Of `scored` positions, how many occur in what the arm learned from. */
void study_overlap(struct study_run *r, int64_t scored, int64_t trained_on);
/* SHA-256 of weights before and after they were scored; they should agree. */
void study_custody(struct study_run *r, const char *before, const char *after);

/* The network that a trial ends with, once: the lab gives it a run that plays
 * `game`, at the step that is the seed, so that it is an agent like any. */
void study_network(struct study_run *r, const struct game *game,
		   const struct net_config *c, const float *params,
		   int64_t games, int64_t samples);
/* That agent's spec, of this trial or of an earlier one of the same seed. */
void study_agent(const struct study_run *r, const char *arm, struct buf *out);

/* A game for whoever wants to look, finished.  An arm plays one game. */
struct study_game {
	const struct game *game;
	const char *first, *second; /* specs; NULL in a one-player game */
	const char *moves;          /* as the game writes them */
	int plies, opening;         /* of them, how many nobody chose */
	double result;              /* of the first player, -1 .. 1 */
};
void study_play(struct study_run *r, const struct study_game *g);

/* For a trial that takes long: where it stands goes into the lab at once, with
 * all that it has handed over so far, and a trial that begins anew finds it.
 * study_saved() is false where there is nothing; else it puts what was handed
 * over then in the place of what was handed over now, before the call.  The
 * bytes live as long as the trial. */
ATTR_NODISCARD enum err_code study_save(struct study_run *r,
					const struct buf *state, struct err *e);
bool study_saved(struct study_run *r, struct reader *out);

/*
 * In a judge.
 */
struct study_figure {
	const char *arm, *name;
	uint64_t seed;
	double x, value, low, high;
	int64_t n;
};

struct study_measures {
	const struct study *study;
	const void *conf;
	const char *size;
	const char *rungs; /* that were asked for; NULL: all */
	int edition;       /* of the plan */
	const uint64_t *seeds;
	int seed_count;
	const struct study_figure *figures; /* by arm, name, seed, x */
	size_t count;
};

/* NULL: not measured. */
const struct study_figure *study_figure(const struct study_measures *m,
					const char *arm, const char *name,
					uint64_t seed, double x);
/* Values by seed into out[seed_count]; NAN where there is none.  Returns how
 * many there are. */
int study_values(const struct study_measures *m, const char *arm,
		 const char *name, double x, double *out);

#define STUDY_BADGE_LIST(X)                                  \
	X(SUPPORTED, "supported")                            \
	X(WITHOUT_LEARNER, "extrapolated without a learner") \
	X(PARTIAL, "partial")                                \
	X(REFUTED, "refuted at this scale")                  \
	X(PASSED, "passed")                                  \
	X(FAILED, "failed")                                  \
	X(UNINTERPRETABLE, "uninterpretable")                \
	X(NOT_EVIDENCE, "not evidence")
enum study_badge {
#define X(name, text) STUDY_##name,
	STUDY_BADGE_LIST(X)
#undef X
};
const char *study_badge_name(enum study_badge b);

/* Did the gate hold?  `value` is what is held against `bound`; NAN if it is
 * not one number.  The text gives the figures in words. */
void study_gate_say(struct study_judgement *j, const char *gate, bool passed,
		    double value, double bound, const char *fmt, ...)
	ATTR_PRINTF(6, 7);
/* A figure that the verdict rests on, with its 95% interval.  "gamma/ARM" is
 * one of a kind that each arm has; what "nearest" tells of is what would have
 * changed the verdict first. */
void study_estimate(struct study_judgement *j, const char *name, double value,
		    double low, double high, int64_t n, const char *what);
/* The badge, if the gates hold, and why. */
void study_badge_say(struct study_judgement *j, enum study_badge badge,
		     const char *fmt, ...) ATTR_PRINTF(3, 4);

#endif
