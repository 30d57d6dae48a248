/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/train.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct train_args {
	const char *run, *resume, *from, *recipe;
	int64_t games, seed;
	double minutes;
	int threads;
	bool take_over, json;
};

static int take_options(const struct cmd_line *line,
			struct train_options *options)
{
	const struct train_args *a = line->args;
	struct work_asked asked;
	int status = work_ask(line, a->run, a->resume, &asked);

	if (status)
		return status;
	options->run = asked.run;
	options->game = asked.game;
	options->settings = asked.settings;
	options->setting_count = asked.setting_count;
	options->must_exist = asked.must_exist;
	options->from = a->from;
	options->games = a->games;
	options->minutes = a->minutes;
	options->has_seed = cmd_given(line, "seed");
	options->seed = (uint64_t)a->seed;
	options->take_over = a->take_over;
	options->threads = a->threads;
	options->recipe_origin = a->recipe;
	return 0;
}

static int report(const struct cmd_line *line, const char *run,
		  const struct train_outcome *o)
{
	const struct train_args *a = line->args;
	struct buf out;
	struct json j;

	buf_init(&out);
	if (a->json) {
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
	int status = take_options(line, &options);

	if (!status)
		status = work_recipe(line, options.recipe_origin, &recipe);
	if (status)
		return status;
	command = work_command(line);
	options.recipe = recipe;
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

#define ARGS struct train_args

static const struct cmd_option options_table[] = {
	CMD_STRING("run", "NAME", run, NULL,
		   "the run; an existing one is resumed"),
	CMD_STRING("resume", "NAME", resume, NULL,
		   "resume this run, which must exist"),
	CMD_STRING("from", "RUN/STEP", from, NULL,
		   "begin with the weights of this checkpoint"),
	CMD_STRING("recipe", "FILE", recipe, NULL,
		   "settings as key = value lines; shipped: chess, connect4, "
		   "go, othello, pacman, quick, sample, tictactoe"),
	CMD_INT64("games", "N", games, 1, 1e12, NULL, "stop at N games in all"),
	CMD_DOUBLE("minutes", "M", minutes, 0.001, 1e6, NULL,
		   "stop after M minutes of work"),
	CMD_SEED(seed, "of a new run ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("take-over", take_over,
		 "go on also where another process may be at work"),
	CMD_FLAG("json", json, "the outcome as JSON"),
	CMD_END,
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
	.args_size = sizeof(struct train_args),
	.max_args = -1,
	.lab = true,
	.run = run,
};
