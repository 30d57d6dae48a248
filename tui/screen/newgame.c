/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/newgame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/format/paste.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/quote.h"
#include "core/session/seat.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screen/launch.h"
#include "tui/screen/screens.h"
#include "tui/widget/form.h"

/* A few seconds a move. */
enum { SOLVER_NODES = 20000000 };

/* What was chosen last in this sitting, for the next dialog.  One thread owns
 * all screens. */
static struct {
	bool set;
	char values[WATCH_FIELDS][SEAT_SPEC_SIZE];
} last[2];

static bool searches_alone(const char *who)
{
	return !strcmp(who, "uniform") || !strcmp(who, "rollout");
}

/* Komi is asked for where the game has it; typed rules say it themselves. */
static bool has_komi(const struct newgame *n)
{
	char komi[GAME_PARAM_SIZE];

	return strcmp(form_get(&n->form, FIELD_GAME), "other") != 0 &&
	       n->game.rules && game_param_text(&n->game, "komi", komi);
}

static bool komi_typed(const struct newgame *n)
{
	return strcmp(form_get(&n->form, FIELD_KOMI), n->komi) != 0;
}

/* The game of the first agent that is a run: that is what it knows. */
static const struct game *learned_game(const struct newgame *n)
{
	for (int i = 0; i < newgame_agent_count(n); i++) {
		const struct option *o = newgame_option(
			n,
			form_get(&n->form, newgame_agent_field(i) + AGENT_WHO));

		if (o)
			return &o->game;
	}
	return &n->game;
}

/* An agent that learned at one komi misjudges every position at another. */
static void propose_komi(struct newgame *n)
{
	char komi[GAME_PARAM_SIZE];

	if (!has_komi(n) || komi_typed(n) ||
	    !game_param_text(learned_game(n), "komi", komi) ||
	    !strcmp(komi, n->komi))
		return;
	snprintf(n->komi, sizeof(n->komi), "%s", komi);
	form_set(&n->form, FIELD_KOMI, komi);
}

/* In a one-player game nobody sits opposite. */
static bool is_seated(const struct newgame *n, int agent)
{
	return !n->game.rules || n->game.player_count == 2 ||
	       (n->watch && agent == 0);
}

/* Only the fields that mean something for what is chosen. */
static void arrange(struct newgame *n)
{
	form_hide(&n->form, FIELD_GAME_TEXT,
		  strcmp(form_get(&n->form, FIELD_GAME), "other") != 0);
	newgame_offer_agents(n);
	propose_komi(n);
	form_hide(&n->form, FIELD_KOMI, !has_komi(n));
	form_hide(&n->form, FIELD_FROM, !is_seated(n, 1));
	if (!n->watch)
		form_hide(&n->form, PLAY_SIDE, !is_seated(n, 1));
	for (int i = 0; i < newgame_agent_count(n); i++) {
		int at = newgame_agent_field(i);
		const char *who = form_get(&n->form, at + AGENT_WHO);
		const struct option *o = newgame_option(n, who);
		bool search = searches_alone(who);
		bool raw = atoi(form_get(&n->form, at + AGENT_SIMS)) == 0;
		bool seated = is_seated(n, i);

		if (o)
			form_choices(&n->form, at + AGENT_STEP, o->steps.data);
		form_hide(&n->form, at + AGENT_WHO, !seated);
		form_hide(&n->form, at + AGENT_STEP, !seated || !o);
		form_hide(&n->form, at + AGENT_SIMS,
			  !seated || (!o && !search));
		form_hide(&n->form, at + AGENT_TEMPERATURE,
			  !seated || !o || !raw);
		form_hide(&n->form, at + AGENT_SPEC,
			  !seated || strcmp(who, "other") != 0);
	}
}

/* The spec that the fields of an agent describe. */
static void agent_spec(const struct newgame *n, int agent, struct buf *out)
{
	int at = newgame_agent_field(agent);
	const char *who = form_get(&n->form, at + AGENT_WHO);
	int sims = atoi(form_get(&n->form, at + AGENT_SIMS));
	const char *step = form_get(&n->form, at + AGENT_STEP);
	double temperature = atof(form_get(&n->form, at + AGENT_TEMPERATURE));

	if (!strcmp(who, "other")) {
		buf_puts(out, form_get(&n->form, at + AGENT_SPEC));
	} else if (searches_alone(who)) {
		buf_printf(out, "mcts:%s,sims=%d", who, sims > 0 ? sims : 1);
	} else if (!strcmp(who, "solver")) {
		/* Nobody waits minutes for a first move. */
		buf_printf(out, "solver:nodes=%d", SOLVER_NODES);
	} else if (!newgame_option(n, who)) {
		buf_puts(out, who);
	} else if (sims > 0) {
		buf_printf(out, "mcts:%s/%s,sims=%d", who, step, sims);
	} else {
		buf_printf(out, "policy:%s/%s", who, step);
		if (temperature > 0)
			buf_printf(out, ",temperature=%g", temperature);
	}
}

