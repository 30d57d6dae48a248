/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/row/row.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "tui/canvas.h"
#include "tui/row/words.h"

const struct row_field *row_find(const struct row_field *fields,
				 const char *name)
{
	for (; fields && fields->name; fields++)
		if (!strcmp(fields->name, name))
			return fields;
	return NULL;
}

static const void *member(const struct row_field *f, const void *row)
{
	return (const char *)row + f->offset;
}

static double real_of(const struct row_field *f, const void *row)
{
	return *(const double *)member(f, row);
}

static const char *text_of(const struct row_field *f, const void *row)
{
	return *(const char *const *)member(f, row);
}

/* Of a whole number. */
static int64_t whole_of(const struct row_field *f, const void *row)
{
	const void *at = member(f, row);

	switch (f->type) {
	case ROW_INT:
		return *(const int *)at;
	case ROW_SIZE:
		return (int64_t) * (const size_t *)at;
	case ROW_SEED:
		return (int64_t) * (const uint64_t *)at;
	default:
		return *(const int64_t *)at;
	}
}

static bool is_none(const struct row_field *f, const void *row)
{
	switch (f->type) {
	case ROW_MADE:
	case ROW_INT:
	case ROW_INT64:
	case ROW_SIZE:
	case ROW_SEED:
		return false;
	case ROW_ID:
	case ROW_DATE:
		return whole_of(f, row) == 0;
	case ROW_STEP:
		return whole_of(f, row) < 0;
	case ROW_REAL:
		return !isfinite(real_of(f, row));
	case ROW_TEXT:
	case ROW_JSON:
		return !text_of(f, row);
	}
	return true;
}

bool row_text(const struct row_field *f, const void *row, struct row_at *at,
	      struct buf *out)
{
	size_t before = out->len;

	if (f->text) {
		at->row = row;
		f->text(member(f, row), at, out);
		return out->len > before;
	}
	if (is_none(f, row))
		return false;
	switch (f->type) {
	case ROW_MADE:
		assert(!"a made field without a text");
		break;
	case ROW_INT:
	case ROW_INT64:
	case ROW_SIZE:
	case ROW_ID:
	case ROW_STEP:
		buf_printf(out, "%lld", (long long)whole_of(f, row));
		break;
	case ROW_SEED:
		buf_printf(out, "%llu", (unsigned long long)whole_of(f, row));
		break;
	case ROW_REAL:
		buf_printf(out, "%.*f", f->decimals, real_of(f, row));
		break;
	case ROW_TEXT:
	case ROW_JSON:
		buf_puts(out, text_of(f, row));
		break;
	case ROW_DATE:
		date_text(whole_of(f, row), out);
		break;
	}
	return out->len > before;
}

static const char *head_of(const struct row_field *f)
{
	return f->head ? f->head : f->name;
}

void row_title(const struct row_field *f, char out[ROW_TITLE_SIZE])
{
	snprintf(out, ROW_TITLE_SIZE, "%s", f->title ? f->title : head_of(f));
	for (char *p = out; !f->title && *p; p++)
		*p = (char)toupper((unsigned char)*p);
}

bool row_right(const struct row_field *f)
{
	switch (f->type) {
	case ROW_INT:
	case ROW_INT64:
	case ROW_SIZE:
	case ROW_ID:
	case ROW_STEP:
	case ROW_SEED:
	case ROW_REAL:
		return true;
	default:
		return f->flags & ROW_RIGHT;
	}
}

static double number_of(const struct row_field *f, const void *row)
{
	if (is_none(f, row))
		return (double)NAN;
	return f->type == ROW_REAL ? real_of(f, row) : (double)whole_of(f, row);
}

int row_compare(const struct row_field *f, const void *a, const void *b)
{
	double x, y;

	assert(f->type != ROW_MADE);
	if (f->type == ROW_TEXT || f->type == ROW_JSON) {
		const char *s = text_of(f, a), *t = text_of(f, b);

		return strcmp(s ? s : "", t ? t : "");
	}
	x = number_of(f, a);
	y = number_of(f, b);
	if (isnan(x) || isnan(y))
		return isnan(y) - isnan(x);
	return (x > y) - (x < y);
}

