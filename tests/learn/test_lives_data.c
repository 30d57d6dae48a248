/* SPDX-License-Identifier: MIT */
/* Lives as sequences, each row held against one that is made by hand. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/lives_data.h"
#include "core/learn/targets.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"

enum { LIVES = 3, STAGES = 8, GAMES = 6, CELLS = 9, ROWS = 60, CUT = 5 };

/* What was put in. */
static struct record {
	game_move moves[CELLS];
	float policy[CELLS][CELLS]; /* by ply and move; of an opening: 0 */
	int count, opening;
	float result;
} records[LIVES][STAGES][GAMES];

static struct game game;
static struct net_config net;
static struct lives_data *lives;

/* A game by chance, whose policies are, too. */
static void play(struct record *r, struct rng *rng, struct targets_writer *w)
{
	void *state = game_state_new(&game, 0);
	float value[GAME_MAX_PLAYERS];

	r->opening = (int)rng_below(rng, 3);
	targets_begin(w);
	while (game.rules->to_act(&game, state) >= 0) {
		game_move legal[CELLS];
		int n = game.rules->legal(&game, state, legal);
		float some[CELLS], sum = 0;

		for (int i = 0; i < n; i++)
			sum += some[i] = 0.1f + rng_float(rng);
		for (int i = 0; i < n; i++)
			some[i] /= sum;
		if (r->count < r->opening)
			targets_skip(w);
		else
			targets_ply(w, n, some, NULL);
		for (int i = 0; i < n && r->count >= r->opening; i++)
			r->policy[r->count][legal[i]] = some[i];
		r->moves[r->count] = legal[rng_below(rng, (uint32_t)n)];
		game.rules->apply(&game, state, r->moves[r->count++]);
	}
	game.rules->score(&game, state, value);
	r->result = value[0];
	free(state);
}

