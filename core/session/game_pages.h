/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_GAME_PAGES_H
#define CORE_SESSION_GAME_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/session/game_query.h"
#include "store/game.h"
#include "store/store.h"

/*
 * The stored games that a filter chooses, as a list that is looked at in one
 * place: a window of rows is held around that place, and reading on begins at a
 * row that is known, so that two million games scroll like ten.
 *
 * What the lab cannot answer at once - among many games, those of some agent or
 * with some result - is looked for by a worker (game_query.h), for which no
 * call waits longer than GAME_PAGES_PATIENCE_MS; then the rows that were found,
 * and later how many there are, come by game_pages_take().
 *
 * All calls are for one thread.  Rows are borrowed until the next call.
 */
enum { GAME_PAGES_PATIENCE_MS = 20 };

struct game_pages {
	struct game_filter filter;
	int64_t total; /* rows in the list: all, or that are known so far */
	bool counted;  /* it is all */
	int64_t at;    /* row that is looked at, from 0 */

	/* Private. */
	struct store *store; /* borrowed */
	int window, margin;  /* rows held; ahead of which more are read */
	int few;             /* games that are looked through at once */
	bool is_few;
	void (*wake)(void *ctx);
	void *ctx;
	int64_t run_id;
	struct game_answer held; /* the window */
	int64_t first;           /* place of its first row in the list */
	struct game_query *listing, *counting;
	struct lab *spare; /* owned: a handle for the next of them */
	bool backward;     /* how `listing` reads, ... */
	int64_t from;      /* ... and the place of its first row */
	bool to_last;      /* look at the last row once it is known */
	int64_t keep;      /* game that is looked at, wherever it is now; 0 */
	bool shift_due;    /* games above that are new are not in `at` yet */
};

/* A zeroed one.  `window` rows are held; as many as `few` games are looked
 * through at once.  `wake` is called from a worker when there is something to
 * take. */
void game_pages_init(struct game_pages *p, struct store *s, int window, int few,
		     void (*wake)(void *ctx), void *ctx);
void game_pages_release(struct game_pages *p);

/* Choose games, and look at the first.  If the filter's run is not there
 * (ERR_NOTFOUND), or nothing can be read, the list is as before or empty. */
ATTR_NODISCARD enum err_code game_pages_filter(struct game_pages *p,
					       const struct game_filter *f,
					       struct err *e);

/* Look at another row; at the last one, as soon as it is known which that is.
 */
ATTR_NODISCARD enum err_code game_pages_seek(struct game_pages *p, int64_t row,
					     struct err *e);
ATTR_NODISCARD enum err_code game_pages_last(struct game_pages *p,
					     struct err *e);

/* The lab has changed.  The row that is looked at stays the same game, but for
 * the first of the list.  Not while it is busy. */
ATTR_NODISCARD enum err_code game_pages_refresh(struct game_pages *p,
						struct err *e);

/* A worker is looking. */
bool game_pages_busy(const struct game_pages *p);
/* What it has found since; *changed: there was something. */
ATTR_NODISCARD enum err_code game_pages_take(struct game_pages *p,
					     bool *changed, struct err *e);

/* NULL: it is not held (yet). */
const struct store_game *game_pages_row(const struct game_pages *p,
					int64_t row);

#endif
