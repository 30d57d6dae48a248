/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/err.h"
#include "core/lab/game_filter.h"
#include "core/lab/lab.h"
#include "core/search/trace.h"
#include "core/session/line.h"
#include "core/session/moments.h"
#include "core/session/review.h"
#include "core/session/whole_game.h"
#include "store/game.h"
#include "store/store.h"
#include "tests/session/bell.h"
#include "tests/session/made_lab.h"

static struct made_lab lab;
static struct review r;
static int64_t game;

static int64_t add_game(const char *moves, int plies, double result)
{
	struct store_game g = {
		.game = MADE_LAB_C4,
		.first = "mcts:a",
		.second = "mcts:b",
		.moves = moves,
		.plies = plies,
		.result = result,
		.score = (double)NAN,
		.ended = "rules",
		.purpose = "match",
		.step = -1,
	};
	int64_t id;

	assert_int_equal(store_game_add(lab_store(lab.lab), &g, &id), STORE_OK);
	return id;
}

/* A search without a tree: the figures of two moves, of which `best` is taken;
 * the prior likes 4, the visits 3. */
static void add_search(int ply, const char *agent, double win, const char *best)
{
	struct store_search x = {
		.game_id = game,
		.ply = ply,
		.agent = agent,
		.simulations = 40,
		.best = best,
		.win = win,
		.draw = 0,
		.loss = 1 - win,
		.raw_value = 0,
		.moves = "[{\"move\":\"3\",\"visits\":30,\"prior\":0.25,\"q\":"
			 "0.5,"
			 "\"value\":null},{\"move\":\"4\",\"visits\":10,"
			 "\"prior\":0.5,\"q\":-0.25,\"value\":null}]",
	};
	int64_t id;

	assert_int_equal(store_search_add(lab_store(lab.lab), &x, &id),
			 STORE_OK);
}

static void load(void)
{
	struct err e = ERR_INIT;

	if (review_load(&r, lab_store(lab.lab), game, &e))
		fail_msg("%s", e.msg);
}

static int set_up(void **state)
{
	(void)state;
	made_lab_open(&lab);
	memset(&r, 0, sizeof(r));
	game = add_game("4453", 4, (double)NAN);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	review_release(&r);
	made_lab_close(&lab);
	return 0;
}

static void test_values(void **state)
{
	(void)state;
	add_search(0, "mcts:a", 0.5, "4");
	add_search(1, "mcts:b", 0.75, "3");
	add_search(2, "mcts:a", 0.9, "4");
	load();
	assert_int_equal(r.plies, 4);
	/* seen by the first player, whoever was to act */
	assert_true(fabs(r.value[0] - 0) < 1e-9);
	assert_true(fabs(r.value[1] + 0.5) < 1e-9);
	assert_true(fabs(r.value[2] - 0.8) < 1e-9);
	assert_true(isnan(r.value[3]) && isnan(r.value[4]));
	/* an agent is held against what itself thought before */
	assert_false(r.swing[1]);
	assert_true(r.swing[2]);
	/* against the policy's move, by what was taken, not by visits */
	assert_false(r.ply[0].overturned);
	assert_true(r.ply[1].overturned);
}

/* Each ghost and each pellet that is eaten is an event, by the record of a game
 * of the greedy player; dots, points and ticks come all the time. */
static void test_events(void **state)
{
	struct store_game g = {
		.game = "pacman:maze=tiny,ticks=60",
		.first = "greedy",
		.moves = "u 3l d u u r 3d r l l l l d d r r u u u u r r d d d "
			 "3r d l l l l 3l u u 3l u u s 3u r r r r 3d d d l l u "
			 "u d d l l d d r r 3d r l 3d r r 3r u s u l l 3l",
		.plies = 71,
		.result = 1,
		.score = 900,
		.ended = "time",
		.purpose = "match",
		.step = -1,
	};
	int ghosts = 0, pellets = 0, all = 0;

	(void)state;
	assert_int_equal(store_game_add(lab_store(lab.lab), &g, &game),
			 STORE_OK);
	load();
	for (int i = 0; i <= r.plies; i++) {
		all += r.event[i] != NULL;
		ghosts += r.event[i] && !strcmp(r.event[i], "ghosts");
		pellets += r.event[i] && !strcmp(r.event[i], "pellets");
	}
	assert_int_equal(ghosts, 2);
	assert_int_equal(pellets, 4);
	assert_int_equal(all, 6);
	assert_null(r.event[0]);
}

/* How it ended is known without a search, and a surprise for whoever spoke
 * last. */
