/* SPDX-License-Identifier: MIT */
/* Whole games as a data set, and a course that learns from them. */
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
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/history.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/targets.h"
#include "core/net/batch.h"
#include "core/net/net.h"

enum { GAMES = 6, ROOM = 20 };

static const struct line {
	game_move moves[9];
	int count, opening;
	float result;
} lines[] = {
	{{0, 1, 3, 4, 6}, 5, 0, 1},
	{{4, 0, 2, 6, 3, 5, 1, 7, 8}, 9, 1, 0},
};

static struct game game;

static int setup(void **state)
{
	(void)state;
	return game_init(&game, "mnk:3,3,3", NULL);
}

static const struct line *line_of(int64_t item)
{
	return &lines[item % 2];
}

static int64_t stage_of(int64_t item)
{
	return 100 * (item / 2);
}

static void add(struct history *h, int64_t item)
{
	const struct line *l = line_of(item);
	struct targets_writer w;
	struct err e = ERR_INIT;

	targets_begin(&w);
	for (int ply = 0; ply < l->count; ply++) {
		float some[9] = {0.75f, 0.25f};

		if (ply < l->opening)
			targets_skip(&w);
		else
			targets_ply(&w, 9 - ply, some, NULL);
	}
	if (history_add(h, stage_of(item), l->moves, l->count, l->result,
			w.out.data, w.out.len, &e))
		fail_msg("%s", e.msg);
	buf_release(&w.out);
}

static struct history *make(void)
{
	struct history *h = history_new(&game, 0);

	for (int64_t i = 0; i < GAMES; i++)
		add(h, i);
	return h;
}

static void room_init(struct dataset_room *room, int rows)
{
	struct recipe r;
	struct net_config net;

	conf_defaults(recipe_spec, &r);
	recipe_net(&r, &game, &net);
	dataset_room_init(room, &net, rows);
}

/* The planes of a position, whatever the symmetry: how many pieces the player
 * to act has, and the other one. */
static void pieces(const struct dataset_room *room, int row, int out[2])
{
	const float *x = room->batch.x + (size_t)row * room->rows.x_size;

	out[0] = out[1] = 0;
	for (int c = 0; c < 18; c++)
		out[c / 9] += x[c] > 0;
}

/* Moves that the policy of a row is over. */
static int choices(const struct dataset_room *room, int row)
{
	const float *policy = room->batch.target[NET_POLICY] + (size_t)row * 9;
	int n = 0;

	for (int m = 0; m < 9; m++)
		n += policy[m] >= 0;
	return n;
}

/* The rows from `first` on are the whole game `item`, from the empty board. */
static void check_rows(const struct dataset_room *room, int first, int64_t item)
{
	const struct line *l = line_of(item);

	for (int ply = 0; ply < l->count; ply++) {
		int row = first + ply, n[2];
		float weight = ply < l->opening ? 0.0f : 1.0f;

		pieces(room, row, n);
		assert_int_equal(n[0], ply / 2);
		assert_int_equal(n[1], (ply + 1) / 2);
		assert_true(room->batch.weight[NET_POLICY][row] == weight);
		assert_true(room->batch.weight[NET_VALUE][row] == weight);
		assert_int_equal(choices(room, row),
				 ply < l->opening ? 0 : 9 - ply);
	}
}

static void check_sequence(const struct dataset_room *room, int s, int64_t item)
{
	int first = room->begin[s];

	assert_int_equal(room->begin[s + 1] - first, line_of(item)->count);
	assert_int_equal(room->stage[s], stage_of(item));
	check_rows(room, first, item);
}

static void test_games_as_they_are(void **state)
{
	struct history *h = make();
	struct dataset d = history_dataset(h);
	struct dataset_room room;

	(void)state;
	assert_int_equal(dataset_held(&d), GAMES);
	assert_int_equal(dataset_rows(&d), 3 * 5 + 3 * 9);
	room_init(&room, 9 + 5 + 9);
	for (int64_t item = 1; item <= 3; item++)
		d.get(d.self, item, &room);
	assert_int_equal(room.batch.sequences, 3);
	assert_int_equal(net_batch_rows(&room.batch), 9 + 5 + 9);
	for (int s = 0; s < 3; s++)
		check_sequence(&room, s, 1 + s);
	dataset_room_release(&room);
	history_free(h);
}

