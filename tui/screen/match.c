/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/rate/sprt.h"
#include "core/session/quote.h"
#include "store/match.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen/dialog.h"
#include "tui/screen/job_view.h"
#include "tui/screen/launch.h"
#include "tui/screen/screens.h"
#include "tui/widget/form.h"

/* The dialog that starts a match. */
struct match {
	struct dialog d;
	int64_t newest; /* number of the newest match before the start */
	int64_t job;    /* begun; its match is not there yet; 0: none */
	bool alone;     /* a one-player game: no second agent */
};

enum {
	FIELD_FIRST,
	FIELD_FIRST_SPEC,
	FIELD_SECOND,
	FIELD_SECOND_SPEC,
	FIELD_SIMS,
	FIELD_GAME,
	FIELD_RULES,
	FIELD_GAMES,
	FIELD_TEST,
	FIELD_OPENINGS,
	FIELD_BALANCE,
	FIELD_SEED,
	FIELD_KEEP,
	FIELD_START,
	FIELD_COUNT
};

static enum err_code check_games(const char *text, struct err *e)
{
	if (!*text || !strcmp(text, "0"))
		return err_set(e, ERR_USAGE, "a match has at least one game");
	return launch_check_count(text, e);
}

/* The terms of a sequential test: nothing, or "0,10". */
static enum err_code check_test(const char *text, struct err *e)
{
	struct sprt_terms terms = {.alpha = 0.05, .beta = 0.05};
	char *comma, *end;

	if (!*text)
		return ERR_OK;
	terms.elo0 = strtod(text, &comma);
	if (comma == text || *comma != ',')
		return err_set(e, ERR_USAGE,
			       "'%s' must be two Elo differences, as 0,10",
			       text);
	terms.elo1 = strtod(comma + 1, &end);
	if (end == comma + 1 || *end)
		return err_set(e, ERR_USAGE,
			       "'%s' must be two Elo differences, as 0,10",
			       text);
	return sprt_check(&terms, e);
}

/* How far from even an opening may be: nothing, or "0.2". */
static enum err_code check_balance(const char *text, struct err *e)
{
	double v;
	char *end;

	if (!*text)
		return ERR_OK;
	v = strtod(text, &end);
	if (*end || !(v > 0 && v <= 1))
		return err_set(e, ERR_USAGE,
			       "'%s' must be a value above 0 and at most 1, or "
			       "nothing",
			       text);
	return ERR_OK;
}

static const struct form_field match_fields[FIELD_COUNT] = {
	[FIELD_FIRST] = {"First", FORM_CHOICE, NULL, "",
			 "who plays; the score is counted from this side",
			 NULL},
	[FIELD_FIRST_SPEC] = {"  agent", FORM_TEXT, "mcts:uniform,sims=400",
			      NULL, "as on the command line", form_check_agent},
	[FIELD_SECOND] = {"Second", FORM_CHOICE, NULL, "tactical",
			  "they take turns moving first", NULL},
	[FIELD_SECOND_SPEC] = {"  agent", FORM_TEXT, "tactical", NULL,
			       "as on the command line", form_check_agent},
	[FIELD_SIMS] = {"Simulations", FORM_TEXT, "100", NULL,
			"a move, of the searching agents chosen above",
			launch_check_count},
	[FIELD_GAME] = {"Game", FORM_CHOICE, NULL, "the agents'",
			"that of the agents' runs, unless they have none",
			NULL},
	[FIELD_RULES] = {"Rules", FORM_TEXT, "drop:rows=4,cols=5,line=4", NULL,
			 "a family of games and its parameters",
			 launch_check_rules},
	[FIELD_GAMES] = {"Games", FORM_TEXT, "100", NULL,
			 "each opening is played from both sides", check_games},
	[FIELD_TEST] = {"Stop early", FORM_TEXT, "", NULL,
			"two Elo differences, as 0,10: it ends once the games "
			"tell which of them holds",
			check_test},
	[FIELD_OPENINGS] =
		{"Openings", FORM_TEXT, "random:4", NULL,
		 "random:PLIES, a file of lines, or a Polyglot book.bin", NULL},
	[FIELD_BALANCE] = {"  even by", FORM_TEXT, "", NULL,
			   "as 0.2: only openings whose known value is so near "
			   "to 0; empty: any",
			   check_balance},
	[FIELD_SEED] = {"Seed", FORM_TEXT, "1", NULL,
			"the same seed gives the same match",
			launch_check_count},
	[FIELD_KEEP] = {"Keep", FORM_CHOICE, NULL, "moves|moves and trees",
			"with the search trees every thought can be stepped "
			"through; they take most of the file",
			NULL},
	[FIELD_START] = DIALOG_START,
};

