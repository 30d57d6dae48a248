/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/accord.h"
#include "core/session/blame.h"
#include "core/session/opinion.h"
#include "core/session/sweep.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/option.h"
#include "tui/cmd/trend.h"
#include "tui/cmd/work.h"

struct blame_args {
	const char *what;
	int id;
	const char *run;
	int simulations, most;
	bool json;
};

struct blaming {
	struct blame blame;
	int done, total;
};

static void take(void *ctx, int agent, int place, struct opinion *o)
{
	struct blaming *b = ctx;

	blame_take(&b->blame, agent, place, o);
	b->done++;
	cmd_progress_of(b->done, b->total, "%d of %d asked", b->done, b->total);
}

static void move_text(const struct blame *b, int move, char out[GAME_TEXT_SIZE])
{
	const struct game *g = &b->games.game;
	const struct accord_place *p = &b->games.places[move];

	g->rules->move_text(g, p->state, p->played, out);
}

static const char *mover(const struct blame *b, int move)
{
	const struct game *g = &b->games.game;

	return g->rules->to_act(g, b->games.places[move].state) ? "second"
								: "first";
}

static const struct blame_cell *cells_of(const struct blame *b, int move)
{
	return &b->cells[move * b->columns.count];
}

/* --- as JSON -------------------------------------------------------------- */

static void put_step(struct json *j, const char *key, const struct blame *b,
		     int column)
{
	json_key(j, key);
	if (column < 0)
		json_null(j);
	else
		json_int(j, b->columns.columns[column].step);
}

static void put_move(struct json *j, const struct blame *b, int move)
{
	const struct blame_cell *c = cells_of(b, move);
	struct blame_verdict v;
	char text[GAME_TEXT_SIZE];

	blame_verdict(b, move, &v);
	move_text(b, move, text);
	json_open(j, '{');
	json_key(j, "ply");
	json_int(j, b->games.places[move].ply);
	json_key(j, "player");
	json_string(j, mover(b, move));
	json_key(j, "move");
	json_string(j, text);
	put_step(j, "first", b, v.first);
	put_step(j, "stops", b, v.stops);
	json_key(j, "chance");
	json_open(j, '[');
	for (int i = 0; i < b->columns.count; i++) {
		if (isnan(c[i].chance))
			json_null(j);
		else
			json_double(j, (double)c[i].chance);
	}
	json_close(j, ']');
	json_key(j, "plays");
	json_open(j, '[');
	for (int i = 0; i < b->columns.count; i++)
		json_bool(j, c[i].plays);
	json_close(j, ']');
	json_close(j, '}');
}

static void put_json(const struct blame *b, const struct blame_args *a,
		     struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "id");
	json_int(&j, a->id);
	json_key(&j, "game");
	json_string(&j, game_short_name(&b->games.game));
	json_key(&j, "run");
	json_string(&j, a->run);
	json_key(&j, "simulations");
	json_int(&j, a->simulations);
	json_key(&j, "steps");
	json_open(&j, '[');
	for (int i = 0; i < b->columns.count; i++)
		json_int(&j, b->columns.columns[i].step);
	json_close(&j, ']');
	json_key(&j, "moves");
	json_open(&j, '[');
	for (int i = 0; i < b->games.count; i++)
		put_move(&j, b, i);
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
}

/* --- as text -------------------------------------------------------------- */

static double chance_at(const void *cells, int i)
{
	const struct blame_cell *c = cells;

	return (double)c[i].chance;
}

static void add_step(struct grid *g, const struct blame *b, int column)
{
	if (column < 0)
		grid_add(g, "-");
	else
		grid_add(g, "%lld", (long long)b->columns.columns[column].step);
}

static void put_text(const struct blame *b, const struct blame_args *a,
		     struct buf *out)
{
	static const struct grid_column columns[] = {
		{"ply", true, false},           {"player", false, false},
		{"move", false, false},         {"first", true, false},
		{"stops", true, false},         {"last %", true, false},
		{"over training", false, true}, {NULL, false, false},
	};
	int last = b->columns.count - 1;
	struct grid g;

