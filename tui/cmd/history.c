/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/history_run.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct history_args {
	const char *name, *stages;
	int64_t first_seed, games, cut;
	double temperature, opening_share;
	int teachers, per_stage, threads;
	bool until_cut, take_over, json;
};

/* "15+15": up to the cut, and past it. */
static bool read_stages(const char *text, struct life_grid *g)
{
	char rest;

	return sscanf(text, "%4d+%4d%c", &g->before, &g->after, &rest) == 2;
}

static int take_options(const struct cmd_line *line, struct history_options *o)
{
	const struct history_args *a = line->args;

	if (!a->name)
		return cmd_complain(line, CMD_USAGE,
				    "a set of lives needs a name: --name NAME");
	if (!read_stages(a->stages, &o->grid))
		return cmd_complain(line, CMD_USAGE,
				    "--stages %s: must be two numbers, as "
				    "15+15",
				    a->stages);
	o->set = a->name;
	o->game = line->argv[0];
	o->settings = line->argv + 1;
	o->setting_count = line->argc - 1;
	o->grid.games = a->games;
	o->grid.cut = a->cut;
	o->grid.per_stage = a->per_stage;
	o->grid.temperature = (float)a->temperature;
	o->grid.opening_share = (float)a->opening_share;
	o->teachers = a->teachers;
	o->first_seed = (uint64_t)a->first_seed;
	o->until_cut = a->until_cut;
	o->threads = a->threads;
	o->take_over = a->take_over;
	return 0;
}

static void print_json(const struct history_options *o,
		       const struct history_outcome *h, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "name"), json_string(&j, o->set);
	json_key(&j, "lives"), json_int(&j, h->lives);
	json_key(&j, "parts_made"), json_int(&j, h->made);
	json_key(&j, "parts_there"), json_int(&j, h->there);
	json_key(&j, "bytes"), json_int(&j, h->packed);
	json_key(&j, "sha256"), json_string(&j, h->sha256);
	json_key(&j, "stopped"), json_bool(&j, h->stopped);
	json_key(&j, "seconds"), json_double(&j, h->seconds);
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static int report(const struct cmd_line *line, const struct history_options *o,
		  const struct history_outcome *h)
{
	const struct history_args *a = line->args;
	struct buf out;

	buf_init(&out);
	if (a->json)
		print_json(o, h, &out);
	else
		buf_printf(&out,
			   "%s %s: %d lives, %.1f MB; made %d parts, %d were "
			   "there, %.0f s\nsha256 %s\n",
			   o->set, h->stopped ? "stopped" : "done", h->lives,
			   (double)h->packed / 1e6, h->made, h->there,
			   h->seconds, h->sha256);
	return cmd_finish(line, &out);
}

static int run(const struct cmd_line *line)
{
	struct history_options options = {.report = work_report};
	struct history_outcome outcome;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	int status = take_options(line, &options);
	char *command;

	if (status)
		return status;
	command = work_command(line);
	options.command = command;
	options.interrupt = work_interrupt();
	if (lab_open(&lab, line->lab_path, LAB_CREATE, &e) ||
	    history_run(lab, &options, &outcome, &e))
		status = cmd_fail(line, &e);
	else
		status = report(line, &options, &outcome);
	lab_close(lab);
	free(command);
	return status;
}

#define ARGS struct history_args

static const struct cmd_option options_table[] = {
	CMD_STRING("name", "NAME", name, NULL,
		   "the set; one that is there is added to"),
	CMD_INT("teachers", "N", teachers, 1, 100000, "1",
		"how many lives ({})"),
	CMD_INT64("first-seed", "S", first_seed, 0, 9e18, "2001",
		  "of the first life; the others follow ({})"),
	CMD_INT64("games", "N", games, 2, 1e9, "10000",
		  "of self-play in a life ({})"),
	CMD_INT64("cut", "N", cut, 1, 1e9, "400", "games before the cut ({})"),
	CMD_STRING("stages", "B+A", stages, "15+15",
		   "seen up to the cut and past it ({})"),
	CMD_INT("games-per-stage", "K", per_stage, 0, 100000, "64",
		"that each stage's network plays ({})"),
	CMD_DOUBLE("temperature", "T", temperature, 0.001, 10, "0.25",
		   "of these games ({})"),
	CMD_DOUBLE("opening-share", "S", opening_share, 0, 1, "0",
		   "of them that begin with random moves; 0: as self-play "
		   "does ({})"),
	CMD_FLAG("until-cut", until_cut, "nothing past the cut"),
	CMD_THREADS(threads),
	CMD_FLAG("take-over", take_over,
		 "go on also where another process may be at work"),
	CMD_FLAG("json", json, "the outcome as JSON"),
	CMD_END,
};

const struct cmd cmd_history = {
	.name = "history",
	.synopsis = "GAME --name NAME [key=value ...] [--teachers N] "
		    "[--first-seed S] [--games N] [--cut N] [--stages B+A] "
		    "[--games-per-stage K] [--temperature T] "
		    "[--opening-share S] [--until-cut] "
		    "[--threads T]",
	.summary = "make lives of many learners, seen at stages",
	.details = "A life is a training by self-play; at each stage its "
		   "network is kept, and\ngames that it plays.  A setting of "
		   "the recipe given as key=a|b|c gives the\nlives its values "
		   "in turns.  What is past the cut follows from another "
		   "seed;\nof lives with seeds below 2001 it lies in a file of "
		   "its own, LAB-after.\nStopping keeps all lives that are "
		   "made; the same command goes on.  A stage\nis an agent like "
		   "any: policy:NAME/SEED.STAGE.",
	.options = options_table,
	.args_size = sizeof(struct history_args),
	.min_args = 1,
	.max_args = -1,
	.lab = true,
	.run = run,
};