/* Draws are stretches of the history: whole games, in order, with their stage,
 * as many as fit, and the same for the same chance. */
static void test_draws_are_stretches(void **state)
{
	struct history *h = make();
	struct dataset d = history_dataset(h);
	struct dataset_room room, again;
	bool began[GAMES] = {false}, turned = false;

	(void)state;
	room_init(&room, ROOM);
	room_init(&again, ROOM);
	for (uint64_t step = 0; step < 200; step++) {
		struct dataset_chance chance = {.seed = 3, .step = step};
		const float *policy = room.rows.first.target[NET_POLICY];
		int64_t first;

		dataset_room_clear(&room);
		d.draw(d.self, 4, &chance, &room);
		assert_in_range(room.batch.sequences, 1, 3);
		/* Which it begins with, its length and stage say. */
		first = room.stage[0] / 100 * 2 + (room.begin[1] == 9);
		assert_in_range(first, GAMES - 4, GAMES - 1);
		began[first] = true;
		for (int s = 0; s < room.batch.sequences; s++)
			check_sequence(&room, s, first + s);
		/* Another would not have fitted, or was not there. */
		if (first + room.batch.sequences < GAMES)
			assert_true(
				net_batch_rows(&room.batch) +
					line_of(first + room.batch.sequences)
						->count >
				ROOM);
		for (int m = 2; m < 9 && room.begin[1] == 5; m++)
			turned |= policy[m] > 0;
		dataset_room_clear(&again);
		d.draw(d.self, 4, &chance, &again);
		assert_memory_equal(room.batch.x, again.batch.x,
				    (size_t)net_batch_rows(&room.batch) *
					    room.rows.x_size * sizeof(float));
	}
	for (int i = 0; i < GAMES; i++)
		assert_int_equal(began[i], i >= GAMES - 4);
	assert_true(turned);
	dataset_room_release(&room);
	dataset_room_release(&again);
	history_free(h);
}

/* Sequence `s` is `n` games from `first` on, one after the other. */
static void check_stretch(const struct dataset_room *room, int s, int64_t first,
			  int64_t n)
{
	int row = room->begin[s];

	assert_int_equal(room->stage[s], stage_of(first));
	for (int64_t i = first; i < first + n; i++) {
		check_rows(room, row, i);
		row += line_of(i)->count;
	}
	assert_int_equal(room->begin[s + 1], row);
}

/* Games of 5 and 9 rows by turns, cut before the fourth. */
static void test_stretches(void **state)
{
	static const struct {
		int64_t first, games;
		int rows;
	} want[] = {{0, 2, 14}, {2, 1, 5}, {3, 2, 14}, {5, 1, 9}};
	/* How many games a draw has that begins with each. */
	static const int64_t goes_on[GAMES] = {2, 2, 1, 2, 2, 1};
	struct history *h = history_new(&game, 0);
	struct dataset d = history_stretches(h);
	struct dataset_room room;
	bool began[GAMES] = {false};

	(void)state;
	history_set_stretch(h, 15);
	for (int64_t i = 0; i < GAMES; i++) {
		if (i == 3)
			history_cut(h);
		add(h, i);
	}
	assert_int_equal(dataset_held(&d), ARRAY_LEN(want));
	assert_int_equal(dataset_most_rows(&d), 14);
	room_init(&room, 14 + 5 + 14 + 9);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(d.rows(d.self, i), want[i].rows);
		d.get(d.self, i, &room);
		check_stretch(&room, i, want[i].first, want[i].games);
	}
	for (uint64_t step = 0; step < 100; step++) {
		struct dataset_chance chance = {.seed = 3, .step = step};
		int64_t first;

		dataset_room_clear(&room);
		d.draw(d.self, 2, &chance, &room);
		assert_in_range(room.batch.sequences, 3, 8);
		/* The last may have been cut short by the room. */
		for (int s = 0; s + 1 < room.batch.sequences; s++) {
			int rows = room.begin[s + 1] - room.begin[s];

			first = room.stage[s] == 100 ? 3 : rows == 14 ? 4 : 5;
			began[first] = true;
			check_stretch(&room, s, first, goes_on[first]);
		}
	}
	for (int i = 0; i < GAMES; i++)
		assert_int_equal(began[i], i >= 3);
	dataset_room_release(&room);
	history_free(h);
}

