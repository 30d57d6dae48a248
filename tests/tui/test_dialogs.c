/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/job.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "tests/session/made_lab.h"
#include "tests/tui/golden.h"
#include "tests/tui/lab_fixture.h"
#include "tui/canvas.h"
#include "tui/cmdline_args.h"
#include "tui/screen.h"
#include "tui/screen/dialog.h"
#include "tui/screen/launch.h"
#include "tui/screen/screens.h"
#include "tui/widget/agent_picker.h"
#include "tui/widget/form.h"

static struct lab_fixture lab;

static int set_up(void **state)
{
	const char *top = getenv("top_srcdir");
	char assets[4096];

	(void)state;
	/* the recipes of the checkout, wherever the tests run */
	snprintf(assets, sizeof(assets), "%s/assets", top ? top : "..");
	setenv("PLYSCOPE_DATADIR", assets, 1);
	lab_fixture_open(&lab);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lab_fixture_close(&lab);
	return 0;
}

static void press(const struct screen *s, void *self, const char *name,
		  int times)
{
	while (times-- > 0)
		lab_fixture_press(s, self, name);
}

static void type(const struct screen *s, void *self, const char *text)
{
	enum screen_action action = SCREEN_STAY;

	assert_true(s->editing(self));
	for (; *text; text++)
		assert_true(s->text(self, (unsigned char)*text, &action));
}

/* A wide screen lists the recipe beside the form.  Its figures are the
 * recipe's own business: no picture holds them. */
static void assert_drawn_beside(const void *self, const char *text, bool there)
{
	struct canvas c;
	struct buf b;

	buf_init(&b);
	canvas_init(&c, 60, 200);
	screen_train.draw(self, &c);
	canvas_dump(&c, false, &b);
	assert_non_null(strstr(b.data, "  simulations"));
	assert_int_equal(strstr(b.data, text) != NULL, there);
	canvas_release(&c);
	buf_release(&b);
}

static void test_train(void **state)
{
	void *self = lab_fixture_screen(&lab, &screen_train, "tictactoe");

	(void)state;
	golden_screen(&screen_train, self, 24, 80, false, "train-80x24");
	golden_screen(&screen_train, self, 12, 40, false, "train-40x12");
	golden_screen(&screen_train, self, 24, 80, true, "train-ascii");
	assert_drawn_beside(self, "* filters", false);
	/* a name that is taken, and a setting that there is not, are told */
	press(&screen_train, self, "next-field", 1);
	for (int i = 0; i < 20; i++)
		type(&screen_train, self, "\x7f");
	type(&screen_train, self, "c4");
	press(&screen_train, self, "accept", 1);
	golden_screen(&screen_train, self, 24, 80, false, "train-taken");
	assert_int_equal(screen_train.tick(self), SCREEN_STAY);
	type(&screen_train, self, "x");
	press(&screen_train, self, "next-field", 2);
	press(&screen_train, self, "change", 2); /* until: minutes */
	press(&screen_train, self, "next-field", 4);
	type(&screen_train, self, "filters=7");
	assert_drawn_beside(self, "* filters", true);
	for (int i = 0; i < 3; i++)
		type(&screen_train, self, "\x7f");
	type(&screen_train, self, "=8");
	press(&screen_train, self, "accept", 1);
	golden_screen(&screen_train, self, 24, 80, false, "train-wrong");
	lab_fixture_drop(&screen_train, self);
}

static void test_imitate(void **state)
{
	void *self =
		lab_fixture_screen(&lab, &screen_imitate, "policy:c4/6400");

	(void)state;
	golden_sizes(&screen_imitate, self, "imitate");
	press(&screen_imitate, self, "change", 1);
	golden_screen(&screen_imitate, self, 24, 80, false, "imitate-games");
	lab_fixture_drop(&screen_imitate, self);
	self = lab_fixture_screen(&lab, &screen_imitate, "games:run=c4");
	golden_screen(&screen_imitate, self, 24, 80, false, "imitate-of-games");
	lab_fixture_drop(&screen_imitate, self);
}

