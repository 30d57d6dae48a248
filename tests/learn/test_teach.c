/* SPDX-License-Identifier: MIT */
/* A teacher's games without a lab, and a course that imitates it. */
#include "config.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/base/attr.h"
#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/pool.h"
#include "core/game/game.h"
#include "core/learn/course.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/learn/replay.h"
#include "core/learn/self_play.h"
#include "core/learn/targets.h"
#include "core/learn/teach.h"

enum { THREADS = 2 };

struct fixture {
	struct game game;
	struct recipe recipe;
	struct agent *teachers[THREADS];
	struct teaching teaching;
};

static int setup(void **state)
{
	static struct fixture f;
	struct err e = ERR_INIT;

	conf_defaults(recipe_spec, &f.recipe);
	if (game_init(&f.game, "tictactoe", &e) ||
	    conf_read_list(recipe_spec, &f.recipe,
			   "filters=8,blocks=1,batch=32,shard=16,epochs=80,"
			   "explore_plies=3,opening_plies=2",
			   "test", &e))
		fail_msg("%s", e.msg);
	for (int i = 0; i < THREADS; i++)
		if (agent_open(&f.teachers[i], "mcts:uniform,sims=32", &f.game,
			       NULL, &e))
			fail_msg("%s", e.msg);
	f.teaching = (struct teaching){
		.game = &f.game,
		.recipe = &f.recipe,
		.seed = 3,
		.teachers = f.teachers,
	};
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < THREADS; i++)
		agent_close(f->teachers[i]);
	return 0;
}

/* What was handed over: all of it as bytes, and as positions. */
struct taken {
	struct buf bytes;
	struct replay *replay; /* may be NULL */
	int64_t next;          /* number of the game that must come */
	int refuse;            /* the game to say no to; 0: none */
	bool stop;
};

static enum err_code take(void *ctx, const struct self_play_game *g,
			  struct err *e)
{
	struct taken *t = ctx;

	assert_int_equal(g->number, t->next++);
	if (g->number == t->refuse)
		return err_set(e, ERR_IO, "no room for game %d", t->refuse);
	buf_add(&t->bytes, g->moves, (size_t)g->count * sizeof(*g->moves));
	buf_add(&t->bytes, g->targets, g->targets_len);
	buf_f32(&t->bytes, g->result);
	if (!t->replay)
		return ERR_OK;
	return replay_add(t->replay, g->moves, g->count, g->result, g->targets,
			  g->targets_len, e);
}

static bool tick(void *ctx)
{
	struct taken *t = ctx;

	return !t->stop;
}

/* Any number of threads and any cut: the same games. */
static void test_games_depend_on_their_number(void **state)
{
	struct fixture *f = *state;
	struct pool *one = pool_new(1), *two = pool_new(2);
	struct taken whole = {.next = 1}, parts = {.next = 1};
	struct err e = ERR_INIT;

	buf_init(&whole.bytes);
	buf_init(&parts.bytes);
	assert_int_equal(
		teach_games(&f->teaching, 1, 10, two, take, tick, &whole, &e),
		ERR_OK);
	assert_int_equal(
		teach_games(&f->teaching, 1, 7, one, take, tick, &parts, &e),
		ERR_OK);
	assert_int_equal(
		teach_games(&f->teaching, 8, 3, one, take, tick, &parts, &e),
		ERR_OK);
	assert_int_equal(whole.next, 11);
	assert_int_equal(whole.bytes.len, parts.bytes.len);
	assert_memory_equal(whole.bytes.data, parts.bytes.data,
			    parts.bytes.len);
	buf_release(&whole.bytes);
	buf_release(&parts.bytes);
	pool_free(one);
	pool_free(two);
}

