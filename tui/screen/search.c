/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/search.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lab/lab.h"
#include "tui/quote.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"
#include "tui/screen/export.h"

enum command {
	CMD_UP = 1,
	CMD_DOWN,
	CMD_PAGE_UP,
	CMD_PAGE_DOWN,
	CMD_FIRST,
	CMD_LAST,
	CMD_ENTER,
	CMD_RIGHT,
	CMD_LEFT,
	CMD_ROOT,
	CMD_PANE,
	CMD_PANE_BACK,
	CMD_ZOOM,
	CMD_BACK_1,
	CMD_ON_1,
	CMD_BACK_10,
	CMD_ON_10,
	CMD_BACK_100,
	CMD_ON_100,
	CMD_START,
	CMD_END,
	CMD_RUN,
	CMD_SORT,
	CMD_SORT_BACK,
	CMD_PV,
	CMD_PV_BACK,
	CMD_FOLLOW,
	CMD_DEEPER,
	CMD_SHALLOWER,
	CMD_MORE_CHILDREN,
	CMD_FEWER_CHILDREN,
	CMD_MORE_VISITS,
	CMD_FEWER_VISITS,
	CMD_ANALYSE,
	CMD_TYPE,
	CMD_HURRY,
	CMD_CONTINUE,
	CMD_KEEP,
	CMD_EXPORT,
	CMD_NEXT_PLY,
	CMD_LAST_PLY,
	CMD_CLOSE,
};

static const struct key_binding keys[] = {
	{",", "back", "one simulation back", false, .command = CMD_BACK_1},
	{".", "on", "one simulation on", true, .command = CMD_ON_1},
	{"<", "back-10", "ten simulations back", false, .command = CMD_BACK_10},
	{">", "on-10", "ten simulations on", true, .command = CMD_ON_10},
	{"(", "back-100", "a hundred simulations back", false,
	 .command = CMD_BACK_100},
	{")", "on-100", "a hundred simulations on", false,
	 .command = CMD_ON_100},
	{"^", "start", "before the first simulation", false,
	 .command = CMD_START},
	{"$", "end", "after the last simulation", false, .command = CMD_END},
	{"Space", "run", "let the simulations run, or stop them", true,
	 .command = CMD_RUN},
	{"Tab", "pane", "next pane: moves, tree, board", true,
	 .command = CMD_PANE},
	{"Shift-Tab", "pane-back", "the pane before", false,
	 .command = CMD_PANE_BACK},
	{"Up", "up", "one row up; on the board, back in the line", false,
	 .command = CMD_UP},
	{"Down", "down", "one row down; on the board, on in the line", false,
	 .command = CMD_DOWN},
	{"PgUp", "page-up", "ten rows up", false, .command = CMD_PAGE_UP},
	{"PgDn", "page-down", "ten rows down", false, .command = CMD_PAGE_DOWN},
	{"Home", "first", "first row", false, .command = CMD_FIRST},
	{"End", "last", "last row", false, .command = CMD_LAST},
	{"Enter", "open",
	 "into the move; in the tree, unfold or "
	 "fold",
	 true, .command = CMD_ENTER},
	{"Right", "into", "into the move; in the tree, unfold", false,
	 .command = CMD_RIGHT},
	{"Left, Backspace", "out",
	 "out to the parent; in the tree, "
	 "fold",
	 false, .command = CMD_LEFT},
	{"r", "root", "select the root", false, .command = CMD_ROOT},
	{"o", "sort", "sort the moves by the next column", false,
	 .command = CMD_SORT},
	{"O", "sort-back", "sort by the column before", false,
	 .command = CMD_SORT_BACK},
	{"v", "line", "on along the principal variation, on the board", false,
	 .command = CMD_PV},
	{"V", "line-back", "back along the variation", false,
	 .command = CMD_PV_BACK},
	{"z", "zoom",
	 "give the pane all the room, with every "
	 "column",
	 false, .command = CMD_ZOOM},
	{"p", "follow", "unfold the path of the simulation, always", false,
	 .command = CMD_FOLLOW},
	{"+, =", "deeper", "tree open one level deeper", false,
	 .command = CMD_DEEPER},
	{"-", "shallower", "tree open one level less", false,
	 .command = CMD_SHALLOWER},
	{"]", "more-children", "show one more child of each node", false,
	 .command = CMD_MORE_CHILDREN},
	{"[", "fewer-children", "show one fewer child", false,
	 .command = CMD_FEWER_CHILDREN},
	{"}", "more-visits", "hide children with few visits: raise the minimum",
	 false, .command = CMD_MORE_VISITS},
	{"{", "fewer-visits", "lower the minimum of visits", false,
	 .command = CMD_FEWER_VISITS},
	{"a", "analyse", "choose an agent and search here", true,
	 .command = CMD_ANALYSE},
	{"t", "agent", "type the agent that is to search here", false,
	 .command = CMD_TYPE},
	{"x", "stop", "stop thinking, keep what was found", false,
	 .command = CMD_HURRY},
	{"c", "continue",
	 "go on by hand from the position on "
	 "the board",
	 false, .command = CMD_CONTINUE},
	{"n", "next-ply", "the search at the game's next ply", false,
	 .command = CMD_NEXT_PLY},
	{"b", "previous-ply", "the search at the ply before", false,
	 .command = CMD_LAST_PLY},
	{"w", "keep", "keep a new search with the stored game", false,
	 .command = CMD_KEEP},
	{"e", "export", "write what is shown to a text file", false,
	 .command = CMD_EXPORT},
	{"q, Esc", "close", "close the list of agents, or go back", false,
	 .command = CMD_CLOSE},
	{0},
};

