/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/learn/recipe.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/data.h"
#include "tui/screen.h"
#include "tui/screen/dialog.h"
#include "tui/screen/launch.h"
#include "tui/screen/screens.h"
#include "tui/widget/form.h"

/* The dialog that starts a training run. */
struct train {
	struct dialog d;
	int game;      /* the choice that the run's name was made for */
	char name[80]; /* that name, until a person types another */
	char of[GAME_NAME_SIZE]; /* the game whose recipes are offered */
	struct recipe recipe;    /* as chosen and set, for the list beside */
	struct recipe plain;     /* the game's own */
};

enum {
	FIELD_GAME,
	FIELD_RULES,
	FIELD_RUN,
	FIELD_RECIPE,
	FIELD_UNTIL,
	FIELD_AMOUNT,
	FIELD_SEED,
	FIELD_THREADS,
	FIELD_SETTINGS,
	FIELD_START,
	FIELD_COUNT
};
enum { UNTIL_END, UNTIL_GAMES, UNTIL_MINUTES };

static const struct form_field train_fields[FIELD_COUNT] = {
	[FIELD_GAME] = {"Game", FORM_CHOICE, NULL, "connect4",
			"Left and Right choose; 'other' is typed", NULL},
	[FIELD_RULES] = {"Rules", FORM_TEXT, "drop:rows=4,cols=5,line=4", NULL,
			 "a family of games and its parameters",
			 launch_check_rules},
	[FIELD_RUN] = {"Run", FORM_TEXT, "", NULL,
		       "a name, by which agents are called: policy:NAME/latest",
		       launch_check_name},
	[FIELD_RECIPE] = {"Recipe", FORM_CHOICE, NULL, "default",
			  "settings that go together; default: the game's own",
			  NULL},
	[FIELD_UNTIL] = {"Until", FORM_CHOICE, NULL,
			 "the recipe's end|games|minutes",
			 "when to end; a stopped run can go on later", NULL},
	[FIELD_AMOUNT] = {"How many", FORM_TEXT, "5000", NULL,
			  "games in all, or minutes of work",
			  launch_check_number},
	[FIELD_SEED] = {"Seed", FORM_TEXT, "1", NULL,
			"the same seed and recipe give the same weights",
			launch_check_count},
	[FIELD_THREADS] = {"Threads", FORM_TEXT, "", NULL,
			   "changes only the speed; empty: every processor",
			   launch_check_count},
	[FIELD_SETTINGS] = {"Settings", FORM_TEXT, "", NULL,
			    "over the recipe: filters=64 simulations=48",
			    launch_check_settings},
	[FIELD_START] = DIALOG_START,
};

/* The defaults, and a recipe file over them; NULL: none.  What is wrong with it
 * the command will say. */
static void read_recipe(const char *path, struct recipe *out)
{
	struct buf text;
	FILE *f = path ? fopen(path, "r") : NULL;

	conf_defaults(recipe_spec, out);
	buf_init(&text);
	if (f && !buf_add_stream(&text, f, SIZE_MAX))
		buf_clear(&text);
	if (f)
		fclose(f);
	if (conf_read(recipe_spec, out, text.data, path, NULL))
		conf_defaults(recipe_spec, out);
	buf_release(&text);
}

/* The recipe as it would be: the file, then what was typed over it; and the
 * game's own to compare it with. */
static void follow_recipe(struct train *s)
{
	const char *name = form_get(&s->d.form, FIELD_RECIPE);
	char *usual =
		data_game_recipe(dialog_game(&s->d, FIELD_GAME, FIELD_RULES));
	char *path = data_path("recipes/%s.conf", name);
	char *settings = mem_strdup(form_get(&s->d.form, FIELD_SETTINGS));
	char *rest = settings, *word;

	read_recipe(usual, &s->plain);
	read_recipe(strcmp(name, "default") ? path : usual, &s->recipe);
	while ((word = strtok_r(rest, " ", &rest))) {
		char *equals = strchr(word, '=');

		if (!equals)
			continue;
		*equals = '\0';
		if (conf_set(recipe_spec, &s->recipe, word, equals + 1, NULL))
			continue; /* half typed */
	}
	free(settings);
	free(usual);
	free(path);
}

/* The name follows the game until it is typed over. */
static void follow_game(struct train *s)
{
	int game = form_chosen(&s->d.form, FIELD_GAME);
	const char *name = form_get(&s->d.form, FIELD_RUN);

	if (game == s->game || (*s->name && strcmp(name, s->name)))
		return;
	launch_fresh_name(s->d.store, form_get(&s->d.form, FIELD_GAME), s->name,
			  sizeof(s->name));
	form_set(&s->d.form, FIELD_RUN, s->name);
	s->game = game;
}

