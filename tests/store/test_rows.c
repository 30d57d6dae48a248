/* SPDX-License-Identifier: MIT */
/* What goes into the lab file comes out again: runs, checkpoints, metrics,
 * matches, jobs, studies. */
#include "config.h"

#include "tests/store/lab.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/job.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"
#include "store/store_int.h"
#include "store/study.h"

static const float weights[] = {0.5f, -1.25f, 3e-7f, 65504.0f, -0.0f};

static int64_t add_checkpoint(struct lab *lab, int64_t run, int64_t step,
			      const float *w, size_t count)
{
	struct store_checkpoint c = {
		.run_id = run,
		.step = step,
		.network = "tower filters=8 blocks=2",
		.games = step * 10,
		.samples = step * 640,
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
	};
	int64_t id = 0;

	assert_store(lab, store_checkpoint_add(lab->s, &c, w, count, &id));
	assert_int_not_equal(id, 0);
	return id;
}

static void test_run(void **state)
{
	struct lab *lab = *state;
	int64_t parent = lab_add_run(lab, "parent"), id = 0;
	int64_t from = add_checkpoint(lab, parent, 40, weights, 5);
	struct store_run in = {
		.name = "copy of \"c4\"; drop table run",
		.kind = "imitate",
		.game = "drop:rows=6,cols=7,line=4",
		.config = "lr = 0.01\nbatch = 64\n",
		.seed = UINT64_MAX - 1,
		.parent_checkpoint = from,
		.source = "policy:parent/40",
		.build = "0.1.0 gcc -O2",
		.host = "h\xc3\xbc"
			"gel",
		.status = "running",
		.created_ms = 1700000000123,
	};
	struct store_run out, *rows;
	size_t count;

	assert_store(lab, store_run_add(lab->s, &in, &id));
	lab_reopen(lab);
	assert_store(lab, store_run_get(lab->s, &lab->bag, id, &out));
	assert_string_equal(out.name, in.name);
	assert_string_equal(out.kind, in.kind);
	assert_string_equal(out.game, in.game);
	assert_string_equal(out.config, in.config);
	assert_true(out.seed == in.seed);
	assert_int_equal(out.parent_checkpoint, from);
	assert_string_equal(out.source, in.source);
	assert_string_equal(out.build, in.build);
	assert_string_equal(out.host, in.host);
	assert_string_equal(out.status, "running");
	assert_int_equal(out.created_ms, in.created_ms);
	assert_int_equal(out.checkpoints, 0);
	assert_int_equal(out.last_step, -1);
	assert_true(isnan(out.elo));

	assert_store(lab, store_run_set_status(lab->s, id, "done"));
	assert_store(lab, store_run_find(lab->s, &lab->bag, in.name, &out));
	assert_string_equal(out.status, "done");
	assert_store(lab, store_run_list(lab->s, &lab->bag, &rows, &count));
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].name, "parent"); /* newest first */
	assert_int_equal(rows[0].games, 400); /* those of its checkpoint */
	assert_int_equal(rows[0].games_stored, 0);
	assert_int_equal(rows[0].checkpoints, 1);
	assert_int_equal(rows[0].last_step, 40);
	assert_null(rows[0].source);
}

static void test_run_mistakes(void **state)
{
	struct lab *lab = *state;
	struct store_run r = {.name = "c4-deep", .kind = "train", .game = "g"};
	struct store_run out;

	lab_add_run(lab, "c4-deep");
	assert_int_equal(store_run_add(lab->s, &r, NULL), STORE_EXISTS);
	assert_contains(store_message(lab->s), "a run named c4-deep already");
	assert_int_equal(store_run_find(lab->s, &lab->bag, "c4-dep", &out),
			 STORE_NOTFOUND);
	assert_contains(store_message(lab->s), "did you mean c4-deep?");
	assert_int_equal(store_run_find(lab->s, &lab->bag, "zzz", &out),
			 STORE_NOTFOUND);
	assert_contains(store_message(lab->s), "list runs");
	assert_int_equal(store_run_get(lab->s, &lab->bag, 99, &out),
			 STORE_NOTFOUND);
	assert_int_equal(store_run_set_status(lab->s, 1, "asleep"),
			 STORE_REFUSED);
	r.name = "other";
	r.parent_checkpoint = 12345;
	assert_int_equal(store_run_add(lab->s, &r, NULL), STORE_NOTFOUND);
	r.parent_checkpoint = 0;
	r.game = NULL;
	assert_int_equal(store_run_add(lab->s, &r, NULL), STORE_REFUSED);
}