static void remember(const struct newgame *n)
{
	last[n->watch].set = true;
	for (int i = 0; i < newgame_field_count(n); i++)
		snprintf(last[n->watch].values[i], SEAT_SPEC_SIZE, "%s",
			 form_get(&n->form, i));
	/* A start is for one game, a proposed komi for one agent. */
	last[n->watch].values[FIELD_FROM][0] = '\0';
	if (!komi_typed(n))
		last[n->watch].values[FIELD_KOMI][0] = '\0';
}

static void recall(struct newgame *n)
{
	static const int order[] = {FIELD_GAME, FIELD_GAME_TEXT};

	if (!last[n->watch].set)
		return;
	/* The game first: it decides who can be chosen. */
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		form_set(&n->form, order[i], last[n->watch].values[order[i]]);
	arrange(n);
	for (int i = 0; i < newgame_agent_count(n); i++)
		form_set(&n->form, newgame_agent_field(i) + AGENT_WHO,
			 last[n->watch]
				 .values[newgame_agent_field(i) + AGENT_WHO]);
	arrange(n);
	for (int i = 0; i < newgame_field_count(n); i++)
		if (last[n->watch].values[i][0])
			form_set(&n->form, i, last[n->watch].values[i]);
	arrange(n);
}

/* The game as chosen, where it starts, and the moves from there. */
static enum err_code chosen_game(struct newgame *n, struct game *g,
				 struct buf *moves, struct err *e)
{
	const char *name = newgame_rules(n),
		   *from = form_get(&n->form, FIELD_FROM);
	game_move *list = NULL;
	struct game usual;
	enum err_code rc;
	struct buf spec;
	void *state;
	int count = 0;

	buf_init(&spec);
	buf_puts(&spec, name);
	if (has_komi(n))
		buf_printf(&spec, "%ckomi=%s", strchr(name, ':') ? ',' : ':',
			   form_get(&n->form, FIELD_KOMI));
	rc = game_init(g, spec.data, e);
	buf_release(&spec);
	if (rc || !*from)
		return rc;
	usual = *g;
	rc = paste_read(from, strlen(from), &usual, g, &list, &count, e);
	if (rc)
		return rc;
	state = game_state_new(g, 0);
	game_line_text(g, state, list, count, moves);
	for (char *p = moves->data; p && *p; p++)
		if (*p == ' ')
			*p = ',';
	free(state);
	free(list);
	return ERR_OK;
}

static enum screen_action submit(struct newgame *n)
{
	struct err e = ERR_INIT;
	struct buf arg, moves;
	struct game g;

	buf_init(&moves);
	if (chosen_game(n, &g, &moves, &e)) {
		form_fail(&n->form, FIELD_FROM, e.msg);
		buf_release(&moves);
		return SCREEN_REDRAW;
	}
	remember(n);
	buf_init(&arg);
	for (int i = 0; i < newgame_agent_count(n); i++) {
		struct buf spec;

		buf_init(&spec);
		agent_spec(n, i, &spec);
		quote_put(&arg, spec.data);
		buf_putc(&arg, ' ');
		buf_release(&spec);
	}
	buf_puts(&arg, "game=");
	quote_put(&arg, game_short_name(&g));
	if (moves.len)
		buf_printf(&arg, " moves=%s", moves.data);
	buf_release(&moves);
	if (n->watch)
		buf_printf(&arg, " speed=%s", form_get(&n->form, WATCH_SPEED));
	else
		buf_printf(&arg, " side=%s", form_get(&n->form, PLAY_SIDE));
	app_replace(n->app, n->watch ? "watch" : "play", arg.data);
	buf_release(&arg);
	return SCREEN_REDRAW;
}

/* "GAME [MOVES]": the dialog stands there, as the position screen asks. */
static enum err_code begin_at(struct newgame *n, const char *arg, struct err *e)
{
	char name[GAME_NAME_SIZE], from[GAME_START_SIZE], komi[GAME_PARAM_SIZE];
	const char *text = from;
	struct game g, usual;
	game_move *moves;
	enum err_code rc;
	void *state;
	int count;

	quote_next(&arg, name, sizeof(name));
	rc = game_init(&g, name, e);
	if (rc)
		return rc;
	if (!g.start[0] || game_from(&usual, &g, "", NULL))
		usual = g;
	form_set(&n->form, FIELD_GAME, "other");
	form_set(&n->form, FIELD_GAME_TEXT, game_short_name(&usual));
	for (const struct game_member *m = game_members; m->name; m++)
		if (!strcmp(m->name, game_short_name(&usual)))
			form_set(&n->form, FIELD_GAME, m->name);
	arrange(n);
	/* The position is one of its own game, whoever plays it on. */
	if (game_param_text(&g, "komi", komi))
		form_set(&n->form, FIELD_KOMI, komi);
	state = game_state_new(&g, 0);
	moves = mem_zalloc((size_t)g.max_plies + 1, sizeof(*moves));
	rc = game_play_text(&g, state, arg, moves, &count, e);
	if (!rc) {
		if (g.rules->position_text && (count || g.start[0]))
			g.rules->position_text(&g, state, from);
		else
			text = arg;
		form_set(&n->form, FIELD_FROM, text);
	}
	free(moves);
	free(state);
	return rc;
}

