/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_SOURCE_H
#define CORE_LAB_SOURCE_H

#include "core/lab/lab.h"
#include "store/game.h"

/*
 * What an imitation learner imitates:
 *
 *	policy:c4/latest, mcts:c4/120,sims=100   a teacher, who labels positions
 *	                                         of games that it plays
 *	c4/latest                                short for policy:c4/latest
 *	games:run=c4                             stored games, by a filter of
 *	games:agent=human,game=connect4          run, agent, purpose and game,
 *	                                         which stands last
 *
 * A source is kept with the run in its resolved form: `latest` replaced by the
 * step, and games with `upto=ID`, so that going on later sees the same.
 */
struct source {
	bool games;
	char *text; /* owned; resolved */
	struct game game;
	/* games */
	struct store_game_filter filter; /* its strings are owned here */
	char *agent, *purpose;
	int64_t upto;  /* highest game id */
	int64_t count; /* games that match */
	char *run;     /* owned; NULL if not named */
};

/* `game` (may be NULL) is what a teacher plays whose spec names no run.
 * ERR_USAGE: not understood.  ERR_NOTFOUND: no such run, or no finished game
 * matches. */
ATTR_NODISCARD enum err_code source_open(struct source *src, struct lab *lab,
					 const char *text, const char *game,
					 struct err *e);
void source_release(struct source *src);

/* May the program be started that the source would ask, or that its learner
 * would meet?  As trust_check(). */
ATTR_NODISCARD enum err_code source_allowed(struct lab *lab, const char *text,
					    struct err *e);
/* It may: a person typed this source, or said yes to it.  As trust_add(). */
enum err_code source_allow(struct lab *lab, const char *text, struct err *e);
/* May the stored source of an existing run be asked again? */
ATTR_NODISCARD enum err_code
source_of_run_allowed(struct lab *lab, const char *run, struct err *e);

/* Does what a person typed mean the stored, resolved source? */
bool source_means(const char *typed, const char *resolved);

#endif