static void test_checkpoint(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4");
	int64_t a = add_checkpoint(lab, run, 10, weights, 5);
	int64_t b = add_checkpoint(lab, run, 20, weights, 5);
	struct store_checkpoint c, *rows;
	struct store_run r;
	float back[5];
	size_t count;

	assert_store(lab, store_checkpoint_rate(lab->s, a, 100.5, 90, 111));
	lab_reopen(lab);
	assert_store(lab, store_checkpoint_get(lab->s, &lab->bag, a, &c));
	assert_int_equal(c.step, 10);
	assert_int_equal(c.floats, 5);
	assert_int_equal(c.games, 100);
	assert_int_equal(c.samples, 6400);
	assert_string_equal(c.run, "c4");
	assert_true(c.elo == 100.5 && c.elo_low == 90 && c.elo_high == 111);
	assert_true(c.created_ms > 0);
	/* sha256sum of the twenty bytes, computed elsewhere */
	assert_string_equal(c.sha256,
			    "125ff8d5819730a03ddd35be78692471c8e8acbce92231e4"
			    "9b534a273ad62376");
	assert_store(lab, store_weights_load(lab->s, c.sha256, back, 5));
	assert_memory_equal(back, weights, sizeof(weights));

	assert_store(lab, store_checkpoint_at(lab->s, &lab->bag, run, 20, &c));
	assert_int_equal(c.id, b);
	assert_true(isnan(c.elo));
	assert_store(lab, store_checkpoint_latest(lab->s, &lab->bag, run, &c));
	assert_int_equal(c.id, b);
	assert_store(lab, store_checkpoint_list(lab->s, &lab->bag, run, &rows,
						&count));
	assert_int_equal(count, 2);
	assert_int_equal(rows[0].step, 10);
	/* The same weights are there once. */
	assert_string_equal(rows[0].sha256, rows[1].sha256);
	assert_store(lab, store_run_get(lab->s, &lab->bag, run, &r));
	assert_true(r.elo == 100.5);
	assert_int_equal(r.last_step, 20);

	assert_int_equal(store_checkpoint_at(lab->s, &lab->bag, run, 15, &c),
			 STORE_NOTFOUND);
	c = rows[0];
	assert_int_equal(store_checkpoint_add(lab->s, &c, weights, 5, NULL),
			 STORE_EXISTS);
	assert_contains(store_message(lab->s), "step 10 already");
	assert_int_equal(store_weights_load(lab->s, rows[0].sha256, back, 4),
			 STORE_FORMAT);
	assert_contains(store_message(lab->s), "5 numbers");
}

static void test_resume(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), step;
	static char big[300000];
	const void *data;
	size_t len;

	assert_int_equal(
		store_resume_load(lab->s, &lab->bag, run, &step, &data, &len),
		STORE_NOTFOUND);
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (char)(i * i >> 7);
	assert_store(lab, store_resume_save(lab->s, run, 3, "first", 5));
	assert_store(lab, store_resume_save(lab->s, run, 4, big, sizeof(big)));
	lab_reopen(lab);
	assert_store(lab, store_resume_load(lab->s, &lab->bag, run, &step,
					    &data, &len));
	assert_int_equal(step, 4);
	assert_int_equal(len, sizeof(big));
	assert_memory_equal(data, big, len);
	assert_store(lab, store_resume_drop(lab->s, run));
	assert_int_equal(
		store_resume_load(lab->s, &lab->bag, run, &step, &data, &len),
		STORE_NOTFOUND);
}

