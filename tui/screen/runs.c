/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/write.h"
#include "tui/screen.h"
#include "tui/screen/job_view.h"
#include "tui/screen/screens.h"
#include "tui/widget/plot.h"
#include "tui/widget/table.h"

enum { MARKED_MOST = 8, LIVENESS_TICKS = 20, CURVE_WIDTH = 16 };

/* A row of the lab, and what this screen makes of it. */
struct run_row {
	struct store_run run; /* in the bag, as all texts */
	const char *network;
	const char *status;
	const char *curve;           /* Elo, a line of bars */
	const struct job_word *live; /* NULL: no job is at work on it */
	bool marked;
};

/* All runs of the lab. */
struct runs {
	struct app *app;
	struct store *store;
	struct table table;
	struct row_view view;
	struct store_bag bag; /* holds the rows' texts */
	struct run_row *rows; /* owned [all] */
	int *order;           /* owned [table.row_count]: rows shown */
	size_t all;
	char filter[64];
	int64_t marked[MARKED_MOST];
	int marked_count;
	int64_t data_version;
	int ticks;
};

#define ROW struct run_row

static void write_mark(const void *row, struct row_at *at, struct buf *out)
{
	const struct run_row *r = row;

	(void)at;
	if (r->marked)
		buf_putc(out, '*');
}

static void write_status(const void *member, struct row_at *at, struct buf *out)
{
	const struct run_row *r = at->row;

	(void)member;
	buf_puts(out, r->status);
	if (r->live)
		at->style = r->live->style;
}

static const struct row_field own_fields[] = {
	ROW_MAKE("mark", .text = write_mark, .head = "", .width = 1,
		 .style = STYLE_MARKED),
	ROW_FIELD("network", ROW_TEXT, network, .text = row_write_network,
		  .width = 18, .least = 10, .rank = 7, .flags = ROW_SORTS),
	ROW_FIELD("status", ROW_TEXT, status, .text = write_status, .width = 10,
		  .flags = ROW_SORTS),
	ROW_FIELD("curve", ROW_TEXT, curve, .head = "Elo so far",
		  .width = CURVE_WIDTH, .rank = 7, .style = STYLE_VALUE),
	{.name = NULL},
};

static bool is_marked(const struct runs *s, int64_t id)
{
	for (int i = 0; i < s->marked_count; i++) {
		if (s->marked[i] == id)
			return true;
	}
	return false;
}

static bool matches(const struct run_row *r, const char *filter)
{
	const char *texts[] = {r->run.name,
			       r->run.kind,
			       r->run.game,
			       r->network,
			       r->run.source ? r->run.source : "",
			       r->status};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (strcasestr(texts[i], filter))
			return true;
	}
	return false;
}

static int compare(const struct runs *s, const struct run_row *a,
		   const struct run_row *b)
{
	return row_compare(s->view.fields[s->table.sort], a, b);
}

/* Which rows are shown, in which order; the selection stays on its run.  Few
 * rows: insertion keeps the order of equals. */
static void arrange(struct runs *s, int64_t selected)
{
	int n = 0;

	for (size_t i = 0; i < s->all; i++) {
		int k = n;

		if (!matches(&s->rows[i], s->filter))
			continue;
		for (; k > 0; k--) {
			int c = compare(s, &s->rows[s->order[k - 1]],
					&s->rows[i]);

			if ((s->table.descending ? -c : c) <= 0)
				break;
			s->order[k] = s->order[k - 1];
		}
		s->order[k] = (int)i;
		n++;
	}
	table_rows(&s->table, n);
	for (int k = 0; k < n; k++) {
		if (s->rows[s->order[k]].run.id == selected)
			table_select(&s->table, k);
	}
}

static struct run_row *selected_row(const struct runs *s)
{
	return s->table.row_count ? &s->rows[s->order[s->table.selected]]
				  : NULL;
}

/* The Elo of its checkpoints, as a line of bars in the bag. */
static const char *elo_curve(struct runs *s, int64_t run_id)
{
	struct store_metric *rows;
	size_t count;
	const char *text;
	double *values;
	struct buf b;

	if (store_metric_list(s->store, &s->bag, run_id, "elo", 0, &rows,
			      &count) != STORE_OK)
		return "";
	values = store_bag_alloc(&s->bag, (count + 1) * sizeof(*values));
	for (size_t i = 0; i < count; i++)
		values[i] = rows[i].value;
	buf_init(&b);
	plot_sparkline(values, count, CURVE_WIDTH, &b);
	text = store_bag_strdup(&s->bag, b.data);
	buf_release(&b);
	return text;
}

