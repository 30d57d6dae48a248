/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_SGF_H
#define CORE_FORMAT_SGF_H

#include "core/format/format.h"

/* The halves of format_sgf: see core/format/format.h. */
enum format_read sgf_read(struct text_in *in, const struct game *usual,
			  struct record *out, struct err *e);
bool sgf_begins(const char *head);
enum err_code sgf_write(const struct record *r, struct buf *out, struct err *e);

/* Columns as GTP names them. */
#define SGF_COLUMNS "ABCDEFGHJKLMNOPQRST"

/* What is kept as it is: what a node says about its move, and what the root
 * says about the game. */
bool sgf_is_mark(const char *property);
bool sgf_is_info(const char *property);
/* Of the marks, those with a value for each of many points. */
bool sgf_is_list(const char *property);

#endif