/* Is it a one-player game, where nobody is met? */
static bool is_alone(const struct match *s)
{
	char spec[300];
	struct game g;

	if (form_chosen(&s->d.form, FIELD_GAME))
		return !game_init(&g,
				  dialog_game(&s->d, FIELD_GAME, FIELD_RULES),
				  NULL) &&
		       g.player_count == 1;
	dialog_agent(&s->d, FIELD_FIRST, FIELD_FIRST_SPEC, FIELD_SIMS, spec,
		     sizeof(spec));
	return !lab_agent_game(s->d.app->lab, spec, &g, NULL) &&
	       g.player_count == 1;
}

/* "random:4", which takes a setting after it; a file takes none. */
static bool is_random(const char *openings)
{
	return !strncmp(openings, "random:", 7) && !strchr(openings, ',');
}

static void follow_choices(void *self)
{
	struct match *s = self;
	struct form *f = &s->d.form;

	s->alone = is_alone(s);
	form_hide(f, FIELD_FIRST_SPEC, !dialog_typed(&s->d, FIELD_FIRST));
	form_hide(f, FIELD_SECOND, s->alone);
	form_hide(f, FIELD_SECOND_SPEC,
		  s->alone || !dialog_typed(&s->d, FIELD_SECOND));
	form_hide(f, FIELD_TEST, s->alone);
	form_hide(f, FIELD_SIMS,
		  !dialog_asks_sims(&s->d, FIELD_FIRST) &&
			  (s->alone || !dialog_asks_sims(&s->d, FIELD_SECOND)));
	form_hide(f, FIELD_RULES, !dialog_other(&s->d, FIELD_GAME));
	form_hide(f, FIELD_BALANCE,
		  s->alone || !is_random(form_get(f, FIELD_OPENINGS)));
}

static void add_agent(struct match *s, int field)
{
	char spec[300];

	dialog_agent(&s->d, field, field + 1, FIELD_SIMS, spec, sizeof(spec));
	launch_add(&s->d.launch, spec);
}

static void add_openings(struct match *s)
{
	const struct form *f = &s->d.form;
	const char *openings = form_get(f, FIELD_OPENINGS);
	const char *balance = form_get(f, FIELD_BALANCE);
	struct buf b;

	buf_init(&b);
	buf_puts(&b, openings);
	if (*balance && !s->alone && is_random(openings))
		buf_printf(&b, ",balance=%s", balance);
	launch_option(&s->d.launch, "--openings", b.data);
	buf_release(&b);
}

/* The newest match's number; 0: none. */
static enum err_code newest_match(struct match *s, int64_t *id, struct err *e)
{
	struct store_bag bag = {0};
	struct store_match *rows;
	enum err_code rc = ERR_OK;
	size_t count = 0;

	if (store_match_list(s->d.store, &bag, 0, &rows, &count) != STORE_OK)
		rc = err_set(e, ERR_IO, "%s", store_message(s->d.store));
	*id = 0;
	for (size_t i = 0; i < count; i++)
		*id = rows[i].id > *id ? rows[i].id : *id;
	store_bag_release(&bag);
	return rc;
}