/* A recipe of another game would only waste somebody's hour. */
static void offer_recipes(struct train *s)
{
	const char *game = dialog_game(&s->d, FIELD_GAME, FIELD_RULES);
	struct buf b;

	if (!strcmp(s->of, game))
		return;
	snprintf(s->of, sizeof(s->of), "%s", game);
	buf_init(&b);
	launch_recipes(game, &b);
	form_choices(&s->d.form, FIELD_RECIPE, b.data);
	buf_release(&b);
}

static void follow_choices(void *self)
{
	struct train *s = self;

	follow_game(s);
	offer_recipes(s);
	form_hide(&s->d.form, FIELD_RULES, !dialog_other(&s->d, FIELD_GAME));
	form_hide(&s->d.form, FIELD_AMOUNT,
		  form_chosen(&s->d.form, FIELD_UNTIL) == UNTIL_END);
	follow_recipe(s);
}

static bool write_command(void *self)
{
	struct train *s = self;
	const char *recipe = form_get(&s->d.form, FIELD_RECIPE);
	struct launch *l = &s->d.launch;

	if (!dialog_run_is_new(&s->d, FIELD_RUN))
		return false;
	launch_clear(l);
	launch_add(l, "train");
	launch_add(l, dialog_game(&s->d, FIELD_GAME, FIELD_RULES));
	launch_option(l, "--run", form_get(&s->d.form, FIELD_RUN));
	if (strcmp(recipe, "default"))
		launch_option(l, "--recipe", recipe);
	switch (form_chosen(&s->d.form, FIELD_UNTIL)) {
	case UNTIL_GAMES:
		launch_option(l, "--games", form_get(&s->d.form, FIELD_AMOUNT));
		break;
	case UNTIL_MINUTES:
		launch_option(l, "--minutes",
			      form_get(&s->d.form, FIELD_AMOUNT));
		break;
	default:
		break;
	}
	launch_option(l, "--seed", form_get(&s->d.form, FIELD_SEED));
	launch_option(l, "--threads", form_get(&s->d.form, FIELD_THREADS));
	launch_split(l, form_get(&s->d.form, FIELD_SETTINGS));
	return true;
}

static const struct dialog_kind train_kind = {
	.fields = train_fields,
	.field_count = FIELD_COUNT,
	.follow = follow_choices,
	.command = write_command,
};

/* `arg` may name the game. */
static enum err_code train_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct train *s = self;
	struct game g;
	struct buf b;

	dialog_init(&s->d, app, &train_kind);
	if (*arg && game_init(&g, arg, e))
		return e->code;
	buf_init(&b);
	launch_games(&b);
	form_choices(&s->d.form, FIELD_GAME, b.data);
	buf_release(&b);
	if (*arg)
		form_set(&s->d.form, FIELD_GAME, game_short_name(&g));
	s->game = -1;
	follow_choices(s);
	return ERR_OK;
}

/* Every setting with its meaning; what differs from the defaults stands out by
 * a star too. */
static void draw_recipe(const struct train *s, struct canvas *c)
{
	int row = 0;

	canvas_text(c, row++, 0, STYLE_TITLE, "The recipe, * not the default");
	for (const struct conf_spec *k = recipe_spec; k->name; k++, row++) {
		struct buf now, plain;
		bool set;

		buf_init(&now);
		buf_init(&plain);
		conf_format_value(k, &s->recipe, &now);
		conf_format_value(k, &s->plain, &plain);
		set = strcmp(now.data, plain.data) != 0;
		canvas_glyph(c, row, 0, STYLE_MARKED, set ? '*' : ' ');
		canvas_text(c, row, 2, STYLE_LABEL, k->name);
		canvas_text(c, row, 22, set ? STYLE_BOLD : STYLE_VALUE,
			    now.data);
		if (c->width > 60)
			canvas_field(c, row, 32, c->width - 32, STYLE_DIM,
				     k->help);
		buf_release(&now);
		buf_release(&plain);
	}
}

static void train_draw(const void *self, struct canvas *c)
{
	const struct train *s = self;
	int width = c->width >= 110 ? 60 : c->width;
	struct canvas left = canvas_pane(c, 0, 0, c->height, width);
	struct canvas right =
		canvas_pane(c, 0, width + 2, c->height, c->width - width - 2);

	dialog_draw(&s->d, &left);
	if (width < c->width)
		draw_recipe(s, &right);
}

static void train_status(const void *self, struct buf *out)
{
	const struct train *s = self;

	buf_puts(out, form_get(&s->d.form, FIELD_RUN));
}

static enum screen_action train_tick(void *self)
{
	struct train *s = self;

	return dialog_await_run(&s->d, FIELD_RUN);
}

const struct screen screen_train = {
	.name = "train",
	.title = "Train",
	.help = "Start a run that learns a game by playing itself.",
	.takes = "game",
	.self_size = sizeof(struct train),
	.keys = dialog_keys,
	.open = train_open,
	.draw = train_draw,
	.text = dialog_text,
	.editing = dialog_editing,
	.mouse = dialog_mouse,
	.tick = train_tick,
	.busy = dialog_busy,
	.status = train_status,
	.close = dialog_close,
};
