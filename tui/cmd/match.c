/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/match_run.h"
#include "core/lab/trust.h"
#include "core/rate/balance.h"
#include "core/rate/sprt.h"
#include "core/rate/tally.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"

struct match_args {
	const char *agents[2], *game, *openings, *sprt;
	int64_t seed;
	double alpha, beta;
	int games, life, threads;
	bool json, traces, no_save;
};

/* What the live line shows. */
struct showing {
	const struct match_options *options;
	const struct match_outcome *outcome;
};

/* What of the games is evidence, and of what. */
static void show_evidence(const struct showing *show,
			  const struct match_result *r)
{
	const struct match_options *o = show->options;
	const struct sprt *t = &show->outcome->sprt;
	struct stat_elo elo = tally_elo(&r->tally);
	char end[64];

	if (o->sprt)
		snprintf(end, sizeof(end), "LLR %.2f (%.2f, %.2f)", t->llr,
			 t->lower, t->upper);
	else
		snprintf(end, sizeof(end), "Elo %+.0f (%+.0f to %+.0f)",
			 elo.elo, elo.low, elo.high);
	cmd_progress_of(
		r->games, o->games,
		"%d of %s%d games: +%d =%d -%d, %d of %d pairs distinct, "
		"%s",
		r->games, o->sprt ? "at most " : "", o->games, r->wins,
		r->draws, r->losses, r->tally.distinct_pairs, r->tally.pairs,
		end);
}

static void show_progress(void *ctx, const struct match_result *r)
{
	const struct showing *show = ctx;
	const struct match_options *o = show->options;

	work_wait_over();
	if (o->agents[1] && r->games)
		show_evidence(show, r);
	else if (o->agents[1])
		cmd_progress_of(r->games, o->games, "%d of %d games", r->games,
				o->games);
	else
		cmd_progress_of(r->games, o->games,
				"%d of %d games: mean score %.1f", r->games,
				o->games, stat_mean_of(&r->points).mean);
}

/* Points of a game that keeps a score; of one-player games there is no more. */
static void put_points(struct json *j, const struct match_outcome *m)
{
	if (isnan(m->points.mean))
		return;
	json_key(j, "points"), json_double(j, m->points.mean);
	json_key(j, "points_low"), json_double(j, m->points.low);
	json_key(j, "points_high"), json_double(j, m->points.high);
}

static void say_points(struct buf *out, const struct match_outcome *m)
{
	if (isnan(m->points.mean))
		return;
	buf_printf(out, "\nmean score %.1f", m->points.mean);
	if (!isnan(m->points.low))
		buf_printf(out, " (95%%: %.1f to %.1f)", m->points.low,
			   m->points.high);
}

