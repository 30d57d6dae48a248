/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_ROUND_H
#define CORE_SESSION_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/agent/agent.h"
#include "core/game/game.h"

struct store; /* store/store.h */

/*
 * A game in progress: every position since the start, so that
 * taking back is exact, and what agents thought before each move, so that the
 * finished game can be opened in the stepper with its searches.
 */
struct round {
	struct game game;
	uint64_t seed;
	int plies;
	unsigned char *states;    /* owned; [max_plies + 1][state_size] */
	game_move *moves;         /* owned; [max_plies] */
	int *cells;               /* owned; where each landed, -1 */
	struct thought *thoughts; /* owned; .moves NULL where nobody thought */
	char **thinkers;          /* owned; names, NULL where nobody thought */
	int resigned;             /* player who gave up; -1 */
	/* Why the player who gave up had to; empty: by choice. */
	char forfeit[sizeof(((struct thought *)0)->forfeit)];
	/* What the lab file has of it. */
	int64_t row; /* its id; 0: nothing */
	int saved_plies;
	bool saved_over;
};

/* `g` is copied. */
void round_init(struct round *r, const struct game *g, uint64_t seed);
void round_release(struct round *r); /* zeroed is allowed */
/* Back to the start with a new seed. */
void round_restart(struct round *r, uint64_t seed);

const void *round_state(const struct round *r, int ply);
const void *round_now(const struct round *r);
/* Who acts now; GAME_OVER after a resignation too. */
int round_to_act(const struct round *r);
bool round_over(const struct round *r);
int round_last_cell(const struct round *r, int ply); /* -1: none */

/* `m` must be legal.  `th` (may be NULL) is taken over, whole: what `name`
 * thought before the move. */
void round_play(struct round *r, game_move m, struct thought *th,
		const char *name);
/* Drop the last move and its thought, or a resignation; false at the start.
 * What follows is another game to the lab file. */
bool round_undo(struct round *r);
void round_resign(struct round *r, int player);
/* The same for a player that cannot go on: `why` is a sentence. */
void round_forfeit(struct round *r, int player, const char *why);

/* What was thought of each position, for player 0 in [-1, 1], into
 * out[plies + 1]: NAN where nobody said, the result where the game is over. */
void round_values(const struct round *r, double *out);

/* Result for player 0 in [-1, 1]; NAN while the game goes on. */
double round_result(const struct round *r);

/* Save the game with all thoughts as searches, in one transaction; r->row is
 * then its id.  Saved again, only what came since is added.  Agents are spec
 * strings; second is ignored in a one-player game.  An unfinished game is saved
 * as such. */
ATTR_NODISCARD enum err_code round_save(struct round *r, struct store *s,
					const char *first, const char *second,
					const char *purpose, struct err *e);
bool round_is_saved(const struct round *r);

/* The seed of a front end's game: from PLYSCOPE_TEST_SEED, else from the clock;
 * `number` is that of the game in its sitting. */
uint64_t round_new_seed(int number);

/* How many legal moves begin with `typed`, in capitals or not; *only gets the
 * one that is spelt so, if there is one. */
int round_spelled(const struct round *r, const char *typed, game_move *only);

#endif
