/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/base/stat.h"
#include "core/game/game.h"
#include "core/rate/match.h"
#include "core/rate/match_int.h"
#include "core/rate/seen.h"
#include "core/search/trace.h"
#include "tests/agent/one_network.h"

static struct game connect4;

static int setup(void **state)
{
	(void)state;
	return game_init(&connect4, "connect4", NULL);
}

/* The games of a match as text, one a line. */
struct record {
	struct buf text;
	int next, thoughts, stop_after, enough_after;
	struct agent *alone[2]; /* NULL: not compared */
};

static void assert_same_thought(const struct thought *a,
				const struct thought *b)
{
	assert_int_equal(a->move, b->move);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->simulations, b->simulations);
	assert_memory_equal(a->wdl, b->wdl, sizeof(a->wdl));
	for (int i = 0; i < a->count; i++) {
		assert_int_equal(a->moves[i].visits, b->moves[i].visits);
		assert_true(a->moves[i].prior == b->moves[i].prior);
		assert_true(a->moves[i].policy == b->moves[i].policy);
	}
	assert_int_equal(a->trace != NULL, b->trace != NULL);
	if (!a->trace)
		return;
	assert_int_equal(a->trace->node_count, b->trace->node_count);
	assert_int_equal(a->trace->sim_count, b->trace->sim_count);
}

/* Each agent alone, one turn of the game after the other, thinks the same. */
static void think_again(const struct record *r, const struct match_game *g)
{
	void *s = game_state_new(&connect4, 0);

	for (int i = 0; i < g->count; i++) {
		int seat = (i + g->first) % 2;
		struct thought t;

		if (i >= g->opening) {
			agent_line(r->alone[seat], g->moves, i);
			agent_think(r->alone[seat], s,
				    rng_mix(5, (uint64_t)seat),
				    (uint64_t)g->number, i, NULL, &t);
			assert_same_thought(&t, &g->thoughts[i]);
			thought_release(&t);
		}
		connect4.rules->apply(&connect4, s, g->moves[i]);
	}
	free(s);
}

static void keep(void *ctx, const struct match_game *g)
{
	struct record *r = ctx;
	void *s = game_state_new(&connect4, 0);

	assert_int_equal(g->number, r->next++);
	assert_int_equal(g->first, g->number % 2);
	assert_true(g->result ==
		    (g->first ? -g->first_result : g->first_result));
	buf_printf(&r->text, "%d %d ", g->first, g->opening);
	game_line_text(&connect4, s, g->moves, g->count, &r->text);
	buf_printf(&r->text, " %g\n", (double)g->result);
	for (int i = 0; g->thoughts && i < g->count; i++) {
		assert_int_equal(g->thoughts[i].moves != NULL, i >= g->opening);
		if (i >= g->opening)
			assert_int_equal(g->thoughts[i].move, g->moves[i]);
		r->thoughts += g->thoughts[i].moves != NULL;
	}
	free(s);
	if (r->alone[0] && g->thoughts)
		think_again(r, g);
}

static bool go_on(void *ctx)
{
	const struct record *r = ctx;

	return !r->stop_after || r->next < r->stop_after;
}

static bool enough(void *ctx)
{
	const struct record *r = ctx;

	return r->enough_after && r->next == r->enough_after;
}

static enum err_code play(const char *a, const char *b, const char *openings,
			  int games, int threads, bool thoughts,
			  struct record *r, struct match_result *out)
{
	struct match_openings o;
	struct match_request m = {
		.game = &connect4,
		.agents = {a, b},
		.source = &one_network,
		.openings = &o,
		.games = games,
		.seed = 5,
		.thoughts = thoughts,
		.enough = enough,
	};
	struct pool *pool = pool_new(threads);
	struct err e = ERR_INIT;
	enum err_code code;