static void test_metric(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), other = lab_add_run(lab, "x");
	struct store_metric *rows;
	const char **names;
	size_t count;

	for (int step = 5; step > 0; step--) {
		struct store_metric m = {step, step * 10, step * 1000,
					 1.0 / step};

		assert_store(lab, store_metric_add(lab->s, run, "loss", &m));
		m.value = step == 3 ? (double)NAN : step;
		assert_store(lab, store_metric_add(lab->s, run, "elo", &m));
		assert_store(lab, store_metric_add(lab->s, other, "zeta", &m));
	}
	/* A step done again replaces what it said. */
	assert_store(lab,
		     store_metric_add(lab->s, run, "loss",
				      &(struct store_metric){2, 20, 9, 7}));
	assert_store(lab, store_metric_list(lab->s, &lab->bag, run, "loss", 2,
					    &rows, &count));
	assert_int_equal(count, 4);
	assert_int_equal(rows[0].step, 2);
	assert_int_equal(rows[0].time_ms, 9);
	assert_true(rows[0].value == 7);
	assert_int_equal(rows[3].step, 5);
	assert_int_equal(rows[3].games, 50);
	assert_store(lab, store_metric_list(lab->s, &lab->bag, run, "elo", 0,
					    &rows, &count));
	assert_int_equal(count, 4); /* NAN was left out */
	assert_store(lab, store_metric_names(lab->s, &lab->bag, run, &names,
					     &count));
	assert_int_equal(count, 2);
	assert_string_equal(names[0], "elo");
	assert_string_equal(names[1], "loss");
	assert_store(lab,
		     store_metric_names(lab->s, &lab->bag, 99, &names, &count));
	assert_int_equal(count, 0);
}

static void test_match(void **state)
{
	struct lab *lab = *state;
	struct store_match m = {
		.game = "connect4",
		.first = "mcts:c4/10,sims=100",
		.second = "random",
		.games = 2,
		.wins = 1,
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
		.seed = 3,
		.openings = "random:4",
		.step = -1,
	};
	struct store_match out, *rows;
	struct store_rating *ratings;
	const char **specs;
	size_t count;

	assert_store(lab, store_match_add(lab->s, &m, &m.id));
	m.games = 200;
	m.wins = 198;
	m.draws = 1;
	m.losses = 1;
	m.elo = 700;
	m.pairs = 100;
	m.distinct[3] = 1;
	m.distinct[4] = 40;
	assert_store(lab, store_match_update(lab->s, &m));
	assert_store(lab, store_match_get(lab->s, &lab->bag, m.id, &out));
	assert_int_equal(out.pairs, 100);
	assert_memory_equal(out.distinct, m.distinct, sizeof(m.distinct));
	assert_string_equal(out.first, m.first);
	assert_string_equal(out.second, "random");
	assert_string_equal(out.openings, "random:4");
	assert_int_equal(out.wins, 198);
	assert_true(out.elo == 700);
	assert_true(isnan(out.elo_low));
	assert_int_equal(out.step, -1);
	assert_store(lab,
		     store_match_list(lab->s, &lab->bag, 0, &rows, &count));
	assert_int_equal(count, 1);
	assert_store(lab, store_match_like(lab->s, &lab->bag, "c4/10", &rows,
					   &count));
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].wins, 198);
	assert_store(lab, store_match_like(lab->s, &lab->bag, "c4/11", &rows,
					   &count));
	assert_int_equal(count, 0);
	assert_store(lab, store_agent_list(lab->s, &lab->bag, &specs, &count));
	assert_int_equal(count, 2);
	assert_string_equal(specs[1], "random");

	for (int i = 0; i < 2; i++) {
		struct store_rating r = {
			.agent = "random",
			.game = "connect4",
			.elo = i,
			.elo_low = -10,
			.elo_high = 10,
			.games = 50,
			.score = 0.25,
			.linked = true,
		};

		assert_store(lab, store_rating_set(lab->s, &r));
		r.agent = m.first;
		r.elo = 700;
		r.score = (double)NAN;
		r.linked = false;
		assert_store(lab, store_rating_set(lab->s, &r));
	}
	assert_store(lab, store_rating_list(lab->s, &lab->bag, "connect4",
					    &ratings, &count));
	assert_int_equal(count, 2);
	assert_string_equal(ratings[0].agent, m.first);
	assert_true(isnan(ratings[0].score) && !ratings[0].linked);
	assert_true(ratings[1].elo == 1);
	assert_true(ratings[1].score == 0.25 && ratings[1].linked);
	assert_store(lab, store_rating_clear(lab->s, "go"));
	assert_store(lab, store_rating_clear(lab->s, "connect4"));
	assert_store(lab, store_rating_list(lab->s, &lab->bag, "mnk:3,3,3",
					    &ratings, &count));
	assert_int_equal(count, 0);
}

