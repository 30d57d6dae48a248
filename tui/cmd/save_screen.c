/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/lab/lab.h"
#include "tui/app.h"
#include "tui/app_run.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/option.h"
#include "tui/cmd/table.h"
#include "tui/picture.h"
#include "tui/script.h"

struct screen_args {
	const char *size, *keys, *output;
	int format; /* FORMAT_OF_FILE, else enum picture_format + 1 */
	bool chart, ascii, no_color, json;
};
enum { FORMAT_OF_FILE };

/* The screen as it is when all its work is done, and keys were pressed. */
static enum err_code show(struct script *s, const struct cmd_line *line,
			  struct err *e)
{
	const struct screen_args *a = line->args;
	enum err_code rc;
	struct buf text;

	buf_init(&text);
	for (int i = 1; i < line->argc; i++)
		buf_printf(&text, "%s%s", i > 1 ? " " : "", line->argv[i]);
	rc = app_open(s->app, "home", "", e);
	if (!rc && strcmp(line->argv[0], "home") != 0)
		rc = app_open(s->app, line->argv[0], text.data, e);
	if (!rc)
		rc = script_line(s, "wait idle", e);
	buf_clear(&text);
	if (a->keys)
		buf_printf(&text, "key %s", a->keys);
	/* The screen must be seen before keys can mean a place on it. */
	if (!rc)
		app_draw(s->app, &s->canvas);
	if (!rc && a->keys)
		rc = script_line(s, text.data, e);
	if (!rc && s->quit)
		rc = err_set(e, ERR_USAGE, "--keys %s: they leave the program",
			     a->keys);
	if (!rc && a->keys)
		rc = script_line(s, "wait idle", e);
	if (!rc)
		app_draw(s->app, &s->canvas);
	buf_release(&text);
	return rc;
}

static void put_json(const struct cmd_line *line, const struct script *s,
		     const char *text, struct buf *out)
{
	struct json j;

	json_init(&j, out);
	json_open(&j, '{');
	json_key(&j, "screen"), json_string(&j, line->argv[0]);
	json_key(&j, "rows"), json_int(&j, s->canvas.rows);
	json_key(&j, "columns"), json_int(&j, s->canvas.cols);
	json_key(&j, "lines");
	json_open(&j, '[');
	while (*text) {
		int len = (int)strcspn(text, "\n");
		struct buf row;

		buf_init(&row);
		buf_add(&row, text, (size_t)len);
		json_string(&j, row.data);
		buf_release(&row);
		text += len + (text[len] == '\n');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	buf_putc(out, '\n');
}

static enum picture_format format_of(const struct screen_args *a)
{
	if (a->json)
		return PICTURE_TEXT;
	if (a->format != FORMAT_OF_FILE)
		return (enum picture_format)(a->format - 1);
	if (a->output && strcmp(a->output, "-") != 0)
		return picture_format_of(a->output);
	return a->chart ? PICTURE_CSV : PICTURE_TEXT;
}

static enum err_code picture(struct script *s, const struct cmd_line *line,
			     struct buf *out, struct err *e)
{
	const struct screen_args *a = line->args;
	enum err_code rc = show(s, line, e);
	struct buf text;

	buf_init(&text);
	if (!rc)
		rc = app_picture(s->app, format_of(a), a->chart, &text, e);
	if (!rc && a->json)
		put_json(line, s, text.data, out);
	else if (!rc)
		buf_add(out, text.data, text.len);
	buf_release(&text);
	return rc;
}

static int run(const struct cmd_line *line)
{
	const struct screen_args *a = line->args;
	const char *env = getenv("NO_COLOR");
	struct err e = ERR_INIT;
	struct lab *lab;
	struct script s;
	struct app *app;
	struct buf out;
	int rows, cols;
	enum err_code rc;

	if (script_size(a->size, &rows, &cols, &e))
		return cmd_fail(line, &e);
	if (lab_open(&lab, line->lab_path, LAB_ONLY_READ, &e))
		return cmd_fail(line, &e);
	app = app_new(lab);
	app->readonly = true;
	app->ascii = a->ascii;
	app->no_color = a->no_color || (env && *env);
	script_init(&s, app, rows, cols);
	buf_init(&out);
	rc = picture(&s, line, &out, &e);
	if (!rc)
		rc = picture_write(a->output ? a->output : "-", &out, &e);
	buf_release(&out);
	script_release(&s);
	app_free(app);
	lab_close(lab);
	return rc ? cmd_fail(line, &e) : 0;
}

#define ARGS struct screen_args

static const struct cmd_option options[] = {
	CMD_STRING("size", "RxC", size, "24x80", "rows and columns ({})"),
	CMD_STRING("keys", "KEYS", keys, NULL, "press these first: 'Tab f'"),
	CMD_FLAG("chart", chart, "the chart in front, not the screen"),
	CMD_CHOICE("format", "F", format, "file|text|ansi|svg|csv", "file",
		   "text, ansi (with colours), svg, of charts csv (by the "
		   "file's ending)"),
	CMD_STRING("output", "FILE", output, NULL, "not to standard output"),
	CMD_FLAG("ascii", ascii, "no character outside ASCII"),
	CMD_FLAG("no-color", no_color, "black on white (as NO_COLOR)"),
	CMD_FLAG("json", json, "the screen's lines as one object"),
	CMD_END,
};

const struct cmd cmd_save_screen = {
	.name = "save-screen",
	.synopsis = "SCREEN [ARGUMENT] [--size RxC] [--keys KEYS] [--chart] "
		    "[--output FILE] ...",
	.summary = "write a screen or its chart as text, picture or values",
	.details = "Ctrl-P and Ctrl-E, or :save-screen FILE and :save-chart "
		   "FILE, do the same in\nthe program.  Nothing is changed in "
		   "the lab.",
	.options = options,
	.args_size = sizeof(struct screen_args),
	.min_args = 1,
	.max_args = -1,
	.lab = true,
	.run = run,
};
