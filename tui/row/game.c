/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/game/game.h"
#include "store/game.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"

/* --- games --------------------------------------------------------------- */

/* The name people use, wherever the game began. */
static void game_played(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *stored = row;
	struct game g;

	(void)at;
	if (game_init(&g, stored->game, NULL) ||
	    (g.start[0] && game_from(&g, &g, "", NULL)))
		buf_puts(out, stored->game);
	else
		buf_puts(out, game_short_name(&g));
}

static bool has_points(const struct store_game *g)
{
	return !g->second && isfinite(g->score);
}

static const char *winner(const struct store_game *g)
{
	if (g->result > 0)
		return "first";
	return g->result < 0 ? "second" : "draw";
}

static void game_won(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (has_points(g))
		buf_printf(out, "%g", g->score);
	else if (!isnan(g->result))
		buf_puts(out, winner(g));
}

static void game_result(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	result_text(g, out);
	if (isnan(g->result))
		at->style = STYLE_DIM;
}

static void game_outcome(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (has_points(g))
		buf_printf(out, "%g points", g->score);
	else if (g->result > 0 || g->result < 0)
		buf_printf(out, "%s player won", winner(g));
	else
		buf_puts(out, g->result == 0 ? "draw" : "unfinished");
	if (g->ended)
		buf_printf(out, " (%s)", g->ended);
	buf_printf(out, " after %d plies", g->plies);
}

static void game_points(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (g->second && isfinite(g->score))
		buf_printf(out, "%g", g->score);
}

static void game_imported(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (g->origin)
		date_text(g->created_ms, out);
}

static void game_made(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (!g->origin)
		date_text(g->created_ms, out);
}

static void game_run_step(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (g->run)
		buf_puts(out, g->run);
	if (g->run && g->step >= 0)
		buf_printf(out, "/%lld", (long long)g->step);
}

static void game_traces(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_game *g = row;

	(void)at;
	if (g->searches > 0)
		buf_printf(out, "%lld", (long long)g->searches);
}

#define ROW struct store_game

static const struct row_field game_fields[] = {
	ROW_FIELD("id", ROW_INT64, id, .label = "game", .width = 7, .least = 4),
	ROW_FIELD("run", ROW_TEXT, run, .flags = ROW_OMIT),
	ROW_FIELD("match", ROW_ID, match_id),
	ROW_FIELD("number", ROW_ID, number),
	ROW_FIELD("game", ROW_TEXT, game, .text = row_write_game, .label = "of",
		  .flags = ROW_CUT),
	ROW_FIELD("purpose", ROW_TEXT, purpose, .width = 8, .rank = 7),
	ROW_FIELD("first", ROW_TEXT, first, .text = row_write_agent,
		  .width = 24, .least = 12, .rank = 1,
		  .flags = ROW_GROW | ROW_CUT | ROW_DASH),
	ROW_FIELD("second", ROW_TEXT, second, .text = row_write_agent,
		  .width = 24, .least = 10, .rank = 2,
		  .flags = ROW_GROW | ROW_CUT | ROW_DASH),
	ROW_FIELD("opening", ROW_INT, opening),
	ROW_FIELD("moves", ROW_TEXT, moves),
	ROW_FIELD("plies", ROW_INT, plies, .width = 5, .rank = 3),
	ROW_FIELD("result", ROW_REAL, result),
	ROW_FIELD("score", ROW_REAL, score),
	ROW_FIELD("ended", ROW_TEXT, ended),
	ROW_FIELD("seed", ROW_SEED, seed),
	ROW_FIELD("step", ROW_STEP, step),
	ROW_FIELD("created_ms", ROW_DATE, created_ms),
	ROW_FIELD("facts", ROW_JSON, facts, .flags = ROW_OMIT),
	ROW_FIELD("event", ROW_TEXT, event, .flags = ROW_OMIT),
	ROW_FIELD("date", ROW_TEXT, date, .flags = ROW_OMIT),
	ROW_FIELD("tags", ROW_JSON, tags, .flags = ROW_OMIT),
	ROW_FIELD("origin", ROW_TEXT, origin, .flags = ROW_OMIT),
	/* `show` has them all in its place. */
	ROW_FIELD("searches", ROW_INT64, searches, .flags = ROW_ONLY_LIST),
	ROW_MAKE("played", .text = game_made, .flags = ROW_OMIT),
	ROW_MAKE("imported", .text = game_imported, .flags = ROW_OMIT),
	ROW_FIELD("opponent", ROW_TEXT, second, .label = "second",
		  .flags = ROW_OMIT | ROW_NO_JSON),
	ROW_MAKE("won", .text = game_won),
	ROW_MAKE("outcome", .text = game_outcome, .label = "result"),
	ROW_MAKE("points", .text = game_points, .label = "score",
		 .flags = ROW_OMIT),
	ROW_READ("day", created_ms, .text = row_write_day, .head = "date",
		 .title = "MADE", .width = 10, .rank = 5),
	ROW_READ("time", created_ms, .text = row_write_time, .width = 5,
		 .rank = 9),
	ROW_MAKE("rules", .text = game_played, .head = "game", .width = 16,
		 .least = 8, .rank = 6),
	ROW_MAKE("who_won", .text = game_result, .head = "result", .width = 6),
	ROW_MAKE("run_step", .text = game_run_step, .head = "run/step",
		 .width = 14, .least = 8, .rank = 8),
	ROW_MAKE("traces", .text = game_traces, .head = "search", .width = 6,
		 .rank = 4, .flags = ROW_DASH),
	{.name = NULL},
};

