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
 * variation the rest of it is kept as a comment; so is what was played on after
 * the game had ended by its rules.
 */
enum { RECORDER_STACK_BYTES = 64 << 20 };

struct recorder_level {
	void *state, *before; /* owned; `before`: ahead of the last move */
	int ply, line;        /* note of the variation; -1: the game */
	bool moved;           /* `before` is there, in this line */
	int rest;             /* note that takes the rest of the line; -1 */
};

struct recorder {
	struct record *r;              /* borrowed */
	struct recorder_level *levels; /* owned; the last one is where it is */
	int depth, cap, most;
	void *last; /* owned; the end of the game, where that was popped */
	bool begun, bad;
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

/* Something that the rules have no notion of, such as "set-up": treated as an
 * illegal move. */
void recorder_stop(struct recorder *p, const char *what, long line,
		   long column);

/* The position here, and who is to act; GAME_OVER. */
const void *recorder_state(const struct recorder *p);
int recorder_to_act(const struct recorder *p);
/* Takes the game over into the record. */
void recorder_end(struct recorder *p);

#endif
