/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/position.h"
#include "tui/cmd/table.h"

struct perft_args {
	const char *game, *moves;
	int depth;
	bool ended, json;
};

/* The sum over the moves from here, which is the same: each tells how far it
 * is. */
static uint64_t count_lines(const struct position *p, int depth)
{
	const struct game *g = &p->game;
	game_move *legal;
	uint64_t sum = 0;
	void *child;
	int n;

	if (depth < 2 || g->rules->to_act(g, p->state) == GAME_OVER)
		return game_perft(g, p->state, depth);
	legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	child = mem_alloc(g->state_size);
	n = g->rules->legal(g, p->state, legal);
	for (int i = 0; i < n; i++) {
		memcpy(child, p->state, g->state_size);
		g->rules->apply(g, child, legal[i]);
		sum += game_perft(g, child, depth - 1);
		if (depth > 4)
			cmd_progress_of(i + 1, n, "depth %d: %d of %d moves",
					depth, i + 1, n);
	}
	free(child);
	free(legal);
	return sum;
}

static int print_counts(const struct cmd_line *line, const struct position *p)
{
	const struct perft_args *a = line->args;
	struct buf out;
	struct json j;

	buf_init(&out);
	json_init(&j, &out);
	if (a->json)
		json_open(&j, '[');
	for (int d = 1; d <= a->depth; d++) {
		uint64_t n = count_lines(p, d);

		if (a->ended)
			n += game_perft_ended(&p->game, p->state, d);
		if (!a->json) {
			buf_printf(&out, "%d %llu\n", d, (unsigned long long)n);
			continue;
		}
		json_open(&j, '{');
		json_key(&j, "depth");
		json_int(&j, d);
		json_key(&j, "count");
		json_int(&j, (int64_t)n);
		json_close(&j, '}');
	}
	if (a->json) {
		json_close(&j, ']');
		buf_putc(&out, '\n');
	}
	return cmd_finish(line, &out);
}

static int run(const struct cmd_line *line)
{
	const struct perft_args *a = line->args;
	struct position p;
	int status = position_open(&p, line, a->game, a->moves);

	if (status)
		return status;
	status = print_counts(line, &p);
	position_close(&p);
	return status;
}

#define ARGS struct perft_args

static const struct cmd_option options[] = {
	CMD_ARG(1, "GAME", game),
	CMD_ARG_INT(2, "depth", depth, 1, 100),
	CMD_STRING("moves", "LINE", moves, NULL,
		   "start after these moves, e.g. 4453"),
	CMD_FLAG("ended", ended,
		 "count each game that is over sooner as one line"),
	CMD_FLAG("json", json, "as JSON"),
	CMD_END,
};

const struct cmd cmd_perft = {
	.name = "perft",
	.synopsis = "GAME DEPTH [--moves LINE] [--ended]",
	.summary = "count the lines of play of a game, to test its rules",
	.details = "One line per depth: the depth, and how many lines of that "
		   "many moves there are.\nFinished games are not extended.",
	.options = options,
	.args_size = sizeof(struct perft_args),
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
