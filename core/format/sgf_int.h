/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_SGF_INT_H
#define CORE_FORMAT_SGF_INT_H

#include <stdbool.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/format/record.h"
#include "core/format/recorder.h"
#include "core/format/text_in.h"
#include "core/game/game.h"

/* Reading SGF: sgf_read.c knows brackets and trees, sgf_node.c what nodes and
 * properties mean. */

enum {
	SGF_SIZE_MOST = 19,
	SGF_VALUE_MOST = 4096, /* characters of a value, comments apart */
	SGF_MARKS_MOST = 1 << 16,
};

/* Stones that were set up, and who is to play: -1: not said. */
struct sgf_board {
	char point[SGF_SIZE_MOST][SGF_SIZE_MOST]; /* 'x', 'o' or NUL */
	bool stones[2];
	int to_play;
};

/* An open tree. */
struct sgf_tree {
	int children; /* so far */
	/* owned; what stood where its children begin, if that was before the
	 * first move of the game; else NULL */
	struct sgf_board *fork;
};

struct sgf {
	struct text_in *in;
	const struct game *usual;
	struct record *r;
	struct recorder rec;
	struct err *e;
	struct buf value;       /* of the property in hand */
	bool over;              /* nothing of it can be read any more */
	struct sgf_tree *trees; /* owned; those that are open */
	int depth, cap;
	/* The root and what stands before the first move. */
	int gm, rows, cols; /* gm -1: not said */
	double komi;        /* NAN */
	/* What was set up: before the first move, or in the node in hand; and
	 * where the game begins. */
	struct sgf_board board, first;
	/* The node in hand. */
	bool in_node, set_up;
	long line, column;
	struct {
		bool there;
		char at[4];
	} move[2];
	struct buf comment, marks; /* marks: "TE[1]" and a NUL each */
};

enum { SGF_CHARSET_SIZE = 32 };
/* The charset of the game whose root comes next; false: it needs none.  What is
 * not UTF-8 and does not say what it is, is what makes sense of the brackets.
 */
bool sgf_charset(struct text_in *in, char out[SGF_CHARSET_SIZE]);

/* `list` ends with NULL. */
bool sgf_in_list(const char *property, const char *const *list);

/* A node at this place, which ends the one before; and the end of the last. */
void sgf_begin_node(struct sgf *s, long line, long column);
void sgf_end_node(struct sgf *s);
/* One value, s->value, of a property of the node in hand. */
void sgf_take(struct sgf *s, const char *name);
/* The stones of a node in hand are set up from these on. */
void sgf_set_up(struct sgf *s, const struct sgf_board *from);
/* The record of the game that the root tells of begins, if it has not; `first`
 * makes the first move where nothing says who, -1: that is not known. */
void sgf_begin(struct sgf *s, int first);

#endif
