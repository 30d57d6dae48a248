/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/widget/entry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "tui/keys.h"
#include "tui/widget/popup.h"

void entry_init(struct entry *e, const struct game *g)
{
	*e = (struct entry){
		.row = g->rows / 2, .col = g->cols / 2, .chosen = -1};
}

void entry_forget(struct entry *e)
{
	e->chosen = -1;
	e->option_count = 0;
}

void entry_step(struct entry *e, const struct game *g, bool flip, int rows,
		int cols)
{
	if (flip) {
		rows = -rows;
		cols = -cols;
	}
	e->row = (e->row + rows + g->rows) % g->rows;
	e->col = (e->col + cols + g->cols) % g->cols;
}

/* What stands where a move lands, after it: promotions differ by that. */
static int becomes(const struct game *g, const void *s, game_move m)
{
	void *after = mem_alloc(g->state_size);
	int cell = g->rules->move_cell(g, s, m), what = 0;

	memcpy(after, s, g->state_size);
	g->rules->apply(g, after, m);
	if (cell >= 0)
		what = g->rules->cell(g, after, cell / g->cols, cell % g->cols);
	free(after);
	return what;
}

/* Moves from one cell to another; `to` -1: anywhere.  Into out[max], the
 * piece of most worth first. */
static int moves_between(const struct game *g, const void *s, int from, int to,
			 game_move *out, int max)
{
	game_move *legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	int worth[ENTRY_OPTIONS] = {0}, n = 0, count;

	count = g->rules->legal(g, s, legal);
	for (int i = 0; i < count && n < max; i++) {
		int w = 0, at = n;

		if (g->rules->move_from(g, s, legal[i]) != from ||
		    (to >= 0 && g->rules->move_cell(g, s, legal[i]) != to))
			continue;
		if (to >= 0)
			w = becomes(g, s, legal[i]);
		for (; at > 0 && worth[at - 1] < w; at--) {
			worth[at] = worth[at - 1];
			out[at] = out[at - 1];
		}
		worth[at] = w;
		out[at] = legal[i];
		n++;
	}
	free(legal);
	return n;
}

static enum entry_result put_piece(struct entry *e, const struct game *g,
				   const void *s, game_move *m,
				   char why[ENTRY_WHY])
{
	int cell = e->row * g->cols + e->col, n;
	game_move any[ENTRY_OPTIONS];
	char from[16], here[16];

	if (e->chosen == cell) {
		entry_forget(e);
		return ENTRY_CHANGED;
	}
	if (e->chosen >= 0) {
		n = moves_between(g, s, e->chosen, cell, e->options,
				  ENTRY_OPTIONS);
		if (n == 1) {
			*m = e->options[0];
			return ENTRY_MOVE;
		}
		e->option_count = n;
		e->option = 0;
		if (n)
			return ENTRY_CHANGED;
	}
	if (moves_between(g, s, cell, -1, any, 1)) {
		e->chosen = cell;
		return ENTRY_CHANGED;
	}
	board_cell_name(g, cell, here);
	if (e->chosen >= 0) {
		board_cell_name(g, e->chosen, from);
		snprintf(why, ENTRY_WHY,
			 "the piece on %s cannot go to %s: + "
			 "marks where it can",
			 from, here);
	} else if (g->rules->cell(g, s, e->row, e->col) == GAME_EMPTY) {
		snprintf(why, ENTRY_WHY,
			 "%s is empty: choose the piece that moves first",
			 here);
	} else {
		snprintf(why, ENTRY_WHY, "the piece on %s has no legal move",
			 here);
	}
	return ENTRY_NOTHING;
}

/* Why no move lands on a cell; `name` is how the person called it. */
static void why_not(const struct game *g, const void *s, int cell,
		    const char *name, char why[ENTRY_WHY])
{
	const char *refused = NULL;
	bool over = g->rules->to_act(g, s) == GAME_OVER;
	bool empty = cell >= 0 && g->rules->cell(g, s, cell / g->cols,
						 cell % g->cols) == GAME_EMPTY;

	if (!over && empty && g->rules->refusal)
		refused = g->rules->refusal(g, s, cell);
	if (over)
		snprintf(why, ENTRY_WHY, "the game is over");
	else if (refused)
		snprintf(why, ENTRY_WHY, "not %s: %s", name, refused);
	else if (cell >= 0 && !empty)
		snprintf(why, ENTRY_WHY, "%s is taken already", name);
	else
		snprintf(why, ENTRY_WHY, "%s is not a legal move here", name);
}