/* The means of what the rules keep of a game: dots, ghosts, deaths. */
static void put_facts(struct json *j, const struct match_result *r)
{
	if (!r->fact_count)
		return;
	json_key(j, "facts"), json_open(j, '{');
	for (int i = 0; i < r->fact_count; i++) {
		struct stat_mean mean = stat_mean_of(&r->facts[i]);

		json_key(j, r->fact_names[i]), json_open(j, '{');
		json_key(j, "mean"), json_double(j, mean.mean);
		json_key(j, "low"), json_double(j, mean.low);
		json_key(j, "high"), json_double(j, mean.high);
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void say_facts(struct buf *out, const struct match_result *r)
{
	for (int i = 0; i < r->fact_count; i++) {
		struct stat_mean mean = stat_mean_of(&r->facts[i]);

		/* Said as points. */
		if (!strcmp(r->fact_names[i], "score"))
			continue;
		buf_printf(out, "\n%-10s %.2f", r->fact_names[i], mean.mean);
		if (!isnan(mean.low))
			buf_printf(out, " (95%%: %.2f to %.2f)", mean.low,
				   mean.high);
	}
}

static bool was_balanced(const struct match_result *r)
{
	const int *by = r->balanced;

	return r->none_balanced || by[BALANCE_SOLVER] || by[BALANCE_NETWORK] ||
	       by[BALANCE_NOBODY];
}

/* Of a match that asked for it. */
static void put_balance(struct json *j, const struct match_result *r)
{
	if (!was_balanced(r))
		return;
	json_key(j, "openings_balanced"), json_open(j, '{');
	json_key(j, "by_solver"), json_int(j, r->balanced[BALANCE_SOLVER]);
	json_key(j, "by_network"), json_int(j, r->balanced[BALANCE_NETWORK]);
	json_key(j, "by_nobody"), json_int(j, r->balanced[BALANCE_NOBODY]);
	json_key(j, "left_out"), json_int(j, r->left_out);
	json_close(j, '}');
}

/* What of the games is evidence, and how openings came out. */
static void put_pairs(struct json *j, const struct match_result *r, bool two)
{
	json_key(j, "distinct_games"), json_int(j, r->tally.distinct_games);
	if (!two)
		return;
	json_key(j, "pairs"), json_int(j, r->tally.pairs);
	json_key(j, "distinct_pairs"), json_int(j, r->tally.distinct_pairs);
	json_key(j, "pair_points"), json_open(j, '[');
	for (int i = 0; i < TALLY_OUTCOMES; i++)
		json_int(j, r->tally.outcome[i]);
	json_close(j, ']');
	json_key(j, "distinct_openings"), json_int(j, r->tally.openings);
	json_key(j, "random_plies"), json_int(j, r->opening_plies);
	put_balance(j, r);
	json_key(j, "openings_ran_out"), json_bool(j, r->ran_out);
	json_key(j, "repeats_itself"), json_bool(j, r->repeated_itself);
}

/* Who said that openings are even. */
static void say_balance(struct buf *out, const struct match_result *r)
{
	const int *by = r->balanced;

	if (!was_balanced(r))
		return;
	if (r->none_balanced) {
		buf_puts(out, "\nno position is balanced: any were taken");
		return;
	}
	buf_printf(out,
		   "\nopenings balanced: %d by the solver, %d by the networks, "
		   "%d that nobody knows; %d positions left out",
		   by[BALANCE_SOLVER], by[BALANCE_NETWORK], by[BALANCE_NOBODY],
		   r->left_out);
}

static void say_pairs(struct buf *out, const struct match_options *o,
		      const struct match_result *r)
{
	const struct tally *t = &r->tally;
	const char *asked = o->openings ? o->openings : "";
	int plies = 0;

	buf_putc(out, '\n');
	buf_counted(out, t->pairs, "pair");
	buf_printf(out, ", %d of them distinct, from ", t->distinct_pairs);
	buf_counted(out, t->openings, "opening");
	if (!strncmp(asked, "random:", 7))
		plies = atoi(asked + 7);
	if (r->opening_plies > plies)
		buf_printf(out,
			   "\n%s has too few distinct positions: openings of "
			   "up to %d random moves",
			   asked, r->opening_plies);
	say_balance(out, r);
	if (r->ran_out)
		buf_printf(out,
			   "\nthe openings ran out after %d: they were played "
			   "again%s",
			   r->openings,
			   r->repeated_itself
				   ? ", and the match ended, for nothing new "
				     "came of it"
				   : "");
}

static void put_score(struct json *j, const struct match_outcome *m)
{
	json_key(j, "wins"), json_int(j, m->result.wins);
	json_key(j, "draws"), json_int(j, m->result.draws);
	json_key(j, "losses"), json_int(j, m->result.losses);
	json_key(j, "elo"), json_double(j, m->elo.elo);
	json_key(j, "elo_low"), json_double(j, m->elo.low);
	json_key(j, "elo_high"), json_double(j, m->elo.high);
	json_key(j, "score"), json_double(j, m->elo.score);
}

static void say_test(struct buf *out, const struct sprt *t)
{
	buf_printf(out, "\nsprt %g against %g Elo: %s, LLR %.2f (%.2f, %.2f)",
		   t->terms.elo0, t->terms.elo1, sprt_verdict_name(t->verdict),
		   t->llr, t->lower, t->upper);
}

static int report(const struct cmd_line *line, const struct match_options *o,
		  const struct match_outcome *m)
{
	const struct match_args *a = line->args;
	const struct match_result *r = &m->result;
	struct buf out;
	struct json j;

	buf_init(&out);
	if (a->json) {
		json_init(&j, &out);
		json_open(&j, '{');
		json_key(&j, "games"), json_int(&j, r->games);
		if (o->agents[1])
			put_score(&j, m);
		put_pairs(&j, r, o->agents[1]);
		if (o->sprt)
			json_key(&j, "sprt"), sprt_json(&m->sprt, &j);
		put_points(&j, m);
		put_facts(&j, r);
		json_key(&j, "game"), json_string(&j, game_short_name(o->game));
		json_key(&j, "first"), json_string(&j, m->names[0]);
		if (o->agents[1])
			json_key(&j, "second"), json_string(&j, m->names[1]);
		json_key(&j, "seed"), json_int(&j, (int64_t)o->seed);
		json_key(&j, "match");
		if (m->match_id)
			json_int(&j, m->match_id);
		else
			json_null(&j);
		json_close(&j, '}');
		buf_putc(&out, '\n');
	} else {
		if (o->agents[1])
			buf_printf(&out, "%s against %s: %d games, +%d =%d -%d",
				   m->names[0], m->names[1], r->games, r->wins,
				   r->draws, r->losses);
		else
			buf_printf(&out, "%s: %d games", m->names[0], r->games);
		say_points(&out, m);
		say_facts(&out, r);
		if (r->games && o->agents[1])
			buf_printf(&out,
				   "\nscore %.1f%%, Elo %+.0f (95%%: %+.0f to "
				   "%+.0f)",
				   100 * m->elo.score, m->elo.elo, m->elo.low,
				   m->elo.high);
		if (r->games && o->agents[1])
			say_pairs(&out, o, r);
		if (o->sprt)
			say_test(&out, &m->sprt);
		if (m->match_id)
			buf_printf(&out, "\nkept as match %lld",
				   (long long)m->match_id);
		buf_putc(&out, '\n');
	}
	return cmd_finish(line, &out);
}

/* --game, else the game of the first agent that has a network. */
static int find_game(const struct cmd_line *line, struct lab *lab,
		     struct game *g)
{
	const struct match_args *a = line->args;
	const char *name = a->game;
	struct err e = ERR_INIT;

	if (name)
		return game_init(g, name, &e) ? cmd_fail(line, &e) : 0;
	for (int i = 0; i < line->argc; i++)
		if (agent_needs_network(line->argv[i]))
			return lab_agent_game(lab, line->argv[i], g, &e)
				       ? cmd_fail(line, &e)
				       : 0;
	return cmd_complain(line, CMD_USAGE,
			    "which game? neither agent has a network that "
			    "says: --game GAME");
}

static int take_options(const struct cmd_line *line, struct match_options *o)
{
	const struct match_args *a = line->args;

	if (!a->games)
		return cmd_complain(line, CMD_USAGE,
				    "how many games? --games N");
	o->agents[0] = a->agents[0];
	o->agents[1] = a->agents[1];
	o->games = a->games;
	o->life = a->life;
	o->seed = (uint64_t)a->seed;
	o->threads = a->threads;
	o->openings = a->openings;
	o->keep = !a->no_save;
	o->traces = o->keep && a->traces;
	return 0;
}

/* --sprt elo0,elo1 and what goes with it, into *terms; NULL in the options
 * without it. */
static int read_test(const struct cmd_line *line, struct sprt_terms *terms,
		     struct match_options *o)
{
	const struct match_args *a = line->args;
	const char *text = a->sprt;
	struct err e = ERR_INIT;
	char *end = NULL;

	terms->alpha = a->alpha;
	terms->beta = a->beta;
	if (!text && (cmd_given(line, "alpha") || cmd_given(line, "beta")))
		return cmd_complain(line, CMD_USAGE,
				    "--alpha and --beta go with --sprt");
	if (!text)
		return 0;
	terms->elo0 = strtod(text, &end);
	if (end != text && *end == ',') {
		text = end + 1;
		terms->elo1 = strtod(text, &end);
	} else {
		end = NULL;
	}
	if (!end || end == text || *end)
		return cmd_complain(line, CMD_USAGE,
				    "--sprt %s: must be two differences in "
				    "Elo, such as 0,10",
				    a->sprt);
	if (sprt_check(terms, &e))
		return cmd_fail(line, &e);
	o->sprt = terms;
	return 0;
}

static bool has_network(const struct cmd_line *line)
{
	for (int i = 0; i < line->argc; i++)
		if (agent_needs_network(line->argv[i]))
			return true;
	return false;
}

/* A lab is needed to keep the match in, or to take networks from. */
static int open_lab(const struct cmd_line *line, const struct match_options *o,
		    struct lab **lab)
{
	struct err e = ERR_INIT;

	*lab = NULL;
	if (!o->keep && !has_network(line))
		return 0;
	if (lab_open(lab, line->lab_path, o->keep ? LAB_CREATE : LAB_ONLY_READ,
		     &e))
		return cmd_fail(line, &e);
	/* They were typed.  Where that cannot be kept, it holds for now. */
	for (int i = 0; i < 2 && o->agents[i]; i++)
		trust_add(lab_trust(*lab), o->agents[i], NULL);
	return 0;
}

static int play(const struct cmd_line *line, struct lab *lab,
		struct match_options *o)
{
	struct match_outcome outcome;
	struct showing showing = {o, &outcome};
	struct err e = ERR_INIT;
	enum err_code code;
	int status;

	o->report = show_progress;
	o->ctx = &showing;
	code = match_run(lab, o, &outcome, &e);

	if (code && code != ERR_CANCELLED)
		return cmd_fail(line, &e);
	cmd_progress_end();
	status = report(line, o, &outcome);
	if (code && !status)
		status = cmd_complain(line, CMD_FAILED,
				      "stopped after %d of %d games",
				      outcome.result.games, o->games);
	return status;
}

static int run(const struct cmd_line *line)
{
	struct match_options o = {.step = -1};
	struct sprt_terms terms;
	struct lab *lab = NULL;
	struct game g;
	int status = take_options(line, &o);
	char *command;

	if (!status)
		status = read_test(line, &terms, &o);
	/* Nothing is made for a match that cannot be. */
	if (!status && !has_network(line))
		status = find_game(line, NULL, &g);
	if (!status)
		status = open_lab(line, &o, &lab);
	if (!status && has_network(line))
		status = find_game(line, lab, &g);
	if (!status) {
		command = work_command(line);
		o.game = &g;
		o.command = command;
		o.interrupt = work_interrupt();
		/* They may come through a pipe: nothing is played yet. */
		if (o.openings && strncmp(o.openings, "random", 6) != 0)
			work_wait_for(o.openings);
		status = play(line, lab, &o);
		free(command);
	}
	lab_close(lab);
	return status;
}

#define ARGS struct match_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "AGENT", agents[0]),
	CMD_ARG(2, "AGENT", agents[1]),
	CMD_STRING("game", "GAME", game, NULL,
		   "what they play (the game of their networks)"),
	CMD_INT("games", "N", games, 1, 1000000, NULL,
		"how many; colours alternate"),
	CMD_INT("life", "N", life, 1, 100000, "1",
		"games after which agents that learn begin anew ({})"),
	CMD_STRING("openings", "random:K[,balance=V]|FILE", openings,
		   "random:2",
		   "K random moves, lines of play or a book.bin ({})"),
	CMD_SEED(seed, "of openings and agents ({})"),
	CMD_STRING("sprt", "ELO0,ELO1", sprt, NULL,
		   "stop when the test decides between these"),
	CMD_DOUBLE("alpha", "P", alpha, 0, 1, "0.05",
		   "of the test: chance of taking ELO1 wrongly ({})"),
	CMD_DOUBLE("beta", "P", beta, 0, 1, "0.05",
		   "of the test: chance of taking ELO0 wrongly ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("json", json, "the result as JSON"),
	CMD_FLAG("traces", traces, "keep every thought with its search tree"),
	CMD_FLAG("no-save", no_save, "do not keep the match in the lab file"),
	CMD_END,
};

const struct cmd cmd_match = {
	.name = "match",
	.synopsis = "AGENT [AGENT] --games N [--game GAME] "
		    "[--openings random:K|FILE] [--seed S]",
	.summary = "play two agents against each other, or one alone",
	.details = "Each opening is played from both sides.  The result is "
		   "the first agent's; the Elo\ndifference comes with its 95% "
		   "interval, by distinct pairs of games: repeats add "
		   "nothing.\nWith balance=V random openings whose value is "
		   "known, by a "
		   "solver or by the players'\nnetworks, to be further from 0 "
		   "than V are left out.\nA one-player game has one "
		   "agent, and its mean "
		   "score is the result.\nWith --sprt the match is at most N "
		   "games long.",
	.options = options,
	.args_size = sizeof(struct match_args),
	.min_args = 1,
	.max_args = 2,
	.lab = true,
	.run = run,
};
