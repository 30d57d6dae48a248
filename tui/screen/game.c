/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/line.h"
#include "core/session/move_table.h"
#include "core/session/quote.h"
#include "core/session/seat.h"
#include "tui/canvas_map.h"
#include "tui/picture.h"
#include "tui/screen.h"
#include "tui/screen/export.h"
#include "tui/screen/screens.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/board.h"
#include "tui/widget/move_draw.h"
#include "tui/widget/table.h"
#include "tui/widget/value_graph.h"

static enum err_code game_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct stepper *s = self;
	long long id;
	int ply = 0, used = 0;
	enum err_code rc;

	s->app = app;
	s->pace = 10;
	agent_picker_init(&s->picker);
	board_view_init(&s->view, &s->review.game, app);
	if (sscanf(arg, "%lld%n %d%n", &id, &used, &ply, &used) < 1 || id < 1 ||
	    arg[used])
		return err_set(e, ERR_USAGE,
			       "say which game by its number, as in `game 17` "
			       "or `game 17 5` for a ply; `games` lists them");
	if (!app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "game %lld cannot be opened without a lab file",
			       id);
	rc = stepper_load(s, id, e);
	if (rc != ERR_OK)
		return rc;
	line_go(&s->review.line, ply);
	entry_init(&s->entry, &s->review.game);
	stepper_show(s);
	return ERR_OK;
}

static void game_close(void *self)
{
	struct stepper *s = self;

	stepper_unload(s);
}

static enum screen_action go(struct stepper *s, int ply)
{
	entry_forget(&s->entry);
	if (!line_go(&s->review.line, ply))
		return SCREEN_STAY;
	stepper_show(s);
	return SCREEN_REDRAW;
}

/* The next ply in a direction for which `mark` is set. */
static enum screen_action seek(struct stepper *s, int step, bool swing)
{
	int ply = s->review.line.ply;

	if (s->review.line.branch >= 0)
		line_return(&s->review.line);
	for (ply += step; ply >= 0 && ply <= s->review.plies; ply += step) {
		if (swing ? s->review.swing[ply] || s->review.event[ply]
			  : s->review.ply[ply].overturned)
			return go(s, ply);
	}
	app_say(s->app,
		swing ? s->review.game.rules->facts ? "no event %s"
						    : "no swing of the value %s"
		      : "no search that overturned the net %s",
		step > 0 ? "after this" : "before this");
	stepper_show(s);
	return SCREEN_REDRAW;
}

static bool play_move(struct stepper *s, game_move m, const char *why)
{
	s->playing = false;
	entry_forget(&s->entry);
	if (m == GAME_NO_MOVE || !line_play(&s->review.line, m)) {
		app_say(s->app, "%s", why);
		return false;
	}
	stepper_show(s);
	return true;
}

static bool move_typed(void *self, const char *text)
{
	struct stepper *s = self;
	char why[ENTRY_WHY] = "";
	game_move m;

	if (!text || !*text)
		return true;
	m = entry_parse(&s->review.game, line_state(&s->review.line), text,
			why);
	return play_move(s, m, why);
}

/* "GAME_ID PLY" on the game's line, else "GAME MOVES". */
static void position_arg(const struct stepper *s, bool stored, struct buf *out)
{
	if (stored && !line_is_variation(&s->review.line)) {
		buf_printf(out, "%lld %d", (long long)s->review.row.id,
			   s->review.line.ply);
		return;
	}
	quote_put(out, game_short_name(&s->review.game));
	buf_putc(out, ' ');
	line_text(&s->review.line, s->review.line.ply, out);
}

