/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/home.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/attr.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

#define LOOK_EVERY_S 1.0

enum entry {
	ENTRY_PLAY,
	ENTRY_WATCH,
	ENTRY_GAMES,
	ENTRY_RUNS,
	ENTRY_TRAIN,
	ENTRY_IMITATE,
	ENTRY_MATCH,
	ENTRY_SCORES,
	ENTRY_RATINGS,
	ENTRY_STUDIES,
	ENTRY_ANALYSE,
	ENTRY_JOBS,
	ENTRY_HELP,
	ENTRY_COUNT
};

static const struct home_entry entries[] = {
	[ENTRY_PLAY] = {'p', "Play", "play", "against an agent"},
	[ENTRY_WATCH] = {'w', "Watch", "watch", "two agents play"},
	[ENTRY_GAMES] = {'v', "Games", "games", "browse, open and step"},
	[ENTRY_RUNS] = {'r', "Runs", "runs", "training history and curves"},
	[ENTRY_TRAIN] = {'t', "Train", "train", "learn by self-play"},
	[ENTRY_IMITATE] = {'i', "Imitate", "imitate",
			   "learn from games or an agent"},
	[ENTRY_MATCH] = {'m', "Match", "match", "measure two agents"},
	[ENTRY_SCORES] = {'s', "Scores", "matches", "matches and their Elo"},
	[ENTRY_RATINGS] = {'e', "Ratings", "leaderboard",
			   "the Elo of every agent"},
	[ENTRY_STUDIES] = {'u', "Studies", "studies",
			   "questions and their verdicts"},
	[ENTRY_ANALYSE] = {'a', "Analyse", "position",
			   "any position, searched now"},
	[ENTRY_JOBS] = {'o', "Jobs", "jobs", "what is at work, and was"},
	[ENTRY_HELP] = {'?', "Help", "help", "keys, here and everywhere"},
};

static bool has_screen(const char *name)
{
	for (const struct screen *const *s = screen_table; *s; s++)
		if (!strcmp((*s)->name, name))
			return true;
	return false;
}

static void fill_menu(struct home *h)
{
	for (size_t i = 0; i < ARRAY_LEN(entries); i++)
		if (has_screen(entries[i].screen))
			h->menu[h->menu_count++] = &entries[i];
}

static void copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}
#define COPY(field, text) copy(field, sizeof(field), text)

static enum store_status read_curve(struct store *s, int64_t run_id,
				    struct home_run *out)
{
	struct store_checkpoint *rows;
	struct store_bag bag = {0};
	size_t count;
	enum store_status st =
		store_checkpoint_list(s, &bag, run_id, &rows, &count);

	out->curve_count = 0;
	for (size_t i = 0; !st && i < count; i++) {
		if (isnan(rows[i].elo))
			continue;
		if (out->curve_count == HOME_CURVE) {
			memmove(out->curve, out->curve + 1,
				(HOME_CURVE - 1) * sizeof(*out->curve));
			out->curve_count--;
		}
		out->curve[out->curve_count++] = rows[i].elo;
	}
	store_bag_release(&bag);
	return st;
}

/* The texts of the rows that are shown live until others take their place. */
static void keep_bag(struct store_bag *kept, const struct store_bag *bag)
{
	store_bag_release(kept);
	*kept = *bag;
}

static enum store_status read_runs(struct home *h, struct store *s)
{
	struct store_bag bag = {0};
	struct store_run *rows;
	size_t count;
	enum store_status st = store_run_list(s, &bag, &rows, &count);

	if (st) {
		store_bag_release(&bag);
		return st;
	}
	if (count > HOME_RUNS_MAX)
		count = HOME_RUNS_MAX;
	free(h->runs);
	h->runs = mem_zalloc(count + 1, sizeof(*h->runs));
	h->checkpoint_count = 0;
	keep_bag(&h->runs_bag, &bag);
	table_rows(&h->runs_table, (int)count);
	for (size_t i = 0; i < count; i++) {
		h->runs[i].run = rows[i];
		h->checkpoint_count += rows[i].checkpoints;
		if (!st)
			st = read_curve(s, rows[i].id, &h->runs[i]);
	}
	return st;
}

