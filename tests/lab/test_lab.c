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

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/lab/imitate.h"
#include "core/lab/job.h"
#include "core/lab/lab.h"
#include "core/lab/rate_lab.h"
#include "core/lab/run_begin.h"
#include "core/lab/source.h"
#include "core/lab/train.h"
#include "store/game.h"
#include "store/job.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "store/store_int.h"

/* A lab in a folder of its own, with a run of tic-tac-toe trained for a few
 * iterations. */
struct fixture {
	char folder[64], path[96];
	struct lab *lab;
};

static const char *const tiny[] = {
	"filters=4,blocks=1,groups=2,slots=4,plies=3,simulations=4",
	"start_positions=30,batch=16,shard=8,rate_match_games=0",
	"checkpoint_first=8,checkpoint_growth=2",
};

static enum err_code train(struct fixture *f, const char *run, int64_t games,
			   struct train_outcome *out, struct err *e)
{
	struct train_options options = {
		.run = run,
		.game = "tictactoe",
		.settings = tiny,
		.setting_count = ARRAY_LEN(tiny),
		.games = games,
		.threads = 1,
		.command = "test",
	};

	return train_run(f->lab, &options, out, e);
}

static int begin(void **state)
{
	struct fixture *f = mem_zalloc(1, sizeof(*f));
	struct train_outcome out;
	struct err e = ERR_INIT;

	snprintf(f->folder, sizeof(f->folder), "/tmp/plyscope-lab.XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/deep/lab.db", f->folder);
	assert_int_equal(lab_open(&f->lab, f->path, LAB_CREATE, &e), ERR_OK);
	assert_int_equal(train(f, "t", 24, &out, &e), ERR_OK);
	assert_true(out.games >= 24);
	assert_true(out.step > 0);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char *command = mem_printf("rm -rf '%s'", f->folder);
	int rc;

	lab_close(f->lab);
	rc = system(command);
	free(command);
	free(f);
	return rc;
}

static void test_networks_are_found_and_shared(void **state)
{
	struct fixture *f = *state;
	const struct agent_source *source = lab_agents(f->lab);
	const struct net_plan *a, *b, *c;
	struct err e = ERR_INIT;
	int64_t step, zero;
	struct game g;

	assert_int_equal(game_init(&g, "tictactoe", &e), ERR_OK);
	assert_int_equal(
		source->load(source->self, "t", "latest", &g, &a, &step, &e),
		ERR_OK);
	assert_true(step > 0);
	assert_int_equal(
		source->load(source->self, "t", "latest", &g, &b, &step, &e),
		ERR_OK);
	assert_ptr_equal(a, b);
	assert_int_equal(
		source->load(source->self, "t", "0", &g, &c, &zero, &e),
		ERR_OK);
	assert_int_equal(zero, 0);
	assert_ptr_not_equal(a, c);
	source->release(source->self, a);
	source->release(source->self, b);
	source->release(source->self, c);
}

static void test_networks_that_are_not_there(void **state)
{
	static const struct {
		const char *run, *step, *game, *says;
	} bad[] = {
		{"tt", "latest", "tictactoe", "tt"},
		{"t", "999999", "tictactoe", "999999"},
		{"t", "newest", "tictactoe", "'latest'"},
		{"t", "latest", "connect4", "plays tictactoe, not connect4"},
	};
	struct fixture *f = *state;
	const struct agent_source *source = lab_agents(f->lab);

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct net_plan *plan;
		struct err e = ERR_INIT;
		struct game g;
		int64_t step;

		assert_int_equal(game_init(&g, bad[i].game, &e), ERR_OK);
		assert_int_not_equal(source->load(source->self, bad[i].run,
						  bad[i].step, &g, &plan, &step,
						  &e),
				     ERR_OK);
		assert_non_null(strstr(e.msg, bad[i].says));
	}
}

