/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/position.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/paste.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/quote.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/screen.h"
#include "tui/screen/launch.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"

/* Stand at the end of `moves` from the start of `g`; both are copied. */
static void stand_at(struct position *s, const struct game *g,
		     const game_move *moves, int count)
{
	if (s->ready)
		line_release(&s->line);
	/* The line borrows the game of this screen. */
	s->game = *g;
	line_init(&s->line, &s->game);
	for (int i = 0; i < count; i++)
		line_play(&s->line, moves[i]);
	s->ready = true;
	entry_init(&s->entry, &s->game);
}

/* "GAME [MOVES]"; on failure nothing changes. */
static enum err_code take(struct position *s, const char *arg, struct err *e)
{
	char name[GAME_NAME_SIZE];
	game_move *moves;
	struct game game;
	struct lab *lab = s->app->lab;
	enum err_code rc = ERR_OK;
	void *state;
	int count;

	if (quote_next(&arg, name, sizeof(name)))
		rc = game_init(&game, name, e);
	else
		launch_usual_game(lab ? lab_store(lab) : NULL, &game);
	if (rc != ERR_OK)
		return rc;
	state = game_state_new(&game, 0);
	moves = mem_zalloc((size_t)game.max_plies + 1, sizeof(*moves));
	rc = game_play_text(&game, state, strcmp(arg, "-") ? arg : "", moves,
			    &count, e);
	if (rc == ERR_OK)
		stand_at(s, &game, moves, count);
	free(moves);
	free(state);
	return rc;
}

/* Whatever names a position: a FEN, a game of SGF or PGN, moves. */
static enum err_code take_text(struct position *s, const char *text,
			       struct err *e)
{
	game_move *moves;
	struct game game, usual = s->game;
	enum err_code rc;
	int count;

	/* Moves that are pasted begin at the usual start. */
	if (game_from(&usual, &s->game, "", NULL))
		usual = s->game;
	rc = paste_read(text, strlen(text), &usual, &game, &moves, &count, e);
	if (rc != ERR_OK)
		return rc;
	stand_at(s, &game, moves, count);
	free(moves);
	return ERR_OK;
}

static enum err_code position_open(void *self, struct app *app, const char *arg,
				   struct err *e)
{
	struct position *s = self;

	s->app = app;
	board_view_init(&s->view, &s->game, app);
	return take(s, arg, e);
}

static void position_close(void *self)
{
	struct position *s = self;

	if (s->ready)
		line_release(&s->line);
}

static struct board board_of(const struct position *s, float *owners)
{
	struct board b = BOARD_INIT(&s->game, line_state(&s->line));

	if (s->setup.on) {
		b.flip = s->view.flip;
		b.cells = s->setup.cell;
		b.cursor_row = s->entry.row;
		b.cursor_col = s->entry.col;
		return b;
	}
	if (s->line.ply > 0)
		board_last(&b, line_state_at(&s->line, s->line.ply - 1),
			   line_last(&s->line));
	if (!line_over(&s->line)) {
		entry_board(&s->entry, &b);
		/* Boards of columns show what is legal by themselves. */
		b.show_legal = !board_by_column(&s->game);
	}
	board_view_apply(&s->view, &b, NULL, owners);
	return b;
}

static void draw_head(const struct position *s, struct canvas *c)
{
	int to_act = s->game.rules->to_act(&s->game, line_state(&s->line)), col;
	struct buf text;

	if (to_act >= 0) {
		col = canvas_text(c, 0, 1, STYLE_LABEL, "to move ");
		col = canvas_text(c, 0, col, board_style(to_act),
				  board_piece_text(&s->game, to_act, c->ascii));
	} else {
		col = canvas_text(c, 0, 1, STYLE_WARN, "the game is over");
	}
	col = canvas_printf(c, 0, col + 2, STYLE_VALUE, "ply %d/%d",
			    s->line.ply, s->line.count);
	buf_init(&text);
	board_standing(&s->game, line_state(&s->line), c->ascii, &text);
	canvas_text(c, 0, col + 2, STYLE_VALUE, text.data);
	buf_clear(&text);
	line_text(&s->line, s->line.count, &text);
	canvas_text(c, 1, 1, STYLE_LABEL, "moves ");
	/* The end of a long line matters more than its start. */
	{
		int room = c->width - 8, width = canvas_width(text.data);
		const char *from = text.data;

		if (width > room && room > 0)
			from += width - room;
		canvas_text(c, 1, 7, text.len ? STYLE_NORMAL : STYLE_DIM,
			    text.len ? from : "none yet");
	}
	buf_release(&text);
}

