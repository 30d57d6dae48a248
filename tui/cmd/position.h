/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_POSITION_H
#define TUI_CMD_POSITION_H

#include "core/game/game.h"
#include "tui/cmd/cmd.h"

/* A position named on the command line: GAME and --moves, which may also be a
 * FEN, or an SGF or PGN game. */
struct position {
	struct game game;
	void *state;      /* owned */
	game_move *moves; /* owned; that led there */
	int plies;
};

/* `moves` may be NULL.  Returns an exit status. */
ATTR_NODISCARD int position_open(struct position *p,
				 const struct cmd_line *line, const char *game,
				 const char *moves);
void position_close(struct position *p);

#endif
