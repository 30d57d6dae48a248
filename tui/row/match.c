/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/base/buf.h"
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

#define ROW struct store_match

/* No command lists matches: these are the fields of the screen. */
static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, id),
	ROW_FIELD("game", ROW_TEXT, game, .text = row_write_game, .width = 10,
		  .rank = TABLE_SPARE),
	ROW_FIELD("first", ROW_TEXT, first, .text = row_write_agent,
		  .width = 22, .least = 12, .style = STYLE_BOLD,
		  .flags = ROW_GROW),
	ROW_FIELD("second", ROW_TEXT, second, .text = row_write_agent,
		  .width = 22, .least = 10, .flags = ROW_GROW),
	ROW_FIELD("elo", ROW_REAL, elo, .head = "Elo", .width = 6, .rank = 1,
		  .style = STYLE_VALUE),
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
	.cells = "first second result elo interval game created_ms",
};
