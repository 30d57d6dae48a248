/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent_step.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "core/lab/rate_fit.h"
#include "core/lab/rate_lab.h"
#include "core/session/ranking.h"
#include "core/session/refit.h"
#include "core/session/series.h"
#include "core/session/standings.h"
#include "store/match.h"
#include "store/store.h"
#include "tests/session/made_lab.h"

static void test_steps_of_specs(void **state)
{
	struct agent_step at;

	(void)state;
	assert_true(agent_step_of("mcts:c4/120,sims=64", &at));
	assert_int_equal(at.run_len, 2);
	assert_int_equal(strncmp(at.run, "c4", 2), 0);
	assert_int_equal(at.step_len, 3);
	assert_int_equal(strncmp(at.step, "120", 3), 0);
	assert_true(agent_step_of("policy:a/b/7", &at));
	assert_int_equal(at.run_len, 3);
	assert_false(agent_step_of("policy:c4/latest", &at));
	assert_false(agent_step_of("policy:c4/", &at));
	assert_false(agent_step_of("policy:c4", &at));
	assert_false(agent_step_of("random", &at));
	assert_false(agent_step_of("mcts:uniform,sims=400", &at));
	assert_false(agent_step_of("engine:/opt/go/7,level=3", &at));
}

static double elo_of(const struct standings *s, const char *spec)
{
	int at = standings_find(s, spec);

	assert_true(at >= 0);
	return s->rows[at].elo;
}

static void check_curves(const struct standings *s)
{
	/* steps ascend, whatever the ratings' order; the copy has its own */
	assert_int_equal(s->curve_count, 3);
	for (int i = 0; i < s->curve_count; i++) {
		const struct standing_curve *c = &s->curves[i];

		if (!strcmp(c->name, "policy:c4"))
			assert_int_equal(c->count, 8);
		else if (!strcmp(c->name, "mcts:c4 sims=64"))
			assert_int_equal(c->count, 2);
		else
			assert_string_equal(c->name, "policy:c4-copy");
		for (int k = 1; k < c->count; k++)
			assert_true(c->x[SERIES_STEP][k] >
				    c->x[SERIES_STEP][k - 1]);
		for (int k = 0; k < c->count; k++)
			assert_int_equal(s->rows[c->row[k]].point, k);
	}
}

static void test_standings(void **state)
{
	struct store *store = lab_store(made_lab.lab);
	struct standings s = {0};
	struct rate_table fit;
	struct err e = ERR_INIT;
	int tactical, both = -1;

	(void)state;
	made_lab_pool(&made_lab);
	/* without a fit: scores alone */
	assert_int_equal(standings_read(&s, store, "connect4", NULL, &e),
			 ERR_OK);
	assert_int_equal(s.game_count, 1);
	assert_int_equal(s.count, 15);
	assert_int_equal(s.rated, 0);
	assert_int_equal(s.matches, 16); /* one is the fixture's */
	assert_int_equal(s.curve_count, 0);

	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, NULL, &fit, &e),
			 ERR_OK);
	assert_int_equal(standings_read(&s, store, "connect4", &fit, &e),
			 ERR_OK);
	assert_true(s.fitted);
	assert_true(s.kept);
	assert_true(s.anchored);
	assert_int_equal(s.rated, 15);
	assert_string_equal(s.rows[0].spec, "mcts:c4/6400,sims=64");
	assert_true(s.rows[0].los > 0.99);
	assert_true(isnan(s.rows[14].los));
	assert_false(s.rows[standings_find(&s, "mcts:uniform,sims=9")].linked);
	check_curves(&s);

	/* the pair that met twice is one meeting, seen from the stronger */
	tactical = standings_find(&s, "tactical");
	for (int i = 0; i < s.meeting_count; i++) {
		if (s.meetings[i].first == tactical &&
		    !strcmp(s.rows[s.meetings[i].second].spec, "random"))
			both = i;
	}
	assert_true(both >= 0);
	assert_int_equal(s.meetings[both].matches, 2);
	assert_int_equal(s.meetings[both].wins, 55);
	assert_int_equal(s.meetings[both].losses, 15);
	/* 400 Elo are ten to one */
	s.rows[tactical].elo = 400;
	assert_true(fabs(standings_expected(&s, tactical,
					    standings_find(&s, "random")) -
			 10.0 / 11) < 1e-9);

	/* one more match: the stored ratings are old */
	made_lab_match(&made_lab, MADE_LAB_C4, "tactical", "random", 1, 0, 19);
	rate_table_release(&fit);
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, NULL, &fit, &e),
			 ERR_OK);
	made_lab_match(&made_lab, MADE_LAB_C4, "tactical", "random", 1, 0, 19);
	assert_int_equal(standings_read(&s, store, "connect4", &fit, &e),
			 ERR_OK);
	assert_true(s.kept);
	fit.rows[0].elo += 1;
	assert_int_equal(standings_read(&s, store, "connect4", &fit, &e),
			 ERR_OK);
	assert_false(s.kept);
	assert_true(fabs(elo_of(&s, fit.rows[0].agent) - fit.rows[0].elo) <
		    1e-9);

	assert_int_equal(standings_read(&s, store, "chess", &fit, &e),
			 ERR_NOTFOUND);
	assert_non_null(strstr(e.msg, "connect4"));
	assert_int_equal(s.count, 0);
	standings_release(&s);
	rate_table_release(&fit);
}

