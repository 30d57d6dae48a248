/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/analysis.h"
#include "core/session/compare.h"
#include "core/session/compare_part.h"
#include "core/session/figures.h"
#include "core/session/quote.h"
#include "core/session/seat.h"
#include "tui/app.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/export.h"
#include "tui/screen/panes.h"
#include "tui/screen/screens.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/compare_draw.h"
#include "tui/widget/table.h"

/* An argument longer than this is a mistake. */
enum { COMPARE_MOVES = 8192, ALL_ROWS = 100000 };

struct compare_screen {
	struct app *app; /* borrowed */
	struct analysis by[COMPARE_SIDES];
	char best[COMPARE_SIDES][GAME_TEXT_SIZE];
	bool ready; /* the comparison is there */
	struct compare c;
	struct agent_picker picker;
	int asked; /* the side that the list of agents is for */
	bool running;
};

static const char *const sides[COMPARE_SIDES] = {"left", "right"};

static struct store *lab_of(const struct compare_screen *s)
{
	return s->app->lab ? lab_store(s->app->lab) : NULL;
}

/* ---- where it comes from ---- */

static enum err_code start(struct compare_screen *s, int side, const char *spec,
			   struct err *e)
{
	const struct seat_host host = panes_host(s->app);
	enum err_code rc = analysis_start(&s->by[side], &host, spec, e);

	if (!rc)
		s->best[side][0] = '\0';
	return rc;
}

/* The search that was kept with the game, as a side. */
static enum err_code take_kept(struct compare_screen *s, int side,
			       struct err *e)
{
	struct trace *trace;
	enum err_code rc;

	if (!s->by[side].game_id)
		return err_set(e, ERR_USAGE,
			       "\"kept\" is the search of a stored game: name "
			       "it by its number and ply");
	rc = analysis_kept(&s->by[side], lab_of(s), ANALYSIS_OWN, &trace, e);
	if (!rc && !trace)
		return err_set(e, ERR_NOTFOUND,
			       "no search is kept at ply %d of game %lld",
			       s->by[side].ply, (long long)s->by[side].game_id);
	return rc ? rc : compare_set(&s->c, side, trace, e);
}

static enum err_code take_side(struct compare_screen *s, int side,
			       const char *spec, struct err *e)
{
	enum err_code rc = strcmp(spec, "kept") ? start(s, side, spec, e)
						: take_kept(s, side, e);

	if (rc)
		err_prefix(e, "%s", sides[side]);
	return rc;
}

static enum err_code open_place(struct compare_screen *s, const char *first,
				const char *moves, struct err *e)
{
	bool stored = isdigit((unsigned char)*first);
	enum err_code rc = ERR_OK;

	if (stored && !s->app->lab)
		return err_set(e, ERR_NOTFOUND,
			       "game %s cannot be opened without a lab file",
			       first);
	for (int i = 0; i < COMPARE_SIDES && !rc; i++)
		rc = stored ? analysis_open_stored(&s->by[i], lab_of(s),
						   strtoll(first, NULL, 10),
						   *moves ? atoi(moves) : 0, e)
			    : analysis_open(&s->by[i], first,
					    strcmp(moves, "-") ? moves : "", e);
	if (!rc) {
		compare_init(&s->c, &s->by[0].game, s->by[0].root);
		s->ready = true;
	}
	return rc;
}

/* Cut " left=SPEC" and " right=SPEC", in this order, off the end of `text`. */
static void cut_sides(char *text, const char *spec[COMPARE_SIDES])
{
	for (int i = COMPARE_SIDES - 1; i >= 0; i--) {
		char key[16], *at;

		snprintf(key, sizeof(key), "%s=", sides[i]);
		at = strstr(text, key);
		spec[i] = at ? at + strlen(key) : "";
		if (!at)
			continue;
		while (at > text && isspace((unsigned char)at[-1]))
			at--;
		*at = '\0';
	}
}

static enum err_code ask_side(struct compare_screen *s, int side, struct err *e)
{
	enum err_code rc =
		agent_picker_open(&s->picker, lab_of(s), &s->by[0].game, e);

	s->asked = side;
	if (!rc)
		app_say(s->app, "who searches on the %s?", sides[side]);
	return rc;
}

