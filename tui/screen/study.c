/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tui/screen/study.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"
#include "tui/canvas_map.h"
#include "tui/keys.h"
#include "tui/row/kinds.h"
#include "tui/screen.h"
#include "tui/screen/screens.h"

static void put_panel(struct study_page *p, int at)
{
	p->group = 0;
	while (at >=
	       p->all.groups[p->group].first + p->all.groups[p->group].count)
		p->group++;
	p->panel = at - p->all.groups[p->group].first;
}

/* What is selected is there. */
static void keep_inside(struct study_page *p)
{
	const struct study_panel *panel;

	if (p->picture >= study_picture_count(&p->all))
		p->picture = 0;
	if (p->group >= p->all.group_count)
		p->group = p->panel = 0;
	if (p->all.group_count && p->panel >= p->all.groups[p->group].count)
		p->panel = 0;
	table_rows(&p->arms, (int)p->all.arm_count);
	/* An arm that the picture tells of is selected, if there is one. */
	for (int n = p->arms.row_count, i = 0;
	     p->tab == STUDY_PICTURES && i < n &&
	     !study_picture_tells(&p->all, p->picture, p->arms.selected);
	     i++)
		table_select(&p->arms, (p->arms.selected + 1) % n);
	/* The arms in front may have other measures. */
	for (int i = 0; i < p->all.panel_count &&
			!study_page_shows(p, study_page_panel(p));
	     i++)
		if (study_page_shows(p, &p->all.panels[i]))
			put_panel(p, i);
	panel = study_page_panel(p);
	if (!panel || p->point >= (int)panel->longest)
		p->has_cursor = false;
}

static enum err_code read_again(struct study_page *p, struct err *e)
{
	enum err_code rc;

	p->ticks = 0;
	p->data_version = store_data_version(p->store);
	rc = study_view_read(&p->all, p->store, p->name, e);
	/* A study from elsewhere has no job here. */
	if (rc || !p->all.study.job_id ||
	    job_view_get(&p->job, p->store, p->all.study.job_id, NULL))
		p->job.present = false;
	keep_inside(p);
	return rc;
}

/* `arg` is the name of a study, and after a blank that of a tab. */
static enum err_code study_open(void *self, struct app *app, const char *arg,
				struct err *e)
{
	struct study_page *p = self;
	int len = (int)strcspn(arg, " "), at = 0;
	const char *tab = arg + len + strspn(arg + len, " ");
	enum err_code rc;

	p->app = app;
	p->store = lab_store(app->lab);
	if (!*arg)
		return err_set(e, ERR_USAGE,
			       "name a study, as in `study bandit/desk`; "
			       "`studies` lists them");
	snprintf(p->name, sizeof(p->name), "%.*s", len, arg);
	while (*tab && at < STUDY_TABS && strcmp(study_page_tabs[at], tab) != 0)
		at++;
	if (at == STUDY_TABS)
		return err_set(e, ERR_USAGE,
			       "'%s' is no tab of a study: verdict, pictures, "
			       "curves, arms and plan are",
			       tab);
	p->tab = (enum study_tab)at;
	study_page_prepare(p);
	rc = read_again(p, e);
	if (!rc && !study_page_has(p, p->tab))
		p->tab = STUDY_VERDICT;
	return rc;
}

static void study_close(void *self)
{
	struct study_page *p = self;

	study_view_release(&p->all);
}

static void study_status(const void *self, struct buf *out)
{
	const struct study_page *p = self;

	buf_printf(out, "%s: %s", p->name,
		   p->all.study.verdict ? p->all.study.verdict
					: badge_word(NULL)->word);
}

/* ---- keys ---- */

static enum screen_action tab_by(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	do
		p->tab = (enum study_tab)(((int)p->tab + STUDY_TABS + k->arg) %
					  STUDY_TABS);
	while (!study_page_has(p, p->tab));
	keep_inside(p);
	return SCREEN_REDRAW;
}

static int clamp(int v, int most)
{
	return v > most ? most < 0 ? 0 : most : v < 0 ? 0 : v;
}

