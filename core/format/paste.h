/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_PASTE_H
#define CORE_FORMAT_PASTE_H

#include <stddef.h>

#include "core/base/err.h"
#include "core/game/game.h"

/*
 * A game from text that somebody pasted or that another program sent: an SGF
 * or PGN game (the first one), a position (FEN, or as the family of `usual`
 * writes it), a game by its name ("chess:fen=..."), or a list of moves
 * ("1. e4 e5", "4453", "f5d6c3").  Any bytes may come.
 *
 * `usual` is the game where the text does not say which: the list of moves
 * begins at its start.  May be NULL.
 *
 * *out is the game with its start, *moves the moves of the game itself from
 * there, *count of them: the caller frees *moves, which is NULL where there are
 * none.  ERR_FORMAT says what is wrong and, for more than one line, in which
 * line; *out is then unchanged and *moves NULL.
 */
ATTR_NODISCARD enum err_code paste_read(const char *text, size_t len,
					const struct game *usual,
					struct game *out, game_move **moves,
					int *count, struct err *e);

#endif
