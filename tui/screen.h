/* SPDX-License-Identifier: MIT */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/picture.h"

/*
 * A screen is a constant table.  The stack owns its zeroed block of state;
 * draw() works from that block alone, without I/O, search or SQL, so a screen
 * is testable as a grid of cells.  Slow work is a job or a worker thread whose
 * results tick() collects.
 */
struct app;

enum screen_action {
	SCREEN_STAY, /* nothing changed: no new frame */
	SCREEN_REDRAW,
	SCREEN_BACK, /* close this one */
	SCREEN_QUIT,
	SCREEN_SUSPEND, /* go to the shell and come back */
	SCREEN_REPAINT, /* what is on the terminal cannot be trusted */
};

/* What a binding's function is told. */
struct key_press {
	int arg;                       /* of the binding */
	const struct canvas_map *seen; /* the last frame; NULL: there is none */
	const char *text; /* typed after the name in `:`; "", NULL: nothing */
	/* of the included table, for a line that includes one; else NULL */
	const struct key_binding *inner;
};

/*
 * One line of the one table that drives dispatch, the help page, the hint line,
 * `:` commands and the manual.  A line of zeroes ends it.
 *
 * A line may include a table of a widget's in its place: KEYS_OF().  If such a
 * line has a function, that gets the screen's state in place of the widget, and
 * has the widget do its part by keys_inner() (tui/keys.h).
 */
struct key_binding {
	const char
		*keys; /* "q, Esc" as help shows it: names separated by ", " */
	const char *name; /* for `:`, e.g. "next-move" */
	const char *help; /* one line */
	bool hint;        /* show in the bottom line */
	/* Gets the screen's state, or what stands `part` bytes into it. */
	enum screen_action (*run)(void *self, const struct key_press *k);
	int arg; /* lets one function serve several lines */
	size_t part;
	const struct key_binding *table; /* included here; it includes none */
	/* (optional) Of a screen's own line: its hint shows only then. */
	bool (*when)(const void *self);
	/* (optional) What may follow the name in `:`, as "FILE"; NULL: it takes
	 * nothing.  A screen of the same name is not reached then. */
	const char *takes;
};
#define KEYS_OF(type, member, keys_of_member) \
	.part = offsetof(type, member), .table = (keys_of_member)

struct mouse_event {
	int row, col;                  /* on the whole canvas */
	int button;                    /* 1..3; 4, 5: wheel up, down */
	const struct canvas_map *seen; /* the last frame; NULL: there is none */
};

struct screen {
	const char *name; /* unique: `:name ARG` opens it */
	const char *title;
	const char *help; /* what it is for, one sentence */
	/* What may follow its name, for Tab on the ':' line: kinds of words of
	 * tui/cmdline_args.h and settings, "agent game= side="; NULL: nothing
	 * that could be completed. */
	const char *takes;
	size_t self_size;
	const struct key_binding *keys;

	/* `arg` is the text after the name, "" if none. */
	ATTR_NODISCARD enum err_code (*open)(void *self, struct app *app,
					     const char *arg, struct err *e);
	/* Writes nothing but on the canvas; where it drew what, it notes there:
	 * tui/canvas_map.h. */
	void (*draw)(const void *self, struct canvas *c);
	/* (optional) A character that no binding took, for typed input; return
	 * false to let it pass.  Pasted text comes this way only. */
	bool (*text)(void *self, unsigned ch, enum screen_action *action);
	/* (optional) A whole pasted text, with its lines.  Without it, or while
	 * editing() or a question in the bottom line, text() gets its
	 * characters, line ends as blanks. */
	enum screen_action (*paste)(void *self, const char *text);
	/* (optional) While true, a field is being edited: every key goes to
	 * text() before the bindings, and keys without a character, as Left or
	 * Backspace, too (enum key of tui/keys.h). */
	bool (*editing)(const void *self);
	/* (optional) While a popup is open: what the screen's own bindings do
	 * now, by their names; a line without a name is for all others, and
	 * without such a line they do nothing.  NULL: there is no popup. */
	const struct key_binding *(*popup)(const void *self);
	/* (optional) Whether text() gets a character before the bindings, which
	 * then have it by their other keys and by `:` alone. */
	bool (*claims)(const void *self, unsigned ch);
	/* (optional) Esc: put away what is half done; false: nothing is, and
	 * Esc is what it is bound to. */
	bool (*put_away)(void *self);
	/* (optional) All that the bottom line hints at while text() takes every
	 * key for something else; NULL: not now. */
	const struct key_binding *(*hints)(const void *self);
	/* (optional) */
	enum screen_action (*mouse)(void *self, const struct mouse_event *m);
	/* (optional) About ten times a second. */
	enum screen_action (*tick)(void *self);
	/* (optional) Is work under way whose result tick() will collect?
	 * Scripts and tests wait until it is done. */
	bool (*busy)(const void *self);
	/* (optional) The chart in front as PICTURE_CSV or PICTURE_SVG, appended
	 * to `out`, with the points as they were measured; false: there is none
	 * now. */
	bool (*chart)(const void *self, enum picture_format f, struct buf *out);
	/* (optional) Another screen on top was closed: read again. */
	enum screen_action (*resume)(void *self);
	/* (optional) What `self` says in the title line, after the title. */
	void (*status)(const void *self, struct buf *out);
	/* (optional) Undo open(); also called when open() failed. */
	void (*close)(void *self);
};

/* All screens; ends with NULL. */
extern const struct screen *const screen_table[];

#endif
