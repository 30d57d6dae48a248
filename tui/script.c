/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/script.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "tui/keys.h"
#include "tui/picture.h"
#include "tui/theme.h"
#include "tui/utf8.h"

enum { PATIENCE_S = 60, TICK_MS = 100, MAX_SIDE = 1000 };

void script_init(struct script *s, struct app *app, int rows, int cols)
{
	s->app = app;
	s->quit = false;
	canvas_init(&s->canvas, rows, cols);
}

void script_release(struct script *s)
{
	canvas_release(&s->canvas);
}

static void note(struct script *s, enum app_request request)
{
	/* there is no terminal to repaint and no shell to go to */
	if (request == APP_QUIT)
		s->quit = true;
}

static const struct canvas *shown(struct script *s)
{
	if (!s->quit && app_dirty(s->app))
		app_draw(s->app, &s->canvas);
	return &s->canvas;
}

static bool shows(struct script *s, const char *text)
{
	struct buf all;
	bool found;

	buf_init(&all);
	canvas_dump(shown(s), false, &all);
	found = strstr(all.data, text);
	buf_release(&all);
	return found;
}

static enum err_code do_open(struct script *s, const char *arg, struct err *e)
{
	char name[64];
	int len = (int)strcspn(arg, " ");

	snprintf(name, sizeof(name), "%.*s", len, arg);
	return app_open(s->app, name, arg + len + strspn(arg + len, " "), e);
}

static enum err_code do_key(struct script *s, const char *arg, struct err *e)
{
	char name[32];

	while (*arg && !s->quit) {
		int len = (int)strcspn(arg, " "), key;

		snprintf(name, sizeof(name), "%.*s", len, arg);
		key = keys_parse(name);
		if (key == K_NONE)
			return err_set(e, ERR_USAGE, "no key is named %s",
				       name);
		note(s, app_key(s->app, key));
		arg += len;
		arg += strspn(arg, " ");
	}
	return ERR_OK;
}

static enum err_code do_type(struct script *s, const char *arg, struct err *e)
{
	uint32_t code;

	(void)e;
	while (!s->quit && (code = utf8_next(&arg)))
		note(s, app_key(s->app, (int)code));
	return ERR_OK;
}

static enum err_code do_paste(struct script *s, const char *arg, struct err *e)
{
	uint32_t code;

	(void)e;
	while (!s->quit && (code = utf8_next(&arg)))
		note(s, app_paste(s->app, (int)code));
	if (!s->quit)
		note(s, app_paste_end(s->app));
	return ERR_OK;
}

static enum err_code do_command(struct script *s, const char *arg,
				struct err *e)
{
	(void)e;
	note(s, app_command(s->app, arg));
	return ERR_OK;
}

static enum err_code do_click(struct script *s, const char *arg, struct err *e)
{
	int row, col, button = 1;

	if (sscanf(arg, "%d %d %d", &row, &col, &button) < 2)
		return err_set(e, ERR_USAGE, "click needs ROW COL [BUTTON]");
	shown(s); /* a click is meant for what is seen */
	note(s, app_mouse(s->app, row, col, button));
	return ERR_OK;
}

static enum err_code do_size(struct script *s, const char *arg, struct err *e)
{
	int rows, cols;

	if (sscanf(arg, "%d %d", &rows, &cols) != 2 || rows < 1 || cols < 1 ||
	    rows > MAX_SIDE || cols > MAX_SIDE)
		return err_set(e, ERR_USAGE, "size needs ROWS COLS, 1 to %d",
			       MAX_SIDE);
	canvas_resize(&s->canvas, rows, cols);
	if (!s->quit)
		app_draw(s->app, &s->canvas);
	return ERR_OK;
}

static bool is_met(struct script *s, const char *text)
{
	return text ? shows(s, text) : !app_busy(s->app);
}

/* Ticks until `text` shows, or, if it is NULL, until no work is under way. */
static enum err_code wait_until(struct script *s, const char *text,
				struct err *e)
{
	double end = clock_seconds() + PATIENCE_S;

	for (;;) {
		struct pollfd woken = {.fd = app_wake_fd(s->app),
				       .events = POLLIN};

		note(s, app_tick(s->app));
		if (s->quit || is_met(s, text))
			return ERR_OK;
		if (clock_seconds() > end)
			break;
		poll(&woken, 1, TICK_MS);
	}
	return text ? err_set(e, ERR_USAGE, "waited in vain for '%s'", text)
		    : err_set(e, ERR_USAGE, "the work took over %d seconds",
			      PATIENCE_S);
}

