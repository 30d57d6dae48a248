/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_RECORDER_H
#define CORE_FORMAT_RECORDER_H

#include <stdbool.h>

#include "core/format/record.h"

/*
 * Plays what a reader reads: moves and variations in the order of the file,
 * into a record.  No recursion: variations open and close on a stack of
 * positions, which is bounded (RECORDER_STACK_BYTES).
 *
 * A move of the game itself that is not legal makes the record bad.  In a
 * variation, and where the game has gone on from a set-up, the rest of the line
 * is kept as a comment.  What was played on after the rules had ended the game
 * goes on from a set-up of the same position, if that can be played, and else
 * becomes a comment.
 */
enum { RECORDER_STACK_BYTES = 64 << 20 };

struct recorder_level {
	void *state, *before; /* owned; `before`: ahead of the last move */
	int ply, line;        /* note of the line; -1: the game */
	bool moved;           /* `before` is there, in this line */
	bool main;            /* in the game itself, maybe past a set-up */
	bool fresh;           /* set up, and nobody said who is to move */
	int rest;             /* note that takes the rest of the line; -1 */
};

struct recorder {
	struct record *r;              /* borrowed */
	struct recorder_level *levels; /* owned; the last one is where it is */
	int depth, cap, most;
	void *last; /* owned; the end of the game, where that was popped */
	bool begun, bad;
	bool went_on;  /* the game itself, from a set-up */
	struct err *e; /* borrowed; why it is bad */
};

void recorder_init(struct recorder *p, struct record *r, struct err *e);
void recorder_release(struct recorder *p);

/* At the start of r->game. */
void recorder_begin(struct recorder *p);
/* Says what is wrong and where; the first reason stays. */
void recorder_fail(struct recorder *p, long line, long column, const char *fmt,
		   ...) ATTR_PRINTF(4, 5);

/* A move as text, at this place of the file. */
void recorder_move(struct recorder *p, const char *text, long line,
		   long column);
void recorder_comment(struct recorder *p, const char *text, size_t len);
void recorder_nag(struct recorder *p, const char *text);

/* Remember the position; `back`: and take the last move back. */
void recorder_push(struct recorder *p, bool back, long line, long column);
/* From here on it is a variation. */
void recorder_vary(struct recorder *p);
/* Back to the position that was remembered last. */
void recorder_pop(struct recorder *p);

/* From here on, in this line, from a position as the game writes it, whoever is
 * to move there if `anyone`.  False: it is none, and nothing has changed. */
bool recorder_setup(struct recorder *p, enum record_reason reason,
		    const char *position, bool anyone, long line, long column);
/* The other side moves here: the one whose turn it is made none.  Where that
 * cannot be, the rest of the line is a comment; `what` stands for it there. */
void recorder_null(struct recorder *p, const char *what, long line,
		   long column);
/* Where the rules have ended the game: it goes on from the same position, for
 * `anyone`.  False: that cannot be, or it has not ended. */
bool recorder_go_on(struct recorder *p, bool anyone, long line, long column);
/* Has the side to act moved before, so that it may pass here, and the game goes
 * on? */
bool recorder_may_pass(const struct recorder *p);
/* In the game itself, as far as its moves are those of the record? */
bool recorder_in_game(const struct recorder *p);
/* Was the position set up without a word about who is to move? */
bool recorder_is_fresh(const struct recorder *p);
/* Can nothing of this line be played any more? */
bool recorder_is_rest(const struct recorder *p);
/* Something that the rules have no notion of, such as "set-up": the rest of the
 * line is a comment. */
void recorder_stop(struct recorder *p, const char *what, long line,
		   long column);
/* A variation that was just closed and has no move of its own: what was said in
 * it is said of the move before, and it is gone. */
void recorder_join(struct recorder *p);

/* The position here, and who is to act; GAME_OVER. */
const void *recorder_state(const struct recorder *p);
int recorder_to_act(const struct recorder *p);
/* Takes the game over into the record. */
void recorder_end(struct recorder *p);

#endif
