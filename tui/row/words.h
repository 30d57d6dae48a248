/* SPDX-License-Identifier: MIT */
#ifndef TUI_ROW_WORDS_H
#define TUI_ROW_WORDS_H

#include <stdint.h>

#include "core/base/buf.h"

/* "2026-11-23 00:12" in local time, the day and the time alone; "-" for 0. */
void date_text(int64_t ms, struct buf *out);
void day_text(int64_t ms, struct buf *out);
void time_text(int64_t ms, struct buf *out);

/* Elo and its interval: "1032 +41 -38", "1032 ±40"; nothing for NaN.  The
 * interval alone is for a column of its own. */
void elo_text(double elo, double low, double high, struct buf *out);
void interval_text(double elo, double low, double high, struct buf *out);
/* "321 (300 to 345)"; nothing for NaN. */
void range_text(double v, double low, double high, struct buf *out);

/* A game as people know it: "connect4" for drop:rows=6,cols=7,line=4. */
void game_text(const char *spec, struct buf *out);

/* An agent as tables show it: an engine without its folder. */
void agent_text(const char *spec, struct buf *out);

/* An agent in a column of `width`.  What does not fit loses first its kind,
 * then its settings from the last on, then the middle of its run:
 * "mcts:chess/16867,sims=400" is chess/16867,sims=400, chess/16867… and
 * ch…/16867. */
void agent_fit(const char *spec, int width, struct buf *out);

/* Who won, "first", "second" or "draw"; the points of a one-player game;
 * "open".
 */
struct store_game;
void result_text(const struct store_game *g, struct buf *out);

/* A network's one line of text, shorter: "tower 32x4", filters by blocks. */
void network_text(const char *network, struct buf *out);

/* "812 B", "1.3 kB", "24 MB". */
void bytes_text(int64_t bytes, struct buf *out);

#endif
