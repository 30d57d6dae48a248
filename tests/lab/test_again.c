/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "core/base/err.h"
#include "core/lab/again.h"
#include "core/lab/lab.h"
#include "core/lab/train.h"
#include "core/search/trace.h"
#include "core/session/again_job.h"
#include "core/session/line.h"
#include "core/session/review.h"
#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

/* A lab in a folder of its own. */
struct fixture {
	char folder[64], path[96];
	struct lab *lab;
};

static int begin(void **state)
{
	static struct fixture f;
	struct err e = ERR_INIT;

	snprintf(f.folder, sizeof(f.folder), "/tmp/plyscope-again.XXXXXX");
	assert_non_null(mkdtemp(f.folder));
	snprintf(f.path, sizeof(f.path), "%s/lab.db", f.folder);
	assert_int_equal(lab_open(&f.lab, f.path, LAB_CREATE, &e), ERR_OK);
	*state = &f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;
	char name[120];

	lab_close(f->lab);
	for (int i = 0; i < 3; i++) {
		static const char *const ends[] = {"", "-wal", "-shm"};

		snprintf(name, sizeof(name), "%s%s", f->path, ends[i]);
		unlink(name);
	}
	return rmdir(f->folder);
}

/* Three iterations of play and learning pass between two checkpoints, or none;
 * in a slot games follow each other in the middle of iterations. */
static void train(struct fixture *f, const char *run, const char *game,
		  int64_t games, const char *more)
{
	const char *settings[] = {
		"filters=4,blocks=1,groups=2,slots=4,plies=3,simulations=12",
		"start_positions=30,batch=16,shard=8,rate_match_games=0",
		"grade_positions=0,opening_share=0.5,explore_plies=4,reuse=2",
		more,
	};
	struct train_options options = {
		.run = run,
		.game = game,
		.settings = settings,
		.setting_count = 4,
		.games = games,
		.threads = 2,
		.command = "test",
	};
	struct train_outcome out;
	struct err e = ERR_INIT;

	if (train_run(f->lab, &options, &out, &e))
		fail_msg("%s", e.msg);
}

struct tally {
	int games, searched, same, kept, later;
	int sure, rounded, between;
};

static void search_game(struct fixture *f, int64_t id, struct tally *n)
{
	struct again *a;
	struct err e = ERR_INIT;

	assert_int_equal(again_open(&a, lab_store(f->lab), id, NULL, &e),
			 ERR_OK);
	n->games++;
	for (int ply = 0; ply < again_plies(a); ply++) {
		struct again_target t;
		struct again_found found;
		float sum = 0;

		again_target(a, ply, &t);
		if (!t.count) {
			assert_int_equal(again_search(a, ply, NULL, &found, &e),
					 ERR_USAGE);
			continue;
		}
		for (int i = 0; i < t.count; i++)
			sum += t.policy[i];
		assert_float_equal(sum, 1, 1e-3);
		assert_int_equal(again_search(a, ply, NULL, &found, &e),
				 ERR_OK);
		n->searched++;
		n->same += found.same;
		n->sure += found.sure;
		n->kept += found.used == found.step;
		n->later += found.step > 0;
		n->between += strstr(found.why, "between") != NULL;
		n->rounded += strstr(found.why, "rounded") != NULL;
		/* What was played is what the search chose, with its noise. */
		if (found.same) {
			assert_int_equal(found.best, again_move(a, ply));
			assert_true(found.same_best);
			assert_true(found.apart == 0);
		} else {
			assert_true(*found.why != '\0');
		}
		assert_true(found.trace->node_count > 1);
		again_found_release(&found);
	}
	again_close(a);
}

/* All games of a run, searched again. */
static struct tally search_run(struct fixture *f, const char *run)
{
	struct store *s = lab_store(f->lab);
	struct store_bag bag = {0};
	struct store_game_filter filter = {.purpose = "selfplay"};
	struct store_game *rows;
	struct store_run row;
	struct tally n = {0};
	size_t count;

	assert_int_equal(store_run_find(s, &bag, run, &row), STORE_OK);
	filter.run_id = row.id;
	assert_int_equal(store_game_list(s, &bag, &filter, &rows, &count),
			 STORE_OK);
	for (size_t i = 0; i < count; i++)
		search_game(f, rows[i].id, &n);
	store_bag_release(&bag);
	return n;
}

static const char often[] = "checkpoint_first=1,checkpoint_growth=1.01";

/* A checkpoint after each iteration in which a game ended: the network of every
 * ply is there. */
static void test_every_ply(void **state)
{
	static const char *const games[] = {"tictactoe", "connect4",
					    "othello:size=4"};
	char name[] = "e1";

	for (int i = 0; i < 3; i++, name[1]++) {
		struct tally n;

		train(*state, name, games[i], 40, often);
		n = search_run(*state, name);
		assert_true(n.games >= 40);
		assert_true(n.searched > 150);
		assert_true(n.later > 50);
		assert_int_equal(n.sure, n.searched);
		assert_int_equal(n.kept, n.searched);
		assert_int_equal(n.same, n.searched);
	}
}

