/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/rate/grade.h"
#include "tui/cmd/grid.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

/* A file of positions and what the agent made of it. */
struct graded_file {
	const char *path;
	struct graded_set set;
	struct grade_result result;
};

struct grading {
	const struct cmd_line *line;
	struct game game;
	struct lab *lab; /* NULL where no network is asked for */
	struct pool *pool;
	int64_t seed;
	struct graded_file *files; /* owned; [count] */
	int count, at;             /* at: in hand */
	struct grade_result total; /* of all files; chosen is not set */
};

/* --- totals -------------------------------------------------------------- */

static void add_tally(struct grade_tally *to, const struct grade_tally *from)
{
	to->positions += from->positions;
	to->class_kept += from->class_kept;
	to->score_kept += from->score_kept;
}

static void add_up(struct grading *gr)
{
	struct grade_result *t = &gr->total;

	for (int i = 0; i < gr->count; i++)
		if (gr->files[i].result.plies > t->plies)
			t->plies = gr->files[i].result.plies;
	t->by_ply = mem_zalloc((size_t)t->plies, sizeof(*t->by_ply));
	t->agent = mem_strdup(gr->files[0].result.agent);
	for (int i = 0; i < gr->count; i++) {
		const struct grade_result *r = &gr->files[i].result;

		add_tally(&t->all, &r->all);
		for (int ply = 0; ply < r->plies; ply++)
			add_tally(&t->by_ply[ply], &r->by_ply[ply]);
		t->forfeits += r->forfeits;
		t->seconds += r->seconds;
	}
}

/* --- output -------------------------------------------------------------- */

static void put_tally(struct json *j, const struct grade_tally *t)
{
	json_key(j, "positions"), json_int(j, t->positions);
	json_key(j, "class_kept"),
		json_double(j, grade_share(t->class_kept, t));
	json_key(j, "score_kept"),
		json_double(j, grade_share(t->score_kept, t));
}

