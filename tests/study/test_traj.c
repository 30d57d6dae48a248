/* SPDX-License-Identifier: MIT */
/* Models of how what is said of positions changes from stage to stage. */
#include "config.h"

#include "core/study/traj.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/agent/agent.h"
#include "core/agent/kind.h"
#include "core/base/attr.h"
#include "core/base/conf.h"
#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/base/pool.h"
#include "core/base/rng.h"
#include "core/game/game.h"
#include "core/learn/dataset.h"
#include "core/learn/learner.h"
#include "core/learn/recipe.h"
#include "core/net/batch.h"
#include "core/net/head.h"
#include "core/net/net.h"
#include "core/rate/duel.h"
#include "core/study/views.h"

enum {
	MOVES = 5,
	SAID = MOVES + 3,
	STAGES = 24,
	CUT = 10,
	POSITIONS = 240,
	STEPS = 900
};

static struct game drop;
static struct pool *pool;

static int setup(void **state)
{
	(void)state;
	pool = pool_new(2);
	return game_init(&drop, "drop:rows=4,cols=5,line=4", NULL);
}

static int teardown(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

/* A position after up to nine random moves. */
static void *some_position(uint64_t number)
{
	void *s = game_state_new(&drop, 0);
	game_move moves[64];
	struct rng r;
	int count;

	rng_init(&r, 11, RNG_TEST, number, 0);
	game_opening(&drop, s, (int)rng_below(&r, 10), &r, moves, &count);
	return s;
}

/* Where the planted learner is going: it can be seen on the board. */
static float goal(const float *x, int move)
{
	float lowest = x[(drop.rows - 1) * drop.cols + move];

	return 2.5f * (lowest > 0 ? 1 : -1) + 0.3f * (float)abs(move - 2);
}

/* ... and it comes nearer by a twelfth of the way at each stage. */
static void plant(const float *x, int stage, float *logs)
{
	float share = 1 - powf(11.0f / 12.0f, (float)stage);

	for (int m = 0; m < MOVES; m++)
		if (logs[m] > VIEWS_ILLEGAL)
			logs[m] = share * goal(x, m);
	logs[MOVES] = share;
	logs[MOVES + 1] = 0;
	logs[MOVES + 2] = -share;
	views_normalise(&drop, logs);
}

static void plant_all(struct views *v)
{
	views_init(v, &drop, STAGES);
	for (int i = 0; i < POSITIONS; i++) {
		void *s = some_position((uint64_t)i);

		views_add(v, s);
		free(s);
		for (int t = 0; t < STAGES; t++)
			plant(v->x + (size_t)i * v->row, t,
			      v->logs +
				      ((size_t)i * STAGES + (size_t)t) * SAID);
	}
}

static double kl(const float *want, const float *got)
{
	double sum = 0;

	for (int m = 0; m < MOVES; m++)
		if (want[m] > VIEWS_ILLEGAL)
			sum += exp((double)want[m]) *
			       (double)(want[m] - got[m]);
	return sum;
}

static double sum_of(int n, const float *logs)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += logs[i] > VIEWS_ILLEGAL ? exp((double)logs[i]) : 0;
	return sum;
}

/* --- views --------------------------------------------------------------- */

static void test_nothing(void **state)
{
	void *s = game_state_new(&drop, 0);
	float logs[SAID];

	(void)state;
	/* Column 0 is full after four moves there. */
	for (int i = 0; i < 4; i++)
		drop.rules->apply(&drop, s, 0);
	views_legal(&drop, s, logs);
	views_nothing(&drop, logs);
	assert_true(logs[0] <= VIEWS_ILLEGAL);
	for (int m = 1; m < MOVES; m++)
		assert_true(fabsf(logs[m] - logf(0.25f)) < 1e-6f);
	for (int i = 0; i < 3; i++)
		assert_true(fabsf(logs[MOVES + i] + logf(3)) < 1e-6f);
	free(s);
}

/* Networks say in company what they say alone, and mirrored views are those of
 * the mirrored position. */
