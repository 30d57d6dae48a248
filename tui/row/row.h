/* SPDX-License-Identifier: MIT */
#ifndef TUI_ROW_ROW_H
#define TUI_ROW_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "tui/widget/table.h"

/*
 * Rows of the lab file, as JSON, in the table of `list`, in the lines of `show`
 * and in the cells of screens.  One table for each kind of row says of every
 * field its name, type and place in the struct, how it is written, what heads
 * it, how wide it is and what stands where there is none.  What is shown where
 * is a list of names:
 *
 *	.list = "name kind game status last_step",
 */
enum row_type {
	ROW_MADE,  /* what `text` makes of members; in no JSON without `json` */
	ROW_INT,   /* int */
	ROW_INT64, /* int64_t */
	ROW_SIZE,  /* size_t */
	ROW_ID,    /* int64_t; 0: none */
	ROW_STEP,  /* int64_t; below 0: none */
	ROW_SEED,  /* uint64_t */
	ROW_REAL,  /* double; not finite: none */
	ROW_TEXT,  /* const char *; NULL: none */
	ROW_JSON,  /* const char *, JSON as it is; NULL: none */
	ROW_DATE,  /* int64_t, ms since 1970; 0: none */
};

enum row_flags {
	ROW_RIGHT = 1 << 0,     /* to the right, as numbers are anyway */
	ROW_GROW = 1 << 1,      /* cells: takes what room is left */
	ROW_SORTS = 1 << 2,     /* cells: rows may be sorted by it */
	ROW_CUT = 1 << 3,       /* `list`: may be cut to make room */
	ROW_OMIT = 1 << 4,      /* `show`: no line where there is none */
	ROW_BLANK = 1 << 5,     /* `list`: nothing where there is none, not - */
	ROW_DASH = 1 << 6,      /* cells: - where there is none, not nothing */
	ROW_ONLY_LIST = 1 << 7, /* JSON of `list` alone */
	ROW_ONLY_SHOW = 1 << 8, /* JSON of `show` alone */
	ROW_NO_JSON = 1 << 9,   /* another reading of a member */
};

/* Where a text goes. */
struct row_at {
	const void *row;  /* that it is a text of */
	int width;        /* of the cell; 0: there is no limit */
	enum style style; /* may be changed */
};

struct row_field {
	const char *name; /* key in JSON */
	enum row_type type;
	size_t offset;
	int decimals; /* of a ROW_REAL */
	/* (optional) As people read it, from the member at `offset`; what needs
	 * more of the row has it in `at`, or is at 0.  Writes nothing where
	 * there is none. */
	void (*text)(const void *member, struct row_at *at, struct buf *out);
	/* (optional) Its value in JSON, from the row. */
	void (*json)(const void *row, struct json *j);
	const char *head;  /* above its cells; NULL: its name */
	const char *title; /* above it in `list`; NULL: the head in capitals */
	const char *label; /* before it in `show`; NULL: the head */
	int width, least;  /* of its cells, as struct table_column */
	int rank;
	enum style style;
	unsigned flags; /* enum row_flags */
};

/*
 * Lines of a table of fields of ROW, the struct: a member of its type - another
 * does not compile -, another reading of a member, and what is made of the
 * whole row; each with what else it has.
 */
#define ROW_FIELD(name_, type_, member, ...)                      \
	{                                                         \
		.name = name_, .type = type_,                     \
		.offset = offsetof(ROW, member) +                 \
			  0 * sizeof(_Generic(((ROW *)0)->member, \
					      type_##_IS : 0)),   \
		__VA_ARGS__                                       \
	}
#define ROW_READ(name_, member, ...)                         \
	{                                                    \
		.name = name_, .type = ROW_MADE,             \
		.offset = offsetof(ROW, member), __VA_ARGS__ \
	}
#define ROW_MAKE(name_, ...)                                 \
	{                                                    \
		.name = name_, .type = ROW_MADE, __VA_ARGS__ \
	}
#define ROW_INT_IS int
#define ROW_INT64_IS int64_t
#define ROW_SIZE_IS size_t
#define ROW_ID_IS int64_t
#define ROW_STEP_IS int64_t
#define ROW_SEED_IS uint64_t
#define ROW_REAL_IS double
#define ROW_TEXT_IS const char *
#define ROW_JSON_IS const char *
#define ROW_DATE_IS int64_t

struct row_kind {
	const char *name; /* "run" */
	size_t size;      /* of the struct */
	/* In the order of JSON; ends with a NULL name. */
	const struct row_field *fields;
	/* Names of what is shown, in order; NULL where the kind is not. */
	const char *list, *show, *cells;
};

/* NULL: not there. */
const struct row_field *row_find(const struct row_field *fields,
				 const char *name);

/* False: there is none, and nothing was written. */
bool row_text(const struct row_field *f, const void *row, struct row_at *at,
	      struct buf *out);

/* Head of its column in `list`. */
enum { ROW_TITLE_SIZE = 24 };
void row_title(const struct row_field *f, char out[ROW_TITLE_SIZE]);
/* Are its texts set to the right? */
bool row_right(const struct row_field *f);

/* Order of two rows by a field: numbers by size, none first; other fields by
 * their text in the struct. */
int row_compare(const struct row_field *f, const void *a, const void *b);

/* An object; `place` is ROW_ONLY_LIST or ROW_ONLY_SHOW.  The keys alone, for
 * more to follow. */
void row_json(const struct row_kind *kind, const void *row,
	      enum row_flags place, struct json *j);
void row_json_keys(const struct row_kind *kind, const void *row,
		   enum row_flags place, struct json *j);

/* A line each, as `show` writes them: label, text.  `own` (may be NULL) are
 * fields of the caller, which come before those of the kind with the same name;
 * a name that is not there asserts. */
enum { ROW_LABEL_WIDTH = 12 };
void row_lines(const struct row_kind *kind, const struct row_field *own,
	       const void *row, const char *names, struct buf *out);

/* The next of a list of names; false at its end. */
bool row_next_name(const char **names, char out[ROW_TITLE_SIZE]);

/* Fields in order, as the columns of a screen's table. */
enum { ROW_COLUMNS = 16 };
struct row_view {
	const struct row_field *fields[ROW_COLUMNS];
	struct table_column columns[ROW_COLUMNS];
	int count;
};

/* `own` as above. */
void row_view_init(struct row_view *v, const struct row_kind *kind,
		   const struct row_field *own, const char *names);

/* Widen a column, where it is less, to what it says of `row`, which no narrow
 * pane then cuts. */
void row_view_hold(struct row_view *v, const char *name, const void *row);
/* Number of a column, -1: not there. */
int row_view_column(const struct row_view *v, const char *name);
/* A cell, `width` wide. */
void row_cell(const struct row_view *v, int column, const void *row, int width,
	      struct buf *out, enum style *st);

#endif
