/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_DIALOG_H
#define TUI_SCREEN_DIALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen/launch.h"
#include "tui/widget/form.h"

/*
 * A screen that starts a command: the form, and what it started.  A screen's
 * state begins with the dialog, and its table names the functions below; the
 * screen says what the fields mean:
 *
 *	struct train { struct dialog d; ... };
 *	static const struct dialog_kind kind = { fields, FIELD_COUNT, ... };
 *	open: dialog_init(&s->d, app, &kind);
 */
struct dialog_kind {
	const struct form_field *fields;
	int field_count;
	/* A field was changed: hide and fill others. */
	void (*follow)(void *self);
	/* All fields are good: clear d->launch and write the words of the
	 * command into it.  False: it cannot be started, and the form says why.
	 * Not called while one is being started. */
	bool (*command)(void *self);
};

struct dialog {
	struct app *app;     /* borrowed */
	struct store *store; /* borrowed from the lab */
	const struct dialog_kind *kind;
	struct form form;
	struct launch launch;
	bool waiting; /* for the job to begin */
};

void dialog_init(struct dialog *d, struct app *app,
		 const struct dialog_kind *kind);

/* Parts of a screen's table.  `self` is a state that begins with a dialog;
 * dialog_close() takes a zeroed one too. */
extern const struct key_binding dialog_keys[];
/* The form, and what is being waited for in the last row. */
void dialog_draw(const void *self, struct canvas *c);
bool dialog_text(void *self, unsigned ch, enum screen_action *action);
bool dialog_editing(const void *self);
enum screen_action dialog_mouse(void *self, const struct mouse_event *m);
bool dialog_busy(const void *self);
void dialog_close(void *self);

/* The button at the end of every dialog. */
#define DIALOG_START                                                           \
	{                                                                      \
		"Start", FORM_BUTTON, NULL, NULL,                              \
			"starts a process of its own, which goes on when you " \
			"leave",                                               \
			NULL                                                   \
	}

/* Whether the job has begun; *changed: draw again.  `needs_run`: a job without
 * its run has not. */
bool dialog_tick(struct dialog *d, bool needs_run, int64_t *job_id,
		 bool *changed);
/* tick() of a dialog that starts a run: once its job stands in the lab file the
 * run's page takes this one's place.  `field` has the run's name. */
enum screen_action dialog_await_run(struct dialog *d, int field);
/* False, said in the form: there is a run of the name in `field`. */
bool dialog_run_is_new(struct dialog *d, int field);

/* Fields that choose a game (launch_games()): "other" stands for the rules that
 * another field holds. */
bool dialog_other(const struct dialog *d, int field);
/* The chosen game, as on the command line. */
const char *dialog_game(const struct dialog *d, int field, int rules);

/* Fields that choose an agent (launch_agents()): the word "typed" stands for
 * what another field holds, and a search without settings takes its simulations
 * from a field of their own. */
bool dialog_typed(const struct dialog *d, int field);
bool dialog_asks_sims(const struct dialog *d, int field);
/* The chosen agent's spec; `spec`, `sims`: those other fields. */
void dialog_agent(const struct dialog *d, int field, int spec, int sims,
		  char *out, size_t size);

#endif
