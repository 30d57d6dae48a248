/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_RECORD_H
#define CORE_FORMAT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * A game as a file of games holds it: where it began, its moves, who played,
 * and what was said about it.  What readers fill and writers write; used again
 * for the next game.
 */
enum record_kind { RECORD_COMMENT, RECORD_NAG, RECORD_VARIATION };

/* A comment; a NAG, "$1" or, from SGF, a property "TE[1]"; or other moves, as
 * the game writes them.  Parents come before what stands in them. */
struct record_note {
	enum record_kind kind;
	int parent; /* note of the variation in which it stands; -1: the game */
	int ply;    /* plies from the game's start before it */
	struct buf text; /* owned */
};

struct record_tag {
	char *name, *value; /* owned, UTF-8 */
};

/* What a reader keeps of one game at most; a game with more is refused. */
enum { RECORD_MOST_BYTES = 16 << 20, RECORD_MOST_TAGS = 256 };

struct record {
	struct game game; /* with its start */
	bool has_game;    /* kept from one game to the next */
	struct buf moves; /* as the game writes them */
	int plies;
	/* NULL: not known. */
	char *first, *second, *event, *date;
	char *ended; /* how, in a word or two; NULL: it was not said that the
		      * game is finished */
	double result, score;    /* of the first player; NAN: not known */
	struct record_tag *tags; /* what else is said, in its order */
	int tag_count;
	struct record_note *notes;
	int note_count, note_cap; /* above note_count: kept for later */
	size_t bytes;             /* of all that is kept, about */
	/* The line where it begins in its file, and the place that an error is
	 * about. */
	long line, at_line, at_column;
};

void record_init(struct record *r);
/* For the next game; `game` stays. */
void record_clear(struct record *r);
void record_release(struct record *r);

/* Sets one of the texts, in UTF-8 with blanks at its ends and ends of lines
 * taken out; a text that is empty or just "?" becomes NULL. */
void record_text(struct record *r, char **field, const char *text, size_t len);
/* Adds a tag, or sets it anew; more than RECORD_MOST_TAGS are left out. */
void record_tag(struct record *r, const char *name, const char *value);
const char *record_find_tag(const struct record *r, const char *name);
/* The new note's index. */
int record_note(struct record *r, enum record_kind kind, int parent, int ply,
		const char *text);

/* Where the game ends by its rules: result and `ended` as the file has them,
 * else as the rules say. */
void record_finish(struct record *r, const void *state);

#endif
