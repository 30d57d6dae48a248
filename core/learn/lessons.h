/* SPDX-License-Identifier: MIT */
#ifndef CORE_LEARN_LESSONS_H
#define CORE_LEARN_LESSONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"
#include "core/net/batch.h"

/*
 * A finished game, kept whole with what each of its positions teaches: what
 * data sets are made of.  A few hundred bytes a position, however large the
 * states of the game are.  Constant once made, so any thread may read.
 */
struct lessons;

/* Makes them, for one thread; with room for the game at hand.  `g` is borrowed;
 * `search_share` is the share of the search's value in the value target. */
struct lessons_maker;

struct lessons_maker *lessons_maker_new(const struct game *g,
					float search_share);
void lessons_maker_free(struct lessons_maker *m);

/* From now on a drawn game that was cut at its cap of plies teaches `share` of
 * its lead over lead_scale(), in [-1, 1], instead of a draw.  0: as it ended.
 */
void lessons_maker_score_caps(struct lessons_maker *m, float share);

/* `result` is the first player's score in [-1, 1]; `targets` as in targets.h.
 * ERR_FORMAT when the record does not fit the game. */
ATTR_NODISCARD enum err_code lessons_make(struct lessons_maker *m,
					  const game_move *moves, int count,
					  float result, const void *targets,
					  size_t targets_len,
					  struct lessons **out, struct err *e);

/* A game without targets: the played move is the policy, the result the value.
 * Only plies from `opening` on by a player whose bit is set in `players` (1 the
 * first, 2 the second) teach. */
struct lessons *lessons_make_plain(struct lessons_maker *m,
				   const game_move *moves, int count,
				   int opening, int players, float result);
void lessons_free(struct lessons *l);

/* Positions that teach, and where they stand, in order: the first at 0, each
 * next at lessons_next() of the one before. */
int lessons_count(const struct lessons *l);
size_t lessons_next(const struct lessons *l, size_t at);

/*
 * One of them, through symmetry `sym` and seen by its player to act.  The
 * policy is over the legal moves; the others are NET_LEFT_OUT.  Owners
 * and lead are of the end of the game; they weigh 0 where the game gives none:
 * it did not end by the rules, or was made by lessons_make_plain().
 */
void lessons_read(const struct game *g, const struct lessons *l, size_t at,
		  int sym, const struct net_row *out);

/* All positions with a player to act, in order, whether they teach or not:
 * those that do not weigh 0.  Into rows first .. first + lessons_rows() - 1. */
int lessons_rows(const struct lessons *l);
/* The score of player 0, as the game ended. */
float lessons_result(const struct lessons *l);
/* Its moves, borrowed, and how many. */
const game_move *lessons_moves(const struct lessons *l, int *count);

/* What came before a game, for networks that read ids (enum net_game_id). */
struct lessons_before {
	bool any;
	float result; /* lessons_result() of that game */
	int64_t gap;  /* steps that its player had learned since */
};

void lessons_read_game(const struct game *g, const struct lessons *l,
		       const struct lessons_before *before, int sym,
		       const struct net_rows *out, int first);

#endif