static enum screen_action push(struct stepper *s, const char *screen,
			       bool stored, const char *more)
{
	struct buf arg;

	s->playing = false;
	buf_init(&arg);
	position_arg(s, stored, &arg);
	buf_puts(&arg, more);
	app_push(s->app, screen, arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static enum screen_action write_text(void *self, const struct key_press *k)
{
	struct stepper *s = self;
	char name[64];
	struct err e = ERR_INIT;
	struct buf text;

	(void)k;
	snprintf(name, sizeof(name), "game-%lld.txt",
		 (long long)s->review.row.id);
	buf_init(&text);
	stepper_print(s, s->app->ascii, &text);
	if (export_text(name, &text, &e) == ERR_OK)
		app_say(s->app, "written to %s", name);
	else
		app_fail(s->app, &e);
	buf_release(&text);
	return SCREEN_REDRAW;
}

/* ---- along the line ---- */

static enum screen_action go_by(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	return go(s, s->review.line.ply + k->arg);
}

static enum screen_action go_first(void *self, const struct key_press *k)
{
	(void)k;
	return go(self, 0);
}

static enum screen_action go_last(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	return go(s, s->review.line.count);
}

static enum screen_action play(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	s->playing = !s->playing;
	s->ticks = 0;
	if (s->playing && s->review.line.ply == s->review.line.count)
		go(s, 0);
	return SCREEN_REDRAW;
}

static enum screen_action set_pace(struct stepper *s, int pace)
{
	s->pace = pace < 1 ? 1 : pace > 40 ? 40 : pace;
	app_say(s->app, "%.1f seconds a move", s->pace / 10.0);
	return SCREEN_REDRAW;
}

static enum screen_action faster(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	return set_pace(s, s->pace - (s->pace > 10 ? 5 : 2));
}

static enum screen_action slower(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	return set_pace(s, s->pace + (s->pace >= 10 ? 5 : 2));
}

static enum screen_action swing_by(void *self, const struct key_press *k)
{
	return seek(self, k->arg, true);
}

static enum screen_action overturned_by(void *self, const struct key_press *k)
{
	return seek(self, k->arg, false);
}

/* ---- the table of moves ---- */

static enum screen_action row_by(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	return s->searched && move_table_move(&s->root.table, k->arg)
		       ? SCREEN_REDRAW
		       : SCREEN_STAY;
}

static enum screen_action sort(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	return s->searched && inspector_sort(&s->root, 1) ? SCREEN_REDRAW
							  : SCREEN_STAY;
}

/* ---- variations, and from here to other screens ---- */

static enum screen_action open_search(void *self, const struct key_press *k)
{
	struct stepper *s = self;
	const struct review_ply *p = review_here(&s->review);
	char agent[SEAT_SPEC_SIZE + 8] = "";

	(void)k;
	/* Who looked at the whole game left no tree, and finds it again. */
	if (p && p->search_id == REVIEW_UNKEPT)
		snprintf(agent, sizeof(agent), " agent=%s", p->agent);
	else if (review_again(&s->review))
		snprintf(agent, sizeof(agent), " agent=as-it-was");
	return push(s, "search", true, agent);
}

static enum screen_action analyse(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "search", true, " agent=?");
}

static enum screen_action compare(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "compare", true, "");
}

static enum screen_action who_could_move(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	if (line_is_variation(&s->review.line)) {
		app_say(s->app, "this position is of no stored game: b goes "
				"back to it");
		return SCREEN_REDRAW;
	}
	return push(s, "movers", true, "");
}

static enum screen_action go_on_by_hand(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "position", false, "");
}

static enum screen_action ask_move(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	app_ask(s->app, "move", "", move_typed, s);
	return SCREEN_REDRAW;
}

static enum screen_action take_back(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	if (entry_leave(&s->entry))
		return SCREEN_REDRAW;
	if (!line_undo(&s->review.line))
		return SCREEN_STAY;
	stepper_show(s);
	return SCREEN_REDRAW;
}

static enum screen_action return_to_game(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	if (!line_return(&s->review.line))
		return SCREEN_STAY;
	stepper_show(s);
	return SCREEN_REDRAW;
}

