/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/dialog.h"

#include <stdio.h>
#include <string.h>

#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/lab/source.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/canvas.h"

void dialog_init(struct dialog *d, struct app *app,
		 const struct dialog_kind *kind)
{
	d->app = app;
	d->store = lab_store(app->lab);
	d->kind = kind;
	form_init(&d->form, kind->fields, kind->field_count);
	launch_init(&d->launch);
}

void dialog_close(void *self)
{
	struct dialog *d = self;

	if (d->form.values)
		form_release(&d->form);
	launch_release(&d->launch);
}

void dialog_draw(const void *self, struct canvas *c)
{
	const struct dialog *d = self;

	form_draw(&d->form, c);
	if (d->waiting)
		canvas_text(c, c->height - 1, 1, STYLE_WARN, "starting ...");
}

static enum err_code may_start(const struct dialog *d, struct err *e)
{
	enum err_code rc = ERR_OK;

	for (int i = 0; i < d->launch.count && !rc; i++)
		rc = source_allowed(d->app->lab, d->launch.word[i], e);
	return rc;
}

static void start(struct dialog *d)
{
	struct err e = ERR_INIT;

	if (d->waiting)
		return;
	if (!d->kind->command(d))
		return;
	/* The command line would take the words as typed by who sees them all.
	 */
	if (may_start(d, &e))
		app_fail(d->app, &e);
	else if (launch_start(&d->launch, d->store, &e))
		form_fail(&d->form, -1, e.msg);
	else
		d->waiting = true;
}

static enum screen_action after(struct dialog *d, enum form_result result)
{
	switch (result) {
	case FORM_SUBMIT:
		start(d);
		return SCREEN_REDRAW;
	case FORM_CHANGED:
		d->kind->follow(d);
		return SCREEN_REDRAW;
	case FORM_IGNORED:
		break;
	}
	return SCREEN_STAY;
}

static enum screen_action press(void *self, const struct key_press *k)
{
	struct dialog *d = self;

	return after(d, form_press(&d->form, k));
}

const struct key_binding dialog_keys[] = {
	{KEYS_OF(struct dialog, form, form_keys), .run = press},
	{0},
};

bool dialog_text(void *self, unsigned ch, enum screen_action *action)
{
	struct dialog *d = self;

	if (!form_key(&d->form, (int)ch))
		return false;
	d->kind->follow(d);
	*action = SCREEN_REDRAW;
	return true;
}

bool dialog_editing(const void *self)
{
	const struct dialog *d = self;

	return form_editing(&d->form);
}

enum screen_action dialog_mouse(void *self, const struct mouse_event *m)
{
	struct dialog *d = self;

	return after(d, form_mouse(&d->form, m));
}

bool dialog_busy(const void *self)
{
	const struct dialog *d = self;

	return d->waiting;
}

bool dialog_tick(struct dialog *d, bool needs_run, int64_t *job_id,
		 bool *changed)
{
	struct err e = ERR_INIT;
	enum launch_state state;
	int64_t run_id;

	*changed = false;
	if (!d->waiting)
		return false;
	state = launch_poll(&d->launch, d->store, needs_run, job_id, &run_id,
			    &e);
	if (state == LAUNCH_WAITING)
		return false;
	d->waiting = false;
	*changed = true;
	if (state == LAUNCH_FAILED)
		form_fail(&d->form, -1, e.msg);
	return state == LAUNCH_WORKING;
}

enum screen_action dialog_await_run(struct dialog *d, int field)
{
	bool changed;
	int64_t job;

	if (dialog_tick(d, true, &job, &changed))
		app_replace(d->app, "run", form_get(&d->form, field));
	return changed ? SCREEN_REDRAW : SCREEN_STAY;
}

bool dialog_run_is_new(struct dialog *d, int field)
{
	struct store_bag bag = {0};
	struct store_run row;
	bool taken = store_run_find(d->store, &bag, form_get(&d->form, field),
				    &row) == STORE_OK;

	store_bag_release(&bag);
	if (taken)
		form_fail(&d->form, field,
			  "There is a run of this name: its page resumes it.");
	return !taken;
}

/* ---- fields that choose a game or an agent ---- */

bool dialog_other(const struct dialog *d, int field)
{
	return !strcmp(form_get(&d->form, field), "other");
}

const char *dialog_game(const struct dialog *d, int field, int rules)
{
	return form_get(&d->form, dialog_other(d, field) ? rules : field);
}

bool dialog_typed(const struct dialog *d, int field)
{
	return !strcmp(form_get(&d->form, field), "typed");
}

bool dialog_asks_sims(const struct dialog *d, int field)
{
	const char *chosen = form_get(&d->form, field);

	return !strncmp(chosen, "mcts:", 5) && !strchr(chosen, ',');
}

void dialog_agent(const struct dialog *d, int field, int spec, int sims,
		  char *out, size_t size)
{
	const struct form *f = &d->form;

	if (dialog_typed(d, field))
		snprintf(out, size, "%s", form_get(f, spec));
	else if (dialog_asks_sims(d, field))
		snprintf(out, size, "%s,sims=%s", form_get(f, field),
			 form_get(f, sims));
	else
		snprintf(out, size, "%s", form_get(f, field));
}
