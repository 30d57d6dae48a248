/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/net/net.h"

/* Games as one text, so that two runs are compared with strcmp(). */
struct log {
	const struct game *game;
	struct buf text;
	int games, chances;
};

static void note_game(void *ctx, const struct self_play_game *g)
{
	struct log *log = ctx;
	void *start = game_state_new(log->game, 0);
	void *state = game_state_new(log->game, 0);
	struct reader r;
	int taught = 0, chosen = 0;

	buf_printf(&log->text, "%lld ", (long long)g->number);
	game_line_text(log->game, start, g->moves, g->count, &log->text);
	buf_printf(&log->text, " %g opening %d targets", (double)g->result,
		   g->opening);
	for (size_t i = 0; i < g->targets_len; i++)
		buf_printf(&log->text, "%02x",
			   ((const unsigned char *)g->targets)[i]);
	buf_putc(&log->text, '\n');
	log->games++;
	free(start);

	assert_int_equal(targets_open(&r, g->targets, g->targets_len, NULL),
			 ERR_OK);
	for (int ply = 0; ply < g->count; ply++) {
		const struct game_rules *rules = log->game->rules;
		bool own = ply >= g->opening &&
			   rules->to_act(log->game, state) >= 0;
		struct target t;

		targets_next(&r, &t);
		taught += t.count > 0;
		chosen += own;
		/* Neither the opening nor chance teaches. */
		assert_int_equal(t.count > 0, own);
		rules->apply(log->game, state, g->moves[ply]);
	}
	assert_int_equal(log->game->rules->to_act(log->game, state), GAME_OVER);
	assert_false(r.failed);
	assert_int_equal(r.pos, r.len);
	assert_int_equal(taught, chosen);
	log->chances += g->count - g->opening - chosen;
	free(state);
}

struct fixture {
	struct game game;
	struct recipe recipe;
	struct net_plan *plan;
};

static void begin_with(struct fixture *f, const char *game)
{
	struct err e = ERR_INIT;
	struct net_config net;
	float *params;

	assert_int_equal(game_init(&f->game, game, &e), ERR_OK);
	conf_defaults(recipe_spec, &f->recipe);
	assert_int_equal(conf_read_list(recipe_spec, &f->recipe,
					"filters=8,blocks=1,groups=3,slots=5,"
					"simulations=8,opening_share=0.5,"
					"opening_plies=4,explore_plies=4",
					"test", &e),
			 ERR_OK);
	recipe_net(&f->recipe, &f->game, &net);
	params = mem_floats(net_param_count(&net));
	net_init(&net, 1, params);
	f->plan = net_plan_new(&net, params);
	free(params);
}

static void begin(struct fixture *f)
{
	begin_with(f, "mnk:3,3,3");
}

/* Play `calls` times `plies` with `threads`; a save and load after `split`. */
static char *play(struct fixture *f, int threads, int calls, int plies,
		  int split)
{
	struct pool *pool = pool_new(threads);
	struct self_play *sp = self_play_new(&f->game, &f->recipe, 9);
	struct log log = {.game = &f->game};
	struct self_play_figures figures;
	char *text;

	buf_init(&log.text);
	for (int i = 0; i < calls; i++) {
		if (i == split) {
			struct buf saved;
			struct reader r;

			buf_init(&saved);
			self_play_save(sp, &saved);
			self_play_free(sp);
			sp = self_play_new(&f->game, &f->recipe, 9);
			reader_init(&r, saved.data, saved.len);
			assert_int_equal(self_play_load(sp, &r, NULL), ERR_OK);
			assert_int_equal(r.pos, r.len);
			buf_release(&saved);
		}
		assert_int_equal(self_play_advance(sp, f->plan, plies, pool,
						   note_game, NULL, &log),
				 ERR_OK);
	}
	self_play_take_figures(sp, &figures);
	if (split < 0) {
		assert_int_equal(figures.games, log.games);
		assert_int_equal(figures.positions, calls * plies * 15);
	}
	assert_true(log.games > 10);
	assert_int_equal(log.chances > 0, f->game.player_count == 1);
	self_play_free(sp);
	pool_free(pool);
	text = buf_detach(&log.text, NULL);
	buf_release(&log.text);
	return text;
}

static void test_threads_do_not_change_games(void **state)
{
	struct fixture f;
	char *one, *two, *three;

	(void)state;
	begin(&f);
	one = play(&f, 1, 4, 3, -1);
	two = play(&f, 2, 4, 3, -1);
	three = play(&f, 3, 4, 3, -1);
	assert_string_equal(one, two);
	assert_string_equal(one, three);
	free(one);
	free(two);
	free(three);
	net_plan_free(f.plan);
}

static void test_saved_games_go_on_alike(void **state)
{
	struct fixture f;
	char *whole, *parts;

	(void)state;
	begin(&f);
	whole = play(&f, 1, 4, 3, -1);
	parts = play(&f, 2, 4, 3, 2);
	assert_string_equal(whole, parts);
	free(whole);
	free(parts);
	net_plan_free(f.plan);
}