static const struct key_binding keys[] = {
	{"Right", "next", "one move on", true, .run = go_by, .arg = 1},
	{"Left", "previous", "one move back", false, .run = go_by, .arg = -1},
	{"PgDn, >", "next-10", "ten moves on", false, .run = go_by, .arg = 10},
	{"PgUp, <", "previous-10", "ten moves back", false, .run = go_by,
	 .arg = -10},
	{"Home, ^", "first", "to the start", false, .run = go_first},
	{"End, $", "last", "to the end", false, .run = go_last},
	{"Space", "play", "let the game run, or stop it", true, .run = play},
	{"+, =", "faster", "run faster", false, .run = faster},
	{"-", "slower", "run slower", false, .run = slower},
	{"n", "next-swing",
	 "next ply where an agent's value swung, "
	 "or something was eaten (~)",
	 true, .run = swing_by, .arg = 1},
	{"p", "previous-swing", "the swing before", false, .run = swing_by,
	 .arg = -1},
	{"o", "next-overturned",
	 "next ply where the search "
	 "overturned the net (*)",
	 true, .run = overturned_by, .arg = 1},
	{"O", "previous-overturned", "the one before", false,
	 .run = overturned_by, .arg = -1},
	{"Up", "up", "one row up in the table of moves", false, .run = row_by,
	 .arg = -1},
	{"Down", "down", "one row down", false, .run = row_by, .arg = 1},
	{"s", "sort", "sort the moves by the next column", false, .run = sort},
	{"Enter", "search", "open the search at this ply", true,
	 .run = open_search},
	{"a", "analyse",
	 "choose an agent and search this "
	 "position",
	 true, .run = analyse},
	{"A", "analyse-game",
	 "an agent looks at every position of the game: the value of each, "
	 "swings and blunders; again: stop it, or choose another",
	 true, .run = stepper_analyse_game},
	{"M", "movers", "all who could move here: agents, the solver", false,
	 .run = who_could_move},
	{"t", "type-agent", "type who is to analyse the whole game", false,
	 .run = stepper_type_agent},
	{"l", "list",
	 "list the swings, blunders and overturned moves in place of all",
	 false, .run = stepper_list_moments},
	{"v", "stored", "the searches of the lab, or those of the analysis",
	 false, .run = stepper_show_stored},
	{"k", "keep", "keep the analysis of the whole game in the lab", false,
	 .run = stepper_keep_game},
	{"C", "compare", "two agents' searches of this position, side by side",
	 false, .run = compare},
	{"m", "move",
	 "play a move by hand: begins a variation; "
	 "typed moves and clicks do too",
	 false, .run = ask_move},
	{"u, Backspace", "take-back",
	 "take a move of the variation "
	 "back",
	 false, .run = take_back},
	{"b", "game-line",
	 "back to the game, where the variation "
	 "left it",
	 false, .run = return_to_game},
	{"c", "continue",
	 "go on by hand from here, apart from "
	 "the game",
	 false, .run = go_on_by_hand},
	BOARD_VIEW_KEYS(struct stepper, view,
			"who owns each cell by the rules' count "
			"(Go, Othello)"),
	{"e", "export",
	 "write the game and the table to a text "
	 "file",
	 false, .run = write_text},
	{"q, Esc", "close", "close the list of agents, or go back", false,
	 .run = stepper_close},
	{0},
};

static bool game_text(void *self, unsigned ch, enum screen_action *action)
{
	struct stepper *s = self;
	game_move m;

	*action = SCREEN_REDRAW;
	if (entry_asks(&s->entry)) {
		if (entry_key(&s->entry, &s->review.game,
			      line_state(&s->review.line), (int)ch,
			      &m) == ENTRY_MOVE)
			play_move(s, m, "");
		return true;
	}
	if (!line_type(&s->review.line, ch, &m))
		return false;
	*action = SCREEN_REDRAW;
	play_move(s, m, "that is not a legal move here");
	return true;
}

static bool game_editing(const void *self)
{
	return entry_asks(&((const struct stepper *)self)->entry);
}

static enum screen_action click_list(struct stepper *s,
				     const struct canvas_region *r,
				     const struct mouse_event *m)
{
	struct game_list l = stepper_list(s, r->height, r->width);
	int row = m->row - r->row, col = m->col - r->col;
	int pair = (l.top + row) * l.columns + col / l.cell;
	int index = 2 * pair + (col % l.cell >= 5 + l.move) - l.odd;

	if (col / l.cell >= l.columns || index >= s->review.line.count ||
	    index < 0)
		return SCREEN_STAY;
	return go(s, index + 1);
}

static enum screen_action click_moments(struct stepper *s,
					const struct canvas_region *r,
					const struct mouse_event *m)
{
	struct review_moment *list =
		mem_zalloc((size_t)s->review.plies + 1, sizeof(*list));
	int count = review_moments(&s->review, list);
	int at = m->row - r->row - 1, ply = -1;

	at += stepper_moments_top(list, count, s->review.line.ply,
				  r->height - 1);
	if (m->row > r->row && at < count)
		ply = list[at].ply + 1;
	free(list);
	return ply < 0 ? SCREEN_STAY : go(s, ply);
}

static enum screen_action click_table(struct stepper *s,
				      const struct canvas_region *r,
				      const struct mouse_event *m)
{
	int at;

	if (!s->searched)
		return SCREEN_STAY;
	at = move_draw_row_at(&s->root.table, r->height - 1,
			      m->row - r->row - 1);
	if (at < 0)
		return SCREEN_STAY;
	s->root.table.cursor = at;
	return SCREEN_REDRAW;
}

static enum screen_action click_graph(struct stepper *s,
				      const struct canvas_region *r,
				      const struct mouse_event *m)
{
	struct value_graph v = {.count = s->review.plies + 1};
	int ply = value_graph_ply(&v, r->width, m->col - r->col);

	if (s->review.line.branch >= 0 && ply >= 0)
		line_return(&s->review.line);
	return ply >= 0 ? go(s, ply) : SCREEN_STAY;
}

