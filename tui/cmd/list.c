/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>

#include "tui/cmd/grid.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"

struct list_args {
	const char *what, *run, *agent, *result, *purpose;
	int64_t limit, offset;
	bool json;
};

/* What a listing is made from and goes to. */
struct listing {
	const struct cmd_line *line;
	const struct list_args *args;
	struct store *s;
	struct store_bag bag;
	struct store_run run; /* of --run; id 0: all */
	bool as_json;
	struct json json;
	struct grid grid;
	struct buf out;
	const char *none; /* printed where there is no row */
};

static void listing_begin(struct listing *l, const struct grid_column *columns,
			  const char *none)
{
	l->none = none;
	grid_init(&l->grid, columns);
	json_init(&l->json, &l->out);
	if (l->as_json)
		json_open(&l->json, '[');
}

/* A listing that is empty says so, to people. */
static void listing_end(struct listing *l)
{
	if (l->as_json) {
		json_close(&l->json, ']');
		buf_putc(&l->out, '\n');
	} else if (l->grid.count) {
		grid_write(&l->grid, grid_width(), &l->out);
	} else {
		buf_printf(&l->out, "%s\n", l->none);
	}
	grid_release(&l->grid);
}

static int list_runs(struct listing *l)
{
	static const struct grid_column columns[] = {
		{.title = "RUN", .cut = true},
		{.title = "KIND"},
		{.title = "GAME", .cut = true},
		{.title = "STATUS"},
		{.title = "STEP", .right = true},
		{.title = "CHECKPOINTS", .right = true},
		{.title = "GAMES", .right = true},
		{.title = "ELO", .right = true},
		{.title = "MADE"},
		{.title = NULL},
	};
	struct store_run *rows;
	size_t count;

	if (store_run_list(l->s, &l->bag, &rows, &count))
		return rows_fail(l->line, l->s);
	listing_begin(l, columns, "no runs yet: plyscope train makes one");
	for (size_t i = 0; i < count; i++) {
		const struct store_run *r = &rows[i];
		char game[96], elo[32], step[32], date[32];

		if (l->run.id && r->id != l->run.id)
			continue;
		if (l->as_json) {
			rows_json_run(&l->json, r);
			continue;
		}
		grid_add(&l->grid, "%s", r->name);
		grid_add(&l->grid, "%s", r->kind);
		grid_add(&l->grid, "%s", rows_game(r->game, game));
		grid_add(&l->grid, "%s", r->status);
		grid_add(&l->grid, "%s",
			 r->last_step < 0
				 ? "-"
				 : rows_number((double)r->last_step, step));
		grid_add(&l->grid, "%lld", (long long)r->checkpoints);
		grid_add(&l->grid, "%lld", (long long)r->games);
		grid_add(&l->grid, "%s", rows_number(r->elo, elo));
		grid_add(&l->grid, "%.10s", rows_date(r->created_ms, date));
	}
	listing_end(l);
	return 0;
}

static int list_checkpoints(struct listing *l)
{
	static const struct grid_column columns[] = {
		{.title = "ID", .right = true},
		{.title = "CHECKPOINT", .cut = true},
		{.title = "GAMES", .right = true},
		{.title = "SAMPLES", .right = true},
		{.title = "ELO", .right = true},
		{.title = "LOW", .right = true},
		{.title = "HIGH", .right = true},
		{.title = "SHA-256"},
		{.title = "MADE"},
		{.title = NULL},
	};
	struct store_checkpoint *rows;
	size_t count;

	if (store_checkpoint_list(l->s, &l->bag, l->run.id, &rows, &count))
		return rows_fail(l->line, l->s);
	listing_begin(l, columns, "no checkpoints yet");
	for (size_t i = 0; i < count; i++) {
		const struct store_checkpoint *c = &rows[i];
		char elo[32], low[32], high[32], date[32];

		if (l->as_json) {
			rows_json_checkpoint(&l->json, c);
			continue;
		}
		grid_add(&l->grid, "%lld", (long long)c->id);
		grid_add(&l->grid, "%s/%lld", c->run, (long long)c->step);
		grid_add(&l->grid, "%lld", (long long)c->games);
		grid_add(&l->grid, "%lld", (long long)c->samples);
		grid_add(&l->grid, "%s", rows_number(c->elo, elo));
		grid_add(&l->grid, "%s", rows_number(c->elo_low, low));
		grid_add(&l->grid, "%s", rows_number(c->elo_high, high));
		grid_add(&l->grid, "%.8s", c->sha256);
		grid_add(&l->grid, "%s", rows_date(c->created_ms, date));
	}
	listing_end(l);
	return 0;
}

