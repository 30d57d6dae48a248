/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/imitate.h"
#include "core/session/quote.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/screen/dialog.h"
#include "tui/screen/launch.h"
#include "tui/screen/screens.h"
#include "tui/widget/form.h"

/* The dialog that starts an imitation learner. */
struct imitate {
	struct dialog d;
	char name[80];        /* made here, until a person types another */
	char for_source[256]; /* what it was made for */
};

enum {
	FIELD_KIND,
	FIELD_TEACHER,
	FIELD_SPEC,
	FIELD_SIMS,
	FIELD_GAME,
	FIELD_RULES,
	FIELD_FILTER,
	FIELD_RUN,
	FIELD_GAMES,
	FIELD_MATCH,
	FIELD_SEED,
	FIELD_THREADS,
	FIELD_SETTINGS,
	FIELD_START,
	FIELD_COUNT
};
enum { KIND_AGENT, KIND_GAMES };

static enum err_code check_source(const char *text, struct err *e)
{
	if (!text[strspn(text, " ")])
		return err_set(e, ERR_USAGE,
			       "a source is written as policy:c4/latest or "
			       "run=c4,agent=human");
	return ERR_OK;
}

static const struct form_field imitate_fields[FIELD_COUNT] = {
	[FIELD_KIND] = {"Imitate", FORM_CHOICE, NULL, "an agent|stored games",
			"an agent labels positions of its own games; stored "
			"games are taken as they were played",
			NULL},
	[FIELD_TEACHER] = {"Teacher", FORM_CHOICE, NULL, "",
			   "who plays and says what it thinks; 'typed' is "
			   "written below",
			   NULL},
	[FIELD_SPEC] = {"  agent", FORM_TEXT, "policy:NAME/latest", NULL,
			"as on the command line", check_source},
	[FIELD_SIMS] = {"  simulations", FORM_TEXT, "100", NULL,
			"of its search, for each move", launch_check_count},
	[FIELD_GAME] = {"Game", FORM_CHOICE, NULL, "connect4",
			"for a teacher who names no run", NULL},
	[FIELD_RULES] = {"Rules", FORM_TEXT, "drop:rows=4,cols=5,line=4", NULL,
			 "a family of games and its parameters",
			 launch_check_rules},
	[FIELD_FILTER] = {"Games", FORM_TEXT, "purpose=human", NULL,
			  "run=NAME, agent=SPEC, purpose=WORD, game=NAME, with "
			  "commas between",
			  check_source},
	[FIELD_RUN] = {"Run", FORM_TEXT, "", NULL,
		       "a name, by which it is called: policy:NAME/latest",
		       launch_check_name},
	[FIELD_GAMES] = {"Games", FORM_TEXT, IMITATE_GAMES, NULL,
			 "that the teacher plays and labels, at most",
			 launch_check_count},
	[FIELD_MATCH] = {"Match", FORM_TEXT, IMITATE_MATCH_GAMES, NULL,
			 "games against the teacher at the end; 0: none",
			 launch_check_count},
	[FIELD_SEED] = {"Seed", FORM_TEXT, "1", NULL,
			"the same seed and source give the same weights",
			launch_check_count},
	[FIELD_THREADS] = {"Threads", FORM_TEXT, "", NULL,
			   "changes only the speed; empty: every processor",
			   launch_check_count},
	[FIELD_SETTINGS] = {"Settings", FORM_TEXT, "", NULL,
			    "of the learner: filters=16 blocks=2",
			    launch_check_settings},
	[FIELD_START] = DIALOG_START,
};

/* A run says which game it is. */
static bool asks_game(const struct imitate *s)
{
	bool typed = dialog_typed(&s->d, FIELD_TEACHER);

	return !strchr(form_get(&s->d.form, typed ? FIELD_SPEC : FIELD_TEACHER),
		       '/');
}

static void source_text(const struct imitate *s, char *out, size_t size)
{
	if (form_chosen(&s->d.form, FIELD_KIND) == KIND_GAMES)
		snprintf(out, size, "games:%s",
			 form_get(&s->d.form, FIELD_FILTER));
	else
		dialog_agent(&s->d, FIELD_TEACHER, FIELD_SPEC, FIELD_SIMS, out,
			     size);
}