const struct row_kind row_game = {
	.name = "game",
	.size = sizeof(struct store_game),
	.fields = game_fields,
	.list = "id game purpose first second won plies searches day",
	.show = "id game run purpose first opponent outcome points facts "
		"event date tags origin imported played moves",
	.cells = "id day time rules first second who_won plies purpose "
		 "run_step traces",
};

/* --- searches of a game -------------------------------------------------- */

#undef ROW
#define ROW struct store_search

static void search_value(const void *row, struct json *j)
{
	const struct store_search *x = row;

	json_open(j, '{');
	json_key(j, "win"), json_double(j, x->win);
	json_key(j, "draw"), json_double(j, x->draw);
	json_key(j, "loss"), json_double(j, x->loss);
	json_close(j, '}');
}

static void search_tree(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_search *x = row;

	(void)at;
	if (x->trace_len)
		buf_printf(out, "%zu kB", (x->trace_len + 1023) / 1024);
}

static const struct row_field search_fields[] = {
	ROW_FIELD("id", ROW_INT64, id),
	ROW_FIELD("ply", ROW_INT, ply),
	ROW_FIELD("agent", ROW_TEXT, agent, .flags = ROW_CUT),
	ROW_FIELD("settings", ROW_TEXT, settings),
	ROW_FIELD("simulations", ROW_INT64, simulations),
	ROW_FIELD("seed", ROW_SEED, seed),
	ROW_FIELD("best", ROW_TEXT, best),
	ROW_MAKE("value", .json = search_value),
	ROW_FIELD("raw_value", ROW_REAL, raw_value),
	ROW_FIELD("trace_bytes", ROW_SIZE, trace_len),
	/* In JSON they are the value. */
	ROW_FIELD("win", ROW_REAL, win, .decimals = 3, .flags = ROW_NO_JSON),
	ROW_FIELD("draw", ROW_REAL, draw, .decimals = 3, .flags = ROW_NO_JSON),
	ROW_FIELD("loss", ROW_REAL, loss, .decimals = 3, .flags = ROW_NO_JSON),
	ROW_MAKE("tree", .text = search_tree, .flags = ROW_RIGHT),
	{.name = NULL},
};

const struct row_kind row_search = {
	.name = "search",
	.size = sizeof(struct store_search),
	.fields = search_fields,
	.list = "ply best win draw loss simulations tree agent",
};
