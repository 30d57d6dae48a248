/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "tui/app_int.h"
#include "tui/cmdline_args.h"
#include "tui/keys.h"
#include "tui/screen.h"

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

void app_ask_command(struct app *app)
{
	struct ask *ask = &app->stack->ask;

	app_ask(app, "", "", NULL, NULL);
	snprintf(ask->question, sizeof(ask->question), ":");
	ask->is_command = true;
	ask->history_at = app->stack->history.count;
}

/* What follows a screen's name. */
static void complete_arg(struct app *app)
{
	struct ask *ask = &app->stack->ask;
	const struct screen *screen;
	char name[64], *line;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(ask->stem, " "),
		 ask->stem);
	screen = cmdline_find(app_top(app)->screen, name, true).screen;
	if (!screen || !screen->takes)
		return;
	line = cmdline_args_complete(screen->takes,
				     app->lab ? lab_store(app->lab) : NULL,
				     ask->stem, ask->turn);
	if (line)
		line_edit_set(&ask->line, line);
	free(line);
}

static void complete(struct app *app)
{
	struct ask *ask = &app->stack->ask;
	const char *word;

	if (ask->turn < 0) {
		if (ask->line.len >= (int)sizeof(ask->stem))
			return;
		memcpy(ask->stem, ask->line.text, (size_t)ask->line.len + 1);
	}
	ask->turn++;
	if (strchr(ask->stem, ' ')) {
		complete_arg(app);
		return;
	}
	word = cmdline_complete(app_top(app)->screen, ask->stem, ask->turn);
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

static enum app_request answer(struct app *app, bool given_up, char **command)
{
	struct app_stack *st = app->stack;
	struct ask ask = st->ask;

	/* Off already: what it answers may ask something else. */
	st->ask.on = false;
	if (ask.is_command) {
		if (given_up)
			return APP_GO_ON;
		cmdline_remember(&st->history, ask.line.text);
		*command = mem_strdup(ask.line.text);
		return APP_GO_ON;
	}
	if (!ask.done(ask.self, given_up ? NULL : ask.line.text) && !given_up)
		st->ask = ask;
	return app_after(app, SCREEN_REDRAW);
}

enum app_request app_ask_key(struct app *app, int key, char **command)
{
	struct ask *ask = &app->stack->ask;

	*command = NULL;
	app->stack->dirty = true;
	if (ask->is_command && key == K_TAB) {
		complete(app);
		return APP_GO_ON;
	}
	ask->turn = -1;
	switch (key) {
	case K_ENTER:
		return answer(app, false, command);
	case K_ESC:
	case 'C' - '@':
	case 'G' - '@':
		return answer(app, true, command);
	case K_UP:
	case K_DOWN:
		if (ask->is_command)
			recall(app, key == K_UP ? -1 : 1);
		return APP_GO_ON;
	case K_BACKSPACE:
		if (ask->is_command && !ask->line.len)
			return answer(app, true, command);
		break;
	}
	line_edit_key(&ask->line, key);
	return APP_GO_ON;
}
