/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_SCRIBE_H
#define CORE_AGENT_SCRIBE_H

#include <stdbool.h>

#include "core/agent/page.h"
#include "core/base/rng.h"
#include "core/net/net.h"

/*
 * A network that writes pages (page.h): it says what a board is worth and what
 * its moves are, writes down the boards after the best of them and what those
 * are worth, and then better values of the moves.  What is not asked of it is
 * done by the rules and by plain arithmetic: a move is worth what the board
 * after it is not, a board what its best move is.
 *
 * Of what it says of a value the mean is written, in the nearest word.  Several
 * pages are written at once, a lane each; the bits of a page depend on nothing
 * but the network, the page so far and its chances.  One thread at a time.
 */
enum scribe_rollouts { SCRIBE_NEVER, SCRIBE_HALF, SCRIBE_OWN };

struct scribe_conf {
	int width; /* boards after a move that are looked at; 0: none */
	int depth; /* 1 or 2 plies */
	/* Which of these it writes itself. */
	bool writes_boards, writes_backups;
	int rollouts;      /* enum scribe_rollouts */
	float trust;       /* in one rollout: share of the way to its result */
	float temperature; /* of picks, in units of value; 0: the best */
	float fresh;       /* chance that a new game follows */
};

struct scribe;

/* The plan, of a network that reads tokens, and the game are borrowed.  Without
 * a plan nobody is asked: values are drawn, which makes pages from which form,
 * rules and arithmetic can be learned, and nothing of who is better. */
struct scribe *scribe_new(const struct net_plan *plan, const struct game *g,
			  int lanes);
void scribe_free(struct scribe *s); /* NULL is allowed */

/* Words of one backup at most. */
int scribe_most_words(const struct game *g, const struct scribe_conf *c);

/* The page of a lane was turned: it is empty, and nothing of it is known. */
void scribe_turn(struct scribe *s, int lane);

/*
 * One more backup on each of n pages, in lane i at desk[i].  Pages are of
 * scribe_turn()ed lanes and have grown by this alone since.  A page that would
 * be longer than the network's context by a rollout gets none.
 */
struct scribe_desk {
	struct page *page;     /* borrowed, all */
	const void *state;     /* at which somebody acts */
	const game_move *line; /* that led to it */
	int plies;             /* of them; -1: not known */
	struct rng *rng;       /* its chances */
};
void scribe_write(struct scribe *s, const struct scribe_conf *c, int n,
		  const struct scribe_desk *desk);

/* What came of boards and backups that it wrote itself, since it was made. */
struct scribe_counts {
	int64_t cells, cells_right;
	int64_t boards, boards_right; /* the very board after the move */
	int64_t boards_legal;         /* a board after some move */
	/* that the game is over: right, said wrongly, not said; and how it
	 * ended, of those that are right */
	int64_t ends, ends_false, ends_missed, results_right;
	/* words of better values, the right ones, and how far off all are */
	int64_t values, values_right;
	double values_off;
};
const struct scribe_counts *scribe_counted(const struct scribe *s);
void scribe_counts_add(struct scribe_counts *sum,
		       const struct scribe_counts *one);

/* What it says of boards alone: value[i] of `moves + 1` as of page_backup.
 * Lanes 0 .. n-1 are turned. */
void scribe_estimate(struct scribe *s, int n, const void *const *state,
		     float *const *value);

#endif
