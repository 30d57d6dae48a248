/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/game.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/line.h"
#include "core/session/review.h"
#include "core/session/seat.h"
#include "core/session/whole_game.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/panes.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/table.h"

enum { SIMULATIONS = 100 }; /* a position, of whoever is asked first */

static enum screen_action fail(struct stepper *s, const struct err *e)
{
	app_fail(s->app, e);
	return SCREEN_REDRAW;
}

/* Who is asked first: the network that played, else that of the run's step,
 * else the newest of the lab. */
static void propose(struct stepper *s, char spec[PICKER_SPEC])
{
	const struct store_game *g = &s->review.row;
	const char *side[2] = {g->first, g->second};
	char network[AGENT_COMMAND_SIZE];

	for (int i = 0; i < 2; i++) {
		if (side[i] && agent_network(side[i], network)) {
			snprintf(spec, PICKER_SPEC, "mcts:%s,sims=%d", network,
				 SIMULATIONS);
			return;
		}
	}
	s->picker.simulations = SIMULATIONS;
	s->picker.table.selected = 0;
	if (g->run && g->step >= 0) {
		snprintf(network, sizeof(network), "%.150s/%lld", g->run,
			 (long long)g->step);
		agent_picker_stand_at(&s->picker, network);
	}
	agent_picker_spec(&s->picker, spec);
}

static enum err_code ask(struct stepper *s, const char *spec, struct err *e)
{
	const struct seat_host host = panes_host(s->app);
	struct whole_game *w;
	struct agent *agent;
	enum err_code rc;

	rc = agent_open(&agent, spec, &s->review.game, host.networks, e);
	if (rc)
		return rc;
	line_return(&s->review.line);
	rc = whole_game_start(&w, agent, &s->review.line, s->review.plies,
			      host.wake, host.ctx, e);
	if (rc)
		return rc;
	whole_game_close(s->whole);
	s->whole = w;
	review_ask(&s->review, whole_game_name(w));
	stepper_show(s);
	return ERR_OK;
}

static enum screen_action stop(struct stepper *s)
{
	app_say(s->app, "stopped after %d of %d positions",
		whole_game_taken(s->whole), whole_game_total(s->whole));
	whole_game_close(s->whole);
	s->whole = NULL;
	return SCREEN_REDRAW;
}

enum screen_action stepper_analyse_game(void *self, const struct key_press *k)
{
	struct stepper *s = self;
	bool asked = s->review.heard_agent != NULL;
	char spec[PICKER_SPEC];
	struct err e = ERR_INIT;

	(void)k;
	if (s->whole)
		return stop(s);
	if (agent_picker_open(&s->picker, lab_store(s->app->lab),
			      &s->review.game, &e))
		return fail(s, &e);
	if (asked)
		return SCREEN_REDRAW;
	propose(s, spec);
	/* Who cannot be asked is told, and another can be chosen. */
	if (ask(s, spec, &e))
		app_fail(s->app, &e);
	else
		agent_picker_close(&s->picker);
	return SCREEN_REDRAW;
}

enum screen_action stepper_show_stored(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	if (!review_show_heard(&s->review, !s->review.hearing)) {
		app_say(s->app, "there is no analysis of the whole game yet: "
				"press A");
		return SCREEN_REDRAW;
	}
	app_say(s->app, "%s",
		s->review.hearing ? "the analysis of the whole game"
				  : "the searches that are stored");
	stepper_show(s);
	return SCREEN_REDRAW;
}

enum screen_action stepper_keep_game(void *self, const struct key_press *k)
{
	struct stepper *s = self;
	struct err e = ERR_INIT;

