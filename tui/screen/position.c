/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tui/app.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"
#include "tui/widget/line.h"

/*
 * Any position, reached by playing moves by hand from the start of a game, for
 * an agent to search.
 */
struct position_seen { /* the board, when last drawn */
	int row, col, height, width;
	bool ascii;
};

struct position {
	struct app *app; /* borrowed */
	struct game game;
	bool ready;
	struct line line;
	int row, col;    /* the cursor's cell */
	char typed[GAME_TEXT_SIZE];
	struct position_seen *seen; /* owned */
};

enum command {
	CMD_LEFT = 1, CMD_RIGHT, CMD_UP, CMD_DOWN, CMD_PUT, CMD_UNDO, CMD_BACK_1,
	CMD_ON_1, CMD_START, CMD_END, CMD_ANALYSE, CMD_MOVE, CMD_GAME,
};

static const struct key_binding keys[] = {
	{ "Left", CMD_LEFT, "left", "cursor left", false },
	{ "Right", CMD_RIGHT, "right", "cursor right", false },
	{ "Up", CMD_UP, "up", "cursor up", false },
	{ "Down", CMD_DOWN, "down", "cursor down", false },
	{ "Enter, Space", CMD_PUT, "put", "play the move under the cursor; typed "
	  "moves and clicks do too", true },
	{ "u, Backspace", CMD_UNDO, "undo", "take the last move back", true },
	{ ",", CMD_BACK_1, "back", "one move back, keeping what follows", true },
	{ ".", CMD_ON_1, "on", "one move on", true },
	{ "^", CMD_START, "start", "to the start", false },
	{ "$", CMD_END, "end", "to the last move", false },
	{ "a", CMD_ANALYSE, "analyse", "choose an agent that searches here",
	  true },
	{ "m", CMD_MOVE, "move", "type a move, or a whole line", false },
	{ "n", CMD_GAME, "new", "start anew, of any game", false },
	{ 0 },
};

static void stand_in_middle(struct position *s)
{
	s->row = s->game.rows / 2;
	s->col = s->game.cols / 2;
}

/* "GAME [MOVES]"; on failure nothing changes. */
static enum err_code take(struct position *s, const char *arg, struct err *e)
{
	size_t len = strcspn(arg, " \t");
	char name[GAME_NAME_SIZE];
	const char *moves = arg + len + strspn(arg + len, " \t");
	struct game game, before = s->game;
	enum err_code rc;
	struct line line;

	snprintf(name, sizeof(name), "%.*s", len ? (int)len : 8,
		 len ? arg : "connect4");
	rc = game_init(&game, name, e);
	if (rc != ERR_OK)
		return rc;
	/* The line borrows the game of this screen, so that is set first. */
	s->game = game;
	line_init(&line, &s->game);
	rc = line_load(&line, strcmp(moves, "-") ? moves : "", e);
	if (rc != ERR_OK) {
		line_release(&line);
		s->game = before;
		return rc;
	}
	/* A line made by hand has no game behind it. */
	line_go(&line, line.count);
	line.stored_count = 0;
	if (s->ready)
		line_release(&s->line);
	s->line = line;
	s->ready = true;
	stand_in_middle(s);
	return ERR_OK;
}

static enum err_code position_open(void *self, struct app *app, const char *arg,
				   struct err *e)
{
	struct position *s = self;

	s->app = app;
	s->seen = mem_zalloc(1, sizeof(*s->seen));
	return take(s, arg, e);
}

static void position_close(void *self)
{
	struct position *s = self;

	if (s->ready)
		line_release(&s->line);
	free(s->seen);
}

static struct board board_of(const struct position *s)
{
	struct board b = BOARD_INIT(&s->game, line_state(&s->line));

	if (s->line.ply > 0)
		b.last_cell = s->game.rules->move_cell(
			&s->game, line_state_at(&s->line, s->line.ply - 1),
			line_last(&s->line));
	if (!line_over(&s->line)) {
		b.cursor_row = s->row;
		b.cursor_col = s->col;
	}
	return b;
}

static void position_draw(const void *self, struct canvas *c)
{
	const struct position *s = self;
	struct board b = board_of(s);
	int to_act = s->game.rules->to_act(&s->game, b.state), col;
	struct canvas pane = canvas_pane(c, 3, 0, c->height - 3, c->width);
	struct buf text;

	if (to_act >= 0) {
		col = canvas_text(c, 0, 1, STYLE_LABEL, "to move ");
		col = canvas_text(c, 0, col, board_style(to_act),
				  board_piece_text(&s->game, to_act, c->ascii));
	} else {
		col = canvas_text(c, 0, 1, STYLE_WARN, "the game is over");
	}
	canvas_printf(c, 0, col + 2, STYLE_VALUE, "ply %d/%d", s->line.ply,
		      s->line.count);
	if (*s->typed)
		canvas_printf(c, 0, c->width - 16, STYLE_KEY, "move: %s_",
			      s->typed);
	buf_init(&text);
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
	*s->seen = (struct position_seen){
		3, 0, pane.height, pane.width, c->ascii,
	};
	board_draw(&b, &pane);
}

