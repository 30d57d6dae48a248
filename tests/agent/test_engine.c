/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/agent/agent.h"
#include "core/agent/command.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/rate/match.h"

/*
 * Programs that misbehave, played by tests/agent/fake_engine.sh: each costs one
 * game, says why, and leaves no process behind.
 */
static struct game go5, chess, connect4;
static char pids_path[] = "/tmp/plyscope-engine-XXXXXX";

static int setup(void **state)
{
	const char *top = getenv("top_srcdir");
	int fd = mkstemp(pids_path);

	(void)state;
	if (fd < 0 || (top && chdir(top)))
		return 1;
	close(fd);
	setenv("FAKE_PIDS", pids_path, 1);
	return game_init(&go5, "go:size=5", NULL) ||
	       game_init(&chess, "chess", NULL) ||
	       game_init(&connect4, "connect4", NULL);
}

static int teardown(void **state)
{
	(void)state;
	return unlink(pids_path);
}

/* No child of ours, and nobody in the groups of those that there were. */
static void assert_nobody_left(void)
{
	FILE *f = fopen(pids_path, "r");
	long pid;

	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_non_null(f);
	while (fscanf(f, "%ld", &pid) == 1) {
		/* Killed already; its orphans are reaped by somebody else. */
		while (!kill(-(pid_t)pid, 0))
			usleep(1000);
		assert_int_equal(errno, ESRCH);
	}
	fclose(f);
	assert_int_equal(truncate(pids_path, 0), 0);
}

static struct agent *opened(const char *kind, const char *settings,
			    const struct game *g)
{
	char *spec = mem_printf("engine:sh tests/agent/fake_engine.sh %s%s",
				kind, settings);
	struct err e = ERR_INIT;
	struct agent *a;

	if (agent_open(&a, spec, g, NULL, &e))
		fail_msg("%s: %s", spec, e.msg);
	assert_string_equal(agent_name(a), spec);
	free(spec);
	return a;
}

static void think(const char *kind, const char *settings, const struct game *g,
		  const char *expected)
{
	struct agent *a = opened(kind, settings, g);
	void *s = game_state_new(g, 0);
	struct thought t;

	agent_line(a, NULL, 0);
	agent_think(a, s, 1, 1, 0, NULL, &t);
	assert_string_equal(t.forfeit, expected);
	thought_release(&t);
	agent_close(a);
	free(s);
	assert_nobody_left();
}

static void test_moves(void **state)
{
	(void)state;
	think("good", "", &go5, "");
	think("good", "", &chess, "");
	think("good", ",level=3", &chess, "");
	think("good", ",level=3", &go5, "");
	/* Neither "quit" nor the end of its input ends it. */
	think("deaf", "", &go5, "");
	think("deaf", "", &chess, "");
}