static enum store_status read_games(struct home *h, struct store *s)
{
	struct store_game_filter newest = {.limit = HOME_GAMES_MAX};
	struct store_game_filter all = {0};
	struct store_bag bag = {0};
	struct store_game *rows;
	size_t count;
	enum store_status st = store_game_list(s, &bag, &newest, &rows, &count);

	if (st) {
		store_bag_release(&bag);
		return st;
	}
	h->games = rows;
	if (count)
		row_view_hold(&h->games_view, "id", &rows[0]);
	keep_bag(&h->games_bag, &bag);
	table_rows(&h->games_table, (int)count);
	return store_game_count(s, &all, &h->game_count);
}

static enum store_status read_studies(struct home *h, struct store *s)
{
	struct store_bag bag = {0};
	struct store_study_state *rows;
	size_t count;
	enum store_status st = store_study_states(s, &bag, &rows, &count);

	if (st) {
		store_bag_release(&bag);
		return st;
	}
	h->studies = rows;
	keep_bag(&h->studies_bag, &bag);
	table_rows(&h->studies_table, (int)count);
	if (!count && h->pane == HOME_STUDIES)
		h->pane = HOME_MENU;
	return st;
}

static enum store_status read_jobs(struct home *h, struct store *s)
{
	struct store_bag bag = {0};
	struct store_job *rows;
	size_t count;
	enum store_status st = store_job_list(s, &bag, 0, true, &rows, &count);

	h->job_count = 0;
	for (size_t i = 0; !st && i < count; i++) {
		struct home_job *j;

		if (rows[i].life == STORE_LIFE_DEAD ||
		    h->job_count == HOME_JOBS_MAX)
			continue;
		j = &h->jobs[h->job_count++];
		COPY(j->kind, rows[i].kind);
		COPY(j->run, rows[i].run);
		COPY(j->state,
		     rows[i].state == STORE_JOB_PAUSED ? "paused" : "running");
		COPY(j->message, rows[i].message);
		j->done = rows[i].done;
		j->total = rows[i].total;
	}
	store_bag_release(&bag);
	return st;
}

static enum err_code read_lab(struct home *h, struct err *e)
{
	struct store *s = lab_store(h->app->lab);
	enum store_status st;
	struct stat file;

	h->version = store_data_version(s);
	h->bytes = stat(store_path(s), &file) ? 0 : (int64_t)file.st_size;
	st = read_runs(h, s);
	if (!st)
		st = read_games(h, s);
	if (!st)
		st = read_studies(h, s);
	if (!st)
		st = read_jobs(h, s);
	return st ? lab_error(s, st, e) : ERR_OK;
}

static void short_path(const char *path, char *out, size_t size)
{
	const char *home = getenv("HOME");
	size_t len = home ? strlen(home) : 0;

	if (len > 1 && !strncmp(path, home, len) && path[len] == '/')
		snprintf(out, size, "~%s", path + len);
	else
		snprintf(out, size, "%s", path);
}

static enum err_code home_open(void *self, struct app *app, const char *arg,
			       struct err *e)
{
	struct home *h = self;
	struct store *s;

	(void)arg;
	h->app = app;
	if (!app->lab)
		return err_set(e, ERR_USAGE, "no lab is open");
	s = lab_store(app->lab);
	h->readonly = store_readonly(s) || app->readonly;
	short_path(store_path(s), h->path, sizeof(h->path));
	fill_menu(h);
	home_prepare(h);
	/* jobs that were killed must not seem to be at work; if the file cannot
	 * be written now, they are left out by read_jobs() all the same */
	if (!h->readonly && store_job_bury(s, NULL) != STORE_OK)
		h->version = -1;
	return read_lab(h, e);
}