/* The choice that the options make; an exit status. */
static int read_filter(const struct listing *l, struct store_game_filter *f)
{
	static const struct {
		const char *name;
		enum store_outcome outcome;
	} results[] = {
		{"first", STORE_FIRST_WON},   {"second", STORE_SECOND_WON},
		{"draw", STORE_DRAWN},        {"unfinished", STORE_UNFINISHED},
		{"finished", STORE_FINISHED},
	};
	const struct list_args *a = l->args;
	const char *result = a->result;

	f->agent_like = a->agent;
	f->purpose = a->purpose;
	for (size_t i = 0; result && i < ARRAY_LEN(results); i++)
		if (!strcmp(result, results[i].name))
			f->outcome = results[i].outcome;
	if (result && !f->outcome)
		return cmd_complain(l->line, CMD_USAGE,
				    "--result %s: must be first, second, draw, "
				    "finished or unfinished",
				    result);
	/* A script wants them all, a person a page. */
	f->limit = a->json && !cmd_given(l->line, "limit") ? 0 : a->limit;
	f->offset = a->offset;
	return 0;
}

static int list_games(struct listing *l)
{
	static const struct grid_column columns[] = {
		{.title = "ID", .right = true},
		{.title = "GAME", .cut = true},
		{.title = "PURPOSE"},
		{.title = "FIRST", .cut = true},
		{.title = "SECOND", .cut = true},
		{.title = "WON"},
		{.title = "PLIES", .right = true},
		{.title = "SEARCHES", .right = true},
		{.title = "MADE"},
		{.title = NULL},
	};
	struct store_game_filter f = {.run_id = l->run.id};
	struct store_game *rows;
	int64_t total;
	size_t count;
	int status = read_filter(l, &f);

	if (status)
		return status;
	if (store_game_list(l->s, &l->bag, &f, &rows, &count) ||
	    store_game_count(l->s, &f, &total))
		return rows_fail(l->line, l->s);
	listing_begin(l, columns,
		      total ? "no more games" : "no such games are stored");
	for (size_t i = 0; i < count; i++) {
		const struct store_game *g = &rows[i];
		char game[96], date[32];

		if (l->as_json) {
			rows_json_game(&l->json, g);
			continue;
		}
		grid_add(&l->grid, "%lld", (long long)g->id);
		grid_add(&l->grid, "%s", rows_game(g->game, game));
		grid_add(&l->grid, "%s", g->purpose);
		grid_add(&l->grid, "%s", rows_or_dash(g->first));
		grid_add(&l->grid, "%s", rows_or_dash(g->second));
		if (!g->second && isfinite(g->score))
			grid_add(&l->grid, "%g", g->score);
		else
			grid_add(&l->grid, "%s", rows_winner(g));
		grid_add(&l->grid, "%d", g->plies);
		grid_add(&l->grid, "%lld", (long long)g->searches);
		grid_add(&l->grid, "%.10s", rows_date(g->created_ms, date));
	}
	listing_end(l);
	if (!l->as_json && count && (int64_t)count < total)
		buf_printf(&l->out,
			   "%zu of %lld games, newest first: --offset %lld "
			   "shows more\n",
			   count, (long long)total,
			   (long long)(f.offset + (int64_t)count));
	return 0;
}

