/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "store/match.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/write.h"
#include "tui/widget/table.h"

ROW_ESTIMATE(struct store_match, elo, elo_low, elo_high);

static void match_result(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_match *m = row;

	(void)at;
	if (m->second)
		buf_printf(out, "%lld %lld %lld", (long long)m->wins,
			   (long long)m->draws, (long long)m->losses);
	else
		buf_printf(out, "%.1f", m->points);
}

/* What of it is evidence; not known of matches from before it was kept. */
static int64_t distinct_pairs(const struct store_match *m)
{
	int64_t n = 0;

	for (int i = 0; i < 5; i++)
		n += m->distinct[i];
	return n;
}

static void match_pairs(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_match *m = row;

	(void)at;
	if (m->pairs)
		buf_printf(out, "%lld", (long long)m->pairs);
}

static void match_distinct(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_match *m = row;

	(void)at;
	if (m->pairs)
		buf_printf(out, "%lld", (long long)distinct_pairs(m));
}

static void match_pairs_json(const void *row, struct json *j)
{
	const struct store_match *m = row;

	if (m->pairs)
		json_int(j, m->pairs);
	else
		json_null(j);
}

static void match_distinct_json(const void *row, struct json *j)
{
	const struct store_match *m = row;

	if (m->pairs)
		json_int(j, distinct_pairs(m));
	else
		json_null(j);
}

#define ROW struct store_match

static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, id),
	ROW_FIELD("game", ROW_TEXT, game, .text = row_write_game, .width = 10,
		  .rank = TABLE_SPARE),
	ROW_FIELD("first", ROW_TEXT, first, .text = row_write_agent,
		  .width = 22, .least = 12, .style = STYLE_BOLD,
		  .flags = ROW_GROW),
	ROW_FIELD("second", ROW_TEXT, second, .text = row_write_agent,
		  .width = 22, .least = 10, .flags = ROW_GROW),
	ROW_FIELD("games", ROW_INT64, games),
	ROW_FIELD("wins", ROW_INT64, wins),
	ROW_FIELD("draws", ROW_INT64, draws),
	ROW_FIELD("losses", ROW_INT64, losses),
	ROW_MAKE("pairs", .text = match_pairs, .json = match_pairs_json,
		 .flags = ROW_RIGHT),
	ROW_MAKE("distinct_pairs", .text = match_distinct,
		 .json = match_distinct_json, .title = "DISTINCT",
		 .flags = ROW_RIGHT),
	ROW_FIELD("elo", ROW_REAL, elo, .head = "Elo", .width = 6, .rank = 1,
		  .style = STYLE_VALUE),
	ROW_FIELD("elo_low", ROW_REAL, elo_low, .title = "LOW"),
	ROW_FIELD("elo_high", ROW_REAL, elo_high, .title = "HIGH"),
	ROW_FIELD("points", ROW_REAL, points),
	ROW_FIELD("points_low", ROW_REAL, points_low),
	ROW_FIELD("points_high", ROW_REAL, points_high),
	ROW_FIELD("openings", ROW_TEXT, openings),
	ROW_FIELD("seed", ROW_SEED, seed),
	ROW_FIELD("created_ms", ROW_DATE, created_ms, .head = "played",
		  .width = 16, .rank = TABLE_SPARE + 1, .style = STYLE_DIM,
		  .flags = ROW_DASH),
	ROW_MAKE("result", .text = match_result, .head = "+ = -", .width = 11,
		 .style = STYLE_VALUE, .flags = ROW_RIGHT),
	ROW_READ("interval", elo, .text = row_write_interval, .head = "95%",
		 .width = 10, .rank = 2, .style = STYLE_DIM),
	{.name = NULL},
};

const struct row_kind row_match = {
	.name = "match",
	.size = sizeof(struct store_match),
	.fields = fields,
	.list = "id first second result pairs distinct_pairs elo elo_low "
		"elo_high created_ms",
	.cells = "first second result elo interval game created_ms",
};
