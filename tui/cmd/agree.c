/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/accord.h"
#include "core/session/accord_games.h"
#include "core/session/opinion.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/option.h"
#include "tui/cmd/position.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/work.h"

struct agree_args {
	const char *moves;
	int64_t limit;
	int ply, stages;
	bool json, exact;
};

struct agreeing {
	const struct cmd_line *line;
	const struct agree_args *args;
	struct accord_asked asked;
	struct accord a;
	const struct accord_games *games; /* NULL: a position by hand */
	struct buf out;
};

static const char *exact_word(int sign)
{
	return sign > 0 ? "win" : sign < 0 ? "loss" : "draw";
}

static double share(double part, int64_t of)
{
	return of ? part / (double)of : (double)NAN;
}

static void put_number(struct json *j, const char *key, double v)
{
	json_key(j, key);
	if (isnan(v))
		json_null(j);
	else
		json_double(j, v);
}

static void put_string(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_string(j, text);
}

static void add_share(struct grid *g, double v)
{
	if (isnan(v))
		grid_add(g, "-");
	else
		grid_add(g, "%.1f%%", 100 * v);
}

/* ---- one position: a row each ---- */

/* Who says what: an agent, or the move that was made. */
struct mover {
	const char *who;
	game_move move;
	double chance, value; /* NAN: unknown */
	int exact;            /* -2: unknown */
	int rank;             /* of the move that was made; -1 */
	bool has_played, same;
	const char *wrong;
};

static struct mover mover_of(const struct agreeing *x, int i)
{
	const struct accord_place *p = &x->asked.places[0];
	const struct opinion *o = x->a.said[i];
	struct mover m = {
		.who = x->asked.agents[i],
		.move = GAME_NO_MOVE,
		.chance = (double)NAN,
		.value = (double)NAN,
		.exact = -2,
		.rank = -1,
		.has_played = p->played != GAME_NO_MOVE,
		.wrong = o ? o->wrong : "stopped",
	};

	if (!o || o->wrong)
		return m;
	m.move = opinion_top(o);
	m.value = opinion_value(o);
	if (m.move != GAME_NO_MOVE) {
		m.chance = (double)opinion_find(o, m.move)->policy;
		m.exact = x->a.exact ? x->a.exact[m.move] : -2;
	}
	if (m.has_played)
		m.rank = opinion_rank(o, p->played);
	m.same = m.has_played && m.move == p->played;
	return m;
}

static struct mover mover_played(const struct agreeing *x)
{
	game_move m = x->asked.places[0].played;

	return (struct mover){
		.who = "played",
		.move = m,
		.chance = (double)NAN,
		.value = (double)NAN,
		.exact = x->a.exact ? x->a.exact[m] : -2,
		.rank = -1,
	};
}

static void move_text(const struct agreeing *x, game_move m,
		      char out[GAME_TEXT_SIZE])
{
	const struct game *g = x->asked.game;

	snprintf(out, GAME_TEXT_SIZE, "-");
	if (m != GAME_NO_MOVE)
		g->rules->move_text(g, x->asked.places[0].state, m, out);
}

static void put_mover(struct json *j, const struct agreeing *x,
		      const struct mover *m)
{
	char text[GAME_TEXT_SIZE];

	json_open(j, '{');
	put_string(j, "who", m->who);
	if (m->wrong) {
		put_string(j, "wrong", m->wrong);
	} else {
		move_text(x, m->move, text);
		put_string(j, "move", text);
		put_number(j, "probability", m->chance);
		put_number(j, "value", m->value);
		if (m->exact >= -1)
			put_string(j, "exact", exact_word(m->exact));
		if (m->rank >= 0) {
			json_key(j, "rank_of_played");
			json_int(j, m->rank + 1);
			json_key(j, "agrees");
			json_bool(j, m->same);
		}
	}
	json_close(j, '}');
}