/* By its name in the menu, where a network cannot tell the two apart. */
static void propose_game(struct newgame *n)
{
	struct game usual, g;

	launch_usual_game(n->app->lab ? lab_store(n->app->lab) : NULL, &usual);
	form_set(&n->form, FIELD_GAME, "other");
	form_set(&n->form, FIELD_GAME_TEXT, game_short_name(&usual));
	for (const struct game_member *m = game_members; m->name; m++) {
		if (game_init(&g, m->name, NULL) ||
		    !game_same_network(&g, &usual))
			continue;
		form_set(&n->form, FIELD_GAME, m->name);
		break;
	}
}

static enum err_code open_dialog(struct newgame *n, struct app *app,
				 const char *arg, struct err *e)
{
	struct buf games;
	enum err_code rc;

	n->app = app;
	form_init(&n->form,
		  n->watch ? newgame_watch_fields : newgame_play_fields,
		  newgame_field_count(n));
	n->ready = true;
	buf_init(&games);
	launch_games(&games);
	form_choices(&n->form, FIELD_GAME, games.data);
	buf_release(&games);
	rc = newgame_load_options(n, e);
	if (rc)
		return rc;
	propose_game(n);
	arrange(n);
	recall(n);
	return *arg ? begin_at(n, arg, e) : ERR_OK;
}

static enum err_code newgame_open(void *self, struct app *app, const char *arg,
				  struct err *e)
{
	return open_dialog(self, app, arg, e);
}

static enum err_code newwatch_open(void *self, struct app *app, const char *arg,
				   struct err *e)
{
	struct newgame *n = self;

	n->watch = true;
	return open_dialog(n, app, arg, e);
}

static void newgame_close(void *self)
{
	struct newgame *n = self;

	if (n->ready)
		form_release(&n->form);
	for (int i = 0; i < n->option_count; i++) {
		free(n->options[i].run);
		buf_release(&n->options[i].steps);
	}
	free(n->options);
}

static void newgame_draw(const void *self, struct canvas *c)
{
	const struct newgame *n = self;
	struct canvas pane = canvas_pane(c, 1, 2, c->height - 1, c->width - 4);

	form_draw(&n->form, &pane);
}

static enum screen_action did(struct newgame *n, enum form_result result)
{
	switch (result) {
	case FORM_IGNORED:
		return SCREEN_STAY;
	case FORM_CHANGED:
		arrange(n);
		return SCREEN_REDRAW;
	case FORM_SUBMIT:
		return submit(n);
	}
	return SCREEN_STAY;
}

static enum screen_action press(void *self, const struct key_press *k)
{
	struct newgame *n = self;

	return did(n, form_press(&n->form, k));
}

static const struct key_binding newgame_keys[] = {
	{KEYS_OF(struct newgame, form, form_keys), .run = press},
	{0},
};

static bool newgame_editing(const void *self)
{
	const struct newgame *n = self;

	return form_editing(&n->form);
}

static bool newgame_text(void *self, unsigned ch, enum screen_action *action)
{
	struct newgame *n = self;

	if (!form_key(&n->form, (int)ch))
		return false;
	arrange(n);
	*action = SCREEN_REDRAW;
	return true;
}

static enum screen_action newgame_mouse(void *self, const struct mouse_event *m)
{
	struct newgame *n = self;

	return did(n, form_mouse(&n->form, m));
}

static void newgame_status(const void *self, struct buf *out)
{
	const struct newgame *n = self;

	if (n->game.rules)
		buf_puts(out, game_title(&n->game));
}

const struct screen screen_newgame = {
	.name = "newgame",
	.title = "New game",
	.help = "Choose a game, an opponent and a side.",
	.takes = "game",
	.self_size = sizeof(struct newgame),
	.keys = newgame_keys,
	.open = newgame_open,
	.draw = newgame_draw,
	.text = newgame_text,
	.editing = newgame_editing,
	.mouse = newgame_mouse,
	.status = newgame_status,
	.close = newgame_close,
};

const struct screen screen_newwatch = {
	.name = "newwatch",
	.title = "Watch a game",
	.help = "Choose a game and two agents to watch.",
	.self_size = sizeof(struct newgame),
	.keys = newgame_keys,
	.open = newwatch_open,
	.draw = newgame_draw,
	.text = newgame_text,
	.editing = newgame_editing,
	.mouse = newgame_mouse,
	.status = newgame_status,
	.close = newgame_close,
};