/* And however many a thread plays at once. */
static void test_games_at_once(void **state)
{
	struct fixture *f = *state;
	struct pool *pool = pool_new(2);
	struct recipe many = f->recipe;
	struct teaching side_by_side = f->teaching;
	struct taken one = {.next = 1}, all = {.next = 1};
	atomic_int finished = 0;
	struct err e = ERR_INIT;

	many.teacher_lanes = 7;
	side_by_side.recipe = &many;
	side_by_side.finished = &finished;
	buf_init(&one.bytes);
	buf_init(&all.bytes);
	assert_int_equal(
		teach_games(&f->teaching, 1, 20, pool, take, tick, &one, &e),
		ERR_OK);
	assert_int_equal(
		teach_games(&side_by_side, 1, 20, pool, take, tick, &all, &e),
		ERR_OK);
	assert_int_equal(atomic_load(&finished), 20);
	assert_int_equal(one.bytes.len, all.bytes.len);
	assert_memory_equal(one.bytes.data, all.bytes.data, one.bytes.len);
	buf_release(&one.bytes);
	buf_release(&all.bytes);
	pool_free(pool);
}

/* Every ply of a student's game is labelled with what the teacher thinks there,
 * and the moves are the student's. */
struct student {
	struct fixture *f;
	struct agent *teacher, *player;
	int labelled, others;
};

static enum err_code check_student(void *ctx, const struct self_play_game *g,
				   struct err *e)
{
	struct student *s = ctx;
	const struct game *game = &s->f->game;
	void *state = game_state_new(game, 0);
	struct reader in;

	assert_int_equal(targets_open(&in, g->targets, g->targets_len, e),
			 ERR_OK);
	for (int ply = 0; ply < g->count; ply++) {
		struct target t;
		struct thought said, played;

		targets_next(&in, &t);
		assert_int_equal(t.count > 0, ply >= g->opening);
		if (t.count) {
			float label[9];
			struct targets_writer again;

			agent_think(s->teacher, state, 3, (uint64_t)g->number,
				    ply, NULL, &said);
			agent_think(s->player, state, 3, (uint64_t)g->number,
				    ply, NULL, &played);
			assert_true(teach_label(&said, TEACH_POLICY, 1, label));
			targets_begin(&again);
			targets_ply(&again, said.count, label,
				    said.has_value ? said.wdl : NULL);
			assert_int_equal(said.count, t.count);
			/* Behind version and count. */
			assert_memory_equal(again.out.data + 3, t.policy,
					    (size_t)t.count * 2);
			assert_int_equal(g->moves[ply], played.move);
			s->others += g->moves[ply] != said.move;
			s->labelled++;
			buf_release(&again.out);
			thought_release(&said);
			thought_release(&played);
		}
		game->rules->apply(game, state, g->moves[ply]);
	}
	free(state);
	return ERR_OK;
}

static bool go_on(void *ctx)
{
	(void)ctx;
	return true;
}

static void test_student_plays(void **state)
{
	struct fixture *f = *state;
	struct pool *pool = pool_new(2);
	struct recipe recipe = f->recipe;
	struct teaching t = f->teaching;
	struct agent *students[THREADS];
	struct student s = {.f = f};
	struct err e = ERR_INIT;

	/* It plays what it would play, never a draw. */
	recipe.explore_plies = 0;
	recipe.teacher_lanes = 3;
	t.recipe = &recipe;
	t.students = students;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(agent_open(&students[i], "tactical", &f->game,
					    NULL, &e),
				 ERR_OK);
	assert_int_equal(agent_open(&s.player, "tactical", &f->game, NULL, &e),
			 ERR_OK);
	assert_int_equal(agent_open(&s.teacher, "mcts:uniform,sims=32,reuse=no",
				    &f->game, NULL, &e),
			 ERR_OK);
	for (int i = 0; i < THREADS; i++) {
		agent_close(f->teachers[i]);
		assert_int_equal(agent_open(&f->teachers[i],
					    "mcts:uniform,sims=32,reuse=no",
					    &f->game, NULL, &e),
				 ERR_OK);
	}
	if (teach_games(&t, 1, 12, pool, check_student, go_on, &s, &e))
		fail_msg("%s", e.msg);
	assert_true(s.labelled > 40 && s.others > 0);
	for (int i = 0; i < THREADS; i++)
		agent_close(students[i]);
	agent_close(s.player);
	agent_close(s.teacher);
	pool_free(pool);
}

