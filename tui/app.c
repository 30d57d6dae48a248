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
#include "tui/app_run.h"
#include "tui/cmdline.h"
#include "tui/frame.h"
#include "tui/keys.h"
#include "tui/utf8.h"
#include "tui/widget/line_edit.h"

enum {
	MAX_DEPTH = 32,
	MAX_PENDING = 8,
	LEAST_ROWS = 6,
	LEAST_COLS = 20,
	PASTE_MAX = 1 << 20
};

struct level {
	const struct screen *screen;
	void *self; /* owned */
};

struct pending {
	bool replace;
	char *name, *arg; /* owned */
};

/* A question in the bottom line: the ':' line, or one that a screen asks. */
struct ask {
	bool on, is_command;
	char question[128];
	struct line_edit line;
	bool (*done)(void *self, const char *text);
	void *self;
	int history_at; /* of the ':' line; history.count: a new one */
	int turn;       /* of Tab; -1: not completing */
	char stem[64];
};

struct app_stack {
	struct level levels[MAX_DEPTH];
	int depth;
	struct pending pending[MAX_PENDING];
	int pending_count;
	struct ask ask;
	struct cmdline_history history;
	struct buf pasted; /* for a screen that takes it whole */
	bool dirty, was_busy, test_mark;
	int wake[2]; /* read end, write end */
};

struct app *app_new(struct lab *lab)
{
	struct app *app = mem_zalloc(1, sizeof(*app));
	struct app_stack *st = mem_zalloc(1, sizeof(*st));
	const char *test = getenv("PLYSCOPE_TEST");

	app->lab = lab;
	app->stack = st;
	st->test_mark = test && *test;
	st->dirty = true;
	buf_init(&st->pasted);
	if (pipe2(st->wake, O_CLOEXEC | O_NONBLOCK))
		st->wake[0] = st->wake[1] = -1; /* ticks alone collect work */
	return app;
}

static void close_level(struct level *l)
{
	if (l->screen->close)
		l->screen->close(l->self);
	free(l->self);
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
	free(app);
}

static struct level *top(const struct app *app)
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

	if (st->depth == MAX_DEPTH)
		return err_set(e, ERR_USAGE,
			       "%d screens are open: close some with q",
			       MAX_DEPTH);
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

	if (st->pending_count == MAX_PENDING)
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

void app_fail(struct app *app, const struct err *e)
{
	app_say(app, "%s", e->msg);
	app->message_bad = true;
}

void app_ask(struct app *app, const char *question, const char *preset,
	     bool (*done)(void *self, const char *text), void *self)
{
	struct ask *ask = &app->stack->ask;

	memset(ask, 0, sizeof(*ask));
	ask->on = true;
	snprintf(ask->question, sizeof(ask->question), " %s ", question);
	line_edit_set(&ask->line, preset ? preset : "");
	ask->done = done;
	ask->self = self;
	ask->turn = -1;
	app->stack->dirty = true;
}

static void ask_command(struct app *app)
{
	struct ask *ask = &app->stack->ask;

	app_ask(app, "", "", NULL, NULL);
	snprintf(ask->question, sizeof(ask->question), ":");
	ask->is_command = true;
	ask->history_at = app->stack->history.count;
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
				close_level(top(app));
				*top(app) = fresh;
				drop_question(st);
			}
		} else {
			rc = push_level(app, p.name, p.arg, &e);
		}
		if (rc)
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
	l = top(app);
	if (l->screen->resume && l->screen->resume(l->self) == SCREEN_BACK)
		return go_back(app);
	return APP_GO_ON;
}

/* What follows from a handler's result. */
static enum app_request after(struct app *app, enum screen_action action)
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
	}
	open_pending(app);
	return request;
}