static void test_a_run_keeps_its_recipe(void **state)
{
	static const char *const other[] = {"filters=8"};
	struct fixture *f = *state;
	struct train_outcome out;
	struct err e = ERR_INIT;
	struct train_options options = {
		.run = "t",
		.settings = other,
		.setting_count = 1,
		.games = 30,
		.threads = 1,
		.command = "test",
	};

	assert_int_equal(train_run(f->lab, &options, &out, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "filters = 4, not 8"));
	options.setting_count = 0;
	options.game = "connect4";
	assert_int_equal(train_run(f->lab, &options, &out, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "plays tictactoe, not connect4"));
	options.game = NULL;
	options.has_seed = true;
	options.seed = 2;
	assert_int_equal(train_run(f->lab, &options, &out, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "seed 1, not 2"));
	options.run = "no/slash";
	assert_int_equal(train_run(f->lab, &options, &out, &e), ERR_USAGE);
	options.run = "absent";
	options.must_exist = true;
	assert_int_equal(train_run(f->lab, &options, &out, &e), ERR_NOTFOUND);
}

/* Stopping after every iteration and going on changes nothing. */
static void test_many_short_sessions_end_alike(void **state)
{
	struct fixture *f = *state;
	struct train_outcome whole, parts;
	struct err e = ERR_INIT;

	assert_int_equal(train(f, "whole", 60, &whole, &e), ERR_OK);
	/* rate_games is the first call's: say it as the whole run had it */
	for (int64_t games = 60, n = 10; n < games; n += 10) {
		static const char *settings[4];
		struct train_options options = {
			.run = "parts",
			.game = "tictactoe",
			.settings = settings,
			.setting_count = 4,
			.games = n,
			.threads = 2,
			.command = "test",
		};

		memcpy(settings, tiny, sizeof(tiny));
		settings[3] = "rate_games=60";
		assert_int_equal(train_run(f->lab, &options, &parts, &e),
				 ERR_OK);
	}
	assert_int_equal(train(f, "parts", 60, &parts, &e), ERR_OK);
	assert_int_equal(parts.games, whole.games);
	assert_string_equal(parts.sha256, whole.sha256);
}

static void test_imitation_of_each_kind(void **state)
{
	static const char *const settings[] = {
		"filters=4,blocks=1,batch=16,shard=8,epochs=2",
	};
	static const char *const sources[] = {"t/latest", "games:run=t",
					      "tactical"};
	static const char *const runs[] = {"from-policy", "from-games",
					   "from-rules"};
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		struct imitate_outcome out, again;
		struct err e = ERR_INIT;
		struct imitate_options options = {
			.source = sources[i],
			.game = "tictactoe",
			.run = runs[i],
			.settings = settings,
			.setting_count = 1,
			.games = i == 1 ? 0 : 20,
			.match_games = 4,
			.threads = 2,
			.command = "test",
		};

		assert_int_equal(imitate_run(f->lab, &options, &out, &e),
				 ERR_OK);
		assert_true(out.step > 0);
		assert_true(out.held_out.positions > 0);
		assert_in_range(100 * out.held_out.agree, 0, 100);
		assert_int_equal(out.wins + out.draws + out.losses, 4);
		assert_non_null(out.teacher);
		imitate_outcome_release(&out);
		/* finished: going on finds nothing to do */
		options.threads = 1;
		assert_int_equal(imitate_run(f->lab, &options, &again, &e),
				 ERR_OK);
		assert_string_equal(again.sha256, out.sha256);
		imitate_outcome_release(&again);
	}
}

static enum err_code train_from(struct fixture *f, const char *run,
				const char *from, const char *extra,
				struct train_outcome *out, struct err *e)
{
	const char *settings[4] = {tiny[0], tiny[1], tiny[2], extra};
	struct train_options options = {
		.run = run,
		.game = "tictactoe",
		.settings = settings,
		.setting_count = extra ? 4 : 3,
		.games = 40,
		.from = from,
		.threads = 1,
		.command = "test",
	};

	return train_run(f->lab, &options, out, e);
}