static enum err_code search_open(void *self, struct app *app, const char *arg,
				 struct err *e)
{
	struct search *s = self;
	enum err_code rc;

	s->app = app;
	agent_picker_init(&s->picker);
	rc = search_open_arg(s, arg, e);
	if (rc != ERR_OK)
		return rc;
	/* Nothing recorded: the next thing wanted is who should look. */
	if ((s->choose || !s->in.trace) && !s->thinker &&
	    s->game.rules->to_act(&s->game, s->in.root) >= 0)
		return agent_picker_open(&s->picker,
					 app->lab ? lab_store(app->lab) : NULL,
					 &s->game, e);
	return ERR_OK;
}

static void search_close(void *self)
{
	struct search *s = self;

	search_stop(s);
	thought_release(&s->found);
	agent_picker_release(&s->picker);
	if (s->ready)
		inspector_release(&s->in);
}

static void draw_bare(const struct search *s, struct canvas *c)
{
	struct board b = BOARD_INIT(&s->game, s->in.root);
	struct canvas pane = canvas_pane(c, 2, 0, c->height - 2, c->width);
	int to_act = s->game.rules->to_act(&s->game, s->in.root);

	canvas_text(c, 0, 1, STYLE_LABEL,
		    to_act == GAME_OVER
			    ? "The game is over here: there is nothing to "
			      "search."
		    : to_act == GAME_CHANCE
			    ? "Chance moves here: nobody has to choose."
		    : s->thinker ? "Thinking..."
				 : "No search is recorded here: a chooses an "
				   "agent that searches now.");
	board_draw(&b, &pane);
}

static void search_draw(const void *self, struct canvas *c)
{
	const struct search *s = self;

	if (s->in.trace)
		inspector_draw(&s->in, c);
	else
		draw_bare(s, c);
	if (s->picker.open)
		agent_picker_draw(&s->picker, c);
}

static void search_status(const void *self, struct buf *out)
{
	const struct search *s = self;

	if (s->game_id)
		buf_printf(out, "game %lld ply %d", (long long)s->game_id,
			   s->ply);
	else
		buf_printf(out, "%s %s", game_short_name(&s->game),
			   *s->moves ? s->moves : "start");
	if (*s->agent)
		buf_printf(out, ", %s", s->agent);
	if (s->thinker)
		buf_puts(out, ", thinking");
	else if (s->running)
		buf_puts(out, ", running");
	if (s->unsaved)
		buf_puts(out, ", not kept");
}

static enum screen_action fail(struct search *s, const struct err *e)
{
	app_fail(s->app, e);
	return SCREEN_REDRAW;
}

static bool typed_agent(void *self, const char *text)
{
	struct search *s = self;
	struct err e = ERR_INIT;

	if (!text || !*text)
		return true;
	if (search_start(s, text, &e) != ERR_OK) {
		app_fail(s->app, &e);
		return false;
	}
	agent_picker_close(&s->picker);
	return true;
}

static enum screen_action type_agent(struct search *s)
{
	char spec[PICKER_SPEC] = "";

	if (s->picker.open)
		agent_picker_spec(&s->picker, spec);
	else
		snprintf(spec, sizeof(spec), "%s", s->agent);
	app_ask(s->app, "agent", spec, typed_agent, s);
	return SCREEN_REDRAW;
}

