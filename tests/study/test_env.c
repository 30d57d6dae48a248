/* SPDX-License-Identifier: MIT */
/* The small worlds against plain ones written another way. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/rng.h"
#include "core/study/env.h"
#include "core/study/env_code.h"
#include "core/study/env_regression.h"
#include "core/study/env_rules.h"
#include "tests/study/near.h"

static void ranges_hold(const struct env *e, const struct env_step *before,
			const struct env_step *seen)
{
	float ids[2 * ENV_FIELDS + 3];

	assert_true(seen->number < e->steps);
	env_row(e, before, seen->look, seen->number, ids);
	for (int i = 0; i < e->fields; i++) {
		assert_in_range((uint64_t)ids[i], 0, e->field_size[i] - 1);
		assert_in_range((uint64_t)ids[e->fields + i], 0,
				e->field_size[i]);
		if (before)
			assert_int_equal((int)ids[e->fields + i],
					 before->shown[i]);
	}
	assert_in_range((uint64_t)ids[2 * e->fields], 0, e->actions);
	assert_in_range((uint64_t)ids[2 * e->fields + 1], 0, e->rewards);
}

/* Uniform play for many episodes: what is seen stays in its ranges, episodes
 * end, and gains are on average what uniform() says. */
static double play_uniformly(const struct env *e, const void *task,
			     int episodes, double *spread)
{
	struct rng r;
	double sum = 0, squares = 0;

	rng_init(&r, 5, RNG_TEST, 0, 0);
	for (int i = 0; i < episodes; i++) {
		union env_bytes world;
		struct env_step seen, before, next;
		struct env_result got = {0};
		double gain = 0;

		env_begin(e, task, &world, &r, &seen);
		for (int n = 0; !got.done; n++) {
			uint32_t legal = env_legal(e, seen.look);
			int a;

			ranges_hold(e, n ? &before : NULL, &seen);
			do
				a = (int)rng_below(&r, (uint32_t)e->actions);
			while (!(legal >> a & 1));
			seen.action = (uint8_t)a;
			got = env_act(e, task, &world, &r, &seen, &next);
			gain += got.gain;
			before = seen;
			seen = next;
		}
		sum += gain;
		squares += gain * gain;
	}
	*spread = sqrt((squares - sum * sum / episodes) / episodes / episodes);
	return sum / episodes;
}

static void test_uniform_play_is_as_said(void **state)
{
	(void)state;
	for (const struct env *const *e = env_table; *e; e++)
		for (int64_t number = 3; number < 80; number += 37) {
			union env_bytes task;
			double spread, mean;

			(*e)->task(number, &task);
			mean = play_uniformly(*e, &task, 20000, &spread);
			if (fabs(mean - (*e)->uniform(&task)) >
			    5 * spread + 1e-3)
				fail_msg("%s %d: uniform play gains %g, not %g",
					 (*e)->name, (int)number, mean,
					 (*e)->uniform(&task));
			assert_true((*e)->best(&task) >= (*e)->uniform(&task));
		}
}

/* --- rooms ---------------------------------------------------------------- */

static void walk(int *row, int *col, int action)
{
	static const int down[] = {-1, 1, 0, 0, 0}, right[] = {0, 0, -1, 1, 0};
	int r = *row + down[action], c = *col + right[action];

	*row = r < 0 ? 0 : r > 8 ? 8 : r;
	*col = c < 0 ? 0 : c > 8 ? 8 : c;
}

/* Most that can be gained in the steps left, by trying every way; `door` < 0:
 * the goal pays each time. */
static int most_of(int row, int col, int goal, int door, bool key, int left)
{
	int most = 0;

	if (!left)
		return 0;
	for (int a = 0; a < 5; a++) {
		int r = row, c = col, got, more = 0;

		walk(&r, &c, a);
		got = 9 * r + c == (key ? door : goal);
		if (!(key && got))
			more = most_of(r, c, goal, door,
				       key || (got && door >= 0), left - 1);
		most = got + more > most ? got + more : most;
	}
	return most;
}

static void follow(const struct env *e, int64_t number, int goal, int door)
{
	struct rng r;
	union env_bytes task, world;
	struct env_step seen, next;
	int row = 4, col = 4;
	bool key = false;

	rng_init(&r, 1, RNG_TEST, (uint64_t)number, 0);
	e->task(number, &task);
	env_begin(e, &task, &world, &r, &seen);
	for (int n = 1;; n++) {
		struct env_result got;
		bool pays;

		assert_int_equal(seen.look[0], row);
		assert_int_equal(seen.look[1], col);
		seen.action = (uint8_t)rng_below(&r, 5);
		walk(&row, &col, seen.action);
		got = env_act(e, &task, &world, &r, &seen, &next);
		pays = 9 * row + col == (key ? door : goal);
		assert_int_equal(got.reward, pays);
		assert_int_equal(got.done, n == e->steps || (key && pays));
		key |= pays && door >= 0;
		if (got.done)
			return;
		seen = next;
	}
}

