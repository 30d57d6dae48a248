/* SPDX-License-Identifier: MIT */
/* Courses on given positions in rounds, and those that know when to stop. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/net/net.h"

enum { ROUNDS = 2, GAMES = 6 };

struct fixture {
	struct game game;
	struct recipe recipe;
	struct pool *pool;
};

static int setup(void **state)
{
	static struct fixture f;
	struct err e = ERR_INIT;

	conf_defaults(recipe_spec, &f.recipe);
	if (game_init(&f.game, "tictactoe", &e) ||
	    conf_read_list(recipe_spec, &f.recipe,
			   "filters=4,blocks=1,batch=16,shard=8,epochs=30,"
			   "dagger_rounds=2,dagger_epochs=10",
			   "test", &e))
		fail_msg("%s", e.msg);
	f.pool = pool_new(2);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	pool_free(f->pool);
	return 0;
}

/* Games of random moves, numbered from `first` on: their moves can be learned
 * by heart and tell nothing of others. */
static void add_games(const struct game *g, struct replay *into, int first)
{
	for (int number = first; number < first + GAMES; number++) {
		void *state = game_state_new(g, 0);
		game_move legal[9], moves[9];
		int count = 0;
		struct rng rng;

		rng_init(&rng, 11, RNG_OPENING, (uint64_t)number, 0);
		while (g->rules->to_act(g, state) >= 0) {
			int n = g->rules->legal(g, state, legal);

			moves[count] = legal[rng_below(&rng, (uint32_t)n)];
			g->rules->apply(g, state, moves[count++]);
		}
		replay_add_plain(into, moves, count, 0, 3, 0);
		free(state);
	}
}

/* A course and what it learns from, with the last record that it gave. */
struct pupil {
	struct replay *data, *held;
	struct course *course;
	struct buf record;
	int asked, patience; /* goes_on() says no after so many; 0: never */
	int64_t kept;        /* step of the last checkpoint */
};

static enum err_code keep_record(void *self, const struct course_mark *at,
				 const struct buf *resume, struct err *e)
{
	struct pupil *p = self;

	(void)at;
	(void)e;
	buf_clear(&p->record);
	buf_add(&p->record, resume->data, resume->len);
	return ERR_OK;
}

static enum err_code keep_step(void *self, const struct course_mark *at,
			       const struct net_config *net,
			       const float *weights, struct err *e)
{
	struct pupil *p = self;

	(void)net;
	(void)weights;
	(void)e;
	p->kept = at->step;
	return ERR_OK;
}

static bool goes_on(void *self)
{
	struct pupil *p = self;

	return !p->patience || ++p->asked < p->patience;
}

static void begin(const struct fixture *f, struct pupil *p)
{
	struct course_sink sink = {
		.commit = keep_record,
		.checkpoint = keep_step,
		.goes_on = goes_on,
		.self = p,
	};
	struct course_config config = {
		.name = "a pupil",
		.game = &f->game,
		.recipe = &f->recipe,
		.seed = 1,
		.data_games = GAMES,
	};
	struct dataset data, held;

	p->data = replay_new(&f->game, 999, 0);
	p->held = replay_new(&f->game, 999, 0);
	add_games(&f->game, p->data, 0);
	add_games(&f->game, p->held, 100);
	data = replay_dataset(p->data);
	held = replay_dataset(p->held);
	config.data = &data;
	config.held_out = &held;
	buf_init(&p->record);
	p->course = course_new(&config, &sink);
}

static void end(struct pupil *p)
{
	course_free(p->course);
	replay_free(p->data);
	replay_free(p->held);
	buf_release(&p->record);
}

/* Through all rounds; after each more games come, the same every time. */
static enum err_code go_through(const struct fixture *f, struct pupil *p)
{
	struct err e = ERR_INIT;
	enum err_code rc = course_run(p->course, f->pool, &e);

	while (!rc && course_rounds_left(p->course)) {
		int round = ROUNDS - course_rounds_left(p->course);

		assert_int_equal(p->kept, course_at(p->course)->step);
		add_games(&f->game, p->data, 10 * (round + 1));
		course_next_round(p->course, GAMES * (round + 2));
		rc = course_run(p->course, f->pool, &e);
	}
	return rc;
}

static int64_t steps_for(const struct pupil *p, float epochs)
{
	return (int64_t)ceil((double)replay_held(p->data) * (double)epochs /
			     16);
}

static void test_rounds_have_their_epochs(void **state)
{
	const struct fixture *f = *state;
	struct pupil p = {0};
	struct err e = ERR_INIT;
	int64_t steps;

	begin(f, &p);
	assert_int_equal(course_rounds_left(p.course), 2);
	assert_int_equal(course_run(p.course, f->pool, &e), ERR_OK);
	steps = steps_for(&p, 10);
	assert_int_equal(course_at(p.course)->step, steps);
	add_games(&f->game, p.data, 10);
	course_next_round(p.course, 12);
	assert_false(course_done(p.course));
	assert_int_equal(course_run(p.course, f->pool, &e), ERR_OK);
	steps += steps_for(&p, 10);
	assert_int_equal(course_at(p.course)->step, steps);
	add_games(&f->game, p.data, 20);
	course_next_round(p.course, 18);
	assert_int_equal(course_rounds_left(p.course), 0);
	assert_int_equal(course_run(p.course, f->pool, &e), ERR_OK);
	steps += steps_for(&p, 30);
	assert_int_equal(course_at(p.course)->step, steps);
	assert_int_equal(course_at(p.course)->games, 18);
	assert_int_equal(course_best_step(p.course), -1);
	end(&p);
}