static enum screen_action play_move(struct position *s, game_move m)
{
	s->typed[0] = '\0';
	if (m == GAME_NO_MOVE || !line_play(&s->line, m))
		app_say(s->app, line_over(&s->line)
					? "the game is over: u takes back"
					: "that is no legal move here");
	return SCREEN_REDRAW;
}

static enum screen_action move_cursor(struct position *s, int rows, int cols)
{
	s->row = (s->row + rows + s->game.rows) % s->game.rows;
	s->col = (s->col + cols + s->game.cols) % s->game.cols;
	return SCREEN_REDRAW;
}

/* One move, or a line of them from here. */
static void moves_typed(void *self, const char *text)
{
	struct position *s = self;
	struct err e = ERR_INIT;
	struct buf arg;
	game_move m;

	if (!text || !*text)
		return;
	m = s->game.rules->move_parse(&s->game, line_state(&s->line), text);
	if (m != GAME_NO_MOVE) {
		play_move(s, m);
		return;
	}
	buf_init(&arg);
	buf_printf(&arg, "%s ", s->game.name);
	line_text(&s->line, s->line.ply, &arg);
	if (s->line.ply > 0 && !s->game.rules->compact_text)
		buf_putc(&arg, ' ');
	buf_puts(&arg, text);
	if (take(s, arg.data, &e) != ERR_OK)
		app_fail(s->app, &e);
	buf_release(&arg);
}

static void game_typed(void *self, const char *text)
{
	struct position *s = self;
	struct err e = ERR_INIT;

	if (text && *text && take(s, text, &e) != ERR_OK)
		app_fail(s->app, &e);
}

static enum screen_action analyse(struct position *s)
{
	struct buf arg;

	if (line_over(&s->line)) {
		app_say(s->app, "the game is over here: there is nothing to "
				"search");
		return SCREEN_REDRAW;
	}
	buf_init(&arg);
	buf_printf(&arg, "%s ", game_short_name(&s->game));
	line_text(&s->line, s->line.ply, &arg);
	app_push(s->app, "search", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static enum screen_action go(struct position *s, int ply)
{
	s->typed[0] = '\0';
	return line_go(&s->line, ply) ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action undo(struct position *s)
{
	size_t len = strlen(s->typed);

	if (len > 0) {
		s->typed[len - 1] = '\0';
		return SCREEN_REDRAW;
	}
	return line_undo(&s->line) ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action position_command(void *self, int command)
{
	struct position *s = self;

	switch (command) {
	case CMD_LEFT:
		return move_cursor(s, 0, -1);
	case CMD_RIGHT:
		return move_cursor(s, 0, 1);
	case CMD_UP:
		return move_cursor(s, -1, 0);
	case CMD_DOWN:
		return move_cursor(s, 1, 0);
	case CMD_PUT:
		return play_move(s, line_over(&s->line)
					    ? GAME_NO_MOVE
					    : board_move_at(&s->game,
							    line_state(&s->line),
							    s->row, s->col));
	case CMD_UNDO:
		return undo(s);
	case CMD_BACK_1:
		return go(s, s->line.ply - 1);
	case CMD_ON_1:
		return go(s, s->line.ply + 1);
	case CMD_START:
		return go(s, 0);
	case CMD_END:
		return go(s, s->line.count);
	case CMD_ANALYSE:
		return analyse(s);
	case CMD_MOVE:
		app_ask(s->app, "moves", "", moves_typed, s);
		return SCREEN_REDRAW;
	case CMD_GAME:
		app_ask(s->app, "game", game_short_name(&s->game), game_typed,
			s);
		return SCREEN_REDRAW;
	default:
		return SCREEN_STAY;
	}
}

static bool position_text(void *self, unsigned ch, enum screen_action *action)
{
	struct position *s = self;
	game_move m;

	*action = SCREEN_REDRAW;
	switch (line_type(&s->line, ch, s->typed, &m)) {
	case LINE_NOT_TYPED:
		return false;
	case LINE_TYPED:
		*action = play_move(s, m);
		break;
	case LINE_TYPING:
		break;
	}
	return true;
}

static enum screen_action position_mouse(void *self,
					 const struct mouse_event *m)
{
	struct position *s = self;
	struct board b = board_of(s);
	int cell = -1;
	game_move move;

	if (m->button == 4 || m->button == 5)
		return go(s, s->line.ply + (m->button == 4 ? -1 : 1));
	if (m->button != 1 || line_over(&s->line))
		return SCREEN_STAY;
	move = board_hit(&b, s->seen->height, s->seen->width, s->seen->ascii,
			 m->row - s->seen->row, m->col - s->seen->col, &cell);
	if (cell >= 0) {
		s->row = cell / s->game.cols;
		s->col = cell % s->game.cols;
	}
	return move == GAME_NO_MOVE ? SCREEN_REDRAW : play_move(s, move);
}

static void position_status(const void *self, struct buf *out)
{
	const struct position *s = self;

	buf_puts(out, game_title(&s->game));
}

const struct screen screen_position = {
	.name = "position",
	.title = "Position",
	.help = "A board to play moves on by hand, until an agent is asked to "
		"search.",
	.self_size = sizeof(struct position),
	.keys = keys,
	.open = position_open,
	.draw = position_draw,
	.command = position_command,
	.text = position_text,
	.mouse = position_mouse,
	.status = position_status,
	.close = position_close,
};
