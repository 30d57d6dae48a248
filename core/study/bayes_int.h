/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_BAYES_INT_H
#define CORE_STUDY_BAYES_INT_H

#include "core/base/rng.h"
#include "core/study/study.h"
#include "core/study/tabular.h"

/* The study `bayes` from inside: trials in bayes.c, families of learners in
 * bayes_family.c, the best of the data in bayes_offline.c, the judge in
 * bayes_judge.c. */
struct bayes_conf {
	int rates, noises, starts, thirds; /* values of each, of the family */
	int bandits, cut_pulls, pulls;
	int boards, cut_games, games;
	int plies; /* by chance, before scored games of tic-tac-toe */
};
extern const struct conf_spec bayes_spec[];

/* The family of a kind, owned by the caller; *count of them. */
struct tabular_learner *bayes_family(const struct bayes_conf *c,
				     enum tabular_kind kind, bool chance,
				     int *count);
/* One of TABULAR_VALUE's, by chance, whose rate and noise are no extremes; with
 * `between` it lies half a step off the family, and its number is -1. */
int bayes_teacher(const struct bayes_conf *c, bool chance, bool between,
		  struct rng *r, struct tabular_learner *out);

/* The best that offline learners make of these episodes, as a policy for every
 * state: of a world of chance, the action that paid most; of a game, whoever of
 * several does best against `end`, a policy too. */
void bayes_offline(const struct tabular_world *w,
		   const struct tabular_episode *e, int count, const float *end,
		   int plies, float *out);

/* How much better the first is: of a world of chance, what it is paid more; of
 * a game, Elo from direct games. */
double bayes_above(const struct tabular_world *w, const float *first,
		   const float *second, int plies);

void bayes_judge(const struct study_measures *m, struct study_judgement *out);

#endif