static void open_entry(struct home *h, const struct home_entry *m)
{
	app_push(h->app, m->screen, !strcmp(m->screen, "help") ? "home" : "");
}

static void open_selected(struct home *h)
{
	char id[32];

	switch (h->pane) {
	case HOME_RUNS:
		if (h->runs_table.row_count)
			app_push(h->app, "run",
				 h->runs[h->runs_table.selected].run.name);
		break;
	case HOME_GAMES:
		if (!h->games_table.row_count)
			break;
		snprintf(id, sizeof(id), "%lld",
			 (long long)h->games[h->games_table.selected].id);
		app_push(h->app, "game", id);
		break;
	case HOME_STUDIES:
		if (h->studies_table.row_count)
			app_push(h->app, "study",
				 h->studies[h->studies_table.selected]
					 .study.name);
		break;
	default:
		open_entry(h, h->menu[h->menu_at]);
	}
}

static enum screen_action open_it(void *self, const struct key_press *k)
{
	(void)k;
	open_selected(self);
	return SCREEN_STAY;
}

static enum screen_action next_pane(void *self, const struct key_press *k)
{
	struct home *h = self;

	int panes = HOME_PANES - !h->studies_table.row_count;

	h->pane = ((int)h->pane + panes + k->arg) % panes;
	return SCREEN_REDRAW;
}

static enum screen_action open_menu(void *self, const struct key_press *k)
{
	open_entry(self, &entries[k->arg]);
	return SCREEN_STAY;
}

static enum screen_action menu_by(void *self, const struct key_press *k)
{
	struct home *h = self;
	int to = h->menu_at + k->arg;

	if (to >= h->menu_count)
		to = h->menu_count - 1;
	h->menu_at = to < 0 ? 0 : to;
	return SCREEN_REDRAW;
}

/* A table's keys in the menu, by their names. */
static const struct key_binding menu_keys[] = {
	{.name = "up", .run = menu_by, .arg = -1},
	{.name = "down", .run = menu_by, .arg = 1},
	{.name = "page-up", .run = menu_by, .arg = -ENTRY_COUNT},
	{.name = "page-down", .run = menu_by, .arg = ENTRY_COUNT},
	{.name = "first", .run = menu_by, .arg = -ENTRY_COUNT},
	{.name = "last", .run = menu_by, .arg = ENTRY_COUNT},
	{0},
};

static enum screen_action move(void *self, const struct key_press *k)
{
	struct home *h = self;
	struct key_found f;

	if (h->pane == HOME_RUNS)
		return keys_inner(k, &h->runs_table);
	if (h->pane == HOME_GAMES)
		return keys_inner(k, &h->games_table);
	if (h->pane == HOME_STUDIES)
		return keys_inner(k, &h->studies_table);
	f = keys_find_name(menu_keys, k->inner->name);
	return keys_run(&f, h, k->seen);
}

static bool find_typed(void *self, const char *text)
{
	struct home *h = self;

	if (!text || !*text)
		return true;
	snprintf(h->find, sizeof(h->find), "%s", text);
	if (home_find(h, text))
		return true;
	app_say(h->app, "no row has \"%s\"", text);
	return false;
}

static enum screen_action find(void *self, const struct key_press *k)
{
	struct home *h = self;

	(void)k;
	app_ask(h->app, "Find", h->find, find_typed, h);
	return SCREEN_REDRAW;
}

