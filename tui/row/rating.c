/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"

ROW_ESTIMATE(struct rating, elo, elo_low, elo_high);
ROW_ESTIMATE(struct rating, over, over_low, over_high);

static void rating_agent(const void *row, struct row_at *at, struct buf *out)
{
	const struct rating *r = row;

	if (at->width)
		agent_text(r->agent, out);
	else
		buf_puts(out, r->agent);
}

static void rating_elo(const void *row, struct row_at *at, struct buf *out)
{
	const struct rating *r = row;

	(void)at;
	if (isfinite(r->elo))
		buf_printf(out, "%.0f%s", r->elo, r->guess ? "?" : "");
}

/* A cell has no room for tenths. */
static void rating_score(const void *row, struct row_at *at, struct buf *out)
{
	const struct rating *r = row;

	if (isfinite(r->score))
		buf_printf(out, "%.*f%%", at->width ? 0 : 1, 100 * r->score);
}

static void rating_above(const void *row, struct row_at *at, struct buf *out)
{
	const struct rating *r = row;

	(void)at;
	if (isfinite(r->above))
		buf_printf(out, "%.0f%%", 100 * r->above);
}

static void rating_linked(const void *row, struct json *j)
{
	const struct rating *r = row;

	json_bool(j, r->linked);
}

#define ROW struct rating

static const struct row_field fields[] = {
	ROW_FIELD("rank", ROW_ID, rank, .head = "#", .width = 3, .rank = 6,
		  .style = STYLE_DIM),
	ROW_FIELD("agent", ROW_TEXT, agent),
	ROW_FIELD("elo", ROW_REAL, elo),
	ROW_FIELD("elo_low", ROW_REAL, elo_low, .title = "LOW"),
	ROW_FIELD("elo_high", ROW_REAL, elo_high, .title = "HIGH"),
	ROW_FIELD("games", ROW_INT64, games, .width = 6, .rank = 3,
		  .style = STYLE_VALUE),
	ROW_FIELD("score", ROW_REAL, score),
	ROW_MAKE("linked", .json = rating_linked),
	ROW_FIELD("above_next", ROW_REAL, above),
	ROW_FIELD("over_mean", ROW_REAL, over),
	ROW_FIELD("over_mean_low", ROW_REAL, over_low),
	ROW_FIELD("over_mean_high", ROW_REAL, over_high),
	ROW_MAKE("who", .text = rating_agent, .head = "agent", .width = 26,
		 .least = 22, .style = STYLE_BOLD, .flags = ROW_GROW | ROW_CUT),
	ROW_MAKE("rated", .text = rating_elo, .head = "Elo", .width = 5,
		 .style = STYLE_VALUE, .flags = ROW_RIGHT | ROW_DASH),
	ROW_READ("interval", elo, .text = row_write_interval, .head = "95%",
		 .width = 9, .least = 7, .rank = 2, .style = STYLE_DIM),
	ROW_MAKE("share", .text = rating_score, .head = "score", .width = 5,
		 .rank = 1, .style = STYLE_VALUE, .flags = ROW_RIGHT),
	ROW_MAKE("above", .text = rating_above, .head = "LOS", .title = "ABOVE",
		 .width = 4, .rank = 4, .style = STYLE_DIM, .flags = ROW_RIGHT),
	ROW_READ("over_interval", over, .text = row_write_interval,
		 .title = "+-MEAN", .head = "95%", .width = 9),
	{.name = NULL},
};

const struct row_kind row_rating = {
	.name = "rating",
	.size = sizeof(struct rating),
	.fields = fields,
	.list = "rank who rated elo_low elo_high over_interval games share "
		"above",
	.cells = "rank who rated interval bar games share above",
};