/* "policy:c4/latest" becomes "c4-copy"; "games:run=c4" "c4-games". */
static void follow_source(struct imitate *s)
{
	bool games = form_chosen(&s->d.form, FIELD_KIND) == KIND_GAMES;
	char source[256], stem[80];
	const char *from;

	source_text(s, source, sizeof(source));
	if (!strcmp(source, s->for_source) ||
	    (*s->name && strcmp(form_get(&s->d.form, FIELD_RUN), s->name)))
		return;
	snprintf(s->for_source, sizeof(s->for_source), "%s", source);
	from = strpbrk(source, games ? "=" : ":");
	from = from ? from + 1 : source;
	snprintf(stem, sizeof(stem), "%.*s-%s", (int)strcspn(from, "/,"), from,
		 games ? "games" : "copy");
	launch_fresh_name(s->d.store, stem, s->name, sizeof(s->name));
	form_set(&s->d.form, FIELD_RUN, s->name);
}

static void follow_choices(void *self)
{
	struct imitate *s = self;
	bool games = form_chosen(&s->d.form, FIELD_KIND) == KIND_GAMES;
	struct form *f = &s->d.form;

	form_hide(f, FIELD_TEACHER, games);
	form_hide(f, FIELD_SPEC, games || !dialog_typed(&s->d, FIELD_TEACHER));
	form_hide(f, FIELD_SIMS,
		  games || !dialog_asks_sims(&s->d, FIELD_TEACHER));
	form_hide(f, FIELD_GAME, games || !asks_game(s));
	form_hide(f, FIELD_RULES,
		  games || !asks_game(s) || !dialog_other(&s->d, FIELD_GAME));
	form_hide(f, FIELD_FILTER, !games);
	form_hide(f, FIELD_GAMES, games);
	follow_source(s);
}

static bool write_command(void *self)
{
	struct imitate *s = self;
	struct launch *l = &s->d.launch;
	char source[256];

	if (!dialog_run_is_new(&s->d, FIELD_RUN))
		return false;
	source_text(s, source, sizeof(source));
	launch_clear(l);
	launch_add(l, "imitate");
	launch_add(l, source);
	launch_option(l, "--run", form_get(&s->d.form, FIELD_RUN));
	if (form_chosen(&s->d.form, FIELD_KIND) == KIND_AGENT) {
		launch_option(l, "--games", form_get(&s->d.form, FIELD_GAMES));
		if (asks_game(s))
			launch_option(
				l, "--game",
				dialog_game(&s->d, FIELD_GAME, FIELD_RULES));
	}
	launch_option(l, "--match", form_get(&s->d.form, FIELD_MATCH));
	launch_option(l, "--seed", form_get(&s->d.form, FIELD_SEED));
	launch_option(l, "--threads", form_get(&s->d.form, FIELD_THREADS));
	launch_split(l, form_get(&s->d.form, FIELD_SETTINGS));
	return true;
}

static const struct dialog_kind imitate_kind = {
	.fields = imitate_fields,
	.field_count = FIELD_COUNT,
	.follow = follow_choices,
	.command = write_command,
};

/* `typed` may be a source. */
static enum err_code imitate_open(void *self, struct app *app,
				  const char *typed, struct err *e)
{
	struct imitate *s = self;
	char arg[512];
	enum err_code rc;
	struct buf b;
	bool games;

	quote_only(typed, arg, sizeof(arg));
	games = !strncmp(arg, "games:", 6);
	dialog_init(&s->d, app, &imitate_kind);
	buf_init(&b);
	rc = launch_agents(s->d.store, games ? "" : arg, LAUNCH_NO_RUN, &b, e);
	form_choices(&s->d.form, FIELD_TEACHER, b.data);
	buf_clear(&b);
	launch_games(&b);
	form_choices(&s->d.form, FIELD_GAME, b.data);
	buf_release(&b);
	form_set(&s->d.form, FIELD_TEACHER, arg); /* no choice: nothing */
	if (games) {
		form_set(&s->d.form, FIELD_KIND, "stored games");
		form_set(&s->d.form, FIELD_FILTER, arg + 6);
	}
	follow_choices(s);
	return rc;
}

static void imitate_status(const void *self, struct buf *out)
{
	const struct imitate *s = self;

	buf_puts(out, s->for_source);
}

static enum screen_action imitate_tick(void *self)
{
	struct imitate *s = self;

	return dialog_await_run(&s->d, FIELD_RUN);
}

const struct screen screen_imitate = {
	.name = "imitate",
	.title = "Imitate",
	.help = "Start a learner that imitates an agent or stored games.",
	.takes = "agent",
	.self_size = sizeof(struct imitate),
	.keys = dialog_keys,
	.open = imitate_open,
	.draw = dialog_draw,
	.text = dialog_text,
	.editing = dialog_editing,
	.mouse = dialog_mouse,
	.tick = imitate_tick,
	.busy = dialog_busy,
	.status = imitate_status,
	.close = dialog_close,
};