/* A run may begin with the weights of another's checkpoint, which stays with it
 * as its parent. */
static void test_begun_from_a_checkpoint(void **state)
{
	struct fixture *f = *state;
	struct store *s = lab_store(f->lab);
	struct store_bag bag = {0};
	struct store_checkpoint parent, first;
	struct store_run run;
	struct train_outcome out, again;
	struct err e = ERR_INIT;
	char fixed[64];

	if (train_from(f, "child", "t/latest", NULL, &out, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(store_run_find(s, &bag, "t", &run), STORE_OK);
	assert_int_equal(store_checkpoint_latest(s, &bag, run.id, &parent),
			 STORE_OK);
	assert_int_equal(store_run_find(s, &bag, "child", &run), STORE_OK);
	assert_int_equal(run.parent_checkpoint, parent.id);
	assert_int_equal(store_checkpoint_at(s, &bag, run.id, 0, &first),
			 STORE_OK);
	assert_string_equal(first.sha256, parent.sha256);
	assert_string_not_equal(out.sha256, parent.sha256);
	/* Going on: with it, by another name of it, or without a word. */
	snprintf(fixed, sizeof(fixed), "t/%lld", (long long)parent.step);
	assert_int_equal(train_from(f, "child", "t/latest", NULL, &again, &e),
			 ERR_OK);
	assert_int_equal(train_from(f, "child", fixed, NULL, &again, &e),
			 ERR_OK);
	assert_int_equal(train_from(f, "child", NULL, NULL, &again, &e),
			 ERR_OK);
	assert_string_equal(again.sha256, out.sha256);
	/* But not with another, nor what it is not. */
	assert_int_equal(train_from(f, "child", "t/0", NULL, &again, &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "began from t/"));
	assert_int_equal(train_from(f, "t", "child/0", NULL, &again, &e),
			 ERR_USAGE);
	assert_non_null(strstr(e.msg, "began from random weights"));
	assert_int_equal(
		train_from(f, "other", "t/latest", "filters=8", &again, &e),
		ERR_USAGE);
	assert_non_null(strstr(e.msg, "filters=4"));
	assert_non_null(strstr(e.msg, "filters=8"));
	assert_int_equal(train_from(f, "other", "t", NULL, &again, &e),
			 ERR_USAGE);
	assert_int_equal(train_from(f, "other", "t/7777", NULL, &again, &e),
			 ERR_NOTFOUND);
	assert_int_equal(store_run_find(s, &bag, "other", &run),
			 STORE_NOTFOUND);
	store_bag_release(&bag);
}

static void test_imitation_begun_from_a_checkpoint(void **state)
{
	static const char *const settings[] = {
		"filters=4,blocks=1,batch=16,shard=8,epochs=2",
	};
	struct fixture *f = *state;
	struct store *s = lab_store(f->lab);
	struct store_bag bag = {0};
	struct store_checkpoint at;
	struct store_run run;
	struct imitate_outcome out;
	struct err e = ERR_INIT;
	struct imitate_options options = {
		.source = "games:run=t",
		.run = "copy-from",
		.from = "t/0",
		.settings = settings,
		.setting_count = 1,
		.threads = 1,
		.command = "test",
	};

	if (imitate_run(f->lab, &options, &out, &e))
		fail_msg("%s", e.msg);
	imitate_outcome_release(&out);
	assert_int_equal(store_run_find(s, &bag, "copy-from", &run), STORE_OK);
	assert_int_equal(
		store_checkpoint_get(s, &bag, run.parent_checkpoint, &at),
		STORE_OK);
	assert_string_equal(at.run, "t");
	assert_int_equal(at.step, 0);
	store_bag_release(&bag);
}

/* Stopped before its first checkpoint, it says so, and of no match. */
static void test_imitation_stopped(void **state)
{
	static const char *const settings[] = {
		"filters=4,blocks=1,batch=16,shard=8",
	};
	struct fixture *f = *state;
	atomic_bool stop = true;
	struct imitate_outcome out;
	struct err e = ERR_INIT;
	struct imitate_options options = {
		.source = "t/latest",
		.run = "stopped",
		.settings = settings,
		.setting_count = 1,
		.games = 20,
		.match_games = 4,
		.threads = 1,
		.command = "test",
		.interrupt = &stop,
	};

	assert_int_equal(imitate_run(f->lab, &options, &out, &e), ERR_OK);
	assert_true(out.stopped);
	assert_int_equal(out.step, -1);
	assert_string_equal(out.sha256, "");
	assert_null(out.teacher);
	imitate_outcome_release(&out);
	atomic_store(&stop, false);
	options.match_games = 0;
	e = (struct err)ERR_INIT;
	assert_int_equal(imitate_run(f->lab, &options, &out, &e), ERR_OK);
	assert_true(!out.stopped && out.step > 0);
	assert_null(out.teacher);
	imitate_outcome_release(&out);
}

/* Games of an agent with settings, which have commas of their own. */
static void test_games_of_an_agent_with_settings(void **state)
{
	struct fixture *f = *state;
	struct store *s = lab_store(f->lab);
	struct store_game g = {
		.game = "tictactoe",
		.first = "mcts:uniform,sims=7",
		.second = "random",
		.moves = "a1 b1 a2 b2 a3",
		.plies = 5,
		.result = 1,
		.ended = "rules",
		.purpose = "match",
	};
	struct source src;
	struct err e = ERR_INIT;
	char want[128];
	int64_t id;

	assert_int_equal(store_game_add(s, &g, &id), STORE_OK);
	if (source_open(&src, f->lab,
			"games:agent=mcts:uniform,sims=7,purpose=match", NULL,
			&e))
		fail_msg("%s", e.msg);
	assert_string_equal(src.agent, "mcts:uniform,sims=7");
	assert_int_equal(src.count, 1);
	snprintf(want, sizeof(want),
		 "games:agent=mcts:uniform,sims=7,purpose=match,upto=%lld",
		 (long long)id);
	assert_string_equal(src.text, want);
	assert_true(source_means("games:purpose=match,agent=mcts:uniform,"
				 "sims=7",
				 src.text));
	assert_false(source_means("games:agent=mcts:uniform", src.text));
	assert_false(source_means("games:agent=mcts:uniform,sims=7", src.text));
	source_release(&src);
}

/* --- a file that another process writes to -------------------------------- */

struct holder {
	struct store *other;
	int asked;
};

static bool give_up(void *ctx)
{
	struct holder *h = ctx;

	h->asked++;
	return false;
}

static bool let_go(void *ctx)
{
	struct holder *h = ctx;

	h->asked++;
	store_rollback(h->other);
	return true;
}

static void test_a_busy_file_is_waited_for(void **state)
{
	struct fixture *f = *state;
	struct store *mine = lab_store(f->lab);
	struct holder h = {0};
	char message[STORE_MESSAGE_SIZE];

	assert_int_equal(store_open(f->path, 0, &h.other, message), STORE_OK);
	store_wait(mine, 10, NULL, NULL);
	assert_int_equal(store_begin(h.other), STORE_OK);
	assert_int_equal(lab_begin(mine, NULL, NULL), STORE_BUSY);
	assert_int_equal(lab_begin(mine, give_up, &h), STORE_BUSY);
	assert_int_equal(h.asked, 1);
	assert_int_equal(lab_begin(mine, let_go, &h), STORE_OK);
	assert_int_equal(h.asked, 2);
	store_rollback(mine);
	store_close(h.other);
	store_wait(mine, STORE_WAIT_MS, NULL, NULL);
}

/* As a job waits: as long as it takes, and not when it is interrupted. */
static bool soon_free(void *ctx, double seconds)
{
	struct holder *h = ctx;

	h->asked++;
	assert_true(seconds >= 0);
	if (seconds > 0.05)
		store_rollback(h->other);
	return true;
}

static bool not_now(void *ctx, double seconds)
{
	struct holder *h = ctx;

	(void)seconds;
	h->asked++;
	return false;
}

static void test_a_job_waits_as_long_as_it_takes(void **state)
{
	struct fixture *f = *state;
	struct store *mine = lab_store(f->lab);
	struct store_job row = {.kind = "train", .command = "test"};
	struct holder h = {0};
	int64_t id;

	assert_int_equal(store_open(f->path, 0, &h.other, NULL), STORE_OK);
	assert_int_equal(store_begin(h.other), STORE_OK);
	store_wait(mine, 5, not_now, &h);
	assert_int_equal(store_job_add(mine, &row, &id), STORE_BUSY);
	assert_true(h.asked >= 1);
	store_wait(mine, 5, soon_free, &h);
	assert_int_equal(store_job_add(mine, &row, &id), STORE_OK);
	assert_int_equal(store_job_end(mine, id, STORE_JOB_DONE, "test"),
			 STORE_OK);
	store_close(h.other);
	store_wait(mine, STORE_WAIT_MS, NULL, NULL);
}

/* Where the end of a run cannot be written, its job does not end either: both
 * are told from the process that is gone. */
static void test_an_end_that_cannot_be_written(void **state)
{
	struct fixture *f = *state;
	struct store *mine = lab_store(f->lab);
	struct store_bag bag = {0};
	struct job job = {0};
	struct holder h = {0};
	char message[STORE_MESSAGE_SIZE];
	struct store_job row;
	struct store_run run;
	struct err e = ERR_INIT;
	int64_t id;

	assert_int_equal(store_run_find(mine, &bag, "t", &run), STORE_OK);
	assert_int_equal(job_begin(&job, mine, "train", "test", &e), ERR_OK);
	assert_int_equal(job_set_run(&job, run.id, &e), ERR_OK);
	id = job.id;
	assert_int_equal(store_open(f->path, 0, &h.other, message), STORE_OK);
	store_wait(mine, 10, NULL, NULL);
	assert_int_equal(store_begin(h.other), STORE_OK);
	assert_int_equal(run_end(&job, run.id, ERR_OK, &e), ERR_BUSY);
	store_rollback(h.other);
	job_end(&job, &e);
	assert_int_equal(store_job_get(mine, &bag, id, &row), STORE_OK);
	assert_int_equal(row.state, STORE_JOB_RUNNING);
	assert_int_equal(store_job_end(mine, id, STORE_JOB_FAILED, "test"),
			 STORE_OK);
	store_close(h.other);
	store_bag_release(&bag);
	store_wait(mine, STORE_WAIT_MS, NULL, NULL);
}

static void test_sources_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"games:run=nobody", "nobody"},
		{"games:agent=human,game=connect4", "no finished game"},
		{"games:rnu=t", "'run'"},
		{"policy:nobody/latest", "nobody"},
		{"random", "names no run"},
		{"policy:t/12345", "12345"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct source src;
		struct err e = ERR_INIT;

		assert_int_not_equal(
			source_open(&src, f->lab, bad[i].text, NULL, &e),
			ERR_OK);
		assert_non_null(strstr(e.msg, bad[i].says));
	}
}

