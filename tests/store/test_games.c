/* SPDX-License-Identifier: MIT */
/* Games and searches: round trips, filters, replay, transactions, damage. */
#include "config.h"

#include "tests/store/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/game.h"
#include "store/run.h"
#include "store/store.h"

static void test_game(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), id = 0;
	struct store_game in = lab_game(run, 1), out;
	const void *data;
	size_t len;

	in.first = "human";
	in.opening = 2;
	in.score = 12.5;
	in.targets = "\0\1\2";
	in.targets_len = 3;
	in.seed = UINT64_MAX;
	in.created_ms = 1700000000000;
	in.facts = "{\"dots\":12}";
	in.event = "Hastings";
	in.date = "1895.08.05";
	in.tags = "{\"Round\":\"1\"}";
	in.origin = "hastings.pgn:17";
	assert_store(lab, store_game_add(lab->s, &in, &id));
	lab_reopen(lab);
	assert_store(lab, store_game_get(lab->s, &lab->bag, id, &out));
	assert_int_equal(out.run_id, run);
	assert_int_equal(out.match_id, 0);
	assert_int_equal(out.number, 1);
	assert_string_equal(out.game, "connect4");
	assert_string_equal(out.first, "human");
	assert_string_equal(out.second, in.second);
	assert_int_equal(out.opening, 2);
	assert_string_equal(out.moves, "4453");
	assert_int_equal(out.plies, 4);
	assert_true(out.result == 1 && out.score == 12.5);
	assert_string_equal(out.ended, "four in a row");
	assert_string_equal(out.purpose, "selfplay");
	assert_true(out.seed == UINT64_MAX);
	assert_int_equal(out.step, 10);
	assert_int_equal(out.created_ms, in.created_ms);
	assert_string_equal(out.facts, in.facts);
	assert_string_equal(out.event, in.event);
	assert_string_equal(out.date, in.date);
	assert_string_equal(out.tags, in.tags);
	assert_string_equal(out.origin, in.origin);
	assert_string_equal(out.run, "c4");
	assert_int_equal(out.searches, 0);
	assert_store(lab,
		     store_game_targets(lab->s, &lab->bag, id, &data, &len));
	assert_int_equal(len, 3);
	assert_memory_equal(data, "\0\1\2", 3);

	/* A number is taken once in a run; no number, any number of times. */
	assert_int_equal(store_game_add(lab->s, &in, &id), STORE_EXISTS);
	assert_contains(store_message(lab->s), "number 1 already");
	in.number = 0;
	assert_store(lab, store_game_add(lab->s, &in, &id));
	assert_store(lab, store_game_add(lab->s, &in, &id));
	assert_int_equal(store_game_get(lab->s, &lab->bag, 999, &out),
			 STORE_NOTFOUND);
	in.run_id = 999;
	assert_int_equal(store_game_add(lab->s, &in, &id), STORE_NOTFOUND);
	in.run_id = run;
	in.result = 1.5;
	assert_int_equal(store_game_add(lab->s, &in, &id), STORE_REFUSED);
}

/* A game against a person grows move by move, and has one player in some. */
static void test_game_in_progress(void **state)
{
	struct lab *lab = *state;
	struct store_game g = {.game = "pacman",
			       .first = "human",
			       .moves = "",
			       .result = (double)NAN,
			       .score = 0,
			       .purpose = "human",
			       .step = -1};
	struct store_game_filter f = {.outcome = STORE_UNFINISHED};
	struct store_game out;
	int64_t count;

	assert_store(lab, store_game_add(lab->s, &g, &g.id));
	g.moves = "nne";
	g.plies = 3;
	g.facts = "{\"dots\":3}";
	assert_store(lab, store_game_update(lab->s, &g));
	assert_store(lab, store_game_get(lab->s, &lab->bag, g.id, &out));
	assert_string_equal(out.moves, "nne");
	assert_string_equal(out.facts, "{\"dots\":3}");
	assert_null(out.second);
	assert_null(out.ended);
	assert_null(out.run);
	assert_true(isnan(out.result));
	assert_int_equal(out.step, -1);
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 1);
	g.result = 0;
	g.ended = "caught";
	assert_store(lab, store_game_update(lab->s, &g));
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 0);
	f.outcome = STORE_DRAWN;
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 1);
	g.id = 99;
	assert_int_equal(store_game_update(lab->s, &g), STORE_NOTFOUND);
}

