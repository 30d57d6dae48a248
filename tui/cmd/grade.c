/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/cmd/grade.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/rate/graded.h"
#include "core/rate/known.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

/* --- positions ----------------------------------------------------------- */

static enum err_code read_file(struct grade_file *f, const struct game *g,
			       int limit, struct err *e)
{
	bool standard = !strcmp(f->path, "-");
	enum err_code rc;
	FILE *in;

	work_wait_for(standard ? NULL : f->path);
	in = standard ? stdin : fopen(f->path, "r");
	if (!in)
		return err_set(e, ERR_IO, "cannot read %s: %s", f->path,
			       strerror(errno));
	graded_init(&f->set, g, standard ? "standard input" : f->path);
	rc = graded_read(&f->set, in, limit, e);
	work_wait_over();
	if (!standard)
		fclose(in);
	return rc;
}

static bool show_solving(void *ctx, int done)
{
	const struct grade_file *f = ctx;

	cmd_progress_of(done, f->set.count, "%s: %d of %d positions solved",
			f->path, done, f->set.count);
	return !atomic_load(work_interrupt());
}

static struct graded_work solving_of(struct grade_file *f, struct pool *pool)
{
	return (struct graded_work){
		.pool = pool,
		.tick = show_solving,
		.ctx = f,
		.cancel = work_interrupt(),
	};
}

/* "8-20" or "8". */
static int read_plies(const struct grading *gr, struct graded_sampling *out)
{
	const char *text = gr->args->plies;
	int most = gr->game.max_plies - 1, n = 0;

	out->least_ply = 0;
	out->most_ply = most;
	if (!text)
		return 0;
	if (sscanf(text, "%9d-%9d%n", &out->least_ply, &out->most_ply, &n) <
		    2 ||
	    text[n]) {
		n = 0;
		if (sscanf(text, "%9d%n", &out->least_ply, &n) == 1)
			out->most_ply = out->least_ply;
	}
	if (!n || text[n] || out->least_ply < 0 || out->most_ply > most ||
	    out->least_ply > out->most_ply)
		return cmd_complain(gr->line, CMD_USAGE,
				    "--plies %s: must be LO-HI, from 0 to %d",
				    text, most);
	return 0;
}

static int sample(struct grading *gr, struct pool *pool)
{
	const struct cmd_line *line = gr->line;
	struct grade_file *f = gr->files;
	struct graded_sampling want = {
		.seed = (uint64_t)gr->args->seed,
		.count = gr->args->random,
	};
	struct graded_work work = solving_of(f, pool);
	struct err e = ERR_INIT;
	int status = read_plies(gr, &want);

	if (status)
		return status;
	f->path = "random play";
	graded_init(&f->set, &gr->game, f->path);
	if (graded_sample(&f->set, &want, &work, &e))
		return cmd_fail(line, &e);
	if (!f->set.count)
		return cmd_complain(line, CMD_FAILED,
				    "random play gave no position in which a "
				    "move can be wrong: try other --plies");
	return 0;
}

static int read_files(struct grading *gr, struct pool *pool)
{
	const struct cmd_line *line = gr->line;
	struct err e = ERR_INIT;
	int status = 0;

	for (int i = 0; i < gr->file_count && !status; i++) {
		struct grade_file *f = &gr->files[i];

		f->path = line->argv[i + 1];
		if (read_file(f, &gr->game, gr->args->limit, &e))
			status = cmd_complain(line, CMD_FAILED, "%s", e.msg);
	}
	/* Else an agent is asked first, and the solver about its moves alone.
	 */
	if (!gr->args->dump && !gr->args->check)
		return status;
	for (int i = 0; i < gr->file_count && !status; i++) {
		struct graded_work work = solving_of(&gr->files[i], pool);

		if (graded_solve(&gr->files[i].set, &work, &e))
			status = cmd_fail(line, &e);
	}
	return status;
}

/* The positions, solved where that is asked for. */
static int get_positions(struct grading *gr, struct pool *pool)
{
	const struct cmd_line *line = gr->line;
	bool random = gr->args->random > 0;
	double began = clock_seconds();
	bool solve = random || gr->args->dump || gr->args->check;
	int status;

	if (random == (line->argc > 1))
		return cmd_complain(line, CMD_USAGE,
				    random ? "--random N is instead of files: "
					     "name one of them"
					   : "which positions? FILE, or "
					     "--random N");
	gr->file_count = random ? 1 : line->argc - 1;
	gr->files = mem_zalloc((size_t)gr->file_count, sizeof(*gr->files));
	status = random ? sample(gr, pool) : read_files(gr, pool);
	gr->solve_seconds = solve ? clock_seconds() - began : 0;
	return status;
}