/* The region of a text ends where its last row stands last. */
static void scroll_by(struct study_page *p, int by,
		      const struct canvas_map *seen)
{
	const struct canvas_region *r =
		canvas_map_find(seen, p, STUDY_REGION_TEXT);

	p->top[p->tab] = clamp(p->top[p->tab] + by, r ? r->first : 0);
}

/* To the next panel that shows, or stay. */
static void panel_by(struct study_page *p, int by)
{
	const struct study_panel *now = study_page_panel(p);
	int at = now ? (int)(now - p->all.panels) + by : -1;

	while (at >= 0 && at < p->all.panel_count &&
	       !study_page_shows(p, &p->all.panels[at]))
		at += by;
	if (at >= 0 && at < p->all.panel_count)
		put_panel(p, at);
	keep_inside(p);
}

/* To the first panel of a group that shows, up to `by` groups away. */
static void group_by(struct study_page *p, int by)
{
	int step = by < 0 ? -1 : 1, group = p->group;

	for (int to = group + step; by && to >= 0 && to < p->all.group_count;
	     to += step) {
		if (!study_page_shows(p,
				      &p->all.panels[p->all.groups[to].first]))
			continue;
		group = to;
		by -= step;
	}
	p->group = group;
	p->panel = 0;
	keep_inside(p);
}

static void picture_by(struct study_page *p, int by)
{
	p->picture = clamp(p->picture + by, study_picture_count(&p->all) - 1);
	p->top[STUDY_PICTURES] = 0;
	keep_inside(p);
}

/* A table's keys, by their names, in what a tab shows. */
static enum screen_action move(void *self, const struct key_press *k)
{
	static const struct {
		const char *name;
		int rows;
		bool page;
	} ways[] = {
		{"up", -1, false},      {"down", 1, false},
		{"page-up", -10, true}, {"page-down", 10, true},
		{"first", -9999, true}, {"last", 9999, true},
	};
	struct study_page *p = self;
	int by = 0;
	bool page = false;

	if (p->tab == STUDY_ARMS) {
		keys_inner(k, &p->arms);
		keep_inside(p);
		return SCREEN_REDRAW;
	}
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (!strcmp(ways[i].name, k->inner->name)) {
			by = ways[i].rows;
			page = ways[i].page;
		}
	}
	if (p->tab == STUDY_PICTURES && page && by > -1000 && by < 1000)
		picture_by(p, by / 10);
	else if (p->tab == STUDY_CURVES && page)
		group_by(p, by < -1000 || by > 1000 ? by : by / 10);
	else if (p->tab == STUDY_CURVES)
		panel_by(p, by);
	else
		scroll_by(p, by, k->seen);
	return SCREEN_REDRAW;
}

static enum screen_action cursor_by(void *self, const struct key_press *k)
{
	struct study_page *p = self;
	const struct study_panel *panel = study_page_panel(p);

	if (p->tab == STUDY_PICTURES) {
		picture_by(p, k->arg);
		return SCREEN_REDRAW;
	}
	if (p->tab != STUDY_CURVES || !panel)
		return tab_by(self, k);
	if (!p->has_cursor)
		p->point = k->arg > 0 ? 0 : (int)panel->longest - 1;
	else
		p->point = clamp(p->point + k->arg, (int)panel->longest - 1);
	p->has_cursor = true;
	return SCREEN_REDRAW;
}

static enum screen_action enlarge(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	p->tab = STUDY_CURVES;
	p->large = !p->large;
	return SCREEN_REDRAW;
}

static enum screen_action next_arm(void *self, const struct key_press *k)
{
	struct study_page *p = self;
	int n = p->arms.row_count;

	for (int i = 0; i < n; i++) {
		table_select(&p->arms, (p->arms.selected + n + k->arg) % n);
		if (p->tab != STUDY_PICTURES ||
		    study_picture_tells(&p->all, p->picture, p->arms.selected))
			break;
	}
	keep_inside(p);
	return SCREEN_REDRAW;
}

static const struct study_cost *selected(const struct study_page *p)
{
	return p->arms.row_count ? &p->all.costs[p->arms.selected] : NULL;
}

/* The run that is an arm's learner: its checkpoints are agents.  An arm that
 * trains nothing may play the network of an arm that does, which is called
 * after it: "net-strict" serves all seeds of "strict". */