/* Chance draws are part of a search as well. */
static void test_chance(void **state)
{
	struct tally n;

	train(*state, "p", "pacman:maze=tiny,ticks=12", 20, often);
	n = search_run(*state, "p");
	assert_true(n.later > 20);
	assert_int_equal(n.sure, n.searched);
	assert_int_equal(n.same, n.searched);
}

/* A run that was stopped and went on is searched as one that never was. */
static void test_resumed(void **state)
{
	struct tally n;

	train(*state, "r", "tictactoe", 20, often);
	train(*state, "r", "tictactoe", 40, often);
	n = search_run(*state, "r");
	assert_true(n.games >= 40);
	assert_int_equal(n.same, n.searched);
}

static void test_between(void **state)
{
	struct tally n;

	train(*state, "b", "tictactoe", 60,
	      "checkpoint_first=8,checkpoint_growth=8");
	n = search_run(*state, "b");
	assert_int_equal(n.sure, n.searched);
	assert_true(n.kept < n.searched);
	/* Those whose network is there are the same, and the others say why
	 * they need not be. */
	assert_true(n.same >= n.kept);
	assert_int_equal(n.between, n.searched - n.kept);
}

/* What a run begins with is drawn anew, and is not rounded. */
static void test_rounded(void **state)
{
	struct tally n;

	train(*state, "c", "tictactoe", 40,
	      "checkpoint_first=1,checkpoint_growth=1.01,checkpoint_bits=6");
	n = search_run(*state, "c");
	assert_int_equal(n.kept, n.searched);
	assert_int_equal(n.rounded, n.later);
	assert_true(n.same >= n.searched - n.later);
	assert_true(n.same < n.searched);
}

static void wake(void *ctx)
{
	atomic_store((atomic_bool *)ctx, true);
}

static struct again_found job(struct fixture *f, int64_t id, int ply)
{
	atomic_bool woken = false;
	struct err e = ERR_INIT;
	struct again_found found;
	struct again_job *j;

	assert_int_equal(again_job_open(&j, f->path, id, ply, wake, &woken, &e),
			 ERR_OK);
	while (!again_job_take(j, &found, &e))
		sched_yield();
	assert_false(again_job_take(j, &found, &e));
	again_job_close(j);
	assert_true(atomic_load(&woken));
	if (e.code)
		fail_msg("%s", e.msg);
	return found;
}

/* What was learned stands in the review for searches that were not stored, and
 * they are made again beside it. */
static void test_review(void **state)
{
	struct fixture *f = *state;
	struct store *s = lab_store(f->lab);
	struct review r = {0};
	struct err e = ERR_INIT;
	int taught = 0;

	assert_int_equal(review_load(&r, s, 1, &e), ERR_OK);
	for (int ply = 0; ply < r.plies; ply++) {
		const struct review_ply *p;
		struct again_found found;
		struct trace *t;

		line_go(&r.line, ply);
		p = review_here(&r);
		if (!p)
			continue;
		taught++;
		assert_true(p->taught && review_again(&r));
		found = job(f, 1, ply);
		assert_true(found.same);
		assert_float_equal(p->wdl[0], found.wdl[0], 1e-4);
		assert_float_equal(p->wdl[2], found.wdl[2], 1e-4);
		t = review_trace(&r, s);
		assert_non_null(t);
		assert_int_equal(t->node_count - 1,
				 found.trace->nodes[0].child_count);
		trace_free(t);
		again_found_release(&found);
	}
	assert_true(taught > 0);
	review_release(&r);
}

/* Without a game before them, nobody knows which network played those after it.
 */
static void test_left_out(void **state)
{
	struct fixture *f = *state;
	struct tally n;
	sqlite3 *db;

	train(f, "l", "tictactoe", 40, often);
	assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db,
			     "delete from game where number = 1 and run_id = "
			     "(select id from run where name = 'l')",
			     NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	n = search_run(f, "l");
	/* At step 0 there is one network, whoever played before. */
	assert_in_range(n.sure, 1, n.searched - n.later);
}

static void test_refused(void **state)
{
	struct fixture *f = *state;
	struct store *s = lab_store(f->lab);
	struct store_game game = {
		.game = "tictactoe",
		.first = "human",
		.second = "random",
		.moves = "a1",
		.plies = 1,
		.result = (double)NAN,
		.score = (double)NAN,
		.purpose = "human",
		.step = -1,
	};
	struct err e = ERR_INIT;
	struct again *a;
	int64_t id;

	assert_int_equal(store_game_add(s, &game, &id), STORE_OK);
	assert_int_equal(again_open(&a, s, id, NULL, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "no game of self-play (human)"));
	e = (struct err)ERR_INIT;
	assert_int_equal(again_open(&a, s, 1000000, NULL, &e), ERR_NOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_ply),
		cmocka_unit_test(test_review),
		cmocka_unit_test(test_chance),
		cmocka_unit_test(test_resumed),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_rounded),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
