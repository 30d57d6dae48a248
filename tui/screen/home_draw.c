/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/home.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/row/words.h"

enum {
	COL_NAME,
	COL_KIND,
	COL_GAME,
	COL_STEP,
	COL_GAMES,
	COL_ELO,
	COL_SPREAD,
	COL_CURVE,
	COL_STATUS,
	RUN_COLUMNS
};
enum { CURVE_WIDTH = 12, WIDE = 64, ROOMY = 120 };

static const struct table_column run_columns[RUN_COLUMNS] = {
	[COL_NAME] = {.head = "Run", .width = 16, .least = 8, .grow = true},
	[COL_KIND] = {.head = "Kind", .width = 7, .rank = 3},
	[COL_GAME] = {.head = "Game", .width = 16, .least = 8, .rank = 6},
	[COL_STEP] = {.head = "Step", .width = 7, .right = true, .rank = 4},
	[COL_GAMES] = {.head = "Games", .width = 8, .right = true, .rank = 7},
	[COL_ELO] = {.head = "Elo", .width = 5, .right = true, .rank = 1},
	[COL_SPREAD] = {.head = "±", .width = 4, .right = true, .rank = 5},
	[COL_CURVE] = {.head = "Elo so far", .width = CURVE_WIDTH, .rank = 2},
	[COL_STATUS] = {.head = "State", .width = 9},
};

enum {
	COL_ID,
	COL_WHAT,
	COL_FIRST,
	COL_SECOND,
	COL_RESULT,
	COL_PLIES,
	COL_PURPOSE,
	COL_WHEN,
	GAME_COLUMNS
};

static const struct table_column game_columns[GAME_COLUMNS] = {
	[COL_ID] = {.head = "#", .width = 7, .least = 5, .right = true},
	[COL_WHAT] = {.head = "Game", .width = 16, .least = 9, .rank = 5},
	[COL_FIRST] = {.head = "First", .width = 30, .least = 10, .grow = true},
	[COL_SECOND] = {.head = "Second",
			.width = 30,
			.least = 10,
			.grow = true},
	[COL_RESULT] = {.head = "Won", .width = 6},
	[COL_PLIES] = {.head = "Plies", .width = 5, .right = true, .rank = 2},
	[COL_PURPOSE] = {.head = "From", .width = 8, .rank = 4},
	[COL_WHEN] = {.head = "When", .width = 16, .rank = 6},
};

void home_prepare(struct home *h)
{
	table_init(&h->runs_table, run_columns, RUN_COLUMNS);
	table_init(&h->games_table, game_columns, GAME_COLUMNS);
	h->runs_table.empty =
		h->readonly ? "No runs." : "No runs yet: t trains an agent.";
	h->games_table.empty = "No games yet: p plays one.";
	h->seen = mem_zalloc(1, sizeof(*h->seen));
}

void home_release(struct home *h)
{
	/* also after open() gave up before home_prepare() */
	table_release(&h->runs_table);
	table_release(&h->games_table);
	free(h->runs);
	free(h->games);
	free(h->seen);
}

int home_menu_row(const struct home *h, int row, int col)
{
	const struct home_seen *s = h->seen;
	int entry = row - s->row + s->first;

	if (row < s->row || row >= s->row + s->height || col < s->col ||
	    col >= s->col + s->width || entry >= h->menu_count)
		return -1;
	return entry;
}

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
		level = high > low ? (int)((y - low) / (high - low) * 7.99) : 3;
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

static void run_cell(const void *self, int row, int column, struct buf *out,
		     enum style *st)
{
	const struct home *h = self;
	const struct home_run *r = &h->runs[row];

	switch (column) {
	case COL_NAME:
		buf_puts(out, r->name);
		*st = STYLE_BOLD;
		break;
	case COL_KIND:
		buf_puts(out, r->kind);
		break;
	case COL_GAME:
		buf_puts(out, r->game);
		break;
	case COL_STEP:
		if (r->step >= 0)
			buf_printf(out, "%lld", (long long)r->step);
		break;
	case COL_GAMES:
		buf_printf(out, "%lld", (long long)r->games);
		break;
	case COL_ELO:
		*st = STYLE_VALUE;
		if (!isnan(r->elo))
			buf_printf(out, "%.0f", r->elo);
		break;
	case COL_SPREAD:
		*st = STYLE_DIM;
		if (!isnan(r->elo) && !isnan(r->elo_low))
			buf_printf(out, "%.0f", (r->elo_high - r->elo_low) / 2);
		break;
	case COL_CURVE:
		*st = STYLE_SERIES0;
		curve_text(r, CURVE_WIDTH, out);
		break;
	case COL_STATUS:
		*st = status_style(r->status);
		buf_printf(out, "%s %s", status_glyph(r->status), r->status);
		break;
	}
}

