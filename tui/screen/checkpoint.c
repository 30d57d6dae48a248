/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/lab/rate_fit.h"
#include "core/learn/recipe.h"
#include "core/net/net.h"
#include "store/game.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/row/words.h"
#include "tui/screen.h"
#include "tui/screen/leaderboard.h"
#include "tui/screen/screens.h"

/* One network: where it comes from, what it is made of, who learned from it. */
struct checkpoint {
	struct app *app;
	struct store *store;
	char run[80];
	char game[128], rated_as[128]; /* of its run; the agent in matches */
	int64_t step, previous, next;  /* -1: none */
	char read[256]; /* the stored games that it learned from, as words of
			 * the game browser; "": it learned from none */
	bool has_games; /* of its run's own play, since the checkpoint before */
	char *text;     /* owned: what is shown, lines of "label\tvalue" */
	int lines, top;
};

/* Does an agent spec or a source mean this checkpoint?  "c4/12" must not find
 * "c4/128", nor "my-c4/12". */
static bool names_checkpoint(const char *text, const char *run, int64_t step)
{
	char name[128];
	const char *at;
	size_t len;

	snprintf(name, sizeof(name), "%s/%lld", run, (long long)step);
	len = strlen(name);
	if (!text)
		return false;
	for (at = text; (at = strstr(at, name)); at++) {
		bool starts = at == text || strchr(":, ", at[-1]);
		bool ends = !at[len] || strchr(", ", at[len]);

		if (starts && ends)
			return true;
	}
	return false;
}

/* Runs that began from it or imitate it. */
static enum store_status write_heirs(struct checkpoint *s,
				     struct store_bag *bag,
				     const struct store_checkpoint *c,
				     struct buf *b)
{
	struct store_run *runs;
	size_t count;
	enum store_status st = store_run_list(s->store, bag, &runs, &count);
	const char *label = "learned from it";

	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		bool began = runs[i].parent_checkpoint == c->id;
		bool imitates =
			names_checkpoint(runs[i].source, s->run, s->step);

		if (!began && !imitates)
			continue;
		buf_printf(b, "%s\t%s: %s %s\n", label, runs[i].name,
			   imitates ? "imitates" : "started from",
			   imitates ? runs[i].source : "it");
		label = " ";
	}
	return st;
}

static enum store_status write_matches(struct checkpoint *s,
				       struct store_bag *bag, struct buf *b)
{
	struct store_match *rows;
	size_t count;
	enum store_status st;
	const char *label = "matches";
	char name[128];

	snprintf(name, sizeof(name), "%s/%lld", s->run, (long long)s->step);
	st = store_match_like(s->store, bag, name, &rows, &count);
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		const struct store_match *m = &rows[i];

		if (!names_checkpoint(m->first, s->run, s->step) &&
		    (!m->second ||
		     !names_checkpoint(m->second, s->run, s->step)))
			continue;
		if (!m->second) {
			buf_printf(b, "%s\t%s: mean score %.1f\n", label,
				   m->first, m->points);
			label = " ";
			continue;
		}
		buf_printf(b, "%s\t%s - %s: %lld-%lld-%lld", label, m->first,
			   m->second, (long long)m->wins, (long long)m->draws,
			   (long long)m->losses);
		if (m->elo == m->elo) { /* not NaN */
			buf_puts(b, ", Elo ");
			elo_text(m->elo, m->elo_low, m->elo_high, b);
		}
		buf_putc(b, '\n');
		label = " ";
	}
	return st;
}

static void write_network(const struct store_checkpoint *c, const char *game,
			  struct buf *b)
{
	struct net_config n = {0};
	struct buf layers;
	const char *line;
	struct game g;

	buf_printf(b, "network\t%s\n", c->network);
	/* the ends of a network are the game's: its planes and its moves */
	if (game_init(&g, game, NULL))
		return;
	net_config_game(&n, &g);
	if (net_config_parse(&n, c->network, NULL) ||
	    net_config_check(&n, NULL))
		return;
	buf_init(&layers);
	net_describe(&n, &layers);
	buf_putc(b, '\n');
	for (line = layers.data; *line;) {
		int len = (int)strcspn(line, "\n");

		buf_printf(b, "\t%.*s\n", len, line);
		line += len + (line[len] == '\n');
	}
	buf_release(&layers);
}