/* 60 games: two runs, three results, several agents. */
static void fill(struct lab *lab, int64_t run[2])
{
	static const char *const agents[] = {"random", "human", "mcts:c4/1"};
	struct store_search x = {.ply = 0,
				 .win = (double)NAN,
				 .draw = (double)NAN,
				 .loss = (double)NAN,
				 .raw_value = (double)NAN};

	run[0] = lab_add_run(lab, "one");
	run[1] = lab_add_run(lab, "two");
	assert_store(lab, store_begin(lab->s));
	for (int i = 0; i < 60; i++) {
		struct store_game g = lab_game(run[i % 2], i / 2 + 1);

		g.first = agents[i % 3];
		g.second = agents[(i / 3) % 3];
		g.result = i % 4 == 3 ? (double)NAN : i % 4 - 1;
		g.ended = i % 4 == 3 ? NULL : "end";
		g.purpose = i < 40 ? "selfplay" : "match";
		g.step = i;
		assert_store(lab, store_game_add(lab->s, &g, &x.game_id));
		if (i % 10 == 0)
			assert_store(lab, store_search_add(lab->s, &x, NULL));
	}
	assert_store(lab, store_commit(lab->s));
}

/* The same choice, made by hand. */
static bool chosen(const struct store_game_filter *f,
		   const struct store_game *g)
{
	if (f->run_id && g->run_id != f->run_id)
		return false;
	if (f->purpose && strcmp(g->purpose, f->purpose) != 0)
		return false;
	if (f->agent && strcmp(g->first, f->agent) != 0 &&
	    strcmp(g->second, f->agent) != 0)
		return false;
	if (f->agent_like && !strstr(g->first, f->agent_like) &&
	    !strstr(g->second, f->agent_like))
		return false;
	if (f->by_step && (g->step < f->step_min || g->step > f->step_max))
		return false;
	if (f->searched && !g->searches)
		return false;
	if (f->outcome == STORE_FIRST_WON && !(g->result > 0))
		return false;
	if (f->outcome == STORE_SECOND_WON && !(g->result < 0))
		return false;
	if (f->outcome == STORE_FINISHED && !g->ended)
		return false;
	return true;
}

static void test_filters(void **state)
{
	struct lab *lab = *state;
	struct store_game_filter f[10];
	struct store_game *all, *rows;
	size_t all_count, count, seen = 0;
	int64_t run[2], total;

	fill(lab, run);
	memset(f, 0, sizeof(f));
	f[1].run_id = run[1];
	f[2].agent = "human";
	f[3].agent_like = "c4";
	f[4].outcome = STORE_FIRST_WON;
	f[5].outcome = STORE_SECOND_WON;
	f[5].purpose = "match";
	f[6].by_step = true;
	f[6].step_min = 5;
	f[6].step_max = 25;
	f[6].agent = "random";
	f[7].searched = true;
	f[8].run_id = run[0];
	f[8].outcome = STORE_FINISHED;
	f[8].agent = "mcts:c4/1";
	f[8].agent_like = "ran";
	f[8].purpose = "selfplay";
	f[9].agent = "mcts:c4"; /* exact: there is none */
	assert_store(lab, store_game_list(lab->s, &lab->bag, &f[0], &all,
					  &all_count));
	assert_int_equal(all_count, 60);
	for (size_t i = 0; i < 10; i++) {
		size_t want = 0;

		assert_store(lab, store_game_list(lab->s, &lab->bag, &f[i],
						  &rows, &count));
		for (size_t k = 0; k < all_count; k++) {
			if (!chosen(&f[i], &all[k]))
				continue;
			assert_true(want < count);
			assert_int_equal(rows[want++].id, all[k].id);
		}
		assert_int_equal(count, want);
		assert_store(lab, store_game_count(lab->s, &f[i], &total));
		assert_int_equal(total, want);
		seen += want;
	}
	assert_true(seen > 60 + 30);
}