static void test_match(void **state)
{
	void *self = lab_fixture_screen(&lab, &screen_match, "mcts:c4/latest");

	(void)state;
	golden_sizes(&screen_match, self, "match");
	lab_fixture_drop(&screen_match, self);
}

/* In a one-player game nobody is met: a second agent would be refused. */
static void test_match_alone(void **state)
{
	struct store_run run = {.name = "pac",
				.kind = "train",
				.game = "pacman",
				.config = "",
				.build = "",
				.host = "",
				.status = "done"};
	struct buf words;
	struct dialog *d;
	int64_t id;

	(void)state;
	assert_int_equal(store_run_add(lab_store(lab.lab), &run, &id),
			 STORE_OK);
	d = lab_fixture_screen(&lab, &screen_match, "policy:pac/64");
	golden_screen(&screen_match, d, 24, 80, false, "match-alone");
	assert_true(d->kind->command(d));
	assert_string_equal(d->launch.word[1], "policy:pac/64");
	assert_string_equal(d->launch.word[2], "--games");
	/* another game than its run's has two sides again */
	press(&screen_match, d, "next-field", 1);
	press(&screen_match, d, "change", 1);
	assert_true(d->kind->command(d));
	assert_string_equal(d->launch.word[2], "tactical");
	/* a test that may end it: down from the game to its field */
	press(&screen_match, d, "next-field", 2);
	type(&screen_match, d, "20,0");
	press(&screen_match, d, "accept", 1);
	golden_screen(&screen_match, d, 24, 80, false, "match-wrong");
	for (int i = 0; i < 4; i++)
		type(&screen_match, d, "\x7f");
	type(&screen_match, d, "0,20");
	assert_true(d->kind->command(d));
	buf_init(&words);
	launch_text(&d->launch, &words);
	assert_non_null(strstr(words.data, "--sprt 0,20 "));
	assert_non_null(strstr(words.data, "--openings random:4 --seed"));
	/* openings that are about even */
	press(&screen_match, d, "next-field", 2);
	type(&screen_match, d, "2");
	press(&screen_match, d, "accept", 1);
	assert_non_null(strstr(d->form.message, "above 0 and at most 1"));
	type(&screen_match, d, "\x7f");
	type(&screen_match, d, "0.2");
	assert_true(d->kind->command(d));
	buf_clear(&words);
	launch_text(&d->launch, &words);
	assert_non_null(strstr(words.data, "--openings random:4,balance=0.2 "));
	/* and the search trees of every thought */
	assert_null(strstr(words.data, "--traces"));
	press(&screen_match, d, "next-field", 2);
	press(&screen_match, d, "change", 1);
	assert_true(d->kind->command(d));
	buf_clear(&words);
	launch_text(&d->launch, &words);
	assert_non_null(strstr(words.data, "--seed 1 --traces"));
	press(&screen_match, d, "previous-field", 2);
	/* a file of lines has no such setting, nor has what was typed whole */
	press(&screen_match, d, "previous-field", 1);
	type(&screen_match, d, ",balance=0.1");
	assert_true(d->kind->command(d));
	buf_clear(&words);
	launch_text(&d->launch, &words);
	assert_non_null(strstr(words.data, "--openings random:4,balance=0.1 "));
	buf_release(&words);
	lab_fixture_drop(&screen_match, d);
}

static void test_score(void **state)
{
	void *self = lab_fixture_screen(&lab, &screen_score, "1");
	struct err e = ERR_INIT;

	(void)state;
	golden_sizes(&screen_score, self, "score");
	/* reading again adds no game twice */
	assert_int_equal(screen_score.resume(self), SCREEN_REDRAW);
	golden_screen(&screen_score, self, 24, 80, false, "score-80x24");
	lab_fixture_drop(&screen_score, self);
	self = lab_fixture_screen(&lab, &screen_matches, "");
	golden_sizes(&screen_matches, self, "matches");
	lab_fixture_drop(&screen_matches, self);
	self = calloc(1, screen_score.self_size);
	assert_int_not_equal(screen_score.open(self, &lab.app, "99", &e),
			     ERR_OK);
	assert_int_equal(screen_score.open(self, &lab.app, "x", &e), ERR_USAGE);
	lab_fixture_drop(&screen_score, self);
}

