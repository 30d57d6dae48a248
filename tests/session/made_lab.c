/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "tests/session/made_lab.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "store/game.h"
#include "store/match.h"
#include "store/run.h"
#include "store/store.h"

enum { FIGURES = 200, STEPS_APART = 64, GAMES_APART = 50 };

#define ok(call) assert_int_equal(call, STORE_OK)

static const int64_t start_ms = 1795392000000 - 2 * 3600 * 1000;

void made_lab_metric(struct made_lab *f, int64_t run, const char *name,
		     int64_t step, double value)
{
	struct store_metric m = {.step = step,
				 .games = step * GAMES_APART / STEPS_APART,
				 .time_ms = step * 100,
				 .value = value};

	ok(store_metric_add(lab_store(f->lab), run, name, &m));
}

/* Noise whose every bit is known. */
static double noise(unsigned *hash)
{
	*hash = *hash * 1664525u + 1013904223u;
	return (double)(*hash >> 16) / 65536 - 0.5;
}

static void add_figures(struct made_lab *f, int64_t run, double pace)
{
	unsigned hash = (unsigned)run;

	for (int i = 0; i < FIGURES; i++) {
		double fall = exp(-i * pace / 40);
		int64_t step = (int64_t)i * STEPS_APART;

		made_lab_metric(f, run, "loss.policy", step,
				1.1 + 0.8 * fall + 0.1 * noise(&hash));
		made_lab_metric(f, run, "loss.value", step,
				0.6 + 0.4 * fall + 0.05 * noise(&hash));
		made_lab_metric(f, run, "kl", step,
				0.05 + 0.6 * fall + 0.03 * noise(&hash));
		made_lab_metric(f, run, "entropy", step,
				0.9 + fall + 0.1 * noise(&hash));
		made_lab_metric(f, run, "length", step,
				30 - 8 * fall + 2 * noise(&hash));
		made_lab_metric(f, run, "first_score", step,
				0.55 + 0.1 * (1 - fall) + 0.05 * noise(&hash));
		made_lab_metric(f, run, "games_per_second", step,
				20 + noise(&hash));
		made_lab_metric(f, run, "rate", step,
				0.01 * (1 + cos(i * 3.14159265 / FIGURES)));
		made_lab_metric(f, run, "odd.figure", step, i % 7);
	}
}

static int64_t add_checkpoint(struct made_lab *f, int64_t run, int64_t step,
			      double elo)
{
	float weights[32] = {(float)step, (float)run};
	struct store_checkpoint c = {
		.run_id = run,
		.step = step,
		.network = "tower:filters=32,blocks=4",
		.games = step * GAMES_APART / STEPS_APART,
		.samples = step * 256,
		.created_ms = start_ms + step * 100,
		.elo = elo,
		.elo_low = elo - 60,
		.elo_high = elo + 70,
	};
	int64_t id;

	ok(store_checkpoint_add(lab_store(f->lab), &c, weights, 32, &id));
	return id;
}

static int64_t add_run(struct made_lab *f, const char *name, const char *kind,
		       const char *status, const char *source,
		       int64_t created_ms)
{
	struct store_run r = {
		.name = name,
		.kind = kind,
		.game = MADE_LAB_C4,
		.config = "filters = 32\nblocks = 4\nsimulations = 32\n",
		.seed = 1,
		.source = source,
		.build = "plyscope, a compiler",
		.host = "host",
		.status = status,
		.created_ms = created_ms,
	};
	int64_t id;

	ok(store_run_add(lab_store(f->lab), &r, &id));
	/* its screens do not ask what is in it */
	ok(store_resume_save(lab_store(f->lab), id, 0, "x", 1));
	return id;
}

/* Games of a match, won by the first agent but for every ninth. */
static void add_match_games(struct made_lab *f, const struct store_match *m,
			    int64_t match_id)
{
	for (int i = 0; i < 40; i++) {
		char moves[] = "1213141"; /* no two games alike */
		double result = i % 9 == 4 ? -1 : i % 9 == 7 ? 0 : 1;
		bool began = i % 2 == 0;
		struct store_game g = {
			.match_id = match_id,
			.game = m->game,
			.first = began ? m->first : m->second,
			.second = began ? m->second : m->first,
			.moves = moves,
			.plies = 7,
			.result = began ? result : -result,
			.score = (double)NAN,
			.ended = "rules",
			.purpose = "match",
			.step = -1,
			.created_ms = start_ms,
		};
		int64_t id;

		moves[1] = (char)('2' + i % 6);
		moves[5] = (char)('2' + i / 6 % 6);
		moves[3] = (char)('2' + i / 36);
		ok(store_game_add(lab_store(f->lab), &g, &id));
	}
}