/* What a thought teaches, by hand. */
static void test_targets(void **state)
{
	struct agent_move moves[3] = {
		{.move = 1, .visits = 30, .policy = 0.2f, .q = 0.1f},
		{.move = 4, .visits = 10, .policy = 0.7f, .q = 0.3f},
		{.move = 5, .visits = 0, .policy = 0.1f, .q = NAN},
	};
	struct thought t = {.move = 4, .count = 3, .moves = moves};
	float w[3];

	(void)state;
	assert_true(teach_label(&t, TEACH_POLICY, 1, w));
	assert_true(w[0] == 0.2f && w[1] == 0.7f && w[2] == 0.1f);
	assert_true(teach_label(&t, TEACH_MOVE, 1, w));
	assert_true(w[0] == 0 && w[1] == 1 && w[2] == 0);
	assert_true(teach_label(&t, TEACH_VISITS, 1, w));
	assert_true(w[0] == 0.75f && w[1] == 0.25f && w[2] == 0);
	/* exp(-0.2 / 0.1) of the better one's */
	assert_true(teach_label(&t, TEACH_VALUES, 0.1f, w));
	assert_float_equal(w[0] / w[1], exp(-2), 1e-6);
	assert_float_equal(w[0] + w[1], 1, 1e-6);
	assert_true(w[2] == 0);
	/* A raw policy says neither. */
	for (int i = 0; i < 3; i++) {
		moves[i].visits = 0;
		moves[i].q = NAN;
	}
	assert_false(teach_label(&t, TEACH_VISITS, 1, w));
	assert_false(teach_label(&t, TEACH_VALUES, 1, w));
}

static void test_stopped_and_refused(void **state)
{
	struct fixture *f = *state;
	struct pool *pool = pool_new(1);
	struct taken t = {.next = 1, .refuse = 2};
	struct err e = ERR_INIT;

	buf_init(&t.bytes);
	assert_int_equal(
		teach_games(&f->teaching, 1, 4, pool, take, tick, &t, &e),
		ERR_IO);
	assert_string_equal(e.msg, "no room for game 2");
	assert_int_equal(t.next, 3);
	t = (struct taken){.bytes = t.bytes, .next = 1, .stop = true};
	assert_int_equal(
		teach_games(&f->teaching, 1, 4, pool, take, tick, &t, &e),
		ERR_CANCELLED);
	assert_int_equal(t.next, 1);
	buf_release(&t.bytes);
	pool_free(pool);
}

/* Teacher, positions and course in one process, and nothing else. */
static void test_imitation_without_a_lab(void **state)
{
	struct fixture *f = *state;
	struct pool *pool = pool_new(2);
	struct taken seen = {.next = 1, .replay = replay_new(&f->game, 999, 1)};
	struct taken unseen = {.next = 31,
			       .replay = replay_new(&f->game, 999, 1)};
	struct dataset data = replay_dataset(seen.replay);
	struct dataset held_out = replay_dataset(unseen.replay);
	struct course_sink nobody = {0};
	struct course_config config = {
		.name = "a copy",
		.game = &f->game,
		.recipe = &f->recipe,
		.seed = 1,
		.data = &data,
		.held_out = &held_out,
		.data_games = 40,
	};
	struct learner_held_out before, after;
	struct course *c;
	struct err e = ERR_INIT;

	buf_init(&seen.bytes);
	buf_init(&unseen.bytes);
	assert_int_equal(
		teach_games(&f->teaching, 1, 30, pool, take, tick, &seen, &e),
		ERR_OK);
	assert_int_equal(teach_games(&f->teaching, 31, 10, pool, take, tick,
				     &unseen, &e),
			 ERR_OK);
	c = course_new(&config, &nobody);
	course_measure(c, pool, &before);
	assert_int_equal(course_run(c, pool, &e), ERR_OK);
	course_measure(c, pool, &after);
	assert_true(after.positions > 30);
	assert_true(after.kl < before.kl);
	assert_true(after.agree > before.agree);
	course_free(c);
	replay_free(seen.replay);
	replay_free(unseen.replay);
	buf_release(&seen.bytes);
	buf_release(&unseen.bytes);
	pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_games_depend_on_their_number),
		cmocka_unit_test(test_stopped_and_refused),
		cmocka_unit_test(test_games_at_once),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_imitation_without_a_lab),
		cmocka_unit_test(test_student_plays),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