static void test_views(void **state)
{
	struct net_plan *plans[2];
	struct net_config c = {0};
	struct views v;
	float *params, x[160], mirrored[160], a[SAID], b[SAID];

	(void)state;
	net_config_game(&c, &drop);
	assert_int_equal(net_config_parse(&c, "tower:filters=4,blocks=1", NULL),
			 ERR_OK);
	params = mem_floats(net_param_count(&c));
	for (int i = 0; i < 2; i++) {
		net_init(&c, 5 + (uint64_t)i, params);
		plans[i] = net_plan_new(&c, params);
	}
	views_init(&v, &drop, 2);
	for (int i = 0; i < 600; i++) {
		void *s = some_position((uint64_t)i);

		views_add(&v, s);
		free(s);
	}
	views_say(&v, 0, (const struct net_plan *const *)plans, pool);
	for (int i = 0; i < 600; i += 37)
		for (int stage = 0; stage < 2; stage++) {
			struct net_work *w = net_work_new(plans[stage], 64);

			views_read(&v, i, 0, x);
			views_read_said(&v, i, stage, 0, a);
			memcpy(b, a, sizeof(b));
			views_ask(&drop, plans[stage], w, 1, 1, x, b, SAID);
			assert_memory_equal(a, b, sizeof(a));
			assert_true(fabs(sum_of(MOVES, a) - 1) < 1e-3);
			assert_true(fabs(sum_of(3, a + MOVES) - 1) < 1e-3);
			net_work_free(w);
			views_read(&v, i, 1, mirrored);
			views_read_said(&v, i, stage, 1, b);
			assert_true(x[3 * 5] == mirrored[3 * 5 + 4]);
			assert_true(a[0] == b[4] && a[MOVES] == b[MOVES]);
		}
	/* Sharper by the temperature, and the same move. */
	v.temperature = 0.25f;
	memcpy(a, v.logs, sizeof(a));
	views_say(&v, 0, (const struct net_plan *const *)plans, pool);
	memcpy(b, v.logs, sizeof(b));
	assert_true(fabsf(b[1] - b[3] - 4 * (a[1] - a[3])) < 1e-4f);
	views_release(&v);
	net_plan_free(plans[0]);
	net_plan_free(plans[1]);
	free(params);
}

/* --- tokens -------------------------------------------------------------- */

static const char network[] =
	"transformer:width=32,layers=2,heads=2,ff=2,context=8";

static void test_tokens(void **state)
{
	struct traj_data d = {.stages = CUT, .rows = 12, .gaps = 1};
	struct dataset_room room;
	struct dataset data;
	struct net_config c;
	struct views v;
	size_t planes;

	(void)state;
	plant_all(&v);
	planes = v.row;
	d.views = &v;
	data = traj_dataset(&d);
	assert_int_equal(traj_net(&drop, network, &c, NULL), ERR_OK);
	dataset_room_init(&room, &c, 24);
	data.get(data.self, 7, &room);
	assert_int_equal(net_batch_rows(&room.batch), CUT);
	for (int t = 0; t < CUT; t++) {
		struct net_row row = net_rows_at(&room.rows, t);
		const float *next =
			v.logs + ((size_t)7 * STAGES + (size_t)t) * SAID;
		const float *given = next - SAID;

		assert_memory_equal(row.x, v.x + 7 * planes,
				    planes * sizeof(float));
		assert_true(row.ids[TRAJ_ID_SAID] == (t > 0));
		assert_true(*row.weight[NET_NEXT] == 1);
		assert_true(*row.weight[NET_POLICY] == 0);
		for (int i = 0; i < SAID; i++) {
			bool legal = next[i] > VIEWS_ILLEGAL;
			float *target = row.target[NET_NEXT];

			assert_true(target[SAID + i] ==
				    (legal ? expf(next[i]) : NET_LEFT_OUT));
			if (!t || !legal)
				continue;
			assert_true(target[i] == given[i]);
			assert_true(row.x[planes + (size_t)i] ==
				    given[i] / TRAJ_SCALE);
			assert_true(row.x[planes + SAID + (size_t)i] ==
				    expf(given[i]));
		}
	}
	dataset_room_release(&room);
	views_release(&v);
}

