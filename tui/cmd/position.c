/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/position.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

int position_open(struct position *p, const struct cmd_line *line,
		  const char *game)
{
	const char *moves = cmd_value(line, "moves");
	struct err e = ERR_INIT;

	memset(p, 0, sizeof(*p));
	if (game_init(&p->game, game, &e))
		return cmd_fail(line, &e);
	p->state = game_state_new(&p->game, 0);
	p->moves = mem_zalloc((size_t)p->game.max_plies, sizeof(*p->moves));
	if (moves && game_play_text(&p->game, p->state, moves, p->moves,
				    &p->plies, &e)) {
		position_close(p);
		/* What was typed is at fault, not a file. */
		return cmd_complain(line, CMD_USAGE, "--moves %s: %s", moves,
				    e.msg);
	}
	return 0;
}

void position_close(struct position *p)
{
	free(p->state);
	free(p->moves);
	memset(p, 0, sizeof(*p));
}
