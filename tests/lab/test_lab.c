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

#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/lab/imitate.h"
#include "core/lab/lab.h"
#include "core/lab/rate_run.h"
#include "core/lab/source.h"
#include "core/lab/train.h"

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
	assert_int_equal(source->load(source->self, "t", "latest", &g, &a,
				      &step, &e),
			 ERR_OK);
	assert_true(step > 0);
	assert_int_equal(source->load(source->self, "t", "latest", &g, &b,
				      &step, &e),
			 ERR_OK);
	assert_ptr_equal(a, b);
	assert_int_equal(source->load(source->self, "t", "0", &g, &c, &zero,
				      &e),
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
		{ "tt", "latest", "tictactoe", "tt" },
		{ "t", "999999", "tictactoe", "999999" },
		{ "t", "newest", "tictactoe", "'latest'" },
		{ "t", "latest", "connect4", "plays tictactoe, not connect4" },
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
						  bad[i].step, &g, &plan,
						  &step, &e),
				     ERR_OK);
		assert_non_null(strstr(e.msg, bad[i].says));
	}
}

static void test_a_run_keeps_its_recipe(void **state)
{
	static const char *const other[] = { "filters=8" };
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
	static const char *const sources[] = { "t/latest", "games:run=t",
					       "tactical" };
	static const char *const runs[] = { "from-policy", "from-games",
					    "from-rules" };
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
		/* finished: going on finds nothing to do */
		options.threads = 1;
		assert_int_equal(imitate_run(f->lab, &options, &again, &e),
				 ERR_OK);
		assert_string_equal(again.sha256, out.sha256);
	}
}

static void test_sources_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "games:run=nobody", "nobody" },
		{ "games:agent=human,game=connect4", "no finished game" },
		{ "games:rnu=t", "'run'" },
		{ "policy:nobody/latest", "nobody" },
		{ "random", "names no run" },
		{ "policy:t/12345", "12345" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct source src;
		struct err e = ERR_INIT;

		assert_int_not_equal(source_open(&src, f->lab, bad[i].text, NULL,
						 &e),
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

static void test_rating_finds_the_truth(void **state)
{
	static const double opponents[] = { 0, 300, 500 };
	struct rate_result r[3];
	double elo, low, high;
	int covered = 0;

	(void)state;
	for (uint64_t t = 0; t < 400; t++) {
		struct rng rng;

		rng_init(&rng, t, RNG_TEST, 1, 0);
		for (int i = 0; i < 3; i++) {
			double p = stat_score_from_elo(400 - opponents[i]);

			r[i] = (struct rate_result){ .opponent = opponents[i] };
			for (int g = 0; g < 60; g++) {
				if (rng_double(&rng) < p)
					r[i].wins++;
				else
					r[i].losses++;
			}
		}
		rate_fit(r, 3, &elo, &low, &high);
		covered += low <= 400 && 400 <= high;
	}
	assert_in_range(covered, 400 * 92 / 100, 400 * 98 / 100);
	/* winning everything is still a number */
	r[0] = (struct rate_result){ 0, 60, 0, 0 };
	rate_fit(r, 1, &elo, &low, &high);
	assert_true(isfinite(elo) && elo > 300 && low < elo && elo < high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_networks_are_found_and_shared),
		cmocka_unit_test(test_networks_that_are_not_there),
		cmocka_unit_test(test_a_run_keeps_its_recipe),
		cmocka_unit_test(test_many_short_sessions_end_alike),
		cmocka_unit_test(test_imitation_of_each_kind),
		cmocka_unit_test(test_sources_refused),
		cmocka_unit_test(test_typed_sources_mean_resolved_ones),
		cmocka_unit_test(test_rating_finds_the_truth),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