/* The run's metric at the checkpoint's step; NAN: none. */
static enum store_status metric_at(struct checkpoint *s, struct store_bag *bag,
				   const struct store_checkpoint *c,
				   const char *name, double *out)
{
	struct store_metric *rows;
	size_t count;
	enum store_status st = store_metric_list(s->store, bag, c->run_id, name,
						 c->step, &rows, &count);

	*out = st == STORE_OK && count && rows[0].step == c->step
		       ? rows[0].value
		       : (double)NAN;
	return st;
}

static enum store_status write_grade(struct checkpoint *s,
				     struct store_bag *bag,
				     const struct store_checkpoint *c,
				     struct buf *b)
{
	double kept, best;
	enum store_status st = metric_at(s, bag, c, "grade.class", &kept);

	if (st == STORE_OK)
		st = metric_at(s, bag, c, "grade.score", &best);
	if (st != STORE_OK || isnan(kept))
		return st;
	buf_printf(b, "grade\t%.1f%% of moves keep the result", 100 * kept);
	if (!isnan(best))
		buf_printf(b, ", %.1f%% are as good as any", 100 * best);
	buf_putc(b, '\n');
	return st;
}

/* Games that a network learned from are also what it has read of where it
 * remembers games: seq:RUN/STEP,context=last:N takes the newest of them. */
static void find_read(struct checkpoint *s, const char *source)
{
	static const char games[] = "games:";
	struct game_filter f;
	struct buf words;

	s->read[0] = '\0';
	if (!source || strncmp(source, games, strlen(games)) != 0 ||
	    game_filter_parse_list(source + strlen(games), source, &f, NULL))
		return;
	f.upto = 0; /* the browser has no word for it */
	buf_init(&words);
	game_filter_text(&f, &words);
	snprintf(s->read, sizeof(s->read), "%s", words.data);
	buf_release(&words);
}

static enum store_status write_page(struct checkpoint *s, struct store_bag *bag,
				    const struct store_run *r,
				    const struct store_checkpoint *c,
				    struct buf *b)
{
	struct store_checkpoint parent;
	enum store_status st;

	buf_printf(b, "run\t%s: %s, ", r->name, r->kind);
	game_text(r->game, b);
	buf_printf(b, "\nstep\t%lld\n", (long long)c->step);
	buf_printf(b, "trained on\t%lld games, %lld samples\n",
		   (long long)c->games, (long long)c->samples);
	buf_puts(b, "Elo\t");
	if (c->elo == c->elo) {
		elo_text(c->elo, c->elo_low, c->elo_high, b);
		buf_puts(b, " (95%), from all matches of its game");
	} else {
		buf_puts(b, "not rated");
	}
	buf_putc(b, '\n');
	st = write_grade(s, bag, c, b);
	buf_puts(b, "created\t");
	date_text(c->created_ms, b);
	buf_printf(b, "\nsha256\t%s\nsize\t%lld weights, ", c->sha256,
		   (long long)c->floats);
	bytes_text(c->floats * 4, b);
	buf_putc(b, '\n');
	find_read(s, r->source);
	if (r->source)
		buf_printf(b, "imitates\t%s\n", r->source);
	if (r->parent_checkpoint &&
	    store_checkpoint_get(s->store, bag, r->parent_checkpoint,
				 &parent) == STORE_OK)
		buf_printf(b, "its run began from\t%s/%lld\n", parent.run,
			   (long long)parent.step);
	if (st == STORE_OK)
		st = write_heirs(s, bag, c, b);
	if (st == STORE_OK)
		st = write_matches(s, bag, b);
	write_network(c, r->game, b);
	return st;
}

/* Is there anything that its run played on the way to it?  A learner that
 * imitates plays nothing, and self-play games may have been removed. */
static enum store_status find_games(struct checkpoint *s, int64_t run_id)
{
	const struct store_game_filter filter = {.run_id = run_id,
						 .by_step = true,
						 .step_min = s->previous + 1,
						 .step_max = s->step};
	int64_t count = 0;
	enum store_status st = store_game_count(s->store, &filter, &count);

	s->has_games = count > 0;
	return st;
}

/* The steps before and after, for Left and Right. */
static enum store_status find_neighbours(struct checkpoint *s,
					 struct store_bag *bag, int64_t run_id)
{
	struct store_checkpoint *rows;
	size_t count;
	enum store_status st =
		store_checkpoint_list(s->store, bag, run_id, &rows, &count);