/* The same game from other starts, but not one whose name only begins so. */
static void test_starts(void **state)
{
	static const char *const names[] = {
		"chess:plies=12000",
		"chess:plies=12000,fen=8/8/8/8/8/8/8/K1k5 w - - 0 1",
		"chess:plies=12000,fen=8/8/8/8/8/8/8/K2k4 b - - 0 1",
		"chess:plies=120001",
		"chess:plies=12000-",
		"chess:plies=1200",
		"bare",
		"bare:start=x",
	};
	struct lab *lab = *state;
	struct store_game_filter f = {.game = names[0]};
	struct store_game *rows;
	int64_t total;
	size_t count;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct store_game g = lab_game(0, 0);

		g.game = names[i];
		assert_store(lab, store_game_add(lab->s, &g, NULL));
	}
	assert_store(lab, store_game_count(lab->s, &f, &total));
	assert_int_equal(total, 1);
	f.starts = true;
	f.oldest_first = true;
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &rows, &count));
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(rows[i].game, names[i]);
	f.game = "bare";
	assert_store(lab, store_game_count(lab->s, &f, &total));
	assert_int_equal(total, 2);
	f.game = "chess";
	assert_store(lab, store_game_count(lab->s, &f, &total));
	assert_int_equal(total, 6);
}

static void test_annotations(void **state)
{
	struct lab *lab = *state;
	struct store_annotation a = {
		.ply = 2, .kind = STORE_VARIATION, .text = "4 4"};
	struct store_annotation *rows;
	struct store_game g = lab_game(0, 0);
	int64_t line, other;
	size_t count;

	assert_store(lab, store_game_add(lab->s, &g, &other));
	assert_store(lab, store_game_add(lab->s, &g, &a.game_id));
	assert_store(lab, store_annotation_add(lab->s, &a, &line));
	a.parent = line;
	a.ply = 3;
	a.kind = STORE_NAG;
	a.text = "$1";
	assert_store(lab, store_annotation_add(lab->s, &a, NULL));
	a.parent = 0;
	a.ply = 0;
	a.kind = STORE_COMMENT;
	a.text = "the first move";
	assert_store(lab, store_annotation_add(lab->s, &a, NULL));
	lab_reopen(lab);
	assert_store(lab, store_annotation_list(lab->s, &lab->bag, a.game_id,
						&rows, &count));
	assert_int_equal(count, 3);
	assert_int_equal(rows[0].kind, STORE_VARIATION);
	assert_int_equal(rows[0].ply, 2);
	assert_int_equal(rows[0].parent, 0);
	assert_string_equal(rows[0].text, "4 4");
	assert_int_equal(rows[1].kind, STORE_NAG);
	assert_int_equal(rows[1].parent, line);
	assert_string_equal(rows[2].text, "the first move");
	assert_store(lab, store_annotation_list(lab->s, &lab->bag, other, &rows,
						&count));
	assert_int_equal(count, 0);
	a.game_id = 99;
	assert_int_equal(store_annotation_add(lab->s, &a, NULL),
			 STORE_NOTFOUND);
	/* They go with their game. */
	store_close(lab->s);
	lab->s = NULL;
	lab_sql(lab->path, "pragma foreign_keys = on; delete from game;"
			   "create table one(n check(n = 0));"
			   "insert into one select count(*) from annotation");
}

static void test_paging(void **state)
{
	struct lab *lab = *state;
	struct store_game_filter f = {.limit = 7};
	struct store_game *rows;
	int64_t run[2], last = INT64_MAX, total;
	size_t count, sum = 0;

	fill(lab, run);
	f.run_id = run[0];
	for (; f.offset < 60; f.offset += f.limit) {
		assert_store(lab, store_game_list(lab->s, &lab->bag, &f, &rows,
						  &count));
		for (size_t i = 0; i < count; i++) {
			assert_true(rows[i].id < last);
			last = rows[i].id;
		}
		sum += count;
	}
	assert_int_equal(sum, 30);
	/* The count is of all pages. */
	assert_store(lab, store_game_count(lab->s, &f, &total));
	assert_int_equal(total, 30);
	f.offset = 0;
	f.oldest_first = true;
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &rows, &count));
	assert_int_equal(rows[0].number, 1);
	assert_int_equal(rows[6].number, 7);
}