static enum err_code do_wait(struct script *s, const char *arg, struct err *e)
{
	if (!strcmp(arg, "idle"))
		return wait_until(s, NULL, e);
	if (!strncmp(arg, "text ", 5))
		return wait_until(s, arg + 5, e);
	return err_set(e, ERR_USAGE, "wait needs `idle` or `text TEXT`");
}

static enum err_code do_expect(struct script *s, const char *arg, struct err *e)
{
	if (shows(s, arg))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "the screen does not show '%s'", arg);
}

static enum err_code do_refuse(struct script *s, const char *arg, struct err *e)
{
	if (!shows(s, arg))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "the screen shows '%s'", arg);
}

static enum err_code do_save(struct script *s, const char *arg, struct err *e)
{
	enum theme_kind theme = s->app->no_color ? THEME_MONO : THEME_256;
	char path[4096];
	struct buf text;
	bool styles;
	enum err_code rc = ERR_OK;
	int len;

	len = (int)strlen(arg);
	styles = len > 7 && !strcmp(arg + len - 7, " styles");
	snprintf(path, sizeof(path), "%.*s", styles ? len - 7 : len, arg);
	buf_init(&text);
	if (styles)
		canvas_dump(shown(s), true, &text);
	else if (picture_format_of(path) == PICTURE_CSV)
		rc = err_set(e, ERR_USAGE, "save-chart writes .csv");
	else
		picture_put(shown(s), picture_format_of(path), theme, &text);
	if (!rc)
		rc = picture_write(path, &text, e);
	buf_release(&text);
	return rc;
}

static enum err_code do_save_chart(struct script *s, const char *arg,
				   struct err *e)
{
	enum picture_format f =
		strcmp(arg, "-") ? picture_format_of(arg) : PICTURE_CSV;
	enum err_code rc;
	struct buf out;

	buf_init(&out);
	rc = app_picture(s->app, f, true, &out, e);
	if (!rc)
		rc = picture_write(arg, &out, e);
	buf_release(&out);
	return rc;
}

static const struct {
	const char *name;
	enum err_code (*run)(struct script *s, const char *arg, struct err *e);
} commands[] = {
	{"open", do_open},        {"key", do_key},
	{"type", do_type},        {"paste", do_paste},
	{"command", do_command},  {"click", do_click},
	{"size", do_size},        {"wait", do_wait},
	{"expect", do_expect},    {"refuse", do_refuse},
	{"save-screen", do_save}, {"save-chart", do_save_chart},
};

enum err_code script_size(const char *text, int *rows, int *cols, struct err *e)
{
	if (sscanf(text, "%dx%d", rows, cols) == 2 && *rows >= 1 &&
	    *rows <= MAX_SIDE && *cols >= 1 && *cols <= MAX_SIDE)
		return ERR_OK;
	return err_set(e, ERR_USAGE,
		       "--size %s: must be rows and columns, such as 24x80",
		       text);
}

enum err_code script_line(struct script *s, const char *line, struct err *e)
{
	size_t len;

	line += strspn(line, " \t");
	if (!*line || *line == '#')
		return ERR_OK;
	len = strcspn(line, " ");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		const char *arg = line + len + (line[len] == ' ');

		if (strlen(commands[i].name) != len ||
		    strncmp(line, commands[i].name, len))
			continue;
		if (!*arg)
			return err_set(e, ERR_USAGE, "%s needs an argument",
				       commands[i].name);
		return commands[i].run(s, arg, e);
	}
	return err_set(e, ERR_USAGE, "no script command is named %.*s",
		       (int)len, line);
}

enum err_code script_run(struct script *s, const char *text, const char *name,
			 struct err *e)
{
	for (int number = 1; *text && !s->quit; number++) {
		int len = (int)strcspn(text, "\n");
		char line[2048];
		enum err_code rc;

		snprintf(line, sizeof(line), "%.*s", len, text);
		rc = script_line(s, line, e);
		if (rc) {
			err_prefix(e, "%s:%d", name, number);
			return rc;
		}
		text += len;
		text += *text == '\n';
	}
	return ERR_OK;
}