static void test_rooms_are_as_plain_ones(void **state)
{
	(void)state;
	for (int64_t n = 0; n < env_room.tasks; n++)
		follow(&env_room, n, (int)(n < 40 ? n : n + 1), -1);
	for (int64_t n = 0; n < env_keydoor.tasks; n++)
		follow(&env_keydoor, n, (int)(n / 81), (int)(n % 81));
}

/* Trying every way is dear: short episodes, goals near the middle. */
static void test_best_in_the_room(void **state)
{
	union env_bytes task;
	double best;

	(void)state;
	for (int goal = 39; goal < 52; goal++) {
		if (goal == 40)
			continue;
		env_room.task(goal - (goal > 40), &task);
		best = env_room.best(&task);
		/* Twelve steps fewer, each worth 1 to who is there. */
		assert_near(best - 12, most_of(4, 4, goal, -1, false, 8), 1e-9);
	}
	/* The farthest corners: 8 steps, then 16, of 50. */
	env_keydoor.task(0 * 81 + 80, &task);
	assert_near(env_keydoor.best(&task), 2, 1e-9);
	assert_int_equal(most_of(4, 4, 31, 41, false, 8), 2);
}

/* --- hidden rules --------------------------------------------------------- */

/* The same lines by places: row r; column c; cells (i, i + k). */
static bool wins(const struct env *e, int64_t number, const char *board,
		 char who)
{
	int left = (int)number, set;

	(void)e;
	for (set = 0;; set++) {
		int bits = 0;

		for (int b = 0; b < 9; b++)
			bits += set >> b & 1;
		if (bits == 4 && left-- == 0)
			break;
	}
	for (int l = 0; l < 9; l++) {
		int own = 0;

		for (int i = 0; i < 3; i++) {
			int row = l < 3 ? l : i;
			int col = l < 3 ? i : l < 6 ? l - 3 : (i + l - 6) % 3;

			own += board[3 * row + col] == who;
		}
		if (set >> l & 1 && own == 3)
			return true;
	}
	return false;
}

static void test_rules_are_as_plain_ones(void **state)
{
	(void)state;
	for (int64_t number = 0; number < env_rules.tasks; number++) {
		struct rng r;
		union env_bytes task, world;
		struct env_step seen, next;
		struct env_result got = {0};
		char board[9] = "........";

		board[8] = '.';
		rng_init(&r, 2, RNG_TEST, (uint64_t)number, 0);
		env_rules.task(number, &task);
		env_begin(&env_rules, &task, &world, &r, &seen);
		while (!got.done) {
			int own, their, a, replies = 0;

			do
				a = (int)rng_below(&r, 9);
			while (board[a] != '.');
			board[a] = 'x';
			seen.action = (uint8_t)a;
			got = env_act(&env_rules, &task, &world, &r, &seen,
				      &next);
			rules_board(seen.shown, &own, &their);
			for (int c = 0; c < 9; c++) {
				assert_int_equal(own >> c & 1, board[c] == 'x');
				replies += their >> c & 1 && board[c] == '.';
				if (their >> c & 1)
					board[c] = 'o';
			}
			if (wins(&env_rules, number, board, 'x')) {
				assert_int_equal(got.reward, RULES_WON);
				assert_int_equal(replies, 0);
			} else if (wins(&env_rules, number, board, 'o')) {
				assert_int_equal(got.reward, RULES_LOST);
			} else {
				assert_int_equal(got.reward,
						 memchr(board, '.', 9)
							 ? RULES_GOES_ON
							 : RULES_DRAWN);
			}
			assert_int_equal(got.done, got.reward != RULES_GOES_ON);
			assert_near(got.gain, got.reward == RULES_WON, 1e-9);
			seen = next;
		}
	}
}

/* Chance of winning from a board with the agent to move, without a table. */
static double chance(int64_t number, char *board, int empty, bool best)
{
	double most = 0, sum = 0;

	if (!empty)
		return 0;
	for (int a = 0; a < 9; a++) {
		double v = 0;

		if (board[a] != '.')
			continue;
		board[a] = 'x';
		if (wins(&env_rules, number, board, 'x'))
			v = 1;
		else
			for (int o = 0; o < 9; o++) {
				if (board[o] != '.')
					continue;
				board[o] = 'o';
				if (!wins(&env_rules, number, board, 'o'))
					v += chance(number, board, empty - 2,
						    best) /
					     (empty - 1);
				board[o] = '.';
			}
		board[a] = '.';
		most = v > most ? v : most;
		sum += v / empty;
	}
	return best ? most : sum;
}

