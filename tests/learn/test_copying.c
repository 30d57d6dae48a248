/* SPDX-License-Identifier: MIT */
/*
 * A sequence model is trained without a game: rows are numbers alone, and what
 * is asked of it is the number that stood two rows before, which only one that
 * looks back can tell.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"

enum { NUMBERS = 5, LENGTH = 8, BACK = 2, BATCH = 32 * LENGTH };

static void add_sequence(struct rng *r, struct dataset_room *out)
{
	int first = dataset_room_add(out, LENGTH, -1), line[LENGTH];

	for (int t = 0; t < LENGTH; t++) {
		struct net_row row = net_rows_at(&out->rows, first + t);

		line[t] = (int)rng_below(r, NUMBERS);
		row.ids[0] = (float)line[t];
		memset(row.target[NET_POLICY], 0, NUMBERS * sizeof(float));
		*row.weight[NET_POLICY] = t >= BACK;
		*row.weight[NET_VALUE] = 0;
		if (t >= BACK)
			row.target[NET_POLICY][line[t - BACK]] = 1;
	}
}

static int64_t held(const void *self)
{
	(void)self;
	return 1000;
}

static int rows(const void *self, int64_t item)
{
	(void)self;
	(void)item;
	return LENGTH;
}

static void draw(const void *self, int64_t window,
		 const struct dataset_chance *chance, struct dataset_room *out)
{
	(void)self;
	(void)window;
	for (uint64_t i = 0; dataset_room_left(out) >= LENGTH; i++) {
		struct rng r;

		rng_init(&r, chance->seed, RNG_BATCH, chance->step,
			 chance->first + i);
		add_sequence(&r, out);
	}
}

static const struct dataset copying = {
	.held = held, .rows = rows, .draw = draw};

/* Networks, and how often each must be right; one in five is chance.  Linear
 * attention has no places, and finds them out from counts. */
static const struct {
	const char *text;
	double agree;
} bodies[] = {
	{"transformer:width=16,layers=2,heads=2,ff=2,context=8", 0.95},
	{"gru:width=16,layers=2,ff=2", 0.95},
	{"linear:width=16,layers=2,heads=2,ff=2", 0.4},
	{"fast:width=16,layers=2,heads=2,ff=2", 0.4},
};

static struct learner *make(const char *body)
{
	struct net_config c = {
		.moves = NUMBERS, .id_count = 1, .id_size = {NUMBERS}};
	struct recipe recipe;

	conf_defaults(recipe_spec, &recipe);
	recipe.batch = BATCH;
	recipe.shard = BATCH / 4;
	recipe.beta2 = 0.98f;
	assert_int_equal(net_config_parse(&c, body, NULL), ERR_OK);
	return learner_new(&c, &recipe, 3);
}

static void train(struct learner *l, int steps, int threads)
{
	struct pool *pool = pool_new(threads);

	for (int i = 0; i < steps; i++)
		learner_step(l, &copying, 1000, 0.005f, pool);
	pool_free(pool);
}

/* How often its first choice is right after 300 steps. */
static double learn(const char *body)
{
	struct learner *l = make(body);
	struct learner_figures f;
	double agree;

	train(l, 300, 1);
	learner_take_figures(l, &f);
	train(l, 1, 1);
	learner_take_figures(l, &f);
	agree = net_loss_mean(&f.loss, "agree");
	print_message("%.20s... loss %.3f, agreement %.3f\n", body,
		      net_loss_mean(&f.loss, "loss.policy"), agree);
	learner_free(l);
	return agree;
}

static void test_learns_to_look_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		assert_true(learn(bodies[i].text) > bodies[i].agree);
}

static void assert_same(const struct learner *a, const struct learner *b)
{
	assert_memory_equal(learner_average(a), learner_average(b),
			    learner_param_count(a) * sizeof(float));
}

/* Any number of threads, and stopped between: the same bits. */
static void check_same_bits(const char *body)
{
	struct learner *one = make(body), *three = make(body);
	struct learner *again = make(body);
	struct reader in;
	struct buf saved;

	train(one, 6, 1);
	train(three, 4, 3);
	buf_init(&saved);
	learner_save(three, &saved);
	train(three, 2, 3);
	assert_same(one, three);
	reader_init(&in, saved.data, saved.len);
	assert_int_equal(learner_load(again, &in, NULL), ERR_OK);
	train(again, 2, 2);
	assert_same(one, again);
	buf_release(&saved);
	learner_free(one);
	learner_free(three);
	learner_free(again);
}

static void test_same_bits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		check_same_bits(bodies[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learns_to_look_back),
		cmocka_unit_test(test_same_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
