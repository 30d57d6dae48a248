/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/page.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/lab/serial_pages.h"
#include "core/net/tokens.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"

/*
 * What a run of kind serial wrote, word by word: the board that the word
 * belongs to as far as it is written, what the moves were worth before and
 * after, and what the network says of them once it has learned.
 */
struct pages_page {
	struct app *app; /* borrowed */
	char run[80];
	struct serial_pages_kept all;
	int at;   /* of the pages */
	int word; /* in hand */
};

/* BOARD: columns of the pane; TEXT: rows of the page's text, at least. */
enum { BOARD_WIDE = 26, BOARD_HIGH = 12, TEXT_LEAST = 6, COLUMN = 9 };

static const struct page *page_of(const struct pages_page *p)
{
	return p->all.count ? &p->all.pages[p->at].page : NULL;
}

/* The backup that a word belongs to. */
static int backup_at(const struct page *page, int word)
{
	int k = page->backup_count - 1;

	while (k > 0 && page->backups[k].first > word)
		k--;
	return k;
}

static enum err_code pages_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct pages_page *p = self;
	enum err_code rc;

	p->app = app;
	if (!*arg)
		return err_set(e, ERR_USAGE,
			       "name a run of the kind serial, as in `pages "
			       "s4`; `runs` lists them");
	snprintf(p->run, sizeof(p->run), "%s", arg);
	rc = serial_pages_load(lab_store(app->lab), p->run, &p->all, e);
	if (!rc && p->all.count)
		p->at = p->all.count - 1;
	return rc;
}

static void pages_close(void *self)
{
	struct pages_page *p = self;

	serial_pages_release(&p->all);
}

static void pages_status(const void *self, struct buf *out)
{
	const struct pages_page *p = self;

	buf_puts(out, p->run);
}

/* ---- the text ---- */

/* Where a word stands in the text of so many columns: a board, a move and what
 * follows AGAIN begin a line. */
struct layout {
	int row, col;
};

static bool begins_line(const struct page *page, int i)
{
	const struct page_word *w = &page->words[i];
	bool move = w->word >= token_move(0);

	return w->word == TOKEN_BOARD || w->word == TOKEN_AGAIN ||
	       w->word == TOKEN_FRESH || move;
}

static void lay(const struct page *page, int i, int width, struct layout *l,
		char text[PAGE_TEXT + 2])
{
	const struct page_backup *b = &page->backups[backup_at(page, i)];
	int wide;

	page_word_text(page, b->state, page->words[i].word, text);
	wide = canvas_width(text) + 1;
	if (i && (begins_line(page, i) || l->col + wide > width)) {
		l->row++;
		l->col = page->words[i].word == TOKEN_BOARD ? 0 : 2;
	}
}

static int row_of(const struct page *page, int word, int width)
{
	struct layout l = {0, 0};
	char text[PAGE_TEXT + 2];

	for (int i = 0; i <= word; i++) {
		lay(page, i, width, &l, text);
		l.col += canvas_width(text) + 1;
	}
	return l.row;
}

static enum style style_of(const struct page_word *w)
{
	if (w->word < TOKEN_MARKS || w->word >= token_move(0))
		return STYLE_BOLD;
	return token_is_cell(w->word) ? STYLE_DIM : STYLE_VALUE;
}

/* So that the word in hand is in view, with what comes before it. */
static void draw_text(const struct pages_page *p, struct canvas *c)
{
	const struct page *page = page_of(p);
	struct layout l = {0, 0};
	int width = c->width - 2;
	int top = row_of(page, p->word, width) - c->height / 2;
	int most = row_of(page, page->count - 1, width) - c->height + 1;

	top = top > most ? most : top;
	top = top < 0 ? 0 : top;
	for (int i = 0; i < page->count; i++) {
		char text[PAGE_TEXT + 2];
		int row, wide;

		lay(page, i, width, &l, text);
		row = l.row - top;
		wide = canvas_width(text);
		if (row >= 0 && row < c->height) {
			canvas_text(c, row, 1 + l.col,
				    i == p->word ? STYLE_SELECTED
						 : style_of(&page->words[i]),
				    text);
			/* No state is told by a style alone. */
			if (i == p->word) {
				canvas_glyph(c, row, l.col, STYLE_SELECTED,
					     '[');
				canvas_glyph(c, row, 1 + l.col + wide,
					     STYLE_SELECTED, ']');
				canvas_cursor(c, row, 1 + l.col);
			}
		}
		l.col += wide + 1;
	}
}

