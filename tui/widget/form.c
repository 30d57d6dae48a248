/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/form.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/widget/line_edit.h"

struct form_value {
	struct line_edit text; /* of a text field; of a choice: the word */
	char *choices;         /* owned "a|b|c"; NULL but for choices */
	int chosen;
	bool hidden;
};

static int choice_count(const char *choices)
{
	int n = 1;

	for (; *choices; choices++)
		n += *choices == '|';
	return n;
}

/* The word at `index` of "a|b|c", into out. */
static void choice_word(const char *choices, int index, char *out, size_t size)
{
	size_t len;

	while (index-- > 0) {
		choices = strchr(choices, '|');
		assert(choices);
		choices++;
	}
	len = strcspn(choices, "|");
	snprintf(out, size, "%.*s", (int)len, choices);
}

static void choose(struct form_value *v, int index)
{
	char word[LINE_EDIT_SIZE];
	int count = choice_count(v->choices);

	v->chosen = (index % count + count) % count;
	choice_word(v->choices, v->chosen, word, sizeof(word));
	line_edit_set(&v->text, word);
}

void form_init(struct form *f, const struct form_field *fields, int field_count)
{
	memset(f, 0, sizeof(*f));
	f->fields = fields;
	f->field_count = field_count;
	f->values = mem_zalloc((size_t)field_count, sizeof(*f->values));
	for (int i = 0; i < field_count; i++) {
		if (fields[i].kind == FORM_CHOICE) {
			f->values[i].choices = mem_strdup(
				fields[i].choices ? fields[i].choices : "");
			choose(&f->values[i], 0);
		}
		if (fields[i].preset)
			form_set(f, i, fields[i].preset);
	}
}

void form_release(struct form *f)
{
	for (int i = 0; i < f->field_count; i++)
		free(f->values[i].choices);
	free(f->values);
	memset(f, 0, sizeof(*f));
}

const char *form_get(const struct form *f, int field)
{
	assert(field >= 0 && field < f->field_count);
	return f->values[field].text.text;
}

int form_chosen(const struct form *f, int field)
{
	assert(f->fields[field].kind == FORM_CHOICE);
	return f->values[field].chosen;
}

void form_set(struct form *f, int field, const char *text)
{
	struct form_value *v = &f->values[field];
	char word[LINE_EDIT_SIZE];

	if (!v->choices) {
		line_edit_set(&v->text, text);
		return;
	}
	for (int i = 0; i < choice_count(v->choices); i++) {
		choice_word(v->choices, i, word, sizeof(word));
		if (!strcmp(word, text)) {
			choose(v, i);
			return;
		}
	}
}

void form_choices(struct form *f, int field, const char *choices)
{
	struct form_value *v = &f->values[field];
	char *old = mem_strdup(v->text.text);

	free(v->choices);
	v->choices = mem_strdup(choices);
	choose(v, 0);
	form_set(f, field, old);
	free(old);
}

void form_hide(struct form *f, int field, bool hidden)
{
	f->values[field].hidden = hidden;
}

void form_fail(struct form *f, int field, const char *message)
{
	snprintf(f->message, sizeof(f->message), "%s", message);
	if (field >= 0)
		f->selected = field;
}

static int label_width(const struct form *f)
{
	int widest = 0;

	for (int i = 0; i < f->field_count; i++) {
		int w = canvas_width(f->fields[i].label);

		if (f->fields[i].kind != FORM_BUTTON && w > widest)
			widest = w;
	}
	return widest;
}

/* The row of a field among the shown ones; a button has a blank row above. */
static int place_of(const struct form *f, int field)
{
	int row = 0;

	for (int i = 0; i <= field; i++) {
		if (f->values[i].hidden)
			continue;
		if (i > 0 && f->fields[i].kind == FORM_BUTTON &&
		    f->fields[i - 1].kind != FORM_BUTTON)
			row++;
		if (i < field)
			row++;
	}
	return row;
}

static void draw_field(const struct form *f, int i, struct canvas *c, int row,
		       int indent)
{
	const struct form_field *field = &f->fields[i];
	const struct form_value *v = &f->values[i];
	bool on = i == f->selected;
	int width = c->width - indent - 1;
	int col;

	if (field->kind == FORM_BUTTON) {
		col = canvas_printf(c, row, indent,
				    on ? STYLE_SELECTED : STYLE_BOLD, "[ %s ]",
				    field->label);
		if (on)
			canvas_cursor(c, row, indent + 2);
		return;
	}
	canvas_field(c, row, 1, indent - 3, on ? STYLE_BOLD : STYLE_LABEL,
		     field->label);
	if (field->kind == FORM_TEXT) {
		if (width > 60)
			width = 60;
		/* an underline of blanks shows where to type */
		line_edit_draw(&v->text, c, row, indent, width,
			       on ? STYLE_SELECTED : STYLE_VALUE, on);
		return;
	}
	col = indent;
	if (choice_count(v->choices) > 1)
		canvas_text(c, row, indent - 2, on ? STYLE_KEY : STYLE_DIM,
			    "‹");
	canvas_field(c, row, col,
		     v->text.len < width - 2 ? canvas_width(v->text.text)
					     : width - 2,
		     on ? STYLE_SELECTED : STYLE_VALUE, v->text.text);
	col += canvas_width(v->text.text) < width - 2
		       ? canvas_width(v->text.text)
		       : width - 2;
	if (choice_count(v->choices) > 1)
		canvas_text(c, row, col + 1, on ? STYLE_KEY : STYLE_DIM, "›");
	if (on)
		canvas_cursor(c, row, indent);
}

