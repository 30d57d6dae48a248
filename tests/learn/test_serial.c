/* SPDX-License-Identifier: MIT */
/* Serialised expert iteration: what it learns, and that it repeats. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/page.h"
#include "core/agent/scribe.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/serial.h"
#include "core/learn/serial_int.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/net/tokens.h"

static const char small[] =
	"lanes=18,drills=2,warmup=0,width=3,rate=0.01,"
	"network=tokens:width=16,layers=1,heads=2,context=512,position=rotary";

static struct game game;

static int setup(void **state)
{
	(void)state;
	return game_init(&game, "drop:rows=4,cols=5", NULL);
}

static struct serial_conf conf_of(const char *more)
{
	struct serial_conf c;
	char *text = mem_printf("%s%s", more, small);
	struct err e = ERR_INIT;

	conf_defaults(serial_spec, &c);
	if (conf_read_list(serial_spec, &c, text, "test", &e) ||
	    serial_check(&c, &game, &e))
		fail_msg("%s", e.msg);
	free(text);
	return c;
}

static float *weights_after(const struct serial_conf *c, int threads,
			    int rounds, int saved_at)
{
	struct serial *s = serial_new(&game, c, 7);
	struct pool *pool = pool_new(threads);
	size_t n = net_param_count(serial_net_of(s));
	float *out = mem_floats(n);

	for (int i = 0; i < rounds; i++) {
		serial_round(s, pool);
		if (i + 1 == saved_at) {
			struct reader r;
			struct buf b;

			buf_init(&b);
			serial_save(s, &b);
			serial_free(s);
			s = serial_new(&game, c, 7);
			reader_init(&r, b.data, b.len);
			assert_int_equal(serial_load(s, &r, NULL), ERR_OK);
			assert_int_equal(r.pos, b.len);
			buf_release(&b);
		}
	}
	memcpy(out, serial_weights(s), n * sizeof(*out));
	pool_free(pool);
	serial_free(s);
	return out;
}

static size_t floats_of(const struct serial_conf *c)
{
	struct net_config net;

	serial_net(c, &game, &net);
	return net_param_count(&net);
}

/* The same bits on three threads, and of a run that was taken up again. */
static void test_repeats(void **state)
{
	struct serial_conf c = conf_of("");
	size_t bytes = floats_of(&c) * sizeof(float);
	float *one = weights_after(&c, 1, 5, 0);
	float *three = weights_after(&c, 3, 5, 0);
	float *resumed = weights_after(&c, 2, 5, 3);
	float *drilled = weights_after(&c, 1, 2, 0);

	(void)state;
	assert_memory_equal(one, three, bytes);
	assert_memory_equal(one, resumed, bytes);
	assert_true(memcmp(one, drilled, bytes) != 0);
	free(one);
	free(three);
	free(resumed);
	free(drilled);
}

/* With no update nothing moves once the drills are over. */
static void test_none(void **state)
{
	struct serial_conf c = conf_of("update=none,");
	size_t bytes = floats_of(&c) * sizeof(float);
	float *two = weights_after(&c, 1, 2, 0);
	float *four = weights_after(&c, 1, 4, 0);

	(void)state;
	assert_memory_equal(two, four, bytes);
	free(two);
	free(four);
}

/* What each kind of update teaches in the place of the first estimates. */
static void test_aims(void **state)
{
	struct scribe *s = scribe_new(NULL, &game, 1);
	void *at = game_state_new(&game, 0);
	struct rng r;

	(void)state;
	for (int k = 0; k < 3; k++) {
		static const int kinds[] = {SERIAL_IMPROVED, SERIAL_PLACEBO,
					    SERIAL_PERMUTED};
		struct serial_conf c = conf_of("");
		struct scribe_conf how;
		struct page p;
		struct scribe_desk desk = {.page = &p, .state = at, .rng = &r};
		const struct page_backup *b;
		const struct page_word *w;
		float sum = 0;
		bool same = true;

		c.update = kinds[k];
		serial_scribe_conf(&c, &how);
		rng_init(&r, 1, RNG_TEST, 0, 0);
		page_init(&p, &game);
		scribe_write(s, &how, 1, &desk);
		serial_aim(&c, &p, &r);
		b = &p.backups[0];
		w = &p.words[b->worth];
		assert_true(w[0].aim == (k == 1 ? b->before[5] : b->better[5]));
		for (int m = 0; m < 5; m++) {
			float want = k == 1 ? b->before[m] : b->better[m];

			assert_true(w[1 + m].weight == 1);
			same &= w[1 + m].aim == want;
			sum += w[1 + m].aim - want;
		}
		assert_int_equal(same, k < 2);
		assert_true(fabsf(sum) < 1e-4f);
		page_release(&p);
	}
	free(at);
	scribe_free(s);
}

