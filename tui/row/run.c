/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>

#include "core/base/buf.h"
#include "store/run.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"

/* --- runs ---------------------------------------------------------------- */

ROW_ESTIMATE(struct store_run, elo, elo_low, elo_high);

#define ROW struct store_run

static const struct row_field run_fields[] = {
	ROW_FIELD("id", ROW_INT64, id),
	ROW_FIELD("name", ROW_TEXT, name, .head = "run", .width = 20,
		  .least = 8, .style = STYLE_BOLD,
		  .flags = ROW_GROW | ROW_SORTS | ROW_CUT),
	ROW_FIELD("kind", ROW_TEXT, kind, .width = 7, .rank = 4,
		  .flags = ROW_SORTS),
	ROW_FIELD("game", ROW_TEXT, game, .text = row_write_game, .width = 10,
		  .rank = 3, .flags = ROW_SORTS | ROW_CUT),
	ROW_FIELD("status", ROW_TEXT, status),
	ROW_FIELD("seed", ROW_SEED, seed),
	ROW_FIELD("checkpoints", ROW_INT64, checkpoints),
	ROW_FIELD("games", ROW_INT64, games, .width = 8, .rank = 5,
		  .style = STYLE_VALUE, .flags = ROW_SORTS),
	ROW_FIELD("games_stored", ROW_INT64, games_stored, .label = "stored"),
	ROW_FIELD("last_step", ROW_STEP, last_step, .head = "step",
		  .label = "last step", .width = 8, .rank = 2,
		  .style = STYLE_VALUE, .flags = ROW_SORTS | ROW_OMIT),
	ROW_FIELD("elo", ROW_REAL, elo, .head = "Elo", .width = 6, .rank = 1,
		  .style = STYLE_VALUE, .flags = ROW_SORTS),
	ROW_FIELD("elo_low", ROW_REAL, elo_low),
	ROW_FIELD("elo_high", ROW_REAL, elo_high),
	ROW_FIELD("source", ROW_TEXT, source, .head = "imitates",
		  .label = "source", .width = 20, .least = 12, .rank = 8,
		  .flags = ROW_GROW | ROW_OMIT),
	ROW_FIELD("parent_checkpoint", ROW_ID, parent_checkpoint,
		  .label = "parent", .flags = ROW_OMIT),
	ROW_FIELD("build", ROW_TEXT, build, .label = "with"),
	ROW_FIELD("host", ROW_TEXT, host, .label = "on"),
	ROW_FIELD("created_ms", ROW_DATE, created_ms, .head = "created",
		  .label = "made", .width = 16, .rank = 5, .style = STYLE_DIM,
		  .flags = ROW_SORTS | ROW_DASH),
	ROW_FIELD("config", ROW_TEXT, config, .flags = ROW_ONLY_SHOW),
	ROW_FIELD("spec", ROW_TEXT, game, .label = "game",
		  .flags = ROW_NO_JSON),
	ROW_READ("interval", elo, .text = row_write_interval, .head = "95%",
		 .width = 10, .rank = 6, .style = STYLE_DIM),
	ROW_READ("range", elo, .text = row_write_range, .label = "elo",
		 .flags = ROW_OMIT),
	ROW_READ("day", created_ms, .text = row_write_day, .title = "MADE"),
	{.name = NULL},
};

const struct row_kind row_run = {
	.name = "run",
	.size = sizeof(struct store_run),
	.fields = run_fields,
	.list = "name kind game status last_step checkpoints games elo day",
	.show = "name kind spec status source parent_checkpoint games "
		"games_stored checkpoints last_step range seed created_ms "
		"host build",
	.cells = "mark name kind game network last_step games elo interval "
		 "status created_ms curve source",
};

/* --- checkpoints --------------------------------------------------------- */

ROW_ESTIMATE(struct store_checkpoint, elo, elo_low, elo_high);

#undef ROW
#define ROW struct store_checkpoint

static void checkpoint_name(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_checkpoint *c = row;

	(void)at;
	buf_printf(out, "%s/%lld", c->run, (long long)c->step);
}

static void checkpoint_hash(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_checkpoint *c = row;

	/* Enough to tell them apart; a cell has room for two more. */
	buf_printf(out, "%.*s", at->width ? 10 : 8, c->sha256);
}

static void checkpoint_size(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_checkpoint *c = row;

	(void)at;
	bytes_text(c->floats * (int64_t)sizeof(float), out);
}

static const struct row_field checkpoint_fields[] = {
	ROW_FIELD("id", ROW_INT64, id, .label = "number"),
	ROW_FIELD("run", ROW_TEXT, run),
	ROW_FIELD("step", ROW_INT64, step, .width = 9, .style = STYLE_BOLD),
	ROW_FIELD("games", ROW_INT64, games, .width = 9, .rank = 1,
		  .style = STYLE_VALUE),
	ROW_FIELD("samples", ROW_INT64, samples, .width = 10, .rank = 4,
		  .style = STYLE_VALUE),
	ROW_FIELD("elo", ROW_REAL, elo, .head = "Elo", .width = 6,
		  .style = STYLE_VALUE),
	ROW_FIELD("elo_low", ROW_REAL, elo_low, .title = "LOW"),
	ROW_FIELD("elo_high", ROW_REAL, elo_high, .title = "HIGH"),
	ROW_FIELD("network", ROW_TEXT, network),
	ROW_FIELD("floats", ROW_INT64, floats, .label = "weights"),
	ROW_FIELD("sha256", ROW_TEXT, sha256),
	ROW_FIELD("created_ms", ROW_DATE, created_ms, .head = "created",
		  .title = "MADE", .label = "made", .width = 16, .rank = 3,
		  .style = STYLE_DIM, .flags = ROW_DASH),
	ROW_MAKE("checkpoint", .text = checkpoint_name, .flags = ROW_CUT),
	ROW_READ("interval", elo, .text = row_write_interval, .head = "95%",
		 .width = 10, .rank = 2, .style = STYLE_DIM),
	ROW_READ("range", elo, .text = row_write_range, .label = "elo",
		 .flags = ROW_OMIT),
	ROW_READ("body", network, .text = row_write_network, .head = "network",
		 .width = 14, .rank = 6),
	ROW_MAKE("hash", .text = checkpoint_hash, .head = "sha256",
		 .title = "SHA-256", .width = 10, .rank = 2, .style = STYLE_DIM,
		 .flags = ROW_GROW),
	ROW_MAKE("size", .text = checkpoint_size, .width = 7, .rank = 5,
		 .flags = ROW_RIGHT),
	{.name = NULL},
};

const struct row_kind row_checkpoint = {
	.name = "checkpoint",
	.size = sizeof(struct store_checkpoint),
	.fields = checkpoint_fields,
	.list = "id checkpoint games samples elo elo_low elo_high hash "
		"created_ms",
	.show = "checkpoint id games samples range grade network floats "
		"sha256 created_ms",
	.cells = "step games samples elo interval body hash size created_ms",
};
