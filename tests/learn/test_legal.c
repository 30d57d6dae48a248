/* SPDX-License-Identifier: MIT */
/* What data sets say of illegal moves, and what learners make of it. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/lessons.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/targets.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "tests/learn/make_learner.h"

/* A random game to its end or `most` plies, with what it teaches. */
struct played {
	struct game g;
	game_move *moves, *legal;  /* owned; one's own is moves[ply] */
	struct targets_writer out; /* owned; all on the move played */
	int count;
};

static void play(struct played *p, const char *spec, int most, uint64_t seed)
{
	void *s;
	float *policy;
	struct rng r;

	assert_int_equal(game_init(&p->g, spec, NULL), ERR_OK);
	s = game_state_new(&p->g, 0);
	policy = mem_floats((size_t)p->g.move_count);
	p->moves = mem_zalloc((size_t)p->g.max_plies, sizeof(*p->moves));
	p->legal = mem_zalloc((size_t)p->g.move_count, sizeof(*p->legal));
	p->count = 0;
	targets_begin(&p->out);
	rng_init(&r, seed, RNG_TEST, 0, 0);
	while (p->count < most && p->g.rules->to_act(&p->g, s) != GAME_OVER) {
		bool chance = p->g.rules->to_act(&p->g, s) == GAME_CHANCE;
		game_move m = chance ? game_chance_move(&p->g, s, &r, p->legal)
				     : game_random_move(&p->g, s, &r, p->legal);
		int n = p->g.rules->legal(&p->g, s, p->legal);

		for (int i = 0; i < n; i++)
			policy[i] = p->legal[i] == m;
		if (chance)
			targets_skip(&p->out);
		else
			targets_ply(&p->out, n, policy, NULL);
		p->moves[p->count++] = m;
		p->g.rules->apply(&p->g, s, m);
	}
	free(policy);
	free(s);
}

static void played_release(struct played *p)
{
	free(p->moves);
	free(p->legal);
	buf_release(&p->out.out);
}

/* Legal moves have the share that was taught, seen through the symmetry, and
 * nothing else has any. */
static void check_row(struct played *p, const void *s, int sym,
		      const float *policy, game_move played)
{
	const struct game_rules *rules = p->g.rules;
	int n = rules->legal(&p->g, s, p->legal), seen = 0;

	for (int i = 0; i < n; i++) {
		game_move to = rules->move_symmetry(&p->g, sym, p->legal[i]);

		assert_true(policy[to] == (p->legal[i] == played ? 1.0f : 0.f));
	}
	for (int m = 0; m < p->g.move_count; m++)
		if (policy[m] >= 0)
			seen++;
		else
			assert_true(policy[m] == NET_LEFT_OUT);
	assert_int_equal(seen, n);
}

static void check_lessons(struct played *p, const struct lessons *l)
{
	const struct game *g = &p->g;
	float *policy = mem_floats((size_t)g->move_count);
	const struct net_row row = {.target = {[NET_POLICY] = policy}};
	void *s = game_state_new(g, 0);
	size_t at = 0;

	for (int ply = 0; ply < p->count; ply++) {
		if (g->rules->to_act(g, s) >= 0) {
			for (int sym = 0; sym < g->symmetries; sym++) {
				lessons_read(g, l, at, sym, &row);
				check_row(p, s, sym, policy, p->moves[ply]);
			}
			at = lessons_next(l, at);
		}
		g->rules->apply(g, s, p->moves[ply]);
	}
	free(policy);
	free(s);
}

/* Over every game: a drawn position knows its legal moves, whether a search
 * taught it or it has only the move that was played. */
static void test_drawn_policies_are_over_legal_moves(void **state)
{
	(void)state;
	for (const struct game_member *m = game_members; m->name; m++) {
		struct lessons_maker *maker;
		struct lessons *taught, *plain;
		struct played p;

		play(&p, m->name, 60, 3);
		maker = lessons_maker_new(&p.g, 0);
		assert_int_equal(lessons_make(maker, p.moves, p.count, 0,
					      p.out.out.data, p.out.out.len,
					      &taught, NULL),
				 ERR_OK);
		plain = lessons_make_plain(maker, p.moves, p.count, 0, 3, 0);
		check_lessons(&p, taught);
		check_lessons(&p, plain);
		lessons_free(taught);
		lessons_free(plain);
		lessons_maker_free(maker);
		played_release(&p);
	}
}

/* Mean over positions of a data set of log(legal moves). */
static double mean_log_legal(const struct dataset *d,
			     const struct net_config *c)
{
	struct dataset_room room;
	const float *policy;
	double sum = 0;
	int rows;

	dataset_room_init(&room, c, (int)dataset_rows(d));
	for (int64_t i = 0; i < dataset_held(d); i++)
		d->get(d->self, i, &room);
	rows = net_batch_rows(&room.batch);
	policy = room.batch.target[NET_POLICY];
	for (int b = 0; b < rows; b++, policy += c->moves) {
		int n = 0;

		for (int m = 0; m < c->moves; m++)
			n += policy[m] >= 0;
		sum += log(n);
	}
	dataset_room_release(&room);
	return sum / rows;
}