static const char *run_of(const struct study_page *p)
{
	static const char net[] = "net-";
	const struct study_cost *c = selected(p);

	for (int i = 0; c && !c->run && i < p->arms.row_count; i++)
		if (!strncmp(p->all.arms[i].name, net, strlen(net)) &&
		    !strcmp(p->all.arms[i].name + strlen(net),
			    p->all.arms[p->arms.selected].name))
			return p->all.costs[i].run;
	return c ? c->run : NULL;
}

static bool has_run(const void *self)
{
	return run_of(self) != NULL;
}

static enum screen_action push(struct study_page *p, const char *screen,
			       const char *before, const char *after)
{
	char arg[200];

	if (!has_run(p)) {
		app_say(p->app,
			"Arm %s has no run in this lab: it made no network "
			"that plays a game here; a and A choose another arm.",
			p->arms.row_count ? p->all.arms[p->arms.selected].name
					  : "-");
		return SCREEN_REDRAW;
	}
	snprintf(arg, sizeof(arg), "%s%s%s", before, run_of(p), after);
	app_push(p->app, screen, arg);
	return SCREEN_REDRAW;
}

static enum screen_action open_it(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	/* From what the study says to what it was said of. */
	if (p->tab == STUDY_VERDICT || p->tab == STUDY_PLAN ||
	    (p->tab == STUDY_PICTURES && !has_run(p))) {
		p->tab = STUDY_ARMS;
		return SCREEN_REDRAW;
	}
	return push(p, "checkpoints", "", "");
}

/* Most trials keep the network and not the games by which it was measured. */
static bool kept_games(struct study_page *p)
{
	struct store_game_filter f = {0};
	struct store_bag bag = {0};
	struct store_run run;
	int64_t count = 0;

	if (store_run_find(p->store, &bag, run_of(p), &run) == STORE_OK) {
		f.run_id = run.id;
		if (store_game_count(p->store, &f, &count) != STORE_OK)
			count = 1; /* the list says what is wrong */
	}
	store_bag_release(&bag);
	return count > 0;
}

static enum screen_action open_games(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	if (!has_run(p) || kept_games(p))
		return push(p, "games", "run=", "");
	app_say(p->app,
		"Arm %s kept no games: P plays one against it, and m among "
		"its agents (Enter) a match, whose games stay.",
		p->all.arms[p->arms.selected].name);
	return SCREEN_REDRAW;
}

/* The network of the trial done last plays, with a search. */
static enum screen_action play_arm(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "play", "mcts:", "/latest,sims=100");
}

static enum screen_action open_scorecard(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	app_push(p->app, "scorecard", "");
	return SCREEN_REDRAW;
}

static enum screen_action open_run(void *self, const struct key_press *k)
{
	(void)k;
	return push(self, "run", "", "");
}

/* An arm kept what players say of positions. */
static bool has_positions(const void *self)
{
	const struct study_page *p = self;

	for (size_t i = 0; i < p->all.arm_count; i++)
		for (size_t k = 0; k < p->all.costs[i].kept_count; k++)
			if (!strcmp(p->all.costs[i].kept[k].name, "positions"))
				return true;
	return false;
}

static enum screen_action open_positions(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	if (has_positions(p))
		app_push(p->app, "positions", p->name);
	else
		app_say(p->app, "It has kept no positions.");
	return SCREEN_REDRAW;
}

static void want(struct study_page *p, enum store_wanted wanted)
{
	struct err e = ERR_INIT;

	if (job_view_want(&p->job, p->store, wanted, &e))
		app_fail(p->app, &e);
}

static bool at_work(const void *self)
{
	const struct study_page *p = self;

	return job_view_active(&p->job);
}

static enum screen_action pause_or_go_on(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	if (!at_work(p))
		app_say(p->app, "Nothing is at work on it.");
	else
		want(p, p->job.wanted == STORE_WANT_RUN ? STORE_WANT_PAUSE
							: STORE_WANT_RUN);
	return SCREEN_REDRAW;
}

static enum screen_action stop(void *self, const struct key_press *k)
{
	struct study_page *p = self;

