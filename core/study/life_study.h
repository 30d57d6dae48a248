/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_LIFE_STUDY_H
#define CORE_STUDY_LIFE_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/study/claim_int.h"
#include "core/study/kept_net.h"
#include "core/study/study.h"

/*
 * What studies share that look at lives and are not the claim: the lives
 * themselves, D_c as the zero of strength, a student of the network at the cut,
 * and direct matches.  All of it but the student is the claim's.
 *
 * Such a study's settings begin with a struct life_study_conf, and its table of
 * them with LIFE_STUDY_SETTINGS.  Its first arms, tried at each seed, are those
 * of life_study_arms() by these names:
 *
 *	teacher		the life up to the cut; its network there
 *	offline		D_c
 *	continued	the life past the cut: "elo" is its end's
 *	student		a network of the teacher's size that has learned from
 *			games which the network at the cut played from random
 *			openings and labelled with its policy; "elo" is its own
 *
 * Strength is Elo against D_c.
 */
struct life_study_conf {
	int rows, cols, line; /* the game: drop */
	char lives[64];       /* the set that the lives are in */
	int filters, blocks, simulations;
	float rate;
	int games, cut, before, after, per_stage;
	int zero_filters, zero_blocks, zero_votes; /* D_c */
	float zero_epochs, zero_last;
	int student_games, student_plies; /* of random openings, at most */
	float student_epochs, student_rate;
	int opening_plies, pairs, curve_pairs;
};

#define LIFE_STUDY_INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct life_study_conf, CONF_INT, key, lo, hi, dflt, text)
#define LIFE_STUDY_FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct life_study_conf, CONF_FLOAT, key, lo, hi, dflt, text)
/* The claim's; but the set of lives is one whose games are played as `history`
 * has them. */
#define LIFE_STUDY_SETTINGS                                                   \
	LIFE_STUDY_INT(rows, 3, 12, "6", "of the board"),                     \
		LIFE_STUDY_INT(cols, 3, 12, "7", "of the board"),             \
		LIFE_STUDY_INT(line, 3, 6, "4", "in a row win"),              \
		{"lives",                                                     \
		 CONF_TEXT,                                                   \
		 offsetof(struct life_study_conf, lives),                     \
		 0,                                                           \
		 64,                                                          \
		 "lives-c4",                                                  \
		 NULL,                                                        \
		 "the set of histories in the lab"},                          \
		LIFE_STUDY_INT(filters, 1, 256, "24",                         \
			       "of the teacher's network"),                   \
		LIFE_STUDY_INT(blocks, 1, 40, "2",                            \
			       "of the teacher's network"),                   \
		LIFE_STUDY_INT(simulations, 2, 10000, "8",                    \
			       "a move of its self-play"),                    \
		LIFE_STUDY_FLOAT(rate, 0.00001, 1, "0.006",                   \
				 "of the teacher's learning"),                \
		LIFE_STUDY_INT(games, 16, 10000000, "10000",                  \
			       "of the teacher's self-play"),                 \
		LIFE_STUDY_INT(cut, 8, 10000000, "400",                       \
			       "games, after which it is not seen"),          \
		LIFE_STUDY_INT(before, 1, 500, "15", "stages up to the cut"), \
		LIFE_STUDY_INT(after, 1, 500, "15", "stages past it"),        \
		LIFE_STUDY_INT(per_stage, 1, 100000, "64",                    \
			       "games that each stage plays"),                \
		LIFE_STUDY_INT(zero_filters, 1, 512, "32",                    \
			       "of D_c's network"),                           \
		LIFE_STUDY_INT(zero_blocks, 0, 40, "3", "of it"),             \
		LIFE_STUDY_INT(zero_votes, 0, 8, "3",                         \
			       "networks that label stages' games for it"),   \
		LIFE_STUDY_FLOAT(zero_epochs, 0.01, 10000, "20",              \
				 "times that these learn from a position"),   \
		LIFE_STUDY_FLOAT(zero_last, 0.01, 10000, "10",                \
				 "times that it does"),                       \
		LIFE_STUDY_INT(student_games, 1, 10000000, "4000",            \
			       "that the student learns from"),               \
		LIFE_STUDY_INT(student_plies, 0, 1000, "16",                  \
			       "random moves before these, at most"),         \
		LIFE_STUDY_FLOAT(student_epochs, 0.01, 10000, "4",            \
				 "times that it sees each position"),         \
		LIFE_STUDY_FLOAT(student_rate, 0, 100, "0.002",               \
				 "of its learning, at first"),                \
		LIFE_STUDY_INT(opening_plies, 0, 1000, "8",                   \
			       "random moves before scored games"),           \
		LIFE_STUDY_INT(pairs, 1, 1000000, "500",                      \
			       "of games against D_c, at the end"),           \
		LIFE_STUDY_INT(curve_pairs, 1, 1000000, "200",                \
			       "the same of a point of a curve")

/* At smoke size. */
#define LIFE_STUDY_SMOKE                                                      \
	"rows=4,cols=5,lives=lives-4x5,filters=16,simulations=16,rate=0.002," \
	"games=4000,cut=400,before=6,after=6,per_stage=32,zero_filters=16,"   \
	"zero_blocks=2,zero_votes=1,zero_epochs=8,zero_last=5,"               \
	"student_games=400,student_plies=6,opening_plies=4,pairs=60,"         \
	"curve_pairs=40"

/* A trial.  Points into itself. */
struct life_study {
	struct claim_run x;
	struct claim_conf claim;
	struct game game;
	const struct life_study_conf *c;
};
ATTR_NODISCARD enum err_code life_study_begin(struct life_study *s,
					      struct study_run *r,
					      const struct study_arm *a,
					      uint64_t seed, struct err *e);

/* Is it one of the arms above?  Then it is tried, into *rc. */
bool life_study_arms(const struct life_study *s, enum err_code *rc,
		     struct err *e);

/* What an arm of this seed kept as "network". */
ATTR_NODISCARD enum err_code life_study_net(const struct life_study *s,
					    const char *arm,
					    struct kept_net *out,
					    struct err *e);

/* A copy of a network as the student is one, by another chance; *out is the
 * caller's to release, also after an error. */
ATTR_NODISCARD enum err_code
life_study_copy(const struct life_study *s, const struct kept_net *teacher,
		uint64_t chance, struct kept_net *out, struct err *e);

/* "elo" of a raw policy after `games`: a point of a curve, or the end, which is
 * kept and told with its custody. */
ATTR_NODISCARD enum err_code life_study_score(const struct life_study *s,
					      const struct kept_net *net,
					      double games, bool last,
					      struct err *e);

#endif