static void test_best_of_the_rules(void **state)
{
	char board[9] = {'x', '.', '.', '.', 'o', '.', '.', '.', '.'};
	union env_bytes task;

	(void)state;
	memset(board, '.', sizeof(board));
	env_rules.task(77, &task);
	assert_near(env_rules.best(&task), chance(77, board, 9, true), 1e-5);
	assert_near(env_rules.uniform(&task), chance(77, board, 9, false),
		    1e-5);
}

/* --- the others ----------------------------------------------------------- */

static void test_each_context_is_asked_once(void **state)
{
	struct rng r;
	union env_bytes task, world;
	int orders = 0;

	(void)state;
	rng_init(&r, 3, RNG_TEST, 0, 0);
	env_code.task(0x1b2d, &task);
	for (int i = 0; i < 200; i++) {
		struct env_step seen, next;
		struct env_result got = {0};
		int asked = 0, steps = 0;

		env_begin(&env_code, &task, &world, &r, &seen);
		orders += seen.look[0] != 0;
		for (; !got.done; steps++) {
			int c = seen.look[0];

			seen.action = (uint8_t)rng_below(&r, 4);
			got = env_act(&env_code, &task, &world, &r, &seen,
				      &next);
			assert_int_equal(got.reward,
					 seen.action == (0x1b2d >> 2 * c & 3));
			assert_int_equal(code_right(&task, c),
					 0x1b2d >> 2 * c & 3);
			asked |= 1 << c;
			seen = next;
		}
		assert_int_equal(asked, 255);
		assert_int_equal(steps, 8);
	}
	assert_in_range(orders, 150, 199); /* of 200; 7 of 8 are expected */
}

static void test_arms_pay_as_counted(void **state)
{
	union env_bytes task;
	struct rng r;
	double most = 0;

	(void)state;
	rng_init(&r, 4, RNG_TEST, 0, 0);
	env_bandit.task(12, &task);
	for (int a = 0; a < 5; a++) {
		double paid = 0, gain = 0;

		for (int i = 0; i < 20000; i++) {
			struct env_result got =
				env_bandit.step(&task, NULL, a, &r);

			assert_int_equal(got.reward / 2, a);
			paid += got.reward % 2 / 20000.0;
			gain = got.gain;
		}
		assert_near(paid, gain, 0.018); /* five deviations */
		most = gain > most ? gain : most;
	}
	assert_near(env_bandit.best(&task), most, 1e-9);
}

/* From the gains of two predictions, the answer without noise. */
static double answer(const void *task, int x)
{
	uint8_t world[ENV_BYTES] = {(uint8_t)x};
	struct rng r;
	double low, high, a = -3, b = 3;

	rng_init(&r, 6, RNG_TEST, 0, 0);
	low = -env_regression.step(task, world, 0, &r).gain;
	high = -env_regression.step(task, world, REGRESSION_LEVELS - 1, &r)
			.gain;
	return (low - high + b * b - a * a) / (2 * (b - a));
}

static void test_answers_are_linear(void **state)
{
	union env_bytes task;
	double w[8], noise = 0;

	(void)state;
	env_regression.task(9, &task);
	for (int i = 0; i < 8; i++)
		w[i] = (answer(&task, 1 << i) - answer(&task, 0)) / 2;
	for (int x = 0; x < 256; x++) {
		double sum = 0;

		for (int i = 0; i < 8; i++)
			sum += x >> i & 1 ? w[i] : -w[i];
		assert_near(answer(&task, x), sum, 1e-4);
	}
	for (int i = 0; i < 20000; i++) {
		uint8_t world[ENV_BYTES] = {77};
		struct rng r;
		double d;

		rng_init(&r, 7, RNG_TEST, (uint64_t)i, 0);
		d = (double)regression_value(
			    env_regression.step(&task, world, 3, &r).reward) -
		    answer(&task, 77);
		noise += d * d / 20000;
	}
	/* Of deviation 0.1, told to the nearest fifth. */
	if (fabs(noise - 0.1 * 0.1 - 0.2 * 0.2 / 12) > 0.004)
		fail_msg("noise of variance %g", noise);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uniform_play_is_as_said),
		cmocka_unit_test(test_rooms_are_as_plain_ones),
		cmocka_unit_test(test_best_in_the_room),
		cmocka_unit_test(test_rules_are_as_plain_ones),
		cmocka_unit_test(test_best_of_the_rules),
		cmocka_unit_test(test_each_context_is_asked_once),
		cmocka_unit_test(test_arms_pay_as_counted),
		cmocka_unit_test(test_answers_are_linear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