	buf_printf(out, "game %d, %s, by the %d checkpoints of %s, ", a->id,
		   game_title(&b->games.game), last + 1, a->run);
	if (a->simulations)
		buf_printf(out, "searches of %d simulations\n\n",
			   a->simulations);
	else
		buf_puts(out, "by policy\n\n");
	grid_init(&g, columns);
	for (int i = 0; i < b->games.count; i++) {
		char text[GAME_TEXT_SIZE], trend[TREND + 1];
		double chance = (double)cells_of(b, i)[last].chance;
		struct blame_verdict v;

		blame_verdict(b, i, &v);
		move_text(b, i, text);
		trend_write(last + 1, chance_at, cells_of(b, i), trend);
		grid_add(&g, "%d", b->games.places[i].ply + 1);
		grid_add(&g, "%s", mover(b, i));
		grid_add(&g, "%s", text);
		add_step(&g, b, v.first);
		add_step(&g, b, v.stops);
		if (isnan(chance))
			grid_add(&g, "?");
		else
			grid_add(&g, "%.0f", 100 * chance);
		grid_add(&g, "%s", trend);
	}
	grid_write(&g, grid_width(), out);
	grid_release(&g);
	buf_puts(
		out,
		"\nfirst: the step that would play the move first; stops: from "
		"which on none would;\nover training: a digit for tenths of "
		"its probability\n");
}

static int ask(const struct cmd_line *line, struct blaming *b, struct lab *lab)
{
	const struct blame_args *a = line->args;
	struct opinion_question q;
	struct buf out;
	bool whole;

	blame_question(&b->blame, lab_agents(lab), &q);
	b->total = q.agent_count * q.place_count;
	whole = opinion_ask(&q, work_interrupt(), take, b);
	cmd_progress_end();
	if (!whole)
		return cmd_complain(line, CMD_FAILED, "interrupted");
	if (b->blame.wrong)
		return cmd_complain(line, CMD_FAILED, "%s", b->blame.wrong);
	buf_init(&out);
	if (a->json)
		put_json(&b->blame, a, &out);
	else
		put_text(&b->blame, a, &out);
	return cmd_finish(line, &out);
}

static int run(const struct cmd_line *line)
{
	const struct blame_args *a = line->args;
	struct blaming b = {.done = 0};
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status;

	if (strcmp(a->what, "game") != 0)
		return cmd_complain(line, CMD_USAGE,
				    "'%s': plyscope blame game ID --run NAME",
				    a->what);
	if (!a->run || !*a->run)
		return cmd_complain(line, CMD_USAGE,
				    "whose checkpoints? --run NAME");
	if (lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e) ||
	    blame_open(&b.blame, lab, a->id, a->run, a->most, a->simulations,
		       &e))
		status = cmd_fail(line, &e);
	else
		status = ask(line, &b, lab);
	blame_release(&b.blame);
	lab_close(lab);
	return status;
}

#define ARGS struct blame_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", what),
	CMD_ARG_INT(2, "ID", id, 1, INT32_MAX),
	CMD_STRING("run", "NAME", run, NULL, "whose checkpoints"),
	CMD_INT("sims", "N", simulations, 0, 1000000, "0",
		"simulations of a search; 0: the policy alone ({})"),
	CMD_INT("checkpoints", "N", most, 0, 1000000, "0",
		"at most so many of the run, evenly; 0: all ({})"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_blame = {
	.name = "blame",
	.synopsis = "game ID --run NAME [--sims N] [--json]",
	.summary = "which checkpoints would have made a game's moves",
	.details = "For each move the first checkpoint of the run that would "
		   "play it, the one from\nwhich on none does, and its "
		   "probability over the training.",
	.options = options,
	.args_size = sizeof(struct blame_args),
	.min_args = 2,
	.max_args = 2,
	.lab = true,
	.run = run,
};
