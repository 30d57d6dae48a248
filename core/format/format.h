/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_FORMAT_H
#define CORE_FORMAT_FORMAT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/format/record.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/*
 * The notations that games are exchanged in: a constant table.  Adding one: a
 * file with a struct format and a line in the table.
 */
enum format_read {
	FORMAT_GAME, /* the record holds one more game */
	FORMAT_BAD,  /* a game, but one that cannot be kept: the error says why,
		      * the record where; the next one may be read */
	FORMAT_END,  /* no more games */
	FORMAT_BROKEN, /* the text itself is malformed: nothing more can be
			* read; the error says why, the record where */
};

struct format {
	const char *name;      /* "sgf" */
	const char *extension; /* "sgf": what files' names end in */
	const char *title;     /* "SGF, Smart Game Format 4 (Go)" */
	const char *family; /* whose usual notation it is; NULL: any game's */
	/* (optional) Is this how such a text begins? */
	bool (*begins)(const char *head);
	/* (optional) The next game.  `usual` is what is played where the text
	 * does not say; NULL: not known.  Any bytes may come. */
	enum format_read (*read)(struct text_in *in, const struct game *usual,
				 struct record *out, struct err *e);
	/* (optional) One game, with the end of its last line.  ERR_USAGE for a
	 * game that the notation has no words for. */
	enum err_code (*write)(const struct record *r, struct buf *out,
			       struct err *e);
};

/* Ends with NULL. */
extern const struct format *const format_table[];

/* By name.  ERR_USAGE names the nearest known. */
ATTR_NODISCARD enum err_code
format_find(const char *name, const struct format **out, struct err *e);
/* The one that a game is usually written in; never NULL. */
const struct format *format_usual(const struct game *g);
/* By the end of a file's name (may be NULL), else by how the text begins, else
 * plain text; never NULL. */
const struct format *format_guess(const char *path, struct text_in *in);
/* By the end of a file's name alone; NULL: it says nothing. */
const struct format *format_of_name(const char *path);

/* The formats themselves. */
extern const struct format format_sgf;   /* sgf_read.c, sgf_write.c */
extern const struct format format_pgn;   /* pgn_read.c, pgn_write.c */
extern const struct format format_plain; /* plain.c */

#endif