	code = match_openings_read(&o, openings, &connect4, &e);
	if (!code)
		code = match_play(&m, pool, keep, go_on, r, out, &e);
	if (code && code != ERR_CANCELLED)
		fail_msg("%s", e.msg);
	match_openings_release(&o);
	pool_free(pool);
	return code;
}

static void test_threads_change_nothing(void **state)
{
	struct record one = {0}, three = {0};
	struct match_result a, b;

	(void)state;
	buf_init(&one.text);
	buf_init(&three.text);
	assert_int_equal(play("mcts:rollout,sims=30", "tactical", "random:3",
			      21, 1, false, &one, &a),
			 ERR_OK);
	assert_int_equal(play("mcts:rollout,sims=30", "tactical", "random:3",
			      21, 3, false, &three, &b),
			 ERR_OK);
	assert_string_equal(one.text.data, three.text.data);
	assert_int_equal(a.games, 21);
	assert_int_equal(a.wins + a.draws + a.losses, 21);
	assert_int_equal(a.wins, b.wins);
	assert_true(a.wins > a.losses);
	buf_release(&one.text);
	buf_release(&three.text);
}

/* Games played side by side are those of agents that play one game alone, move
 * for move and thought for thought, with any threads and however many games
 * there are. */
static void test_side_by_side(void **state)
{
	static const struct {
		const char *spec[2], *alone[2];
	} cases[] = {
		{{"mcts:c4,sims=24", "mcts:c4,sims=16,temperature=1"},
		 {"mcts:c4,sims=24,batch=1",
		  "mcts:c4,sims=16,batch=1,temperature=1"}},
		{{"mcts:c4,sims=16,reuse=no", "mcts:rollout,sims=12"},
		 {"mcts:c4,sims=16,reuse=no,batch=1", "mcts:rollout,sims=12"}},
		{{"policy:c4,temperature=1", "mcts:c4,sims=16,batch=4"},
		 {"policy:c4,temperature=1", "mcts:c4,sims=16,batch=4"}},
		{{"policy:c4", "random"}, {"policy:c4", "random"}},
		{{"mcts:c4,sims=16,symmetries=2,prior_temperature=2", "random"},
		 {"mcts:c4,sims=16,symmetries=2,prior_temperature=2,batch=1",
		  "random"}},
		{{"mcts:c4,sims=16,gumbel=yes,noise=1", "lookahead:c4"},
		 {"mcts:c4,sims=16,gumbel=yes,noise=1,batch=1",
		  "lookahead:c4"}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		static const int games[] = {21, 21, 7}, threads[] = {1, 3, 3};
		struct record r[3] = {0};
		struct match_result m;

		for (int k = 0; k < 3; k++) {
			buf_init(&r[k].text);
			for (int a = 0; k == 0 && a < 2; a++)
				assert_int_equal(agent_open(&r[k].alone[a],
							    cases[i].alone[a],
							    &connect4,
							    &one_network, NULL),
						 ERR_OK);
			assert_int_equal(play(cases[i].spec[0],
					      cases[i].spec[1], "random:3",
					      games[k], threads[k], k != 1,
					      &r[k], &m),
					 ERR_OK);
			assert_int_equal(m.games, games[k]);
		}
		assert_string_equal(r[0].text.data, r[1].text.data);
		assert_memory_equal(r[0].text.data, r[2].text.data,
				    r[2].text.len);
		for (int k = 0; k < 3; k++)
			buf_release(&r[k].text);
		agent_close(r[0].alone[0]);
		agent_close(r[0].alone[1]);
	}
}

/* Decided or stopped, with games of each worker under way. */
static void test_side_by_side_ends(void **state)
{
	(void)state;
	for (int threads = 1; threads <= 3; threads++) {
		struct record r = {.enough_after = 7};
		struct record stopped = {.stop_after = 3};
		struct match_result m;

		buf_init(&r.text);
		assert_int_equal(play("mcts:c4,sims=8", "policy:c4", "random:3",
				      300, threads, false, &r, &m),
				 ERR_OK);
		assert_int_equal(m.games, 7);
		assert_int_equal(r.next, 7);
		buf_release(&r.text);
		buf_init(&stopped.text);
		assert_int_equal(play("mcts:c4,sims=8", "policy:c4", "random:3",
				      2000, threads, true, &stopped, &m),
				 ERR_CANCELLED);
		assert_int_equal(m.games, stopped.next);
		assert_in_range(m.games, 3, 1999);
		buf_release(&stopped.text);
	}
}

/* A match that is decided ends after the same game, whatever was begun. */
static void test_enough(void **state)
{
	struct record r[3] = {0};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct match_result m;

		buf_init(&r[i].text);
		r[i].enough_after = 7;
		assert_int_equal(play("random", "tactical", NULL, 40, i + 1,
				      false, &r[i], &m),
				 ERR_OK);
		assert_int_equal(m.games, 7);
		assert_int_equal(r[i].next, 7);
		assert_string_equal(r[i].text.data, r[0].text.data);
	}
	for (int i = 0; i < 3; i++)
		buf_release(&r[i].text);
}

