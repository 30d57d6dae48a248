/* SPDX-License-Identifier: MIT */
/* What a network is made of, as text. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"
#include "core/net/net.h"

static const struct net_config connect4 = {
	.planes = 2, .rows = 6, .cols = 7, .moves = 7};

static void test_round_trip(void **state)
{
	static const char *const texts[] = {
		"tower",
		"tower:",
		"tower:filters=64,blocks=5",
		"tower:blocks=3,pool=3,hidden=128,policy=2,value=1",
		"tower:blocks=3,head=planes,ownership=yes,lead=yes",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct net_config a = connect4, b = connect4;
		struct err e = ERR_INIT;
		struct buf text, again;

		buf_init(&text);
		buf_init(&again);
		assert_int_equal(net_config_parse(&a, texts[i], &e), ERR_OK);
		net_config_format(&a, &text);
		assert_int_equal(net_config_parse(&b, text.data, &e), ERR_OK);
		assert_memory_equal(&a, &b, sizeof(a));
		net_config_format(&b, &again);
		assert_string_equal(text.data, again.data);
		buf_release(&text);
		buf_release(&again);
	}
}

static void test_defaults(void **state)
{
	struct net_config c = connect4;
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(net_config_parse(&c, "tower:blocks=2", NULL), ERR_OK);
	net_config_format(&c, &text);
	assert_string_equal(text.data, "tower:filters=32,blocks=2,pool=0,"
				       "policy=16,value=8,hidden=64");
	assert_int_equal(c.rows, 6); /* the game's part is left alone */
	buf_release(&text);
}

static void test_errors(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{"towr:filters=32", "did you mean 'tower'"},
		{"", "unknown body"},
		{"transistor", "did you mean 'transformer'"},
		{"kolmogorov", "unknown body 'kolmogorov'"},
		{"tower:filter=32", "did you mean 'filters'"},
		{"tower:filters=0", "filters = 0: must be a whole number"},
		{"tower:filters=9999", "from 1 to 1024"},
		{"tower:filters=abc", "filters = abc"},
		{"tower:blocks=-1", "blocks = -1"},
		{"tower:blocks", "not key = value"},
		{"tower:blocks=2,pool=3", "there are only 2 blocks"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct net_config c = connect4, before = connect4;
		struct err e = ERR_INIT;

		assert_int_equal(net_config_parse(&c, wrong[i].text, &e),
				 ERR_USAGE);
		if (!strstr(e.msg, wrong[i].says))
			fail_msg("'%s' says: %s", wrong[i].text, e.msg);
		assert_int_equal(net_config_parse(&c, wrong[i].text, NULL),
				 ERR_USAGE);
		assert_memory_equal(&c, &before, sizeof(c));
	}
}

/* Every game that names places names one for each move, and a board that is
 * turned turns them too. */
static void test_places(void **state)
{
	static const char *const specs[] = {"go:size=5", "go:size=19",
					    "othello:size=6", "chess"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(specs); i++) {
		struct net_config c = {0};
		bool used[64 * 80] = {false};
		struct game g;

		assert_int_equal(game_init(&g, specs[i], NULL), ERR_OK);
		net_config_game(&c, &g);
		assert_int_equal(c.place_planes, i < 3 ? 1 : 73);
		assert_int_equal(c.place_pooled, i < 3 ? 1 : 0);
		for (int m = 0; m < g.move_count; m++) {
			assert_true(c.place[m] < ARRAY_LEN(used));
			assert_false(used[c.place[m]]);
			used[c.place[m]] = true;
		}
		for (int sym = 0; sym < g.symmetries; sym++)
			for (int m = 0; m < g.move_count; m++) {
				int to = c.place[g.rules->move_symmetry(
						 &g, sym, (game_move)m)] /
					 c.place_planes;
				int cell = c.place[m] / c.place_planes;

				if (cell < g.rows * g.cols)
					cell = g.rules->cell_symmetry(&g, sym,
								      cell);
				assert_int_equal(to, cell);
			}
	}
}

/* Counted by hand for 2 planes, 6x7, 8 filters, 1 block with pooling. */
static void test_counts(void **state)
{
	struct net_config c = connect4;
	size_t tower =
		9 * 2 * 8 + 4 * 8 + 2 * (9 * 8 * 8 + 4 * 8) + 2 * 8 * 8 + 8;
	size_t policy = 8 * 3 + 4 * 3 + (42 * 3 + 1) * 7;
	size_t value = 8 * 2 + 4 * 2 + (42 * 2 + 1) * 10 + (10 + 1) * 3;

	(void)state;
	assert_int_equal(net_config_parse(&c,
					  "tower:filters=8,blocks=1,pool=1,"
					  "policy=3,value=2,hidden=10",
					  NULL),
			 ERR_OK);
	assert_int_equal(net_param_count(&c), tower + policy + value);
	assert_int_equal(net_stat_count(&c), 2 * (3 * 8 + 3 + 2));
	assert_true(net_flops(&c) ==
		    2 * (42 * 9 * (2 * 8 + 2 * 8 * 8) + 2 * 8 * 8 +
			 42 * 8 * (3 + 2) + 42 * 3 * 7 + 42 * 2 * 10 + 10 * 3));
}

