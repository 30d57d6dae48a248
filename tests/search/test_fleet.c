/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/search/eval_cache.h"
#include "core/search/evaluator.h"
#include "core/search/fleet.h"
#include "core/search/mcts.h"
#include "tests/search/fake.h"

/* Searches; bytes that hold all answers, and bytes that do not. */
enum { MOST = 12, ENOUGH = 1 << 20, TOO_LITTLE = 16 << 10 };

static struct game game;

static int set_up(void **state)
{
	(void)state;
	return game_init(&game, "connect4", NULL);
}

/* Answers drawn from what is encoded; counts what it is asked. */
struct fake {
	int calls, rows, largest;
	int full; /* calls with `largest` rows */
};

static size_t inputs(const struct game *g)
{
	return (size_t)(g->planes * g->rows * g->cols);
}

static void from_input(void *self, const struct game *g, int n, const float *x,
		       float *policy, float *wdl)
{
	struct fake *f = self;

	f->calls++;
	f->rows += n;
	f->full = n > f->largest ? 1 : f->full + (n == f->largest);
	f->largest = n > f->largest ? n : f->largest;
	for (int i = 0; i < n; i++) {
		struct eval_key k = eval_cache_key(x + (size_t)i * inputs(g),
						   inputs(g), NULL, 0);
		float win;
		struct rng r;

		rng_init(&r, 5, RNG_TEST, k.a, k.b);
		for (int m = 0; m < g->move_count; m++)
			policy[i * g->move_count + m] = rng_normal(&r);
		win = rng_float(&r);
		wdl[3 * i] = win * 0.9f;
		wdl[3 * i + 1] = 0.1f;
		wdl[3 * i + 2] = (1 - win) * 0.9f;
	}
}

static void from_state(void *self, const struct game *g, int n,
		       const void *const *states, float *policy, float *wdl)
{
	float *x = mem_floats((size_t)n * inputs(g));

	for (int i = 0; i < n; i++)
		g->rules->encode(g, states[i], x + (size_t)i * inputs(g));
	from_input(self, g, n, x, policy, wdl);
	free(x);
}

static struct evaluator evaluator_of(struct fake *f)
{
	struct evaluator ev = {.name = "from input",
			       .max_batch = 64,
			       .evaluate = from_state,
			       .evaluate_encoded = from_input,
			       .self = f};

	return ev;
}

static struct mcts_config config(int i)
{
	struct mcts_config cfg = MCTS_CONFIG_DEFAULT;

	cfg.simulations = 40 + 13 * (i % 4);
	cfg.root = i % 3 ? MCTS_ROOT_PUCT : MCTS_ROOT_GUMBEL;
	cfg.noise_alpha = i % 3 == 1 ? 10 : 0;
	cfg.batch = 1;
	cfg.memory_cap = (size_t)1 << 20;
	cfg.seed = (uint64_t)i;
	return cfg;
}

/* Search i: of several settings, at several positions, some of them alike. */
static void start(struct mcts *t, int i)
{
	static const char *const lines[] = {"", "4", "44", "444", "112233"};
	struct mcts_config cfg = config(i);
	void *s = fake_position(&game, lines[(size_t)i % ARRAY_LEN(lines)]);

	mcts_configure(t, &cfg);
	mcts_start(t, s, (uint64_t)i);
	free(s);
}

struct answer {
	struct mcts_result r;
	struct mcts_move moves[7];
	int times;
};

static void take(struct answer *a, struct mcts *t)
{
	memset(a->moves, 0, sizeof(a->moves));
	mcts_result(t, &a->r);
	memcpy(a->moves, a->r.moves, (size_t)a->r.count * sizeof(*a->moves));
	a->times++;
}

static void check_alone(const struct answer *a, int i)
{
	struct mcts_config cfg = config(i);
	struct mcts *t = mcts_new(&game, &cfg);
	struct fake f = {0};
	struct evaluator ev = evaluator_of(&f);
	struct answer alone = {0};

	start(t, i);
	mcts_run(t, &ev, NULL);
	take(&alone, t);
	assert_int_equal(a->times, 1);
	assert_int_equal(a->r.stop, alone.r.stop);
	assert_int_equal(a->r.simulations, alone.r.simulations);
	assert_int_equal(a->r.best, alone.r.best);
	assert_memory_equal(a->r.wdl, alone.r.wdl, sizeof(a->r.wdl));
	assert_memory_equal(a->moves, alone.moves, sizeof(a->moves));
	mcts_free(t);
}