/* Games 2n and 2n + 1 have the same opening, and the agents change sides. */
static void test_openings_from_both_sides(void **state)
{
	struct record r = {0};
	struct match_result m;
	char *line, *save = NULL, before[64] = "";

	(void)state;
	buf_init(&r.text);
	assert_int_equal(
		play("random", "random", "random:4", 20, 2, false, &r, &m),
		ERR_OK);
	line = strtok_r(r.text.data, "\n", &save);
	for (int n = 0; line; n++, line = strtok_r(NULL, "\n", &save)) {
		char start[64];

		snprintf(start, sizeof(start), "%.6s", line + 2);
		assert_int_equal(line[0], '0' + n % 2);
		assert_int_equal(line[2], '4');
		if (n % 2)
			assert_string_equal(start, before);
		snprintf(before, sizeof(before), "%s", start);
	}
	buf_release(&r.text);
}

static void test_thoughts_are_kept(void **state)
{
	struct record r = {0};
	struct match_result m;

	(void)state;
	buf_init(&r.text);
	assert_int_equal(play("mcts:uniform,sims=20", "random", "random:2", 4,
			      1, true, &r, &m),
			 ERR_OK);
	assert_true(r.thoughts > 20);
	buf_release(&r.text);
}

/* Stopped in the middle: what was delivered counts, in order. */
static void test_stop(void **state)
{
	struct record r = {.stop_after = 4};
	struct match_result m;

	(void)state;
	buf_init(&r.text);
	assert_int_equal(
		play("random", "random", "random:0", 1000, 1, false, &r, &m),
		ERR_CANCELLED);
	assert_int_equal(m.games, r.next);
	assert_in_range(m.games, 4, 500);
	buf_release(&r.text);
}

static bool third_time(void *ctx)
{
	int *times = ctx;

	return ++*times < 3;
}

/* A thought that would take minutes is no reason to wait. */
static void test_stop_in_a_thought(void **state)
{
	static const char *const first[] = {"solver", "random"};
	struct match_openings o = {.random_plies = 0};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct pool *pool = pool_new(1 + i);
		struct match_request m = {.game = &connect4,
					  .agents = {first[i], first[1 - i]},
					  .openings = &o,
					  .games = 2,
					  .seed = 1};
		struct match_result out;
		int times = 0;

		assert_int_equal(match_play(&m, pool, NULL, third_time, &times,
					    &out, NULL),
				 ERR_CANCELLED);
		assert_int_equal(out.games, 0);
		pool_free(pool);
	}
}

