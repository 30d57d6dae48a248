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
#include "core/game/chess.h"
#include "core/game/game.h"
#include "core/session/thinker.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/serve.h"
#include "tui/cmd/table.h"

/* Seconds between two sets of info lines, and lines at most. */
static const double INFO_SECONDS = 0.25;
enum { MOST_LINES = 218 };

struct server {
	struct serve serve;
	/* The position: moves from the start of `from`. */
	struct game game, from;
	bool lost; /* the last position was not understood, or is over */
	void *state, *scratch; /* owned */
	game_move *moves;      /* owned; [max_plies] */
	int plies;
	uint64_t number; /* of the game */

	int multipv, simulations;
	bool show_wdl;

	/* The search in hand. */
	bool searching, holding; /* holding: the answer waits for "stop" */
	struct uci_go go;
	double began, until, said;
	struct thought answer; /* owned while holding */
	bool answered;
	bool slid; /* it was said that the agent forgets */
};

static void say(const char *text)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "%s\n", text);
	serve_say(&b);
}

static void say_info_string(const char *text)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "info string %s\n", text);
	serve_say(&b);
}

/* --- the position -------------------------------------------------------- */

static void start_from(struct server *v, const struct game *from)
{
	v->from = *from;
	v->plies = 0;
	v->lost = false;
	memset(v->state, 0, v->game.state_size);
	v->from.rules->start(&v->from, v->state, 0);
}

static bool is_over(const struct server *v)
{
	return v->game.rules->to_act(&v->game, v->state) == GAME_OVER;
}

/*
 * Front ends may go on where our rules have a draw: a third repetition, fifty
 * moves.  The same position without its past can be played from.
 */
static bool go_on_from_here(struct server *v)
{
	char fen[GAME_START_SIZE], fresh[GAME_START_SIZE];
	int spaces = 0, n = 0;
	struct game from;

	v->game.rules->position_text(&v->game, v->state, fen);
	/* The first four fields: board, side, castling, en passant. */
	while (fen[n] && (fen[n] != ' ' || ++spaces < 4))
		n++;
	snprintf(fresh, sizeof(fresh), "%.*s 0 1", n, fen);
	if (game_from(&from, &v->game, fresh, NULL))
		return false;
	start_from(v, &from);
	return !is_over(v);
}

static bool play(struct server *v, const char *text)
{
	game_move m;

	if (is_over(v) && !go_on_from_here(v))
		return false;
	m = v->game.rules->move_parse(&v->game, v->state, text);
	if (m == GAME_NO_MOVE)
		return false;
	v->game.rules->apply(&v->game, v->state, m);
	v->moves[v->plies++] = m;
	return true;
}

static void set_position(struct server *v, const char *args)
{
	struct uci_position p;
	struct game from;
	struct err e = ERR_INIT;
	char move[UCI_MOVE_SIZE], why[160];

	uci_parse_position(args, &p);
	if (!p.given) {
		say_info_string("position: startpos or fen must follow");
		return;
	}
	if (game_from(&from, &v->game, p.fen, &e)) {
		v->lost = true;
		say_info_string(e.msg);
		return;
	}
	start_from(v, &from);
	while (uci_next_move(&p.moves, move)) {
		if (play(v, move))
			continue;
		snprintf(why, sizeof(why), "position: '%s' is not a legal move",
			 move);
		say_info_string(why);
		return;
	}
}

/* --- what is said -------------------------------------------------------- */

static void add_move(struct buf *b, const struct game *g, void *state,
		     game_move m)
{
	char text[GAME_TEXT_SIZE];

	chess_uci_text(g, state, m, text);
	buf_printf(b, "%s%s", b->len ? " " : "", text);
	g->rules->apply(g, state, m);
}

static const struct agent_move *find_move(const struct thought *t, game_move m)
{
	for (int i = 0; i < t->count; i++)
		if (t->moves[i].move == m)
			return &t->moves[i];
	return NULL;
}

/* A proven result is a mate where the line goes all the way. */
static void set_score(const struct server *v, const struct thought *t,
		      const struct thought_line *line, bool ends,
		      struct uci_info *info)
{
	const struct agent_move *m = find_move(t, line->moves[0]);
	double q = m && !isnan(m->q) ? (double)m->q
				     : (double)(t->wdl[0] - t->wdl[2]);
	int moves = (line->count + 1) / 2;