static int dump(const struct grading *gr)
{
	const char *path = gr->args->dump;
	struct buf text;
	FILE *f;
	bool bad;

	if (!path)
		return 0;
	buf_init(&text);
	for (int i = 0; i < gr->file_count; i++)
		graded_write(&gr->files[i].set, &text);
	if (!strcmp(path, "-"))
		return cmd_finish(gr->line, &text);
	f = fopen(path, "w");
	bad = !f || fwrite(text.data, 1, text.len, f) != text.len;
	bad |= f && fclose(f);
	buf_release(&text);
	if (bad)
		return cmd_complain(gr->line, CMD_FAILED, "cannot write %s: %s",
				    path, strerror(errno));
	return 0;
}

/* --- agents -------------------------------------------------------------- */

struct showing {
	const struct grade_file *file;
	const char *agent;
};

static bool show_grading(void *ctx, int done)
{
	const struct showing *s = ctx;

	cmd_progress_of(done, s->file->set.count, "%s: %s, %d of %d positions",
			s->agent, s->file->path, done, s->file->set.count);
	return !atomic_load(work_interrupt());
}

static bool show_judging(void *ctx, int done)
{
	const struct showing *s = ctx;

	cmd_progress_of(done, s->file->set.count,
			"%s: %s, %d of %d moves judged", s->agent,
			s->file->path, done, s->file->set.count);
	return !atomic_load(work_interrupt());
}

static void add_tally(struct grade_tally *to, const struct grade_tally *from)
{
	to->positions += from->positions;
	to->class_kept += from->class_kept;
	to->score_kept += from->score_kept;
}

static void add_up(const struct grading *gr, struct grade_row *row)
{
	struct grade_result *t = &row->total;

	for (int i = 0; i < gr->file_count; i++)
		if (row->files[i].plies > t->plies)
			t->plies = row->files[i].plies;
	t->by_ply = mem_zalloc((size_t)t->plies, sizeof(*t->by_ply));
	t->agent = mem_strdup(row->files[0].agent);
	for (int i = 0; i < gr->file_count; i++) {
		const struct grade_result *r = &row->files[i];

		add_tally(&t->all, &r->all);
		for (int ply = 0; ply < r->plies; ply++)
			add_tally(&t->by_ply[ply], &r->by_ply[ply]);
		t->forfeits += r->forfeits;
		t->asked += r->asked;
		t->seconds += r->seconds;
		t->judge_seconds += r->judge_seconds;
	}
}

/* One agent over all files, into the next row. */
static int grade_files(struct grading *gr, struct lab *lab, struct pool *pool,
		       const char *agent)
{
	struct grade_row *row = &gr->rows[gr->row_count++];
	struct err e = ERR_INIT;

	row->files = mem_zalloc((size_t)gr->file_count, sizeof(*row->files));
	for (int i = 0; i < gr->file_count; i++) {
		struct showing showing = {&gr->files[i], agent};
		struct grade_request want = {
			.set = &gr->files[i].set,
			.agent = agent,
			.source = lab ? lab_agents(lab) : NULL,
			.seed = (uint64_t)gr->args->seed,
			.tick = show_grading,
			.judged = show_judging,
			.ctx = &showing,
			.known = gr->known,
			.memory = (size_t)gr->args->memory << 20,
			.cancel = work_interrupt(),
		};

		if (grade_agent(&want, pool, &row->files[i], &e))
			return cmd_fail(gr->line, &e);
	}
	add_up(gr, row);
	return 0;
}

/* Of points[count] the newest at each multiple of `every` minutes of work, and
 * the last one, to the front; returns how many. */
static int thin_out(struct grade_point *points, int count, double every)
{
	double next = every * 60000;
	int kept = 0;

	for (int i = 0; i < count && every > 0; i++) {
		bool last = i == count - 1;

		if (!last && (double)points[i + 1].time_ms <= next)
			continue;
		points[kept++] = points[i];
		while (!last && next < (double)points[i + 1].time_ms)
			next += every * 60000;
	}
	return every > 0 ? kept : count;
}