	(void)k;
	if (s->app->readonly) {
		app_say(s->app, "nothing is written: this lab was opened to "
				"look at it");
		return SCREEN_REDRAW;
	}
	if (s->whole) {
		app_say(s->app, "the analysis goes on: keep it when it is "
				"done, or stop it by A");
		return SCREEN_REDRAW;
	}
	if (review_keep(&s->review, lab_store(s->app->lab), &e) ||
	    stepper_load(s, s->review.row.id, &e))
		return fail(s, &e);
	stepper_show(s);
	app_say(s->app, "kept with game %lld", (long long)s->review.row.id);
	return SCREEN_REDRAW;
}

enum screen_action stepper_list_moments(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	(void)k;
	s->moments = !s->moments;
	return SCREEN_REDRAW;
}

bool stepper_collect(struct stepper *s)
{
	struct thought th;
	bool any = false;
	int ply;

	if (!s->whole)
		return false;
	while (whole_game_take(s->whole, &ply, &th)) {
		any = true;
		if (*th.forfeit) {
			app_say(s->app, "%s", th.forfeit);
			thought_release(&th);
			continue;
		}
		review_hear(&s->review, ply, &th);
	}
	/* What was found before the end has been taken by now, or is next
	 * time. */
	if (!any && !whole_game_running(s->whole)) {
		whole_game_close(s->whole);
		s->whole = NULL;
		any = true;
	}
	if (any)
		stepper_show(s);
	return any;
}

/* ---- choosing who is asked ---- */

static enum screen_action simulations_by(void *self, const struct key_press *k)
{
	agent_picker_simulations(&((struct stepper *)self)->picker, k->arg);
	return SCREEN_REDRAW;
}

static enum screen_action choose(void *self, const struct key_press *k)
{
	struct stepper *s = self;
	char spec[PICKER_SPEC];
	struct err e = ERR_INIT;

	(void)k;
	agent_picker_spec(&s->picker, spec);
	if (ask(s, spec, &e))
		return fail(s, &e);
	agent_picker_close(&s->picker);
	return SCREEN_REDRAW;
}

static bool typed_agent(void *self, const char *text)
{
	struct stepper *s = self;
	struct err e = ERR_INIT;

	if (!text || !*text)
		return true;
	if (ask(s, text, &e)) {
		app_fail(s->app, &e);
		return false;
	}
	agent_picker_close(&s->picker);
	return true;
}

enum screen_action stepper_type_agent(void *self, const struct key_press *k)
{
	struct stepper *s = self;
	char spec[PICKER_SPEC] = "";

	(void)k;
	if (s->picker.open)
		agent_picker_spec(&s->picker, spec);
	else if (s->review.heard_agent)
		snprintf(spec, sizeof(spec), "%s", s->review.heard_agent);
	app_ask(s->app, "agent", spec, typed_agent, s);
	return SCREEN_REDRAW;
}

static enum screen_action close_picker(void *self, const struct key_press *k)
{
	(void)k;
	agent_picker_close(&((struct stepper *)self)->picker);
	return SCREEN_REDRAW;
}

static enum screen_action row_by(void *self, const struct key_press *k)
{
	struct stepper *s = self;

	table_select(&s->picker.table, s->picker.table.selected + k->arg);
	return SCREEN_REDRAW;
}

enum screen_action stepper_close(void *self, const struct key_press *k)
{
	(void)self;
	(void)k;
	return SCREEN_BACK;
}

/* By the names of the screen's own keys. */
const struct key_binding stepper_picker_keys[] = {
	{.name = "up", .run = row_by, .arg = -1},
	{.name = "down", .run = row_by, .arg = 1},
	{.name = "next-10", .run = row_by, .arg = 10},
	{.name = "previous-10", .run = row_by, .arg = -10},
	{.name = "next", .run = simulations_by, .arg = 1},
	{.name = "previous", .run = simulations_by, .arg = -1},
	{.name = "search", .run = choose},
	{.name = "type-agent", .run = stepper_type_agent},
	{.name = "close", .run = close_picker},
	{0},
};

/* ---- how it looks ---- */