/* Of a checkpoint against the one before it in its run, as the same agent: what
 * its interval is where that one is at 0. */
static void test_gains(void **state)
{
	struct rate_options options = {.anchor = "policy:c4/400"};
	struct store *store = lab_store(made_lab.lab);
	struct standings s = {0};
	struct rate_table fit;
	struct rate_gain g, far;
	struct err e = ERR_INIT;
	int row;

	(void)state;
	made_lab_pool(&made_lab);
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, NULL, &fit, &e),
			 ERR_OK);
	assert_int_equal(standings_read(&s, store, "connect4", &fit, &e),
			 ERR_OK);
	assert_true(s.gains);
	g = s.rows[standings_find(&s, "policy:c4/800")].gain;
	assert_string_equal(s.rows[g.before].spec, "policy:c4/400");
	/* as the search never met between its two steps */
	far = s.rows[standings_find(&s, "mcts:c4/6400,sims=64")].gain;
	assert_string_equal(s.rows[far.before].spec, "mcts:c4/800,sims=64");
	assert_true(far.high - far.low > 2 * (g.high - g.low));
	assert_int_equal(s.rows[standings_find(&s, "policy:c4/0")].gain.before,
			 -1);
	assert_int_equal(s.rows[standings_find(&s, "random")].gain.before, -1);
	rate_table_release(&fit);

	assert_int_equal(
		rate_lab(made_lab.lab, MADE_LAB_C4, &options, &fit, &e),
		ERR_OK);
	for (row = 0; strcmp(fit.rows[row].agent, "policy:c4/800");)
		row++;
	assert_true(fabs(fit.rows[row].elo - g.elo) < 1e-6);
	assert_true(fabs(fit.rows[row].elo_low - g.low) < 1e-2);
	assert_true(fabs(fit.rows[row].elo_high - g.high) < 1e-2);
	standings_release(&s);
	rate_table_release(&fit);
}

static void ring(void *ctx)
{
	(void)ctx;
}

/* In a thread with a handle of its own: the figures are those of rate_lab(),
 * and looking at them writes nothing. */
