/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/lab/lives.h"
#include "store/game.h"
#include "store/job.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "store/study.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"

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
	struct store_game_filter filter;
	struct lives_set lives;
	int64_t total; /* games that the filter chooses */
	struct buf out;
};

/* Rows that can be listed. */
struct listed {
	const char *name;
	const struct row_kind *kind;
	const char *none; /* printed where there is no row */
	/* Rows in the bag; an exit status. */
	int (*read)(struct listing *l, void **rows, size_t *count);
};

static int read_runs(struct listing *l, void **rows, size_t *count)
{
	struct store_run *all;
	size_t n, kept = 0;

	if (store_run_list(l->s, &l->bag, &all, &n))
		return rows_fail(l->line, l->s);
	for (size_t i = 0; i < n; i++)
		if (!l->run.id || all[i].id == l->run.id)
			all[kept++] = all[i];
	*rows = all;
	*count = kept;
	return 0;
}

static int read_checkpoints(struct listing *l, void **rows, size_t *count)
{
	struct store_checkpoint *all;

	if (store_checkpoint_list(l->s, &l->bag, l->run.id, &all, count))
		return rows_fail(l->line, l->s);
	*rows = all;
	return 0;
}

/* The choice that the options make; an exit status. */
static int read_filter(const struct listing *l, struct store_game_filter *f)
{
	const struct list_args *a = l->args;
	const char *result = a->result;

	f->agent_like = a->agent;
	f->purpose = a->purpose;
	if (result && !game_filter_outcome(result, &f->outcome))
		return cmd_complain(l->line, CMD_USAGE,
				    "--result %s: must be " GAME_FILTER_RESULTS,
				    result);
	/* A script wants them all, a person a page. */
	f->limit = a->json && !cmd_given(l->line, "limit") ? 0 : a->limit;
	f->offset = a->offset;
	return 0;
}

static int read_games(struct listing *l, void **rows, size_t *count)
{
	struct store_game_filter *f = &l->filter;
	struct store_game *all;
	int status = read_filter(l, f);

	if (status)
		return status;
	f->run_id = l->run.id;
	if (store_game_list(l->s, &l->bag, f, &all, count) ||
	    store_game_count(l->s, f, &l->total))
		return rows_fail(l->line, l->s);
	*rows = all;
	return 0;
}

static int read_matches(struct listing *l, void **rows, size_t *count)
{
	struct store_match *all;

	if (store_match_list(l->s, &l->bag, l->run.id, &all, count))
		return rows_fail(l->line, l->s);
	*rows = all;
	return 0;
}

static int read_jobs(struct listing *l, void **rows, size_t *count)
{
	struct store_job *all;

	if (store_job_list(l->s, &l->bag, l->run.id, false, &all, count))
		return rows_fail(l->line, l->s);
	*rows = all;
	return 0;
}

/* Those of the lab, and of the file beside it, of which only this is read. */
static int read_lives(struct listing *l, void **rows, size_t *count)
{
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status = 0;

	if (lab_open(&lab, l->line->lab_path, LAB_ONLY_READ, &e) ||
	    lives_list(lab, l->run.id ? l->run.name : NULL, &l->lives, &e))
		status = cmd_fail(l->line, &e);
	lab_close(lab);
	*rows = l->lives.rows;
	*count = l->lives.count;
	return status;
}

static int read_studies(struct listing *l, void **rows, size_t *count)
{
	struct store_study_state *all;

	if (store_study_states(l->s, &l->bag, &all, count))
		return rows_fail(l->line, l->s);
	*rows = all;
	return 0;
}

static const struct listed lists[] = {
	{"runs", &row_run, "no runs yet: plyscope train makes one", read_runs},
	{"checkpoints", &row_checkpoint, "no checkpoints yet",
	 read_checkpoints},
	{"games", &row_game, "no such games are stored", read_games},
	{"matches", &row_match, "no matches yet: plyscope match plays one",
	 read_matches},
	{"lives", &row_life, "no lives yet: plyscope history makes them",
	 read_lives},
	{"jobs", &row_job, "no jobs yet", read_jobs},
	{"studies", &row_study, "no study was planned yet", read_studies},
};

