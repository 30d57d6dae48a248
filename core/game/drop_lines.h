/* SPDX-License-Identifier: MIT */
#ifndef CORE_GAME_DROP_LINES_H
#define CORE_GAME_DROP_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * Which lines win in the drop family, and the two parameters that say so:
 *
 *	dirs=h+v      the directions that count, one or more of h (along the
 *	              row), v (up the column), r (rising to the right), f
 *	              (falling to the right), d (r+f); all where it is not given
 *	order=31420   a digit for each column of the board, from the left: a
 *	              stone in the column shown i-th counts as if it stood in
 *	              column order[i], where columns are numbered from 0.  As
 *	              shown where it is not given.
 *
 * Heights are as shown, so lines up a column do not feel the order.  The rule
 * is hidden: positions, legal moves and the planes of a network are those of
 * the plain game, and it shows only in when a game ends and who has won.
 *
 * Equal games have equal names.  Turning the order round exchanges rising and
 * falling, so of an order and its reverse the smaller is kept: order=43210 is
 * the plain game, and dirs=r,order=43210 is dirs=f.  Directions in which no
 * line fits are left out, and so is an order that only lines up a column could
 * feel.  Where a row holds just one or two lines, and no diagonal counts, there
 * are more orders of the same game, and they keep their names.
 *
 * Bitboards are laid out as drop_state.h says.  All functions are reentrant.
 */
enum drop_dir {
	DROP_UP = 1,
	DROP_ALONG = 2,
	DROP_FALLING = 4,
	DROP_RISING = 8,
	DROP_ALL = 15,
};

enum { DROP_MOST_LINES = 256 }; /* of any board of 64 bits */

/* As game_param.read and .write.  An order is kept as its digits after a 1,
 * 0: as shown. */
ATTR_NODISCARD enum err_code drop_dirs_read(const char *text, int *value,
					    struct err *e);
void drop_dirs_write(int value, char out[GAME_PARAM_SIZE]);
ATTR_NODISCARD enum err_code drop_order_read(const char *text, int *value,
					     struct err *e);
void drop_order_write(int value, char out[GAME_PARAM_SIZE]);

/* Check the parameters of `g` against each other and make them canonical.
 * ERR_USAGE. */
ATTR_NODISCARD enum err_code drop_lines_setup(struct game *g, struct err *e);

/* Stones where they count, of stones as shown, and back. */
uint64_t drop_counted(const struct game *g, uint64_t shown);
uint64_t drop_shown(const struct game *g, uint64_t counted);

/* Whether stones, as shown, hold a line; and the cells of all their lines. */
bool drop_has_line(const struct game *g, uint64_t stones);
uint64_t drop_line_cells(const struct game *g, uint64_t stones);

/* Every line that wins, as shown, into out[DROP_MOST_LINES]; returns how many.
 */
int drop_lines(const struct game *g, uint64_t *out);

/* The board seen in a mirror, and whether the game is the same there: whether
 * each line's image wins. */
uint64_t drop_mirrored(const struct game *g, uint64_t stones);
bool drop_has_mirror(const struct game *g);

#endif
