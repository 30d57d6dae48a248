/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_ANALYSIS_H
#define CORE_SESSION_ANALYSIS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/search/trace.h"
#include "core/session/again_job.h"
#include "core/session/seat.h"
#include "core/session/thinker.h"

struct store; /* store/store.h */

/*
 * One position that is looked into: of a stored game, with the search that was
 * kept there, or by hand; and an agent that searches it now.  Searches come as
 * traces, one level deep where no tree was recorded.  Zeroed before it is
 * opened; it must not move in memory after that.
 */
struct analysis {
	struct game game;
	void *root;                 /* owned; the position; NULL: not opened */
	game_move *line;            /* owned; [ply] that led there */
	char *moves;                /* owned; the same as text */
	int64_t game_id;            /* 0: by hand */
	int ply, plies;             /* of the stored game */
	char own[SEAT_SPEC_SIZE];   /* who moved there; "" not known */
	int kept, kept_count;       /* searches of the ply in the lab file, and
				     * which of them was handed out */
	char agent[SEAT_SPEC_SIZE]; /* who searched; "" nobody yet */
	char whose[SEAT_SPEC_SIZE]; /* network, RUN/STEP, of who moved here in
				     * the stored game; "" nobody's */
	struct thinker *thinker;    /* owned; NULL: nobody is thinking */
	bool hurried;
	struct again_job *again; /* owned; NULL: no search is made again */
	/* How the search that was made again compares with what is stored, a
	 * sentence; "": it is another. */
	char compared[240];
	struct thought found; /* the last answer; .moves NULL: none */
	bool unsaved;         /* it belongs to a stored game's ply */
};

/* The position after `moves` of a game by its name, or of game `id` at a ply.
 * ERR_USAGE: there is no such ply. */
ATTR_NODISCARD enum err_code analysis_open(struct analysis *a, const char *game,
					   const char *moves, struct err *e);
ATTR_NODISCARD enum err_code analysis_open_stored(struct analysis *a,
						  struct store *store,
						  int64_t id, int ply,
						  struct err *e);
void analysis_release(struct analysis *a); /* also after a failure */

/* A search that was kept for the position, `which` in the order in which they
 * were, or ANALYSIS_OWN: that of the player who moved there, however many came
 * later, else the newest.  *out is the caller's, NULL where there is none. */
enum { ANALYSIS_OWN = -1 };
ATTR_NODISCARD enum err_code analysis_kept(struct analysis *a,
					   struct store *store, int which,
					   struct trace **out, struct err *e);

/* Have `spec` search the position in place of whoever does: an agent, where a
 * player is to act. */
ATTR_NODISCARD enum err_code analysis_start(struct analysis *a,
					    const struct seat_host *host,
					    const char *spec, struct err *e);
/* Have the search of self-play that a stored game's move comes from made again,
 * in the lab at `path`.  ERR_USAGE: the position is of no stored game. */
ATTR_NODISCARD enum err_code analysis_again(struct analysis *a,
					    const struct seat_host *host,
					    const char *path, struct err *e);
/* Somebody is at work. */
bool analysis_busy(const struct analysis *a);
void analysis_stop(struct analysis *a);
void analysis_hurry(struct analysis *a); /* be content with what it has */

/* Whether there is anything new: *out is a trace of it, the caller's (NULL:
 * none), of a search that still runs or, without a thinker from then on, of its
 * answer.  e->code is set where the agent could not go on. */
bool analysis_collect(struct analysis *a, struct trace **out, struct err *e);

/* Keep the answer with the stored game; `tree` (may be NULL) is the trace that
 * was handed out.  ERR_USAGE: there is nothing to keep. */
ATTR_NODISCARD enum err_code analysis_keep(struct analysis *a,
					   struct store *store,
					   struct trace *tree, struct err *e);

#endif
