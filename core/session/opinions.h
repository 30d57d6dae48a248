/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_OPINIONS_H
#define CORE_SESSION_OPINIONS_H

#include <stdbool.h>

#include "core/session/opinion.h"
#include "core/session/seat.h"

/*
 * A table of opinions, a row an agent and a column a position, that a thread of
 * its own fills row by row while a screen goes on drawing.  What the book has
 * is there at once, and what comes goes into it.
 *
 * All calls are for the one thread that made it.
 */
struct opinions;

/* `host->networks` and `book` (may be NULL) must outlive it; host->wake is
 * called from the worker, as thinker_open() says, where there is something to
 * collect.  ERR_IO: no thread could be had. */
ATTR_NODISCARD enum err_code opinions_open(struct opinions **out,
					   const struct seat_host *host,
					   struct opinion_book *book,
					   struct err *e);
/* Cancels, waits for what is in hand (milliseconds with a network, longer with
 * another program) and frees.  NULL is allowed. */
void opinions_close(struct opinions *t);

/* Ask anew; `source` and `known` of the question are not looked at, all else is
 * copied.  What was asked before is cancelled and forgotten. */
void opinions_ask(struct opinions *t, const struct opinion_question *q);
/* Stop where it is; what is there stays.  Returns at once. */
void opinions_cancel(struct opinions *t);

/* Whether anything came since the last call. */
bool opinions_collect(struct opinions *t);

/* Borrowed until the next opinions_ask(); NULL: not there yet. */
const struct opinion *opinions_at(const struct opinions *t, int agent,
				  int place);
/* The same, held for the caller. */
struct opinion *opinions_hold(const struct opinions *t, int agent, int place);
/* Cells that are there, of how many; and whether somebody is at work. */
int opinions_done(const struct opinions *t);
int opinions_total(const struct opinions *t);
bool opinions_running(const struct opinions *t);

#endif
