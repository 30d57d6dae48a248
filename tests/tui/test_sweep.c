/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/lab/lab.h"
#include "core/session/opinion.h"
#include "store/run.h"
#include "store/store.h"
#include "tests/tui/play_fixture.h"
#include "tui/app.h"

/*
 * The sweep of a run whose checkpoints have no networks that could be asked:
 * what they say stands in the book of the sitting.
 */
enum { CHECKPOINTS = 12 };

static struct opinion *planted(int k)
{
	struct agent_move moves[7];
	const struct thought th = {
		.count = 7,
		.moves = moves,
		.has_value = true,
		.wdl = {0.5f + 0.04f * (float)k, 0, 0.5f - 0.04f * (float)k},
	};
	float middle = (float)k / CHECKPOINTS;

	for (int i = 0; i < 7; i++)
		moves[i] = (struct agent_move){
			.move = (game_move)i,
			.prior = i == 3 ? middle : (1 - middle) / 6,
			.policy = i == 3 ? middle : (1 - middle) / 6,
			.q = NAN,
			.value = NAN,
		};
	return opinion_new(&th);
}

static void plant(struct fixture *f)
{
	struct store *st = lab_store(f->lab);
	const struct store_run r = {
		.name = "c4",
		.kind = "train",
		.game = "connect4",
		.config = "",
		.build = "b",
		.host = "h",
		.status = "done",
	};
	struct store_bag bag = {0};
	struct store_checkpoint *rows;
	struct err e = ERR_INIT;
	struct opinion_place at;
	struct game g;
	void *start;
	int64_t run, id;
	size_t n;

	assert_int_equal(game_init(&g, "connect4", &e), ERR_OK);
	start = game_state_new(&g, 0);
	at = (struct opinion_place){start, NULL, 0};
	assert_int_equal(store_run_add(st, &r, &run), STORE_OK);
	for (int k = 0; k < CHECKPOINTS; k++) {
		float weight = (float)k;
		struct store_checkpoint c = {
			.run_id = run,
			.step = 100 * k,
			.network = "tower:filters=32,blocks=4",
			.games = 50 * k,
			.elo = 100 * k,
			.elo_low = 100 * k - 10,
			.elo_high = 100 * k + 10,
		};

		assert_int_equal(store_checkpoint_add(st, &c, &weight, 1, &id),
				 STORE_OK);
	}
	assert_int_equal(store_checkpoint_list(st, &bag, run, &rows, &n),
			 STORE_OK);
	assert_int_equal(n, CHECKPOINTS);
	for (size_t i = 0; i < n; i++) {
		struct opinion *o = planted((int)(rows[i].step / 100));
		char spec[64];
		struct opinion_agent a = {spec, rows[i].sha256};

		snprintf(spec, sizeof(spec), "policy:c4/%lld",
			 (long long)rows[i].step);
		opinion_book_add(f->app->opinions, &g, &a, &at, o);
		opinion_drop(o);
	}
	store_bag_release(&bag);
	free(start);
}

static void test_sweep(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "home", "", 24, 80);
	plant(&f);
	fixture_run(&f, "open sweep connect4\nwait idle\n"
			"expect 12 of 12 asked\n"
			"expect best 4 by the last checkpoint\n"
			/* 2/12 is the first that is more than 1/7 */
			"expect learned at step 200, after 100 games\n"
			"expect step 1100 after 550 games\n");
	fixture_picture(&f, "sweep-80x24");
	fixture_run(&f, "key Left\nkey Left\nkey Down\n"
			"expect step 900 after 450 games\nexpect P 4%\n"
			"size 60 200\n");
	fixture_picture(&f, "sweep-200x60");
	fixture_run(&f, "key q\nopen position connect4\nkey S\n"
			"expect learned at step 200\n");
	fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sweep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
