/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/uci_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/chess.h"
#include "core/game/game.h"

/* The position that a front end wants to know about. */

void uci_board_start(struct uci_server *v, const struct game *from)
{
	v->from = *from;
	v->plies = 0;
	v->unread = false;
	v->told = true;
	memset(v->state, 0, v->game.state_size);
	v->from.rules->start(&v->from, v->state, 0);
}

static bool is_over(const struct uci_server *v)
{
	return v->game.rules->to_act(&v->game, v->state) == GAME_OVER;
}

/*
 * Front ends may go on where our rules have a draw: a third repetition, fifty
 * moves, bare kings.  The same position without its past can be played from.
 */
bool uci_board_goes_on(struct uci_server *v)
{
	char fen[GAME_START_SIZE];
	struct game from;

	if (!is_over(v))
		return true;
	if (!chess_play_on(v->state))
		return false;
	v->game.rules->position_text(&v->game, v->state, fen);
	v->plies = 0;
	v->told = !game_from(&from, &v->game, fen, NULL);
	if (v->told)
		v->from = from;
	return true;
}

static bool play(struct uci_server *v, const char *text)
{
	game_move m;

	if (!uci_board_goes_on(v) || v->plies == v->game.max_plies)
		return false;
	m = v->game.rules->move_parse(&v->game, v->state, text);
	if (m == GAME_NO_MOVE)
		return false;
	v->game.rules->apply(&v->game, v->state, m);
	v->moves[v->plies++] = m;
	return true;
}

void uci_board_set(struct uci_server *v, const char *args)
{
	struct uci_position p;
	struct game from;
	struct err e = ERR_INIT;
	char move[UCI_MOVE_SIZE], why[160];

	uci_parse_position(args, &p);
	if (!p.given) {
		uci_say_info("position: startpos or fen must follow");
		return;
	}
	if (!game_from(&from, &v->game, p.fen, NULL)) {
		uci_board_start(v, &from);
	} else if (!chess_position_any(&v->game, v->state, p.fen, &e)) {
		v->plies = 0;
		v->unread = v->told = false;
	} else {
		v->unread = true;
		uci_say_info(e.msg);
		return;
	}
	while (uci_next_move(&p.moves, move)) {
		if (play(v, move))
			continue;
		snprintf(why, sizeof(why), "position: '%s' is not a legal move",
			 move);
		uci_say_info(why);
		return;
	}
}

/* Games that end by a rule are not gone on with. */
void uci_board_count(struct uci_server *v, int depth)
{
	const struct game *g = &v->game;
	game_move *legal = mem_zalloc((size_t)g->move_count, sizeof(*legal));
	int n = uci_board_goes_on(v) && depth > 0
			? g->rules->legal(g, v->state, legal)
			: 0;
	uint64_t sum = 0;
	struct buf out;

	buf_init(&out);
	for (int i = 0; i < n; i++) {
		char text[GAME_TEXT_SIZE];
		uint64_t count;

		chess_uci_text(g, v->state, legal[i], text);
		memcpy(v->scratch, v->state, g->state_size);
		g->rules->apply(g, v->scratch, legal[i]);
		count = game_perft(g, v->scratch, depth - 1);
		buf_printf(&out, "%s: %llu\n", text, (unsigned long long)count);
		sum += count;
	}
	buf_printf(&out, "\nNodes searched: %llu\n\n", (unsigned long long)sum);
	serve_say(&out);
	free(legal);
}
