/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_TUNING_H
#define CORE_STUDY_TUNING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/study/kept_net.h"
#include "core/study/life_study.h"
#include "core/study/own_games.h"

struct replay;

/*
 * The student of a life_study, or another arm's network, goes on: it plays
 * games with itself, and after each round of them it learns so many steps, from
 * what it played, from a stream of the teacher's games, or from both in turns.
 * Arms differ in what is said of its games, in what the stream is, and in the
 * weights that may move. All of them make the same number of steps, of as many
 * positions.
 */
enum tuning_stream {
	TUNING_NONE,
	TUNING_OLD,      /* the teacher's self-play before the cut, searched */
	TUNING_LATER,    /* what its stages past the cut play, as far as the
			  * teacher came in as many games as the student has
			  * played */
	TUNING_SHUFFLED, /* as many of these stages, in any order */
};

struct tuning_way {
	const char *arm;
	double own, stream; /* shares of the steps */
	enum own_label label;
	bool retold;
	enum own_retold how;
	enum tuning_stream of;
	bool heads_alone;
	/* (optional) The arm whose network goes on; NULL: the student. */
	const char *start;
	/* Its search sees no values but those of ended games. */
	bool blind;
	/* One of several that begin alike and play by chances of their own: it
	 * is not scored, and plays so many games; copy 0 alone is scored. */
	uint64_t copy;
	int games; /* 0: as the settings say */
	/* (optional, borrowed) Gets its games, too. */
	struct replay *pool;
};

/* Settings begin with this, and their table with TUNING_SETTINGS. */
struct tuning_conf {
	struct life_study_conf life;
	int tuned, round, steps, window; /* games, games, steps, positions */
	float tune_rate, play_temperature, opening_share, sharp;
	int searched; /* simulations */
};

#define TUNING_INT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct tuning_conf, CONF_INT, key, lo, hi, dflt, text)
#define TUNING_FLOAT(key, lo, hi, dflt, text) \
	CONF_NUMBER(struct tuning_conf, CONF_FLOAT, key, lo, hi, dflt, text)
#define TUNING_SETTINGS                                                     \
	LIFE_STUDY_SETTINGS,                                                \
		TUNING_INT(tuned, 1, 10000000, "4096",                      \
			   "games that the student plays"),                 \
		TUNING_INT(round, 1, 1000000, "256",                        \
			   "of them between two trainings"),                \
		TUNING_INT(steps, 0, 1000000, "40",                         \
			   "of each training, of 256 positions"),           \
		TUNING_INT(window, 256, 100000000, "20000",                 \
			   "newest positions that they are drawn from"),    \
		TUNING_FLOAT(tune_rate, 0, 1, "0.0005", "of its learning"), \
		TUNING_FLOAT(play_temperature, 0.01, 100, "1",              \
			     "of its moves, as it plays"),                  \
		TUNING_FLOAT(opening_share, 0, 1, "0.5",                    \
			     "of its games begin at random"),               \
		TUNING_FLOAT(sharp, 0.01, 1, "0.25",                        \
			     "temperature of its vote on its own moves"),   \
		TUNING_INT(searched, 2, 10000, "16",                        \
			   "simulations of a search that labels its moves")

#define TUNING_SMOKE                                                           \
	LIFE_STUDY_SMOKE ",tuned=512,round=128,steps=10,window=4000,searched=" \
			 "8"

/* Its "elo" is measured after an eighth and a half of the games, and at the
 * end, where its network is kept.  *out is released by the caller, also after
 * an error. */
ATTR_NODISCARD enum err_code tuning_run(const struct life_study *s,
					const struct tuning_way *way,
					struct kept_net *out, struct err *e);

/* The student learns so many steps from these positions alone. */
ATTR_NODISCARD enum err_code tuning_learn(const struct life_study *s,
					  const struct replay *from, int steps,
					  struct kept_net *out, struct err *e);

#endif