static enum screen_action picker_command(struct search *s, int command)
{
	static const struct {
		int from, to;
	} moves[] = {
		{CMD_UP, TABLE_UP},           {CMD_DOWN, TABLE_DOWN},
		{CMD_PAGE_UP, TABLE_PAGE_UP}, {CMD_PAGE_DOWN, TABLE_PAGE_DOWN},
		{CMD_FIRST, TABLE_FIRST},     {CMD_LAST, TABLE_LAST},
	};
	char spec[PICKER_SPEC];
	struct err e = ERR_INIT;

	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (moves[i].from == command) {
			table_command(&s->picker.table, moves[i].to);
			return SCREEN_REDRAW;
		}
	}
	switch (command) {
	case CMD_RIGHT:
	case CMD_DEEPER:
		agent_picker_simulations(&s->picker, 1);
		return SCREEN_REDRAW;
	case CMD_LEFT:
	case CMD_SHALLOWER:
		agent_picker_simulations(&s->picker, -1);
		return SCREEN_REDRAW;
	case CMD_ENTER:
		agent_picker_spec(&s->picker, spec);
		if (search_start(s, spec, &e) != ERR_OK)
			return fail(s, &e);
		agent_picker_close(&s->picker);
		return SCREEN_REDRAW;
	case CMD_TYPE:
		return type_agent(s);
	case CMD_CLOSE:
		agent_picker_close(&s->picker);
		return SCREEN_REDRAW;
	default:
		return SCREEN_STAY;
	}
}

static enum screen_action analyse(struct search *s)
{
	struct err e = ERR_INIT;

	if (agent_picker_open(&s->picker,
			      s->app->lab ? lab_store(s->app->lab) : NULL,
			      &s->game, &e) != ERR_OK)
		return fail(s, &e);
	return SCREEN_REDRAW;
}

/* The position on the board, as the position screen takes it. */
static enum screen_action go_on_by_hand(struct search *s)
{
	game_move list[SIM_PATH_CAP];
	int count = inspector_moves(&s->in, list, SIM_PATH_CAP);
	struct buf arg;

