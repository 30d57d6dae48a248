/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/rate_lab.h"
#include "store/match.h"
#include "store/store.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"

struct rate_args {
	const char *game;
	bool json;
};

/* What the tables are made from and go to. */
struct rating_run {
	const struct cmd_line *line;
	struct lab *lab;
	bool as_json;
	struct json json;
	struct buf out;
	int shown; /* tables */
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
	};
}

static void put_table(struct rating_run *m, const char *game,
		      const struct rate_table *t)
{
	json_open(&m->json, '{');
	json_key(&m->json, "game"), json_string(&m->json, game);
	json_key(&m->json, "ratings"), json_open(&m->json, '[');
	for (size_t i = 0; i < t->count; i++) {
		struct rating r = rating_at(t, i);

		row_json(&row_rating, &r, ROW_ONLY_LIST, &m->json);
	}
	json_close(&m->json, ']');
	json_close(&m->json, '}');
}

static void say_table(struct rating_run *m, const char *game,
		      const struct rate_table *t)
{
	bool unlinked = false, anchored = false;
	struct rows_table table;

	rows_table_init(&table, &row_rating);
	for (size_t i = 0; i < t->count; i++) {
		struct rating r = rating_at(t, i);

		rows_table_add(&table, &r);
		unlinked |= !r.linked;
		anchored |= r.linked;
	}
	buf_puts(&m->out, m->shown ? "\n" : "");
	game_text(game, &m->out);
	buf_putc(&m->out, '\n');
	rows_table_write(&table, &m->out);
	if (!anchored)
		buf_printf(&m->out,
			   "nobody met random: 0 is the mean of all\n");
	else if (unlinked)
		buf_printf(&m->out, "? no chain of games leads to random\n");
	rows_table_release(&table);
}

static int rate_game(struct rating_run *m, const char *game)
{
	struct rate_table table;
	struct err e = ERR_INIT;

	if (rate_lab(m->lab, game, &table, &e))
		return cmd_fail(m->line, &e);
	if (table.count && m->as_json)
		put_table(m, game, &table);
	else if (table.count)
		say_table(m, game, &table);
	m->shown += table.count > 0;
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
	status = rate_games(&m);
	if (m.as_json) {
		json_close(&m.json, ']');
		buf_putc(&m.out, '\n');
	} else if (!m.shown) {
		buf_printf(&m.out, "no games between agents yet: plyscope "
				   "match plays some\n");
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
	CMD_FLAG("json", json, "an array of objects, one per game"),
	CMD_END,
};

const struct cmd cmd_rate = {
	.name = "rate",
	.synopsis = "[--game GAME] [--json]",
	.summary = "rate all agents from all their matches",
	.details = "One fit over every match of a game; random has Elo 0, the "
		   "intervals are 95%.  ABOVE\nis the chance of being stronger "
		   "than the next.  Ratings and checkpoints in the lab take\n"
		   "these figures.",
	.options = options,
	.args_size = sizeof(struct rate_args),
	.min_args = 0,
	.max_args = 0,
	.lab = true,
	.run = run,
};
