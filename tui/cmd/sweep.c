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
#include "core/lab/lab.h"
#include "core/lab/root_moves.h"
#include "core/session/opinion.h"
#include "core/session/sweep.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/option.h"
#include "tui/cmd/position.h"
#include "tui/cmd/table.h"
#include "tui/cmd/trend.h"
#include "tui/cmd/work.h"

struct sweep_args {
	const char *game, *moves, *runs;
	int simulations, most;
	bool json;
};

struct sweeping {
	const struct cmd_line *line;
	const struct sweep_args *args;
	struct position position;
	struct sweep sweep;
	int done;
};

static void take(void *ctx, int agent, int place, struct opinion *o)
{
	struct sweeping *s = ctx;

	(void)place;
	sweep_take(&s->sweep, agent, o);
	s->done++;
	cmd_progress_of(s->done, s->sweep.agent_count, "%d of %d asked",
			s->done, s->sweep.agent_count);
}

static void move_text(const struct sweep *s, game_move m,
		      char out[GAME_TEXT_SIZE])
{
	s->game.rules->move_text(&s->game, s->state, m, out);
}

static void key_number(struct json *j, const char *key, double x)
{
	json_key(j, key);
	if (isnan(x))
		json_null(j);
	else
		json_double(j, x);
}

static void key_move(struct json *j, const char *key, const struct sweep *s,
		     game_move m)
{
	char text[GAME_TEXT_SIZE];

	json_key(j, key);
	if (m == GAME_NO_MOVE) {
		json_null(j);
		return;
	}
	move_text(s, m, text);
	json_string(j, text);
}

static void put_column(struct json *j, const struct sweep *s, int column)
{
	const struct sweep_column *c = &s->columns[column];

	json_open(j, '{');
	json_key(j, "step");
	json_int(j, c->step);
	json_key(j, "games");
	json_int(j, c->games);
	key_number(j, "elo", c->elo);
	key_number(j, "value", opinion_value(c->opinion));
	key_move(j, "top", s, opinion_top(c->opinion));
	json_key(j, "moves");
	json_open(j, '[');
	for (int i = 0; i < c->opinion->count; i++)
		root_move_json(j, &s->game, s->state, &c->opinion->moves[i],
			       true);
	json_close(j, ']');
	json_close(j, '}');
}

static void put_run(struct json *j, const struct sweep *s, int run)
{
	const struct sweep_run *r = &s->runs[run];
	char text[GAME_TEXT_SIZE];
	struct sweep_verdict v;

	sweep_verdict(s, run, &v);
	json_open(j, '{');
	json_key(j, "run");
	json_string(j, r->name);
	json_key(j, "judge");
	json_string(j, v.judge == SWEEP_SOLVER ? "solver" : "last");
	json_key(j, "best");
	json_open(j, '[');
	for (int i = 0; i < s->move_count; i++) {
		if (!sweep_is_best(s, run, s->moves[i]))
			continue;
		move_text(s, s->moves[i], text);
		json_string(j, text);
	}
	json_close(j, ']');
	json_key(j, "learned_at");
	if (v.learned < 0)
		json_null(j);
	else
		json_int(j, s->columns[v.learned].step);
	json_key(j, "checkpoints");
	json_open(j, '[');
	for (int i = 0; i < r->count; i++)
		put_column(j, s, r->first + i);
	json_close(j, ']');
	json_close(j, '}');
}

static const char *to_move(const struct sweep *s)
{
	return s->game.rules->to_act(&s->game, s->state) ? "second" : "first";
}

static void put_json(const struct sweep *s, struct buf *out)
{
	struct buf moves;
	struct json j;
	void *start = game_state_new(&s->game, 0);

	buf_init(&moves);
	game_line_text(&s->game, start, s->line, s->ply, &moves);
	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "game");
	json_string(&j, game_short_name(&s->game));
	json_key(&j, "moves");
	json_string(&j, moves.data);
	json_key(&j, "to_move");
	json_string(&j, to_move(s));
	json_key(&j, "simulations");
	json_int(&j, s->simulations);
	json_key(&j, "runs");
	json_open(&j, '[');
	for (int r = 0; r < s->run_count; r++)
		put_run(&j, s, r);
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
	buf_release(&moves);
	free(start);
}

/* --- as text -------------------------------------------------------------- */

enum { SHOWN = 7 };

/* Checkpoint number k of n shown columns. */
static int shown(const struct sweep_run *r, int k, int n)
{
	return r->first + (n > 1 ? k * (r->count - 1) / (n - 1) : r->count - 1);
}

/* A move's probability in the columns of a run. */
struct over_training {
	const struct sweep *sweep;
	int first;
	game_move move;
};

static double policy_at(const void *ctx, int i)
{
	const struct over_training *t = ctx;

	return sweep_figure(t->sweep, t->first + i, t->move, SWEEP_POLICY);
}

static void put_row(const struct sweep *s, int run, game_move m, int n,
		    struct grid *g)
{
	const struct sweep_run *r = &s->runs[run];
	const struct over_training over = {s, r->first, m};
	char text[GAME_TEXT_SIZE], trend[TREND + 1];

	move_text(s, m, text);
	trend_write(r->count, policy_at, &over, trend);
	grid_add(g, "%s%s", text, sweep_is_best(s, run, m) ? "*" : "");
	grid_add(g, "%s", trend);
	for (int k = 0; k < n; k++) {
		int at = shown(r, k, n);
		double p = sweep_figure(s, at, m, SWEEP_POLICY);
		bool top = opinion_top(s->columns[at].opinion) == m;

		if (isnan(p))
			grid_add(g, "?");
		else
			grid_add(g, "%s%.0f", top ? ">" : "", 100 * p);
	}
}

