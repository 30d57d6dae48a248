/* SPDX-License-Identifier: MIT */
#ifndef CORE_AGENT_KIND_H
#define CORE_AGENT_KIND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/base/conf.h"

struct rng;

/*
 * A kind of agent: one file with one of these, and one line in AGENT_KIND_LIST.
 * Help, menus, the list of known kinds and the reading of specs come from it.
 */

/* What stands after the colon of a spec, before the settings. */
enum agent_mind {
	AGENT_NO_MIND,   /* nothing may stand there */
	AGENT_NETWORK,   /* RUN/STEP */
	AGENT_EVALUATOR, /* RUN/STEP, uniform or rollout */
	AGENT_COMMAND,   /* a command line, see command.h */
};

struct agent_kind {
	const char *name;   /* a spec begins with it: "mcts" */
	const char *form;   /* of its specs: "mcts:RUN/STEP,sims=N" */
	const char *help;   /* how it chooses, one line */
	const char *family; /* the games it plays; NULL: all */
	enum agent_mind mind;
	enum agent_company company;   /* a->company, which open may lower */
	const struct conf_spec *conf; /* NULL: no settings */
	size_t conf_size; /* of the struct that they fill: a->conf */
	size_t self_size; /* of what it keeps, zeroed: a->self */
	/* (optional) What it keeps of each game from turn to turn, zeroed:
	 * a->kept; and how that is released, without the block itself. */
	size_t kept_size;
	void (*release_kept)(void *kept);
	/* (optional) Make ready, or say why it cannot play a->g.  The settings
	 * are read, and a->mind is what stands after the colon, in which a
	 * kind may write what it found instead: the step that is `latest`.
	 * `close` is called also if this failed, or if it was not reached. */
	enum err_code (*open)(struct agent *a, struct err *e);
	void (*close)(struct agent *a); /* (optional) */
	/* Choose: `out` has the legal moves, and nothing is known of them yet.
	 * Of `cancel` see agent_goes_on().  NULL: cannot think. */
	void (*think)(struct agent *a, const void *state, struct rng *r,
		      const atomic_bool *cancel, struct thought *out);
	/* (optional, of AGENT_TOGETHER) agent_think_many(); NULL: one by one.
	 */
	bool (*think_many)(struct agent *a, const struct agent_question *q,
			   int count, uint64_t seed, const atomic_bool *cancel,
			   const struct agent_answers *answers);
	/* (of AGENT_TOGETHER) agent_think_together(); turns[].out have the
	 * legal moves.  False: cancelled. */
	bool (*together)(struct agent *a, struct agent_turn *turns, int count,
			 const atomic_bool *cancel);
	/* (optional) agent_learn(); NULL: it does not. */
	void (*learn)(struct agent *a, const struct agent_game *game);
};

/* In the order in which they are listed. */
#define AGENT_KIND_LIST(X) \
	X(random)          \
	X(tactical)        \
	X(policy)          \
	X(lookahead)       \
	X(mcts)            \
	X(seq)             \
	X(serial)          \
	X(solver)          \
	X(engine)          \
	X(greedy)          \
	X(kind)            \
	X(human)

#define AGENT_KIND_DECLARE(name) \
	extern const struct agent_kind agent_kind_##name;
AGENT_KIND_LIST(AGENT_KIND_DECLARE)

/* The list as a table; ends with NULL. */
extern const struct agent_kind *const agent_kinds[];

#endif