static enum app_request run_binding(struct app *app,
				    const struct key_binding *b)
{
	struct level *l = top(app);

	switch (b->command) {
	case CMD_HELP:
		if (strcmp(l->screen->name, "help"))
			app_push(app, "help", l->screen->name);
		return after(app, SCREEN_STAY);
	case CMD_COMMAND_LINE:
		ask_command(app);
		return APP_GO_ON;
	case CMD_REDRAW:
		app->stack->dirty = true;
		return APP_REPAINT;
	case CMD_BACK:
		return after(app, SCREEN_BACK);
	case CMD_SUSPEND:
		return APP_SUSPEND;
	case CMD_QUIT:
		return APP_QUIT;
	default:
		return after(app, l->screen->command(l->self, b->command));
	}
}

enum app_request app_command(struct app *app, const char *line)
{
	struct level *l = top(app);
	char word[64];
	const char *arg;
	struct cmdline_word w;
	int len;

	line += strspn(line, " ");
	len = (int)strcspn(line, " ");
	snprintf(word, sizeof(word), "%.*s", len, line);
	arg = line + len + strspn(line + len, " ");
	if (!*word)
		return APP_GO_ON;
	w = cmdline_find(l->screen, word, *arg);
	if (w.binding)
		return run_binding(app, w.binding);
	if (w.screen) {
		app_push(app, w.screen->name, arg);
		return after(app, SCREEN_STAY);
	}
	app_say(app,
		w.ambiguous ? "%s may mean several commands; Tab shows "
			      "them"
			    : "no command is named %s; ? lists them",
		word);
	app->message_bad = true;
	return APP_GO_ON;
}

static void complete(struct app *app)
{
	struct ask *ask = &app->stack->ask;
	const char *word;

	if (ask->turn < 0) {
		if (strchr(ask->line.text, ' '))
			return;
		if (ask->line.len >= (int)sizeof(ask->stem))
			return;
		memcpy(ask->stem, ask->line.text, (size_t)ask->line.len + 1);
	}
	ask->turn++;
	word = cmdline_complete(top(app)->screen, ask->stem, ask->turn);
	if (word)
		line_edit_set(&ask->line, word);
}

static void recall(struct app *app, int by)
{
	struct ask *ask = &app->stack->ask;
	const struct cmdline_history *h = &app->stack->history;
	int at = ask->history_at + by;

	if (at < 0 || at > h->count)
		return;
	ask->history_at = at;
	line_edit_set(&ask->line, at < h->count ? h->lines[at] : "");
}

static enum app_request answer(struct app *app, bool given_up)
{
	struct app_stack *st = app->stack;
	struct ask ask = st->ask;

	/* Off already: what it answers may ask something else. */
	st->ask.on = false;
	if (ask.is_command) {
		if (given_up)
			return APP_GO_ON;
		cmdline_remember(&st->history, ask.line.text);
		return app_command(app, ask.line.text);
	}
	if (!ask.done(ask.self, given_up ? NULL : ask.line.text) && !given_up)
		st->ask = ask;
	return after(app, SCREEN_REDRAW);
}

static enum app_request ask_key(struct app *app, int key)
{
	struct ask *ask = &app->stack->ask;

	app->stack->dirty = true;
	if (ask->is_command && key == K_TAB) {
		complete(app);
		return APP_GO_ON;
	}
	ask->turn = -1;
	switch (key) {
	case K_ENTER:
		return answer(app, false);
	case K_ESC:
	case 'C' - '@':
	case 'G' - '@':
		return answer(app, true);
	case K_UP:
	case K_DOWN:
		if (ask->is_command)
			recall(app, key == K_UP ? -1 : 1);
		return APP_GO_ON;
	case K_BACKSPACE:
		if (ask->is_command && !ask->line.len)
			return answer(app, true);
		break;
	}
	line_edit_key(&ask->line, key);
	return APP_GO_ON;
}

/* False: text() did not want it. */
static bool give_text(struct app *app, int key, enum app_request *request)
{
	struct level *l = top(app);
	enum screen_action action = SCREEN_REDRAW;

	if (!l->screen->text ||
	    !l->screen->text(l->self, (unsigned)key, &action))
		return false;
	*request = after(app, action);
	return true;
}