/* Twenty games of an agent against itself, of which who moves first wins
 * fourteen: the match is even, and the curve says whose it is. */
static void test_score_against_itself(void **state)
{
	struct store_match m = {.game = "drop:rows=6,cols=7,line=4",
				.first = "policy:c4/6400",
				.second = "policy:c4/6400",
				.games = 20,
				.wins = 10,
				.losses = 10,
				.elo_low = -155,
				.elo_high = 155,
				.seed = 1,
				.step = -1};
	struct store *s = lab_store(lab.lab);
	void *self;
	char id[24];

	(void)state;
	assert_int_equal(store_match_add(s, &m, &m.id), STORE_OK);
	for (int i = 0; i < 20; i++) {
		char moves[] = "1213141"; /* no two games alike */
		struct store_game g = {.match_id = m.id,
				       .game = m.game,
				       .first = m.first,
				       .second = m.second,
				       .moves = moves,
				       .plies = 7,
				       .result = i % 10 < 7 ? 1 : -1,
				       .score = (double)NAN,
				       .ended = "rules",
				       .purpose = "match",
				       .step = -1};
		int64_t game;

		moves[1] = (char)('2' + i % 6);
		moves[3] = (char)('2' + i / 6);
		assert_int_equal(store_game_add(s, &g, &game), STORE_OK);
	}
	snprintf(id, sizeof(id), "%lld", (long long)m.id);
	self = lab_fixture_screen(&lab, &screen_score, id);
	golden_screen(&screen_score, self, 24, 80, false, "score-itself");
	lab_fixture_drop(&screen_score, self);
}

/* The sequential test of a match, under way and decided. */
static void test_score_tested(void **state)
{
	struct store_match m = {.game = "drop:rows=6,cols=7,line=4",
				.first = "policy:c4/6400",
				.second = "tactical",
				.games = 40,
				.wins = 20,
				.draws = 6,
				.losses = 14,
				.elo = 52,
				.elo_low = -49,
				.elo_high = 153,
				.step = -1,
				.sprt = "{\"elo0\":0,\"elo1\":20,\"llr\":0.52,"
					"\"lower\":-2.94,\"upper\":2.94,"
					"\"verdict\":\"undecided\"}"};
	void *self;

	(void)state;
	assert_int_equal(store_match_add(lab_store(lab.lab), &m, &m.id),
			 STORE_OK);
	self = lab_fixture_screen(&lab, &screen_score, "2");
	golden_screen(&screen_score, self, 24, 80, false, "score-test");
	golden_screen(&screen_score, self, 12, 40, true, "score-test-narrow");
	m.sprt = "{\"elo0\":0,\"elo1\":20,\"llr\":-3.01,\"lower\":-2.94,"
		 "\"upper\":2.94,\"verdict\":\"H0\"}";
	assert_int_equal(store_match_update(lab_store(lab.lab), &m), STORE_OK);
	screen_score.resume(self);
	golden_screen(&screen_score, self, 24, 80, false, "score-test-told");
	/* what is no such object is not shown */
	m.sprt = "{\"elo0\":x,\"llr\":";
	assert_int_equal(store_match_update(lab_store(lab.lab), &m), STORE_OK);
	screen_score.resume(self);
	golden_screen(&screen_score, self, 9, 80, false, "score-test-none");
	lab_fixture_drop(&screen_score, self);
}

/* ---- what is started ---- */

static enum launch_state wait_for(struct launch *l, bool needs_run,
				  int64_t *job, int64_t *run, struct err *e)
{
	enum launch_state state;

	while ((state = launch_poll(l, lab_store(lab.lab), needs_run, job, run,
				    e)) == LAUNCH_WAITING)
		usleep(1000);
	return state;
}

/* The program started is this one: main() below fails as a command would. */
static void test_failed_start_is_told(void **state)
{
	struct err e = ERR_INIT;
	struct launch l;
	int64_t job, run;

	(void)state;
	launch_init(&l);
	assert_int_equal(
		launch_poll(&l, lab_store(lab.lab), true, &job, &run, &e),
		LAUNCH_IDLE);
	launch_add(&l, "--fail");
	assert_int_equal(launch_start(&l, lab_store(lab.lab), &e), ERR_OK);
	assert_int_equal(wait_for(&l, true, &job, &run, &e), LAUNCH_FAILED);
	assert_string_equal(e.msg, "there is no such game");
	launch_release(&l);
}

