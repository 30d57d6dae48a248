/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/compare_draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/game/game.h"
#include "core/search/trace.h"
#include "core/session/compare_part.h"
#include "core/session/figures.h"
#include "tui/canvas_map.h"
#include "tui/widget/board.h"
#include "tui/widget/columns.h"
#include "tui/widget/inspector_draw.h"
#include "tui/widget/tree_draw.h"

enum {
	HEAD_ROWS = 5,    /* scrubber, two sides, parting, place */
	WORDS_WIDTH = 70, /* from here on the marks are words, with ranks */
	ALL_WIDTH = 140,  /* and from here on there are trees and boards */
	ALL_HEIGHT = 30,
	NAME_LEAST = 7,
	RANK_WIDTH = 3,
};

static const char *const side_names[COMPARE_SIDES] = {"left", "right"};

const char *compare_mark_name(enum compare_mark m)
{
	static const char *const names[COMPARE_MARKS] = {
		[COMPARE_NONE] = "",
		[COMPARE_ONLY_LEFT] = "only left",
		[COMPARE_ONLY_RIGHT] = "only right",
		[COMPARE_ORDER] = "order differs",
	};

	return names[m];
}

const char *compare_sort_name(enum compare_sort s)
{
	static const char *const names[COMPARE_SORTS] = {
		[COMPARE_BY_LEFT] = "left",
		[COMPARE_BY_RIGHT] = "right",
		[COMPARE_BY_GAP] = "difference",
		[COMPARE_BY_MOVE] = "move",
	};

	return names[s];
}

/* ---- lines of text that the screen and the command share ---- */

static void add_percent(struct buf *out, double share)
{
	if (isnan(share))
		buf_putc(out, '?');
	else
		buf_printf(out, "%.0f%%", 100 * share);
}

static void add_common(const struct compare *c, struct buf *out)
{
	const struct compare_part *p = &c->part;
	struct buf line;

	buf_init(&line);
	game_line_text(c->game, c->side[0].root, p->line, p->depth, &line);
	buf_puts(out, line.data);
	buf_release(&line);
}

void compare_part_text(const struct compare *c, struct buf *out)
{
	const struct compare_part *p = &c->part;

	if (!c->side[0].trace || !c->side[1].trace) {
		buf_puts(out, "both sides are needed to tell where they part");
		return;
	}
	if (!p->parted) {
		buf_printf(out, "agree on %d move%s", p->depth,
			   p->depth == 1 ? "" : "s");
		if (p->depth) {
			buf_puts(out, ": ");
			add_common(c, out);
		}
		if (p->ends[0] != p->ends[1])
			buf_printf(out, "; %s looked no further",
				   side_names[p->ends[0] ? 0 : 1]);
		buf_puts(out, "; apart at the root ");
		add_percent(out, c->root_apart);
		return;
	}
	if (p->depth == 0) {
		buf_puts(out, "part at once");
	} else {
		buf_puts(out, "part after ");
		add_common(c, out);
	}
	for (int i = 0; i < COMPARE_SIDES; i++) {
		buf_printf(out, "%s %s %s ", i ? ";" : ":", side_names[i],
			   p->text[i]);
		add_percent(out, p->weight[i][i]);
		buf_printf(out, " (%s ", side_names[!i]);
		add_percent(out, p->weight[!i][i]);
		buf_putc(out, ')');
	}
	buf_puts(out, "; apart ");
	add_percent(out, p->apart);
}

static void add_value(struct buf *out, const char *name, double v)
{
	if (!isnan(v))
		buf_printf(out, "  %s %+.3f", name, v);
}

/* What a side says of the position that was searched. */
static void side_text(const struct compare *c, const struct compare_who *who,
		      int i, struct buf *out)
{
	const struct inspector *s = &c->side[i];
	struct figures f;

	if (who->thinking)
		buf_puts(out, "  thinking");
	else if (*who->best)
		buf_printf(out, "  plays %s", who->best);
	if (!s->trace)
		return;
	figures_of(&s->view, &s->path, 0, 0, &f);
	buf_printf(out, "  N %u", f.visits);
	add_value(out, "Q", f.q);
	add_value(out, "V", f.v);
}

