/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/home.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "store/store.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/row/kinds.h"
#include "tui/row/row.h"
#include "tui/row/words.h"
#include "tui/row/write.h"
#include "tui/widget/table.h"

enum { CURVE_WIDTH = 12, WIDE = 64, ROOMY = 120 };

/* A curve as text of `width` cells: the highest of each stretch. */
static void curve_text(const struct home_run *r, int width, struct buf *out)
{
	static const char *const ramp[] = {"▁", "▂", "▃", "▄",
					   "▅", "▆", "▇", "█"};
	double low = INFINITY, high = -INFINITY;
	int n = r->curve_count, cells = n < width ? n : width;

	for (int i = 0; i < n; i++) {
		low = fmin(low, r->curve[i]);
		high = fmax(high, r->curve[i]);
	}
	for (int i = 0; i < cells; i++) {
		double y = -INFINITY;
		int level;

		for (int k = i * n / cells; k < (i + 1) * n / cells; k++)
			y = fmax(y, r->curve[k]);
		/* Halves, for the spread may be more than a number holds. */
		y = high > low ? (y / 2 - low / 2) / (high / 2 - low / 2)
			       : 3.5 / 7.99;
		level = y >= 0 ? (int)(fmin(y, 1) * 7.99) : 0;
		buf_puts(out, ramp[level]);
	}
}

static enum style status_style(const char *status)
{
	if (!strcmp(status, "running"))
		return STYLE_GOOD;
	if (!strcmp(status, "failed"))
		return STYLE_BAD;
	if (!strcmp(status, "paused"))
		return STYLE_WARN;
	return STYLE_DIM;
}

static const char *status_glyph(const char *status)
{
	if (!strcmp(status, "running"))
		return "▶";
	if (!strcmp(status, "failed"))
		return "✗";
	if (!strcmp(status, "paused"))
		return "=";
	if (!strcmp(status, "done"))
		return "✓";
	return "■";
}

static void write_spread(const void *row, struct row_at *at, struct buf *out)
{
	const struct store_run *r = &((const struct home_run *)row)->run;

	(void)at;
	if (!isnan(r->elo) && !isnan(r->elo_low))
		buf_printf(out, "%.0f", (r->elo_high - r->elo_low) / 2);
}

static void write_curve(const void *row, struct row_at *at, struct buf *out)
{
	(void)at;
	curve_text(row, CURVE_WIDTH, out);
}

static void write_status(const void *member, struct row_at *at, struct buf *out)
{
	const char *status = *(const char *const *)member;

	at->style = status_style(status);
	buf_printf(out, "%s %s", status_glyph(status), status);
}

/* 1: the first player won, -1: the second; 0: neither, and where points count.
 */
static int winner(const struct store_game *g)
{
	if (isnan(g->result) || (!g->second && isfinite(g->score)))
		return 0;
	return (g->result > 0) - (g->result < 0);
}

static void write_first(const void *member, struct row_at *at, struct buf *out)
{
	row_write_agent(member, at, out);
	if (winner(at->row) > 0)
		at->style = STYLE_BOLD;
}

static void write_second(const void *member, struct row_at *at, struct buf *out)
{
	row_write_agent(member, at, out);
	if (winner(at->row) < 0)
		at->style = STYLE_BOLD;
}

static void write_result(const void *row, struct row_at *at, struct buf *out)
{
	(void)at;
	result_text(row, out);
}

#define ROW struct home_run

/* Both lists with heads of their own, and less room than on their screens. */
static const struct row_field run_fields[] = {
	ROW_FIELD("name", ROW_TEXT, run.name, .head = "Run", .width = 16,
		  .least = 8, .style = STYLE_BOLD, .flags = ROW_GROW),
	ROW_FIELD("kind", ROW_TEXT, run.kind, .head = "Kind", .width = 7,
		  .rank = 3),
	ROW_FIELD("game", ROW_TEXT, run.game, .text = row_write_game,
		  .head = "Game", .width = 16, .least = 8, .rank = 6),
	ROW_FIELD("last_step", ROW_STEP, run.last_step, .head = "Step",
		  .width = 7, .rank = 4),
	ROW_FIELD("games", ROW_INT64, run.games, .head = "Games", .width = 8,
		  .rank = 7),
	ROW_FIELD("elo", ROW_REAL, run.elo, .head = "Elo", .width = 5,
		  .rank = 1, .style = STYLE_VALUE),
	ROW_MAKE("spread", .text = write_spread, .head = "±", .width = 4,
		 .rank = 5, .style = STYLE_DIM, .flags = ROW_RIGHT),
	ROW_MAKE("curve", .text = write_curve, .head = "Elo so far",
		 .width = CURVE_WIDTH, .rank = 2, .style = STYLE_SERIES0),
	ROW_FIELD("status", ROW_TEXT, run.status, .text = write_status,
		  .head = "State", .width = 9),
	{.name = NULL},
};

