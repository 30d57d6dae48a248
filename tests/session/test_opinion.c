/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <math.h>
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
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/session/opinion.h"
#include "core/session/opinions.h"
#include "core/session/seat.h"
#include "tests/session/bell.h"

static const struct seat_host host = {.wake = bell_ring};

/* The start of Connect Four, and after the middle was taken. */
struct places {
	struct game game;
	game_move line[1];
	struct opinion_place at[2];
};

static void set_up(struct places *p)
{
	struct err e = ERR_INIT;
	void *later;

	bell_reset();
	assert_int_equal(game_init(&p->game, "connect4", &e), ERR_OK);
	p->line[0] = 3;
	later = game_state_new(&p->game, 0);
	p->game.rules->apply(&p->game, later, p->line[0]);
	p->at[0] = (struct opinion_place){game_state_new(&p->game, 0), NULL, 0};
	p->at[1] = (struct opinion_place){later, p->line, 1};
}

static void tear_down(struct places *p)
{
	free((void *)(uintptr_t)p->at[0].state);
	free((void *)(uintptr_t)p->at[1].state);
}

static struct opinion_question
question(const struct places *p, const struct opinion_agent *agents, int count)
{
	return (struct opinion_question){
		.game = &p->game,
		.agents = agents,
		.places = p->at,
		.agent_count = count,
		.place_count = 2,
	};
}

static struct opinions *open_table(struct opinion_book *book)
{
	struct err e = ERR_INIT;
	struct opinions *t;

	assert_int_equal(opinions_open(&t, &host, book, &e), ERR_OK);
	return t;
}

static void wait_for(struct opinions *t)
{
	while (opinions_running(t))
		if (!opinions_collect(t))
			bell_wait();
}

/* Each cell is what the agent says of that position by itself. */
static void test_table(void **state)
{
	static const struct opinion_agent agents[] = {
		{"mcts:uniform,sims=64", NULL},
		{"tactical", NULL},
	};
	struct opinions *t = open_table(NULL);
	struct opinion_question q;
	struct err e = ERR_INIT;
	struct places p;

	(void)state;
	set_up(&p);
	q = question(&p, agents, 2);
	opinions_ask(t, &q);
	assert_int_equal(opinions_total(t), 4);
	wait_for(t);
	assert_int_equal(opinions_done(t), 4);
	for (int i = 0; i < 2; i++) {
		const struct opinion *o = opinions_at(t, 0, i);
		struct thought th;
		struct agent *a;

		assert_int_equal(agent_open(&a, "mcts:uniform,sims=64,batch=1",
					    &p.game, NULL, &e),
				 ERR_OK);
		agent_think(a, p.at[i].state, 1, 0, p.at[i].ply, NULL, &th);
		assert_int_equal(o->count, th.count);
		assert_int_equal(o->simulations, 64);
		for (int k = 0; k < th.count; k++) {
			assert_int_equal(o->moves[k].visits,
					 th.moves[k].visits);
			assert_true(o->moves[k].q <= th.moves[k].q &&
				    o->moves[k].q >= th.moves[k].q);
		}
		thought_release(&th);
		agent_close(a);
	}
	opinions_close(t);
	tear_down(&p);
}

static void test_wrong(void **state)
{
	static const struct opinion_agent agents[] = {
		{"nobody", NULL},
		{"human", NULL},
		{"random", NULL},
	};
	struct opinions *t = open_table(NULL);
	struct opinion_question q;
	struct places p;

	(void)state;
	set_up(&p);
	q = question(&p, agents, 3);
	opinions_ask(t, &q);
	wait_for(t);
	assert_non_null(strstr(opinions_at(t, 0, 0)->wrong, "nobody"));
	assert_non_null(strstr(opinions_at(t, 1, 1)->wrong, "person"));
	assert_null(opinions_at(t, 2, 0)->wrong);
	assert_int_equal(opinions_at(t, 2, 0)->count, 7);
	opinions_close(t);
	tear_down(&p);
}

/* A long search is left at once, and what is asked then is answered. */
static void test_cancel(void **state)
{
	static const struct opinion_agent quick[] = {{"random", NULL}};
	static const struct opinion_agent slow[] = {
		{"random", NULL},
		{"mcts:uniform,sims=1000000", NULL},
	};
	struct opinions *t = open_table(NULL);
	struct opinion_question q;
	struct places p;

	(void)state;
	set_up(&p);
	q = question(&p, slow, 2);
	opinions_ask(t, &q);
	while (opinions_done(t) < 2)
		if (!opinions_collect(t))
			bell_wait();
	assert_true(opinions_running(t));
	opinions_cancel(t);
	assert_false(opinions_running(t));
	assert_non_null(opinions_at(t, 0, 1));
	assert_null(opinions_at(t, 1, 0));
	q = question(&p, quick, 1);
	opinions_ask(t, &q);
	wait_for(t);
	assert_int_equal(opinions_total(t), 2);
	assert_non_null(opinions_at(t, 0, 1));
	/* and closed in the middle of one */
	q = question(&p, slow, 2);
	opinions_ask(t, &q);
	opinions_close(t);
	tear_down(&p);
}