/* From any game on, both ways, without counting those before it. */
static void test_after(void **state)
{
	struct lab *lab = *state;
	struct store_game_filter f = {.limit = 3};
	struct store_game *rows, *more;
	int64_t run[2];
	size_t count;

	fill(lab, run);
	f.run_id = run[0];
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &rows, &count));
	f.after = rows[2].id;
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &more, &count));
	assert_int_equal(count, 3);
	assert_int_equal(more[0].number, rows[2].number - 1);
	f.after = more[0].id;
	f.oldest_first = true;
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &more, &count));
	assert_int_equal(count, 3);
	assert_int_equal(more[0].id, rows[2].id);
	assert_int_equal(more[2].id, rows[0].id);
	f.after = rows[0].id;
	assert_store(lab,
		     store_game_list(lab->s, &lab->bag, &f, &more, &count));
	assert_int_equal(count, 0);
}

/* For each run, purpose and outcome, as many are counted as are listed. */
static void assert_counted(struct lab *lab, const int64_t run[2])
{
	const char *const purposes[] = {NULL, "selfplay", "match", "human",
					"import"};

	for (int i = 0; i < 3 * 5 * (STORE_FINISHED + 1); i++) {
		struct store_game_filter f = {
			.run_id = i % 3 ? run[i % 3 - 1] : 0,
			.purpose = purposes[i / 3 % 5],
			.outcome = (enum store_outcome)(i / 15),
		};
		struct store_game *rows;
		int64_t counted;
		size_t count;

		assert_store(lab, store_game_list(lab->s, &lab->bag, &f, &rows,
						  &count));
		assert_store(lab, store_game_count(lab->s, &f, &counted));
		assert_int_equal(counted, count);
	}
}

static void test_tally(void **state)
{
	struct lab *lab = *state;
	struct store_game_filter all = {0};
	struct store_game g;
	int64_t run[2], count, problems;

	fill(lab, run);
	g = lab_game(0, 0);
	g.purpose = "human";
	g.result = (double)NAN;
	g.ended = NULL;
	assert_store(lab, store_game_add(lab->s, &g, &g.id));
	assert_counted(lab, run);
	/* It ends, and moves from one count to the other. */
	g.result = 0;
	g.ended = "agreed";
	assert_store(lab, store_game_update(lab->s, &g));
	assert_counted(lab, run);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	/* Others remove a run with its games, and another game. */
	lab_sql(lab->path, "pragma foreign_keys = on; delete from run where"
			   " id = (select min(id) from run);"
			   "delete from game where purpose = 'human'");
	assert_counted(lab, run);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	assert_store(lab, store_game_count(lab->s, &all, &count));
	assert_true(count > 0);
	lab_sql(lab->path,
		"update tally set games = games + 1 where games > 0");
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_true(problems > 0);
}

struct walk {
	struct lab *lab;
	int64_t next, until;
};

static bool walk_step(void *ctx, const struct store_game *g)
{
	struct walk *w = ctx;
	struct store_game same;
	char want[32];
	int n = snprintf(want, sizeof(want), "targets %d", (int)g->number);

	assert_int_equal(g->number, w->next++);
	assert_int_equal(g->targets_len, n);
	assert_memory_equal(g->targets, want, (size_t)n);
	/* Reading inside a walk, even the same walk, is allowed. */
	assert_store(w->lab,
		     store_game_get(w->lab->s, &w->lab->bag, g->id, &same));
	assert_string_equal(same.moves, g->moves);
	return g->number < w->until;
}

static bool walk_twice(void *ctx, const struct store_game *g)
{
	struct walk *outer = ctx, inner = {outer->lab, g->number, g->number};

	assert_int_equal(g->number, outer->next++);
	assert_store(outer->lab, store_game_each(outer->lab->s, g->run_id,
						 g->number, walk_step, &inner));
	assert_int_equal(inner.next, g->number + 1);
	return true;
}

