/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/kata_int.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/game/go.h"

/* The position of a query: stones that stand there, and moves. */

static void begin(struct kata_board *b, const struct game *from)
{
	b->game = *from;
	b->plies = 0;
	memset(b->state, 0, from->state_size);
	b->game.rules->start(&b->game, b->state, 0);
}

const char *kata_board_init(struct kata_board *b, const struct game *g)
{
	memset(b, 0, sizeof(*b));
	b->state = mem_zalloc(1, g->state_size);
	b->line = mem_zalloc((size_t)g->max_plies, sizeof(*b->line));
	begin(b, g);
	return NULL;
}

void kata_board_release(struct kata_board *b)
{
	free(b->state);
	free(b->line);
}

const char *kata_board_place(struct kata_board *b, const uint8_t *stone,
			     int player)
{
	char start[GAME_START_SIZE];
	struct game from;

	if (go_start_text(&b->game, stone, player, start, NULL) ||
	    game_from(&from, &b->game, start, NULL))
		return "a stone without a liberty";
	begin(b, &from);
	return NULL;
}

const char *kata_board_turn(struct kata_board *b, int player)
{
	uint8_t stone[GO_CELLS_MAX] = {0};
	const struct game *g = &b->game;

	if (g->rules->to_act(g, b->state) == player)
		return NULL;
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++)
			stone[row * g->cols + col] =
				(uint8_t)g->rules->cell(g, b->state, row, col);
	return kata_board_place(b, stone, player);
}

const char *kata_board_play(struct kata_board *b, int player, game_move m)
{
	game_move legal[GO_CELLS_MAX + 1];
	const struct game *g = &b->game;
	const char *why = kata_board_turn(b, player);
	int n;

	if (why)
		return why;
	n = g->rules->legal(g, b->state, legal);
	while (n > 0 && legal[n - 1] != m)
		n--;
	if (!n)
		return "Illegal move";
	g->rules->apply(g, b->state, m);
	b->line[b->plies++] = m;
	return NULL;
}