/* Games of five calls, with the cache or without, and their figures. */
static void play_cached(const char *game, bool with_cache, int threads,
			char **games, struct self_play_figures *figures)
{
	struct fixture f;
	struct pool *pool = pool_new(threads);
	struct log log = {.game = &f.game};
	struct self_play *sp;

	begin_with(&f, game);
	if (!with_cache)
		f.recipe.cache = 0;
	sp = self_play_new(&f.game, &f.recipe, 9);
	buf_init(&log.text);
	for (int i = 0; i < 5; i++)
		assert_int_equal(self_play_advance(sp, f.plan, 5, pool,
						   note_game, NULL, &log),
				 ERR_OK);
	self_play_take_figures(sp, figures);
	self_play_free(sp);
	pool_free(pool);
	net_plan_free(f.plan);
	*games = buf_detach(&log.text, NULL);
	buf_release(&log.text);
}

/* The network says the same again, so that nothing but time is saved, and
 * games come in the same order. */
static void test_cache_does_not_change_games(void **state)
{
	static const char *const games[] = {"mnk:3,3,3",
					    "drop:rows=4,cols=4,line=3",
					    "pacman:maze=tiny,ticks=12"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(games); i++) {
		struct self_play_figures with, without;
		char *one, *two;

		play_cached(games[i], false, 1, &one, &without);
		play_cached(games[i], true, 2, &two, &with);
		assert_string_equal(one, two);
		assert_true(one[0] != '\0');
		assert_int_equal(without.leaves, without.rows);
		assert_int_equal(with.leaves, without.leaves);
		assert_int_equal(with.simulations, without.simulations);
		assert_true(with.rows < with.leaves * 9 / 10);
		assert_true(with.batches > 0);
		free(one);
		free(two);
	}
}

static void ignore_game(void *ctx, const struct self_play_game *g)
{
	(void)g;
	++*(int *)ctx;
}

static size_t bytes_in_use(void)
{
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
	return mallinfo2().uordblks + mallinfo2().hblkhd;
#else
	return 0;
#endif
}

static void learn_game(void *ctx, const struct self_play_game *g)
{
	assert_int_equal(replay_add(ctx, g->moves, g->count, g->result,
				    g->targets, g->targets_len, NULL),
			 ERR_OK);
}

/* What is held depends on the window and the slots, not on the games played. */
static void test_memory_stays_flat(void **state)
{
	struct fixture f;
	struct pool *pool = pool_new(2);
	struct replay *replay;
	struct self_play *sp;
	size_t early = 0, late;

	(void)state;
	begin(&f);
	sp = self_play_new(&f.game, &f.recipe, 9);
	replay = replay_new(&f.game, 200, 0.5f);
	for (int i = 0; i < 300; i++) {
		assert_int_equal(self_play_advance(sp, f.plan, 4, pool,
						   learn_game, NULL, replay),
				 ERR_OK);
		if (i == 100)
			early = bytes_in_use();
	}
	late = bytes_in_use();
	assert_true(replay_total(replay) > 40 * replay_held(replay));
	/* The allocator counts what its threads keep for reuse; losing a few
	 * bytes of each game would show. */
	assert_true(late < early + (32 << 10));
	replay_free(replay);
	self_play_free(sp);
	pool_free(pool);
	net_plan_free(f.plan);
}

static bool refuse(void *ctx)
{
	(void)ctx;
	return false;
}

/* One player, chance between his moves, and results between win and loss; a
 * save falls between a move and what chance made of it. */
static void test_game_of_chance(void **state)
{
	struct fixture f;
	char *one, *two, *split;

	(void)state;
	begin_with(&f, "pacman:maze=tiny,ticks=12");
	one = play(&f, 1, 5, 3, -1);
	two = play(&f, 2, 5, 3, -1);
	split = play(&f, 2, 5, 3, 2);
	assert_string_equal(one, two);
	assert_string_equal(one, split);
	free(one);
	free(two);
	free(split);
	net_plan_free(f.plan);
}

static void test_stop_delivers_nothing(void **state)
{
	struct fixture f;
	struct pool *pool = pool_new(1);
	struct self_play *sp;
	int games = 0;

	(void)state;
	begin(&f);
	sp = self_play_new(&f.game, &f.recipe, 9);
	assert_int_equal(self_play_advance(sp, f.plan, 50, pool, ignore_game,
					   refuse, &games),
			 ERR_CANCELLED);
	assert_int_equal(games, 0);
	self_play_free(sp);
	pool_free(pool);
	net_plan_free(f.plan);
}

static void test_damaged_save_is_refused(void **state)
{
	struct fixture f;
	struct self_play *sp;
	struct err e = ERR_INIT;
	struct reader r;
	struct buf saved;

	(void)state;
	begin(&f);
	sp = self_play_new(&f.game, &f.recipe, 9);
	buf_init(&saved);
	self_play_save(sp, &saved);
	for (size_t len = 0; len < saved.len; len += 7) {
		reader_init(&r, saved.data, len);
		assert_int_equal(self_play_load(sp, &r, &e), ERR_FORMAT);
	}
	buf_release(&saved);
	self_play_free(sp);
	net_plan_free(f.plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads_do_not_change_games),
		cmocka_unit_test(test_saved_games_go_on_alike),
		cmocka_unit_test(test_game_of_chance),
		cmocka_unit_test(test_cache_does_not_change_games),
		cmocka_unit_test(test_memory_stays_flat),
		cmocka_unit_test(test_stop_delivers_nothing),
		cmocka_unit_test(test_damaged_save_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