/* Both directions of a pair are one; one-player games and games against oneself
 * compare nothing. */
static void test_pairings(void **state)
{
	static const struct store_match played[] = {
		{.game = "go",
		 .first = "b",
		 .second = "a",
		 .games = 10,
		 .wins = 7,
		 .draws = 1,
		 .losses = 2},
		{.game = "go",
		 .first = "a",
		 .second = "b",
		 .games = 4,
		 .wins = 3,
		 .losses = 1},
		{.game = "go",
		 .first = "a",
		 .second = "a",
		 .games = 8,
		 .wins = 4,
		 .losses = 4},
		{.game = "go", .first = "c", .second = "a"},
		{.game = "chess",
		 .first = "a",
		 .second = "c",
		 .games = 2,
		 .draws = 2},
		{.game = "pacman", .first = "a", .games = 2, .wins = 2},
	};
	struct lab *lab = *state;
	struct store_match *rows;
	const char **games;
	size_t count;

	for (size_t i = 0; i < sizeof(played) / sizeof(*played); i++)
		assert_store(lab, store_match_add(lab->s, &played[i], NULL));
	assert_store(lab, store_match_list_met(lab->s, &lab->bag, "go", &rows,
					       &count));
	/* in the order in which they were played */
	assert_int_equal(count, 2);
	assert_string_equal(rows[0].first, "b");
	assert_string_equal(rows[0].second, "a");
	assert_string_equal(rows[1].first, "a");
	assert_int_equal(rows[0].games + rows[1].games, 14);
	assert_int_equal(rows[0].wins + rows[1].losses, 8);
	assert_store(lab,
		     store_pairing_games(lab->s, &lab->bag, &games, &count));
	assert_int_equal(count, 2);
	assert_string_equal(games[0], "chess");
	assert_string_equal(games[1], "go");
}

/* A one-player game: nobody is second, and points count. */
static void test_match_for_one(void **state)
{
	struct lab *lab = *state;
	struct store_match m = {
		.game = "pacman",
		.first = "random",
		.games = 1,
		.elo = (double)NAN,
		.elo_low = (double)NAN,
		.elo_high = (double)NAN,
		.points = 70,
		.points_low = (double)NAN,
		.points_high = (double)NAN,
		.step = -1,
	};
	struct store_match out;
	const char **specs;
	size_t count;

	assert_store(lab, store_match_add(lab->s, &m, &m.id));
	m.games = 2;
	m.points = 80;
	m.points_low = -47;
	m.points_high = 207;
	assert_store(lab, store_match_update(lab->s, &m));
	assert_store(lab, store_match_get(lab->s, &lab->bag, m.id, &out));
	assert_null(out.second);
	assert_true(out.points == 80 && out.points_low == -47 &&
		    out.points_high == 207);
	assert_true(isnan(out.elo));
	assert_store(lab, store_agent_list(lab->s, &lab->bag, &specs, &count));
	assert_int_equal(count, 1);
	assert_string_equal(specs[0], "random");
}