static void test_forfeits(void **state)
{
	static const struct {
		const char *kind, *go, *chess;
	} rows[] = {
		{"hang", "sh gave no answer within 0.8 s", NULL},
		{"flood", "sh gave no answer within 0.8 s", NULL},
		{"endless", "sh gave no answer within 0.8 s", NULL},
		{"partial", "sh gave no answer within 0.8 s", NULL},
		{"die", "sh ended in the middle of the game", NULL},
		{"illegal", "sh answered 'z99', which is not a legal move here",
		 NULL},
		{"nothing", "sh answered '', which is not a legal move here",
		 "sh answered without a move"},
		{"nonsense", "sh answered 'no', which is not a legal move here",
		 NULL},
		{"resign", "sh resigned",
		 "sh answered 'resign', which is not a legal move here"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		think(rows[i].kind, ",time=0.8", &go5, rows[i].go);
		think(rows[i].kind, ",time=0.8", &chess,
		      rows[i].chess ? rows[i].chess : rows[i].go);
	}
}

/* Levels are the program's own, below 0 too. */
static void test_levels(void **state)
{
	(void)state;
	setenv("FAKE_LEAST", "-20", 1);
	think("good", ",level=-20", &chess, "");
	think("good", ",level=-1", &chess, "");
	unsetenv("FAKE_LEAST");
}

/* Is there nothing but a pass at `s`? */
static bool must_pass(const struct game *g, const void *s)
{
	game_move legal[64];

	return g->rules->to_act(g, s) >= 0 &&
	       g->rules->legal(g, s, legal) == 1 &&
	       g->rules->move_cell(g, s, legal[0]) < 0;
}

/* A game with a forced pass, found by playing at random: how many moves come
 * before it. */
static int find_pass(const struct game *g, game_move *line)
{
	game_move scratch[64];
	struct rng r;

	for (uint64_t seed = 0;; seed++) {
		void *s = game_state_new(g, 0);
		int n = 0;

		rng_init(&r, seed, RNG_TEST, 0, 0);
		while (g->rules->to_act(g, s) >= 0 && !must_pass(g, s)) {
			line[n] = game_random_move(g, s, &r, scratch);
			g->rules->apply(g, s, line[n++]);
		}
		if (must_pass(g, s)) {
			g->rules->legal(g, s, scratch);
			line[n] = scratch[0];
			free(s);
			return n;
		}
		free(s);
	}
}

/* Programs for Othello may pass by themselves and refuse to be told. */
static void test_forced_pass(void **state)
{
	game_move line[64], legal[64];
	char text[GAME_TEXT_SIZE];
	struct agent *a;
	struct game g;
	struct thought t;
	void *s;
	int n;

	(void)state;
	assert_int_equal(game_init(&g, "othello:size=4", NULL), ERR_OK);
	s = game_state_new(&g, 0);
	n = find_pass(&g, line);
	for (int i = 0; i < n; i++)
		g.rules->apply(&g, s, line[i]);
	setenv("FAKE_MOVE", "a1-is-not-asked", 1);
	a = opened("nopass", "", &g);
	agent_line(a, line, n);
	agent_think(a, s, 1, 1, n, NULL, &t);
	assert_string_equal(t.forfeit, "");
	assert_int_equal(t.move, line[n]);
	thought_release(&t);
	agent_close(a);
	/* The other's pass is told, refused, and forgiven. */
	g.rules->apply(&g, s, line[n]);
	g.rules->legal(&g, s, legal);
	g.rules->move_text(&g, s, legal[0], text);
	setenv("FAKE_MOVE", text, 1);
	a = opened("nopass", "", &g);
	agent_line(a, line, n + 1);
	agent_think(a, s, 1, 1, n + 1, NULL, &t);
	assert_string_equal(t.forfeit, "");
	assert_int_equal(t.move, legal[0]);
	thought_release(&t);
	agent_close(a);
	free(s);
	assert_nobody_left();
}

static void refused(const char *spec, const struct game *g, const char *why)
{
	struct err e = ERR_INIT;
	struct agent *a;

	assert_int_not_equal(agent_open(&a, spec, g, NULL, &e), ERR_OK);
	assert_null(a);
	if (!strstr(e.msg, why))
		fail_msg("%s: '%s' does not say '%s'", spec, e.msg, why);
	assert_nobody_left();
}

static void test_refusals(void **state)
{
#define FAKE "engine:sh tests/agent/fake_engine.sh "

	(void)state;
	refused("engine:no-such-program-here", &chess, "there is no program");
	refused("engine:", &chess, "write the command");
	refused("engine:\"sh", &chess, "quotes closed");
	refused("engine:/dev/null", &chess, "there is no program");
	refused(FAKE "mute,time=0.3", &chess, "does not speak UCI");
	refused(FAKE "mute,time=0.3", &go5, "does not speak GTP");
	refused(FAKE "gone", &chess, "does not speak UCI");
	refused(FAKE "gone", &go5, "does not speak GTP");
	refused(FAKE "good,level=21", &chess,
		"has no level=21: its Skill Level goes from 0 to 20");
	refused(FAKE "good,levle=2", &chess, "did you mean 'level'");
	refused(FAKE "good,nodes=5", &go5, "is for programs that speak UCI");
	refused(FAKE "good,movetime=9,time=3", &go5, "must be less");
}

/* A match goes on after each forfeit, with a new process for each game. */
struct scores {
	int games, reasons;
};

static void on_game(void *ctx, const struct match_game *g)
{
	struct scores *t = ctx;

	t->games++;
	t->reasons += !strcmp(g->ended, "sh ended in the middle of the game");
	assert_true(g->result == -1);
	assert_true(g->first_result == (g->first == 0 ? -1 : 1));
}

static void test_match_goes_on(void **state)
{
	const struct match_openings openings = {0};
	const struct match_request m = {
		.game = &go5,
		.agents = {FAKE "die", "random"},
		.openings = &openings,
		.games = 4,
		.seed = 1,
	};
	struct pool *pool = pool_new(2);
	struct match_result r;
	struct scores t = {0};
	struct err e = ERR_INIT;

	(void)state;
	if (match_play(&m, pool, on_game, NULL, &t, &r, &e))
		fail_msg("%s", e.msg);
	pool_free(pool);
	assert_int_equal(t.games, 4);
	assert_int_equal(t.reasons, 4);
	assert_int_equal(r.losses, 4);
	assert_nobody_left();
}

/* A cancel is obeyed at once by who cannot hurry, and kept from the game. */
static void test_cancel(void **state)
{
	struct agent *a = opened("hang", ",time=60", &go5);
	void *s = game_state_new(&go5, 0);
	atomic_bool cancel = true;
	struct thought t;

	(void)state;
	agent_think(a, s, 1, 1, 0, &cancel, &t);
	assert_string_equal(t.forfeit,
			    "sh was interrupted before it had a move");
	thought_release(&t);
	agent_close(a);
	free(s);
	assert_nobody_left();
}

static void test_quoting(void **state)
{
	static const struct {
		const char *text;
		size_t span;
		const char *words[4];
	} rows[] = {
		{"gnugo --mode gtp", 16, {"gnugo", "--mode", "gtp"}},
		{"a,level=3", 1, {"a"}},
		{"'a b' \"c,d\",x", 11, {"a b", "c,d"}},
		{"a\\,b\\ c d", 9, {"a,b c", "d"}},
		{"\"a\\\"b\" '' e", 11, {"a\"b", "", "e"}},
		{"  a  ", 5, {"a"}},
		{"'a\\'", 4, {"a\\"}},
	};
	static const char *const bad[] = {"", "  ", "'a", "\"a", "a\\", "''"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char **w;
		int n = 0;

		assert_int_equal(command_span(rows[i].text), rows[i].span);
		w = command_words(rows[i].text, rows[i].span);
		assert_non_null(w);
		for (; rows[i].words[n]; n++)
			assert_string_equal(w[n], rows[i].words[n]);
		assert_null(w[n]);
		command_free(w);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_null(command_words(bad[i], strlen(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_forced_pass),
		cmocka_unit_test(test_forfeits),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_match_goes_on),
		cmocka_unit_test(test_cancel),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
