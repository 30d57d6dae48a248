/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/search.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/search/trace_dot.h"
#include "core/search/trace_text.h"
#include "core/session/figures.h"
#include "core/session/quote.h"
#include "tui/canvas.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/export.h"
#include "tui/screen/screens.h"
#include "tui/widget/board.h"
#include "tui/widget/inspector_draw.h"
#include "tui/widget/table.h"

/* On the last choice, else on the network that moved here. */
static enum err_code open_picker(struct search *s, struct err *e)
{
	enum err_code rc = agent_picker_open(
		&s->picker, s->app->lab ? lab_store(s->app->lab) : NULL,
		&s->analysis.game, e);

	if (!rc && !agent_picker_recall(&s->picker, s->app->analyst))
		agent_picker_stand_at(&s->picker, s->analysis.whose);
	return rc;
}

/* By a choice that the next analysis begins with. */
static enum err_code start_chosen(struct search *s, const char *spec,
				  struct err *e)
{
	enum err_code rc = search_start(s, spec, e);

	if (rc)
		return rc;
	s->chosen = true;
	snprintf(s->app->analyst, sizeof(s->app->analyst), "%s", spec);
	agent_picker_close(&s->picker);
	return ERR_OK;
}

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
	if ((s->choose || !s->in.trace) && !analysis_busy(&s->analysis) &&
	    s->analysis.game.rules->to_act(&s->analysis.game, s->in.root) >= 0)
		return open_picker(s, e);
	return ERR_OK;
}

static void search_close(void *self)
{
	struct search *s = self;

	agent_picker_release(&s->picker);
	if (s->ready)
		inspector_release(&s->in);
	analysis_release(&s->analysis);
}

