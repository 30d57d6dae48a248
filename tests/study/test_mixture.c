/* SPDX-License-Identifier: MIT */
/* Worlds that are tables, learners whose mind is one, and Bayes' rule over
 * them.
 */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/study/env.h"
#include "core/study/mixture.h"
#include "core/study/tabular.h"
#include "tests/study/near.h"

static struct game tictactoe(void)
{
	struct err e = ERR_INIT;
	struct game g;

	if (game_init(&g, "mnk:3,3,3", &e))
		fail_msg("%s", e.msg);
	return g;
}

/* --- worlds -------------------------------------------------------------- */

/* Of tic-tac-toe 765 positions are different (Schaefer, "MathRec Solutions
 * (Tic-Tac-Toe)", 2002), of which 138 are over. */
static void test_the_table_of_a_game(void **state)
{
	struct game g = tictactoe();
	struct tabular_world w;
	int over = 0, legal = 0;

	(void)state;
	tabular_world_of_game(&w, &g);
	assert_int_equal(w.states, 765 - 138);
	for (int i = 0; i < w.states * w.actions; i++) {
		over += w.next[i] == TABULAR_OVER;
		legal += w.next[i] != TABULAR_ILLEGAL;
		assert_true(w.next[i] < 0 || w.next[i] > i / w.actions);
		assert_true(w.next[i] == TABULAR_OVER || w.result[i] == 0);
	}
	assert_true(over > 138 && legal > 627);
	tabular_world_release(&w);
}

/* Who plays best loses to nobody, and best play of both is a draw; the table of
 * values is made by looking ahead to the end. */
static void best_policy(const struct tabular_world *w, float *p)
{
	float *best = mem_floats((size_t)w->states);

	for (int s = w->states - 1; s >= 0; s--) {
		best[s] = -2;
		for (int a = 0; a < w->actions; a++) {
			int i = s * w->actions + a, to = w->next[i];

			p[i] = to == TABULAR_ILLEGAL ? 0
			       : to == TABULAR_OVER  ? w->result[i]
						     : -best[to];
			if (to != TABULAR_ILLEGAL)
				best[s] = fmaxf(best[s], p[i]);
		}
	}
	free(best);
	tabular_best(w, p);
}

static void test_exact_matches(void **state)
{
	struct game g = tictactoe();
	struct tabular_world w;
	size_t n;
	float *best, *any;
	struct tabular_learner chance = {.kind = TABULAR_COUNT, .start = 1};
	float *mind;

	(void)state;
	tabular_world_of_game(&w, &g);
	n = (size_t)w.states * (size_t)w.actions;
	best = mem_floats(n);
	any = mem_floats(n);
	mind = mem_floats(tabular_mind_size(&w));
	best_policy(&w, best);
	tabular_begin(&w, &chance, mind);
	for (int s = 0; s < w.states; s++)
		tabular_policy(&w, &chance, mind, s, any + s * w.actions);
	assert_near(tabular_match(&w, best, best, 0), 0.5, 1e-9);
	assert_near(tabular_match(&w, any, any, 2), 0.5, 1e-9);
	/* Random play: the first wins 737/1260, the second 363/1260 of games
	 * (MathWorld, "Tic-Tac-Toe": 0.585 and 0.288).  Who plays best wins
	 * more than that from either side. */
	assert_true(tabular_match(&w, best, any, 0) > 0.9);
	assert_near(tabular_match(&w, best, any, 0) +
			    tabular_match(&w, any, best, 0),
		    1, 1e-9);
	free(mind);
	free(any);
	free(best);
	tabular_world_release(&w);
}

/* --- learners ------------------------------------------------------------ */

/* Two plies from the end, by hand: the last move won, which moves its value by
 * the rate towards 1; the one before is worth what the best answer leaves. */
static void test_values_move(void **state)
{
	struct tabular_world w = {.states = 2, .actions = 2};
	int next[] = {1, 1, TABULAR_OVER, TABULAR_OVER};
	float result[] = {0, 0, 1, -1};
	struct tabular_learner l = {
		.kind = TABULAR_VALUE, .noise = 1, .rate = 0.5f, .lambda = 1};
	struct tabular_episode e = {
		.count = 2, .state = {0, 1}, .action = {1, 0}, .result = 1};
	float mind[8];

	(void)state;
	w.next = next;
	w.result = result;
	tabular_begin(&w, &l, mind);
	tabular_learn(&w, &l, mind, &e);
	assert_near(mind[2], 0.5, 1e-6);
	assert_near(mind[1], -0.5, 1e-6); /* the whole result */
	l.lambda = 0;
	tabular_begin(&w, &l, mind);
	tabular_learn(&w, &l, mind, &e);
	assert_near(mind[1], -0.25, 1e-6); /* what is known of it by now */
	l.forget = 0.1f;
	l.start = 0.5f;
	tabular_learn(&w, &l, mind, &e);
	assert_near(mind[3], 0.05, 1e-6);
}

