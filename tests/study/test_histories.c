/* SPDX-License-Identifier: MIT */
/* Lives as a data set of sequences. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/learn/dataset.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/study/env.h"
#include "core/study/histories.h"
#include "core/study/source.h"
#include "tests/study/near.h"

enum { LIVES = 5, GAMES = 12, ROWS = 20 };

static struct histories *lives_of(const struct source *s, int episodes)
{
	struct histories *h = histories_new(s->env);
	struct env_step steps[64];

	for (int i = 0; i < LIVES; i++) {
		union env_bytes task;
		struct source_life l;

		s->env->task(i, &task);
		source_life_begin(&l, s, &task, 1, (uint64_t)i);
		histories_begin(h);
		for (int e = 0; e < episodes; e++) {
			int n = source_life_episode(&l, steps, NULL);

			histories_add(h, steps, n);
		}
	}
	return h;
}

static void test_histories_are_kept(void **state)
{
	struct histories *h = lives_of(&source_credit, GAMES);

	(void)state;
	assert_int_equal(histories_count(h), LIVES);
	for (int i = 0; i < LIVES; i++) {
		union env_bytes task;
		struct source_life l;
		struct env_step made[64], kept[64];

		env_rules.task(i, &task);
		source_life_begin(&l, &source_credit, &task, 1, (uint64_t)i);
		assert_int_equal(histories_episodes(h, i), GAMES);
		for (int e = 0; e < GAMES; e++) {
			int n = source_life_episode(&l, made, NULL);

			assert_int_equal(histories_episode(h, i, e, kept), n);
			assert_memory_equal(kept, made,
					    (size_t)n * sizeof(*made));
		}
	}
	histories_free(h);
}

/* A network over rows of this world, of any body. */
static void net_of(const struct env *e, struct net_config *c)
{
	struct err err = ERR_INIT;

	env_net(e, c);
	if (net_config_parse(c, "transformer:width=8,layers=1,heads=2", &err))
		fail_msg("%s", err.msg);
}

/* Which episode of the history begins with this row: by its first move and
 * what is seen, all of it. */
static int find(const struct histories *h, int64_t history, const float *x,
		const float *target, int rows_left, int *steps)
{
	struct env_step kept[64];
	int ids = env_ids(&env_rules);

	for (int e = 0; e < histories_episodes(h, history); e++) {
		int n = histories_episode(h, history, e, kept);
		bool same = n <= rows_left;

		for (int i = 0; same && i < n; i++) {
			for (int f = 0; f < 3; f++)
				same &= (int)x[i * ids + f] == kept[i].look[f];
			same &= target[i * 9 + kept[i].action] > 0.5f;
		}
		if (same) {
			*steps = n;
			return e;
		}
	}
	return -1;
}

/* Every sequence of a draw is of one history, of whole episodes at the stride,
 * and its first row remembers nothing. */
static void check_draw(const struct histories *h, const struct dataset_room *r,
		       bool shuffled, const int *strides)
{
	int ids = env_ids(&env_rules);

	for (int s = 0; s < r->batch.sequences; s++) {
		int row = r->begin[s], last = -1, stride = 0;
		int64_t history = 0;

		assert_true(r->begin[s + 1] - row <= ROWS);
		assert_int_equal((int)r->batch.x[row * ids + 6], 9);
		assert_int_equal((int)r->batch.x[row * ids + 7], 4);
		while (row < r->begin[s + 1]) {
			int n = 0, e = -1;

			for (; e < 0 && history < LIVES; history += e < 0)
				e = find(h, history, r->batch.x + row * ids,
					 r->batch.target[NET_POLICY] + row * 9,
					 r->begin[s + 1] - row, &n);
			assert_true(e >= 0);
			if (!shuffled && last >= 0) {
				assert_true(e > last);
				assert_true(!stride || e - last == stride);
				stride = e - last;
				assert_true(stride == strides[0] ||
					    stride == strides[1]);
			}
			last = e;
			row += n;
		}
	}
}

static void test_windows(void **state)
{
	static const struct histories_window windows[] = {
		{.rows = ROWS, .strides = {1}, .from_middle = true},
		{.rows = ROWS, .strides = {1, 2}, .from_middle = true},
		{.rows = ROWS,
		 .strides = {1, 2},
		 .shuffled = true,
		 .from_middle = true},
		{.rows = ROWS, .mixed = true},
	};
	struct histories *h = lives_of(&source_credit, GAMES);
	struct net_config c;
	struct dataset_room room;

	(void)state;
	net_of(&env_rules, &c);
	dataset_room_init(&room, &c, 4 * ROWS);
	for (size_t w = 0; w < sizeof(windows) / sizeof(*windows); w++) {
		struct histories_data data = {h, windows[w]};
		struct dataset d = histories_dataset(&data);

		assert_int_equal(dataset_held(&d), LIVES);
		assert_true(dataset_most_rows(&d) <= ROWS);
		for (uint64_t i = 0; i < 50; i++) {
			struct dataset_chance chance = {1, i, 0};

			dataset_room_clear(&room);
			d.draw(d.self, LIVES, &chance, &room);
			assert_true(room.batch.sequences >= 4);
			check_draw(h, &room,
				   windows[w].shuffled || windows[w].mixed,
				   windows[w].strides);
		}
	}
	dataset_room_release(&room);
	histories_free(h);
}

/* Illegal moves are left out, the move that was made is the target, and the
 * last board of a game is shown in the next one's first row. */
static void test_rows(void **state)
{
	struct histories *h = lives_of(&source_credit, GAMES);
	struct histories_data data = {h, {.rows = ROWS}};
	struct dataset d = histories_dataset(&data);
	struct net_config c;
	struct dataset_room room;
	struct env_step kept[64];
	int ids = env_ids(&env_rules), n;
	const float *x, *target;

	(void)state;
	net_of(&env_rules, &c);
	dataset_room_init(&room, &c, ROWS);
	d.get(d.self, 2, &room);
	n = histories_episode(h, 2, 0, kept);
	assert_true(room.begin[1] > n);
	x = room.batch.x + n * ids; /* the second game */
	for (int f = 0; f < 3; f++) {
		assert_int_equal((int)x[f], 0);
		assert_int_equal((int)x[3 + f], kept[n - 1].shown[f]);
	}
	assert_int_equal((int)x[6], kept[n - 1].action);
	assert_int_equal((int)x[7], kept[n - 1].reward);
	assert_int_equal((int)x[8], 0);
	target = room.batch.target[NET_POLICY] + 9; /* the second move */
	for (int a = 0; a < 9; a++) {
		bool can = env_legal(&env_rules, kept[1].look) >> a & 1;

		assert_near(target[a],
			    !can                  ? NET_LEFT_OUT
			    : a == kept[1].action ? 1
						  : 0,
			    0);
	}
	dataset_room_release(&room);
	histories_free(h);
}

static void test_last_episodes(void **state)
{
	struct histories *h = lives_of(&source_latch, 30);
	struct histories_data data = {h, {.rows = 64, .last = 3}};
	struct dataset d = histories_dataset(&data);
	struct net_config c;
	struct dataset_room room;
	struct env_step kept[64];

	(void)state;
	net_of(&env_code, &c);
	dataset_room_init(&room, &c, 64);
	assert_int_equal(d.rows(d.self, 1), 24);
	d.get(d.self, 1, &room);
	histories_episode(h, 1, 27, kept);
	for (int i = 0; i < 8; i++)
		assert_int_equal((int)room.batch.x[i * env_ids(&env_code)],
				 kept[i].look[0]);
	dataset_room_release(&room);
	histories_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_histories_are_kept),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_last_episodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
