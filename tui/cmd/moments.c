/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/session/moments.h"
#include "core/session/review.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/work.h"

struct moments_args {
	const char *agent;
	int64_t limit;
	bool json, overturned;
};

struct telling {
	const struct cmd_line *line;
	const struct moments_args *args;
	struct grid grid;
	struct json json;
	struct buf out;
};

static void add_value(struct grid *g, double v)
{
	if (isnan(v))
		grid_add(g, "-");
	else
		grid_add(g, "%+.3f", v);
}

static const char *side_of(const struct moments_row *row)
{
	return row->player == 0 ? "first" : row->player == 1 ? "second" : "-";
}

static void put_number(struct json *j, const char *key, double v)
{
	json_key(j, key);
	if (isnan(v))
		json_null(j);
	else
		json_double(j, v);
}

static void put_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	if (text && *text)
		json_string(j, text);
	else
		json_null(j);
}

static void put_flag(struct json *j, const char *key, bool yes)
{
	json_key(j, key);
	json_bool(j, yes);
}

static void put_row(struct json *j, const struct moments_row *row)
{
	json_open(j, '{');
	json_key(j, "game");
	json_int(j, row->game_id);
	json_key(j, "ply");
	json_int(j, row->at.ply);
	put_text(j, "player", side_of(row));
	put_text(j, "move", row->move);
	put_text(j, "best", row->best);
	put_number(j, "before", row->at.before);
	put_number(j, "after", row->at.after);
	put_number(j, "cost", row->at.cost);
	put_flag(j, "swing", row->at.swing);
	put_flag(j, "blunder", row->at.cost >= REVIEW_SWING);
	put_flag(j, "overturned", row->at.overturned);
	put_text(j, "event", row->at.event);
	put_text(j, "agent", row->agent);
	json_close(j, '}');
}

static void take_row(void *ctx, const struct moments_row *row)
{
	struct telling *t = ctx;
	struct grid *g = &t->grid;

	if (t->args->overturned && !row->at.overturned)
		return;
	if (t->args->json) {
		put_row(&t->json, row);
		return;
	}
	grid_add(g, "%lld", (long long)row->game_id);
	grid_add(g, "%d", row->at.ply);
	grid_add(g, "%s", side_of(row));
	grid_add(g, "%s", row->move);
	grid_add(g, "%s", *row->best ? row->best : "-");
	add_value(g, row->at.before);
	add_value(g, row->at.after);
	add_value(g, -row->at.cost);
	grid_add(g, "%s%s%s%s", row->at.overturned ? "overturned " : "",
		 row->at.cost >= REVIEW_SWING ? "blunder"
		 : row->at.swing              ? "swing"
					      : "",
		 row->at.event ? " " : "", row->at.event ? row->at.event : "");
}

static void take_game(void *ctx, int64_t done, int64_t total)
{
	(void)ctx;
	cmd_progress_of((double)done, (double)total, "%lld of %lld games",
			(long long)done, (long long)total);
}

static void put_sum(struct json *j, const struct moments_sum *s)
{
	static const char *const sides[] = {"first", "second"};

	json_key(j, "games");
	json_int(j, s->games);
	json_key(j, "searched");
	json_int(j, s->positions);
	json_key(j, "overturned");
	json_int(j, s->overturned);
	json_key(j, "swings");
	json_int(j, s->swings);
	json_key(j, "blunders");
	json_int(j, s->blunders);
	for (int i = 0; i < 2; i++) {
		json_key(j, sides[i]);
		json_open(j, '{');
		json_key(j, "moves");
		json_int(j, s->moves[i]);
		put_number(j, "mean_cost",
			   s->moves[i] ? s->cost[i] / (double)s->moves[i]
				       : (double)NAN);
		json_close(j, '}');
	}
}