static void test_replay(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), other = lab_add_run(lab, "x");
	struct walk w = {lab, 51, 100};
	int64_t number;

	assert_store(lab, store_game_last(lab->s, run, &number));
	assert_int_equal(number, 0);
	assert_store(lab, store_begin(lab->s));
	/* Stored in another order than that of replay. */
	for (int i = 100; i >= 1; i--) {
		struct store_game g = lab_game(run, i);
		char text[32];

		g.targets = text;
		g.targets_len =
			(size_t)snprintf(text, sizeof(text), "targets %d", i);
		assert_store(lab, store_game_add(lab->s, &g, NULL));
		g.run_id = other;
		assert_store(lab, store_game_add(lab->s, &g, NULL));
		g.number = 0;
		assert_store(lab, store_game_add(lab->s, &g, NULL));
	}
	assert_store(lab, store_commit(lab->s));
	assert_store(lab, store_game_last(lab->s, run, &number));
	assert_int_equal(number, 100);
	assert_store(lab, store_game_each(lab->s, run, 51, walk_step, &w));
	assert_int_equal(w.next, 101);
	w = (struct walk){lab, 1, 10};
	assert_store(lab, store_game_each(lab->s, run, 0, walk_step, &w));
	assert_int_equal(w.next, 11); /* ended early */
	w = (struct walk){lab, 98, 100};
	assert_store(lab, store_game_each(lab->s, run, 98, walk_twice, &w));
	assert_int_equal(w.next, 101);
}

static void test_search(void **state)
{
	struct lab *lab = *state;
	struct store_game g = lab_game(0, 0);
	struct store_search x = {.agent = "mcts:c4/10,sims=800",
				 .settings = "c_puct = 1.25",
				 .seed = 9,
				 .simulations = 800,
				 .best = "4",
				 .win = 0.5,
				 .draw = 0.25,
				 .loss = 0.25,
				 .raw_value = -0.125,
				 .moves = "[{\"move\":\"4\"}]"};
	struct store_search out, *rows;
	static char trace[70000];
	const void *data;
	size_t count, len;
	int64_t bare = 0;

	memset(trace, 'x', sizeof(trace));
	trace[69999] = 0;
	assert_store(lab, store_game_add(lab->s, &g, &x.game_id));
	x.ply = 3;
	x.trace = trace;
	x.trace_len = sizeof(trace);
	assert_store(lab, store_search_add(lab->s, &x, &x.id));
	x.ply = 1;
	x.trace = NULL;
	assert_store(lab, store_search_add(lab->s, &x, &bare));
	lab_reopen(lab);
	assert_store(lab, store_search_list(lab->s, &lab->bag, x.game_id, &rows,
					    &count));
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].ply, 1);
	assert_int_equal(rows[0].trace_len, 0);
	assert_int_equal(rows[1].trace_len, sizeof(trace));
	assert_null(rows[1].trace);
	assert_store(lab, store_search_at(lab->s, &lab->bag, x.game_id, 3,
					  &rows, &count));
	assert_int_equal(count, 1);
	out = rows[0];
	assert_int_equal(out.id, x.id);
	assert_string_equal(out.agent, x.agent);
	assert_string_equal(out.settings, x.settings);
	assert_string_equal(out.best, "4");
	assert_string_equal(out.moves, x.moves);
	assert_int_equal(out.simulations, 800);
	assert_true(out.win == 0.5 && out.draw == 0.25 && out.loss == 0.25);
	assert_true(out.raw_value == -0.125);
	assert_store(lab,
		     store_search_trace(lab->s, &lab->bag, x.id, &data, &len));
	assert_int_equal(len, sizeof(trace));
	assert_memory_equal(data, trace, len);
	assert_int_equal(
		store_search_trace(lab->s, &lab->bag, bare, &data, &len),
		STORE_NOTFOUND);
	assert_store(lab, store_search_at(lab->s, &lab->bag, x.game_id, 2,
					  &rows, &count));
	assert_int_equal(count, 0);

	lab_sql(lab->path, "update search set trace = zeroblob(40)"
			   " where trace is not null");
	assert_int_equal(
		store_search_trace(lab->s, &lab->bag, x.id, &data, &len),
		STORE_DAMAGED);
}