/* What is drawn never shows a stage from the cut on. */
static void test_cut(void **state)
{
	struct traj_data d = {
		.stages = CUT, .rows = 6, .gaps = 3, .begin = .5f};
	struct dataset_room room;
	struct dataset data;
	struct net_config c;
	struct views v, spoilt;

	(void)state;
	plant_all(&v);
	plant_all(&spoilt);
	for (size_t i = 0; i < POSITIONS; i++)
		for (size_t t = CUT; t < STAGES; t++)
			for (size_t k = 0; k < SAID; k++)
				spoilt.logs[(i * STAGES + t) * SAID + k] = 77;
	d.views = &v;
	data = traj_dataset(&d);
	assert_int_equal(traj_net(&drop, network, &c, NULL), ERR_OK);
	for (uint64_t step = 0; step < 50; step++) {
		struct dataset_chance chance = {1, step, 0};
		size_t x, y;
		float *first;

		dataset_room_init(&room, &c, 40);
		d.views = &v;
		data.draw(data.self, 0, &chance, &room);
		x = (size_t)net_batch_rows(&room.batch) * room.rows.x_size;
		y = (size_t)net_batch_rows(&room.batch) *
		    room.rows.target_size[NET_NEXT];
		assert_true(room.batch.sequences > 4);
		first = mem_floats(x + y);
		memcpy(first, room.rows.first.x, x * sizeof(float));
		memcpy(first + x, room.rows.first.target[NET_NEXT],
		       y * sizeof(float));
		dataset_room_clear(&room);
		d.views = &spoilt;
		data.draw(data.self, 0, &chance, &room);
		assert_memory_equal(first, room.rows.first.x,
				    x * sizeof(float));
		assert_memory_equal(first + x, room.rows.first.target[NET_NEXT],
				    y * sizeof(float));
		free(first);
		dataset_room_release(&room);
	}
	views_release(&v);
	views_release(&spoilt);
}

/* --- a planted learner --------------------------------------------------- */

/* First from what was said, then also from what it says by itself. */
static struct net_plan *learn(struct traj_data *d, struct net_config *c)
{
	struct dataset data = traj_dataset(d);
	struct views own = {0};
	struct recipe r;
	struct net_plan *p;
	struct learner *l;

	conf_defaults(recipe_spec, &r);
	r.batch = 512;
	r.shard = 256;
	r.average = 0.05f;
	r.weight_decay = 0;
	assert_int_equal(traj_net(&drop, network, c, NULL), ERR_OK);
	l = learner_new(c, &r, 3);
	for (int i = 0; i < STEPS; i++) {
		if (i && i % (STEPS / 3) == 0) {
			p = net_plan_new(c, learner_average(l));
			views_release(&own);
			traj_say(p, d->views, d->stages, pool, &own);
			net_plan_free(p);
			d->own = &own;
			d->own_share = 0.25f;
		}
		learner_step(l, &data, POSITIONS,
			     3e-3f * (1 - (float)i / STEPS), pool);
	}
	p = net_plan_new(c, learner_average(l));
	views_release(&own);
	learner_free(l);
	return p;
}

/* Rolled past the cut, it goes where the learner would have gone: much nearer
 * than where the learner was, and than what it says of the cut itself. */
static void check_rolled(struct traj *t, const struct views *v, int fed,
			 int gap)
{
	double still = 0, rolled = 0, at_cut = 0, least;

	for (int i = 0; i < POSITIONS; i++) {
		const float *said = v->logs + (size_t)i * STAGES * SAID;
		const float *want = said + (STAGES - 1) * SAID;
		const float *x = v->x + (size_t)i * v->row;
		float logs[SAID], now[SAID];

		memcpy(logs, said, sizeof(logs));
		memcpy(now, said, sizeof(now));
		traj_roll(t, 1, x, fed, said, gap, STAGES - 1, logs);
		traj_roll(t, 1, x, fed, said, gap, CUT - 1, now);
		still += kl(want, said + (CUT - 1) * SAID) / POSITIONS;
		rolled += kl(want, logs) / POSITIONS;
		at_cut += kl(said + (CUT - 1) * SAID, now) / POSITIONS;
	}
	print_message("fed %d, gap %d: KL to the end %.4f, from the cut %.4f; "
		      "at the cut %.4f\n",
		      fed, gap, rolled, still, at_cut);
	least = still / 3;
	assert_true(rolled < least);
	assert_true(at_cut < least);
}