static void set_row(struct runs *s, struct run_row *out,
		    const struct store_run *r)
{
	struct store_checkpoint last;

	*out = (struct run_row){
		.run = *r,
		.network = "",
		.status = r->status,
		.curve = elo_curve(s, r->id),
		.marked = is_marked(s, r->id),
	};
	if (r->checkpoints && store_checkpoint_latest(s->store, &s->bag, r->id,
						      &last) == STORE_OK)
		out->network = last.network;
}

/* What is at work says more than the status that a run was left with. */
static enum err_code set_live(struct runs *s, struct err *e)
{
	struct store_bag bag = {0};
	struct store_job *jobs;
	size_t count;

	if (store_job_list(s->store, &bag, 0, true, &jobs, &count) !=
	    STORE_OK) {
		store_bag_release(&bag);
		return err_set(e, ERR_IO, "%s", store_message(s->store));
	}
	for (size_t i = count; i-- > 0;) {
		struct job_view v = {0};

		job_view_set(&v, &jobs[i]);
		for (size_t k = 0; k < s->all; k++) {
			if (s->rows[k].run.id != jobs[i].run_id)
				continue;
			s->rows[k].live = job_view_word(&v);
			s->rows[k].status = s->rows[k].live->word;
		}
	}
	store_bag_release(&bag);
	return ERR_OK;
}

static enum err_code read_rows(struct runs *s, struct err *e)
{
	const struct run_row *at = selected_row(s);
	int64_t selected = at ? at->run.id : 0;
	struct store_run *runs;
	size_t count;

	s->data_version = store_data_version(s->store);
	store_bag_release(&s->bag);
	s->all = 0;
	if (store_run_list(s->store, &s->bag, &runs, &count) != STORE_OK) {
		table_rows(&s->table, 0);
		return err_set(e, ERR_IO, "%s", store_message(s->store));
	}
	s->rows = mem_realloc(s->rows, (count + 1) * sizeof(*s->rows));
	s->order = mem_realloc(s->order, (count + 1) * sizeof(*s->order));
	for (size_t i = 0; i < count; i++)
		set_row(s, &s->rows[i], &runs[i]);
	s->all = count;
	arrange(s, selected);
	return set_live(s, e);
}

static enum err_code runs_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct runs *s = self;

	s->app = app;
	s->store = lab_store(app->lab);
	row_view_init(&s->view, &row_run, own_fields, row_run.cells);
	table_init(&s->table, s->view.columns, s->view.count);
	s->table.empty = "No runs yet: t starts one, or `plyscope train`.";
	s->table.sort = row_view_column(&s->view, "created_ms");
	s->table.descending = true;
	snprintf(s->filter, sizeof(s->filter), "%s", arg);
	return read_rows(s, e);
}

static void runs_close(void *self)
{
	struct runs *s = self;

	store_bag_release(&s->bag);
	free(s->rows);
	free(s->order);
}

static void runs_cell(const void *self, int row, int column, int width,
		      struct buf *out, enum style *st)
{
	const struct runs *s = self;

	row_cell(&s->view, column, &s->rows[s->order[row]], width, out, st);
}

static void runs_draw(const void *self, struct canvas *c)
{
	const struct runs *s = self;

	table_draw(&s->table, c, true, runs_cell, s);
}

static void runs_status(const void *self, struct buf *out)
{
	const struct runs *s = self;

	buf_printf(out, "%d", s->table.row_count);
	if (*s->filter)
		buf_printf(out, " of %zu with \"%s\"", s->all, s->filter);
	if (s->marked_count)
		buf_printf(out, ", %d marked", s->marked_count);
}

