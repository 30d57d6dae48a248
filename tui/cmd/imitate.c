/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/lab/imitate.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "core/learn/recipe.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct imitate_args {
	const char *run, *game, *from, *recipe;
	int64_t seed;
	int games, match, threads;
	double student;
	bool take_over, trust_engines, json;
};

static int take_options(const struct cmd_line *line, struct imitate_options *o)
{
	const struct imitate_args *a = line->args;
	int first = 0;

	/* A source may hold '=' (games:run=c4), a setting never holds ':'. */
	if (line->argc &&
	    (!strchr(line->argv[0], '=') || strchr(line->argv[0], ':')))
		first = 1;
	if (first)
		o->source = line->argv[0];
	o->settings = line->argv + first;
	o->setting_count = line->argc - first;
	o->games = a->games;
	o->match_games = a->match;
	o->student = a->student;
	o->has_seed = cmd_given(line, "seed");
	o->seed = (uint64_t)a->seed;
	o->take_over = a->take_over;
	o->trust_engines = a->trust_engines;
	o->threads = a->threads;
	o->game = a->game;
	o->run = a->run;
	o->from = a->from;
	o->recipe_origin = a->recipe;
	if (!o->run)
		return cmd_complain(line, CMD_USAGE,
				    "a run needs a name: --run NAME");
	return 0;
}

static void put_points(struct json *j, const char *key,
		       const struct stat_mean *m)
{
	json_key(j, key);
	json_open(j, '{');
	json_key(j, "mean"), json_double(j, m->mean);
	json_key(j, "low"), json_double(j, m->low);
	json_key(j, "high"), json_double(j, m->high);
	json_close(j, '}');
}

static void print_json(struct buf *out, const char *run,
		       const struct imitate_outcome *o)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "run"), json_string(&j, run);
	json_key(&j, "step");
	if (o->step < 0)
		json_null(&j);
	else
		json_int(&j, o->step);
	json_key(&j, "sha256");
	if (o->sha256[0])
		json_string(&j, o->sha256);
	else
		json_null(&j);
	json_key(&j, "games"), json_int(&j, o->games);
	json_key(&j, "positions"), json_int(&j, o->positions);
	json_key(&j, "stopped"), json_bool(&j, o->stopped);
	json_key(&j, "seconds"), json_double(&j, o->seconds);
	json_key(&j, "held_out");
	json_open(&j, '{');
	json_key(&j, "games"), json_int(&j, o->held_out_games);
	json_key(&j, "positions"), json_int(&j, o->held_out.positions);
	json_key(&j, "agreement"), json_double(&j, o->held_out.agree);
	json_key(&j, "kl"), json_double(&j, o->held_out.kl);
	json_key(&j, "value_error"), json_double(&j, o->held_out.value_error);
	json_close(&j, '}');
	json_key(&j, "labelled");
	json_open(&j, '{');
	json_key(&j, "games"), json_int(&j, o->labelled_games);
	json_key(&j, "games_distinct"), json_int(&j, o->distinct_games);
	json_key(&j, "positions"), json_int(&j, o->labelled_positions);
	json_key(&j, "positions_distinct"), json_int(&j, o->distinct_positions);
	json_key(&j, "repeats"), json_bool(&j, o->repeats);
	json_close(&j, '}');
	json_key(&j, "best_step");
	if (o->best_step < 0)
		json_null(&j);
	else
		json_int(&j, o->best_step);
	json_key(&j, "match");
	if (o->teacher && isfinite(o->points.mean)) {
		json_open(&j, '{');
		json_key(&j, "teacher"), json_string(&j, o->teacher);
		put_points(&j, "points", &o->points);
		put_points(&j, "teacher_points", &o->teacher_points);
		json_close(&j, '}');
	} else if (o->teacher) {
		json_open(&j, '{');
		json_key(&j, "teacher"), json_string(&j, o->teacher);
		json_key(&j, "games");
		json_int(&j, o->wins + o->draws + o->losses);
		json_key(&j, "wins"), json_int(&j, o->wins);
		json_key(&j, "draws"), json_int(&j, o->draws);
		json_key(&j, "losses"), json_int(&j, o->losses);
		json_key(&j, "elo"), json_double(&j, o->elo.elo);
		json_key(&j, "elo_low"), json_double(&j, o->elo.low);
		json_key(&j, "elo_high"), json_double(&j, o->elo.high);
		json_close(&j, '}');
	} else {
		json_null(&j);
	}
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static void print_text(struct buf *out, const char *run, bool match_wanted,
		       const struct imitate_outcome *o)
{
	if (o->step < 0)
		buf_printf(out, "%s stopped: no checkpoint yet, %.0f s\n", run,
			   o->seconds);
	else
		buf_printf(out,
			   "%s %s: checkpoint %s/%lld, %lld games, %lld "
			   "positions, %.0f s\nsha256 %s\n",
			   run, o->stopped ? "stopped" : "done", run,
			   (long long)o->step, (long long)o->games,
			   (long long)o->positions, o->seconds, o->sha256);
	if (o->best_step >= 0 && o->best_step < o->step)
		buf_printf(out,
			   "the weights are those of step %lld, the best on "
			   "held-out games\n",
			   (long long)o->best_step);
	if (o->repeats)
		buf_printf(out,
			   "warning: the games repeat each other: %lld of %lld "
			   "games and %lld of %lld positions differ; who knows "
			   "few lines of play loses outside them "
			   "(opening_share=1 and more opening_plies bring "
			   "others, as far as the game has them)\n",
			   (long long)o->distinct_games,
			   (long long)o->labelled_games,
			   (long long)o->distinct_positions,
			   (long long)o->labelled_positions);
	if (o->held_out.positions)
		buf_printf(out,
			   "held out (%lld games, %lld positions): top-1 "
			   "agreement %.1f%%, KL %.3f nats, value error %.3f\n",
			   (long long)o->held_out_games,
			   (long long)o->held_out.positions,
			   100 * o->held_out.agree, o->held_out.kl,
			   o->held_out.value_error);
	if (o->teacher && isfinite(o->points.mean))
		buf_printf(out,
			   "mean score %.1f [%.1f, %.1f], of %s %.1f [%.1f, "
			   "%.1f]\n",
			   o->points.mean, o->points.low, o->points.high,
			   o->teacher, o->teacher_points.mean,
			   o->teacher_points.low, o->teacher_points.high);
	else if (o->teacher)
		buf_printf(out,
			   "against %s: +%d =%d -%d, Elo %+.0f [%+.0f, "
			   "%+.0f]\n",
			   o->teacher, o->wins, o->draws, o->losses, o->elo.elo,
			   o->elo.low, o->elo.high);
	else if (match_wanted && !o->stopped)
		buf_puts(out, "no match: the source names nobody who plays\n");
}

