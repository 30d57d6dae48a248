/* SPDX-License-Identifier: MIT */
#ifndef CORE_LAB_EXPORT_H
#define CORE_LAB_EXPORT_H

#include "core/format/record.h"
#include "store/game.h"

/*
 * A stored game as a record for the writers of core/format: its moves, what
 * was said about it, and what agents thought: value and top moves as a comment
 * at the move that they led to, and the line that a search expected, where its
 * tree was kept, as a variation.  `out` is cleared first.  ERR_FORMAT for a
 * game that today's rules do not know.
 */
ATTR_NODISCARD enum err_code export_record(struct store *s,
					   const struct store_game *g,
					   struct record *out, struct err *e);

#endif
