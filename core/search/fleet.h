/* SPDX-License-Identifier: MIT */
#ifndef CORE_SEARCH_FLEET_H
#define CORE_SEARCH_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/search/mcts.h"

/*
 * Many searches of one game that advance together, one leaf each, so that the
 * calls of their evaluator are full batches and no search needs virtual loss.
 * What the evaluator said before is not asked again (eval_cache.h): a search
 * whose leaf is known goes on to its next at once, and searches that come to
 * the same leaf share a row of the batch.  A search that is over may begin
 * anew, and takes its place in the very same batch.
 *
 * Where the answer to a row depends neither on the batch nor on its place in
 * it, every search ends as it would alone: company and cache change the time
 * and nothing else.  One thread at a time for each fleet.
 */
struct fleet;

/* `g` is borrowed.  A batch has at most `max_rows` >= 1; the answers that are
 * kept take at most `cache_bytes`, 0: none are. */
struct fleet *fleet_new(const struct game *g, int max_rows, size_t cache_bytes);
void fleet_free(struct fleet *f); /* NULL is allowed */

/* Another network answers from here on: what was said so far does not hold. */
void fleet_forget(struct fleet *f);

struct fleet_calls {
	/* searches[i] is over, `stop` says why: as in mcts_gather(), a full
	 * tree among others.  True: it was begun anew. */
	bool (*ended)(void *ctx, int i, enum mcts_stop stop);
	/* (optional) After each batch; false ends the run. */
	bool (*goes_on)(void *ctx);
	void *ctx;
};

/*
 * Advance `count` searches (0 is allowed), each begun by mcts_start() or
 * mcts_advance_line(), until all are over: MCTS_DONE.  `ev` answers encoded
 * positions.  MCTS_CANCELLED: ended by `goes_on`; the other searches stand
 * where they are, a root that was never evaluated without a result.  A cache
 * that became full is emptied when the next run begins.
 */
enum mcts_stop fleet_run(struct fleet *f, const struct evaluator *ev,
			 struct mcts *const *searches, int count,
			 const struct fleet_calls *calls);

/* Sums over the runs since the last fleet_take_figures(). */
struct fleet_figures {
	int64_t leaves;  /* positions that searches asked about */
	int64_t rows;    /* of them the evaluator was asked: the rest were known
			  * or twice in a batch */
	int64_t batches; /* calls of the evaluator */
	double seconds;  /* inside it, of the thread's processor time */
};
void fleet_take_figures(struct fleet *f, struct fleet_figures *out);

#endif