static void add_mover(struct grid *g, const struct agreeing *x,
		      const struct mover *m)
{
	char text[GAME_TEXT_SIZE];

	move_text(x, m->move, text);
	grid_add(g, "%s", m->who);
	grid_add(g, "%s", m->wrong ? m->wrong : text);
	add_share(g, m->chance);
	if (isnan(m->value))
		grid_add(g, "-");
	else
		grid_add(g, "%+.3f", m->value);
	grid_add(g, "%s", m->exact >= -1 ? exact_word(m->exact) : "-");
	if (m->rank >= 0)
		grid_add(g, "%d", m->rank + 1);
	else
		grid_add(g, "-");
	grid_add(g, "%s", m->same ? "yes" : m->has_played ? "no" : "-");
}

/* The moves that keep what the position is worth. */
static void exact_moves(const struct agreeing *x, struct buf *out)
{
	char text[GAME_TEXT_SIZE];
	int best = -2;

	for (int i = 0; i < x->asked.game->move_count; i++)
		if (x->a.exact[i] > best)
			best = x->a.exact[i];
	for (int i = 0; i < x->asked.game->move_count; i++) {
		if (x->a.exact[i] != best)
			continue;
		move_text(x, (game_move)i, text);
		buf_printf(out, "%s%s", out->len ? " " : "", text);
	}
	buf_printf(out, " (%s)", exact_word(best));
}

static void show_position(struct agreeing *x)
{
	static const struct grid_column columns[] = {
		{.title = "WHO", .cut = true},
		{.title = "MOVE"},
		{.title = "PROBABILITY", .right = true},
		{.title = "VALUE", .right = true},
		{.title = "EXACT"},
		{.title = "RANK", .right = true},
		{.title = "AGREES"},
		{NULL, false, false},
	};
	bool made = x->asked.places[0].played != GAME_NO_MOVE;
	struct mover m;
	struct buf best;
	struct json j;
	struct grid g;

	buf_init(&best);
	grid_init(&g, columns);
	json_init(&j, &x->out);
	if (x->a.exact)
		exact_moves(x, &best);
	if (x->args->json) {
		json_open(&j, '{');
		if (best.len)
			put_string(&j, "solver", best.data);
		json_key(&j, "movers");
		json_open(&j, '[');
	}
	for (int i = made ? -1 : 0; i < x->asked.agent_count; i++) {
		m = i < 0 ? mover_played(x) : mover_of(x, i);
		if (x->args->json)
			put_mover(&j, x, &m);
		else
			add_mover(&g, x, &m);
	}
	if (x->args->json) {
		json_close(&j, ']');
		json_close(&j, '}');
		buf_putc(&x->out, '\n');
	} else {
		grid_write(&g, grid_width(), &x->out);
		if (best.len)
			buf_printf(&x->out, "solver: %s\n", best.data);
	}
	grid_release(&g);
	buf_release(&best);
}

/* ---- many positions: totals, and the matrix of agent by stage ---- */

static void stage_name(const struct agreeing *x, int k, char out[48])
{
	const int64_t *s = x->games->steps[k];

	if (s[0] < 0)
		snprintf(out, 48, "all");
	else
		snprintf(out, 48, "%lld..%lld", (long long)s[0],
			 (long long)s[1]);
}

static void put_cell(struct json *j, const struct accord_cell *c)
{
	json_key(j, "moves");
	json_int(j, c->moves);
	put_number(j, "agreement", share((double)c->same, c->moves));
	put_number(j, "probability", share(c->chance, c->moves));
	put_number(j, "mean_rank", share(c->rank, c->moves) + 1);
	json_key(j, "solved");
	json_int(j, c->solved);
	put_number(j, "kept", share((double)c->kept, c->solved));
}

