/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/lab/trust.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

/* A program that the lab would have started: all of its command, and whether it
 * may be.  It opens where an agent is refused, and `arg` is what was to be
 * opened then: a screen and its argument, or nothing. */
struct trust_page {
	struct app *app;
	char spec[AGENT_COMMAND_SIZE + 8];
	char then[64], arg[4096];
};

enum { PART_COMMAND };

static enum err_code trust_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct trust_page *p = self;
	size_t name = strcspn(arg, " ");

	p->app = app;
	if (!app->lab)
		return err_set(e, ERR_USAGE, "no lab is open");
	trust_refused(lab_trust(app->lab), p->spec);
	if (!p->spec[strlen("engine:")])
		return err_set(e, ERR_USAGE,
			       "there is no command to ask about");
	if (name < sizeof(p->then) && strlen(arg + name) < sizeof(p->arg)) {
		snprintf(p->then, sizeof(p->then), "%.*s", (int)name, arg);
		snprintf(p->arg, sizeof(p->arg), "%s",
			 arg + name + (arg[name] == ' '));
	}
	return ERR_OK;
}

/* The question needs every character of the command on the screen: a row that
 * is left over says that there were enough. */
static void trust_draw(const void *self, struct canvas *c)
{
	static const char question[] =
		"This lab file asks to start a program on this computer. "
		"Nobody here has allowed that yet. Say yes only if you know "
		"all of this command:";
	const struct trust_page *p = self;
	int width = c->width - 4;
	int row = canvas_wrap(NULL, width, STYLE_NORMAL, question) + 1;
	int need = canvas_wrap(NULL, width, STYLE_BOLD, p->spec);
	struct canvas pane = canvas_pane(c, 0, 2, c->height, width);
	struct canvas command;

	canvas_wrap(&pane, width, STYLE_NORMAL, question);
	command = canvas_pane(c, row, 2, c->height - row, width);
	canvas_wrap(&command, width, STYLE_BOLD, p->spec);
	canvas_cursor(c, row, 2);
	if (need > c->height - row - 2)
		return;
	canvas_region(&command, p, PART_COMMAND, 0);
	canvas_text(c, row + need + 1, 2, STYLE_NORMAL,
		    "y starts it, now and whenever this lab asks; n does not.");
}

static enum screen_action say_yes(void *self, const struct key_press *k)
{
	struct trust_page *p = self;
	struct err e = ERR_INIT;

	if (!canvas_map_find(k->seen, p, PART_COMMAND)) {
		app_say(p->app, "Not all of the command can be seen: make the "
				"window larger.");
		return SCREEN_REDRAW;
	}
	if (trust_add(lab_trust(p->app->lab), p->spec, &e)) {
		app_fail(p->app, &e);
		return SCREEN_REDRAW;
	}
	if (*p->then) {
		app_replace(p->app, p->then, p->arg);
		return SCREEN_REDRAW;
	}
	app_say(p->app, "It may be started: do again what you did.");
	return SCREEN_BACK;
}

static enum screen_action say_no(void *self, const struct key_press *k)
{
	struct trust_page *p = self;

	(void)k;
	app_say(p->app, "It was not started.");
	return SCREEN_BACK;
}

static const struct key_binding trust_keys[] = {
	{"y", "allow", "start it, now and whenever this lab asks", true,
	 .run = say_yes},
	{"n, Enter", "refuse", "do not start it", true, .run = say_no},
	{0},
};

const struct screen screen_trust = {
	.name = "trust",
	.title = "Allow?",
	.help = "A command that came with the lab file, and whether it may be "
		"started.",
	.self_size = sizeof(struct trust_page),
	.keys = trust_keys,
	.open = trust_open,
	.draw = trust_draw,
};