	s->previous = s->next = -1;
	for (size_t i = 0; st == STORE_OK && i < count; i++) {
		if (rows[i].step < s->step)
			s->previous = rows[i].step;
		if (rows[i].step > s->step && s->next < 0)
			s->next = rows[i].step;
	}
	return st;
}

/* As whom the ratings know it. */
static void name_agent(struct checkpoint *s, const struct store_run *run)
{
	struct recipe recipe;

	snprintf(s->game, sizeof(s->game), "%s", run->game);
	if (!strcmp(run->kind, "serial")) {
		snprintf(s->rated_as, sizeof(s->rated_as), "serial:%.90s/%lld",
			 run->name, (long long)s->step);
		return;
	}
	conf_defaults(recipe_spec, &recipe);
	if (conf_read(recipe_spec, &recipe, run->config, run->name, NULL))
		recipe.rate_simulations = 0;
	rate_agent_name(&recipe, run->name, s->step, s->rated_as);
}

static enum err_code read_page(struct checkpoint *s, const char *step,
			       struct err *e)
{
	struct store_bag bag = {0};
	struct store_checkpoint c;
	struct store_run r;
	struct buf b;
	enum err_code rc;

	buf_init(&b);
	rc = lab_find_checkpoint(s->store, &bag, s->run, step, &r, &c, e);
	if (!rc) {
		s->step = c.step;
		name_agent(s, &r);
		if (write_page(s, &bag, &r, &c, &b) != STORE_OK ||
		    find_neighbours(s, &bag, r.id) != STORE_OK ||
		    find_games(s, r.id) != STORE_OK)
			rc = err_set(e, ERR_IO, "%s", store_message(s->store));
	}
	if (!rc) {
		free(s->text);
		s->text = buf_detach(&b, NULL);
		s->lines = 0;
		for (const char *t = s->text; *t; t++)
			s->lines += *t == '\n';
	}
	buf_release(&b);
	store_bag_release(&bag);
	return rc;
}

/* `arg` is RUN/STEP; STEP may be latest. */
static enum err_code checkpoint_open(void *self, struct app *app,
				     const char *arg, struct err *e)
{
	struct checkpoint *s = self;
	const char *slash = strrchr(arg, '/');

	s->app = app;
	s->store = lab_store(app->lab);
	if (!slash || slash == arg || !slash[1])
		return err_set(e, ERR_USAGE,
			       "name a checkpoint, as in `checkpoint "
			       "c4/latest`");
	snprintf(s->run, sizeof(s->run), "%.*s", (int)(slash - arg), arg);
	return read_page(s, slash + 1, e);
}

static void checkpoint_close(void *self)
{
	struct checkpoint *s = self;

	free(s->text);
}

static void checkpoint_draw(const void *self, struct canvas *c)
{
	const struct checkpoint *s = self;
	int gap = c->width >= 60 ? 20 : 11, row = -s->top;

	canvas_cursor(c, 0, 0);
	for (const char *t = s->text; *t; row++) {
		int len = (int)strcspn(t, "\n");
		int label = (int)strcspn(t, "\t\n");
		char text[1024];

		if (label < len) {
			snprintf(text, sizeof(text), "%.*s", label, t);
			canvas_field(c, row, 1, gap - 2, STYLE_LABEL, text);
			snprintf(text, sizeof(text), "%.*s", len - label - 1,
				 t + label + 1);
			/* the list of layers has no labels: it may use all */
			canvas_field(c, row, label ? gap : 1,
				     c->width - (label ? gap : 1), STYLE_NORMAL,
				     text);
		}
		t += len + (t[len] == '\n');
	}
}

static void checkpoint_status(const void *self, struct buf *out)
{
	const struct checkpoint *s = self;

	buf_printf(out, "%s/%lld", s->run, (long long)s->step);
}

static enum screen_action go_to(struct checkpoint *s, int64_t step)
{
	struct err e = ERR_INIT;
	char text[32];