/* What was answered is there at once, by weights and settings and not by name;
 * and nothing is kept of an agent without a hash. */
static void test_book(void **state)
{
	static const struct opinion_agent first[] = {
		{"mcts:uniform,sims=10", "00ff"},
		{"random", NULL},
	};
	static const struct opinion_agent again[] = {
		{"mcts:uniform,sims=10", "00ff"},
	};
	static const struct opinion_agent others[] = {
		{"mcts:uniform,sims=11", "00ff"},
		{"mcts:uniform,sims=10", "00fe"},
		{"random", NULL},
	};
	struct opinion_book *book = opinion_book_new(1 << 20);
	struct opinions *t = open_table(book), *u = open_table(book);
	struct opinion_question q;
	struct places p;

	(void)state;
	set_up(&p);
	q = question(&p, first, 2);
	opinions_ask(t, &q);
	wait_for(t);
	q = question(&p, again, 1);
	opinions_ask(u, &q);
	assert_false(opinions_running(u));
	assert_int_equal(opinions_done(u), 2);
	assert_ptr_equal(opinions_at(u, 0, 1), opinions_at(t, 0, 1));
	q = question(&p, others, 3);
	opinions_ask(u, &q);
	assert_int_equal(opinions_done(u), 0);
	opinions_close(u);
	opinions_close(t);
	opinion_book_free(book);
	tear_down(&p);
}

/* Copies of a run under another name are the same network; another line to the
 * same position is not the same question. */
static void test_book_keys(void **state)
{
	static const struct opinion_agent a = {"policy:a/1,temperature=2", "x"},
					  b = {"policy:bb/7,temperature=2",
					       "x"},
					  c = {"policy:a/1", "x"};
	static const struct thought th = {.count = 0};
	struct opinion_book *book = opinion_book_new(1 << 20);
	struct opinion *o = opinion_new(&th), *found;
	struct opinion_place lost;
	struct places p;

	(void)state;
	set_up(&p);
	opinion_book_add(book, &p.game, &a, &p.at[1], o);
	found = opinion_book_find(book, &p.game, &b, &p.at[1]);
	assert_ptr_equal(found, o);
	opinion_drop(found);
	assert_null(opinion_book_find(book, &p.game, &c, &p.at[1]));
	assert_null(opinion_book_find(book, &p.game, &a, &p.at[0]));
	lost = p.at[1];
	lost.line = NULL;
	assert_null(opinion_book_find(book, &p.game, &a, &lost));
	opinion_drop(o);
	opinion_book_free(book);
	/* too small for two */
	book = opinion_book_new(200);
	o = opinion_new(&th);
	opinion_book_add(book, &p.game, &a, &p.at[0], o);
	opinion_book_add(book, &p.game, &a, &p.at[1], o);
	assert_null(opinion_book_find(book, &p.game, &a, &p.at[0]));
	found = opinion_book_find(book, &p.game, &a, &p.at[1]);
	assert_ptr_equal(found, o);
	opinion_drop(found);
	opinion_drop(o);
	opinion_book_free(book);
	tear_down(&p);
}

static void test_rank(void **state)
{
	struct agent_move moves[] = {
		{.move = 1, .visits = 0, .policy = 0.3f},
		{.move = 2, .visits = 9, .policy = 0.1f},
		{.move = 4, .visits = 0, .policy = 0.6f},
		{.move = 5, .visits = 9, .policy = 0.1f},
	};
	const struct thought th = {
		.count = 4,
		.moves = moves,
		.has_value = true,
		.wdl = {0.75f, 0, 0.25f},
	};
	struct opinion *o = opinion_new(&th);

	(void)state;
	assert_int_equal(opinion_top(o), 2);
	assert_int_equal(opinion_rank(o, 2), 0);
	assert_int_equal(opinion_rank(o, 5), 1);
	assert_int_equal(opinion_rank(o, 4), 2);
	assert_int_equal(opinion_rank(o, 1), 3);
	assert_int_equal(opinion_rank(o, 3), -1);
	assert_int_equal(opinion_rank(NULL, 3), -1);
	assert_int_equal(opinion_top(NULL), GAME_NO_MOVE);
	assert_true(fabs(opinion_value(o) - 0.5) < 1e-6);
	assert_true(isnan(opinion_value(NULL)));
	opinion_drop(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),     cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_cancel),    cmocka_unit_test(test_book),
		cmocka_unit_test(test_book_keys), cmocka_unit_test(test_rank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