/* The run under the cursor, then the marked ones, as the argument of `run`. */
static enum screen_action open_run(void *self, const struct key_press *k)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);
	struct buf arg;

	(void)k;
	if (!r)
		return SCREEN_REDRAW;
	buf_init(&arg);
	buf_puts(&arg, r->run.name);
	for (size_t i = 0; i < s->all; i++) {
		if (s->rows[i].run.id != r->run.id && s->rows[i].marked)
			buf_printf(&arg, " %s", s->rows[i].run.name);
	}
	app_push(s->app, "run", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static void mark(struct runs *s, struct run_row *r)
{
	if (!r->marked && s->marked_count == MARKED_MOST) {
		app_say(s->app, "%d runs are marked already", MARKED_MOST);
		return;
	}
	r->marked = !r->marked;
	if (r->marked) {
		s->marked[s->marked_count++] = r->run.id;
		return;
	}
	for (int i = 0; i < s->marked_count; i++)
		if (s->marked[i] == r->run.id)
			s->marked[i] = s->marked[--s->marked_count];
}

static enum screen_action mark_run(void *self, const struct key_press *k)
{
	struct runs *s = self;
	struct run_row *r = selected_row(s);

	(void)k;
	if (r) {
		mark(s, r);
		table_select(&s->table, s->table.selected + 1);
	}
	return SCREEN_REDRAW;
}

static bool filtered(void *self, const char *text)
{
	struct runs *s = self;
	const struct run_row *at = selected_row(s);

	if (!text)
		return true;
	snprintf(s->filter, sizeof(s->filter), "%s", text);
	arrange(s, at ? at->run.id : 0);
	return true;
}

static enum screen_action filter(void *self, const struct key_press *k)
{
	struct runs *s = self;

	(void)k;
	app_ask(s->app, "Show runs with", s->filter, filtered, s);
	return SCREEN_REDRAW;
}

static enum screen_action open_checkpoints(void *self,
					   const struct key_press *k)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);

	(void)k;
	if (r)
		app_push(s->app, "checkpoints", r->run.name);
	return SCREEN_REDRAW;
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);
	char arg[160];

	(void)k;
	if (r) {
		snprintf(arg, sizeof(arg), "run=%s", r->run.name);
		app_push(s->app, "games", arg);
	}
	return SCREEN_REDRAW;
}

/* With the newest network of the run under the cursor, where it has one. */
static enum screen_action push_newest(struct runs *s, const char *screen)
{
	const struct run_row *r = selected_row(s);
	char arg[160] = "";

	if (r && r->run.checkpoints)
		snprintf(arg, sizeof(arg), "policy:%s/latest", r->run.name);
	app_push(s->app, screen, arg);
	return SCREEN_REDRAW;
}

static enum screen_action train(void *self, const struct key_press *k)
{
	struct runs *s = self;

	(void)k;
	app_push(s->app, "train", "");
	return SCREEN_REDRAW;
}

static enum screen_action imitate(void *self, const struct key_press *k)
{
	(void)k;
	return push_newest(self, "imitate");
}

static enum screen_action match(void *self, const struct key_press *k)
{
	(void)k;
	return push_newest(self, "match");
}

static enum screen_action open_jobs(void *self, const struct key_press *k)
{
	struct runs *s = self;

	(void)k;
	app_push(s->app, "jobs", "");
	return SCREEN_REDRAW;
}

static enum screen_action sort(void *self, const struct key_press *k)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);

	keys_inner(k, &s->table);
	arrange(s, r ? r->run.id : 0);
	return SCREEN_REDRAW;
}

static const struct key_binding runs_keys[] = {
	{"Enter", "open", "its curves, with those of the marked runs over them",
	 true, .run = open_run},
	{"Space", "mark", "mark it, to lay curves over each other", true,
	 .run = mark_run},
	{"c", "checkpoints", "its checkpoints", true, .run = open_checkpoints},
	{"v", "games", "its stored games", false, .run = open_games},
	{"t", "train", "start a training run", true, .run = train},
	{"i", "imitate", "start an imitation learner", true, .run = imitate},
	{"m", "match", "start a match", false, .run = match},
	{"J", "jobs", "what is at work", false, .run = open_jobs},
	{"/", "filter", "show only runs whose row has this text", false,
	 .run = filter},
	{KEYS_OF(struct runs, table, table_keys)},
	{KEYS_OF(struct runs, table, table_sort_keys), .run = sort},
	{0},
};

static enum screen_action runs_mouse(void *self, const struct mouse_event *m)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);
	int64_t id = r ? r->run.id : 0;

	switch (table_mouse(&s->table, m)) {
	case TABLE_OPENED:
		return open_run(s, &(struct key_press){0});
	case TABLE_SORTED:
		arrange(s, id);
		return SCREEN_REDRAW;
	case TABLE_MOVED:
		return SCREEN_REDRAW;
	case TABLE_NO_CLICK:
		break;
	}
	return SCREEN_STAY;
}

static enum screen_action runs_resume(void *self)
{
	struct runs *s = self;
	struct err e = ERR_INIT;

	if (read_rows(s, &e))
		app_fail(s->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action runs_tick(void *self)
{
	struct runs *s = self;

	if (store_data_version(s->store) == s->data_version &&
	    ++s->ticks % LIVENESS_TICKS)
		return SCREEN_STAY;
	return runs_resume(s);
}

const struct screen screen_runs = {
	.name = "runs",
	.title = "Runs",
	.help = "Everything that was trained in this lab.",
	.self_size = sizeof(struct runs),
	.keys = runs_keys,
	.open = runs_open,
	.draw = runs_draw,
	.mouse = runs_mouse,
	.tick = runs_tick,
	.resume = runs_resume,
	.status = runs_status,
	.close = runs_close,
};