/* The same by hand for what a network of Go has: 19 planes, 5x5. */
static void test_counts_of_other_heads(void **state)
{
	struct net_config c = {0};
	size_t tower = 9 * 19 * 8 + 4 * 8;
	size_t policy = 8 * 3 + 4 * 3 + (2 * 3 + 1) * 3 + 3 * 3 + 4 * 3;
	size_t moves = (3 + 1) * 1 + (2 * 3 + 1) * 1;
	size_t value = 8 * 2 + 4 * 2 + (25 * 2 + 1) * 10 + (10 + 1) * 3;
	struct game g;
	struct buf out;

	(void)state;
	assert_int_equal(game_init(&g, "go:size=5", NULL), ERR_OK);
	net_config_game(&c, &g);
	assert_int_equal(net_config_parse(&c,
					  "tower:filters=8,blocks=0,policy=3,"
					  "value=2,hidden=10,head=planes,"
					  "ownership=yes,lead=yes",
					  NULL),
			 ERR_OK);
	assert_int_equal(net_config_check(&c, NULL), ERR_OK);
	c.planes = 19;
	assert_int_equal(net_param_count(&c),
			 tower + policy + moves + value + (8 + 1) + (10 + 1));
	buf_init(&out);
	net_describe(&c, &out);
	assert_non_null(strstr(out.data, "moves              5x5x1 -> 26"));
	assert_non_null(strstr(out.data, "ownership  conv 1x1, bias"));
	assert_non_null(strstr(out.data, "lead       dense"));
	buf_release(&out);

	/* Other games cannot have such a policy. */
	assert_int_equal(game_init(&g, "connect4", NULL), ERR_OK);
	net_config_game(&c, &g);
	assert_int_equal(net_config_check(&c, NULL), ERR_FORMAT);
}

static void test_describe(void **state)
{
	struct net_config c = connect4;
	struct buf out;

	(void)state;
	assert_int_equal(
		net_config_parse(&c, "tower:filters=8,blocks=1,pool=1", NULL),
		ERR_OK);
	buf_init(&out);
	net_describe(&c, &out);
	assert_string_equal(
		out.data,
		"stem       conv 3x3           6x7x2 -> 8               144\n"
		"           norm, relu         6x7x8                     32\n"
		"block 1    conv 3x3           6x7x8                    576\n"
		"           norm, relu         6x7x8                     32\n"
		"           pool               6x7x8                    136\n"
		"           conv 3x3           6x7x8                    576\n"
		"           norm + skip, relu  6x7x8                     32\n"
		"policy     conv 1x1           6x7x8 -> 16              128\n"
		"           norm, relu         6x7x16                    64\n"
		"           dense              672 -> 7                4711\n"
		"value      conv 1x1           6x7x8                     64\n"
		"           norm, relu         6x7x8                     32\n"
		"           dense, relu        336 -> 64              21568\n"
		"           dense              64 -> 3                  195\n"
		"all                                                  28290\n");
	buf_release(&out);
}

static void test_init(void **state)
{
	struct net_config c = connect4;
	float *a, *b, *other, *decay, *learn;
	size_t n, same = 0;
	double square = 0;

	(void)state;
	assert_int_equal(
		net_config_parse(&c, "tower:filters=32,blocks=1", NULL),
		ERR_OK);
	n = net_param_count(&c);
	a = mem_floats(n);
	b = mem_floats(n);
	other = mem_floats(n);
	decay = mem_floats(n);
	learn = mem_floats(n);
	net_init(&c, 1, a);
	memset(b, 0xff, n * sizeof(*b));
	net_init(&c, 1, b);
	net_init(&c, 2, other);
	net_masks(&c, decay, learn);
	assert_memory_equal(a, b, n * sizeof(*a));
	for (size_t i = 0; i < n; i++) {
		assert_true(isfinite(a[i]));
		same += decay[i] > 0 && a[i] == other[i];
		assert_true(learn[i] > 0 || decay[i] == 0);
	}
	assert_int_equal(same, 0);
	/* He: the variance of the first block's kernels is 2 / (9 * 32). */
	for (size_t i = 0; i < 9 * 32 * 32; i++) {
		float w = a[9 * 2 * 32 + 4 * 32 + i];

		square += (double)(w * w);
	}
	assert_true(fabs(square / (9 * 32 * 32) * 9 * 32 / 2 - 1) < 0.05);
	free(a);
	free(b);
	free(other);
	free(decay);
	free(learn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_counts_of_other_heads),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_init),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
