/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_UCI_INT_H
#define TUI_CMD_UCI_INT_H

#include "core/agent/agent.h"
#include "core/format/uci.h"
#include "core/game/game.h"
#include "store/match.h"
#include "store/store.h"
#include "tui/cmd/serve.h"

struct chess_book; /* core/game/chess_book.h */

/* The UCI server, shared by the files uci*.c of this folder alone. */

struct uci_server {
	struct serve serve;
	/* The position: moves from the start of `from`. */
	struct game game, from;
	bool unread;           /* the last position was not understood */
	bool told;             /* `from` leads here: it can be told as a game */
	void *state, *scratch; /* owned */
	game_move *moves;      /* owned; [max_plies] */
	int plies;
	uint64_t number; /* of the game */

	int multipv, simulations, overhead_ms;
	bool show_wdl, own_book, analyses;
	struct chess_book *book; /* owned; NULL: none */

	/* Agents of the lab with ratings in this game, strongest first. */
	struct store_bag bag;
	struct store_rating *rated; /* [rated_count], in the bag */
	size_t rated_count;
	bool limited;
	int elo;

	/* The search in hand. */
	bool searching, holding; /* holding: the answer waits for "stop" */
	const char *nothing; /* said in place of lines where nobody can move */
	struct uci_go go;
	double began, until, said;
	struct thought answer; /* owned while holding */
	bool answered;
	bool slid; /* it was said that the agent forgets */
};

/* uci_board.c */
void uci_board_start(struct uci_server *v, const struct game *from);
/* "position ..." and what follows it. */
void uci_board_set(struct uci_server *v, const char *args);
/* Whether there is a move to look for, also where our rules have a draw. */
bool uci_board_goes_on(struct uci_server *v);

/* uci_option.c */
void uci_options_open(struct uci_server *v);
void uci_options_release(struct uci_server *v);
void uci_options_list(const struct uci_server *v, struct buf *out);
/* "setoption ..." and what follows it. */
void uci_options_set(struct uci_server *v, const char *args);

/* uci_board.c: moves and their counts, as Stockfish lists them. */
void uci_board_count(struct uci_server *v, int depth);

/* uci_say.c */
void uci_say(const char *text);
void uci_say_info(const char *text);
void uci_say_lines(struct uci_server *v, const struct thought *t);
/* The answer; released. */
void uci_say_best(struct uci_server *v, struct thought *t);

#endif