/* ---- the board ---- */

/* The cells of the board that the word belongs to, as far as they are written.
 */
static void read_cells(const struct page *page, int word, uint8_t *cells)
{
	const struct page_backup *b = &page->backups[backup_at(page, word)];
	int first = b->first, player, moves = 0, deep = 0;
	bool again = b->again >= 0 && word >= b->again - 1;

	for (int i = b->first; i <= word && !again; i++) {
		const struct page_word *w = &page->words[i];

		if (w->word < token_move(0))
			continue;
		moves++;
		first = i;
		deep = b->rollout ? moves : w->level == TOKEN_DEEP ? 2 : 1;
	}
	player = page->game->rules->to_act(page->game, b->state);
	if (deep % 2)
		player = 1 - player;
	memset(cells, 0, (size_t)page->form.cells);
	for (int i = first; i < first + page->form.cells + 1; i++) {
		const struct page_word *w = &page->words[i];

		if (i >= page->count || w->ask != PAGE_CELL || i > word)
			continue;
		if (w->word == token_cell(TOKEN_MINE))
			cells[w->place] = (uint8_t)(player + 1);
		else if (w->word == token_cell(TOKEN_THEIRS))
			cells[w->place] = (uint8_t)(2 - player);
	}
}

static void draw_board(const struct pages_page *p, struct canvas *c)
{
	const struct page *page = page_of(p);
	const struct page_backup *b = &page->backups[backup_at(page, p->word)];
	struct board board = BOARD_INIT(page->game, b->state);
	uint8_t cells[BOARD_CELLS];

	read_cells(page, p->word, cells);
	board.cells = cells;
	board_draw(&board, c);
}

/* ---- what is said ---- */

static void say_word(const struct page *page, int word, struct buf *out)
{
	const struct page_word *w = &page->words[word];
	const struct page_backup *b = &page->backups[backup_at(page, word)];
	char text[PAGE_TEXT], of[PAGE_TEXT];

	page_word_text(page, b->state, w->word, text);
	page_word_text(page, b->state,
		       token_move(w->branch < page->form.moves ? w->branch : 0),
		       of);
	if (w->word >= token_move(0))
		buf_printf(out,
			   word >= b->first + b->count - 1
				   ? "%s: picked, it goes on there"
				   : "%s: a move, and the board after it "
				     "follows",
			   text);
	else if (w->word == TOKEN_BOARD)
		buf_puts(out, "a board, as the player to act sees it: x mine, "
			      "o theirs");
	else if (w->word == TOKEN_SHALLOW)
		buf_puts(out, "0: a search follows");
	else if (w->word == TOKEN_ROLLOUT)
		buf_puts(out, "1: a game to its end follows");
	else if (w->word == TOKEN_AGAIN)
		buf_puts(out, "the board's estimates once more");
	else if (w->word == TOKEN_FRESH)
		buf_puts(out, "a fresh game follows");
	else if (w->word == TOKEN_END)
		buf_puts(out, "the game is over there");
	else if (w->word == TOKEN_CANNOT)
		buf_puts(out, "a move that cannot be made");
	else if (token_is_cell(w->word))
		buf_printf(out, "cell %d of %d", w->place + 1,
			   page->form.cells);
	else if (w->place == token_place_worth(&page->form))
		buf_printf(out, "%s: what the board%s%s is worth", text,
			   w->branch < page->form.moves ? " after " : "",
			   w->branch < page->form.moves ? of : "");
	else {
		page_word_text(page, b->state,
			       token_move(w->place - page->form.cells), of);
		buf_printf(out, "%s: what %s is worth", text, of);
	}
	buf_puts(out, w->engine ? " (by the rules)" : " (it wrote this)");
	if (!isnan(w->mean))
		buf_printf(out, ", mean %+.3f", (double)w->mean);
	if (w->weight > 0 && !isnan(w->aim))
		buf_printf(out, ", learned as %+.3f", (double)w->aim);
	else if (w->weight > 0)
		buf_puts(out, ", learned");
}

