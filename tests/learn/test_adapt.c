/* SPDX-License-Identifier: MIT */
/* A network that goes on learning: which of its objectives moved what, what
 * stays still, and that a pause changes nothing. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/adapt.h"
#include "core/learn/dataset.h"
#include "core/learn/ledger.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/net/head.h"
#include "core/net/net.h"

enum { IMITATION, OWN };

struct room {
	struct game g;
	struct recipe recipe;
	struct net_config net;
	float *from;
	struct replay *imitated, *played;
	struct dataset of[2];
	struct pool *pool;
};

/* The column game, and its mirror. */
static void fill(struct room *s)
{
	static const game_move left[] = {0, 1, 0, 1, 0, 1, 0};
	static const game_move right[] = {4, 3, 4, 3, 4, 2, 3, 4};

	s->imitated = replay_new(&s->g, 100, 0);
	s->played = replay_new(&s->g, 100, 0);
	replay_add_plain(s->imitated, left, (int)ARRAY_LEN(left), 0, 3, 1);
	replay_add_plain(s->played, right, (int)ARRAY_LEN(right), 0, 3, 0);
	s->of[IMITATION] = replay_dataset(s->imitated);
	s->of[OWN] = replay_dataset(s->played);
}

static void open_room(struct room *s, int threads)
{
	struct err e = ERR_INIT;

	if (game_init(&s->g, "drop:rows=4,cols=5,line=4", &e))
		fail_msg("%s", e.msg);
	conf_defaults(recipe_spec, &s->recipe);
	s->recipe.filters = 4;
	s->recipe.blocks = 1;
	s->recipe.batch = 16;
	s->recipe.shard = 8;
	s->recipe.average = 1;
	recipe_net(&s->recipe, &s->g, &s->net);
	s->from = mem_floats(net_param_count(&s->net));
	net_init(&s->net, 3, s->from);
	fill(s);
	s->pool = pool_new(threads);
}

static void close_room(struct room *s)
{
	free(s->from);
	replay_free(s->imitated);
	replay_free(s->played);
	pool_free(s->pool);
}

static struct adapt *begin(const struct room *s, bool heads_alone)
{
	return adapt_new(&(struct adapt_config){
		.net = &s->net,
		.recipe = &s->recipe,
		.from = s->from,
		.seed = 7,
		.heads_alone = heads_alone,
		.objectives = 2,
	});
}

static bool same(const struct room *s, const float *a, const float *b)
{
	return !memcmp(a, b, net_param_count(&s->net) * sizeof(*a));
}

/* --- tests --------------------------------------------------------------- */

/* The body stays bit for bit, running statistics of its norms too, and both
 * heads move: weights of slow and of fast. */
static void test_heads_alone(void **state)
{
	struct net_block blocks[NET_MAX_BLOCKS];
	struct room s;
	struct adapt *a;
	int n, heads = 0;

	(void)state;
	open_room(&s, 1);
	a = begin(&s, true);
	adapt_learn(a, OWN, &s.of[OWN], 3, 0.01f, s.pool);
	n = net_blocks(&s.net, blocks);
	for (int i = 0; i < n; i++) {
		bool head = !strcmp(blocks[i].part, "policy") ||
			    !strcmp(blocks[i].part, "value");
		bool still = !memcmp(adapt_weights(a) + blocks[i].from,
				     s.from + blocks[i].from,
				     blocks[i].count * sizeof(float));

		assert_int_equal(still, !head);
		assert_true(head ==
			    (ledger_norm_all(adapt_ledger(a, OWN), i) > 0));
		heads += head;
	}
	assert_int_equal(heads, 2);
	adapt_free(a);
	close_room(&s);
}

/* What one objective moved is in no ledger but its own, and both together are
 * no less than how far the weights are from where they began. */
