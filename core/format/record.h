/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_RECORD_H
#define CORE_FORMAT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"

/*
 * A game as a file of games holds it: where it began, its moves, who played,
 * and what was said about it.  What readers fill and writers write; used again
 * for the next game.
 */
enum record_kind {
	RECORD_COMMENT,
	RECORD_NAG,
	RECORD_VARIATION,
	RECORD_SETUP,
};

/*
 * A comment; a NAG, "$1" or, from SGF, a property "TE[1]"; other moves, as the
 * game writes them; or how its line goes on from another position, of which the
 * rules know no way there: see record_setup.  Parents come before what stands
 * in them, variations and set-ups hold others.
 */
struct record_note {
	enum record_kind kind;
	int parent;      /* note of the line in which it stands; -1: the game */
	int ply;         /* plies from the game's start before it */
	struct buf text; /* owned */
	/* Of a comment that says what a search thought: the same for programs,
	 * `agent="SPEC" win=N draw=N loss=N top=MOVE:VISITS,...`, owned, and
	 * the value for the first player, and its lead in points.  Else empty,
	 * and NAN. */
	struct buf thought;
	double value, lead;
};

/*
 * The text of a set-up: "REASON POSITION: MOVES".  The line that it stands in
 * ends there, and goes on with these moves from a position that was set up; the
 * same one, but for the other side to move ("null"); or the same one, where the
 * rules ended the game and the players did not ("on").
 */
enum record_reason { RECORD_SET, RECORD_NULL, RECORD_ON };
struct record_setup {
	enum record_reason reason;
	char position[GAME_START_SIZE]; /* as the game writes them */
	const char *moves;              /* borrowed from the text */
};
bool record_setup_parse(const char *text, struct record_setup *out);
extern const char *const record_reasons[]; /* by enum record_reason */

struct record_tag {
	char *name, *value; /* owned, UTF-8 */
};

/* What a reader keeps of one game at most; a game with more is refused. */
enum {
	RECORD_MOST_BYTES = 16 << 20,
	RECORD_MOST_TAGS = 256,
	RECORD_MOST_DOUBTS = 8, /* of what is said about one game */
};

/* Something that was read otherwise than it is written; the game is kept. */
struct record_doubt {
	long line;
	char text[200];
};

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
	struct record_doubt doubts[RECORD_MOST_DOUBTS];
	int doubt_count;
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

/* More than RECORD_MOST_DOUBTS, and the same one again, are left out. */
void record_doubt(struct record *r, long line, const char *fmt, ...)
	ATTR_PRINTF(3, 4);

/* The position at `ply` of a line: of the game (-1), a variation or a set-up;
 * or at its end, where that is sooner.  False: what stands there cannot be
 * played.
 */
bool record_state_at(const struct record *r, int line, int ply, void *state);

/* Where the game ends by its rules (`state` may be NULL: it does not): result
 * and `ended` as the file has them, else as the rules say. */
void record_finish(struct record *r, const void *state);

#endif
