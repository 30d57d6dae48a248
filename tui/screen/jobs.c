/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "store/job.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/screen.h"
#include "tui/screen/job_view.h"
#include "tui/screen/list.h"
#include "tui/screen/screens.h"
#include "tui/widget/axis.h"
#include "tui/widget/table.h"

enum { LIVENESS_TICKS = 20 };

/* Everything that is or was at work on this lab. */
struct jobs {
	struct list list;
	struct store_job *rows; /* in the list's bag [list.table.row_count] */
};

static void write_state(const void *row, struct row_at *at, struct buf *out)
{
	struct job_view v = {0};

	job_view_set(&v, row);
	buf_puts(out, job_view_word(&v)->word);
	at->style = job_view_word(&v)->style;
}

static void write_left(const void *row, struct row_at *at, struct buf *out)
{
	char left[AXIS_LABEL_SIZE];
	struct job_view v = {0};

	(void)at;
	job_view_set(&v, row);
	if (!job_view_active(&v) || isnan(v.seconds_left))
		return;
	axis_format(AXIS_SECONDS, v.seconds_left, left);
	buf_puts(out, left);
}

static const struct row_field own_fields[] = {
	ROW_MAKE("state", .text = write_state, .width = 8),
	ROW_MAKE("left", .text = write_left, .width = 7, .rank = 2,
		 .style = STYLE_VALUE, .flags = ROW_RIGHT),
	{.name = NULL},
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

static const void *jobs_row(const void *self, int row)
{
	const struct jobs *s = self;

	return &s->rows[row];
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

static bool can_stop(const void *self)
{
	const struct store_job *j = selected(self);
	struct job_view v = {0};

	if (j)
		job_view_set(&v, j);
	return job_view_active(&v);
}

static const struct key_binding jobs_keys[] = {
	{"Enter", "open", "the page of its run", true, .run = open_run},
	{"p", "pause", "pause it, or let it go on", true, .run = pause,
	 .when = can_stop},
	{"X", "stop", "stop it", true, .run = stop, .when = can_stop},
	LIST_FIND_KEY,
	{KEYS_OF(struct jobs, list.table, table_keys)},
	{0},
};

static const struct list_kind jobs_kind = {
	.rows = &row_job,
	.own = own_fields,
	.empty = "Nothing was ever started on this lab.",
	.open = open_run,
	.poll_ticks = LIVENESS_TICKS,
	.read = jobs_read,
	.id = jobs_id,
	.row = jobs_row,
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