static void test_goes_on(void **state)
{
	struct traj_data d = {
		.stages = CUT, .rows = 8, .gaps = 2, .begin = .5f};
	struct net_config c;
	struct net_plan *p;
	struct views v, own;
	struct traj *t;

	(void)state;
	plant_all(&v);
	d.views = &v;
	p = learn(&d, &c);
	t = traj_new(p, &drop, 4);
	check_rolled(t, &v, 0, 1);
	check_rolled(t, &v, CUT, 1);
	check_rolled(t, &v, CUT, 2);
	/* What it says by itself is what is rolled from nothing. */
	traj_say(p, &v, CUT, pool, &own);
	for (int i = 0; i < POSITIONS; i += 19) {
		float logs[SAID], said[SAID];

		views_read_said(&v, i, 0, 0, logs);
		traj_roll(t, 1, v.x + (size_t)i * v.row, 0, NULL, 1, 6, logs);
		views_read_said(&own, i, 6, 0, said);
		for (int k = 0; k < SAID; k++)
			assert_true(fabsf(said[k] - logs[k]) < 1e-4f);
	}
	views_release(&own);
	traj_free(t);
	net_plan_free(p);
	views_release(&v);
}

/* --- as an agent --------------------------------------------------------- */

static enum err_code no_network(void *self, const char *run, const char *step,
				const struct game *g,
				const struct net_plan **plan, int64_t *loaded,
				struct err *e)
{
	(void)self;
	(void)step;
	(void)g;
	(void)plan;
	(void)loaded;
	return err_set(e, ERR_NOTFOUND, "no network %s", run);
}

/* A fresh model says that nothing changes: fed by a network, it is that
 * network's argmax. */
static void test_plays(void **state)
{
	static const struct agent_kind *const kinds[] = {&traj_kind, NULL};
	struct agent_source more = {.load = no_network, .kinds = kinds};
	struct net_config c, tower = {0};
	struct duel_net nets[3] = {{"m", NULL}, {"s0", NULL}, {"s1", NULL}};
	struct duel d = {
		.game = &drop,
		.agents = {"traj:m/0,stage=5,fed=2", "policy:s1/0"},
		.nets = nets,
		.net_count = 3,
		.source = &more,
		.plies = 4,
		.pairs = 16,
		.seed = 4,
	};
	struct agent_source source;
	struct agent *a;
	struct net_plan *plans[3];
	float *params;
	struct err e = ERR_INIT;
	struct duel_result out;

	(void)state;
	assert_int_equal(traj_net(&drop, network, &c, NULL), ERR_OK);
	net_config_game(&tower, &drop);
	assert_int_equal(
		net_config_parse(&tower, "tower:filters=4,blocks=1", NULL),
		ERR_OK);
	params = mem_floats(net_param_count(&c) + net_param_count(&tower));
	/* All zeros: nothing is added to what was given. */
	plans[0] = net_plan_new(&c, params);
	for (int i = 1; i < 3; i++) {
		net_init(&tower, (uint64_t)i, params);
		plans[i] = net_plan_new(&tower, params);
	}
	for (int i = 0; i < 3; i++)
		nets[i].plan = plans[i];
	assert_int_equal(duel_play(&d, pool, &out, &e), ERR_OK);
	/* The same player twice: each pair is a draw. */
	assert_true(out.games.tally.pairs > 8);
	assert_int_equal(out.games.tally.outcome[2],
			 out.games.tally.distinct_pairs);
	source = duel_source(&d);
	assert_int_equal(
		agent_open(&a, "traj:m/0,stage=0,fed=2", &drop, &source, &e),
		ERR_USAGE);
	assert_int_equal(
		agent_open(&a, "traj:s0/0,stage=3", &drop, &source, &e),
		ERR_USAGE);
	assert_int_equal(
		agent_open(&a, "traj:m/0,stage=3,fed=3", &drop, &source, &e),
		ERR_NOTFOUND);
	for (int i = 0; i < 3; i++)
		net_plan_free(plans[i]);
	free(params);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_views),
		cmocka_unit_test(test_tokens),  cmocka_unit_test(test_cut),
		cmocka_unit_test(test_goes_on), cmocka_unit_test(test_plays),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