static void put_matrix(struct agreeing *x)
{
	int n = x->a.agent_count;
	struct accord_cell c;
	struct json j;
	char name[48];

	json_init(&j, &x->out);
	json_open(&j, '{');
	json_key(&j, "games");
	json_int(&j, x->games->games);
	json_key(&j, "positions");
	json_int(&j, x->asked.place_count);
	json_key(&j, "agents");
	json_open(&j, '[');
	for (int i = 0; i < n; i++) {
		accord_total(&x->a, i, &c);
		json_open(&j, '{');
		put_string(&j, "who", x->asked.agents[i]);
		put_cell(&j, &c);
		json_key(&j, "stages");
		json_open(&j, '[');
		for (int k = 0; k < x->a.stages; k++) {
			stage_name(x, k, name);
			json_open(&j, '{');
			put_string(&j, "steps", name);
			put_cell(&j, &x->a.cells[i * x->a.stages + k]);
			json_close(&j, '}');
		}
		json_close(&j, ']');
		json_key(&j, "same_as");
		json_open(&j, '[');
		for (int k = 0; k < n; k++)
			json_double(&j, share((double)x->a.pairs[i * n + k],
					      x->asked.place_count));
		json_close(&j, ']');
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(&x->out, '\n');
}

static void show_totals(struct agreeing *x)
{
	static const struct grid_column columns[] = {
		{.title = "WHO", .cut = true},
		{.title = "MOVES", .right = true},
		{.title = "AGREES", .right = true},
		{.title = "PROBABILITY", .right = true},
		{.title = "RANK", .right = true},
		{.title = "SOLVED", .right = true},
		{.title = "KEPT", .right = true},
		{NULL, false, false},
	};
	struct accord_cell c;
	struct grid g;

	grid_init(&g, columns);
	for (int i = 0; i < x->a.agent_count; i++) {
		accord_total(&x->a, i, &c);
		grid_add(&g, "%s", x->asked.agents[i]);
		grid_add(&g, "%lld", (long long)c.moves);
		add_share(&g, share((double)c.same, c.moves));
		add_share(&g, share(c.chance, c.moves));
		grid_add(&g, "%.2f", share(c.rank, c.moves) + 1);
		grid_add(&g, "%lld", (long long)c.solved);
		add_share(&g, share((double)c.kept, c.solved));
	}
	grid_write(&g, grid_width(), &x->out);
	grid_release(&g);
}

/* Rows are agents; a column each for stages (`same` false) or agents. */
static void show_matrix(struct agreeing *x, bool same)
{
	enum { MOST = 24 };
	int n = x->a.agent_count, width = same ? n : x->a.stages;
	struct grid_column columns[MOST + 2] = {{.title = "WHO", .cut = true}};
	char titles[MOST][48];
	struct grid g;

	if (width > MOST)
		width = MOST;
	for (int k = 0; k < width; k++) {
		if (same)
			snprintf(titles[k], sizeof(titles[k]), "%d", k + 1);
		else
			stage_name(x, k, titles[k]);
		columns[k + 1] =
			(struct grid_column){.title = titles[k], .right = true};
	}
	buf_puts(&x->out, same ? "\nboth choose the same move, by number\n"
			       : "\nagreement by the steps of the games\n");
	grid_init(&g, columns);
	for (int i = 0; i < n; i++) {
		grid_add(&g, "%d %s", i + 1, x->asked.agents[i]);
		for (int k = 0; k < width; k++) {
			const struct accord_cell *c =
				&x->a.cells[i * x->a.stages + k];

			add_share(&g,
				  same ? share((double)x->a.pairs[i * n + k],
					       x->asked.place_count)
				       : share((double)c->same, c->moves));
		}
	}
	grid_write(&g, grid_width(), &x->out);
	grid_release(&g);
}

static void show_games(struct agreeing *x)
{
	if (x->args->json) {
		put_matrix(x);
		return;
	}
	buf_printf(&x->out, "%s: %lld games, %d positions\n\n",
		   game_title(x->asked.game), (long long)x->games->games,
		   x->asked.place_count);
	show_totals(x);
	if (x->a.stages > 1)
		show_matrix(x, false);
	if (x->a.agent_count > 1)
		show_matrix(x, true);
}

static void tell(void *ctx, int64_t done, int64_t total)
{
	(void)ctx;
	cmd_progress_of((double)done, (double)total, "%lld of %lld answers",
			(long long)done, (long long)total);
}

static int find(struct agreeing *x)
{
	struct err wrong = ERR_INIT;
	int status = 0;

	accord_find(&x->a, &x->asked, work_interrupt(), tell, NULL, &wrong);
	cmd_progress_end();
	buf_init(&x->out);
	if (wrong.code && !x->a.said)
		status = cmd_fail(x->line, &wrong);
	else if (x->a.said)
		show_position(x);
	else
		show_games(x);
	accord_release(&x->a);
	if (!status)
		return cmd_finish(x->line, &x->out);
	buf_release(&x->out);
	return status;
}

/* ---- what is asked about ---- */

static int by_hand(struct agreeing *x)
{
	struct accord_place at = {.played = GAME_NO_MOVE};
	struct position p;
	int status =
		position_open(&p, x->line, x->line->argv[1], x->args->moves);

	if (status)
		return status;
	at.state = p.state;
	at.line = p.moves;
	at.ply = p.plies;
	x->asked.game = &p.game;
	x->asked.places = &at;
	x->asked.place_count = x->asked.stages = 1;
	if (p.game.rules->to_act(&p.game, p.state) < 0)
		status = cmd_complain(x->line, CMD_USAGE,
				      "nobody is to move there");
	else
		status = find(x);
	position_close(&p);
	return status;
}

static int one_ply(struct agreeing *x, struct accord_games *games)
{
	for (int i = 0; i < games->count; i++) {
		if (games->places[i].ply != x->args->ply)
			continue;
		x->asked.places = &games->places[i];
		x->asked.place_count = 1;
		return find(x);
	}
	return cmd_complain(x->line, CMD_USAGE,
			    "nobody chose a move at ply %d of this game",
			    x->args->ply);
}

static int of_games(struct agreeing *x, struct lab *lab)
{
	bool one = !strcmp(x->line->argv[0], "game");
	struct game_filter filter;
	struct accord_games games;
	struct err e = ERR_INIT;
	int64_t id = 0;
	int status = 0;

	if (one)
		status = rows_id(x->line, "game", x->line->argv[1], &id);
	else if (game_filter_parse(x->line->argv[1], &filter, &e))
		status = cmd_fail(x->line, &e);
	if (status)
		return status;
	if (accord_games_load(&games, lab, id, &filter, x->args->limit,
			      x->args->stages, &e)) {
		status = cmd_fail(x->line, &e);
	} else {
		x->games = &games;
		x->asked.game = &games.game;
		x->asked.places = games.places;
		x->asked.place_count = games.count;
		x->asked.stages = games.stages;
		status = one && cmd_given(x->line, "ply") ? one_ply(x, &games)
							  : find(x);
	}
	accord_games_release(&games);
	return status;
}

static int run(const struct cmd_line *line)
{
	struct agreeing x = {.line = line, .args = line->args};
	const char *what = line->argv[0];
	bool hand = !strcmp(what, "position");
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status;

	if (!hand && strcmp(what, "game") != 0 && strcmp(what, "games") != 0)
		return cmd_complain(line, CMD_USAGE,
				    "%s: must be game, games or position",
				    what);
	x.asked.agents = line->argv + 2;
	x.asked.agent_count = line->argc - 2;
	x.asked.exact = x.args->exact || hand || cmd_given(line, "ply");
	if (lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e))
		return cmd_fail(line, &e);
	x.asked.source = lab_agents(lab);
	status = hand ? by_hand(&x) : of_games(&x, lab);
	lab_close(lab);
	return status;
}