static const struct key_binding home_keys[] = {
	{"Enter", "open", "open what is selected", true, .run = open_it},
	{"Tab, Right", "next-pane", "menu, runs, games, studies", true,
	 .run = next_pane, .arg = 1},
	{"Shift-Tab, Left", "previous-pane", "studies, games, runs, menu",
	 false, .run = next_pane, .arg = -1},
	{"p", "play", "play against an agent", true, .run = open_menu,
	 .arg = ENTRY_PLAY},
	{"w", "watch", "watch two agents play", true, .run = open_menu,
	 .arg = ENTRY_WATCH},
	{"v", "games", "browse stored games", false, .run = open_menu,
	 .arg = ENTRY_GAMES},
	{"r", "runs", "browse runs and their curves", false, .run = open_menu,
	 .arg = ENTRY_RUNS},
	{"t", "train", "train by self-play", true, .run = open_menu,
	 .arg = ENTRY_TRAIN},
	{"i", "imitate", "train by imitation", false, .run = open_menu,
	 .arg = ENTRY_IMITATE},
	{"m", "match", "play a match of two agents", false, .run = open_menu,
	 .arg = ENTRY_MATCH},
	{"s", "matches", "scores of matches", false, .run = open_menu,
	 .arg = ENTRY_SCORES},
	{"e", "ratings", "the Elo of every agent", false, .run = open_menu,
	 .arg = ENTRY_RATINGS},
	{"u", "studies", "questions and their verdicts", false,
	 .run = open_menu, .arg = ENTRY_STUDIES},
	{"a", "position", "set up a position and search it", false,
	 .run = open_menu, .arg = ENTRY_ANALYSE},
	{"o", "jobs", "what is at work, and was", false, .run = open_menu,
	 .arg = ENTRY_JOBS},
	{"/", "find", "go to the next row with a text; / Enter goes on", false,
	 .run = find},
	{KEYS_OF(struct home, runs_table, table_keys), .run = move},
	{0},
};

static enum screen_action click_table(struct home *h, struct table *t,
				      enum home_pane pane,
				      const struct mouse_event *m)
{
	enum home_pane before = h->pane;

	switch (table_mouse(t, m)) {
	case TABLE_NO_CLICK:
	case TABLE_SORTED:
		return SCREEN_STAY;
	case TABLE_OPENED:
		h->pane = pane;
		if (before == pane)
			open_selected(h);
		return SCREEN_REDRAW;
	case TABLE_MOVED:
		h->pane = pane;
	}
	return SCREEN_REDRAW;
}

static enum screen_action home_mouse(void *self, const struct mouse_event *m)
{
	struct home *h = self;
	const struct canvas_region *menu;
	int entry;

	if (click_table(h, &h->runs_table, HOME_RUNS, m) == SCREEN_REDRAW ||
	    click_table(h, &h->games_table, HOME_GAMES, m) == SCREEN_REDRAW ||
	    click_table(h, &h->studies_table, HOME_STUDIES, m) == SCREEN_REDRAW)
		return SCREEN_REDRAW;
	menu = canvas_map_find(m->seen, h, HOME_MENU_REGION);
	if (!canvas_map_inside(menu, m->row, m->col) || m->button != 1)
		return SCREEN_STAY;
	entry = menu->first + m->row - menu->row;
	if (entry >= h->menu_count)
		return SCREEN_STAY;
	h->pane = HOME_MENU;
	h->menu_at = entry;
	open_selected(h);
	return SCREEN_REDRAW;
}

static enum screen_action look_again(struct home *h)
{
	struct err e = ERR_INIT;

	if (read_lab(h, &e))
		app_fail(h->app, &e);
	return SCREEN_REDRAW;
}

static enum screen_action home_tick(void *self)
{
	struct home *h = self;
	double now = clock_seconds();

	if (now < h->look_at)
		return SCREEN_STAY;
	h->look_at = now + LOOK_EVERY_S;
	if (store_data_version(lab_store(h->app->lab)) == h->version)
		return SCREEN_STAY;
	return look_again(h);
}

static enum screen_action home_resume(void *self)
{
	return look_again(self);
}

static void home_close(void *self)
{
	home_release(self);
}

const struct screen screen_home = {
	.name = "home",
	.title = "plyscope",
	.help = "The lab at a glance, and the way to everything in it.",
	.self_size = sizeof(struct home),
	.keys = home_keys,
	.open = home_open,
	.draw = home_draw,
	.mouse = home_mouse,
	.tick = home_tick,
	.resume = home_resume,
	.close = home_close,
};