/* The spec of a checkpoint's agent; caller frees. */
static char *agent_of(const struct grade_args *a, const char *run, int64_t step)
{
	const char *with = a->with;
	const char *comma = with ? "," : "";

	if (!with)
		with = "";
	if (!a->sims)
		return mem_printf("policy:%s/%lld%s%s", run, (long long)step,
				  comma, with);
	return mem_printf("mcts:%s/%lld,sims=%d%s%s", run, (long long)step,
			  a->sims, comma, with);
}

static int grade_points_of(struct grading *gr, struct lab *lab,
			   struct pool *pool, const struct store_run *run)
{
	struct grade_point *points = NULL;
	struct err e = ERR_INIT;
	int count, status = 0;

	if (grade_points(lab_store(lab), run->id, &points, &count, &e))
		return cmd_fail(gr->line, &e);
	count = thin_out(points, count, gr->args->every);
	if (!count)
		status = cmd_complain(gr->line, CMD_FAILED,
				      "run %s has no checkpoint", run->name);
	gr->rows = mem_zalloc((size_t)count, sizeof(*gr->rows));
	for (int i = 0; i < count && !status; i++) {
		char *agent = agent_of(gr->args, run->name, points[i].step);

		gr->rows[i].at = points[i];
		status = grade_files(gr, lab, pool, agent);
		if (!status && gr->args->keep &&
		    grade_keep(lab_store(lab), run->id, &points[i],
			       &gr->rows[i].total.all, NULL, NULL, &e))
			status = cmd_fail(gr->line, &e);
		free(agent);
	}
	free(points);
	return status;
}

static int grade_checkpoints(struct grading *gr, struct lab *lab,
			     struct pool *pool)
{
	const struct cmd_line *line = gr->line;
	struct store *s = lab_store(lab);
	struct store_bag bag = {0};
	struct err e = ERR_INIT;
	struct store_run run;
	struct game game;
	int status;

	if (store_run_find(s, &bag, gr->args->run, &run))
		status = cmd_complain(line, CMD_FAILED, "%s", store_message(s));
	else if (err_of_stored(&e, game_init(&game, run.game, &e)))
		status = cmd_complain(line, CMD_FAILED, "%s", e.msg);
	else if (!game_same_network(&game, &gr->game))
		status = cmd_complain(line, CMD_USAGE,
				      "run %s learned %s and not %s", run.name,
				      game_short_name(&game),
				      game_short_name(&gr->game));
	else
		status = grade_points_of(gr, lab, pool, &run);
	store_bag_release(&bag);
	return status;
}

/* --- the command --------------------------------------------------------- */

static int grade_all(struct grading *gr, struct pool *pool)
{
	const struct cmd_line *line = gr->line;
	const char *agent = gr->args->agent;
	bool run = gr->args->run != NULL;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status = 0;

	if ((run || agent_needs_network(agent)) &&
	    lab_open(&lab, line->lab_path, gr->args->keep ? 0 : LAB_ONLY_READ,
		     &e))
		return cmd_fail(line, &e);
	if (run) {
		status = grade_checkpoints(gr, lab, pool);
	} else {
		gr->rows = mem_zalloc(1, sizeof(*gr->rows));
		status = grade_files(gr, lab, pool, agent);
	}
	cmd_progress_end();
	lab_close(lab);
	return status;
}

static int print(const struct grading *gr)
{
	bool run = gr->args->run != NULL;
	struct buf out;

	buf_init(&out);
	if (gr->args->json)
		(run ? grade_put_run_json : grade_put_json)(gr, &out);
	else
		(run ? grade_put_run_table : grade_put_table)(gr, &out);
	return cmd_finish(gr->line, &out);
}

static int check_options(const struct cmd_line *line)
{
	const struct grade_args *a = line->args;
	bool run = a->run != NULL, agent = a->agent != NULL;

	if (run && agent)
		return cmd_complain(line, CMD_USAGE,
				    "--run grades its own checkpoints: leave "
				    "out --agent");
	if (!run && !agent && !a->dump)
		return cmd_complain(line, CMD_USAGE,
				    "who is graded? --agent SPEC, for example "
				    "--agent mcts:c4/latest,sims=600, or "
				    "--run NAME");
	if (!run && (cmd_given(line, "sims") || a->with ||
		     cmd_given(line, "every") || a->keep))
		return cmd_complain(line, CMD_USAGE,
				    "--sims, --with, --every and --keep go "
				    "with --run");
	if (a->plies && !a->random)
		return cmd_complain(line, CMD_USAGE,
				    "--plies goes with --random");
	return 0;
}