static enum screen_action click_board(struct stepper *s,
				      const struct canvas_region *r,
				      const struct mouse_event *m)
{
	struct board b =
		BOARD_INIT(&s->review.game, line_state(&s->review.line));
	char why[ENTRY_WHY] = "";
	game_move move = GAME_NO_MOVE;
	int cell;

	if (line_over(&s->review.line) || entry_asks(&s->entry))
		return SCREEN_STAY;
	b.flip = s->view.flip;
	cell = board_view_click(&b, r, m, s->app->ascii);
	if (cell < 0)
		return SCREEN_STAY;
	s->entry.row = cell / s->review.game.cols;
	s->entry.col = cell % s->review.game.cols;
	switch (entry_put(&s->entry, &s->review.game,
			  line_state(&s->review.line), &move, why)) {
	case ENTRY_MOVE:
		return play_move(s, move, why);
	case ENTRY_NOTHING:
		app_say(s->app, "%s", why);
		break;
	case ENTRY_CHANGED:
		break;
	}
	return SCREEN_REDRAW;
}

static enum screen_action game_mouse(void *self, const struct mouse_event *m)
{
	static const struct {
		int part;
		enum screen_action (*click)(struct stepper *s,
					    const struct canvas_region *r,
					    const struct mouse_event *m);
	} parts[] = {
		{GAME_GRAPH, click_graph},     {GAME_LIST, click_list},
		{GAME_MOMENTS, click_moments}, {GAME_TABLE, click_table},
		{GAME_BOARD, click_board},
	};
	struct stepper *s = self;

	if (s->picker.open) {
		table_mouse(&s->picker.table, m);
		return SCREEN_REDRAW;
	}
	if (m->button == 4 || m->button == 5)
		return go(s, s->review.line.ply + (m->button == 4 ? -1 : 1));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const struct canvas_region *r =
			canvas_map_find(m->seen, s, parts[i].part);

		if (canvas_map_inside(r, m->row, m->col))
			return parts[i].click(s, r, m);
	}
	return SCREEN_STAY;
}

static enum screen_action game_tick(void *self)
{
	struct stepper *s = self;
	enum screen_action action =
		stepper_collect(s) ? SCREEN_REDRAW : SCREEN_STAY;

	if (!s->playing || ++s->ticks % s->pace != 0)
		return action;
	go(s, s->review.line.ply + 1);
	s->playing = s->review.line.ply < s->review.line.count;
	return SCREEN_REDRAW;
}

static bool game_busy(const void *self)
{
	const struct stepper *s = self;

	return s->playing || s->whole;
}

static const struct key_binding *game_popup(const void *self)
{
	return ((const struct stepper *)self)->picker.open ? stepper_picker_keys
							   : NULL;
}

/* A search may have been kept with the game meanwhile. */
static enum screen_action game_resume(void *self)
{
	struct stepper *s = self;
	struct err e = ERR_INIT;
	bool variation = line_is_variation(&s->review.line);

	if (!variation && stepper_load(s, s->review.row.id, &e) != ERR_OK)
		app_fail(s->app, &e);
	stepper_show(s);
	return SCREEN_REDRAW;
}

static void game_status(const void *self, struct buf *out)
{
	const struct stepper *s = self;

	buf_printf(out, "%lld, %s", (long long)s->review.row.id,
		   game_short_name(&s->review.game));
	if (s->review.row.purpose)
		buf_printf(out, ", %s", s->review.row.purpose);
	if (s->review.row.run && s->review.row.step >= 0)
		buf_printf(out, ", %s/%lld", s->review.row.run,
			   (long long)s->review.row.step);
}

static bool game_chart(const void *self, enum picture_format f, struct buf *out)
{
	const struct stepper *s = self;
	struct value_graph v = {.value = s->review.value,
				.count = s->review.plies + 1};
	bool any = false;

	for (int ply = 0; ply < v.count; ply++)
		any = any || !isnan(v.value[ply]);
	if (any)
		value_graph_picture(&v, f, out);
	return any;
}

const struct screen screen_game = {
	.name = "game",
	.title = "Game",
	.help = "Steps through a stored game: moves, value of every ply, what "
		"was searched.",
	.self_size = sizeof(struct stepper),
	.keys = keys,
	.open = game_open,
	.draw = stepper_draw,
	.chart = game_chart,
	.text = game_text,
	.editing = game_editing,
	.popup = game_popup,
	.mouse = game_mouse,
	.tick = game_tick,
	.busy = game_busy,
	.resume = game_resume,
	.status = game_status,
	.close = game_close,
};
