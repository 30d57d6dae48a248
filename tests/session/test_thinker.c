/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/err.h"
#include "core/game/game.h"
#include "core/session/thinker.h"
#include "tests/session/bell.h"

struct setting {
	struct game game;
	void *start; /* owned */
	struct thinker *thinker;
};

static void set_up(struct setting *s, const char *spec)
{
	struct err e = ERR_INIT;
	struct agent *a;

	bell_reset();
	assert_int_equal(game_init(&s->game, "connect4", &e), ERR_OK);
	s->start = game_state_new(&s->game, 1);
	if (agent_open(&a, spec, &s->game, NULL, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(
		thinker_open(&s->thinker, a, &s->game, bell_ring, NULL, &e),
		ERR_OK);
}

static void tear_down(struct setting *s)
{
	thinker_close(s->thinker);
	free(s->start);
}

static void take_answer(struct setting *s, struct thought *out)
{
	while (!thinker_take(s->thinker, out))
		bell_wait();
}

static void wait_for_snapshot(struct setting *s)
{
	struct thought live;

	while (!thinker_peek(s->thinker, &live))
		bell_wait();
	assert_true(live.count == 7);
	assert_null(live.trace);
	thought_release(&live);
}

/* More simulations than any test waits for. */
#define ENDLESS "mcts:uniform,sims=1000000"

static void test_answer(void **state)
{
	struct setting s;
	struct thought th;

	(void)state;
	set_up(&s, "mcts:uniform,sims=50");
	assert_int_equal(thinker_state(s.thinker), THINKER_IDLE);
	assert_false(thinker_take(s.thinker, &th));
	thinker_ask(s.thinker, s.start, 1, 1, 0, NULL);
	take_answer(&s, &th);
	assert_int_equal(th.count, 7);
	assert_int_equal(th.simulations, 50);
	assert_non_null(th.trace);
	thought_release(&th);
	assert_false(thinker_take(s.thinker, &th));
	assert_int_equal(thinker_state(s.thinker), THINKER_IDLE);
	tear_down(&s);
}

/* The same question gives the same answer, whatever was asked and dropped
 * before. */
static void test_cancel_under_load(void **state)
{
	struct setting s;
	struct thought th;

	(void)state;
	set_up(&s, ENDLESS);
	for (int i = 0; i < 3; i++) {
		thinker_ask(s.thinker, s.start, 1, 1, 0, NULL);
		wait_for_snapshot(&s);
		assert_int_equal(thinker_state(s.thinker), THINKER_THINKING);
		thinker_cancel(s.thinker);
		assert_int_equal(thinker_state(s.thinker), THINKER_IDLE);
		assert_false(thinker_take(s.thinker, &th));
	}
	/* One question in place of another, many times over. */
	for (int i = 0; i < 200; i++)
		thinker_ask(s.thinker, s.start, 1, 1, 0, NULL);
	wait_for_snapshot(&s);
	tear_down(&s); /* in the middle of a search */
}

static void test_hurry(void **state)
{
	struct setting s;
	struct thought th;

	(void)state;
	set_up(&s, ENDLESS);
	thinker_ask(s.thinker, s.start, 1, 1, 0, NULL);
	wait_for_snapshot(&s);
	thinker_hurry(s.thinker);
	take_answer(&s, &th);
	assert_true(th.simulations > 0 && th.simulations < 1000000);
	thought_release(&th);
	tear_down(&s);
}

static void test_closed_without_a_question(void **state)
{
	struct setting s;

	(void)state;
	set_up(&s, "random");
	tear_down(&s);
	set_up(&s, "random");
	thinker_ask(s.thinker, s.start, 1, 1, 0, NULL);
	tear_down(&s); /* an answer may be waiting: it is released */
	thinker_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_cancel_under_load),
		cmocka_unit_test(test_hurry),
		cmocka_unit_test(test_closed_without_a_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
