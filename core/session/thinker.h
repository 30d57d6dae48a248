/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_THINKER_H
#define CORE_SESSION_THINKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"

/*
 * An agent at work in a thread of its own, so that no screen ever waits for a
 * search.  The screen asks, goes on drawing, and collects snapshots when it is
 * woken; a new question or a cancel stops the old one and its answer is
 * dropped.
 *
 * All calls are for the one thread that made the thinker.  The worker blocks
 * all signals but those of a crash, and only it touches the agent from
 * thinker_open() to thinker_close().
 */
struct thinker;

enum thinker_state {
	THINKER_IDLE, /* nothing asked, or cancelled */
	THINKER_THINKING,
	THINKER_READY, /* the answer waits for thinker_take() */
};

/* `agent` is owned from now on, even after a failure; `g` is borrowed.  `wake`
 * is called from the worker whenever there is something new; it must not call
 * the thinker.  ERR_IO: no thread could be had. */
ATTR_NODISCARD enum err_code
thinker_open(struct thinker **out, struct agent *agent, const struct game *g,
	     void (*wake)(void *ctx), void *ctx, struct err *e);

/* Cancels, waits for the batch in hand (milliseconds) and closes the agent.
 * NULL is allowed. */
void thinker_close(struct thinker *t);

/* Ask about a copy of `state`, where a player is to act; see agent_think() for
 * the rest.  `line` are the `ply` moves that led there, copied; NULL: not
 * known.  Whatever was asked before is cancelled and forgotten. */
void thinker_ask(struct thinker *t, const void *state, uint64_t seed,
		 uint64_t game, int ply, const game_move *line);

/* As agent_learn(), before the next question is thought about; copied, and
 * nothing for an agent that does not learn. */
void thinker_tell(struct thinker *t, const struct agent_game *game);

/* As agent_limit(), for the questions to come. */
void thinker_limit(struct thinker *t, const struct agent_limits *limits);

/* Forget the question; returns at once. */
void thinker_cancel(struct thinker *t);

/* Settle for what has been found so far: the answer comes soon. */
void thinker_hurry(struct thinker *t);

enum thinker_state thinker_state(struct thinker *t);

/* A copy of the newest snapshot of the question asked last, without its
 * trace; false if there is none that was not seen before.  `out` is filled
 * and owned by the caller. */
bool thinker_peek(struct thinker *t, struct thought *out);

/* The answer, once; the caller owns it.  False while there is none. */
bool thinker_take(struct thinker *t, struct thought *out);

/* Of the agent inside, as agent_name() has it. */
const char *thinker_name(const struct thinker *t);

#endif
