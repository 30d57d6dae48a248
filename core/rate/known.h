/* SPDX-License-Identifier: MIT */
#ifndef CORE_RATE_KNOWN_H
#define CORE_RATE_KNOWN_H

#include <stdint.h>

#include "core/base/err.h"
#include "core/rate/graded.h"

/*
 * What is known of moves: bounds of their exact scores, for the player who
 * makes them, gathered from answers of a solver and kept in a file if one is
 * named.  Lines of text, `#` begins a comment, the first names the game:
 *
 *	game connect4
 *	MOVES MOVE LOW HIGH     at least LOW and at most HIGH; "-": no bound
 *
 * Lines are only added; several about a move hold together.  After a crash, a
 * last line that is not whole is taken away when the file is opened.
 */
struct known;

enum { KNOWN_LEAST = -1000, KNOWN_MOST = 1000 }; /* no bound */

struct known_bounds {
	int low, high;
};

/* `path` NULL: no file; one that is not there is made.  `g` is borrowed.
 * ERR_IO; ERR_FORMAT names the file, the line and what is wrong; ERR_USAGE: it
 * is about another game. */
ATTR_NODISCARD enum err_code known_open(struct known **out,
					const struct game *g, const char *path,
					struct err *e);
/* ERR_IO: not everything was written.  NULL is allowed. */
enum err_code known_close(struct known *k, struct err *e);

/* From any thread.  What is put is written at once. */
struct known_bounds known_get(struct known *k, const struct graded_position *p,
			      game_move move);
void known_put(struct known *k, const struct graded_position *p, game_move move,
	       struct known_bounds b);

#endif