	(void)v;
	info->has_cp = true;
	info->cp = uci_cp_of(q);
	if (ends && fabs(q) >= 1) {
		info->has_mate = true;
		info->mate = q > 0 ? moves : -moves;
	}
}

static void set_wdl(const struct thought *t, struct uci_info *info)
{
	info->has_wdl = true;
	info->wdl[0] = (int)lroundf(t->wdl[0] * 1000);
	info->wdl[2] = (int)lroundf(t->wdl[2] * 1000);
	info->wdl[1] = 1000 - info->wdl[0] - info->wdl[2];
}

static void say_line(struct server *v, const struct thought *t, int number,
		     int deepest, struct buf *out)
{
	const struct thought_line *line = &t->lines[number];
	struct uci_info info = UCI_INFO_NONE;
	double seconds = clock_seconds() - v->began;
	const struct game *g = &v->game;
	struct buf pv;

	buf_init(&pv);
	memcpy(v->scratch, v->state, g->state_size);
	for (int i = 0; i < line->count; i++)
		add_move(&pv, g, v->scratch, line->moves[i]);
	info.depth = line->count;
	info.seldepth = deepest;
	info.multipv = number + 1;
	info.nodes = t->simulations;
	info.time_ms = (int64_t)(seconds * 1000);
	info.nps = seconds > 0.001 ? (int64_t)(t->simulations / seconds) : 0;
	info.pv = pv.data;
	set_score(v, t, line, g->rules->to_act(g, v->scratch) == GAME_OVER,
		  &info);
	if (v->show_wdl && number == 0 && t->has_value)
		set_wdl(t, &info);
	uci_format_info(&info, out);
	buf_putc(out, '\n');
	buf_release(&pv);
}

static void say_lines(struct server *v, const struct thought *t)
{
	struct buf out;
	int deepest = 1;

	v->said = clock_seconds();
	for (int i = 0; i < t->line_count; i++)
		if (t->lines[i].count > deepest)
			deepest = t->lines[i].count;
	buf_init(&out);
	for (int i = 0; i < t->line_count; i++)
		say_line(v, t, i, deepest, &out);
	serve_say(&out);
}

static void say_best(struct server *v, struct thought *t)
{
	struct buf out, best;

	if (*t->forfeit)
		say_info_string(t->forfeit);
	else
		say_lines(v, t);
	memcpy(v->scratch, v->state, v->game.state_size);
	buf_init(&best);
	add_move(&best, &v->game, v->scratch, t->move);
	buf_init(&out);
	buf_printf(&out, "bestmove %s", best.data);
	if (t->line_count && t->lines[0].count > 1 && !*t->forfeit) {
		buf_clear(&best);
		add_move(&best, &v->game, v->scratch, t->lines[0].moves[1]);
		buf_printf(&out, " ponder %s", best.data);
	}
	buf_putc(&out, '\n');
	serve_say(&out);
	buf_release(&best);
	thought_release(t);
}

/* --- searching ----------------------------------------------------------- */

/* The moves after "searchmoves" that are legal, into only[]. */
static int only_moves(struct server *v, game_move *only)
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

static int simulations_for(const struct server *v)
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

static void set_deadline(struct server *v)
{
	int player = v->game.rules->to_act(&v->game, v->state);
	int64_t ms = v->go.ponder ? -1 : uci_time(&v->go, player);

	v->until = ms < 0 ? 0 : v->began + (double)ms / 1000;
}

