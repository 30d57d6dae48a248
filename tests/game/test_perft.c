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
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/game/game.h"

static void check_perft(const char *spec, const uint64_t *expect, int depths)
{
	struct game g;
	void *s;

	assert_int_equal(game_init(&g, spec, NULL), ERR_OK);
	s = game_state_new(&g, 0);
	for (int d = 1; d <= depths; d++)
		assert_true(game_perft(&g, s, d) == expect[d - 1]);
	free(s);
}

/* Connect Four, paths of 1 to 8 plies: seven to the power, less the games
 * that ended at plies 7 and on. */
static void test_connect4_paths(void **state)
{
	static const uint64_t n[] = {7,     49,     343,    2401,
				     16807, 117649, 823536, 5673234};

	(void)state;
	check_perft("connect4", n, ARRAY_LEN(n));
}

static void test_tictactoe_paths(void **state)
{
	static const uint64_t n[] = {9,     72,     504,    3024,  15120,
				     54720, 148176, 200448, 127872};

	(void)state;
	check_perft("tictactoe", n, ARRAY_LEN(n));
}

/* Distinct states reached from the start, by ply, as a set of their hashes. */
struct positions {
	uint64_t *slot; /* owned; 0 = free */
	size_t mask, count;
};

static bool positions_add(struct positions *p, uint64_t hash)
{
	size_t i = hash & p->mask;

	hash += !hash;
	for (; p->slot[i]; i = (i + 1) & p->mask)
		if (p->slot[i] == hash)
			return false;
	p->slot[i] = hash;
	p->count++;
	assert_true(p->count < p->mask);
	return true;
}

static int count_by_ply(const char *spec, int plies, size_t log2_slots,
			uint64_t *by_ply, uint64_t *terminal)
{
	struct positions seen = {.mask = ((size_t)1 << log2_slots) - 1};
	unsigned char *now, *next;
	struct game g;
	size_t n = 1;
	int ply;

	assert_int_equal(game_init(&g, spec, NULL), ERR_OK);
	seen.slot = mem_zalloc(seen.mask + 1, sizeof(uint64_t));
	now = game_state_new(&g, 0);
	memset(terminal, 0, 3 * sizeof(*terminal));
	for (ply = 0; ply <= plies && n; ply++) {
		size_t cap = 0, made = 0;

		by_ply[ply] = n;
		next = NULL;
		for (size_t i = 0; i < n; i++) {
			unsigned char *s = now + i * g.state_size;
			game_move moves[256];
			float value[2];
			int count;

			if (g.rules->to_act(&g, s) == GAME_OVER) {
				g.rules->score(&g, s, value);
				terminal[value[0] > 0   ? 0
					 : value[0] < 0 ? 1
							: 2]++;
				continue;
			}
			count = g.rules->legal(&g, s, moves);
			for (int k = 0; k < count; k++) {
				if (made == cap) {
					cap = cap ? cap * 2 : 64;
					next = mem_realloc(next,
							   cap * g.state_size);
				}
				memcpy(next + made * g.state_size, s,
				       g.state_size);
				g.rules->apply(&g, next + made * g.state_size,
					       moves[k]);
				made += positions_add(
					&seen,
					g.rules->hash(
						&g,
						next + made * g.state_size));
			}
		}
		free(now);
		now = next;
		n = made;
	}
	free(now);
	free(seen.slot);
	return ply;
}

/* OEIS A212693. */
static void test_connect4_positions(void **state)
{
	static const uint64_t expect[] = {1,    7,     49,    238,   1120,
					  4263, 16422, 54859, 184275};
	uint64_t n[ARRAY_LEN(expect)], terminal[3];

	(void)state;
	count_by_ply("connect4", ARRAY_LEN(expect) - 1, 20, n, terminal);
	for (size_t i = 0; i < ARRAY_LEN(expect); i++)
		assert_true(n[i] == expect[i]);
}

/* 5478 positions; of the finished ones X has won 626, O 316, drawn 16. */
static void test_tictactoe_positions(void **state)
{
	static const uint64_t expect[] = {1,    9,    72,   252, 756,
					  1260, 1520, 1140, 390, 78};
	uint64_t n[ARRAY_LEN(expect)], terminal[3], sum = 0;

	(void)state;
	assert_int_equal(count_by_ply("tictactoe", 9, 14, n, terminal), 10);
	for (size_t i = 0; i < ARRAY_LEN(expect); i++) {
		assert_true(n[i] == expect[i]);
		sum += n[i];
	}
	assert_int_equal(sum, 5478);
	assert_int_equal(terminal[0], 626);
	assert_int_equal(terminal[1], 316);
	assert_int_equal(terminal[2], 16);
}

/* Games end where they should: 131184 by X, 77904 by O, 46080 drawn. */
static void count_games(const struct game *g, const void *s, uint64_t *sum)
{
	game_move moves[9];
	float value[2];
	int n;

	if (g->rules->to_act(g, s) == GAME_OVER) {
		g->rules->score(g, s, value);
		sum[value[0] > 0 ? 0 : value[0] < 0 ? 1 : 2]++;
		return;
	}
	n = g->rules->legal(g, s, moves);
	for (int i = 0; i < n; i++) {
		uint64_t copy[32];

		assert_true(g->state_size <= sizeof(copy));
		memcpy(copy, s, g->state_size);
		g->rules->apply(g, copy, moves[i]);
		count_games(g, copy, sum);
	}
}

static void test_tictactoe_games(void **state)
{
	uint64_t sum[3] = {0};
	struct game g;
	void *s;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", NULL), ERR_OK);
	s = game_state_new(&g, 0);
	count_games(&g, s, sum);
	assert_int_equal(sum[0], 131184);
	assert_int_equal(sum[1], 77904);
	assert_int_equal(sum[2], 46080);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connect4_paths),
		cmocka_unit_test(test_tictactoe_paths),
		cmocka_unit_test(test_connect4_positions),
		cmocka_unit_test(test_tictactoe_positions),
		cmocka_unit_test(test_tictactoe_games),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