static void test_transaction(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), count;
	struct store_game_filter f = {.run_id = run};
	struct store_game g = lab_game(run, 1);

	assert_store(lab, store_begin(lab->s));
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	store_rollback(lab->s);
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 0);

	/* One failure inside: none of it is saved, whatever came after. */
	assert_store(lab, store_begin(lab->s));
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	assert_int_equal(store_game_add(lab->s, &g, NULL), STORE_EXISTS);
	g.number = 2;
	assert_int_equal(store_game_add(lab->s, &g, NULL), STORE_EXISTS);
	assert_int_equal(store_commit(lab->s), STORE_EXISTS);
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 0);

	/* Closing does not save. */
	assert_store(lab, store_begin(lab->s));
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	lab_reopen(lab);
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 0);
	assert_store(lab, store_begin(lab->s));
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	assert_store(lab, store_commit(lab->s));
	assert_store(lab, store_game_count(lab->s, &f, &count));
	assert_int_equal(count, 1);
}

static void test_data_version(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), before, after;
	struct store_game g = lab_game(run, 1);
	struct store *other;

	assert_int_equal(store_open(lab->path, STORE_ONLY_READ, &other, NULL),
			 STORE_OK);
	assert_true(store_readonly(other));
	before = store_data_version(other);
	assert_int_equal(store_data_version(other), before);
	assert_store(lab, store_game_add(lab->s, &g, NULL));
	after = store_data_version(other);
	assert_int_not_equal(after, before);
	assert_int_equal(store_data_version(other), after);
	assert_int_equal(store_game_add(other, &g, NULL), STORE_READONLY);
	assert_contains(store_message(other), "reading only");
	store_close(other);
}

static int reported;
static void report(void *ctx, const char *problem)
{
	(void)ctx;
	(void)problem;
	reported++;
}

/* A bit of stored weights is wrong: found when they are read, and by check. */
static void test_wrong_weights(void **state)
{
	struct lab *lab = *state;
	struct store_checkpoint c = {
		.run_id = lab_add_run(lab, "c4"), .step = 1, .network = "n"};
	int64_t problems;
	float w[100] = {1}, back[100];

	assert_store(lab, store_checkpoint_add(lab->s, &c, w, 100, &c.id));
	c.step = 2;
	w[50] = 2;
	assert_store(lab, store_checkpoint_add(lab->s, &c, w, 100, NULL));
	assert_store(lab, store_check(lab->s, report, NULL, &problems));
	assert_int_equal(problems, 0);
	/* A whole blob, but of other weights: only the hash can tell. */
	lab_sql(lab->path,
		"update weights set data = (select w.data from weights w"
		" join checkpoint c on c.weights_sha256 = w.sha256"
		" where c.step = 1)");
	assert_store(lab,
		     store_checkpoint_latest(lab->s, &lab->bag, c.run_id, &c));
	assert_int_equal(store_weights_load(lab->s, c.sha256, back, 100),
			 STORE_DAMAGED);
	assert_contains(store_message(lab->s), "have a wrong SHA-256");
	assert_contains(store_message(lab->s), lab->path);
	assert_store(lab, store_check(lab->s, report, NULL, &problems));
	assert_int_equal(problems, 1);
	lab_sql(lab->path, "update weights set data = substr(data, 1, 20)");
	assert_int_equal(store_weights_load(lab->s, c.sha256, back, 100),
			 STORE_DAMAGED);
	assert_store(lab, store_check(lab->s, report, NULL, &problems));
	assert_int_equal(problems, 2);
	assert_int_equal(reported, 3);
	/* A reference into nothing. */
	lab_sql(lab->path, "delete from run");
	assert_store(lab, store_check(lab->s, report, NULL, &problems));
	assert_int_equal(problems, 4);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_game),          lab_test(test_game_in_progress),
		lab_test(test_filters),       lab_test(test_paging),
		lab_test(test_starts),        lab_test(test_annotations),
		lab_test(test_replay),        lab_test(test_search),
		lab_test(test_transaction),   lab_test(test_data_version),
		lab_test(test_wrong_weights), lab_test(test_after),
		lab_test(test_tally),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