/* Searches 0 .. count-1, the first few of them at a time. */
struct work {
	struct fleet *fleet;
	struct fake fake;
	struct mcts *searches[MOST];
	int at[MOST]; /* which search stands there */
	int places, count, next;
	struct answer answers[MOST];
	enum mcts_stop last;
	int patience; /* batches until it is ended; 0: none */
};

static bool ended(void *ctx, int i, enum mcts_stop stop)
{
	struct work *w = ctx;

	take(&w->answers[w->at[i]], w->searches[i]);
	w->last = stop;
	if (w->next == w->count)
		return false;
	w->at[i] = w->next++;
	start(w->searches[i], w->at[i]);
	return true;
}

static bool goes_on(void *ctx)
{
	struct work *w = ctx;

	return !w->patience || --w->patience;
}

static void begin(struct work *w, int places, int count, int rows, size_t cache)
{
	struct mcts_config cfg = config(0);

	memset(w, 0, sizeof(*w));
	w->fleet = fleet_new(&game, rows, cache);
	w->places = places;
	w->count = count;
	for (int i = 0; i < places; i++)
		w->searches[i] = mcts_new(&game, &cfg);
}

static enum mcts_stop run(struct work *w)
{
	struct evaluator ev = evaluator_of(&w->fake);
	const struct fleet_calls calls = {ended, goes_on, w};

	memset(w->answers, 0, sizeof(w->answers));
	for (w->next = 0; w->next < w->places; w->next++) {
		w->at[w->next] = w->next;
		start(w->searches[w->next], w->next);
	}
	return fleet_run(w->fleet, &ev, w->searches, w->places, &calls);
}

static void finish(struct work *w)
{
	for (int i = 0; i < w->places; i++)
		mcts_free(w->searches[i]);
	fleet_free(w->fleet);
}

static void test_company_changes_nothing(void **state)
{
	static const int rows[] = {1, 3, 7, 64};
	static const size_t caches[] = {0, TOO_LITTLE, ENOUGH};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows) * ARRAY_LEN(caches); i++) {
		int most = rows[i % ARRAY_LEN(rows)];
		size_t cache = caches[i / ARRAY_LEN(rows)];
		struct work w;

		begin(&w, 7, 7, most, cache);
		assert_int_equal(run(&w), MCTS_DONE);
		for (int k = 0; k < 7; k++)
			check_alone(&w.answers[k], k);
		assert_true(w.fake.largest <= most);
		/* Some begin alike, and share a row where answers are kept. */
		if (!cache)
			assert_int_equal(w.fake.largest, most < 7 ? most : 7);
		finish(&w);
	}
}

/* Whoever is done first makes room for the next, and the batches stay full. */
static void test_end_makes_room_for_the_next(void **state)
{
	struct fleet_figures figures;
	struct work w;

	(void)state;
	begin(&w, 3, MOST, 8, 0);
	assert_int_equal(run(&w), MCTS_DONE);
	for (int k = 0; k < MOST; k++)
		check_alone(&w.answers[k], k);
	assert_int_equal(w.fake.largest, 3);
	/* But for the last searches, which are not equally long. */
	assert_true(w.fake.calls - w.fake.full <= 2 * 80);
	fleet_take_figures(w.fleet, &figures);
	assert_int_equal(figures.leaves, w.fake.rows);
	assert_int_equal(figures.rows, w.fake.rows);
	assert_int_equal(figures.batches, w.fake.calls);
	fleet_take_figures(w.fleet, &figures);
	assert_int_equal(figures.leaves, 0);
	finish(&w);
}

static void test_known_answers_are_not_asked_again(void **state)
{
	struct fleet_figures figures;
	struct work w;
	int first;

	(void)state;
	begin(&w, 5, 5, 8, ENOUGH);
	assert_int_equal(run(&w), MCTS_DONE);
	first = w.fake.rows;
	assert_int_equal(run(&w), MCTS_DONE);
	for (int k = 0; k < 5; k++)
		check_alone(&w.answers[k], k);
	assert_int_equal(w.fake.rows, first);
	fleet_take_figures(w.fleet, &figures);
	assert_int_equal(figures.rows, first);
	assert_true(figures.leaves >= 2 * first);
	/* Another network. */
	fleet_forget(w.fleet);
	assert_int_equal(run(&w), MCTS_DONE);
	assert_int_equal(w.fake.rows, 2 * first);
	finish(&w);
}