static void test_refit(void **state)
{
	struct opponent met[16];
	struct standings s = {0};
	struct rate_table fit;
	struct err e = ERR_INIT;
	struct refit *r;
	int row, n;

	(void)state;
	made_lab_pool(&made_lab);
	assert_int_equal(refit_start(&r, made_lab.path, MADE_LAB_C4, "", false,
				     ring, NULL, &e),
			 ERR_OK);
	assert_int_equal(refit_take(r, &fit, &e), ERR_OK);
	assert_int_equal(fit.count, 15);
	assert_int_equal(
		standings_read(&s, lab_store(made_lab.lab), "", &fit, &e),
		ERR_OK);
	assert_true(s.fitted);
	assert_false(s.kept);

	/* seen from its side, the strongest first */
	row = standings_find(&s, "tactical");
	assert_true(s.meeting_count <= 16);
	n = standings_opponents(&s, row, met);
	assert_int_equal(n, 2);
	assert_string_equal(s.rows[met[0].row].spec, "policy:c4/200");
	assert_int_equal(met[0].wins, 10);
	assert_int_equal(met[0].losses, 25);
	assert_string_equal(s.rows[met[1].row].spec, "random");
	assert_int_equal(met[1].wins, 55);
	standings_release(&s);
	rate_table_release(&fit);

	/* whoever drops one does not wait, and is not woken */
	for (int keep = 0; keep < 2; keep++) {
		assert_int_equal(refit_start(&r, made_lab.path, MADE_LAB_C4, "",
					     keep, ring, NULL, &e),
				 ERR_OK);
		refit_drop(r);
	}
	/* another anchor: the agent's Elo is 0 */
	assert_int_equal(refit_start(&r, made_lab.path, MADE_LAB_C4, "tactical",
				     false, ring, NULL, &e),
			 ERR_OK);
	assert_int_equal(refit_take(r, &fit, &e), ERR_OK);
	assert_string_equal(fit.anchor, "tactical");
	rate_table_release(&fit);

	/* a file that is not there is said by the worker, at the end */
	assert_int_equal(refit_start(&r, "/nowhere/lab.db", MADE_LAB_C4, "",
				     false, ring, NULL, &e),
			 ERR_OK);
	assert_true(refit_take(r, &fit, &e) != ERR_OK);
	assert_non_null(strstr(e.msg, "/nowhere/lab.db"));
	refit_drop(NULL);
}

static void read_with(struct standings *s, const struct ranking *r,
		      const char *game)
{
	struct err e = ERR_INIT;

	if (standings_read(s, lab_store(made_lab.lab), game, &r->fit, &e))
		fail_msg("%s", e.msg);
}

static void fit(struct ranking *r, const struct standings *s, bool keep)
{
	struct err e = ERR_INIT;

	assert_int_equal(
		ranking_begin(r, s, made_lab.path, keep, ring, NULL, &e),
		ERR_OK);
	assert_false(ranking_is_behind(r, s)); /* it is under way */
	if (ranking_take(r, &e))
		fail_msg("%s", e.msg);
}

/* Standings keep up with matches; looking does not write. */
static void test_keeping_up(void **state)
{
	struct standings s = {0};
	struct ranking r = {.keeps = false};

	(void)state;
	made_lab_pool(&made_lab);
	read_with(&s, &r, "");
	assert_true(ranking_is_behind(&r, &s));
	assert_false(ranking_ended(&r));
	fit(&r, &s, false);
	read_with(&s, &r, "");
	assert_true(s.fitted && !s.kept);
	assert_false(ranking_is_behind(&r, &s));

	made_lab_match(&made_lab, MADE_LAB_C4, "newcomer", "random", 9, 0, 1);
	read_with(&s, &r, "");
	assert_true(ranking_is_behind(&r, &s));
	fit(&r, &s, true);
	read_with(&s, &r, "");
	assert_true(s.kept);
	assert_true(s.rows[standings_find(&s, "newcomer")].elo > 0);

	/* another game has ratings of its own */
	made_lab_match(&made_lab, "go:size=7", "random", "tactical", 1, 0, 3);
	read_with(&s, &r, "go:size=7");
	assert_true(ranking_is_behind(&r, &s));
	assert_false(s.fitted);
	standings_release(&s);
	ranking_release(&r);
}

