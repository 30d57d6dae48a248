/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/round_text.h"

#include <math.h>

#include "tui/widget/board.h"

void round_text(const struct round *r, bool ascii, struct buf *out)
{
	double result = round_result(r);
	const struct game *g = &r->game;

	if (isnan(result))
		buf_puts(out, "not finished");
	else if (g->player_count < 2 && g->rules->points)
		buf_printf(out, "%d points", g->rules->points(g, round_now(r)));
	else if (*r->forfeit)
		buf_printf(out, "%s wins: %s",
			   board_piece_text(g, 1 - r->resigned, ascii),
			   r->forfeit);
	else if (r->resigned >= 0)
		buf_printf(out, "%s resigns, %s wins",
			   board_piece_text(g, r->resigned, ascii),
			   board_piece_text(g, 1 - r->resigned, ascii));
	else
		board_result(g, round_now(r), ascii, out);
}
