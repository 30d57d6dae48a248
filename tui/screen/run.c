/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "core/lab/source.h"
#include "core/session/overlay.h"
#include "core/session/repeats.h"
#include "core/session/series.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/keys.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/screen/charts.h"
#include "tui/screen/job_view.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/screens.h"
#include "tui/spawn.h"
#include "tui/widget/popup.h"

/* About two seconds; and games that are compared in about ten milliseconds. */
enum { LIVENESS_TICKS = 20, COMPARED = 20000 };

static enum err_code read_steps(struct run_page *p, struct err *e)
{
	int64_t run = p->charts.figures.run[p->charts.figures.top].run_id;
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	size_t count;

	if (store_checkpoint_list(p->store, &bag, run, &rows, &count) !=
	    STORE_OK) {
		store_bag_release(&bag);
		return err_set(e, ERR_IO, "%s", store_message(p->store));
	}
	p->steps = mem_realloc(p->steps, (count + 1) * sizeof(*p->steps));
	for (size_t i = 0; i < count; i++)
		p->steps[i] = rows[i].step;
	p->step_count = count;
	p->steps_of = run;
	store_bag_release(&bag);
	return ERR_OK;
}

static void write_facts(struct run_page *p, const struct store_run *r)
{
	struct buf b;

	buf_init(&b);
	buf_printf(&b, "run      %s\nkind     %s\ngame     %s\nseed     %llu\n",
		   r->name, r->kind, r->game, (unsigned long long)r->seed);
	if (r->source)
		buf_printf(&b, "source   %s\n", r->source);
	buf_puts(&b, "created  ");
	date_text(r->created_ms, &b);
	buf_putc(&b, '\n');
	if (r->host)
		buf_printf(&b, "host     %s\n", r->host);
	if (r->build)
		buf_printf(&b, "build    %s\n", r->build);
	buf_printf(&b, "stored   %lld checkpoints, %lld games\n",
		   (long long)r->checkpoints, (long long)r->games_stored);
	if (p->repeats.games) {
		buf_puts(&b, "distinct ");
		repeats_text(&p->repeats, &b);
		buf_putc(&b, '\n');
	}
	buf_printf(&b, "\n%s", r->config ? r->config : "");
	free(p->facts);
	p->facts = buf_detach(&b, NULL);
}

/* Everything that may have changed in the lab file. */
static enum err_code read_again(struct run_page *p, struct err *e)
{
	struct store_bag bag = {0};
	struct store_run row;
	enum err_code rc = ERR_OK;

	p->data_version = store_data_version(p->store);
	for (int i = 0; !rc && i < p->charts.figures.run_count; i++)
		rc = series_set_update(&p->charts.figures.run[i], p->store,
				       NULL, e);
	overlay_refresh(&p->charts.figures);
	if (!rc)
		rc = job_view_of_run(&p->job, p->store,
				     p->charts.figures.run[0].run_id, e);
	if (!rc)
		rc = read_steps(p, e);
	if (!rc && p->show_facts)
		rc = lab_error(p->store,
			       repeats_read(&p->repeats, p->store,
					    p->charts.figures.run[0].run_id,
					    COMPARED),
			       e);
	if (!rc &&
	    store_run_get(p->store, &bag, p->charts.figures.run[0].run_id,
			  &row) == STORE_OK) {
		write_facts(p, &row);
		snprintf(p->state, sizeof(p->state), "%s", row.status);
	}
	if (!rc)
		rc = lab_error(
			p->store,
			store_resume_possible(p->store,
					      p->charts.figures.run[0].run_id,
					      &p->can_go_on),
			e);
	store_bag_release(&bag);
	return rc;
}

static enum err_code add_run(struct run_page *p, const char *name,
			     struct err *e)
{
	struct store_bag bag = {0};
	struct store_run row;
	enum err_code rc = ERR_OK;
	enum store_status st = store_run_find(p->store, &bag, name, &row);

