/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_SWEEP_H
#define CORE_SESSION_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/opinion.h"
#include "core/session/seat.h"

struct buf;   /* core/base/buf.h */
struct store; /* store/store.h */

/*
 * One position over the checkpoints of one or more runs: what each thinks of
 * every move, and from which checkpoint on the best move stays on top.  The
 * best moves are those of the best exact result where a solver knows it and
 * not all moves come to the same, and else the choice of the run's last
 * checkpoint.
 *
 * It asks nobody: sweep_question() says what to ask, by opinion_ask() or
 * opinions.h, and sweep_take() gets the answers.  One thread.
 */
struct sweep_column {
	int run; /* of sweep.runs */
	int64_t step, games;
	double elo;                /* NAN: not rated */
	char spec[SEAT_SPEC_SIZE]; /* who is asked */
	char sha256[65];
	struct opinion *opinion; /* held; NULL: not answered yet */
};

enum { SWEEP_RUNS = 8, SWEEP_NAME = 128 };

struct sweep_run {
	char name[SWEEP_NAME];
	int first, count; /* its columns, by step */
};

struct sweep {
	struct game game;
	void *state;     /* owned */
	game_move *line; /* owned; [ply] that led there */
	int ply;
	game_move *moves; /* owned; [move_count], legal, in move order */
	int move_count;
	int simulations; /* of each search; 0: the policy alone */
	struct sweep_run runs[SWEEP_RUNS];
	int run_count;
	struct sweep_column *columns; /* owned; by run, then by step */
	int count;
	bool solvable;          /* quickly, so that the solver is asked too */
	struct opinion *solved; /* held; NULL: not answered, or not asked */
	/* What sweep_question() points at. */
	struct opinion_agent *agents; /* owned */
	struct opinion_place place;
	int *order; /* owned; column of agent i; -1: the solver */
	int agent_count;
};

/* The position after `ply` moves of a game; all is copied.  ERR_USAGE: nobody
 * chooses there. */
ATTR_NODISCARD enum err_code sweep_open(struct sweep *s, const struct game *g,
					const void *state,
					const game_move *line, int ply,
					int simulations, struct err *e);
void sweep_release(struct sweep *s); /* zeroed is allowed */

/* The checkpoints of a run, at most so many (0: all), the first and the last
 * and what lies evenly between.  ERR_USAGE: it plays another game, it has no
 * checkpoints, or there are too many runs. */
ATTR_NODISCARD enum err_code sweep_add_run(struct sweep *s, struct store *store,
					   const char *name, int most,
					   struct err *e);

/* What is still to be asked, in an order that shows the whole early: the ends,
 * then what halves what is between.  Valid until the next call. */
void sweep_question(struct sweep *s, const struct agent_source *source,
		    struct opinion_question *out);
/* The answer of agents[agent] of that question; taken over. */
void sweep_take(struct sweep *s, int agent, struct opinion *o);

/* Who says which moves are best. */
enum sweep_judge {
	SWEEP_UNKNOWN, /* not answered yet, or wrong */
	SWEEP_SOLVER,
	SWEEP_LAST, /* the run's last checkpoint */
};
struct sweep_verdict {
	enum sweep_judge judge;
	game_move best; /* the likeliest of the best in the last column */
	/* Column from which on the agents' choice stays among the best; -1:
	 * the last one's is not, or it is not known yet. */
	int learned;
	bool complete; /* no column of the run is missing */
};
void sweep_verdict(const struct sweep *s, int run, struct sweep_verdict *out);
/* The verdict in a line: "c4: best 4 by the solver, learned at step 1089, after
 * 2649 games". */
void sweep_say(const struct sweep *s, int run, struct buf *out);
/* Whether the move is one of the best by the run's judge. */
bool sweep_is_best(const struct sweep *s, int run, game_move m);

/* One figure of one move in one column, NAN where unknown. */
enum sweep_figure {
	SWEEP_POLICY, /* chance that it is played; of a search the visits' */
	SWEEP_PRIOR,  /* by the network alone */
	SWEEP_Q,      /* for the player to act; V after the move without one */
};
double sweep_figure(const struct sweep *s, int column, game_move m,
		    enum sweep_figure which);

#endif