static void test_the_end(void **state)
{
	(void)state;
	game = add_game("1212121", 7, 1);
	add_search(6, "mcts:a", 0.5, "1");
	load();
	assert_true(fabs(r.value[7] - 1) < 1e-9);
	assert_true(r.swing[7]);
}

/* Searches that come later are there after the next load. */
static void test_here(void **state)
{
	struct trace *t;

	(void)state;
	load();
	assert_null(review_here(&r));
	assert_null(review_trace(&r, lab_store(lab.lab)));
	add_search(1, "mcts:b", 0.75, "3");
	line_go(&r.line, 1);
	load();
	assert_int_equal(r.line.ply, 1);
	assert_non_null(review_here(&r));
	assert_string_equal(review_here(&r)->agent, "mcts:b");
	t = review_trace(&r, lab_store(lab.lab));
	assert_non_null(t);
	assert_int_equal(t->node_count, 3);
	trace_free(t);
	/* a variation is nobody's search */
	line_go(&r.line, 0);
	assert_true(line_play(&r.line, 0));
	assert_null(review_here(&r));
	assert_null(review_trace(&r, lab_store(lab.lab)));
	/* and a load leaves it */
	load();
	assert_false(line_is_variation(&r.line));
	assert_non_null(review_here(&r));
}

/* Everything that `spec` says of the game on the line. */
static void hear_all(const char *spec)
{
	struct whole_game *w;
	struct err e = ERR_INIT;
	struct agent *agent;
	struct thought th;
	int ply, next = 0;
	bool going = true;

	bell_reset();
	if (agent_open(&agent, spec, &r.game, NULL, &e) ||
	    whole_game_start(&w, agent, &r.line, r.plies, bell_ring, NULL, &e))
		fail_msg("%s", e.msg);
	review_ask(&r, whole_game_name(w));
	while (going) {
		bell_wait();
		/* asked first: the last answers come before the end */
		going = whole_game_running(w);
		while (whole_game_take(w, &ply, &th)) {
			assert_int_equal(ply, next++);
			review_hear(&r, ply, &th);
		}
	}
	assert_int_equal(next, whole_game_total(w));
	assert_int_equal(whole_game_taken(w), next);
	whole_game_close(w);
}

/* First wins by four in a column: 1 2 1 2 1 2 1.  A search without a network
 * sees at ply 6 that it wins, and at ply 5 that not blocking loses. */
static void test_whole_game(void **state)
{
	struct review_moment list[8];
	const struct review_moment *last;
	struct err e = ERR_INIT;
	int count;

	(void)state;
	game = add_game("1212121", 7, 1);
	add_search(2, "mcts:b", 0.75, "3");
	load();
	assert_false(review_show_heard(&r, true));
	assert_int_equal(review_keep(&r, lab_store(lab.lab), &e), ERR_USAGE);
	hear_all("mcts:uniform,sims=400");
	assert_true(r.hearing);
	for (int i = 0; i < 7; i++) {
		assert_int_equal(r.ply[i].search_id, REVIEW_UNKEPT);
		assert_true(i > 4 || r.ply[i].simulations == 400);
		assert_false(isnan(r.value[i]));
		assert_string_equal(r.ply[i].agent, "mcts:uniform,sims=400");
	}
	assert_true(r.value[6] > 0.9); /* one move wins at once */
	assert_string_equal(r.ply[6].best, "1");
	assert_string_equal(r.ply[5].best, "1"); /* the only block */
	/* playing 2 instead of it cost the second player */
	assert_true(fabs(r.cost[6] - (r.value[6] - r.value[5])) < 1e-9);
	assert_true(r.cost[6] > REVIEW_SWING);
	assert_true(isnan(r.cost[0]));
	count = review_moments(&r, list);
	assert_true(count > 0 && count <= 7);
	last = &list[count - 1];
	assert_true(last->ply == 5 || last->ply == 6);
	/* what is stored is there all the same */
	assert_true(review_show_heard(&r, false));
	assert_string_equal(r.ply[2].agent, "mcts:b");
	assert_true(isnan(r.value[3]));
	assert_true(review_show_heard(&r, true));
	/* and with it, once it is kept */
	assert_int_equal(review_keep(&r, lab_store(lab.lab), &e), ERR_OK);
	load();
	assert_false(r.hearing);
	for (int i = 0; i < 7; i++)
		assert_true(r.ply[i].search_id > 0);
	assert_string_equal(r.ply[6].best, "1");
}

/* Who stops in the middle leaves what was found, and who closes waits for
 * nobody. */