/* --- Bayes' rule --------------------------------------------------------- */

enum { MEMBERS = 12, EPISODES = 40 };

static void family_of(struct tabular_learner *l)
{
	for (int i = 0; i < MEMBERS; i++)
		l[i] = (struct tabular_learner){
			.kind = TABULAR_VALUE,
			.noise = i % 2 ? 0.3f : 0.1f,
			.rate = 0.05f * (float)(1 + i / 2),
			.lambda = 1,
		};
}

struct player {
	const struct tabular_world *w;
	const struct tabular_learner *l;
	float *mind;
};

static void chooses(void *ctx, int state, float *out)
{
	struct player *p = ctx;

	tabular_policy(p->w, p->l, p->mind, state, out);
}

/* What the product of chances says, learner by learner, from the beginning. */
static double chance_of(const struct tabular_world *w,
			const struct tabular_learner *l,
			const struct tabular_episode *e)
{
	float *mind = mem_floats(tabular_mind_size(w)), p[TABULAR_ACTIONS];
	double product = 1;

	tabular_begin(w, l, mind);
	for (int i = 0; i < EPISODES; i++) {
		for (int k = 0; k < e[i].count; k++) {
			tabular_policy(w, l, mind, e[i].state[k], p);
			product *= (double)p[e[i].action[k]];
		}
		tabular_learn(w, l, mind, &e[i]);
	}
	free(mind);
	return product;
}

static void test_shares_are_bayes(void **state)
{
	struct tabular_learner family[MEMBERS];
	struct tabular_episode life[EPISODES];
	struct tabular_world w;
	struct mixture m, copy;
	double sum = 0, total = 0;
	struct player teacher;
	struct rng r;

	(void)state;
	family_of(family);
	tabular_world_of_env(&w, &env_bandit, 7);
	teacher = (struct player){&w, &family[7],
				  mem_floats(tabular_mind_size(&w))};
	tabular_begin(&w, teacher.l, teacher.mind);
	rng_init(&r, 5, RNG_TEST, 0, 0);
	mixture_init(&m, &w, family, MEMBERS, 1e-12);
	for (int i = 0; i < EPISODES; i++) {
		tabular_play(&w, chooses, &teacher, &r, &life[i]);
		tabular_learn(&w, teacher.l, teacher.mind, &life[i]);
		total += mixture_read(&m, &life[i]);
	}
	for (int i = 0; i < MEMBERS; i++)
		sum += chance_of(&w, &family[i], life);
	for (int i = 0; i < MEMBERS; i++)
		assert_near(mixture_share(&m, i),
			    chance_of(&w, &family[i], life) / sum, 1e-6);
	/* And what it said of each episode multiplies to what all say. */
	assert_near(total, log(sum / MEMBERS), 1e-4);
	mixture_copy(&copy, &m);
	mixture_keep(&copy, 3);
	assert_int_equal(copy.left, 1);
	assert_int_equal(mixture_likeliest(&copy), 3);
	assert_near(mixture_share(&copy, 3), 1, 0);
	assert_int_equal(m.left, MEMBERS);
	mixture_release(&copy);
	mixture_release(&m);
	free(teacher.mind);
	tabular_world_release(&w);
}

/* The true one of a family is found, and none that is far from it is left. */
static void test_the_teacher_is_found(void **state)
{
	struct game g = tictactoe();
	struct tabular_learner family[MEMBERS];
	struct tabular_episode e;
	struct tabular_world w;
	struct mixture m;
	struct player teacher;
	struct rng r;

	(void)state;
	family_of(family);
	tabular_world_of_game(&w, &g);
	teacher = (struct player){&w, &family[4],
				  mem_floats(tabular_mind_size(&w))};
	tabular_begin(&w, teacher.l, teacher.mind);
	rng_init(&r, 6, RNG_TEST, 0, 0);
	mixture_init(&m, &w, family, MEMBERS, 1e-12);
	for (int i = 0; i < 400; i++) {
		tabular_play(&w, chooses, &teacher, &r, &e);
		tabular_learn(&w, teacher.l, teacher.mind, &e);
		mixture_read(&m, &e);
	}
	assert_int_equal(mixture_likeliest(&m), 4);
	assert_true(mixture_share(&m, 4) > 0.9);
	assert_true(m.left < MEMBERS);
	mixture_release(&m);
	free(teacher.mind);
	tabular_world_release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_of_a_game),
		cmocka_unit_test(test_exact_matches),
		cmocka_unit_test(test_values_move),
		cmocka_unit_test(test_shares_are_bayes),
		cmocka_unit_test(test_the_teacher_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