static void test_job(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), id = 0, buried;
	struct store_job j = {.kind = "train",
			      .command = "plyscope train connect4"};
	enum store_wanted wanted;
	struct store_job out, *rows;
	size_t count;

	assert_store(lab, store_job_add(lab->s, &j, &id));
	assert_store(lab, store_job_set_run(lab->s, id, run));
	assert_store(lab, store_job_beat(lab->s, id, STORE_JOB_RUNNING, 5, 100,
					 "playing", &wanted));
	assert_int_equal(wanted, STORE_WANT_RUN);
	assert_store(lab, store_job_want(lab->s, id, STORE_WANT_PAUSE));
	assert_store(lab, store_job_beat(lab->s, id, STORE_JOB_PAUSED, 6, 100,
					 NULL, &wanted));
	assert_int_equal(wanted, STORE_WANT_PAUSE);
	assert_store(lab, store_job_get(lab->s, &lab->bag, id, &out));
	assert_string_equal(out.message, "playing");
	assert_string_equal(out.run, "c4");
	assert_string_equal(out.command, j.command);
	assert_int_equal(out.pid, getpid());
	assert_int_equal(out.state, STORE_JOB_PAUSED);
	assert_true(out.done == 6 && out.total == 100);
	assert_int_equal(out.life, STORE_LIFE_ALIVE);
	assert_store(lab, store_job_bury(lab->s, &buried));
	assert_int_equal(buried, 0);
	assert_store(lab,
		     store_job_end(lab->s, id, STORE_JOB_DONE, "100 games"));
	assert_store(lab, store_job_list(lab->s, &lab->bag, run, true, &rows,
					 &count));
	assert_int_equal(count, 0);
	assert_store(lab, store_job_list(lab->s, &lab->bag, 0, false, &rows,
					 &count));
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].life, STORE_LIFE_ENDED);
	assert_string_equal(rows[0].message, "100 games");
	assert_int_equal(store_job_want(lab->s, 77, STORE_WANT_STOP),
			 STORE_NOTFOUND);
}

/* A job whose process has gone without a word. */
static void test_job_dead(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), buried;
	struct store_job *rows;
	struct store_run r;
	size_t count;
	pid_t pid;
	int status;

	assert_store(lab, store_run_set_status(lab->s, run, "running"));
	pid = fork();
	if (pid == 0) {
		struct store_job j = {.kind = "train", .run_id = run};
		struct store *s;

		if (store_open(lab->path, 0, &s, NULL) != STORE_OK ||
		    store_job_add(s, &j, NULL) != STORE_OK)
			_exit(1);
		_exit(0);
	}
	assert_true(pid > 0);
	/* It has ended, but nobody has asked: a zombie is dead, too. */
	assert_int_equal(waitid(P_PID, (id_t)pid, NULL, WEXITED | WNOWAIT), 0);
	assert_store(lab, store_job_list(lab->s, &lab->bag, run, true, &rows,
					 &count));
	assert_int_equal(count, 1);
	assert_int_equal(rows[0].life, STORE_LIFE_DEAD);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);

	/* The number alone does not prove it: somebody else has it now. */
	lab_sql(lab->path,
		"insert into job select 50, kind, run_id, command,"
		" 1, host, boot, started, wanted, state, done, total,"
		" message, created_ms, heartbeat_ms from job");
	lab_sql(lab->path, "insert into job select 51, kind, null, command,"
			   " pid, 'elsewhere', 'b', started, wanted, state,"
			   " done, total, message, created_ms, heartbeat_ms"
			   " from job where id = 50");
	lab_sql(lab->path, "insert into job select 52, kind, null, command,"
			   " pid, 'elsewhere', 'b', started, wanted, state,"
			   " done, total, message, created_ms,"
			   " heartbeat_ms - 5 * 60000 - 1 from job"
			   " where id = 50");
	assert_store(lab,
		     store_job_list(lab->s, &lab->bag, 0, true, &rows, &count));
	assert_int_equal(count, 4);
	assert_int_equal(rows[0].life, STORE_LIFE_DEAD); /* far, silent */
	assert_int_equal(rows[1].life, STORE_LIFE_FAR);
	assert_int_equal(rows[2].life, STORE_LIFE_DEAD);
	assert_store(lab, store_job_bury(lab->s, &buried));
	assert_int_equal(buried, 3);
	assert_store(lab, store_job_list(lab->s, &lab->bag, run, false, &rows,
					 &count));
	assert_int_equal(rows[0].state, STORE_JOB_FAILED);
	assert_string_equal(rows[0].message, "its process is gone");
	assert_store(lab, store_run_get(lab->s, &lab->bag, run, &r));
	assert_string_equal(r.status, "stopped");
}