	buf_init(&arg);
	quote_put(&arg, game_short_name(&s->game));
	buf_printf(&arg, " %s", s->moves);
	if (count > 0 && !s->game.rules->compact_text)
		buf_putc(&arg, ' ');
	game_line_text(&s->game, s->in.root, list, count, &arg);
	app_push(s->app, "position", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static enum screen_action other_ply(struct search *s, int step)
{
	char arg[64];
	int ply = s->ply + step;

	if (!s->game_id || ply < 0 || ply > s->plies) {
		app_say(s->app,
			s->game_id ? "the game has no ply %d"
				   : "there is no game behind this "
				     "position (%d)",
			ply);
		return SCREEN_REDRAW;
	}
	snprintf(arg, sizeof(arg), "%lld %d", (long long)s->game_id, ply);
	app_replace(s->app, "search", arg);
	return SCREEN_REDRAW;
}

static enum screen_action export(struct search *s) {
	char name[64]; struct err e = ERR_INIT; struct buf text;

	if (!s->in.trace) return SCREEN_STAY;
	if (s->game_id) snprintf(name, sizeof(name), "search-%lld-%d.txt",
				 (long long)s->game_id, s->ply);
	else snprintf(name, sizeof(name), "search-%.32s.txt",
		      *s->moves ? s->moves : "start");
	buf_init(&text);
	buf_printf(&text, "agent: %s\nmoves: %s\n", s->agent, s->moves);
	inspector_print(&s->in, s->app->ascii, &text);
	if (export_text(name, &text, &e) == ERR_OK)
		app_say(s->app, "written to %s", name);
	else app_fail(s->app, &e);
	buf_release(&text);
	return SCREEN_REDRAW;
}

static enum screen_action keep(struct search *s)
{
	struct err e = ERR_INIT;

	if (search_save(s, &e) != ERR_OK)
		return fail(s, &e);
	app_say(s->app, "kept with game %lld at ply %d", (long long)s->game_id,
		s->ply);
	return SCREEN_REDRAW;
}

/* Commands that move through the recorded search. */
static bool scrub(struct search *s, int command)
{
	long at = (long)s->in.view.at;

	switch (command) {
	case CMD_BACK_1:
		return inspector_seek(&s->in, at - 1);
	case CMD_ON_1:
		return inspector_seek(&s->in, at + 1);
	case CMD_BACK_10:
		return inspector_seek(&s->in, at - 10);
	case CMD_ON_10:
		return inspector_seek(&s->in, at + 10);
	case CMD_BACK_100:
		return inspector_seek(&s->in, at - 100);
	case CMD_ON_100:
		return inspector_seek(&s->in, at + 100);
	case CMD_START:
		return inspector_seek(&s->in, 0);
	case CMD_END:
		return inspector_seek(&s->in, UINT32_MAX);
	default:
		return false;
	}
}

static bool inspect(struct search *s, int command)
{
	struct inspector *in = &s->in;

	switch (command) {
	case CMD_UP:
		return inspector_move(in, -1);
	case CMD_DOWN:
		return inspector_move(in, 1);
	case CMD_PAGE_UP:
		return inspector_move(in, -10);
	case CMD_PAGE_DOWN:
		return inspector_move(in, 10);
	case CMD_FIRST:
		return inspector_move(in, -TREE_MAX_ROWS - 1);
	case CMD_LAST:
		return inspector_move(in, TREE_MAX_ROWS + 1);
	case CMD_ENTER:
		return inspector_enter(in, true);
	case CMD_RIGHT:
		return inspector_enter(in, false);
	case CMD_LEFT:
		return inspector_leave(in);
	case CMD_ROOT:
		return inspector_select(in, 0);
	case CMD_PANE:
		return inspector_focus(in, 1);
	case CMD_PANE_BACK:
		return inspector_focus(in, -1);
	case CMD_ZOOM:
		in->zoom = !in->zoom;
		return true;
	case CMD_SORT:
		return inspector_sort(in, 1);
	case CMD_SORT_BACK:
		return inspector_sort(in, -1);
	case CMD_PV:
		return inspector_pv_step(in, 1);
	case CMD_PV_BACK:
		return inspector_pv_step(in, -1);
	case CMD_FOLLOW:
		return inspector_follow(in);
	case CMD_DEEPER:
		return inspector_depth(in, 1);
	case CMD_SHALLOWER:
		return inspector_depth(in, -1);
	case CMD_MORE_CHILDREN:
		return inspector_children(in, 1);
	case CMD_FEWER_CHILDREN:
		return inspector_children(in, -1);
	case CMD_MORE_VISITS:
		return inspector_least(in, 1);
	case CMD_FEWER_VISITS:
		return inspector_least(in, -1);
	default:
		return false;
	}
}

static enum screen_action run(struct search *s)
{
	if (!s->in.trace || s->in.trace->sim_count == 0)
		return SCREEN_STAY;
	s->running = !s->running;
	/* At the end it starts over. */
	if (s->running && s->in.view.at == s->in.trace->sim_count)
		inspector_seek(&s->in, 0);
	return SCREEN_REDRAW;
}

static enum screen_action search_command(void *self, int command)
{
	struct search *s = self;

	if (s->picker.open)
		return picker_command(s, command);
	if (command >= CMD_BACK_1 && command <= CMD_END) {
		s->running = false;
		return scrub(s, command) ? SCREEN_REDRAW : SCREEN_STAY;
	}
	switch (command) {
	case CMD_RUN:
		return run(s);
	case CMD_ANALYSE:
		return analyse(s);
	case CMD_TYPE:
		return type_agent(s);
	case CMD_HURRY:
		s->hurry = s->thinker != NULL;
		return SCREEN_STAY;
	case CMD_CONTINUE:
		return go_on_by_hand(s);
	case CMD_NEXT_PLY:
		return other_ply(s, 1);
	case CMD_LAST_PLY:
		return other_ply(s, -1);
	case CMD_KEEP:
		return keep(s);
	case CMD_EXPORT:
		return export(s);
	case CMD_CLOSE:
		return SCREEN_BACK;
	default:
		return inspect(s, command) ? SCREEN_REDRAW : SCREEN_STAY;
	}
}

static enum screen_action search_mouse(void *self, const struct mouse_event *m)
{
	struct search *s = self;

	if (s->picker.open) {
		if (table_mouse(&s->picker.table, m) == TABLE_OPENED)
			return picker_command(s, CMD_ENTER);
		return SCREEN_REDRAW;
	}
	if (m->button == 4 || m->button == 5)
		return inspector_move(&s->in, m->button == 4 ? -3 : 3)
			       ? SCREEN_REDRAW
			       : SCREEN_STAY;
	return inspector_click(&s->in, m->row, m->col) ? SCREEN_REDRAW
						       : SCREEN_STAY;
}

static enum screen_action search_tick(void *self)
{
	struct search *s = self;
	enum screen_action action = SCREEN_STAY;
	struct err e = ERR_INIT;

	if (search_collect(s, &e))
		action = SCREEN_REDRAW;
	if (e.code != ERR_OK)
		app_fail(s->app, &e);
	if (s->running) {
		/* Any search runs through in about twenty seconds. */
		long step = (long)s->in.trace->sim_count / 200 + 1;

		s->running = inspector_seek(&s->in, (long)s->in.view.at + step);
		action = SCREEN_REDRAW;
	}
	return action;
}

static bool search_busy(const void *self)
{
	const struct search *s = self;

	return s->thinker || s->running;
}

const struct screen screen_search = {
	.name = "search",
	.title = "Search",
	.help = "Replays a recorded search simulation by simulation: moves, "
		"tree, principal variation.",
	.self_size = sizeof(struct search),
	.keys = keys,
	.open = search_open,
	.draw = search_draw,
	.command = search_command,
	.mouse = search_mouse,
	.tick = search_tick,
	.busy = search_busy,
	.status = search_status,
	.close = search_close,
};