struct visitor {
	int matches; /* to play while the fit is under way */
	int calls;
	bool patient;
};

/* Another process plays matches while the fit is under way. */
static bool comes_between(void *ctx)
{
	struct visitor *v = ctx;
	struct store *other;
	struct store_match m = {.game = MADE_LAB_C4,
				.first = "newcomer",
				.second = "random",
				.games = 2,
				.wins = 2,
				.elo = (double)NAN,
				.elo_low = (double)NAN,
				.elo_high = (double)NAN,
				.step = -1};

	/* Opening a lab costs more than a step of the fit: now and then. */
	if (v->matches && v->calls++ % 16 == 0) {
		v->matches--;
		assert_int_equal(store_open(made_lab.path, 0, &other, NULL),
				 STORE_OK);
		assert_int_equal(store_match_add(other, &m, NULL), STORE_OK);
		store_close(other);
	}
	return v->patient;
}

static int64_t games_of(const struct rate_table *t, const char *agent)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->rows[i].agent, agent))
			return t->rows[i].games;
	return 0;
}

/* No lock is held while a fit is made: others write, what they wrote is fitted
 * too, and it can be stopped; a stopped one writes nothing. */
static void test_fit_holds_no_lock(void **state)
{
	struct visitor v = {.patient = false};
	struct rate_options o = {.goes_on = comes_between, .ctx = &v};
	struct store *s = lab_store(made_lab.lab);
	struct store_rating *rows;
	struct store_bag bag = {0};
	struct rate_table fit;
	struct err e = ERR_INIT;
	size_t count;

	(void)state;
	made_lab_pool(&made_lab);
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, &o, &fit, &e),
			 ERR_CANCELLED);
	assert_int_equal(store_rating_list(s, &bag, MADE_LAB_C4, &rows, &count),
			 STORE_OK);
	assert_int_equal(count, 0);
	v.patient = true;
	v.matches = 1;
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, &o, &fit, &e),
			 ERR_OK);
	assert_int_equal(games_of(&fit, "newcomer"), 2);
	rate_table_release(&fit);
	/* somebody who never stops does not hold it up for ever */
	v.matches = 1000000;
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, &o, &fit, &e),
			 ERR_OK);
	assert_true(games_of(&fit, "newcomer") > 4);
	rate_table_release(&fit);
	/* another anchor is for the looker alone */
	v.matches = 0;
	o.anchor = "tactical";
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, &o, &fit, &e),
			 ERR_OK);
	assert_string_equal(fit.anchor, "tactical");
	rate_table_release(&fit);
	assert_int_equal(store_rating_list(s, &bag, MADE_LAB_C4, &rows, &count),
			 STORE_OK);
	assert_int_equal(count, 16);
	for (size_t i = 0; i < count; i++)
		assert_true(strcmp(rows[i].agent, "random") != 0 ||
			    fabs(rows[i].elo) < 1e-9);
	o.anchor = "nobody";
	assert_int_equal(rate_lab(made_lab.lab, MADE_LAB_C4, &o, &fit, &e),
			 ERR_NOTFOUND);
	store_bag_release(&bag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps_of_specs),
		cmocka_unit_test_setup_teardown(test_standings, made_lab_set_up,
						made_lab_tear_down),
		cmocka_unit_test_setup_teardown(test_gains, made_lab_set_up,
						made_lab_tear_down),
		cmocka_unit_test_setup_teardown(test_refit, made_lab_set_up,
						made_lab_tear_down),
		cmocka_unit_test_setup_teardown(
			test_keeping_up, made_lab_set_up, made_lab_tear_down),
		cmocka_unit_test_setup_teardown(test_fit_holds_no_lock,
						made_lab_set_up,
						made_lab_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