static void test_started_job_is_found(void **state)
{
	struct err e = ERR_INIT;
	struct launch l;
	int64_t job = 0, run = 0;

	(void)state;
	launch_init(&l);
	launch_add(&l, "--job");
	assert_int_equal(launch_start(&l, lab_store(lab.lab), &e), ERR_OK);
	assert_int_equal(wait_for(&l, true, &job, &run, &e), LAUNCH_WORKING);
	assert_true(job > 0);
	assert_int_equal(run, made_lab_run(&lab.made, "fresh"));
	launch_release(&l);
}

static void picks(const struct agent_picker *p, const char *wanted)
{
	char spec[PICKER_SPEC];

	agent_picker_spec(p, spec);
	assert_string_equal(spec, wanted);
}

/* Who is proposed for a search: a network by its step, or the last choice. */
static void test_picker(void **state)
{
	struct agent_picker p;
	struct err e = ERR_INIT;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	agent_picker_init(&p);
	assert_int_equal(agent_picker_open(&p, lab_store(lab.lab), &g, &e),
			 ERR_OK);
	assert_true(agent_picker_stand_at(&p, "c4/200"));
	picks(&p, "mcts:c4/200,sims=400");
	assert_true(agent_picker_stand_at(&p, "c4/799"));
	picks(&p, "mcts:c4/400,sims=400");
	assert_true(agent_picker_stand_at(&p, "c4/6400"));
	picks(&p, "mcts:c4/latest,sims=400");
	assert_true(agent_picker_recall(&p, "policy:c4-copy/0"));
	picks(&p, "policy:c4-copy/0");
	assert_true(agent_picker_recall(&p, "mcts:uniform,sims=50"));
	picks(&p, "mcts:uniform,sims=50");
	assert_false(agent_picker_stand_at(&p, "nobody/3"));
	assert_false(agent_picker_stand_at(&p, ""));
	assert_false(agent_picker_recall(&p, ""));
	assert_false(agent_picker_recall(&p, "solver:nodes=5"));
	assert_false(agent_picker_recall(&p, "mcts:c4/200,sims=50,gumbel=yes"));
	picks(&p, "mcts:uniform,sims=50");
	agent_picker_release(&p);
}

static void completes(const char *takes, const char *line, int turn,
		      const char *wanted)
{
	char *done =
		cmdline_args_complete(takes, lab_store(lab.lab), line, turn);

	if (wanted) {
		assert_non_null(done);
		assert_string_equal(done, wanted);
	} else {
		assert_null(done);
	}
	free(done);
}

/* Tab on the ':' line, past the name of a screen. */
static void test_completion(void **state)
{
	static const char play[] = "agent game= side=";

	(void)state;
	completes("run", "run c", 0, "run c4");
	completes("run", "run c", 1, "run c4-copy");
	completes("run", "run c", 2, "run c4");
	completes("run", "run x", 0, NULL);
	completes("checkpoint", "checkpoint c4/64", 0, "checkpoint c4/6400");
	completes(play, "play mcts:c4-", 0, "play mcts:c4-copy/latest,sims=");
	completes(play, "play tact", 0, "play tactical");
	completes(play, "play tactical ga", 0, "play tactical game=");
	completes(play, "play a game=oth", 0, "play a game=othello");
	completes(play, "play a side=s", 0, "play a side=second");
	completes("run= purpose=", "games run=c4-", 0, "games run=c4-copy");
	completes("run= purpose=", "games purpose=im", 1,
		  "games purpose=import");
	/* A setting of another screen. */
	completes("run=", "games side=", 0, NULL);
}

