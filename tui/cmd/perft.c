/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/json.h"
#include "core/game/game.h"
#include "tui/cmd/position.h"
#include "tui/cmd/table.h"

static int print_counts(const struct cmd_line *line, const struct position *p,
			int depth)
{
	bool as_json = cmd_flag(line, "json");
	bool ended = cmd_flag(line, "ended");
	struct buf out;
	struct json j;

	buf_init(&out);
	json_init(&j, &out);
	if (as_json)
		json_open(&j, '[');
	for (int d = 1; d <= depth; d++) {
		uint64_t n = game_perft(&p->game, p->state, d);

		if (ended)
			n += game_perft_ended(&p->game, p->state, d);
		if (!as_json) {
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
	if (as_json) {
		json_close(&j, ']');
		buf_putc(&out, '\n');
	}
	return cmd_finish(line, &out);
}

static int run(const struct cmd_line *line)
{
	struct position p;
	int status = position_open(&p, line, line->argv[0]);
	char *end;
	long depth;

	if (status)
		return status;
	errno = 0;
	depth = strtol(line->argv[1], &end, 10);
	if (end == line->argv[1] || *end || errno || depth < 1 || depth > 100)
		status = cmd_complain(line, CMD_USAGE,
				      "depth '%s': must be a whole number from "
				      "1 to 100",
				      line->argv[1]);
	else
		status = print_counts(line, &p, (int)depth);
	position_close(&p);
	return status;
}

static const struct cmd_option options[] = {
	{"moves", "LINE", "start after these moves, e.g. 4453"},
	{"ended", NULL, "count each game that is over sooner as one line"},
	{"json", NULL, "as JSON"},
	{NULL, NULL, NULL},
};

const struct cmd cmd_perft = {
	.name = "perft",
	.synopsis = "GAME DEPTH [--moves LINE] [--ended]",
	.summary = "count the lines of play of a game, to test its rules",
	.details = "One line a depth: the depth, and how many lines of that "
		   "many moves there are.\nFinished games are not extended.",
	.options = options,
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
