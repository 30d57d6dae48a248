/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/rate/grade.h"
#include "tui/cmd/grade.h"
#include "tui/cmd/grid.h"

/* --- JSON ---------------------------------------------------------------- */

static void put_tally(struct json *j, const struct grade_tally *t)
{
	json_key(j, "positions"), json_int(j, t->positions);
	json_key(j, "class_kept");
	json_double(j, grade_share(t->class_kept, t));
	json_key(j, "score_kept");
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
	json_key(j, "asked"), json_int(j, r->asked);
	json_key(j, "judge_seconds"), json_double(j, r->judge_seconds);
}

static void put_wrong(struct json *j, const struct graded_set *set,
		      const struct grade_result *r)
{
	const struct game *g = set->game;
	void *start = game_state_new(g, 0);

	json_key(j, "wrong"), json_open(j, '[');
	for (int i = 0; i < set->count; i++) {
		const struct graded_position *p = &set->positions[i];
		game_move m = r->chosen[i];
		char move[GAME_TEXT_SIZE];
		struct buf text;

		if (r->verdicts[i].class_kept)
			continue;
		buf_init(&text);
		game_line_text(g, start, p->moves, p->plies, &text);
		json_open(j, '{');
		json_key(j, "moves"), json_string(j, text.data);
		json_key(j, "best"), json_int(j, p->best);
		if (m != GAME_NO_MOVE) {
			g->rules->move_text(g, p->state, m, move);
			json_key(j, "move"), json_string(j, move);
			json_key(j, p->scores ? "score" : "at_most");
			json_int(j, r->verdicts[i].most);
		}
		json_close(j, '}');
		buf_release(&text);
	}
	json_close(j, ']');
	free(start);
}

