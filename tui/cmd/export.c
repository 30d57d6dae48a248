/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <string.h>

#include "tui/cmd/rows.h"
#include "tui/cmd/table.h"

/* Comment lines, then the moves as the game writes them. */
static void write_game(const struct store_game *g, struct buf *out)
{
	char date[32];

	buf_printf(out, "# %s\n", g->game);
	buf_printf(out, "# first: %s\n", rows_or_dash(g->first));
	if (g->second)
		buf_printf(out, "# second: %s\n", g->second);
	if (g->result > 0 || g->result < 0)
		buf_printf(out, "# result: %s player won\n", rows_winner(g));
	else
		buf_printf(out, "# result: %s\n",
			   g->result == 0 ? "draw" : "unfinished");
	buf_printf(out, "# played: %s\n", rows_date(g->created_ms, date));
	buf_printf(out, "%s\n", g->moves);
}

static int export_game(const struct cmd_line *line, struct store *s, int64_t id)
{
	struct store_bag bag = { 0 };
	struct store_game g;
	struct buf out;
	int status;

	if (store_game_get(s, &bag, id, &g)) {
		status = rows_fail(line, s);
	} else {
		buf_init(&out);
		write_game(&g, &out);
		status = cmd_finish(line, &out);
	}
	store_bag_release(&bag);
	return status;
}

static int run(const struct cmd_line *line)
{
	struct store *s;
	int64_t id;
	int status;

	if (strcmp(line->argv[0], "game"))
		return cmd_complain(line, CMD_USAGE,
				    "'%s' cannot be exported: a game can",
				    line->argv[0]);
	status = rows_id(line, "game", line->argv[1], &id);
	if (!status)
		status = rows_open(line, &s);
	if (status)
		return status;
	status = export_game(line, s, id);
	store_close(s);
	return status;
}

const struct cmd cmd_export = {
	.name = "export",
	.synopsis = "game ID",
	.summary = "write a stored game as text",
	.details = "Lines that begin with # say what it is; the last line has "
		   "the moves.",
	.min_args = 2,
	.max_args = 2,
	.run = run,
};
