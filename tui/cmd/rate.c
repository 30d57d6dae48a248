/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/lab/chain_run.h"
#include "core/lab/lab.h"
#include "core/lab/rate_lab.h"
#include "store/match.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"
#include "tui/cmd/work.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"

struct rate_args {
	const char *game, *anchor, *run;
	double within;
	int64_t seed;
	int panel, most, threads;
	bool json;
};

/* Pairs that are told, from how many deviations on. */
enum { TOLD = 5 };
#define FAR 2.5

/* What the tables are made from and go to. */
struct rating_run {
	const struct cmd_line *line;
	struct lab *lab;
	bool as_json;
	struct json json;
	struct buf out;
	int shown;          /* tables */
	struct chain chain; /* of --run; no link without */
};

static struct rating rating_at(const struct rate_table *t, size_t i)
{
	const struct store_rating *r = &t->rows[i];

	return (struct rating){
		.rank = (int64_t)i + 1,
		.agent = r->agent,
		.elo = r->elo,
		.elo_low = r->elo_low,
		.elo_high = r->elo_high,
		.games = r->games,
		.score = r->score,
		.linked = r->linked,
		.guess = !r->linked,
		.above = t->above[i],
		.over = r->elo - t->mean,
		.over_low = r->elo - t->mean - t->spread[i],
		.over_high = r->elo - t->mean + t->spread[i],
	};
}