static void say_sum(struct buf *out, const struct moments_sum *s)
{
	buf_printf(out,
		   "%lld games, %lld positions searched: %lld overturned the "
		   "network (%.1f%%),\n%lld swings, %lld blunders",
		   (long long)s->games, (long long)s->positions,
		   (long long)s->overturned,
		   s->positions ? 100.0 * (double)s->overturned /
					  (double)s->positions
				: 0.0,
		   (long long)s->swings, (long long)s->blunders);
	for (int i = 0; i < 2; i++)
		if (s->moves[i])
			buf_printf(out, "; %s lost %.3f a move",
				   i ? "second" : "first",
				   s->cost[i] / (double)s->moves[i]);
	buf_putc(out, '\n');
}

static int find(struct telling *t, struct lab *lab,
		const struct moments_asked *asked)
{
	const struct moments_sink to = {take_row, take_game, t};
	struct moments_sum sum;
	struct err e = ERR_INIT;
	enum err_code rc;

	if (t->args->json) {
		json_open(&t->json, '{');
		json_key(&t->json, "moments");
		json_open(&t->json, '[');
	}
	rc = moments_find(lab, asked, work_interrupt(), &to, &sum, &e);
	cmd_progress_end();
	if (rc)
		return cmd_fail(t->line, &e);
	if (t->args->json) {
		json_close(&t->json, ']');
		put_sum(&t->json, &sum);
		json_close(&t->json, '}');
		buf_putc(&t->out, '\n');
	} else {
		if (t->grid.count)
			grid_write(&t->grid, grid_width(), &t->out);
		say_sum(&t->out, &sum);
	}
	return 0;
}

/* "game ID", or the words of a filter. */
static int read_asked(const struct cmd_line *line, struct moments_asked *asked)
{
	struct err e = ERR_INIT;
	struct buf words;
	int status = 0;

	if (line->argc == 2 && !strcmp(line->argv[0], "game"))
		return rows_id(line, "game", line->argv[1], &asked->game_id);
	buf_init(&words);
	for (int i = 0; i < line->argc; i++)
		buf_printf(&words, "%s%s", i ? " " : "", line->argv[i]);
	if (game_filter_parse(words.data, &asked->filter, &e))
		status = cmd_fail(line, &e);
	buf_release(&words);
	return status;
}

static int run(const struct cmd_line *line)
{
	static const struct grid_column columns[] = {
		{.title = "GAME", .right = true},
		{.title = "PLY", .right = true},
		{.title = "BY"},
		{.title = "MOVE"},
		{.title = "BEST"},
		{.title = "BEFORE", .right = true},
		{.title = "AFTER", .right = true},
		{.title = "GAIN", .right = true},
		{.title = "WHY", .cut = true},
		{NULL, false, false},
	};
	struct telling t = {.line = line, .args = line->args};
	struct moments_asked asked = {
		.limit = t.args->limit,
		.agent = t.args->agent,
	};
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status = read_asked(line, &asked);

	if (status)
		return status;
	if (lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e))
		return cmd_fail(line, &e);
	buf_init(&t.out);
	json_init(&t.json, &t.out);
	grid_init(&t.grid, columns);
	status = find(&t, lab, &asked);
	grid_release(&t.grid);
	lab_close(lab);
	if (!status)
		return cmd_finish(line, &t.out);
	buf_release(&t.out);
	return status;
}

#define ARGS struct moments_args

static const struct cmd_option options[] = {
	CMD_STRING("agent", "SPEC", agent, NULL,
		   "who looks at every position, e.g. mcts:c4/latest,sims=100 "
		   "(else the searches that are stored)"),
	CMD_INT64("limit", "N", limit, 0, (double)INT64_MAX, "100",
		  "games at most, the newest; 0: all ({})"),
	CMD_FLAG("overturned", overturned,
		 "list only where the search overturned the network"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_moments = {
	.name = "moments",
	.synopsis = "game ID | [FILTER...] [--agent SPEC] [--overturned]",
	.summary = "where games turned: swings, blunders, overturned moves",
	.details = "FILTER is as in the screen of games: run=c4 purpose=match "
		   "result=draw ...\nValues are seen by the first player; GAIN "
		   "is what the move brought whoever made\nit, by what one "
		   "agent thought before and after.",
	.options = options,
	.args_size = sizeof(struct moments_args),
	.max_args = -1,
	.lab = true,
	.run = run,
};