/* A host that was given another name is still this one; and who was taken for
 * dead, or lost the run, stops. */
static void test_job_renamed(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), mine, other, buried;
	struct store_job j = {.kind = "train", .run_id = run}, out;
	enum store_wanted wanted;

	assert_store(lab, store_job_add(lab->s, &j, &mine));
	lab_sql(lab->path, "update job set host = 'renamed', heartbeat_ms = 1");
	assert_store(lab, store_job_get(lab->s, &lab->bag, mine, &out));
	assert_int_equal(out.life, STORE_LIFE_ALIVE);
	assert_store(lab, store_job_bury(lab->s, &buried));
	assert_int_equal(buried, 0);

	assert_store(lab, store_job_add(lab->s, &j, &other));
	assert_store(lab, store_job_take_over(lab->s, run, other));
	assert_store(lab, store_job_beat(lab->s, other, STORE_JOB_RUNNING, 1, 2,
					 NULL, &wanted));
	assert_int_equal(wanted, STORE_WANT_RUN);
	assert_store(lab, store_job_beat(lab->s, mine, STORE_JOB_RUNNING, 1, 2,
					 NULL, &wanted));
	assert_int_equal(wanted, STORE_WANT_STOP);
	assert_store(lab, store_job_get(lab->s, &lab->bag, mine, &out));
	assert_int_equal(out.state, STORE_JOB_FAILED);
	assert_contains(out.message, "taken over");
}

/* The life of the job when its row says so; `set` is what SQL sets. */
static enum store_job_life life_of(struct lab *lab, int64_t id, const char *set)
{
	struct store_job out;
	char sql[400];

	snprintf(sql, sizeof(sql), "update job set %s where id = %lld", set,
		 (long long)id);
	lab_sql(lab->path, sql);
	assert_store(lab, store_job_get(lab->s, &lab->bag, id, &out));
	return out.life;
}

/* Names of hosts that change and that containers share, clocks that go wrong,
 * rows of before there were namespaces in them, and rows that nobody wrote. */
static void test_job_of_other_hosts(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), mine, id;
	struct store_job j = {.kind = "train", .run_id = run};