static void figure(struct canvas *c, int row, int column, enum style st,
		   float v)
{
	char text[16];

	snprintf(text, sizeof(text), isnan(v) ? "-" : "%+.3f", (double)v);
	canvas_right(c, row, 8 + COLUMN * column, st, text);
}

/* The move whose value changed most. */
static int most_changed(const struct page *page, const struct page_backup *b)
{
	int most = -1;

	for (int m = 0; m < page->form.moves; m++) {
		float d = fabsf(b->better[m] - b->before[m]);

		if (!isnan(d) &&
		    (most < 0 || d > fabsf(b->better[most] - b->before[most])))
			most = m;
	}
	return most;
}

static float mean_off(const struct page *page, const struct page_backup *b,
		      const float *said)
{
	float sum = 0;
	int n = 0;

	for (int m = 0; m <= page->form.moves; m++) {
		float d = fabsf(b->better[m] - said[m]);

		if (isnan(d))
			continue;
		sum += d;
		n++;
	}
	return n ? sum / (float)n : NAN;
}

/* As in "Move 4 was better than it looked: +0.01". */
static void say_change(const struct page *page, const struct page_backup *b,
		       struct buf *out)
{
	int m = most_changed(page, b);
	char text[PAGE_TEXT];
	float by;

	if (m < 0)
		return;
	by = b->better[m] - b->before[m];
	page_word_text(page, b->state, token_move(m), text);
	buf_printf(out, "Move %s was %s than it looked: %+.2f", text,
		   by < 0 ? "worse" : "better", (double)by);
}

static void draw_values(const struct pages_page *p, struct canvas *c)
{
	static const char *const heads[] = {"first", "better", "change",
					    "learned"};
	const struct page *page = page_of(p);
	const struct page_backup *b = &page->backups[backup_at(page, p->word)];
	int moves = page->form.moves, row = 1, most = most_changed(page, b);
	int shown = moves < c->height - 5 ? moves : c->height - 5;
	struct buf text;

	canvas_text(c, 0, 1, STYLE_LABEL, "move");
	for (int k = 0; k < 4; k++)
		canvas_right(c, 0, 8 + COLUMN * (k + 1), STYLE_LABEL, heads[k]);
	for (int m = 0; m <= moves; m++) {
		char name[PAGE_TEXT] = "board";

		if (m < moves && m >= shown)
			continue;
		if (m < moves)
			page_word_text(page, b->state, token_move(m), name);
		canvas_field(c, row, 1, 7, m < moves ? STYLE_BOLD : STYLE_LABEL,
			     name);
		figure(c, row, 1, STYLE_VALUE, b->before[m]);
		figure(c, row, 2, STYLE_VALUE, b->better[m]);
		figure(c, row, 3, m == most ? STYLE_MARKED : STYLE_VALUE,
		       b->better[m] - b->before[m]);
		if (m == most)
			canvas_glyph(c, row, 8 + COLUMN * 3, STYLE_MARKED, '<');
		figure(c, row, 4, STYLE_VALUE, b->later[m]);
		row++;
	}
	buf_init(&text);
	say_change(page, b, &text);
	canvas_text(c, row + 1, 1, STYLE_NORMAL, text.data);
	buf_clear(&text);
	buf_printf(&text, "Off by %.3f in the mean, %.3f after the step",
		   (double)mean_off(page, b, b->before),
		   (double)mean_off(page, b, b->later));
	canvas_text(c, row + 2, 1, STYLE_NORMAL, text.data);
	buf_release(&text);
}

