/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "store/run.h"
#include "tui/app.h"
#include "tui/keys.h"
#include "tui/screen/job_view.h"
#include "tui/screen/screens.h"
#include "tui/row/words.h"
#include "tui/widget/plot.h"
#include "tui/widget/table.h"

enum { MARKED_MOST = 8, LIVENESS_TICKS = 20, CURVE_WIDTH = 16 };

struct run_row {
	const char *name, *kind, *game, *network, *source; /* in the bag */
	int64_t id, step, games, checkpoints, created_ms;
	double elo, elo_low, elo_high;
	const char *status;
	const char *curve;           /* Elo, a line of bars */
	const struct job_word *live; /* NULL: no job is at work on it */
};

/* All runs of the lab. */
struct runs {
	struct app *app;
	struct store *store;
	struct table table;
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

enum {
	COL_MARK,
	COL_NAME,
	COL_KIND,
	COL_GAME,
	COL_NETWORK,
	COL_STEP,
	COL_GAMES,
	COL_ELO,
	COL_INTERVAL,
	COL_STATUS,
	COL_CREATED,
	COL_CURVE,
	COL_SOURCE
};

static const struct table_column runs_columns[] = {
	[COL_MARK] = {"", 1, 0, false, false, 0, false},
	[COL_NAME] = {"run", 20, 8, false, true, 0, true},
	[COL_KIND] = {"kind", 7, 0, false, false, 4, true},
	[COL_GAME] = {"game", 10, 0, false, false, 3, true},
	[COL_NETWORK] = {"network", 18, 10, false, false, 7, true},
	[COL_STEP] = {"step", 8, 0, true, false, 2, true},
	[COL_GAMES] = {"games", 8, 0, true, false, 5, true},
	[COL_ELO] = {"Elo", 6, 0, true, false, 1, true},
	[COL_INTERVAL] = {"95%", 10, 0, false, false, 6, false},
	[COL_STATUS] = {"status", 10, 0, false, false, 0, true},
	[COL_CREATED] = {"created", 16, 0, false, false, 5, true},
	[COL_CURVE] = {"Elo so far", CURVE_WIDTH, 0, false, false, 7, false},
	[COL_SOURCE] = {"imitates", 20, 12, false, true, 8, false},
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
	const char *texts[] = {r->name,
			       r->kind,
			       r->game,
			       r->network,
			       r->source ? r->source : "",
			       r->status};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (strcasestr(texts[i], filter))
			return true;
	}
	return false;
}

static int by_number(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(b) - isnan(a); /* unknown is least */
	return (a > b) - (a < b);
}

static int compare(const struct runs *s, const struct run_row *a,
		   const struct run_row *b)
{
	switch (s->table.sort) {
	case COL_NAME:
		return strcmp(a->name, b->name);
	case COL_KIND:
		return strcmp(a->kind, b->kind);
	case COL_GAME:
		return strcmp(a->game, b->game);
	case COL_NETWORK:
		return strcmp(a->network, b->network);
	case COL_STEP:
		return by_number((double)a->step, (double)b->step);
	case COL_GAMES:
		return by_number((double)a->games, (double)b->games);
	case COL_ELO:
		return by_number(a->elo, b->elo);
	case COL_STATUS:
		return strcmp(a->status, b->status);
	default:
		return by_number((double)a->created_ms, (double)b->created_ms);
	}
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
		if (s->rows[s->order[k]].id == selected)
			table_select(&s->table, k);
	}
}

static const struct run_row *selected_row(const struct runs *s)
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
		.id = r->id,
		.name = r->name,
		.kind = r->kind,
		.game = r->game,
		.network = "",
		.source = r->source,
		.step = r->last_step,
		.games = r->games,
		.checkpoints = r->checkpoints,
		.created_ms = r->created_ms,
		.elo = r->elo,
		.elo_low = r->elo_low,
		.elo_high = r->elo_high,
		.status = r->status,
		.curve = elo_curve(s, r->id),
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
			if (s->rows[k].id != jobs[i].run_id)
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
	int64_t selected = at ? at->id : 0;
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
	table_init(&s->table, runs_columns, ARRAY_LEN(runs_columns));
	s->table.empty = "No runs yet: t starts one, or `plyscope train`.";
	s->table.sort = COL_CREATED;
	s->table.descending = true;
	snprintf(s->filter, sizeof(s->filter), "%s", arg);
	return read_rows(s, e);
}