static void test_stopped(void **state)
{
	struct whole_game *w;
	struct err e = ERR_INIT;
	struct agent *agent;

	(void)state;
	load();
	bell_reset();
	assert_int_equal(agent_open(&agent, "mcts:uniform,sims=1000000",
				    &r.game, NULL, &e),
			 ERR_OK);
	assert_int_equal(whole_game_start(&w, agent, &r.line, r.plies,
					  bell_ring, NULL, &e),
			 ERR_OK);
	assert_true(whole_game_running(w));
	assert_int_equal(whole_game_total(w), 5);
	whole_game_close(w);
	assert_int_equal(agent_open(&agent, "human", &r.game, NULL, &e),
			 ERR_OK);
	assert_int_equal(whole_game_start(&w, agent, &r.line, r.plies,
					  bell_ring, NULL, &e),
			 ERR_USAGE);
}

static struct moments_row rows[64];
static int row_count;

static void take_row(void *ctx, const struct moments_row *row)
{
	(void)ctx;
	assert_true(row_count < 64);
	rows[row_count++] = *row;
}

static enum err_code find(const char *filter, const char *agent, int64_t limit,
			  struct moments_sum *sum, struct err *e)
{
	const struct moments_sink to = {take_row, NULL, NULL};
	struct moments_asked asked = {.agent = agent, .limit = limit};

	row_count = 0;
	assert_int_equal(game_filter_parse(filter, &asked.filter, e), ERR_OK);
	return moments_find(lab.lab, &asked, NULL, &to, sum, e);
}

/* Of many games: by what is stored, the newest first; by an agent, all. */
static void test_moments(void **state)
{
	struct moments_sum sum;
	struct err e = ERR_INIT;

	(void)state;
	add_search(1, "mcts:b", 0.75, "3"); /* overturned: the prior says 4 */
	add_search(2, "mcts:b", 0.5, "4");  /* 0 after +0.5 for the second */
	game = add_game("1212121", 7, 1);
	add_search(6, "mcts:a", 0.5, "4");
	assert_int_equal(find("", NULL, 0, &sum, &e), ERR_OK);
	assert_int_equal(sum.games, 2);
	assert_int_equal(sum.positions, 3);
	assert_int_equal(sum.overturned, 1);
	assert_int_equal(sum.swings, 2);
	assert_int_equal(row_count, 2);
	assert_int_equal(rows[0].game_id, game);
	assert_int_equal(rows[0].at.ply, 6);
	assert_string_equal(rows[0].move, "1");
	/* it won, which its search did not know: no cost, a gain */
	assert_true(fabs(rows[0].at.cost + 1) < 1e-9);
	assert_int_equal(rows[1].game_id, game - 1);
	assert_int_equal(rows[1].at.ply, 1);
	assert_int_equal(rows[1].player, 1);
	assert_true(rows[1].at.overturned && rows[1].at.swing);
	assert_string_equal(rows[1].best, "3");
	assert_true(fabs(rows[1].at.cost - 0.5) < 1e-9);
	assert_int_equal(sum.blunders, 1);
	assert_int_equal(sum.moves[1], 1);
	assert_true(fabs(sum.cost[1] - 0.5) < 1e-9);
	/* one game, and another choice of games */
	assert_int_equal(find("", NULL, 1, &sum, &e), ERR_OK);
	assert_int_equal(sum.games, 1);
	assert_int_equal(find("result=first", NULL, 0, &sum, &e), ERR_OK);
	assert_int_equal(sum.games, 1);
	assert_int_equal(row_count, 1);
	/* an agent looks at every position where somebody acts */
	assert_int_equal(find("", "mcts:uniform,sims=50", 2, &sum, &e), ERR_OK);
	assert_int_equal(sum.games, 2);
	assert_int_equal(sum.positions, 5 + 7);
	assert_true(sum.moves[0] == 2 + 4 && sum.moves[1] == 2 + 3);
	assert_int_equal(find("run=nobody", NULL, 0, &sum, &e), ERR_NOTFOUND);
	assert_int_equal(find("", "human", 1, &sum, &e), ERR_USAGE);
}

static void test_refused(void **state)
{
	struct review bad = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(review_load(&bad, lab_store(lab.lab), 999, &e),
			 ERR_NOTFOUND);
	review_release(&bad);
	game = add_game("449", 3, 0);
	memset(&bad, 0, sizeof(bad));
	assert_int_equal(review_load(&bad, lab_store(lab.lab), game, &e),
			 ERR_FORMAT);
	assert_non_null(strstr(e.msg, "game "));
	review_release(&bad);
}

int main(void)
{
#define LAB(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		LAB(test_values),  LAB(test_events),  LAB(test_the_end),
		LAB(test_here),    LAB(test_refused), LAB(test_whole_game),
		LAB(test_stopped), LAB(test_moments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
