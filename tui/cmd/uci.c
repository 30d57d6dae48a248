/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/format/uci.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/chess.h"
#include "core/game/chess_book.h"
#include "core/game/game.h"
#include "core/session/thinker.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/serve.h"
#include "tui/cmd/table.h"
#include "tui/cmd/uci_int.h"

/* Seconds between two sets of info lines. */
static const double INFO_SECONDS = 0.25;

/* --- searching ----------------------------------------------------------- */

/* The moves after "searchmoves" that are legal, into only[]. */
static int only_moves(struct uci_server *v, game_move *only)
{
	const char *at = v->go.searchmoves;
	char text[UCI_MOVE_SIZE];
	int n = 0;

	for (int i = 0; i < v->go.searchmove_count; i++) {
		game_move m = GAME_NO_MOVE;
		bool there = false;

		if (uci_next_move(&at, text))
			m = v->game.rules->move_parse(&v->game, v->state, text);
		for (int k = 0; k < n; k++)
			there |= only[k] == m;
		if (m != GAME_NO_MOVE && !there && n < v->game.move_count)
			only[n++] = m;
	}
	return n;
}

static int simulations_for(const struct uci_server *v)
{
	const struct uci_go *go = &v->go;

	if (go->nodes >= 0)
		return go->nodes < 1            ? 1
		       : go->nodes > SERVE_MANY ? SERVE_MANY
						: (int)go->nodes;
	if (go->infinite || go->ponder || go->movetime >= 0 || go->depth > 0)
		return SERVE_MANY;
	return v->simulations;
}

static void set_deadline(struct uci_server *v)
{
	int player = v->game.rules->to_act(&v->game, v->state);
	int64_t ms =
		v->go.ponder ? -1 : uci_time(&v->go, player, v->overhead_ms);

	v->until = ms < 0 ? 0 : v->began + (double)ms / 1000;
}

/* The answer is there: now, or once somebody says "stop". */
static void finish(struct uci_server *v)
{
	v->searching = v->answered = false;
	v->until = 0;
	if (!v->nothing) {
		uci_say_best(v, &v->answer);
		return;
	}
	uci_say(v->nothing);
	uci_say("bestmove 0000");
}

/* NULL: there is a move to look for. */
static const char *nothing_to_do(struct uci_server *v)
{
	if (v->unread)
		return "info string the last position was not understood";
	if (uci_board_goes_on(v))
		return NULL;
	return chess_in_check(v->state) ? "info depth 0 score mate 0"
					: "info depth 0 score cp 0";
}

/* A move of the book, at once. */
static bool play_by_book(struct uci_server *v)
{
	char text[GAME_TEXT_SIZE];
	game_move m = GAME_NO_MOVE;
	struct buf out;
	struct rng r;

	rng_init(&r, v->serve.seed, RNG_OPENING, v->number, (uint64_t)v->plies);
	if (v->book && v->own_book && !v->analyses && !v->holding &&
	    !v->go.searchmove_count)
		m = chess_book_draw(v->book, &v->game, v->state, &r);
	if (m == GAME_NO_MOVE)
		return false;
	chess_uci_text(&v->game, v->state, m, text);
	buf_init(&out);
	buf_printf(&out, "info string from the book\nbestmove %s\n", text);
	serve_say(&out);
	return true;
}

static void begin_search(struct uci_server *v, const char *args)
{
	game_move *only = mem_zalloc((size_t)v->game.move_count, sizeof(*only));
	bool whole;
	struct agent_limits limits;

	uci_parse_go(args, &v->go);
	if (v->go.perft >= 0) {
		uci_board_count(v, v->go.perft > 99 ? 99 : (int)v->go.perft);
		free(only);
		return;
	}
	v->answered = v->searching = false;
	v->holding = v->go.infinite || v->go.ponder;
	v->nothing = nothing_to_do(v);
	if (!v->nothing && play_by_book(v)) {
		free(only);
		return;
	}
	if (v->nothing) {
		v->searching = v->answered = true;
		if (!v->holding)
			finish(v);
		free(only);
		return;
	}
	v->began = v->said = clock_seconds();
	set_deadline(v);
	limits = (struct agent_limits){
		.simulations = simulations_for(v),
		.lines = v->multipv,
		.no_trace = true,
		.only = only,
		.only_count = only_moves(v, only),
	};
	whole = v->told && !*v->from.start;
	thinker_limit(v->serve.thinker, &limits);
	thinker_ask(v->serve.thinker, v->state, v->serve.seed, v->number,
		    v->plies, whole ? v->moves : NULL);
	v->searching = true;
	free(only);
}

/* Once: from then on it goes by the newest positions. */
static void say_slid(struct uci_server *v, const struct thought_reading *r)
{
	struct buf out;

	if (!r->slides || v->slid)
		return;
	v->slid = true;
	buf_init(&out);
	buf_printf(&out,
		   "info string the context of %d positions is full: the "
		   "oldest are forgotten\n",
		   r->context);
	serve_say(&out);
}

static void hear_thinker(struct uci_server *v)
{
	struct thought t;

	if (!v->searching)
		return;
	if (thinker_peek(v->serve.thinker, &t)) {
		if (clock_seconds() - v->said > INFO_SECONDS)
			uci_say_lines(v, &t);
		if (v->go.depth > 0 && t.line_count &&
		    t.lines[0].count >= v->go.depth)
			thinker_hurry(v->serve.thinker);
		thought_release(&t);
	}
	if (!v->answered && thinker_take(v->serve.thinker, &v->answer)) {
		v->answered = true;
		say_slid(v, &v->answer.reading);
		if (!v->holding)
			finish(v);
		else if (!*v->answer.forfeit)
			uci_say_lines(v, &v->answer);
	}
}

