/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/session/opinion.h"
#include "tui/app_int.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/cmdline.h"
#include "tui/frame.h"
#include "tui/widget/line_edit.h"

enum { LEAST_ROWS = 6, LEAST_COLS = 20 };

/* Some 100,000 answers about Connect Four. */
enum { BOOK_BYTES = 64 << 20 };

struct app *app_new(struct lab *lab)
{
	struct app *app = mem_zalloc(1, sizeof(*app));
	struct app_stack *st = mem_zalloc(1, sizeof(*st));
	const char *test = getenv("PLYSCOPE_TEST");

	app->lab = lab;
	app->opinions = opinion_book_new(BOOK_BYTES);
	app->stack = st;
	st->test_mark = test && *test;
	st->dirty = true;
	buf_init(&st->pasted);
	if (pipe2(st->wake, O_CLOEXEC | O_NONBLOCK))
		st->wake[0] = st->wake[1] = -1; /* ticks alone collect work */
	return app;
}

void app_keep_history(struct app *app, const char *path)
{
	cmdline_history_open(&app->stack->history, path);
}

static void close_level(struct level *l)
{
	if (l->screen->close)
		l->screen->close(l->self);
	free(l->self);
	free(l->seen);
}

void app_free(struct app *app)
{
	struct app_stack *st = app->stack;

	while (st->depth)
		close_level(&st->levels[--st->depth]);
	for (int i = 0; i < st->pending_count; i++) {
		free(st->pending[i].name);
		free(st->pending[i].arg);
	}
	cmdline_release(&st->history);
	buf_release(&st->pasted);
	for (int i = 0; i < 2; i++)
		if (st->wake[i] >= 0)
			close(st->wake[i]);
	free(st);
	opinion_book_free(app->opinions);
	free(app);
}

struct level *app_top(const struct app *app)
{
	struct app_stack *st = app->stack;

	return st->depth ? &st->levels[st->depth - 1] : NULL;
}

static const struct screen *screen_named(const char *name)
{
	for (const struct screen *const *s = screen_table; *s; s++)
		if (!strcmp((*s)->name, name))
			return *s;
	return NULL;
}

static enum err_code open_level(struct app *app, const char *name,
				const char *arg, struct level *out,
				struct err *e)
{
	const struct screen *s = screen_named(name);
	enum err_code rc;

	if (!s)
		return err_set(e, ERR_NOTFOUND,
			       "no screen is named %s; ? lists what there is",
			       name);
	out->screen = s;
	out->self = mem_zalloc(1, s->self_size ? s->self_size : 1);
	out->seen = mem_zalloc(1, sizeof(*out->seen));
	rc = s->open(out->self, app, arg, e);
	if (rc)
		close_level(out);
	return rc;
}

/* It belongs to the screen that asked, which is no longer on top. */
static void drop_question(struct app_stack *st)
{
	memset(&st->ask, 0, sizeof(st->ask));
}

static enum err_code push_level(struct app *app, const char *name,
				const char *arg, struct err *e)
{
	struct app_stack *st = app->stack;
	struct level fresh;
	enum err_code rc;

	if (st->depth == APP_DEPTH)
		return err_set(e, ERR_USAGE,
			       "%d screens are open: close some with q",
			       APP_DEPTH);
	rc = open_level(app, name, arg, &fresh, e);
	if (rc)
		return rc;
	st->levels[st->depth++] = fresh;
	drop_question(st);
	st->dirty = true;
	return ERR_OK;
}

static void later(struct app *app, bool replace, const char *name,
		  const char *arg)
{
	struct app_stack *st = app->stack;

	if (st->pending_count == APP_PENDING)
		return;
	st->pending[st->pending_count++] = (struct pending){
		.replace = replace,
		.name = mem_strdup(name),
		.arg = mem_strdup(arg ? arg : ""),
	};
}

void app_push(struct app *app, const char *name, const char *arg)
{
	later(app, false, name, arg);
}

void app_replace(struct app *app, const char *name, const char *arg)
{
	later(app, true, name, arg);
}

void app_say(struct app *app, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(app->message, sizeof(app->message), fmt, ap);
	va_end(ap);
	app->message_bad = false;
	app->stack->dirty = true;
}

/* A command that nobody has allowed: ask about it, and go on to the screen that
 * wanted it, if one did.  False: that is not what went wrong, or it is being
 * asked about. */
static bool ask_trust(struct app *app, const struct err *e, const char *name,
		      const char *arg)
{
	const struct level *l = app_top(app);
	char *then;

	if (e->code != ERR_UNTRUSTED || !app->lab ||
	    (l && !strcmp(l->screen->name, "trust")))
		return false;
	then = mem_printf("%s %s", name, arg);
	app_push(app, "trust", *name ? then : "");
	free(then);
	return true;
}

void app_fail(struct app *app, const struct err *e)
{
	if (ask_trust(app, e, "", ""))
		return;
	app_say(app, "%s", e->msg);
	app->message_bad = true;
}