static void test_opening_files(void **state)
{
	static char comment[5000];
	static const struct {
		const char *text, *expect;
		enum err_code code;
	} cases[] = {
		{"44\n435 # a comment\n\n# nothing\n1\n", NULL, ERR_OK},
		{"44\n48\n", ":2: move 2, '8'", ERR_FORMAT},
		{comment, NULL, ERR_OK},
		{"44\n\1\n", ":2: ", ERR_FORMAT},
		{"# nothing\n", "no opening", ERR_FORMAT},
		{"1212121\n", "ends the game", ERR_FORMAT},
	};
	char path[] = "/tmp/plyscope-openings.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	/* as long as a comment may be */
	memset(comment, '3', sizeof(comment) - 2);
	memcpy(comment, "44\n435 #", 8);
	memcpy(comment + sizeof(comment) - 4, "\n1", 3);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct match_openings o;
		struct err e = ERR_INIT;

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(
			pwrite(fd, cases[i].text, strlen(cases[i].text), 0),
			strlen(cases[i].text));
		assert_int_equal(match_openings_read(&o, path, &connect4, &e),
				 cases[i].code);
		if (cases[i].code) {
			if (!strstr(e.msg, cases[i].expect))
				fail_msg("%s", e.msg);
			continue;
		}
		assert_int_equal(o.line_count, 3);
		assert_string_equal(o.lines[1], "435 ");
		match_openings_release(&o);
	}
	close(fd);
	unlink(path);
}

static void test_opening_errors(void **state)
{
	static const char *const bad[] = {"random:", "random:x", "random:-1",
					  "random:43", "random:2x"};
	struct match_openings o;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(match_openings_read(&o, bad[i], &connect4, &e),
				 ERR_USAGE);
	assert_int_equal(match_openings_read(&o, "/tmp", &connect4, &e),
			 ERR_IO);
	assert_int_equal(
		match_openings_read(&o, "/nowhere/at/all", &connect4, &e),
		ERR_IO);
	assert_non_null(strstr(e.msg, "/nowhere/at/all"));
}

/* Positions of all openings, and how many there are of each. */
struct opened {
	const struct game *game;
	struct seen seen;
	int pairs, distinct, longest;
};

static void open_one(void *ctx, const struct match_game *g)
{
	struct opened *o = ctx;

	if (g->number % 2)
		return;
	o->pairs++;
	o->distinct += seen_add(
		&o->seen, match_position_key(o->game, match_symmetries(o->game),
					     g->moves, g->opening));
	if (g->opening > o->longest)
		o->longest = g->opening;
}

static void play_openings(const char *game, const char *agent, int plies,
			  int games, int threads, struct opened *o,
			  struct match_result *out)
{
	struct match_openings openings = {.random_plies = plies};
	struct pool *pool = pool_new(threads);
	struct game g;
	struct match_request m = {.game = &g,
				  .agents = {agent, agent},
				  .source = &one_network,
				  .openings = &openings,
				  .games = games,
				  .seed = 9};

	*o = (struct opened){.game = &g};
	assert_int_equal(game_init(&g, game, NULL), ERR_OK);
	assert_int_equal(match_play(&m, pool, open_one, NULL, o, out, NULL),
			 ERR_OK);
	assert_int_equal(out->games, out->tally.games);
	seen_release(&o->seen);
	pool_free(pool);
}

/* No position comes twice, as a mirror image or by other moves either: after
 * two moves of tic-tac-toe there are 12. */
static void test_openings_are_distinct(void **state)
{
	struct match_result m;
	struct opened o;

	(void)state;
	play_openings("tictactoe", "random", 2, 20, 2, &o, &m);
	assert_true(o.distinct == 10 && o.longest == 2);
	play_openings("tictactoe", "random", 2, 60, 2, &o, &m);
	assert_true(o.distinct == 30 && o.longest > 2);
	assert_int_equal(m.openings, 30);
	assert_int_equal(m.opening_plies, o.longest);
	assert_false(m.ran_out);
	play_openings("connect4", "random", 1, 200, 2, &o, &m);
	assert_int_equal(o.distinct, 100);
	play_openings("go:size=5", "random", 1, 40, 1, &o, &m);
	assert_int_equal(o.distinct, 20);
}