static void place_text(const struct compare *c, struct buf *out)
{
	buf_printf(out, "at %s", c->depth ? c->way_text : "root");
	if (c->depth && !(c->here[0] && c->here[1]))
		buf_printf(out, "  %s never came here",
			   side_names[c->here[0] ? 1 : 0]);
	else if (!isnan(c->apart))
		buf_printf(out, "  apart %.0f%%", 100 * c->apart);
}

/* ---- the table ---- */

static int names_width(const struct compare *c)
{
	int widest = NAME_LEAST;

	for (int i = 0; i < c->count; i++)
		if (canvas_width(c->rows[i].text) + 2 > widest)
			widest = canvas_width(c->rows[i].text) + 2;
	return widest;
}

struct layout {
	bool words;
	int names, mark, rank;
	enum figure list[FIGURE_COUNT];
	int count;
	int side[COMPARE_SIDES]; /* first column of each */
	int mark_at, width;
};

static struct layout layout_for(const struct compare *c, int width)
{
	struct layout l = {.words = width >= WORDS_WIDTH};
	int side;

	l.names = names_width(c);
	l.mark = l.words ? 13 : 1;
	l.rank = l.words ? RANK_WIDTH : 0;
	side = (width - l.names - l.mark) / 2;
	l.count = columns_fit(side - l.rank, l.list);
	side = l.rank + columns_total(l.list, l.count);
	l.side[0] = l.names;
	l.mark_at = l.names + side + (l.words ? 1 : 0);
	l.side[1] = l.names + side + l.mark;
	l.width = l.side[1] + side;
	return l;
}

static const char *mark_text(enum compare_mark m, bool words)
{
	static const char *const signs[COMPARE_MARKS] = {
		[COMPARE_NONE] = "",
		[COMPARE_ONLY_LEFT] = "<",
		[COMPARE_ONLY_RIGHT] = ">",
		[COMPARE_ORDER] = "~",
	};

	return words ? compare_mark_name(m) : signs[m];
}

static void rank_text(const struct compare_row *r, int side, char out[16])
{
	if (r->rank[side])
		snprintf(out, 16, "%d", r->rank[side]);
	else
		snprintf(out, 16, "-");
}

static int top_row(const struct compare *c, int visible)
{
	int top = c->cursor - visible / 2;

	if (top > c->count - visible)
		top = c->count - visible;
	return top < 0 ? 0 : top;
}

static void draw_row(const struct compare *c, const struct layout *l, int index,
		     struct canvas *pane, int y)
{
	const struct compare_row *r = &c->rows[index];
	bool here = index == c->cursor, focused = c->focus == COMPARE_TABLE;
	enum style st = here && focused ? STYLE_SELECTED : STYLE_NORMAL;
	enum style ms = st == STYLE_SELECTED       ? st
			: r->mark == COMPARE_ORDER ? STYLE_MARKED
						   : STYLE_WARN;
	bool on_path = (r->known[0] && r->f[0].on_path) ||
		       (r->known[1] && r->f[1].on_path);

	if (here && focused) {
		canvas_fill(pane, y, 0, 1, pane->width, st, ' ');
		canvas_cursor(pane, y, 0);
	}
	if (on_path)
		canvas_text(pane, y, 0, STYLE_MARKED,
			    pane->ascii ? "@" : "\342\227\217");
	else if (here)
		canvas_text(pane, y, 0, st, ">");
	canvas_field(pane, y, 1, l->names - 1,
		     on_path && !here ? STYLE_MARKED : st, r->text);
	for (int i = 0; i < COMPARE_SIDES; i++) {
		char rank[16];

		rank_text(r, i, rank);
		if (l->rank)
			canvas_right(pane, y, l->side[i] + l->rank, st, rank);
		if (r->known[i])
			columns_draw(pane, y, l->side[i] + l->rank, l->list,
				     l->count, &r->f[i], st);
	}
	canvas_text(pane, y, l->mark_at, ms, mark_text(r->mark, l->words));
}

