/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "store/job.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"

static void job_state(const void *row, struct json *j)
{
	const struct store_job *job = row;

	json_string(j, store_job_state_name(job->state));
}

static void job_wanted(const void *row, struct json *j)
{
	const struct store_job *job = row;

	json_string(j, store_wanted_name(job->wanted));
}

static void job_dead(const void *row, struct json *j)
{
	const struct store_job *job = row;

	json_bool(j, job->life == STORE_LIFE_DEAD);
}

static void job_life(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_job *job = row;

	(void)at;
	buf_puts(out, job->life == STORE_LIFE_DEAD
			      ? "dead"
			      : store_job_state_name(job->state));
}

/* Nothing is done before all of it is; and what goes on past its end, as a run
 * does that is resumed, is not done twice. */
static void put_share(const struct store_job *job, struct buf *out)
{
	buf_printf(out, "%.0f%%", floor(100 * fmin(1, job->done / job->total)));
}

static void job_share(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_job *job = row;

	(void)at;
	if (job->total > 0)
		put_share(job, out);
	else if (isfinite(job->done))
		buf_printf(out, "%.0f", job->done);
}

static void job_percent(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_job *job = row;

	(void)at;
	if (job->total > 0)
		put_share(job, out);
	else if (job->done > 0)
		buf_printf(out, "%.0f", job->done);
}

static void job_words(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_job *job = row;

	(void)at;
	if (job->message || job->command)
		buf_puts(out, job->message ? job->message : job->command);
}

#define ROW struct store_job

static const struct row_field fields[] = {
	ROW_FIELD("id", ROW_INT64, id),
	ROW_FIELD("kind", ROW_TEXT, kind, .width = 7, .rank = 1),
	ROW_FIELD("run", ROW_TEXT, run, .width = 16, .least = 8,
		  .style = STYLE_BOLD, .flags = ROW_CUT),
	ROW_MAKE("state", .json = job_state),
	ROW_MAKE("wanted", .json = job_wanted),
	ROW_MAKE("dead", .json = job_dead),
	ROW_FIELD("done", ROW_REAL, done),
	ROW_FIELD("total", ROW_REAL, total),
	ROW_FIELD("message", ROW_TEXT, message, .flags = ROW_CUT | ROW_BLANK),
	ROW_FIELD("host", ROW_TEXT, host, .width = 14, .rank = 4,
		  .style = STYLE_DIM),
	ROW_FIELD("pid", ROW_INT64, pid),
	ROW_FIELD("created_ms", ROW_DATE, created_ms, .head = "started",
		  .title = "BEGAN", .width = 16, .rank = 3, .style = STYLE_DIM,
		  .flags = ROW_DASH),
	ROW_FIELD("heartbeat_ms", ROW_DATE, heartbeat_ms),
	ROW_FIELD("command", ROW_TEXT, command),
	ROW_MAKE("life", .text = job_life, .head = "state"),
	ROW_MAKE("share", .text = job_share, .head = "done",
		 .flags = ROW_RIGHT),
	ROW_MAKE("percent", .text = job_percent, .head = "done", .width = 5,
		 .style = STYLE_VALUE, .flags = ROW_RIGHT),
	ROW_MAKE("words", .text = job_words, .head = "last words", .width = 40,
		 .least = 12, .rank = 1, .flags = ROW_GROW),
	{.name = NULL},
};

const struct row_kind row_job = {
	.name = "job",
	.size = sizeof(struct store_job),
	.fields = fields,
	.list = "id kind run life share pid created_ms message",
	.cells = "state kind run percent left words created_ms host",
};
