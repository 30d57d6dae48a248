/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_LIST_H
#define TUI_SCREEN_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/row/row.h"
#include "tui/screen.h"
#include "tui/widget/table.h"

/*
 * A screen that is one table of rows of the lab file: read when it opens, when
 * the file changes and when another screen was closed, the selection staying
 * with its row.  A screen's state begins with the list, and its table names the
 * functions below:
 *
 *	struct jobs { struct list list; struct store_job *rows; ... };
 *	static const struct list_kind kind = { &row_job, ... };
 *	open: return list_open(&s->list, app, &kind, e);
 */
struct list_kind {
	const struct row_kind *rows; /* its `cells` are the columns */
	const struct row_field *own; /* (optional) fields of the screen */
	const char *empty;           /* what a list without rows says */
	/* What a click on the selected row does, as the function of a key. */
	enum screen_action (*open)(void *self, const struct key_press *k);
	int poll_ticks;     /* read again each so many ticks; 0: on changes */
	bool last_selected; /* a selection that is gone is the last row */

	/* Read the rows into self, their text into self's list.bag. */
	ATTR_NODISCARD enum err_code (*read)(void *self, size_t *count,
					     struct err *e);
	int64_t (*id)(const void *self, int row);      /* its own */
	const void *(*row)(const void *self, int row); /* as its kind says */
};

struct list {
	struct app *app;     /* borrowed */
	struct store *store; /* borrowed from the lab */
	const struct list_kind *kind;
	struct table table;
	struct row_view view;
	struct store_bag bag;
	int64_t data_version;
	int ticks;
	char find[64]; /* what was looked for last */
};

ATTR_NODISCARD enum err_code list_open(struct list *l, struct app *app,
				       const struct list_kind *kind,
				       struct err *e);
/* Read again; after an error there are no rows. */
ATTR_NODISCARD enum err_code list_read(struct list *l, struct err *e);

/* Parts of a screen's table.  `self` is a state that begins with a list. */
void list_draw(const void *self, struct canvas *c);
enum screen_action list_mouse(void *self, const struct mouse_event *m);
enum screen_action list_tick(void *self);
enum screen_action list_resume(void *self);
enum screen_action list_find(void *self, const struct key_press *k);
#define LIST_FIND_KEY                                                      \
	{                                                                  \
		"/", "find",                                               \
			"go to the next row with a text; / Enter goes on", \
			false, .run = list_find                            \
	}
void list_close(void *self);

#endif
