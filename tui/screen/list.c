/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/list.h"

#include <stdio.h>

#include "core/lab/lab.h"

enum err_code list_read(struct list *l, struct err *e)
{
	const struct list_kind *kind = l->kind;
	struct table *t = &l->table;
	bool selected = t->row_count > 0;
	int64_t id = selected ? kind->id(l, t->selected) : 0;
	enum err_code rc;
	size_t count = 0;

	l->data_version = store_data_version(l->store);
	store_bag_release(&l->bag);
	rc = kind->read(l, &count, e);
	table_rows(t, rc ? 0 : (int)count);
	if (kind->last_selected)
		table_select(t, t->row_count - 1);
	for (int i = 0; selected && i < t->row_count; i++) {
		if (kind->id(l, i) == id)
			table_select(t, i);
	}
	return rc;
}

enum err_code list_open(struct list *l, struct app *app,
			const struct list_kind *kind, struct err *e)
{
	l->app = app;
	l->store = lab_store(app->lab);
	l->kind = kind;
	row_view_init(&l->view, kind->rows, kind->own, kind->rows->cells);
	table_init(&l->table, l->view.columns, l->view.count);
	l->table.empty = kind->empty;
	return list_read(l, e);
}

void list_close(void *self)
{
	struct list *l = self;

	store_bag_release(&l->bag);
}

static void list_cell(const void *self, int row, int column, int width,
		      struct buf *out, enum style *st)
{
	const struct list *l = self;

	row_cell(&l->view, column, l->kind->row(l, row), width, out, st);
}

void list_draw(const void *self, struct canvas *c)
{
	const struct list *l = self;

	table_draw(&l->table, c, true, list_cell, l);
}

enum screen_action list_mouse(void *self, const struct mouse_event *m)
{
	struct list *l = self;
	struct key_press none = {0};

	switch (table_mouse(&l->table, m)) {
	case TABLE_OPENED:
		return l->kind->open(l, &none);
	case TABLE_MOVED:
	case TABLE_SORTED:
		return SCREEN_REDRAW;
	case TABLE_NO_CLICK:
		break;
	}
	return SCREEN_STAY;
}

enum screen_action list_resume(void *self)
{
	struct list *l = self;
	struct err e = ERR_INIT;

	if (list_read(l, &e))
		app_fail(l->app, &e);
	return SCREEN_REDRAW;
}

enum screen_action list_tick(void *self)
{
	struct list *l = self;
	int poll = l->kind->poll_ticks;

	if (store_data_version(l->store) == l->data_version &&
	    (!poll || ++l->ticks % poll))
		return SCREEN_STAY;
	return list_resume(l);
}

static bool find_typed(void *self, const char *text)
{
	struct list *l = self;

	if (!text || !*text)
		return true;
	snprintf(l->find, sizeof(l->find), "%s", text);
	if (table_find(&l->table, text, list_cell, l))
		return true;
	app_say(l->app, "no row has \"%s\"", text);
	return false;
}

enum screen_action list_find(void *self, const struct key_press *k)
{
	struct list *l = self;

	(void)k;
	app_ask(l->app, "Find", l->find, find_typed, l);
	return SCREEN_REDRAW;
}
