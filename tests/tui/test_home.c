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
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/lab/lab.h"
#include "store/game.h"
#include "store/job.h"
#include "store/run.h"
#include "store/store.h"
#include "store/study.h"
#include "tests/tui/golden.h"
#include "tui/app_run.h"
#include "tui/screen/home.h"
#include "tui/screen/screens.h"
#include "tui/script.h"
#include "tui/widget/table.h"

static const struct home_entry entries[] = {
	{'p', "Play", "play", "against an agent"},
	{'w', "Watch", "watch", "two agents play"},
	{'v', "Games", "games", "browse, open and step"},
	{'r', "Runs", "runs", "training history and curves"},
	{'t', "Train", "train", "learn by self-play"},
	{'i', "Imitate", "imitate", "learn from games or an agent"},
	{'m', "Match", "match", "measure two agents"},
	{'s', "Scores", "matches", "matches and their Elo"},
	{'e', "Ratings", "leaderboard", "the Elo of every agent"},
	{'a', "Analyse", "position", "any position, searched now"},
	{'o', "Jobs", "jobs", "what is at work, and was"},
	{'?', "Help", "help", "keys, here and everywhere"},
};

static struct home *new_home(void)
{
	struct home *h = mem_zalloc(1, sizeof(*h));

	for (size_t i = 0; i < ARRAY_LEN(entries); i++)
		h->menu[h->menu_count++] = &entries[i];
	strcpy(h->path, "~/.local/share/plyscope/lab.db");
	home_prepare(h);
	return h;
}

static void free_home(struct home *h)
{
	home_release(h);
	free(h);
}

static void fill(struct home *h)
{
	static const struct home_run runs[] = {
		{.run = {.name = "c4",
			 .kind = "train",
			 .status = "running",
			 .game = "connect4",
			 .last_step = 6400,
			 .checkpoints = 14,
			 .games = 8600,
			 .elo = 1032,
			 .elo_low = 991,
			 .elo_high = 1073},
		 .curve_count = 14},
		{.run = {.name = "c4-copy",
			 .kind = "imitate",
			 .status = "done",
			 .game = "connect4",
			 .last_step = 3000,
			 .checkpoints = 6,
			 .games = 0,
			 .elo = 874,
			 .elo_low = NAN,
			 .elo_high = NAN},
		 .curve_count = 5},
		{.run = {.name = "tictactoe-with-a-long-name",
			 .kind = "train",
			 .status = "failed",
			 .game = "tictactoe",
			 .last_step = -1,
			 .elo = NAN}},
	};
	static const double results[] = {1, -1, 0, NAN};

	h->runs = mem_zalloc(ARRAY_LEN(runs), sizeof(*runs));
	memcpy(h->runs, runs, sizeof(runs));
	for (int i = 0; i < HOME_CURVE; i++) {
		h->runs[0].curve[i] = 1100 * (1 - exp(-i / 4.0));
		h->runs[1].curve[i] = i % 3;
	}
	table_rows(&h->runs_table, ARRAY_LEN(runs));
	h->games = store_bag_alloc(&h->games_bag, 30 * sizeof(*h->games));
	for (int i = 0; i < 30; i++) {
		h->games[i] = (struct store_game){
			.id = 12840 - i,
			.game = "connect4",
			.first = i % 2 ? "mcts:c4/latest,sims=100" : "human",
			.second = "policy:c4-copy/3000",
			.result = results[i % 4],
			.score = NAN,
			.purpose = i % 2 ? "match" : "human",
			.created_ms = 1767323040000, /* 2026-01-02 03:04 */
			.plies = 20 + i % 20,
		};
	}
	table_rows(&h->games_table, 30);
	h->jobs[h->job_count++] = (struct home_job){
		.kind = "train",
		.run = "c4",
		.state = "running",
		.message = "loss 1.204, 31 games/s",
		.done = 8600,
		.total = 20000,
	};
	h->jobs[h->job_count++] = (struct home_job){
		.kind = "match",
		.state = "paused",
		.message = "waiting",
	};
	h->bytes = 48300000;
	h->checkpoint_count = 20;
	h->game_count = 12840;
}

static void test_empty(void **state)
{
	struct home *h = new_home();

	(void)state;
	golden_sizes(&screen_home, h, "home-empty");
	free_home(h);
}

static void test_full(void **state)
{
	struct home *h = new_home();

	(void)state;
	fill(h);
	golden_sizes(&screen_home, h, "home");
	h->pane = HOME_RUNS;
	h->runs_table.selected = 1;
	golden_screen(&screen_home, h, 24, 80, false, "home-runs");
	golden_screen(&screen_home, h, 10, 40, false, "home-runs-narrow");
	h->pane = HOME_GAMES;
	h->games_table.selected = 20;
	golden_screen(&screen_home, h, 24, 80, false, "home-games");
	free_home(h);
}

/* In the pane that has the keys, or among the runs. */
static void test_find(void **state)
{
	struct home *h = new_home();

	(void)state;
	fill(h);
	h->pane = HOME_MENU;
	assert_true(home_find(h, "COPY"));
	assert_int_equal(h->pane, HOME_RUNS);
	assert_int_equal(h->runs_table.selected, 1);
	assert_false(home_find(h, "no such row"));
	assert_int_equal(h->runs_table.selected, 1);
	h->pane = HOME_GAMES;
	h->games_table.selected = 20;
	assert_true(home_find(h, "1281"));
	assert_int_equal(h->pane, HOME_GAMES);
	assert_int_equal(h->games_table.selected, 21);
	free_home(h);
}

