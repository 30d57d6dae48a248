/* SPDX-License-Identifier: MIT */
#ifndef CORE_SESSION_QUOTE_H
#define CORE_SESSION_QUOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"

/*
 * Words of what is typed after a screen's name.  They are separated by blanks;
 * a word that contains some, such as a game that begins at a FEN, keeps them
 * between double quotes, which may begin anywhere in it: game="chess:fen=... w
 * - - 0 1".
 */

/* Cut the next word off *rest, without its quotes, into word[size]; what does
 * not fit is dropped.  False at the end. */
bool quote_next(const char **rest, char *word, size_t size);

/* All of `text` as one word: with its quotes off where it is quoted, else as it
 * stands, blanks and all. */
void quote_only(const char *text, char *word, size_t size);

/* Appends `text` so that quote_next() reads it back. */
void quote_put(struct buf *out, const char *text);

#endif