static void position_draw(const void *self, struct canvas *c)
{
	const struct position *s = self;
	float owners[BOARD_CELLS];
	struct board b = board_of(s, owners);
	int side = s->setup.on && c->width >= 60 ? 30 : 0;
	int rows, cols, top;
	struct canvas pane;

	/* A blank line above, where the board does not need it. */
	board_room(&s->game, &rows, &cols);
	top = c->height - 3 < rows ? 2 : 3;
	draw_head(s, c);
	pane = canvas_pane(c, top, 0, c->height - top, c->width - side);
	canvas_region(&pane, s, POSITION_BOARD, 0);
	board_draw(&b, &pane);
	entry_draw(&s->entry, &s->game, line_state(&s->line), &pane);
	if (side) {
		pane = canvas_pane(c, top, c->width - side, c->height - top,
				   side - 1);
		position_setup_draw(s, &pane);
	}
}

static bool play_move(struct position *s, game_move m, const char *why)
{
	entry_forget(&s->entry);
	if (line_over(&s->line))
		app_say(s->app, "the game is over: u takes back");
	else if (m == GAME_NO_MOVE || !line_play(&s->line, m))
		app_say(s->app, "%s", why);
	else
		return true;
	return false;
}

static enum screen_action at_cursor(struct position *s)
{
	char why[ENTRY_WHY] = "";
	game_move m = GAME_NO_MOVE;

	switch (entry_put(&s->entry, &s->game, line_state(&s->line), &m, why)) {
	case ENTRY_MOVE:
		return play_move(s, m, why);
	case ENTRY_NOTHING:
		if (line_over(&s->line))
			return play_move(s, m, why);
		app_say(s->app, "%s", why);
		break;
	case ENTRY_CHANGED:
		break;
	}
	return SCREEN_REDRAW;
}

/* One move, or a line of them from here. */
static bool moves_typed(void *self, const char *text)
{
	struct position *s = self;
	struct err e = ERR_INIT, other = ERR_INIT;
	char why[ENTRY_WHY] = "";
	struct buf arg;
	game_move m;
	bool taken;

	if (!text || !*text)
		return true;
	m = entry_parse(&s->game, line_state(&s->line), text, why);
	if (m != GAME_NO_MOVE && !strchr(text, ' '))
		return play_move(s, m, why);
	buf_init(&arg);
	quote_put(&arg, s->game.name);
	buf_putc(&arg, ' ');
	line_text(&s->line, s->line.ply, &arg);
	if (s->line.ply > 0 && !s->game.rules->compact_text)
		buf_putc(&arg, ' ');
	buf_puts(&arg, text);
	/* Neither a move nor moves from here: moves with numbers, a FEN? */
	taken = take(s, arg.data, &e) == ERR_OK ||
		take_text(s, text, &other) == ERR_OK;
	if (!taken) {
		if (strchr(text, ' ') || s->game.rules->compact_text)
			app_fail(s->app, &e);
		else
			app_say(s->app, "%s", why);
	}
	buf_release(&arg);
	return taken;
}

static bool from_typed(void *self, const char *text)
{
	struct position *s = self;
	struct err e = ERR_INIT;

	if (!text || !*text || take_text(s, text, &e) == ERR_OK)
		return true;
	app_fail(s->app, &e);
	return false;
}

static enum screen_action position_paste(void *self, const char *text)
{
	from_typed(self, text);
	return SCREEN_REDRAW;
}