static void put_result(struct json *j, const struct grade_result *r)
{
	put_tally(j, &r->all);
	json_key(j, "by_ply"), json_open(j, '[');
	for (int ply = 0; ply < r->plies; ply++) {
		if (!r->by_ply[ply].positions)
			continue;
		json_open(j, '{');
		json_key(j, "ply"), json_int(j, ply);
		put_tally(j, &r->by_ply[ply]);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_key(j, "mistakes");
	json_int(j, r->all.positions - r->all.class_kept);
	json_key(j, "forfeits"), json_int(j, r->forfeits);
	json_key(j, "seconds"), json_double(j, r->seconds);
}

static bool is_mistake(const struct graded_position *p, game_move m)
{
	struct grade_tally t = {0};

	grade_count(&t, p, m);
	return !t.class_kept;
}

static void put_mistakes(struct json *j, const struct graded_file *f)
{
	const struct game *g = f->set.game;
	void *start = game_state_new(g, 0);

	json_key(j, "wrong"), json_open(j, '[');
	for (int i = 0; i < f->set.count; i++) {
		const struct graded_position *p = &f->set.positions[i];
		game_move m = f->result.chosen[i];
		char move[GAME_TEXT_SIZE];
		struct buf text;

		if (!is_mistake(p, m))
			continue;
		buf_init(&text);
		game_line_text(g, start, p->moves, p->plies, &text);
		json_open(j, '{');
		json_key(j, "moves"), json_string(j, text.data);
		json_key(j, "best"), json_int(j, p->best);
		if (m != GAME_NO_MOVE) {
			g->rules->move_text(g, p->state, m, move);
			json_key(j, "move"), json_string(j, move);
			json_key(j, "score"), json_int(j, p->scores[m]);
		}
		json_close(j, '}');
		buf_release(&text);
	}
	json_close(j, ']');
	free(start);
}

static void put_json(const struct grading *gr, struct buf *out)
{
	bool wrong = cmd_flag(gr->line, "mistakes");
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	put_result(&j, &gr->total);
	json_key(&j, "game"), json_string(&j, game_short_name(&gr->game));
	json_key(&j, "agent"), json_string(&j, gr->total.agent);
	json_key(&j, "seed"), json_int(&j, gr->seed);
	if (gr->count == 1 && wrong)
		put_mistakes(&j, &gr->files[0]);
	if (gr->count > 1) {
		json_key(&j, "files"), json_open(&j, '[');
		for (int i = 0; i < gr->count; i++) {
			json_open(&j, '{');
			json_key(&j, "file");
			json_string(&j, gr->files[i].path);
			put_result(&j, &gr->files[i].result);
			if (wrong)
				put_mistakes(&j, &gr->files[i]);
			json_close(&j, '}');
		}
		json_close(&j, ']');
	}
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static void add_row(struct grid *grid, const char *name,
		    const struct grade_tally *t)
{
	grid_add(grid, "%s", name);
	grid_add(grid, "%d", t->positions);
	grid_add(grid, "%.1f%%", 100 * grade_share(t->class_kept, t));
	grid_add(grid, "%.1f%%", 100 * grade_share(t->score_kept, t));
	grid_add(grid, "%d", t->positions - t->class_kept);
}

static void put_plies(const struct grading *gr, struct grid *grid)
{
	for (int ply = 0; ply < gr->total.plies; ply++) {
		char name[24];

		if (!gr->total.by_ply[ply].positions)
			continue;
		snprintf(name, sizeof(name), "ply %d", ply);
		add_row(grid, name, &gr->total.by_ply[ply]);
	}
}

static void put_wrong(const struct graded_file *f, struct buf *out)
{
	const struct game *g = f->set.game;
	void *start = game_state_new(g, 0);

	for (int i = 0; i < f->set.count; i++) {
		const struct graded_position *p = &f->set.positions[i];
		game_move m = f->result.chosen[i];
		char move[GAME_TEXT_SIZE];

		if (!is_mistake(p, m))
			continue;
		buf_printf(out, "%s:%d: ", f->path, p->line);
		game_line_text(g, start, p->moves, p->plies, out);
		if (m == GAME_NO_MOVE) {
			buf_puts(out, " no move\n");
			continue;
		}
		g->rules->move_text(g, p->state, m, move);
		buf_printf(out, " plays %s, worth %d and not %d\n", move,
			   p->scores[m], p->best);
	}
	free(start);
}

static void put_table(const struct grading *gr, struct buf *out)
{
	static const struct grid_column columns[] = {
		{"positions of", false, true}, {"count", true, false},
		{"class kept", true, false},   {"score kept", true, false},
		{"mistakes", true, false},     {NULL, false, false},
	};
	struct grid grid;

	buf_printf(out, "%s, %s: %.0f s\n\n", game_title(&gr->game),
		   gr->total.agent, gr->total.seconds);
	grid_init(&grid, columns);
	if (cmd_flag(gr->line, "by-ply"))
		put_plies(gr, &grid);
	for (int i = 0; i < gr->count; i++)
		add_row(&grid, gr->files[i].path, &gr->files[i].result.all);
	if (gr->count > 1)
		add_row(&grid, "all", &gr->total.all);
	grid_write(&grid, grid_width(), out);
	grid_release(&grid);
	if (gr->total.forfeits)
		buf_printf(out, "%d times it could not move\n",
			   gr->total.forfeits);
	if (cmd_flag(gr->line, "mistakes")) {
		buf_putc(out, '\n');
		for (int i = 0; i < gr->count; i++)
			put_wrong(&gr->files[i], out);
	}
}

/* --- work ---------------------------------------------------------------- */

static bool show_progress(void *ctx, int done)
{
	const struct grading *gr = ctx;
	const struct graded_file *f = &gr->files[gr->at];

	cmd_progress("%s: %d of %d positions", f->path, done, f->set.count);
	return !atomic_load(work_interrupt());
}

static enum err_code check_solved(const struct graded_set *set, struct err *e)
{
	for (int i = 0; i < set->count; i++)
		if (!set->positions[i].scores)
			return err_set(e, ERR_FORMAT,
				       "%s:%d: the score of one move alone: "
				       "write those of all moves",
				       set->name, set->positions[i].line);
	return ERR_OK;
}

static enum err_code read_file(struct graded_file *f, const struct game *g,
			       int limit, struct err *e)
{
	bool standard = !strcmp(f->path, "-");
	FILE *in = standard ? stdin : fopen(f->path, "r");
	enum err_code rc;

	if (!in)
		return err_set(e, ERR_IO, "cannot read %s: %s", f->path,
			       strerror(errno));
	graded_init(&f->set, g, standard ? "standard input" : f->path);
	rc = graded_read(&f->set, in, limit, e);
	if (!rc)
		rc = check_solved(&f->set, e);
	if (!standard)
		fclose(in);
	return rc;
}

static int read_files(struct grading *gr)
{
	const struct cmd_line *line = gr->line;
	int64_t limit;
	int status = cmd_int(line, "limit", 0, 100000000, 0, &limit);
	struct err e = ERR_INIT;

	if (status)
		return status;
	gr->count = line->argc - 1;
	gr->files = mem_zalloc((size_t)gr->count, sizeof(*gr->files));
	for (int i = 0; i < gr->count; i++) {
		struct graded_file *f = &gr->files[i];

		f->path = line->argv[i + 1];
		if (read_file(f, &gr->game, (int)limit, &e))
			return cmd_complain(line, CMD_FAILED, "%s", e.msg);
	}
	return 0;
}

static int grade_files(struct grading *gr)
{
	const struct cmd_line *line = gr->line;
	struct err e = ERR_INIT;

	for (gr->at = 0; gr->at < gr->count; gr->at++) {
		struct grade_request want = {
			.set = &gr->files[gr->at].set,
			.agent = cmd_value(line, "agent"),
			.source = gr->lab ? lab_agents(gr->lab) : NULL,
			.seed = (uint64_t)gr->seed,
			.tick = show_progress,
			.ctx = gr,
		};

		if (grade_agent(&want, gr->pool, &gr->files[gr->at].result, &e))
			return cmd_fail(line, &e);
	}
	cmd_progress_end();
	add_up(gr);
	return 0;
}

static int print(struct grading *gr)
{
	struct buf out;

	buf_init(&out);
	if (cmd_flag(gr->line, "json"))
		put_json(gr, &out);
	else
		put_table(gr, &out);
	return cmd_finish(gr->line, &out);
}

static int open_all(struct grading *gr)
{
	const struct cmd_line *line = gr->line;
	const char *agent = cmd_value(line, "agent");
	struct err e = ERR_INIT;
	int status, threads;

	if (!agent)
		return cmd_complain(line, CMD_USAGE,
				    "who is graded? --agent SPEC, for example "
				    "--agent mcts:c4/latest,sims=600");
	status = cmd_int(line, "seed", 0, INT64_MAX, 1, &gr->seed);
	if (!status)
		status = work_threads(line, &threads);
	if (status)
		return status;
	if (game_init(&gr->game, line->argv[0], &e))
		return cmd_fail(line, &e);
	if (agent_needs_network(agent) &&
	    lab_open(&gr->lab, line->lab_path, LAB_ONLY_READ, &e))
		return cmd_fail(line, &e);
	gr->pool = pool_new(threads);
	return 0;
}

static int run(const struct cmd_line *line)
{
	struct grading gr = {.line = line};
	int status = open_all(&gr);

	if (!status)
		status = read_files(&gr);
	if (!status)
		status = grade_files(&gr);
	if (!status)
		status = print(&gr);
	for (int i = 0; gr.files && i < gr.count; i++) {
		graded_release(&gr.files[i].set);
		grade_result_release(&gr.files[i].result);
	}
	free(gr.files);
	grade_result_release(&gr.total);
	pool_free(gr.pool);
	lab_close(gr.lab);
	return status;
}

static const struct cmd_option options[] = {
	{"agent", "SPEC", "who is graded, e.g. mcts:c4/latest,sims=600"},
	{"limit", "N", "the first N positions of each file (0: all)"},
	{"seed", "S", "of the agent's randomness (1)"},
	{"threads", "T", "workers; changes the speed alone (all processors)"},
	{"by-ply", NULL, "a row for each ply as well"},
	{"mistakes", NULL, "list the positions whose class was lost"},
	{"json", NULL, "as JSON"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_grade = {
	.name = "grade",
	.synopsis = "GAME --agent SPEC FILE... [--json]",
	.summary = "grade an agent by exact scores of positions",
	.details = "A line of FILE is MOVES s1 ... sN, the score of each move, "
		   "or MOVES SCORE, which\nis solved first; - is standard "
		   "input.  A move keeps the class if it wins where the\nbest "
		   "move wins and draws where it draws; it keeps the score if "
		   "none is better.",
	.options = options,
	.min_args = 2,
	.max_args = -1,
	.run = run,
};
