/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/position.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/paste.h"

/* Moves with their numbers, a FEN, or a whole SGF or PGN game; false if it is
 * none of these, and nothing is changed. */
static bool take_text(struct position *p, const char *text, struct err *e)
{
	struct game usual = p->game;
	struct err why = ERR_INIT;
	game_move *list;
	int count;

	if (paste_read(text, strlen(text), &usual, &p->game, &list, &count,
		       &why)) {
		/* What begins like a position or a file is told as one. */
		if (strpbrk(text, "/[(;"))
			*e = why;
		return false;
	}
	free(p->state);
	free(p->moves);
	p->state = game_state_new(&p->game, 0);
	p->moves = mem_zalloc((size_t)p->game.max_plies, sizeof(*p->moves));
	for (int i = 0; i < count; i++) {
		p->game.rules->apply(&p->game, p->state, list[i]);
		p->moves[i] = list[i];
	}
	p->plies = count;
	free(list);
	return true;
}

int position_open(struct position *p, const struct cmd_line *line,
		  const char *game, const char *moves)
{
	struct err e = ERR_INIT;

	memset(p, 0, sizeof(*p));
	if (game_init(&p->game, game, &e))
		return cmd_fail(line, &e);
	p->state = game_state_new(&p->game, 0);
	p->moves = mem_zalloc((size_t)p->game.max_plies, sizeof(*p->moves));
	if (moves &&
	    game_play_text(&p->game, p->state, moves, p->moves, &p->plies,
			   &e) &&
	    !take_text(p, moves, &e)) {
		position_close(p);
		err_prefix(&e, "--moves");
		return cmd_fail(line, &e);
	}
	return 0;
}

void position_close(struct position *p)
{
	free(p->state);
	free(p->moves);
	memset(p, 0, sizeof(*p));
}