static bool game_typed(void *self, const char *text)
{
	struct position *s = self;
	struct err e = ERR_INIT;

	if (!text || !*text || take(s, text, &e) == ERR_OK)
		return true;
	app_fail(s->app, &e);
	return false;
}

static enum screen_action across_by(void *self, const struct key_press *k)
{
	struct position *s = self;

	entry_step(&s->entry, &s->game, s->view.flip, 0, k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action down_by(void *self, const struct key_press *k)
{
	struct position *s = self;

	entry_step(&s->entry, &s->game, s->view.flip, k->arg, 0);
	return SCREEN_REDRAW;
}

static enum screen_action put(void *self, const struct key_press *k)
{
	(void)k;
	return at_cursor(self);
}

static enum screen_action undo(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	if (entry_leave(&s->entry))
		return SCREEN_REDRAW;
	return line_undo(&s->line) ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action go(struct position *s, int ply)
{
	entry_forget(&s->entry);
	return line_go(&s->line, ply) ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action go_by(void *self, const struct key_press *k)
{
	struct position *s = self;

	return go(s, s->line.ply + k->arg);
}

static enum screen_action go_first(void *self, const struct key_press *k)
{
	(void)k;
	return go(self, 0);
}

static enum screen_action go_last(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	return go(s, s->line.count);
}

/* Another screen that begins where this board stands. */
static enum screen_action push(struct position *s, const char *screen)
{
	struct buf arg;

	buf_init(&arg);
	quote_put(&arg, game_short_name(&s->game));
	buf_putc(&arg, ' ');
	line_text(&s->line, s->line.ply, &arg);
	app_push(s->app, screen, arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static enum screen_action analyse(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	if (!line_over(&s->line))
		return push(s, "search");
	app_say(s->app, "the game is over here: there is nothing to search");
	return SCREEN_REDRAW;
}

static enum screen_action compare(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	if (!line_over(&s->line))
		return push(s, "compare");
	app_say(s->app, "the game is over here: there is nothing to search");
	return SCREEN_REDRAW;
}

static enum screen_action sweep(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	if (!line_over(&s->line))
		return push(s, "sweep");
	app_say(s->app, "the game is over here: nobody chooses");
	return SCREEN_REDRAW;
}

static enum screen_action play_on(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "newgame");
}

static enum screen_action pass(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	play_move(s, entry_pass(&s->game, line_state(&s->line)),
		  "you cannot pass here");
	return SCREEN_REDRAW;
}

static enum screen_action set_up(void *self, const struct key_press *k)
{
	(void)k;
	return position_setup_begin(self);
}

static enum screen_action ask_moves(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	app_ask(s->app, "moves", "", moves_typed, s);
	return SCREEN_REDRAW;
}

static enum screen_action ask_from(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	app_ask(s->app, "FEN, SGF, PGN or moves", "", from_typed, s);
	return SCREEN_REDRAW;
}

static enum screen_action ask_game(void *self, const struct key_press *k)
{
	struct position *s = self;

	(void)k;
	app_ask(s->app, "game", game_short_name(&s->game), game_typed, s);
	return SCREEN_REDRAW;
}

static const struct key_binding keys[] = {
	{"Left", "left", "cursor left", false, .run = across_by, .arg = -1},
	{"Right", "right", "cursor right", false, .run = across_by, .arg = 1},
	{"Up", "up", "cursor up", false, .run = down_by, .arg = -1},
	{"Down", "down", "cursor down", false, .run = down_by, .arg = 1},
	{"Enter, Space", "put",
	 "play the move under the cursor (in "
	 "chess the piece, then where it goes); clicks do too",
	 true, .run = put},
	{"u, Backspace", "undo", "take the last move back", true, .run = undo},
	{",", "back", "one move back, keeping what follows", true, .run = go_by,
	 .arg = -1},
	{".", "on", "one move on", true, .run = go_by, .arg = 1},
	{"^", "start", "to the start", false, .run = go_first},
	{"$", "end", "to the last move", false, .run = go_last},
	{"a", "analyse", "choose an agent that searches here", true,
	 .run = analyse},
	{"C", "compare", "two agents' searches of this position, side by side",
	 false, .run = compare},
	{"S", "sweep",
	 "this position over all checkpoints of a run: when its best move "
	 "was learned",
	 false, .run = sweep},
	{"m", "move",
	 "type a move (Q16, e2e4, Nf3, d3), or a whole "
	 "line",
	 true, .run = ask_moves},
	{"P", "pass", "pass, in games that have it", false, .run = pass},
	{"e", "set-up",
	 "put pieces on the board by hand: Space puts "
	 "and takes, letters choose, Tab changes who moves, c clears, s is the "
	 "usual start, Enter ends, Esc gives up",
	 true, .run = set_up},
	{"s", "start-from",
	 "go to a FEN, an SGF or PGN game, or a list of moves; pasting it does "
	 "too",
	 false, .run = ask_from},
	{"n", "new", "start over, with any game", false, .run = ask_game},
	{"p", "play-on", "play from here against an agent", false,
	 .run = play_on},
	BOARD_VIEW_KEYS(struct position, view,
			"who owns each cell by the rules' count "
			"(Go, Othello)"),
	{0},
};

static bool position_editing(const void *self)
{
	const struct position *s = self;

	return s->setup.on || entry_asks(&s->entry);
}

static bool position_put_away(void *self)
{
	struct position *s = self;

	return entry_leave(&s->entry);
}

static const struct key_binding *position_hints(const void *self)
{
	const struct position *s = self;

	return s->setup.on ? position_setup_hints : NULL;
}

static bool setup_text(struct position *s, int key)
{
	struct game game;

	switch (position_setup_text(s, key, &game)) {
	case SETUP_DONE:
		stand_at(s, &game, NULL, 0);
		return true;
	case SETUP_TAKEN:
		return true;
	case SETUP_PASSED:
		break;
	}
	return false;
}

static bool position_text(void *self, unsigned ch, enum screen_action *action)
{
	struct position *s = self;
	game_move m = GAME_NO_MOVE;

	*action = SCREEN_REDRAW;
	if (s->setup.on)
		return setup_text(s, (int)ch);
	if (entry_asks(&s->entry)) {
		if (entry_key(&s->entry, &s->game, line_state(&s->line),
			      (int)ch, &m) == ENTRY_MOVE)
			play_move(s, m, "");
		return true;
	}
	if (!line_type(&s->line, ch, &m))
		return false;
	*action = play_move(s, m, "that is not a legal move here");
	return true;
}

static enum screen_action position_mouse(void *self,
					 const struct mouse_event *m)
{
	struct position *s = self;
	float owners[BOARD_CELLS];
	struct board b = board_of(s, owners);
	int cell;

	if (!s->setup.on && (m->button == 4 || m->button == 5))
		return go(s, s->line.ply + (m->button == 4 ? -1 : 1));
	if (m->button != 1 || (!s->setup.on && line_over(&s->line)) ||
	    entry_asks(&s->entry))
		return SCREEN_STAY;
	cell = board_view_click(&b, canvas_map_find(m->seen, s, POSITION_BOARD),
				m, s->app->ascii);
	if (s->setup.on)
		return position_setup_mouse(s, cell, m->button);
	if (cell < 0)
		return SCREEN_REDRAW;
	s->entry.row = cell / s->game.cols;
	s->entry.col = cell % s->game.cols;
	return at_cursor(s);
}

static void position_status(const void *self, struct buf *out)
{
	const struct position *s = self;

	buf_puts(out, game_title(&s->game));
}

const struct screen screen_position = {
	.name = "position",
	.title = "Position",
	.help = "A board for any position, by moves, by pasted text or piece "
		"by "
		"piece, until an agent is asked to search.",
	.takes = "game",
	.self_size = sizeof(struct position),
	.keys = keys,
	.open = position_open,
	.draw = position_draw,
	.text = position_text,
	.put_away = position_put_away,
	.editing = position_editing,
	.hints = position_hints,
	.paste = position_paste,
	.mouse = position_mouse,
	.status = position_status,
	.close = position_close,
};