/* A line for each study, where there are some. */
static void test_studies(void **state)
{
	static const struct store_study_state studies[] = {
		{.study = {.name = "claim/desk",
			   .question = "Does a network that watched learners "
				       "learn go on where they were cut?"},
		 .trials = 60,
		 .done = 7,
		 .gates = 6},
		{.study = {.name = "snapshot/desk",
			   .question = "Is it easy to distil a snapshot?",
			   .verdict = "supported"},
		 .trials = 33,
		 .done = 33,
		 .gates = 4,
		 .judged = 4,
		 .passed = 4},
		{.study = {.name = "ladder/desk",
			   .question = "Does a sequence model learn in "
				       "context?",
			   .verdict = "failed"},
		 .trials = 69,
		 .done = 68,
		 .failed = 1,
		 .gates = 6,
		 .judged = 6,
		 .passed = 5},
	};
	struct home *h = new_home();

	(void)state;
	fill(h);
	h->studies = store_bag_alloc(&h->studies_bag, sizeof(studies));
	memcpy(h->studies, studies, sizeof(studies));
	table_rows(&h->studies_table, ARRAY_LEN(studies));
	golden_sizes(&screen_home, h, "home-studies");
	h->pane = HOME_STUDIES;
	h->studies_table.selected = 2;
	golden_screen(&screen_home, h, 24, 80, false, "home-studies-selected");
	golden_screen(&screen_home, h, 10, 40, false, "home-studies-narrow");
	free_home(h);
}

/* A lab on disk with one run, two games and one job of this process. */
struct on_disk {
	char path[128];
	struct lab *lab;
	int64_t run_id;
};

static void fill_lab(struct store *s, int64_t *run_id)
{
	float weights[4] = {0.5f, 1, 2, 3};
	struct store_run run = {.name = "c4",
				.kind = "train",
				.game = "mnk:rows=3,cols=3,line=3",
				.config = "",
				.build = "",
				.host = "",
				.status = "running"};
	struct store_game game = {.game = "mnk:rows=3,cols=3,line=3",
				  .first = "human",
				  .second = "random",
				  .moves = "",
				  .result = NAN,
				  .score = NAN,
				  .purpose = "human",
				  .step = -1};
	struct store_job job = {.kind = "train", .command = "train"};
	int64_t id;

	assert_int_equal(store_run_add(s, &run, run_id), STORE_OK);
	for (int i = 0; i < 4; i++) {
		struct store_checkpoint c = {.run_id = *run_id,
					     .step = i,
					     .network = "n",
					     .games = 4000 + i,
					     .elo = 100.0 * i,
					     .elo_low = 100.0 * i - 20,
					     .elo_high = 100.0 * i + 20};

		weights[0] = (float)i;
		assert_int_equal(store_checkpoint_add(s, &c, weights, 4, &id),
				 STORE_OK);
	}
	assert_int_equal(store_game_add(s, &game, &id), STORE_OK);
	game.result = -1;
	assert_int_equal(store_game_add(s, &game, &id), STORE_OK);
	job.run_id = *run_id;
	assert_int_equal(store_job_add(s, &job, &id), STORE_OK);
}

static int open_lab(void **state)
{
	struct on_disk *d = mem_zalloc(1, sizeof(*d));
	const char *tmp = getenv("TMPDIR");
	struct err e;

	snprintf(d->path, sizeof(d->path), "%s/plyscope-home-%ld.db",
		 tmp ? tmp : "/tmp", (long)getpid());
	unlink(d->path);
	if (lab_open(&d->lab, d->path, LAB_CREATE, &e))
		return -1;
	fill_lab(lab_store(d->lab), &d->run_id);
	*state = d;
	return 0;
}

static int close_lab(void **state)
{
	struct on_disk *d = *state;
	char more[160];

	lab_close(d->lab);
	unlink(d->path);
	for (int i = 0; i < 2; i++) {
		snprintf(more, sizeof(more), "%s%s", d->path,
			 i ? "-wal" : "-shm");
		unlink(more);
	}
	free(d);
	return 0;
}

static void test_real_lab(void **state)
{
	struct on_disk *d = *state;
	struct app *app = app_new(d->lab);
	struct err e = ERR_INIT;
	struct script s;

	assert_int_equal(app_open(app, "home", "", &e), ERR_OK);
	script_init(&s, app, 24, 80);
	if (script_run(&s,
		       "expect 1 run · 4 checkpoints · 2 games\n"
		       "expect c4\nexpect ▁▃▆█\nexpect ▶ running\n"
		       "size 24 200\nexpect 4003\nexpect tictactoe\n"
		       "refuse mnk\nsize 24 80\n"
		       "expect Nothing new? no\n",
		       "home", &e))
		assert_string_equal(e.msg, "home:10: the screen does not show "
					   "'Nothing new? no'");
	/* a game that another handle adds is seen by a tick */
	{
		struct store_game game = {.game = "mnk:rows=3,cols=3,line=3",
					  .first = "newcomer",
					  .second = "random",
					  .moves = "",
					  .result = 1,
					  .score = NAN,
					  .purpose = "match",
					  .step = -1};
		struct store *other;
		int64_t id;

		assert_int_equal(store_open(d->path, 0, &other, NULL),
				 STORE_OK);
		assert_int_equal(store_game_add(other, &game, &id), STORE_OK);
		store_close(other);
	}
	if (script_run(&s,
		       "wait text 3 games\nexpect newcomer\n"
		       "key Tab Tab Tab\nkey Down Up End Home\n"
		       "key Tab\nkey End PgUp Enter\n",
		       "home", &e))
		fail_msg("%s", e.msg);
	script_release(&s);
	app_free(app);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_studies),
		cmocka_unit_test_setup_teardown(test_real_lab, open_lab,
						close_lab),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
