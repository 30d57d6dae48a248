/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/base/buf.h"
#include "store/life.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"

static void life_size(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_life *l = row;

	(void)at;
	buf_printf(out, "%.1f MB", (double)l->packed / 1e6);
}

static void life_hash(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_life *l = row;

	(void)at;
	buf_printf(out, "%.12s", l->sha256);
}

#define ROW struct store_life

static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, id),
	ROW_FIELD("run", ROW_TEXT, run, .width = 16, .style = STYLE_BOLD),
	ROW_FIELD("seed", ROW_SEED, seed, .width = 8),
	ROW_FIELD("part", ROW_TEXT, part, .width = 6),
	ROW_FIELD("settings", ROW_TEXT, settings),
	ROW_FIELD("sha256", ROW_TEXT, sha256),
	ROW_MAKE("hash", .text = life_hash, .title = "SHA256", .width = 12),
	ROW_FIELD("bytes", ROW_INT64, bytes),
	ROW_FIELD("packed", ROW_INT64, packed),
	ROW_MAKE("size", .text = life_size, .title = "SIZE", .width = 8,
		 .flags = ROW_RIGHT),
	ROW_FIELD("begun_ms", ROW_DATE, begun_ms, .label = "begun"),
	ROW_FIELD("created_ms", ROW_DATE, created_ms, .head = "made"),
	{.name = NULL},
};

const struct row_kind row_life = {
	.name = "life",
	.fields = fields,
	.size = sizeof(struct store_life),
	.list = "run seed part size hash created_ms",
};