/* Nobody is offered the recipe of another game. */
static void test_recipes(void **state)
{
	static const struct {
		const char *game, *recipes;
	} cases[] = {
		{"connect4", "default|actor|connect4|quick|sample|td"},
		{"chess:plies=120", "default|actor|chess|td"},
		{"go:size=7", "default|actor|go|td"},
		{"pacman", "default|pacman|pacman-actor"},
		/* Not Connect Four, but of its family. */
		{"drop:rows=4,cols=5,line=4", "default|actor|td"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b;

		buf_init(&b);
		launch_recipes(cases[i].game, &b);
		assert_string_equal(b.data, cases[i].recipes);
		buf_release(&b);
	}
}

static void test_words(void **state)
{
	struct launch l;
	struct err e = ERR_INIT;
	char name[80];
	struct buf b;

	(void)state;
	launch_init(&l);
	buf_init(&b);
	launch_add(&l, "train");
	launch_option(&l, "--run", "c4");
	launch_option(&l, "--seed", "");
	launch_split(&l, "  filters=8   blocks=1 ");
	launch_text(&l, &b);
	assert_string_equal(b.data, "train --run c4 filters=8 blocks=1");
	launch_release(&l);

	assert_int_equal(launch_check_settings("filters=8 blocks=1", &e),
			 ERR_OK);
	assert_int_equal(launch_check_settings("", &e), ERR_OK);
	assert_int_not_equal(launch_check_settings("filtres=8", &e), ERR_OK);
	assert_non_null(strstr(e.msg, "filters"));
	assert_int_not_equal(launch_check_settings("filters", &e), ERR_OK);
	assert_int_equal(launch_check_name("c4-copy_2.x", &e), ERR_OK);
	assert_int_not_equal(launch_check_name("c4/copy", &e), ERR_OK);
	assert_int_not_equal(launch_check_name("", &e), ERR_OK);
	assert_int_equal(launch_check_count("12", &e), ERR_OK);
	assert_int_not_equal(launch_check_count("-1", &e), ERR_OK);
	assert_int_equal(launch_check_number("1.5", &e), ERR_OK);
	assert_int_not_equal(launch_check_number("1.5x", &e), ERR_OK);

	/* The command of an engine has words of its own. */
	assert_int_equal(
		form_check_agent("engine:gnugo --mode gtp --level 1", &e),
		ERR_OK);
	assert_int_not_equal(form_check_agent("  ", &e), ERR_OK);

	launch_fresh_name(lab_store(lab.lab), "c4", name, sizeof(name));
	assert_string_equal(name, "c4-2");
	launch_fresh_name(lab_store(lab.lab), "mnk:3,3", name, sizeof(name));
	assert_string_equal(name, "mnk33");

	buf_clear(&b);
	assert_int_equal(
		launch_agents(lab_store(lab.lab), "", LAUNCH_NO_RUN, &b, &e),
		ERR_OK);
	assert_string_equal(b.data, "policy:c4-copy/latest|mcts:c4-copy/latest|"
				    "policy:c4/latest|mcts:c4/latest|"
				    "tactical|random|mcts:uniform|typed");
	buf_release(&b);
}

/* As the command that a dialog would have started. */
static int act(const char *mode, const char *path)
{
	struct store_job j = {.kind = "train", .command = "train"};
	char message[STORE_MESSAGE_SIZE];
	struct store_bag bag = {0};
	struct store_run run;
	struct store *s;
	int64_t id;

	if (!strcmp(mode, "--fail")) {
		fprintf(stderr, "plyscope train: there is no such game\n");
		return 2;
	}
	if (store_open(path, 0, &s, message) != STORE_OK ||
	    store_run_find(s, &bag, "fresh", &run) != STORE_OK ||
	    store_job_add(s, &j, &id) != STORE_OK ||
	    store_job_set_run(s, id, run.id) != STORE_OK)
		return 1;
	store_bag_release(&bag);
	store_close(s);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_train, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_imitate, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_match, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_match_alone, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_score_against_itself,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_score_tested, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_score, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_failed_start_is_told,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_started_job_is_found,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_picker, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_completion, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_recipes, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_words, set_up, tear_down),
	};

	/* MODE --lab FILE, as job_start() puts it */
	if (argc == 4 && !strcmp(argv[2], "--lab"))
		return act(argv[1], argv[3]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