static void put_json(struct listing *l, const struct row_kind *kind,
		     const char *rows, size_t count)
{
	struct json j;

	json_init(&j, &l->out);
	json_open(&j, '[');
	for (size_t i = 0; i < count; i++)
		row_json(kind, rows + i * kind->size, ROW_ONLY_LIST, &j);
	json_close(&j, ']');
	buf_putc(&l->out, '\n');
}

/* A listing that is empty says so, to people. */
static void put_table(struct listing *l, const struct listed *what,
		      const char *rows, size_t count)
{
	struct rows_table table;

	if (!count) {
		buf_printf(&l->out, "%s\n",
			   l->total ? "no more games" : what->none);
		return;
	}
	rows_table_init(&table, what->kind);
	for (size_t i = 0; i < count; i++)
		rows_table_add(&table, rows + i * what->kind->size);
	rows_table_write(&table, &l->out);
	rows_table_release(&table);
	if ((int64_t)count < l->total)
		buf_printf(&l->out,
			   "%zu of %lld games, newest first: --offset %lld "
			   "shows more\n",
			   count, (long long)l->total,
			   (long long)(l->filter.offset + (int64_t)count));
}

static int list(struct listing *l, const struct listed *what)
{
	int status = rows_open(l->line, &l->s);
	size_t count = 0;
	void *rows;

	if (status)
		return status;
	buf_init(&l->out);
	status = rows_run(l->line, l->s, &l->bag, l->args->run, &l->run);
	if (!status)
		status = what->read(l, &rows, &count);
	if (!status && l->args->json)
		put_json(l, what->kind, rows, count);
	else if (!status)
		put_table(l, what, rows, count);
	if (status)
		buf_release(&l->out);
	else
		status = cmd_finish(l->line, &l->out);
	lives_release(&l->lives);
	store_bag_release(&l->bag);
	store_close(l->s);
	return status;
}

static int run(const struct cmd_line *line)
{
	const struct list_args *a = line->args;
	struct listing l = {.line = line, .args = a};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (!strcmp(a->what, lists[i].name))
			return list(&l, &lists[i]);
	return cmd_complain(line, CMD_USAGE,
			    "'%s' cannot be listed: runs, checkpoints, games, "
			    "matches, lives, jobs and studies can",
			    a->what);
}

#define ARGS struct list_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "WHAT", what),
	CMD_STRING("run", "NAME", run, NULL, "only what belongs to this run"),
	CMD_STRING("agent", "TEXT", agent, NULL,
		   "games: with this in the spec of a player"),
	CMD_STRING("result", "WHO", result, NULL,
		   "games: first, second, draw, finished, unfinished"),
	CMD_STRING(
		"purpose", "WORD", purpose, NULL,
		"games: selfplay, match, human, watch, imitate, import, study"),
	CMD_INT64("limit", "N", limit, 1, (double)INT64_MAX, "40",
		  "games: at most N ({}; with --json all)"),
	CMD_INT64("offset", "N", offset, 0, (double)INT64_MAX, NULL,
		  "games: leave out the newest N"),
	CMD_FLAG("json", json, "an array of objects"),
	CMD_END,
};

const struct cmd cmd_list = {
	.name = "list",
	.synopsis = "runs|checkpoints|games|matches|lives|jobs|studies "
		    "[--run NAME] [--json]",
	.summary = "list what the lab holds",
	.details = "Runs, games, matches, jobs and studies come newest first, "
		   "checkpoints by step, lives by seed.",
	.options = options,
	.args_size = sizeof(struct list_args),
	.min_args = 1,
	.max_args = 1,
	.lab = true,
	.run = run,
};
