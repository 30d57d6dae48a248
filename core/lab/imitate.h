/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_IMITATE_H
#define CORE_LAB_IMITATE_H

#include "core/base/stat.h"
#include "core/lab/job.h"
#include "core/learn/learner.h"

/*
 * An imitation learner: a fresh network trained on what a source did, measured
 * on games held out by number, and matched against its teacher.  First the
 * teacher plays and labels (a commit every few games), then the network is
 * trained (a commit every few steps); killed at any moment, it goes on from the
 * last commit and ends in the same weights.
 */
struct imitate_options {
	const char *source; /* as source.h; NULL: the existing run's */
	const char *game;   /* of a teacher that names no run; else NULL */
	const char *run;
	const char *from; /* RUN/STEP of weights to begin with, or NULL */
	const char *recipe, *recipe_origin;
	const char *const *settings;
	int setting_count;
	int games;       /* the teacher plays; 0: the recipe's teacher_games */
	double student;  /* width as a multiple of the teacher's network's; 0: 1
			  */
	int match_games; /* against the teacher; 0: none */
	bool has_seed;
	uint64_t seed;
	int threads;
	bool take_over;     /* from another process that may be at work on it */
	bool trust_engines; /* also commands that the lab file brought */
	const char *command;
	const atomic_bool *interrupt;
	void (*report)(void *ctx, const struct job *job);
	void *ctx;
};

/* What commands and forms offer for match_games, and for games. */
#define IMITATE_MATCH_GAMES "40"
#define IMITATE_GAMES "40000"

/*
 * What a new imitation has where its recipe and settings say nothing: `source`
 * (resolved) decides how large the network is, for a learner is as large as
 * what it imitates; `from` (may be NULL) decides it before that.  Caller frees.
 */
char *imitate_usual(struct store *s, const char *source, const struct game *g,
		    const char *from, bool watches);

struct imitate_outcome {
	int64_t games, positions; /* to train on */
	int64_t held_out_games;
	/* Of all that teaches, held out or not. */
	int64_t labelled_games, distinct_games;
	int64_t labelled_positions, distinct_positions;
	bool repeats;      /* fewer than half of either differ */
	int64_t best_step; /* whose weights were kept; -1: those of the last */
	int64_t step;      /* of the newest checkpoint; -1: there is none yet */
	char sha256[65];   /* its weights; "" */
	struct learner_held_out held_out;
	char *teacher;           /* owned; who was met; NULL: nobody */
	int wins, draws, losses; /* of the learner, by raw policy */
	struct stat_elo elo;     /* if there is a teacher */
	/* In a one-player game, in place of those: mean points of each alone,
	 * in the same games of chance; else NANs. */
	struct stat_mean points, teacher_points;
	bool stopped; /* what comes after is 0, and the teacher NULL */
	double seconds;
};

/* Whatever imitate_run() returned. */
void imitate_outcome_release(struct imitate_outcome *out);

ATTR_NODISCARD enum err_code imitate_run(struct lab *lab,
					 const struct imitate_options *options,
					 struct imitate_outcome *out,
					 struct err *e);

#endif
