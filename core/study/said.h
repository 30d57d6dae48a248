/* SPDX-License-Identifier: MIT */
#ifndef CORE_STUDY_SAID_H
#define CORE_STUDY_SAID_H

#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * What players say of some positions, as a trial keeps it under the name
 * "positions" for whoever looks: lines of text,
 *
 *	game connect4
 *	players M D_c T_c T_max solver
 *	position 44535
 *	0.12: 0.2 0.5 0.1 0.2
 *	...
 *
 * a position as the game writes its line, and below it a line for each player:
 * its value for who is to act, -1 to 1, and a figure for each legal move in
 * ascending order: the chance of the move, or of "solver" its score, -1, 0 or
 * 1.  "-" stands for what it does not say.
 */
enum { SAID_PLAYERS = 8, SAID_NAME = 16 };

struct said_position {
	char *line; /* owned */
	int legal;  /* moves */
	float value[SAID_PLAYERS];
	float *figures; /* owned; [player][legal]; NAN */
};

struct said {
	char *game; /* owned; its name with its parameters */
	char players[SAID_PLAYERS][SAID_NAME];
	int player_count;
	struct said_position *positions; /* owned */
	int count;
};

/* A position more, of which nobody has said anything yet; its line is copied.
 */
struct said_position *said_add(struct said *s, const char *line, int legal);
void said_write(const struct said *s, struct buf *out);
/* ERR_FORMAT: it is not that.  Released by the caller, also after an error. */
ATTR_NODISCARD enum err_code said_read(const char *text, struct said *out,
				       struct err *e);
void said_release(struct said *s);

#endif