/* A single file's keys are those of the whole. */
static void put_row(struct json *j, const struct grading *gr,
		    const struct grade_row *row)
{
	bool wrong = gr->args->mistakes;

	put_result(j, &row->total);
	json_key(j, "game"), json_string(j, game_short_name(&gr->game));
	json_key(j, "agent"), json_string(j, row->total.agent);
	json_key(j, "seed"), json_int(j, gr->args->seed);
	json_key(j, "solve_seconds"), json_double(j, gr->solve_seconds);
	if (gr->file_count == 1 && wrong)
		put_wrong(j, &gr->files[0].set, &row->files[0]);
	if (gr->file_count == 1)
		return;
	json_key(j, "files"), json_open(j, '[');
	for (int i = 0; i < gr->file_count; i++) {
		json_open(j, '{');
		json_key(j, "file"), json_string(j, gr->files[i].path);
		put_result(j, &row->files[i]);
		if (wrong)
			put_wrong(j, &gr->files[i].set, &row->files[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void grade_put_json(const struct grading *gr, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	put_row(&j, gr, &gr->rows[0]);
	json_close(&j, '}');
	buf_putc(out, '\n');
}

void grade_put_run_json(const struct grading *gr, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '[');
	for (int i = 0; i < gr->row_count; i++) {
		const struct grade_row *row = &gr->rows[i];

		json_open(&j, '{');
		json_key(&j, "step"), json_int(&j, row->at.step);
		json_key(&j, "games"), json_int(&j, row->at.games);
		json_key(&j, "time");
		if (row->at.time_ms < 0)
			json_null(&j);
		else
			json_double(&j, (double)row->at.time_ms / 1000);
		put_row(&j, gr, row);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	buf_putc(out, '\n');
}

/* --- tables -------------------------------------------------------------- */

static void add_shares(struct grid *grid, const struct grade_tally *t)
{
	grid_add(grid, "%.1f%%", 100 * grade_share(t->class_kept, t));
	grid_add(grid, "%.1f%%", 100 * grade_share(t->score_kept, t));
	grid_add(grid, "%d", t->positions - t->class_kept);
}

static void add_row(struct grid *grid, const char *name,
		    const struct grade_tally *t)
{
	grid_add(grid, "%s", name);
	grid_add(grid, "%d", t->positions);
	add_shares(grid, t);
}

static void add_plies(const struct grade_row *row, struct grid *grid)
{
	for (int ply = 0; ply < row->total.plies; ply++) {
		char name[24];

		if (!row->total.by_ply[ply].positions)
			continue;
		snprintf(name, sizeof(name), "ply %d", ply);
		add_row(grid, name, &row->total.by_ply[ply]);
	}
}

static void say_wrong(const struct grade_file *f, const struct grade_result *r,
		      struct buf *out)
{
	const struct game *g = f->set.game;
	void *start = game_state_new(g, 0);

	for (int i = 0; i < f->set.count; i++) {
		const struct graded_position *p = &f->set.positions[i];
		game_move m = r->chosen[i];
		char move[GAME_TEXT_SIZE];

		if (r->verdicts[i].class_kept)
			continue;
		buf_printf(out, "%s:", f->path);
		if (p->line)
			buf_printf(out, "%d:", p->line);
		buf_putc(out, ' ');
		game_line_text(g, start, p->moves, p->plies, out);
		if (m == GAME_NO_MOVE) {
			buf_puts(out, " no move\n");
			continue;
		}
		g->rules->move_text(g, p->state, m, move);
		buf_printf(out, " plays %s, worth %d%s and not %d\n", move,
			   r->verdicts[i].most, p->scores ? "" : " at most",
			   p->best);
	}
	free(start);
}

static void say_all_wrong(const struct grading *gr, const struct grade_row *row,
			  struct buf *out)
{
	if (!gr->args->mistakes)
		return;
	buf_putc(out, '\n');
	for (int i = 0; i < gr->file_count; i++)
		say_wrong(&gr->files[i], &row->files[i], out);
}

static void say_solving(const struct grading *gr, struct buf *out)
{
	if (gr->solve_seconds > 0)
		buf_printf(out, ", solved in %.1f s", gr->solve_seconds);
}

void grade_put_table(const struct grading *gr, struct buf *out)
{
	static const struct grid_column columns[] = {
		{"positions of", false, true}, {"count", true, false},
		{"class kept", true, false},   {"score kept", true, false},
		{"mistakes", true, false},     {NULL, false, false},
	};
	const struct grade_row *row = &gr->rows[0];
	struct grid grid;

	buf_printf(out, "%s, %s: %.1f s", game_title(&gr->game),
		   row->total.agent, row->total.seconds);
	say_solving(gr, out);
	if (row->total.asked)
		buf_printf(out, ", moves judged in %.1f s",
			   row->total.judge_seconds);
	buf_puts(out, "\n\n");
	grid_init(&grid, columns);
	if (gr->args->by_ply)
		add_plies(row, &grid);
	for (int i = 0; i < gr->file_count; i++)
		add_row(&grid, gr->files[i].path, &row->files[i].all);
	if (gr->file_count > 1)
		add_row(&grid, "all", &row->total.all);
	grid_write(&grid, grid_width(), out);
	grid_release(&grid);
	if (row->total.forfeits)
		buf_printf(out, "%d times it could not move\n",
			   row->total.forfeits);
	say_all_wrong(gr, row, out);
}

/* Shares of class mistakes, one column per file, as many as have room. */
enum { FIXED_COLUMNS = 6, FILE_COLUMNS = 9 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

void grade_put_run_table(const struct grading *gr, struct buf *out)
{
	struct grid_column columns[FIXED_COLUMNS + FILE_COLUMNS + 1] = {
		{"step", true, false},       {"games", true, false},
		{"minutes", true, false},    {"class kept", true, false},
		{"score kept", true, false}, {"mistakes", true, false},
	};
	int files =
		gr->file_count > FILE_COLUMNS ? FILE_COLUMNS : gr->file_count;
	struct grid grid;

	if (files == 1)
		files = 0;
	for (int i = 0; i < files; i++)
		columns[FIXED_COLUMNS + i] = (struct grid_column){
			base_name(gr->files[i].path), true, false};
	buf_printf(out, "%s, run %s: %d positions", game_title(&gr->game),
		   gr->args->run, gr->rows[0].total.all.positions);
	say_solving(gr, out);
	if (files)
		buf_puts(out, "; mistakes by file, percent");
	buf_puts(out, "\n\n");
	grid_init(&grid, columns);
	for (int i = 0; i < gr->row_count; i++) {
		const struct grade_row *row = &gr->rows[i];

		grid_add(&grid, "%lld", (long long)row->at.step);
		grid_add(&grid, "%lld", (long long)row->at.games);
		if (row->at.time_ms < 0)
			grid_add(&grid, "-");
		else
			grid_add(&grid, "%.1f",
				 (double)row->at.time_ms / 60000);
		add_shares(&grid, &row->total.all);
		for (int k = 0; k < files; k++) {
			const struct grade_tally *t = &row->files[k].all;

			grid_add(&grid, "%.1f",
				 100 - 100 * grade_share(t->class_kept, t));
		}
	}
	grid_write(&grid, grid_width(), out);
	grid_release(&grid);
	for (int i = 0; i < gr->row_count; i++)
		say_all_wrong(gr, &gr->rows[i], out);
}