static void draw_table(const struct compare *c, struct canvas *pane)
{
	struct layout l = layout_for(c, pane->width);
	int visible = pane->height - 1, top = top_row(c, visible);

	canvas_region(pane, c, COMPARE_TABLE, 0);
	if (pane->height < 1)
		return;
	canvas_text(pane, 0, 1, STYLE_LABEL, "move");
	for (int i = 0; i < COMPARE_SIDES; i++) {
		if (l.rank)
			canvas_right(pane, 0, l.side[i] + l.rank, STYLE_LABEL,
				     "#");
		columns_draw_heads(pane, 0, l.side[i] + l.rank, l.list, l.count,
				   FIGURE_COUNT);
	}
	if (l.words)
		canvas_text(pane, 0, l.mark_at, STYLE_DIM,
			    pane->ascii ? "<- L   R ->"
					: "\342\227\202 L   R \342\226\270");
	if (c->count == 0 && visible > 0)
		canvas_text(pane, 1, 1, STYLE_DIM,
			    "no move has been tried here");
	for (int i = top; i < c->count && i < top + visible; i++)
		draw_row(c, &l, i, pane, i - top + 1);
}

/* ---- trees and boards ---- */

struct side_of {
	const struct compare *c;
	int side;
};

static bool is_alone(const void *self, uint32_t node)
{
	const struct side_of *s = self;

	return compare_alone(s->c, s->side, node);
}

static void draw_tree(const struct compare *c, int i, struct canvas *pane)
{
	enum compare_pane which = i ? COMPARE_RIGHT_TREE : COMPARE_LEFT_TREE;
	const struct side_of self = {c, i};
	const struct tree_notes notes = {is_alone, &self};

	canvas_region(pane, c, which, 0);
	if (c->side[i].trace)
		tree_draw_noted(&c->side[i].tree, pane, c->focus == which,
				&notes);
	else
		canvas_text(pane, 0, 1, STYLE_DIM, "nobody searched here yet");
}

static void draw_side(const struct compare *c, int i, struct canvas *canvas,
		      int row, int col, int height, int width)
{
	bool focused = c->focus == (i ? COMPARE_RIGHT_TREE : COMPARE_LEFT_TREE);
	int tree = width * 3 / 5;
	struct canvas pane =
		canvas_pane(canvas, row + 1, col + 1, height - 2, tree - 2);
	char title[32];

	snprintf(title, sizeof(title), focused ? "[%s tree]" : "%s tree",
		 side_names[i]);
	canvas_box(canvas, row, col, height, tree, title);
	draw_tree(c, i, &pane);
	snprintf(title, sizeof(title), "%s board", side_names[i]);
	canvas_box(canvas, row, col + tree, height, width - tree, title);
	pane = canvas_pane(canvas, row + 1, col + tree + 1, height - 2,
			   width - tree - 2);
	if (c->here[i])
		inspector_draw_board(&c->side[i], &pane, false);
	else
		canvas_text(&pane, 0, 0, STYLE_DIM,
			    c->side[i].trace ? "never came here"
					     : "no search yet");
}

static void draw_all(const struct compare *c, struct canvas *canvas)
{
	int height = canvas->height - HEAD_ROWS, half = canvas->width / 2;
	int upper =
		c->count + 1 < height * 2 / 5 ? c->count + 1 : height * 2 / 5;
	struct canvas pane;

	if (upper < 3)
		upper = 3;
	pane = canvas_pane(canvas, HEAD_ROWS, 0, upper, canvas->width);
	draw_table(c, &pane);
	draw_side(c, 0, canvas, HEAD_ROWS + upper, 0, height - upper, half);
	draw_side(c, 1, canvas, HEAD_ROWS + upper, half, height - upper,
		  canvas->width - half);
}