static void fill(struct made_lab *f)
{
	struct store *s = lab_store(f->lab);
	int64_t c4, copy;
	struct store_match m = {
		.game = MADE_LAB_C4,
		.first = "policy:c4/6400",
		.second = "random",
		.games = 100,
		.wins = 97,
		.draws = 1,
		.losses = 2,
		.elo = 540,
		.elo_low = 380,
		.elo_high = 800,
		.seed = 1,
		.step = -1,
		.created_ms = start_ms,
	};
	int64_t id;

	ok(store_begin(s));
	c4 = add_run(f, "c4", "train", "stopped", NULL, start_ms);
	copy = add_run(f, "c4-copy", "imitate", "done", "policy:c4/6400",
		       start_ms + 3600 * 1000);
	add_run(f, "fresh", "train", "new", NULL, start_ms + 7000 * 1000);
	add_figures(f, c4, 1);
	add_figures(f, copy, 3);
	for (int k = 0; k < 8; k++) {
		int64_t step = k ? 100 << (k - 1) : 0;
		double elo = k ? 150.0 * k : 0;

		add_checkpoint(f, c4, step, elo);
		made_lab_metric(f, c4, "elo", step, elo);
		made_lab_metric(f, c4, "elo.low", step, elo - 60);
		made_lab_metric(f, c4, "elo.high", step, elo + 70);
		made_lab_metric(f, c4, "grade.class", step, 1 - 0.6 / (k + 1));
		made_lab_metric(f, c4, "grade.score", step, 1 - 0.8 / (k + 1));
	}
	add_checkpoint(f, copy, 0, (double)NAN);
	add_checkpoint(f, copy, 12000, (double)NAN);
	for (int k = 0; k < 10; k++) {
		made_lab_metric(f, copy, "heldout.agree", k * 1200,
				0.9 - 0.8 / (k + 1));
		made_lab_metric(f, copy, "heldout.kl", k * 1200, 1.0 / (k + 1));
	}
	ok(store_match_add(s, &m, &id));
	add_match_games(f, &m, id);
	ok(store_commit(s));
}

void made_lab_match(struct made_lab *f, const char *game, const char *first,
		    const char *second, int wins, int draws, int losses)
{
	struct store_match m = {.game = game,
				.first = first,
				.second = second,
				.games = wins + draws + losses,
				.wins = wins,
				.draws = draws,
				.losses = losses,
				.elo = (double)NAN,
				.elo_low = (double)NAN,
				.elo_high = (double)NAN,
				.step = -1,
				.created_ms = 1795391000000};
	int64_t id;

	assert_int_equal(store_match_add(lab_store(f->lab), &m, &id), STORE_OK);
}

void made_lab_pool(struct made_lab *f)
{
	char spec[64], last[64] = "random";

	assert_int_equal(store_begin(lab_store(f->lab)), STORE_OK);
	for (int k = 0; k < 8; k++) {
		snprintf(spec, sizeof(spec), "policy:c4/%d",
			 k ? 100 << (k - 1) : 0);
		made_lab_match(f, MADE_LAB_C4, spec, last, 60, 10, 30);
		strcpy(last, spec);
	}
	made_lab_match(f, MADE_LAB_C4, "mcts:c4/6400,sims=64", "policy:c4/6400",
		       30, 5, 5);
	made_lab_match(f, MADE_LAB_C4, "mcts:c4/800,sims=64", "policy:c4/800",
		       30, 5, 5);
	made_lab_match(f, MADE_LAB_C4, "policy:c4-copy/12000", "policy:c4/6400",
		       40, 10, 50);
	made_lab_match(f, MADE_LAB_C4, "policy:c4/200", "tactical", 25, 5, 10);
	made_lab_match(f, MADE_LAB_C4, "tactical", "random", 30, 5, 5);
	made_lab_match(f, MADE_LAB_C4, "tactical", "random", 25, 5, 10);
	made_lab_match(f, MADE_LAB_C4, "mcts:uniform,sims=9",
		       "mcts:uniform,sims=8", 5, 0, 3);
	assert_int_equal(store_commit(lab_store(f->lab)), STORE_OK);
}

void made_lab_open(struct made_lab *f)
{
	struct err e = ERR_INIT;
	int fd;

	memset(f, 0, sizeof(*f));
	setenv("PLYSCOPE_TEST_TIME", MADE_LAB_NOW, 1);
	setenv("TZ", "UTC", 1);
	snprintf(f->path, sizeof(f->path), "/tmp/plyscope-test-XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	unlink(f->path); /* the name is ours; the lab makes the file */
	if (lab_open(&f->lab, f->path, LAB_CREATE, &e))
		fail_msg("%s", e.msg);
	fill(f);
}

void made_lab_close(struct made_lab *f)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	char path[80];

	lab_close(f->lab);
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s%s", f->path, ends[i]);
		unlink(path);
	}
}

int64_t made_lab_run(struct made_lab *f, const char *name)
{
	struct store_bag bag = {0};
	struct store_run r;

	ok(store_run_find(lab_store(f->lab), &bag, name, &r));
	store_bag_release(&bag);
	return r.id;
}

struct made_lab made_lab;

int made_lab_set_up(void **state)
{
	(void)state;
	made_lab_open(&made_lab);
	return 0;
}

int made_lab_tear_down(void **state)
{
	(void)state;
	made_lab_close(&made_lab);
	return 0;
}