static void test_each_step_is_of_one_objective(void **state)
{
	const struct ledger *imitation, *own;
	struct room s;
	struct adapt *a;

	(void)state;
	open_room(&s, 1);
	a = begin(&s, false);
	imitation = adapt_ledger(a, IMITATION);
	own = adapt_ledger(a, OWN);
	adapt_learn(a, IMITATION, &s.of[IMITATION], 2, 0.01f, s.pool);
	assert_true(ledger_norm_all(imitation, 0) > 0);
	assert_true(ledger_norm_all(own, 0) == 0);
	adapt_probe(a, OWN, &s.of[OWN]);
	for (int i = 0; i < 3; i++) {
		double before = ledger_norm_all(imitation, 0);

		adapt_learn(a, OWN, &s.of[OWN], 1, 0.01f, s.pool);
		assert_true(ledger_norm_all(imitation, 0) == before);
	}
	assert_int_equal(adapt_steps(a, IMITATION), 2);
	assert_int_equal(adapt_steps(a, OWN), 3);
	/* Only its last steps follow a probe: they alone have losses. */
	assert_true(ledger_norm(own, 0, NET_POLICY) > 0);
	assert_true(ledger_norm(imitation, 0, NET_POLICY) == 0);
	adapt_free(a);
	close_room(&s);
}

/* Two of three steps, as evenly as they can be dealt; and nothing of what has
 * no share. */
static void test_shares(void **state)
{
	struct adapt_part parts[2];
	struct room s;
	struct adapt *a, *b;

	(void)state;
	open_room(&s, 1);
	a = begin(&s, false);
	parts[IMITATION] = (struct adapt_part){&s.of[IMITATION], 2};
	parts[OWN] = (struct adapt_part){&s.of[OWN], 1};
	adapt_intersperse(a, parts, 9, 0.01f, s.pool);
	assert_int_equal(adapt_steps(a, IMITATION), 6);
	assert_int_equal(adapt_steps(a, OWN), 3);
	/* In the order: imitation, own, imitation, and so again. */
	b = begin(&s, false);
	for (int i = 0; i < 3; i++) {
		adapt_learn(b, IMITATION, &s.of[IMITATION], 1, 0.01f, s.pool);
		adapt_learn(b, OWN, &s.of[OWN], 1, 0.01f, s.pool);
		adapt_learn(b, IMITATION, &s.of[IMITATION], 1, 0.01f, s.pool);
	}
	assert_true(same(&s, adapt_weights(a), adapt_weights(b)));
	adapt_free(b);
	parts[IMITATION] = (struct adapt_part){NULL, 0};
	adapt_intersperse(a, parts, 2, 0.01f, s.pool);
	assert_int_equal(adapt_steps(a, IMITATION), 6);
	assert_int_equal(adapt_steps(a, OWN), 5);
	adapt_free(a);
	close_room(&s);
}

static void go(struct adapt *a, const struct room *s, int from, int to)
{
	struct adapt_part parts[2] = {{&s->of[IMITATION], 1}, {&s->of[OWN], 1}};

	for (int i = from; i < to; i++) {
		adapt_probe(a, OWN, &s->of[OWN]);
		adapt_intersperse(a, parts, 2, 0.01f, s->pool);
	}
}

/* A pause, and another number of threads, change no bit of weights or ledgers.
 */
static void test_pause(void **state)
{
	struct room s, two;
	struct adapt *a, *b;
	struct buf half, end, again;
	struct reader r;
	struct err e = ERR_INIT;

	(void)state;
	open_room(&s, 1);
	open_room(&two, 2);
	buf_init(&half);
	buf_init(&end);
	buf_init(&again);
	a = begin(&s, true);
	go(a, &s, 0, 2);
	adapt_save(a, &half);
	go(a, &s, 2, 4);
	adapt_save(a, &end);
	b = begin(&two, true);
	reader_init(&r, half.data, half.len);
	assert_int_equal(adapt_load(b, &r, &e), ERR_OK);
	go(b, &two, 2, 4);
	adapt_save(b, &again);
	assert_int_equal(end.len, again.len);
	assert_memory_equal(end.data, again.data, end.len);
	reader_init(&r, half.data, half.len / 2);
	assert_int_equal(adapt_load(b, &r, &e), ERR_FORMAT);
	adapt_free(a);
	adapt_free(b);
	buf_release(&half);
	buf_release(&end);
	buf_release(&again);
	close_room(&s);
	close_room(&two);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heads_alone),
		cmocka_unit_test(test_each_step_is_of_one_objective),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