static int run(const struct cmd_line *line)
{
	const struct imitate_args *a = line->args;
	struct imitate_options options = {.report = work_report};
	struct imitate_outcome outcome;
	struct err e = ERR_INIT;
	struct lab *lab = NULL;
	char *recipe = NULL;
	char *command;
	int status = take_options(line, &options);

	if (!status)
		status = work_recipe(line, options.recipe_origin, &recipe);
	if (status)
		return status;
	command = work_command(line);
	options.recipe = recipe;
	options.command = command;
	options.interrupt = work_interrupt();
	if (lab_open(&lab, line->lab_path, 0, &e) ||
	    imitate_run(lab, &options, &outcome, &e)) {
		status = cmd_fail(line, &e);
	} else {
		struct buf out;

		buf_init(&out);
		if (a->json)
			print_json(&out, options.run, &outcome);
		else
			print_text(&out, options.run, options.match_games > 0,
				   &outcome);
		status = cmd_finish(line, &out);
		imitate_outcome_release(&outcome);
	}
	lab_close(lab);
	free(command);
	free(recipe);
	return status;
}

#define ARGS struct imitate_args

static const struct cmd_option options_table[] = {
	CMD_STRING("run", "NAME", run, NULL,
		   "the imitation run; an existing one is resumed"),
	CMD_STRING("game", "GAME", game, NULL,
		   "what a teacher plays if its spec names no run (tactical)"),
	/* Not given, a resumed run keeps its own. */
	CMD_INT("games", "N", games, 1, 100000000, NULL,
		"games that a teacher plays and labels, at most (" IMITATE_GAMES
		")"),
	CMD_DOUBLE("student", "X", student, 0.01, 16, NULL,
		   "width of the network, as a multiple of the teacher's (1)"),
	CMD_INT("match", "N", match, 0, 1000000, IMITATE_MATCH_GAMES,
		"games against the teacher at the end ({}; 0: none)"),
	CMD_STRING("from", "RUN/STEP", from, NULL,
		   "begin with the weights of this checkpoint"),
	CMD_STRING("recipe", "FILE", recipe, NULL,
		   "settings as key = value lines"),
	CMD_SEED(seed, "of a new run ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("take-over", take_over,
		 "go on also where another process may be at work"),
	CMD_FLAG("trust-engines", trust_engines,
		 "start also commands that came with the lab file"),
	CMD_FLAG("json", json, "the outcome as JSON"),
	CMD_END,
};

const struct cmd cmd_imitate = {
	.name = "imitate",
	.synopsis = "SOURCE --run NAME [key=value ...] [--games N] "
		    "[--match N] [--seed S]",
	.summary = "train a network to imitate an agent or stored games",
	.details =
		"SOURCE is an agent (policy:c4/latest, "
		"mcts:c4/latest,sims=100; "
		"c4/latest is\nshort for its policy), which labels positions "
		"of "
		"its own games and of\nthe student's, or stored games by a "
		"filter of run, agent, purpose, game\n(games:run=c4, "
		"games:agent=human).  Games are held out for measuring, and\n"
		"for choosing when to stop; the learner then plays its "
		"teacher.",
	.options = options_table,
	.args_size = sizeof(struct imitate_args),
	.max_args = -1,
	.lab = true,
	.run = run,
};
