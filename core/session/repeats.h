/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_REPEATS_H
#define CORE_SESSION_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/rate/seen.h"
#include "store/store.h"

/*
 * How many of a run's stored games of self-play differ, move for move: games
 * that repeat others teach nothing new.  60,000 games take a few tens of
 * milliseconds, and only those that came since the last look are read.
 */
struct repeats {
	struct seen seen;
	int64_t games, distinct;
	int64_t next; /* number of the first game not looked at */
	bool more;    /* there may be others beyond */
};

/* Zeroed before the first look.  Looks at `most` games further on, 0: at all;
 * whether that was all there are, `more` tells. */
STORE_NODISCARD enum store_status
repeats_read(struct repeats *r, struct store *s, int64_t run_id, int64_t most);
void repeats_release(struct repeats *r);

/* "299 of 300 games (99.7%)", "so far"; nothing without a game. */
void repeats_text(const struct repeats *r, struct buf *out);

#endif