/* The place of a value that is learned, as a row of the network. */
static void test_rows(void **state)
{
	struct page p;
	struct net_config net = {0};
	struct serial_pages pages = {
		.pages = &p, .count = 1, .per_shard = 1, .shard = 64};
	struct dataset data = serial_dataset(&pages);
	struct dataset_chance chance = {0};
	struct dataset_room room;
	struct net_row row;
	const float *t;
	int from = token_value_first();

	(void)state;
	net_config_game(&net, &game);
	assert_int_equal(net_config_parse(&net, "tokens:width=8,heads=1", NULL),
			 ERR_OK);
	page_init(&p, &game);
	page_add(&p, TOKEN_BOARD, token_place_mark(&p.form), TOKEN_FIRST, 5);
	page_add(&p, token_value(0), token_place_worth(&p.form), TOKEN_FIRST, 5)
		->ask = PAGE_VALUE;
	p.words[1].weight = 1;
	/* A quarter of a step above a half. */
	p.words[1].aim = 0.5f + 0.25f / 32;
	page_add(&p, TOKEN_SHALLOW, token_place_choice(&p.form), 0, 5);
	dataset_room_init(&room, &net, 64);
	data.draw(&pages, 1, &chance, &room);
	/* What stands behind the last that is learned is not read. */
	assert_int_equal(net_batch_rows(&room.batch), 1);
	row = net_rows_at(&room.rows, 0);
	t = row.target[NET_POLICY];
	assert_true(row.ids[TOKEN_ID_NEXT] ==
		    (float)token_place_worth(&p.form));
	assert_true(fabsf(t[from + 48] - 0.75f) < 1e-4f);
	assert_true(fabsf(t[from + 49] - 0.25f) < 1e-4f);
	assert_true(t[from] == 0 && t[TOKEN_END] < 0 && t[token_cell(0)] < 0);
	dataset_room_release(&room);
	page_release(&p);
}

/* Drills teach which cells a move fills. */
static void test_drills(void **state)
{
	struct serial_conf c = conf_of("");
	struct pool *pool = pool_new(1);
	struct scribe_counts before, after;
	struct serial *s;

	(void)state;
	c.drills = 100;
	s = serial_new(&game, &c, 7);
	serial_probe(s, 32, pool, &before);
	for (int i = 0; i < 40; i++)
		serial_round(s, pool);
	serial_probe(s, 32, pool, &after);
	assert_int_equal(before.cells, after.cells);
	assert_true(after.cells_right > before.cells_right + before.cells / 20);
	assert_int_equal(serial_at(s)->backups, 0);
	serial_free(s);
	pool_free(pool);
}

static void test_check(void **state)
{
	static const struct {
		const char *setting, *says;
	} wrong[] = {
		{"page=8", "may take"},
		{"depth=2", "may take"},
		{"network=transformer", "reads positions"},
		{"network=tokens:heads=3", "multiple"},
	};
	struct serial_conf c;
	struct err e;

	(void)state;
	for (int i = 0; i < 4; i++) {
		conf_defaults(serial_spec, &c);
		assert_int_equal(conf_read_list(serial_spec, &c,
						wrong[i].setting, "test", &e),
				 ERR_OK);
		assert_int_not_equal(serial_check(&c, &game, &e), ERR_OK);
		assert_non_null(strstr(e.msg, wrong[i].says));
	}
	c = conf_of("");
	assert_int_equal(serial_next_checkpoint(&c, 0), 1000);
	assert_int_equal(serial_next_checkpoint(&c, 1000), 1600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_repeats), cmocka_unit_test(test_none),
		cmocka_unit_test(test_aims),    cmocka_unit_test(test_rows),
		cmocka_unit_test(test_drills),  cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
