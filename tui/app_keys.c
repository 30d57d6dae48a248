/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app_int.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/utf8.h"
#include "tui/widget/popup.h"

enum { PASTE_MAX = 1 << 20 };

static enum screen_action open_help(void *self, const struct key_press *k)
{
	const struct screen *s = app_top(self)->screen;

	(void)k;
	if (strcmp(s->name, "help"))
		app_push(self, "help", s->name);
	return SCREEN_STAY;
}

static enum screen_action ask_command(void *self, const struct key_press *k)
{
	(void)k;
	app_ask_command(self);
	return SCREEN_STAY;
}

static enum screen_action go_back(void *self, const struct key_press *k)
{
	(void)self;
	(void)k;
	return SCREEN_BACK;
}

/* What the app does with the action `arg` by itself. */
static enum screen_action do_action(void *self, const struct key_press *k)
{
	(void)self;
	return (enum screen_action)k->arg;
}

const struct key_binding keys_global[] = {
	{"?, F1", "help", "list the keys of this screen", true,
	 .run = open_help},
	{":", "command", "type a command; Tab completes", false,
	 .run = ask_command},
	{"Ctrl-P", "save-screen", "write this screen: .txt, .ans, .svg", false,
	 .run = app_save_screen, .takes = "FILE"},
	{"Ctrl-E", "save-chart", "write the chart in front: .csv, .svg", false,
	 .run = app_save_chart, .takes = "FILE"},
	{"q, Esc", "back", "close this screen; q on the first one quits", true,
	 .run = go_back},
	{"Ctrl-L", "redraw", "redraw the whole terminal", false,
	 .run = do_action, .arg = SCREEN_REPAINT},
	{"Ctrl-Z", "suspend", "go to the shell; fg comes back", false,
	 .run = do_action, .arg = SCREEN_SUSPEND},
	{"Ctrl-C, Ctrl-Q", "quit", "leave plyscope", false, .run = do_action,
	 .arg = SCREEN_QUIT},
	{0},
};

static bool is_global(const struct key_binding *b)
{
	struct key_found f = {NULL};

	while (keys_each(keys_global, &f))
		if (f.binding == b)
			return true;
	return false;
}

/* What a binding of the screen does while a popup is open. */
static struct key_found under_popup(const struct key_binding *popup,
				    const char *name)
{
	struct key_found f = keys_find_name(popup, name), other = {NULL};

	if (f.binding)
		return f;
	while (keys_each(popup, &other))
		if (!other.binding->name)
			break;
	return other;
}

static enum app_request run_found(struct app *app, struct key_found f,
				  const char *text)
{
	struct level *l = app_top(app);
	const struct key_binding *popup;

	if (is_global(f.binding))
		return app_after(app, keys_command(&f, app, NULL, text));
	popup = l->screen->popup ? l->screen->popup(l->self) : NULL;
	if (popup)
		f = under_popup(popup, f.binding->name);
	if (!f.binding)
		return APP_GO_ON;
	return app_after(app, keys_command(&f, l->self, l->seen, text));
}

enum app_request app_command(struct app *app, const char *line)
{
	struct level *l = app_top(app);
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
	if (w.key.binding)
		return run_found(app, w.key, arg);
	if (w.screen) {
		app_push(app, w.screen->name, arg);
		return app_after(app, SCREEN_STAY);
	}
	app_say(app,
		w.ambiguous ? "%s may mean several commands; Tab shows "
			      "them"
			    : "no command is named %s; ? lists them",
		word);
	app->message_bad = true;
	return APP_GO_ON;
}

/* False: text() did not want it. */
static bool give_text(struct app *app, int key, enum app_request *request)
{
	struct level *l = app_top(app);
	enum screen_action action = SCREEN_REDRAW;

	if (!l->screen->text ||
	    !l->screen->text(l->self, (unsigned)key, &action))
		return false;
	*request = app_after(app, action);
	return true;
}

bool app_editing(const struct app *app)
{
	const struct level *l = app_top(app);

	return app->stack->ask.on ||
	       (l && l->screen->editing && l->screen->editing(l->self));
}

/* A key for the question in the bottom line, and the command that it gives. */
static enum app_request asked(struct app *app, int key)
{
	char *command;
	enum app_request request = app_ask_key(app, key, &command);

	if (command)
		request = app_command(app, command);
	free(command);
	return request;
}

enum app_request app_key(struct app *app, int key)
{
	struct level *l = app_top(app);
	enum app_request request = APP_GO_ON;
	struct key_found f;
	bool is_char = key >= ' ' && key <= 0x10FFFF && key != K_BACKSPACE;

	if (app->message[0]) {
		app->message[0] = '\0';
		app->stack->dirty = true;
	}
	if (app->stack->ask.on)
		return asked(app, key);
	if (app_editing(app) && give_text(app, key, &request))
		return request;
	if (is_char && l->screen->claims &&
	    l->screen->claims(l->self, (unsigned)key) &&
	    give_text(app, key, &request))
		return request;
	if (key == K_ESC && l->screen->put_away && l->screen->put_away(l->self))
		return app_after(app, SCREEN_REDRAW);
	f = keys_find(l->screen->keys, key);
	if (!f.binding)
		f = keys_find(keys_global, key);
	if (!f.binding && is_char && give_text(app, key, &request))
		return request;
	if (!f.binding && keys_alias(key))
		f = keys_find(l->screen->keys, keys_alias(key));
	if (!f.binding)
		return APP_GO_ON;
	if (f.binding->run == go_back && key == K_ESC &&
	    app->stack->depth == 1) {
		app_say(app, "q leaves plyscope");
		return APP_GO_ON;
	}
	return run_found(app, f, "");
}

enum app_request app_paste(struct app *app, int ch)
{
	enum app_request request = APP_GO_ON;
	const struct level *l = app_top(app);
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
	struct level *l = app_top(app);
	enum app_request request = APP_GO_ON;

	if (pasted->len && l->screen->paste)
		request =
			app_after(app, l->screen->paste(l->self, pasted->data));
	buf_clear(pasted);
	return request;
}

enum app_request app_mouse(struct app *app, int row, int col, int button)
{
	struct level *l = app_top(app);
	struct mouse_event m = {
		.row = row,
		.col = col,
		.button = button,
		.seen = l->seen,
	};

	if (app->stack->ask.on || !l->screen->mouse)
		return APP_GO_ON;
	if (app->message[0]) {
		app->message[0] = '\0';
		app->stack->dirty = true;
	}
	return app_after(app, l->screen->mouse(l->self, &m));
}
