/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/train.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/json.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

/* Positional arguments after the game are settings; `train key=value` resumes
 * and names no game. */
static int sort_arguments(const struct cmd_line *line,
			  struct train_options *options)
{
	int first = line->argc && !strchr(line->argv[0], '=') ? 1 : 0;
	/* A game may hold '=' too: drop:rows=6,... */
	if (!first && line->argc && strchr(line->argv[0], ':'))
		first = 1;
	if (first)
		options->game = line->argv[0];
	for (int i = first; i < line->argc; i++)
		if (!strchr(line->argv[i], '='))
			return cmd_complain(line, CMD_USAGE,
					    "'%s' is neither a game nor "
					    "key=value",
					    line->argv[i]);
	options->settings = line->argv + first;
	options->setting_count = line->argc - first;
	return 0;
}

static int read_options(const struct cmd_line *line,
			struct train_options *options)
{
	const char *resume = cmd_value(line, "resume");
	int64_t seed;
	int status = sort_arguments(line, options);

	if (!status)
		status = cmd_int(line, "games", 1, 1000000000000, 0,
				 &options->games);
	if (!status)
		status = cmd_int(line, "seed", 0, INT64_MAX, 1, &seed);
	if (!status)
		status = work_number(line, "minutes", 0.001, 1e6, 0,
				     &options->minutes);
	if (!status)
		status = work_threads(line, &options->threads);
	if (status)
		return status;
	options->has_seed = cmd_value(line, "seed") != NULL;
	options->seed = (uint64_t)seed;
	options->run = cmd_value(line, "run");
	if (resume && options->run)
		return cmd_complain(line, CMD_USAGE,
				    "--resume names the run: leave --run out");
	options->must_exist = resume != NULL;
	if (resume)
		options->run = resume;
	if (!options->run)
		return cmd_complain(line, CMD_USAGE,
				    "a run needs a name: --run NAME");
	return 0;
}

static int report(const struct cmd_line *line, const char *run,
		  const struct train_outcome *o)
{
	struct buf out;
	struct json j;

	buf_init(&out);
	if (cmd_flag(line, "json")) {
		json_init(&j, &out);
		json_open(&j, '{');
		json_key(&j, "run"), json_string(&j, run);
		json_key(&j, "step"), json_int(&j, o->step);
		json_key(&j, "games"), json_int(&j, o->games);
		json_key(&j, "positions"), json_int(&j, o->positions);
		json_key(&j, "sha256"), json_string(&j, o->sha256);
		json_key(&j, "stopped"), json_bool(&j, o->stopped);
		json_key(&j, "seconds"), json_double(&j, o->seconds);
		json_close(&j, '}');
		buf_putc(&out, '\n');
	} else {
		buf_printf(&out,
			   "%s %s: %lld games, %lld positions, checkpoint "
			   "%s/%lld, %.0f s\nsha256 %s\n",
			   run, o->stopped ? "stopped" : "done",
			   (long long)o->games, (long long)o->positions, run,
			   (long long)o->step, o->seconds, o->sha256);
	}
	return cmd_finish(line, &out);
}

static int run(const struct cmd_line *line)
{
	struct train_options options = {.report = work_report};
	struct train_outcome outcome;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	char *recipe = NULL, *usual, *usual_path;
	char *command;
	bool fresh;
	int status = read_options(line, &options);

	if (!status)
		status = work_recipe(line, &recipe);
	if (status)
		return status;
	command = work_command(line);
	options.recipe = recipe;
	options.recipe_origin = cmd_value(line, "recipe");
	work_usual_recipe(options.game, &usual_path, &usual);
	options.usual = usual;
	options.usual_origin = usual_path;
	options.command = command;
	options.interrupt = work_interrupt();
	fresh = !options.must_exist && access(line->lab_path, F_OK);
	if ((fresh && train_check(&options, &e)) ||
	    lab_open(&lab, line->lab_path, options.must_exist ? 0 : LAB_CREATE,
		     &e) ||
	    train_run(lab, &options, &outcome, &e))
		status = cmd_fail(line, &e);
	else
		status = report(line, options.run, &outcome);
	lab_close(lab);
	free(command);
	free(recipe);
	free(usual);
	free(usual_path);
	return status;
}

static const struct cmd_option options_table[] = {
	{"run", "NAME", "the run; an existing one is resumed"},
	{"resume", "NAME", "resume this run, which must exist"},
	{"recipe", "FILE",
	 "settings as key = value lines; shipped: chess, connect4, go, "
	 "othello, pacman, quick, sample, tictactoe"},
	{"games", "N", "stop at N games in all"},
	{"minutes", "M", "stop after M minutes of work"},
	{"seed", "S", "of a new run (1)"},
	{"threads", "T", "workers; changes the speed alone (all processors)"},
	{"json", NULL, "the outcome as JSON"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_train = {
	.name = "train",
	.synopsis = "GAME --run NAME [--recipe FILE] [key=value ...] "
		    "[--games N] [--minutes M] [--seed S] [--threads T]",
	.summary = "learn a game by self-play, or go on learning",
	.details = "Stopping with Ctrl-C or from the lab's screens keeps all "
		   "finished work;\nthe same command, or --resume NAME, goes "
		   "on from there.  Every setting of\na recipe may be given as "
		   "key=value; plyscope(1) lists them.  Without\n--recipe a "
		   "new run takes the one named after its game, where there is "
		   "one.",
	.options = options_table,
	.max_args = -1,
	.run = run,
};