/* Few positions, more epochs: but not before the last round. */
static void test_least_steps(void **state)
{
	struct fixture f = *(struct fixture *)*state;
	struct pupil p = {0};
	int64_t before;

	f.recipe.least_steps = 400;
	begin(&f, &p);
	before = steps_for(&p, 10);
	assert_true(before < 100);
	assert_int_equal(course_steps(p.course), before);
	assert_int_equal(go_through(&f, &p), ERR_OK);
	/* The second round had about twice the games of the first. */
	assert_true(course_at(p.course)->step > 400 + 2 * before);
	assert_true(course_at(p.course)->step < 400 + 4 * before);
	end(&p);
}

static void assert_same_weights(const struct pupil *a, const struct pupil *b)
{
	size_t n = net_param_count(course_net(a->course));

	assert_int_equal(course_at(a->course)->step,
			 course_at(b->course)->step);
	assert_int_equal(course_best_step(a->course),
			 course_best_step(b->course));
	assert_memory_equal(course_weights(a->course),
			    course_weights(b->course), n * sizeof(float));
}

/* Stopped in any round, and gone on with from the last record. */
static void check_cut_short(const struct fixture *f)
{
	struct pupil whole = {.patience = 1 << 30};
	int stops = 0;

	begin(f, &whole);
	assert_int_equal(go_through(f, &whole), ERR_OK);
	for (int i = 1; i < 12; i++) {
		struct pupil cut = {.patience = 1 + whole.asked * i / 12};
		struct pupil rest = {0};
		struct err e = ERR_INIT;

		begin(f, &cut);
		stops += go_through(f, &cut) == ERR_CANCELLED;
		begin(f, &rest);
		if (course_load(rest.course, cut.record.data, cut.record.len,
				&e))
			fail_msg("%s", e.msg);
		/* What it was told at the end of a round it is told again. */
		rest.kept = -1;
		for (int round = 0; course_rounds_left(rest.course); round++) {
			assert_int_equal(course_run(rest.course, f->pool, &e),
					 ERR_OK);
			add_games(&f->game, rest.data, 10 * (round + 1));
			course_next_round(rest.course, GAMES * (round + 2));
		}
		assert_int_equal(course_run(rest.course, f->pool, &e), ERR_OK);
		assert_same_weights(&whole, &rest);
		end(&cut);
		end(&rest);
	}
	assert_true(stops >= 8);
	end(&whole);
}

static void test_cut_short(void **state)
{
	check_cut_short(*state);
}

static void test_cut_short_with_patience(void **state)
{
	struct fixture f = *(struct fixture *)*state;

	f.recipe.patience = 2;
	check_cut_short(&f);
}

static double loss_of(const struct fixture *f, const struct pupil *p)
{
	struct learner_held_out h;

	course_measure(p->course, f->pool, &h);
	return h.policy + (double)f->recipe.value_weight * h.value;
}

/* Random moves are learned by heart, which helps nobody. */
static void test_patience_keeps_the_best(void **state)
{
	struct fixture f = *(struct fixture *)*state;
	struct pupil steady = {0}, wise = {0}, late = {0};
	int64_t best;

	f.recipe.dagger_rounds = 0;
	f.recipe.epochs = 200;
	begin(&f, &steady);
	assert_int_equal(go_through(&f, &steady), ERR_OK);
	f.recipe.patience = 20;
	begin(&f, &wise);
	assert_int_equal(go_through(&f, &wise), ERR_OK);
	best = course_best_step(wise.course);
	assert_true(best >= 0);
	assert_true(course_at(wise.course)->step > best);
	assert_true(course_at(wise.course)->step <
		    course_at(steady.course)->step / 2);
	assert_int_equal(wise.kept, course_at(wise.course)->step);
	assert_true(loss_of(&f, &wise) < loss_of(&f, &steady));
	/* It waits for all its epochs, and takes the best all the same. */
	f.recipe.patience = 1000;
	begin(&f, &late);
	assert_int_equal(go_through(&f, &late), ERR_OK);
	assert_int_equal(course_at(late.course)->step,
			 course_at(steady.course)->step);
	assert_int_equal(course_best_step(late.course), best);
	assert_true(fabs(loss_of(&f, &late) - loss_of(&f, &wise)) < 1e-9);
	end(&steady);
	end(&wise);
	end(&late);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds_have_their_epochs),
		cmocka_unit_test(test_least_steps),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_cut_short_with_patience),
		cmocka_unit_test(test_patience_keeps_the_best),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