	(void)k;
	if (!at_work(p))
		app_say(p->app, "Nothing is at work on it.");
	else
		want(p, STORE_WANT_STOP);
	return SCREEN_REDRAW;
}

static bool is_curves(const void *self)
{
	const struct study_page *p = self;

	return p->tab == STUDY_CURVES;
}

static bool is_drawn(const void *self)
{
	const struct study_page *p = self;

	return p->tab == STUDY_CURVES || p->tab == STUDY_PICTURES;
}

static const struct key_binding study_keys[] = {
	{"Tab, ]", "next-tab", "verdict, pictures, curves, arms, plan", true,
	 .run = tab_by, .arg = 1},
	{"Shift-Tab, [", "previous-tab", "the tab before", false, .run = tab_by,
	 .arg = -1},
	{"Enter", "open", "the arms; the agents of the selected arm", true,
	 .run = open_it},
	{"v", "games", "the games of the selected arm", true, .run = open_games,
	 .when = has_run},
	{"P", "play", "play against the selected arm", true, .run = play_arm,
	 .when = has_run},
	{"o", "positions", "positions, and what players say of each", true,
	 .run = open_positions, .when = has_positions},
	{"s", "scorecard", "three questions to the arms of every study", false,
	 .run = open_scorecard},
	{"r", "run", "the curves of the selected arm's run", false,
	 .run = open_run},
	{"p", "pause", "pause the job, or let it go on", true,
	 .run = pause_or_go_on, .when = at_work},
	{"X", "stop", "stop the job; study run goes on with it", true,
	 .run = stop, .when = at_work},
	{"f", "large", "one measure alone, or all", true, .run = enlarge,
	 .when = is_curves},
	{"a", "next-arm", "the next arm in front", true, .run = next_arm,
	 .arg = 1, .when = is_drawn},
	{"A", "previous-arm", "the arm before in front", false, .run = next_arm,
	 .arg = -1},
	{"Left", "left", "along the curve; the picture, the tab before", false,
	 .run = cursor_by, .arg = -1},
	{"Right", "right", "along the curve; the next picture, tab", false,
	 .run = cursor_by, .arg = 1},
	{KEYS_OF(struct study_page, arms, table_keys), .run = move},
	{0},
};

static enum screen_action study_mouse(void *self, const struct mouse_event *m)
{
	struct study_page *p = self;

	if (p->tab != STUDY_ARMS) {
		if (m->button != 4 && m->button != 5)
			return SCREEN_STAY;
		if (p->tab == STUDY_CURVES)
			panel_by(p, m->button == 4 ? -1 : 1);
		else
			scroll_by(p, m->button == 4 ? -3 : 3, m->seen);
		return SCREEN_REDRAW;
	}
	switch (table_mouse(&p->arms, m)) {
	case TABLE_OPENED:
		return push(p, "checkpoints", "", "");
	case TABLE_MOVED:
	case TABLE_SORTED:
		return SCREEN_REDRAW;
	case TABLE_NO_CLICK:
		break;
	}
	return SCREEN_STAY;
}

static enum screen_action study_resume(void *self)
{
	struct study_page *p = self;
	struct err e = ERR_INIT;

	if (read_again(p, &e))
		app_fail(p->app, &e);
	return SCREEN_REDRAW;
}

/* Trials that a job finishes appear by themselves: looked at every two seconds,
 * as hundreds of thousands of figures take a tenth of one. */
static enum screen_action study_tick(void *self)
{
	enum { PAUSE_TICKS = 20 };
	struct study_page *p = self;

	if (++p->ticks < PAUSE_TICKS ||
	    (store_data_version(p->store) == p->data_version &&
	     !job_view_active(&p->job)))
		return SCREEN_STAY;
	return study_resume(p);
}

const struct screen screen_study = {
	.name = "study",
	.title = "Study",
	.help = "One question: its verdict, gates, pictures, curves, arms and "
		"plan.",
	.takes = "study",
	.self_size = sizeof(struct study_page),
	.keys = study_keys,
	.open = study_open,
	.draw = study_page_draw,
	.chart = study_page_chart,
	.mouse = study_mouse,
	.tick = study_tick,
	.resume = study_resume,
	.status = study_status,
	.close = study_close,
};
