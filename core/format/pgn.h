/* SPDX-License-Identifier: MIT */
#ifndef CORE_FORMAT_PGN_H
#define CORE_FORMAT_PGN_H

#include "core/format/format.h"

/* The halves of format_pgn: see core/format/format.h. */
enum format_read pgn_read(struct text_in *in, const struct game *usual,
			  struct record *out, struct err *e);
bool pgn_begins(const char *head);
enum err_code pgn_write(const struct record *r, struct buf *out, struct err *e);

#endif