static void runs_close(void *self)
{
	struct runs *s = self;

	table_release(&s->table);
	store_bag_release(&s->bag);
	free(s->rows);
	free(s->order);
}

static void runs_cell(const void *self, int row, int column, struct buf *out,
		      enum style *st)
{
	const struct runs *s = self;
	const struct run_row *r = &s->rows[s->order[row]];

	switch (column) {
	case COL_MARK:
		if (is_marked(s, r->id))
			buf_putc(out, '*');
		*st = STYLE_MARKED;
		break;
	case COL_NAME:
		buf_puts(out, r->name);
		*st = STYLE_BOLD;
		break;
	case COL_KIND:
		buf_puts(out, r->kind);
		break;
	case COL_GAME:
		game_text(r->game, out);
		break;
	case COL_NETWORK:
		network_text(r->network, out);
		break;
	case COL_STEP:
		if (r->step >= 0)
			buf_printf(out, "%lld", (long long)r->step);
		*st = STYLE_VALUE;
		break;
	case COL_GAMES:
		buf_printf(out, "%lld", (long long)r->games);
		*st = STYLE_VALUE;
		break;
	case COL_ELO:
		elo_text(r->elo, (double)NAN, (double)NAN, out);
		*st = STYLE_VALUE;
		break;
	case COL_INTERVAL:
		interval_text(r->elo, r->elo_low, r->elo_high, out);
		*st = STYLE_DIM;
		break;
	case COL_STATUS:
		buf_puts(out, r->status);
		if (r->live)
			*st = r->live->style;
		break;
	case COL_CURVE:
		buf_puts(out, r->curve);
		*st = STYLE_VALUE;
		break;
	case COL_SOURCE:
		buf_puts(out, r->source ? r->source : "");
		break;
	case COL_CREATED:
		date_text(r->created_ms, out);
		*st = STYLE_DIM;
		break;
	default:
		break;
	}
}

static void runs_draw(const void *self, struct canvas *c)
{
	const struct runs *s = self;

	table_draw(&s->table, c, runs_cell, s);
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
	buf_puts(&arg, r->name);
	for (size_t i = 0; i < s->all; i++) {
		if (s->rows[i].id != r->id && is_marked(s, s->rows[i].id))
			buf_printf(&arg, " %s", s->rows[i].name);
	}
	app_push(s->app, "run", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static void mark(struct runs *s, int64_t id)
{
	for (int i = 0; i < s->marked_count; i++) {
		if (s->marked[i] == id) {
			s->marked[i] = s->marked[--s->marked_count];
			return;
		}
	}
	if (s->marked_count == MARKED_MOST)
		app_say(s->app, "%d runs are marked already", MARKED_MOST);
	else
		s->marked[s->marked_count++] = id;
}

static enum screen_action mark_run(void *self, const struct key_press *k)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);

	(void)k;
	if (r) {
		mark(s, r->id);
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
	arrange(s, at ? at->id : 0);
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
		app_push(s->app, "checkpoints", r->name);
	return SCREEN_REDRAW;
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct runs *s = self;
	const struct run_row *r = selected_row(s);
	char arg[160];

	(void)k;
	if (r) {
		snprintf(arg, sizeof(arg), "run=%s", r->name);
		app_push(s->app, "games", arg);
	}
	return SCREEN_REDRAW;
}

/* With the newest network of the run under the cursor, where it has one. */
static enum screen_action push_newest(struct runs *s, const char *screen)
{
	const struct run_row *r = selected_row(s);
	char arg[160] = "";

	if (r && r->checkpoints)
		snprintf(arg, sizeof(arg), "policy:%s/latest", r->name);
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
	arrange(s, r ? r->id : 0);
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
	int64_t id = r ? r->id : 0;

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