static void begin_search(struct server *v, const char *args)
{
	game_move *only = mem_zalloc((size_t)v->game.move_count, sizeof(*only));
	bool whole = !*v->from.start;
	struct agent_limits limits;

	uci_parse_go(args, &v->go);
	if (v->lost || (is_over(v) && !go_on_from_here(v))) {
		say("info depth 0 score mate 0\nbestmove 0000");
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
	thinker_limit(v->serve.thinker, &limits);
	thinker_ask(v->serve.thinker, v->state, v->serve.seed, v->number,
		    v->plies, whole ? v->moves : NULL);
	v->searching = true;
	v->holding = v->go.infinite || v->go.ponder;
	v->answered = false;
	free(only);
}

/* The answer is there: now, or once somebody says "stop". */
static void finish(struct server *v)
{
	v->searching = false;
	v->until = 0;
	say_best(v, &v->answer);
	v->answered = false;
}

/* Once: from then on it goes by the newest positions. */
static void say_slid(struct server *v, const struct thought_reading *r)
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

static void hear_thinker(struct server *v)
{
	struct thought t;

	if (!v->searching)
		return;
	if (thinker_peek(v->serve.thinker, &t)) {
		if (clock_seconds() - v->said > INFO_SECONDS)
			say_lines(v, &t);
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
	}
}

static void stop(struct server *v)
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

static void greet(const struct server *v)
{
	struct buf out;

	buf_init(&out);
	buf_printf(&out,
		   "id name plyscope " PACKAGE_VERSION " %s\n"
		   "id author the plyscope authors\n"
		   "option name MultiPV type spin default 1 min 1 max %d\n"
		   "option name UCI_ShowWDL type check default false\n"
		   "option name Simulations type spin default 0 min 0 max %d\n"
		   "option name Hash type spin default 256 min 1 max 65536\n"
		   "option name Threads type spin default 1 min 1 max 256\n"
		   "option name Ponder type check default false\n"
		   "uciok\n",
		   thinker_name(v->serve.thinker), MOST_LINES, SERVE_MANY);
	serve_say(&out);
}

static void set_option(struct server *v, const char *args)
{
	struct uci_setting s;
	int n;

	if (!uci_parse_setting(args, &s))
		return;
	n = atoi(s.value);
	if (!strcasecmp(s.name, "MultiPV") && n >= 1)
		v->multipv = n > MOST_LINES ? MOST_LINES : n;
	else if (!strcasecmp(s.name, "UCI_ShowWDL"))
		v->show_wdl = !strcasecmp(s.value, "true");
	else if (!strcasecmp(s.name, "Simulations") && n >= 0)
		v->simulations = n > SERVE_MANY ? SERVE_MANY : n;
}

static void ponder_hit(struct server *v)
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
static bool obey(struct server *v, const char *line)
{
	if (uci_take(&line, "quit"))
		return false;
	if (uci_take(&line, "uci")) {
		greet(v);
	} else if (uci_take(&line, "isready")) {
		say("readyok");
	} else if (uci_take(&line, "stop")) {
		stop(v);
	} else if (uci_take(&line, "ponderhit")) {
		ponder_hit(v);
	} else if (uci_take(&line, "setoption")) {
		set_option(v, line);
	} else if (uci_take(&line, "ucinewgame")) {
		stop(v);
		serve_tell(&v->serve, &v->from, v->moves, v->plies);
		v->number++;
	} else if (uci_take(&line, "position")) {
		stop(v);
		set_position(v, line);
	} else if (uci_take(&line, "go")) {
		stop(v);
		begin_search(v, line);
	}
	return true;
}

static void serve(struct server *v)
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

static int run(const struct cmd_line *line)
{
	struct server *v = mem_zalloc(1, sizeof(*v));
	int status = serve_open(&v->serve, line, "chess", &v->game);

	if (!status && strcmp(v->game.rules->family, "chess"))
		status = cmd_complain(line, CMD_USAGE,
				      "UCI is for chess, and this agent plays "
				      "%s: see 'plyscope gtp'",
				      game_title(&v->game));
	if (!status) {
		struct game usual;

		v->state = mem_zalloc(1, v->game.state_size);
		v->scratch = mem_zalloc(1, v->game.state_size);
		v->moves = mem_zalloc((size_t)v->game.max_plies,
				      sizeof(*v->moves));
		v->multipv = 1;
		if (game_from(&usual, &v->game, "", NULL))
			usual = v->game;
		start_from(v, &usual);
		serve(v);
	}
	serve_close(&v->serve);
	if (v->answered)
		thought_release(&v->answer);
	free(v->state);
	free(v->scratch);
	free(v->moves);
	free(v);
	return status;
}

#define ARGS struct serve_args

static const struct cmd_option options[] = {
	CMD_STRING("agent", "SPEC", agent, NULL,
		   "who plays, e.g. mcts:chess/latest,sims=800"),
	CMD_STRING("game", "GAME", game, NULL,
		   "a member of the family (chess)"),
	CMD_SEED(seed, "of the agent's randomness ({})"),
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
	.args_size = sizeof(struct serve_args),
	.max_args = 0,
	.lab = true,
	.run = run,
};
