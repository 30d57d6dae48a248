/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_BLAME_H
#define CORE_SESSION_BLAME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/session/accord_games.h"
#include "core/session/opinion.h"
#include "core/session/sweep.h"

struct buf; /* core/base/buf.h */

/*
 * The moves of a stored game, each over the checkpoints of a run: which of
 * these would have played it, first and to the last, and how likely.  Chance's
 * moves are nobody's.
 *
 * It asks nobody: blame_question() says what to ask, by opinion_ask(), and
 * blame_take() gets the answers.  One thread.
 */
struct blame_cell {
	float chance; /* that the checkpoint plays it, [0, 1]; NAN: unknown */
	bool plays;   /* it is the checkpoint's choice */
};

struct blame {
	struct accord_games games; /* one; its places are the moves */
	struct sweep columns;      /* for the checkpoints alone */
	struct blame_cell *cells;  /* owned; [games.count][columns.count] */
	char *wrong; /* owned; why the first that failed did; NULL: none did */
	/* What blame_question() points at. */
	struct opinion_agent *agents; /* owned */
	struct opinion_place *places; /* owned */
};

/* Game `id` and run `run`, which has to play the same; `most` checkpoints (0:
 * all), each by a search of so many simulations (0: its policy alone).  Release
 * also after a failure.  ERR_NOTFOUND: no such game or run; ERR_USAGE: the run
 * plays another game or has no checkpoints. */
ATTR_NODISCARD enum err_code blame_open(struct blame *b, struct lab *lab,
					int64_t id, const char *run, int most,
					int simulations, struct err *e);
void blame_release(struct blame *b); /* zeroed is allowed */

/* An agent a checkpoint, a place a move. */
void blame_question(const struct blame *b, const struct agent_source *source,
		    struct opinion_question *out);
/* Taken over. */
void blame_take(struct blame *b, int agent, int place, struct opinion *o);

struct blame_verdict {
	int first; /* column that plays the move, the first; -1: none does */
	int stops; /* the one after the last that does; -1: none, or the last
		    * column plays it */
};
void blame_verdict(const struct blame *b, int move, struct blame_verdict *out);

#endif