/* Words in the rows from `row`; returns the row after the last. */
static int draw_wrapped(struct canvas *c, int row, enum style st,
			const char *text)
{
	int col = 1;

	while (*text) {
		int len = (int)strcspn(text, " ");
		char word[128];
		int width;

		snprintf(word, sizeof(word), "%.*s", len, text);
		width = canvas_width(word);
		if (col > 1 && col + width > c->width - 1) {
			row++;
			col = 1;
		}
		col = canvas_text(c, row, col, st, word) + 1;
		text += len;
		text += strspn(text, " ");
	}
	return row + 1;
}

void form_draw(const struct form *f, struct canvas *c)
{
	int label = label_width(f);
	int indent, place = place_of(f, f->selected);
	int top = canvas_first(c, f, 0);
	const char *help = f->fields[f->selected].help;
	int rows = c->height > 8 ? c->height - 3 : c->height;
	int end = 0;

	if (label > c->width / 2 - 3)
		label = c->width / 2 - 3;
	indent = 1 + label + 3;
	if (top > place)
		top = place;
	if (top < place - rows + 1)
		top = place - rows + 1;
	canvas_region(c, f, 0, top);
	for (int i = 0; i < f->field_count; i++) {
		int row = place_of(f, i) - top;

		if (f->values[i].hidden || row < 0 || row >= rows)
			continue;
		draw_field(f, i, c, row, indent);
		end = row + 1;
	}
	if (end + 1 >= c->height)
		end = c->height - 2;
	if (f->message[0])
		draw_wrapped(c, end + 1, STYLE_BAD, f->message);
	else if (help)
		draw_wrapped(c, end + 1, STYLE_DIM, help);
}

bool form_editing(const struct form *f)
{
	return f->fields[f->selected].kind == FORM_TEXT;
}

bool form_key(struct form *f, int key)
{
	if (!form_editing(f) ||
	    !line_edit_key(&f->values[f->selected].text, key))
		return false;
	f->message[0] = '\0';
	return true;
}

static void step(struct form *f, int by)
{
	int at = f->selected;

	do {
		at += by;
	} while (at >= 0 && at < f->field_count && f->values[at].hidden);
	if (at >= 0 && at < f->field_count)
		f->selected = at;
}

static enum form_result submit(struct form *f)
{
	for (int i = 0; i < f->field_count; i++) {
		struct err e = ERR_INIT;

		if (f->values[i].hidden || !f->fields[i].check)
			continue;
		if (f->fields[i].check(form_get(f, i), &e)) {
			form_fail(f, i, e.msg);
			return FORM_CHANGED;
		}
	}
	f->message[0] = '\0';
	return FORM_SUBMIT;
}

static enum form_result turn(struct form *f, int by)
{
	struct form_value *v = &f->values[f->selected];

	if (!v->choices)
		return FORM_IGNORED;
	choose(v, v->chosen + by);
	f->message[0] = '\0';
	return FORM_CHANGED;
}

static enum screen_action did(struct form *f, enum form_result result)
{
	f->did = result;
	return result == FORM_IGNORED ? SCREEN_STAY : SCREEN_REDRAW;
}

static enum screen_action step_by(void *self, const struct key_press *k)
{
	step(self, k->arg);
	return did(self, FORM_CHANGED);
}

static enum screen_action turn_by(void *self, const struct key_press *k)
{
	return did(self, turn(self, k->arg));
}

static enum screen_action accept(void *self, const struct key_press *k)
{
	(void)k;
	return did(self, submit(self));
}

static enum screen_action enter(void *self, const struct key_press *k)
{
	struct form *f = self;

	if (f->fields[f->selected].kind == FORM_BUTTON)
		return accept(f, k);
	step(f, 1);
	return did(f, FORM_CHANGED);
}

const struct key_binding form_keys[] = {
	{"Up, Shift-Tab", "previous-field", "one field up", false,
	 .run = step_by, .arg = -1},
	{"Down, Tab", "next-field", "one field down", false, .run = step_by,
	 .arg = 1},
	{"Left", "previous-choice", "the choice before", false, .run = turn_by,
	 .arg = -1},
	{"Right, Space", "change", "the next choice", true, .run = turn_by,
	 .arg = 1},
	{"Enter", "go-on", "to the next field; on a button, do it", true,
	 .run = enter},
	{"Ctrl-S", "accept", "do it from any field", false, .run = accept},
	{0},
};

enum form_result form_press(struct form *f, const struct key_press *k)
{
	keys_inner(k, f);
	return f->did;
}

enum form_result form_mouse(struct form *f, const struct mouse_event *m)
{
	const struct canvas_region *r = canvas_map_find(m->seen, f, 0);

	if (m->button == 4 || m->button == 5) {
		step(f, m->button == 4 ? -1 : 1);
		return FORM_CHANGED;
	}
	if (m->button != 1 || !canvas_map_inside(r, m->row, m->col))
		return FORM_IGNORED;
	for (int i = 0; i < f->field_count; i++) {
		if (f->values[i].hidden ||
		    place_of(f, i) - r->first != m->row - r->row)
			continue;
		if (f->fields[i].kind == FORM_BUTTON) {
			f->selected = i;
			return submit(f);
		}
		if (f->selected == i && f->fields[i].kind == FORM_CHOICE)
			return turn(f, 1);
		f->selected = i;
		return FORM_CHANGED;
	}
	return FORM_IGNORED;
}

enum err_code form_check_agent(const char *text, struct err *e)
{
	if (!text[strspn(text, " ")] || strchr(text, '"'))
		return err_set(e, ERR_USAGE,
			       "an agent is written without quotes, as in "
			       "mcts:c4/latest,sims=200 or engine:gnugo --mode "
			       "gtp");
	return ERR_OK;
}
