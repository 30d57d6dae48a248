/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "tui/app_int.h"
#include "tui/canvas.h"
#include "tui/picture.h"
#include "tui/screen.h"
#include "tui/theme.h"

/* Screens and their charts as files of the working directory. */

enum { USUAL_ROWS = 24, USUAL_COLS = 80 };

/* As it is, without what stands in the bottom line for a moment. */
static void draw_plain(struct app *app, struct canvas *c)
{
	struct app_stack *st = app->stack;
	bool asks = st->ask.on, marks = st->test_mark, dirty = st->dirty;
	char message = app->message[0];

	st->ask.on = st->test_mark = false;
	app->message[0] = '\0';
	app_draw(app, c);
	app->frame--;
	app->message[0] = message;
	st->ask.on = asks;
	st->test_mark = marks;
	st->dirty = dirty;
}

enum err_code app_picture(struct app *app, enum picture_format f, bool chart,
			  struct buf *out, struct err *e)
{
	const struct level *l = app_top(app);
	struct canvas c;

	if (chart) {
		if (f != PICTURE_CSV && f != PICTURE_SVG)
			return err_set(e, ERR_USAGE,
				       "a chart is written as .csv, with its "
				       "points, or as .svg");
		if (l->screen->chart && l->screen->chart(l->self, f, out))
			return ERR_OK;
		return err_set(e, ERR_USAGE, "%s shows no chart now",
			       l->screen->title);
	}
	if (f == PICTURE_CSV)
		return err_set(e, ERR_USAGE,
			       "a screen is written as .txt, .ans (with "
			       "colours) or .svg; save-chart writes .csv");
	canvas_init(&c, app->stack->rows ? app->stack->rows : USUAL_ROWS,
		    app->stack->cols ? app->stack->cols : USUAL_COLS);
	draw_plain(app, &c);
	picture_put(&c, f, app->no_color ? THEME_MONO : THEME_256, out);
	canvas_release(&c);
	return ERR_OK;
}

static bool save(struct app *app, const char *file, bool chart)
{
	struct err e = ERR_INIT;
	struct buf out;
	enum err_code rc;

	buf_init(&out);
	rc = app_picture(app, picture_format_of(file), chart, &out, &e);
	if (!rc)
		rc = picture_write(file, &out, &e);
	if (rc)
		app_fail(app, &e);
	else
		app_say(app, "written to %s", file);
	buf_release(&out);
	return !rc;
}

static bool save_screen(void *self, const char *text)
{
	return !text || (*text && save(self, text, false));
}

static bool save_chart(void *self, const char *text)
{
	return !text || (*text && save(self, text, true));
}

/* A name that no file has yet. */
static void suggest(const char *stem, const char *ending, char *out,
		    size_t size)
{
	snprintf(out, size, "%s%s", stem, ending);
	for (int i = 2; i < 1000 && !access(out, F_OK); i++)
		snprintf(out, size, "%s-%d%s", stem, i, ending);
}

/* Asked before a name is: a chart may be missing on this tab. */
static bool has_chart(const struct level *l)
{
	struct buf out;
	bool has;

	buf_init(&out);
	has = l->screen->chart && l->screen->chart(l->self, PICTURE_CSV, &out);
	buf_release(&out);
	return has;
}

static enum screen_action save_as(struct app *app, const struct key_press *k,
				  bool chart)
{
	const struct screen *s = app_top(app)->screen;
	bool (*done)(void *, const char *) = chart ? save_chart : save_screen;
	char stem[64], name[96];

	if (k->text && *k->text) {
		done(app, k->text);
		return SCREEN_REDRAW;
	}
	if (chart && !has_chart(app_top(app))) {
		app_say(app, "%s shows no chart now.", s->title);
		return SCREEN_REDRAW;
	}
	snprintf(stem, sizeof(stem), "%s%s", s->name, chart ? "-chart" : "");
	suggest(stem, chart ? ".csv" : ".svg", name, sizeof(name));
	app_ask(app,
		chart ? "chart to (.csv .svg):" : "screen to (.txt .ans .svg):",
		name, done, app);
	return SCREEN_REDRAW;
}

enum screen_action app_save_screen(void *self, const struct key_press *k)
{
	return save_as(self, k, false);
}

enum screen_action app_save_chart(void *self, const struct key_press *k)
{
	return save_as(self, k, true);
}
