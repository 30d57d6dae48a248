/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/position.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/line.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/widget/board.h"
#include "tui/widget/entry.h"

/* text() takes them: only their names are needed here. */
const struct key_binding position_setup_hints[] = {
	{"Space", "put", "put or take the piece", .hint = true},
	{".", "empty", "empty the cell", .hint = true},
	{"Tab", "who-moves", "who is to move", .hint = true},
	{"c", "clear", "clear the board", .hint = true},
	{"Enter", "done", "play from here", .hint = true},
	{"Esc", "give-up", "leave the board as it was", .hint = true},
	{0},
};

static void take_cells(struct position_setup *u, const struct game *g,
		       const void *state)
{
	int player = g->rules->to_act(g, state);

	for (int i = 0; i < g->rows * g->cols; i++)
		u->cell[i] = (uint8_t)g->rules->cell(g, state, i / g->cols,
						     i % g->cols);
	u->player = player == 1 ? 1 : 0;
	u->wrong[0] = '\0';
}

enum screen_action position_setup_begin(struct position *s)
{
	if (!s->game.rules->setup_text) {
		app_say(s->app, "positions of this game are reached by moves "
				"alone");
		return SCREEN_REDRAW;
	}
	memset(&s->setup, 0, sizeof(s->setup));
	take_cells(&s->setup, &s->game, line_state(&s->line));
	s->setup.on = true;
	s->setup.kind = 1;
	entry_forget(&s->entry);
	return SCREEN_REDRAW;
}

static void usual_start(struct position *s)
{
	struct game usual;
	void *state;

	/* The game may begin at a position itself. */
	if (game_from(&usual, &s->game, "", NULL))
		return;
	state = game_state_new(&usual, 0);
	take_cells(&s->setup, &usual, state);
	free(state);
}

/* What is wrong, without the place in a text that nobody typed. */
static const char *without_place(const char *message)
{
	const char *place = strstr(message, "column ");
	const char *end = place ? strstr(place, ": ") : NULL;

	return end ? end + 2 : message;
}

/* Is it a position?  The rules say what is wrong. */
static bool check(struct position *s, struct game *out)
{
	struct position_setup *u = &s->setup;
	char text[GAME_START_SIZE] = "";
	struct err e = ERR_INIT;

	s->game.rules->setup_text(&s->game, u->cell, u->player, text);
	if (game_from(out, &s->game, text, &e)) {
		snprintf(u->wrong, sizeof(u->wrong), "%s",
			 without_place(e.msg));
		return false;
	}
	u->wrong[0] = '\0';
	return true;
}

static enum position_setup_key leave(struct position *s, struct game *out)
{
	if (!check(s, out)) {
		app_say(s->app, "%s", s->setup.wrong);
		s->app->message_bad = true;
		return SETUP_TAKEN;
	}
	s->setup.on = false;
	return SETUP_DONE;
}

static void put(struct position *s, int cell, int kind)
{
	uint8_t *at = &s->setup.cell[cell];

	*at = *at == kind ? 0 : (uint8_t)kind;
	s->setup.wrong[0] = '\0';
}

enum screen_action position_setup_mouse(struct position *s, int cell,
					int button)
{
	if (cell < 0 || button != 1)
		return SCREEN_STAY;
	s->entry.row = cell / s->game.cols;
	s->entry.col = cell % s->game.cols;
	put(s, cell, s->setup.kind);
	return SCREEN_REDRAW;
}

static void step(struct position *s, int rows, int cols)
{
	entry_step(&s->entry, &s->game, s->view.flip, rows, cols);
}

enum position_setup_key position_setup_text(struct position *s, int key,
					    struct game *out)
{
	struct position_setup *u = &s->setup;
	int cell = s->entry.row * s->game.cols + s->entry.col;
	int kind = board_kind_of_key(&s->game, key);

	if (kind) {
		u->kind = kind;
		u->cell[cell] = (uint8_t)kind;
		u->wrong[0] = '\0';
		return SETUP_TAKEN;
	}
	switch (key) {
	case K_UP:
		step(s, -1, 0);
		return SETUP_TAKEN;
	case K_DOWN:
		step(s, 1, 0);
		return SETUP_TAKEN;
	case K_LEFT:
		step(s, 0, -1);
		return SETUP_TAKEN;
	case K_RIGHT:
		step(s, 0, 1);
		return SETUP_TAKEN;
	case ' ':
		put(s, cell, u->kind);
		return SETUP_TAKEN;
	case '.':
	case K_DELETE:
	case K_BACKSPACE:
		u->cell[cell] = 0;
		u->wrong[0] = '\0';
		return SETUP_TAKEN;
	case K_TAB:
	case 't':
		u->player = 1 - u->player;
		return SETUP_TAKEN;
	case 'c':
		memset(u->cell, 0, sizeof(u->cell));
		return SETUP_TAKEN;
	case 's':
		usual_start(s);
		return SETUP_TAKEN;
	case K_ENTER:
		return leave(s, out);
	case K_ESC:
		u->on = false;
		return SETUP_TAKEN;
	}
	/* Other characters mean nothing here; Ctrl-C and the like do. */
	return key >= ' ' ? SETUP_TAKEN : SETUP_PASSED;
}

void position_setup_draw(const struct position *s, struct canvas *c)
{
	static const char *const help[] = {
		"Space  put or take the piece",
		"a letter  choose and put it",
		".  empty the cell",
		"Tab  who is to move",
		"c  clear the board",
		"s  the usual start",
		"Enter  done",
		"Esc  leave it as it was",
	};
	const struct position_setup *u = &s->setup;
	int row = 0, col = 0, kinds = board_kinds(&s->game);

	canvas_text(c, row++, 0, STYLE_TITLE, "Set up");
	row++;
	col = canvas_text(c, row, 0, STYLE_LABEL, "to move  ");
	canvas_text(c, row++, col, board_style(u->player),
		    board_piece_text(&s->game, u->player, c->ascii));
	canvas_text(c, row++, 0, STYLE_LABEL, "pieces");
	for (int kind = 1; kind <= kinds; kind++) {
		bool here = kind == u->kind;
		int x = (kind - 1) / 2 * 4, y = row + (kind - 1) % 2;

		canvas_printf(c, y, x, here ? STYLE_SELECTED : STYLE_NORMAL,
			      "%c%s%c", here ? '>' : ' ',
			      board_kind_text(&s->game, kind, c->ascii),
			      here ? '<' : ' ');
	}
	row += 3;
	for (size_t i = 0; i < ARRAY_LEN(help); i++)
		canvas_text(c, row++, 0, STYLE_DIM, help[i]);
	if (u->wrong[0])
		canvas_field(c, row + 1, 0, c->width, STYLE_BAD, u->wrong);
}