static void test_typed_sources_mean_resolved_ones(void **state)
{
	(void)state;
	assert_true(source_means("policy:c4/latest", "policy:c4/120"));
	assert_true(source_means("c4/latest", "policy:c4/120"));
	assert_true(source_means("c4/120", "policy:c4/120"));
	assert_true(source_means("mcts:c4/latest,sims=9", "mcts:c4/1,sims=9"));
	assert_true(source_means("games:run=c4", "games:run=c4,upto=7"));
	assert_true(source_means("games:run=c4,upto=7", "games:run=c4,upto=7"));
	assert_false(source_means("c4/121", "policy:c4/120"));
	assert_false(source_means("d4/latest", "policy:c4/120"));
	assert_false(source_means("mcts:c4/latest,sims=9", "mcts:c4/1,sims=8"));
	assert_false(source_means("games:run=c", "games:run=c4,upto=7"));
	assert_true(source_means("games:agent=human,game=drop:4,5",
				 "games:agent=human,upto=7,"
				 "game=drop:rows=4,cols=5,line=4"));
	assert_true(source_means("games:game=connect4",
				 "games:upto=7,game=connect4"));
	assert_false(source_means("games:agent=human,game=drop:4,6",
				  "games:agent=human,upto=7,"
				  "game=drop:rows=4,cols=5,line=4"));
	assert_false(source_means("games:agent=human",
				  "games:agent=human,upto=7,game=connect4"));
}