static void stop(struct uci_server *v)
{
	const char *text;

	if (!v->searching)
		return;
	v->holding = false;
	thinker_hurry(v->serve.thinker);
	if (v->answered)
		finish(v);
	while (v->searching)
		if (serve_wait(&v->serve, false, 0, &text) == SERVE_WAKE)
			hear_thinker(v);
}

/* --- commands ------------------------------------------------------------ */

static void greet(const struct uci_server *v)
{
	struct buf out;

	buf_init(&out);
	buf_printf(&out,
		   "id name plyscope " PACKAGE_VERSION " %s\n"
		   "id author the plyscope authors\n",
		   thinker_name(v->serve.thinker));
	uci_options_list(v, &out);
	buf_puts(&out, "uciok\n");
	serve_say(&out);
}

static void ponder_hit(struct uci_server *v)
{
	if (!v->searching || !v->go.ponder)
		return;
	v->go.ponder = false;
	v->began = clock_seconds();
	set_deadline(v);
	v->holding = v->go.infinite;
	if (v->answered && !v->holding)
		finish(v);
	else if (v->until <= 0 && !v->holding)
		stop(v);
}

/* False: it is over. */
static bool obey(struct uci_server *v, const char *line)
{
	if (uci_take(&line, "quit"))
		return false;
	if (uci_take(&line, "uci")) {
		greet(v);
	} else if (uci_take(&line, "isready")) {
		uci_say("readyok");
	} else if (uci_take(&line, "stop")) {
		stop(v);
	} else if (uci_take(&line, "ponderhit")) {
		ponder_hit(v);
	} else if (uci_take(&line, "setoption")) {
		stop(v);
		uci_options_set(v, line);
	} else if (uci_take(&line, "ucinewgame")) {
		stop(v);
		if (v->told)
			serve_tell(&v->serve, &v->from, v->moves, v->plies);
		v->number++;
	} else if (uci_take(&line, "position")) {
		stop(v);
		uci_board_set(v, line);
	} else if (uci_take(&line, "go")) {
		stop(v);
		begin_search(v, line);
	}
	return true;
}

static void serve(struct uci_server *v)
{
	for (;;) {
		const char *line = "";

		switch (serve_wait(&v->serve, true, v->until, &line)) {
		case SERVE_LINE:
			if (!obey(v, line))
				return;
			break;
		case SERVE_WAKE:
			hear_thinker(v);
			break;
		case SERVE_TIME:
			v->until = 0;
			stop(v);
			break;
		case SERVE_END:
			/* What was asked for is still answered. */
			if (v->holding)
				stop(v);
			while (v->searching) {
				serve_wait(&v->serve, false, v->until, &line);
				hear_thinker(v);
				if (v->until > 0 && clock_seconds() >= v->until)
					stop(v);
			}
			return;
		}
	}
}

struct uci_args {
	struct serve_args serve;
	const char *book;
};

static int run(const struct cmd_line *line)
{
	const struct uci_args *a = line->args;
	struct uci_server *v = mem_zalloc(1, sizeof(*v));
	int status = serve_open(&v->serve, line, "chess", &v->game);
	struct err e = ERR_INIT;

	if (!status && strcmp(v->game.rules->family, "chess"))
		status = cmd_complain(line, CMD_USAGE,
				      "UCI is for chess, and this agent plays "
				      "%s: see 'plyscope gtp'",
				      game_title(&v->game));
	if (!status && a->book && chess_book_open(&v->book, a->book, &e))
		status = cmd_fail(line, &e);
	if (!status) {
		struct game usual;

		v->state = mem_zalloc(1, v->game.state_size);
		v->scratch = mem_zalloc(1, v->game.state_size);
		v->moves = mem_zalloc((size_t)v->game.max_plies,
				      sizeof(*v->moves));
		if (game_from(&usual, &v->game, "", NULL))
			usual = v->game;
		uci_options_open(v);
		uci_board_start(v, &usual);
		serve(v);
		uci_options_release(v);
	}
	chess_book_close(v->book);
	serve_close(&v->serve);
	if (v->answered && !v->nothing)
		thought_release(&v->answer);
	free(v->state);
	free(v->scratch);
	free(v->moves);
	free(v);
	return status;
}

#define ARGS struct uci_args

static const struct cmd_option options[] = {
	CMD_STRING("agent", "SPEC", serve.agent, NULL,
		   "who plays, e.g. mcts:chess/latest,sims=800"),
	CMD_STRING("game", "GAME", serve.game, NULL,
		   "a member of the family (chess)"),
	CMD_SEED(serve.seed, "of the agent's randomness ({})"),
	CMD_STRING("book", "FILE", book, NULL,
		   "openings to play from, in Polyglot's format"),
	CMD_END,
};

const struct cmd cmd_uci = {
	.name = "uci",
	.synopsis = "--agent SPEC",
	.summary = "serve an agent to a chess front end, through UCI",
	.details = "Reads commands from standard input until 'quit'.  With "
		   "clocks the agent thinks as\nit does, but not longer than "
		   "they allow; 'nodes' are simulations.",
	.options = options,
	.args_size = sizeof(struct uci_args),
	.max_args = 0,
	.lab = true,
	.dialogue = true,
	.run = run,
};