/* Agents that repeat themselves end the match when openings have run out, at
 * the same game with any threads; those who draw their moves play on. */
static void test_openings_run_out(void **state)
{
	struct match_result m;
	struct opened o;

	(void)state;
	for (int threads = 1; threads <= 3; threads++) {
		play_openings("connect4", "mcts:uniform,sims=8", 0, 1000,
			      threads, &o, &m);
		assert_int_equal(m.games, 2 * 17);
		assert_int_equal(m.tally.distinct_pairs, 1);
		assert_int_equal(m.tally.openings, 1);
		assert_true(m.ran_out && m.repeated_itself);
	}
	play_openings("tictactoe", "solver", 2, 5000, 2, &o, &m);
	assert_int_equal(o.pairs, m.openings + 16);
	assert_in_range(m.openings, 12, 2000);
	play_openings("connect4", "random", 0, 300, 2, &o, &m);
	assert_int_equal(m.games, 300);
	assert_true(m.ran_out && !m.repeated_itself);
	assert_int_equal(m.tally.openings, 1);
	assert_in_range(m.tally.distinct_pairs, 140, 150);
}

/* A person cannot play in a match, and a spec that is wrong is named. */
static void test_agents_are_checked(void **state)
{
	static const char *const bad[] = {"human", "rndm", "policy:c4/latest"};
	struct match_openings o;
	struct pool *pool = pool_new(1);

	(void)state;
	assert_int_equal(match_openings_read(&o, NULL, &connect4, NULL),
			 ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct match_request m = {.game = &connect4,
					  .agents = {"random", bad[i]},
					  .openings = &o,
					  .games = 2};
		struct match_result out;
		struct err e = ERR_INIT;

		assert_int_not_equal(
			match_play(&m, pool, NULL, NULL, NULL, &out, &e),
			ERR_OK);
		assert_true(e.msg[0]);
		assert_int_equal(out.games, 0);
	}
	match_openings_release(&o);
	pool_free(pool);
}

/* One agent alone: what it makes is its points, whatever the threads do.  Tens
 * of games of mcts against random are far apart. */
static void test_game_for_one(void **state)
{
	static const char *const agents[] = {"random", "random", "tactical",
					     "mcts:rollout,sims=24"};
	struct match_openings o = {.random_plies = 2};
	struct match_result out[ARRAY_LEN(agents)];
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "pacman:maze=tiny,ticks=30", NULL),
			 ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(agents); i++) {
		struct pool *pool = pool_new(i == 1 ? 3 : 1);
		struct match_request m = {.game = &g,
					  .agents = {agents[i], NULL},
					  .openings = &o,
					  .games = 12,
					  .seed = 3};

		assert_int_equal(
			match_play(&m, pool, NULL, NULL, NULL, &out[i], NULL),
			ERR_OK);
		assert_int_equal(out[i].games, 12);
		assert_int_equal(out[i].points.count, 12);
		m.agents[1] = "random";
		assert_int_equal(match_play(&m, pool, NULL, NULL, NULL,
					    &(struct match_result){0}, NULL),
				 ERR_USAGE);
		pool_free(pool);
	}
	assert_true(out[0].points.sum == out[1].points.sum);
	assert_true(out[0].points.squares == out[1].points.squares);
	assert_true(stat_mean_of(&out[3].points).low >
		    stat_mean_of(&out[0].points).high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_change_nothing),
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_side_by_side_ends),
		cmocka_unit_test(test_enough),
		cmocka_unit_test(test_openings_from_both_sides),
		cmocka_unit_test(test_thoughts_are_kept),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_stop_in_a_thought),
		cmocka_unit_test(test_opening_files),
		cmocka_unit_test(test_opening_errors),
		cmocka_unit_test(test_openings_are_distinct),
		cmocka_unit_test(test_openings_run_out),
		cmocka_unit_test(test_agents_are_checked),
		cmocka_unit_test(test_game_for_one),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