#undef ROW
#define ROW struct store_game

static const struct row_field game_fields[] = {
	ROW_FIELD("id", ROW_INT64, id, .head = "#", .width = 7, .least = 5,
		  .style = STYLE_DIM),
	ROW_FIELD("game", ROW_TEXT, game, .text = row_write_game,
		  .head = "Game", .width = 16, .least = 9, .rank = 5),
	ROW_FIELD("first", ROW_TEXT, first, .text = write_first,
		  .head = "First", .width = 30, .least = 10, .flags = ROW_GROW),
	ROW_FIELD("second", ROW_TEXT, second, .text = write_second,
		  .head = "Second", .width = 30, .least = 10,
		  .flags = ROW_GROW),
	ROW_MAKE("won", .text = write_result, .head = "Won", .width = 6),
	ROW_FIELD("plies", ROW_INT, plies, .head = "Plies", .width = 5,
		  .rank = 2),
	ROW_FIELD("purpose", ROW_TEXT, purpose, .head = "From", .width = 8,
		  .rank = 4),
	ROW_FIELD("created_ms", ROW_DATE, created_ms, .head = "When",
		  .width = 16, .rank = 6, .style = STYLE_DIM,
		  .flags = ROW_DASH),
	{.name = NULL},
};

void home_prepare(struct home *h)
{
	row_view_init(&h->runs_view, &row_run, run_fields,
		      "name kind game last_step games elo spread curve status");
	row_view_init(&h->games_view, &row_game, game_fields,
		      "id game first second won plies purpose created_ms");
	table_init(&h->runs_table, h->runs_view.columns, h->runs_view.count);
	table_init(&h->games_table, h->games_view.columns, h->games_view.count);
	row_view_init(&h->studies_view, &row_study, NULL,
		      "name badge question progress held");
	table_init(&h->studies_table, h->studies_view.columns,
		   h->studies_view.count);
	h->runs_table.empty =
		h->readonly ? "No runs." : "No runs yet: t trains an agent.";
	h->games_table.empty = "No games yet: p plays one.";
}

void home_release(struct home *h)
{
	/* also after open() gave up before home_prepare() */
	free(h->runs);
	store_bag_release(&h->runs_bag);
	store_bag_release(&h->games_bag);
	store_bag_release(&h->studies_bag);
}

static void run_cell(const void *self, int row, int column, int width,
		     struct buf *out, enum style *st)
{
	const struct home *h = self;

	row_cell(&h->runs_view, column, &h->runs[row], width, out, st);
}

static void game_cell(const void *self, int row, int column, int width,
		      struct buf *out, enum style *st)
{
	const struct home *h = self;

	row_cell(&h->games_view, column, &h->games[row], width, out, st);
}

static void study_cell(const void *self, int row, int column, int width,
		       struct buf *out, enum style *st)
{
	const struct home *h = self;

	row_cell(&h->studies_view, column, &h->studies[row], width, out, st);
}

bool home_find(struct home *h, const char *text)
{
	if (h->pane == HOME_GAMES)
		return table_find(&h->games_table, text, game_cell, h);
	if (h->pane == HOME_STUDIES)
		return table_find(&h->studies_table, text, study_cell, h);
	if (!table_find(&h->runs_table, text, run_cell, h))
		return false;
	h->pane = HOME_RUNS;
	return true;
}

