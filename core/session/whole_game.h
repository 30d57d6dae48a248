/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_WHOLE_GAME_H
#define CORE_SESSION_WHOLE_GAME_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/agent/agent.h"
#include "core/session/line.h"

/*
 * One agent that looks at every position of a game, from the first to the last,
 * in a thread of its own.  Answers come as they are found, a few positions at a
 * time, so that the network is asked about many at once; each is what the agent
 * would say of that position alone.
 *
 * All calls are for the one thread that started it.
 */
struct whole_game;

/* `agent` is owned from now on, even after a failure; of `l`, the positions
 * from 0 to `plies` are copied and its game is borrowed.  `wake` is called from
 * the worker when there is something to take and at the end.  ERR_USAGE: no
 * player acts anywhere, or the agent is a person; ERR_IO: no thread could be
 * had. */
ATTR_NODISCARD enum err_code whole_game_start(struct whole_game **out,
					      struct agent *agent,
					      const struct line *l, int plies,
					      void (*wake)(void *ctx),
					      void *ctx, struct err *e);
/* Cancels, waits for the batch in hand (milliseconds).  NULL is allowed. */
void whole_game_close(struct whole_game *w);

/* The next answer that was not taken: about position `*ply`, without a tree;
 * the caller owns it.  False: there is none now.  An agent that could not
 * answer says so in out->forfeit, and is not asked again. */
bool whole_game_take(struct whole_game *w, int *ply, struct thought *out);

/* The same without a thread, by an agent that is borrowed: each answer goes to
 * `take`, which owns it, from the asking thread.  False: `cancel` (may be NULL)
 * ended it. */
bool whole_game_ask(struct agent *agent, const struct line *l, int plies,
		    const atomic_bool *cancel,
		    void (*take)(void *ctx, int ply, struct thought *th),
		    void *ctx);

bool whole_game_running(struct whole_game *w);
int whole_game_total(const struct whole_game *w); /* positions to look at */
int whole_game_taken(const struct whole_game *w);
const char *whole_game_name(const struct whole_game *w); /* of the agent */

#endif