/* What is known is kept whatever became of the rest. */
static int close_known(struct grading *gr)
{
	struct err e = ERR_INIT;

	return known_close(gr->known, &e) ? cmd_fail(gr->line, &e) : 0;
}

static void release(struct grading *gr)
{
	for (int i = 0; gr->rows && i < gr->row_count; i++) {
		struct grade_row *row = &gr->rows[i];

		for (int k = 0; k < gr->file_count; k++)
			grade_result_release(&row->files[k]);
		free(row->files);
		grade_result_release(&row->total);
	}
	free(gr->rows);
	for (int i = 0; gr->files && i < gr->file_count; i++)
		graded_release(&gr->files[i].set);
	free(gr->files);
}

static int run(const struct cmd_line *line)
{
	const struct grade_args *a = line->args;
	struct grading gr = {.line = line, .args = a};
	struct pool *pool = NULL;
	struct err e = ERR_INIT;
	int known_status, status = check_options(line);

	if (!status && game_init(&gr.game, a->game, &e))
		status = cmd_fail(line, &e);
	if (!status) {
		pool = pool_new(a->threads);
		status = get_positions(&gr, pool);
	}
	if (!status)
		status = dump(&gr);
	if (!status && (a->agent || a->run)) {
		if (known_open(&gr.known, &gr.game, a->known, &e))
			status = cmd_fail(line, &e);
		if (!status)
			status = grade_all(&gr, pool);
		if (!status)
			status = print(&gr);
		known_status = close_known(&gr);
		if (!status)
			status = known_status;
	}
	release(&gr);
	pool_free(pool);
	return status;
}

#define ARGS struct grade_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_STRING("agent", "SPEC", agent, NULL,
		   "who is graded, e.g. mcts:c4/latest,sims=600"),
	CMD_STRING("run", "NAME", run, NULL,
		   "instead: every checkpoint of this run"),
	CMD_INT("sims", "N", sims, 0, 1000000, "600",
		"of a run: simulations a move, 0: raw policy ({})"),
	CMD_STRING("with", "SETTINGS", with, NULL,
		   "of a run: more settings of its agents (gumbel=yes)"),
	CMD_DOUBLE("every", "MINUTES", every, 0, 1e6, NULL,
		   "of a run: a checkpoint every so many minutes"),
	CMD_FLAG("keep", keep, "of a run: keep the grades as its metrics"),
	CMD_INT("random", "N", random, 1, 100000, NULL,
		"instead of files: N positions of random play"),
	CMD_STRING("plies", "LO-HI", plies, NULL,
		   "of these: how many moves were made"),
	CMD_STRING("dump", "FILE", dump, NULL,
		   "write the solved positions, - to standard output"),
	CMD_FLAG("check", check,
		 "solve all moves and compare the files' scores"),
	CMD_STRING("known", "FILE", known, NULL,
		   "read and add what the solver finds of moves"),
	CMD_INT("memory", "MB", memory, 1, 1 << 20, "256",
		"at most, of the solvers that judge moves ({})"),
	CMD_INT("limit", "N", limit, 0, 100000000, "0",
		"the first N positions of each file ({}: all)"),
	CMD_SEED(seed, "of random positions and of the agent ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("by-ply", by_ply, "a row for each ply as well"),
	CMD_FLAG("mistakes", mistakes,
		 "list the positions whose class was lost"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_grade = {
	.name = "grade",
	.synopsis = "GAME --agent SPEC | --run NAME FILE... | --random N "
		    "[--json]",
	.summary = "grade an agent by exact scores of positions",
	.details = "A line of FILE is MOVES s1 ... sN, the score of each move, "
		   "or MOVES SCORE, which\nis taken for true: a solver judges "
		   "the chosen moves alone; - is standard input.\nA move keeps "
		   "the class if it wins where the best one wins and draws "
		   "where that\ndraws; it keeps the score if none is better.",
	.options = options,
	.args_size = sizeof(struct grade_args),
	.min_args = 1,
	.max_args = -1,
	.lab = true,
	.run = run,
};
