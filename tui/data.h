/* SPDX-License-Identifier: MIT */
#ifndef TUI_DATA_H
#define TUI_DATA_H

#include <stdbool.h>

#include "core/base/attr.h"
#include "core/base/err.h"

/* Files that are shipped: under PLYSCOPE_DATADIR if that is set, else in the
 * assets/ of the checkout whose build this program is, else where `make
 * install` put them.  Caller frees. */
char *data_path(const char *fmt, ...) ATTR_PRINTF(1, 2);

/* The shipped recipe of a game, whatever its parameters: recipes/go.conf for
 * go:size=9; NULL where there is none, and for what is not a game.  Caller
 * frees.
 */
char *data_game_recipe(const char *game);

/* Whether a shipped recipe is for a game: a comment "# for: go othello" in it
 * names families or games, and "players=2" those of so many; without one it is
 * for any. */
bool data_recipe_fits(const char *name, const char *game);

/* If there is no file at `lab_path`, put a copy of the shipped sample lab
 * there, making its folder; it appears whole or not at all; *made says whether.
 * Without a sample this does nothing: an empty lab is made on opening. */
ATTR_NODISCARD enum err_code data_copy_sample(const char *lab_path, bool *made,
					      struct err *e);

#endif