/* The list of agents for the first side that nobody has. */
static enum err_code ask_missing(struct compare_screen *s, struct err *e)
{
	for (int i = 0; i < COMPARE_SIDES; i++)
		if (!s->by[i].thinker && !s->c.side[i].trace)
			return ask_side(s, i, e);
	return ERR_OK;
}

static enum err_code compare_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	struct compare_screen *s = self;
	char text[COMPARE_MOVES], first[GAME_NAME_SIZE];
	const char *spec[COMPARE_SIDES], *rest = text;
	enum err_code rc;

	s->app = app;
	agent_picker_init(&s->picker);
	if (strlen(arg) >= sizeof(text))
		return err_set(e, ERR_USAGE, "the line of moves is too long");
	snprintf(text, sizeof(text), "%s", arg);
	cut_sides(text, spec);
	quote_next(&rest, first, sizeof(first));
	if (!*first)
		return err_set(e, ERR_USAGE,
			       "say what to compare: `compare 17 5` for a "
			       "stored game and ply, `compare connect4 4453 "
			       "left=SPEC right=SPEC` for a position");
	rc = open_place(s, first, rest, e);
	if (rc)
		return rc;
	for (int i = 0; i < COMPARE_SIDES && !rc; i++)
		if (*spec[i])
			rc = take_side(s, i, spec[i], e);
	return rc ? rc : ask_missing(s, e);
}

static void compare_close(void *self)
{
	struct compare_screen *s = self;

	agent_picker_release(&s->picker);
	if (s->ready)
		compare_release(&s->c);
	for (int i = 0; i < COMPARE_SIDES; i++)
		analysis_release(&s->by[i]);
}

/* ---- what is seen ---- */

static void who_searched(const struct compare_screen *s,
			 struct compare_who who[COMPARE_SIDES])
{
	for (int i = 0; i < COMPARE_SIDES; i++)
		who[i] = (struct compare_who){s->by[i].agent, s->best[i],
					      s->by[i].thinker != NULL};
}

static void screen_draw(const void *self, struct canvas *c)
{
	const struct compare_screen *s = self;
	struct compare_who who[COMPARE_SIDES];

	who_searched(s, who);
	compare_draw(&s->c, who, c);
	if (s->picker.open)
		agent_picker_draw(&s->picker, c);
}

static void compare_status(const void *self, struct buf *out)
{
	const struct compare_screen *s = self;
	const struct analysis *a = &s->by[0];

	if (a->game_id)
		buf_printf(out, "game %lld ply %d", (long long)a->game_id,
			   a->ply);
	else
		buf_printf(out, "%s %s", game_short_name(&a->game),
			   *a->moves ? a->moves : "start");
	if (s->by[0].thinker || s->by[1].thinker)
		buf_puts(out, ", thinking");
	else if (s->running)
		buf_puts(out, ", running");
}

static enum screen_action seen(bool changed)
{
	return changed ? SCREEN_REDRAW : SCREEN_STAY;
}

static enum screen_action fail(struct compare_screen *s, const struct err *e)
{
	app_fail(s->app, e);
	return SCREEN_REDRAW;
}

/* ---- who searches ---- */

static bool typed_agent(void *self, const char *text)
{
	struct compare_screen *s = self;
	struct err e = ERR_INIT;
	enum err_code rc;

	if (!text || !*text)
		return true;
	rc = take_side(s, s->asked, text, &e);
	if (!rc) {
		agent_picker_close(&s->picker);
		rc = ask_missing(s, &e);
	}
	if (rc)
		app_fail(s->app, &e);
	return !rc;
}

static enum screen_action type_agent(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;
	char spec[PICKER_SPEC] = "";

	(void)k;
	if (s->picker.open)
		agent_picker_spec(&s->picker, spec);
	else
		snprintf(spec, sizeof(spec), "%s", s->by[s->asked].agent);
	app_ask(s->app, s->asked ? "right agent" : "left agent", spec,
		typed_agent, s);
	return SCREEN_REDRAW;
}

static enum screen_action analyse(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;
	struct err e = ERR_INIT;

	return ask_side(s, k->arg, &e) ? fail(s, &e) : SCREEN_REDRAW;
}

static enum screen_action choose(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;
	char spec[PICKER_SPEC];

	(void)k;
	agent_picker_spec(&s->picker, spec);
	typed_agent(s, spec);
	return SCREEN_REDRAW;
}