static bool write_command(void *self)
{
	struct match *s = self;
	struct launch *l = &s->d.launch;
	const struct form *f = &s->d.form;
	struct err e = ERR_INIT;

	if (s->job)
		return false;
	if (newest_match(s, &s->newest, &e)) {
		form_fail(&s->d.form, -1, e.msg);
		return false;
	}
	launch_clear(l);
	launch_add(l, "match");
	add_agent(s, FIELD_FIRST);
	if (!s->alone)
		add_agent(s, FIELD_SECOND);
	if (form_chosen(f, FIELD_GAME))
		launch_option(l, "--game",
			      dialog_game(&s->d, FIELD_GAME, FIELD_RULES));
	launch_option(l, "--games", form_get(f, FIELD_GAMES));
	if (!s->alone)
		launch_option(l, "--sprt", form_get(f, FIELD_TEST));
	add_openings(s);
	launch_option(l, "--seed", form_get(f, FIELD_SEED));
	if (form_chosen(f, FIELD_KEEP))
		launch_add(l, "--traces");
	return true;
}

static const struct dialog_kind match_kind = {
	.fields = match_fields,
	.field_count = FIELD_COUNT,
	.follow = follow_choices,
	.command = write_command,
};

/* `typed` may be the first agent. */
static enum err_code match_open(void *self, struct app *app, const char *typed,
				struct err *e)
{
	struct match *s = self;
	char arg[512];
	enum err_code rc;
	struct buf b;

	quote_only(typed, arg, sizeof(arg));
	dialog_init(&s->d, app, &match_kind);
	buf_init(&b);
	rc = launch_agents(s->d.store, arg, LAUNCH_NO_RUN, &b, e);
	form_choices(&s->d.form, FIELD_FIRST, b.data);
	if (*arg)
		form_set(&s->d.form, FIELD_FIRST, arg);
	buf_clear(&b);
	if (!rc)
		rc = launch_agents(s->d.store, "", LAUNCH_NO_RUN, &b, e);
	form_choices(&s->d.form, FIELD_SECOND, b.data);
	form_set(&s->d.form, FIELD_SECOND, "tactical");
	buf_clear(&b);
	buf_puts(&b, "the agents'|");
	launch_games(&b);
	form_choices(&s->d.form, FIELD_GAME, b.data);
	buf_release(&b);
	follow_choices(s);
	return rc;
}

/* The job has begun: its match comes next, unless the job fails first. */
static enum screen_action await_match(struct match *s)
{
	struct job_view job = {0};
	struct err e = ERR_INIT;
	char arg[64];
	int64_t id;

	if (newest_match(s, &id, &e) ||
	    job_view_get(&job, s->d.store, s->job, &e)) {
		form_fail(&s->d.form, -1, e.msg);
	} else if (id > s->newest) {
		snprintf(arg, sizeof(arg), "%lld %lld", (long long)id,
			 (long long)s->job);
		app_replace(s->d.app, "score", arg);
	} else if (!job_view_active(&job)) {
		form_fail(&s->d.form, -1,
			  *job.message ? job.message
				       : "The match has ended "
					 "before its first "
					 "game.");
	} else {
		return SCREEN_STAY;
	}
	s->job = 0;
	return SCREEN_REDRAW;
}

static enum screen_action match_tick(void *self)
{
	struct match *s = self;
	bool changed;
	int64_t job;

	if (s->job)
		return await_match(s);
	if (dialog_tick(&s->d, false, &job, &changed))
		s->job = job;
	return changed ? SCREEN_REDRAW : SCREEN_STAY;
}

static bool match_busy(const void *self)
{
	const struct match *s = self;

	return s->d.waiting || s->job;
}

const struct screen screen_match = {
	.name = "match",
	.title = "Match",
	.help = "Start a match between two agents.",
	.takes = "agent",
	.self_size = sizeof(struct match),
	.keys = dialog_keys,
	.open = match_open,
	.draw = dialog_draw,
	.text = dialog_text,
	.editing = dialog_editing,
	.mouse = dialog_mouse,
	.tick = match_tick,
	.busy = match_busy,
	.close = dialog_close,
};