/* The first run leaves no room; the second begins with an empty cache and asks
 * for all that it did not ask itself. */
static void test_full_cache_begins_anew(void **state)
{
	struct work w;
	int first;

	(void)state;
	begin(&w, 7, MOST, 8, TOO_LITTLE);
	assert_int_equal(run(&w), MCTS_DONE);
	first = w.fake.rows;
	for (int again = 0; again < 2; again++) {
		assert_int_equal(run(&w), MCTS_DONE);
		assert_int_equal(w.fake.rows, (2 + again) * first);
		for (int k = 0; k < MOST; k++)
			check_alone(&w.answers[k], k);
	}
	finish(&w);
}

/* Five searches that are the same in everything: one row a batch. */
static bool ended_alike(void *ctx, int i, enum mcts_stop stop)
{
	struct work *w = ctx;

	(void)stop;
	take(&w->answers[i], w->searches[i]);
	return false;
}

static void test_equal_leaves_share_a_row(void **state)
{
	struct work w;
	struct evaluator ev;
	const struct fleet_calls calls = {ended_alike, NULL, &w};

	(void)state;
	begin(&w, 5, 5, 8, ENOUGH);
	ev = evaluator_of(&w.fake);
	for (int i = 0; i < 5; i++)
		start(w.searches[i], 2);
	assert_int_equal(fleet_run(w.fleet, &ev, w.searches, 5, &calls),
			 MCTS_DONE);
	for (int i = 0; i < 5; i++)
		check_alone(&w.answers[i], 2);
	assert_int_equal(w.fake.largest, 1);
	assert_true(w.fake.rows <= config(2).simulations + 1);
	finish(&w);
}

static void test_cancel_is_a_result(void **state)
{
	struct work w;

	(void)state;
	begin(&w, 5, 5, 8, 0);
	w.patience = 20;
	assert_int_equal(run(&w), MCTS_CANCELLED);
	assert_int_equal(w.fake.calls, 20);
	for (int i = 0; i < 4; i++) {
		struct answer a = {0};

		assert_int_equal(w.answers[i].times, 0);
		take(&a, w.searches[i]);
		assert_true(a.r.simulations >= 19 && a.r.simulations < 40);
	}
	/* In the midst of a round, too: a batch holds two of the five. */
	finish(&w);
	begin(&w, 5, 5, 2, 0);
	w.patience = 4;
	assert_int_equal(run(&w), MCTS_CANCELLED);
	assert_int_equal(w.fake.rows, 2 + 2 + 1 + 2);
	/* And the fleet serves on. */
	assert_int_equal(run(&w), MCTS_DONE);
	for (int k = 0; k < 5; k++)
		check_alone(&w.answers[k], k);
	finish(&w);
}

static void test_full_tree_is_a_result(void **state)
{
	struct mcts_config cfg = config(2);
	struct work w;
	struct evaluator ev;
	const struct fleet_calls calls = {ended, NULL, &w};
	void *s = fake_position(&game, "");

	(void)state;
	begin(&w, 0, 1, 8, ENOUGH);
	ev = evaluator_of(&w.fake);
	cfg.memory_cap = 10000;
	cfg.simulations = 1000;
	w.searches[0] = mcts_new(&game, &cfg);
	w.next = w.places = 1;
	mcts_start(w.searches[0], s, 1);
	assert_int_equal(fleet_run(w.fleet, &ev, w.searches, 1, &calls),
			 MCTS_DONE);
	assert_int_equal(w.last, MCTS_MEMORY);
	assert_int_equal(w.answers[0].r.stop, MCTS_MEMORY);
	assert_true(w.answers[0].r.simulations > 10);
	free(s);
	finish(&w);
}

static void test_no_search_at_all(void **state)
{
	struct work w;

	(void)state;
	begin(&w, 0, 0, 8, ENOUGH);
	w.patience = 1;
	assert_int_equal(run(&w), MCTS_DONE);
	assert_int_equal(w.fake.calls, 0);
	assert_int_equal(w.patience, 1);
	finish(&w);
	fleet_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_company_changes_nothing),
		cmocka_unit_test(test_end_makes_room_for_the_next),
		cmocka_unit_test(test_known_answers_are_not_asked_again),
		cmocka_unit_test(test_full_cache_begins_anew),
		cmocka_unit_test(test_equal_leaves_share_a_row),
		cmocka_unit_test(test_cancel_is_a_result),
		cmocka_unit_test(test_full_tree_is_a_result),
		cmocka_unit_test(test_no_search_at_all),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