static void game_cell(const void *self, int row, int column, struct buf *out,
		      enum style *st)
{
	const struct home *h = self;
	const struct home_game *g = &h->games[row];
	const struct table *t = &h->games_table;

	switch (column) {
	case COL_ID:
		buf_printf(out, "%lld", (long long)g->id);
		*st = STYLE_DIM;
		break;
	case COL_WHAT:
		buf_puts(out, g->game);
		break;
	case COL_FIRST:
		agent_fit(g->first, table_width(t, column), out);
		*st = !strcmp(g->result, "first") ? STYLE_BOLD : STYLE_NORMAL;
		break;
	case COL_SECOND:
		agent_fit(g->second, table_width(t, column), out);
		*st = !strcmp(g->result, "second") ? STYLE_BOLD : STYLE_NORMAL;
		break;
	case COL_RESULT:
		buf_puts(out, g->result);
		break;
	case COL_PLIES:
		buf_printf(out, "%d", g->plies);
		break;
	case COL_PURPOSE:
		buf_puts(out, g->purpose);
		break;
	case COL_WHEN:
		buf_puts(out, g->when);
		*st = STYLE_DIM;
		break;
	}
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
	buf_printf(out, " · %lld %s%s", (long long)n, one, n == 1 ? "" : "s");
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

	*h->seen = (struct home_seen){.row = c->top,
				      .col = c->left,
				      .height = c->height,
				      .width = c->width,
				      .first = top};
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

static void draw_job(const struct home_job *j, struct canvas *c, int row)
{
	int width = c->width, filled;
	double part = j->total > 0 ? j->done / j->total : 0;

	canvas_text(c, row, 0, status_style(j->state), status_glyph(j->state));
	canvas_field(c, row, 2, width - 7, STYLE_BOLD,
		     *j->run ? j->run : j->kind);
	if (j->total > 0) {
		char percent[8];

		part = part < 0 ? 0 : part > 1 ? 1 : part;
		snprintf(percent, sizeof(percent), "%d%%", (int)(part * 100.0));
		canvas_right(c, row, width, STYLE_VALUE, percent);
		filled = (int)(part * (double)width);
		for (int i = 0; i < width; i++)
			canvas_glyph_or(c, row + 1, i,
					i < filled ? STYLE_GOOD : STYLE_DIM,
					i < filled ? 0x2588 : 0x2591,
					i < filled ? '#' : '.');
	} else {
		canvas_text(c, row + 1, 2, STYLE_DIM, j->kind);
	}
	canvas_field(c, row + 2, 0, width, STYLE_DIM, j->message);
}

static void draw_jobs(const struct home *h, struct canvas *c)
{
	enum { ROWS = 4 };

	if (!h->job_count)
		canvas_text(c, 0, 0, STYLE_DIM, "Nothing runs now.");
	for (int i = 0; i < h->job_count && i * ROWS < c->height; i++)
		draw_job(&h->jobs[i], c, i * ROWS);
}

static void draw_table(const struct table *t, struct canvas *c, bool focus,
		       table_cell_fn *cell, const struct home *h)
{
	struct table shown = *t;

	shown.asleep = !focus;
	table_draw(&shown, c, cell, h);
}

/* One pane at a time, as there is no room for more. */
static void draw_narrow(const struct home *h, struct canvas *c)
{
	struct canvas body = canvas_pane(c, 2, 1, c->height - 2, c->width - 2);

	h->seen->height = 0; /* a click cannot hit what is not shown */
	canvas_field(c, 0, 1, c->width - 2, STYLE_BOLD, h->path);
	switch (h->pane) {
	case HOME_RUNS:
		canvas_text(c, 1, 1, STYLE_TITLE, "Runs");
		draw_table(&h->runs_table, &body, true, run_cell, h);
		break;
	case HOME_GAMES:
		canvas_text(c, 1, 1, STYLE_TITLE, "Newest games");
		draw_table(&h->games_table, &body, true, game_cell, h);
		break;
	default:
		canvas_text(c, 1, 1, STYLE_TITLE, "Menu");
		draw_menu(h, &body, true, body.width >= 30);
	}
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
	runs = rest * 11 / 20;
	in = pane_box(c, top, left, runs, c->width - left, "Runs",
		      h->pane == HOME_RUNS);
	draw_table(&h->runs_table, &in, h->pane == HOME_RUNS, run_cell, h);
	in = pane_box(c, top + runs, left, rest - runs, c->width - left,
		      "Newest games", h->pane == HOME_GAMES);
	draw_table(&h->games_table, &in, h->pane == HOME_GAMES, game_cell, h);
}