	if (st != STORE_OK) {
		rc = err_set(e, ERR_NOTFOUND, "%s", store_message(p->store));
	} else {
		for (int i = 0; i < p->charts.figures.run_count; i++) {
			if (p->charts.figures.run[i].run_id == row.id)
				rc = err_set(e, ERR_USAGE,
					     "%s is shown already", name);
		}
		if (!rc && !overlay_add(&p->charts.figures, row.id, row.name))
			rc = err_set(e, ERR_USAGE,
				     "%d runs are shown already, which is as "
				     "many as there are colours",
				     OVERLAY_RUNS);
		if (!rc && p->charts.figures.run_count == 1) {
			snprintf(p->kind, sizeof(p->kind), "%s", row.kind);
			snprintf(p->game, sizeof(p->game), "%s", row.game);
			/* a learner that plays nothing stands at its games */
			if (!strcmp(row.kind, "imitate"))
				p->charts.figures.x = SERIES_STEP;
		}
	}
	store_bag_release(&bag);
	return rc;
}

/* `arg` is the run's name; further names are laid over it. */
static enum err_code run_open(void *self, struct app *app, const char *arg,
			      struct err *e)
{
	struct run_page *p = self;
	enum err_code rc = ERR_OK;
	char *names = mem_strdup(arg), *rest = names, *name;

	p->app = app;
	p->store = lab_store(app->lab);
	charts_init(&p->charts);
	while (!rc && (name = strtok_r(rest, " ,", &rest)))
		rc = add_run(p, name, e);
	free(names);
	if (!rc && !p->charts.figures.run_count)
		rc = err_set(e, ERR_USAGE,
			     "name a run, as in `run c4`; `runs` lists them");
	return rc ? rc : read_again(p, e);
}

static void run_close(void *self)
{
	struct run_page *p = self;

	charts_release(&p->charts);
	spawn_release(p->resumed);
	free(p->steps);
	free(p->facts);
	repeats_release(&p->repeats);
}

/* ---- commands ---- */

static void open_checkpoint(struct run_page *p)
{
	int64_t step = run_page_checkpoint(p);
	char arg[128];

	if (step < 0) {
		app_say(p->app, "This run has no checkpoint yet.");
		return;
	}
	snprintf(arg, sizeof(arg), "%s/%lld",
		 p->charts.figures.run[p->charts.figures.top].run,
		 (long long)step);
	app_push(p->app, "checkpoint", arg);
}

/* What the last job of the run's kind was told. */
static void read_limit(struct run_page *p, struct job_limit *out)
{
	struct store_bag bag = {0};
	struct store_job *rows;
	size_t count;

	*out = (struct job_limit){.games = ""};
	if (store_job_list(p->store, &bag, p->charts.figures.run[0].run_id,
			   false, &rows, &count) == STORE_OK) {
		size_t i = 0;

		while (i < count && strcmp(rows[i].kind, p->kind) != 0)
			i++;
		if (i < count)
			job_limit_left(&rows[i], out);
	}
	store_bag_release(&bag);
}

static int add_option(const char **args, int n, const char *option,
		      const char *value)
{
	if (!*value)
		return n;
	args[n] = option;
	args[n + 1] = value;
	return n + 2;
}

static enum err_code start_again(struct run_page *p, struct err *e)
{
	const char *name = p->charts.figures.run[0].run;
	bool imitates = !strcmp(p->kind, "imitate");
	bool serial = !strcmp(p->kind, "serial");
	const char *args[12] = {imitates ? "imitate"
				: serial ? "serial"
					 : "train",
				imitates ? "--run" : "--resume", name};
	struct job_limit left;
	int n = 3;

	read_limit(p, &left);
	if (!imitates && !serial) {
		if (left.played)
			return err_set(e, ERR_USAGE,
				       "%s has played the %s games that it was "
				       "to end at: plyscope train --resume %s "
				       "--games N goes on to N",
				       name, left.games, name);
		n = add_option(args, n, "--games", left.games);
	}
	if (!imitates)
		n = add_option(args, n, "--minutes", left.minutes);
	add_option(args, n, "--threads", left.threads);
	return job_start(p->store, args, &p->resumed, e);
}

static void resume(struct run_page *p)
{
	struct err e = ERR_INIT;

	if (job_view_active(&p->job)) {
		app_say(p->app, "It runs already.");
		return;
	}
	if (!p->can_go_on) {
		app_say(p->app,
			"%s cannot go on: the lab keeps its networks, but not "
			"where its training stood (optimiser, data in hand). "
			":train begins another.",
			p->charts.figures.run[0].run);
		return;
	}
	spawn_release(p->resumed);
	p->resumed = NULL;
	if (source_of_run_allowed(p->app->lab, p->charts.figures.run[0].run,
				  &e) ||
	    start_again(p, &e))
		app_fail(p->app, &e);
	else
		app_say(p->app, "Starting %s again",
			p->charts.figures.run[0].run);
}