/* A box whose frame tells whether it has the keys. */
static struct canvas pane_box(struct canvas *c, int row, int col, int height,
			      int width, const char *title, bool focus)
{
	struct canvas in = canvas_box(c, row, col, height, width, title);

	if (focus) {
		canvas_style(c, row, col, width, STYLE_TITLE);
		canvas_style(c, row + height - 1, col, width, STYLE_TITLE);
		for (int i = 1; i < height - 1; i++) {
			canvas_style(c, row + i, col, 1, STYLE_TITLE);
			canvas_style(c, row + i, col + width - 1, 1,
				     STYLE_TITLE);
		}
	}
	return canvas_pane(&in, 0, 1, in.height, in.width - 2);
}

static void size_text(int64_t bytes, char *out, size_t size)
{
	if (bytes < 1000 * 1000)
		snprintf(out, size, "%.0f kB", (double)bytes / 1e3);
	else if (bytes < 1000 * 1000 * 1000)
		snprintf(out, size, "%.1f MB", (double)bytes / 1e6);
	else
		snprintf(out, size, "%.1f GB", (double)bytes / 1e9);
}

static void count_text(int64_t n, const char *one, struct buf *out)
{
	buf_puts(out, " · ");
	buf_counted(out, n, one);
}

/* Returns the rows taken: two when path and counts do not fit side by side. */
static int draw_head(const struct home *h, struct canvas *c)
{
	struct buf counts;
	char size[32];
	int width, rows;

	buf_init(&counts);
	size_text(h->bytes, size, sizeof(size));
	buf_puts(&counts, size);
	count_text(h->runs_table.row_count, "run", &counts);
	count_text(h->checkpoint_count, "checkpoint", &counts);
	count_text(h->game_count, "game", &counts);
	if (h->readonly)
		buf_puts(&counts, " · read-only");
	width = canvas_width(h->path) + 1;
	rows = width + canvas_width(counts.data) + 3 <= c->width ? 1 : 2;
	canvas_field(c, 0, 1, rows == 1 ? width : c->width - 2, STYLE_BOLD,
		     h->path);
	if (rows == 1)
		canvas_right(c, 0, c->width - 1, STYLE_LABEL, counts.data);
	else
		canvas_field(c, 1, 1, c->width - 2, STYLE_LABEL, counts.data);
	buf_release(&counts);
	return rows;
}

static void draw_menu(const struct home *h, struct canvas *c, bool focus,
		      bool with_help)
{
	int top = h->menu_at >= c->height ? h->menu_at - c->height + 1 : 0;

	canvas_region(c, h, HOME_MENU_REGION, top);
	for (int i = top; i < h->menu_count && i - top < c->height; i++) {
		const struct home_entry *m = h->menu[i];
		bool on = focus && i == h->menu_at;
		enum style st = on ? STYLE_SELECTED : STYLE_NORMAL;
		char key[2] = {m->key, 0};

		canvas_fill(c, i - top, 0, 1, c->width, st, 0);
		canvas_text(c, i - top, 0, on ? st : STYLE_KEY, key);
		canvas_text(c, i - top, 3, st, m->label);
		if (with_help)
			canvas_field(c, i - top, 13, c->width - 13,
				     on ? st : STYLE_DIM, m->help);
		if (on)
			canvas_cursor(c, i - top, 3);
	}
}

/* What it is and how far; in a second row the bar, in a third what it says. */
static void draw_job(const struct home_job *j, struct canvas *c, int row,
		     int rows)
{
	int width = c->width, filled;
	double part = j->total > 0 ? j->done / j->total : 0;

	canvas_text(c, row, 0, status_style(j->state), status_glyph(j->state));
	canvas_field(c, row, 2, width - 7, STYLE_BOLD,
		     *j->run ? j->run : j->kind);
	if (j->total > 0) {
		char percent[8];

		part = part >= 0 ? fmin(part, 1) : 0; /* NAN, too */
		snprintf(percent, sizeof(percent), "%d%%", (int)(part * 100.0));
		canvas_right(c, row, width, STYLE_VALUE, percent);
		filled = (int)(part * (double)width);
		for (int i = 0; rows > 1 && i < width; i++)
			canvas_glyph_or(c, row + 1, i,
					i < filled ? STYLE_GOOD : STYLE_DIM,
					i < filled ? 0x2588 : 0x2591,
					i < filled ? '#' : '.');
	} else if (rows > 1) {
		canvas_field(c, row + 1, 2, width - 2, STYLE_DIM,
			     rows > 2 || !*j->message ? j->kind : j->message);
	}
	if (rows > 2)
		canvas_field(c, row + 2, 0, width, STYLE_DIM, j->message);
}