static int setup(void **state)
{
	struct err e = ERR_INIT;
	struct rng rng;

	(void)state;
	rng_init(&rng, 7, RNG_TEST, 0, 0);
	if (game_init(&game, "mnk:3,3,3", &e))
		fail_msg("%s", e.msg);
	net_config_game(&net, &game);
	if (net_config_parse(&net, "transformer:context=64,result=yes", &e))
		fail_msg("%s", e.msg);
	lives = lives_data_new(&game, 0);
	for (int l = 0; l < LIVES; l++) {
		lives_data_begin(lives);
		for (int s = 0; s < STAGES; s++) {
			lives_data_stage(lives);
			for (int g = 0; g < GAMES; g++) {
				struct record *r = &records[l][s][g];
				struct targets_writer w;

				play(r, &rng, &w);
				if (lives_data_add(lives, r->moves, r->count,
						   r->result, w.out.data,
						   w.out.len, &e))
					fail_msg("%s", e.msg);
				buf_release(&w.out);
			}
		}
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	lives_data_free(lives);
	return 0;
}

static struct lives_view view_of(enum lives_order order, int stages)
{
	return (struct lives_view){
		.lives = lives,
		.rows = ROWS,
		.stages = stages,
		.order = order,
		.strides = {1, 2},
		.games_low = 2,
		.games_high = 3,
		.per_life = 4,
	};
}

static void draw(const struct lives_view *v, uint64_t step,
		 struct lives_sequence *out)
{
	struct dataset_chance chance = {.seed = 3, .step = step};

	lives_view_draw(v, 0, LIVES, &chance, out);
}

/* --- rows ----------------------------------------------------------------
 */

static void check_planes(const struct net_row *row, const void *state, int sym)
{
	float plain[64], turned[64];
	int cells = game.planes * CELLS;

	assert_true(cells <= 64);
	game.rules->encode(&game, state, plain);
	game_planes_symmetry(&game, sym, plain, turned);
	assert_memory_equal(row->x, turned, (size_t)cells * sizeof(float));
}

static void check_policy(const struct net_row *row, const struct record *r,
			 int ply, int sym)
{
	bool taught = ply >= r->opening;

	assert_true(*row->weight[NET_POLICY] == (taught ? 1 : 0));
	for (int m = 0; m < CELLS; m++) {
		int to = game.rules->move_symmetry(&game, sym, (game_move)m);
		float want = r->policy[ply][m];

		if (want <= 0)
			want = NET_LEFT_OUT;
		assert_float_equal(row->target[NET_POLICY][to], want, 1e-4);
	}
}

/* How it ended for `player`, as win, draw and loss and as an id. */
static int ended(float result, int player, float wdl[3])
{
	float own = player ? -result : result;

	wdl[0] = own > 0;
	wdl[1] = own == 0;
	wdl[2] = own < 0;
	return own > 0 ? NET_WON : own < 0 ? NET_LOST : NET_DRAWN;
}

static void check_ids(const struct net_row *row, const struct record *r,
		      const struct record *before, const struct lives_view *v,
		      int gap, int ply, int sym)
{
	static const int gaps[] = {0, 1, 2, 2, 3};
	float wdl[3];
	int move = CELLS;

	if (ply)
		move = game.rules->move_symmetry(&game, sym, r->moves[ply - 1]);
	assert_true(row->ids[NET_ID_MOVE] == (float)move);
	assert_true(row->ids[NET_ID_SIDE] == (float)(ply % 2));
	assert_true(row->ids[NET_ID_GAP] == (float)gaps[gap]);
	if (!before || v->masked)
		assert_true(row->ids[NET_ID_RESULT] == NET_NO_RESULT);
	else
		assert_true(row->ids[NET_ID_RESULT] ==
			    (float)ended(before->result, ply % 2, wdl));
}

static void check_row(const struct net_row *row, const struct record *r,
		      const void *state, const struct lives_view *v, int ply,
		      int sym)
{
	bool asked = ply >= r->opening && !v->masked;
	float wdl[3];

	check_planes(row, state, sym);
	check_policy(row, r, ply, sym);
	ended(r->result, ply % 2, wdl);
	assert_memory_equal(row->target[NET_RESULT], wdl, sizeof(wdl));
	assert_true(*row->weight[NET_RESULT] == (asked ? 1 : 0));
	assert_true(*row->weight[NET_VALUE] == (asked ? 1 : 0));
}

/* The rows of a sequence are those of its games, one after the other. */
static void check_rows(const struct lives_view *v,
		       const struct lives_sequence *s,
		       const struct dataset_room *room, int at)
{
	const struct record *before = NULL;

	for (int i = 0; i < s->count; i++) {
		const struct lives_pick *p = &s->games[i];
		const struct record *r = &records[s->life][p->stage][p->game];
		void *state = game_state_new(&game, 0);

		for (int ply = 0; ply < r->count; ply++) {
			struct net_row row = net_rows_at(&room->rows, at++);

			check_row(&row, r, state, v, ply, s->sym);
			check_ids(&row, r, before, v, p->gap, ply, s->sym);
			game.rules->apply(&game, state, r->moves[ply]);
		}
		before = r;
		free(state);
	}
}

static void test_rows(void **state)
{
	(void)state;
	for (int kind = 0; kind < 5; kind++) {
		struct lives_view v = view_of(kind % 4, CUT);

		v.masked = kind == 4;
		for (uint64_t step = 0; step < 40; step++) {
			struct lives_sequence s;
			struct dataset_room room;

			draw(&v, step, &s);
			dataset_room_init(&room, &net, ROWS);
			lives_view_read(&v, &s, &room);
			assert_int_equal(net_batch_rows(&room.batch), s.rows);
			assert_int_equal(room.stage[0], s.games[0].stage);
			check_rows(&v, &s, &room, 0);
			dataset_room_release(&room);
		}
	}
}

/* --- which games ---------------------------------------------------------
 */

static void check_different(const struct lives_sequence *s)
{
	for (int i = 0; i < s->count; i++)
		for (int j = 0; j < i; j++)
			assert_true(s->games[i].stage != s->games[j].stage ||
				    s->games[i].game != s->games[j].game);
}

static int rows_of(const struct lives_sequence *s)
{
	int rows = 0;

	for (int i = 0; i < s->count; i++)
		rows += records[s->life][s->games[i].stage][s->games[i].game]
				.count;
	return rows;
}

/* Stage by stage with a stride, two or three games of each but the last; as
 * many as fit or as there are stages. */
static void test_true_order(void **state)
{
	struct lives_view v = view_of(LIVES_TRUE, 0);
	bool seen[STAGES] = {false}, strides[3] = {false};

	(void)state;
	for (uint64_t step = 0; step < 300; step++) {
		struct lives_sequence s;
		int stride = 0, at_stage = 0;

		draw(&v, step, &s);
		check_different(&s);
		assert_int_equal(rows_of(&s), s.rows);
		assert_true(s.rows <= ROWS && s.count > 0);
		assert_int_equal(s.games[0].gap, 0);
		for (int i = 0; i < s.count; i++) {
			int gap =
				i ? s.games[i].stage - s.games[i - 1].stage : 0;

			seen[s.games[i].stage] = true;
			assert_int_equal(s.games[i].gap, gap);
			at_stage = gap || !i ? 1 : at_stage + 1;
			assert_true(at_stage <= 3);
			assert_true(!gap || !stride || gap == stride);
			stride = gap ? gap : stride;
		}
		assert_in_range(stride, 1, 2);
		strides[stride] = true;
		assert_true(s.rows > ROWS - CELLS ||
			    s.games[s.count - 1].stage + stride >= STAGES);
	}
	for (int i = 0; i < STAGES; i++)
		assert_true(seen[i]);
	assert_true(strides[1] && strides[2]);
}

/* The mean stage that sequences begin with. */
static double mean_first(int late)
{
	struct lives_view v = view_of(LIVES_TRUE, 0);
	double sum = 0;

	v.late = late;
	for (uint64_t step = 0; step < 600; step++) {
		struct lives_sequence s;

		draw(&v, step, &s);
		sum += s.games[0].stage;
	}
	return sum / 600;
}

/* The later of two, and of many; one draw is as none is said. */
static void test_late(void **state)
{
	double any = mean_first(0), two = mean_first(2), many = mean_first(16);

	(void)state;
	assert_true(mean_first(1) == any);
	assert_true(two > 1.15 * any);
	assert_true(many > 1.15 * two);
}

/* Whatever the order: nothing past the cut is drawn, and all before it is. */
static void test_cut(void **state)
{
	(void)state;
	for (int order = LIVES_TRUE; order <= LIVES_LAST; order++) {
		struct lives_view v = view_of(order, CUT);
		bool seen[STAGES][GAMES] = {{false}};

		for (uint64_t step = 0; step < 600; step++) {
			struct lives_sequence s;

			draw(&v, step, &s);
			for (int i = 0; i < s.count; i++) {
				int stage = s.games[i].stage;

				assert_in_range(stage, 0, CUT - 1);
				assert_true(order != LIVES_LAST ||
					    stage == CUT - 1);
				seen[stage][s.games[i].game] = true;
			}
		}
		for (int i = order == LIVES_LAST ? CUT - 1 : 0; i < CUT; i++)
			for (int g = 0; g < GAMES; g++)
				assert_true(seen[i][g]);
	}
}

/* The same games as in true order, the stages in another one; what is said of
 * gaps is not. */
static void test_other_orders(void **state)
{
	struct lives_view truth = view_of(LIVES_TRUE, CUT);
	struct lives_view back = view_of(LIVES_REVERSED, CUT);
	struct lives_view any = view_of(LIVES_SHUFFLED, CUT);
	int risen = 0, fallen = 0;

	(void)state;
	for (uint64_t step = 0; step < 300; step++) {
		struct lives_sequence t, r, s;
		int stride = 0;

		draw(&truth, step, &t);
		draw(&back, step, &r);
		draw(&any, step, &s);
		assert_int_equal(t.count, r.count);
		assert_int_equal(t.count, s.count);
		assert_int_equal(t.rows, rows_of(&r));
		assert_int_equal(t.rows, rows_of(&s));
		check_different(&r);
		check_different(&s);
		for (int i = 1; i < t.count; i++)
			stride = t.games[i].gap ? t.games[i].gap : stride;
		for (int i = 1; i < t.count; i++) {
			int fell = r.games[i - 1].stage - r.games[i].stage;
			int rose = s.games[i].stage - s.games[i - 1].stage;

			assert_int_equal(r.games[i].gap, fell);
			assert_int_equal(s.games[i].gap, rose ? stride : 0);
			risen += rose > 0;
			fallen += rose < 0;
		}
	}
	assert_true(risen > 100 && fallen > 100);
}

/* --- tails and items -----------------------------------------------------
 */

static void test_tail(void **state)
{
	(void)state;
	for (int order = LIVES_TRUE; order <= LIVES_LAST; order++)
		for (uint64_t lane = 0; lane < 20; lane++) {
			struct lives_view v = view_of(order, CUT);
			struct lives_tail t = {1, CUT - 1, 2, 2, 40};
			struct dataset_chance chance = {3, 0, lane};
			struct lives_sequence s;

			lives_view_tail(&v, &t, &chance, &s);
			assert_int_equal(s.life, 1);
			assert_int_equal(s.sym, 0);
			assert_int_equal(s.games[s.count - 1].stage, CUT - 1);
			assert_true(s.rows <= 40 && s.rows > 40 - 2 * CELLS);
			check_different(&s);
			for (int i = 0; i < s.count; i++) {
				int gap = i ? s.games[i].stage -
							  s.games[i - 1].stage
					    : 0;

				assert_int_equal(s.games[i].gap, gap);
				assert_true(gap == 0 || gap == 2);
				assert_true(order != LIVES_LAST || !gap);
			}
		}
}

static void draw_room(const struct dataset *d, uint64_t step, int64_t window,
		      struct dataset_room *room)
{
	struct dataset_chance chance = {.seed = 3, .step = step, .first = 9};

	dataset_room_clear(room);
	d->draw(d->self, window, &chance, room);
}

/* A draw is the same again, is several sequences, and of the newest lives. */
static void test_dataset(void **state)
{
	struct lives_view v = view_of(LIVES_TRUE, CUT);
	struct dataset d = lives_view_dataset(&v);
	struct dataset_room one, two;
	struct lives_sequence s;
	size_t size;

	(void)state;
	assert_int_equal(dataset_held(&d), LIVES * 4);
	dataset_room_init(&one, &net, 4 * ROWS);
	dataset_room_init(&two, &net, 4 * ROWS);
	for (uint64_t step = 0; step < 20; step++) {
		struct dataset_chance chance = {3, step, 10};

		draw_room(&d, step, 8, &one);
		draw_room(&d, step, 8, &two);
		assert_true(one.batch.sequences >= 4);
		assert_int_equal(net_batch_rows(&one.batch),
				 net_batch_rows(&two.batch));
		size = (size_t)net_batch_rows(&one.batch) * one.rows.x_size;
		assert_memory_equal(one.batch.x, two.batch.x,
				    size * sizeof(float));
		/* The second sequence, by its own chance. */
		lives_view_draw(&v, 1, 2, &chance, &s);
		assert_in_range(s.life, 1, 2);
		assert_int_equal(one.begin[2] - one.begin[1], s.rows);
		check_rows(&v, &s, &one, one.begin[1]);
	}
	dataset_room_clear(&one);
	d.get(d.self, 5, &one);
	assert_int_equal(net_batch_rows(&one.batch), d.rows(d.self, 5));
	dataset_room_release(&one);
	dataset_room_release(&two);
}

/* A record that is none adds nothing. */
static void test_refused(void **state)
{
	struct lives_data *l = lives_data_new(&game, 0);
	struct err e = ERR_INIT;
	game_move twice[2] = {0, 0};

	(void)state;
	lives_data_begin(l);
	lives_data_stage(l);
	assert_int_equal(lives_data_add(l, twice, 2, 0, "\1", 1, &e),
			 ERR_FORMAT);
	assert_int_equal(lives_data_games(l, 0, 0), 0);
	lives_data_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_true_order),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_other_orders),
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_dataset),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