static void draw_bare(const struct search *s, struct canvas *c)
{
	struct board b = BOARD_INIT(&s->analysis.game, s->in.root);
	struct canvas pane = canvas_pane(c, 2, 0, c->height - 2, c->width);
	int to_act =
		s->analysis.game.rules->to_act(&s->analysis.game, s->in.root);

	canvas_text(c, 0, 1, STYLE_LABEL,
		    to_act == GAME_OVER
			    ? "The game is over here: there is nothing to "
			      "search."
		    : to_act == GAME_CHANCE
			    ? "Chance moves here: nobody has to choose."
		    : analysis_busy(&s->analysis)
			    ? "Thinking..."
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

	if (s->analysis.game_id)
		buf_printf(out, "game %lld ply %d",
			   (long long)s->analysis.game_id, s->analysis.ply);
	else
		buf_printf(out, "%s %s", game_short_name(&s->analysis.game),
			   *s->analysis.moves ? s->analysis.moves : "start");
	if (*s->analysis.agent)
		buf_printf(out, ", %s", s->analysis.agent);
	if (s->analysis.again)
		buf_puts(out, ", searching as it was");
	else if (s->analysis.thinker)
		buf_puts(out, ", thinking");
	else if (s->running)
		buf_puts(out, ", running");
	if (s->analysis.unsaved)
		buf_puts(out, ", not kept");
	else if (s->analysis.kept_count > 1 && !s->analysis.thinker)
		buf_printf(out, ", %d of %d kept here", s->analysis.kept + 1,
			   s->analysis.kept_count);
}

static enum screen_action fail(struct search *s, const struct err *e)
{
	app_fail(s->app, e);
	return SCREEN_REDRAW;
}

/* A search that nobody kept is dropped only by who is told and does it again.
 */
static bool may_drop(struct search *s)
{
	if (!s->analysis.unsaved || s->warned || s->app->readonly)
		return true;
	s->warned = true;
	app_say(s->app, "this search is not kept: w keeps it with the game, "
			"the same key again drops it");
	return false;
}

/* Where the board stands, below the root, as words after `position`, `search`.
 * False: at the root. */
static bool below_root(const struct search *s, struct buf *out)
{
	game_move list[SIM_PATH_CAP];
	int count = inspector_moves(&s->in, list, SIM_PATH_CAP);

	quote_put(out, game_short_name(&s->analysis.game));
	buf_printf(out, " %s", s->analysis.moves);
	if (count > 0 && !s->analysis.game.rules->compact_text)
		buf_putc(out, ' ');
	game_line_text(&s->analysis.game, s->in.root, list, count, out);
	return count > 0;
}

/* A node deep in a tree is a position of its own: it gets a screen of its own
 * on top, and the tree waits below. */
static bool search_below(struct search *s, const char *agent)
{
	struct buf arg;
	bool below;

	buf_init(&arg);
	below = below_root(s, &arg);
	buf_printf(&arg, " agent=%s", agent);
	if (below)
		app_push(s->app, "search", arg.data);
	buf_release(&arg);
	return below;
}

static bool typed_agent(void *self, const char *text)
{
	struct search *s = self;
	struct err e = ERR_INIT;

	if (!text || !*text)
		return true;
	if (!s->picker.open && search_below(s, text))
		return true;
	if (start_chosen(s, text, &e) == ERR_OK)
		return true;
	app_fail(s->app, &e);
	return false;
}

static enum screen_action type_agent(void *self, const struct key_press *k)
{
	struct search *s = self;
	char spec[PICKER_SPEC] = "";

	(void)k;
	if (s->picker.open)
		agent_picker_spec(&s->picker, spec);
	else
		snprintf(spec, sizeof(spec), "%s", s->analysis.agent);
	app_ask(s->app, "agent", spec, typed_agent, s);
	return SCREEN_REDRAW;
}

static enum screen_action analyse(void *self, const struct key_press *k)
{
	struct search *s = self;
	struct err e = ERR_INIT;

	(void)k;
	if (search_below(s, "?") || !may_drop(s))
		return SCREEN_REDRAW;
	return open_picker(s, &e) ? fail(s, &e) : SCREEN_REDRAW;
}

/* The position on the board, as the position screen takes it. */
static enum screen_action go_on_by_hand(void *self, const struct key_press *k)
{
	struct search *s = self;
	struct buf arg;

	(void)k;
	buf_init(&arg);
	below_root(s, &arg);
	app_push(s->app, "position", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

static enum screen_action other_ply(void *self, const struct key_press *k)
{
	struct search *s = self;
	char arg[64];
	int ply = s->analysis.ply + k->arg;

	if (!s->analysis.game_id || ply < 0 || ply > s->analysis.plies) {
		app_say(s->app,
			s->analysis.game_id ? "the game has no ply %d"
					    : "there is no game behind this "
					      "position (%d)",
			ply);
		return SCREEN_REDRAW;
	}
	if (!may_drop(s))
		return SCREEN_REDRAW;
	snprintf(arg, sizeof(arg), "%lld %d%s", (long long)s->analysis.game_id,
		 ply, s->chosen ? " agent=again" : "");
	app_replace(s->app, "search", arg);
	return SCREEN_REDRAW;
}

static void file_name(const struct search *s, const char *kind, char *out,
		      size_t size)
{
	if (s->analysis.game_id)
		snprintf(out, size, "search-%lld-%d.%s",
			 (long long)s->analysis.game_id, s->analysis.ply, kind);
	else
		snprintf(out, size, "search-%.32s.%s",
			 *s->analysis.moves ? s->analysis.moves : "start",
			 kind);
}

static enum screen_action write_text(void *self, const struct key_press *k)
{
	struct search *s = self;
	char name[64];
	struct err e = ERR_INIT;
	struct buf text;

	(void)k;
	if (!s->in.trace)
		return SCREEN_STAY;
	file_name(s, "txt", name, sizeof(name));
	buf_init(&text);
	buf_printf(&text, "agent: %s\nmoves: %s\n", s->analysis.agent,
		   s->analysis.moves);
	inspector_draw_print(&s->in, s->app->ascii, &text);
	if (export_text(name, &text, &e) == ERR_OK)
		app_say(s->app, "written to %s", name);
	else
		app_fail(s->app, &e);
	buf_release(&text);
	return SCREEN_REDRAW;
}

/* The tree as it stands, with the cut-offs of the tree pane, but not so shallow
 * that there would be nothing to see. */
static enum screen_action write_graph(void *self, const struct key_press *k)
{
	struct search *s = self;
	const struct tree_limits *l = &s->in.tree.limits;
	struct trace_cut cut = {l->depth > 3 ? l->depth : 3, l->children,
				l->least};
	struct err e = ERR_INIT;
	struct buf text;
	char name[64];

	(void)k;
	if (!s->in.trace)
		return SCREEN_STAY;
	file_name(s, "dot", name, sizeof(name));
	buf_init(&text);
	trace_dot(&s->in.view, &s->analysis.game, s->in.root, &cut, &text);
	if (export_text(name, &text, &e) == ERR_OK)
		app_say(s->app, "written to %s: dot -Tsvg draws it", name);
	else
		app_fail(s->app, &e);
	buf_release(&text);
	return SCREEN_REDRAW;
}

static enum screen_action keep(void *self, const struct key_press *k)
{
	struct search *s = self;
	struct err e = ERR_INIT;

	(void)k;
	if (analysis_keep(&s->analysis,
			  s->app->lab ? lab_store(s->app->lab) : NULL,
			  s->in.trace, &e) != ERR_OK)
		return fail(s, &e);
	app_say(s->app, "kept with game %lld at ply %d",
		(long long)s->analysis.game_id, s->analysis.ply);
	return SCREEN_REDRAW;
}

/* This position again, with who searched it on the left. */
static enum screen_action compare(void *self, const struct key_press *k)
{
	struct search *s = self;
	struct buf arg;

	(void)k;
	buf_init(&arg);
	if (s->analysis.game_id) {
		buf_printf(&arg, "%lld %d", (long long)s->analysis.game_id,
			   s->analysis.ply);
	} else {
		quote_put(&arg, game_short_name(&s->analysis.game));
		buf_printf(&arg, " %s", s->analysis.moves);
	}
	if (s->in.trace && s->analysis.game_id && !s->analysis.unsaved)
		buf_puts(&arg, " left=kept");
	else if (*s->analysis.agent)
		buf_printf(&arg, " left=%s", s->analysis.agent);
	app_push(s->app, "compare", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

/* ---- through the recorded search ---- */

static enum screen_action scrub_to(struct search *s, long at)
{
	s->running = false;
	return inspector_seek(&s->in, at) ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action scrub_by(void *self, const struct key_press *k)
{
	struct search *s = self;

	return scrub_to(s, (long)s->in.view.at + k->arg);
}

static enum screen_action scrub_start(void *self, const struct key_press *k)
{
	(void)k;
	return scrub_to(self, 0);
}

static enum screen_action scrub_end(void *self, const struct key_press *k)
{
	(void)k;
	return scrub_to(self, UINT32_MAX);
}

static enum screen_action run(void *self, const struct key_press *k)
{
	struct search *s = self;

	(void)k;
	if (!s->in.trace || s->in.trace->sim_count == 0)
		return SCREEN_STAY;
	s->running = !s->running;
	/* At the end it starts over. */
	if (s->running && s->in.view.at == s->in.trace->sim_count)
		inspector_seek(&s->in, 0);
	return SCREEN_REDRAW;
}

static enum screen_action again(void *self, const struct key_press *k)
{
	struct search *s = self;
	struct err e = ERR_INIT;

	(void)k;
	if (search_as_it_was(s, &e) != ERR_OK)
		return fail(s, &e);
	return SCREEN_REDRAW;
}

static enum screen_action hurry(void *self, const struct key_press *k)
{
	struct search *s = self;

	(void)k;
	analysis_hurry(&s->analysis);
	return SCREEN_STAY;
}

static enum screen_action leave_screen(void *self, const struct key_press *k)
{
	(void)k;
	return may_drop(self) ? SCREEN_BACK : SCREEN_REDRAW;
}

static enum screen_action other_kept(void *self, const struct key_press *k)
{
	struct search *s = self;
	struct err e = ERR_INIT;

	if (!may_drop(s))
		return SCREEN_REDRAW;
	return search_other_kept(s, k->arg, &e) ? fail(s, &e) : SCREEN_REDRAW;
}

static const struct key_binding keys[] = {
	{",", "back", "one simulation back", false, .run = scrub_by, .arg = -1},
	{".", "on", "one simulation on", true, .run = scrub_by, .arg = 1},
	{"<", "back-10", "ten simulations back", false, .run = scrub_by,
	 .arg = -10},
	{">", "on-10", "ten simulations on", true, .run = scrub_by, .arg = 10},
	{"(", "back-100", "a hundred simulations back", false, .run = scrub_by,
	 .arg = -100},
	{")", "on-100", "a hundred simulations on", false, .run = scrub_by,
	 .arg = 100},
	{"^", "start", "before the first simulation", false,
	 .run = scrub_start},
	{"$", "end", "after the last simulation", false, .run = scrub_end},
	{"Space", "run", "let the simulations run, or stop them", true,
	 .run = run},
	{KEYS_OF(struct search, in, inspector_keys)},
	{"a", "analyse", "choose an agent and search the position on the board",
	 true, .run = analyse},
	{"t", "agent", "type the agent that is to search here", false,
	 .run = type_agent},
	{"y", "as-it-was", "make the search of self-play again, as it was",
	 false, .run = again},
	{"x", "stop", "stop thinking, keep what was found", false,
	 .run = hurry},
	{"c", "continue",
	 "go on by hand from the position on "
	 "the board",
	 false, .run = go_on_by_hand},
	{"C", "compare", "search here by another agent, beside this one", false,
	 .run = compare},
	{"n", "next-ply",
	 "the search at the game's next ply; an agent that was chosen here "
	 "searches there too",
	 false, .run = other_ply, .arg = 1},
	{"b", "previous-ply", "the search at the ply before", false,
	 .run = other_ply, .arg = -1},
	{"w", "keep", "keep a new search with the stored game", false,
	 .run = keep},
	{"s", "next-kept", "the next of the searches kept at this ply", false,
	 .run = other_kept, .arg = 1},
	{"S", "previous-kept", "the one before", false, .run = other_kept,
	 .arg = -1},
	{"e", "export", "write what is shown to a text file", false,
	 .run = write_text},
	{"G", "graph", "write the tree as a graph for Graphviz", false,
	 .run = write_graph},
	{"q, Esc", "close", "close the list of agents, or go back", false,
	 .run = leave_screen},
	{0},
};

/* ---- the list of agents ---- */

static enum screen_action simulations_by(void *self, const struct key_press *k)
{
	struct search *s = self;

	agent_picker_simulations(&s->picker, k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action choose(void *self, const struct key_press *k)
{
	struct search *s = self;
	char spec[PICKER_SPEC];
	struct err e = ERR_INIT;

	(void)k;
	agent_picker_spec(&s->picker, spec);
	return start_chosen(s, spec, &e) ? fail(s, &e) : SCREEN_REDRAW;
}

static enum screen_action close_picker(void *self, const struct key_press *k)
{
	struct search *s = self;

	(void)k;
	agent_picker_close(&s->picker);
	return SCREEN_REDRAW;
}

static const struct key_binding picker_keys[] = {
	{KEYS_OF(struct search, picker.table, table_keys)},
	{.name = "into", .run = simulations_by, .arg = 1},
	{.name = "deeper", .run = simulations_by, .arg = 1},
	{.name = "out", .run = simulations_by, .arg = -1},
	{.name = "shallower", .run = simulations_by, .arg = -1},
	{.name = "open", .run = choose},
	{.name = "agent", .run = type_agent},
	{.name = "close", .run = close_picker},
	{0},
};

static const struct key_binding *search_popup(const void *self)
{
	const struct search *s = self;

	return s->picker.open ? picker_keys : NULL;
}

static enum screen_action search_mouse(void *self, const struct mouse_event *m)
{
	struct search *s = self;
	struct key_press none = {0};

	if (s->picker.open) {
		if (table_mouse(&s->picker.table, m) == TABLE_OPENED)
			return choose(s, &none);
		return SCREEN_REDRAW;
	}
	if (m->button == 4 || m->button == 5)
		return inspector_move(&s->in, m->button == 4 ? -3 : 3)
			       ? SCREEN_REDRAW
			       : SCREEN_STAY;
	return inspector_draw_click(&s->in, m) ? SCREEN_REDRAW : SCREEN_STAY;
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

	return analysis_busy(&s->analysis) || s->running;
}

const struct screen screen_search = {
	.name = "search",
	.title = "Search",
	.help = "Replays a recorded search simulation by simulation: moves, "
		"tree, principal variation.",
	.takes = "game agent=",
	.self_size = sizeof(struct search),
	.keys = keys,
	.open = search_open,
	.draw = search_draw,
	.popup = search_popup,
	.mouse = search_mouse,
	.tick = search_tick,
	.busy = search_busy,
	.status = search_status,
	.close = search_close,
};