static void put_value(const struct row_field *f, const void *row,
		      struct json *j)
{
	if (f->json) {
		f->json(row, j);
		return;
	}
	/* A date and a number without a none are what they are. */
	if (f->type != ROW_DATE && is_none(f, row)) {
		json_null(j);
		return;
	}
	switch (f->type) {
	case ROW_TEXT:
		json_string(j, text_of(f, row));
		break;
	case ROW_JSON:
		json_raw(j, text_of(f, row));
		break;
	case ROW_REAL:
		json_double(j, real_of(f, row));
		break;
	default:
		json_int(j, whole_of(f, row));
		break;
	}
}

void row_json_keys(const struct row_kind *kind, const void *row,
		   enum row_flags place, struct json *j)
{
	unsigned elsewhere =
		place == ROW_ONLY_LIST ? ROW_ONLY_SHOW : ROW_ONLY_LIST;

	for (const struct row_field *f = kind->fields; f->name; f++) {
		if ((f->type == ROW_MADE && !f->json) ||
		    (f->flags & (elsewhere | ROW_NO_JSON)))
			continue;
		json_key(j, f->name);
		put_value(f, row, j);
	}
}

void row_json(const struct row_kind *kind, const void *row,
	      enum row_flags place, struct json *j)
{
	json_open(j, '{');
	row_json_keys(kind, row, place, j);
	json_close(j, '}');
}

bool row_next_name(const char **names, char out[ROW_TITLE_SIZE])
{
	size_t n;

	*names += strspn(*names, " ");
	n = strcspn(*names, " ");
	assert(n < ROW_TITLE_SIZE);
	memcpy(out, *names, n);
	out[n] = '\0';
	*names += n;
	return n > 0;
}

static const struct row_field *named(const struct row_kind *kind,
				     const struct row_field *own,
				     const char *name)
{
	const struct row_field *f = row_find(own, name);

	if (!f)
		f = row_find(kind->fields, name);
	assert(f);
	return f;
}

void row_lines(const struct row_kind *kind, const struct row_field *own,
	       const void *row, const char *names, struct buf *out)
{
	char name[ROW_TITLE_SIZE];
	struct buf text;

	buf_init(&text);
	while (row_next_name(&names, name)) {
		const struct row_field *f = named(kind, own, name);
		struct row_at at = {.width = 0};
		bool any;

		buf_clear(&text);
		any = row_text(f, row, &at, &text);
		if (any || !(f->flags & ROW_OMIT))
			buf_printf(out, "%-*s%s\n", ROW_LABEL_WIDTH,
				   f->label ? f->label : head_of(f),
				   any ? text.data : "-");
	}
	buf_release(&text);
}

void row_view_init(struct row_view *v, const struct row_kind *kind,
		   const struct row_field *own, const char *names)
{
	char name[ROW_TITLE_SIZE];

	v->count = 0;
	while (row_next_name(&names, name)) {
		const struct row_field *f = named(kind, own, name);

		assert(v->count < ROW_COLUMNS);
		v->fields[v->count] = f;
		v->columns[v->count++] = (struct table_column){
			.head = head_of(f),
			.width = f->width,
			.least = f->least,
			.right = row_right(f),
			.grow = f->flags & ROW_GROW,
			.rank = f->rank,
			.sorts = f->flags & ROW_SORTS,
		};
	}
}

void row_view_hold(struct row_view *v, const char *name, const void *row)
{
	int at = row_view_column(v, name), width;
	struct table_column *c = &v->columns[at];
	enum style st = STYLE_NORMAL;
	struct buf text;

	assert(at >= 0);
	buf_init(&text);
	row_cell(v, at, row, 80, &text, &st);
	width = canvas_width(text.data);
	if (width > c->width)
		c->width = width;
	if (c->least && width > c->least)
		c->least = width;
	buf_release(&text);
}

int row_view_column(const struct row_view *v, const char *name)
{
	for (int i = 0; i < v->count; i++)
		if (!strcmp(v->fields[i]->name, name))
			return i;
	return -1;
}

void row_cell(const struct row_view *v, int column, const void *row, int width,
	      struct buf *out, enum style *st)
{
	const struct row_field *f = v->fields[column];
	struct row_at at = {.width = width, .style = f->style};

	if (!row_text(f, row, &at, out) && (f->flags & ROW_DASH))
		buf_putc(out, '-');
	*st = at.style;
}