int stepper_draw_progress(const struct stepper *s, struct canvas *c, int row,
			  int col)
{
	char text[PICKER_SPEC + 64];

	if (!s->review.heard_agent || col >= c->width)
		return col;
	if (s->whole)
		snprintf(text, sizeof(text), "%d of %d (A: stop) by %s",
			 whole_game_taken(s->whole), whole_game_total(s->whole),
			 s->review.heard_agent);
	else if (s->review.hearing)
		snprintf(text, sizeof(text), "k: keep, v: stored; by %s",
			 s->review.heard_agent);
	else
		snprintf(text, sizeof(text), "stored, v: by %s",
			 s->review.heard_agent);
	canvas_field(c, row, col, c->width - col,
		     s->whole ? STYLE_GOOD : STYLE_LABEL, text);
	return c->width;
}

int stepper_moments_top(const struct review_moment *list, int count, int ply,
			int height)
{
	int at = 0, top;

	while (at + 1 < count && list[at + 1].ply < ply)
		at++;
	top = at - height / 2;
	if (top > count - height)
		top = count - height;
	return top < 0 ? 0 : top;
}

static int put_value(struct canvas *c, int row, int col, double v)
{
	return isnan(v) ? canvas_text(c, row, col, STYLE_DIM, "    -")
			: canvas_printf(c, row, col, STYLE_VALUE, "%+5.2f", v);
}

/* "12. 4    -0.72  +0.32 -0.40  3 ! *": what it brought its mover, the values,
 * what was better. */
static void draw_moment(const struct stepper *s, struct canvas *c, int row,
			const struct review_moment *m)
{
	const struct review_ply *p = &s->review.ply[m->ply];
	bool here = m->ply + 1 == s->review.line.ply;
	bool bad = m->cost >= REVIEW_SWING;
	char text[GAME_TEXT_SIZE];
	int col;

	line_move_text(&s->review.line, m->ply, text);
	col = canvas_printf(c, row, 0, STYLE_LABEL, "%3d. ", m->ply + 1);
	canvas_text(c, row, col, here ? STYLE_SELECTED : STYLE_NORMAL, text);
	col += 6;
	if (isnan(m->cost))
		canvas_text(c, row, col, STYLE_DIM, "    -");
	else
		canvas_printf(c, row, col, bad ? STYLE_BAD : STYLE_VALUE,
			      "%+5.2f", -m->cost);
	put_value(c, row, col + 7, m->before);
	put_value(c, row, col + 13, m->after);
	canvas_printf(c, row, col + 20, STYLE_NORMAL, "%.6s",
		      p->best && strcmp(p->best, text) != 0 ? p->best : "=");
	col += 27;
	if (m->overturned)
		canvas_text(c, row, col, STYLE_WARN, "*");
	if (m->swing || m->event)
		canvas_text(c, row, col + 1, STYLE_BAD, "~");
	if (bad)
		canvas_text(c, row, col + 3, STYLE_BAD, "blunder");
	else if (m->event)
		canvas_text(c, row, col + 3, STYLE_NORMAL, m->event);
}

void stepper_draw_moments(const struct stepper *s, struct canvas *c)
{
	struct review_moment *list =
		mem_zalloc((size_t)s->review.plies + 1, sizeof(*list));
	int count = s->review.line.branch >= 0
			    ? 0
			    : review_moments(&s->review, list);
	int top = stepper_moments_top(list, count, s->review.line.ply,
				      c->height - 1);

	canvas_region(c, s, GAME_MOMENTS, 0);
	canvas_field(c, 0, 0, c->width, STYLE_LABEL,
		     s->review.line.branch >= 0
			     ? "b: back to the game, then its swings"
		     : !count ? "no swing, nothing overturned; A: analyse"
			      : "move        gain  before after  best   why");
	for (int i = 0; i + 1 < c->height && top + i < count; i++)
		draw_moment(s, c, i + 1, &list[top + i]);
	free(list);
}