	if (step < 0) {
		app_say(s->app, "There is none further this way.");
		return SCREEN_REDRAW;
	}
	snprintf(text, sizeof(text), "%lld", (long long)step);
	if (read_page(s, text, &e))
		app_fail(s->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action earlier(void *self, const struct key_press *k)
{
	struct checkpoint *s = self;

	(void)k;
	return go_to(s, s->previous);
}

static enum screen_action later(void *self, const struct key_press *k)
{
	struct checkpoint *s = self;

	(void)k;
	return go_to(s, s->next);
}

static enum screen_action scroll_by(void *self, const struct key_press *k)
{
	struct checkpoint *s = self;
	int top = s->top + k->arg;

	if (top > s->lines - 4)
		top = s->lines - 4;
	s->top = top < 0 ? 0 : top;
	return SCREEN_REDRAW;
}

/* Its run's games since the checkpoint before, else all that its agents have
 * played. */
static enum screen_action open_games(void *self, const struct key_press *k)
{
	const struct checkpoint *s = self;
	char arg[160];

	(void)k;
	if (!s->has_games)
		snprintf(arg, sizeof(arg), "agent=%s/%lld", s->run,
			 (long long)s->step);
	else if (s->previous + 1 < s->step)
		snprintf(arg, sizeof(arg), "run=%s step=%lld..%lld", s->run,
			 (long long)s->previous + 1, (long long)s->step);
	else
		snprintf(arg, sizeof(arg), "run=%s step=%lld", s->run,
			 (long long)s->step);
	app_push(s->app, "games", arg);
	return SCREEN_REDRAW;
}

static bool has_read(const void *self)
{
	const struct checkpoint *s = self;

	return s->read[0] != '\0';
}

static enum screen_action open_read(void *self, const struct key_press *k)
{
	const struct checkpoint *s = self;

	(void)k;
	if (has_read(s))
		app_push(s->app, "games", s->read);
	else
		app_say(s->app, "It learned from no stored games.");
	return SCREEN_REDRAW;
}

/* Open a screen with the agent that it is. */
static enum screen_action push(const struct checkpoint *s, const char *screen,
			       const char *kind, const char *more)
{
	char arg[160];

	snprintf(arg, sizeof(arg), "%s:%s/%lld%s", kind, s->run,
		 (long long)s->step, more);
	app_push(s->app, screen, arg);
	return SCREEN_REDRAW;
}

static enum screen_action play(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "play", "mcts", ",sims=100");
}

static enum screen_action play_policy(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "play", "policy", "");
}

static enum screen_action match(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "match", "policy", "");
}

static enum screen_action imitate(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "imitate", "policy", "");
}

static enum screen_action open_run(void *self, const struct key_press *k)
{
	const struct checkpoint *s = self;

	(void)k;
	app_push(s->app, "run", s->run);
	return SCREEN_REDRAW;
}

static enum screen_action open_ratings(void *self, const struct key_press *k)
{
	const struct checkpoint *s = self;

	(void)k;
	leaderboard_push(s->app, s->game, s->rated_as);
	return SCREEN_REDRAW;
}

static const struct key_binding checkpoint_keys[] = {
	{"Enter, v", "games",
	 "games since the checkpoint before, or those it played", true,
	 .run = open_games},
	{"p", "play", "play against it with search", true, .run = play},
	{"P", "play-policy", "play against its policy alone", false,
	 .run = play_policy},
	{"m", "match", "start a match", true, .run = match},
	{"i", "imitate", "start an imitation learner of it", true,
	 .run = imitate},
	{"c", "context", "the games that it learned from, its context", true,
	 .run = open_read, .when = has_read},
	{"r", "run", "the curves of its run", false, .run = open_run},
	{"Left, [", "earlier", "the checkpoint before", true, .run = earlier},
	{"Right, ]", "later", "the checkpoint after", true, .run = later},
	{"e", "ratings", "its Elo among all agents of its game", true,
	 .run = open_ratings},
	{"Up", "up", "one line up", false, .run = scroll_by, .arg = -1},
	{"Down", "down", "one line down", false, .run = scroll_by, .arg = 1},
	{"PgUp", "page-up", "ten lines up", false, .run = scroll_by,
	 .arg = -10},
	{"PgDn, Space", "page-down", "ten lines down", false, .run = scroll_by,
	 .arg = 10},
	{0},
};

static enum screen_action checkpoint_resume(void *self)
{
	struct checkpoint *s = self;

	return go_to(s, s->step);
}

const struct screen screen_checkpoint = {
	.name = "checkpoint",
	.title = "Checkpoint",
	.help = "One network: its making, its layers, and who learned from it.",
	.takes = "checkpoint",
	.self_size = sizeof(struct checkpoint),
	.keys = checkpoint_keys,
	.open = checkpoint_open,
	.draw = checkpoint_draw,
	.resume = checkpoint_resume,
	.status = checkpoint_status,
	.close = checkpoint_close,
};
