/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "store/match.h"
#include "tui/row/kinds.h"
#include "tui/row/write.h"

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

#define AT(field) offsetof(struct store_match, field)

/* No command lists matches: these are the fields of the screen. */
static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, AT(id)),
	ROW_FIELD("game", ROW_TEXT, AT(game), .text = row_write_game,
		  .width = 10, .rank = TABLE_SPARE),
	ROW_FIELD("first", ROW_TEXT, AT(first), .text = row_write_agent,
		  .width = 22, .least = 12, .style = STYLE_BOLD,
		  .flags = ROW_GROW),
	ROW_FIELD("second", ROW_TEXT, AT(second), .text = row_write_agent,
		  .width = 22, .least = 10, .flags = ROW_GROW),
	ROW_FIELD("elo", ROW_REAL, AT(elo), .head = "Elo", .width = 6,
		  .rank = 1, .style = STYLE_VALUE),
	ROW_FIELD("created_ms", ROW_DATE, AT(created_ms), .head = "played",
		  .width = 16, .rank = TABLE_SPARE + 1, .style = STYLE_DIM,
		  .flags = ROW_DASH),
	ROW_FIELD("result", ROW_MADE, 0, .text = match_result, .head = "+ = -",
		  .width = 11, .style = STYLE_VALUE, .flags = ROW_RIGHT),
	ROW_FIELD("interval", ROW_MADE, AT(elo), .text = row_write_interval,
		  .head = "95%", .width = 10, .rank = 2, .style = STYLE_DIM),
	{.name = NULL},
};

const struct row_kind row_match = {
	.name = "match",
	.size = sizeof(struct store_match),
	.fields = fields,
	.cells = "first second result elo interval game created_ms",
};
