/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/screen/job_view.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/row/words.h"
#include "tui/widget/axis.h"

enum { LIVENESS_TICKS = 20 };

/* Everything that is or was at work on this lab. */
struct jobs {
	struct list list;
	struct store_job *rows; /* in the list's bag [list.table.row_count] */
};

enum {
	COL_STATE,
	COL_KIND,
	COL_RUN,
	COL_SHARE,
	COL_LEFT,
	COL_MESSAGE,
	COL_STARTED,
	COL_HOST
};

static const struct table_column columns[] = {
	[COL_STATE] = {"state", 8, 0, false, false, 0, false},
	[COL_KIND] = {"kind", 7, 0, false, false, 1, false},
	[COL_RUN] = {"run", 16, 8, false, false, 0, false},
	[COL_SHARE] = {"done", 5, 0, true, false, 0, false},
	[COL_LEFT] = {"left", 7, 0, true, false, 2, false},
	[COL_MESSAGE] = {"last words", 40, 12, false, true, 1, false},
	[COL_STARTED] = {"started", 16, 0, false, false, 3, false},
	[COL_HOST] = {"host", 14, 0, false, false, 4, false},
};

static enum err_code jobs_read(void *self, size_t *count, struct err *e)
{
	struct jobs *s = self;

	if (store_job_list(s->list.store, &s->list.bag, 0, false, &s->rows,
			   count) != STORE_OK)
		return err_set(e, ERR_IO, "%s", store_message(s->list.store));
	return ERR_OK;
}

static int64_t jobs_id(const void *self, int row)
{
	const struct jobs *s = self;

	return s->rows[row].id;
}

static void jobs_cell(const void *self, int row, int column, struct buf *out,
		      enum style *st)
{
	const struct jobs *s = self;
	const struct store_job *j = &s->rows[row];
	struct job_view v = {0};
	char left[AXIS_LABEL_SIZE];

	job_view_set(&v, j);
	switch (column) {
	case COL_STATE:
		buf_puts(out, job_view_word(&v)->word);
		*st = job_view_word(&v)->style;
		break;
	case COL_KIND:
		buf_puts(out, j->kind);
		break;
	case COL_RUN:
		if (j->run)
			buf_puts(out, j->run);
		*st = STYLE_BOLD;
		break;
	case COL_SHARE:
		if (j->total > 0)
			buf_printf(out, "%.0f%%",
				   floor(100 * fmin(1, j->done / j->total)));
		else if (j->done > 0)
			buf_printf(out, "%.0f", j->done);
		*st = STYLE_VALUE;
		break;
	case COL_LEFT:
		if (job_view_active(&v) && !isnan(v.seconds_left)) {
			axis_format(AXIS_SECONDS, v.seconds_left, left);
			buf_puts(out, left);
		}
		*st = STYLE_VALUE;
		break;
	case COL_MESSAGE:
		buf_puts(out, j->message   ? j->message
			      : j->command ? j->command
					   : "");
		break;
	case COL_STARTED:
		date_text(j->created_ms, out);
		*st = STYLE_DIM;
		break;
	case COL_HOST:
		buf_puts(out, j->host ? j->host : "");
		*st = STYLE_DIM;
		break;
	default:
		break;
	}
}

static void jobs_status(const void *self, struct buf *out)
{
	const struct jobs *s = self;
	int active = 0;

	for (int i = 0; i < s->list.table.row_count; i++) {
		struct job_view v = {0};

		job_view_set(&v, &s->rows[i]);
		active += job_view_active(&v);
	}
	buf_printf(out, "%d, %d at work", s->list.table.row_count, active);
}

static const struct store_job *selected(const struct jobs *s)
{
	return s->list.table.row_count ? &s->rows[s->list.table.selected]
				       : NULL;
}

static enum screen_action open_run(void *self, const struct key_press *k)
{
	struct jobs *s = self;
	const struct store_job *j = selected(s);

	(void)k;
	if (!j)
		return SCREEN_STAY;
	if (j->run)
		app_push(s->list.app, "run", j->run);
	else if (!strcmp(j->kind, "match"))
		app_push(s->list.app, "matches", "");
	else
		app_say(s->list.app, "%s", j->command);
	return SCREEN_REDRAW;
}

static enum screen_action want(struct jobs *s, enum store_wanted wanted)
{
	struct job_view v = {0};
	struct err e = ERR_INIT;

	job_view_set(&v, selected(s));
	if (job_view_want(&v, s->list.store, wanted, &e) ||
	    list_read(&s->list, &e))
		app_fail(s->list.app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action pause(void *self, const struct key_press *k)
{
	const struct store_job *j = selected(self);

	(void)k;
	if (!j)
		return SCREEN_STAY;
	return want(self, j->wanted == STORE_WANT_RUN ? STORE_WANT_PAUSE
						      : STORE_WANT_RUN);
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	(void)k;
	return selected(self) ? want(self, STORE_WANT_STOP) : SCREEN_STAY;
}

static const struct key_binding jobs_keys[] = {
	{"Enter", "open", "the page of its run", true, .run = open_run},
	{"p", "pause", "pause it, or let it go on", true, .run = pause},
	{"X", "stop", "stop it", true, .run = stop},
	{KEYS_OF(struct jobs, list.table, table_keys)},
	{0},
};

static const struct list_kind jobs_kind = {
	.columns = columns,
	.column_count = ARRAY_LEN(columns),
	.empty = "Nothing was ever started on this lab.",
	.open = open_run,
	.poll_ticks = LIVENESS_TICKS,
	.read = jobs_read,
	.id = jobs_id,
	.cell = jobs_cell,
};

static enum err_code jobs_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct jobs *s = self;

	(void)arg;
	return list_open(&s->list, app, &jobs_kind, e);
}

const struct screen screen_jobs = {
	.name = "jobs",
	.title = "Jobs",
	.help = "What is at work on this lab, and what was.",
	.self_size = sizeof(struct jobs),
	.keys = jobs_keys,
	.open = jobs_open,
	.draw = list_draw,
	.mouse = list_mouse,
	.tick = list_tick,
	.resume = list_resume,
	.status = jobs_status,
	.close = list_close,
};