static void draw_trees(const struct compare *c, struct canvas *canvas)
{
	int height = canvas->height - HEAD_ROWS, half = canvas->width / 2;
	struct canvas left =
		canvas_pane(canvas, HEAD_ROWS, 0, height, half - 1);
	struct canvas right = canvas_pane(canvas, HEAD_ROWS, half, height,
					  canvas->width - half);

	if (height < 1)
		return;
	draw_tree(c, 0, &left);
	for (int row = HEAD_ROWS; row < canvas->height; row++)
		canvas_glyph(canvas, row, half - 1, STYLE_BORDER,
			     canvas->ascii ? '|' : 0x2502);
	draw_tree(c, 1, &right);
}

/* ---- what stands above ---- */

static void draw_scrubber(const struct compare *c, struct canvas *canvas)
{
	uint32_t total = compare_total(c);
	int col, width, mark;

	if (total == 0) {
		canvas_text(canvas, 0, 0, STYLE_LABEL,
			    "no simulations to step through");
		return;
	}
	col = canvas_printf(canvas, 0, 0, STYLE_BOLD, "sim %u", c->at);
	col = canvas_printf(canvas, 0, col, STYLE_LABEL, "/%u ", total);
	width = canvas->width / 3 > 40 ? 40 : canvas->width / 3;
	mark = (int)((uint64_t)c->at * (uint64_t)(width - 1) / total);
	for (int i = 0; i < width; i++)
		canvas_glyph(canvas, 0, col + i,
			     i == mark ? STYLE_MARKED : STYLE_DIM,
			     i == mark ? (canvas->ascii ? '@' : 0x25cf)
				       : (canvas->ascii ? '-' : 0x2500));
	col += width + 1;
	for (int i = 0; i < COMPARE_SIDES; i++) {
		const struct inspector *s = &c->side[i];

		if (s->trace && s->trace->sim_count < c->at)
			col = canvas_printf(canvas, 0, col, STYLE_WARN,
					    "%s ended at %u ", side_names[i],
					    s->trace->sim_count);
	}
}

/* Both names in one column, so that what follows can be compared. */
static void draw_who(const struct compare *c,
		     const struct compare_who who[COMPARE_SIDES],
		     struct canvas *canvas)
{
	int widest = 10; /* "nobody yet" */

	for (int i = 0; i < COMPARE_SIDES; i++)
		if (canvas_width(who[i].name) > widest)
			widest = canvas_width(who[i].name);
	for (int i = 0; i < COMPARE_SIDES; i++) {
		struct buf text;
		int room;

		buf_init(&text);
		side_text(c, &who[i], i, &text);
		room = canvas->width - 6 - canvas_width(text.data);
		room = room < 12 ? 12 : room > widest ? widest : room;
		canvas_text(canvas, 1 + i, 0, STYLE_LABEL, side_names[i]);
		canvas_field(canvas, 1 + i, 6, room, STYLE_BOLD,
			     *who[i].name ? who[i].name : "nobody yet");
		canvas_text(canvas, 1 + i, 6 + room, STYLE_VALUE, text.data);
		buf_release(&text);
	}
}

static void draw_place(const struct compare *c, struct canvas *canvas, int row)
{
	static const char *const panes[COMPARE_PANES] = {"table", "left tree",
							 "right tree"};
	struct buf text;
	int col;

	buf_init(&text);
	place_text(c, &text);
	col = canvas_text(canvas, row, 0, STYLE_VALUE, text.data) + 2;
	buf_release(&text);
	for (int i = 0; i < COMPARE_PANES; i++) {
		bool here = (enum compare_pane)i == c->focus;

		col = canvas_printf(canvas, row, col,
				    here ? STYLE_SELECTED : STYLE_LABEL,
				    here ? "[%s]" : " %s ", panes[i]);
	}
	canvas_printf(canvas, row, col + 1, STYLE_DIM, "by %s",
		      compare_sort_name(c->sort));
}