static void put_values(const struct sweep *s, const struct sweep_run *r, int n,
		       struct grid *g)
{
	grid_add(g, "value");
	grid_add(g, "%s", "");
	for (int k = 0; k < n; k++) {
		double v = opinion_value(s->columns[shown(r, k, n)].opinion);

		if (isnan(v))
			grid_add(g, "?");
		else
			grid_add(g, "%+.2f", v);
	}
}

/* The moves that anybody ever liked, by the last checkpoint's order. */
static void put_table(const struct sweep *s, int run, struct buf *out)
{
	const struct sweep_run *r = &s->runs[run];
	int n = r->count < SHOWN ? r->count : SHOWN;
	const struct opinion *last =
		s->columns[r->first + r->count - 1].opinion;
	struct grid_column columns[SHOWN + 3] = {
		{"move", false, false}, {"over training", false, true}};
	char titles[SHOWN][32];
	struct grid g;

	for (int k = 0; k < n; k++) {
		snprintf(titles[k], sizeof(titles[k]), "%lld",
			 (long long)s->columns[shown(r, k, n)].step);
		columns[k + 2] = (struct grid_column){titles[k], true, false};
	}
	columns[n + 2] = (struct grid_column){NULL, false, false};
	grid_init(&g, columns);
	for (int rank = 0; rank < s->move_count; rank++)
		for (int i = 0; i < s->move_count; i++)
			if (opinion_rank(last, s->moves[i]) == rank)
				put_row(s, run, s->moves[i], n, &g);
	put_values(s, r, n, &g);
	buf_putc(out, '\n');
	grid_write(&g, grid_width(), out);
	grid_release(&g);
}

static void put_text(const struct sweep *s, struct buf *out)
{
	buf_printf(out, "%s, %s to move, ", game_title(&s->game), to_move(s));
	if (s->simulations)
		buf_printf(out,
			   "searches of %d simulations: visits in percent\n",
			   s->simulations);
	else
		buf_puts(out, "policy in percent\n");
	for (int r = 0; r < s->run_count; r++) {
		buf_putc(out, '\n');
		sweep_say(s, r, out);
		put_table(s, r, out);
	}
	buf_puts(out, "\n* a best move   > the checkpoint's choice   over "
		      "training: a digit for tenths\n");
}

/* The first column that went wrong. */
static const char *wrong(const struct sweep *s)
{
	for (int i = 0; i < s->count; i++)
		if (s->columns[i].opinion->wrong)
			return s->columns[i].opinion->wrong;
	return NULL;
}

static int ask(struct sweeping *s, struct lab *lab)
{
	struct opinion_question q;
	struct buf out;
	bool whole;

	sweep_question(&s->sweep, lab_agents(lab), &q);
	whole = opinion_ask(&q, work_interrupt(), take, s);
	cmd_progress_end();
	if (!whole)
		return cmd_complain(s->line, CMD_FAILED, "interrupted");
	if (wrong(&s->sweep))
		return cmd_complain(s->line, CMD_FAILED, "%s",
				    wrong(&s->sweep));
	buf_init(&out);
	if (s->args->json)
		put_json(&s->sweep, &out);
	else
		put_text(&s->sweep, &out);
	return cmd_finish(s->line, &out);
}

/* Names separated by commas. */
static enum err_code add_runs(struct sweeping *s, struct lab *lab,
			      struct err *e)
{
	const char *at = s->args->runs;
	enum err_code rc = ERR_OK;

	while (!rc && *at) {
		char name[SWEEP_NAME];
		size_t len = strcspn(at, ",");

		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		rc = sweep_add_run(&s->sweep, lab_store(lab), name,
				   s->args->most, e);
		at += len;
		at += *at == ',';
	}
	return rc;
}

static int run(const struct cmd_line *line)
{
	const struct sweep_args *a = line->args;
	struct sweeping s = {.line = line, .args = a};
	struct position *p = &s.position;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status;

	if (!a->runs || !*a->runs)
		return cmd_complain(line, CMD_USAGE,
				    "whose checkpoints? --run NAME, or several "
				    "names separated by commas");
	status = position_open(p, line, a->game, a->moves);
	if (status)
		return status;
	if (sweep_open(&s.sweep, &p->game, p->state, p->moves, p->plies,
		       a->simulations, &e) ||
	    lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e) ||
	    add_runs(&s, lab, &e))
		status = cmd_fail(line, &e);
	else
		status = ask(&s, lab);
	sweep_release(&s.sweep);
	lab_close(lab);
	position_close(p);
	return status;
}

#define ARGS struct sweep_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_STRING("moves", "LINE", moves, NULL,
		   "the position after these moves, e.g. 4453; a FEN, SGF or "
		   "PGN too"),
	CMD_STRING("run", "NAME", runs, NULL,
		   "whose checkpoints; several, separated by commas"),
	CMD_INT("sims", "N", simulations, 0, 1000000, "0",
		"simulations of a search; 0: the policy alone ({})"),
	CMD_INT("checkpoints", "N", most, 0, 1000000, "0",
		"at most so many of a run, evenly; 0: all ({})"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_sweep = {
	.name = "sweep",
	.synopsis = "GAME --run NAME [--moves LINE] [--sims N] [--json]",
	.summary = "one position over all checkpoints of a run",
	.details = "Says from which checkpoint on the best move stays on top: "
		   "best by the solver\nwhere one knows and not all moves come "
		   "to the same, else by the last checkpoint.",
	.options = options,
	.args_size = sizeof(struct sweep_args),
	.min_args = 1,
	.max_args = 1,
	.lab = true,
	.run = run,
};