static void draw_jobs(const struct home *h, struct canvas *c)
{
	enum { ROWS = 4 };
	int rows, shown = h->job_count;

	if (!h->job_count) {
		canvas_text(c, 0, 0, STYLE_DIM, "Nothing runs now.");
		return;
	}
	/* All of them, each with as much as there is room for. */
	rows = c->height / h->job_count;
	rows = rows > ROWS ? ROWS : rows < 1 ? 1 : rows;
	if (shown * rows > c->height)
		shown = c->height - 1;
	for (int i = 0; i < shown; i++)
		draw_job(&h->jobs[i], c, i * rows, rows);
	if (shown < h->job_count && c->height > 0)
		canvas_printf(c, c->height - 1, 0, STYLE_DIM, "and %d more: o",
			      h->job_count - shown);
}

/* One pane at a time, as there is no room for more. */
static void draw_narrow(const struct home *h, struct canvas *c)
{
	struct canvas body = canvas_pane(c, 2, 1, c->height - 2, c->width - 2);

	canvas_field(c, 0, 1, c->width - 2, STYLE_BOLD, h->path);
	switch (h->pane) {
	case HOME_RUNS:
		canvas_text(c, 1, 1, STYLE_TITLE, "Runs");
		table_draw(&h->runs_table, &body, true, run_cell, h);
		break;
	case HOME_GAMES:
		canvas_text(c, 1, 1, STYLE_TITLE, "Newest games");
		table_draw(&h->games_table, &body, true, game_cell, h);
		break;
	case HOME_STUDIES:
		canvas_text(c, 1, 1, STYLE_TITLE, "Studies");
		table_draw(&h->studies_table, &body, true, study_cell, h);
		break;
	default:
		canvas_text(c, 1, 1, STYLE_TITLE, "Menu");
		draw_menu(h, &body, true, body.width >= 30);
	}
}

/* Its question, how far it is and what came of it, a line each; returns the
 * rows that it took. */
static int draw_studies(const struct home *h, struct canvas *c, int bottom,
			int left, int most)
{
	enum { AROUND = 3 }; /* the frame and the heads of columns */
	int height = h->studies_table.row_count + AROUND;
	struct canvas in;

	if (!h->studies_table.row_count)
		return 0;
	height = height < most ? height : most;
	in = pane_box(c, bottom - height, left, height, c->width - left,
		      "Studies", h->pane == HOME_STUDIES);
	table_draw(&h->studies_table, &in, h->pane == HOME_STUDIES, study_cell,
		   h);
	return height;
}

void home_draw(const void *self, struct canvas *c)
{
	const struct home *h = self;
	int top, left, rest, runs, menu;
	struct canvas in;

	if (c->width < WIDE || c->height < 16) {
		draw_narrow(h, c);
		return;
	}
	top = draw_head(h, c);
	left = c->width >= ROOMY ? 48 : 22;
	rest = c->height - top;
	menu = h->menu_count + 2;
	if (menu > rest - 4)
		menu = rest - 4;
	in = pane_box(c, top, 0, menu, left, "Menu", h->pane == HOME_MENU);
	draw_menu(h, &in, h->pane == HOME_MENU, left > 40);
	in = pane_box(c, top + menu, 0, rest - menu, left, "At work", false);
	draw_jobs(h, &in);
	rest -= draw_studies(h, c, c->height, left, rest / 3);
	runs = rest * 11 / 20;
	in = pane_box(c, top, left, runs, c->width - left, "Runs",
		      h->pane == HOME_RUNS);
	table_draw(&h->runs_table, &in, h->pane == HOME_RUNS, run_cell, h);
	in = pane_box(c, top + runs, left, rest - runs, c->width - left,
		      "Newest games", h->pane == HOME_GAMES);
	table_draw(&h->games_table, &in, h->pane == HOME_GAMES, game_cell, h);
}