bool app_editing(const struct app *app)
{
	const struct level *l = top(app);

	return app->stack->ask.on ||
	       (l && l->screen->editing && l->screen->editing(l->self));
}

enum app_request app_key(struct app *app, int key)
{
	struct level *l = top(app);
	enum app_request request = APP_GO_ON;
	const struct key_binding *b;
	bool is_char = key >= ' ' && key <= 0x10FFFF && key != K_BACKSPACE;

	if (app->message[0]) {
		app->message[0] = '\0';
		app->stack->dirty = true;
	}
	if (app->stack->ask.on)
		return ask_key(app, key);
	if (app_editing(app) && give_text(app, key, &request))
		return request;
	b = keys_find(l->screen->keys, key);
	if (!b)
		b = keys_find(keys_global, key);
	if (!b && is_char && give_text(app, key, &request))
		return request;
	if (!b && keys_alias(key))
		b = keys_find(l->screen->keys, keys_alias(key));
	if (!b)
		return APP_GO_ON;
	if (b->command == CMD_BACK && key == K_ESC && app->stack->depth == 1) {
		app_say(app, "q leaves plyscope");
		return APP_GO_ON;
	}
	return run_binding(app, b);
}

enum app_request app_paste(struct app *app, int ch)
{
	enum app_request request = APP_GO_ON;
	const struct level *l = top(app);
	char utf8[4];

	if (l && l->screen->paste && !app_editing(app)) {
		if (ch == '\r')
			ch = '\n';
		if (app->stack->pasted.len < PASTE_MAX && ch > 0 &&
		    ch <= 0x10FFFF)
			buf_add(&app->stack->pasted, utf8,
				utf8_put(utf8, (uint32_t)ch));
		return APP_GO_ON;
	}
	if (ch == '\n' || ch == '\r' || ch == '\t')
		ch = ' ';
	if (ch < ' ' || ch > 0x10FFFF || ch == K_BACKSPACE)
		return APP_GO_ON;
	app->stack->dirty = true;
	if (app->stack->ask.on)
		line_edit_key(&app->stack->ask.line, ch);
	else
		give_text(app, ch, &request);
	return request;
}

enum app_request app_paste_end(struct app *app)
{
	struct buf *pasted = &app->stack->pasted;
	struct level *l = top(app);
	enum app_request request = APP_GO_ON;

	if (pasted->len && l->screen->paste)
		request = after(app, l->screen->paste(l->self, pasted->data));
	buf_clear(pasted);
	return request;
}

enum app_request app_mouse(struct app *app, int row, int col, int button)
{
	struct level *l = top(app);
	struct mouse_event m = {
		.row = row - 1, /* below the title line */
		.col = col,
		.button = button,
		.whole_row = row,
		.whole_col = col,
	};

	if (app->stack->ask.on || !l->screen->mouse)
		return APP_GO_ON;
	if (app->message[0]) {
		app->message[0] = '\0';
		app->stack->dirty = true;
	}
	return after(app, l->screen->mouse(l->self, &m));
}

bool app_ticks(const struct app *app)
{
	const struct level *l = top(app);

	return l && l->screen->tick;
}

bool app_busy(const struct app *app)
{
	const struct level *l = top(app);

	return l && l->screen->busy && l->screen->busy(l->self);
}

enum app_request app_tick(struct app *app)
{
	struct app_stack *st = app->stack;
	struct level *l = top(app);
	enum app_request request = APP_GO_ON;
	char drop[64];

	while (st->wake[0] >= 0 && read(st->wake[0], drop, sizeof(drop)) > 0)
		;
	if (l->screen->tick)
		request = after(app, l->screen->tick(l->self));
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
	struct level *l = top(app);
	struct frame f = {
		.screen = l->screen,
		.self = l->self,
		.message = app->message,
		.message_bad = app->message_bad,
	};
	struct buf crumbs;
	char mark[32];

	st->dirty = false;
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
	frame_draw(&f, c);
	buf_release(&crumbs);
}