/* What was played; the second checkpoint's step goes into %lld. */
static void add_matches(struct store *s, const char *game, int64_t step)
{
	static const struct {
		const char *first, *second;
		int wins, draws, losses;
	} played[] = {
		{"policy:t/0", "random", 55, 0, 45},
		{"policy:t/%lld", "random", 90, 0, 10},
		{"policy:t/%lld", "policy:t/0", 60, 20, 20},
		{"mcts:t/%lld,sims=50", "policy:t/%lld", 35, 0, 5},
		{"tactical", "engine:x", 3, 0, 1},
	};

	for (size_t i = 0; i < ARRAY_LEN(played); i++) {
		const char *const from[2] = {played[i].first, played[i].second};
		struct store_match m = {
			.game = game,
			.games = played[i].wins + played[i].draws +
				 played[i].losses,
			.wins = played[i].wins,
			.draws = played[i].draws,
			.losses = played[i].losses,
			.step = -1,
		};
		char specs[2][64];

		for (int k = 0; k < 2; k++) {
			const char *at = strstr(from[k], "%lld");

			if (at)
				snprintf(specs[k], sizeof(specs[k]),
					 "%.*s%lld%s", (int)(at - from[k]),
					 from[k], (long long)step, at + 4);
			else
				snprintf(specs[k], sizeof(specs[k]), "%s",
					 from[k]);
		}
		m.first = specs[0];
		m.second = specs[1];
		assert_int_equal(store_match_add(s, &m, NULL), STORE_OK);
	}
}

