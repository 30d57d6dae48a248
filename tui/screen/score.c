/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/session/match_score.h"
#include "store/job.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screen/job_view.h"
#include "tui/screen/match_view.h"
#include "tui/screen/screens.h"

enum { LIVENESS_TICKS = 20 };

/* One match, live while it is played. */
struct score {
	struct app *app;
	struct store *store;
	struct match_score match;
	struct job_view
		job; /* not present: it is over, or was played elsewhere */
	int64_t data_version;
	int ticks;
};

static enum err_code read_again(struct score *s, struct err *e)
{
	enum err_code rc;

	s->data_version = store_data_version(s->store);
	rc = match_score_read(&s->match, s->store, s->match.id, e);
	if (!rc && s->job.present)
		rc = job_view_get(&s->job, s->store, s->job.id, e);
	return rc;
}

/* `arg` is the match's number, and its job's if it has one. */
static enum err_code score_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct score *s = self;
	char *end;

	s->app = app;
	s->store = lab_store(app->lab);
	s->match.id = strtoll(arg, &end, 10);
	if (end == arg)
		return err_set(e, ERR_USAGE,
			       "name a match by its number, as in `score 3`; "
			       "`matches` lists them");
	s->job.id = strtoll(end, NULL, 10);
	s->job.present = s->job.id > 0;
	return read_again(s, e);
}

static void score_close(void *self)
{
	struct score *s = self;

	match_score_release(&s->match);
}

static void score_draw(const void *self, struct canvas *c)
{
	const struct score *s = self;
	int head = s->job.present ? 2 : 0;
	struct canvas pane =
		canvas_pane(c, head, 0, c->height - head, c->width);

	if (s->job.present)
		job_view_draw(&s->job, c, 0);
	match_view_draw(&s->match, &pane);
	canvas_cursor(c, head + 5, 1);
}

static void score_status(const void *self, struct buf *out)
{
	const struct score *s = self;

	buf_printf(out, "%lld", (long long)s->match.id);
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct score *s = self;
	char arg[48];

	(void)k;
	snprintf(arg, sizeof(arg), "match=%lld", (long long)s->match.id);
	app_push(s->app, "games", arg);
	return SCREEN_REDRAW;
}

static enum screen_action want(struct score *s, enum store_wanted wanted)
{
	struct err e = ERR_INIT;

	if (job_view_want(&s->job, s->store, wanted, &e))
		app_fail(s->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action pause(void *self, const struct key_press *k)
{
	struct score *s = self;

	(void)k;
	return want(s, s->job.wanted == STORE_WANT_RUN ? STORE_WANT_PAUSE
						       : STORE_WANT_RUN);
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	(void)k;
	return want(self, STORE_WANT_STOP);
}

static enum screen_action open_matches(void *self, const struct key_press *k)
{
	struct score *s = self;

	(void)k;
	app_push(s->app, "matches", "");
	return SCREEN_REDRAW;
}

static bool at_work(const void *self)
{
	const struct score *s = self;

	return job_view_active(&s->job);
}

static const struct key_binding score_keys[] = {
	{"Enter, v", "games", "its games", true, .run = open_games},
	{"p", "pause", "pause it, or let it go on", true, .run = pause,
	 .when = at_work},
	{"X", "stop", "end it with the games so far", true, .run = stop,
	 .when = at_work},
	{"M", "matches", "all matches", false, .run = open_matches},
	{0},
};

static enum screen_action score_resume(void *self)
{
	struct score *s = self;
	struct err e = ERR_INIT;

	if (read_again(s, &e))
		app_fail(s->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action score_tick(void *self)
{
	struct score *s = self;

	if (store_data_version(s->store) == s->data_version &&
	    (++s->ticks % LIVENESS_TICKS || !job_view_active(&s->job)))
		return SCREEN_STAY;
	return score_resume(s);
}

static bool score_chart(const void *self, enum picture_format f,
			struct buf *out)
{
	const struct score *s = self;

	return match_view_picture(&s->match, f, out);
}

const struct screen screen_score = {
	.name = "score",
	.title = "Match",
	.help = "The score of one match, live while it is played.",
	.self_size = sizeof(struct score),
	.keys = score_keys,
	.open = score_open,
	.draw = score_draw,
	.chart = score_chart,
	.tick = score_tick,
	.resume = score_resume,
	.status = score_status,
	.close = score_close,
};