static void want(struct run_page *p, enum store_wanted wanted)
{
	struct err e = ERR_INIT;

	if (job_view_want(&p->job, p->store, wanted, &e))
		app_fail(p->app, &e);
}

static bool added(void *self, const char *text)
{
	struct run_page *p = self;
	struct err e = ERR_INIT;

	if (!text || !*text)
		return true;
	if (add_run(p, text, &e)) {
		app_fail(p->app, &e);
		return false;
	}
	if (read_again(p, &e))
		app_fail(p->app, &e);
	return true;
}

static enum screen_action open_at_cursor(void *self, const struct key_press *k)
{
	(void)k;
	open_checkpoint(self);
	return SCREEN_REDRAW;
}

static enum screen_action use_charts(void *self, const struct key_press *k)
{
	struct run_page *p = self;
	struct err e = ERR_INIT;

	keys_inner(k, &p->charts);
	/* another run on top has other checkpoints */
	if (p->charts.figures.run[p->charts.figures.top].run_id !=
		    p->steps_of &&
	    read_steps(p, &e))
		app_fail(p->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action open_checkpoints(void *self,
					   const struct key_press *k)
{
	struct run_page *p = self;

	(void)k;
	app_push(p->app, "checkpoints",
		 p->charts.figures.run[p->charts.figures.top].run);
	return SCREEN_REDRAW;
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct run_page *p = self;
	char arg[128];

	(void)k;
	snprintf(arg, sizeof(arg), "run=%s",
		 p->charts.figures.run[p->charts.figures.top].run);
	app_push(p->app, "games", arg);
	return SCREEN_REDRAW;
}

static enum screen_action lay_over(void *self, const struct key_press *k)
{
	struct run_page *p = self;

	(void)k;
	app_ask(p->app, "Lay over these the run", "", added, p);
	return SCREEN_REDRAW;
}

static enum screen_action open_pages(void *self, const struct key_press *k)
{
	struct run_page *p = self;

	(void)k;
	app_push(p->app, "pages", p->charts.figures.run[0].run);
	return SCREEN_REDRAW;
}

static bool writes_pages(const void *self)
{
	const struct run_page *p = self;

	return !strcmp(p->kind, "serial");
}

static enum screen_action leave_alone(void *self, const struct key_press *k)
{
	struct run_page *p = self;
	struct err e = ERR_INIT;

	(void)k;
	overlay_remove_others(&p->charts.figures);
	if (read_steps(p, &e))
		app_fail(p->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action pause_or_go_on(void *self, const struct key_press *k)
{
	struct run_page *p = self;

	(void)k;
	if (!job_view_active(&p->job))
		app_say(p->app, "Nothing is at work on it.");
	else
		want(p, p->job.wanted == STORE_WANT_RUN ? STORE_WANT_PAUSE
							: STORE_WANT_RUN);
	return SCREEN_REDRAW;
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	(void)k;
	want(self, STORE_WANT_STOP);
	return SCREEN_REDRAW;
}

static enum screen_action go_on(void *self, const struct key_press *k)
{
	(void)k;
	resume(self);
	return SCREEN_REDRAW;
}

static enum screen_action show_facts(void *self, const struct key_press *k)
{
	struct run_page *p = self;
	struct err e = ERR_INIT;

	(void)k;
	p->show_facts = true;
	p->facts_top = 0;
	if (read_again(p, &e))
		app_say(p->app, "%s", e.msg);
	return SCREEN_REDRAW;
}

static enum screen_action open_ratings(void *self, const struct key_press *k)
{
	struct run_page *p = self;

	(void)k;
	leaderboard_push(p->app, p->game, "");
	return SCREEN_REDRAW;
}

static bool at_work(const void *self)
{
	const struct run_page *p = self;

	return job_view_active(&p->job);
}

static bool may_go_on(const void *self)
{
	const struct run_page *p = self;

	return p->job.present && !job_view_active(&p->job) && p->can_go_on;
}

static const struct key_binding run_keys[] = {
	{"Enter", "open", "checkpoint nearest to the cursor", true,
	 .run = open_at_cursor},
	{KEYS_OF(struct run_page, charts, charts_keys), .run = use_charts},
	{"c", "checkpoints", "list of its checkpoints", true,
	 .run = open_checkpoints},
	{"v", "games", "its stored games", false, .run = open_games},
	{"w", "pages", "what a run of the kind serial wrote, word by word",
	 true, .run = open_pages, .when = writes_pages},
	{"o", "overlay", "lay another run's curves over these", true,
	 .run = lay_over},
	{"O", "alone", "take the other runs away", false, .run = leave_alone},
	{"p", "pause", "pause the job, or let it go on", true,
	 .run = pause_or_go_on, .when = at_work},
	{"X", "stop", "stop the job; it can be resumed", false, .run = stop},
	{"r", "resume", "start a stopped run again, to where it was to end",
	 true, .run = go_on, .when = may_go_on},
	{"i", "info", "how the run was set up", false, .run = show_facts},
	{"e", "ratings", "the Elo of all agents of its game", false,
	 .run = open_ratings},
	{0},
};

static enum screen_action facts_by(void *self, const struct key_press *k)
{
	struct run_page *p = self;
	int top = p->facts_top + k->arg;

	if (top >= 0 && (k->arg < 0 || top <= run_page_fact_lines(p) - 4))
		p->facts_top = top;
	return SCREEN_REDRAW;
}

static enum screen_action leave_facts(void *self, const struct key_press *k)
{
	struct run_page *p = self;

	(void)k;
	p->show_facts = false;
	return SCREEN_REDRAW;
}

static const struct key_binding *run_popup(const void *self)
{
	static const struct key_binding facts_keys[] = {
		{.name = "chart-up", .run = facts_by, .arg = -1},
		{.name = "chart-down", .run = facts_by, .arg = 1},
		{.run = leave_facts},
		{0},
	};
	const struct run_page *p = self;

	return p->show_facts ? facts_keys : NULL;
}

static enum screen_action run_mouse(void *self, const struct mouse_event *m)
{
	struct run_page *p = self;

	switch (charts_mouse(&p->charts, m)) {
	case CHARTS_OPENED:
		open_checkpoint(p);
		return SCREEN_REDRAW;
	case CHARTS_MOVED:
		return SCREEN_REDRAW;
	case CHARTS_NO_CLICK:
		break;
	}
	return SCREEN_STAY;
}

/* Its games are still being compared. */
static bool run_busy(const void *self)
{
	const struct run_page *p = self;

	return p->show_facts && p->repeats.more;
}

/* Cheap while nothing happens: one number is read.  A process that was killed
 * commits nothing, so its life is looked at now and then. */
static enum screen_action run_tick(void *self)
{
	struct run_page *p = self;
	struct err e = ERR_INIT;
	int status;

	if (p->resumed) {
		if (job_start_failed(p->resumed, &e)) {
			app_fail(p->app, &e);
			spawn_release(p->resumed);
			p->resumed = NULL;
			return SCREEN_REDRAW;
		}
		if (spawn_ended(p->resumed, &status)) {
			spawn_release(p->resumed);
			p->resumed = NULL;
		}
	}
	if (store_data_version(p->store) == p->data_version && !run_busy(p) &&
	    (++p->ticks % LIVENESS_TICKS || !job_view_active(&p->job)))
		return SCREEN_STAY;
	if (read_again(p, &e))
		app_fail(p->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action run_resume(void *self)
{
	struct run_page *p = self;
	struct err e = ERR_INIT;

	if (read_again(p, &e))
		app_fail(p->app, &e);
	return SCREEN_REDRAW;
}

static bool run_chart(const void *self, enum picture_format f, struct buf *out)
{
	const struct run_page *p = self;

	return charts_picture(&p->charts, f, out);
}

const struct screen screen_run = {
	.name = "run",
	.title = "Run",
	.help = "The training history of one run, live while it is trained.",
	.takes = "run",
	.self_size = sizeof(struct run_page),
	.keys = run_keys,
	.open = run_open,
	.draw = run_page_draw,
	.chart = run_chart,
	.popup = run_popup,
	.mouse = run_mouse,
	.tick = run_tick,
	.busy = run_busy,
	.resume = run_resume,
	.status = run_page_status,
	.close = run_close,
};