/* What a network that reads ids is told: the move before, who is to act, and
 * the game before as that player saw it. */
static void test_ids(void **state)
{
	static const int before[GAMES] = {-1, 0, 1, 2, 3, 4};
	struct history *h = make();
	struct dataset d = history_dataset(h);
	struct dataset_room room;
	struct net_config c;

	(void)state;
	net_config_game(&c, &game);
	assert_int_equal(
		net_config_parse(&c, "transformer:width=8,context=9", NULL),
		ERR_OK);
	dataset_room_init(&room, &c, GAMES * 9);
	for (int i = 0; i < GAMES; i++)
		d.get(d.self, i, &room);
	for (int i = 0; i < GAMES; i++)
		for (int t = 0; t < line_of(i)->count; t++) {
			int row = room.begin[i] + t;
			const float *ids = net_rows_at(&room.rows, row).ids;
			const struct line *last = &lines[before[i] & 1];
			int gap = i > 0 && i % 2 == 0 ? net_id_gap(100) : 0;
			int result = last->result == 0 ? NET_DRAWN
				     : t % 2           ? NET_LOST
						       : NET_WON;

			assert_true(ids[NET_ID_MOVE] ==
				    (t ? line_of(i)->moves[t - 1] : 9));
			assert_true(ids[NET_ID_SIDE] == t % 2);
			assert_true(ids[NET_ID_RESULT] ==
				    (i ? result : NET_NO_RESULT));
			assert_true(ids[NET_ID_GAP] == gap);
		}
	dataset_room_release(&room);
	history_free(h);
}

static void test_bad_records_add_nothing(void **state)
{
	struct history *h = history_new(&game, 0);
	struct dataset d = history_dataset(h);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(
		history_add(h, 0, lines[0].moves, 5, 1, "\x01\0\0", 3, &e),
		ERR_FORMAT);
	assert_int_equal(dataset_held(&d), 0);
	history_free(h);
}

/* A course does not care which data set it learns from. */
static void test_a_course_learns_from_games(void **state)
{
	struct history *h = make();
	struct dataset d = history_dataset(h);
	struct learner_held_out before, after;
	struct course_sink nobody = {0};
	struct recipe r;
	struct course_config config = {
		.name = "a course",
		.game = &game,
		.recipe = &r,
		.seed = 1,
		.data = &d,
		.held_out = &d,
		.data_games = GAMES,
	};
	struct pool *alone = pool_new(1);
	struct recipe small;
	struct course *c[2], *tight;
	struct err e = ERR_INIT;

	(void)state;
	conf_defaults(recipe_spec, &r);
	if (conf_read_list(recipe_spec, &r,
			   "filters=8,blocks=1,batch=40,shard=20,epochs=100,"
			   "average=0.1,warmup=5,rate=0.02",
			   "test", &e))
		fail_msg("%s", e.msg);
	for (int i = 0; i < 2; i++) {
		struct pool *pool = pool_new(1 + i);

		c[i] = course_new(&config, &nobody);
		course_measure(c[i], pool, &before);
		assert_int_equal(course_run(c[i], pool, &e), ERR_OK);
		course_measure(c[i], pool, &after);
		pool_free(pool);
	}
	config.recipe = &small;
	small = r;
	small.shard = 8;
	tight = course_new(&config, &nobody);
	assert_int_equal(course_run(tight, alone, &e), ERR_USAGE);
	assert_non_null(strstr(e.msg, "9 positions"));
	course_free(tight);
	pool_free(alone);
	/* One of nine plies is an opening's. */
	assert_int_equal(after.positions, 3 * 5 + 3 * 8);
	assert_true(after.kl < 0.7 * before.kl);
	assert_memory_equal(course_weights(c[0]), course_weights(c[1]),
			    net_param_count(course_net(c[0])) * sizeof(float));
	course_free(c[0]);
	course_free(c[1]);
	history_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_games_as_they_are),
		cmocka_unit_test(test_draws_are_stretches),
		cmocka_unit_test(test_stretches),

		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_bad_records_add_nothing),
		cmocka_unit_test(test_a_course_learns_from_games),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
