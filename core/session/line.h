/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_LINE_H
#define CORE_SESSION_LINE_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * A line of play with a place in it, and the state after every move, so that
 * stepping costs nothing.  A line may carry a game: then playing a move other
 * than the game's begins a variation, and line_return() leads back to where it
 * left the game.
 *
 * Plies count moves made: at ply 0 none, at ply `count` all.
 */
struct line {
	const struct game *game; /* borrowed */
	unsigned char *states;   /* owned; [max_plies + 1] states */
	game_move *moves;        /* owned; [max_plies] */
	int count;
	int ply;
	game_move *stored; /* owned; the game's moves */
	int stored_count;  /* 0: there is no game behind the line */
	int branch;        /* ply where a variation left it; -1: none */
};

/* At the starting position of `g`, which must outlive the line. */
void line_init(struct line *l, const struct game *g);
void line_release(struct line *l);

/* Make "4453" the game behind the line and stand at its start.  ERR_FORMAT
 * names the first bad move; the line is then empty. */
ATTR_NODISCARD enum err_code line_load(struct line *l, const char *text,
				       struct err *e);

const void *line_state(const struct line *l); /* at l->ply */
const void *line_state_at(const struct line *l, int ply);
bool line_over(const struct line *l);         /* game finished here */
game_move line_last(const struct line *l);    /* or GAME_NO_MOVE */
bool line_is_variation(const struct line *l); /* at l->ply */

/* Move the place, clamped to the line.  Returns whether it moved. */
bool line_go(struct line *l, int ply);

/* Play a legal move here: along the line if it is the next one, else what
 * followed is dropped.  False if `m` is not legal or the game is over. */
bool line_play(struct line *l, game_move m);

/* Take the last move back and drop what follows, unless that move belongs to
 * the game: then only step back.  False at the start. */
bool line_undo(struct line *l);

/* Drop the variation and stand where it left the game. */
bool line_return(struct line *l);

/* A move that one digit names: *m, GAME_NO_MOVE where that digit is no legal
 * move here.  False: moves are not typed this way; letters are keys of the
 * screens. */
bool line_type(const struct line *l, unsigned ch, game_move *m);

/* Moves up to `ply` as text. */
void line_text(const struct line *l, int ply, struct buf *out);

/* The text of move number `index` (from 0). */
void line_move_text(const struct line *l, int index, char out[GAME_TEXT_SIZE]);

#endif