#define ARGS struct agree_args

static const struct cmd_option options[] = {
	CMD_STRING("moves", "LINE", moves, NULL,
		   "of position: after these moves"),
	CMD_INT("ply", "N", ply, 0, 100000, "0",
		"of game: this position alone, a row for each who could move"),
	CMD_INT64("limit", "N", limit, 0, (double)INT64_MAX, "100",
		  "of games: at most, the newest; 0: all ({})"),
	CMD_INT("stages", "K", stages, 1, 24, "1",
		"of games: a column each for K stages of their run ({})"),
	CMD_FLAG("exact", exact,
		 "of games: hold moves against the solver too, where it is "
		 "quick"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_agree = {
	.name = "agree",
	.synopsis = "game ID | games FILTER | position GAME  SPEC ... "
		    "[--ply N] [--stages K]",
	.summary = "who would have made the moves that were made",
	.details = "Each agent's move, its probability and value, what the "
		   "solver says of it, and the\nrank that the move played has "
		   "with it; of games the totals: how often it is the\nagent's "
		   "own choice, and how often two agents choose the same.  "
		   "FILTER is one\nargument, \"run=c4 result=draw\".",
	.options = options,
	.args_size = sizeof(struct agree_args),
	.min_args = 3,
	.max_args = -1,
	.lab = true,
	.run = run,
};