static enum screen_action simulations_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	agent_picker_simulations(&s->picker, k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action close_picker(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	(void)k;
	agent_picker_close(&s->picker);
	return SCREEN_REDRAW;
}

static enum screen_action hurry(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	(void)k;
	for (int i = 0; i < COMPARE_SIDES; i++)
		analysis_hurry(&s->by[i]);
	return SCREEN_STAY;
}

/* ---- through both searches ---- */

static enum screen_action scrub_to(struct compare_screen *s, long at)
{
	s->running = false;
	return seen(compare_seek(&s->c, at));
}

static enum screen_action scrub_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return scrub_to(s, (long)s->c.at + k->arg);
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
	struct compare_screen *s = self;

	(void)k;
	if (compare_total(&s->c) == 0)
		return SCREEN_STAY;
	s->running = !s->running;
	/* At the end it starts over. */
	if (s->running && s->c.at == compare_total(&s->c))
		compare_seek(&s->c, 0);
	return SCREEN_REDRAW;
}

/* ---- through the moves ---- */

static enum screen_action pane_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_focus(&s->c, k->arg));
}

static enum screen_action row_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_move(&s->c, k->arg));
}

static enum screen_action enter(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_enter(&s->c, k->arg));
}

static enum screen_action leave(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	(void)k;
	return seen(compare_leave(&s->c));
}

static enum screen_action to_root(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	(void)k;
	compare_go(&s->c, NULL, 0);
	return SCREEN_REDRAW;
}

static enum screen_action to_part(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	(void)k;
	return seen(compare_go_part(&s->c));
}

static enum screen_action sort_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_order(&s->c, k->arg));
}

static enum screen_action depth_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_limit(&s->c, k->arg, 0, 0));
}

static enum screen_action children_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_limit(&s->c, 0, k->arg, 0));
}

static enum screen_action least_by(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;

	return seen(compare_limit(&s->c, 0, 0, k->arg));
}

static enum screen_action write_text(void *self, const struct key_press *k)
{
	struct compare_screen *s = self;
	struct compare_who who[COMPARE_SIDES];
	struct err e = ERR_INIT;
	struct buf text;
	char name[64];

	(void)k;
	if (s->by[0].game_id)
		snprintf(name, sizeof(name), "compare-%lld-%d.txt",
			 (long long)s->by[0].game_id, s->by[0].ply);
	else
		snprintf(name, sizeof(name), "compare-%.32s.txt",
			 *s->by[0].moves ? s->by[0].moves : "start");
	buf_init(&text);
	buf_printf(&text, "game: %s\nmoves: %s\n",
		   game_short_name(&s->by[0].game), s->by[0].moves);
	who_searched(s, who);
	compare_draw_print(&s->c, who, s->app->ascii, &text);
	if (export_text(name, &text, &e) == ERR_OK)
		app_say(s->app, "written to %s", name);
	else
		app_fail(s->app, &e);
	buf_release(&text);
	return SCREEN_REDRAW;
}

static enum screen_action leave_screen(void *self, const struct key_press *k)
{
	(void)self;
	(void)k;
	return SCREEN_BACK;
}