void app_wake(struct app *app)
{
	ssize_t n;

	/* a full pipe wakes as well: the result does not matter */
	n = write(app->stack->wake[1], "", 1);
	(void)n;
}

int app_wake_fd(const struct app *app)
{
	return app->stack->wake[0];
}

/* Open what the handler asked for. */
static void open_pending(struct app *app)
{
	struct app_stack *st = app->stack;

	for (int i = 0; i < st->pending_count; i++) {
		struct pending p = st->pending[i];
		struct err e = ERR_INIT;
		enum err_code rc;
		struct level fresh;

		if (p.replace && st->depth) {
			rc = open_level(app, p.name, p.arg, &fresh, &e);
			if (!rc) {
				close_level(app_top(app));
				*app_top(app) = fresh;
				drop_question(st);
			}
		} else {
			rc = push_level(app, p.name, p.arg, &e);
		}
		if (rc && !ask_trust(app, &e, p.name, p.arg))
			app_fail(app, &e);
		free(p.name);
		free(p.arg);
		st->dirty = true;
	}
	st->pending_count = 0;
}

enum err_code app_open(struct app *app, const char *name, const char *arg,
		       struct err *e)
{
	enum err_code rc = push_level(app, name, arg, e);

	if (rc && ask_trust(app, e, name, arg))
		rc = ERR_OK;
	if (!rc)
		open_pending(app);
	return rc;
}

static enum app_request go_back(struct app *app)
{
	struct app_stack *st = app->stack;
	struct level *l;

	if (st->depth <= 1)
		return APP_QUIT;
	close_level(&st->levels[--st->depth]);
	drop_question(st);
	st->dirty = true;
	l = app_top(app);
	if (l->screen->resume && l->screen->resume(l->self) == SCREEN_BACK)
		return go_back(app);
	return APP_GO_ON;
}

enum app_request app_after(struct app *app, enum screen_action action)
{
	enum app_request request = APP_GO_ON;

	switch (action) {
	case SCREEN_STAY:
		break;
	case SCREEN_REDRAW:
		app->stack->dirty = true;
		break;
	case SCREEN_BACK:
		request = go_back(app);
		break;
	case SCREEN_QUIT:
		return APP_QUIT;
	case SCREEN_SUSPEND:
		return APP_SUSPEND;
	case SCREEN_REPAINT:
		app->stack->dirty = true;
		return APP_REPAINT;
	}
	open_pending(app);
	return request;
}

bool app_ticks(const struct app *app)
{
	const struct level *l = app_top(app);

	return l && l->screen->tick;
}

bool app_busy(const struct app *app)
{
	const struct level *l = app_top(app);

	return l && l->screen->busy && l->screen->busy(l->self);
}

enum app_request app_tick(struct app *app)
{
	struct app_stack *st = app->stack;
	struct level *l = app_top(app);
	enum app_request request = APP_GO_ON;
	char drop[64];

	while (st->wake[0] >= 0 && read(st->wake[0], drop, sizeof(drop)) > 0)
		;
	if (l->screen->tick)
		request = app_after(app, l->screen->tick(l->self));
	if (request != APP_QUIT && app_busy(app) != st->was_busy) {
		st->was_busy = app_busy(app);
		st->dirty = true; /* the mark for tests tells of it */
	}
	return request;
}

bool app_dirty(const struct app *app)
{
	return app->stack->dirty;
}

/* Titles of the screens below the top one. */
static void add_crumbs(const struct app_stack *st, struct buf *out)
{
	for (int i = 0; i + 1 < st->depth; i++) {
		if (i)
			buf_puts(out, " › ");
		buf_puts(out, st->levels[i].screen->title);
	}
}

void app_draw(struct app *app, struct canvas *c)
{
	struct app_stack *st = app->stack;
	struct level *l = app_top(app);
	struct frame f = {
		.screen = l->screen,
		.self = l->self,
		.message = app->message,
		.message_bad = app->message_bad,
		.first = st->depth == 1,
	};
	struct buf crumbs;
	char mark[32];

	st->dirty = false;
	st->rows = c->rows;
	st->cols = c->cols;
	app->frame++;
	c->ascii = app->ascii;
	if (c->height < LEAST_ROWS || c->width < LEAST_COLS) {
		canvas_clear(c);
		canvas_text(c, 0, 0, STYLE_NORMAL, "needs 20x6");
		return;
	}
	buf_init(&crumbs);
	add_crumbs(st, &crumbs);
	f.crumbs = crumbs.data;
	if (st->test_mark) {
		st->was_busy = app_busy(app);
		snprintf(mark, sizeof(mark), "#%d %s", app->frame,
			 st->was_busy ? "busy" : "idle");
		f.mark = mark;
	}
	if (st->ask.on) {
		f.question = st->ask.question;
		f.answer = st->ask.line.text;
		f.caret = line_edit_caret_column(&st->ask.line);
	}
	canvas_map_begin(l->seen, c);
	frame_draw(&f, c);
	c->map = NULL;
	buf_release(&crumbs);
}