static void pages_draw(const void *self, struct canvas *c)
{
	const struct pages_page *p = self;
	const struct page *page = page_of(p);
	int high = BOARD_HIGH, wide = BOARD_WIDE, k;
	struct canvas pane;
	struct buf said;

	canvas_cursor(c, 0, 1);
	if (!page || !page->count) {
		canvas_text(c, 1, 1, STYLE_DIM, "No page was written yet.");
		return;
	}
	k = backup_at(page, p->word);
	canvas_printf(c, 0, 1, STYLE_VALUE,
		      "after %lld boards (page %d of %d), board %d of %d, word "
		      "%d of %d",
		      (long long)p->all.pages[p->at].step, p->at + 1,
		      p->all.count, k + 1, page->backup_count, p->word + 1,
		      page->count);
	buf_init(&said);
	say_word(page, p->word, &said);
	canvas_field(c, 1, 1, c->width - 2, STYLE_NORMAL, said.data);
	buf_release(&said);
	if (c->height >= 40) {
		high = c->height / 2;
		wide = c->width / 3 > 60 ? 60 : c->width / 3;
	}
	if (c->height < high + TEXT_LEAST + 3)
		high = c->height - TEXT_LEAST - 3;
	pane = canvas_pane(c, 3, 0, high, wide);
	draw_board(p, &pane);
	pane = canvas_pane(c, 3, wide, high, c->width - wide);
	draw_values(p, &pane);
	pane = canvas_pane(c, 3 + high, 0, c->height - 3 - high, c->width);
	draw_text(p, &pane);
}

/* ---- keys ---- */

static void stand(struct pages_page *p, int word)
{
	const struct page *page = page_of(p);
	int count = page ? page->count : 0;

	p->word = word < 0 ? 0 : word >= count ? count - 1 : word;
	if (p->word < 0)
		p->word = 0;
}

static enum screen_action by(void *self, const struct key_press *k)
{
	struct pages_page *p = self;
	const struct page *page = page_of(p);

	if (k->arg > 1 || k->arg < -1)
		stand(p, k->arg > 0 && page ? page->count - 1 : 0);
	else
		stand(p, p->word + k->arg);
	return SCREEN_REDRAW;
}

/* To the end of the next board that is written down, or the one before. */
static enum screen_action by_board(void *self, const struct key_press *k)
{
	struct pages_page *p = self;
	const struct page *page = page_of(p);
	int to = p->word + k->arg;

	while (page && to > 0 && to < page->count - 1 && !begins_line(page, to))
		to += k->arg;
	stand(p, to);
	return SCREEN_REDRAW;
}

static enum screen_action by_page(void *self, const struct key_press *k)
{
	struct pages_page *p = self;
	int to = p->at + k->arg;

	if (to < 0 || to >= p->all.count)
		return SCREEN_STAY;
	p->at = to;
	stand(p, 0);
	return SCREEN_REDRAW;
}

static const struct key_binding pages_keys[] = {
	{"Right", "next", "the next word", true, .run = by, .arg = 1},
	{"Left", "before", "the word before", false, .run = by, .arg = -1},
	{"Down", "next-board", "the next board, move or estimates", true,
	 .run = by_board, .arg = 1},
	{"Up", "board-before", "the board before", false, .run = by_board,
	 .arg = -1},
	{"n", "next-page", "the page of the next checkpoint", true,
	 .run = by_page, .arg = 1},
	{"N", "page-before", "the page of the checkpoint before", false,
	 .run = by_page, .arg = -1},
	{"Home", "first", "the first word", false, .run = by, .arg = -9999},
	{"End", "last", "the last word", false, .run = by, .arg = 9999},
	{0},
};

const struct screen screen_pages = {
	.name = "pages",
	.title = "Pages",
	.help = "What a run of serialised expert iteration wrote, word by "
		"word and board by board, with the values before and after and "
		"what the step did.",
	.self_size = sizeof(struct pages_page),
	.keys = pages_keys,
	.open = pages_open,
	.draw = pages_draw,
	.status = pages_status,
	.close = pages_close,
};