static const struct store_rating *find_rating(const struct rate_table *t,
					      const char *agent)
{
	for (size_t i = 0; i < t->count; i++)
		if (!strcmp(t->rows[i].agent, agent))
			return &t->rows[i];
	fail_msg("%s is not rated", agent);
	return NULL;
}

static void test_all_are_rated_at_once(void **state)
{
	struct store_metric *metrics, was = {.value = 1};
	const struct store_rating *r;
	struct fixture *f = *state;
	struct store *s = lab_store(f->lab);
	struct store_checkpoint c;
	struct store_bag bag = {0};
	struct rate_table table;
	struct err e = ERR_INIT;
	struct store_run run;
	char name[64];
	size_t count;

	assert_int_equal(rate_lab(f->lab, "go", NULL, &table, &e), ERR_OK);
	assert_int_equal(table.count, 0);
	rate_table_release(&table);
	assert_int_equal(
		lab_find_checkpoint(s, &bag, "t", "latest", &run, &c, &e),
		ERR_OK);
	assert_true(isnan(c.elo));
	was.step = c.step;
	assert_int_equal(store_metric_add(s, run.id, "elo", &was), STORE_OK);
	add_matches(s, run.game, c.step);
	assert_int_equal(rate_lab(f->lab, run.game, NULL, &table, &e), ERR_OK);
	assert_int_equal(table.count, 6);
	assert_true(find_rating(&table, "random")->elo == 0);
	assert_true(find_rating(&table, "random")->linked);
	assert_false(find_rating(&table, "tactical")->linked);
	assert_false(find_rating(&table, "engine:x")->linked);
	snprintf(name, sizeof(name), "mcts:t/%lld,sims=50", (long long)c.step);
	assert_string_equal(table.rows[0].agent, name);
	assert_true(table.above[0] > 0.5 && table.above[0] < 1);
	assert_true(isnan(table.above[5]));
	snprintf(name, sizeof(name), "policy:t/%lld", (long long)c.step);
	r = find_rating(&table, name);
	assert_int_equal(r->games, 240);
	assert_true(r->score == (90 + 60 + 10 + 5) / 240.0);
	assert_true(r->linked &&
		    r->elo > find_rating(&table, "policy:t/0")->elo);

	/* The checkpoint and the curve of its run say the same. */
	assert_int_equal(
		lab_find_checkpoint(s, &bag, "t", "latest", &run, &c, &e),
		ERR_OK);
	assert_true(c.elo == r->elo && c.elo_low == r->elo_low &&
		    c.elo_high == r->elo_high);
	assert_int_equal(
		store_metric_list(s, &bag, run.id, "elo", 0, &metrics, &count),
		STORE_OK);
	assert_int_equal(count, 1);
	assert_true(metrics[0].value == r->elo);
	rate_table_release(&table);
	store_bag_release(&bag);
}