static int list_jobs(struct listing *l)
{
	static const struct grid_column columns[] = {
		{.title = "ID", .right = true},
		{.title = "KIND"},
		{.title = "RUN", .cut = true},
		{.title = "STATE"},
		{.title = "DONE", .right = true},
		{.title = "PID", .right = true},
		{.title = "BEGAN"},
		{.title = "MESSAGE", .cut = true},
		{.title = NULL},
	};
	struct store_job *rows;
	size_t count;

	if (store_job_list(l->s, &l->bag, l->run.id, false, &rows, &count))
		return rows_fail(l->line, l->s);
	listing_begin(l, columns, "no jobs yet");
	for (size_t i = 0; i < count; i++) {
		const struct store_job *j = &rows[i];
		char done[32], date[32];

		if (l->as_json) {
			rows_json_job(&l->json, j);
			continue;
		}
		grid_add(&l->grid, "%lld", (long long)j->id);
		grid_add(&l->grid, "%s", j->kind);
		grid_add(&l->grid, "%s", rows_or_dash(j->run));
		grid_add(&l->grid, "%s", rows_life(j));
		if (j->total > 0)
			grid_add(&l->grid, "%.0f%%", 100 * j->done / j->total);
		else
			grid_add(&l->grid, "%s", rows_number(j->done, done));
		grid_add(&l->grid, "%lld", (long long)j->pid);
		grid_add(&l->grid, "%s", rows_date(j->created_ms, date));
		grid_add(&l->grid, "%s", j->message ? j->message : "");
	}
	listing_end(l);
	return 0;
}

static const struct {
	const char *name;
	int (*list)(struct listing *l);
} lists[] = {
	{"runs", list_runs},
	{"checkpoints", list_checkpoints},
	{"games", list_games},
	{"jobs", list_jobs},
};

static int list(struct listing *l, int (*make)(struct listing *l))
{
	int status = rows_open(l->line, &l->s);

	if (status)
		return status;
	buf_init(&l->out);
	status = rows_run(l->line, l->s, &l->bag, l->args->run, &l->run);
	if (!status)
		status = make(l);
	if (status)
		buf_release(&l->out);
	else
		status = cmd_finish(l->line, &l->out);
	store_bag_release(&l->bag);
	store_close(l->s);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct list_args *a = line->args;
	struct listing l = {.line = line, .args = a, .as_json = a->json};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (!strcmp(a->what, lists[i].name))
			return list(&l, lists[i].list);
	return cmd_complain(line, CMD_USAGE,
			    "'%s' cannot be listed: runs, checkpoints, games "
			    "and jobs can",
			    a->what);
}

#define AT(field) offsetof(struct list_args, field)

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", AT(what)),
	CMD_STRING("run", "NAME", AT(run), NULL,
		   "only what belongs to this run"),
	CMD_STRING("agent", "TEXT", AT(agent), NULL,
		   "games: with this in the spec of a player"),
	CMD_STRING("result", "WHO", AT(result), NULL,
		   "games: first, second, draw, finished, unfinished"),
	CMD_STRING("purpose", "WORD", AT(purpose), NULL,
		   "games: selfplay, match, human, watch, imitate, import"),
	CMD_INT64("limit", "N", AT(limit), 1, (double)INT64_MAX, "40",
		  "games: at most N ({}; with --json all)"),
	CMD_INT64("offset", "N", AT(offset), 0, (double)INT64_MAX, NULL,
		  "games: leave out the newest N"),
	CMD_FLAG("json", AT(json), "an array of objects"),
	CMD_END,
};

const struct cmd cmd_list = {
	.name = "list",
	.synopsis = "runs|checkpoints|games|jobs [--run NAME] [--json]",
	.summary = "list what the lab holds",
	.details = "Runs, games and jobs come newest first, checkpoints by "
		   "step.",
	.options = options,
	.args_size = sizeof(struct list_args),
	.min_args = 1,
	.max_args = 1,
	.run = run,
};
