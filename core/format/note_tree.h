/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_NOTE_TREE_H
#define CORE_FORMAT_NOTE_TREE_H

#include "core/format/record.h"

/*
 * The notes of a record by the line that they stand in, for writers: note
 * first[line + 1] is the first one of a line (-1: the game), next[note] the one
 * after it in the same line; -1 ends.  They come in the order of their places;
 * a variation counts as standing after the move that it replaces.
 */
struct note_tree {
	int *first, *next; /* owned */
};

void note_tree_init(struct note_tree *t, const struct record *r);
void note_tree_release(struct note_tree *t);

/* Cuts the next blank-separated word out of *at, which moves on; its length, 0
 * at the end. */
size_t note_word(const char **at, const char **word);
int note_words(const char *text);

#endif