static void put_residuals(struct rating_run *m, const struct rate_table *t)
{
	struct json *j = &m->json;

	json_key(j, "residuals"), json_open(j, '[');
	for (size_t k = 0; k < t->residual_count; k++) {
		const struct rate_residual *r = &t->residuals[k];

		json_open(j, '{');
		json_key(j, "first"), json_string(j, r->first);
		json_key(j, "second"), json_string(j, r->second);
		json_key(j, "games"), json_int(j, r->games);
		json_key(j, "score"), json_double(j, r->score);
		json_key(j, "expected"), json_double(j, r->expected);
		json_key(j, "elo"), json_double(j, r->elo);
		json_key(j, "direct_elo"), json_double(j, r->direct);
		json_key(j, "deviations"), json_double(j, r->deviations);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_chain(struct rating_run *m)
{
	struct json *j = &m->json;

	if (!m->chain.count)
		return;
	json_key(j, "chain"), json_open(j, '[');
	for (size_t i = 0; i < m->chain.count; i++) {
		const struct chain_link *l = &m->chain.links[i];

		json_open(j, '{');
		json_key(j, "step"), json_int(j, l->step);
		json_key(j, "agent"), json_string(j, l->agent);
		json_key(j, "neighbour"), json_string(j, l->neighbour);
		json_key(j, "difference"), json_double(j, l->difference);
		json_key(j, "low"), json_double(j, l->low);
		json_key(j, "high"), json_double(j, l->high);
		json_key(j, "games"), json_int(j, l->games);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void say_chain(struct rating_run *m)
{
	for (size_t i = 0; i < m->chain.count; i++) {
		const struct chain_link *l = &m->chain.links[i];

		if (!i)
			buf_printf(&m->out,
				   "\neach checkpoint against the one before "
				   "(%d games played now)\n",
				   m->chain.played);
		buf_printf(&m->out, "%12lld %12lld", (long long)l->step,
			   (long long)l->before);
		if (isnan(l->difference))
			buf_puts(&m->out, "  never met\n");
		else
			buf_printf(&m->out,
				   " %+7.0f  (%+.0f to %+.0f)  %lld "
				   "games\n",
				   l->difference, l->low, l->high,
				   (long long)l->games);
	}
}

static void put_table(struct rating_run *m, const char *game,
		      const struct rate_table *t)
{
	json_open(&m->json, '{');
	json_key(&m->json, "game"), json_string(&m->json, game);
	json_key(&m->json, "anchor"), json_string(&m->json, t->anchor);
	json_key(&m->json, "mean"), json_double(&m->json, t->mean);
	json_key(&m->json, "ratings"), json_open(&m->json, '[');
	for (size_t i = 0; i < t->count; i++) {
		struct rating r = rating_at(t, i);

		row_json(&row_rating, &r, ROW_ONLY_LIST, &m->json);
	}
	json_close(&m->json, ']');
	put_residuals(m, t);
	put_chain(m);
	json_close(&m->json, '}');
}

/* The worst, where chance alone hardly makes any such. */
static void say_residuals(struct rating_run *m, const struct rate_table *t)
{
	for (size_t k = 0; k < t->residual_count && k < TOLD; k++) {
		const struct rate_residual *r = &t->residuals[k];

		if (fabs(r->deviations) <= FAR)
			return;
		if (!k)
			buf_puts(&m->out,
				 "one number does not say it all: against the "
				 "ratings\n");
		buf_puts(&m->out, "  ");
		buf_puts(&m->out, r->first);
		buf_puts(&m->out, " is ");
		buf_printf(&m->out, "%+.0f, not %+.0f, above ", r->direct,
			   r->elo);
		buf_puts(&m->out, r->second);
		buf_printf(&m->out,
			   " (%.0f%%, not %.0f%% of %lld games: %+.1f "
			   "deviations)\n",
			   100 * r->score, 100 * r->expected,
			   (long long)r->games, r->deviations);
	}
}

static void say_table(struct rating_run *m, const char *game,
		      const struct rate_table *t)
{
	bool unlinked = false;
	struct rows_table table;

	rows_table_init(&table, &row_rating);
	for (size_t i = 0; i < t->count; i++) {
		struct rating r = rating_at(t, i);

		rows_table_add(&table, &r);
		unlinked |= !r.linked;
	}
	buf_puts(&m->out, m->shown ? "\n" : "");
	game_text(game, &m->out);
	buf_putc(&m->out, '\n');
	rows_table_write(&table, &m->out);
	if (!t->anchor) {
		buf_printf(&m->out,
			   "nobody met random: 0 is the mean of all\n");
	} else if (unlinked) {
		buf_puts(&m->out, "? no chain of games leads to ");
		buf_puts(&m->out, t->anchor);
		buf_putc(&m->out, '\n');
	}
	say_residuals(m, t);
	say_chain(m);
	rows_table_release(&table);
}

static int rate_game(struct rating_run *m, const char *game)
{
	const struct rate_args *a = m->line->args;
	struct rate_options options = {.anchor = a->anchor};
	struct rate_table table;
	struct err e = ERR_INIT;
	enum err_code rc = rate_lab(m->lab, game, &options, &table, &e);

	/* of all games, those that it never played are left out */
	if (rc == ERR_NOTFOUND && a->anchor && !a->game)
		return 0;
	if (rc)
		return cmd_fail(m->line, &e);
	if ((table.count || m->chain.count) && m->as_json)
		put_table(m, game, &table);
	else if (table.count)
		say_table(m, game, &table);
	else
		say_chain(m);
	m->shown += table.count || m->chain.count;
	rate_table_release(&table);
	return 0;
}

static int rate_games(struct rating_run *m)
{
	const struct rate_args *a = m->line->args;
	struct store *s = lab_store(m->lab);
	struct store_bag bag = {0};
	struct err e = ERR_INIT;
	const char **games;
	int status = 0;
	struct game g;
	size_t count;

	if (m->chain.game)
		return rate_game(m, m->chain.game);
	if (a->game)
		return game_init(&g, a->game, &e) ? cmd_fail(m->line, &e)
						  : rate_game(m, g.name);
	if (store_pairing_games(s, &bag, &games, &count))
		status = rows_fail(m->line, s);
	for (size_t i = 0; !status && i < count; i++)
		status = rate_game(m, games[i]);
	store_bag_release(&bag);
	return status;
}

static void tell_match(void *ctx, const char *first, const char *second,
		       int games)
{
	(void)ctx;
	cmd_progress("%d games: %.60s against %.60s", games, first, second);
}

/* Play for --run; a stop leaves what was played, and it is shown. */
static int play_chain(struct rating_run *m)
{
	const struct rate_args *a = m->line->args;
	char *command = work_command(m->line);
	struct chain_options o = {
		.run = a->run,
		.within = a->within,
		.panel_games = a->panel,
		.most_games = a->most,
		.seed = (uint64_t)a->seed,
		.threads = a->threads,
		.command = command,
		.interrupt = work_interrupt(),
		.report = tell_match,
	};
	struct err e = ERR_INIT;
	enum err_code rc = chain_run(m->lab, &o, &m->chain, &e);

	cmd_progress_end();
	free(command);
	return rc && rc != ERR_CANCELLED ? cmd_fail(m->line, &e) : 0;
}

static int run(const struct cmd_line *line)
{
	const struct rate_args *a = line->args;
	struct rating_run m = {.line = line, .as_json = a->json};
	struct err e = ERR_INIT;
	int status;

	if (lab_open(&m.lab, line->lab_path, 0, &e))
		return cmd_fail(line, &e);
	buf_init(&m.out);
	json_init(&m.json, &m.out);
	if (m.as_json)
		json_open(&m.json, '[');
	status = a->run ? play_chain(&m) : 0;
	if (!status)
		status = rate_games(&m);
	chain_release(&m.chain);
	if (m.as_json) {
		json_close(&m.json, ']');
		buf_putc(&m.out, '\n');
	} else if (!m.shown) {
		buf_printf(&m.out, a->anchor ? "it has met nobody\n"
					     : "no games between agents yet: "
					       "plyscope match plays some\n");
	}
	lab_close(m.lab);
	if (!status)
		return cmd_finish(line, &m.out);
	buf_release(&m.out);
	return status;
}

#define ARGS struct rate_args

static const struct cmd_option options[] = {
	CMD_STRING("game", "GAME", game, NULL,
		   "only this game (all that were played)"),
	CMD_STRING("anchor", "SPEC", anchor, NULL,
		   "whose Elo is 0 in what is printed (random)"),
	CMD_STRING("run", "NAME", run, NULL,
		   "play its checkpoints, each against the one before"),
	CMD_DOUBLE("within", "ELO", within, 0, 1000, "40",
		   "of a run: until the 95% interval is +-ELO; 0: none ({})"),
	CMD_INT("panel", "N", panel, 0, 10000, "20",
		"of a run: games against each of the panel ({})"),
	CMD_INT("most", "N", most, 2, 1000000, "2000",
		"of a run: at most N games against a neighbour ({})"),
	CMD_SEED(seed, "of a run: of openings and agents ({})"),
	CMD_THREADS(threads),
	CMD_FLAG("json", json, "an array of objects, one per game"),
	CMD_END,
};

const struct cmd cmd_rate = {
	.name = "rate",
	.synopsis = "[--game GAME] [--anchor SPEC] [--run NAME] [--json]",
	.summary = "rate all agents from all their matches",
	.details = "One fit over every match of a game; random has Elo 0, the "
		   "intervals are 95%: LOW\nand HIGH against random, +-MEAN "
		   "against the mean of all.  ABOVE is the chance of\nbeing "
		   "stronger than the next.  Below stand the pairs whose own "
		   "games say otherwise.\nRatings and checkpoints in the lab "
		   "take these figures, always with random at 0.\nWith "
		   "--run its checkpoints first play what is missing: against "
		   "the one before, and\nagainst the panel: random, tactical, "
		   "mcts:rollout with 30, 100 and 300 simulations.",
	.options = options,
	.args_size = sizeof(struct rate_args),
	.min_args = 0,
	.max_args = 0,
	.lab = true,
	.run = run,
};
