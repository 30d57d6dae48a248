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
};

struct sgf {
	struct text_in *in;
	const struct game *usual;
	struct record *r;
	struct recorder rec;
	struct err *e;
	struct buf value; /* of the property in hand */
	bool broken;
	int *children; /* owned; trees in each open tree so far */
	int depth, cap;
	/* The root and what stands before the first move. */
	int gm, rows, cols, to_play; /* -1: not said */
	double komi;                 /* NAN */
	char board[SGF_SIZE_MOST][SGF_SIZE_MOST];
	bool stones[2], handicap;
	/* The node in hand. */
	bool in_node, set_up;
	long line, column;
	struct {
		bool there;
		char at[4];
	} move[2];
	struct buf comment, marks; /* marks: "TE[1]" and a NUL each */
};

/* `list` ends with NULL. */
bool sgf_in_list(const char *property, const char *const *list);

/* A node at this place, which ends the one before; and the end of the last. */
void sgf_begin_node(struct sgf *s, long line, long column);
void sgf_end_node(struct sgf *s);
/* One value, s->value, of a property of the node in hand. */
void sgf_take(struct sgf *s, const char *name);
/* The record of the game that the root tells of begins, if it has not; `first`
 * makes the first move where nothing says who, -1: that is not known. */
void sgf_begin(struct sgf *s, int first);

#endif