#define LIFE(set) life_of(lab, id, set)
	assert_store(lab, store_job_add(lab->s, &j, &mine));
	assert_int_equal(mine, 1);
	assert_store(lab, store_job_add(lab->s, &j, &id));
	assert_int_equal(LIFE("host = host"), STORE_LIFE_ALIVE);
	/* a row of before */
	assert_int_equal(LIFE("boot = substr(boot, 1, 36)"), STORE_LIFE_ALIVE);
	assert_int_equal(LIFE("started = started + 1"), STORE_LIFE_DEAD);
	assert_int_equal(LIFE("host = 'renamed'"), STORE_LIFE_FAR);
	assert_int_equal(LIFE("heartbeat_ms = heartbeat_ms - 5 * 60000 - 1"),
			 STORE_LIFE_DEAD);

	/* gone, and this host has another name by now: nobody waits */
	assert_store(lab, store_job_add(lab->s, &j, &id));
	assert_int_equal(LIFE("host = 'renamed', started = started + 1"),
			 STORE_LIFE_DEAD);
	/* in another container of this name, which cannot be looked into */
	assert_int_equal(
		LIFE("host = (select host from job where id = 1), boot = boot"
		     " || '1'"),
		STORE_LIFE_FAR);
	assert_int_equal(LIFE("host = 'renamed'"), STORE_LIFE_FAR);
	assert_int_equal(LIFE("heartbeat_ms = heartbeat_ms - 5 * 60000 - 1"),
			 STORE_LIFE_DEAD);

	/* an hour ahead, as clocks are; a year; and for ever */
	assert_int_equal(LIFE("heartbeat_ms = (strftime('%s', 'now') + 3600)"
			      " * 1000"),
			 STORE_LIFE_FAR);
	assert_int_equal(LIFE("heartbeat_ms = (strftime('%s', 'now') +"
			      " 31536000) * 1000"),
			 STORE_LIFE_DEAD);
	assert_int_equal(LIFE("heartbeat_ms = 9007199254740992"),
			 STORE_LIFE_DEAD);

	/* no process has such a number; no boot has such a name */
	assert_store(lab, store_job_add(lab->s, &j, &id));
	assert_int_equal(LIFE("pid = -1"), STORE_LIFE_DEAD);
	assert_int_equal(LIFE("pid = 9223372036854775807"), STORE_LIFE_DEAD);
	assert_int_equal(LIFE("boot = ''"), STORE_LIFE_DEAD);
	assert_int_equal(LIFE("boot = '/'"), STORE_LIFE_DEAD);
	assert_int_equal(LIFE("host = printf('%.*c', 5000, 'x'), boot ="
			      " printf('%.*c', 5000, '/')"),
			 STORE_LIFE_FAR);
#undef LIFE
}

static void test_notes(void **state)
{
	struct lab *lab = *state;
	int64_t run = lab_add_run(lab, "c4"), id = 0, problems;
	struct store_note n = {
		.subject = "run", .subject_id = run, .text = "the good one"};
	struct store_note *notes;
	const char **tags;
	size_t count;

	assert_store(lab, store_note_add(lab->s, &n, &id));
	assert_store(lab, store_tag_set(lab->s, "run", run, "keep", true));
	assert_store(lab, store_tag_set(lab->s, "run", run, "keep", true));
	assert_store(lab, store_tag_set(lab->s, "run", run, "best", true));
	assert_store(lab, store_tag_set(lab->s, "run", run, "gone", false));
	assert_store(lab, store_note_list(lab->s, &lab->bag, "run", run, &notes,
					  &count));
	assert_int_equal(count, 1);
	assert_string_equal(notes[0].text, "the good one");
	assert_store(lab, store_tag_list(lab->s, &lab->bag, "run", run, &tags,
					 &count));
	assert_int_equal(count, 2);
	assert_string_equal(tags[0], "best");
	assert_store(lab, store_note_remove(lab->s, id));
	assert_int_equal(store_note_remove(lab->s, id), STORE_NOTFOUND);
	n.subject = "weather";
	assert_int_equal(store_note_add(lab->s, &n, NULL), STORE_REFUSED);
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 0);
	assert_store(lab, store_tag_set(lab->s, "game", 12, "lost", true));
	assert_store(lab, store_check(lab->s, NULL, NULL, &problems));
	assert_int_equal(problems, 1);
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, lab_setup, lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		lab_test(test_run),
		lab_test(test_run_mistakes),
		lab_test(test_checkpoint),
		lab_test(test_resume),
		lab_test(test_metric),
		lab_test(test_match),
		lab_test(test_match_for_one),
		lab_test(test_pairings),
		lab_test(test_job),
		lab_test(test_job_dead),
		lab_test(test_job),
		lab_test(test_job_renamed),
		lab_test(test_job_of_other_hosts),

		lab_test(test_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
