/* SPDX-License-Identifier: MIT */
/*
 * How long each screen takes to open, and its keys to show their effect, on a
 * lab of any size: the real app on a canvas, without a terminal.
 *
 *	make -C build tests/bench/lab_times
 *	build/tests/bench/lab_times LAB [WORD]
 *
 * for a lab that tests/bench/big_lab made; WORD: only screens whose line has
 *it. A figure is the time from the key to the finished frame; where work goes
 *on behind it, "then" is when the screen has all of it.  Prints milliseconds,
 * medians of ROUNDS; judges nothing.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/lab/lab.h"
#include "tui/app_run.h"
#include "tui/canvas.h"
#include "tui/script.h"

enum { ROUNDS = 5, STEPS = 8 };

/* A screen with its argument; then keys, each a line of a script. */
static const struct tour {
	const char *open;
	const char *keys[STEPS];
} tours[] = {
	{"home", {"key Tab", "key End", "key q"}},
	{"runs", {"key End", "key Home", "key PgDn"}},
	{"run big-01", {"key End", "key i"}},
	{"run big-07", {"key End", "key Home"}},
	{"checkpoints big-07", {"key End", "key Home", "key PgDn"}},
	{"checkpoint big-07/20000", {"key Right", "key Left"}},
	{"checkpoint c4/latest", {"key Left"}},
	{"games", {"key End", "key PgUp", "key Home", "key PgDn", "key r"}},
	{"games run=big-07", {"key End", "key PgUp", "key Home", "key PgDn"}},
	{"games agent=big-07/20000", {"key End", "key Home", "key PgDn"}},
	{"games run=big-01", {"key End", "key Home", "key PgDn"}},
	{"games agent=big-07", {"key End", "key Home", "key PgDn"}},
	{"games agent=nobody", {"key End"}},
	{"games result=draw", {"key End", "key Home", "key PgDn"}},
	{"games result=first", {"key End", "key Home", "key PgDn"}},
	{"games result=unfinished", {"key End", "key Home"}},
	{"games purpose=selfplay", {"key End", "key Home", "key PgDn"}},
	{"games purpose=match", {"key End", "key Home", "key PgDn"}},
	{"games run=big-07 result=draw", {"key End", "key Home"}},
	{"games run=big-07 step=100..200", {"key End", "key Home"}},
	{"games step=100..200", {"key End", "key Home"}},
	{"games game=connect4", {"key End", "key Home", "key PgDn"}},
	{"games traces=yes", {"key End", "key Home", "key PgDn"}},
	{"games match=1000", {"key End", "key Home"}},
	{"games order=oldest", {"key End", "key Home", "key PgDn"}},
	{"games", {"key f", "type run=big-03", "key Enter", "key F"}},
	{"game 1500000", {"key End", "key Home"}},
	{"search 2000000", {"key End"}},
	{"matches", {"key End", "key Home", "key PgDn"}},
	{"score 4000", {"key Down"}},
	{"leaderboard", {"key End", "key Home", "key PgDn", "key x"}},
	{"jobs", {"key End"}},
	{"newgame", {"key Down"}},
	{"newwatch", {"key Down"}},
	{"play policy:big-07/latest", {"key ?"}},
	{"match", {"key Down"}},
	{"match policy:big-07/20000", {"key Down"}},
	{"train", {"key Down"}},
	{"imitate", {"key Down"}},
	{"imitate policy:big-07/20000", {"key Down"}},
	{"position connect4", {"key Down", "key a"}},
	{"live", {"key Down"}},
	{"help home", {"key End"}},
	{"studies", {"key Down"}},
	{"study big/desk", {"key Tab", "key End", "key Down", "key r"}},
};

struct figure {
	double first[ROUNDS], cpu[ROUNDS], whole[ROUNDS];
};

static double now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *ms)
{
	qsort(ms, ROUNDS, sizeof(*ms), by_size);
	return ms[ROUNDS / 2];
}

/* One line of a script, to the first frame and to the last of its work. */
static bool timed(struct script *s, const char *line, struct figure *f,
		  int round)
{
	struct err e = ERR_INIT;
	double begun = now_ms(CLOCK_MONOTONIC);
	double worked = now_ms(CLOCK_THREAD_CPUTIME_ID);

	if (script_line(s, line, &e) != ERR_OK) {
		printf("%-34s %s\n", line, e.msg);
		return false;
	}
	if (s->quit)
		return false;
	if (app_dirty(s->app))
		app_draw(s->app, &s->canvas);
	f->first[round] = now_ms(CLOCK_MONOTONIC) - begun;
	f->cpu[round] = now_ms(CLOCK_THREAD_CPUTIME_ID) - worked;
	if (app_busy(s->app) && script_line(s, "wait idle", &e) != ERR_OK)
		return false;
	f->whole[round] = now_ms(CLOCK_MONOTONIC) - begun;
	return true;
}

static void report(const char *open, const char *key, struct figure *f)
{
	double first = median(f->first), whole = median(f->whole);

	printf("%-34s %-18s %8.1f ms %8.1f", key ? "" : open,
	       key ? key : "(opens)", first, median(f->cpu));
	if (whole > first + 1)
		printf("   then %8.1f ms", whole);
	printf("\n");
}

static void take(const char *path, const struct tour *t)
{
	static struct figure open, keys[STEPS];
	int count = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct err e = ERR_INIT;
		struct script s;
		struct lab *lab;
		struct app *app;
		char line[128];

		/* As in a new process: nothing of the file is in memory but
		 * what the system keeps. */
		if (lab_open(&lab, path, 0, &e) != ERR_OK) {
			fprintf(stderr, "%s\n", e.msg);
			exit(1);
		}
		app = app_new(lab);
		script_init(&s, app, 24, 80);
		if (app_open(app, "home", "", &e) != ERR_OK)
			printf("home: %s\n", e.msg);
		snprintf(line, sizeof(line), "open %s", t->open);
		count = 0;
		if (timed(&s, line, &open, round)) {
			while (count < STEPS && t->keys[count] &&
			       timed(&s, t->keys[count], &keys[count], round))
				count++;
		} else {
			round = ROUNDS;
		}
		script_release(&s);
		app_free(app);
		lab_close(lab);
		if (round == ROUNDS)
			return;
	}
	report(t->open, NULL, &open);
	for (int i = 0; i < count; i++)
		report(t->open, t->keys[i], &keys[i]);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s LAB [WORD]\n", argv[0]);
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(tours); i++)
		if (argc < 3 || strstr(tours[i].open, argv[2]))
			take(argv[1], &tours[i]);
	return 0;
}