enum entry_result entry_put(struct entry *e, const struct game *g,
			    const void *s, game_move *m, char why[ENTRY_WHY])
{
	char here[16];

	if (g->rules->to_act(g, s) < 0) {
		snprintf(why, ENTRY_WHY, "the game is over");
		return ENTRY_NOTHING;
	}
	if (g->rules->move_from)
		return put_piece(e, g, s, m, why);
	*m = board_move_at(g, s, e->row, e->col);
	if (*m != GAME_NO_MOVE)
		return ENTRY_MOVE;
	if (board_by_column(g)) {
		snprintf(why, ENTRY_WHY,
			 "no legal move there: the column is full");
	} else {
		board_cell_name(g, e->row * g->cols + e->col, here);
		why_not(g, s, e->row * g->cols + e->col,
			*here ? here : "this cell", why);
	}
	return ENTRY_NOTHING;
}

bool entry_asks(const struct entry *e)
{
	return e->option_count > 0;
}

/* 'q' for "e8=Q": what follows the sign. */
static int option_letter(const struct game *g, const void *s, game_move m)
{
	char text[GAME_TEXT_SIZE];
	const char *at;

	g->rules->move_text(g, s, m, text);
	at = strchr(text, '=');
	return at ? tolower((unsigned char)at[1]) : 0;
}

enum entry_result entry_key(struct entry *e, const struct game *g,
			    const void *s, int key, game_move *m)
{
	switch (key) {
	case K_UP:
	case K_LEFT:
	case K_BACKTAB:
		e->option = (e->option + e->option_count - 1) % e->option_count;
		return ENTRY_CHANGED;
	case K_DOWN:
	case K_RIGHT:
	case K_TAB:
		e->option = (e->option + 1) % e->option_count;
		return ENTRY_CHANGED;
	case K_ESC:
	case K_BACKSPACE:
		e->option_count = 0;
		return ENTRY_CHANGED;
	case K_ENTER:
	case ' ':
		*m = e->options[e->option];
		entry_forget(e);
		return ENTRY_MOVE;
	}
	for (int i = 0; i < e->option_count; i++) {
		if (key > 126 || !isalpha(key) ||
		    option_letter(g, s, e->options[i]) != tolower(key))
			continue;
		*m = e->options[i];
		entry_forget(e);
		return ENTRY_MOVE;
	}
	return ENTRY_NOTHING;
}

bool entry_leave(struct entry *e)
{
	bool chosen = e->chosen >= 0;

	entry_forget(e);
	return chosen;
}

game_move entry_parse(const struct game *g, const void *s, const char *text,
		      char why[ENTRY_WHY])
{
	char word[GAME_TEXT_SIZE], name[GAME_TEXT_SIZE];
	size_t n;
	game_move m;

	text += strspn(text, " \t");
	n = strcspn(text, " \t");
	snprintf(word, sizeof(word), "%.*s",
		 (int)(n < GAME_TEXT_SIZE ? n : GAME_TEXT_SIZE - 1), text);
	if (g->rules->to_act(g, s) < 0) {
		snprintf(why, ENTRY_WHY, "the game is over");
		return GAME_NO_MOVE;
	}
	m = g->rules->move_parse(g, s, word);
	if (m != GAME_NO_MOVE)
		return m;
	snprintf(name, sizeof(name), "%.20s", word);
	for (int cell = 0; cell < g->rows * g->cols; cell++) {
		char here[16];

		board_cell_name(g, cell, here);
		if (g->rules->move_from || strcasecmp(here, word) != 0)
			continue;
		why_not(g, s, cell, here, why);
		return GAME_NO_MOVE;
	}
	why_not(g, s, -1, name, why);
	return GAME_NO_MOVE;
}

game_move entry_pass(const struct game *g, const void *s)
{
	game_move *legal, found = GAME_NO_MOVE;
	int count;

	if (g->rules->to_act(g, s) < 0)
		return found;
	legal = mem_alloc((size_t)g->move_count * sizeof(*legal));
	count = g->rules->legal(g, s, legal);
	/* Passes come last in every game that has them. */
	if (count > 0 && g->rules->move_cell(g, s, legal[count - 1]) < 0)
		found = legal[count - 1];
	free(legal);
	return found;
}

void entry_board(const struct entry *e, struct board *b)
{
	b->cursor_row = e->row;
	b->cursor_col = e->col;
	b->chosen = e->chosen;
	b->show_legal = true;
}

void entry_draw(const struct entry *e, const struct game *g, const void *s,
		struct canvas *c)
{
	struct canvas box;

	if (!entry_asks(e))
		return;
	box = popup(c, e->option_count + 4, 36, "Which one?");
	for (int i = 0; i < e->option_count; i++) {
		char text[GAME_TEXT_SIZE];
		bool here = i == e->option;

		g->rules->move_text(g, s, e->options[i], text);
		canvas_field(&box, i, 1, box.width - 2,
			     here ? STYLE_SELECTED : STYLE_NORMAL, "");
		canvas_printf(&box, i, 1, here ? STYLE_SELECTED : STYLE_NORMAL,
			      "%c %s", here ? '>' : ' ', text);
		if (here)
			canvas_cursor(&box, i, 1);
	}
	canvas_text(&box, e->option_count + 1, 1, STYLE_DIM,
		    "Enter plays it, Esc goes back");
}