/* Training rates each checkpoint and all before it anew, and still learns the
 * same. */
static void test_training_rates_jointly(void **state)
{
	const char *const settings[] = {tiny[0], tiny[1], tiny[2],
					"rate_match_games=6"};
	struct fixture *f = *state;
	struct train_options options = {
		.run = "rated",
		.game = "tictactoe",
		.settings = settings,
		.setting_count = ARRAY_LEN(settings),
		.games = 24,
		.threads = 1,
		.command = "test",
	};
	struct store *s = lab_store(f->lab);
	struct train_outcome out, plain;
	struct store_checkpoint *rows;
	struct store_rating *ratings;
	struct store_bag bag = {0};
	struct err e = ERR_INIT;
	struct store_run run;
	size_t count, rated = 0, found;

	if (train_run(f->lab, &options, &out, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(train(f, "plain", 24, &plain, &e), ERR_OK);
	assert_string_equal(out.sha256, plain.sha256);
	assert_int_equal(store_run_find(s, &bag, "rated", &run), STORE_OK);
	assert_int_equal(store_checkpoint_list(s, &bag, run.id, &rows, &count),
			 STORE_OK);
	assert_int_equal(store_rating_list(s, &bag, run.game, &ratings, &found),
			 STORE_OK);
	for (size_t i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "policy:rated/%lld",
			 (long long)rows[i].step);
		for (size_t k = 0; k < found; k++)
			if (!strcmp(ratings[k].agent, name)) {
				assert_true(ratings[k].elo == rows[i].elo);
				assert_true(ratings[k].elo_low ==
					    rows[i].elo_low);
				rated++;
			}
		assert_false(isnan(rows[i].elo));
	}
	assert_true(count >= 3);
	assert_int_equal(rated, count);
	store_bag_release(&bag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks_are_found_and_shared),
		cmocka_unit_test(test_all_are_rated_at_once),
		cmocka_unit_test(test_networks_that_are_not_there),
		cmocka_unit_test(test_a_run_keeps_its_recipe),
		cmocka_unit_test(test_many_short_sessions_end_alike),
		cmocka_unit_test(test_imitation_of_each_kind),
		cmocka_unit_test(test_begun_from_a_checkpoint),
		cmocka_unit_test(test_imitation_begun_from_a_checkpoint),
		cmocka_unit_test(test_imitation_stopped),
		cmocka_unit_test(test_games_of_an_agent_with_settings),
		cmocka_unit_test(test_a_busy_file_is_waited_for),
		cmocka_unit_test(test_a_job_waits_as_long_as_it_takes),
		cmocka_unit_test(test_an_end_that_cannot_be_written),
		cmocka_unit_test(test_sources_refused),
		cmocka_unit_test(test_typed_sources_mean_resolved_ones),
		cmocka_unit_test(test_training_rates_jointly),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