void compare_draw(const struct compare *c,
		  const struct compare_who who[COMPARE_SIDES],
		  struct canvas *canvas)
{
	struct canvas pane;
	struct buf part;

	draw_scrubber(c, canvas);
	draw_who(c, who, canvas);
	buf_init(&part);
	compare_part_text(c, &part);
	canvas_field(canvas, 3, 0, canvas->width, STYLE_MARKED, part.data);
	buf_release(&part);
	draw_place(c, canvas, 4);
	if (canvas->height <= HEAD_ROWS)
		return;
	if (canvas->width >= ALL_WIDTH && canvas->height >= ALL_HEIGHT) {
		draw_all(c, canvas);
		return;
	}
	if (c->focus != COMPARE_TABLE) {
		draw_trees(c, canvas);
		return;
	}
	pane = canvas_pane(canvas, HEAD_ROWS, 0, canvas->height - HEAD_ROWS,
			   canvas->width);
	draw_table(c, &pane);
}

bool compare_draw_click(struct compare *c, const struct mouse_event *m)
{
	for (int i = 0; i < COMPARE_PANES; i++) {
		const struct canvas_region *p = canvas_map_find(m->seen, c, i);
		enum compare_pane pane = (enum compare_pane)i;
		int y, row = -1;

		if (!canvas_map_inside(p, m->row, m->col))
			continue;
		y = m->row - p->row;
		if (pane != COMPARE_TABLE && c->side[i - 1].trace)
			row = tree_draw_row_at(&c->side[i - 1].tree, p->height,
					       y);
		else if (pane == COMPARE_TABLE && y >= 1 && y < p->height)
			row = top_row(c, p->height - 1) + y - 1;
		return compare_point(c, pane, row);
	}
	return false;
}

/* ---- as text ---- */

static void print_row(const struct compare_row *r, const struct layout *l,
		      bool ascii, struct buf *out)
{
	char rank[16];

	buf_printf(out, "%-*s", l->names, r->text);
	for (int i = 0; i < COMPARE_SIDES; i++) {
		rank_text(r, i, rank);
		buf_printf(out, "%*s", l->rank, rank);
		if (r->known[i])
			columns_print(out, l->list, l->count, &r->f[i], ascii);
		else
			buf_printf(out, "%*s", columns_total(l->list, l->count),
				   "");
		if (i == 0)
			buf_printf(out, " %-*s", l->mark,
				   compare_mark_name(r->mark));
	}
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	buf_putc(out, '\n');
}

void compare_draw_print(const struct compare *c,
			const struct compare_who who[COMPARE_SIDES], bool ascii,
			struct buf *out)
{
	struct layout l = layout_for(c, 108);

	buf_printf(out, "simulation: %u of %u\n", c->at, compare_total(c));
	for (int i = 0; i < COMPARE_SIDES; i++) {
		buf_printf(out, "%-5s: %s", side_names[i], who[i].name);
		side_text(c, &who[i], i, out);
		buf_putc(out, '\n');
	}
	compare_part_text(c, out);
	buf_putc(out, '\n');
	place_text(c, out);
	buf_printf(out, "\n\n%-*s", l.names, "move");
	for (int i = 0; i < COMPARE_SIDES; i++) {
		buf_printf(out, "%*s", l.rank, "#");
		columns_print_heads(out, l.list, l.count);
		if (i == 0)
			buf_printf(out, " %-*s", l.mark, "<- left right ->");
	}
	buf_putc(out, '\n');
	for (int i = 0; i < c->count; i++)
		print_row(&c->rows[i], &l, ascii, out);
}
