/* SPDX-License-Identifier: MIT */
#ifndef TUI_WIDGET_FORM_H
#define TUI_WIDGET_FORM_H

#include <stdbool.h>

#include "core/base/err.h"
#include "tui/canvas.h"
#include "tui/screen.h"

/*
 * Labelled fields, one per row: text to type, a choice to turn with Left and
 * Right, a button.  The table of fields is constant; what was filled in is the
 * form's.
 *
 *	open:    form_init(&s->form, fields, ARRAY_LEN(fields));
 *	         form_set(&s->form, FIELD_GAME, "connect4");
 *	draw:    form_draw(&s->form, pane);
 *	editing: return form_editing(&s->form);
 *	text:    return form_key(&s->form, (int)ch) ? redraw : let it pass
 *	mouse:   switch (form_mouse(&s->form, m)) ...
 *	close:   form_release(&s->form);
 *	keys:    {KEYS_OF(struct foo, form, form_keys), .run = foo_form}, where
 *	         foo_form() says: switch (form_press(&s->form, k)) ...
 * Enter on a button, and Ctrl-S anywhere, checks every field and gives
 * FORM_SUBMIT.
 */
enum form_kind {
	FORM_TEXT,
	FORM_CHOICE,
	FORM_BUTTON,
};

struct form_field {
	const char *label;
	enum form_kind kind;
	const char *preset;  /* first value; NULL: "", or the first choice */
	const char *choices; /* "a|b|c", see also form_choices() */
	const char *help;    /* (optional) shown while it is selected */
	/* (optional) Is `text` good?  The sentence in `e` is shown. */
	enum err_code (*check)(const char *text, struct err *e);
};

enum form_result {
	FORM_IGNORED, /* not the form's command */
	FORM_CHANGED, /* draw again; a choice may have changed */
	FORM_SUBMIT,  /* every field passed its check */
};

struct form_value; /* what one field holds */

struct form {
	const struct form_field *fields; /* borrowed */
	int field_count;
	int selected;
	struct form_value *values; /* owned [field_count] */
	char message[480];    /* why it is not submitted; "" if it can be */
	enum form_result did; /* by the last key, for form_press() */
};

void form_init(struct form *f, const struct form_field *fields,
	       int field_count);
void form_release(struct form *f);

/* What a field holds: the typed text, or the chosen word. */
const char *form_get(const struct form *f, int field);
int form_chosen(const struct form *f, int field); /* index of the choice */
/* A choice that has no such word stays as it is. */
void form_set(struct form *f, int field, const char *text);
/* Replace the choices of a field ("a|b|c"), as for the runs of a lab; the first
 * is chosen unless the present one is still there. */
void form_choices(struct form *f, int field, const char *choices);
/* Hidden fields are skipped and neither drawn nor checked. */
void form_hide(struct form *f, int field, bool hidden);
/* Show a sentence under the fields and select `field` (-1: leave it). */
void form_fail(struct form *f, int field, const char *message);

void form_draw(const struct form *f, struct canvas *c);

bool form_editing(const struct form *f); /* a text field is selected */
bool form_key(struct form *f, int key);  /* false: not for the text field */

extern const struct key_binding form_keys[];
/* For the function of a line that includes them: what came of the key. */
enum form_result form_press(struct form *f, const struct key_press *k);
enum form_result form_mouse(struct form *f, const struct mouse_event *m);

/* A check of a field: the spec of an agent, blanks and all. */
enum err_code form_check_agent(const char *text, struct err *e);

#endif
