/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/tui.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/cmdline.h"
#include "tui/keys.h"
#include "tui/say.h"
#include "tui/screen.h"
#include "tui/script.h"
#include "tui/term.h"

enum { TICK_MS = 100, STATUS_FAILED = 1, STATUS_USAGE = 2 };

static int complain(const struct err *e)
{
	say_sentence("%s", e->msg);
	return e->code == ERR_USAGE ? STATUS_USAGE : STATUS_FAILED;
}

/* Everything that was typed by now, one frame for all of it. */
static enum app_request take_input(struct app *app, struct term *t,
				   struct canvas *c)
{
	enum app_request request = APP_GO_ON;
	struct term_event ev;
	int rows, cols;

	while (request != APP_QUIT) {
		enum app_request now = APP_GO_ON;

		term_event(t, &ev);
		switch (ev.kind) {
		case TERM_NONE:
			return request;
		case TERM_KEY:
			now = app_key(app, ev.key);
			break;
		case TERM_PASTE:
			now = app_paste(app, ev.key);
			break;
		case TERM_PASTED:
			now = app_paste_end(app);
			break;
		case TERM_MOUSE:
			now = app_mouse(app, ev.row, ev.col, ev.button);
			break;
		case TERM_RESIZE:
			term_size(t, &rows, &cols);
			canvas_resize(c, rows, cols);
			now = APP_REPAINT;
			break;
		}
		if (now == APP_SUSPEND) {
			term_suspend(t);
			now = APP_REPAINT;
		}
		if (now != APP_GO_ON)
			request = now;
	}
	return request;
}

static void terminal_loop(struct app *app, struct term *t)
{
	enum app_request request = APP_REPAINT;
	double next_tick = 0;
	struct canvas c;
	int rows, cols;

	term_size(t, &rows, &cols);
	canvas_init(&c, rows, cols);
	while (request != APP_QUIT) {
		int woken, left = -1;

		if (request == APP_REPAINT)
			term_repaint(t);
		if (request == APP_REPAINT || app_dirty(app)) {
			app_draw(app, &c);
			term_show(t, &c, app_editing(app));
		}
		if (app_ticks(app)) {
			double s = next_tick - clock_seconds();

			left = s > 0 ? (int)(s * 1000.0) + 1 : 0;
		}
		woken = term_wait(t, app_wake_fd(app), left);
		request = APP_GO_ON;
		if (woken & TERM_GONE)
			break;
		if (woken & TERM_STOP) {
			term_suspend(t);
			request = APP_REPAINT;
			continue;
		}
		if (woken & TERM_INPUT)
			request = take_input(app, t, &c);
		if (request != APP_QUIT &&
		    (woken & TERM_WAKE || clock_seconds() >= next_tick)) {
			if (app_tick(app) == APP_QUIT)
				request = APP_QUIT;
			next_tick = clock_seconds() + TICK_MS / 1000.0;
		}
	}
	canvas_release(&c);
}

static int run_at_terminal(const struct tui_options *opt, struct app *app,
			   struct term *t)
{
	struct err e = ERR_INIT;
	enum err_code rc;

	app->ascii = term_ascii(t);
	rc = app_open(app, "home", "", &e);
	if (!rc && opt->screen && strcmp(opt->screen, "home"))
		rc = app_open(app, opt->screen, opt->arg ? opt->arg : "", &e);
	if (!rc)
		terminal_loop(app, t);
	term_close(t);
	return rc ? complain(&e) : 0;
}

static enum err_code read_all(const char *path, struct buf *out, struct err *e)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "r") : stdin;
	bool bad;

	if (!f)
		return err_set(e, ERR_IO, "cannot read %s: %s", path,
			       strerror(errno));
	bad = !buf_add_stream(out, f, SIZE_MAX);
	if (f != stdin)
		fclose(f);
	return bad ? err_set(e, ERR_IO, "cannot read %s", path) : ERR_OK;
}

static int run_script(const struct tui_options *opt, struct app *app)
{
	struct err e = ERR_INIT;
	struct script s;
	struct buf text;
	enum err_code rc;

	script_init(&s, app, opt->rows ? opt->rows : 24,
		    opt->cols ? opt->cols : 80);
	buf_init(&text);
	app->ascii = opt->ascii;
	rc = read_all(opt->script, &text, &e);
	if (!rc)
		rc = app_open(app, "home", "", &e);
	if (!rc && opt->screen && strcmp(opt->screen, "home"))
		rc = app_open(app, opt->screen, opt->arg ? opt->arg : "", &e);
	if (!rc)
		rc = script_run(&s, text.data, opt->script, &e);
	if (rc)
		say_sentence("%s", e.msg);
	buf_release(&text);
	script_release(&s);
	return rc ? STATUS_FAILED : 0;
}

static void keep_history(struct app *app)
{
	const char *test = getenv("PLYSCOPE_TEST");
	char *path = cmdline_history_path();

	/* A test is nobody's sitting. */
	if (path && !(test && *test))
		app_keep_history(app, path);
	free(path);
}

int tui_main(const struct tui_options *opt)
{
	struct term_options how = {
		.ascii = opt->ascii,
		.no_color = opt->no_color,
		.no_mouse = opt->no_mouse,
	};
	struct err e = ERR_INIT;
	const char *env = getenv("NO_COLOR");
	struct term *t = NULL;
	struct lab *lab;
	struct app *app;
	int status;

	if (lab_open(&lab, opt->lab_path,
		     opt->readonly ? LAB_ONLY_READ : LAB_CREATE, &e))
		return complain(&e);
	if (!opt->script && term_open(&how, &t, &e)) {
		lab_close(lab);
		return complain(&e);
	}
	app = app_new(lab);
	app->readonly = opt->readonly;
	if (!opt->script)
		keep_history(app);
	app->no_color = opt->no_color || (env && *env);
	status = opt->script ? run_script(opt, app)
			     : run_at_terminal(opt, app, t);
	app_free(app);
	lab_close(lab);
	return status;
}

static void list_table(const char *screen, const struct key_binding *table)
{
	struct key_found f = {NULL};

	while (keys_each(table, &f))
		printf("%s\t%s\t%s\t%s\n", screen, f.binding->keys,
		       f.binding->name, f.binding->help);
}

void tui_list_keys(void)
{
	list_table("*", keys_global);
	for (const struct screen *const *s = screen_table; *s; s++)
		list_table((*s)->name, (*s)->keys);
}
