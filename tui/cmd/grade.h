/* SPDX-License-Identifier: MIT */
#ifndef TUI_CMD_GRADE_H
#define TUI_CMD_GRADE_H

#include "core/lab/grade_run.h"
#include "core/rate/grade.h"
#include "tui/cmd/cmd.h"

/*
 * `plyscope grade`: files of positions by agents, which are one that was named
 * or the checkpoints of a run.  grade.c reads and works, grade_show.c prints.
 */
struct grade_file {
	const char *path; /* borrowed; as typed, or what stands for it */
	struct graded_set set;
};

/* One agent over all files. */
struct grade_row {
	struct grade_point at;      /* of a run's checkpoint */
	struct grade_result *files; /* owned; [file_count] */
	struct grade_result total;  /* `chosen` is not set */
};

struct grade_args {
	const char *game, *agent, *run, *with, *plies, *dump, *known;
	int64_t seed;
	double every;
	int sims, random, memory, limit, threads;
	bool keep, check, by_ply, mistakes, json;
};

struct grading {
	const struct cmd_line *line;   /* borrowed */
	const struct grade_args *args; /* borrowed from the line */
	struct game game;
	double solve_seconds;
	struct grade_file *files; /* owned; [file_count] */
	int file_count;
	struct known *known;    /* owned; of moves */
	struct grade_row *rows; /* owned; [row_count] */
	int row_count;
};

/* The agent's result: an object, or a table. */
void grade_put_json(const struct grading *gr, struct buf *out);
void grade_put_table(const struct grading *gr, struct buf *out);
/* Those of a run's checkpoints: an array, or a table. */
void grade_put_run_json(const struct grading *gr, struct buf *out);
void grade_put_run_table(const struct grading *gr, struct buf *out);

#endif
