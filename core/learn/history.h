/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_HISTORY_H
#define CORE_LEARN_HISTORY_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"

/*
 * Whole games in the order in which a learner played them, each with its stage:
 * what a network that watches a training is shown.  All games are kept. Several
 * threads may read at once; adding is by one alone.
 */
struct history;

/* `g` is borrowed; `search_share` is the share of the search's value in the
 * value target. */
struct history *history_new(const struct game *g, float search_share);
void history_free(struct history *h);

/* Add the game played next; `stage`, how many steps its player had learned by
 * then, never falls.  The rest is as in lessons_make().  ERR_FORMAT when the
 * record does not fit the game; nothing is added then. */
ATTR_NODISCARD enum err_code history_add(struct history *h, int64_t stage,
					 const game_move *moves, int count,
					 float result, const void *targets,
					 size_t targets_len, struct err *e);

/* The same of a game without targets; `players` and `opening` as in
 * lessons_make_plain(). */
void history_add_plain(struct history *h, int64_t stage, const game_move *moves,
		       int count, int opening, int players, float result);

/* No stretch goes from the games so far on to the next: it was played
 * elsewhere, or much later. */
void history_cut(struct history *h);

/* The games as items: every position with a player to act, in order; those that
 * teach nothing, of random openings for instance, weigh 0.  Ids tell of the
 * game played before, too.  A draw is a stretch of the history: a game by
 * chance, and those played after it as far as they fit, each through a symmetry
 * of its own.  Borrows `h`. */
struct dataset history_dataset(const struct history *h);

/*
 * Stretches as items, for networks that learn from game to game: each is one
 * sequence, of whole games in order, as many as fit in `rows`; a longer game is
 * a stretch by itself.  A draw is as many of them as fit in the room, each
 * begun by a game by chance and seen through one symmetry; ids tell of the game
 * before within the stretch, and a sequence's stage is that of its first game.
 */
void history_set_stretch(struct history *h, int rows); /* before any game */
struct dataset history_stretches(const struct history *h);

#endif