static const struct key_binding keys[] = {
	{",", "back", "one simulation back, both", false, .run = scrub_by,
	 .arg = -1},
	{".", "on", "one simulation on, both", true, .run = scrub_by, .arg = 1},
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
	{"Tab", "pane", "the table, the left tree, the right tree", true,
	 .run = pane_by, .arg = 1},
	{"Shift-Tab", "pane-back", "the one before", false, .run = pane_by,
	 .arg = -1},
	{"Up", "up", "one row up", false, .run = row_by, .arg = -1},
	{"Down", "down", "one row down", false, .run = row_by, .arg = 1},
	{"PgUp", "page-up", "ten rows up", false, .run = row_by, .arg = -10},
	{"PgDn", "page-down", "ten rows down", false, .run = row_by, .arg = 10},
	{"Home", "first", "first row", false, .run = row_by, .arg = -ALL_ROWS},
	{"End", "last", "last row", false, .run = row_by, .arg = ALL_ROWS},
	{"Enter", "open", "into the move, in both; in a tree, unfold or fold",
	 true, .run = enter, .arg = true},
	{"Right", "into", "into the move; in a tree, unfold", false,
	 .run = enter, .arg = false},
	{"Left, Backspace", "out", "out to the parent; in a tree, fold", false,
	 .run = leave},
	{"r", "root", "to the root", false, .run = to_root},
	{"d", "part", "to where they part", true, .run = to_part},
	{"o", "sort", "sort by left, right, difference or move", false,
	 .run = sort_by, .arg = 1},
	{"O", "sort-back", "sort by the one before", false, .run = sort_by,
	 .arg = -1},
	{"+, =", "deeper", "trees open one level deeper", false,
	 .run = depth_by, .arg = 1},
	{"-", "shallower", "trees open one level less", false, .run = depth_by,
	 .arg = -1},
	{"]", "more-children", "show one more child of each node", false,
	 .run = children_by, .arg = 1},
	{"[", "fewer-children", "show one fewer child", false,
	 .run = children_by, .arg = -1},
	{"}", "more-visits", "hide children with few visits", false,
	 .run = least_by, .arg = 1},
	{"{", "fewer-visits", "hide fewer of them", false, .run = least_by,
	 .arg = -1},
	{"a", "left-agent", "choose who searches on the left", true,
	 .run = analyse, .arg = 0},
	{"A", "right-agent", "choose who searches on the right", true,
	 .run = analyse, .arg = 1},
	{"t", "agent", "type the agent of the side that was chosen last", false,
	 .run = type_agent},
	{"x", "stop", "stop thinking, keep what was found", false,
	 .run = hurry},
	{"e", "export", "write what is shown to a text file", false,
	 .run = write_text},
	{"q, Esc", "close", "close the list of agents, or go back", false,
	 .run = leave_screen},
	{0},
};

static const struct key_binding picker_keys[] = {
	{KEYS_OF(struct compare_screen, picker.table, table_keys)},
	{.name = "into", .run = simulations_by, .arg = 1},
	{.name = "deeper", .run = simulations_by, .arg = 1},
	{.name = "out", .run = simulations_by, .arg = -1},
	{.name = "shallower", .run = simulations_by, .arg = -1},
	{.name = "open", .run = choose},
	{.name = "agent", .run = type_agent},
	{.name = "close", .run = close_picker},
	{0},
};

static const struct key_binding *compare_popup(const void *self)
{
	const struct compare_screen *s = self;

	return s->picker.open ? picker_keys : NULL;
}

static enum screen_action compare_mouse(void *self, const struct mouse_event *m)
{
	struct compare_screen *s = self;
	struct key_press none = {0};

	if (s->picker.open) {
		if (table_mouse(&s->picker.table, m) == TABLE_OPENED)
			return choose(s, &none);
		return SCREEN_REDRAW;
	}
	if (m->button == 4 || m->button == 5)
		return seen(compare_move(&s->c, m->button == 4 ? -3 : 3));
	return seen(compare_draw_click(&s->c, m));
}

static bool collect(struct compare_screen *s, int i)
{
	struct analysis *a = &s->by[i];
	struct err e = ERR_INIT;
	struct trace *trace;
	bool any = analysis_collect(a, &trace, &e);

	/* What does not fit leaves its reason in `e`. */
	if (trace && compare_set(&s->c, i, trace, &e))
		any = true;
	if (e.code) {
		err_prefix(&e, "%s", sides[i]);
		app_fail(s->app, &e);
	}
	if (any && a->found.moves)
		a->game.rules->move_text(&a->game, a->root, a->found.move,
					 s->best[i]);
	return any;
}

static enum screen_action compare_tick(void *self)
{
	struct compare_screen *s = self;
	bool changed = false;

	for (int i = 0; i < COMPARE_SIDES; i++)
		changed |= collect(s, i);
	if (s->running) {
		/* As the search screen: some twenty seconds in all. */
		long step = (long)compare_total(&s->c) / 200 + 1;

		s->running = compare_seek(&s->c, (long)s->c.at + step);
		changed = true;
	}
	return seen(changed);
}

static bool compare_busy(const void *self)
{
	const struct compare_screen *s = self;

	return s->by[0].thinker || s->by[1].thinker || s->running;
}

const struct screen screen_compare = {
	.name = "compare",
	.title = "Compare",
	.help = "Two agents search one position: both trees side by side, step "
		"by step, and where they part.",
	.takes = "game left= right=",
	.self_size = sizeof(struct compare_screen),
	.keys = keys,
	.open = compare_open,
	.draw = screen_draw,
	.popup = compare_popup,
	.mouse = compare_mouse,
	.tick = compare_tick,
	.busy = compare_busy,
	.status = compare_status,
	.close = compare_close,
};
