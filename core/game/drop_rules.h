/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_DROP_RULES_H
#define CORE_GAME_DROP_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * The rules that a board of the drop family can be played by, for studies that
 * want many games which look alike: every set of directions with every order of
 * columns (drop_lines.h), each game once.  Two rules are one here where the
 * same lines win, or where those of one are the mirror image of the other's: a
 * network that learns from mirrored positions has then met both.
 *
 * Who may rename the columns knows only 15 games: all orders of a set of
 * directions are the same game to him.  They differ to who sees the board.
 */
enum { DROP_RULES_MOST_COLS = 7 }; /* 7! orders; nine columns have 362,880 */

struct drop_rule {
	int dirs, order; /* as in game.param[] */
};

struct drop_rules {
	struct drop_rule *rule; /* owned; the plain one first */
	int count;
};

/* All rules of the board of `board`, a member of the family, whatever its own
 * rule.  ERR_USAGE for another family or more than DROP_RULES_MOST_COLS
 * columns; `out` is empty then.  Six rows by seven columns have 17,713 rules,
 * four by five 381. */
ATTR_NODISCARD enum err_code drop_rules_init(struct drop_rules *out,
					     const struct game *board,
					     struct err *e);
void drop_rules_release(struct drop_rules *r);

/* The game of a rule on the same board. */
void drop_rules_game(const struct game *board, const struct drop_rule *rule,
		     struct game *out);

/* The share of uniformly random games that are drawn, [0, 1], out of
 * DROP_RULES_GAMES games which follow from the rule alone: its standard error
 * is 2.5 points at most. */
enum { DROP_RULES_GAMES = 400 };
float drop_rules_draws(const struct game *g);

struct drop_rules_ask {
	uint64_t seed;
	bool plain;       /* the plain rule may be among them */
	float most_draws; /* drop_rules_draws() of each, at most; below 1,
			   * somebody can win each, and has */
};
/* Leaves out most rules of a single direction on a small board: of the 381
 * rules of 4x5, 61 have more draws, up to 87 %. */
#define DROP_RULES_ASK_DEFAULT                                 \
	{                                                      \
		.seed = 1, .plain = false, .most_draws = 0.75f \
	}

/*
 * Draw `n` different rules without replacement into out[n]: uniformly from
 * those that do as `ask` says.  The same seed gives the same rules, and a
 * longer sample begins with a shorter one, so that rules can be kept back for a
 * test. ERR_USAGE as drop_rules_init(), and where there are fewer than `n`.
 */
ATTR_NODISCARD enum err_code drop_rules_sample(const struct game *board,
					       const struct drop_rules_ask *ask,
					       int n, struct game *out,
					       struct err *e);

#endif