/* One step, before which the policy's loss is about this. */
static void check_step(struct learner *l, const struct dataset *set,
		       struct pool *pool, double loss)
{
	struct learner_figures f;

	learner_step(l, set, 1000, 0.001f, pool);
	learner_take_figures(l, &f);
	assert_true(fabs(net_loss_mean(&f.loss, "loss.policy") - loss) < 0.5);
}

/* As a run is resumed. */
static void copy_learner(const struct learner *from, struct learner *to)
{
	struct err e = ERR_INIT;
	struct reader r;
	struct buf b;

	buf_init(&b);
	learner_save(from, &b);
	reader_init(&r, b.data, b.len);
	assert_int_equal(learner_load(to, &r, &e), ERR_OK);
	buf_release(&b);
}

/* A network that knows nothing chooses among the legal moves, about 24 of
 * them in random games of chess: its loss is not the log of all 1,858. */
static void test_fresh_network(void **state)
{
	struct pool *pool = pool_new(1);
	struct learner_held_out held_out;
	struct learner_figures f;
	struct recipe recipe;
	struct learner *l, *again;
	struct replay *data;
	struct dataset set;
	struct played p;
	double chance;

	(void)state;
	play(&p, "chess", 100, 5);
	conf_defaults(recipe_spec, &recipe);
	assert_int_equal(conf_read_list(recipe_spec, &recipe,
					"filters=8,blocks=1,batch=64,shard=64",
					"test", NULL),
			 ERR_OK);
	data = replay_new(&p.g, 1000, 0);
	replay_add_plain(data, p.moves, p.count, 0, 3, 0);
	set = replay_dataset(data);
	l = make_learner(&p.g, &recipe, 3);
	chance = mean_log_legal(&set, learner_net(l));
	assert_true(chance > 2 && chance < 4);
	learner_measure(l, &set, pool, &held_out);
	assert_int_equal(held_out.positions, p.count);
	assert_true(fabs(held_out.policy - chance) < 0.3);
	assert_true(fabs(held_out.kl - held_out.policy) < 1e-6);
	learner_step(l, &set, 1000, 0.001f, pool);
	learner_take_figures(l, &f);
	assert_true(fabs(net_loss_mean(&f.loss, "loss.policy") - chance) < 0.5);
	assert_true(net_loss_mean(&f.loss, "entropy") < chance + 0.2);
	learner_free(l);
	/* Unless it is to tell illegal moves from legal ones, too. */
	recipe.mask_illegal = false;
	l = make_learner(&p.g, &recipe, 3);
	check_step(l, &set, pool, log(p.g.move_count));
	learner_free(l);
	/* Or to tell them for some steps, and go on without, also when it was
	 * saved between. */
	recipe.mask_illegal = true;
	recipe.mask_after = 2;
	l = make_learner(&p.g, &recipe, 3);
	check_step(l, &set, pool, log(p.g.move_count));
	again = make_learner(&p.g, &recipe, 4);
	copy_learner(l, again);
	learner_free(l);
	check_step(again, &set, pool, log(p.g.move_count));
	check_step(again, &set, pool, chance);
	learner_free(again);
	replay_free(data);
	played_release(&p);
	pool_free(pool);
}

/* Where only one move is legal there is nothing to learn: the policy's loss is
 * 0, and with no weight on the value nothing moves. */
static void test_one_legal_move(void **state)
{
	static const game_move moves[] = {0, 1, 2, 4, 3, 6, 5, 8, 7};
	struct pool *pool = pool_new(1);
	struct learner_figures f;
	struct recipe recipe;
	struct learner *l;
	struct replay *data;
	struct dataset set;
	struct game g;

	(void)state;
	assert_int_equal(game_init(&g, "tictactoe", NULL), ERR_OK);
	conf_defaults(recipe_spec, &recipe);
	assert_int_equal(conf_read_list(recipe_spec, &recipe,
					"filters=8,blocks=1,batch=16,shard=16,"
					"value_weight=0",
					"test", NULL),
			 ERR_OK);
	data = replay_new(&g, 100, 0);
	replay_add_plain(data, moves, 9, 8, 3, 0);
	assert_int_equal(replay_held(data), 1);
	set = replay_dataset(data);
	l = make_learner(&g, &recipe, 3);
	learner_step(l, &set, 1, 0.1f, pool);
	learner_take_figures(l, &f);
	assert_true(net_loss_mean(&f.loss, "loss.policy") == 0);
	assert_true(net_loss_mean(&f.loss, "entropy") == 0);
	assert_true(net_loss_mean(&f.loss, "agree") == 1);
	assert_true(f.gradient_norm == 0);
	learner_free(l);
	replay_free(data);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drawn_policies_are_over_legal_moves),
		cmocka_unit_test(test_fresh_network),
		cmocka_unit_test(test_one_legal_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
